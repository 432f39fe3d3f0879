"""From many experts to one set of weights: of their judgements or of their priorities, and how far they agree."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy import exp, log
from numpy.typing import ArrayLike, NDArray

from mineco.core.errors import BadInput, Problem
from mineco.weighting.judgements import Matrices, checked


def aggregate_judgements(matrices: Matrices, expert_weights: Sequence[float] | None = None) -> NDArray[np.float64]:
    """One matrix for the group: the weighted geometric mean of each judgement (AIJ; Aczél and Saaty 1983).

    Taken in logarithms, so that a thousand experts do not overflow. A comparison that an expert left out counts for
    those who made it; one that nobody made stays missing.

    Parameters
    ----------
    matrices : (k, n, n), sequence of DataFrames or mapping of expert to matrix
    expert_weights : sequence of float, optional
        Positive, in any unit; by default all alike.

    Returns
    -------
    ndarray (n, n)

    >>> aggregate_judgements([[[1, 2], [1/2, 1]], [[1, 8], [1/8, 1]]])
    array([[1.  , 4.  ],
           [0.25, 1.  ]])
    """
    given = checked(matrices, incomplete=True)
    shares = expert_shares(expert_weights, given.values.shape[-1])
    known = ~np.isnan(given.values)
    counted = (known * shares).sum(axis=-1)
    logs = (log(np.where(known, given.values, 1.0)) * shares).sum(axis=-1)
    return exp(np.divide(logs, counted, out=np.full_like(logs, np.nan), where=counted > 0))


def aggregate_priorities(weights: ArrayLike, expert_weights: Sequence[float] | None = None,
                         mean: Literal["geometric", "arithmetic"] = "geometric") -> NDArray[np.float64]:
    """One set of weights for the group: the weighted mean of each expert's weights (AIP; Forman and Peniwati 1998).

    Parameters
    ----------
    weights : (k, n)
        A row for each expert.
    expert_weights : sequence of float, optional
        Positive, in any unit; by default all alike.
    mean : {"geometric", "arithmetic"}
        The geometric mean is scaled to sum 1.

    Returns
    -------
    ndarray (n,)

    >>> aggregate_priorities([[0.8, 0.2], [0.5, 0.5]]).round(4)
    array([0.6667, 0.3333])
    >>> aggregate_priorities([[0.8, 0.2], [0.5, 0.5]], mean="arithmetic")
    array([0.65, 0.35])
    """
    rows = priorities(weights)
    shares = expert_shares(expert_weights, len(rows))[:, np.newaxis]
    if mean not in ("geometric", "arithmetic"):
        raise BadInput(Problem("choice_not_allowed", value=mean, details={"allowed": "geometric, arithmetic"}))
    if mean == "arithmetic":
        return (rows * shares).sum(axis=0)
    product = exp((log(rows) * shares).sum(axis=0))
    return product / product.sum()


def consensus(weights: ArrayLike) -> float:
    """How far experts agree on weights: Shannon's β entropy, scaled to 0 (as far apart as can be) to 1 (all alike).

    Diversity within the experts (α, the exponential of their mean entropy) over that of the group (γ, of their mean
    weights), scaled by what it can lie between (Goepel 2013 and 2018; Jost 2006):
    S* = (1/β − exp(Hα_min) / exp(Hγ_max)) / (1 − exp(Hα_min) / exp(Hγ_max)) with β = exp(Hγ − Hα).
    Weights bounded by Saaty's scale of 1 to 9 cannot reach entropy 0: Hα_min is that of one item 9 times the others,
    Hγ_max = ln n.

    Parameters
    ----------
    weights : (k, n)
        A row for each expert.

    Returns
    -------
    float
        Not below 0: judgements beyond the scale could lead there.

    >>> consensus([[0.6, 0.3, 0.1]] * 4)
    1.0
    """
    rows = priorities(weights)
    count = rows.shape[1]
    if count == 1:
        return 1.0
    within = entropy(rows).mean()
    between = entropy(rows.mean(axis=0))
    lowest = 9 / (count + 8) * log((count + 8) / 9) + (count - 1) / (count + 8) * log(count + 8)
    floor = exp(lowest) / count
    return float(min(max((exp(within - between) - floor) / (1 - floor), 0.0), 1.0))


def entropy(weights: NDArray) -> NDArray:
    """Shannon's entropy of weights, natural logarithm, over the last axis.

    >>> round(float(entropy(np.array([0.5, 0.5]))), 4)
    0.6931
    """
    return -(weights * log(weights)).sum(axis=-1)


def expert_shares(expert_weights: Sequence[float] | None, count: int) -> NDArray[np.float64]:
    """The experts' weights as shares that sum to 1.

    >>> expert_shares([3, 1], 2), expert_shares(None, 2)
    (array([0.75, 0.25]), array([0.5, 0.5]))
    """
    given = np.ones(count) if expert_weights is None else np.asarray(expert_weights, dtype=float)
    if given.shape != (count,) or not (np.isfinite(given) & (given > 0)).all():
        raise BadInput(Problem("expert_weights_wrong", value=", ".join(f"{one:g}" for one in given.ravel()),
                               details={"count": count}))
    return given / given.sum()


def priorities(weights: ArrayLike) -> NDArray[np.float64]:
    """Rows of positive weights that sum to 1, or which expert's do not.

    >>> priorities([[0.8, 0.3]])
    Traceback (most recent call last):
    mineco.core.errors.BadInput: #1 = 0.8, 0.3: are not positive weights that sum to 1. Compute them from the \
judgements, or divide them by their sum.
    """
    rows = np.atleast_2d(np.asarray(weights, dtype=float))
    wrong = ~((np.isfinite(rows) & (rows > 0)).all(axis=-1) & (np.abs(rows.sum(axis=-1) - 1) <= 1e-6))
    if wrong.any():
        raise BadInput(Problem("weights_wrong", f"#{expert + 1}", value=", ".join(f"{one:g}" for one in rows[expert]),
                               details={"expert": f"#{expert + 1}"}) for expert in np.flatnonzero(wrong))
    return rows

"""From many experts to one set of weights, how far they agree, and how far the weights could lie from what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy import exp, log
from numpy.typing import ArrayLike, NDArray

from mineco.core.errors import BadInput, Problem
from mineco.core.number import as_numbers
from mineco.weighting.ahp.priorities import Method, completed, require_choice, weights_and_eigenvalue
from mineco.weighting.judgements import Matrices, checked

KINDS = ("bootstrap", "judgement")
AGGREGATIONS = ("judgements", "priorities")
MAX_AT_ONCE = 2_000_000  # judgements that are varied at a time, so that memory stays bounded


def aggregate_judgements(matrices: Matrices, expert_weights: Sequence[float] | None = None) -> NDArray[np.float64]:
    """One matrix for the group: the weighted geometric mean of each judgement (AIJ; Aczél and Saaty 1983).

    Taken in logarithms, so that a thousand experts do not overflow. A comparison that an expert left out counts for
    those who made it; one that nobody made stays missing.

    Parameters
    ----------
    matrices : (k, n, n), sequence of DataFrames or mapping of expert to matrix
    expert_weights : sequence of float, optional  Positive, in any unit; by default all alike.

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
    weights : (k, n)                              A row for each expert.
    expert_weights : sequence of float, optional  Positive, in any unit; by default all alike.
    mean : {"geometric", "arithmetic"}            The geometric mean is scaled to sum 1.

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
    require_choice(mean, ("geometric", "arithmetic"))
    if mean == "arithmetic":
        return (rows * shares).sum(axis=0)
    product = exp((log(rows) * shares).sum(axis=0))
    return product / product.sum()


def consensus(weights: ArrayLike) -> float:
    """How far experts agree on weights (k, n): Shannon's β entropy, scaled to 0 (as far apart as can be) to 1 (alike).

    Diversity within the experts (α, the exponential of their mean entropy) over that of the group (γ, of their mean
    weights), scaled by what it can lie between (Goepel 2013 and 2018; Jost 2006):
    S* = (1/β − exp(Hα_min) / exp(Hγ_max)) / (1 − exp(Hα_min) / exp(Hγ_max)) with β = exp(Hγ − Hα).
    Weights bounded by Saaty's scale of 1 to 9 cannot reach entropy 0: Hα_min is that of one item 9 times the others,
    Hγ_max = ln n. Judgements beyond the scale could lead below 0, and count as 0.

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
    rows = np.atleast_2d(as_numbers("weights", weights))
    wrong = ~((np.isfinite(rows) & (rows > 0)).all(axis=-1) & (np.abs(rows.sum(axis=-1) - 1) <= 1e-6))
    if wrong.any():
        raise BadInput(Problem("weights_wrong", f"#{expert + 1}", value=", ".join(f"{one:g}" for one in rows[expert]),
                               details={"expert": f"#{expert + 1}"}) for expert in np.flatnonzero(wrong))
    return rows


@dataclass(frozen=True, eq=False)
class WeightSpread:
    """Weights of the group, and how they spread over the draws."""

    weights: NDArray[np.float64]  # (n,), without any variation
    draws: NDArray[np.float64]  # (draws, n)
    low: NDArray[np.float64]  # (n,): the stated share of the draws lies between low and high, of each item by itself
    high: NDArray[np.float64]
    sd: NDArray[np.float64]  # standard deviation over the draws
    kind: str
    interval: float
    seed: int


def weight_uncertainty(matrices: Matrices, kind: str = "bootstrap", draws: int = 1000,
                       seed: int = 0, noise: float = 0.5, interval: float = 0.95, method: Method = "eigenvector",
                       aggregation: str = "judgements",
                       expert_weights: Sequence[float] | None = None) -> WeightSpread:
    """Spread of the group's weights over experts drawn anew, or over judgements varied a little.

    Parameters
    ----------
    matrices : (n, n), (k, n, n), sequence of DataFrames or mapping of expert to matrix
        Where comparisons are missing, each expert's matrix is first completed so that λmax is smallest.
    kind : {"bootstrap", "judgement"}
        As many experts drawn with replacement (Efron 1979): other panels of the same kind. Or every judgement moved
        by up to `noise` on Saaty's scale, evenly and by itself (Goepel 2018).
    draws, seed : int  The same seed gives the same draws.
    noise : float  Steps of the scale: 3 lies between 2.5 and 3.5, and 1 between 1/1.5 and 1.5.
    interval : float  Share of the draws between low and high; 1 for their least and greatest.
    method : str                                                                         As for `priority_vector`.
    aggregation : {"judgements", "priorities"}  AIJ or AIP, both by geometric means.

    Returns
    -------
    WeightSpread

    >>> spread = weight_uncertainty([[1, 3], [1/3, 1]], kind="judgement", interval=1.0)  # 2.5 / 3.5 to 3.5 / 4.5
    >>> spread.weights, spread.low.round(2), spread.high.round(2)
    (array([0.75, 0.25]), array([0.71, 0.22]), array([0.78, 0.29]))
    """
    require_choice(kind, KINDS, "kind")
    require_choice(aggregation, AGGREGATIONS, "aggregation")
    given = checked(matrices, incomplete=True)
    values = completed(given)
    count, experts = len(values), values.shape[-1]
    if kind == "bootstrap" and experts < 2:
        raise BadInput(Problem("bootstrap_of_one", value=experts))
    if not (draws >= 1 and 0 < interval <= 1 and noise >= 0):
        raise BadInput(Problem("spread_out_of_range", value=f"{draws}, {interval}, {noise}"))
    generator = np.random.default_rng(seed)
    shares = expert_shares(expert_weights, experts)
    logs = log(values[np.triu_indices(count, 1)])[:, np.newaxis]  # (pairs, 1, k): the other triangle mirrors it
    whole = _group(logs, shares[np.newaxis], count, method, aggregation)
    found = []
    at_once = max(1, MAX_AT_ONCE // max(1, logs.size))
    for first in range(0, draws, at_once):
        number = min(at_once, draws - first)
        varied, counted = logs, shares[np.newaxis]
        if kind == "bootstrap":
            drawn = generator.multinomial(experts, np.full(experts, 1 / experts), size=number) * shares
            counted = drawn / drawn.sum(axis=1, keepdims=True)
        else:
            moved = scale_position(logs) + generator.uniform(-noise, noise, (len(logs), number, experts))
            varied = scale_logarithm(moved)
        found.append(_group(varied, counted, count, method, aggregation))
    rows = np.concatenate(found)
    low, high = np.quantile(rows, [(1 - interval) / 2, (1 + interval) / 2], axis=0)
    return WeightSpread(whole[0], rows, low, high, rows.std(axis=0, ddof=1 if draws > 1 else 0), kind, interval, seed)


def scale_position(logs: NDArray) -> NDArray:
    """Steps from "equal" on Saaty's scale, of logarithms of judgements: 3 stands at 2, 1/3 at −2.

    >>> scale_position(np.log([1/3, 1.0, 3.0])).round(9)
    array([-2.,  0.,  2.])
    """
    return np.sign(logs) * np.expm1(np.abs(logs))


def scale_logarithm(position: NDArray) -> NDArray:
    """The logarithm of the judgement at a position on Saaty's scale.

    >>> np.exp(scale_logarithm(np.array([-2.0, 0.0, 2.0]))).round(4)
    array([0.3333, 1.    , 3.    ])
    """
    return np.sign(position) * np.log1p(np.abs(position))


def _group(logs: NDArray, shares: NDArray, count: int, method: str, aggregation: str) -> NDArray:
    """Weights of the group (draws, n) from logarithms (pairs, draws or 1, k) and shares (draws or 1, k)."""
    if aggregation == "judgements":
        return weights_and_eigenvalue(_matrices(_joined(logs, shares), count), method)[0].T
    pairs, draws, experts = logs.shape
    own = log(weights_and_eigenvalue(_matrices(logs.reshape(pairs, -1), count), method)[0])
    product = exp(_joined(own.reshape(count, draws, experts), shares))
    return (product / product.sum(axis=0)).T


def _joined(logs: NDArray, shares: NDArray) -> NDArray:
    """Weighted means over the experts, (…, draws): one of the two varies from draw to draw."""
    return logs[:, 0] @ shares.T if logs.shape[1] == 1 else logs @ shares[0]


def _matrices(logs: NDArray, count: int) -> NDArray:
    """Judgement matrices (n, n, m) from the logarithms of their upper triangles (pairs, m)."""
    values = np.ones((count, count, logs.shape[-1]))
    rows, columns = np.triu_indices(count, 1)
    values[rows, columns], values[columns, rows] = exp(logs), exp(-logs)
    return values

"""Weights that the data themselves give, and how they are joined with those of experts.

A table of values has a row for each alternative (a mine, a year) and a column for each criterion.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.core.errors import BadInput, Problem, Problems

ROUNDING = 1e-12  # of an information that only binary arithmetic makes
SUM_TOLERANCE = 1e-6  # weights that were printed with six digits still sum to 1


def entropy_weights(values: Any) -> NDArray:
    """Entropy weights: a criterion counts by how unevenly its total is spread over the alternatives.

    With p the shares of a column and m rows, e = −Σ p ln p / ln m, and weights are proportional to 1 − e.

    Parameters
    ----------
    values : DataFrame or array (alternatives, criteria)
        Not negative; each criterion in any unit of its own. Costs and benefits count alike.

    Returns
    -------
    array (criteria,)
        Sums to 1; 0 for a criterion in which all alternatives are equal.

    >>> entropy_weights([[1.0, 3.0], [3.0, 3.0]])
    array([1., 0.])
    """
    table = _values(values)
    problems = Problems()
    for row, column in np.argwhere(table < 0):
        problems.add("negative_value", row=_named(values, "index", row), column=_named(values, "columns", column),
                     value=float(table[row, column]))
    for column in np.flatnonzero((table == 0).all(axis=0)).tolist():
        problems.add("criterion_all_zero", column=_named(values, "columns", column))
    problems.stop()
    shares = table / table.sum(axis=0)
    logarithms = np.log(shares, out=np.zeros_like(shares), where=shares > 0)  # 0 ln 0 is 0
    information = 1 + (shares * logarithms).sum(axis=0) / np.log(len(table))
    information = np.where(np.abs(information) < ROUNDING, 0.0, information)
    if not information.sum() > 0:
        raise BadInput(Problem("nothing_varies"))
    return information / information.sum()


def critic_weights(values: Any, benefit: ArrayLike | None = None) -> NDArray:
    """CRITIC weights (Diakoulaki et al. 1995): contrast of a criterion, and its conflict with others.

    Each column is scaled from 0 (worst) to 1 (best); weights are proportional to σ_j Σ_k (1 − r_jk), with the standard
    deviation σ and the correlations r of the scaled columns.

    Parameters
    ----------
    values : DataFrame or array (alternatives, criteria)
        Each criterion in any unit of its own.
    benefit : array of bool (criteria,), optional
        False for a criterion of which less is better; all are benefits without.

    Returns
    -------
    array (criteria,)
        Sums to 1.

    >>> critic_weights([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])
    array([0.5, 0.5])
    """
    table = _values(values)
    wanted = np.ones(table.shape[1], dtype=bool) if benefit is None else np.asarray(benefit, dtype=bool)
    if wanted.shape != (table.shape[1],):
        raise BadInput(Problem("one_for_each_criterion", value=wanted.size, details={"criteria": table.shape[1]}))
    low, high = table.min(axis=0), table.max(axis=0)
    problems = Problems()
    for column in np.flatnonzero(low == high).tolist():
        problems.add("criterion_without_contrast", column=_named(values, "columns", column), value=float(low[column]))
    problems.stop()
    scaled = (table - low) / (high - low)
    scaled = np.where(wanted, scaled, 1 - scaled)
    conflict = (1 - np.corrcoef(scaled, rowvar=False)).sum(axis=0)
    information = scaled.std(axis=0, ddof=1) * conflict
    if not information.sum() > ROUNDING:  # all criteria tell the same
        raise BadInput(Problem("nothing_in_conflict"))
    return information / information.sum()


def combine_weights(subjective: ArrayLike, objective: ArrayLike, method: str = "linear", *,
                    subjective_share: float = 0.5) -> NDArray:
    """Weights of experts and of data in one.

    Parameters
    ----------
    subjective, objective : array (criteria,)
        Each sums to 1.
    method : {"linear", "multiplicative", "game"}
        A weighted mean; the product, scaled to 1; or the mean with the shares of `game_shares`.
    subjective_share : float
        Of the experts in the linear mean; the data have the rest. [0 to 1]

    Returns
    -------
    array (criteria,)
        Sums to 1.

    >>> combine_weights([0.6, 0.4], [0.2, 0.8]), combine_weights([0.6, 0.4], [0.2, 0.8], "multiplicative")
    (array([0.4, 0.6]), array([0.27272727, 0.72727273]))
    """
    experts, data = _pair(subjective, objective)
    if method == "multiplicative":
        product = experts * data
        if not product.sum() > 0:
            raise BadInput(Problem("weights_exclude_each_other"))
        return product / product.sum()
    if method == "game":
        share, _ = game_shares(experts, data)
    elif method == "linear":
        share = subjective_share
    else:
        raise BadInput(Problem("unknown_combination", value=method))
    if not 0 <= share <= 1:
        raise BadInput(Problem("share_out_of_range", value=share))
    return share * experts + (1 - share) * data


def game_shares(subjective: ArrayLike, objective: ArrayLike) -> tuple[float, float]:
    """Shares of experts and data in the game-theory combination (博弈论组合赋权).

    The combination a·s + b·o comes as near as it can to both when a s·s + b s·o = s·s and a s·o + b o·o = o·o; a and b
    are then scaled to sum to 1.

    Returns
    -------
    tuple of float
        Share of the experts, share of the data.

    Raises
    ------
    BadInput
        When one of them would be negative: the two sets point the same way, and one of them is flatter. [-]

    >>> game_shares([0.6, 0.4], [0.4, 0.6])
    (0.5, 0.5)
    """
    experts, data = _pair(subjective, objective)
    if np.allclose(experts, data, rtol=0, atol=ROUNDING):
        return 0.5, 0.5
    own, others, shared = experts @ experts, data @ data, experts @ data
    first, second = others * (own - shared), own * (others - shared)
    if min(first, second) < 0:
        raise BadInput(Problem("game_without_balance"))
    return float(first / (first + second)), float(second / (first + second))


def _pair(subjective: ArrayLike, objective: ArrayLike) -> tuple[NDArray, NDArray]:
    pair = np.asarray(subjective, dtype=float), np.asarray(objective, dtype=float)
    if pair[0].ndim != 1 or pair[0].shape != pair[1].shape:
        raise BadInput(Problem("weights_of_different_criteria", value=f"{pair[0].shape}, {pair[1].shape}"))
    for weights in pair:
        if not (weights >= 0).all() or abs(weights.sum() - 1) > SUM_TOLERANCE:
            raise BadInput(Problem("weights_not_shares", value=float(weights.sum())))
    return pair


def _values(values: Any) -> NDArray:
    table = np.asarray(values, dtype=float)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 1:
        raise BadInput(Problem("values_not_a_table", value=str(table.shape)))
    problems = Problems()
    for row, column in np.argwhere(~np.isfinite(table)):
        problems.add("value_not_finite", row=_named(values, "index", row), column=_named(values, "columns", column),
                     value=float(table[row, column]))
    problems.stop()
    return table


def _named(values: Any, axis: str, place: int) -> str:
    """The name of a row or a column where the table has names, else its number from 1."""
    return str(getattr(values, axis)[place]) if hasattr(values, "columns") else str(place + 1)

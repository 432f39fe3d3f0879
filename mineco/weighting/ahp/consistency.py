"""How far weights can be trusted: contradictions between judgements, and the methods side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mineco.standards.weighting_rules import thresholds
from mineco.weighting.ahp.priorities import (
    METHODS,
    Method,
    completed,
    harker_weights,
    principal_eigenvector,
    require_connected,
    weights_and_eigenvalue,
)
from mineco.weighting.judgements import Matrices, checked, connected_parts
from mineco.weighting.random_index import DEFAULT_INDEX
from mineco.weighting.random_index import random_index as look_up

ROUNDING = 1e-12  # of the eigenvalue: what that of a consistent matrix may differ from n by


@dataclass(frozen=True)
class Consistency:
    """Weights with what belongs to them: the consistency of the judgements behind them; floats, or (k,) for a stack."""

    weights: NDArray[np.float64]  # (n,) or (k, n)
    lambda_max: float | NDArray[np.float64]  # of the stated method
    ci: float | NDArray[np.float64]  # consistency index (λmax − n) / (n − 1)
    ri: float | NDArray[np.float64]  # random index that it is measured by
    cr: float | NDArray[np.float64]  # CI / RI; 0 for one or two items, which cannot contradict each other
    random_index: str | tuple[str, ...]  # the table; one for each expert where a stack needs more than one
    method: str  # of the weights
    missing: int | NDArray[np.int64]  # comparisons that were left out, and completed so that λmax is smallest


def consistency(matrix: Matrices, random_index: str | Mapping[int, float] = DEFAULT_INDEX,
                method: Method = "eigenvector") -> Consistency:
    """Consistency of judgements (Saaty 1977), by a named table of random indices.

    Parameters
    ----------
    matrix : (n, n), (k, n, n), DataFrame or mapping of expert to matrix
        NaN where a comparison is missing; such a matrix is completed so that λmax is smallest and measured by the
        table for incomplete matrices (Ágoston and Csató 2022), which the result names.
    random_index : str or mapping
        A name from `mineco.weighting.random_index.table_names`, or one's own {number of items: index}.
    method : str  λmax of "eigenvector" is the eigenvalue; of the others it is the mean of (A w)_i / w_i.

    >>> found = consistency([[1, 3, 5], [1/3, 1, 4], [1/5, 1/4, 1]], "saaty-2005")
    >>> round(found.lambda_max, 4), round(found.ci, 4), found.ri, round(found.cr, 4)
    (3.0858, 0.0429, 0.52, 0.0825)
    """
    given = checked(matrix, incomplete=True)
    count = len(given.values)
    values = completed(given)
    sizes, place = np.unique(given.missing, return_inverse=True)
    looked_up = [look_up(random_index, count, one) for one in sizes.tolist()]
    weights, lambda_max = weights_and_eigenvalue(values, method)
    index = consistency_index(lambda_max, count)
    ri = np.array([value for _, value in looked_up])[place]
    ratio = np.divide(index, ri, out=np.zeros_like(index), where=ri > 0)
    names = [name for name, _ in looked_up]
    tables = names[0] if len(set(names)) == 1 else tuple(names[one] for one in place)
    if given.single:
        return Consistency(weights[:, 0], float(lambda_max[0]), float(index[0]), float(ri[0]), float(ratio[0]), tables,
                           method, int(given.missing[0]))
    return Consistency(given.unstacked(weights), lambda_max, index, ri, ratio, tables, method, given.missing)


def consistency_index(lambda_max: NDArray, count: int) -> NDArray:
    """CI = (λmax − n) / (n − 1); 0 for one or two items, and where λmax differs from n by rounding alone.

    >>> consistency_index(np.array([3.0858, 3 - 4e-16]), 3).round(4)
    array([0.0429, 0.    ])
    """
    if count <= 2:
        return np.zeros_like(lambda_max)
    beyond = lambda_max - count
    if beyond.min() < -ROUNDING * count:
        raise ArithmeticError("an eigenvalue below the number of items, which no reciprocal matrix has")
    return np.where(beyond <= ROUNDING * count, 0.0, beyond / (count - 1))


def inconsistent_judgements(matrix: Matrices, top: int | None = 3,
                            random_index: str | Mapping[int, float] = DEFAULT_INDEX) -> pd.DataFrame:
    """The judgements of one expert that contradict the others most, and what the others suggest in their place.

    A judgement a_ij is measured by a_ij w_j / w_i (Saaty 2003). The suggestion is w_i / w_j of the weights that the
    other judgements give alone, the pair being blanked (Harker 1987).

    Parameters
    ----------
    matrix : (n, n) or DataFrame   Comparisons may be missing.
    top : int or None              How many at most, the worst first; None for all.
    random_index : str or mapping  As for `consistency`.

    Returns
    -------
    DataFrame
        row, column, given, suggested, cr_after (the consistency ratio with the suggestion in its place), and error
        (a_ij w_j / w_i, in the direction in which it is 1 or more). Where a judgement alone links two groups of items,
        the others suggest nothing: it is left out.

    >>> answers = [[1, 2, 4, 1], [1/2, 1, 2, 4], [1/4, 1/2, 1, 2], [1, 1/4, 1/2, 1]]
    >>> print(inconsistent_judgements(answers, top=1).round(3))
      row column  given  suggested  cr_after  error
    0   4      1    1.0      0.125       0.0  2.561
    """
    given = checked(matrix, incomplete=True)
    given.require_single()
    require_connected(given)
    table = given.values[..., 0]
    weights = principal_eigenvector(completed(given))[0][:, 0]
    errors = table * weights / weights[:, np.newaxis]
    rows, columns = np.nonzero(np.triu(~np.isnan(table), 1))
    swapped = errors[rows, columns] < 1
    rows, columns = np.where(swapped, columns, rows), np.where(swapped, rows, columns)
    order = np.argsort(-errors[rows, columns], kind="stable")
    found: list[tuple[object, ...]] = []
    for row, column in zip(rows[order], columns[order], strict=True):
        if top is not None and len(found) >= top:
            break
        other = table.copy()
        other[row, column] = other[column, row] = np.nan
        if len(connected_parts(~np.isnan(other))) > 1:
            continue
        alone = harker_weights(other[..., np.newaxis])[:, 0]
        suggested = alone[row] / alone[column]
        other[row, column], other[column, row] = suggested, 1 / suggested
        found.append((given.names[row], given.names[column], table[row, column], suggested,
                      consistency(other, random_index).cr, errors[row, column]))
    frame = pd.DataFrame(found, columns=["row", "column", "given", "suggested", "cr_after", "error"])
    return frame.astype(dict.fromkeys(frame.columns[2:], float))


def weights_by_method(matrix: Matrices, printed: ArrayLike | None = None) -> pd.DataFrame:
    """The weights of one judgement matrix by every method side by side, and which of them a printed weight fits.

    Papers mix 特征向量法, 方根法 and 和积法 under one name: the digits tell them apart.

    Parameters
    ----------
    matrix : (n, n) or DataFrame
    printed : sequence of float, optional  Weights as some paper prints them.

    Returns
    -------
    DataFrame
        A row for each method; columns: the items, lambda_max, and with `printed` its largest_difference to it: the
        method that fits is ``["largest_difference"].idxmin()``.

    >>> weights_by_method([[1, 3, 5], [1/3, 1, 4], [1/5, 1/4, 1]], printed=[0.619, 0.284, 0.096]).round(4)
                         1       2       3  lambda_max  largest_difference
    eigenvector     0.6267  0.2797  0.0936      3.0858              0.0077
    geometric_mean  0.6267  0.2797  0.0936      3.0858              0.0077
    column_mean     0.6194  0.2842  0.0964      3.0867              0.0004
    """
    given = checked(matrix)
    given.require_single()
    rows = {}
    for method in METHODS:
        weights, lambda_max = weights_and_eigenvalue(given.values, method)
        rows[method] = {**dict(zip(given.names, weights[:, 0], strict=True)), "lambda_max": lambda_max[0]}
        if printed is not None:
            rows[method]["largest_difference"] = np.abs(weights[:, 0] - np.asarray(printed, dtype=float)).max()
    return pd.DataFrame.from_dict(rows, orient="index")


class PrintedFit(NamedTuple):
    """How printed weights fit (fits, reversed, swapped, fits_none), which method, and the largest difference."""

    how: str
    method: str
    gap: float


def printed_fit(matrix: pd.DataFrame, printed: ArrayLike, by_method: pd.DataFrame) -> PrintedFit:
    """Which method printed weights fit; if none, whether they do with the items or the table the other way round.

    ``by_method`` has a row for each method: the weights that are held against the printed ones.

    >>> judged = pd.DataFrame([[1, 3, 5], [1/3, 1, 4], [1/5, 1/4, 1]], list("abc"), list("abc"))
    >>> own = weights_by_method(judged)[list("abc")]
    >>> printed_fit(judged, [0.096, 0.284, 0.619], own).how
    'reversed'
    """
    given = np.asarray(printed, dtype=float)
    swapped = weights_by_method(matrix.T)[list(matrix.columns)]
    readings = {"fits": (by_method, given), "reversed": (by_method, given[::-1]), "swapped": (swapped, given)}
    gaps = {how: (table - one).abs().max(axis=1) for how, (table, one) in readings.items()}
    fitting = [how for how, gap in gaps.items() if gap.min() <= thresholds("printed")["printed_within"]]
    nearest = gaps[fitting[0] if fitting else "fits"]
    return PrintedFit(fitting[0] if fitting else "fits_none", str(nearest.idxmin()), float(nearest.min()))

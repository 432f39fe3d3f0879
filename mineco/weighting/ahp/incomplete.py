"""Judgement matrices with comparisons left out: what the others say about them, by three methods.

Without enough comparisons to link every item with every other one, weights would be arbitrary: that is refused.
"""

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.weighting.ahp.priorities import principal_eigenvector
from mineco.weighting.judgements import Judgements, Matrices, checked, connected_parts

Completion = Literal["lambda_max", "log_least_squares", "harker"]
COMPLETIONS: tuple[str, ...] = get_args(Completion)
LEVEL = 1e-11  # of the eigenvalue's slope in the logarithm of a judgement, as a share of the eigenvalue
ROUNDS = 2_000
FAR = 50.0  # in logarithms: no leap goes beyond, which would only be taken back


def complete(matrix: Matrices, method: Completion = "lambda_max") -> pd.DataFrame | NDArray[np.float64]:
    """Fill in the comparisons that are missing.

    Parameters
    ----------
    matrix : (n, n), (k, n, n), DataFrame or mapping of expert to matrix
        NaN in both directions where a comparison is missing.
    method : {"lambda_max", "log_least_squares", "harker"}
        The values that make the matrix as consistent as it can be by its principal eigenvalue (Bozóki, Fülöp and
        Rónyai 2010), or the ratios of the weights that least squares in logarithms (Bozóki and Tsyganok 2019) or
        Harker's eigenvector (1987) give.

    Returns
    -------
    DataFrame, or ndarray (k, n, n) of a stack

    Raises
    ------
    BadInput
        When the comparisons leave items in groups that nothing links, naming the groups.

    >>> complete([[1, 2, 4], [1/2, 1, None], [1/4, None, 1]]).round(6)
          1    2    3
    1  1.00  2.0  4.0
    2  0.50  1.0  2.0
    3  0.25  0.5  1.0
    """
    given = checked(matrix, incomplete=True)
    filled = completed(given, method)
    if given.single:
        return pd.DataFrame(filled[..., 0], index=list(given.names), columns=list(given.names))
    return given.unstacked(filled)


def completed(given: Judgements, method: str = "lambda_max") -> NDArray[np.float64]:
    """The values (n, n, k) of checked judgements with what is missing filled in.

    >>> completed(checked([[1, 2, 4], [1/2, 1, None], [1/4, None, 1]], incomplete=True))[1, 2].round(9)
    array([2.])
    """
    if method not in COMPLETIONS:
        raise BadInput(Problem("choice_not_allowed", value=method, details={"allowed": ", ".join(COMPLETIONS)}))
    lacking = given.missing > 0
    if not lacking.any():
        return given.values
    require_connected(given)
    filled = given.values.copy()
    part = filled[..., lacking]
    if method == "harker":
        weights = harker_weights(part)
    else:
        weights = log_least_squares_weights(part)
    missing = np.isnan(part)
    part = np.where(missing, weights[:, np.newaxis] / weights, part)
    filled[..., lacking] = least_inconsistent(part, missing) if method == "lambda_max" else part
    return filled


def require_connected(given: Judgements) -> None:
    """Refuse experts whose comparisons leave the items in separate groups.

    >>> apart = [[1, 2, None, None], [1/2, 1, None, None], [None, None, 1, 3], [None, None, 1/3, 1]]
    >>> require_connected(checked(apart, incomplete=True))
    Traceback (most recent call last):
    mineco.core.errors.BadInput: compares items only within separate groups (1, 2 | 3, 4), so that their weights are \
arbitrary. Compare at least one item of each group with one of another.
    """
    known = ~np.isnan(given.values)
    problems = Problems()
    for expert in np.flatnonzero(given.missing).tolist():
        parts = connected_parts(known[..., expert])
        if len(parts) > 1:
            name = given.expert(expert)
            groups = " | ".join(", ".join(given.names[item] for item in part) for part in parts)
            problems.append(Problem("judgements_disconnected", name, details={"expert": name, "parts": groups}))
    problems.stop()


def log_least_squares_weights(values: NDArray) -> NDArray:
    """Weights whose ratios are nearest to the comparisons in logarithms, each comparison counting the same.

    Parameters
    ----------
    values : ndarray (n, n, k)
        NaN where a comparison is missing.

    Returns
    -------
    ndarray (n, k)

    >>> log_least_squares_weights(np.array([[1, 4], [1/4, 1]])[..., np.newaxis])[:, 0].round(9)
    array([0.8, 0.2])
    """
    known = ~np.isnan(values)
    logs = np.where(known, np.log(np.where(known, values, 1.0)), 0.0).sum(axis=1)
    laplacian = np.eye(len(values)) * known.sum(axis=1).T[..., np.newaxis] - np.moveaxis(known, -1, 0)
    # rows of it sum to 0; adding 1 everywhere settles the free constant, so that the logarithms sum to 0
    solved = np.linalg.solve(laplacian + 1.0, logs.T[..., np.newaxis])[..., 0].T
    weights = np.exp(solved)
    return weights / weights.sum(axis=0)


def harker_weights(values: NDArray) -> NDArray:
    """Weights by Harker's matrix: 0 where a comparison is missing, and on the diagonal 1 plus their number in the row.

    Parameters
    ----------
    values : ndarray (n, n, k)
        NaN where a comparison is missing.

    Returns
    -------
    ndarray (n, k)

    >>> harker_weights(np.array([[1, 2, 4], [1/2, 1, np.nan], [1/4, np.nan, 1]])[..., np.newaxis])[:, 0].round(6)
    array([0.571429, 0.285714, 0.142857])
    """
    missing = np.isnan(values)
    harker = np.where(missing, 0.0, values) + np.eye(len(values))[..., np.newaxis] * missing.sum(axis=1)
    return principal_eigenvector(harker)[0]


def least_inconsistent(values: NDArray, missing: NDArray[np.bool_], level: float = LEVEL) -> NDArray:
    """Values for the missing comparisons that make the principal eigenvalue smallest.

    It is convex in their logarithms, with one minimum where comparisons link all items. There its slope is 0, which
    means that with the right eigenvector v and the left one u every missing value is sqrt(v_i u_j / (v_j u_i)). That is
    iterated, with a leap along two steps wherever it leads further down (Varadhan and Roland 2008).

    Parameters
    ----------
    values : ndarray (n, n, k)
        With first guesses in place of what is missing.
    missing : ndarray of bool (n, n, k)
    level : float
        Slope, as a share of the eigenvalue, that counts as 0.

    Returns
    -------
    ndarray (n, n, k)

    >>> guess = np.ones((2, 2, 1))
    >>> bool((least_inconsistent(guess, guess < 0) == guess).all())
    True
    """
    values = values.copy()
    open_ = np.arange(values.shape[-1])
    for _ in range(ROUNDS):
        first, slope, _same = _step(values[..., open_], missing[..., open_])
        moving = slope > level
        open_ = open_[moving]
        if not len(open_):
            return values
        start, first, gaps = np.log(values[..., open_]), first[..., moving], missing[..., open_]
        second, _slope, reached = _step(np.exp(first), gaps)
        step = first - start
        bend = second - first - step
        bent = (bend * bend).sum(axis=(0, 1))
        stride = np.sqrt(np.divide((step * step).sum(axis=(0, 1)), bent, out=np.ones_like(bent), where=bent > 0))
        leap = np.exp(np.clip(start + 2 * stride * step + stride**2 * bend, -FAR, FAR))
        lower = principal_eigenvector(leap)[1] <= reached
        values[..., open_] = np.where(gaps & lower, leap, np.where(gaps, np.exp(second), values[..., open_]))
    raise BadInput(Problem("judgements_without_weights"))


def _step(values: NDArray, gaps: NDArray[np.bool_]) -> tuple[NDArray, NDArray, NDArray]:
    """Logarithms, renewed in the gaps; the steepest slope there, as a share of the eigenvalue; the eigenvalue."""
    right, largest = principal_eigenvector(values)
    left, _same = principal_eigenvector(values.transpose(1, 0, 2))
    pull = left[:, np.newaxis] * values * right / (left * right).sum(axis=0)
    slope = np.where(gaps, pull - pull.transpose(1, 0, 2), 0.0)
    renewed = np.log(right / left) / 2
    logs = np.where(gaps, renewed[:, np.newaxis] - renewed, np.log(values))
    return logs, np.abs(slope).max(axis=(0, 1)) / largest, largest

"""Weights from judgement matrices, by three methods that papers mix under one name; what was left out is completed.

Nothing is rounded. Arrays have the experts last: one operation goes over all of them.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy import exp, log
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.weighting.judgements import Judgements, Matrices, checked, connected_parts

Method = Literal["eigenvector", "geometric_mean", "column_mean"]
METHODS: tuple[str, ...] = get_args(Method)
Completion = Literal["lambda_max", "log_least_squares", "harker"]
COMPLETIONS: tuple[str, ...] = get_args(Completion)
AT_ONCE = 200_000  # judgements, so that a step of the power method stays in the processor's cache
WITHIN = 1e-13  # the bounds of the eigenvalue, relative to it
SQUARED_BELOW = 12  # items: from there on squaring a matrix costs more than the steps that it saves
STEPS = 40  # of the power method, before LAPACK is asked
CHECK_EVERY = 4  # steps
LEVEL = 1e-11  # of the eigenvalue's slope in the logarithm of a judgement, as a share of the eigenvalue
ROUNDS = 2_000  # of completing
FAR = 50.0  # in logarithms: no leap goes beyond, which would only be taken back


def priority_vector(matrix: Matrices, method: Method = "eigenvector") -> NDArray[np.float64]:
    """Weights of the items of a judgement matrix.

    Parameters
    ----------
    matrix : (n, n), (k, n, n), DataFrame or mapping of expert to matrix
        Complete; `complete` fills in what is missing by a method that one names.
    method : {"eigenvector", "geometric_mean", "column_mean"}
        The principal right eigenvector (特征向量法; Saaty 1977), the geometric means of the rows (方根法; Crawford and
        Williams 1985), or the means over the columns, each divided by its sum (和积法, 和法).

    Returns
    -------
    ndarray (n,) or (k, n)  Positive; each expert's sum to 1.

    >>> priority_vector([[1, 2, 4], [1/2, 1, 2], [1/4, 1/2, 1]]).round(4)
    array([0.5714, 0.2857, 0.1429])
    """
    given = checked(matrix)
    return given.unstacked(weights_and_eigenvalue(given.values, method)[0])


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
    return given.frame(filled) if given.single else given.unstacked(filled)


def require_choice(value: str, allowed: Sequence[str], column: str = "") -> None:
    """Refuse a word that is not one of those allowed."""
    if value not in allowed:
        raise BadInput(Problem("choice_not_allowed", column=column, value=value,
                               details={"allowed": ", ".join(allowed)}))


def weights_and_eigenvalue(values: NDArray, method: str = "eigenvector") -> tuple[NDArray, NDArray]:
    """Weights (n, k) and their λmax (k,), of checked and complete matrices (n, n, k).

    λmax of the eigenvector is its eigenvalue; of the other methods it is the mean over the items of (A w)_i / w_i.

    >>> weights, lambda_max = weights_and_eigenvalue(np.ones((3, 3, 1)))
    >>> lambda_max
    array([3.])
    """
    require_choice(method, METHODS)
    if method == "eigenvector":
        return principal_eigenvector(values)
    weights = row_geometric_mean(values) if method == "geometric_mean" else column_mean(values)
    return weights, ((values * weights).sum(axis=1) / weights).mean(axis=0)


def row_geometric_mean(values: NDArray) -> NDArray:
    """Geometric mean of each row, scaled to sum 1 (方根法): the weights of least squares in logarithms.

    >>> row_geometric_mean(np.array([[1, 4], [1/4, 1]])[..., np.newaxis])[:, 0]
    array([0.8, 0.2])
    """
    mean = exp(log(values).mean(axis=1))
    return mean / mean.sum(axis=0)


def column_mean(values: NDArray) -> NDArray:
    """Mean over the columns, each first scaled to sum 1 (和积法).

    >>> column_mean(np.array([[1, 4], [1/4, 1]])[..., np.newaxis])[:, 0]
    array([0.8, 0.2])
    """
    return (values / values.sum(axis=0)).mean(axis=1)


def principal_eigenvector(values: NDArray) -> tuple[NDArray, NDArray]:
    """Principal right eigenvectors (n, k) and eigenvalues (k,) of positive matrices (n, n, k), by the power method.

    The smallest and the largest (A w)_i / w_i bound the eigenvalue (Collatz 1942, Wielandt 1950); when they agree, it
    is known. LAPACK finds those of the few matrices that need many steps.

    >>> weights, lambda_max = principal_eigenvector(np.array([[1, 9, 1/9], [1/9, 1, 9], [9, 1/9, 1]])[..., np.newaxis])
    >>> weights[:, 0].round(6), round(float(lambda_max[0]), 6)
    (array([0.333333, 0.333333, 0.333333]), 10.111111)
    """
    step = max(1, AT_ONCE // len(values) ** 2)
    parts = [_power_method(values[..., first:first + step]) for first in range(0, values.shape[-1], step)]
    weights, lambda_max = zip(*parts, strict=True)
    return np.concatenate(weights, axis=-1), np.concatenate(lambda_max)


def _power_method(values: NDArray) -> tuple[NDArray, NDArray]:
    count = values.shape[-1]
    if count == 1:  # einsum sums one matrix in another order than a stack, which would show in the last digit
        values = np.repeat(values, 2, axis=-1)
    # squared, the matrix takes two steps in one
    stepped = np.einsum("ijk,jlk->ilk", values, values) if len(values) < SQUARED_BELOW else values
    weights = values.sum(axis=1)
    weights /= weights.sum(axis=0)
    for step in range(1, STEPS + 1):
        grown = _times(stepped, weights)
        settled = _settled(grown, weights) if step % CHECK_EVERY == 0 else np.zeros(1, dtype=bool)
        weights = grown / grown.sum(axis=0)
        if settled.all():
            break
    else:
        weights[:, ~settled] = _by_lapack(values[..., ~settled])
    grown = _times(values, weights)
    total = grown.sum(axis=0)
    return (grown / total)[:, :count], (total / weights.sum(axis=0))[:count]


def _times(values: NDArray, weights: NDArray) -> NDArray:
    """A w of each expert."""
    return np.einsum("ijk,jk->ik", values, weights)


def _settled(grown: NDArray, weights: NDArray) -> NDArray[np.bool_]:
    ratios = grown / weights
    return ratios.max(axis=0) <= ratios.min(axis=0) * (1 + WITHIN)


def _by_lapack(values: NDArray) -> NDArray:
    """Eigenvectors of the matrices that the power method is slow on."""
    eigenvalues, vectors = np.linalg.eig(np.moveaxis(values, -1, 0))
    first = eigenvalues.real.argmax(axis=1)[:, np.newaxis, np.newaxis]
    weights = np.abs(np.take_along_axis(vectors, first, axis=2)[..., 0].real).T
    return weights / weights.sum(axis=0)


def completed(given: Judgements, method: str = "lambda_max") -> NDArray[np.float64]:
    """The values (n, n, k) of checked judgements with what is missing filled in.

    >>> completed(checked([[1, 2, 4], [1/2, 1, None], [1/4, None, 1]], incomplete=True))[1, 2].round(9)
    array([2.])
    """
    require_choice(method, COMPLETIONS)
    lacking = given.missing > 0
    if not lacking.any():
        return given.values
    require_connected(given)
    filled = given.values.copy()
    part = filled[..., lacking]
    weights = harker_weights(part) if method == "harker" else log_least_squares_weights(part)
    missing = np.isnan(part)
    part = np.where(missing, weights[:, np.newaxis] / weights, part)
    filled[..., lacking] = least_inconsistent(part, missing) if method == "lambda_max" else part
    return filled


def require_connected(given: Judgements) -> None:
    """Refuse experts whose comparisons leave the items in separate groups: their weights would be arbitrary.

    >>> apart = [[1, 2, None, None], [1/2, 1, None, None], [None, None, 1, 3], [None, None, 1/3, 1]]
    >>> require_connected(checked(apart, incomplete=True))
    Traceback (most recent call last):
    mineco.core.errors.BadInput: compares items only within separate groups (1, 2 | 3, 4), so that their weights are \
arbitrary. Compare at least one item of each group with one of another.
    """
    problems = Problems()
    for expert in np.flatnonzero(given.missing).tolist():
        parts = connected_parts(~np.isnan(given.values[..., expert]))
        if len(parts) > 1:
            name = given.expert(expert)
            groups = " | ".join(", ".join(given.names[item] for item in part) for part in parts)
            problems.add("judgements_disconnected", file=name, expert=name, parts=groups)
    problems.stop()


def log_least_squares_weights(values: NDArray) -> NDArray:
    """Weights whose ratios are nearest to the comparisons in logarithms, each comparison counting the same.

    >>> log_least_squares_weights(np.array([[1, 4], [1/4, 1]])[..., np.newaxis])[:, 0].round(9)
    array([0.8, 0.2])
    """
    known = ~np.isnan(values)
    logs = np.where(known, log(np.where(known, values, 1.0)), 0.0).sum(axis=1)
    laplacian = np.eye(len(values)) * known.sum(axis=1).T[..., np.newaxis] - np.moveaxis(known, -1, 0)
    # rows of it sum to 0; adding 1 everywhere settles the free constant, so that the logarithms sum to 0
    weights = exp(np.linalg.solve(laplacian + 1.0, logs.T[..., np.newaxis])[..., 0].T)
    return weights / weights.sum(axis=0)


def harker_weights(values: NDArray) -> NDArray:
    """Weights by Harker's matrix: 0 where a comparison is missing, and on the diagonal 1 plus their number in the row.

    >>> harker_weights(np.array([[1, 2, 4], [1/2, 1, np.nan], [1/4, np.nan, 1]])[..., np.newaxis])[:, 0].round(6)
    array([0.571429, 0.285714, 0.142857])
    """
    missing = np.isnan(values)
    harker = np.where(missing, 0.0, values) + np.eye(len(values))[..., np.newaxis] * missing.sum(axis=1)
    return principal_eigenvector(harker)[0]


def least_inconsistent(values: NDArray, missing: NDArray[np.bool_], level: float = LEVEL) -> NDArray:
    """First guesses (n, n, k) for the missing comparisons, moved until the principal eigenvalue is smallest.

    It is convex in their logarithms, with one minimum where comparisons link all items. There its slope is 0, which
    means that with the right eigenvector v and the left one u every missing value is sqrt(v_i u_j / (v_j u_i)). That is
    iterated, with a leap along two steps wherever it leads further down (Varadhan and Roland 2008). A slope of
    ``level``, as a share of the eigenvalue, counts as 0.

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
        start, first, gaps = log(values[..., open_]), first[..., moving], missing[..., open_]
        second, _slope, reached = _step(exp(first), gaps)
        step = first - start
        bend = second - first - step
        bent = (bend * bend).sum(axis=(0, 1))
        stride = np.sqrt(np.divide((step * step).sum(axis=(0, 1)), bent, out=np.ones_like(bent), where=bent > 0))
        leap = exp(np.clip(start + 2 * stride * step + stride**2 * bend, -FAR, FAR))
        lower = principal_eigenvector(leap)[1] <= reached
        values[..., open_] = np.where(gaps & lower, leap, np.where(gaps, exp(second), values[..., open_]))
    raise BadInput(Problem("judgements_without_weights"))


def _step(values: NDArray, gaps: NDArray[np.bool_]) -> tuple[NDArray, NDArray, NDArray]:
    """Logarithms, renewed in the gaps; the steepest slope there, as a share of the eigenvalue; the eigenvalue."""
    right, largest = principal_eigenvector(values)
    left, _same = principal_eigenvector(values.transpose(1, 0, 2))
    pull = left[:, np.newaxis] * values * right / (left * right).sum(axis=0)
    slope = np.where(gaps, pull - pull.transpose(1, 0, 2), 0.0)
    renewed = log(right / left) / 2
    logs = np.where(gaps, renewed[:, np.newaxis] - renewed, log(values))
    return logs, np.abs(slope).max(axis=(0, 1)) / largest, largest

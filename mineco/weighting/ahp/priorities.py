"""Weights from judgement matrices, by three methods that papers mix under one name. Nothing is rounded."""

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy import exp, log
from numpy.typing import ArrayLike, NDArray

from mineco.core.errors import BadInput, Problem
from mineco.weighting.judgements import Judgements, Matrices, checked

Method = Literal["eigenvector", "geometric_mean", "column_mean"]
METHODS: tuple[str, ...] = get_args(Method)
WITHIN = 1e-13  # the bounds of the eigenvalue, relative to it
ROUGHLY = 1e-9  # what rounding leaves of them where judgements of thousands contradict each other
STEPS = 40  # of the power method, two each, before the matrix is squared again and again
CHECK_EVERY = 4  # steps
SQUARINGS = 48  # 2 to this power steps: more than any matrix of floats with entries up to 10^9 needs


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
    ndarray (n,) or (k, n)
        Positive; each expert's sum to 1.

    >>> priority_vector([[1, 2, 4], [1/2, 1, 2], [1/4, 1/2, 1]]).round(4)
    array([0.5714, 0.2857, 0.1429])
    """
    given = checked(matrix)
    return given.unstacked(weights_and_eigenvalue(given.values, method)[0])


def weights_and_eigenvalue(values: NDArray, method: str = "eigenvector") -> tuple[NDArray, NDArray]:
    """Weights and the λmax that belongs to them, of checked and complete matrices with the experts last.

    Parameters
    ----------
    values : ndarray (n, n, k)
    method : str

    Returns
    -------
    weights : ndarray (n, k)
    lambda_max : ndarray (k,)
        For the eigenvector its eigenvalue; for the other methods the mean over the items of (A w)_i / w_i.

    >>> weights, lambda_max = weights_and_eigenvalue(np.ones((3, 3, 1)))
    >>> lambda_max
    array([3.])
    """
    if method == "eigenvector":
        return principal_eigenvector(values)
    if method not in METHODS:
        raise BadInput(Problem("choice_not_allowed", value=method, details={"allowed": ", ".join(METHODS)}))
    weights = row_geometric_mean(values) if method == "geometric_mean" else column_mean(values)
    return weights, ((values * weights).sum(axis=1) / weights).mean(axis=0)


def row_geometric_mean(values: NDArray) -> NDArray:
    """Geometric mean of each row, scaled to sum 1 (方根法): the weights of least squares in logarithms.

    Parameters
    ----------
    values : ndarray (n, n, k)

    Returns
    -------
    ndarray (n, k)

    >>> row_geometric_mean(np.array([[1, 4], [1/4, 1]])[..., np.newaxis])[:, 0]
    array([0.8, 0.2])
    """
    mean = exp(log(values).mean(axis=1))
    return mean / mean.sum(axis=0)


def column_mean(values: NDArray) -> NDArray:
    """Mean over the columns, each first scaled to sum 1 (和积法).

    Parameters
    ----------
    values : ndarray (n, n, k)

    Returns
    -------
    ndarray (n, k)

    >>> column_mean(np.array([[1, 4], [1/4, 1]])[..., np.newaxis])[:, 0]
    array([0.8, 0.2])
    """
    return (values / values.sum(axis=0)).mean(axis=1)


def principal_eigenvector(values: NDArray) -> tuple[NDArray, NDArray]:
    """Principal right eigenvectors and eigenvalues of positive matrices, by the power method on all at once.

    The smallest and the largest (A w)_i / w_i bound the eigenvalue (Collatz 1942, Wielandt 1950); when they agree, it
    is known. Matrices that need many steps are squared again and again, which doubles the steps each time.

    Parameters
    ----------
    values : ndarray (n, n, k)
        Positive, the experts last: each step is one product over whole arrays.

    Returns
    -------
    weights : ndarray (n, k)
    lambda_max : ndarray (k,)

    >>> weights, lambda_max = principal_eigenvector(np.array([[1, 9, 1/9], [1/9, 1, 9], [9, 1/9, 1]])[..., np.newaxis])
    >>> weights[:, 0].round(6), round(float(lambda_max[0]), 6)
    (array([0.333333, 0.333333, 0.333333]), 10.111111)
    """
    products = np.empty_like(values)
    squared = np.empty_like(values)
    for row, square in zip(values, squared, strict=True):  # two steps in one
        np.multiply(row[:, np.newaxis], values, out=products).sum(axis=0, out=square)
    weights = values.sum(axis=1)
    weights /= weights.sum(axis=0)
    for step in range(1, STEPS + 1):
        grown = np.multiply(squared, weights, out=products).sum(axis=1)
        settled = _settled(grown, weights) if step % CHECK_EVERY == 0 else np.zeros(1, dtype=bool)
        weights = grown / grown.sum(axis=0)
        if settled.all():
            break
    else:
        weights[:, ~settled] = _squared(values[..., ~settled])
    grown = np.multiply(values, weights, out=products).sum(axis=1)
    total = grown.sum(axis=0)
    return grown / total, total / weights.sum(axis=0)


def _settled(grown: NDArray, weights: NDArray, within: float = WITHIN) -> NDArray[np.bool_]:
    ratios = grown / weights
    return ratios.max(axis=0) <= ratios.min(axis=0) * (1 + within)


def _squared(values: NDArray) -> NDArray:
    """Eigenvectors of the matrices that the power method is slow on."""
    power = np.moveaxis(values, -1, 0)
    for _ in range(SQUARINGS):
        power = power / power.max(axis=(1, 2), keepdims=True)
        power = power @ power
        weights = power.sum(axis=2).T
        weights = (values * weights).sum(axis=1)
        weights /= weights.sum(axis=0)
        grown = (values * weights).sum(axis=1)
        if _settled(grown, weights).all():
            return weights
    if _settled(grown, weights, ROUGHLY).all():
        return weights
    raise BadInput(Problem("judgements_without_weights"))


def weights_by_method(matrix: Matrices, printed: ArrayLike | None = None) -> pd.DataFrame:
    """The weights of one judgement matrix by every method side by side, and which of them a printed weight fits.

    Papers mix 特征向量法, 方根法 and 和积法 under one name: the digits tell them apart.

    Parameters
    ----------
    matrix : (n, n) or DataFrame
    printed : sequence of float, optional
        Weights as some paper prints them.

    Returns
    -------
    DataFrame
        A row for each method; columns: the items, lambda_max, and with `printed` its largest difference to it.

    >>> weights_by_method([[1, 3, 5], [1/3, 1, 4], [1/5, 1/4, 1]], printed=[0.619, 0.284, 0.096]).round(4)
                         1       2       3  lambda_max  largest_difference
    eigenvector     0.6267  0.2797  0.0936      3.0858              0.0077
    geometric_mean  0.6267  0.2797  0.0936      3.0858              0.0077
    column_mean     0.6194  0.2842  0.0964      3.0867              0.0004
    """
    given = checked(matrix)
    _require_single(given)
    rows = {}
    for method in METHODS:
        weights, lambda_max = weights_and_eigenvalue(given.values, method)
        rows[method] = {**dict(zip(given.names, weights[:, 0], strict=True)), "lambda_max": lambda_max[0]}
        if printed is not None:
            rows[method]["largest_difference"] = np.abs(weights[:, 0] - np.asarray(printed, dtype=float)).max()
    return pd.DataFrame.from_dict(rows, orient="index")


def fitting_method(matrix: Matrices, printed: ArrayLike) -> str:
    """The method whose weights are nearest to printed ones.

    >>> fitting_method([[1, 3, 5], [1/3, 1, 4], [1/5, 1/4, 1]], [0.619, 0.284, 0.096])
    'column_mean'
    """
    return str(weights_by_method(matrix, printed)["largest_difference"].idxmin())


def _require_single(given: Judgements) -> None:
    if not given.single:
        raise BadInput(Problem("judgements_not_square", value=" × ".join(map(str, given.values.shape[::-1]))))

"""Scores of the test of Mann and Kendall: in standard deviations, and how correlation widens them."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri


def standard_score(score: NDArray[np.int64], variance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score less one towards zero, in standard deviations; NaN where a correction leaves no variance. [1]

    >>> standard_score(np.array([3, 0]), np.array([4.0, 4.0]))
    array([1., 0.])
    """
    known = np.where(variance > 0, variance, np.nan)
    return np.where(score == 0, 0.0, (score - np.sign(score)) / np.sqrt(known))


def variance_factor(detrended: NDArray[np.float64], count: NDArray[np.int64], level: float) -> NDArray[np.float64]:
    """By how much correlated ranks widen the score's distribution (Hamed and Rao 1998). [1]"""
    gaps_last = np.argsort(np.isnan(detrended), axis=0, kind="stable")
    closed = np.take_along_axis(detrended, gaps_last, axis=0)
    ranks = np.zeros_like(closed)  # less their mean: half of those below, less half of those above
    for lag in range(1, len(closed)):
        higher = np.sign(closed[lag:] - closed[:-lag]) / 2
        higher[np.isnan(higher)] = 0
        ranks[lag:] += higher
        ranks[:-lag] -= higher
    squares, bound = (ranks * ranks).sum(axis=0), ndtri(1 - level / 2) / np.sqrt(count)
    total = np.zeros(closed.shape[1])
    for lag in range(1, len(closed)):
        products = (ranks[lag:] * ranks[:-lag]).sum(axis=0)
        correlation = np.divide(products, squares, out=np.zeros_like(products), where=squares > 0)
        left = np.maximum(count - lag, 0)
        total += np.where(np.abs(correlation) > bound, left * (left - 1) * (left - 2) * correlation, 0)
    return 1 + 2 / (count * (count - 1) * (count - 2)) * total

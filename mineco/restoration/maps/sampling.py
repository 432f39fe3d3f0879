"""Reference points: how many a map needs, how they are shared out, and that a test uses none of those of a fit."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray


def sample_size(users: ArrayLike, map_share: ArrayLike, error: float) -> int:
    """Reference points that a standard error of overall accuracy needs (equation 13, of a large area).

    Parameters
    ----------
    users : array (classes,)      User's accuracy that is expected of each class.
    map_share : array (classes,)  Share of each class in the map; sums to 1.
    error : float                 Standard error of overall accuracy that is wanted.

    >>> sample_size([0.7, 0.6, 0.9, 0.95], [0.02, 0.015, 0.32, 0.645], 0.01)
    641
    """
    expected, share = np.asarray(users, dtype=float), np.asarray(map_share, dtype=float)
    if not error > 0 or abs(share.sum() - 1) > 1e-6 or ((expected < 0) | (expected > 1)).any():
        raise ValueError("a positive error, shares that sum to 1 and accuracies between 0 and 1 are needed")
    deviation = float(share @ np.sqrt(expected * (1 - expected)))
    return math.ceil(round((deviation / error) ** 2, 9))


def allocate_points(total: int, map_share: ArrayLike, least: int) -> NDArray[np.int64]:
    """Reference points of each class: at least so many for the rare ones, the rest in proportion to area.

    Parameters
    ----------
    total : int                   What they sum to.
    map_share : array (classes,)  Share of each class in the map; sums to 1.
    least : int                   Points that a class gets at least; Olofsson et al. (2014) take 50 to 100.

    >>> allocate_points(641, [0.02, 0.015, 0.32, 0.645], 75)
    array([ 75,  75, 163, 328])
    """
    share = np.asarray(map_share, dtype=float)
    if abs(share.sum() - 1) > 1e-6 or (share < 0).any() or total < least * len(share):
        raise ValueError(f"{total} points do not give each of {len(share)} classes {least}")
    rare = np.zeros(len(share), dtype=bool)
    while True:
        rest = np.where(rare, 0.0, share)
        wanted = np.where(rare, least, (total - least * rare.sum()) * rest / max(rest.sum(), np.finfo(float).tiny))
        if not ((wanted < least) & ~rare).any():
            break
        rare |= wanted < least
    points = np.floor(wanted + 1e-9).astype(np.int64)
    largest = np.argsort(points - wanted, kind="stable")  # what was cut off most is given back first
    points[largest[:total - points.sum()]] += 1
    return points


def shared_points(fit: ArrayLike, test: ArrayLike) -> NDArray[np.intp]:
    """Rows of ``test`` that stand where a fit point stands: they would praise a map for what it has been told.

    Parameters
    ----------
    fit, test : array (points, 2)  Coordinates on the same grid.

    >>> shared_points([[0.0, 0.0], [30.0, 0.0]], [[60.0, 0.0], [30.0, 0.0]])
    array([1])
    """
    known = set(map(tuple, np.asarray(fit, dtype=float).tolist()))
    return np.flatnonzero([tuple(place) in known for place in np.asarray(test, dtype=float).tolist()])

"""Reference points: how many a map needs, how they are shared out, that a test uses none of a fit, and a threshold
that tells two classes apart, chosen on some points and judged on others.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.core.lazy import Brief
from mineco.restoration.maps.accuracy import confusion_matrix


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


@dataclass(frozen=True, repr=False)
class Roc(Brief):
    """Receiver operating characteristic of a score; a point is called positive from the threshold upward."""

    thresholds: NDArray  # falling; the first is infinite, so that nothing is called positive
    hits: NDArray  # share of the positive points that are called positive
    false_alarms: NDArray  # share of the negative points that are called positive

    @property
    def area(self) -> float:
        """Area under the curve: the chance that a positive point scores above a negative one, ties by half."""
        return float(np.trapezoid(self.hits, self.false_alarms))

    @property
    def best(self) -> float:
        """Threshold with the most hits less false alarms (Youden 1950); of equal ones the highest."""
        return float(self.thresholds[np.argmax(self.hits - self.false_alarms)])


def roc(score: ArrayLike, positive: ArrayLike) -> Roc:
    """Hits and false alarms of points at every threshold that makes a difference; the higher, the likelier positive.

    >>> found = roc([0.1, 0.4, 0.35, 0.8], [False, False, True, True])
    >>> found.area, found.best
    (0.75, 0.8)
    """
    values, truth = _points(score, positive)
    if truth.all() or not truth.any():
        raise ValueError("points of both kinds are needed")
    order = np.argsort(-values, kind="stable")
    values, truth = values[order], truth[order]
    last = np.flatnonzero(np.append(values[1:] != values[:-1], True))  # equal scores are called together
    hits = np.cumsum(truth)[last] / truth.sum()
    false_alarms = np.cumsum(~truth)[last] / (~truth).sum()
    return Roc(np.append(np.inf, values[last]), np.append(0.0, hits), np.append(0.0, false_alarms))


def threshold_matrix(score: ArrayLike, positive: ArrayLike, threshold: float) -> NDArray[np.int64]:
    """Counts of points by what the threshold calls them (rows) and what they are (columns), the positive ones first.

    They are points that had no part in the choice of the threshold; see `shared_points`.

    >>> threshold_matrix([0.1, 0.4, 0.35, 0.8], [False, False, True, True], 0.4)
    array([[1, 1],
           [1, 1]])
    """
    values, truth = _points(score, positive)
    return confusion_matrix(values >= threshold, truth, [True, False])


def _points(score: ArrayLike, positive: ArrayLike) -> tuple[NDArray, NDArray]:
    values, truth = np.asarray(score, dtype=float), np.asarray(positive, dtype=bool)
    if values.shape != truth.shape or values.ndim != 1 or not np.isfinite(values).all():
        raise ValueError("one finite score for each point is needed")
    return values, truth

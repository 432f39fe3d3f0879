"""A threshold that tells two classes apart by one figure: chosen on some points, judged on others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.core.lazy import Brief
from mineco.restoration.maps.accuracy import confusion_matrix


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

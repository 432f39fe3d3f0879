"""How well a map tells its classes: counts, areas adjusted for what the map gets wrong, and the verdict.

A matrix counts reference points: a row for each class of the map, a column for each class of the reference.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.restoration.maps.transition import transition_counts

NORMAL_95 = 1.96  # as Olofsson et al. (2014) write it


@dataclass(frozen=True)
class Estimate:
    """A value, or an array of values, with its standard error in the same unit; NaN where the points do not tell.

    >>> estimate = Estimate(np.array([0.9]), np.array([0.02]))
    >>> estimate.low.round(4), estimate.high.round(4), estimate.half_width.round(4)
    (array([0.8608]), array([0.9392]), array([0.0392]))
    """

    value: NDArray
    error: NDArray

    @property
    def half_width(self) -> NDArray:
        """Half of the 95 % confidence interval."""
        return NORMAL_95 * self.error

    @property
    def low(self) -> NDArray:
        """Lower end of the 95 % confidence interval."""
        return self.value - self.half_width

    @property
    def high(self) -> NDArray:
        """Upper end of the 95 % confidence interval."""
        return self.value + self.half_width


def confusion_matrix(mapped: ArrayLike, reference: ArrayLike, classes: ArrayLike) -> NDArray[np.int64]:
    """Reference points counted by class of the map (rows) and class of the reference (columns).

    Parameters
    ----------
    mapped, reference : array of int (points,)  Class of each point in the map, and on the ground or in better imagery.
    classes : array of int (classes,)           Codes in the order of rows and columns.

    >>> confusion_matrix([1, 1, 2, 2], [1, 2, 2, 2], [1, 2])
    array([[1, 1],
           [0, 2]])
    """
    rows, columns, codes = (np.asarray(given) for given in (mapped, reference, classes))
    if rows.shape != columns.shape:
        raise ValueError(f"{rows.size} points in the map and {columns.size} in the reference")
    if unknown := sorted({*rows.tolist(), *columns.tolist()} - set(codes.tolist())):
        raise ValueError(f"class {unknown} of a point is none of {codes.tolist()}")
    return transition_counts(rows, columns, codes)[:-1, :-1]


def overall_accuracy(matrix: ArrayLike) -> float:
    """Share of points that the map has right, each counted alike.

    >>> overall_accuracy([[96, 4], [11, 89]])
    0.925
    """
    counts = _checked(matrix)
    return float(np.trace(counts) / counts.sum())


def kappa(matrix: ArrayLike) -> float:
    """Cohen's kappa: agreement beyond what chance gives; of counts or of proportions of area. NaN for one class only.

    >>> round(kappa([[96, 4], [11, 89]]), 6)
    0.85
    """
    shares = _checked(matrix) / np.sum(matrix)
    by_chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    if by_chance == 1:
        return math.nan
    return (float(np.trace(shares)) - by_chance) / (1 - by_chance)


def users_accuracy(matrix: ArrayLike) -> NDArray:
    """Of what the map calls a class, the share that is it; NaN for a class without points in the map.

    >>> users_accuracy([[96, 4], [11, 89]])
    array([0.96, 0.89])
    """
    counts = _checked(matrix)
    return divided(np.diag(counts), counts.sum(axis=1))


@dataclass(frozen=True)
class AreaAdjusted:
    """Accuracy and areas as a sample with the classes of the map for strata gives them (Olofsson et al. 2014).

    Points of a rare class are usually more than its share of the land, and counts then say little about the map:
    here each row of the matrix weighs as much as its class covers.

    Standard errors are NaN where a class covers land but has fewer than two points.

    Parameters
    ----------
    matrix : array (classes, classes)  Counts of reference points: map in rows, reference in columns.
    map_area : array (classes,)        Area of each class in the map, in any unit.

    >>> found = AreaAdjusted(np.array([[97, 3], [3, 97]]), np.array([100.0, 900.0]))
    >>> found.area.value, found.area.half_width.round(1)
    (array([124., 876.]), array([30.4, 30.4]))
    >>> found.users.value, found.producers.value.round(3), found.overall.value
    (array([0.97, 0.97]), array([0.782, 0.997]), array(0.97))
    """

    matrix: NDArray
    map_area: NDArray

    def __post_init__(self) -> None:
        counts, area = _checked(self.matrix), np.asarray(self.map_area, dtype=float)
        if area.shape != counts.shape[:1] or not np.isfinite(area).all() or (area < 0).any() or not area.any():
            raise ValueError("the map needs one area for each class, not negative, and some land")
        object.__setattr__(self, "matrix", counts)
        object.__setattr__(self, "map_area", area)

    @cached_property
    def weights(self) -> NDArray:
        """Share of each class in the area of the map."""
        return self.map_area / self.map_area.sum()

    @cached_property
    def proportions(self) -> NDArray:
        """Matrix of estimated proportions of area (equation 4)."""
        return self.weights[:, np.newaxis] * self._within

    @cached_property
    def overall(self) -> Estimate:
        """Overall accuracy (equations 1 and 5)."""
        variance = (self.weights**2 * np.diag(self._variances)).sum()
        return Estimate(np.asarray(np.trace(self.proportions)), np.sqrt(variance))

    @cached_property
    def users(self) -> Estimate:
        """User's accuracy of each class (equations 2 and 6)."""
        return Estimate(users_accuracy(self.matrix), np.sqrt(np.diag(self._variances)))

    @cached_property
    def producers(self) -> Estimate:
        """Producer's accuracy of each class (equations 3 and 7)."""
        reference = self.proportions.sum(axis=0)
        value = divided(np.diag(self.proportions), reference)
        parts = self.weights[:, np.newaxis] ** 2 * self._variances
        own = np.diag(parts) * (1 - value) ** 2
        others = (parts.sum(axis=0) - np.diag(parts)) * value**2
        return Estimate(value, divided(np.sqrt(own + others), reference))

    @cached_property
    def area(self) -> Estimate:
        """Area of each class of the reference, in the unit of the map's areas (equations 9 to 11)."""
        return Estimate(self.proportions.sum(axis=0) * self.map_area.sum(), np.sqrt(np.diag(self.area_covariance)))

    @cached_property
    def area_covariance(self) -> NDArray:
        """Covariance of the areas: what one class gains another loses, so that rows sum to nothing."""
        scaled = self._divided(self.map_area**2, self.matrix.sum(axis=1) - 1)
        return np.diag(scaled @ self._within) - (self._within * scaled[:, np.newaxis]).T @ self._within

    def draw_areas(self, count: int, generator: np.random.Generator) -> NDArray:
        """Draws of the areas, (count, classes): never negative, always the whole of the map, with mean and covariance.

        In each row the proportions follow a Dirichlet distribution with a concentration of n − 2, whose covariance is
        the one of a sample of n points.

        >>> found = AreaAdjusted(np.array([[97, 3], [3, 97]]), np.array([100.0, 900.0]))
        >>> areas = found.draw_areas(1000, np.random.default_rng(0))
        >>> areas.sum(axis=1).round(6).min(), bool(areas.min() >= 0)
        (np.float64(1000.0), True)
        """
        points = self.matrix.sum(axis=1)
        if (points[self.map_area > 0] < 3).any():
            raise ValueError("a class that covers land has fewer than three reference points")
        concentration = self._within * (np.maximum(points, 2) - 2)[:, np.newaxis]
        drawn = generator.standard_gamma(concentration, (count, *self.matrix.shape))
        shares = divided(drawn, drawn.sum(axis=2, keepdims=True))
        covered = self.map_area > 0
        return np.einsum("i,dij->dj", self.map_area[covered], shares[:, covered])

    @cached_property
    def _within(self) -> NDArray:
        """Share of each reference class in each class of the map; 0 where the class covers no land."""
        shares = divided(self.matrix, self.matrix.sum(axis=1, keepdims=True))
        return np.where(self.map_area[:, np.newaxis] > 0, shares, 0.0)

    @cached_property
    def _variances(self) -> NDArray:
        """Sampling variance of each of these shares."""
        return self._divided(self._within * (1 - self._within), self.matrix.sum(axis=1, keepdims=True) - 1)

    def _divided(self, value: NDArray, by: NDArray) -> NDArray:
        """The quotient; NaN where points are too few, 0 where the class covers no land."""
        covered = (self.map_area > 0).reshape(by.shape)
        return np.where(covered, divided(value, np.where(by > 0, by, 0)), 0.0)


@dataclass(frozen=True)
class Verdict:
    """Whether a measure of accuracy reaches what is asked for (reading T1)."""

    point: float  # the estimate
    low: float  # lower end of its 95 % confidence interval
    required: float

    @property
    def met(self) -> bool:
        """Whether the lower end reaches it; exactly on it counts, unknown does not."""
        return self.low >= self.required

    @property
    def met_by_point(self) -> bool:
        """Whether the estimate alone would: it stands beside."""
        return self.point >= self.required


class Accuracies(Protocol):
    """What `AreaAdjusted` and `mineco.restoration.maps.strata.StratifiedAreas` have alike for a verdict."""

    @property
    def matrix(self) -> NDArray:
        """Counts of points: map in rows, reference in columns."""

    @property
    def overall(self) -> Estimate:
        """Overall accuracy."""

    @property
    def users(self) -> Estimate:
        """User's accuracy of each class."""

    @property
    def producers(self) -> Estimate:
        """Producer's accuracy of each class."""


def accuracy_verdicts(found: Accuracies, place: int, required: float) -> dict[str, Verdict]:
    """Overall accuracy, and user's and producer's accuracy of the class in one row, held against what is asked for.

    Where no point was wrong the interval of Olofsson et al. has no width, however few the points; the lower end is
    then that of Wilson (1927), the share times n / (n + 1.96²) with the n points behind the figure.

    >>> found = AreaAdjusted(np.array([[97, 3], [3, 97]]), np.array([100.0, 900.0]))
    >>> [(name, one.met, one.met_by_point) for name, one in accuracy_verdicts(found, 0, 0.85).items()]
    [('overall', True, True), ('users', True, True), ('producers', False, False)]
    """
    counts = found.matrix
    behind: dict[str, tuple[Estimate, tuple[int, ...], float]] = {
        "overall": (found.overall, (), counts.sum()),
        "users": (found.users, (place,), counts[place].sum()),
        "producers": (found.producers, (place,), counts[:, place].sum())}
    verdicts = {}
    for name, (estimate, which, points) in behind.items():
        point, error, low = (float(part[which]) for part in (estimate.value, estimate.error, estimate.low))
        verdicts[name] = Verdict(point, point * points / (points + NORMAL_95**2) if error == 0 else low, required)
    return verdicts


def _checked(matrix: ArrayLike) -> NDArray:
    counts = np.asarray(matrix, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"a matrix of {counts.shape} is not square")
    if not np.isfinite(counts).all() or (counts < 0).any() or not counts.any():
        raise ValueError("counts of points are not negative, and there are some")
    return counts


def divided(value: NDArray, by: NDArray) -> NDArray:
    """The quotient; NaN where it is divided by nothing."""
    whole = np.broadcast_to(np.asarray(by, dtype=float), np.broadcast_shapes(np.shape(value), np.shape(by)))
    return np.divide(value, whole, out=np.full(whole.shape, np.nan), where=whole != 0)

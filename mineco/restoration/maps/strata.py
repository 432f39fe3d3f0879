"""Accuracy of a map by points drawn at random within strata that need not be its classes (Stehman 2014).

Strata are those of the day on which the points were drawn: a map that was made anew since is judged by them too.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.restoration.maps.accuracy import Estimate, divided

FEWEST = 3  # points of a stratum, or of a class that covers land: fewer leave no draw of its area
ROUNDING = 1e-12  # of a share


@dataclass(frozen=True)
class Strata:
    """Strata from each of which points were drawn at random, none twice.

    Parameters
    ----------
    area : array (strata,)    In any unit.
    points : array (strata,)  That were drawn of each, at least one.
    pixels : array (strata,)  Of which they were drawn; where all of them were, nothing is left open.

    >>> strata = Strata([30.0, 70.0], [10, 10], [300, 700])
    >>> shares = np.array([[0.5, 0.5], [0.1, 0.9]])  # of two kinds of land among the points of each stratum
    >>> strata.totals(shares)
    array([22., 78.])
    """

    area: NDArray
    points: NDArray
    pixels: NDArray

    def __post_init__(self) -> None:
        for name in ("area", "points", "pixels"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=float))
        if not self.area.shape == self.points.shape == self.pixels.shape or (self.area <= 0).any():
            raise ValueError("each stratum needs its area, its points and its pixels")
        if (self.points < 1).any() or (self.points > self.pixels).any():
            raise ValueError("each stratum needs a point, and no more than it has pixels")

    @cached_property
    def open(self) -> NDArray:
        """Variance that is left of an area for each unit of variance within a stratum; NaN of one point among more."""
        squared = self.area**2 * (1 - self.points / self.pixels)
        return np.where(self.points == self.pixels, 0.0, divided(squared, self.points - 1))

    def totals(self, shares: NDArray) -> NDArray:
        """Area of each kind of land by its shares (strata, kinds) among the points (equation 2)."""
        return self.area @ shares

    def covariance(self, mean: NDArray, squares: NDArray) -> NDArray:
        """Covariance (kinds, kinds) of the areas of kinds of land (equation 25).

        Parameters
        ----------
        mean : array (strata, kinds)            Mean of each kind's indicator among the points of a stratum.
        squares : array (strata, kinds, kinds)  Mean of the products of two indicators.
        """
        return np.einsum("h,hij->ij", self.open, squares - mean[:, :, np.newaxis] * mean[:, np.newaxis])

    def ratio(self, part: NDArray, whole: NDArray) -> Estimate:
        """Area of a kind of land relative to that of another of which it is part (equation 28).

        Parameters
        ----------
        part, whole : array (strata, kinds)  Shares among the points.
        """
        base = self.totals(whole)
        value = divided(self.totals(part), base)
        squares = part * (1 - value)**2 + (whole - part) * value**2
        variance = self.open @ (squares - (part - value * whole)**2)
        return Estimate(value, divided(np.sqrt(variance), base))

    def draw(self, shares: NDArray, count: int, generator: np.random.Generator) -> NDArray:
        """Draws of the areas, (count, kinds): never negative, with their mean and covariance.

        In each stratum they follow a Dirichlet distribution whose covariance is the one of its points.
        """
        rest = 1 - shares.sum(axis=1, keepdims=True)  # land of none of the kinds
        every = np.append(shares, np.where(rest > ROUNDING, rest, 0.0), axis=1)
        known = self.points == self.pixels
        if (self.points[~known] < FEWEST).any():
            raise ValueError(f"a stratum has fewer than {FEWEST} points")
        concentration = self.area[~known]**2 / self.open[~known] - 1
        drawn = np.repeat(every[np.newaxis], count, axis=0)
        gamma = generator.standard_gamma(every[~known] * concentration[:, np.newaxis], (count, *every[~known].shape))
        drawn[:, ~known] = gamma / gamma.sum(axis=2, keepdims=True)
        return np.einsum("h,dhk->dk", self.area, drawn[:, :, :-1])


@dataclass(frozen=True)
class StratifiedAreas:
    """Accuracy and areas of the classes of a map by points whose strata are others; see `AreaAdjusted` for its names.

    A point where the map knows nothing counts among the points of its stratum and in no class.

    Parameters
    ----------
    strata : Strata
    counts : array (strata, classes, classes)  Points by stratum, class of the map and class of the reference.
    map_area : array (classes,)                Area of each class in the map, in the unit of the strata.

    >>> counts = np.zeros((2, 2, 2))
    >>> counts[0], counts[1] = [[97, 3], [0, 0]], [[0, 0], [3, 97]]  # where strata are the classes, as `AreaAdjusted`
    >>> found = StratifiedAreas(Strata([100.0, 900.0], [100, 100], [1e9, 9e9]), counts, [100.0, 900.0])
    >>> found.area.value, found.area.half_width.round(1)
    (array([124., 876.]), array([30.4, 30.4]))
    >>> found.users.value, found.producers.value.round(3), found.overall.value
    (array([0.97, 0.97]), array([0.782, 0.997]), array(0.97))
    """

    strata: Strata
    counts: NDArray
    map_area: NDArray

    def __post_init__(self) -> None:
        counts, area = np.asarray(self.counts, dtype=float), np.asarray(self.map_area, dtype=float)
        if counts.shape != (len(self.strata.area), len(area), len(area)) or (counts < 0).any():
            raise ValueError("points are counted by stratum, class of the map and class of the reference")
        if (counts.sum(axis=(1, 2)) > self.strata.points).any() or not counts.any():
            raise ValueError("a stratum has no more points than were drawn in it, and there are some")
        object.__setattr__(self, "counts", counts)
        object.__setattr__(self, "map_area", area)

    @cached_property
    def matrix(self) -> NDArray:
        """Counts of points: map in rows, reference in columns."""
        return self.counts.sum(axis=0)

    @cached_property
    def weights(self) -> NDArray:
        """Share of each class in the area of the map."""
        return self.map_area / self.map_area.sum()

    @cached_property
    def proportions(self) -> NDArray:
        """Matrix of estimated proportions of the area whose class the map knows."""
        areas = np.einsum("h,hij->ij", self.strata.area, self.shares)
        return areas / areas.sum()

    @cached_property
    def overall(self) -> Estimate:
        """Overall accuracy."""
        right = np.trace(self.shares, axis1=1, axis2=2)[:, np.newaxis]
        found = self.strata.ratio(right, self.shares.sum(axis=(1, 2))[:, np.newaxis])
        return Estimate(found.value.reshape(()), found.error.reshape(()))

    @cached_property
    def users(self) -> Estimate:
        """User's accuracy of each class; NaN for one without points in the map."""
        return self.strata.ratio(self._right, self.shares.sum(axis=2))

    @cached_property
    def producers(self) -> Estimate:
        """Producer's accuracy of each class; NaN for one without points in the reference."""
        return self.strata.ratio(self._right, self.reference)

    @cached_property
    def area(self) -> Estimate:
        """Area of each class of the reference."""
        return Estimate(self.strata.totals(self.reference), np.sqrt(np.diag(self.area_covariance)))

    @cached_property
    def area_covariance(self) -> NDArray:
        """Covariance of the areas."""
        return self.strata.covariance(self.reference, _diagonal(self.reference))

    def draw_areas(self, count: int, generator: np.random.Generator) -> NDArray:
        """Draws of the areas, (count, classes); see `Strata.draw`."""
        return self.strata.draw(self.reference, count, generator)

    @cached_property
    def shares(self) -> NDArray:
        """The counts as shares of the points of their stratum."""
        return self.counts / self.strata.points[:, np.newaxis, np.newaxis]

    @cached_property
    def reference(self) -> NDArray:
        """Share of each reference class among the points of each stratum."""
        return self.shares.sum(axis=1)

    @cached_property
    def _right(self) -> NDArray:
        return np.diagonal(self.shares, axis1=1, axis2=2)


@dataclass(frozen=True)
class StratifiedChange:
    """Areas of both dates by the same points, which were judged on both: what errs alike does not count as change.

    Parameters
    ----------
    strata : Strata
    counts : array (strata, classes, classes)  Points by stratum, reference class at the start and at the end.

    >>> counts = np.zeros((1, 2, 2))
    >>> counts[0] = [[40, 10], [0, 50]]  # a tenth of the points went from the first class to the second
    >>> np.sqrt(np.diag(StratifiedChange(Strata([100.0], [100], [1e9]), counts).covariance)).round(2)
    array([3.02, 3.02])
    """

    strata: Strata
    counts: NDArray

    @cached_property
    def covariance(self) -> NDArray:
        """Covariance (classes, classes) of the areas at the end less those at the start."""
        start, end = self._shares.sum(axis=2), self._shares.sum(axis=1)
        both = self._shares + self._shares.transpose(0, 2, 1)
        return self.strata.covariance(end - start, _diagonal(start) + _diagonal(end) - both)

    def draw_areas(self, count: int, generator: np.random.Generator) -> tuple[NDArray, NDArray]:
        """Draws of the areas at the start and at the end, (count, classes) each, which belong together."""
        size = self.counts.shape[1]
        pairs = self._shares.reshape(len(self._shares), -1)
        areas = self.strata.draw(pairs, count, generator).reshape(count, size, size)
        return areas.sum(axis=2), areas.sum(axis=1)

    @cached_property
    def _shares(self) -> NDArray:
        return self.counts / self.strata.points[:, np.newaxis, np.newaxis]


def count_in_strata(strata: ArrayLike, rows: ArrayLike, columns: ArrayLike, shape: tuple[int, int, int]) -> NDArray:
    """Points counted by the places of their stratum and of two classes, of which a negative one is none.

    >>> count_in_strata([0, 1, 1], [0, 1, -1], [0, 0, 0], (2, 2, 2)).tolist()
    [[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 0.0]]]
    """
    places = np.stack([np.asarray(one) for one in (strata, rows, columns)])
    counts = np.zeros(shape)
    np.add.at(counts, tuple(places[:, (places >= 0).all(axis=0)]), 1.0)
    return counts


def _diagonal(shares: NDArray) -> NDArray:
    """In each stratum a matrix with the shares on its diagonal."""
    return shares[:, :, np.newaxis] * np.eye(shares.shape[1])

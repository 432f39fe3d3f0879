"""Carbon of mapped land: areas by class times pools by class, and how sure the sum is.

Pools are arrays (classes, pools) in tC/ha; areas are arrays (classes,) in ha. Leading axes are draws.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.restoration.maps.accuracy import NORMAL_95, Estimate

MAX_CODES = 1 << 16  # up to which counting by place is faster than sorting


def class_histogram(codes: NDArray, nodata: int | None = None) -> Counter[int]:
    """Pixels by code of the class, of which ``nodata`` is none; histograms of windows add up to that of the whole.

    >>> first, second = (class_histogram(np.array(row, dtype=np.uint8), nodata=255) for row in ([1, 1, 2], [2, 255, 1]))
    >>> first + second
    Counter({1: 3, 2: 2})
    """
    if codes.dtype.kind not in "iu":
        raise ValueError(f"classes are whole numbers, not {codes.dtype}")
    if codes.size == 0:
        return Counter()
    if codes.min() >= 0 and codes.max() < MAX_CODES:
        pixels = np.bincount(codes.ravel())
        present = np.flatnonzero(pixels)
        pixels = pixels[present]
    else:
        present, pixels = np.unique(codes, return_counts=True)
    counted = Counter(dict(zip(present.tolist(), pixels.tolist(), strict=True)))
    if nodata is not None:
        counted.pop(nodata, None)
    return counted


def class_areas(histogram: Mapping[int, int], classes: ArrayLike, pixel_ha: float) -> NDArray:
    """Area of each class by the pixels of each code. [ha]

    A code that is none of the classes is refused, since its carbon would be left out.

    >>> class_areas({1: 300, 2: 100}, [2, 1, 5], 0.09)
    array([ 9., 27.,  0.])
    """
    codes = np.asarray(classes).tolist()
    if left_out := sorted(set(histogram) - set(codes)):
        raise ValueError(f"class {left_out} is none of {codes}")
    return pixel_ha * np.array([histogram.get(code, 0) for code in codes], dtype=float)


def total_stock(area: NDArray, pools: NDArray) -> NDArray:
    """Carbon of all land, of one set of areas and pools or of draws of them. [tC]

    Parameters
    ----------
    area : array (..., classes)          For the change between two dates: areas less those at the other. [ha]
    pools : array (..., classes, pools)  [tC/ha]

    >>> total_stock(np.array([10.0, 2.0]), np.array([[15.0, 60.0], [5.0, 20.0]]))
    np.float64(800.0)
    """
    return (area * pools.sum(axis=-1)).sum(axis=-1)


def carbon_estimate(area: NDArray, pools: NDArray, spread: NDArray, area_covariance: NDArray | None = None) -> Estimate:
    """Carbon of all land with its standard error: pools err by class, not by pixel, and areas err together. [tC]

    A pool of a class is one number for all of its pixels and for both dates: its error does not average out over
    pixels, and in a change it counts for the land that changed hands only. Pools are independent of each other and of
    the areas; with d the carbon per area of a class and s² the sum of the variances of its pools, the variance is
    Σ A² s² + d' V d + Σ V_cc s², V the covariance of areas.

    Parameters
    ----------
    area : array (classes,)                 Areas; or areas less those at the earlier date, for the change. [ha]
    pools, spread : array (classes, pools)  Mean and standard deviation. [tC/ha]
    area_covariance : array (classes, classes), optional
        Of these areas (`mineco.restoration.maps.accuracy.AreaAdjusted.area_covariance`); for a change the sum of both
        dates' where their reference points are independent. None for areas taken as exact. [ha2]

    >>> pools, spread = np.array([[100.0], [10.0]]), np.array([[20.0], [2.0]])
    >>> stock = carbon_estimate(np.array([30.0, 10.0]), pools, spread)
    >>> change = carbon_estimate(np.array([1.0, -1.0]), pools, spread)
    >>> [(float(one.value), round(float(one.error), 2)) for one in (stock, change)]
    [(3100.0, 600.33), (90.0, 20.1)]
    """
    variances = (spread**2).sum(axis=1)
    variance = (area**2 * variances).sum()
    if area_covariance is not None:
        density = pools.sum(axis=1)
        variance += density @ area_covariance @ density + np.diag(area_covariance) @ variances
    return Estimate(total_stock(area, pools), np.sqrt(variance))


@dataclass(frozen=True)
class CarbonVariance:
    """Where the variance of `carbon_estimate` comes from, class by class, and what more ground truth makes of it.

    The variance of areas falls with the number of reference points, that of pools with the number of plots of which
    each mean is made, and their product with both.

    Parameters
    ----------
    value : float                  The amount of carbon. [tC]
    pools, areas, both : array (classes,)
        Parts of the variance: of its pools, of its area with what it has in common with the areas of others, which may
        lie below zero, and of both together. [tC2]

    >>> found = CarbonVariance(100.0, np.array([64.0]), np.array([36.0]), np.array([0.0]))
    >>> [round(found.half_width(*times), 3) for times in ((1, 1), (4, 1), (4, 4))]  # 1.96 times 10, 8.544, 5 in 100
    [0.196, 0.167, 0.098]
    >>> points, plots, both = found.times_needed(0.098)  # of neither alone: 64 and 36 are more than the 25 allowed
    >>> points, plots, round(both, 6)
    (None, None, 4.0)
    """

    value: float
    pools: NDArray
    areas: NDArray
    both: NDArray

    @property
    def shares(self) -> NDArray:
        """The share of each class in the variance; together 1."""
        total = self.pools + self.areas + self.both
        return total / total.sum()

    def half_width(self, points: float = 1.0, plots: float = 1.0) -> float:
        """Half of the 95 % interval, relative to the amount, with so many times the points and the plots."""
        variance = self.pools.sum() / plots + self.areas.sum() / points + self.both.sum() / (points * plots)
        return float(NORMAL_95 * np.sqrt(variance) / abs(self.value))

    def times_needed(self, allowed: float) -> tuple[float | None, float | None, float]:
        """How many times the points, the plots, and both of them bring the half-width down to what is allowed.

        None where the other part alone is more than that.
        """
        pools, areas, both = (float(part.sum()) for part in (self.pools, self.areas, self.both))
        most = (allowed * abs(self.value) / NORMAL_95) ** 2
        points, plots = (None if most <= left else (part + both) / (most - left)
                         for part, left in ((areas, pools), (pools, areas)))
        alike = pools + areas
        return points, plots, (alike + float(np.sqrt(alike**2 + 4 * most * both))) / (2 * most)


def carbon_variance(area: NDArray, pools: NDArray, spread: NDArray, area_covariance: NDArray) -> CarbonVariance:
    """The variance of `carbon_estimate` by class; the parameters are the same.

    >>> pools, spread = np.array([[100.0], [10.0]]), np.array([[20.0], [2.0]])
    >>> covariance = np.array([[4.0, -4.0], [-4.0, 4.0]])
    >>> found = carbon_variance(np.array([30.0, 10.0]), pools, spread, covariance)
    >>> found.pools, found.areas, found.both
    (array([360000.,    400.]), array([36000., -3600.]), array([1600.,   16.]))
    """
    variances, density = (spread**2).sum(axis=1), pools.sum(axis=1)
    return CarbonVariance(float(total_stock(area, pools)), area**2 * variances,
                          density * (area_covariance @ density), np.diag(area_covariance) * variances)


def draw_pools(mean: NDArray, spread: NDArray, count: int, generator: np.random.Generator) -> NDArray:
    """Draws, (count, ...), of pools or rates that are never negative, with the mean and the standard deviation given.

    They follow gamma distributions: near to normal ones where the spread is small, and not cut off at zero where it is
    large; a pool without spread stays as it is. One draw of a class goes for all of its pixels and for every date.

    >>> drawn = draw_pools(np.array([100.0, 0.0]), np.array([20.0, 0.0]), 10_000, np.random.default_rng(0))
    >>> drawn.shape, drawn[:, 0].mean().round(), drawn[:, 0].std().round()
    ((10000, 2), np.float64(100.0), np.float64(20.0))
    """
    if not ((mean >= 0) & (spread >= 0) & ((mean > 0) | (spread == 0))).all():
        raise ValueError("means and spreads are not negative, and what is zero has no spread")
    varies = spread > 0
    shape = np.divide(mean, spread, out=np.ones(mean.shape), where=varies) ** 2
    drawn = generator.standard_gamma(shape, (count, *mean.shape)) / shape * mean
    return np.where(varies, drawn, mean)


def change_by_transition(area: NDArray, pools: NDArray) -> NDArray:
    """Carbon that each change of class brings or takes; it sums to the change of the stock. [tC]

    Parameters
    ----------
    area : array (classes, classes)  Land by its class before (rows) and after (columns). [ha]
    pools : array (classes, pools)   [tC/ha]

    >>> change_by_transition(np.array([[8.0, 2.0], [0.0, 5.0]]), np.array([[86.0], [28.0]]))
    array([[   0., -116.],
           [   0.,    0.]])
    """
    density = pools.sum(axis=1)
    return area * (density - density[:, np.newaxis])

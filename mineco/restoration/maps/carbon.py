"""Carbon of mapped land: areas by class times pools by class, and how sure the sum is.

Pools are arrays (classes, pools) in tC/ha; areas are arrays (classes,) in ha. Leading axes are draws.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.restoration.maps.accuracy import Estimate

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

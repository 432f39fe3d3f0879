"""Series of a vegetation index, pixel by pixel: cover, trend, and the trend that rain does not explain.

Arrays have the times along their first axis and any shape behind it; a missing observation is NaN. Every function
works on a block of a map as on the whole of it.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from mineco.restoration.maps.scores import standard_score, variance_factor

FINEST = 1e-4  # of an index between -1 and 1, as satellite products store it; the width of the bins below
INDEX_VALUES = np.arange(round(2 / FINEST) + 1) * FINEST - 1  # that these bins stand for
PAIRS_AT_ONCE = 200_000  # numbers that a processor's own cache holds: what lies outside takes three times as long
HELD_AT_ONCE = PAIRS_AT_ONCE // 8  # where several of such arrays are held beside each other


class Trend(NamedTuple):
    """Trend of each pixel; NaN where it has too few observations."""

    slope: NDArray[np.float64]  # per unit of time
    z: NDArray[np.float64]  # of the test of Mann and Kendall
    p: NDArray[np.float64]  # two-sided
    observed: NDArray[np.int64]  # observations, also where there are too few


class RainResponse(NamedTuple):
    """What rain explains of a series; NaN where rain never differs."""

    residuals: NDArray[np.float64]  # of each time [1]
    slope: NDArray[np.float64]  # on rain [1/mm]
    correlation: NDArray[np.float64]  # with it [1]


def index_histogram(index: ArrayLike) -> NDArray[np.int64]:
    """How often each value of an index between -1 and 1 occurs, in bins of 0.0001; histograms of blocks add up.

    >>> found = index_histogram([0.25, 0.25, np.nan])
    >>> found.sum(), found[12_500]
    (np.int64(2), np.int64(2))
    """
    given, found = np.asarray(index, dtype=np.float64).ravel(), np.zeros(len(INDEX_VALUES), dtype=np.int64)
    for start in range(0, given.size, HELD_AT_ONCE):
        values = given[start:start + HELD_AT_ONCE]
        values = values[~np.isnan(values)]
        if values.size and not -1 <= values.min() <= values.max() <= 1:
            raise ValueError(f"an index lies between -1 and 1, not from {values.min():g} to {values.max():g}")
        found += np.bincount(np.rint((values + 1) / FINEST).astype(np.int64), minlength=len(INDEX_VALUES))
    return found


def known_mean(values: ArrayLike) -> NDArray[np.float64]:
    """Mean over the times that are known; NaN where none is.

    >>> known_mean([[0.25, np.nan], [0.75, np.nan]])
    array([0.5, nan])
    """
    series = np.asarray(values, dtype=np.float64)
    missing = np.isnan(series)
    count, total = len(series) - _counted(missing), _known(series, missing).sum(axis=0)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def composite(scenes: ArrayLike, how: str) -> NDArray[np.float64]:
    """One value of several scenes of a year: median, max or mean of those that are known, or the sum of all.

    Parameters
    ----------
    scenes : array (scenes, …)  NaN where a scene shows nothing.
    how : str                   "median", "max", "mean" or "sum", which is not known where a scene is missing.

    >>> scenes = [[0.25, np.nan, np.nan], [0.5, 0.25, np.nan], [0.75, 0.5, np.nan]]
    >>> composite(scenes, "median"), composite(scenes, "sum")
    (array([0.5  , 0.375,   nan]), array([1.5, nan, nan]))
    """
    values = np.asarray(scenes, dtype=np.float64)
    if how == "sum":
        return np.asarray(values.sum(axis=0))
    if how == "mean":
        return known_mean(values)
    if how == "max":
        return np.asarray(np.fmax.reduce(values, axis=0))
    known, rising = (~np.isnan(values)).sum(axis=0, keepdims=True), np.sort(values, axis=0)  # NaN goes to the end
    middle = np.maximum(known - 1, 0) // 2, known // 2
    return np.asarray(np.mean([np.take_along_axis(rising, place, axis=0)[0] for place in middle], axis=0))


def vegetation_cover(index: ArrayLike, soil: float, vegetation: float) -> NDArray[np.float64]:
    """Share of the ground that plants cover, by a vegetation index and its values on bare soil and under full cover.

    Beyond these two ends the cover is 0 and 1 by definition.

    >>> vegetation_cover([0.05, 0.45, 0.9], 0.1, 0.8)
    array([0. , 0.5, 1. ])
    """
    if vegetation <= soil:
        raise ValueError(f"the index must be higher under full cover ({vegetation:g}) than on bare soil ({soil:g})")
    share = (np.asarray(index, dtype=np.float64) - soil) / (vegetation - soil)
    return np.minimum(np.maximum(share, 0), 1)


def sen_slope(values: ArrayLike, times: ArrayLike, minimum: int) -> NDArray[np.float64]:
    """Slope of Theil and Sen alone, where its test is not asked for; NaN of a pixel with too few observations.

    Parameters
    ----------
    values, times, minimum  As of `trend`, which gives the same slope.

    >>> float(sen_slope([1.0, 2.0, 2.0, 4.0, 5.0, 6.0, 8.0, 7.0], np.arange(2001, 2009), minimum=8))
    1.0
    """
    series, when = _series(values, times)
    apart = _differences(when[:, np.newaxis])
    count = (~np.isnan(series)).sum(axis=0)
    slope = np.full(series.shape[1], np.nan)
    for part in _parts(series, np.flatnonzero(count >= max(minimum, 2))):
        block = np.ascontiguousarray(series[:, part], dtype=np.float64)
        slope[part] = _middle(_slopes(_differences(block), apart), count[part])
    return slope.reshape(np.shape(values)[1:])


def trend(values: ArrayLike, times: ArrayLike, minimum: int, correlated: float | None = None) -> Trend:
    """Slope of Theil and Sen, and the test of Mann and Kendall corrected for ties.

    Parameters
    ----------
    values : array, shape (times, ...)  Series, with NaN where an observation is missing.
    times : array, shape (times,)       When they were observed, rising.
    minimum : int
        A pixel with fewer observations has no trend: the normal distribution of the test does not hold for it.
    correlated : float, optional
        Level at which the correlations of detrended ranks count, for the correction of Hamed and Rao (1998); lags are
        of observations, so that gaps are closed up. Without it years count as independent.

    >>> found = trend([1.0, 2.0, 2.0, 4.0, 5.0, 6.0, 8.0, 7.0], np.arange(2001, 2009), minimum=8)
    >>> float(found.slope), round(float(found.z), 3)
    (1.0, 2.992)
    """
    series, when = _series(values, times)
    apart = _differences(when[:, np.newaxis])
    count = (~np.isnan(series)).sum(axis=0)
    slope, z, p = (np.full(series.shape[1], np.nan) for _ in range(3))
    for part in _parts(series, np.flatnonzero(count >= max(minimum, 2))):
        block = np.ascontiguousarray(series[:, part], dtype=np.float64)
        differences = _differences(block)
        rising, falling = _counted(differences > 0), _counted(differences < 0)
        found, number = rising - falling, count[part]
        slope[part] = _middle(_slopes(differences, apart), number)
        ties = _tied(block, rising + falling < number * (number - 1) // 2)
        spread = (number * (number - 1) * (2 * number + 5) - ties) / 18  # variance of the score without a trend
        if correlated is not None:
            spread = spread * variance_factor(block - when[:, np.newaxis] * slope[part], number, correlated)
        z[part] = standard_score(found, spread)
        p[part] = 2 * ndtr(-np.abs(z[part]))
    shape = np.shape(values)[1:]
    return Trend(slope.reshape(shape), z.reshape(shape), p.reshape(shape), count.reshape(shape))


def false_discovery_threshold(p: ArrayLike, pixels: ArrayLike, rate: float) -> float:
    """The largest p that counts as a trend when at most a share of such pixels may be false (Benjamini, Hochberg).

    A pixel counts when its p is not above it; NaN where none counts. Of bins, so that no map is gathered, it is at
    most one bin too low, never too high.

    Parameters
    ----------
    p : array       Rising: of the pixels, or the upper ends of bins.
    pixels : array  How many there are of each.
    rate : float    Share of false ones among those found.

    >>> false_discovery_threshold([0.01, 0.03, 0.04, 0.5], [1, 1, 1, 1], 0.05)
    0.01
    """
    values, below = np.asarray(p), np.cumsum(pixels)
    counting = values[(values <= rate * below / below[-1]) & (np.asarray(pixels) > 0)]
    return float(counting[-1]) if counting.size else float("nan")


def falling_trend(slope: NDArray, p: NDArray, significant: float) -> NDArray[np.float64]:
    """The slope where it falls and counts; 0 where it rises, does not vary, or may be chance; NaN where not known.

    Parameters
    ----------
    slope, p : array     Of the test of each pixel.
    significant : float  The largest p that counts (`false_discovery_threshold`); NaN where none does.

    >>> falling_trend(np.array([-0.02, -0.02, 0.02, np.nan]), np.array([0.001, 0.3, 0.001, np.nan]), 0.01)
    array([-0.02,  0.  ,  0.  ,   nan])
    """
    return np.where(np.isnan(slope) | ((p <= significant) & (slope < 0)), slope, 0.0)


def rain_response(index: ArrayLike, rain: ArrayLike) -> RainResponse:
    """Least squares of a vegetation index on rain, pixel by pixel, over the times that have both.

    The trend of the residuals is what rain does not explain (Evans and Geerken 2004); it means something only where
    the index follows rain at all, so the correlation comes with it.

    Parameters
    ----------
    index, rain : array, shape (times, ...)  Vegetation index [1] and rain [mm], with NaN where missing.

    >>> found = rain_response([0.2, 0.4, 0.7], [100.0, 200.0, 300.0])
    >>> round(float(found.slope), 4), np.round(found.residuals, 4).tolist()
    (0.0025, [0.0167, -0.0333, 0.0167])
    """
    y, x = np.asarray(index, dtype=np.float64), np.asarray(rain, dtype=np.float64)
    shape, size = y.shape, max(1, HELD_AT_ONCE // max(1, len(y)))
    y, x = (one.reshape(len(one), math.prod(shape[1:])) for one in (y, x))
    residuals, slope, correlation = np.empty_like(y), np.empty(y.shape[1]), np.empty(y.shape[1])
    for part in (slice(start, start + size) for start in range(0, y.shape[1], size)):
        residuals[:, part], slope[part], correlation[part] = _response(y[:, part], x[:, part])
    return RainResponse(residuals.reshape(shape), slope.reshape(shape[1:]), correlation.reshape(shape[1:]))


def _response(y: NDArray[np.float64], x: NDArray[np.float64]) -> RainResponse:
    """The response of pixels in columns, whose numbers a processor's own cache holds."""
    missing = np.isnan(y) | np.isnan(x)
    count = len(missing) - _counted(missing)
    with np.errstate(invalid="ignore", divide="ignore"):  # of a pixel without observations, or without differences
        y, x = (one - _known(one, missing).sum(axis=0) / count for one in (y, x))
        known_y, known_x = _known(y, missing), _known(x, missing)
        products = [product.sum(axis=0) for product in (known_x * known_y, known_x * known_x, known_y * known_y)]
        slope = np.where(products[1] > 0, products[0] / products[1], np.nan)
        correlation = products[0] / np.sqrt(products[1] * products[2])
    return RainResponse(y - slope * x, slope, correlation)


def _known(values: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Values with zero in the place of what is missing, which adds nothing to a sum."""
    known = values.copy()
    np.copyto(known, 0.0, where=missing)
    return known


def _counted(there: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many of each column hold; short numbers are added several at a time."""
    return np.asarray(there.view(np.int8).sum(axis=0, dtype=np.int32), dtype=np.int64)


def _series(values: ArrayLike, times: ArrayLike) -> tuple[NDArray, NDArray[np.float64]]:
    """Pixels in columns, and times."""
    series, when = np.asarray(values), np.asarray(times, dtype=np.float64)
    if when.shape != series.shape[:1]:
        raise ValueError(f"{when.size} times for a series of {series.shape[0]}")
    if not (np.diff(when) > 0).all():
        raise ValueError("times must rise")
    return series.reshape(len(when), math.prod(series.shape[1:])), when


def _parts(series: NDArray, pixels: NDArray[np.int64]) -> Iterator[NDArray[np.int64] | slice]:
    """Pixels in groups whose pairs fit into a processor's cache; neighbours as a slice, which copies nothing."""
    size = max(1, PAIRS_AT_ONCE * 2 // max(1, len(series) * (len(series) - 1)))
    for start in range(0, len(pixels), size):
        part = pixels[start:start + size]
        yield slice(part[0], part[-1] + 1) if part[-1] - part[0] + 1 == len(part) else part


def _differences(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Later less earlier of each pair, in rows."""
    times = len(series)
    differences, first = np.empty((times * (times - 1) // 2, series.shape[1])), 0
    for earlier in range(times - 1):  # few calls on many numbers: between calls one thread waits for the other
        last = first + times - 1 - earlier
        np.subtract(series[earlier + 1:], series[earlier], out=differences[first:last])
        first = last
    return differences


def _tied(series: NDArray[np.float64], any_tied: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The tie correction of each pixel, and of which any observations are tied.

    A sum over tied groups of t(t-1)(2t+5) is one over observations of e(2e+7), where e others are equal to it.
    """
    correction = np.zeros(series.shape[1])
    tied = np.flatnonzero(any_tied)
    if tied.size:
        some = series[:, tied]
        equal = (some[:, np.newaxis] == some).sum(axis=0) - ~np.isnan(some)
        correction[tied] = (equal * (2 * equal + 7)).sum(axis=0)
    return correction


def _slopes(differences: NDArray[np.float64], apart: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slopes of all pairs, a row for each pixel, sorted; those that a gap leaves out are NaN and come last."""
    differences /= apart
    slopes = np.ascontiguousarray(differences.T)
    slopes.sort(axis=1)  # a whole sort: numpy has it in vector instructions, and a partition at two places not
    return slopes


def _middle(slopes: NDArray[np.float64], count: NDArray[np.int64]) -> NDArray[np.float64]:
    """Median of sorted slopes, of which as many are there as pairs of observations."""
    pairs, row = count * (count - 1) // 2, np.arange(len(slopes))
    return (slopes[row, (pairs - 1) // 2] + slopes[row, pairs // 2]) / 2

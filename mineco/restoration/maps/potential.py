"""What each suitable measure would gain in each zone year by year, side by side with why the zone is degraded.

Axes are zones, measures, years, in this order; draws stand before them. A measure that does not suit a zone is NaN.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv

from mineco.core.number import Interval, Number
from mineco.restoration.carbon import project_gain

TO_CO2 = 44 / 12  # tCO2/tC: mass of the molecule, over that of the carbon in it


def yearly_from_rate(rate: ArrayLike, duration: ArrayLike, years: int) -> NDArray:
    """Gain of each year, (..., years), at a steady rate, and nothing once it is over, its last year in part.

    Parameters
    ----------
    rate : float or array (...)      [tC/(ha yr)]
    duration : float or array (...)  For how long the source says that it lasts. [yr]

    >>> yearly_from_rate([2.0, 0.5], [2.5, 20.0], 4)
    array([[2. , 2. , 1. , 0. ],
           [0.5, 0.5, 0.5, 0.5]])
    """
    pace, lasts = (np.asarray(one, dtype=float)[..., np.newaxis] for one in (rate, duration))
    return pace * np.maximum(np.minimum(lasts - np.arange(years), 1.0), 0.0)


def growth_stock(age: Number, asymptote: Number, speed: Number, shape: Number) -> Number:
    """Carbon of a stand by the growth curve of Chapman and Richards. [tC/ha]

    Parameters
    ----------
    age : float or array        [yr]
    asymptote : float or array  Carbon of the old stand. [tC/ha]
    speed : float or array      [1/yr]
    shape : float or array      Above 1 a young stand grows slowly at first. [1]

    >>> round(float(growth_stock(10.0, 100.0, 0.0693147, 1.0)), 2)
    50.0
    """
    return asymptote * (1 - np.exp(-speed * age)) ** shape


def age_class_stock(age: ArrayLike, ages: ArrayLike, stocks: ArrayLike) -> NDArray:
    """Stock of a stand from the means of age classes, straight between them and from nothing at planting.

    Parameters
    ----------
    age : float or array   Not beyond the mean age of the oldest class. [yr]
    ages : array (classes,)    Mean age of each class, rising. [yr]
    stocks : array (classes,)  Mean stock of each, in any unit, which is that of the result.

    >>> age_class_stock([0.0, 10.0, 25.0], [20.0, 30.0], [40.0, 50.0])
    array([ 0., 20., 45.])
    """
    asked, known = np.asarray(age, dtype=float), np.asarray(ages, dtype=float)
    if not (np.diff(known, prepend=0.0) > 0).all() or asked.max(initial=0.0) > known[-1]:
        raise ValueError("ages of classes do not rise, or nothing is known of an age so high")
    return np.interp(asked, [0.0, *known], [0.0, *np.asarray(stocks, dtype=float)])


def draw_around(mean: float, low: float, high: float, count: int, generator: np.random.Generator) -> NDArray:
    """Draws, (count,), of a rate by its mean and the lowest and highest that sources give.

    On either side of the mean any value is as likely; the sides are weighted so that the mean is kept. A range alone
    does not tell a mean: published extremes lie far apart, and their middle is seldom what most land gains.
    Draws are spread evenly over what is likely, so that their mean is not left to chance.

    >>> drawn = draw_around(1.03, 0.3, 3.37, 100_000, np.random.default_rng(0))
    >>> round(float(drawn.mean()), 2), bool(drawn.min() >= 0.3), bool(drawn.max() <= 3.37)
    (1.03, True, True)
    """
    if not low < mean < high:
        raise ValueError("a mean does not lie inside its range, or one is unknown")
    below, even = (high - mean) / (high - low), _evenly(count, generator)
    return np.where(even < below, low + (mean - low) * even / below,
                    mean + (high - mean) * (even - below) / (1 - below))


def draw_stands(variation: float, count: int, generator: np.random.Generator) -> NDArray:
    """Draws, (count,), of how much better or worse than the mean stand land does: 1 on average, and never negative.

    They follow a gamma distribution and are spread evenly over what is likely, as in `draw_around`.

    Parameters
    ----------
    variation : float  Standard deviation. [1]

    >>> drawn = draw_stands(0.62, 2000, np.random.default_rng(0))
    >>> round(float(drawn.mean()), 3), round(float(drawn.std()), 2), bool(drawn.min() > 0)
    (1.0, 0.62, True)
    """
    shape = variation ** -2
    return gammaincinv(shape, _evenly(count, generator)) / shape


def _evenly(count: int, generator: np.random.Generator) -> NDArray:
    """One number at random in each of so many equal parts of 0 to 1, in any order."""
    return (generator.permutation(count) + generator.random(count)) / count


def land_gain(area: Number, rate: Number) -> Number:
    """What land gains in a year at a rate, as CO2. [tCO2/yr]

    Parameters
    ----------
    area : float or array  [ha]
    rate : float or array  [tC/(ha yr)]

    >>> round(land_gain(10.0, 3.0), 9)
    110.0
    """
    return area * rate * TO_CO2


def zone_gains(area: NDArray, yearly: NDArray, baseline: NDArray, suitable: NDArray) -> NDArray:
    """What each measure would gain in each zone beyond what the zone does by itself. [tCO2/yr]

    Parameters
    ----------
    area : array (zones,)                  [ha]
    yearly : array (..., measures, years)  Gain under the measure. [tC/(ha yr)]
    baseline : array (..., zones, years)   Gain without any; negative where the land goes on degrading. [tC/(ha yr)]
    suitable : array of bool (zones, measures)

    Returns
    -------
    array (..., zones, measures, years)

    >>> yearly, baseline = np.array([[3.0, 3.0], [0.6, 0.6]]), np.array([[-0.3, -0.3]])
    >>> zone_gains(np.array([10.0]), yearly, baseline, np.array([[True, False]])).round(1)
    array([[[121., 121.],
            [ nan,  nan]]])
    """
    more = project_gain(yearly[..., np.newaxis, :, :], baseline[..., np.newaxis, :])
    return np.where(suitable[..., np.newaxis], land_gain(area[:, np.newaxis, np.newaxis], more), np.nan)


def central_interval(draws: NDArray, share: float = 0.95) -> Interval:
    """What draws, along the first axis, lead one to expect; a share of them lies inside the interval.

    >>> found = central_interval(np.arange(1001.0)[:, np.newaxis])
    >>> found.mean, found.low, found.high
    (array([500.]), array([25.]), array([975.]))
    """
    ordered = np.array(np.moveaxis(draws, 0, -1), order="C")
    ordered.sort(axis=-1)  # numpy sorts in vector instructions, and looks for quantiles of what is sorted in no time
    low, high = np.quantile(ordered, [(1 - share) / 2, (1 + share) / 2], axis=-1)
    return Interval(draws.mean(axis=0), low, high)


def cost_per_tonne(cost: ArrayLike, gain: ArrayLike) -> NDArray:
    """What a tonne costs; NaN where nothing is gained, since no price buys it there. [yuan/tCO2]

    Parameters
    ----------
    cost, gain : array  Both of the same land and years. [yuan], [tCO2]

    >>> cost_per_tonne([30_000.0, 30_000.0], [600.0, -5.0])
    array([50., nan])
    """
    spent, gained = np.broadcast_arrays(np.asarray(cost, dtype=float), np.asarray(gain, dtype=float))
    return np.divide(spent, gained, out=np.full(spent.shape, np.nan), where=gained > 0)


@dataclass(frozen=True)
class Priorities:
    """Zones ranked three ways, none of which is added to another (reading T7).

    The most degraded, the most gain and the cheapest tonne come first; equal ones share a rank; NaN where no measure
    has a gain or a cost.
    """

    most: NDArray[np.intp]  # measure with the most gain; −1 where there is none
    cheapest: NDArray[np.intp]  # measure with the cheapest tonne; likewise
    by_degradation: NDArray
    by_gain: NDArray
    by_cost: NDArray


def priorities(degradation: NDArray, gain: NDArray, cost: NDArray) -> Priorities:
    """Which zone and measure first, by degradation, by gain and by cost of a tonne side by side.

    Parameters
    ----------
    degradation : array (zones,)    Index of priority; the higher, the more degraded. [1]
    gain : array (zones, measures)  Over all years; NaN where a measure does not suit. [tCO2]
    cost : array (zones, measures)  [yuan/tCO2]

    >>> found = priorities(np.array([0.4, 0.9]), np.array([[500.0, 80.0], [300.0, np.nan]]),
    ...                    np.array([[60.0, 20.0], [np.nan, np.nan]]))
    >>> found.by_degradation, found.by_gain, found.by_cost, found.most, found.cheapest
    (array([2., 1.]), array([1., 2.]), array([ 1., nan]), array([0, 0]), array([ 1, -1]))
    """
    most, cheapest = _highest(gain), _highest(-cost)
    zones = np.arange(len(degradation))
    return Priorities(most, cheapest, _ranks(degradation), _ranks(np.where(most < 0, np.nan, gain[zones, most])),
                      _ranks(np.where(cheapest < 0, np.nan, -cost[zones, cheapest])))


def _highest(values: NDArray) -> NDArray[np.intp]:
    known = ~np.isnan(values)
    place = np.where(known, values, -np.inf).argmax(axis=1)
    return np.where(known.any(axis=1), place, -1)


def _ranks(values: NDArray) -> NDArray:
    """1 for the highest; equal ones share a rank, and the next ranks are left out."""
    higher = (values > values[:, np.newaxis]).sum(axis=1)
    return np.where(np.isnan(values), np.nan, higher + 1.0)

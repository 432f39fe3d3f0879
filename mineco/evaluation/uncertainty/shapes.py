"""The shapes of spreads: their draws, and the deviation that stands for them in the propagation of errors."""

import numpy as np
from numpy.typing import NDArray

from mineco.evaluation.draws import NORMAL_95
from mineco.evaluation.uncertainty.spreads import Spread


def draws_of(spread: Spread, value: float, source: np.random.Generator, count: int) -> NDArray:
    """Draws of a value, in its unit, an array of ``count``.

    The value as given is the median of a normal or lognormal spread, whose sides may differ, and has 95 % of the draws
    between its bounds; it is the peak of a triangle, whose ends the bounds are, as they are of an even spread.

    >>> even = Spread("gas.content", -20.0, 20.0, "uniform")
    >>> found = draws_of(even, 10.0, np.random.default_rng(1), 1000)
    >>> bool(found.min() >= 8.0), bool(found.max() <= 12.0)
    (True, True)
    """
    low, high = spread.lower_pct / 100, spread.upper_pct / 100
    if spread.shape in ("triangular", "uniform"):
        share = (source.triangular(low, 0.0, high, count) if spread.shape == "triangular" else
                 source.uniform(low, high, count))
        return value * (1 + share)
    normal = source.standard_normal(count)
    if spread.shape == "lognormal":
        low, high = np.log1p(low), np.log1p(high)
    moved = normal * np.where(normal < 0, -low, high) / NORMAL_95
    return value * (np.exp(moved) if spread.shape == "lognormal" else 1 + moved)


def standard_deviation(spread: Spread, value: float) -> float:
    """The standard deviation of a value for the propagation of errors, in its unit.

    Of a normal or lognormal spread the half-width of the 95 % interval over 1.96, on the wider side where the two
    differ (as IPCC 2006, volume 1, chapter 3 has it for table 3.2; from memory); of a triangle or an even spread its
    own.

    >>> round(standard_deviation(Spread("fuel.burnt", -5.0, 5.0, "normal"), 1960.0), 1)  # 98 / 1.96
    50.0
    >>> round(standard_deviation(Spread("tier1", -50.0, 100.0, "lognormal"), 98.0), 1)  # 98 / 1.96 as well
    50.0
    """
    low, high = spread.lower_pct / 100, spread.upper_pct / 100
    if spread.shape == "uniform":
        return abs(value) * (high - low) / 12**0.5
    if spread.shape == "triangular":
        return abs(value) * ((low**2 + high**2 - low * high) / 18) ** 0.5
    return abs(value) * max(-low, high) / NORMAL_95

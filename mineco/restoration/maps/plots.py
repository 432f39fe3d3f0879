"""A map of carbon held against plots on the ground, and whether it stays within what is allowed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from mineco.restoration.maps.accuracy import Estimate

ROUNDING = 1e-9  # of its half-width: a change below it is none, of which no share can be told


@dataclass(frozen=True)
class PlotCheck:
    """How a map differs from plots. [tC/ha]"""

    count: int  # of plots
    measured: float  # mean of the plots
    bias: float  # mean of map less plot, with its 95 % confidence interval
    low: float
    high: float
    rmse: float  # root mean square of map less plot


def check_against_plots(mapped: ArrayLike, measured: ArrayLike) -> PlotCheck:
    """Bias of a map against plots with Student's interval, and the root mean square of differences.

    Parameters
    ----------
    mapped, measured : array (plots,)  Carbon of the map at each plot, and of the plot. [tC/ha]

    >>> found = check_against_plots([52.0, 48.0, 61.0, 59.0], [50.0, 50.0, 60.0, 60.0])
    >>> found.bias, round(found.low, 2), round(found.high, 2), round(found.rmse, 3)
    (0.0, -2.91, 2.91, 1.581)
    """
    on_map, on_ground = np.asarray(mapped, dtype=float), np.asarray(measured, dtype=float)
    if on_map.shape != on_ground.shape or on_map.ndim != 1 or len(on_map) < 2:
        raise ValueError("two plots at least, each with the value of the map, are needed")
    difference = on_map - on_ground
    if not np.isfinite(difference).all():
        raise ValueError("a plot or the map at it has no value")
    count, bias = len(difference), float(difference.mean())
    half = float(stdtrit(count - 1, 0.975) * difference.std(ddof=1) / np.sqrt(count))
    return PlotCheck(count, float(on_ground.mean()), bias, bias - half, bias + half,
                     float(np.sqrt((difference**2).mean())))


@dataclass(frozen=True)
class Deviation:
    """A relative deviation held against what is allowed (reading T2). [1]"""

    point: float  # as estimated, without sign
    worst: float  # the farther end of its 95 % confidence interval; of a half-width itself
    allowed: float

    @property
    def met(self) -> bool:
        """Whether even the farther end is within; exactly on the limit counts, unknown does not."""
        return self.worst <= self.allowed

    @property
    def met_by_point(self) -> bool:
        """Whether the estimate alone is within: it stands beside."""
        return self.point <= self.allowed


def bias_deviation(check: PlotCheck, allowed: float) -> Deviation:
    """The bias against plots, relative to their mean.

    >>> check = check_against_plots([52.0, 48.0, 61.0, 59.0], [50.0, 50.0, 60.0, 60.0])
    >>> found = bias_deviation(check, 0.1)
    >>> found.point, round(found.worst, 3), found.met
    (0.0, 0.053, True)
    """
    point, worst = abs(check.bias), max(abs(check.low), abs(check.high))
    return Deviation(_share(point, check.measured), _share(worst, check.measured), allowed)


def spread_deviation(estimate: Estimate, allowed: float) -> Deviation:
    """The half-width of the 95 % interval of a stock, or of a change, relative to it; NaN where nothing changed.

    >>> found = spread_deviation(Estimate(np.array(200.0), np.array(20.0)), 0.1)
    >>> round(found.worst, 3), found.met
    (0.196, False)
    >>> spread_deviation(Estimate(np.array(1.2e-9), np.array(6000.0)), 0.1)
    Deviation(point=nan, worst=nan, allowed=0.1)
    """
    relative = _share(float(estimate.half_width), abs(float(estimate.value)))
    return Deviation(relative, relative, allowed)


def _share(part: float, whole: float) -> float:
    """A part of a whole; NaN of one that is nothing but rounding beside it."""
    return part / whole if whole > ROUNDING * part else float("nan")

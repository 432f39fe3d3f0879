"""What restoration adds beyond what would have happened anyway, how likely it rises, and what it is worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.core.number import Number
from mineco.restoration.carbon import project_gain


def additional_gain(project: Number, baseline: Number, leakage: Number) -> Number:
    """Gain that the project may claim: beyond the same land without it, less what it drives elsewhere. [tCO2e]

    Parameters
    ----------
    project, baseline : float or array  Gained with the project, and by the same land without it. [tCO2e]
    leakage : float or array            Carbon lost elsewhere because of the project, positive. [tCO2e]

    >>> additional_gain(900.0, 150.0, 50.0)
    700.0
    """
    return project_gain(project, baseline) - leakage


@dataclass(frozen=True)
class DifferenceInDifferences:
    """Change of restored units beyond that of controls, with its 95 % confidence interval."""

    raw: float  # mean of the restored units
    control: float  # mean of the controls
    effect: float  # the one less the other
    low: float
    high: float

    @property
    def overstated(self) -> float:
        """By what share the raw change exceeds the effect; NaN where the effect is not positive."""
        return self.raw / self.effect - 1 if self.effect > 0 else float("nan")


def difference_in_differences(before: ArrayLike, after: ArrayLike, control_before: ArrayLike,
                              control_after: ArrayLike) -> DifferenceInDifferences:
    """What restored units gained beyond units that were left alone, with Welch's interval.

    Parameters
    ----------
    before, after : array (units,)                     The same restored units at both dates, in any unit.
    control_before, control_after : array (controls,)  Units alike that were not restored, at the same dates.

    >>> found = difference_in_differences([0.3, 0.3], [0.6, 0.604], [0.7, 0.7], [0.76, 0.766])
    >>> round(found.raw, 3), round(found.control, 3), round(found.effect, 3), round(found.overstated, 2)
    (0.302, 0.063, 0.239, 0.26)
    """
    changes = [np.asarray(last, dtype=float) - np.asarray(first, dtype=float)
               for first, last in ((before, after), (control_before, control_after))]
    if min(map(len, changes)) < 2 or not all(np.isfinite(one).all() for one in changes):
        raise ValueError("two restored units and two controls are needed at least, each known at both dates")
    raw, control = (float(one.mean()) for one in changes)
    parts = np.array([one.var(ddof=1) / len(one) for one in changes])
    if not parts.any():
        return DifferenceInDifferences(raw, control, raw - control, raw - control, raw - control)
    freedom = parts.sum() ** 2 / sum(part**2 / (len(one) - 1) for part, one in zip(parts, changes, strict=True))
    from scipy.special import stdtrit  # the forms of results need this module, and no scipy

    half = float(stdtrit(freedom, 0.975) * np.sqrt(parts.sum()))
    return DifferenceInDifferences(raw, control, raw - control, raw - control - half, raw - control + half)


def sink_rise(project: NDArray, baseline: NDArray, before: NDArray, within: int) -> NDArray:
    """By what share the yearly sink rises over the first years, net of what it would have done anyway (reading T3).

    NaN where the land was no sink before: a share of nothing, or of a source, says nothing.

    Parameters
    ----------
    project, baseline : array (..., years)  Sink of each year, with the project and without it. [tCO2e/yr]
    before : array (...)                    Sink a year before the start. [tCO2e/yr]
    within : int                            Years over which the mean is taken.

    >>> sink_rise(np.array([[120.0, 140.0, 160.0]]), np.array([[100.0, 100.0, 100.0]]), np.array([100.0]), 3)
    array([0.4])
    """
    if project.shape[-1] < within or baseline.shape[-1] < within:
        raise ValueError(f"fewer than {within} years are given")
    more = project_gain(project[..., :within].mean(axis=-1), baseline[..., :within].mean(axis=-1))
    more, reference = np.broadcast_arrays(more, before)
    return np.divide(more, reference, out=np.full(more.shape, np.nan), where=reference > 0)


def probability_above(rise: NDArray, limit: float) -> float:
    """Share of draws above a limit; exactly on it is not above, and a draw that is not known does not count as one.

    >>> probability_above(np.array([0.2, 0.25, 0.3, np.nan]), 0.25)
    0.25
    """
    return float(np.mean(rise > limit))


def present_value(gain: ArrayLike, price: float, discount: float, price_growth: float) -> NDArray:
    """Value today of what is gained year by year; the first year is not discounted. [yuan]

    Parameters
    ----------
    gain : array (..., years)       Gained in each year; a loss has a negative value. [t/yr]
    price : float                   Of the same substance, carbon or CO2, in the first year. [yuan/t]
    discount, price_growth : float  A year. [%]

    >>> round(float(present_value([100.0, 100.0], 50.0, 25.0, 0.0)), 2)  # 5000 + 5000 / 1.25
    9000.0
    """
    gains = np.asarray(gain, dtype=float)
    if discount <= -100 or price_growth <= -100:
        raise ValueError("a rate of −100 % a year or less leaves nothing to compare")
    ratio = (1 + price_growth / 100) / (1 + discount / 100)
    return price * (gains * ratio ** np.arange(gains.shape[-1])).sum(axis=-1)

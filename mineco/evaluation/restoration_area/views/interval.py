"""Numbers of a report with their intervals, in words."""

import math

from mineco.core.formatting import DASH, format_number, format_percent, unit_text
from mineco.core.labels import label
from mineco.core.number import Interval
from mineco.restoration.maps.accuracy import Estimate, Verdict
from mineco.restoration.maps.plots import Deviation


def finite_or_none(value: float | None) -> float | None:
    """A number, or None where it is not known."""
    return None if value is None or math.isnan(value) else float(value)


def interval_text(value: float, low: float, high: float, unit: str) -> str:
    """A number with its interval and unit."""
    ends = label("from_to").format(low=format_number(float(low)), high=format_number(float(high)))
    return f"{format_number(float(value))} ({ends}) {unit_text(unit)}".strip()


def with_interval(one: Estimate | Interval, place: int | None = None, scale: float = 1.0, unit: str = "") -> str:
    """An estimate or the mean of draws, or one place of it, with its interval."""
    value, low, high = (part * scale for part in value_low_high(one, place))
    return interval_text(value, low, high, unit)


def value_low_high(one: Estimate | Interval, place: int | None = None) -> tuple[float, float, float]:
    """Value, low and high, of one place where there are several."""
    value, low, high = (float(part if place is None else part[place])
                        for part in (one.value if isinstance(one, Estimate) else one.mean, one.low, one.high))
    return value, low, high


def area_text(one: Estimate, place: int) -> str:
    """An area with its interval; where no point was wrong the formula gives none, which is no certainty."""
    if one.error[place]:
        return with_interval(one, place)
    return f"{format_number(float(one.value[place]))} ({label('no_wrong_point')})"


def share_text(one: Estimate, place: int) -> str:
    """A share with its interval, where it has one; none is above 1."""
    value, low, high = value_low_high(one, place)
    if math.isnan(value):
        return DASH
    if math.isnan(low) or low == high:
        return format_percent(value)
    ends = label("from_to").format(low=format_percent(low), high=format_percent(min(high, 1.0)))
    return f"{format_percent(value)} ({ends})"


def lowest_text(one: Verdict) -> str:
    """A share with the lower end that decides."""
    return f"{format_percent(one.point)} ({label('lower_end').format(low=format_percent(one.low))})"


def deviation_text(share: float) -> str:
    """A deviation in per cent; words where nothing changed of which it could be a share."""
    return label("none_to_tell") if math.isnan(share) else format_percent(share)


def worst_text(one: Deviation) -> str:
    """A deviation with the farther end of its interval, where it has one; a change of nothing has none."""
    if one.worst == one.point or math.isnan(one.point):
        return deviation_text(one.point)
    return f"{format_percent(one.point)} ({label('farther_end').format(worst=format_percent(one.worst))})"

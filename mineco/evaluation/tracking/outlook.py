"""What may cost the mine its grade in the years to come: by which key, which indicator, when, on which assumption.

Each cause is tried alone and all of them together, the rest as it is now. A trend counts only where it is clear, so
that no alarm rests on scatter. Nothing here is a forecast.
"""

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.core.lazy import Brief
from mineco.core.units import convert
from mineco.evaluation.carbon_neutral_mine.history import recalculated
from mineco.evaluation.carbon_neutral_mine.outcome import OFFSET_RATIO, Evaluation
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.tracking.targets import PATH
from mineco.evaluation.tracking.years import Year
from mineco.scoring.emissions import annual_reduction_rate, compound_reduction_rate
from mineco.scoring.values import offset_ratio, value_score

AHEAD = 5  # years that are looked at
OVER = 5  # years back, over which a trend is measured
LEAST = 4  # values without which there is none
SURE = 0.1  # two-sided p of the slope, above which a trend is not clear
SCORE, OFFSET = "score", "offset"  # the two keys of the grade
TREND, HELD, CREDITS, TOGETHER = "trend", "held", "credits", "together"
OF_EMISSIONS, OF_INTENSITY = (PATH, "annual_reduction_rate"), "intensity_reduction_rate"  # formulas of changes


@dataclass(frozen=True)
class Slope:
    """A straight line through the values of the last years, by least squares."""

    per_year: float
    p: float  # of no slope, two-sided
    since: int
    values: int

    @property
    def clear(self) -> bool:
        """Whether it is unlikely that there is no slope."""
        return self.p <= SURE


@dataclass(frozen=True, repr=False)
class Risk(Brief):
    """One cause by itself, or all together, and what it makes of the grade in the years to come.

    Attributes
    ----------
    cause : str             trend, held (emissions and intensity as they are), credits or together.
    indicator : str         That moves; blank for all together.
    years : tuple of int    The years to come.
    values : array          Of the indicator in each of them; empty for all together.
    score : array           Total of each year. [points]
    by_score, by_offset : tuple of str    The grades of each year by either key.
    falls : mapping         By key the first year in which its grade is lower than now; no entry where it is not.
    slope : Slope           Of what goes on changing; None where it is taken to stay.
    """

    cause: str
    indicator: str
    years: tuple[int, ...]
    values: NDArray[np.float64]
    score: NDArray[np.float64]
    by_score: tuple[str, ...]
    by_offset: tuple[str, ...]
    falls: Mapping[str, int]
    slope: Slope | None = None


@dataclass(frozen=True)
class Lapse:
    """A licence that ends in the years to come, without which a gate is not met."""

    name_zh: str
    name_en: str
    date: datetime.date


@dataclass(frozen=True, repr=False)
class Outlook(Brief):
    """What lies ahead of a graded year."""

    year: int
    score: float
    by_score: str
    by_offset: str
    risks: tuple[Risk, ...]  # that lose points or a grade; all together last, where there are several
    unclear: tuple[str, ...]  # indicators whose values fell, but not clearly
    untold: tuple[str, ...]  # indicators of which too few values are known for a trend
    lapses: tuple[Lapse, ...]

    @property
    def alarms(self) -> tuple[Risk, ...]:
        """Those that cost a grade by one of the keys."""
        return tuple(one for one in self.risks if one.falls)


def outlook_of(years: Sequence[Year]) -> Outlook | None:
    """What may lower the grade of the last year; None where that is not graded.

    Indicators of a change of emissions or intensity are taken at emissions and intensity that stay, or go on by a
    clear trend of theirs; the offset ratio at as many credits of the same vintages retired for each year, as long as
    these count (reading R14); any other that a value function scores or bounds at its clear trend. What improves
    clearly is in what all together make. Ratings have no trend.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.tracking.years import years_of
    >>> found = outlook_of(years_of([open_case("parameters/mines/example-quarry-years")]))
    >>> found.by_score, [(one.cause, one.indicator, dict(one.falls)) for one in found.alarms]
    ('B', [('credits', 'O1.2', {'score': 2027, 'offset': 2027}), ('together', '', {'offset': 2027})])
    """
    last = years[-1]
    now = last.evaluation
    if now is None:
        return None
    ahead = np.arange(last.year + 1, last.year + AHEAD + 1)
    moved, unclear, untold = dict[str, tuple[str, NDArray[np.float64], Slope | None]](), list[str](), list[str]()
    for name, one in now.indicators.items():
        if one.variant is None or one.measured is None:
            continue
        slope = _slope(years, name)
        if one.variant.formula in (*OF_EMISSIONS, OF_INTENSITY):
            values, along = _held(years, ahead, one.variant.formula)
            moved[name] = HELD, values, along
        elif one.variant.formula == OFFSET_RATIO:
            moved[name] = CREDITS, _ratios(now, ahead, one.variant.unit), None
        elif slope is None:
            untold.append(name)
        elif slope.clear:
            moved[name] = TREND, np.asarray(float(one.measured) + slope.per_year * (ahead - last.year)), slope
        elif _loses(one, slope):
            unclear.append(name)
    risks = [_risk(now, cause, name, ahead, {name: values}, slope) for name, (cause, values, slope) in moved.items()]
    kept = [one for one in risks if one.falls or one.score[-1] < float(now.score.total)]
    if len(kept) > 1:
        kept.append(_risk(now, TOGETHER, "", ahead, {name: values for name, (_, values, _) in moved.items()}, None))
    return Outlook(last.year, float(now.score.total), str(now.grade.by_score), str(now.grade.by_offset), tuple(kept),
                   tuple(unclear), tuple(untold), tuple(_lapses(now, int(ahead[-1]))))


def line_through(years: Sequence[float], values: Sequence[float]) -> Slope:
    """A straight line through values by least squares, and the p of its slope (Student's t).

    Parameters
    ----------
    years, values : sequence of float    Of one length, at least three.

    >>> found = line_through([2021, 2022, 2023, 2024], [1.0, 3.0, 2.0, 4.0])  # t = 0.8 / sqrt(0.9 / 5), 2 d. f.
    >>> round(found.per_year, 9), round(found.p, 3), found.clear
    (0.8, 0.2, False)
    """
    from scipy.stats import linregress

    found = linregress(years, values)
    return Slope(float(found.slope), float(found.pvalue), int(years[0]), len(years))


def _slope(years: Sequence[Year], name: str) -> Slope | None:
    """The slope of an indicator over the last years; None where too few of them are known alike."""
    last = years[-1]
    return _line(last, ((one.year, _value(one, last, name)) for one in years))


def _line(last: Year, values: Iterable[tuple[int, float | None]]) -> Slope | None:
    known = [(year, value) for year, value in values if value is not None and year > last.year - OVER]
    return line_through(*zip(*known, strict=True)) if len(known) >= LEAST else None


def _value(year: Year, last: Year, name: str) -> float | None:
    one, now = year.indicators.get(name), last.indicators[name]
    alike = one and one.measured and one.variant and now.variant and one.variant.id == now.variant.id
    return float(one.measured) if one and one.measured and alike else None


def _loses(one: IndicatorResult, slope: Slope) -> bool:
    """Whether a change along the slope costs points."""
    assert one.variant is not None
    assert one.measured is not None
    value = float(one.measured)
    return bool(value_score(value + slope.per_year * AHEAD, one.variant.knots) < value_score(value, one.variant.knots))


def _held(years: Sequence[Year], ahead: NDArray[np.int64], formula: str
          ) -> tuple[NDArray[np.float64], Slope | None]:
    """A yearly reduction in the years to come, where emissions or intensity stay or follow a clear trend. [%/yr]"""
    last = years[-1]
    now = last.evaluation
    assert now is not None
    of_year = {one.year: one.intensity if formula == OF_INTENSITY else one.emissions for one in years}
    slope = _line(last, of_year.items())
    slope = slope if slope and slope.clear else None
    level = of_year[last.year] or 0.0
    amounts = level + (slope.per_year if slope else 0.0) * np.arange(len(ahead) + 1)
    if formula != PATH:
        return np.asarray(annual_reduction_rate(amounts[1:], amounts[:-1], 1.0)), slope
    base = float(recalculated(now.case, now.accounts, now.case.base_year))
    return np.asarray(compound_reduction_rate(amounts[1:], base, ahead - float(now.case.base_year))), slope


def _ratios(now: Evaluation, ahead: NDArray[np.int64], unit: str) -> NDArray[np.float64]:
    """The offset ratio with the credits of now whose vintages still count, and the residual emissions of now."""
    oldest, rows = now.case.standard.rule("credit_max_age"), now.ledger.offsets.counted.values()
    kept = [math.fsum(float(row.quantity.to("tCO2e")) for row in rows if row.vintage >= year - oldest)
            for year in ahead]
    ratio = offset_ratio(np.array(kept), np.full(len(ahead), float(now.ledger.residual)))
    return np.asarray(convert(ratio, now.ledger.offset_ratio.unit, unit))


def _risk(now: Evaluation, cause: str, indicator: str, ahead: NDArray[np.int64],
          values: Mapping[str, NDArray[np.float64]], slope: Slope | None) -> Risk:
    score, grade = now.at_values(values)
    whole = (len(ahead),)
    grades = {key: tuple(map(str, np.broadcast_to(np.asarray(one), whole)))
              for key, one in ((SCORE, grade.by_score), (OFFSET, grade.by_offset))}
    order = now.case.standard.grade_ids
    given = {SCORE: str(now.grade.by_score), OFFSET: str(now.grade.by_offset)}
    falls = {key: int(ahead[place]) for key, one in grades.items()
             if (place := next((here for here, name in enumerate(one)
                                if order.index(name) > order.index(given[key])), None)) is not None}
    return Risk(cause, indicator, tuple(map(int, ahead)), values.get(indicator, np.array([])),
                np.broadcast_to(np.asarray(score.total.value, dtype=float), whole), grades[SCORE], grades[OFFSET],
                falls, slope)


def _lapses(now: Evaluation, until: int) -> Iterator[Lapse]:
    """The licences that end until then."""
    for one in now.case.dossier.mine.licences:
        if one.valid_until.year <= until:
            yield Lapse(one.name.zh, one.name.en, one.valid_until)

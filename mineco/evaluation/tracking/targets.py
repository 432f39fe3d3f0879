"""The path that the standard scores and the mine's own targets: on track or not, and what cut is needed from now on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mineco.evaluation.case import Case
from mineco.evaluation.tracking.base_year import restated_years
from mineco.evaluation.tracking.years import Year
from mineco.scoring.emissions import compound_reduction_rate

PATH = "compound_reduction_rate"  # the formula of the indicator that scores the path (reading R29)
PACE = 3  # years back, over which the present pace is measured
OWN, STANDARD = "own", "standard"


@dataclass(frozen=True)
class Goal:
    """What the mine means to emit in a year, held against where it stands. [t CO2e; rates in %/yr, compound]

    Attributes
    ----------
    year : int
    emissions : float       Of that year.
    source : str            Where the target is written down.
    on_path : float         Emissions of the last known year on the compound path from the base year to the target.
    needed : float          Yearly cut from the last known year on; None where its year is past.
    needed_tonnes : float   The same as equal amounts. [t CO2e/yr]
    at_pace : float         Emissions of that year if the pace of the last years goes on; None where it is not known.
    met : bool              Of a year that is past: whether its emissions were no more; None of one to come.
    """

    year: int
    emissions: float
    source: str
    on_path: float
    needed: float | None
    needed_tonnes: float | None
    at_pace: float | None
    met: bool | None
    now: float  # emissions of the last known year

    @property
    def on_track(self) -> bool:
        """Whether the mine emits no more than on the way to the target; of a year that is past, whether it was met."""
        return self.now <= self.on_path if self.met is None else self.met


@dataclass(frozen=True)
class PathPoint:
    """What emissions of a year score on the path of the standard. [t CO2e]"""

    year: int
    score: float  # points of a knot of the value function
    rate: float  # yearly reduction since the base year, compound [%/yr]
    emissions: float


def emissions_after(earlier: float, rate: float, years: float) -> float:
    """Emissions after some years of a compound yearly reduction. [unit of the amount]

    Parameters
    ----------
    earlier : float    Emissions at the beginning, zero or above.
    rate : float       Yearly reduction, compound; below zero where they rise. [%/yr]
    years : float      [yr]

    >>> round(emissions_after(100.0, 20.0, 2.0), 9)
    64.0
    """
    return float(earlier * (1 - rate / 100) ** years)


def pace(years: Sequence[Year]) -> tuple[float, int] | None:
    """The compound yearly reduction over the last years, and since when; None where no earlier year is known. [%/yr]"""
    known = [one for one in years if one.emissions]
    if len(known) < 2 or known[-1] is not years[-1]:
        return None
    last = known[-1]
    first = next(one for one in known if one.year >= last.year - PACE)
    first = first if first is not last else known[-2]
    return float(compound_reduction_rate(last.emissions, first.emissions, float(last.year - first.year))), first.year


def goals_of(case: Case, years: Sequence[Year]) -> tuple[Goal, ...]:
    """The mine's own targets, each held against the last year whose emissions are known.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.tracking.years import years_of
    >>> case = open_case("parameters/mines/example-quarry-years")
    >>> goal = goals_of(case, years_of([case]))[0]
    >>> goal.year, round(goal.emissions, 1), goal.on_track  # 20 % below 1,270.46 t of 2016
    (2030, 1016.4, False)
    """
    base, known = _base(case, years), [one for one in years if one.emissions is not None]
    if base is None or not known:
        return ()
    return tuple(_goal(one, case.base_year, base, known, pace(years)) for one in sorted(case.dossier.mine.targets,
                                                                          key=lambda one: one.year))


def _base(case: Case, years: Sequence[Year]) -> float | None:
    """Emissions of the base year, recalculated where it is; None where they are zero or not known. [t CO2e]"""
    return next((one.restated for one in restated_years(case, years) if one.year == case.base_year), None) or None


def _goal(one: Any, since: int, started: float, known: Sequence[Year], now_pace: tuple[float, int] | None) -> Goal:
    last = known[-1]
    now = last.emissions or 0.0
    wanted = (one.emissions_t_co2e if one.emissions_t_co2e is not None else started * (1 - one.reduction_pct / 100))
    rate = float(compound_reduction_rate(wanted, started, float(one.year - since)))
    on_path = emissions_after(started, rate, float(last.year - since)) if wanted else started * (
        1 - (last.year - since) / (one.year - since))  # no compound path ends at zero: the straight line
    left = one.year - last.year
    past = next((each.emissions for each in known if each.year == one.year), None) if left <= 0 else None
    return Goal(one.year, wanted, one.source, on_path if left > 0 else wanted,
                float(compound_reduction_rate(wanted, now, float(left))) if left > 0 and now else None,
                (now - wanted) / left if left > 0 else None,
                emissions_after(now, now_pace[0], float(left)) if now_pace and left > 0 else None,
                None if left > 0 or past is None else past <= wanted, now)


def path_points(case: Case, years: Sequence[Year], until: int) -> tuple[PathPoint, ...]:
    """Emissions of each year since the base year that score the knots above zero of the path (reading R29)."""
    base = _base(case, years)
    way = next((way for one in case.standard.indicators.values() for way in one.variants if way.formula == PATH), None)
    if base is None or way is None:
        return ()
    return tuple(PathPoint(year, score, rate, emissions_after(base, rate, float(year - case.base_year)))
                 for rate, score in way.knots if score for year in range(case.base_year, until + 1))

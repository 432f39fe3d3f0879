"""A way year by year: each measure from the year in which it is ready, each year held against the one before it.

Indicators that compare with the year before reward a step in the year in which it is taken and no more, so that a grade
that was reached can be lost in the year after. What is carried forward is the mine as it is: production, ratings, plans
and references, what it retires itself. What is not known of later years is not made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from mineco.core.errors import Problems
from mineco.core.lazy import Brief
from mineco.evaluation.advice.effects import Outcome, outcome_of
from mineco.evaluation.advice.figures import Figures, figures_of
from mineco.evaluation.advice.library import Measure
from mineco.evaluation.advice.steps import with_credits
from mineco.evaluation.advice.written import case_of
from mineco.evaluation.case import Case
from mineco.evaluation.path.candidates import Candidate, OnWays
from mineco.evaluation.path.routes import figures_of_set
from mineco.evaluation.registry import evaluate
from mineco.evaluation.views.words import short_grade
from mineco.standards.standard import Standard

YEAR = timedelta(days=365)
TABLES = ("activity", "metrics", "bases", "measures", "parcels")  # whose rows are of a year


@dataclass(frozen=True, repr=False)
class Stage(Brief):
    """One year of a way."""

    year: int
    starts: tuple[Measure, ...]
    credits: float  # retired beside what the mine retires already [t CO2e]
    outcome: Outcome  # held against the year before as it then was
    standard: Standard

    @property
    def grade(self) -> str:
        """The grade by its letter, in words."""
        return short_grade(self.standard, self.outcome.grade)


class Stages(tuple[Stage, ...], OnWays):
    """A way year by year, and the year after the last step."""

    @property
    def held(self) -> Stage:
        """The year after the last step, in which nothing more is done."""
        return self[-1]

    __repr__ = OnWays.__repr__


def stages_of(case: Case, chosen: Sequence[Candidate], credits: float) -> Stages:
    """The years until every measure is ready, and the one after, each evaluated by the whole chain.

    A measure is ready in the first year whose distance from the reporting year is its lead time; the credits are
    retired from the year in which the last one is.

    Raises
    ------
    BadInput
        For measures whose lead time is not known, and where a later year cannot be evaluated.

    >>> import mineco as mc
    >>> way = mc.path("parameters/mines/tiny-quarry", neutral=True, costs={"haul-roads": 0}).routes[0]
    >>> [(one.year, [measure.id for measure in one.starts], round(one.outcome.score, 1)) for one in way.stages]
    [(2025, ['haul-roads'], 64.6), (2026, [], 63.2)]
    """
    ready = _years_to_build(chosen)
    last = max([1, *ready.values()])
    base, found = figures_of(case), []
    figures = [figures_of_set(base, [one for one in chosen if ready[one.measure.id] <= year]) if year else base
               for year in range(last + 2)]
    for year in range(1, last + 2):
        retired = credits if year >= last else 0.0
        starts = tuple(one.measure for one in chosen if max(ready[one.measure.id], 1) == year)
        later = case_in(case, [*figures[:year], with_credits(figures[year], retired)])
        found.append(Stage(case.year + year, starts, retired, outcome_of(later, evaluate(later).summary()),
                           case.standard))
    return Stages(found)


def _years_to_build(chosen: Sequence[Candidate]) -> dict[str, int]:
    problems, found = Problems(), {}
    for one in chosen:
        if one.measure.lead_years is None:
            problems.add("lead_time_not_known", row=one.measure.id)
        else:
            found[one.measure.id] = int(np.ceil(one.measure.lead_years))
    problems.stop()
    return found


def case_in(case: Case, figures: list[Figures]) -> Case:
    """The case of a later year, whose years since the reporting year of the dossier have these figures, in order.

    The dates of the report and of credits move on with the year, so that credits that are as old as now count as now.
    """
    count = len(figures) - 1
    years = [case_of(case, one).dossier for one in figures]
    rows: dict[str, list[Any]] = {name: [row for row in getattr(case.dossier, name) if row.year != case.year]
                                  for name in TABLES}
    began: dict[str, int] = {}
    for later, dossier in enumerate(years):
        for name in TABLES:
            rows[name] += [_in_year(row, name, case.year, later, began)
                           for row in getattr(dossier, name) if row.year == case.year]
    mine = case.dossier.mine
    mine = mine.model_copy(update={
        "reporting_year": case.year + count, "report_date": _later(mine.report_date, count),
        "base_year": mine.base_year.model_copy(update={"documented_first_year": False})})
    offsets = [replace(row, vintage=row.vintage + count, retired=_later(row.retired, count),
                       issued=_later(row.issued, count)) for row in years[-1].offsets]
    dossier = replace(case.dossier, mine=mine, offsets=offsets, activity=rows["activity"], metrics=rows["metrics"],
                      bases=rows["bases"], measures=rows["measures"], parcels=rows["parcels"])
    return replace(case, dossier=dossier)


def _in_year(row: Any, table: str, year: int, later: int, began: dict[str, int]) -> Any:
    """A row of the reporting year in a later year; what began in between says when."""
    moved = replace(row, year=year + later)
    if table == "measures":
        return replace(moved, since=began.setdefault(row.id, row.since or year + later))
    if table == "parcels" and row.year_restored == year:
        return replace(moved, year_restored=began.setdefault(f"{table} {row.id}", year + later))
    return moved


def _later(day: date | None, years: int) -> Any:
    return None if day is None else day + years * YEAR

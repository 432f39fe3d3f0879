"""What is found of one mine over the years."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mineco.core.errors import BadInput, Problem
from mineco.evaluation.case import Case
from mineco.evaluation.tracking.base_year import restated_years
from mineco.evaluation.tracking.decomposition import Decomposition, OnTrack, decompose
from mineco.evaluation.tracking.forecast import Forecast, forecast
from mineco.evaluation.tracking.outlook import AHEAD, Outlook, outlook_of
from mineco.evaluation.tracking.targets import Goal, PathPoint, goals_of, pace, path_points
from mineco.evaluation.tracking.within import Within, within_years
from mineco.evaluation.tracking.years import (
    NOTHING,
    Break,
    Restated,
    ToldOtherwise,
    Year,
    breaks,
    restatements,
    told_otherwise,
)


@dataclass(frozen=True, repr=False)
class Track(OnTrack):
    """One mine over the years.

    Attributes
    ----------
    cases : tuple of Case    The dossiers, by reporting year.
    years : tuple of Year    Every year that they hold.
    recorded : mapping       The grade that the run of a year has recorded, where it was taken from one.
    """

    cases: tuple[Case, ...]
    years: tuple[Year, ...]
    recorded: Mapping[int, str] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The newest dossier."""
        return self.cases[-1]

    @property
    def last(self) -> Year:
        """The newest year."""
        return self.years[-1]

    @property
    def known(self) -> tuple[Year, ...]:
        """The years whose account is whole."""
        return tuple(one for one in self.years if one.account)

    @cached_property
    def untold(self) -> Mapping[int, tuple[Problem, ...]]:
        """The years of which nothing is told, with the reason."""
        return {one.year: one.problems for one in self.years if one.status == NOTHING}

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """Where the factor of grid power is of another kind than in the year before."""
        return tuple(breaks(self.known))

    @property
    def graded_otherwise(self) -> dict[int, tuple[str, str]]:
        """The years whose run has recorded another grade than the one computed now: both."""
        now = {one.year: str(one.evaluation.grade.final) for one in self.years if one.evaluation}
        return {year: (grade, now[year]) for year, grade in self.recorded.items()
                if year in now and grade != now[year]}

    @cached_property
    def restated(self) -> tuple[Restated, ...]:
        """Years whose emissions a later dossier states otherwise."""
        return tuple(restatements(self.cases))

    @cached_property
    def otherwise(self) -> tuple[ToldOtherwise, ...]:
        """Entries of mine.yaml that a later dossier has otherwise: kind, province, boundary, base year and such."""
        return tuple(told_otherwise(self.cases))

    @cached_property
    def changes(self) -> tuple[Decomposition, ...]:
        """Why emissions changed, from each year that can be decomposed to the next such one."""
        usable = [one for one in self.known if one.intensity is not None]
        return tuple(decompose(first, last) for first, last in zip(usable, usable[1:], strict=False))

    def decompose(self, first: int | None = None, last: int | None = None) -> Decomposition:
        """Why emissions changed from one year to another; from the first to the last that can be, where none is named.

        Raises
        ------
        BadInput
            When one of them is not known, has no production, or is not before the other.
        """
        usable = {one.year: one for one in self.known if one.intensity is not None}
        chosen = (first or min(usable, default=None), last or max(usable, default=None))
        told = ", ".join(map(str, usable)) or "—"
        wrong = [Problem("no_decomposition", column="year", value=one, details={"known": told})
                 for one in chosen if one not in usable]
        if not wrong and chosen[0] >= chosen[1]:  # type: ignore[operator]
            wrong = [Problem("years_not_in_order", column="first", value=chosen[0], details={"last": chosen[1]})]
        if wrong:
            raise BadInput(wrong)
        return decompose(usable[chosen[0]], usable[chosen[1]])  # type: ignore[index]

    def divided(self, first: int | None = None, last: int | None = None) -> Decomposition | BadInput:
        """As `decompose`, or why it cannot be: for a notebook, which goes on without."""
        try:
            return self.decompose(first, last)
        except BadInput as error:
            return error

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """The mine's own targets, held against where it stands."""
        return goals_of(self.case, self.years)

    @cached_property
    def pace(self) -> tuple[float, int] | None:
        """The compound yearly reduction over the last years, and since when. [%/yr]"""
        return pace(self.years)

    @cached_property
    def series(self) -> dict[int, float]:
        """Emissions of each year whose account is whole, recalculated for what changed since (reading R21). [t CO2e]"""
        return {one.year: one.restated for one in restated_years(self.case, self.years)}

    def forecast(self, until: int | None = None) -> Forecast | BadInput:
        """What emissions come to if nothing changes, up to a year, or why it cannot be said: `forecast.forecast`.

        Where no year is named, up to the next target, or else five years ahead.
        """
        ahead = [one.year for one in self.goals if one.year > self.last.year]
        return forecast(self.series, until or min(ahead, default=self.last.year + AHEAD))

    @cached_property
    def path(self) -> tuple[PathPoint, ...]:
        """Emissions that score the knots of the standard's path, up to the last target or five years ahead."""
        return path_points(self.case, self.years, max([self.last.year + 5, *(one.year for one in self.goals)]))

    @cached_property
    def outlook(self) -> Outlook | None:
        """What may lower the grade of the last year; None where that is not graded."""
        return outlook_of(self.years)

    @cached_property
    def within(self) -> tuple[Within, ...]:
        """The years that are known by their parts."""
        return within_years(self.years)

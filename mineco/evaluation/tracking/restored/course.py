"""What is found of one mine's restored land over the years, from its dossiers or runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mineco.accounting.decomposition import two_factor_effects
from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief, LazyModule, Shown
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_carbon_sink.evaluate import evaluate
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation


@dataclass(frozen=True, repr=False)
class RestoredYear(Brief):
    """One reporting year: its evaluation, or the problems for which it has none."""

    case: Case
    evaluation: Evaluation | None
    problems: tuple[Problem, ...] = ()

    @property
    def year(self) -> int:
        """The reporting year."""
        return self.case.year

    @property
    def removals(self) -> float:
        """What the restored land binds in the year. [t CO2e]"""
        assert self.evaluation is not None
        return float(self.evaluation.effect.restoration.removals)

    @property
    def area(self) -> float:
        """The restored land. [ha]"""
        assert self.evaluation is not None
        return float(self.evaluation.effect.restoration.area)

    @property
    def gain(self) -> float:
        """What the project binds above its baseline. [t CO2e]"""
        assert self.evaluation is not None
        return float(self.evaluation.effect.gain)

    @property
    def score(self) -> float | None:
        """The total; None where the mine is not eligible. [points]"""
        found = self.evaluation.score if self.evaluation else None
        return float(found.total) if found else None

    @property
    def grade(self) -> str | None:
        """The grade that the score gives; None where there is none."""
        final = self.evaluation.grade.final if self.evaluation else None
        return None if final is None else str(final)

    @cached_property
    def parcels(self) -> dict[str, tuple[float, float]]:
        """Of each parcel its land [ha] and what it binds in all its pools [t CO2e]."""
        found: dict[str, tuple[float, float]] = {}
        for row, bound in self.evaluation.effect.restoration.parcels if self.evaluation else ():
            found[row.id] = float(row.area.to("ha")), found.get(row.id, (0.0, 0.0))[1] + float(bound.to("tCO2e"))
        return found


@dataclass(frozen=True)
class ParcelChange:
    """Why a parcel binds more or less than before. [t CO2e]

    ``before`` and ``after`` are its land [ha] and what it binds; None where it is not there.
    """

    parcel: str
    before: tuple[float, float] | None
    after: tuple[float, float] | None
    by_area: float
    by_rate: float

    @property
    def change(self) -> float:
        """What is bound in the later year less that of the earlier."""
        return self.by_area + self.by_rate


@dataclass(frozen=True)
class RestoredChange:
    """The change of what the land binds between two years, by parcel and cause, without a rest. [t CO2e]"""

    first: int
    last: int
    parcels: tuple[ParcelChange, ...]

    @property
    def by_area(self) -> float:
        """By land that was added or went."""
        return sum(one.by_area for one in self.parcels)

    @property
    def by_rate(self) -> float:
        """By what a hectare binds."""
        return sum(one.by_rate for one in self.parcels)


@dataclass(frozen=True)
class LogKept:
    """Whether the log of an earlier dossier goes on in the next one: its last entry stands there unchanged."""

    earlier: int
    later: int
    kept: bool


@dataclass(frozen=True, repr=False)
class RestoredTrack(Shown):
    """One mine's restored land over the years.

    Attributes
    ----------
    cases : tuple of Case            The dossiers, by reporting year.
    years : tuple of RestoredYear    Their reporting years.
    recorded : mapping               The grade that the run of a year has recorded, where it was taken from one.
    """

    _display = LazyModule("mineco.evaluation.display.restored")

    cases: tuple[Case, ...]
    years: tuple[RestoredYear, ...]
    recorded: Mapping[int, str | None] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The newest dossier."""
        return self.cases[-1]

    @property
    def known(self) -> tuple[RestoredYear, ...]:
        """The years that could be evaluated."""
        return tuple(one for one in self.years if one.evaluation)

    @property
    def untold(self) -> dict[int, tuple[Problem, ...]]:
        """The years that could not, each with its reasons."""
        return {one.year: one.problems for one in self.years if one.evaluation is None}

    @cached_property
    def changes(self) -> tuple[RestoredChange, ...]:
        """Why what is bound changed, from each known year to the next."""
        return tuple(change(first, last) for first, last in zip(self.known, self.known[1:], strict=False))

    @property
    def graded_otherwise(self) -> dict[int, tuple[str | None, str | None]]:
        """The years whose run has recorded another grade than the one computed now: both."""
        now = {one.year: one.grade for one in self.known}
        return {year: (grade, now[year]) for year, grade in self.recorded.items() if year in now and grade != now[year]}

    @cached_property
    def logs(self) -> tuple[LogKept, ...]:
        """Of each dossier with a log whether the next one goes on with it."""
        found = []
        for first, last in zip(self.known, self.known[1:], strict=False):
            history, later = (one.evaluation.standing.history for one in (first, last) if one.evaluation)
            if history:
                found.append(LogKept(first.year, last.year,
                                     history[-1].event.digest in {entry.event.digest for entry in later}))
        return tuple(found)


def restored_track(cases: Sequence[Case], recorded: Mapping[int, str | None]) -> RestoredTrack:
    """One mine's restored land over the reporting years of its dossiers.

    >>> from mineco.evaluation.case import open_case
    >>> folders = "parameters/years/example-closed-quarry-2024", "parameters/mines/example-closed-quarry"
    >>> found = restored_track([open_case(one, "restoration-carbon-sink-2024") for one in folders], {})
    >>> [(one.year, one.grade, round(one.removals, 1)) for one in found.years]
    [(2024, 'G2', 594.3), (2025, 'G3', 514.7)]
    >>> found.logs[0].kept
    True
    """
    return RestoredTrack(tuple(cases), tuple(map(_year, cases)), recorded)


def _year(case: Case) -> RestoredYear:
    try:
        return RestoredYear(case, evaluate(case))
    except BadInput as error:
        return RestoredYear(case, None, tuple(error.problems))


def change(first: RestoredYear, last: RestoredYear) -> RestoredChange:
    """Why the land binds more or less than in an earlier year: hectares, and what each of them binds."""
    names = dict.fromkeys((*first.parcels, *last.parcels))
    found = [_parcel(name, first.parcels.get(name), last.parcels.get(name)) for name in names]
    return RestoredChange(first.year, last.year, tuple(sorted(found, key=lambda one: -abs(one.change))))


def _parcel(name: str, before: tuple[float, float] | None, after: tuple[float, float] | None) -> ParcelChange:
    if before is None or after is None or not before[0] or not after[0]:  # land that was not there, or went
        bound = (after or (0.0, 0.0))[1] - (before or (0.0, 0.0))[1]
        return ParcelChange(name, before, after, bound, 0.0)
    by_area, by_rate = two_factor_effects((before[0], before[1] / before[0]), (after[0], after[1] / after[0]))
    return ParcelChange(name, before, after, by_area, by_rate)

"""The years of one mine: what each can be said to be, from dossiers of one or of several years."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import nothing_wrong
from mineco.core.lazy import Brief
from mineco.core.quantity import Factor, Quantity
from mineco.core.units import compatible
from mineco.evaluation.account import Account, compute_account
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.carbon_neutral_mine.preliminary import Preliminary, preliminary
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult

GRADED, RANGE, ACCOUNT, NOTHING = "graded", "range", "account", "nothing"
OF_YEARS = ("activity", "metrics", "bases", "measures", "parcels")  # tables whose rows have a year
OF_THE_REPORT = ("offsets", "ratings", "events", "declared", "findings")  # tables that are of the reporting year alone
SAME = 1e-6  # relative; emissions of a year that two dossiers state are alike up to here


@dataclass(frozen=True, repr=False)
class Year(Brief):
    """One year, as far as it is known.

    Attributes
    ----------
    year : int
    case : Case                The dossier from which it is taken, as of that year.
    account : Account          None where it is not whole.
    evaluation : Evaluation    Of a year that can be graded; else None.
    range : Preliminary        Where something is missing for that (reading R34); else None.
    problems : tuple           Why it is not graded, or has no account.
    mined_in : str             The unit of production that all years are told in; blank for the dossier's own.
    """

    year: int
    case: Case
    account: Account | None
    evaluation: Evaluation | None
    range: Preliminary | None
    problems: tuple[Problem, ...]
    mined_in: str = ""

    @property
    def status(self) -> str:
        """graded; range, where data are missing for a grade; account, where that is all; nothing."""
        return (GRADED if self.evaluation else RANGE if self.range else ACCOUNT if self.account else NOTHING)

    @property
    def emissions(self) -> float | None:
        """Gross emissions of scopes 1 and 2; None where the account is not whole. [t CO2e]"""
        return float(self.account.emissions()) if self.account else None

    @property
    def production(self) -> Quantity | None:
        """What was mined; None where the dossier gives none."""
        mined = self.case.figure("production", self.year)
        return mined.to(self.mined_in) if mined is not None and self.mined_in else mined

    @property
    def intensity(self) -> float | None:
        """Emissions per unit mined; None where one of them is not known, or nothing was mined. [t CO2e per unit]"""
        if self.emissions is None or self.production is None or not float(self.production):
            return None
        return self.emissions / float(self.production)

    def score_ends(self, group: str = "") -> tuple[float, float]:
        """Lowest and highest points of a group, or of all together, of a year that has a score or a range."""
        ends = (self.evaluation.score,) * 2 if self.evaluation else (self.range.score.low, self.range.score.high) if (
            self.range) else ()
        low, high = (float(one.groups[group] if group else one.total) for one in ends)
        return low, high

    @property
    def indicators(self) -> Mapping[str, IndicatorResult]:
        """The indicators that are known."""
        found = self.evaluation or self.range
        return found.indicators if found else {}


@dataclass(frozen=True)
class Restated:
    """Emissions of a year that two dossiers state otherwise. [t CO2e]"""

    year: int
    before: float  # in the dossier of an earlier reporting year
    after: float
    reported: int  # the reporting year of the earlier
    restated: int  # and of the later


@dataclass(frozen=True)
class ToldOtherwise:
    """An entry of mine.yaml that is another in the dossier of a later reporting year."""

    before: int
    after: int
    entry: str


@dataclass(frozen=True)
class Break:
    """A source whose factor is of another kind than in the year before: that is no merit of the mine."""

    year: int
    source: str
    key: str
    before: tuple[str, ...]  # ids of factors
    after: tuple[str, ...]


def years_of(cases: Sequence[Case]) -> list[Year]:
    """Every year that the dossiers of one mine hold up to their reporting years, in order.

    Raises
    ------
    BadInput
        With every year whose production cannot be told in the unit of the last one, as cubic metres among tonnes.

    A year that is the reporting year of a dossier is evaluated as that says; of another one the newest dossier that
    holds it tells what it can.

    >>> from mineco.evaluation.case import open_case
    >>> years = years_of([open_case("parameters/mines/tiny-quarry")])
    >>> [(one.year, one.status) for one in years]
    [(2023, 'account'), (2024, 'graded')]
    """
    of_report = {case.year: case for case in cases}
    held = {row.year: case for case in cases for row in case.dossier.activity if row.year <= case.year}
    found = [_reported(of_report[year]) if year in of_report else _earlier(held[year], year)
             for year in sorted({*held, *of_report})]
    mined = [(one, one.production) for one in found if one.production is not None]
    if not mined:
        return found
    last, unit = mined[-1][0].year, mined[-1][1].unit
    problems = Problems()
    for one, amount in mined:
        if not compatible(amount.unit, unit):
            problems.add("production_measured_otherwise", file=str(one.case.dossier.folder), column="production",
                         value=amount.unit, year=one.year, last=last, unit=unit)
    problems.stop()
    return [replace(one, mined_in=unit) for one in found]


def restatements(cases: Sequence[Case]) -> list[Restated]:
    """The years whose emissions a later dossier states otherwise than the one of an earlier report."""
    found, last = [], dict[int, tuple[int, float]]()
    for case in cases:
        for year in sorted({row.year for row in case.dossier.activity if row.year <= case.year}):
            account, _ = _account(case, year)
            if account is None:
                continue
            emitted = float(account.emissions())
            if year in last and abs(emitted - last[year][1]) > SAME * abs(last[year][1]):
                found.append(Restated(year, last[year][1], emitted, last[year][0], case.year))
            last[year] = case.year, emitted
    return found


def told_otherwise(cases: Sequence[Case]) -> list[ToldOtherwise]:
    """What a dossier says of the mine otherwise than the one before: its kind, province, boundary, base year and such.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.variants.what_if import what_if
    >>> case = open_case("parameters/mines/tiny-quarry")
    >>> [one.entry for one in told_otherwise([case, what_if(case, mine={"province": "Shanxi"})])]
    ['province']
    """
    found = []
    for before, after in zip(cases, cases[1:], strict=False):
        old, new = before.dossier.mine, after.dossier.mine
        same = {"type": old.type == new.type, "mine_subtype": old.mine_subtype == new.mine_subtype,
                "province": old.province == new.province, "boundary": old.boundary == new.boundary,
                "consolidation.approach": old.consolidation.approach == new.consolidation.approach,
                "base_year.year": old.base_year.year == new.base_year.year}
        found += [ToldOtherwise(before.year, after.year, entry) for entry, alike in same.items() if not alike]
    return found


def breaks(years: Sequence[Year]) -> list[Break]:
    """The sources of which the factor of grid power is of another kind than in the year before."""
    found = []
    for before, after in zip(years, years[1:], strict=False):
        kinds = [_grid_factors(one.account) if one.account else {} for one in (before, after)]
        for place in (one for one in kinds[1] if one in kinds[0]):
            old, new = (one[place] for one in kinds)
            if {kind for _, kind in old} != {kind for _, kind in new}:
                found.append(Break(after.year, *place, *(tuple(sorted(id for id, _ in one)) for one in (old, new))))
    return found


def as_of(case: Case, year: int) -> Case:
    """A dossier as of an earlier year: what was known then of that year, and what it says of the mine.

    Offsets, ratings, the log and what was declared are of the report and no other year: they are missing, not nothing.
    """
    dossier, last = case.dossier, case.year
    mine = dossier.mine.model_copy(update={
        "reporting_year": year, "report_date": _moved(dossier.mine.report_date, year - last)})
    tables: dict[str, Any] = {name: [row for row in getattr(dossier, name) if row.year <= year] for name in OF_YEARS}
    tables |= {name: [] for name in OF_THE_REPORT}
    unknown = Problem("offsets_of_other_year", "offsets.csv", value=year, details={"year": last})
    return replace(case, dossier=replace(dossier, mine=mine, **tables), gaps=(), left_out={
        **{name: rows for name, rows in case.left_out.items() if name not in OF_THE_REPORT},
        "offsets": [(None, unknown)]})


def _moved(date: datetime.date, years: int) -> datetime.date:
    """The same day of another year; of the 29th of February the day before it."""
    try:
        return date.replace(year=date.year + years)
    except ValueError:
        return date.replace(year=date.year + years, day=28)


def _reported(case: Case) -> Year:
    """The reporting year of a dossier: graded, or what can be said of it while something is missing."""
    try:
        found = evaluate(case)
    except BadInput as error:
        return _in_part(case, error)
    return Year(case.year, case, found.account(), found, None, ())


def _earlier(case: Case, year: int) -> Year:
    """A year that a later dossier holds: never graded, since ratings and offsets are not of it."""
    then = as_of(case, year)
    why = then.left_out["offsets"][0][1]
    if year > case.base_year:
        return _in_part(then, BadInput(why))
    account, problems = _account(then, year)
    none_before = Problem("not_after_base_year", details={"base": case.base_year})
    return Year(year, then, account, None, None, problems or (none_before,))


def _in_part(case: Case, why: BadInput) -> Year:
    account, problems = _account(case, case.year)
    if not nothing_wrong(why.problems):
        return Year(case.year, case, account, None, None, tuple(why.problems))
    try:
        found = preliminary(case)
    except BadInput as error:
        return Year(case.year, case, account, None, None, (*why.problems, *error.problems, *problems))
    return Year(case.year, case, account, None, found, found.gaps)


def _account(case: Case, year: int) -> tuple[Account | None, tuple[Problem, ...]]:
    try:
        return compute_account(case, year), ()
    except BadInput as error:
        return None, tuple(error.problems)


def _grid_factors(account: Account) -> dict[tuple[str, str], set[tuple[str, tuple[str, ...]]]]:
    """The factors of grid power behind each source, with what kind they are: their quantity and their place."""
    found: dict[tuple[str, str], set[tuple[str, tuple[str, ...]]]] = {}
    for line in account.select(["1", "2"], str(account.case.option("scope2_basis"))):
        for one in line.mass.chain():
            if isinstance(one.origin, Factor) and one.origin.quantity.startswith("grid"):
                found.setdefault((line.source.id, line.key), set()).add(
                    (one.origin.id, (one.origin.quantity, *one.origin.facets.values())))
    return found

"""The course of emissions within a year, from halves, quarters and months of activity.csv: for watching, never graded.

Half a year is no evaluation (reading R22). A source of which only the year is known is not spread over its parts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mineco.core.lazy import Brief
from mineco.core.quantity import Quantity
from mineco.dossier.periods import MONTHS
from mineco.dossier.rows import ActivityRow
from mineco.evaluation.account import Account, account_source, sum_co2e
from mineco.evaluation.base import is_rounding
from mineco.evaluation.case import Case
from mineco.evaluation.tracking.years import Year

Place = tuple[str, str]  # source and key
Months = frozenset[int]


@dataclass(frozen=True)
class Part:
    """One part of a year, and what the sources emit in it whose parts are known. [t CO2e]"""

    year: int
    period: str  # as activity.csv writes it; 01-09 of months that have no name of their own
    by_source: Mapping[Place, float]

    @property
    def emissions(self) -> float:
        """Of these sources together. [t CO2e]"""
        return math.fsum(self.by_source.values())


@dataclass(frozen=True, repr=False)
class Within(Brief):
    """A year by its parts."""

    year: int
    parts: tuple[Part, ...]
    by_year: Mapping[Place, float]  # sources of which only the year is known [t CO2e]

    @property
    def share(self) -> float:
        """The part of the year's gross emissions whose course is known. [1]"""
        known = math.fsum(one.emissions for one in self.parts)
        whole = known + math.fsum(self.by_year.values())
        return known / whole if whole else 0.0


def within_years(years: Sequence[Year]) -> tuple[Within, ...]:
    """The years whose account is whole and of which some source is known by parts.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.tracking.years import years_of
    >>> found = within_years(years_of([open_case("parameters/mines/example-quarry-years")]))
    >>> [(one.year, [part.period for part in one.parts], round(one.share, 3)) for one in found]
    [(2024, ['Q1', 'Q2', 'Q3', 'Q4'], 0.943), (2025, ['Q1', 'Q2', 'Q3', 'Q4'], 0.943)]
    """
    found = (_within(one) for one in years if one.account)
    return tuple(one for one in found if one)


def _within(year: Year) -> Within | None:
    account = year.account
    assert account is not None
    rows = dict[Place, list[ActivityRow]]()
    for row in year.case.dossier.activity:
        if row.year == year.year:
            rows.setdefault((row.source, row.key), []).append(row)
    split = {place: own for place, own in rows.items() if _can_be_split(year.case, own)}
    months = _common_parts([row.parts for own in split.values() for row in own if row.parts])
    whole = {place: _emitted(account, year, place, {row.parameter: row.quantity for row in own})
             for place, own in rows.items()}
    by_part = {place: [_emitted(account, year, place, _given(year.case, own, one)) for one in months]
               for place, own in split.items()} if len(months) > 1 else {}
    known = {place: parts for place, parts in by_part.items()
             if is_rounding(math.fsum(parts) - whole[place], abs(whole[place]))}
    if not known:
        return None
    return Within(year.year, tuple(
        Part(year.year, _named(one), {place: parts[here] for place, parts in known.items()})
        for here, one in enumerate(months)), {place: one for place, one in whole.items() if one and place not in known})


def _can_be_split(case: Case, rows: Sequence[ActivityRow]) -> bool:
    """Whether each amount is known by parts; one of the whole year can be split where it is zero."""
    items = case.standard.sources[rows[0].source].items
    return any(row.parts for row in rows) and all(
        row.parts or not items[row.parameter].adds_up or not float(row.quantity) for row in rows)


def _common_parts(parts: Sequence[Sequence[ActivityRow]]) -> list[Months]:
    """The smallest parts of the year of which all these are made up, in order.

    >>> row = ActivityRow(2024, "a", "", "b", None)
    >>> given = [[replace(row, period=name) for name in names] for names in (("H1", "H2"), ("Q1", "Q2", "H2"))]
    >>> [min(one) for one in _common_parts(given)]
    [1, 7]
    """
    begins = set(range(1, 13))
    for one in parts:
        begins &= {min(MONTHS[row.period]) for row in one}
    ordered = [*sorted(begins), 13]
    return [frozenset(range(first, after)) for first, after in zip(ordered, ordered[1:], strict=False)]


def _named(months: Months) -> str:
    return next((name for name, one in MONTHS.items() if one == months and name),
                f"{min(months):02d}-{max(months):02d}")


def _given(case: Case, rows: Sequence[ActivityRow], months: Months) -> dict[str, Quantity]:
    """What a source has in a part of the year: amounts of that part, and parameters, which hold for all of it."""
    items, found = case.standard.sources[rows[0].source].items, {}
    for row in rows:
        inside = [part.quantity for part in row.parts if MONTHS[part.period] <= months]
        amount = math.fsum(float(one.to(row.quantity.unit)) for one in inside)
        found[row.parameter] = replace(row.quantity, value=amount) if items[row.parameter].adds_up else row.quantity
    return found


def _emitted(account: Account, year: Year, place: Place, given: Mapping[str, Quantity]) -> float:
    """What a source emits of the graded gases, from what it has. [t CO2e]"""
    case = year.case
    walked = account_source(case, case.standard.sources[place[0]], place[1], year.year, given)
    lines = Account(case, year.year, tuple(walked.gases), ()).select(["1", "2"], str(case.option("scope2_basis")))
    return float(sum_co2e(case, "part", lines))

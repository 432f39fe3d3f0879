"""Balances of a year: what leaves is never more than what came in. Which quantities bound which is data (`limits`)."""

import functools
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem
from mineco.core.number import Number
from mineco.core.quantity import Quantity
from mineco.core.units import convert
from mineco.dossier.checks.noticed import Noticed
from mineco.dossier.rows import ActivityRow
from mineco.standards.factors import Factors
from mineco.standards.limits import Term, product_unit, read_term
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Limit, Source

ROUNDING = 1e-12  # 0.1 + 0.2 is not more than 0.3

Rows = Mapping[tuple[str, str], Mapping[str, Quantity]]  # by source and key: what the mine gave, by item
ValueOf = Callable[[str, str, str], Quantity | None]  # source, key and item or "=step"; None: not known


@dataclass(frozen=True)
class _Amount:
    """A term of one row set, in the unit of the comparison."""

    value: Number
    given: Quantity  # what the mine handed in of it


class _NotKnown(Exception):
    """An item is missing, which is a problem of its own."""


def broken_limits(standard: Standard, year: int, rows: Rows, value_of: ValueOf, refused: bool,
                  unknown: Collection[str] = ()) -> Iterator[Problem]:
    """Every limit of the sources that the figures of a year break.

    Parameters
    ----------
    standard : Standard          Whose sources hold the limits.
    rows : mapping               What the mine gave: floats, or arrays with one element for each mine or draw.
    value_of : callable
        The quantity behind a name: what the mine gave, the factor that stands in, or the result of a step.
    refused : bool               Whether the limits that refuse are asked for, or those that only tell.
    unknown : collection of str  Sources that are not known in whole: of a limit that names one nothing can be said.

    Yields
    ------
    Problem  At the largest part; of an array the first element that breaks the limit.
    """
    return (problem for _, problem in _broken(standard, year, rows, value_of, refused, unknown))


def _broken(standard: Standard, year: int, rows: Rows, value_of: ValueOf, refused: bool,
            unknown: Collection[str] = ()) -> Iterator[Noticed]:
    for source in standard.sources.values():
        for limit in source.limits:
            if limit.refused is refused and not sources_of(limit, source.id) & set(unknown):
                for key in _keys(limit, source.id, rows):
                    found = _compared(standard, limit, source.id, key, rows, value_of)
                    if found and found.beyond.any():
                        yield found.beyond.reshape(found.total.shape), _problem(limit, key, year, found)


def sources_of(limit: Limit, source: str) -> set[str]:
    """The sources that a limit of a source names, its own among them."""
    return {source} | {term.source for term in map(read_term, (*limit.parts, *limit.within)) if term.source}


def breaches(standard: Standard, source: str, limit: Limit, rows: Rows, value_of: ValueOf) -> NDArray[np.bool_]:
    """Where one limit of a source is broken, over all its keys; see `broken_limits`."""
    compared = [_compared(standard, limit, source, key, rows, value_of) for key in _keys(limit, source, rows)]
    return functools.reduce(np.logical_or, (one.beyond for one in compared if one), np.zeros(1, dtype=bool))


def bound_items(limit: Limit, source: str, rows: Rows) -> Iterator[set[tuple[str, str, str]]]:
    """Which items a limit holds together, by source, key and item: all of a source whose step it names."""
    for key in _keys(limit, source, rows):
        yield {(*place, item) for term in map(read_term, (*limit.parts, *limit.within))
               for place in rows if place[0] == (term.source or source) and key in (None, place[1])
               for name in term.names for item in (rows[place] if name.startswith("=") else [name])
               if item in rows[place]}


def _keys(limit: Limit, source: str, rows: Rows) -> list[str | None]:
    return [key for name, key in rows if name == source] if limit.over == "key" else [None]


def told_limits(standard: Standard, activity: list[ActivityRow], factors: Factors) -> Iterator[Noticed]:
    """What breaks a limit that only tells, in every year of a dossier."""
    def value_of(source: str, key: str, name: str) -> Quantity | None:
        if name in rows[source, key]:
            return rows[source, key][name]
        item = standard.sources[source].items.get(name)
        if item is None or not item.factor or any("{" in facet for facet in item.factor.values()):
            return None
        return factors.find(**item.factor).as_quantity()

    for year in sorted({row.year for row in activity}):
        rows: dict[tuple[str, str], dict[str, Quantity]] = {}
        for row in activity:
            if row.year == year:
                rows.setdefault((row.source, row.key), {})[row.parameter] = row.quantity
        yield from _broken(standard, year, rows, value_of, refused=False)


@dataclass(frozen=True)
class _Compared:
    """Both sides of a limit, and where the first is the larger."""

    parts: list[_Amount]
    total: NDArray
    most: NDArray
    beyond: NDArray[np.bool_]
    unit: str


def _compared(standard: Standard, limit: Limit, source: str, key: str | None, rows: Rows,
              value_of: ValueOf) -> _Compared | None:
    """The two sides; None where the mine gave nothing that the limit bounds, or an item of it is missing."""
    def amounts(texts: tuple[str, ...], unit: str) -> list[_Amount]:
        return [_amount(term, place, unit, rows, value_of) for term in map(read_term, texts)
                for place in rows if place[0] == (term.source or source) and key in (None, place[1])
                and _told_of(standard.sources[place[0]], term, rows[place])]

    try:
        unit = limit.unit or _unit_of_first(limit, source, key, rows, value_of)
        parts = amounts(limit.parts, unit)
        within = amounts(limit.within, unit) if parts else []
    except _NotKnown:
        return None
    if not parts or (limit.if_reported and not within):
        return None
    total, most = np.broadcast_arrays(sum(one.value for one in parts), sum(one.value for one in within))
    beyond = np.ravel(total > most + ROUNDING * _size([*parts, *within]))
    return _Compared(parts, total, most, beyond, unit)


def _problem(limit: Limit, key: str | None, year: int, found: _Compared) -> Problem:
    total, first = found.total, int(found.beyond.argmax())
    largest = max(found.parts, key=lambda one: float(np.broadcast_to(one.value, total.shape).flat[first])).given
    reached, allowed = float(total.flat[first]), float(found.most.flat[first])
    details = {"year": year, "total": f"{reached:.10g}", "most": f"{allowed:.10g}", "unit": found.unit,
               "limit": limit.id, "key": key or "", "says_zh": limit.says.zh, "says_en": limit.says.en,
               "which": first + 1, "which_zh": f"（第 {first + 1} 个矿山或抽样）" if total.size > 1 else "",
               "which_en": f" (mine or draw {first + 1})" if total.size > 1 else ""}
    value = float(np.broadcast_to(largest.value, total.shape).flat[first])
    return Problem("limit_broken" if limit.refused else "limit_told", largest.datum.file, largest.datum.row, "quantity",
                   f"{value:.10g} {largest.unit}", details)


def _told_of(source: Source, term: Term, given: Mapping[str, Quantity]) -> bool:
    """Whether the mine gave the optional items of a term; where it did not there is none of it."""
    conditions = {one.id: one.when for one in source.results}
    items = [conditions.get(name[1:], "") if name.startswith("=") else name for name in term.names]
    return all(name in given for name in items if name in source.items and source.items[name].optional)


def _size(amounts: list[_Amount]) -> Number:
    """How large the figures are of which the difference is taken, so that binary dust is no breach."""
    return sum((np.abs(one.value) for one in amounts), start=np.zeros(()))


def _unit_of_first(limit: Limit, source: str, key: str | None, rows: Rows, value_of: ValueOf) -> str:
    for term in map(read_term, limit.parts):
        for place in rows:
            if place[0] == (term.source or source) and key in (None, place[1]):
                return _product(term, place, value_of)[1]
    return "1"


def _product(term: Term, place: tuple[str, str], value_of: ValueOf) -> tuple[Number, str]:
    """The value of a term and its unit."""
    given = [value_of(*place, name) for name in term.names]
    factors = [one for one in given if one is not None]
    if len(factors) < len(given):
        raise _NotKnown
    value: Number = term.sign * term.constant
    for one in factors:
        value = value * one.value
    return value, product_unit([*(one.unit for one in factors), term.unit])


def _amount(term: Term, place: tuple[str, str], unit: str, rows: Rows, value_of: ValueOf) -> _Amount:
    value, own = _product(term, place, value_of)
    given = rows[place]
    named = next((given[name] for name in term.names if name in given), None) or next(iter(given.values()))
    return _Amount(convert(value, own, unit), named)


def known_or_none(find: Callable[[], Quantity | None]) -> Quantity | None:
    """What can be found; None where that is a problem of its own, noted elsewhere."""
    try:
        return find()
    except BadInput:
        return None

"""Halves, quarters and months of activity.csv put together to years."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mineco.core import units
from mineco.core.errors import Problems
from mineco.core.quantity import Datum, Quantity
from mineco.dossier.cells import word_id, word_lists
from mineco.dossier.rows import ActivityRow
from mineco.standards.standard import Standard

MONTHS = {**{f"{month:02d}": {month} for month in range(1, 13)},
          **{f"Q{number}": set(range(3 * number - 2, 3 * number + 1)) for number in range(1, 5)},
          "H1": set(range(1, 7)), "H2": set(range(7, 13)), "": set(range(1, 13))}
MONTH = re.compile(r"(\d{1,2})(?:月份?)?", re.ASCII)
UNREAD = "?"  # the period of a row whose own cannot be read, which is told there
SAME = 1e-9  # relative; figures that differ by less are one figure in two units


def period_id(text: str) -> str:
    """The id of a part of the year as people and spreadsheets write it; blank when it is none.

    >>> period_id("1"), period_id("ｈ１"), period_id("12月"), period_id("第一季度"), period_id("13")
    ('01', 'H1', '12', 'Q1', '')
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).removeprefix("第")
    month = MONTH.fullmatch(plain)
    return word_id("period", f"{int(month[1]):02d}" if month else plain.upper()) or word_id("period", text)


def join_periods(rows: Iterable[ActivityRow], standard: Standard, problems: Problems) -> Iterator[ActivityRow]:
    """One row for each item and year: amounts added up, parameters that are equal in all periods taken once.

    The year keeps the rows of its periods, so that its course can be shown (`mineco.evaluation.tracking.within`).

    Noted are years that stand beside their periods, that these do not make up or make up twice, and parameters that
    differ between periods.

    >>> from mineco.standards.load import load_standard
    >>> halves = [ActivityRow(2024, "electricity", "", "purchased", Quantity(amount, "MWh", "measured", "purchased",
    ...           Datum(file="activity.csv", row=row, given=str(amount))), half)
    ...           for row, half, amount in ((2, "H1", 300.0), (3, "H2", 340.0))]
    >>> (whole,) = join_periods(halves, load_standard("carbon-neutral-mine-2025"), Problems())
    >>> whole.quantity.value, whole.quantity.datum.row, [part.period for part in whole.parts]
    (640.0, '2+3', ['H1', 'H2'])
    """
    items: dict[tuple[int, str, str, str], list[ActivityRow]] = {}
    for row in rows:
        items.setdefault((row.year, row.source, row.key, row.parameter), []).append(row)
    for parts in items.values():
        if not any(part.period for part in parts):
            yield from parts
        elif any(part.period == UNREAD for part in parts):  # what the year comes to cannot be said
            yield replace(parts[0], period="")
        elif _make_up_a_year(parts, problems):
            item = standard.sources[parts[0].source].items[parts[0].parameter]
            adds_up = item.adds_up
            if not adds_up and not _equal(parts):
                _note("period_parameter_differs", parts[1], problems, first=parts[0].quantity.datum.row)
            yield replace(parts[0], period="", quantity=_joined(parts, adds_up), parts=tuple(parts))


def _make_up_a_year(parts: list[ActivityRow], problems: Problems) -> bool:
    """Whether each month stands once."""
    met: set[int] = set()
    if len({part.period for part in parts}) < len(parts):  # told of the row that stands twice
        return False
    for part in parts:
        if met & MONTHS[part.period]:
            whole = not all(other.period for other in parts)
            _note("year_beside_periods" if whole else "period_twice", part, problems)
            return False
        met |= MONTHS[part.period]
    missing = [f"{month:02d}" for month in sorted(MONTHS[""] - met)]
    if missing:
        _note("periods_incomplete", parts[-1], problems, missing=", ".join(missing))
    return not missing


def _equal(parts: list[ActivityRow]) -> bool:
    """Whether a parameter is the same in all periods, whatever unit each is in."""
    unit, first = parts[0].quantity.unit, float(parts[0].quantity)
    return all(units.compatible(one.quantity.unit, unit)
               and abs(_in_unit(one.quantity, unit) - first) <= SAME * abs(first) for one in parts)


def _joined(parts: list[ActivityRow], adds_up: bool) -> Quantity:
    """The quantity of the year, with the weakest kind, quality and uncertainty of its periods."""
    quantities = [part.quantity for part in parts]
    first, datums = quantities[0], [one.datum for one in quantities]
    fitting = all(units.compatible(one.unit, first.unit) for one in quantities)  # else it is a problem already noted
    value = sum(_in_unit(one, first.unit) for one in quantities) if adds_up and fitting else first.value
    return replace(first, value=value, kind=_weakest("kind", [one.kind for one in quantities]),
                   origin=_datum(datums, adds_up))


def _datum(datums: list[Datum], adds_up: bool) -> Datum:
    wide = [one.uncertainty_pct for one in datums if one.uncertainty_pct is not None]
    texts = {name: "; ".join(dict.fromkeys(filter(None, (getattr(one, name) for one in datums))))
             for name in ("data_source", "meter", "verified_by", "note")}
    same_unit = len({one.given_unit for one in datums}) == 1
    typed = [one.given if same_unit else f"{one.given} {one.given_unit}" for one in datums]
    return replace(datums[0], row="+".join(str(one.row) for one in datums),
                   given=" + ".join(typed) if adds_up else datums[0].given,
                   uncertainty_pct=max(wide) if len(wide) == len(datums) else None,
                   quality=_weakest("quality", [one.quality for one in datums]), **texts)


def _weakest(kind: str, words: list[str]) -> str:
    """The word that stands last in its list, which goes from the best to the worst."""
    order = list(word_lists()[kind])
    return max(words, key=lambda word: order.index(word) if word in order else -1)


def _in_unit(quantity: Quantity, unit: str) -> float:
    return float(units.convert(quantity.value, quantity.unit, unit))


def _note(message: str, row: ActivityRow, problems: Problems, **details: object) -> None:
    datum = row.quantity.datum
    problems.add(message, file=datum.file, row=datum.row, column="period", value=row.period,
                 year=row.year, name=row.quantity.name, **details)

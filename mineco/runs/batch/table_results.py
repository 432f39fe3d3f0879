"""Results of rows of a table: those of one form together as arrays, and each that is odd by itself.

A row is odd when anything about it would be refused in a dossier. It is then read as the dossier that it stands for,
and refused by the very checks, and with the very words, that a dossier is.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem
from mineco.core.quantity import Quantity
from mineco.core.reading import read_number
from mineco.core.units import compatible, convert
from mineco.dossier.cells import LARGEST, SMALLEST, tables
from mineco.dossier.parcel_rates import beyond_range
from mineco.dossier.serials import of_other_length
from mineco.dossier.tables import lower_limit
from mineco.evaluation.case import Case, open_case
from mineco.evaluation.registry import evaluate
from mineco.runs.batch.lines import Line
from mineco.runs.batch.many import DatumKey, batch_row, evaluate_columns, rating_place, with_values
from mineco.runs.batch.mine_table import Pattern, TableColumn, fill_pattern, read_heading, write_dossier

MINE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
FREE = (("id",), *((name, language) for name in ("name", "legal_entity", "address") for language in ("zh", "en")))

Refusal = tuple[int, list[Problem]]  # line, and what is wrong there


@dataclass(frozen=True)
class TableRows:
    """Some rows of a table, and all that is needed to evaluate them anywhere."""

    file: str
    headings: tuple[str, ...]
    lines: Sequence[Line]
    pattern: Pattern
    standard_id: str
    options: Mapping[str, Any]

    def columns(self) -> list[TableColumn]:
        """What the headings say."""
        return [read_heading(heading, self.pattern) for heading in self.headings]


@dataclass(frozen=True)
class TableResults:
    """Summaries by column, in the order of the lines, and the rows that were refused."""

    lines: list[int]
    mines: list[str]
    years: list[int]
    columns: dict[str, list[Any]]
    refused: list[Refusal]


def results_of_rows(rows: TableRows) -> TableResults:
    """Evaluate the rows.

    Credits are retired once: those of the dossier that serves as the pattern are not those of a row, which therefore
    stands without offsets unless its own columns give some.

    >>> from mineco.core.kit import parameters
    >>> from mineco.runs.batch.mine_table import read_pattern
    >>> quarry = read_pattern(parameters() / "mines" / "tiny-quarry")
    >>> lines = [(2, ["north", "300000"]), (3, ["south", "many"])]
    >>> rows = TableRows("mines.csv", ("mine", "metrics:production"), lines, quarry, "carbon-neutral-mine-2025", {})
    >>> found = results_of_rows(rows)
    >>> found.mines, found.columns["grade"], [str(problems[0]) for _, problems in found.refused]
    (['north'], ['below'], ['mines.csv 3 metrics:production: not_a_number (many)'])
    """
    columns, groups = rows.columns(), dict[tuple[Any, ...], list[Line]]()
    terms = [number for number, one in enumerate(columns)
             if not one.table or (one.table == "mine" and one.keys not in FREE)]
    figures = [number for number, one in enumerate(columns) if one.table not in ("", "mine")]
    for line in rows.lines:
        cells = line[1]
        form = tuple(cells[number] for number in terms), tuple(bool(cells[number]) for number in figures)
        groups.setdefault(form, []).append(line)
    found: dict[int, tuple[int, dict[str, Any]]] = {}
    refused: list[Refusal] = []
    for members in groups.values():
        for number, result in _group(rows, columns, members):
            if isinstance(result, list):
                refused.append((number, result))
            else:
                found[number] = result
    mine = rows.headings.index("mine")
    names = {number: cells[mine] for number, cells in rows.lines}
    order = sorted(found)
    known = dict.fromkeys(name for number in order for name in found[number][1])
    return TableResults(order, [names[number] for number in order], [found[number][0] for number in order],
                        {name: [found[number][1].get(name) for number in order] for name in known}, sorted(refused))


def open_row(rows: TableRows, columns: Sequence[TableColumn], line: Line,
             folder: Path) -> tuple[Case, dict[DatumKey, int]]:
    """The case of one row, from the dossier that it stands for, and the columns of its cells by place.

    Raises
    ------
    BadInput
        With every problem, each at its column of the table where it has one.
    """
    places: dict[DatumKey, int] = {}
    try:
        files, places = fill_pattern(rows.pattern, columns, line[1])
        write_dossier(files, folder)
        return open_case(folder, rows.standard_id, **rows.options), places
    except BadInput as error:
        raise BadInput(_translated(rows, line, places, error)) from error


def _translated(rows: TableRows, line: Line, places: Mapping[DatumKey, int], error: BadInput) -> list[Problem]:
    """Problems of a row's dossier, said of the table: by the heading of the cell, else by where it would stand."""
    said: list[Problem] = []
    for one in error.problems:
        number = places.get((one.file, one.row, one.column))
        where = one.column if not one.file else rows.headings[number] if number is not None else (
            " ".join(str(part) for part in (one.file, one.column) if part))
        told = replace(one, file=rows.file, row=line[0], column=where)
        if told not in said:
            said.append(told)
    return said


def _single(rows: TableRows, columns: Sequence[TableColumn], line: Line) -> tuple[int, dict[str, Any]] | list[Problem]:
    """One row by itself: its summary, or all that is wrong with it."""
    with tempfile.TemporaryDirectory() as name:
        try:
            case, places = open_row(rows, columns, line, Path(name))
        except BadInput as error:
            return error.problems
    try:
        found = batch_row(evaluate(case))
    except BadInput as error:
        return _translated(rows, line, places, error)
    plain = {key: value.item() if isinstance(value, np.generic) else value for key, value in found.items()}
    return case.year, plain


def _group(rows: TableRows, columns: Sequence[TableColumn], members: list[Line]) -> Iterator[tuple[int, Any]]:
    """Each line of a group with its summary or its problems."""
    case: Case | None = None
    places: dict[DatumKey, int] = {}
    while members and case is None:  # the first sound row stands for all
        with tempfile.TemporaryDirectory() as name:
            try:
                case, places = open_row(rows, columns, members[0], Path(name))
            except BadInput as error:
                yield members[0][0], error.problems
                members = members[1:]
    if case is None:
        return
    values: dict[DatumKey, np.ndarray] = {}
    mine = rows.headings.index("mine")
    odd = np.array([not MINE_ID.fullmatch(line[1][mine]) for line in members])
    limits = limits_of(case)
    for place, number in places.items():
        if place not in limits:  # a rating under another standard
            continue
        limit, texts = limits[place], [line[1][number] for line in members]
        values[limit.key] = np.array([limit.read(text) for text in texts])
        odd |= ~limit.holds(values[limit.key])
    odd[~odd] |= _contradictory(case, {key: one[~odd] for key, one in values.items()})
    for line in (line for line, is_odd in zip(members, odd, strict=True) if is_odd):
        yield line[0], _single(rows, columns, line)
    good = [line for line, is_odd in zip(members, odd, strict=True) if not is_odd]
    for some, result in evaluate_columns(case, {key: one[~odd] for key, one in values.items()}, len(good)):
        for number, line in enumerate(good[some]):
            if isinstance(result, BadInput):
                yield line[0], _single(rows, columns, line)
            else:
                yield line[0], (case.year, {name: one[number] for name, one in result.items()})


@dataclass(frozen=True)
class Limit:
    """What a figure of a dossier may be, in the unit in which it is given; its levels, of a rating."""

    key: DatumKey
    unit: str = ""
    least: float | None = None
    most: float | None = None
    levels: frozenset[str] | None = None

    def read(self, text: str) -> float:
        """The number, or NaN where a dossier would be refused for it."""
        if self.levels is not None and text not in self.levels:
            return np.nan
        try:
            return read_number(text, self.unit)
        except BadInput:
            return np.nan

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Where values are within the limits."""
        sizes = np.abs(values)
        sound = (sizes == 0) | ((sizes >= SMALLEST) & (sizes <= LARGEST))
        if self.least is not None:
            sound &= values >= self.least
        if self.most is not None:
            sound &= values <= self.most
        return sound


def limits_of(case: Case) -> dict[DatumKey, Limit]:
    """The limits of every figure of a case, by its place, as the reader of dossiers holds them."""
    standard, dossier = case.standard, case.dossier
    found: dict[DatumKey, Limit] = {}

    def note(one: Quantity, allowed: Sequence[str], least: float | None, most: float | None) -> None:
        place = (one.datum.file, one.datum.row, one.datum.column)
        unit = next(unit for unit in allowed if compatible(unit, one.unit))
        low, high = (None if limit is None else float(convert(limit, unit, one.unit)) for limit in (least, most))
        found[place] = Limit(place, one.unit, low, high)

    for activity in dossier.activity:
        item = standard.sources[activity.source].items[activity.parameter]
        note(activity.quantity, item.units, lower_limit(item.units, item.minimum), item.maximum)
    for row in dossier.metrics:
        metric = standard.metrics[row.metric]
        note(row.quantity, metric.units, lower_limit(metric.units, metric.minimum), metric.maximum)
    for offset in dossier.offsets:
        note(offset.quantity, ("tCO2e",), 0.0, None)
    for other in (*dossier.measures, *dossier.parcels):
        given = [one for one in vars(other).values() if isinstance(one, Quantity)]
        for one in (*given, *getattr(other, "inputs", {}).values()):
            known = tables()[one.datum.file][one.datum.column]
            note(one, (one.unit,), known.minimum, known.maximum)
    points = tables()["ratings.csv"]["score"]
    for rating in dossier.ratings:
        key, rubric = rating_place(rating), standard.indicators[rating.indicator].rubric
        levels = frozenset(str(one.score) for one in standard.rubrics[rubric].levels) if rubric else None
        found["ratings.csv", rating.line, "level"] = Limit(key, points.unit, levels=levels)
        found["ratings.csv", rating.line, "score"] = Limit(key, points.unit, points.minimum, points.maximum)
    return found


def _contradictory(case: Case, values: Mapping[DatumKey, np.ndarray]) -> np.ndarray:
    """Where figures contradict each other: a part larger than its whole, a measure that raises emissions."""
    dossier, metrics = case.dossier, case.standard.metrics
    wrong = np.zeros(len(next(iter(values.values()), ())), dtype=bool)

    def of(one: Quantity, unit: str) -> Any:
        return convert(values.get((one.datum.file, one.datum.row, one.datum.column), one.value), one.unit, unit)

    figures = {(row.year, row.metric): row.quantity for row in dossier.metrics}
    for (year, name), part in figures.items():
        whole = figures.get((year, metrics[name].within))
        if whole:
            wrong |= of(part, part.unit) > of(whole, part.unit)
    for measure in dossier.measures:
        wrong |= of(measure.project_t_co2e, "tCO2e") > of(measure.baseline_t_co2e, "tCO2e")
    for year in {row.year for row in dossier.parcels}:
        areas: dict[str, Any] = {}
        for row in dossier.parcels:
            if row.year == year:
                wrong |= areas.setdefault(row.id, of(row.area, "ha")) != of(row.area, "ha")
        if (year, "total_area") in figures:
            wrong |= sum(areas.values()) > of(figures[year, "total_area"], "ha")
    with_columns = with_values(case, lambda place, old: values.get(place, old)).dossier
    for offset in with_columns.offsets:
        wrong |= of_other_length(offset)
    for parcel in with_columns.parcels:
        wrong |= beyond_range(parcel, case.factors)
    return wrong

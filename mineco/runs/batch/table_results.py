"""Results of rows of a table: those of one form together as arrays, and each that is odd by itself.

A row is odd when anything about it would be refused in a dossier. It is then read as the dossier that it stands for,
and refused by the very checks, and with the very words, that a dossier is.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import what_is_missing
from mineco.core.reading.cells import read_number
from mineco.core.workbooks import Line
from mineco.dossier.checks.noticed import place_text
from mineco.dossier.checks.serials import of_other_length
from mineco.dossier.mine import Place
from mineco.dossier.models import ID
from mineco.evaluation.case import Case, open_case_with_gaps
from mineco.evaluation.places import (
    DatumKey,
    contradictory,
    limits_of,
    quantities_of,
    with_unchecked_values,
    with_values,
)
from mineco.evaluation.variants.columns import evaluate_columns, mine_columns, summary_or_range
from mineco.runs.batch.mine_table import FREE, PLACE, Pattern, TableColumn, fill_pattern, read_heading, write_dossier
from mineco.standards.factors import load_factors

MINE_ID = re.compile(ID)
NAMES = {("name", "zh"): "name_zh", ("name", "en"): "name_en"}

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
    scaled_from: int | None = None  # the first of the columns whose figures are the pattern's, in proportion

    def columns(self) -> list[TableColumn]:
        """What the headings say."""
        found = [read_heading(heading, self.pattern) for heading in self.headings]
        own = len(found) if self.scaled_from is None else self.scaled_from
        return [*found[:own], *(replace(one, assumed=True) for one in found[own:])]


def results_of_rows(rows: TableRows) -> tuple[list[dict[str, Any]], list[Refusal]]:
    """A row of the summary for each row that can be evaluated, and those that are refused.

    Credits are retired once: those of the dossier that serves as the pattern are not those of a row, which therefore
    stands without offsets unless its own columns give some. One without figures of its own for the base year and the
    year before is preliminary: a range, and no grade (reading R34).

    >>> from mineco.core.kit import parameters
    >>> from mineco.runs.batch.mine_table import read_pattern
    >>> quarry = read_pattern(parameters() / "mines" / "tiny-quarry")
    >>> lines = [(2, ["north", "300000"]), (3, ["south", "many"])]
    >>> rows = TableRows("mines.csv", ("mine", "metrics:production"), lines, quarry, "carbon-neutral-mine-2025", {})
    >>> ((found,), ((line, problems),)) = results_of_rows(rows)
    >>> found["mine"], found["status"], [str(one) for one in problems]
    ('north', 'preliminary', ['mines.csv 3 metrics:production: not_a_number (many)'])
    """
    columns, groups = rows.columns(), dict[tuple[Any, ...], list[Line]]()
    terms = [number for number, one in enumerate(columns)
             if not one.table or (one.table == "mine" and one.keys not in FREE)]
    figures = [number for number, one in enumerate(columns) if one.table not in ("", "mine")]
    addresses = [number for number, one in enumerate(columns) if one.table == "mine" and one.keys[0] == "address"]
    for line in rows.lines:
        cells = line[1]
        form = (tuple(cells[number] for number in terms), tuple(bool(cells[number]) for number in figures),
                tuple(tuple(sorted(load_factors().named_in("province", cells[number]))) for number in addresses))
        groups.setdefault(form, []).append(line)
    mine, found, refused = rows.headings.index("mine"), list[dict[str, Any]](), list[Refusal]()
    names = {number: cells[mine] for number, cells in rows.lines}
    for members in groups.values():
        for number, result in _group(rows, columns, members):
            if isinstance(result, list):
                refused.append((number, result))
            else:
                year, summary = result
                found.append({"mine": names[number], "year": year, "line": number, **summary})
    return found, sorted(refused)


def open_row(rows: TableRows, columns: Sequence[TableColumn], line: Line,
             folder: Path) -> tuple[Case, dict[DatumKey, int]]:
    """The case of one row, from the dossier that it stands for, and the columns of its cells by place.

    Every problem is told at its column of the table, where it has one.
    """
    places: dict[DatumKey, int] = {}
    try:
        files, places = fill_pattern(rows.pattern, columns, line[1])
        write_dossier(files, folder)
        return open_case_with_gaps(folder, rows.standard_id, **rows.options), places
    except BadInput as error:
        raise BadInput(_translated(rows, line, places, error)) from error


def _translated(rows: TableRows, line: Line, places: Mapping[DatumKey, int], error: BadInput) -> list[Problem]:
    """Problems of a row's dossier, said of the table: by the heading of the cell, else by where it would stand.

    Beside what is wrong, nothing is told of what is only missing: the row would be evaluated without it (reading R34).
    """
    said: list[Problem] = []
    for one in [one for one in error.problems if not what_is_missing(one)] or error.problems:
        number = places.get((one.file, one.row, one.column))
        where = one.column if not one.file else rows.headings[number] if number is not None else (
            " ".join(str(part) for part in (one.file, one.column) if part))
        told = replace(one, file=rows.file, row=line[0], column=where)
        if told not in said:
            said.append(told)
    return said


def _naming(rows: TableRows, places: Mapping[DatumKey, int], case: Case) -> Callable[[Problem], str]:
    """How the place of a notice is told: by the heading of its cell, else by the name of what the pattern gives."""
    names = {(one.datum.file, one.datum.row): one.name for one in quantities_of(case)}

    def place(problem: Problem) -> str:
        if (number := places.get((problem.file, problem.row, problem.column))) is not None:
            return rows.headings[number]
        return place_text(replace(problem, row=names.get((problem.file, problem.row), problem.row)))

    return place


def _single(rows: TableRows, columns: Sequence[TableColumn], line: Line) -> tuple[int, dict[str, Any]] | list[Problem]:
    """One row by itself: its summary, or all that is wrong with it."""
    with tempfile.TemporaryDirectory() as name:
        try:
            case, places = open_row(rows, columns, line, Path(name))
        except BadInput as error:
            return error.problems
    try:
        found = summary_or_range(case, _naming(rows, places, case))
    except BadInput as error:
        return _translated(rows, line, places, error)
    told = mine_columns(case) | (_own(columns, line[1]) or {}) | found
    return case.year, {key: value.item() if isinstance(value, np.generic) else value for key, value in told.items()}


def _own(columns: Sequence[TableColumn], cells: Sequence[str]) -> dict[str, Any] | None:
    """What no other mine can say of a row's: names, place and depth; None where a dossier would be refused for them."""
    given = {one.keys: cell for one, cell in zip(columns, cells, strict=True) if one.table == "mine" and cell}
    try:
        place = Place(**{path[0]: read_number(given[path]) for path in PLACE if path in given})
    except (BadInput, ValidationError):
        return None
    return {name: given.get(path) for path, name in NAMES.items()} | place.model_dump()


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
    own = {line[0]: _own(columns, line[1]) for line in members}
    odd = np.array([not MINE_ID.fullmatch(line[1][mine]) or own[line[0]] is None for line in members])
    limits = limits_of(case)
    for place, number in places.items():
        if place not in limits:  # a rating under another standard
            continue
        limit, texts = limits[place], [line[1][number] for line in members]
        values[limit.key] = np.array([limit.read(text) for text in texts])
        odd |= ~limit.holds(values[limit.key])
    odd[~odd] |= contradictory(case, {key: one[~odd] for key, one in values.items()}, int((~odd).sum()))
    for offset in with_values(case, {key: one[~odd] for key, one in values.items()}).dossier.offsets:
        odd[~odd] |= of_other_length(offset)
    for line in (line for line, is_odd in zip(members, odd, strict=True) if is_odd):
        yield line[0], _single(rows, columns, line)
    good = [line for line, is_odd in zip(members, odd, strict=True) if not is_odd]
    sound, pattern = {key: one[~odd] for key, one in values.items()}, case
    shared = mine_columns(with_unchecked_values(case, sound))
    mined = np.broadcast_to(np.array(shared["production"], dtype=object), len(good)).tolist()

    def case_of(some: slice) -> Case:
        return with_values(pattern, {key: one[some] for key, one in sound.items()})

    for some, result in evaluate_columns(case_of, len(good),
                                         partial(summary_or_range, place=_naming(rows, places, case))):
        for number, line in enumerate(good[some]):
            if isinstance(result, BadInput):
                yield line[0], _single(rows, columns, line)
            else:
                told = shared | {"production": mined[some][number]} | (own[line[0]] or {})
                yield line[0], (case.year, told | {name: one[number] for name, one in result.items()})

"""Forms of the rows of a table: what rows have in common that differ in figures alone, opened once for all of them."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import what_is_missing
from mineco.core.workbooks import Line
from mineco.core.writing import write_files
from mineco.dossier.checks.noticed import place_text
from mineco.evaluation.case import Case, open_case_with_gaps
from mineco.evaluation.places import DatumKey, Limit, limits_of, quantities_of
from mineco.runs.batch.mine_table import FREE, PROVINCE, Pattern, TableColumn, fill_pattern, read_heading
from mineco.runs.batch.reading.rows import Rows
from mineco.runs.batch.records import record_key
from mineco.standards.factors import load_factors

SILENT = tuple(keys for keys in FREE if keys[0] != "address")  # entries of mine.yaml that no evaluation looks at
FORMS_KEPT = 200  # opened forms that a process keeps for the next rows of the same table


@dataclass(frozen=True)
class TableRows:
    """Some rows of a table, and all that is needed to evaluate them anywhere."""

    file: str
    headings: tuple[str, ...]
    packed: bytes  # the rows, see `Rows.packed`
    pattern: Pattern
    standard_id: str
    options: Mapping[str, Any]
    scaled_from: int | None = None  # the first of the columns whose figures are the pattern's, in proportion

    @property
    def mine(self) -> int:
        """The column of ids."""
        return self.headings.index("mine")

    def columns(self) -> list[TableColumn]:
        """What the headings say."""
        found = [read_heading(heading, self.pattern) for heading in self.headings]
        own = len(found) if self.scaled_from is None else self.scaled_from
        return [*found[:own], *(replace(one, assumed=True) for one in found[own:])]

    @cached_property
    def shared(self) -> str:
        """The hash of all but the rows."""
        return record_key(self.file, self.headings, repr(self.pattern), self.standard_id, self.options,
                          self.scaled_from)


@dataclass(frozen=True)
class OpenedForm:
    """What rows that differ in figures alone have in common: opened once, from the first sound one."""

    case: Case
    places: Mapping[DatumKey, int]  # columns of the cells, by place
    limits: Mapping[DatumKey, Limit]
    naming: Callable[[Problem], str]


_forms: dict[tuple[Any, ...], OpenedForm] = {}  # the newest last


def groups_of_one_form(given: Rows, columns: Sequence[TableColumn]) -> Iterator[Rows]:
    """Rows that differ in figures alone: with the same blanks, and with words that mean the same."""
    codes = []
    for column, cells in zip(columns, given.cells.columns, strict=True):
        if column.table in ("", "mine") and column.keys not in SILENT:
            coded = cells.dictionary_encode("encode")
            meant = [_meant(column, text or "") for text in coded.dictionary.to_pylist()]
            codes.append(np.unique(meant, return_inverse=True)[1][coded.indices.to_numpy()])
        elif column.table not in ("", "mine") and 0 < cells.null_count < len(cells):
            codes.append(cells.is_valid().to_numpy(zero_copy_only=False))
    form = np.zeros(len(given), dtype=np.int64)
    for code in codes:
        if (code != code[0]).any():
            form = np.unique(form * (int(code.max()) + 1) + code, return_inverse=True)[1]
    order = np.argsort(form, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(form[order])) + 1):
        yield given.taken(places)


def form_of(columns: Sequence[TableColumn], cells: Sequence[str]) -> tuple[str | bool, ...]:
    """What a row has in common with those of its group: the same for two rows that one call would put together."""
    return tuple(_meant(column, cell) if column.table in ("", "mine") else cell != ""
                 for column, cell in zip(columns, cells, strict=True))


def _meant(column: TableColumn, cell: str) -> str:
    """What words of a row mean to its evaluation, but for its numbers: an address the provinces that it names, a
    province what grid factors it has, of which kind.
    """
    if column.keys[0] == "address":
        return str(sorted(load_factors().named_in("province", cell)))
    if column.keys == PROVINCE:
        with suppress(BadInput):  # it is told where the row is opened
            return str(load_factors().grid_kind(cell))
    return "" if column.keys in SILENT else cell


def open_form(rows: TableRows, columns: Sequence[TableColumn], line: Line) -> OpenedForm:
    """The form of a row, which is opened if no row of it was before."""
    key = (rows.shared, *form_of(columns, line[1]))
    found = _forms.pop(key, None)
    if found is None:
        with tempfile.TemporaryDirectory() as name:
            case, places = open_row(rows, columns, line, Path(name))
        found = OpenedForm(case, places, limits_of(case), naming(rows, places, case))
    _forms[key] = found
    if len(_forms) > FORMS_KEPT:
        del _forms[next(iter(_forms))]
    return found


def open_row(rows: TableRows, columns: Sequence[TableColumn], line: Line,
             folder: Path) -> tuple[Case, dict[DatumKey, int]]:
    """The case of one row, from the dossier that it stands for, and the columns of its cells by place.

    Every problem is told at its column of the table, where it has one.
    """
    places: dict[DatumKey, int] = {}
    try:
        files, places = fill_pattern(rows.pattern, columns, line[1])
        write_files(files, folder)
        return open_case_with_gaps(folder, rows.standard_id, **rows.options), places
    except BadInput as error:
        raise BadInput(translated(rows, line, places, error)) from error


def translated(rows: TableRows, line: Line, places: Mapping[DatumKey, int], error: BadInput) -> list[Problem]:
    """Problems of a row's dossier, said of the table: by the heading of the cell, else by where it would stand.

    Beside what is wrong, nothing is told of what is only missing: the row would be evaluated without it (reading R34).
    """
    said: list[Problem] = []
    for one in [one for one in error.problems if not what_is_missing(one)] or error.problems:
        number = places.get((one.file, one.row, one.column))
        if one.file == "mine.yaml":
            number = next((at for at, column in enumerate(rows.columns()) if column.table == "mine"
                           and ".".join(column.keys) == one.column), None)
        where = one.column if not one.file else rows.headings[number] if number is not None else (
            " ".join(str(part) for part in (one.file, one.column) if part))
        told = replace(one, file=rows.file, row=line[0], column=where)
        if told not in said:
            said.append(told)
    return said


def naming(rows: TableRows, places: Mapping[DatumKey, int], case: Case) -> Callable[[Problem], str]:
    """How the place of a notice is told: by the heading of its cell, else by the name of what the pattern gives."""
    names = {(one.datum.file, one.datum.row): one.name for one in quantities_of(case)}

    def place(problem: Problem) -> str:
        if (number := places.get((problem.file, problem.row, problem.column))) is not None:
            return rows.headings[number]
        return place_text(replace(problem, row=names.get((problem.file, problem.row), problem.row)))

    return place

"""Results of rows of a table: those of one form together as arrays, and each that is odd by itself.

A row is odd when anything about it would be refused in a dossier. It is then read as the dossier that it stands for,
and refused by the very checks, and with the very words, that a dossier is.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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
    Limit,
    contradictory,
    limits_of,
    quantities_of,
    with_unchecked_values,
)
from mineco.evaluation.variants.columns import evaluate_slices, mine_columns, summary_or_range
from mineco.runs.batch.mine_table import FREE, PLACE, Pattern, TableColumn, fill_pattern, read_heading, write_dossier
from mineco.runs.batch.reading.rows import Rows, read_numbers
from mineco.runs.batch.records import column_type, columns_as_table, record_key, rows_as_table
from mineco.standards.factors import load_factors

MINE_ID = re.compile(ID)
NAMES = {("name", "zh"): "name_zh", ("name", "en"): "name_en"}
FORMS_KEPT = 200  # opened forms that a process keeps for the next rows of the same table

Refusal = tuple[int, list[Problem]]  # line, and what is wrong there


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


def results_of_rows(rows: TableRows) -> tuple[pa.Table, list[Refusal]]:
    """The rows of the summary for those that can be evaluated, in the order of the lines, and those that are refused.

    Credits are retired once: those of the dossier that serves as the pattern are not those of a row, which therefore
    stands without offsets unless its own columns give some. One without figures of its own for the base year and the
    year before is preliminary: a range, and no grade (reading R34).

    >>> from mineco.core.kit import parameters
    >>> from mineco.runs.batch.mine_table import read_pattern
    >>> quarry, headings = read_pattern(parameters() / "mines" / "tiny-quarry"), ("mine", "metrics:production")
    >>> packed = Rows.of_lines(headings, [(2, ["north", "300000"]), (3, ["south", "many"])]).packed()
    >>> rows = TableRows("mines.csv", headings, packed, quarry, "carbon-neutral-mine-2025", {})
    >>> found, ((line, problems),) = results_of_rows(rows)
    >>> found["mine"].to_pylist(), found["status"].to_pylist(), [str(one) for one in problems]
    (['north'], ['preliminary'], ['mines.csv 3 metrics:production: not_a_number (many)'])
    """
    columns, given = rows.columns(), Rows.unpacked(rows.packed)
    tables, single, refused = list[pa.Table](), list[dict[str, Any]](), list[Refusal]()
    for members in groups_of_one_form(given, columns):
        for some, result in _group(rows, columns, members):
            if isinstance(result, pa.Table):
                tables.append(result)
            elif isinstance(result, list):
                refused.append((int(some.numbers[0]), result))
            else:
                single.append({"mine": some.texts(rows.mine)[0], "line": int(some.numbers[0]), **result})
    found = pa.concat_tables([*tables, rows_as_table(single)], promote_options="default")
    return found if len(tables) == 1 and not single else found.sort_by("line") if len(found) else found, sorted(refused)


def groups_of_one_form(given: Rows, columns: Sequence[TableColumn]) -> Iterator[Rows]:
    """Rows that differ in figures alone: with the same words, the same blanks, and addresses in the same province."""
    codes = []
    for column, cells in zip(columns, given.cells.columns, strict=True):
        if column.table in ("", "mine") and column.keys not in FREE:
            codes.append(cells.dictionary_encode("encode").indices.to_numpy())
        elif column.table == "mine" and column.keys[0] == "address":
            coded = cells.dictionary_encode("encode")
            provinces = [_provinces(text or "") for text in coded.dictionary.to_pylist()]
            codes.append(np.unique(provinces, return_inverse=True)[1][coded.indices.to_numpy()])
        elif column.table != "mine" and 0 < cells.null_count < len(cells):
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
    return tuple(cell if column.table in ("", "mine") and column.keys not in FREE
                 else _provinces(cell) if column.table == "mine" and column.keys[0] == "address"
                 else column.table == "mine" or cell != "" for column, cell in zip(columns, cells, strict=True))


def _provinces(address: str) -> str:
    return str(sorted(load_factors().named_in("province", address)))


def open_form(rows: TableRows, columns: Sequence[TableColumn], line: Line) -> OpenedForm:
    """The form of a row, which is opened if no row of it was before."""
    key = (rows.shared, *form_of(columns, line[1]))
    found = _forms.pop(key, None)
    if found is None:
        with tempfile.TemporaryDirectory() as name:
            case, places = open_row(rows, columns, line, Path(name))
        found = OpenedForm(case, places, limits_of(case), _naming(rows, places, case))
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


def _single(rows: TableRows, columns: Sequence[TableColumn], line: Line) -> dict[str, Any] | list[Problem]:
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
    told = {"year": case.year} | mine_columns(case) | (_own(columns, line[1]) or {}) | found
    return {key: value.item() if isinstance(value, np.generic) else value for key, value in told.items()}


def _own(columns: Sequence[TableColumn], cells: Sequence[str]) -> dict[str, Any] | None:
    """What no other mine can say of a row's: names, place and depth; None where a dossier would be refused for them."""
    given = {one.keys: cell for one, cell in zip(columns, cells, strict=True) if one.table == "mine" and cell}
    try:
        place = Place(**{path[0]: read_number(given[path]) for path in PLACE if path in given})
    except (BadInput, ValidationError):
        return None
    return {name: given.get(path) for path, name in NAMES.items()} | place.model_dump()


def _own_of_many(columns: Sequence[TableColumn], members: Rows) -> tuple[dict[str, Any], np.ndarray]:
    """As `_own`, by column, and the rows for which a dossier would be refused."""
    count, nothing = len(members), _own([], [])
    assert nothing is not None
    told, odd = {name: pa.nulls(count, column_type(name)) for name in nothing}, np.zeros(count, dtype=bool)
    mine = [(place, one) for place, one in enumerate(columns) if one.table == "mine"]
    for place, name in ((place, NAMES[one.keys]) for place, one in mine if one.keys in NAMES):
        told[name] = pc.coalesce(members.cells.column(place), told[name])
    if where := [(place, one) for place, one in mine if one.keys in PLACE]:
        found = [_own([one for _, one in where], cells)
                 for cells in zip(*(members.texts(place) for place, _ in where), strict=True)]
        odd = np.array([one is None for one in found])
        told |= {name: pa.array([(one or nothing)[name] for one in found], column_type(name)) for (name,) in PLACE}
    return told, odd


def _group(rows: TableRows, columns: Sequence[TableColumn],
           members: Rows) -> Iterator[tuple[Rows, pa.Table | dict[str, Any] | list[Problem]]]:
    """Rows of a group with their summaries as a table, and one by one those that are odd."""
    form: OpenedForm | None = None
    while len(members) and form is None:  # the first sound row stands for all
        try:
            form = open_form(rows, columns, members.line(0))
        except BadInput as error:
            yield members.between(0, 1), error.problems
            members = members.between(1, len(members))
    if form is None:
        return
    values: dict[DatumKey, np.ndarray] = {}
    own, odd = _own_of_many(columns, members)
    odd |= np.array([not MINE_ID.fullmatch(name) for name in members.texts(rows.mine)])
    for place, number in form.places.items():
        if place not in form.limits:  # a rating under another standard
            continue
        limit, cells = form.limits[place], members.cells.column(number)
        if limit.levels is not None and pa.types.is_string(cells.type):
            cells = pc.if_else(pc.is_in(cells, pa.array(sorted(limit.levels))), cells, None)
        values[limit.key] = read_numbers(cells, limit.read)
        odd |= ~limit.holds(values[limit.key])
    likely = ~odd
    taken = with_unchecked_values(form.case, {key: one[likely] for key, one in values.items()})
    odd[likely] |= contradictory(taken, int(likely.sum()))
    for offset in taken.dossier.offsets:
        odd[likely] |= of_other_length(offset)
    for at in np.flatnonzero(odd).tolist():
        yield members.between(at, at + 1), _single(rows, columns, members.line(at))
    if odd.all():
        return
    good = members.taken(~odd)
    sound, pattern = {key: one[~odd] for key, one in values.items()}, form.case
    whole = taken if (likely == ~odd).all() else with_unchecked_values(pattern, sound)
    shared = mine_columns(whole)
    mined = np.broadcast_to(np.array(np.nan if shared["production"] is None else shared["production"]), len(good))
    own = {name: one.filter(pa.array(~odd)) for name, one in own.items()}

    def case_of(some: slice) -> Case:
        return whole if some == slice(0, len(good)) else with_unchecked_values(
            pattern, {key: one[some] for key, one in sound.items()})

    for some, result in evaluate_slices(case_of, len(good), partial(summary_or_range, place=form.naming)):
        these = good.between(some.start, some.stop)
        if isinstance(result, BadInput):
            yield these, _single(rows, columns, these.line(0))
        else:
            told = shared | {name: one[some] for name, one in own.items()}
            told["production"] = pa.array(mined[some], pa.float64(), from_pandas=True)
            yield these, columns_as_table({"mine": these.cells.column(rows.mine), "line": these.numbers,
                                           "year": pattern.year, **told, **result}, len(these))

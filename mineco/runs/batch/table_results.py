"""Results of rows of a table: those of one form together as arrays, and each that is odd by itself.

A row is odd when anything about it would be refused in a dossier. It is then read as the dossier that it stands for,
and refused by the very checks, and with the very words, that a dossier is.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.cells import read_number
from mineco.core.workbooks import Line
from mineco.dossier.checks.serials import of_other_length
from mineco.dossier.mine import Place
from mineco.dossier.models import ID
from mineco.evaluation.case import Case
from mineco.evaluation.places import DatumKey, contradictory, with_unchecked_values
from mineco.evaluation.variants.columns import evaluate_slices, mine_columns, summary_or_range
from mineco.runs.batch.forms import OpenedForm, TableRows, groups_of_one_form, naming, open_form, open_row, translated
from mineco.runs.batch.mine_table import PLACE, PROVINCE, TableColumn
from mineco.runs.batch.reading.rows import Rows, read_numbers
from mineco.runs.batch.records import column_type, columns_as_table, rows_as_table
from mineco.standards.factors import Provinces, load_factors

MINE_ID = re.compile(ID)
NAMES = {("name", "zh"): "name_zh", ("name", "en"): "name_en"}

Refusal = tuple[int, list[Problem]]  # line, and what is wrong there


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


def _single(rows: TableRows, columns: Sequence[TableColumn], line: Line) -> dict[str, Any] | list[Problem]:
    """One row by itself: its summary, or all that is wrong with it."""
    with tempfile.TemporaryDirectory() as name:
        try:
            case, places = open_row(rows, columns, line, Path(name))
        except BadInput as error:
            return error.problems
    try:
        found = summary_or_range(case, naming(rows, places, case))
    except BadInput as error:
        return translated(rows, line, places, error)
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


def _province_of_many(columns: Sequence[TableColumn], members: Rows) -> str | Provinces | None:
    """Where rows of one form lie by their own words, which the tables of factors know; None where no column says."""
    number = next((number for number, one in enumerate(columns) if one.keys == PROVINCE), None)
    if number is None:
        return None
    coded = members.cells.column(number).dictionary_encode()
    names = tuple(load_factors().resolve("province", text) for text in coded.dictionary.to_pylist())
    return Provinces(names, coded.indices.to_numpy()) if len(names) > 1 else names[0]


def _lying_in(case: Case, province: str | Provinces | None, kept: slice | np.ndarray) -> Case:
    """The case of some rows, where they lie."""
    if province is None:
        return case
    if isinstance(province, Provinces):
        province = Provinces(province.names, province.of[kept])
    mine = case.dossier.mine.model_copy(update={"province": province})
    return replace(case, dossier=replace(case.dossier, mine=mine))


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
    province = _province_of_many(columns, members)
    if isinstance(province, Provinces):
        own["province"] = pa.array(province.names).take(pa.array(province.of))
    odd |= np.array([not MINE_ID.fullmatch(name) for name in members.texts(rows.mine)])
    for place, number in form.places.items():
        if place not in form.limits:  # a rating under another standard
            continue
        limit, cells = form.limits[place], members.cells.column(number)
        if limit.levels is not None and pa.types.is_string(cells.type):
            cells = pc.if_else(pc.is_in(cells, pa.array(sorted(limit.levels))), cells, None)
        values[limit.key] = read_numbers(cells, limit.read)
        odd |= ~limit.holds(values[limit.key])
    pattern = form.case

    def case_of(kept: slice | np.ndarray) -> Case:
        return with_unchecked_values(_lying_in(pattern, province, kept),
                                     {key: one[kept] for key, one in values.items()})

    likely = ~odd
    taken = case_of(likely)
    if likely.any():
        odd[likely] |= contradictory(taken, int(likely.sum()))
        for offset in taken.dossier.offsets:
            odd[likely] |= of_other_length(offset)
    for at in np.flatnonzero(odd).tolist():
        yield members.between(at, at + 1), _single(rows, columns, members.line(at))
    if odd.all():
        return
    good, sound = members.taken(~odd), np.flatnonzero(~odd)
    whole = taken if (likely == ~odd).all() else case_of(~odd)
    shared = mine_columns(whole)
    mined = np.broadcast_to(np.array(np.nan if shared["production"] is None else shared["production"]), len(good))
    own = {name: one.filter(pa.array(~odd)) for name, one in own.items()}

    def case_of_good(some: slice) -> Case:
        return whole if some == slice(0, len(good)) else case_of(sound[some])

    for some, result in evaluate_slices(case_of_good, len(good), partial(summary_or_range, place=form.naming)):
        these = good.between(some.start, some.stop)
        if isinstance(result, BadInput):
            yield these, _single(rows, columns, these.line(0))
        else:
            told = shared | {name: one[some] for name, one in own.items()}
            told["production"] = pa.array(mined[some], pa.float64(), from_pandas=True)
            yield these, columns_as_table({"mine": these.cells.column(rows.mine), "line": these.numbers,
                                           "year": pattern.year, **told, **result}, len(these))

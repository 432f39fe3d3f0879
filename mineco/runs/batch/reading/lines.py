"""The rows of a table of mine-years, from CSV, a workbook or Parquet: never all of them at once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.decoding import forbidden
from mineco.core.reading.tables import LONGEST_CELL, without_blank_end
from mineco.core.workbooks import Line, open_workbook
from mineco.core.workbooks.cells import FORMULA
from mineco.core.workbooks.reader import WORKBOOKS
from mineco.runs.batch.reading.delimited import BLOCK, Part, delimited_parts
from mineco.runs.batch.reading.rows import Rows, batched
from mineco.runs.batch.reading.sheets import sheet_lines
from mineco.runs.batch.reading.typed import ENDINGS, typed_rows

MAX_COLUMNS = 1000
KEY = "mine"  # the column without which a row is of nobody
TOGETHER = 5_000  # lines of a workbook that become columns at once

Tell = Callable[[Problem], None]


def read_lines(path: Path, refuse: Tell, tell: Tell = lambda problem: None, key: str = KEY,
               wanted: Callable[[str], bool] = lambda name: True) -> Iterator[Line]:
    """As `read_rows`, line by line as text: number and cells, the heading first.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mines.csv"
    ...     _ = path.write_text("mine,metrics:production [t]\\nnorth,5\\n\\nsouth,\\n")
    ...     list(read_lines(path, print))
    [(1, ['mine', 'metrics:production [t]']), (2, ['north', '5']), (4, ['south', ''])]
    """
    top, headings, rows = read_rows(path, refuse, tell, key, wanted)
    if headings:
        yield top, headings
    for some in rows:
        yield from some.lines()


def read_rows(path: Path, refuse: Tell, tell: Tell = lambda problem: None, key: str = KEY,
              wanted: Callable[[str], bool] = lambda name: True) -> tuple[int, list[str], Iterator[Rows]]:
    """Line and cells of the heading, and the rows below it that are not blank, some at a time; no heading: no table.

    ``refuse`` is called with what is wrong with a line, which is then left out; ``tell`` with what was read otherwise
    than it shows: lines above the heading, hidden rows and columns, further sheets. A file that is no table is refused
    as soon as that shows. ``key`` names the column by which the heading is known, ``wanted`` the sheets that may be it.
    """
    ending = path.suffix.lower()
    if ending in ENDINGS:
        parts: Iterator[Part] = ((rows, []) for rows in typed_rows(path))
        names = list(next(parts)[0].cells.schema.names)  # type: ignore[union-attr]
        top, padded = 0, False
    else:
        padded = ending in WORKBOOKS
        parts = _workbook_parts(path, refuse, tell, key, wanted) if padded else delimited_parts(path, tell, key)
        top, names, parts = _heading(parts)
    if not names:
        return 0, [], iter(())
    _require_heading(path, top or "", names, key)
    return top, names, _sound(path, parts, names, refuse, padded)


def _heading(parts: Iterator[Part]) -> tuple[int, list[str], Iterator[Part]]:
    """The first line that is not blank, and the parts behind it."""
    for rows, lines in parts:
        for place, (number, cells) in enumerate(lines):
            if any(cells):
                return number, without_blank_end(cells), chain([(rows, lines[place + 1:])], parts)
    return 0, [], iter(())


def _sound(path: Path, parts: Iterator[Part], headings: list[str], refuse: Tell, padded: bool) -> Iterator[Rows]:
    """Every sound row, the cells without the blanks around them."""
    for rows, lines in parts:
        found = []
        if rows is not None:
            rows, odd = _cleaned(rows, headings)
            lines = sorted([*lines, *odd.lines()])
            found = [rows] if len(rows) else []
        checked = list(_checked(path, lines, refuse, headings, padded))
        if checked:
            found.append(Rows.of_lines(headings, checked))
        if found:
            yield Rows.joined(found)


def _cleaned(rows: Rows, headings: list[str]) -> tuple[Rows, Rows]:
    """Rows whose cells are all sound, and those of which one is to be looked at; what is blank is neither."""
    width, columns = len(headings), list[pa.Array]()
    odd, blank = np.zeros(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
    for column in rows.cells.columns:
        if pa.types.is_string(column.type):
            column, wrong = _without_blanks(column)
            odd |= wrong
        given = column.is_valid().to_numpy(zero_copy_only=False)
        blank &= ~given
        if len(columns) >= width:  # behind the last heading
            odd |= given
        columns.append(column)
    names = [*headings, *(f" {place}" for place in range(width, len(columns)))]
    cleaned = Rows(rows.numbers, pa.RecordBatch.from_arrays(columns, names))
    sound = cleaned.taken(~odd & ~blank)
    return Rows(sound.numbers, sound.cells.select(range(width))), cleaned.taken(odd & ~blank)


def _without_blanks(column: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """A column without the blanks around its cells, and where one is what no cell may be."""
    whole, lengths = _all_text(column), pc.min_max(pc.binary_length(column)).as_py()
    if whole.isprintable() and "\ufffd" not in whole and (lengths["max"] or 0) <= LONGEST_CELL:
        if " " in whole or lengths["min"] == 0:
            column = pc.utf8_trim(column, " ")
            column = pc.if_else(pc.equal(column, ""), None, column)
        return column, np.zeros(len(column), dtype=bool)
    coded = column.dictionary_encode()
    texts = [text.strip() for text in coded.dictionary.to_pylist()]
    wrong = pa.array([_wrong(text) is not None for text in texts], pa.bool_())
    return (pa.array([text or None for text in texts], pa.string()).take(coded.indices),
            wrong.take(coded.indices).fill_null(False).to_numpy(zero_copy_only=False))


def _all_text(column: pa.Array) -> str:
    """All cells of a column, one behind the other."""
    _, ends, text = column.buffers()
    ends = np.frombuffer(ends, np.int32)[column.offset:column.offset + len(column) + 1] if len(column) else [0]
    return str(memoryview(text or b"")[ends[0]:ends[-1]], "utf-8")


def _checked(path: Path, lines: list[Line], refuse: Tell, headings: list[str], padded: bool) -> Iterator[Line]:
    """Every sound line; a sheet leaves out the blank cells at the end of a row."""
    width = len(headings)
    for number, cells in lines:
        if not any(cells):
            continue
        cells = without_blank_end(cells, width)
        if padded:
            cells += [""] * (width - len(cells))
        if len(cells) != width:
            refuse(Problem("field_count", path.name, number, value=len(cells), details={"expected": width}))
        elif wrong := [replace(one, file=path.name, row=number, column=heading)
                       for heading, one in zip(headings, map(_wrong, cells), strict=True) if one]:
            refuse(wrong[0])
        else:
            yield number, cells


def count_lines(path: Path) -> int | None:
    """About how many lines follow the heading, to tell the remaining time; None of a workbook, which does not say."""
    if path.suffix.lower() in WORKBOOKS:
        return None
    if path.suffix.lower() in ENDINGS:
        return int(parquet.read_metadata(path).num_rows)
    with path.open("rb") as file:
        return max(0, sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b"")) - 1)


def _wrong(cell: str) -> Problem | None:
    """What no cell may be: too long, with characters that do not show, or a formula."""
    if len(cell) > LONGEST_CELL:
        return Problem("cell_too_long", details={"length": len(cell), "longest": LONGEST_CELL})
    if cell.startswith(FORMULA):
        return Problem("formula_in_cell", value=cell.removeprefix(FORMULA))
    bad = "" if cell.isascii() and cell.isprintable() else next(filter(forbidden, cell), "")
    return Problem("control_character", value=f"U+{ord(bad):04X}") if bad else None


def _require_heading(path: Path, number: int | str, cells: list[str], key: str) -> None:
    for name in cells:
        if wrong := _wrong(name):
            raise BadInput(replace(wrong, file=path.name, row=number))
        if not name:
            raise BadInput(Problem("missing_value", path.name, number, details={
                "meaning_zh": "列名", "meaning_en": "name of a column"}))
        if cells.count(name) > 1:
            raise BadInput(Problem("duplicate_column", path.name, number, name))
    if key not in cells:
        raise BadInput(Problem("missing_column", path.name, number, key, details={"given": ", ".join(cells)}))
    if len(cells) > MAX_COLUMNS:
        raise BadInput(Problem("too_many_columns", path.name, number, value=len(cells),
                               details={"most": MAX_COLUMNS}))


def _workbook_parts(path: Path, refuse: Tell, tell: Tell, key: str, wanted: Callable[[str], bool]) -> Iterator[Part]:
    with open_workbook(path) as book:
        lines = sheet_lines(path, book, refuse, tell, key, wanted)
        yield from ((None, some) for some in batched(lines, TOGETHER))

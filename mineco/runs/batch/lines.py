"""The rows of a table of mine-years, one after the other, from CSV or from a workbook: never all of them at once."""

import csv
import datetime
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from mineco.core.decoding import encoding_of, forbidden
from mineco.core.errors import BadInput, Problem
from mineco.core.reading import LONGEST_CELL

BLOCK = 1 << 18  # bytes on which the encoding is decided; all of the file is then held to it
MAX_COLUMNS = 1000
LARGEST_WORKBOOK = 500_000_000  # bytes unpacked, of a million rows
FORMULA = "\0"  # before a formula, or an error of one: no text from a workbook has it
WORKBOOKS = (".xlsx", ".xlsm")
BROKEN = (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError,  # the last is that of XML
          AttributeError, IndexError)  # of a workbook that holds charts alone

Line = tuple[int, list[str]]


def read_lines(path: Path, refuse: Callable[[Problem], None]) -> Iterator[Line]:
    """Number and cells of each line that is not blank, the heading first; as many cells in each as in the heading.

    ``refuse`` is called with what is wrong with a line, which is then left out; a file that is no table is refused as
    soon as that shows.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mines.csv"
    ...     _ = path.write_text("mine,metrics:production [t]\\nnorth,5\\n\\nsouth,\\n")
    ...     list(read_lines(path, print))
    [(1, ['mine', 'metrics:production [t]']), (2, ['north', '5']), (4, ['south', ''])]
    """
    width = 0
    lines = _workbook(path) if path.suffix.lower() in WORKBOOKS else _csv(path)
    for number, cells in lines:
        if not any(cells):
            continue
        if not width:
            while cells and not cells[-1]:
                cells.pop()
            width = len(cells)
            _require_heading(path, number, cells)
        while len(cells) > width and not cells[-1]:
            cells.pop()
        if path.suffix.lower() in WORKBOOKS:
            cells += [""] * (width - len(cells))
        if len(cells) != width:
            refuse(Problem("field_count", path.name, number, value=len(cells), details={"expected": width}))
        elif wrong := next(filter(None, map(_wrong, cells)), None):
            refuse(replace(wrong, file=path.name, row=number))
        else:
            yield number, cells


def count_lines(path: Path) -> int | None:
    """About how many lines follow the heading, to tell the remaining time; None of a workbook, which does not say."""
    if path.suffix.lower() in WORKBOOKS:
        return None
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


def _require_heading(path: Path, number: int, cells: list[str]) -> None:
    for name in cells:
        if not name:
            raise BadInput(Problem("missing_value", path.name, number, details={
                "meaning_zh": "列名", "meaning_en": "name of a column"}))
        if cells.count(name) > 1:
            raise BadInput(Problem("duplicate_column", path.name, number, name))
    if "mine" not in cells:
        raise BadInput(Problem("missing_column", path.name, number, "mine", details={"given": ", ".join(cells)}))
    if len(cells) > MAX_COLUMNS:
        raise BadInput(Problem("too_many_columns", path.name, number, value=len(cells),
                               details={"most": MAX_COLUMNS}))


def _csv(path: Path) -> Iterator[Line]:
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, strict=True)
            number = 1
            for cells in reader:
                yield number, [cell.strip() for cell in cells]
                number = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(Problem("bad_quotes", path.name, number, details={"why": str(error)})) from error
    except UnicodeDecodeError as error:
        raise BadInput(Problem("unknown_encoding", path.name)) from error


def _encoding(path: Path) -> str:
    """UTF-8 or GB18030, decided on the beginning as for every table; what does not fit it later is refused."""
    with path.open("rb") as file:
        begin = file.read(BLOCK)
        if len(begin) == BLOCK:
            begin = begin[:begin.rfind(b"\n") + 1]
    return encoding_of(begin, path.name)


def _workbook(path: Path) -> Iterator[Line]:
    """The first sheet. A formula has no value of its own, and the one stored beside it may be stale: refused."""
    with path.open("rb") as file:  # openpyxl leaves a workbook that it cannot read open
        rows = _sheet_rows(path, file)
        while True:
            try:
                number, cells = next(rows)
            except StopIteration:
                return
            except BROKEN as error:
                raise BadInput(Problem("not_a_workbook", path.name, details={"why": str(error)})) from error
            yield number, [_text(cell) for cell in cells]


def _sheet_rows(path: Path, file: IO[bytes]) -> Iterator[tuple[int, Any]]:
    import openpyxl

    with zipfile.ZipFile(file) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > LARGEST_WORKBOOK:
        raise BadInput(Problem("file_too_large", path.name, value=size, details={"largest": LARGEST_WORKBOOK}))
    book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet says of its size may be wrong
        yield from enumerate(sheet.iter_rows(), start=1)
    finally:
        book.close()


def _text(cell: Any) -> str:
    value = cell.value
    if cell.data_type in ("f", "e"):
        return f"{FORMULA}{value}"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()

"""The rows of a table of mine-years, one after the other, from CSV or from a workbook: never all of them at once."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from mineco.core.decoding import encoding_of, forbidden
from mineco.core.errors import BadInput, Problem
from mineco.core.reading.tables import LONGEST_CELL, MOST_ABOVE, find_heading, without_blank_end
from mineco.core.workbooks import Line, Sheet, Workbook, open_workbook, told_marks
from mineco.core.workbooks.cells import FORMULA
from mineco.core.workbooks.reader import WORKBOOKS

BLOCK = 1 << 18  # bytes on which the encoding is decided; all of the file is then held to it
MAX_COLUMNS = 1000
KEY = "mine"  # the column without which a row is of nobody

Tell = Callable[[Problem], None]


def read_lines(path: Path, refuse: Tell, tell: Tell = lambda problem: None, key: str = KEY,
               wanted: Callable[[str], bool] = lambda name: True) -> Iterator[Line]:
    """Number and cells of each line that is not blank, the heading first; as many cells in each as in the heading.

    ``refuse`` is called with what is wrong with a line, which is then left out; ``tell`` with what was read otherwise
    than it shows: lines above the heading, hidden rows and columns, further sheets. A file that is no table is refused
    as soon as that shows. ``key`` names the column by which the heading is known, ``wanted`` the sheets that may be it.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mines.csv"
    ...     _ = path.write_text("mine,metrics:production [t]\\nnorth,5\\n\\nsouth,\\n")
    ...     list(read_lines(path, print))
    [(1, ['mine', 'metrics:production [t]']), (2, ['north', '5']), (4, ['south', ''])]
    """
    if path.suffix.lower() in WORKBOOKS:
        with open_workbook(path) as book:
            yield from _checked(path, _workbook(path, book, refuse, tell, key, wanted), refuse, key, padded=True)
    else:
        yield from _checked(path, _csv(path, tell, key), refuse, key, padded=False)


def _checked(path: Path, lines: Iterator[Line], refuse: Tell, key: str, padded: bool) -> Iterator[Line]:
    """The heading and every sound line below it; a sheet leaves out the blank cells at the end of a row."""
    width = 0
    for number, cells in lines:
        if not any(cells):
            continue
        cells = without_blank_end(cells, width)
        if not width:
            width = len(cells)
            _require_heading(path, number, cells, key)
        if padded:
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


def _require_heading(path: Path, number: int, cells: list[str], key: str) -> None:
    for name in cells:
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


# --- CSV ----------------------------------------------------------------------------------------------------------

def _csv(path: Path, tell: Tell, key: str) -> Iterator[Line]:
    encoding, number = _encoding(path), 1
    try:
        with path.open(encoding=encoding, newline="") as file:
            delimiter, above = find_heading(islice(file, MOST_ABOVE), [key])
            file.seek(0)
            if titles := [text for text in islice(file, above) if text.strip(f"{delimiter}\r\n ")]:
                tell(Problem("lines_above_heading", path.name, above + 1, value=titles[0].strip(f"{delimiter}\r\n ")))
            number = above + 1
            reader = csv.reader(file, strict=True, delimiter=delimiter)
            for cells in reader:
                yield number, [cell.strip() for cell in cells]
                number = above + reader.line_num + 1
    except csv.Error as error:
        raise BadInput(Problem("bad_quotes", path.name, number, details={"why": str(error)})) from error
    except UnicodeError as error:
        raise BadInput(Problem("unknown_encoding", path.name)) from error


def _encoding(path: Path) -> str:
    """The encoding, decided on the first part of a file that is not ASCII; what does not fit it later is refused."""
    with path.open("rb") as file:
        begin = file.read(BLOCK)
        while len(begin) >= BLOCK and begin.isascii() and (more := file.read(BLOCK)):
            begin = begin[-1000:].rpartition(b"\n")[2] + more
        if len(begin) >= BLOCK:
            begin = begin[:begin.rfind(b"\n") + 1] or begin
    return encoding_of(begin, path.name)


# --- workbooks ----------------------------------------------------------------------------------------------------

def _workbook(path: Path, book: Workbook, refuse: Tell, tell: Tell, key: str,
              wanted: Callable[[str], bool]) -> Iterator[Line]:
    """The rows of the first sheet that has the heading, those above it and those within merged cells left out."""
    sheet, above = _sheet_with_heading(path, book, key, wanted)
    _tell_of_marks(path, book, sheet, tell)
    for number, cells in book.lines(sheet):
        if number < above:
            tell(Problem("lines_above_heading", path.name, above, value=next(filter(None, cells))))
        elif merged := sheet.merged_at(number):
            problem = Problem("merged_cells", path.name, number, merged)
            if number == above:
                raise BadInput(problem)
            refuse(problem)
        else:
            yield number, cells


def _sheet_with_heading(path: Path, book: Workbook, key: str, wanted: Callable[[str], bool]) -> tuple[Sheet, int]:
    """The sheet that is the table, and the row of its heading: the first that shows and names the key as a column."""
    named = [sheet for sheet in book.sheets if wanted(sheet.name)]
    if not named:
        raise BadInput(Problem("no_such_sheet", path.name, details={
            "known": ", ".join(sheet.name for sheet in book.sheets)}))
    sheets = [sheet for sheet in named if sheet.visible] or named
    for sheet in sheets:
        for number, cells in book.lines(sheet, MOST_ABOVE):
            if key in cells:
                return sheet, number
    return sheets[0], 1


def _tell_of_marks(path: Path, book: Workbook, sheet: Sheet, tell: Tell) -> None:
    others = [other for other in book.sheets if other != sheet]
    if others:
        tell(Problem("further_sheets", path.name, value=sheet.name,
                     details={"others": ", ".join(other.name for other in others)}))
    for problem in told_marks(sheet, path.name):
        tell(problem)

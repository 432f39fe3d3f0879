"""The sheet of a workbook that is the table of a batch."""

from collections.abc import Callable, Iterator
from pathlib import Path

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.tables import MOST_ABOVE
from mineco.core.workbooks import Line, Sheet, Workbook, told_marks

Tell = Callable[[Problem], None]


def sheet_lines(path: Path, book: Workbook, refuse: Tell, tell: Tell, key: str,
                wanted: Callable[[str], bool]) -> Iterator[Line]:
    """The rows of the first sheet that has the heading, those above it and those within merged cells left out."""
    sheet, above = _sheet_with_heading(path, book, key, wanted)
    _tell_of_marks(path, book, sheet, tell)
    for number, cells in book.lines(sheet):
        if number < above:
            tell(Problem("lines_above_heading", path.name, number, value=next(filter(None, cells)),
                         details={"heading": above}))
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

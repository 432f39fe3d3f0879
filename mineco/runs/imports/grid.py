"""The rows of a form by what its columns are, under a heading of one row or of several, from each sheet that has it."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.files import read_text
from mineco.core.reading.tables import DELIMITERS, MOST_ABOVE
from mineco.core.workbooks import Line, column_letters, open_workbook
from mineco.core.workbooks.cells import FORMULA
from mineco.core.workbooks.reader import WORKBOOKS
from mineco.dossier.periods import period_id
from mineco.runs.imports.form import FormMapping, plain

LETTERS = "甲乙丙丁戊"  # by which a Chinese form counts its first columns, in a row below the heading


@dataclass(frozen=True)
class FormLine:
    """A row of a form: its cells by what their columns are, and where it stands."""

    file: str  # with the sheet, where there are several
    sheet: str
    number: int
    cells: Mapping[str, str]
    places: Mapping[str, str]  # of the columns, as Excel names them


def read_form(mapping: FormMapping, path: Path, tell: Callable[[Problem], None]) -> list[FormLine]:
    """The rows of every sheet that has the heading; of several sheets, those whose names are periods, else the first.

    ``tell`` gets the sheets of that form that are not read.

    Raises
    ------
    BadInput  When no sheet has the heading, or with every formula that nobody has counted.
    """
    sheets = {name: found for name, lines in _sheets(path) if (found := list(_rows(mapping, path.name, name, lines)))}
    if not sheets:
        raise BadInput(Problem("form_without_heading", path.name, details={
            "columns": ", ".join(mapping.columns[name][0] for name in mapping.needed)}))
    read = [name for name in sheets if period_id(name)] or list(sheets)[:1]
    if others := [name for name in sheets if name not in read]:
        tell(Problem("further_sheets", path.name, value=read[0], details={"others": ", ".join(others)}))
    lines = [line for name in read for line in sheets[name]]
    problems = Problems()
    for line in lines:
        for name, cell in line.cells.items():
            if cell.startswith(FORMULA):
                problems.add("formula_in_cell", file=line.file, row=line.number, column=line.places[name],
                             value=cell.removeprefix(FORMULA))
    problems.stop()
    return lines


def _sheets(path: Path) -> Iterator[tuple[str, list[Line]]]:
    """The name of each visible sheet and its rows; of CSV one without a name."""
    if path.suffix.lower() in WORKBOOKS:
        with open_workbook(path) as book:
            for sheet in book.sheets:
                if sheet.visible:
                    yield sheet.name, list(book.lines(sheet))
        return
    text = read_text(path)
    delimiter = max(DELIMITERS, key=text.count)
    try:
        lines = list(csv.reader(io.StringIO(text), strict=True, delimiter=delimiter))
    except csv.Error as error:
        raise BadInput(Problem("bad_quotes", path.name, details={"why": str(error)})) from error
    yield "", [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(lines, start=1) if any(cells)]


def _rows(mapping: FormMapping, file: str, sheet: str, lines: Sequence[Line]) -> Iterator[FormLine]:
    """The rows below the heading; none where the sheet has no heading."""
    found = _heading(mapping, lines)
    if found is None:
        return
    columns, below = found
    places = {name: column_letters(place + 1) for name, place in columns.items()}
    for number, cells in lines[below:]:
        told = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
        told = {name: "" if cell in mapping.masked else cell for name, cell in told.items()}
        if any(told.values()):
            yield FormLine(f"{file}!{sheet}" if sheet else file, sheet, number, told, places)


def _heading(mapping: FormMapping, lines: Sequence[Line]) -> tuple[dict[str, int], int] | None:
    """Where each column stands, and how many rows are above the first of the data."""
    key = {plain(name) for name in mapping.columns[mapping.needed[0]]}
    for above, (_, cells) in enumerate(lines[:MOST_ABOVE]):
        first = next((place for place, cell in enumerate(cells) if plain(cell) in key), None)
        if first is None:
            continue
        deep = 1
        while above + deep < len(lines) and _goes_on(lines[above + deep][1], first):
            deep += 1
        named = _paths([cells for _, cells in lines[above:above + deep] if not _counts(cells)])
        columns = {name: place for name, known in mapping.columns.items()
                   if (place := _place(named, known)) is not None}
        if set(mapping.needed) <= set(columns):
            return columns, above + deep
    return None


def _goes_on(cells: Sequence[str], first: int) -> bool:
    """Whether a row below a heading is still one: nothing stands in the first column, or the columns are counted."""
    return first >= len(cells) or not cells[first] or _counts(cells)


def _counts(cells: Sequence[str]) -> bool:
    """Whether a row counts the columns: 甲, 乙, 丙, 1, 2."""
    given = [plain(cell) for cell in cells if cell]
    return bool(given) and given[0] in LETTERS and all(cell in LETTERS or cell.isdecimal() for cell in given)


def _paths(heads: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """What each column is headed with from the top down; a heading of a group stands over its first column only."""
    width, found, group = max(map(len, heads)), [], ""
    for place in range(width):
        own = [plain(cells[place]) if place < len(cells) else "" for cells in heads]
        group = own[0] or group
        found.append(tuple(part for part in (group if any(own[1:]) else own[0], *own[1:]) if part))
    return found


def _place(named: Sequence[tuple[str, ...]], known: Iterable[str]) -> int | None:
    """The column that is headed so, by its own heading or with that of its group; the first of those known."""
    for name in known:
        path = tuple(map(plain, name.split("/")))
        for place, heads in enumerate(named):
            if heads[-len(path):] == path:
                return place
    return None

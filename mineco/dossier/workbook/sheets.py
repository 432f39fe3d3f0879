"""The sheets of a workbook as the files of a folder: each row of a sheet is the line of that number."""

import codecs
import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.tables import MAX_LINES, MOST_ABOVE
from mineco.core.workbooks import Line, Sheet, Workbook, column_letters, open_workbook
from mineco.core.workbooks.cells import FORMULA
from mineco.core.yaml_reading import kit_data
from mineco.dossier.cells import column_of, columns_file, tables
from mineco.dossier.names import folded_word
from mineco.dossier.workbook.cover import yaml_of
from mineco.dossier.workbook.papers import Papers

MINE = "mine.yaml"


@dataclass(frozen=True)
class Unpacked:
    """The files that a workbook stands for, and where in it their lines are."""

    name: str  # of the workbook
    files: Mapping[str, bytes]
    sheets: Mapping[str, str]  # by file the name of its sheet
    columns: Mapping[str, Mapping[str, str]]  # by file and column its letters
    mine_rows: Mapping[int, int]  # by line of mine.yaml the row of its sheet
    value_column: str  # letters, of the sheet for mine.yaml


def sheet_names() -> dict[str, set[str]]:
    """By file the names that its sheet may have, in lower case.

    >>> sorted(sheet_names()["offsets.csv"]), sorted(sheet_names()["mine.yaml"])
    (['offsets', '抵消'], ['mine', '矿山'])
    """
    named = {MINE: columns_file()["cover"], **columns_file()["tables"]}
    return {file: {name.lower() for name in (Path(file).stem, *about["name"].values())}
            for file, about in named.items()}


def unpack(workbook: Path) -> Unpacked:
    """The files that a workbook stands for.

    Raises
    ------
    BadInput
        With every sheet that is missing, unknown or there twice, and every cell that holds no value of its own.
    """
    problems = Problems()
    with open_workbook(workbook) as book:
        found = _sheets(book, workbook.name, problems)
        lines = {file: _lines(book, sheet, workbook.name, problems) for file, sheet in found.items()}
    text, rows, value_column = _mine(lines.get(MINE, []), found.get(MINE), workbook.name, problems)
    problems.stop()
    files = {MINE: text.encode(), **{file: _csv(_without_hints(lines[file])) for file in tables()}}
    return Unpacked(workbook.name, files, {file: sheet.name for file, sheet in found.items()},
                    {file: _columns(lines[file], file) for file in tables()}, rows, value_column)


def holds_dossier(workbook: Path) -> bool:
    """Whether a file is a workbook with the sheet for mine.yaml and that of a table.

    >>> holds_dossier(Path("parameters/mines/tiny-quarry/metrics.csv"))
    False
    """
    with suppress(BadInput), open_workbook(workbook) as book:
        names = {sheet.name.strip().lower() for sheet in book.sheets}
        found = {file for file, known in sheet_names().items() if names & known}
        return MINE in found and len(found) > 1
    return False


@contextmanager
def readable(papers: Papers) -> Iterator[tuple[Path, Mapping[str, bytes]]]:
    """A ``with`` block in which the tables of a dossier lie in a folder; and the files that are there for a workbook.

    >>> with readable(Papers(Path("parameters/mines/tiny-quarry"))) as (folder, unpacked):
    ...     folder.name, unpacked
    ('tiny-quarry', {})
    """
    if papers.workbook is None:
        yield papers.folder, {}
        return
    unpacked = unpack(papers.workbook)
    with tempfile.TemporaryDirectory(prefix="mineco-") as folder:
        for name, content in unpacked.files.items():
            (Path(folder) / name).write_bytes(codecs.BOM_UTF8 + content)  # no text is taken for one of another encoding
        yield Path(folder), unpacked.files


def _sheets(book: Workbook, name: str, problems: Problems) -> dict[str, Sheet]:
    """The sheet of each file; a misspelt one is told, since its rows would silently be left out."""
    found: dict[str, Sheet] = {}
    known = sheet_names()
    for sheet in book.sheets:
        if folded_word(sheet.name) in _explaining("sheets"):
            continue
        file = next((file for file, names in known.items() if sheet.name.strip().lower() in names), None)
        if file is None:
            problems.add("unknown_sheet", file=name, value=sheet.name, known=", ".join(Path(one).stem for one in known))
        elif file in found:
            problems.add("sheet_twice", file=name, value=sheet.name, first=found[file].name)
        else:
            found[file] = sheet
    for file in known:
        if file not in found:
            problems.add("missing_sheet", file=name, value=Path(file).stem)
    return found


def _lines(book: Workbook, sheet: Sheet, name: str, problems: Problems) -> list[Line]:
    """The rows of a sheet; a formula, a merged cell and a line break are told with their cell."""
    lines = []
    for number, cells in book.lines(sheet, MAX_LINES + 1):
        if merged := sheet.merged_at(number):
            problems.add("merged_cells", file=name, row=f"{sheet.name}!{merged}")
        for column, cell in enumerate(cells, start=1):
            message = "formula_in_cell" if cell.startswith(FORMULA) else "line_break_in_cell" if "\n" in cell else ""
            if message:
                problems.add(message, file=name, row=f"{sheet.name}!{column_letters(column)}{number}",
                             value=cell.removeprefix(FORMULA))
        lines.append((number, cells))
    return lines


def _mine(lines: list[Line], sheet: Sheet | None, name: str, problems: Problems) -> tuple[str, dict[int, int], str]:
    """mine.yaml, its lines as rows of the sheet, and the column in which the values stand."""
    heading = columns_file()["cover"]["columns"]
    names = [{word.lower() for word in (one, *heading[one].values())} for one in ("key", "value")]
    for above, (_, cells) in enumerate(lines[:MOST_ABOVE]):
        places = [next((place for place, cell in enumerate(cells) if cell.lower() in words), -1) for words in names]
        if -1 in places or sheet is None:
            continue
        key, value = places
        wide = [(row, [*cells, *[""] * (max(places) + 1 - len(cells))]) for row, cells in lines[above + 1:]]
        noted = Problems()
        text, numbers = yaml_of(((row, cells[key], cells[value]) for row, cells in wide if cells[key] or cells[value]),
                                name, noted)
        for problem in noted:
            problems.add(problem.message, file=name, row=f"{sheet.name}!{column_letters(key + 1)}{problem.row}",
                         value=problem.value)
        return text, numbers, column_letters(value + 1)
    if sheet:
        problems.add("no_header", file=name, row=sheet.name, columns="key, value")
    return "", {}, ""


def _explaining(kind: str) -> set[str]:
    """The names of sheets or columns of a blank workbook that explain, and of which nothing is read."""
    return {folded_word(name) for names in kit_data("dossier/cover.yaml")[kind].values() for name in names.values()}


def _without_hints(lines: list[Line]) -> list[Line]:
    """The rows without what stands in a column of hints, below its heading and in it."""
    headings = next((cells for _, cells in lines[:MOST_ABOVE] if {*map(folded_word, cells)} & _explaining("hints")), [])
    hints = {place for place, name in enumerate(headings) if folded_word(name) in _explaining("hints")}
    return [(number, [cell for place, cell in enumerate(cells) if place not in hints]) for number, cells in lines]


def _csv(lines: list[Line]) -> bytes:
    """The rows as the lines of the same number, all of the same width."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    width, at = max((len(cells) for _, cells in lines), default=0), 1
    for number, cells in lines:
        text.write("\n" * (number - at))
        writer.writerow([*cells, *[""] * (width - len(cells))])
        at = number + 1
    return text.getvalue().encode()


def _columns(lines: list[Line], file: str) -> dict[str, str]:
    """The letters of the columns, by the first row that names two of them."""
    known, column = tables()[file].keys(), column_of(file)
    heading = next((names for _, cells in lines[:MOST_ABOVE]
                    if len({*(names := list(map(column, cells)))} & known) > 1), [])
    return {name: column_letters(place) for place, name in enumerate(heading, start=1) if name}


def placed(problem: Problem, unpacked: Unpacked) -> Problem:
    """A problem that is told by file and line, told by workbook, sheet and cell; where it names a key, by that."""
    sheet, column = unpacked.sheets[problem.file], problem.column
    if problem.file != MINE:
        letters, row = unpacked.columns[problem.file].get(column, "A"), problem.row
    elif isinstance(problem.row, int):
        letters, row = unpacked.value_column, unpacked.mine_rows.get(problem.row, "")
    else:
        letters, row, column = "", "", ".".join(filter(None, (str(problem.row), column)))
    return replace(problem, file=unpacked.name, row=sheet if row == "" else f"{sheet}!{letters}{row}", column=column)

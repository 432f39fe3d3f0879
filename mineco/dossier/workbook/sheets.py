"""The sheets of a workbook as the files of a folder: each row of a sheet is the line of that number."""

import codecs
import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.tables import MAX_LINES, MOST_ABOVE
from mineco.core.workbooks import Line, Sheet, Workbook, column_letters, open_workbook, told_marks
from mineco.core.workbooks.cells import FORMULA
from mineco.core.yaml_reading import kit_data
from mineco.dossier.cells import column_of, columns_file, may_lack, tables
from mineco.dossier.names import folded_word
from mineco.dossier.workbook.cover import yaml_of
from mineco.dossier.workbook.papers import Papers
from mineco.dossier.workbook.unpacked import MINE, Unpacked, dotted


def sheet_names() -> dict[str, set[str]]:
    """By file the names that its sheet may have, in lower case.

    >>> sorted(sheet_names()["offsets.csv"]), sorted(sheet_names()["mine.yaml"])
    (['offsets', '抵消'], ['mine', '矿山'])
    """
    named = {MINE: columns_file()["cover"], **columns_file()["tables"]}
    return {file: {name.lower() for name in (Path(file).stem, *about["name"].values())}
            for file, about in named.items()}


def unpack(workbook: Path, noted: Problems | None = None) -> Unpacked:
    """The files that a workbook stands for.

    What is wrong with it is added to ``noted``, and those sheets are handed over that are there, with the cells that
    could be read: so all else that is wrong can be told too. Without such a list it stops the reading.

    Raises
    ------
    BadInput
        With every sheet that is missing, unknown or there twice, and every cell that holds no value of its own.
    """
    problems = Problems() if noted is None else noted
    before = len(problems)
    with open_workbook(workbook) as book:
        found = _sheets(book, workbook.name, problems)
        unread: dict[str, set[int]] = {file: set() for file in found}
        lines = {file: list(_lines(book, sheet, file, workbook.name, problems, unread[file]))
                 for file, sheet in found.items()}
    text, rows, keys, value_column, entries = _mine(lines.get(MINE, []), found.get(MINE), workbook.name, problems)
    if noted is None or not keys:
        Problems(problems[before:]).stop()
    headed = {file: _columns(some, file) for file, some in lines.items() if file != MINE}
    files = {MINE: text.encode(), **{file: _csv(_without_hints(lines[file])) for file in headed}}
    return Unpacked(workbook.name, files, {file: sheet.name for file, sheet in found.items()},
                    {file: {name: column_letters(place) for name, (place, _) in columns.items()}
                     for file, columns in headed.items()}, rows, keys, value_column,
                    {MINE: entries, **{file: {name: heading for name, (_, heading) in columns.items()}
                                       for file, columns in headed.items()}},
                    tuple(told for sheet in found.values() for told in told_marks(sheet, workbook.name, sheet.name)),
                    {file: frozenset(rows) for file, rows in unread.items()})


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
def readable(papers: Papers, noted: Problems | None = None) -> Iterator[tuple[Path, Unpacked | None]]:
    """A ``with`` block in which the tables of a dossier lie in a folder; and what a workbook was unpacked to.

    ``noted`` takes what is wrong with a workbook, as in `unpack`.

    >>> with readable(Papers(Path("parameters/mines/tiny-quarry"))) as (folder, unpacked):
    ...     folder.name, unpacked
    ('tiny-quarry', None)
    """
    unpacked = unpack(papers.workbook, noted) if papers.workbook else None
    files = unpacked.files if unpacked else papers.written
    if files is None:
        yield papers.folder, None
        return
    with tempfile.TemporaryDirectory(prefix="mineco-") as folder:
        for name, content in files.items():
            # with a mark, so that no text is taken for one of another encoding
            (Path(folder) / name).write_bytes(codecs.BOM_UTF8 + content if unpacked else content)
        yield Path(folder), unpacked


def _sheets(book: Workbook, name: str, problems: Problems) -> dict[str, Sheet]:
    """The sheet of each file; a misspelt one is told, since its rows would silently be left out."""
    found: dict[str, Sheet] = {}
    known = sheet_names()
    for sheet in book.sheets:
        if folded_word(sheet.name) in _explaining("sheets"):
            continue
        file = next((file for file, names in known.items() if sheet.name.strip().lower() in names), None)
        if file is None:
            problems.add("unknown_sheet", file=name, value=sheet.name, **_sheets_by_language())
        elif file in found:
            problems.add("sheet_twice", file=name, value=sheet.name, first=found[file].name)
        else:
            found[file] = sheet
    for file in known:
        if file not in found and (file == MINE or not may_lack(file)):
            problems.add("missing_sheet", file=name, value=Path(file).stem, **{
                f"name_{language}": one for language, one in _named_sheets()[file].items()})
    return found


def _named_sheets() -> dict[str, dict[str, str]]:
    """By file the name of its sheet in each language."""
    return {MINE: columns_file()["cover"]["name"],
            **{file: about["name"] for file, about in columns_file()["tables"].items()}}


def _sheets_by_language() -> dict[str, str]:
    """The names that sheets may have, as a message lists them."""
    named = _named_sheets().values()
    return {"known": ", ".join(name for one in named for name in one.values()),
            **{f"known_{language}": ", ".join(one[language] for one in named) for language in ("zh", "en")}}


def _lines(book: Workbook, sheet: Sheet, file: str, name: str, problems: Problems, unread: set[int]) -> Iterator[Line]:
    """The rows of a sheet from its heading on; a formula, a merged cell and a line break are told with their cell.

    The first stands there blank. ``unread`` takes the rows.
    """
    lines = list(book.lines(sheet, MAX_LINES + 1))
    above = _heading(lines, file)
    for number, cells in lines[above:]:
        if merged := sheet.merged_at(number):
            unread.add(number)
            told = Problem("merged_cells", name, f"{sheet.name}!{merged}")
            problems += [told] if told not in problems else []
        for column, cell in enumerate(cells, start=1):
            message = "formula_in_cell" if cell.startswith(FORMULA) else "line_break_in_cell" if "\n" in cell else ""
            if message:
                unread.add(number)
                problems.add(message, file=name, row=f"{sheet.name}!{column_letters(column)}{number}",
                             value=cell.removeprefix(FORMULA))
        yield number, ["" if cell.startswith(FORMULA) else cell.replace("\n", " ") for cell in cells]


def _heading(lines: list[Line], file: str) -> int:
    """How many rows stand above the one that names two columns; none where there is no such row."""
    known = {"key", "value"} if file == MINE else tables()[file].keys()
    column = _of_cover if file == MINE else column_of(file)
    return next((above for above, (_, cells) in enumerate(lines[:MOST_ABOVE])
                 if len({column(cell) for cell in cells} & known) > 1), 0)


def _of_cover(heading: str) -> str:
    """Which column of the sheet for mine.yaml a heading names; of any other, itself.

    >>> _of_cover("值"), _of_cover("Key"), _of_cover("depth")
    ('value', 'key', 'depth')
    """
    columns = columns_file()["cover"]["columns"]
    return next((one for one, names in columns.items()
                 if folded_word(heading) in map(folded_word, (one, *names.values()))), heading)


def _mine(lines: list[Line], sheet: Sheet | None, name: str,
          problems: Problems) -> tuple[str, dict[int, int], dict[str, int], str, dict[str, str]]:
    """mine.yaml, its lines and keys as rows of the sheet, the column of the values, and what the keys are called."""
    heading = list(map(_of_cover, lines[0][1])) if lines else []
    if sheet is None or not {"key", "value"} <= set(heading):
        if sheet:
            problems.add("no_header", file=name, row=sheet.name, columns="key, value")
        return "", {}, {}, "", {}
    key, value = heading.index("key"), heading.index("value")
    wide = [(row, [*cells, *[""] * (max(key, value) + 1 - len(cells))]) for row, cells in lines[1:]]
    noted = Problems()
    text, numbers = yaml_of(((row, cells[key], cells[value]) for row, cells in wide if cells[key] or cells[value]),
                            name, noted)
    for problem in noted:
        problems.add(problem.message, file=name, row=f"{sheet.name}!{column_letters(key + 1)}{problem.row}",
                     value=problem.value)
    names = [folded_word(one) for one in kit_data("dossier/cover.yaml")["columns"]["entry"].values()]
    entry = next((place for place, one in enumerate(heading) if folded_word(one) in names), key)
    entries = {dotted(cells[key]): cells[entry] or cells[key] for _, cells in wide}
    return text, numbers, {dotted(cells[key]): row for row, cells in wide}, column_letters(value + 1), entries


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


def _columns(lines: list[Line], file: str) -> dict[str, tuple[int, str]]:
    """By column its place and what stands above it."""
    column = column_of(file)
    return {column(name): (place, name) for place, name in enumerate(lines[0][1], start=1) if name} if lines else {}

"""Strict tables: CSV as people and programs write it, every cell text with its line, or every problem at once."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.files import read_text
from mineco.core.workbooks import column_letters

MAX_LINES = 20_000  # of a table: two years of hourly readings
LONGEST_CELL = 5_000  # characters: two pages of text
DELIMITERS = (",", "\t", ";")  # of the tables that Excel writes
SEPARATORS = {"，": "，", "；": "；", "|": "|", "、": "、"}  # what stands where a comma should
MOST_ABOVE = 20  # lines in which the heading is looked for: a title and notes may stand above it


class Row(dict[str, str]):
    """One line of a table: text by column, with its file and line number."""

    def __init__(self, values: Iterable[tuple[str, str]], file: str, line: int) -> None:
        super().__init__(values)
        self.file = file
        self.line = line


def find_heading(lines: Iterable[str], wanted: Sequence[str], column: Callable[[str], str] = str) -> tuple[str, int]:
    """What parts the columns of a table, and how many lines stand above its heading, from its first lines.

    The heading is the first line that names two of the wanted columns, or the only one; a comma and no line above where
    there is none. ``column`` says which column a heading names.

    >>> find_heading(["Mines of 2024", "", "year;item;quantity"], ["year", "item"])
    (';', 2)
    """
    known, most = set(wanted), min(2, len(set(wanted)))
    for above, line in enumerate(islice(lines, MOST_ABOVE)):
        for delimiter in DELIMITERS:
            cells = {column(cell.strip(' "\r\n\ufeff')) for cell in line.split(delimiter)}
            if len(cells & known) >= most:
                return delimiter, above
    return ",", 0


def without_blank_end(cells: list[str], width: int = 0) -> list[str]:
    """Cells without the blank ones behind the first so many, which are a table's empty columns.

    >>> without_blank_end(["a", "", "", ""], 2)
    ['a', '']
    """
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = (),
               column: Callable[[str], str] = str) -> list[Row]:
    """Rows of a CSV file as text, stripped of outer blanks.

    Columns may be parted by commas, tabs or semicolons; lines above the heading, and empty columns behind the last, are
    left out.

    Parameters
    ----------
    required, optional : sequence of str
        Names of the columns: the required ones must stand in the header, others than these are refused.
        A missing optional column reads as blanks.
    column : callable, optional
        Which column a heading names, where it is not headed with its name alone; a heading of none stays as it is.

    Returns
    -------
    list of Row  Dicts of text by column, each with ``.file`` and ``.line``. Wholly blank lines are left out.

    Raises
    ------
    BadInput
        For every problem of form: columns, number of fields, quotes, line breaks inside a cell.
    """
    path = Path(path)
    problems = Problems()
    records = _records(read_text(path), required, path.name, problems, column)
    top, header = records[0] if records else (1, [])
    widest = len(header)
    header = [column(name.strip()) for name in without_blank_end(header)]
    _require_header(header, required, path.name, top, column)
    for name in required:
        if name not in header:
            problems.add("missing_column", file=path.name, row=top, column=name, given=", ".join(header))
    if unnamed := [column_letters(place) for place, name in enumerate(header, start=1) if not name]:
        problems.add("column_without_name", file=path.name, columns=", ".join(unnamed))
    for name in dict.fromkeys(filter(None, header)):
        if header.count(name) > 1:
            problems.add("duplicate_column", file=path.name, row=top, column=name)
        if name not in (*required, *optional):
            problems.add("unknown_column", file=path.name, row=top, column=name,
                         known=", ".join((*required, *optional)))
    rows = []
    for line, cells in records[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        given = without_blank_end(cells, len(header)) if len(cells) <= widest else cells  # else a comma too many
        if len(given) != len(header):
            problems.add("field_count", file=path.name, row=line, value=len(cells), expected=len(header))
            continue
        broken = [name for name, cell in zip(header, given, strict=True) if "\n" in cell]
        if broken:  # also what an unclosed quote looks like: it swallows the lines up to the next one
            problems.add("line_break_in_cell", file=path.name, row=line, column=broken[0])
            continue
        row = dict(zip(header, (cell.strip() for cell in given), strict=True))
        for name in [name for name, cell in row.items() if len(cell) > LONGEST_CELL]:
            problems.add("cell_too_long", file=path.name, row=line, column=name, value=row[name][:LONGEST_CELL],
                         length=len(row[name]), longest=LONGEST_CELL)
            row[name] = ""
        rows.append(Row(((name, row.get(name, "")) for name in (*required, *optional)), path.name, line))
    problems.stop()
    return rows


def _require_header(header: list[str], required: Sequence[str], file: str, top: int,
                    column: Callable[[str], str]) -> None:
    """Stop where nothing is a column, with the one reason for it and not with every column that is missing."""
    if not required or set(header) & set(required):
        return
    for name, mark in SEPARATORS.items():
        if any({column(part.strip()) for part in cell.split(mark)} & set(required) for cell in header if mark in cell):
            raise BadInput(Problem("wrong_separator", file=file, row=top, value=name))
    raise BadInput(Problem("no_header", file=file, row=top, value=", ".join(header)[:LONGEST_CELL],
                           details={"columns": ",".join(required)}))


def _records(text: str, required: Sequence[str], file: str, problems: Problems,
             column: Callable[[str], str]) -> list[tuple[int, list[str]]]:
    """Records from the heading on, with the line at which each begins; stops at the first with quotes out of place."""
    if text.count("\n") > MAX_LINES:
        raise BadInput(Problem("too_many_lines", file=file, value=text.count("\n"), details={"most": MAX_LINES}))
    delimiter, above = find_heading(io.StringIO(text), required, column)
    lines = io.StringIO(text)
    for _ in range(above):
        lines.readline()
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    records = []
    line = above + 1
    try:
        for record in reader:
            if record:
                records.append((line, record))
            line = above + reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):  # of the csv module, far beyond ours
            problems.add("cell_too_long", file=file, row=line, length=f"> {csv.field_size_limit()}",
                         longest=LONGEST_CELL)
        else:
            problems.add("bad_quotes", file=file, row=line, why=str(error))
    return records

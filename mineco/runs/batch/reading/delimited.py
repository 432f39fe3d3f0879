"""CSV in blocks: one whose form is beyond doubt is parted at once, any other record by record.

A block is beyond doubt where lines end alike and every quote opens or closes a cell within its line: there Arrow's
reader, which is laxer, and the strict one of Python read the same.
"""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.decoding import encoding_of
from mineco.core.reading.tables import LONGEST_CELL, MOST_ABOVE, find_heading
from mineco.core.workbooks import Line
from mineco.runs.batch.reading.rows import Rows, longest_cell

BLOCK = 1 << 18  # bytes on which the encoding is decided; all of the file is then held to it
TOGETHER = 1 << 22  # characters that are parted at once

Part = tuple[Rows | None, list[Line]]  # rows of as many cells as the heading, and lines that are still to be looked at


def delimited_parts(path: Path, tell: Callable[[Problem], None], key: str) -> Iterator[Part]:
    """The heading, and what follows it, from CSV."""
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            delimiter, above = find_heading(islice(file, MOST_ABOVE), [key])
            file.seek(0)
            titles = [text.strip(f"{delimiter}\r\n ") for text in islice(file, above)]
            if title := next(filter(None, titles), ""):
                tell(Problem("lines_above_heading", path.name, titles.index(title) + 1, value=title,
                             details={"heading": above + 1}))
            number, width = above + 1, 0
            while text := file.read(TOGETHER) if width else file.readline():
                text += file.readline() if width else ""
                part = _at_once(text, delimiter, width, number) if width else None
                if part is None:
                    lines, number, error = _records(file, text, delimiter, number)
                    part = None, lines
                    width = width or max((len(cells) for _, cells in lines if any(cells)), default=0)
                else:
                    error, number = None, number + text.count("\n") + (not text.endswith("\n"))
                yield part
                if error:
                    raise BadInput(Problem("bad_quotes", path.name, number, details={"why": str(error)})) from error
    except UnicodeError as error:
        raise BadInput(Problem("unknown_encoding", path.name)) from error


def _records(file: TextIO, text: str, delimiter: str, number: int) -> tuple[list[Line], int, csv.Error | None]:
    """The records that begin in a text which begins at a line, the next line behind them, and why they end before."""
    own, found, begun = list(io.StringIO(text, newline="")), list[Line](), number
    reader = csv.reader(chain(own, iter(file.readline, "")), strict=True, delimiter=delimiter)
    try:
        for cells in reader:
            found.append((begun, [cell.strip() for cell in cells]))
            begun = number + reader.line_num
            if reader.line_num >= len(own):
                break
    except csv.Error as error:
        return found, begun, error
    return found, begun, None


def _at_once(text: str, delimiter: str, width: int, number: int) -> Part | None:
    """A block that begins at a line, where its form is beyond doubt; lines of another width beside it, as they are."""
    raw, odd = text.encode(), list[tuple[int, str]]()
    if text.count("\r") != text.count("\r\n") or not _quoted_plainly(raw, ord(delimiter)):
        return None

    def other_width(row: arrow_csv.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip"

    names = [str(place) for place in range(width)]
    read = arrow_csv.read_csv(
        pa.BufferReader(raw), arrow_csv.ReadOptions(use_threads=False, block_size=len(raw) + 1, column_names=names),
        arrow_csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=other_width),
        arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), null_values=[""],
                                 strings_can_be_null=True))
    count = text.count("\n") + (not text.endswith("\n"))
    numbers = np.delete(np.arange(number, number + count), [one - 1 for one, _ in odd])
    rows = Rows.of_table(numbers, read)
    if any(longest_cell(column) > LONGEST_CELL for column in rows.cells.columns):
        return None
    return rows, [(number + place - 1, [cell.strip() for cell in next(csv.reader([one], delimiter=delimiter))])
                  for place, one in odd]


def _quoted_plainly(raw: bytes, delimiter: int) -> bool:
    """Whether each quote opens or closes a cell, and each cell that one opens is closed by another in its line."""
    if b'"' not in raw:
        return True
    marks = np.frombuffer(b"\n" + raw + b"\n", np.uint8)
    quotes, ends = np.flatnonzero(marks == ord('"')), np.flatnonzero(marks == ord("\n"))
    opening, closing = quotes[::2], quotes[1::2]
    return len(opening) == len(closing) and bool(
        np.isin(marks[opening - 1], (delimiter, ord("\n"))).all()
        and np.isin(marks[closing + 1], (delimiter, ord("\r"), ord("\n"))).all()
        and (np.searchsorted(ends, opening) == np.searchsorted(ends, closing)).all())


def _encoding(path: Path) -> str:
    """The encoding, decided on the first part of a file that is not ASCII; what does not fit it later is refused."""
    with path.open("rb") as file:
        begin = file.read(BLOCK)
        while len(begin) >= BLOCK and begin.isascii() and (more := file.read(BLOCK)):
            begin = begin[-1000:].rpartition(b"\n")[2] + more
        if len(begin) >= BLOCK:
            begin = begin[:begin.rfind(b"\n") + 1] or begin
    return encoding_of(begin, path.name)

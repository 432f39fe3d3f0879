"""What reads a workbook, in a process of its own: requests come in and answers go out, a line of JSON each.

A workbook is small on the disk and may be of any size in memory. Here it meets limits that a process that holds other
people's work does not have, and may die of it. Imports nothing of the package but how a cell reads.
"""

import contextlib
import json
import sys
import xml.parsers.expat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from mineco.core.workbooks.cells import cell_text

LARGEST = 500_000_000  # bytes unpacked, of a million rows
MOST_COLUMNS = 16_384  # as Excel has
MOST_ROWS = 1_048_576
MOST_CELLS = 50_000_000
MOST_MARKS = 10_000  # merged ranges and hidden columns of a sheet
SHOWN = 11  # hidden rows that are kept by number
MEMORY = 1_500_000_000  # bytes of address space, far more than is ever in use
TOGETHER = 500  # rows of one answer
BLOCK = 1 << 18
BROKEN = (  # what reading bytes that are no workbook raises
    zipfile.BadZipFile, xml.parsers.expat.ExpatError, KeyError, ValueError, OSError, SyntaxError, AttributeError,
    IndexError, TypeError, EOFError, RuntimeError, OverflowError)


class Refused(Exception):
    """Why a workbook is not read on: the id of a message, and what fills it."""


def limit_memory() -> None:
    """Hold this process to its memory, where the system can (not on Windows)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def marks_of(part: IO[bytes]) -> dict[str, Any]:
    """What a sheet says beside its values, and how large it is; stops at the first row or cell too many.

    openpyxl builds a row before it tells of it, and reading row by row it keeps neither merged ranges nor hidden rows.
    """
    found: dict[str, Any] = {"rows": 0, "merged": [], "hidden": 0, "hidden_rows": [], "hidden_columns": []}
    cells = width = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cells, width
        name = tag.rpartition(" ")[2]
        if name == "c":
            cells, width = cells + 1, width + 1
            if width > MOST_COLUMNS or cells > MOST_CELLS:
                too_large()
        elif name == "row":
            width = 0
            number = attributes.get("r", "")
            found["rows"] = int(number) if number.isascii() and number.isdigit() else found["rows"] + 1
            if found["rows"] > MOST_ROWS:
                too_large()
            if attributes.get("hidden") in ("1", "true"):
                found["hidden"] += 1
                found["hidden_rows"] += [found["rows"]] if found["hidden"] <= SHOWN else []
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            note("hidden_columns", [int(attributes["min"]), int(attributes["max"])])
        elif name == "mergeCell":
            note("merged", attributes["ref"])

    def too_large() -> None:
        raise Refused("workbook_too_many_cells", {"row": found["rows"], "columns": f"{MOST_COLUMNS:,}",
                                                  "rows": f"{MOST_ROWS:,}", "cells": f"{MOST_CELLS:,}"})

    def note(kind: str, one: Any) -> None:
        if len(found[kind]) >= MOST_MARKS:
            raise Refused("workbook_too_many_marks", {"most": f"{MOST_MARKS:,}"})
        found[kind].append(one)

    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    while block := part.read(BLOCK):
        parser.Parse(block)
    parser.Parse(b"", True)
    return found


class Book:
    """An open workbook and its sheets of cells, with their marks."""

    def __init__(self, file: IO[bytes]) -> None:
        with zipfile.ZipFile(file) as packed:
            size = sum(part.file_size for part in packed.infolist())
            if size > LARGEST:
                raise Refused("file_too_large", {"value": size, "largest": LARGEST})
            marks = {}
            for name in packed.namelist():  # before openpyxl looks: it may read a sheet to its end to learn its size
                if "worksheets/" in name and name.endswith(".xml"):
                    with packed.open(name) as part:
                        marks[name] = marks_of(part)
        import openpyxl

        self.sheets = {sheet.title: sheet for sheet in openpyxl.load_workbook(
            file, read_only=True, keep_links=False).worksheets}
        if not self.sheets:
            raise ValueError("no sheet of cells")
        self.about = [{"name": name, "visible": sheet.sheet_state == "visible",
                       **marks[sheet._worksheet_path.lstrip("/")]} for name, sheet in self.sheets.items()]

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """Number and cells of each row of a sheet that is not blank."""
        sheet = self.sheets[name]
        sheet.reset_dimensions()  # what a sheet says of its size may be wrong
        for number, row in enumerate(sheet.iter_rows(), start=1):
            if any(cells := [cell_text(cell) for cell in row]):
                yield number, cells


def answer(told: Any, out: IO[str]) -> None:
    """One answer, a line of JSON."""
    out.write(json.dumps(told) + "\n")
    out.flush()


@contextlib.contextmanager
def told_why(out: IO[str]) -> Iterator[None]:
    """A ``with`` block that answers why it ends, where a workbook is to blame."""
    try:
        yield
    except Refused as why:
        message, details = why.args
        answer({"message": message, "details": details}, out)
    except MemoryError:
        answer({"message": "workbook_too_heavy", "details": {}}, out)
    except BROKEN as error:
        answer({"message": "not_a_workbook", "details": {"why": str(error)}}, out)


def serve(path: str, requests: IO[str], out: IO[str]) -> None:
    """Tell of the sheets, then give the rows of each that is asked for, as many as are asked for."""
    with told_why(out), Path(path).open("rb") as file:
        book = Book(file)
        answer({"sheets": book.about}, out)
        for request in requests:
            name, most = json.loads(request)
            some: list[tuple[int, list[str]]] = []
            for count, row in enumerate(book.rows(name), start=1):
                some.append(row)
                if count == most:
                    break
                if len(some) == TOGETHER:
                    answer({"rows": some}, out)
                    some = []
            answer({"rows": some, "end": True}, out)


if __name__ == "__main__":
    limit_memory()
    serve(sys.argv[1], sys.stdin, sys.stdout)

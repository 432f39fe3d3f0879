"""A workbook from outside: its sheets, and their rows as text, as many at a time as are asked for."""

import json
import os
import queue
import subprocess
import sys
import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.decoding import require_no_other_form

Line = tuple[int, list[str]]  # number of a row, and its cells

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et")  # the first two are read, of the others it is told why
LONGEST_WAIT = 120.0  # s for an answer: the whole of the largest workbook is measured before the first


@dataclass(frozen=True)
class Sheet:
    """A sheet of cells: a table with a name, and what is marked in it."""

    name: str
    visible: bool
    rows: int  # number of the last one
    merged: tuple[str, ...] = ()  # ranges, as C2:C3
    hidden: int = 0  # rows that do not show
    hidden_rows: tuple[int, ...] = ()  # the first of them
    hidden_columns: tuple[tuple[int, int], ...] = ()  # from the first to the last, from 1

    def merged_at(self, row: int) -> str:
        """A merged range that a row is part of; blank where it is part of none.

        >>> Sheet("a", True, 9, merged=("C2:C3",)).merged_at(3)
        'C2:C3'
        """
        place = bisect_right(self._merged_rows, row, key=lambda one: one[0]) - 1
        first, last, text = self._merged_rows[place] if place >= 0 else (0, 0, "")
        return text if first <= row <= last else ""

    @cached_property
    def _merged_rows(self) -> list[tuple[int, int, str]]:
        """First and last row of the merged ranges, in order, those that share rows as one."""
        found: list[tuple[int, int, str]] = []
        for first, last, text in sorted(map(_rows_of, self.merged)):
            if found and first <= found[-1][1]:
                found[-1] = (found[-1][0], max(last, found[-1][1]), found[-1][2])
            else:
                found.append((first, last, text))
        return found


def told_marks(sheet: Sheet, file: str, row: str = "") -> Iterator[Problem]:
    """What of a sheet is read although it does not show: the sheet itself, rows hidden or filtered away, columns.

    >>> [str(one) for one in told_marks(Sheet("a", False, 9, hidden_columns=((2, 2), (4, 6))), "mine.xlsx")]
    ['mine.xlsx a: hidden_sheet', 'mine.xlsx: hidden_columns']
    """
    if not sheet.visible:
        yield Problem("hidden_sheet", file, sheet.name)
    if sheet.hidden:
        yield Problem("hidden_rows", file, row, details={
            "count": f"{sheet.hidden:,}", "rows": shortened_list([str(one) for one in sheet.hidden_rows])})
    if sheet.hidden_columns:
        yield Problem("hidden_columns", file, row, details={"columns": shortened_list(
            [column_letters(first) if first == last else f"{column_letters(first)}:{column_letters(last)}"
             for first, last in sheet.hidden_columns])})


def shortened_list(names: Sequence[str], most: int = 10) -> str:
    """The first of many names.

    >>> shortened_list(["3", "5", "7"], most=2)
    '3, 5 …'
    """
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def _rows_of(merged: str) -> tuple[int, int, str]:
    rows = [int("".join(filter(str.isdecimal, end)) or 0) for end in merged.split(":")]
    return min(rows), max(rows), merged


class Workbook:
    """An open workbook. Its cells are read where it may fail without harm; see `open_workbook`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mineco.core.workbooks.child", str(path.resolve())], text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # of Windows
            env=child_environment())
        self._answers: queue.Queue[str] = queue.Queue(maxsize=4)
        assert self._process.stdin
        assert self._process.stdout
        self._requests = self._process.stdin
        self._listener = threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._listener.start()
        try:
            self.sheets = [Sheet(one["name"], one["visible"], one["rows"], tuple(one["merged"]), one["hidden"],
                                 tuple(one["hidden_rows"]), tuple(map(tuple, one["hidden_columns"])))
                           for one in self._answer()["sheets"]]
        except BaseException:
            self.close()
            raise

    def lines(self, sheet: Sheet, most: int | None = None) -> Iterator[Line]:
        """Number and cells of each row of a sheet that is not blank; of the first so many."""
        with suppress(OSError):  # where it has ended, the answer tells
            self._requests.write(json.dumps([sheet.name, most]) + "\n")
            self._requests.flush()
        ended = False
        while not ended:
            told = self._answer()
            ended = told.get("end", False)
            yield from map(tuple, told["rows"])

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()
        while self._listener.is_alive():  # it may wait for somebody to take what it has heard
            with suppress(queue.Empty):
                self._answers.get(timeout=0.1)
        with suppress(OSError):
            self._requests.close()

    def _listen(self, answers: IO[str]) -> None:
        with answers:
            for one in answers:
                self._answers.put(one)
        self._answers.put("")

    def _answer(self) -> dict[str, Any]:
        try:
            told = self._answers.get(timeout=LONGEST_WAIT)
        except queue.Empty:
            told = ""
        found: dict[str, Any] = json.loads(told) if told else {"message": "workbook_too_heavy", "details": {}}
        if "message" in found:
            details: dict[str, Any] = found["details"]
            raise BadInput(Problem(found["message"], self.path.name, details.pop("row", ""), "",
                                   details.pop("value", ""), details))
        return found


def child_environment() -> dict[str, str]:
    """Of a process that reads or writes a workbook."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1",
                         "OPENBLAS_NUM_THREADS": "1"}  # its threads would each take address space


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """A ``with`` block in which the sheets of a workbook are read, by a process that has limits of size and time.

    Raises
    ------
    BadInput
        With the cause, when it is no workbook, is broken, or is larger than one of a million rows; here, or while its
        lines are read.

    >>> import openpyxl, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = openpyxl.Workbook()
    ...     made.active.title = "mines"
    ...     made.active.append(["north", 5])
    ...     made.save(Path(folder) / "mines.xlsx")
    ...     with open_workbook(Path(folder) / "mines.xlsx") as book:
    ...         [(sheet.name, list(book.lines(sheet))) for sheet in book.sheets]
    [('mines', [(1, ['north', '5'])])]
    """
    with path.open("rb") as file:
        require_no_other_form(file.read(4096), path.name, workbook=True)
    book = Workbook(path)
    try:
        yield book
    finally:
        book.close()


def column_letters(column: int) -> str:
    """A column as Excel names it, from 1.

    >>> column_letters(3), column_letters(28)
    ('C', 'AB')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

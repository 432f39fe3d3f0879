"""The log beside the runs: one line for each, with the root hash that an auditor writes down, or why there is none.

Each line tells the digest of the one before it, so that none can be taken out or changed without the next one showing
it. Who rewrites the log as a whole is found only by a digest or a root hash written down elsewhere.
"""

import csv
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.files import read_bytes

NAME = "mineco-log.csv"
LOCK = ".mineco-log.lock"
COLUMNS = ("time", "run", "dossier", "status", "root", "reason", "previous")
FORMER = COLUMNS[:-1]  # of a log that an earlier version has begun
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # a spreadsheet would begin a formula
LONGEST = 500  # characters of a reason
LARGEST = 1_000_000_000  # bytes of a log: four million runs


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """A ``with`` block in which no other process writes to the log of a folder of runs."""
    with FileLock(out / LOCK):
        yield


def append(out: Path, *, run: str = "", dossier: str = "", status: str, root: str = "", reason: str = "") -> None:
    """Append one line, whole or not at all; the caller holds the lock.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name, locked(Path(name)):
    ...     append(Path(name), run="north-2024", status="complete", root="ab", reason="=1+1")
    ...     [(line["run"], line["reason"]) for line in read(Path(name))]
    [('north-2024', "'=1+1")]
    """
    line = (f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", run, dossier, status, root, " ".join(reason.split())[:LONGEST])
    _add_column(out / NAME)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(out / NAME, flags | getattr(os, "O_NONBLOCK", 0), 0o666)
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(f"{NAME} is no file")
        last, head = _last_line(handle, before.st_size), b""
        if not before.st_size:
            last = _line(COLUMNS)
            head = "\ufeff".encode() + last
        elif not last.endswith(b"\n"):
            head = b"\n"  # torn by a power failure
        written = head + _line((*line, _digest(last)))
        try:
            if os.write(handle, written) != len(written):
                raise OSError(f"{NAME} could not be written whole")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, before.st_size)
            raise
    finally:
        os.close(handle)


def read(out: Path) -> list[dict[str, str]]:
    """The whole lines of the log, each by column; none where there is no log."""
    return [dict(zip(COLUMNS, cells, strict=False)) for cells, _ in _lines(out)[1:]
            if len(cells) in (len(COLUMNS), len(FORMER))]


def check(out: Path) -> tuple[list[Problem], int]:
    """Each line of the log before which something was changed or taken out, and how many lines are of no chain.

    Those are the first of a log that an earlier version has begun.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name, locked(Path(name)):
    ...     for run in ("a", "b", "c"):
    ...         append(Path(name), run=run, status="complete")
    ...     whole, log = check(Path(name)), Path(name, NAME)
    ...     _ = log.write_bytes(b"".join(line for line in log.read_bytes().splitlines(True) if b",b," not in line))
    ...     whole, [one.row for one in check(Path(name))[0]]
    (([], 0), [3])
    """
    problems: list[Problem] = []
    loose, before = 0, ""
    for number, (cells, raw) in enumerate(_lines(out), start=1):
        if number == 1:
            if tuple(cells) not in (COLUMNS, FORMER):
                problems.append(Problem("log_broken", file=NAME, row=number))
        elif len(cells) == len(FORMER) and number == loose + 2:
            loose += 1
        elif len(cells) in (len(COLUMNS), len(FORMER)) and [*cells, ""][len(FORMER)] != before:
            problems.append(Problem("log_broken", file=NAME, row=number))
        before = _digest(raw)
    return problems, loose


def _add_column(path: Path) -> None:
    """Give the log of an earlier version the column that its next line will fill; its lines stay as they are."""
    head = "\ufeff".encode() + _line(FORMER)
    if path.is_symlink() or not path.is_file():
        return
    with path.open("rb") as opened:
        if opened.read(len(head)) != head:
            return
        content = "\ufeff".encode() + _line(COLUMNS) + opened.read()
    made = path.with_name(f".{NAME}.new")
    made.write_bytes(content)
    made.replace(path)


def _lines(out: Path) -> list[tuple[list[str], bytes]]:
    """The lines of the log, cut into cells and as they are, without the mark before the first; none without a log.

    What is no line of a table has no cells.
    """
    path = out / NAME
    if path.is_symlink() or not path.is_file():
        return []
    try:
        content = read_bytes(path, LARGEST).removeprefix("\ufeff".encode())
    except BadInput:
        return []
    return [(_cells(line.decode(errors="replace")), line) for line in content.split(b"\n") if line]


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line.removesuffix("\r")]), [])
    except csv.Error:
        return []


def _last_line(handle: int, size: int) -> bytes:
    """The last line of an open file, with its end if it has one."""
    content, place = b"", size
    while place and b"\n" not in content[:-1]:
        place = max(0, place - 4096)
        os.lseek(handle, place, os.SEEK_SET)
        content = os.read(handle, size - place)
    return content.removeprefix("\ufeff".encode()).rstrip(b"\n").rpartition(b"\n")[2] + (
        b"\n" if content.endswith(b"\n") else b"")


def _digest(line: bytes) -> str:
    """The digest of a line, whatever ends it."""
    return hashlib.sha256(line.rstrip(b"\r\n")).hexdigest()


def _line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(
        f"'{cell}" if cell.lstrip().startswith(FORMULA_PREFIXES) else cell
        for cell in (" ".join(one.splitlines()) for one in cells))  # one line, whatever a reader takes for its end
    return text.getvalue().encode("utf-8", errors="backslashreplace")

"""The log beside the runs: one line for each, with the root hash that an auditor writes down, or why there is none."""

import csv
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

NAME = "mineco-log.csv"
LOCK = ".mineco-log.lock"
COLUMNS = ("time", "run", "dossier", "status", "root", "reason")
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # a spreadsheet would begin a formula
LONGEST = 500  # characters of a reason


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
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(out / NAME, flags | getattr(os, "O_NONBLOCK", 0), 0o666)
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(f"{NAME} is no file")
        written = _line(line)
        if not before.st_size:
            written = "\ufeff".encode() + _line(COLUMNS) + written
        elif os.lseek(handle, -1, os.SEEK_END) >= 0 and os.read(handle, 1) != b"\n":  # torn by a power failure
            written = b"\n" + written
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
    path = out / NAME
    if not path.is_file() or path.is_symlink():
        return []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        lines = list(csv.reader(opened))
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:] if len(line) == len(COLUMNS)]


def _line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(
        f"'{cell}" if cell.lstrip().startswith(FORMULA_PREFIXES) else cell
        for cell in (" ".join(one.splitlines()) for one in cells))  # one line, whatever a reader takes for its end
    return text.getvalue().encode("utf-8", errors="backslashreplace")

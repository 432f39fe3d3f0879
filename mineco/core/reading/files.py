"""Files of a folder that somebody hands in: regular ones inside it, measured before they are read."""

import functools
import hashlib
import io
import os
import re
import stat
import time
from collections.abc import Collection
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.decoding import decode, forbidden

LARGEST_TABLE = 8_000_000  # bytes: a year of hourly readings is a tenth of it
LARGEST_BESIDE = {"evidence": 200_000_000, "rasters": 4_000_000_000}  # a scanned volume; a region at 10 m
MAX_FILES = 5_000
SETTLED = 2_000_000_000  # nanoseconds
OF_SHAPEFILE = (".shx", ".dbf", ".prj", ".cpg")  # that lie beside a .shp, the first two without fail
# What Windows, macOS and office programs put into folders by themselves; it is part of nothing that a mine hands in.
LITTER = re.compile(r"\..*|~\$.*|.*~|(eh)?thumbs\.db|desktop\.ini|icon\r|__macosx|@eadir|\$recycle\.bin|~wrl\d+\.tmp",
                    re.IGNORECASE)


def resolve_inside(folder: Path, name: str) -> Path:
    """The real path of a regular file inside a folder; a link, a device or a path that leads out is refused."""
    path = (Path(folder) / name).resolve()
    if not path.is_relative_to(Path(folder).resolve()):
        raise BadInput(Problem("outside_dossier", file=name))
    if not path.exists():
        raise BadInput(Problem("missing_file", file=name))
    if not path.is_file():
        raise BadInput(Problem("not_a_file", file=name))
    return path


def is_litter(name: str) -> bool:
    """Whether a file or folder is hidden, or was left by the system or by an office program that has the file open.

    >>> is_litter("Thumbs.db"), is_litter("~$mines.xlsx"), is_litter(".DS_Store"), is_litter("mines.csv")
    (True, True, True, False)
    """
    return LITTER.fullmatch(name) is not None


def list_files(folder: Path, among: Collection[str] | None = None) -> list[Path]:
    """Every file of a folder in order, as paths within it; litter is left out, and none of it is opened.

    ``among`` names what is looked at of what lies in the folder itself, where it holds things of others too.

    Raises
    ------
    BadInput
        With every link, device and pipe, since what they lead to is not part of the folder; with every file that is
        too large; or when there are too many.
    """
    folder = Path(folder)
    problems = Problems()
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        inner = Path(place).relative_to(folder)
        if among is not None and not inner.parts:
            folders[:], files = ([name for name in names if name in among] for names in (folders, files))
        linked = [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not is_litter(name) and name not in linked)
        for name in sorted([*files, *linked]):
            if is_litter(name):
                continue
            path = inner / name
            about = os.lstat(folder / path)
            largest = LARGEST_BESIDE.get(path.parts[0], LARGEST_TABLE) if len(path.parts) > 1 else LARGEST_TABLE
            if not stat.S_ISREG(about.st_mode):
                problems.add("not_a_file", file=path.as_posix())
            elif about.st_size > largest:
                problems.add("file_too_large", file=path.as_posix(), value=about.st_size, largest=largest)
            found.append(path)
        if len(found) > MAX_FILES:
            raise BadInput(Problem("too_many_files", file=folder.name, details={"most": MAX_FILES}))
    problems.stop()
    return sorted(found)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, as the archive of a run writes it; however large, little of it is in memory."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_paper(path: Path) -> str:
    """The same of a file that a dossier names, which may be large: read once as long as nothing of it changes.

    One that was written in the last two seconds is read again, since it may change within a tick of the clock.
    """
    about = Path(path).stat()
    if time.time_ns() - max(about.st_mtime_ns, about.st_ctime_ns) < SETTLED:
        return sha256(path)
    return _sha256_once(Path(path).resolve(), about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)


@functools.lru_cache(maxsize=MAX_FILES)
def _sha256_once(path: Path, *about: int) -> str:
    return sha256(path)


def is_blank_file(path: Path) -> bool:
    """Whether a file has no byte but blanks, line ends and zeros."""
    with Path(path).open("rb") as file:
        return not any(piece.strip(b" \t\r\n\0\xef\xbb\xbf") for piece in iter(lambda: file.read(1 << 16), b""))


def read_bytes(path: Path, largest: int) -> bytes:
    """The bytes of a regular file, which is measured before it is read."""
    path = Path(path)
    try:  # without waiting, should the file have become a pipe meanwhile
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise BadInput(Problem("missing_file", file=path.name)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Problem("unreadable_file", file=path.name, details={"reason": reason})) from error
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise BadInput(Problem("not_a_file", file=path.name))
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle has no path
        raw = b"" if about.st_size > largest else file.read(largest + 1)
        size = max(about.st_size, len(raw))
    if size > largest:
        raise BadInput(Problem("file_too_large", file=path.name, value=size, details={"largest": largest}))
    return raw


def read_text(path: Path, largest: int = LARGEST_TABLE) -> str:
    """The text of a file in UTF-8 (with or without byte-order mark) or GB18030, free of control characters."""
    path = Path(path)
    text = decode(read_bytes(path, largest), path.name)
    refused = {mark for mark in set(text) if forbidden(mark)}
    if refused:
        problems = Problems()
        one_of_them = re.compile("[" + re.escape("".join(sorted(refused))) + "]")
        for number, line in enumerate(io.StringIO(text), start=1):
            if bad := one_of_them.search(line):
                problems.add("control_character", file=path.name, row=number, value=f"U+{ord(bad[0]):04X}")
        problems.stop()
    return text

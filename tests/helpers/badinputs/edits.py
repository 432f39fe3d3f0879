"""How a good dossier is made a bad one: small changes of the bytes of one file, or of what lies in its place."""

import csv
import io
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Edit = Callable[[Path], None]  # of one file
Expected = tuple[str, str, int | str, str]  # message, file, row, column


@dataclass(frozen=True)
class Bad:
    """One malformed dossier: the base, the file, what is done to it, and what is said of it."""

    name: str
    file: str
    edit: Edit
    expected: tuple[Expected, ...]
    base: str = "tiny-quarry"
    more: bool = False  # other problems follow from it, and are not listed here
    notice: bool = False  # it is told of and not refused
    by_command: bool = field(default=False)  # also through the command line


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))


def write(path: Path, lines: list[list[str]]) -> None:
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator="\n").writerows(lines)
    path.write_text(made.getvalue(), "utf-8", newline="")


def cell(row: int, column: str, text: str) -> Edit:
    """Another text in one cell; rows are counted as messages count them."""
    def edit(path: Path) -> None:
        lines = rows(path)
        lines[row - 1][lines[0].index(column)] = text
        write(path, lines)
    return edit


def cells(row: int, **texts: str) -> Edit:
    return both(*(cell(row, column, text) for column, text in texts.items()))


def both(*edits: Edit) -> Edit:
    def edit(path: Path) -> None:
        for one in edits:
            one(path)
    return edit


def row(row_number: int, change: Callable[[list[str]], list[str]]) -> Edit:
    """Another list of cells in one row."""
    def edit(path: Path) -> None:
        lines = rows(path)
        lines[row_number - 1] = change(lines[row_number - 1])
        write(path, lines)
    return edit


def repeat(row_number: int, times: int = 1) -> Edit:
    """Copies of a row at the end."""
    def edit(path: Path) -> None:
        lines = rows(path)
        write(path, [*lines, *[lines[row_number - 1]] * times])
    return edit


def scale(column: str, factor: float, *numbers: int) -> Edit:
    """Numbers of some rows multiplied, as by a wrong unit."""
    def edit(path: Path) -> None:
        lines = rows(path)
        place = lines[0].index(column)
        for number in numbers:
            lines[number - 1][place] = f"{float(lines[number - 1][place]) * factor:.10g}"
        write(path, lines)
    return edit


def swap(old: str | bytes, new: str | bytes, times: int = 1) -> Edit:
    """Bytes for other bytes, which must be there."""
    before, after = (one if isinstance(one, bytes) else one.encode() for one in (old, new))

    def edit(path: Path) -> None:
        raw = path.read_bytes()
        assert raw.count(before) >= times
        path.write_bytes(raw.replace(before, after, times))
    return edit


def everywhere(old: str, new: str) -> Edit:
    return lambda path: path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def raw(content: bytes) -> Edit:
    """Other bytes in place of the file."""
    return lambda path: path.write_bytes(content) and None


def after(content: str | bytes) -> Edit:
    """More bytes at the end."""
    added = content if isinstance(content, bytes) else content.encode()
    return lambda path: path.write_bytes(path.read_bytes() + added) and None


def recode(encoding: str) -> Edit:
    return lambda path: path.write_bytes(path.read_text("utf-8").encode(encoding)) and None


def encoded_line(number: int, encoding: str) -> Edit:
    """One line in another encoding than the rest."""
    def edit(path: Path) -> None:
        lines = path.read_bytes().split(b"\n")
        lines[number - 1] = lines[number - 1].decode("utf-8").encode(encoding)
        path.write_bytes(b"\n".join(lines))
    return edit


# --- what lies where a file should ----------------------------------------------------------------------------------

def remove(path: Path) -> None:
    path.unlink()


def folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def link(target: str) -> Edit:
    def edit(path: Path) -> None:
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(target)
    return edit


def pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)


def bound_socket(path: Path) -> None:
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket is short
        try:
            made.bind(path.name)
        finally:
            os.chdir(here)


def sparse(size: int) -> Edit:
    """A file that claims a size and holds nothing."""
    def edit(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.truncate(size)
    return edit


def new_file(content: bytes = b"x") -> Edit:
    def edit(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return edit

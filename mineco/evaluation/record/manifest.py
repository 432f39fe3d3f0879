"""The manifest of a run: the SHA-256 of every file, and the root hash over all of them.

The lines are those of BagIt (RFC 8493). A manifest finds damage, and a change by somebody who leaves it alone; who
rewrites both is found only by the root hash written down elsewhere.
"""

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.files import read_bytes, sha256

NAME = "manifest-sha256.txt"  # is written last: the run is finished
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
LARGEST = 100_000_000  # bytes: half a million files
OUTSIDE = re.compile(r"/|~|[A-Za-z]:|.*\\")
UNSAFE = ("manifest_link", "manifest_not_a_file", "manifest_outside")  # after which nothing more is read


def write_manifest(folder: Path) -> str:
    """Write the manifest of a folder; its root hash.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     written = Path(name, "a.txt").write_text("a")
    ...     write_manifest(Path(name)) == root_hash(Path(name)), check_manifest(Path(name))
    (True, [])
    """
    names = sorted({path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {NAME})
    (folder / NAME).write_bytes("".join(f"{sha256(folder / name)}  {_encoded(name)}\n" for name in names).encode())
    return root_hash(folder)


def root_hash(folder: Path) -> str:
    """SHA-256 of the manifest: one figure for all files of a run."""
    return sha256(folder / NAME)


def check_manifest(folder: Path, under: str = "") -> list[Problem]:
    """Each file that is missing, changed, extra, named twice, outside the folder, a link, or no file at all.

    ``under`` leaves out the files whose names begin otherwise, as of all but ``inputs/``.
    """
    problems = Problems()
    named = {name: digest for name, digest in read_manifest(folder, problems).items() if name.startswith(under)}
    found = {name for name in _files(folder, problems) if name.startswith(under)}
    for name in sorted(named.keys() - found):
        if not any(one.file == name for one in problems):
            problems.add("manifest_missing", file=name)
    for name in sorted(found - named.keys()):
        problems.add("manifest_extra", file=name)
    for name in sorted(found & named.keys()):
        if sha256(folder / name) != named[name]:
            problems.add("manifest_changed", file=name)
    return [one for one in problems if one.file == NAME or one.file.startswith(under)]


def read_manifest(folder: Path, problems: Problems) -> dict[str, str]:
    """Digests by the name of the file, as the manifest tells them."""
    path = folder / NAME
    if path.is_symlink() or not path.is_file():
        raise BadInput(Problem("not_a_run", file=str(folder), details={"missing": NAME}))
    named: dict[str, str] = {}
    lines = read_bytes(path, LARGEST).decode(errors="replace").split("\n")
    for number, line in enumerate(lines if lines[-1] else lines[:-1], start=1):
        parts = LINE.fullmatch(line)
        if not parts:
            problems.add("manifest_line", file=NAME, row=number, value=line)
            continue
        name = _decoded(parts[2])
        if OUTSIDE.match(name) or ".." in PurePosixPath(name).parts:
            problems.add("manifest_outside", file=NAME, row=number, value=name)
        elif name in named:
            problems.add("manifest_twice", file=NAME, row=number, value=name)
        else:
            named[name] = parts[1]
    return named


def _files(folder: Path, problems: Problems) -> Iterable[str]:
    """The files of a folder but its manifest; nothing is followed and nothing opened. An empty folder is told."""
    for inner, folders, files in os.walk(folder):
        if not (folders or files) and Path(inner) != folder:
            problems.add("manifest_extra", file=f"{Path(inner).relative_to(folder).as_posix()}/")
        for name in sorted([*folders, *files]):
            path = Path(inner, name)
            relative, kind = path.relative_to(folder).as_posix(), path.lstat().st_mode
            if stat.S_ISLNK(kind):
                problems.add("manifest_link", file=relative)
            elif stat.S_ISREG(kind):
                if relative != NAME:
                    yield relative
            elif not stat.S_ISDIR(kind):
                problems.add("manifest_not_a_file", file=relative)


def _encoded(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _decoded(name: str) -> str:
    return name.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")

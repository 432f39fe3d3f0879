"""A folder that appears whole or not at all: built beside its final place, locked meanwhile, then moved there."""

import errno
import json
import os
import shutil
import signal
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from mineco.core.errors import BadInput, Problem

ABOUT = "status.json"  # in a folder under construction: whose it is, for whoever finds it abandoned
ENDING = ".partial"


@contextmanager
def staging(out: Path, about: Mapping[str, str]) -> Iterator[Path]:
    """A new folder in ``out`` to build in; whatever of it was not moved away is removed in the end.

    The lock on it is held by this process: it tells a folder under construction from an abandoned one.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     with staging(Path(name), {}) as folder:
    ...         made = folder.is_dir()
    ...     made, list(Path(name).iterdir())
    (True, [])
    """
    out.mkdir(parents=True, exist_ok=True)
    folder = out / f".{uuid.uuid4().hex}{ENDING}"
    lock = FileLock(_lock_of(folder), thread_local=False)
    try:
        with lock:
            folder.mkdir()
            (folder / ABOUT).write_text(json.dumps({"state": "running", **about}), encoding="utf-8")
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _lock_of(folder).unlink(missing_ok=True)


def remove_abandoned(out: Path) -> list[dict[str, str]]:
    """Remove what runs left behind that could not clean up, being killed; whose those were.

    Looks once in the life of a process, since a parent of ten thousand runs takes a while to list.
    """
    if not _first_look(out, os.getpid()):
        return []
    found: list[dict[str, str]] = []
    for folder in sorted(out.glob(f".*{ENDING}")):
        with suppress(Timeout, OSError), FileLock(_lock_of(folder), timeout=0):
            about = {}
            with suppress(OSError, ValueError):
                about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            if folder.is_dir() and not folder.is_symlink():
                shutil.rmtree(folder)
                found.append({name: str(value) for name, value in about.items()})
            _lock_of(folder).unlink(missing_ok=True)
    return found


_looked: set[tuple[Path, int]] = set()


def _first_look(out: Path, process: int) -> bool:
    """Whether this process has not looked into a folder before."""
    new = out.is_dir() and (out, process) not in _looked
    _looked.add((out, process))
    return new


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


@contextmanager
def defer_signals() -> Iterator[None]:
    """A ``with`` block that Ctrl-C and SIGTERM wait for, so that what belongs together is done together.

    >>> with defer_signals():
    ...     "moved", "logged"
    ('moved', 'logged')
    """
    if threading.current_thread() is not threading.main_thread():  # signals are not raised here
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda one, _: came.append(one))
              for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        if came:
            signal.raise_signal(came[0])


def move_into_place(folder: Path, name: str) -> Path:
    """Give a finished folder its name and the time; a name that is taken gets a number, and nothing is replaced."""
    stem = f"{name}-{datetime.now():%Y%m%dT%H%M%S}"
    for number in range(1, 1000):
        final = folder.with_name(stem if number == 1 else f"{stem}-{number}")
        if os.path.lexists(final):
            continue
        try:
            folder.rename(final)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):  # another run took the name meanwhile
                raise
            continue
        sync(final.parent)
        return final
    raise BadInput(Problem("file_trouble", file=stem, details={"reason": os.strerror(errno.EEXIST)}))


def sync_all(folder: Path) -> None:
    """Have every file of a folder on the disk, and the folders that name them."""
    for inner, _, files in os.walk(folder, topdown=False):
        for path in [*(Path(inner, file) for file in files), Path(inner)]:
            sync(path)


def sync(path: Path) -> None:
    """Have a file or a folder on the disk."""
    if os.name == "nt" and path.is_dir():  # Windows cannot open a folder
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

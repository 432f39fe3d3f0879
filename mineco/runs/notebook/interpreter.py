"""The interpreter that is forked, as seen from where its forks are asked for.

Each process starts one of its own for the modules that a notebook imports. One that is shared is asked by the processes
that were started from its starter, too, through a socket in a folder that no other user may enter.
"""

import atexit
import contextlib
import functools
import hashlib
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

SERVER = "from mineco.runs.notebook.server import serve; serve()"
SHARED = "MINECO_INTERPRETERS"  # folder of the sockets of shared interpreters
STARTUP = 60.0  # s to wait for the imports, and for a fork
STOPPING = 5.0  # s to wait for the end of a process
PACKAGE_PARENT = str(Path(__file__).resolve().parents[3])

# Two runs of the same dossier give the same bytes: no random order of sets, no clock in figures, and one
# thread of linear algebra, since sums differ with the number of threads and with the kind of processor.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "315532800",  # 1980-01-01, the first date that a zip archive can hold
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Nehalem" if platform.machine().lower() in ("x86_64", "amd64") else "ARMV8",  # any can do it
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


class Preload(NamedTuple):
    """What is made ready for a notebook: modules, and the language in which what mineco reads and draws is tried."""

    modules: tuple[str, ...]
    language: str = ""  # none: the notebook is none of mineco's


class Interpreter:
    """What forks, at the other end of a socket; it ends with the process that started it."""

    def __init__(self, control: socket.socket, process: subprocess.Popen | None = None) -> None:
        self.control, self.process = control, process
        self.control.settimeout(STARTUP)
        self.ready, self.asked = False, threading.Lock()

    @classmethod
    def started(cls, preload: Preload, *doors: socket.socket) -> Self:
        """A new one, importing already; at a door others may ask."""
        control, theirs = socket.socketpair()
        with theirs:
            files = [one.fileno() for one in (theirs, *doors)]
            return cls(control, subprocess.Popen(
                [sys.executable, "-P", "-c", SERVER, ",".join(map(str, files)), preload.language, *preload.modules],
                pass_fds=files, stdin=subprocess.DEVNULL, start_new_session=True, env=process_environment()))

    @classmethod
    def behind(cls, door: Path) -> Self:
        """The one behind a door; OSError when it has ended."""
        control = socket.socket(socket.AF_UNIX)
        try:
            control.connect(str(door))
        except OSError:
            control.close()
            raise
        return cls(control)

    def fork(self, orders: int, answers: int) -> int:
        """A process that takes orders from one pipe and answers to the other.

        OSError or ValueError when the interpreter has ended, or does not answer in time.
        """
        return self._ask(b"fork", orders, answers)

    def end(self, pid: int) -> int | None:
        """End a fork, and say how it has ended: the interpreter knows, whose child it is."""
        try:
            return self._ask(str(pid).encode())
        except (OSError, ValueError):
            self.control.close()  # a late answer would be taken for that to another question
            return None

    def _ask(self, order: bytes, *descriptors: int) -> int:
        """The answer to an order; one order at a time, since threads ask too, and an answer names nobody."""
        with self.asked:
            if not self.ready:
                self.ready = bool(self.control.recv(16))
            socket.send_fds(self.control, [order], descriptors)
            return int(self.control.recv(16))

    def close(self) -> None:
        """End the forks, and the interpreter where it was started here."""
        if not self.ready:  # then it has no forks, unless it tells so now
            with contextlib.suppress(OSError):
                self.control.setblocking(False)
                self.ready = bool(self.control.recv(16))
        self.control.close()
        if self.process:
            try:
                self.process.wait(STOPPING if self.ready else 0.0)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextlib.contextmanager
def shared(preload: Preload) -> Iterator[None]:
    """A ``with`` block in which one interpreter, started without waiting, serves this process and all that it starts.

    Where the system has no such sockets, each process starts its own, as without this.
    """
    before, folder = os.environ.get(SHARED), tempfile.mkdtemp(prefix="mineco-")  # nobody else may enter it
    os.environ[SHARED] = folder
    started = None
    try:
        with socket.socket(socket.AF_UNIX) as door, contextlib.suppress(OSError):  # of a path too long for it
            door.bind(str(_door(preload)))
            door.listen()
            started = Interpreter.started(preload, door)
        yield
    finally:
        os.environ.pop(SHARED)
        if before is not None:
            os.environ[SHARED] = before
        if started:
            started.close()
        shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def interpreter(owner: int, preload: Preload) -> Interpreter:
    """The one that has made this ready, shared or started; ``owner`` keeps a forked worker from using its parent's."""
    try:
        found = Interpreter.behind(_door(preload))
    except (OSError, KeyError):
        found = Interpreter.started(preload)
    _known.append(found)
    return found


def _door(preload: Preload) -> Path:
    """The socket of a shared interpreter; KeyError where none is shared."""
    told = hashlib.sha256("\n".join([preload.language, *preload.modules]).encode())
    return Path(os.environ[SHARED], told.hexdigest()[:16])


def process_environment() -> dict[str, str]:
    """What the processes of notebooks are given."""
    path = os.pathsep.join(filter(None, [PACKAGE_PARENT, os.environ.get("PYTHONPATH")]))
    return os.environ | ENVIRONMENT | {"PYTHONPATH": path}


_known: list[Interpreter] = []


@atexit.register
def close_all() -> None:
    """End the interpreters that this process has started, and its forks of those that it shares."""
    interpreter.cache_clear()
    while _known:
        _known.pop().close()

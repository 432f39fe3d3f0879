"""Processes that execute the cells of a notebook: started for it, or forked from an interpreter that is kept ready.

Between a process that takes a second to start and a warm one that remembers what the last notebook did there is the
fork: imports are made once, and nothing that a notebook changes is seen by the next.
"""

import atexit
import contextlib
import functools
import json
import os
import platform
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from mineco.runs.notebook.cells import imported_modules

LAUNCH = "from mineco.runs.notebook.shell import main; main()"
SERVER = "from mineco.runs.notebook.shell import serve; serve()"
WARM = "mineco.runs.notebook.warm"
NO_FORK = "MINECO_NO_FORK"  # 1: ordinary processes, as where the system cannot fork
MAX_OUTPUT = 50_000_000  # characters of all cells together: a report with a hundred figures is a tenth of it
STARTUP = 60.0  # s to wait for the imports, and for a fork
STOPPING = 5.0  # s to wait for the end of a process
PACKAGE_PARENT = str(Path(__file__).resolve().parents[3])
LANGUAGE = {"name": "python", "version": platform.python_version(), "mimetype": "text/x-python",
            "codemirror_mode": {"name": "ipython", "version": 3}, "pygments_lexer": "ipython3",
            "nbconvert_exporter": "python", "file_extension": ".py"}  # as the stock kernel names it

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


class NotebookStopped(Exception):
    """A notebook that was stopped from outside: the id of a message, the cell that was running, and why."""

    def __init__(self, message: str, source: str, reason: str) -> None:
        super().__init__(message, source, reason)
        self.message, self.source, self.reason = message, source, reason


class Kernel:
    """A process that executes cells, as seen from here; nothing of it stays when it is stopped.

    It takes orders and gives answers as `mineco.runs.notebook.shell` tells; ``end`` ends it, running or not, and gives
    its exit code where that is known.
    """

    def __init__(self, orders: IO[bytes], answers: IO[bytes], end: Callable[[], int | None], folder: Path,
                 environment: Mapping[str, str]) -> None:
        self.orders, self.end = orders, end
        self.answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()
        self._order({"folder": str(folder), "environment": dict(environment), "most": MAX_OUTPUT})

    def execute(self, source: str, timeout: float | None = None) -> dict[str, Any]:
        """Execute a cell; where it takes too long, shows too much or ends the process, that is stopped, and told.

        ``count`` is the number of the execution; ``error`` its name, or None; ``outputs`` those of this cell and of
        others that it has changed, by their place among the executed ones.
        """
        self._order(source)
        try:
            answer = self.answers.get(timeout=timeout)
        except queue.Empty:
            self.stop()
            raise NotebookStopped("cell_timeout", source, f"{timeout:g}") from None
        if answer is None:
            raise NotebookStopped("kernel_died", source, self.stop())
        if "stopped" in answer:
            self.stop()
            raise NotebookStopped(answer["stopped"], source, f"{MAX_OUTPUT:,}")
        return answer

    def stop(self) -> str:
        """End the process, running or not, and say how it ended."""
        code, self.end = self.end(), lambda: None
        with contextlib.suppress(OSError):
            self.orders.close()
        if code is None:
            return "?"
        return signal.Signals(-code).name if code < 0 else f"exit {code}"

    def _order(self, order: Any) -> None:
        with contextlib.suppress(OSError, ValueError):  # its end is seen when the answer is waited for
            self.orders.write(json.dumps(order).encode() + b"\n")
            self.orders.flush()

    def _listen(self, answers: IO[bytes]) -> None:
        with answers, contextlib.suppress(OSError, ValueError):
            for line in answers:
                self.answers.put(json.loads(line))
        self.answers.put(None)


def start_kernel(notebook: Mapping[str, Any], folder: Path, environment: Mapping[str, str] | None = None) -> Kernel:
    """Start a process in a folder, already importing what the notebook will want; does not wait for it."""
    given = _environment() | dict(environment or {})
    process = subprocess.Popen([sys.executable, "-P", "-c", LAUNCH, *imported_modules(notebook)], cwd=folder, env=given,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    assert process.stdin
    assert process.stdout

    def end() -> int:
        if process.poll() is None:
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)  # what a cell has started, too
        return process.wait(STOPPING)

    return Kernel(process.stdin, process.stdout, end, folder, given)


def fork_kernel(notebook: Mapping[str, Any], folder: Path, environment: Mapping[str, str] | None = None) -> Kernel:
    """Fork a process in a folder from an interpreter that has made the notebook's imports.

    Where the system cannot fork, MINECO_NO_FORK is 1, or the interpreter does not answer, one is started.
    """
    if hasattr(os, "fork") and os.environ.get(NO_FORK) != "1":
        modules = imported_modules(notebook)
        if "mineco" in modules:
            modules.append(WARM)
        for _ in range(2):  # an interpreter that has been killed is replaced, once
            interpreter = _interpreter(os.getpid(), tuple(modules))
            with contextlib.suppress(OSError, ValueError):
                return interpreter.fork(folder, _environment() | dict(environment or {}))
            _interpreter.cache_clear()
            interpreter.close()
    return start_kernel(notebook, folder, environment)


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, [PACKAGE_PARENT, os.environ.get("PYTHONPATH")]))
    return os.environ | ENVIRONMENT | {"PYTHONPATH": path}


class Interpreter:
    """The interpreter that is forked; it ends with the process that started it."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        self.control, theirs = socket.socketpair()
        self.control.settimeout(STARTUP)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", SERVER, str(theirs.fileno()), *modules],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True, env=_environment())
        self.ready, self.asked = False, threading.Lock()

    def fork(self, folder: Path, environment: Mapping[str, str]) -> Kernel:
        """A fork; OSError or ValueError when the interpreter has ended, or does not answer in time."""
        orders, answers = os.pipe(), os.pipe()
        files = os.fdopen(orders[1], "wb"), os.fdopen(answers[0], "rb")
        try:
            pid = self._ask(b"fork", orders[0], answers[1])
        except (OSError, ValueError):
            for file in files:
                file.close()
            raise
        finally:
            for end in (orders[0], answers[1]):
                os.close(end)
        return Kernel(*files, functools.partial(self.end, pid), folder, environment)

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
        """End the interpreter and whatever it has forked."""
        self.control.close()
        try:
            self.process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@functools.cache
def _interpreter(owner: int, modules: tuple[str, ...]) -> Interpreter:
    """The interpreter with these modules; ``owner`` keeps a forked worker from using its parent's."""
    _started.append(Interpreter(modules))
    return _started[-1]


_started: list[Interpreter] = []


@atexit.register
def close_all() -> None:
    """End the interpreters that this process has started."""
    _interpreter.cache_clear()
    while _started:
        _started.pop().close()

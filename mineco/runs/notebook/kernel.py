"""Processes that execute the cells of a notebook: started for it, or forked from an interpreter that is kept ready.

Between a process that takes a second to start and a warm one that remembers what the last notebook did there is the
fork: imports are made once, and nothing that a notebook changes is seen by the next.
"""

import contextlib
import functools
import json
import os
import platform
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from mineco.core.labels import LANGUAGES
from mineco.runs.notebook.cells import declared_parameters, imported_modules
from mineco.runs.notebook.interpreter import STOPPING, Interpreter, Preload, interpreter, process_environment, shared

LAUNCH = "from mineco.runs.notebook.shell import main; main()"
TEMPORARY = ("TMPDIR", "TEMP", "TMP")  # where a process puts its temporary files
NO_FORK = "MINECO_NO_FORK"  # 1: ordinary processes, as where the system cannot fork
MAX_OUTPUT = 50_000_000  # characters of all cells together: a report with a hundred figures is a tenth of it
LANGUAGE = {"name": "python", "version": platform.python_version(), "mimetype": "text/x-python",
            "codemirror_mode": {"name": "ipython", "version": 3}, "pygments_lexer": "ipython3",
            "nbconvert_exporter": "python", "file_extension": ".py"}  # as the stock kernel names it


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
        self.orders, self.end, self.scratch = orders, end, ""
        if not environment.keys() & set(TEMPORARY):  # it is ended without being asked, and takes nothing away itself
            self.scratch = tempfile.mkdtemp(prefix="mineco-")
        given = process_environment() | dict.fromkeys(TEMPORARY if self.scratch else (), self.scratch)
        self.answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()
        self._order({"folder": str(folder), "environment": given | dict(environment), "most": MAX_OUTPUT})

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
        if self.scratch:
            shutil.rmtree(self.scratch, ignore_errors=True)
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
    given = dict(environment or {})
    process = subprocess.Popen([sys.executable, "-P", "-c", LAUNCH, *imported_modules(notebook)], cwd=folder,
                               env=process_environment() | given,
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
    for _ in range(2 if can_fork() else 0):  # an interpreter that has been killed is replaced, once
        asked = interpreter(os.getpid(), preload_of(notebook))
        with contextlib.suppress(OSError, ValueError):
            return _forked(asked, folder, environment or {})
        interpreter.cache_clear()
        asked.close()
    return start_kernel(notebook, folder, environment)


def _forked(asked: Interpreter, folder: Path, environment: Mapping[str, str]) -> Kernel:
    """A fork of an interpreter; OSError or ValueError when that has ended, or does not answer in time."""
    orders, answers = os.pipe(), os.pipe()
    files = os.fdopen(orders[1], "wb"), os.fdopen(answers[0], "rb")
    try:
        pid = asked.fork(orders[0], answers[1])
    except (OSError, ValueError):
        for file in files:
            file.close()
        raise
    finally:
        for end in (orders[0], answers[1]):
            os.close(end)
    return Kernel(*files, functools.partial(asked.end, pid), folder, environment)


def shared_interpreter(notebook: Mapping[str, Any]) -> contextlib.AbstractContextManager[None]:
    """A ``with`` block whose processes fork one interpreter of a notebook, which starts ahead of the first fork."""
    return shared(preload_of(notebook)) if can_fork() else contextlib.nullcontext()


def preload_of(notebook: Mapping[str, Any]) -> Preload:
    """What the interpreter of a notebook makes ready: the imports of its cells, and one of ours in its language."""
    modules = tuple(imported_modules(notebook))
    if "mineco" not in modules:
        return Preload(modules)
    language = declared_parameters(notebook).get("language")
    return Preload(modules, next((one for one in LANGUAGES if one == language), LANGUAGES[0]))


def can_fork() -> bool:
    """Whether notebooks may run in forks here."""
    return hasattr(os, "fork") and os.environ.get(NO_FORK) != "1"

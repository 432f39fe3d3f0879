"""The process in which the cells of a notebook are executed, by a shell of IPython's own.

An order is a line of JSON: first the folder and the environment, then a cell at a time, each answered by a line with
its outputs as nbformat knows them. The process ends with whoever gives the orders.
"""

import base64
import contextlib
import functools
import gc
import importlib
import io
import os
import queue
import random
import select
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from json import dumps, loads  # by name: a cell may put another function into the module
from pathlib import Path
from typing import IO, Any

import traitlets
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

GARBAGE = 200_000  # objects made before a fork looks for rubbish; an evaluation keeps most of what it makes
DESCRIPTORS = {"stdout": 1, "stderr": 2}


class Outputs:
    """What the cells have shown so far, and of which cells the other side has not seen it yet."""

    def __init__(self, answers: IO[bytes], most: int) -> None:
        self.answers, self.left, self.process = answers, most, os.getpid()
        self.cells: list[list[dict[str, Any]]] = [[]]
        self.named: dict[str, list[tuple[int, dict[str, Any]]]] = {}  # outputs that may be updated
        self.changed: set[int] = set()
        self.clear_first = False
        self.lock = threading.RLock()  # threads of a cell show things too

    def add(self, output_type: str, display_id: str | None = None, **output: Any) -> None:
        """Show something; text that follows text goes on with it."""
        with self.lock:
            self._count(output)
            if self.clear_first:
                self.clear()
            shown = self.cells[-1]
            if output_type == "stream" and shown and shown[-1].get("name") == output["name"]:
                shown[-1]["text"] += output["text"]
            else:
                shown.append({"output_type": output_type, **output})
            if display_id:
                self.named.setdefault(display_id, []).append((len(self.cells) - 1, shown[-1]))
            self.changed.add(len(self.cells) - 1)

    def update(self, display_id: str, **output: Any) -> None:
        """Show something in the place of what was shown under an id, in whatever cell."""
        with self.lock:
            self._count(output)
            for cell, shown in self.named.get(display_id, ()):
                shown.update(output)
                self.changed.add(cell)

    def clear(self, wait: bool = False) -> None:
        """Take away what the cell has shown, at once or when something else is shown."""
        with self.lock:
            self.clear_first = wait
            if not wait:
                self.cells[-1].clear()

    def answer(self, **told: Any) -> None:
        """End a cell, and tell what has changed; a process that a cell has forked tells nothing."""
        if os.getpid() != self.process:
            os._exit(0)
        with self.lock:
            told["outputs"] = {cell: [one | {"text": "".join(one["text"])} if "text" in one else one
                                      for one in self.cells[cell]] for cell in self.changed}
            self.answers.write(dumps(told, default=_plain).encode() + b"\n")
            self.answers.flush()
            self.changed.clear()
            self.cells.append([])

    def _count(self, output: dict[str, Any]) -> None:
        """End the process that shows things without end, whatever its cell would do about an error."""
        shown = [*output.get("text", ()), *output.get("data", {}).values(), *output.get("traceback", ())]
        self.left -= sum(len(one) for one in shown if isinstance(one, str | bytes))
        if self.left < 0:
            self.changed.clear()
            self.answer(stopped="too_much_output")
            os._exit(1)


def _plain(value: Any) -> str:
    """What JSON does not know: bytes are those of an image."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


class Stream(io.TextIOBase):
    """Standard output or error of the cells; what is written past Python is shown as if it had been printed."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self.outputs, self.name, self.lock, self.pipe = outputs, name, threading.Lock(), -1
        if os.name != "nt":  # which cannot wait for a pipe
            self.pipe, past_python = os.pipe()
            os.dup2(past_python, self.fileno())
            os.close(past_python)
            threading.Thread(target=self._read, daemon=True).start()

    def fileno(self) -> int:
        """The descriptor that programs called by a cell write to."""
        return DESCRIPTORS[self.name]

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Show text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self.outputs.add("stream", name=self.name, text=[text])
        return len(text)

    def drain(self) -> None:
        """Show all that was written past Python."""
        with self.lock, contextlib.suppress(OSError, ValueError):
            while select.select([self.pipe], [], [], 0)[0] and (data := os.read(self.pipe, 1 << 16)):
                self.write(data.decode(errors="replace"))

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # a cell may close any file
            while select.select([self.pipe], [], []):
                self.drain()


class Publisher(DisplayPublisher):
    """What ``display`` and ``clear_output`` call."""

    shell: Any

    def publish(self, data: Any, metadata: Any = None, source: Any = None, *, transient: Any = None,
                update: bool = False, **_: Any) -> None:
        """Show an object in all its forms."""
        show = self.shell.outputs.update if update else functools.partial(self.shell.outputs.add, "display_data")
        show(display_id=(transient or {}).get("display_id"), data=dict(data), metadata=metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        """Take away what the cell has shown."""
        self.shell.outputs.clear(wait)


class Hook(DisplayHook):
    """What is called with the value of the last line of a cell."""

    shell: Any

    def write_output_prompt(self) -> None:
        """The number stands in the output itself."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Show the value."""
        self.shell.outputs.add("execute_result", execution_count=self.prompt_count, data=dict(format_dict),
                               metadata=md_dict or {})


class ZMQInteractiveShell(InteractiveShell):
    """A shell whose outputs go to a notebook; by this name libraries tell one from a terminal."""

    displayhook_class = traitlets.Type(Hook)
    display_pub_class = traitlets.Type(Publisher)
    outputs = traitlets.Any()

    def enable_gui(self, gui: str | None = None) -> None:
        """``%matplotlib inline`` asks for none; there is no screen for any other."""

    def init_virtualenv(self) -> None:
        """The interpreter is the one that was chosen."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)


def execute_cells(orders: IO[bytes], answers: IO[bytes]) -> None:
    """Execute cell after cell, in the folder and the environment of the first order."""
    ordered: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders, ordered), daemon=True).start()
    order = ordered.get()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    tempfile.tempdir = None  # that of the environment
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    outputs = Outputs(answers, order["most"])
    shell = ZMQInteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}), outputs=outputs)
    sys.stdout, sys.stderr = streams = [Stream(outputs, name) for name in DESCRIPTORS]
    while True:
        source, count = ordered.get(), shell.execution_count
        result = shell.run_cell(source, store_history=True)
        for stream in streams:
            stream.drain()
        error = result.error_before_exec or result.error_in_exec
        outputs.answer(count=count, error=error and type(error).__name__)


def _listen(orders: IO[bytes], ordered: queue.SimpleQueue[Any]) -> None:
    """Take orders, and end the process and what it has started when nobody is there to give them."""
    with contextlib.suppress(OSError):
        for line in orders:
            ordered.put(loads(line))
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def main() -> None:
    """Make the imports named by the arguments, then execute the cells that come on standard input."""
    orders, answers = (os.fdopen(os.dup(number), mode) for number, mode in ((0, "rb"), (1, "wb")))
    with Path(os.devnull).open("r+b") as nothing:
        for number in (0, 1):
            os.dup2(nothing.fileno(), number)
    gc.disable()
    import_all(sys.argv[1:])
    gc.freeze()  # what is imported stays
    gc.enable()
    gc.set_threshold(GARBAGE)
    execute_cells(orders, answers)


def import_all(modules: Sequence[str]) -> None:
    for name in modules:
        with contextlib.suppress(ImportError):  # the cell that needs it will say so
            importlib.import_module(name)

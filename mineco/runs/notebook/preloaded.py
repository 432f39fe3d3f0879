"""The far end of `mineco.runs.notebook.fork`: an interpreter with its imports made forks itself for a notebook.

The first process never runs a cell, so that each notebook finds what a fresh kernel would give it. In the fork lives
an ordinary ipykernel without sockets: its messages go back through a pipe, one JSON text each.
"""

import asyncio
import contextlib
import gc
import importlib
import io
import logging
import os
import random
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Mapping
from json import dumps, loads  # by name: a cell may put another function into the module
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from traitlets import Type
from traitlets.config import Config

from mineco.runs.notebook.printing import MAX_OUTPUT, limit

LONGEST_ORDER = 1 << 20  # bytes: the environment of a process
MAX_HELD = 1 << 16  # characters that a cell has printed and that were not sent yet


def serve(control: socket.socket) -> None:
    """Fork for each order that comes with a pipe, and send signals to those forked, until the other side is gone."""
    children: set[int] = set()
    while True:
        order, pipes, _, _ = socket.recv_fds(control, LONGEST_ORDER, 1)
        while children and (gone := os.waitpid(-1, os.WNOHANG)[0]):
            children.discard(gone)
        if not order:
            break
        wanted = loads(order)
        if pipes:
            pid = os.fork()
            if not pid:
                try:
                    control.close()
                    run_fork(Connection(pipes[0]), wanted)
                finally:
                    os._exit(0)  # whatever happened: the fork never becomes a second server
            children.add(pid)
            os.close(pipes[0])
        elif wanted["pid"] in children:
            os.kill(wanted["pid"], wanted["signal"])
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def run_fork(pipe: Connection, order: Mapping[str, Any]) -> None:
    """The life of one fork: the folder and environment of whoever asked, fresh random numbers, cell after cell."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    tempfile.tempdir = None  # that of the environment, not the one that the server found
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    session = PipeSession(pipe)
    without_history = Config({"HistoryManager": {"enabled": False}})
    kernel = PipeKernel(session=session, log=logging.getLogger(__name__), config=without_history)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    limit(PipeStream, MAX_OUTPUT)
    sys.stdout, sys.stderr = PipeStream(session, "stdout"), PipeStream(session, "stderr")
    session.send(None, "ready", {"pid": os.getpid(), "language_info": kernel.language_info})
    with contextlib.suppress(EOFError, BrokenPipeError):  # whoever asked is gone
        while True:
            request = loads(pipe.recv_bytes())
            session.request = request
            kernel.set_parent([], request)
            loop.run_until_complete(kernel.execute_request(None, [], request))
            session.send(None, "status", {"execution_state": "idle"}, request)


class PipeSession(Session):
    """Messages written to a pipe instead of signed and sent to a socket."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__()
        self.pipe, self.writing = pipe, threading.Lock()
        self.request: dict[str, Any] = {}

    def send(self, stream: Any, msg_or_type: dict[str, Any] | str, content: dict[str, Any] | None = None,
             parent: dict[str, Any] | None = None, ident: Any = None, buffers: Any = None, track: bool = False,
             header: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
        """Write one message, whole, whatever thread it comes from; a process that a cell has forked writes nothing."""
        message = (msg_or_type if isinstance(msg_or_type, dict)
                   else self.msg(msg_or_type, content, parent or {}, header, metadata))
        if os.getpid() == self.pid:
            with self.writing:
                self.pipe.send_bytes(dumps(message, default=json_default).encode())
        return message


class PipeShell(ZMQInteractiveShell):
    """The shell of every ipykernel, without windows."""

    def enable_gui(self, gui: str | None = None) -> None:
        """``%matplotlib inline`` asks for none; there is no screen for any other."""
        self.active_eventloop = gui


class PipeKernel(IPythonKernel):
    """A kernel that is called and not sent to."""

    shell_class = Type(PipeShell)
    _execute_sleep = 0.0  # after each cell, for the sake of sockets

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())  # for top-level await

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing waits behind a cell: the next one is sent when this one has been answered."""


class PipeStream(io.TextIOBase):
    """Standard output or error of the cells."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, session: PipeSession, name: str) -> None:
        self.session, self.name = session, name
        self.held, self.length = list[str](), 0

    def fileno(self) -> int:
        """The descriptor that programs called by a cell write to; as in an ordinary kernel, that is no output."""
        return {"stdout": 1, "stderr": 2}[self.name]

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Hold text until enough of it has come together, or something else is shown, or the cell ends."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.held.append(text)
        self.length += len(text)
        if self.length > MAX_HELD:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was held."""
        text, self.held, self.length = "".join(self.held), [], 0
        if text:
            self.session.send(None, "stream", {"name": self.name, "text": text}, self.session.request)


def main() -> None:
    """Make the imports, then wait: ``python -m mineco.runs.notebook.preloaded DESCRIPTOR MODULE...``."""
    control = socket.socket(fileno=int(sys.argv[1]))
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # nobody will debug, and it takes its time
    importlib.import_module("ipykernel.debugger")
    del sys.modules["debugpy"]
    for name in sys.argv[2:]:
        with contextlib.suppress(ImportError):  # the cell that needs it will say so
            importlib.import_module(name)
    if "mineco.runs.notebook.warm" in sys.modules:
        sys.modules["mineco.runs.notebook.warm"].warm_up()
    gc.collect()
    gc.freeze()  # what is loaded stays: no fork searches it for rubbish, nor copies it by doing so
    control.send(b"1")
    serve(control)


if __name__ == "__main__":
    main()

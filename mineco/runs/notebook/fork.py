"""A kernel that is a fork of a preloaded interpreter, as nbclient and papermill know kernels.

Between a kernel that takes a second to start and a warm one that remembers what the last notebook did there is the
fork: imports are made once, and nothing that a notebook changes is seen by the next.
"""

import asyncio
import atexit
import contextlib
import functools
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import deque
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nbclient.exceptions import DeadKernelError

from mineco.runs.notebook.kernel import ENVIRONMENT, PACKAGE_PARENT, Kernel, imported_modules, start_kernel

WARM = "mineco.runs.notebook.warm"
SERVER = "from mineco.runs.notebook.preloaded import main; main()"
STARTUP = 60.0  # s to wait for the imports, and for a fork to answer
STOPPING = 5.0  # s to wait for the end of the interpreter


def fork_kernel(notebook: Mapping[str, Any], folder: Path,
                environment: Mapping[str, str] | None = None) -> "ForkedKernel | Kernel":
    """A kernel forked in a folder from an interpreter that has made the notebook's imports.

    Returns
    -------
    ForkedKernel, or Kernel
        An ordinary kernel where the system cannot fork, or the preloaded interpreter does not answer.
    """
    if hasattr(os, "fork"):
        modules = imported_modules(notebook)
        if "mineco" in modules:
            modules.append(WARM)
        for _ in range(2):  # an interpreter that has been killed is replaced, once
            interpreter = _interpreter(os.getpid(), tuple(modules))
            with contextlib.suppress(OSError):
                return ForkedKernel(interpreter, folder, environment)
            _interpreter.cache_clear()
            interpreter.close()
    return start_kernel(notebook, folder, environment)


class Interpreter:
    """The preloaded process; it ends with the process that started it."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = os.pathsep.join(filter(None, [PACKAGE_PARENT, os.environ.get("PYTHONPATH")]))
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", SERVER, str(theirs.fileno()), *modules],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True,
                env=os.environ | ENVIRONMENT | {"PYTHONPATH": path})
        self.ready = False

    def await_ready(self) -> None:
        """Make sure that the process lives, and the first time wait until its imports are made.

        Raises
        ------
        OSError
            When the process has ended, or does not answer in time.
        """
        if self.process.poll() is not None:
            raise ConnectionError("the preloaded interpreter has ended")
        if not self.ready:
            self.control.settimeout(STARTUP)
            if not self.control.recv(1):
                raise ConnectionError("the preloaded interpreter has ended")
            self.control.settimeout(None)
            self.ready = True

    def fork(self, pipe: socket.socket, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        """Order a fork that reads and writes the pipe."""
        order = {"folder": str(folder), "environment": os.environ | ENVIRONMENT | dict(environment or {})}
        socket.send_fds(self.control, [json.dumps(order).encode()], [pipe.fileno()])

    def signal(self, pid: int, number: int) -> None:
        """Send a signal to a fork, and to nobody who has got its number since."""
        with contextlib.suppress(OSError):
            self.control.send(json.dumps({"pid": pid, "signal": number}).encode())

    def close(self) -> None:
        """End the process and whatever it has forked."""
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


class ForkedKernel:
    """What nbclient asks of a kernel's manager and of its client, over the pipe to a fork."""

    has_kernel = True
    allow_stdin = False

    def __init__(self, interpreter: Interpreter, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.interpreter, self.pid, self.dead = interpreter, 0, False
        self.language_info: dict[str, Any] = {}
        ours, theirs = socket.socketpair()
        try:
            interpreter.await_ready()
            interpreter.fork(theirs, folder, environment)
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self.pipe = Connection(ours.detach())
        self.shell_channel, self.iopub_channel = Channel(self), Channel(self)
        self._readable: asyncio.Future[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    # --- as nbclient calls it ---------------------------------------------------------------------------------------

    def client(self) -> "ForkedKernel":
        """Manager and client are one."""
        return self

    def start_channels(self) -> None:
        """There is one pipe, and it is open."""

    stop_channels = start_channels

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the fork has said who it is."""
        deadline = time.monotonic() + min(timeout or STARTUP, STARTUP)
        while not self.pid:
            if self.dead or not await self.receive(deadline - time.monotonic()):
                raise DeadKernelError("the preloaded interpreter does not answer")

    def kernel_info(self) -> str:
        """Ask for what the fork told at once."""
        asked = uuid.uuid4().hex
        self.shell_channel.waiting.append(
            {"parent_header": {"msg_id": asked}, "content": {"language_info": self.language_info}})
        return asked

    def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Have a cell executed."""
        asked = uuid.uuid4().hex
        content = {"code": code, "silent": False, "store_history": store_history, "stop_on_error": stop_on_error}
        request = {"header": {"msg_id": asked, "msg_type": "execute_request"}, "parent_header": {}, "metadata": {},
                   "content": content}
        with contextlib.suppress(BrokenPipeError):  # found out when the answer is waited for
            self.pipe.send_bytes(json.dumps(request).encode())
        return asked

    def is_alive(self) -> bool:
        """Whether the fork has closed its end."""
        return not self.dead

    def interrupt_kernel(self) -> None:
        """As Ctrl-C in the cell."""
        self.interpreter.signal(self.pid, signal.SIGINT)

    def shutdown_kernel(self, now: bool = True, restart: bool = False) -> None:
        """End the fork at once."""
        self.stop()

    def cleanup_resources(self, restart: bool = False) -> None:
        """Nothing is left of a fork that has ended."""

    # --- the pipe ---------------------------------------------------------------------------------------------------

    async def receive(self, timeout: float | None) -> bool:
        """Put what the fork has sent into its channels; False when nothing came in time."""
        if self._readable is None:
            loop = self._loop = asyncio.get_running_loop()
            self._readable = loop.create_future()
            loop.add_reader(self.pipe.fileno(), self._wake, loop)
        waiting = self._readable
        await asyncio.wait({waiting}, timeout=timeout if timeout is None else max(0.0, timeout))
        return waiting.done()

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read all that is there: two tasks wait for one pipe."""
        loop.remove_reader(self.pipe.fileno())
        woken, self._readable = self._readable, None
        try:
            while self.pipe.poll():
                self._sort(json.loads(self.pipe.recv_bytes()))
        except (EOFError, ConnectionError):
            self.dead = True
        if woken is not None and not woken.done():
            woken.set_result(None)

    def _sort(self, message: dict[str, Any]) -> None:
        if message["msg_type"] == "ready":
            self.pid, self.language_info = message["content"]["pid"], message["content"]["language_info"]
        elif message["msg_type"].endswith("_reply"):
            self.shell_channel.waiting.append(message)
        else:
            self.iopub_channel.waiting.append(message)

    def stop(self) -> None:
        """End the fork, running or not."""
        if self._readable is not None and self._loop is not None and not self._loop.is_closed():
            # the next pipe may get the same number, and the loop would take it for the one that it knows
            self._loop.remove_reader(self.pipe.fileno())
            self._readable = None
        if self.pid:
            self.interpreter.signal(self.pid, signal.SIGKILL)
        self.pipe.close()


class Channel:
    """The messages of one kind."""

    def __init__(self, kernel: ForkedKernel) -> None:
        self.kernel, self.waiting = kernel, deque[dict[str, Any]]()

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next message; ``queue.Empty`` when none comes in time, as nbclient expects."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self.waiting:
            if self.kernel.dead:
                raise DeadKernelError("Kernel died")
            if not await self.kernel.receive(None if deadline is None else deadline - time.monotonic()):
                raise queue.Empty
        return self.waiting.popleft()

"""The interpreter that is kept ready: it makes the imports of a notebook, and forks for whoever asks through a socket.

Whoever started it asks through a socket of its own, processes that were started there through its door. An answer is
the number of a process, or how it has ended.
"""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from mineco.runs.notebook.shell import GARBAGE, execute_cells, import_all

LONGEST_ORDER = 1 << 10  # bytes
LATE = ("completer", "completerlib", "crashhandler", "magics")  # what IPython imports as a shell is made


def serve() -> None:
    """Make the imports, then fork for each pair of pipes that comes through a socket.

    Arguments are the descriptors of the starter's socket and of the door, or of the socket alone, the language to warm
    up in if any, and the modules. This process never runs a cell, so that each notebook finds what a fresh one would
    give it. It ends with its starter; the forks of one who has asked end with that one.
    """
    descriptors, language, modules = sys.argv[1].split(","), sys.argv[2], sys.argv[3:]
    starter, *door = [socket.socket(fileno=int(one)) for one in descriptors]
    gc.disable()
    import_all([*modules, *(f"IPython.core.{name}" for name in LATE)])
    if language:
        importlib.import_module("mineco.runs.notebook.warm").warm_up(language)
    gc.collect()
    gc.freeze()  # what is loaded stays: no fork searches it for rubbish, nor copies it by doing so
    gc.enable()
    gc.set_threshold(GARBAGE)
    with selectors.DefaultSelector() as asking:
        forks = {starter: set[int]()}
        for known in (starter, *door):
            asking.register(known, selectors.EVENT_READ)
        _tell(starter, b"ready")
        while starter in forks:
            for key, _ in asking.select():
                one: socket.socket = key.fileobj  # type: ignore[assignment]
                if one in door:
                    another, _ = one.accept()
                    forks[another] = set()
                    asking.register(another, selectors.EVENT_READ)
                    _tell(another, b"ready")
                elif not _answered(one, forks, door):
                    asking.unregister(one)
                    for pid in forks.pop(one):
                        _end(pid)
                    one.close()
        for pid in set().union(*forks.values()):
            _end(pid)
    for known in door:
        with contextlib.suppress(OSError):
            Path(known.getsockname()).unlink()
            Path(known.getsockname()).parent.rmdir()


def _answered(one: socket.socket, forks: dict[socket.socket, set[int]], door: Sequence[socket.socket]) -> bool:
    """Do what one who asks has ordered; False when nobody is there any more."""
    try:
        order, pipes, _, _ = socket.recv_fds(one, LONGEST_ORDER, 2)
        if not order:
            return False
        if pipes:
            told = _fork(pipes, [*forks, *door])
            forks[one].add(told)
        else:
            forks[one].discard(int(order))
            told = _end(int(order))
    except ConnectionError:
        return False
    _tell(one, str(told).encode())
    return True


def _tell(one: socket.socket, told: bytes) -> None:
    with contextlib.suppress(ConnectionError):  # that nobody is there is seen when the next order is read
        one.send(told)


def _fork(pipes: Sequence[int], sockets: Sequence[socket.socket]) -> int:
    pid = os.fork()
    if not pid:
        try:
            for one in sockets:
                one.close()
            os.setsid()
            execute_cells(os.fdopen(pipes[0], "rb"), os.fdopen(pipes[1], "wb"))
        finally:
            os._exit(1)  # whatever happened: the fork never becomes a second server
    for pipe in pipes:
        os.close(pipe)
    return pid


def _end(pid: int) -> int:
    """How a fork has ended, or is now made to, with all that it has started."""
    for end in (os.killpg, os.kill):  # the group may not be there yet
        with contextlib.suppress(ProcessLookupError):
            end(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

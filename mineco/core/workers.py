"""Work sent to where it is done: into a loop here, to processes of this machine, or to a Dask cluster.

The three have one face, `Workers`: the same functions on the same tasks, the results in the order of the tasks, and
no more tasks under way than the workers need, so that memory does not grow with their number.
"""

import multiprocessing
import os
import signal
import sys
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.files import sha256

RETRIES = 2  # times that a task is given to another worker, when the one that had it is lost
AHEAD = 2  # tasks taken for each worker, so that none waits for its next
CONNECTING = 15.0  # s to wait for a scheduler, and for a first worker
STOPPING = 10.0  # s to wait for a worker that was asked to end
ADDRESS = "DASK_SCHEDULER_ADDRESS"


@dataclass(frozen=True)
class LostTask:
    """What stands in place of a result when every worker that had the task was lost."""

    reason: str


class Workers(Protocol):
    """Whoever does the work."""

    @property
    def size(self) -> int:
        """Tasks that are done at the same time."""

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """The function's result for each task, in order; `LostTask` where workers died of it.

        Function, tasks and results can be pickled; what the function raises is raised here.
        """

    def close(self) -> None:
        """End the workers."""


class SerialWorkers:
    """One after the other, in this process.

    >>> list(SerialWorkers().map(abs, [-1, 2]))
    [1, 2]
    """

    size = 1

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """The function's result for each task."""
        yield from map(function, tasks)

    def close(self) -> None:
        """Nothing was started."""


class ProcessWorkers:
    """Processes of this machine. One that dies takes nothing with it but its own task, which another is given.

    A pool of `concurrent.futures` would end all its processes when one dies, and not say which task it died of.
    """

    def __init__(self, size: int) -> None:
        self.size, self.closed = size, False
        self.threads = ThreadPoolExecutor(size)  # each waits for one process
        self.idle: SimpleQueue[_Process | None] = SimpleQueue()
        self.processes: set[_Process] = set()
        for _ in range(size):
            self.idle.put(None)  # a process that is not started yet

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """The function's result for each task, in order."""
        for future in _in_order(lambda task: self.threads.submit(self._do, function, task), tasks, self.size):
            yield future.result()

    def _do(self, function: Callable[[Any], Any], task: Any) -> Any:
        """The result of one task from a process that is idle; from another one when that dies of it."""
        lost, worker = LostTask("closed"), self.idle.get()
        try:
            for _ in range(1 + RETRIES):
                if self.closed:
                    break
                if worker is None:
                    self.processes.add(worker := _Process())
                try:
                    worker.pipe.send((function, task))
                    good, result = worker.pipe.recv()
                except (EOFError, ConnectionError):
                    self.processes.discard(worker)
                    lost, worker = LostTask(worker.end()), None
                else:
                    if good:
                        return result
                    raise result
            return lost
        finally:
            self.idle.put(worker)

    def close(self) -> None:
        """End the processes, those at work too: a run under way is given up whole."""
        self.closed = True
        begun = list(self.processes)
        for one in begun:
            one.process.terminate()
        self.threads.shutdown(cancel_futures=True)
        for one in begun:
            one.end()


class _Process:
    """A process that does one task after the other, and the pipe to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def end(self) -> str:
        """How the process has ended, or is now made to."""
        self.pipe.close()
        self.process.join(STOPPING)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        code = self.process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit {code}"


def _work(pipe: Connection) -> None:
    """The life of a process: a function and a task come in, a result goes out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever gives the tasks
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # leaving no partial folder
    with suppress(EOFError, ConnectionError):
        while True:
            function, task = pipe.recv()
            try:
                answer = True, function(task)
            except Exception as error:  # noqa: BLE001 - raised again where the task came from
                answer = False, error
            pipe.send(answer)


def _in_order(submit: Callable[[Any], Any], tasks: Iterable[Any], size: int) -> Iterator[Any]:
    """The futures of tasks in their order, no more of them under way than so many workers need."""
    waiting = iter(tasks)
    under_way = deque(map(submit, islice(waiting, AHEAD * size)))
    while under_way:
        yield under_way.popleft()
        under_way.extend(map(submit, islice(waiting, 1)))


class ClusterWorkers:
    """The workers of a Dask scheduler. Dask gives the task of a lost worker to another."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise BadInput(Problem("cluster_not_installed", column="--cluster", value=address)) from error
        try:
            self.client = Client(address, timeout=CONNECTING, set_as_default=False)
        except (OSError, ValueError) as error:
            raise BadInput(Problem("cluster_not_reached", column="--cluster", value=address,
                                   details={"reason": str(error)})) from error
        try:
            self.client.wait_for_workers(1, timeout=CONNECTING)
        except TimeoutError as error:
            self.client.close()
            raise BadInput(Problem("cluster_without_workers", column="--cluster", value=address)) from error

    @property
    def size(self) -> int:
        """Tasks that are done at the same time."""
        return max(1, sum(self.client.nthreads().values()))

    def require(self, about: Callable[[], Mapping[str, str]], files: Iterable[Path], folder: Path | None) -> None:
        """Stop, with every difference, unless all workers are of the same make, read the same files and see a folder.

        ``about`` gives by name what must be the same on every machine; the folder is where they are to write.
        """
        here, problems = dict(about()), Problems()
        token = folder.resolve() / f".{uuid.uuid4().hex}" if folder else None
        hashes: dict[str, str] = {}
        try:
            if token:
                token.write_text(token.name)
            hashes = {str(file): sha256(file) for file in [*map(Path.resolve, files), *filter(None, [token])]}
            found = self.client.run(_inspect_worker, about, list(hashes))
        finally:
            if token:
                token.unlink(missing_ok=True)
        for worker, (there, seen) in found.items():
            for name, value in here.items():
                if there.get(name) != value:
                    problems.add("cluster_differs", column="--cluster", value=worker, name=name, here=value,
                                 there=there.get(name, "—"))
            for file, expected in hashes.items():
                if seen[file] != expected:
                    path = str(folder) if token and file == str(token) else file
                    problems.add("cluster_path_not_shared", column="--cluster", value=worker, path=path)
        problems.stop()

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """The function's result for each task, in order."""
        from distributed import CancelledError, KilledWorker

        def submit(task: Any) -> Any:
            return self.client.submit(function, task, pure=False, retries=RETRIES)

        for future in _in_order(submit, tasks, self.size):
            try:
                yield future.result()
            except KilledWorker as error:
                yield LostTask(str(error).splitlines()[0])
            except CancelledError as error:
                raise BadInput(Problem("cluster_lost", column="--cluster", details={"reason": str(error)})) from error

    def close(self) -> None:
        """Leave the cluster as it was found; what is still under way there is cancelled."""
        self.client.close()


def _inspect_worker(about: Callable[[], Mapping[str, str]],
                    files: list[str]) -> tuple[dict[str, str], dict[str, str | None]]:
    """What a worker is made of, and the hashes of the files that it sees."""
    return dict(about()), {file: sha256(Path(file)) if Path(file).is_file() else None for file in files}


def open_workers(count: int | None, address: str | None) -> Workers:
    """Whoever is asked for: the cluster at an address, or of DASK_SCHEDULER_ADDRESS; else so many processes.

    >>> type(open_workers(1, None)).__name__
    'SerialWorkers'
    """
    address = address or (None if count else os.environ.get(ADDRESS))
    if address:
        return ClusterWorkers(address)
    size = count or os.cpu_count() or 1
    return ProcessWorkers(size) if size > 1 else SerialWorkers()

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
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Protocol

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading import sha256

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

    @property
    def size(self) -> int:
        """One."""
        return 1

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """The function's result for each task."""
        yield from map(function, tasks)

    def close(self) -> None:
        """Nothing was started."""


@dataclass
class _Process:
    process: SpawnProcess
    pipe: Connection
    place: int = -1  # of the task that it has
    task: Any = None


class ProcessWorkers:
    """Processes of this machine. One that dies takes nothing with it but its own task, which another is given."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.workers: list[_Process] = []

    @property
    def size(self) -> int:
        """The number of processes."""
        return self._size

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """The function's result for each task, in order."""
        waiting, again = enumerate(tasks), deque[tuple[int, Any]]()
        done: dict[int, Any] = {}
        lost: dict[int, int] = {}
        given = shown = 0
        self.workers += [self._start() for _ in range(self.size - len(self.workers))]
        while True:
            for worker in self.workers:
                if worker.place < 0 and (again or given - shown < AHEAD * self.size):
                    worker.place, worker.task = again.popleft() if again else next(waiting, (-1, None))
                    if worker.place < 0:
                        break
                    given = max(given, worker.place + 1)
                    with suppress(ConnectionError):  # its end is seen below
                        worker.pipe.send((function, worker.task))
            busy = {worker.pipe: number for number, worker in enumerate(self.workers) if worker.place >= 0}
            if not busy:
                return
            for pipe in wait(list(busy)):
                worker = self.workers[busy[pipe]]  # type: ignore[index]
                try:
                    good, result = worker.pipe.recv()
                except (EOFError, ConnectionError):
                    self.workers[busy[pipe]] = self._start()  # type: ignore[index]
                    lost[worker.place] = lost.get(worker.place, 0) + 1
                    if lost[worker.place] <= RETRIES:
                        again.append((worker.place, worker.task))
                        self._end(worker)
                        continue
                    good, result = True, LostTask(self._end(worker))
                if not good:
                    raise result
                done[worker.place], worker.place, worker.task = result, -1, None
            while shown in done:
                yield done.pop(shown)
                shown += 1

    def _start(self) -> _Process:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        return _Process(process, ours)

    def _end(self, worker: _Process) -> str:
        """How a worker has ended, or is now made to."""
        worker.pipe.close()
        worker.process.join(STOPPING)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        code = worker.process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit {code}"

    def close(self) -> None:
        """End the processes, those at work too: a run under way is given up whole."""
        for worker in self.workers:
            if worker.place >= 0:
                worker.process.terminate()
        while self.workers:
            self._end(self.workers.pop())


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
        """Stop unless every worker is of the same make, reads the same files and sees what is written here.

        Parameters
        ----------
        about : callable
            What must be the same on every machine, by name.
        files : iterable of Path
            Of these the workers must read what this machine reads.
        folder : Path, optional
            Where the workers are to write.

        Raises
        ------
        BadInput
            With every worker and every difference.
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

        under_way: deque[Any] = deque()
        waiting = iter(tasks)
        while True:
            while len(under_way) < AHEAD * self.size and (task := next(waiting, self)) is not self:
                under_way.append(self.client.submit(function, task, pure=False, retries=RETRIES))
            if not under_way:
                return
            try:
                yield under_way.popleft().result()
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

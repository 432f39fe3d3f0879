"""A map in windows that fit into memory, and threads that work on them."""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem

TILE = 256  # pixels of a side of a tile of the files written here: windows of whole tiles read nothing twice
PARTS = (128, 64)  # of such a tile, where the memory holds no whole one
SMALLEST = 16  # pixels of a side, below which a window is mostly halo


@dataclass(frozen=True)
class Window:
    """A rectangle of a grid, and how many pixels around it its computation needs (1 for a slope).

    >>> Window(0, 256, 100, 200, halo=1).padded
    (102, 202)
    """

    row: int
    column: int
    height: int
    width: int
    halo: int = 0

    @property
    def padded(self) -> tuple[int, int]:
        """Height and width with the halo."""
        return self.height + 2 * self.halo, self.width + 2 * self.halo


def windows(height: int, width: int, memory: int, bytes_per_pixel: int, halo: int = 0) -> list[Window]:
    """A grid in windows, from above to below and left to right, none of which needs more than the memory.

    Parameters
    ----------
    height, width : int    Of the grid. [pixels]
    memory : int           For one window, halo included; as many are in memory at a time as there are threads. [bytes]
    bytes_per_pixel : int  That the computation holds for a pixel at its peak: all bands, inputs and results.

    Raises
    ------
    BadInput  When the memory does not hold even the smallest window.

    >>> [(one.row, one.column, one.height, one.width) for one in windows(300, 256, 256 * 256 * 8, 8)]
    [(0, 0, 256, 256), (256, 0, 44, 256)]
    """
    side = int((memory / bytes_per_pixel) ** 0.5) - 2 * halo
    if side < SMALLEST:
        needed = (SMALLEST + 2 * halo) ** 2 * bytes_per_pixel
        raise BadInput(Problem("memory_too_small", value=memory, details={"needed": needed}))
    side = next(side // tile * tile for tile in (TILE, *PARTS, 1) if side >= tile)
    starts = itertools.product(range(0, height, side), range(0, width, side))
    return [Window(row, column, min(side, height - row), min(side, width - column), halo) for row, column in starts]


_KEPT = threading.local()  # files: those that this thread has open, where it keeps them


def _keep() -> None:
    _KEPT.files = {}


@contextmanager
def files_kept_open() -> Iterator[None]:
    """A ``with`` block in which this thread opens a file once, however many windows of it are read."""
    before = getattr(_KEPT, "files", None)
    _keep()
    try:
        yield
    finally:
        for file in _KEPT.files.values():
            file.close()
        _KEPT.files = before


@contextmanager
def kept_open(path: Path, opened: Callable[[], Any]) -> Iterator[Any]:
    """A file for one reading: closed behind it, but for threads and blocks that keep what they have opened."""
    files = getattr(_KEPT, "files", None)
    if files is None:
        with opened() as file:
            yield file
        return
    if path not in files:
        files[path] = opened()
    yield files[path]


class ThreadWorkers:
    """Threads of this process, with the face of `mineco.core.workers.Workers`; numpy leaves them the processors.

    A thread opens a file once, and closes it as it ends.

    >>> list(ThreadWorkers(2).map(abs, [-1, 2]))
    [1, 2]
    """

    def __init__(self, size: int) -> None:
        self._size = size

    @property
    def size(self) -> int:
        """The number of threads."""
        return self._size

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """The function's result for each task, in order; one more task than threads is taken ahead."""
        waiting = iter(tasks)
        with ThreadPoolExecutor(self.size, initializer=_keep) as pool:
            under_way = deque(pool.submit(function, task) for task in itertools.islice(waiting, self.size + 1))
            try:
                while under_way:
                    yield under_way.popleft().result()
                    under_way.extend(pool.submit(function, task) for task in itertools.islice(waiting, 1))
            finally:
                for future in under_way:
                    future.cancel()

    def close(self) -> None:
        """No thread outlives `map`."""

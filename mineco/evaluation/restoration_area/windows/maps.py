"""The maps of one evaluation as tiles in a folder, read block by block or where points stand."""

import shutil
import weakref
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mineco.core.lazy import Brief
from mineco.evaluation.restoration_area.windows.land_window import WindowPlan
from mineco.geo.vectors import Points
from mineco.geo.windows import Window

Found = TypeVar("Found")


class TemporaryFolder:
    """A folder that is removed when nobody holds this any longer, at the latest when the program ends."""

    def __init__(self, folder: Path) -> None:
        self.remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)


@dataclass(frozen=True, repr=False)
class Maps(Brief):
    """The maps of an evaluation as tiles in a folder, which is gone when nobody holds it any longer."""

    plan: WindowPlan
    windows: tuple[Window, ...]
    holder: TemporaryFolder | None = None
    found: dict[Hashable, Any] = field(init=False, compare=False, default_factory=dict)

    def blocks(self, name: str) -> Iterator[tuple[Window, NDArray[Any]]]:
        """A map piece by piece: "index", "class", "zone", one of what was measured, or a layer."""
        for window in self.windows:
            yield window, self.plan.read(name, window)

    def at(self, name: str, points: Points) -> NDArray[np.float64]:
        """The values of a map or layer at points; NaN outside the grid and where nothing is known."""
        _, values = self.once((name, id(points)), lambda: (points, self._read_at(name, points)))
        return values  # kept with the points, so that the id holds

    def once(self, what: Hashable, find: Callable[[], Found]) -> Found:
        """What is found of these maps, looked for the first time that it is asked for."""
        if what not in self.found:
            self.found[what] = find()
        found: Found = self.found[what]
        return found

    def _read_at(self, name: str, points: Points) -> NDArray[np.float64]:
        values = np.full(len(points.rows), np.nan)
        for window in self.windows:
            rows, columns = points.rows - window.row, points.columns - window.column
            here = (rows >= 0) & (rows < window.height) & (columns >= 0) & (columns < window.width)
            if here.any():
                values[here] = self.plan.read(name, window)[rows[here], columns[here]]
        values.flags.writeable = False
        return values

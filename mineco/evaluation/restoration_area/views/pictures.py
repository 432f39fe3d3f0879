"""What of the land a picture shows: maps in its size, put together window by window, the light on their ground, and
classes, which are gathered by kind of land where they are too many to be told apart."""

import itertools
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rasterio import Affine

from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.measure import Measured
from mineco.evaluation.restoration_area.views.figures import land_colours
from mineco.evaluation.restoration_area.zones import Identification, Zone
from mineco.evaluation.views.words import named, spoken
from mineco.geo.drawn.frame import TRIED
from mineco.geo.drawn.pixels import thinning
from mineco.geo.grid import Grid, apply_affine
from mineco.geo.windows import Window, files_kept_open
from mineco.restoration.maps.terrain import hillshade

MOST_CLASSES = 16  # that a figure or a matrix tells apart


class ShownClasses(NamedTuple):
    """Classes as figures show them: each by itself, or gathered by kind of land."""

    kinds: list[tuple[str, str]]  # name and colour
    of_class: NDArray[np.int64]  # the place of each class among them

    @property
    def gathered(self) -> bool:
        """Whether several classes may stand under one name."""
        return len(self.of_class) > MOST_CLASSES

    def summed(self, values: NDArray[Any], axis: int = 0) -> NDArray[Any]:
        """Values of classes along an axis, added up as they are shown."""
        found = np.zeros((len(self.kinds), *np.delete(values.shape, axis)))
        np.add.at(found, self.of_class, np.moveaxis(values, axis, 0))
        return np.moveaxis(found, 0, axis)


def shown_classes_of(data: AreaData) -> ShownClasses:
    """How figures and matrices show the classes of a dossier."""
    classes = data.classes
    if len(classes) <= MOST_CLASSES:
        names = [named(one) for one in classes]
        return ShownClasses(list(zip(names, land_colours([one.ecosystem for one in classes]), strict=True)),
                            np.arange(len(classes)))
    kinds = list(dict.fromkeys(one.ecosystem for one in classes))
    called = {one.ecosystem: spoken(one.kind) for one in classes if one.kind}
    return ShownClasses(list(zip((called[kind] for kind in kinds), land_colours(kinds), strict=True)),
                        np.array([kinds.index(one.ecosystem) for one in classes]))


@files_kept_open()
def picture(measured: Measured, block_of: Callable[[Window], NDArray[Any]], missing: float,
            part: Window | None = None) -> tuple[NDArray[Any], Grid]:
    """A map, or a part of it, as large as a picture shows it, and the grid of what is shown.

    It is put together window by window: nothing holds more than a window of it in full.
    """
    whole = measured.maps.plan.layers.grid
    part = part or Window(0, 0, whole.height, whole.width)
    down, right = thinning(part.height), thinning(part.width)
    rows = np.arange(part.row + down // 2, part.row + part.height, down)
    columns = np.arange(part.column + right // 2, part.column + part.width, right)
    shown: NDArray[Any] = np.full((len(rows), len(columns)), missing)
    for window in measured.maps.windows:
        below = (rows >= window.row) & (rows < window.row + window.height)
        across = (columns >= window.column) & (columns < window.column + window.width)
        if below.any() and across.any():
            block = block_of(window)
            shown[np.ix_(below, across)] = block[np.ix_(rows[below] - window.row, columns[across] - window.column)]
    one = whole.transform
    x, y = apply_affine(one, part.column, part.row)
    return shown, Grid(whole.crs, Affine(one.a * right, one.b, x, one.d, one.e * down, y), len(columns), len(rows))


def boundary(measured: Measured, part: Window | None = None) -> dict[str, Any]:
    """The outline of the study area and where a picture of the map lies within it; nothing without a boundary."""
    plan = measured.maps.plan
    if plan.land is None:
        return {}
    return {"boundary": plan.land.shape, "inside": picture(measured, plan.inside, 0, part)[0].astype(bool)}


def marks(identified: Identification, zones: Iterable[Zone]) -> dict[str, tuple[float, float]]:
    """Where the number of each zone stands on the map: in its middle, or of a bent or hollow one as near as it lies."""
    plan, found = identified.maps.plan, {str(zone.id): (zone.x, zone.y) for zone in zones}
    numbers, small = picture(identified, lambda window: plan.read("zone", window), 0)
    for text, (x, y) in itertools.islice(found.items(), TRIED):
        (row,), (column,) = small.rowcol([x], [y])
        rows, columns = np.nonzero(numbers == int(text))
        if len(rows) and numbers[row, column] != int(text):
            nearest = np.argmin((rows - row) ** 2 + (columns - column) ** 2)
            found[text] = apply_affine(small.transform, columns[nearest] + 0.5, rows[nearest] + 0.5)
    return found


def light(measured: Measured, part: Window | None = None) -> NDArray[np.float64] | None:
    """The light on the ground of a picture of the map; None where no layer of elevation is handed in. [1]"""
    plan = measured.maps.plan
    if "elevation" not in plan.single:
        return None

    def shaded() -> NDArray[np.float64]:
        ground, small = picture(measured, lambda window: plan.read("elevation", window), np.nan, part)
        return hillshade(np.pad(ground, 1, mode="edge"), *small.pixel_metres)

    return measured.maps.once(("light", part), shaded)

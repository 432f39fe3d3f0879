"""Numbers of a file on the grid of an evaluation: pixel on pixel where they match, else resampled tile by tile.

What is no measurement is taken out before anything is resampled, so that no cloud and no mark bleeds into the pixels
beside it. Tiles lie at fixed places of the grid: a window finds the same numbers as the whole.
"""

import functools
import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform

from mineco.geo.grid import Grid, apply_affine, crs_of
from mineco.geo.rasters.files import Layer, Span, opened, stored_values
from mineco.geo.rasters.quality import unusable
from mineco.geo.windows import Window

Method = Literal["", "bilinear", "nearest", "average", "mode"]
METHODS: dict[tuple[str, bool], Method] = {("continuous", False): "bilinear", ("continuous", True): "average",
                                           ("classes", False): "nearest", ("classes", True): "mode"}
COARSER = 1.5  # times as wide as those of the file are pixels that take the mean of what lies in them
TILE = 128  # pixels of a side of a tile, or as many of the file where those are smaller
BANDS = 24  # that are resampled at a time
AROUND = 3  # pixels of the file that are read beyond a tile
PLACES = 9  # along a side, by which it is seen what a tile covers in the file
ALWAYS = {"tolerance": 1e-9,  # pixels by which a place may be off after projection; else an eighth
          "XSCALE": 1, "YSCALE": 1,  # else how far a bilinear value reaches depends on how much is resampled at a time
          "UNIFIED_SRC_NODATA": "NO"}  # a cloud in one band hides nothing in another


def method_of(kind: str, given: Grid, grid: Grid) -> Method:
    """How a layer comes onto the grid: not at all where pixels match, by means or modes where its own are smaller."""
    return "" if grid.aligned(given) else METHODS[kind, times_wider(given, grid) >= COARSER]


@functools.lru_cache(maxsize=256)
def times_wider(given: Grid, grid: Grid) -> float:
    """How many times as wide as a file's own pixel one of the grid is, in the middle of the grid."""
    corner = grid.height // 2, grid.width // 2
    rows, columns = places_in(given, grid, (corner[0], corner[0] + 1), (corner[1], corner[1] + 1), 2)
    area = abs((rows[1] - rows[0]) * (columns[2] - columns[0]) - (rows[2] - rows[0]) * (columns[1] - columns[0]))
    return float(area) ** 0.5 if np.isfinite(area) else 1.0


def places_in(given: Grid, grid: Grid, rows: Span, columns: Span, count: int = PLACES
              ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rows and columns of a file, with parts of pixels, at a lattice of places of the grid; infinite out of reach."""
    down, across = (each.ravel() for each in np.meshgrid(np.linspace(*rows, count), np.linspace(*columns, count),
                                                         indexing="ij"))
    x, y = apply_affine(grid.transform, across, down)
    if not grid.same_crs(given):
        x, y = map(np.asarray, transform(crs_of(grid.crs), crs_of(given.crs), x, y))
    found = apply_affine(~given.transform, x, y)
    return found[1], found[0]


def part_of(given: Grid, grid: Grid, rows: Span, columns: Span, around: int = AROUND) -> tuple[Span, Span] | None:
    """The rows and columns of a file under a part of the grid; None where it has none there."""
    found, whole = [], grid.aligned(given)
    for places, size in zip(places_in(given, grid, rows, columns), (given.height, given.width), strict=True):
        known = np.round(places) if whole else places[np.isfinite(places)]
        if not known.size:
            return None
        first, last = int(np.floor(known.min())) - around, int(np.ceil(known.max())) + around
        found.append((max(first, 0), min(last, size)))
    return (found[0], found[1]) if all(first < last for first, last in found) else None


def quality_of(layer: Layer) -> Iterator[tuple[list[int], Layer]]:
    """Each file that tells the quality of bands of a layer, as a layer itself, and the places of these bands."""
    for path in dict.fromkeys(one[0] for one in layer.quality if one):
        places = [place for place, one in enumerate(layer.quality) if one and one[0] == path]
        bands = tuple(one[1] for one in layer.quality if one and one[0] == path)
        yield places, Layer(layer.id, path, "classes", -np.inf, np.inf, bands)


def usable_values(dataset: Any, layer: Layer, rows: Span, columns: Span
                  ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Numbers of a part of a layer's own file, and which of those that are there each band loses to its quality."""
    values = stored_values(dataset, layer.bands, layer.nodata, rows, columns)
    hidden = np.zeros(values.shape, dtype=bool)
    if not layer.flags:
        return values, hidden
    own = Grid.from_dataset(dataset)
    window = Window(rows[0], columns[0], rows[1] - rows[0], columns[1] - columns[0])
    for places, quality in quality_of(layer):
        with opened(quality.path) as file:
            told = on_grid(file, quality, own, window)
        hidden[places] = unusable(told, layer.flags) & ~np.isnan(values[places])
    values[hidden] = np.nan
    return values, hidden


def on_grid(dataset: Any, layer: Layer, grid: Grid, window: Window) -> NDArray[np.float64]:
    """Numbers of a window of the grid with its halo as the file stores them, (bands, rows, columns); NaN if missing."""
    given = Grid.from_dataset(dataset)
    top, left = window.row - window.halo, window.column - window.halo
    method = method_of(layer.kind, given, grid)
    if not method:
        across, along = (round(one) for one in grid.offset(given))
        rows = max(top, along), min(top + window.padded[0], along + given.height)
        columns = max(left, across), min(left + window.padded[1], across + given.width)
        found = np.empty((len(layer.bands), 0, 0))
        if rows[0] < rows[1] and columns[0] < columns[1]:
            found, _ = usable_values(dataset, layer, (rows[0] - along, rows[1] - along),
                                     (columns[0] - across, columns[1] - across))
        if found.shape[1:] == window.padded:
            return found
        values = np.full((len(layer.bands), *window.padded), np.nan)
        if found.size:
            values[:, rows[0] - top:rows[1] - top, columns[0] - left:columns[1] - left] = found
        return values
    values = np.full((len(layer.bands), *window.padded), np.nan)
    side = max(1, int(TILE / max(times_wider(given, grid), 1.0)))
    for row, column in itertools.product(*(range(start // side * side, start + size, side) for start, size in zip(
            (top, left), window.padded, strict=True))):
        rows = max(top, row), min(top + window.padded[0], row + side)
        columns = max(left, column), min(left + window.padded[1], column + side)
        tile = _tile(dataset, layer, given, grid, (row, column, side), (rows[1] - row, columns[1] - column), method)
        if tile is not None:
            values[:, rows[0] - top:rows[1] - top, columns[0] - left:columns[1] - left] = tile[
                :, rows[0] - row:rows[1] - row, columns[0] - column:columns[1] - column]
    return values


def _tile(dataset: Any, layer: Layer, given: Grid, grid: Grid, square: Sequence[int], shape: tuple[int, int],
          method: str) -> NDArray[np.float64] | None:
    """A square of the grid as far as it is asked for, resampled from the part of the file that lies under it."""
    row, column, side = square
    part = part_of(given, grid, (row, row + side), (column, column + side))
    if part is None:
        return None
    values, _ = usable_values(dataset, layer, *part)
    placed = {"crs": crs_of(given.crs), "transform": _moved(given.transform, part[0][0], part[1][0])}
    wanted = {"crs": crs_of(grid.crs), "transform": _moved(grid.transform, row, column)}
    found = np.full((len(values), *shape), np.nan)
    for first in range(0, len(values), BANDS):
        some = values[first:first + BANDS]
        with MemoryFile() as memory:
            with memory.open(driver="GTiff", count=len(some), height=some.shape[1], width=some.shape[2],
                             dtype="float64", nodata=np.nan, **placed) as file:
                file.write(some)
            with memory.open() as file, WarpedVRT(file, height=shape[0], width=shape[1], nodata=np.nan,
                                                  resampling=Resampling[method], **ALWAYS, **wanted) as warped:
                found[first:first + BANDS] = warped.read()
    return found


def _moved(one: Affine, row: int, column: int) -> Affine:
    """The transform of a part that begins at a row and column."""
    x, y = apply_affine(one, column, row)
    return Affine(one.a, one.b, x, one.d, one.e, y)

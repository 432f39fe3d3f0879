"""Land within polygons, pixel by pixel: whether the centre of one lies within, or which share of it does."""

import functools
import threading
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas
import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from numpy.typing import NDArray

from mineco.core.lazy import Brief
from mineco.geo.grid import Grid, apply_affine
from mineco.geo.windows import Window, windows

NOTHING = 1e-6  # of a pixel, below which what is left of it is rounding: coverage is told in seven digits
COUNTING, HELD = 2 ** 24, 32  # bytes of a window while pixels are counted, and of a pixel
_ONE_AT_A_TIME = threading.Lock()  # a polygon builds its index when it is first asked


class Shares(NamedTuple):
    """Shares of pixels: which polygon, which pixel of the window (row by row), and how much of it."""

    polygon: NDArray[np.int64]
    pixel: NDArray[np.int64]
    share: NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Region(Brief):
    """Land within polygons as one shape, on a grid."""

    grid: Grid
    shape: Any  # of shapely

    @functools.cached_property
    def pixels(self) -> int:
        """How many pixels of the grid belong to it."""
        parts = windows(self.grid.height, self.grid.width, COUNTING, HELD)
        return sum(int(self.holds(one).sum()) for one in parts)

    @classmethod
    def of(cls, frame: geopandas.GeoDataFrame, grid: Grid) -> "Region":
        """The land of all shapes of a frame together."""
        return cls(grid, shapely.union_all(frame.geometry.to_numpy()))

    def holds(self, window: Window) -> NDArray[np.bool_]:
        """Which pixels of a window belong to it: those whose centre lies within, or on the edge.

        Centres are counted from the corner of the grid, so that a window says nothing else than another.

        >>> from rasterio import Affine
        >>> grid = Grid("EPSG:32650", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 60.0), 3, 2)
        >>> Region(grid, shapely.box(0, 0, 45, 29)).holds(Window(0, 0, 2, 3)).tolist()
        [[False, False, False], [True, True, False]]
        """
        if not self.meets(window):
            return np.zeros((window.height, window.width), dtype=bool)
        columns = window.column + np.arange(window.width) + 0.5
        rows = window.row + np.arange(window.height)[:, np.newaxis] + 0.5
        x, y = np.broadcast_arrays(*apply_affine(self.grid.transform, columns, rows))
        with _ONE_AT_A_TIME:
            shapely.prepare(self.shape)
            return np.asarray(shapely.intersects_xy(self.shape, x, y))

    def meets(self, window: Window) -> bool:
        """Whether a window has anything of it."""
        return bool(shapely.intersects(self.shape, window_box(self.grid, window)))

    def cut(self, polygons: NDArray[Any]) -> NDArray[Any]:
        """The part of each polygon that lies within; empty where a polygon only touches the land.

        >>> from rasterio import Affine
        >>> land = Region(Grid("EPSG:32650", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 60.0), 3, 2), shapely.box(0, 0, 45, 60))
        >>> shapely.area(land.cut(np.array([shapely.box(30, 0, 90, 60), shapely.box(45, 0, 90, 60)])))
        array([900.,   0.])
        """
        parts, whose = shapely.get_parts(shapely.intersection(polygons, self.shape), return_index=True)
        areal = shapely.area(parts) > 0  # beside lines and points along which the two touch
        return np.array([shapely.union_all(parts[areal & (whose == place)]) for place in range(len(polygons))])


def window_box(grid: Grid, window: Window) -> Any:
    """The outline of a window without its halo."""
    first = apply_affine(grid.transform, window.column, window.row)
    last = apply_affine(grid.transform, window.column + window.width, window.row + window.height)
    return shapely.box(*first, *last)


def polygon_shares(polygons: NDArray[Any], grid: Grid, window: Window, whole: Region | None = None) -> Shares:
    """How each pixel of a window is shared out among polygons; the rest of it is the share of polygon -1.

    The shares of a pixel add up to 1. Of a pixel on the edge of the whole only the part within it is shared out; where
    polygons overlap by a sliver, they share the pixel in the proportion of what each covers.

    Parameters
    ----------
    polygons : array of shapely geometries  In the grid's CRS, within the whole, next to each other.
    whole : Region, optional                Land that is shared out; else all of it.

    >>> from rasterio import Affine
    >>> grid = Grid("EPSG:32650", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 30.0), 2, 1)
    >>> polygon_shares(np.array([shapely.box(0, 0, 45, 30)]), grid, Window(0, 0, 1, 2))
    Shares(polygon=array([ 0,  0, -1]), pixel=array([0, 1, 1]), share=array([1. , 0.5, 0.5]))
    """
    found = _coverage(polygons, grid, window)
    size = window.height * window.width
    covered = np.bincount(found.pixel, found.share, minlength=size)
    there: NDArray[np.float64] = np.ones(size)
    if whole is not None and not shapely.contains(whole.shape, window_box(grid, window)):
        part = _coverage(np.array([whole.shape]), grid, window)
        there = np.bincount(part.pixel, part.share, minlength=size).astype(np.float64)
        there[(there < NOTHING) & whole.holds(window).ravel()] = 1.0  # a corner may hold a centre and next to no land
    shared = np.where(covered > there - NOTHING, covered, there)
    left = 1 - covered[shared > 0] / shared[shared > 0]
    rest = np.flatnonzero(shared > 0)[left > 0]
    return Shares(np.concatenate([found.polygon, np.full(len(rest), -1)]), np.concatenate([found.pixel, rest]),
                  np.concatenate([found.share / shared[found.pixel], left[left > 0]]))


def _coverage(polygons: NDArray[Any], grid: Grid, window: Window) -> Shares:
    """The part of each pixel that each polygon covers."""
    outline = window_box(grid, window)
    near = np.flatnonzero(shapely.intersects(polygons, outline))
    if not len(near):
        return Shares(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    frame = geopandas.GeoDataFrame({"place": near}, geometry=polygons[near], crs=grid.crs)
    assert frame.crs is not None
    pixels = NumPyRasterSource(np.zeros((window.height, window.width)), *outline.bounds, srs_wkt=frame.crs.to_wkt())
    found = exact_extract(pixels, frame, ["cell_id", "coverage"], output="pandas")
    counts = [len(one) for one in found["cell_id"]]
    return Shares(np.repeat(near, counts), np.concatenate(found["cell_id"].to_list()).astype(np.int64),
                  np.concatenate(found["coverage"].to_list()).astype(np.float64))

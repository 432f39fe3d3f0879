"""The grid of reference, chosen: that of a layer, one that a user states, or one in metres where no layer has such."""

import math
from dataclasses import dataclass

import numpy as np
from rasterio import Affine
from rasterio.warp import transform

from mineco.geo.grid import Grid, apply_affine, crs_of, is_geographic, keeps_areas, known_crs

DEGREES = "EPSG:4326"
POLES = 84.0  # degrees of latitude beyond which there are no zones of UTM
ALONG = 21  # places along a side, by which it is seen how far a grid reaches in another CRS


@dataclass(frozen=True)
class StatedGrid:
    """A grid that a user states: where no bounds are given, it covers the land of a layer."""

    crs: str
    pixel: float  # [m, or the unit of the CRS]
    bounds: tuple[float, float, float, float] | None = None  # west, south, east, north; in the CRS


def stated_grid(stated: StatedGrid, given: Grid) -> Grid:
    """The grid that a user states, whose pixels begin in the north-west, and reach at least as far as its bounds.

    >>> given = Grid("EPSG:32650", Affine(30.0, 0.0, 500_010.0, 0.0, -30.0, 4_000_000.0), 40, 30)
    >>> stated_grid(StatedGrid("EPSG:32650", 100.0), given).bounds
    (500000.0, 3999100.0, 501300.0, 4000000.0)
    """
    crs, pixel = known_crs(stated.crs), stated.pixel
    west, south, east, north = stated.bounds or _outward(extent(given, crs), pixel)
    return _grid(crs, pixel, (west, south, east, north))


def metric_grid(given: Grid) -> Grid:
    """A grid in metres over the land of another that cannot be one of reference itself.

    It lies in the same CRS where that keeps areas, else in the zone of UTM of its middle, else, where that stretches
    areas too, in an equal-area projection about the middle. It has about as many pixels.

    >>> given = Grid("EPSG:4326", Affine(0.01, 0.0, 116.5, 0.0, -0.01, 40.0), 50, 50)
    >>> found = metric_grid(given)
    >>> found.crs, found.pixel_size, found.width, found.height
    ('EPSG:32650', (980.0, 980.0), 45, 58)
    """
    if not is_geographic(given.crs):
        side = math.sqrt(abs(given.transform.determinant))
        upright = _grid(given.crs, side, extent(given, given.crs))
        if keeps_areas(upright):
            return upright
    west, south, east, north = extent(given, DEGREES)
    longitude, latitude = (west + east) / 2, (south + north) / 2
    zone = min(int((longitude + 180) // 6) + 1, 60)
    equal_area = f"+proj=laea +lat_0={latitude:.1f} +lon_0={longitude:.1f} +datum=WGS84 +units=m +no_defs"
    utm = [f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"] if abs(latitude) < POLES else []
    for crs in (*utm, equal_area):
        found = _metric(given, known_crs(crs))
        if keeps_areas(found):
            break
    return found


def _metric(given: Grid, crs: str) -> Grid:
    """The grid over the land of another in a CRS, with pixels of the same area in the middle, in two digits."""
    across, along = np.array([0, 1, 0]) + given.width / 2, np.array([0, 0, 1]) + given.height / 2
    x, y = map(np.asarray, transform(crs_of(given.crs), crs_of(crs), *apply_affine(given.transform, across, along)))
    area = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
    side = float(f"{math.sqrt(area):.2g}")
    return _grid(crs, side, _outward(extent(given, crs), side))


def extent(given: Grid, crs: str) -> tuple[float, float, float, float]:
    """West, south, east and north of a grid in a CRS.

    >>> given = Grid("EPSG:32650", Affine(30.0, 0.0, 500_010.0, 0.0, 30.0, 4_000_000.0), 40, 30)  # south above
    >>> extent(given, "EPSG:32650")
    (500010.0, 4000000.0, 501210.0, 4000900.0)
    """
    down, across = (each.ravel() for each in np.meshgrid(np.linspace(0, given.height, ALONG),
                                                         np.linspace(0, given.width, ALONG)))
    x, y = apply_affine(given.transform, across, down)
    if crs != given.crs:
        x, y = map(np.asarray, transform(crs_of(given.crs), crs_of(crs), x, y))
    there = np.isfinite(x) & np.isfinite(y)  # a projection gives infinity for what it cannot reach
    return float(x[there].min()), float(y[there].min()), float(x[there].max()), float(y[there].max())


def _outward(bounds: tuple[float, float, float, float], pixel: float) -> tuple[float, float, float, float]:
    """Bounds moved outward to whole pixels."""
    west, south, east, north = bounds
    return (math.floor(west / pixel) * pixel, math.floor(south / pixel) * pixel,
            math.ceil(east / pixel) * pixel, math.ceil(north / pixel) * pixel)


def _grid(crs: str, pixel: float, bounds: tuple[float, float, float, float]) -> Grid:
    west, south, east, north = bounds
    width, height = (math.ceil(round(side / pixel, 6)) for side in (east - west, north - south))
    return Grid(crs, Affine(pixel, 0.0, west, 0.0, -pixel, north), width, height)

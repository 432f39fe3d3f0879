"""The one grid of an evaluation: every layer lies on it, pixel on pixel, and a pixel has one area."""

import functools
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasterio import Affine
from rasterio.crs import CRS
from rasterio.errors import CRSError
from rasterio.warp import transform as project

from mineco.core.errors import BadInput, Problem, Problems

SMALLEST = 3  # pixels of a side: a slope needs neighbours on both sides
SHIFT = 0.01  # of a pixel: what lies closer is the same place, written with other digits
DISTORTION = 0.01  # of the area: a zone of UTM stays below 0.003, Web Mercator in China is off by 0.1 to 1.5
ELLIPSOID = re.compile(r'(?:SPHEROID|ELLIPSOID)\["[^"]*",([\d.]+),([\d.]+)')  # its long axis and how flat it is, in WKT
KEPT = 64  # coordinate reference systems that are looked up once
EQUAL_AREA, SQUARE = "EPSG:6933", 10.0  # in which a square of that many metres a side keeps its area


@dataclass(frozen=True)
class Grid:
    """Where the pixels lie.

    crs is an authority's code or WKT, empty where a file has none; transform leads from column and row to x and y.

    >>> grid = Grid("EPSG:32650", Affine(30.0, 0.0, 500_000.0, 0.0, -30.0, 4_000_000.0), 100, 50)
    >>> grid.pixel_ha, grid.bounds
    (0.09, (500000.0, 3998500.0, 503000.0, 4000000.0))
    """

    crs: str
    transform: Affine
    width: int
    height: int

    @classmethod
    def from_dataset(cls, dataset: Any) -> "Grid":
        """The grid of an open raster file."""
        return cls(crs_text(dataset.crs), dataset.transform, dataset.width, dataset.height)

    @property
    def pixel_ha(self) -> float:
        """Area of a pixel. [ha]"""
        metres = crs_of(self.crs).linear_units_factor[1]
        return abs(self.transform.determinant) * metres ** 2 / 1e4

    @property
    def pixel_size(self) -> tuple[float, float]:
        """Width and height of a pixel in the units of the CRS."""
        return abs(self.transform.a), abs(self.transform.e)

    @property
    def pixel_metres(self) -> tuple[float, float]:
        """Width and height of a pixel. [m]"""
        metres = crs_of(self.crs).linear_units_factor[1]
        return abs(self.transform.a) * metres, abs(self.transform.e) * metres

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in the units of the CRS."""
        (x, y), (other_x, other_y) = apply_affine(self.transform, 0, 0), apply_affine(self.transform, self.width,
                                                                                      self.height)
        return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)

    def __str__(self) -> str:
        west, south, east, north = (f"{edge:.10g}" for edge in self.bounds)
        size = " × ".join(f"{side:.10g}" for side in self.pixel_size)
        return f"{crs_name(self.crs) or '—'}, {size}, {self.width} × {self.height}, {west} {south} {east} {north}"

    def offset(self, other: "Grid") -> tuple[float, float]:
        """Columns and rows from this grid's corner to the other's.

        >>> grid = Grid("EPSG:32650", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 0.0), 9, 9)
        >>> grid.offset(Grid("EPSG:32650", Affine(30.0, 0.0, 15.0, 0.0, -30.0, -60.0), 5, 5))
        (0.5, 2.0)
        """
        return apply_affine(~self.transform, other.transform.c, other.transform.f)

    def same_crs(self, other: "Grid") -> bool:
        """Whether both lie in one coordinate reference system."""
        if not (self.crs and other.crs):
            return False
        return self.crs == other.crs or _same(self.crs, other.crs)

    def aligned(self, other: "Grid") -> bool:
        """Whether pixels of the other grid are pixels of this one; it may cover more or less land."""
        if not self.same_crs(other):
            return False
        first = self.offset(other)
        last = apply_affine(~self.transform, *apply_affine(other.transform, other.width, other.height))
        wanted = round(first[0]) + other.width, round(first[1]) + other.height
        drifts = [first[0] - round(first[0]), first[1] - round(first[1]), last[0] - wanted[0], last[1] - wanted[1]]
        turns = [other.transform.b - self.transform.b, other.transform.d - self.transform.d]
        return max(map(abs, drifts)) < SHIFT and not any(turns)

    def overlaps(self, other: "Grid") -> bool:
        """Whether two grids of one CRS have land in common."""
        west, south, east, north = self.bounds
        other_west, other_south, other_east, other_north = other.bounds
        return west < other_east and other_west < east and south < other_north and other_south < north

    def rowcol(self, x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
        """Row and column of the pixels that hold points; -1 for those outside the grid.

        >>> grid = Grid("EPSG:32650", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 90.0), 3, 3)
        >>> [found.tolist() for found in grid.rowcol([45.0, -1.0], [10.0, 10.0])]
        [[2, -1], [1, -1]]
        """
        finite = np.isfinite(x) & np.isfinite(y)  # a projection gives infinity for what it cannot reach
        places = apply_affine(~self.transform, np.where(finite, x, np.nan), np.where(finite, y, np.nan))
        columns, rows = (np.floor(np.where(finite, one, -1)).astype(np.int64) for one in places)
        inside = (rows >= 0) & (rows < self.height) & (columns >= 0) & (columns < self.width)
        return np.where(inside, rows, -1), np.where(inside, columns, -1)


def apply_affine(transform: Affine, across: Any, along: Any) -> tuple[Any, Any]:
    """Where a transform leads: from column and row to x and y, or back by its inverse.

    >>> apply_affine(Affine(30.0, 0.0, 500.0, 0.0, -30.0, 4000.0), 2, 1)
    (560.0, 3970.0)
    """
    return (transform.a * across + transform.b * along + transform.c,
            transform.d * across + transform.e * along + transform.f)


def crs_text(crs: Any) -> str:
    """A coordinate reference system by its code, else as WKT; empty where there is none.

    >>> crs_text(CRS.from_epsg(32650)), crs_text(None)
    ('EPSG:32650', '')
    """
    if not crs:
        return ""
    return _code_or_wkt(CRS.from_user_input(crs).to_wkt())


@functools.lru_cache(maxsize=KEPT)
def _code_or_wkt(wkt: str) -> str:
    """Looked up once: an answer that there is no code takes a fifth of a second, and every window asks."""
    known = CRS.from_wkt(wkt).to_authority()
    return ":".join(known) if known else wkt


@functools.lru_cache(maxsize=KEPT)
def crs_of(text: str) -> CRS:
    """The coordinate reference system of a text; looked up once.

    >>> crs_of("EPSG:32650").is_projected
    True
    """
    return CRS.from_user_input(text)


@functools.lru_cache(maxsize=KEPT)
def _same(text: str, other: str) -> bool:
    return bool(crs_of(text) == crs_of(other))


def crs_name(text: str) -> str:
    """What a coordinate reference system is called: its code, the name within its WKT, or else its projection.

    >>> crs_name("EPSG:32650"), crs_name('PROJCS["CGCS2000 / 3-degree GK zone 38",GEOGCS[]]')
    ('EPSG:32650', 'CGCS2000 / 3-degree GK zone 38')
    >>> crs_name('PROJCS["unknown",GEOGCS[],PROJECTION["Sinusoidal"]]')
    'Sinusoidal'
    """
    name, projection = (text.partition(f'{before}["')[2].partition('"')[0] for before in ("", "PROJECTION"))
    return (projection if name == "unknown" else name) or text


@functools.lru_cache(maxsize=KEPT)
def same_ellipsoid(crs: str, other: str) -> bool:
    """Whether two systems measure the earth alike; else a place may be a hundred metres off where nobody gives a shift.

    A sphere is no datum of its own.

    >>> same_ellipsoid("EPSG:4547", "EPSG:32650"), same_ellipsoid("EPSG:2437", "EPSG:32650")  # CGCS2000, Beijing 1954
    (True, False)
    """
    found = [ELLIPSOID.search(crs_of(one).to_wkt()) for one in (crs, other)]
    axes = [float(one[1]) for one in found if one and float(one[2])]
    return len(axes) < 2 or abs(axes[0] - axes[1]) < 1


def known_crs(text: str, file: str = "") -> str:
    """A coordinate reference system that a user named, in the same spelling.

    >>> known_crs("epsg:32650")
    'EPSG:32650'
    """
    try:
        return crs_text(CRS.from_user_input(text))
    except CRSError as error:
        raise BadInput(Problem("crs_unknown", file=file, value=text)) from error


def is_geographic(crs: str) -> bool:
    """Whether coordinates are degrees, of which a pixel has no one area.

    >>> is_geographic("EPSG:4326"), is_geographic("EPSG:32650")
    (True, False)
    """
    return bool(crs_of(crs).is_geographic)


def has_place(crs: str) -> bool:
    """Whether a coordinate reference system lies on the earth, and not at a datum of a mine's own.

    >>> has_place("EPSG:32650"), has_place('LOCAL_CS["mine",UNIT["metre",1]]')
    (True, False)
    """
    return bool(crs_of(crs).is_projected or crs_of(crs).is_geographic)


def is_upright(grid: Grid) -> bool:
    """Whether north is above and nothing is turned.

    >>> is_upright(Grid("EPSG:32650", Affine(30.0, 0.0, 0.0, 0.0, 30.0, 0.0), 9, 9))
    False
    """
    one = grid.transform
    return not (one.b or one.d) and one.a > 0 > one.e


def area_distortion(grid: Grid) -> float:
    """By which share a pixel's area in the plane differs from that on the ground, at the worst of five places.

    The ground is that of an equal-area projection of WGS 84, from whose ellipsoid others differ by less than 0.0003.

    >>> utm = Grid("EPSG:32650", Affine(30.0, 0.0, 500_000.0, 0.0, -30.0, 4_000_000.0), 100, 50)
    >>> round(area_distortion(utm), 4)  # 0.9996 squared
    -0.0008
    """
    west, south, east, north = grid.bounds
    middle = (west + east) / 2, (south + north) / 2
    x, y = np.array([middle, (west, south), (west, north), (east, south), (east, north)]).T
    half = SQUARE / 2 / crs_of(grid.crs).linear_units_factor[1]
    ends = [np.array(project(grid.crs, EQUAL_AREA, x + across, y + along))
            for across, along in ((-half, 0), (half, 0), (0, -half), (0, half))]
    along, up = ends[1] - ends[0], ends[3] - ends[2]
    shares = SQUARE ** 2 / np.abs(along[0] * up[1] - along[1] * up[0]) - 1
    return float(shares[np.argmax(np.abs(shares))])


def shape_distortion(grid: Grid) -> float:
    """By which share the length of a line on the grid is off in the middle, in the direction that is worst.

    Slopes take pixels for the squares that they are in the plane: in an equal-area projection they may be skew.

    >>> middle = Affine(30.0, 0.0, 500_000.0, 0.0, -30.0, 4_000_000.0)
    >>> round(shape_distortion(Grid("EPSG:32650", middle, 100, 50)), 4)  # UTM
    0.0004
    """
    west, south, east, north = grid.bounds
    x, y = np.array([(west + east) / 2] * 3), np.array([(south + north) / 2] * 3)
    (longitude, *_), (latitude, *_) = project(crs_of(grid.crs), "EPSG:4326", x[:1], y[:1])
    ground = CRS.from_string(f"+proj=laea +lat_0={latitude!r} +lon_0={longitude!r} +datum=WGS84 +units=m")
    step = SQUARE / crs_of(grid.crs).linear_units_factor[1]
    across, along = (np.array(one) for one in project(crs_of(grid.crs), ground, x + [0, step, 0], y + [0, 0, step]))
    sides = np.array([across[1:] - across[0], along[1:] - along[0]]) / SQUARE
    return float(np.abs(np.linalg.svd(sides, compute_uv=False) - 1).max())


def keeps_areas(grid: Grid) -> bool:
    """Whether areas can be counted in pixels: in metres, north above, in a projection that does not stretch them.

    >>> keeps_areas(Grid("EPSG:4326", Affine(0.01, 0.0, 116.0, 0.0, -0.01, 40.0), 9, 9))
    False
    """
    return not is_geographic(grid.crs) and is_upright(grid) and abs(area_distortion(grid)) <= DISTORTION


def require_usable(grid: Grid, file: str, instead: "Grid | None" = None) -> None:
    """Stop unless areas can be counted in pixels of the grid, and slopes taken.

    Parameters
    ----------
    instead : Grid, optional  That would stand in for it where layers are resampled; told with the problem.

    Raises
    ------
    BadInput  In degrees, too small, turned, or in a projection that stretches areas.
    """
    problems = Problems()
    if min(grid.width, grid.height) < SMALLEST:
        problems.add("raster_too_small", file=file, value=f"{grid.width} × {grid.height}", smallest=SMALLEST)
    details = {"given": grid, "wanted": instead or "—"}
    if is_geographic(grid.crs):
        problems.append(Problem("raster_geographic", file=file, value=crs_name(grid.crs), details=details))
    elif not is_upright(grid):
        problems.append(Problem("raster_turned", file=file, details=details))
    elif abs(stretched := area_distortion(grid)) > DISTORTION or np.isnan(stretched):
        problems.append(Problem("raster_area_distorted", file=file, value=crs_name(grid.crs),
                                details=details | {"percent": f"{stretched * 100:+.1f}"}))
    problems.stop()

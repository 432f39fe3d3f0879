"""One window of land: its layers, read when they are asked for, its tiles, and what was found in it so far."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.core.lazy import Brief
from mineco.evaluation.restoration_area.scenes.listed import COVERS, LayerRow
from mineco.geo.layers import MISSING_CODE, Layers
from mineco.geo.shapes.regions import Region
from mineco.geo.windows import Window
from mineco.restoration.maps.series import RainResponse, falling_trend, known_mean, rain_response
from mineco.restoration.maps.terrain import PLOT, slope_halo, slope_length, slope_tangent

AT_AN_END = 3  # years at each end of the series of NDVI whose mean stands for its first and its last state
MEASURED = ("cover", "trend", "change", "slope", "soil_loss")  # by steps, of which factors are made
OF_NO_RANKING = ("measured", "inside", "left_out")  # tiles that are the same whatever the weights
# of a tile, NaN of what no layer tells; those behind the first are told or hold a test
BANDS = (*MEASURED, "trend_p", "ndvi_first", "ndvi_last", "residual_trend")


@dataclass(frozen=True, kw_only=True, repr=False)
class WindowPlan(Brief):
    """What is the same for all windows of one evaluation."""

    layers: Layers
    ndvi: tuple[LayerRow, ...]
    rain: tuple[LayerRow, ...]  # of the years of NDVI, or none
    rained: tuple[LayerRow, ...]  # of every year that the dossier has
    single: dict[str, str]  # layer → id of its file
    missing: tuple[str, ...]  # layers that are not there, of which nothing is known anywhere
    today: str  # the map of land cover that tells what the land is
    codes: tuple[int, ...]
    never: Mapping[int, str]  # codes of land that cannot be restored, and of which kind it is (reading T13)
    change: NDArray[np.float64]  # score of each change of land; NaN behind the last class, for what is missing
    fewest: int  # years that a trend needs
    correlated: float | None
    longest_slope: float  # at which the length of a slope is cut, [m]
    steps: Mapping[str, Callable[["LandWindow"], Any]]  # by what they find, in their order
    folder: Path  # where tiles are written
    land: Region | None  # within the boundary of the study area; None where all of the grid is
    left_out: Region | None  # within the mask
    pixels: int  # of the study area
    ends: tuple[float, float] = (float("nan"), float("nan"))  # of NDVI: bare soil, full cover
    significant: float = float("nan")  # the largest p of a trend that counts; NaN where none does
    ranking: str = ""  # in the names of the tiles that a ranking writes, so that another one leaves them alone

    @property
    def slopes_have_length(self) -> bool:
        """Whether pixels are small enough to tell how long a slope is."""
        return max(self.layers.grid.pixel_metres) <= self.longest_slope

    @property
    def relative_loss(self) -> bool:
        """Whether soil loss is an index and no tonnes."""
        return not ({"erosivity", "erodibility"} <= set(self.single) and self.slopes_have_length)

    def series(self, rows: tuple[LayerRow, ...], window: Window) -> NDArray[np.float64]:
        """The years of a layer one above the other, within the study area; none where it is not there."""
        return self.observed(rows, window)[0]

    def observed(self, rows: tuple[LayerRow, ...], window: Window) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The years of a layer one above the other, and how many scenes show each pixel; no number of single ones."""
        files = {name: self.within(self.layers.read(name, window), window, np.nan).reshape(-1, *window.padded)
                 for name in dict.fromkeys(name for one in rows for name in one.files)}
        several = rows if any(len(one.scenes) > 1 for one in rows) else ()
        return (np.array([one.value(files) for one in rows], dtype=np.float64).reshape(len(rows), *window.padded),
                np.array([one.known(files) for one in several], dtype=np.int64).reshape(len(several), *window.padded))

    def within(self, values: NDArray[Any], window: Window, missing: float) -> NDArray[Any]:
        """The values of a window that lie in the study area, the others as missing."""
        return values if self.land is None else np.where(self.inside(window), values, missing)

    def inside(self, window: Window) -> NDArray[np.bool_]:
        """Which pixels of a window, without its halo, are those of the study area."""
        return self._held("inside", self.land, window)

    def site(self, name: str, window: Window) -> NDArray[np.float64]:
        """Elevation [m], or rain by the mean of its years [mm]; NaN where it is not known."""
        if name == "rain" and self.rained:
            return known_mean(self.series(self.rained, window))
        return self.read(name, window) if name in self.single else np.full(window.padded, np.nan)

    def restorable(self, window: Window) -> NDArray[np.bool_]:
        """Where land can be restored: by its class at the end, and by the layer and the mask of what is left out."""
        land = self.inside(window) & ~np.isin(self.read(self.today, window), list(self.never))
        if "excluded" in self.single:
            land &= self.read("excluded", window) <= 0
        return land & ~self._held("left_out", self.left_out, window) if self.left_out else land

    def _held(self, name: str, region: Region | None, window: Window) -> NDArray[np.bool_]:
        """Which pixels a region holds, looked up once; all of them where there is no region."""
        if region is None:
            return np.ones((window.height, window.width), dtype=bool)
        if not self.tile(name, window).exists():
            self.save(name, window, region.holds(window))
        return np.asarray(np.load(self.tile(name, window)))

    def classed(self, window: Window) -> NDArray[np.bool_]:
        """Where it is known what the land is; everywhere where no map of land cover is there to tell."""
        if self.today not in self.single:
            return np.ones(window.padded, dtype=bool)
        return np.asarray(self.read(self.today, window) != MISSING_CODE)

    def tile(self, name: str, window: Window) -> Path:
        """The file of a tile."""
        whose = "" if name in OF_NO_RANKING else self.ranking
        return self.folder / f"{name}{whose}-{window.row}-{window.column}.npy"

    def read(self, name: str, window: Window) -> NDArray[Any]:
        """A layer of one date within the study area, a band of what was measured, or another tile that was written."""
        if name in self.single:
            values = self.layers.read(self.single[name], window)
            if window.halo:  # what lies around is asked for too
                return values
            missing = MISSING_CODE if self.layers.layers[self.single[name]].kind == "classes" else np.nan
            return self.within(values, window, missing)
        if name in self.missing:
            return np.full(window.padded, MISSING_CODE if name in COVERS else np.nan)
        if name in BANDS:
            return np.array(np.load(self.tile("measured", window), mmap_mode="r")[BANDS.index(name)])
        if name == "falling":
            return falling_trend(self.read("trend", window), self.read("trend_p", window), self.significant)
        return np.load(self.tile(name, window))

    def measured(self, window: Window) -> dict[str, NDArray[np.float64]]:
        """What was measured in a window by name, and of its trends those that count."""
        found = dict(zip(BANDS, np.load(self.tile("measured", window)), strict=True))
        return found | {"falling": falling_trend(found["trend"], found["trend_p"], self.significant)}

    def save(self, name: str, window: Window, block: NDArray[Any]) -> None:
        """Write a tile whole: work that is done twice writes the same again."""
        part = self.tile(name, window).with_suffix(f".{uuid.uuid4().hex}.part")
        with part.open("wb") as file:
            np.save(file, block)
        part.replace(self.tile(name, window))


@dataclass(frozen=True, repr=False)
class LandWindow(Brief):
    """What a step sees: the layers of one window, and by name what the steps before it have found there."""

    plan: WindowPlan
    window: Window
    found: dict[str, Any] = field(default_factory=dict)

    def read(self, name: str, halo: int = 0) -> NDArray[np.float64]:
        """A layer of one date, or a map that was written."""
        return self.plan.read(name, replace(self.window, halo=halo))

    @cached_property
    def years(self) -> NDArray[np.float64]:
        """When NDVI was observed: (years,)."""
        return np.array([one.year for one in self.plan.ndvi], dtype=float)

    @cached_property
    def observed(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """NDVI of each year, and how many scenes show each pixel."""
        return self.plan.observed(self.plan.ndvi, self.window)

    @property
    def ndvi(self) -> NDArray[np.float64]:
        """NDVI, (years, rows, columns). [1]"""
        return self.observed[0]

    @property
    def scenes(self) -> NDArray[np.int64]:
        """By number of scenes, in how many years of pixels that are seen at all so many show the pixel."""
        most = max((len(one.scenes) for one in self.plan.ndvi), default=0)
        if most < 2:
            return np.zeros(most + 1, dtype=np.int64)
        counts = self.observed[1]
        return np.bincount(counts[:, counts.any(axis=0)].ravel(), minlength=most + 1)

    @cached_property
    def ndvi_first(self) -> NDArray[np.float64]:
        """Mean of NDVI over the first years that count for its beginning. [1]"""
        return known_mean(self.ndvi[:AT_AN_END])

    @cached_property
    def ndvi_last(self) -> NDArray[np.float64]:
        """Mean of NDVI over the last years. [1]"""
        return known_mean(self.ndvi[-AT_AN_END:])

    @cached_property
    def cover_start(self) -> NDArray[np.float64]:
        """Classes of land at the start, of which codes are in the plan."""
        return self.read("cover_start")

    @cached_property
    def cover_end(self) -> NDArray[np.float64]:
        """Classes of land at the end."""
        return self.read("cover_end")

    @property
    def restorable(self) -> NDArray[np.bool_]:
        """Where land can be restored."""
        return self.plan.restorable(self.window)

    @property
    def classed(self) -> NDArray[np.bool_]:
        """Where it is known what the land is."""
        return self.plan.classed(self.window)

    @cached_property
    def response(self) -> RainResponse | None:
        """What rain explains of NDVI; None where the dossier has not the rain of every year."""
        return rain_response(self.ndvi, self.plan.series(self.plan.rain, self.window)) if self.plan.rain else None

    @cached_property
    def elevation(self) -> NDArray[np.float64]:
        """Elevation with the halo that slopes need. [m]"""
        return self.read("elevation", halo=self._halo)

    @property
    def _halo(self) -> int:
        """Pixels around the window that slopes and their length need."""
        size = self.plan.layers.grid.pixel_metres
        return slope_halo(self.plan.longest_slope, *size) if self.plan.slopes_have_length else 1

    @cached_property
    def tangent(self) -> NDArray[np.float64]:
        """Tangent of the slope. [1]"""
        beyond = self._halo - 1
        rows, columns = (slice(beyond, size - beyond) for size in self.elevation.shape)
        return slope_tangent(self.elevation[rows, columns], *self.plan.layers.grid.pixel_metres)

    @cached_property
    def slope_length(self) -> NDArray[np.float64] | float:
        """Length of the slope above each pixel; that of a standard plot where pixels are too large to tell. [m]"""
        if not self.plan.slopes_have_length:
            return PLOT
        return slope_length(self.elevation, *self.plan.layers.grid.pixel_metres, self.plan.longest_slope)


@dataclass(frozen=True, repr=False)
class Pixel(Brief):
    """One pixel, at which each step can be done again by hand."""

    land: LandWindow  # the window in which it lies
    row: int  # in the window
    column: int

    def at(self, values: ArrayLike) -> Any:
        """What a map, or maps one above the other, have at the pixel; a number or a row of numbers is itself."""
        given = np.asarray(values, dtype=np.float64)
        return (given if given.ndim < 2 else given[..., self.row, self.column]).tolist()

    def around(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The pixel and its eight neighbours, of a map that was read with a halo of one."""
        return values[self.row:self.row + 3, self.column:self.column + 3]

    def different(self, recorded: WindowPlan, name: str, values: ArrayLike) -> int:
        """In how many pixels of the study area in the window a recorded map has other values than these."""
        written = recorded.read(name, self.land.window)
        same = (written == values) | (np.isnan(written) & np.isnan(values))
        return int((recorded.inside(self.land.window) & ~same).sum())

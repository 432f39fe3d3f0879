"""What is done in one window of a map of restoration areas: read, compute, write a tile, hand back what adds up.

Each function takes a task, a plan and a window, so that a loop, threads, processes or a cluster can run it.
"""

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.lazy import Brief
from mineco.evaluation.restoration_area.land import LayerRow
from mineco.geo.layers import Layers
from mineco.geo.windows import Window
from mineco.restoration.maps.area import (
    BINS,
    NO_CLASS,
    Patches,
    degradation_score,
    label_patches,
    priority_class,
    priority_index,
    value_histogram,
    zone_sums,
)
from mineco.restoration.maps.carbon import class_histogram
from mineco.restoration.maps.series import index_histogram, rain_response, trend, vegetation_cover
from mineco.restoration.maps.terrain import (
    cover_factor,
    length_factor,
    slope_degrees,
    slope_tangent,
    soil_loss,
    soil_loss_index,
    steepness_factor,
)
from mineco.restoration.maps.transition import class_places, transition_counts

PRACTICE = 1.0  # P of RUSLE where nothing is done against erosion
MEASURED = ("cover", "trend", "change", "slope", "soil_loss")  # of which factors are made
BANDS = (*MEASURED, "ndvi_first", "ndvi_last", "residual_trend")  # of a tile; the others are told, not weighed
TOLD = ("index", "slope", "trend", "residual_trend", "soil_loss")  # of a zone, beside its scores


@dataclass(frozen=True, kw_only=True, repr=False)
class WindowPlan(Brief):
    """What is the same for all windows of one evaluation."""

    layers: Layers
    ndvi: tuple[LayerRow, ...]
    rain: tuple[LayerRow, ...]  # of the years of NDVI, or none
    single: dict[str, str]  # layer → id of its file
    codes: tuple[int, ...]
    change: NDArray[np.float64]  # score of each change of land; NaN behind the last class, for what is missing
    fewest: int
    correlated: float | None
    slope_length: float
    folder: Path  # where tiles are written
    ends: tuple[float, float] = (0.0, 0.0)  # of NDVI: bare soil, full cover

    def series(self, rows: tuple[LayerRow, ...], window: Window) -> NDArray[np.float64]:
        """The years of a layer one above the other."""
        files = {name: self.layers.read(name, window).reshape(-1, *window.padded)
                 for name in dict.fromkeys(one.id for one in rows)}
        return np.stack([files[one.id][one.band] for one in rows])

    def tile(self, name: str, window: Window) -> Path:
        """The file of a tile."""
        return self.folder / f"{name}-{window.row}-{window.column}.npy"

    def read(self, name: str, window: Window) -> NDArray[Any]:
        """A layer of one date, a band of what was measured, or another tile that was written."""
        if name in self.single:
            return self.layers.read(self.single[name], window)
        if name in BANDS:
            return np.load(self.tile("measured", window))[BANDS.index(name)]
        return np.load(self.tile(name, window))

    def save(self, name: str, window: Window, block: NDArray[Any]) -> None:
        """Write a tile whole: work that is done twice writes the same again."""
        part = self.tile(name, window).with_suffix(f".{uuid.uuid4().hex}.part")
        with part.open("wb") as file:
            np.save(file, block)
        part.replace(self.tile(name, window))


@dataclass(frozen=True)
class WindowMeasures:
    """What a window adds to the whole: ranges, counts of classes and changes, trends by their p."""

    low: NDArray[np.float64]  # (measured,) lowest values, inf where none is known
    high: NDArray[np.float64]
    known: NDArray[np.int64]  # (measured,) pixels
    transitions: NDArray[np.int64]
    falling: NDArray[np.int64]  # pixels by bin of p
    rising: NDArray[np.int64]
    explained: NDArray[np.float64]  # sum of squared correlations with rain, and of how many pixels

    def __add__(self, other: "WindowMeasures") -> "WindowMeasures":
        return WindowMeasures(np.minimum(self.low, other.low), np.maximum(self.high, other.high),
                              self.known + other.known, self.transitions + other.transitions,
                              self.falling + other.falling, self.rising + other.rising,
                              self.explained + other.explained)


def count_index(task: tuple[WindowPlan, Window]) -> NDArray[np.int64]:
    """How often each value of NDVI occurs over all years."""
    plan, window = task
    return index_histogram(plan.series(plan.ndvi, window))


def measure_window(task: tuple[WindowPlan, Window]) -> WindowMeasures:
    """Cover, trend, change of land, slope and soil loss of a window, written as a tile."""
    plan, window = task
    when = np.array([one.year for one in plan.ndvi], dtype=float)
    index = plan.series(plan.ndvi, window)
    found = trend(index, when, plan.fewest, plan.correlated)
    last = _mean_of(index[-3:])
    cover = vegetation_cover(last, *plan.ends)
    before, after = (plan.read(name, window) for name in ("cover_start", "cover_end"))
    changed = plan.change[class_places(before, plan.codes), class_places(after, plan.codes)]
    grid = plan.layers.grid
    tangent = slope_tangent(plan.read("elevation", replace(window, halo=1)), *grid.pixel_metres)
    topography = steepness_factor(tangent) * length_factor(plan.slope_length, tangent)
    if {"erosivity", "erodibility"} <= set(plan.single):
        loss = soil_loss(plan.read("erosivity", window), plan.read("erodibility", window), topography,
                         cover_factor(cover), PRACTICE)
    else:
        loss = soil_loss_index(topography, cover_factor(cover), PRACTICE)
    residual, explained = np.full(cover.shape, np.nan), np.zeros(2)
    if plan.rain:
        response = rain_response(index, plan.series(plan.rain, window))
        residual = trend(response.residuals, when, plan.fewest, plan.correlated).slope
        squared = response.correlation[~np.isnan(response.correlation)] ** 2
        explained = np.array([squared.sum(), squared.size])
    block = np.stack([cover, found.slope, changed, slope_degrees(tangent), loss, _mean_of(index[:3]), last, residual])
    plan.save("measured", window, block)
    values = block[:len(MEASURED)].reshape(len(MEASURED), -1)
    there = ~np.isnan(values)
    falling, rising = (_p_histogram(found.p[side]) for side in (found.slope < 0, found.slope > 0))
    return WindowMeasures(np.where(there, values, np.inf).min(axis=1), np.where(there, values, -np.inf).max(axis=1),
                          there.sum(axis=1), transition_counts(before, after, plan.codes), falling, rising, explained)


def window_histograms(task: tuple[WindowPlan, Window, tuple[tuple[str, float, float], ...]]) -> NDArray[np.int64]:
    """Histograms of some bands of a window between their lowest and highest anywhere: (asked, bins)."""
    plan, window, asked = task
    found = [value_histogram(plan.read(name, window), low, high) for name, low, high in asked]
    return np.array(found, dtype=np.int64).reshape(len(asked), BINS)


@dataclass(frozen=True)
class FactorFacts:
    """A factor of degradation: how it was scaled, and what of the map it is known of."""

    id: str
    of: str  # one of what was measured
    sound: float
    degraded: float
    lowest: float
    highest: float
    known_share: float


@dataclass(frozen=True)
class RankingRules:
    """How factors are scaled, weighed and classed."""

    factors: tuple[FactorFacts, ...]
    weights: tuple[float, ...]
    breaks: tuple[float, ...]

    def scores(self, block: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each factor from 0 to 1."""
        return np.stack([degradation_score(block[BANDS.index(one.of)], one.sound, one.degraded)
                         for one in self.factors])


def rank_window(task: tuple[WindowPlan, Window, RankingRules]) -> tuple[Counter[int], Patches]:
    """Index and class of a window, written as tiles: pixels of each class, and the patches of the highest one."""
    plan, window, ranking = task
    index = priority_index(ranking.scores(plan.read("measured", window)), ranking.weights)
    classes = priority_class(index, ranking.breaks)
    labels, patches = label_patches(classes == len(ranking.breaks), window.row, window.column, plan.layers.grid.width)
    plan.save("index", window, index)
    plan.save("class", window, classes)
    plan.save("labels", window, labels)
    return class_histogram(classes, nodata=NO_CLASS), patches


def sum_zones(task: tuple[WindowPlan, Window, RankingRules, NDArray[np.int64]]
              ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Zones that lie in a window, of which a tile is written, and sums over their pixels in it.

    Rows of the sums: pixels, the score of each factor, what is `TOLD`, column and row, pixels of each class of land.
    """
    plan, window, ranking, names = task
    zones = names[plan.read("labels", window)]
    plan.save("zone", window, zones.astype(np.int32))
    inside = zones > 0
    here, own = np.unique(zones[inside], return_inverse=True)
    block = plan.read("measured", window)[:, inside]
    told = {**dict(zip(BANDS, block, strict=True)), "index": plan.read("index", window)[inside]}
    rows, columns = np.nonzero(inside)
    after = plan.read("cover_end", window)[inside]
    return here, zone_sums(own, [np.ones(len(own)), *ranking.scores(block), *(told[name] for name in TOLD),
                                 columns + window.column + 0.5, rows + window.row + 0.5,
                                 *(after == code for code in plan.codes)], len(here))


def _mean_of(years: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the years that are known; NaN where none is."""
    count = (~np.isnan(years)).sum(axis=0)
    total = np.where(np.isnan(years), 0.0, years).sum(axis=0)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _p_histogram(p: NDArray[np.float64]) -> NDArray[np.int64]:
    known = p[~np.isnan(p)]
    return np.bincount(np.minimum(np.ceil(known * BINS).astype(np.int64), BINS), minlength=BINS + 1)

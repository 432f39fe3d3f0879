"""What is done in one window of a map of restoration areas: read, compute, write a tile, hand back what adds up.

Each function takes a task, a plan and a window, so that a loop, threads, processes or a cluster can run it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.evaluation.restoration_area.windows.land_window import BANDS, MEASURED, LandWindow, WindowPlan
from mineco.geo.windows import Window
from mineco.restoration.maps.area import (
    BINS,
    NO_CLASS,
    Patches,
    degradation_score,
    label_patches,
    priority_class,
    priority_index,
    zone_sums,
)
from mineco.restoration.maps.carbon import class_histogram
from mineco.restoration.maps.series import index_histogram
from mineco.restoration.maps.transition import transition_counts

TOLD = ("index", "slope", "trend", "residual_trend", "soil_loss")  # of a zone, beside its scores
SITE = ("elevation", "rain")  # of a zone, by its pixels where they are known


@dataclass(frozen=True)
class WindowMeasures:
    """What a window adds to the whole: ranges, counts of classes and changes, trends by their p."""

    low: NDArray[np.float64]  # (measured,) lowest values, inf where none is known
    high: NDArray[np.float64]
    known: NDArray[np.int64]  # (measured,) pixels
    transitions: NDArray[np.int64]
    falling: NDArray[np.int64]  # pixels by bin of p
    rising: NDArray[np.int64]
    steepest: NDArray[np.float64]  # lowest slope by bin of p, inf where there is none
    explained: NDArray[np.float64]  # sum of squared correlations with rain, and of how many pixels
    scenes: NDArray[np.int64]  # years of pixels by how many scenes show them; zeros where years have one

    def __add__(self, other: "WindowMeasures") -> "WindowMeasures":
        return WindowMeasures(np.minimum(self.low, other.low), np.maximum(self.high, other.high),
                              self.known + other.known, self.transitions + other.transitions,
                              self.falling + other.falling, self.rising + other.rising,
                              np.minimum(self.steepest, other.steepest), self.explained + other.explained,
                              self.scenes + other.scenes)


def count_index(task: tuple[WindowPlan, Window]) -> NDArray[np.int64]:
    """How often each value of NDVI occurs over all years, on land that can be restored."""
    plan, window = task
    return index_histogram(plan.series(plan.ndvi, window)[:, plan.restorable(window)])


def measure_window(task: tuple[WindowPlan, Window]) -> WindowMeasures:
    """Every step on a window, one after the other; what they found is written as a tile."""
    land = LandWindow(*task)
    for name, step in land.plan.steps.items():
        land.found[name] = step(land)
    unknown, explained = np.full(land.window.padded, np.nan), np.zeros(2)
    slope, p = (land.found["trend"].slope, land.found["trend"].p) if "trend" in land.found else (unknown, unknown)
    if land.response is not None:
        squared = land.response.correlation[~np.isnan(land.response.correlation)] ** 2
        explained = np.array([squared.sum(), squared.size])
    found = land.found | {"trend": slope, "trend_p": p}
    found |= {"ndvi_first": land.ndvi_first, "ndvi_last": land.ndvi_last} if land.plan.ndvi else {}
    block = land.plan.within(np.stack([found.get(name, unknown) for name in BANDS]), land.window, np.nan)
    land.plan.save("measured", land.window, block)
    values = block[:len(MEASURED)].reshape(len(MEASURED), -1)
    there = ~np.isnan(values)
    falling, rising = (_p_histogram(p[side]) for side in (slope < 0, slope > 0))
    steepest = np.full(BINS + 1, np.inf)
    np.minimum.at(steepest, _p_bins(p), slope[~np.isnan(p)])
    transitions = transition_counts(land.cover_start, land.cover_end, land.plan.codes)
    return WindowMeasures(np.where(there, values, np.inf).min(axis=1), np.where(there, values, -np.inf).max(axis=1),
                          there.sum(axis=1), transitions, falling, rising, steepest, explained, land.scenes)


@dataclass(frozen=True)
class FactorFacts:
    """A factor of degradation: how it was scaled, and what of the map it is known of."""

    id: str
    of: str  # one of what was measured, or "falling"
    sound: float
    degraded: float
    lowest: float
    highest: float
    known_share: float


@dataclass(frozen=True)
class RankingRules:
    """How factors are scaled, weighed and classed, and how large a zone is at least."""

    factors: tuple[FactorFacts, ...]
    weights: tuple[float, ...]
    breaks: tuple[float, ...]
    least_pixels: float

    def scores(self, measured: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """Each factor from 0 to 1."""
        return np.stack([degradation_score(measured[one.of], one.sound, one.degraded) for one in self.factors])


def rank_window(task: tuple[WindowPlan, Window, RankingRules]) -> tuple[Counter[int], Counter[int], Patches]:
    """Index and class of a window, written as tiles.

    Pixels of each class, pixels of each code of land that cannot be restored, and the patches of the highest class.
    """
    plan, window, ranking = task
    restorable = plan.restorable(window)
    index = priority_index(ranking.scores(plan.measured(window)), ranking.weights)
    index = np.where(restorable & plan.classed(window), index, np.nan)
    inside = plan.inside(window)
    classes = np.where(inside, priority_class(index, ranking.breaks, restorable), NO_CLASS)
    never = class_histogram(plan.read(plan.today, window)[inside & ~restorable])
    labels, patches = label_patches(classes == len(ranking.breaks), window.row, window.column, plan.layers.grid.width)
    plan.save("index", window, index)
    plan.save("class", window, classes)
    plan.save("labels", window, labels)
    return class_histogram(classes, nodata=NO_CLASS), never, patches


def sum_zones(task: tuple[WindowPlan, Window, RankingRules, NDArray[np.int64]]
              ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Zones that lie in a window, of which a tile is written, and sums over their pixels in it.

    Rows of the sums: pixels, the score of each factor, what is `TOLD`, column and row, what is `SITE` and in how many
    pixels it is known, pixels of each class of land.
    """
    plan, window, ranking, names = task
    zones = names[plan.read("labels", window)]
    plan.save("zone", window, zones.astype(np.int32))
    inside = zones > 0
    here, own = np.unique(zones[inside], return_inverse=True)
    told = {name: band[inside] for name, band in plan.measured(window).items()}
    told["index"] = plan.read("index", window)[inside]
    rows, columns = np.nonzero(inside)
    after = plan.read(plan.today, window)[inside]
    site = [plan.site(name, window)[inside] for name in SITE]
    known = [~np.isnan(one) for one in site]
    return here, zone_sums(own, [np.ones(len(own)), *ranking.scores(told), *(told[name] for name in TOLD),
                                 columns + window.column + 0.5, rows + window.row + 0.5,
                                 *map(np.nan_to_num, site), *known,
                                 *(after == code for code in plan.codes)], len(here))


def _p_histogram(p: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.bincount(_p_bins(p), minlength=BINS + 1)


def _p_bins(p: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each p that is known."""
    return np.minimum(np.ceil(p[~np.isnan(p)] * BINS).astype(np.int64), BINS)

"""From layers to zones: windows of a map are measured, ranked and joined; totals are merged, no raster is gathered."""

import functools
import operator
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief, Shown
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.window_tasks import (
    MEASURED,
    TOLD,
    FactorFacts,
    RankingRules,
    WindowMeasures,
    WindowPlan,
    count_index,
    measure_window,
    rank_window,
    sum_zones,
    window_histograms,
)
from mineco.geo.grid import apply_affine
from mineco.geo.vectors import Points
from mineco.geo.windows import Window, windows
from mineco.restoration.maps.area import (
    BINS,
    bin_middles,
    histogram_quantile,
    join_patches,
    leading_factors,
    top_class_share,
)
from mineco.restoration.maps.series import INDEX_VALUES, false_discovery_threshold
from mineco.restoration.maps.transition import transition_areas
from mineco.standards.area import AreaRules

if TYPE_CHECKING:
    from mineco.core.workers import Workers

MEMORY = 2 ** 27  # bytes of one window
NUMBERS_A_YEAR = 5  # of eight bytes that a pixel holds at the peak for each year of its series
NUMBERS_A_PIXEL = 40  # and beside them
REASONS = 2  # factors that are told of a zone
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

    def blocks(self, name: str) -> Iterator[tuple[Window, NDArray[Any]]]:
        """A map piece by piece: "index", "class", "zone", one of what was measured, or a layer."""
        for window in self.windows:
            yield window, self.plan.read(name, window)

    def at(self, name: str, points: Points) -> NDArray[np.float64]:
        """The values of a map or layer at points; NaN outside the grid and where nothing is known."""
        values = np.full(len(points.rows), np.nan)
        for window in self.windows:
            rows, columns = points.rows - window.row, points.columns - window.column
            here = (rows >= 0) & (rows < window.height) & (columns >= 0) & (columns < window.width)
            if here.any():
                values[here] = self.plan.read(name, window)[rows[here], columns[here]]
        return values


@dataclass(frozen=True)
class TrendFacts:
    """Trends of the whole map: the largest p that counts, and the shares of land that fall and rise."""

    threshold: float
    falling_share: float
    rising_share: float
    rain_explains: float  # mean share of variance that rain explains; NaN without rain


@dataclass(frozen=True, kw_only=True, repr=False)
class Zone(Shown):
    """A patch of land to restore, with why."""

    id: int
    area_ha: float
    index: float
    scores: dict[str, float]  # by factor, 0 to 1
    reasons: tuple[str, ...]  # factors that add most
    stays_top: float  # share of weight draws in which it stays in the highest class
    slope_degrees: float
    trend: float  # of NDVI, 1/yr
    residual_trend: float  # that rain does not explain, 1/yr
    soil_loss: float
    x: float
    y: float
    land_ha: dict[int, float]  # by class at the end
    land: str  # kind of most of it


@dataclass(frozen=True, repr=False)
class Identification(Shown):
    """Where to restore, and everything that was counted on the way."""

    maps: Maps
    ends: tuple[float, float]  # of NDVI
    factors: dict[str, FactorFacts]
    trends: TrendFacts
    transitions_ha: NDArray[np.float64]
    classes_ha: dict[str, float]
    unknown_ha: float
    relative_loss: bool  # soil loss is an index and no tonnes
    zones: tuple[Zone, ...]
    pixel_ha: float


def identify(case: Case, data: AreaData, rules: AreaRules, weights: dict[str, float],
             weight_draws: NDArray[np.float64], workers: "Workers", memory: int = MEMORY,
             folder: Path | None = None) -> Identification:
    """Measure the land, rank it and join what is to be restored into zones.

    Parameters
    ----------
    weights : dict                         Of the factors, together 1.
    weight_draws : array (draws, factors)  Weights that they could be as well.
    workers : Workers                      Whoever does the windows; the result is the same to the last bit.
    memory : int                           For one window. [bytes]
    folder : Path, optional
        Where tiles are written, seen by all workers under the same path; else a folder that is removed afterwards.

    Raises
    ------
    BadInput  When a factor is known nowhere or is the same everywhere, or when work was lost.
    """
    holder = None
    if folder is None:
        holder = TemporaryFolder(folder := Path(tempfile.mkdtemp(prefix="mineco-area-")))
    plan, parts = _plan(case, data, rules, folder), _windows(data, memory)
    rule = case.standard.rule
    ends = data.settings.vegetation_ends
    if ends is None:
        histogram = functools.reduce(np.add, _done(workers, count_index, [(plan, one) for one in parts]))
        ends = (histogram_quantile(histogram, INDEX_VALUES, rule("soil_share")),
                histogram_quantile(histogram, INDEX_VALUES, rule("vegetation_share")))
    if not ends[1] > ends[0]:
        raise BadInput(Problem("factor_does_not_vary", file="area.yaml", value="ndvi"))
    plan = replace(plan, ends=ends)
    measured = functools.reduce(operator.add, _done(workers, measure_window, [(plan, one) for one in parts]))
    factors = _factors(case, rules, plan, parts, measured, workers)
    ranking = RankingRules(tuple(factors.values()), tuple(weights[name] for name in factors), rules.breaks)
    ranked = list(_done(workers, rank_window, [(plan, one, ranking) for one in parts]))
    grid = data.layers.grid
    pixel_ha = grid.pixel_ha
    names = join_patches([patches for _, patches in ranked], grid.width, rule("smallest_zone") / pixel_ha - 1e-9)
    sums = np.zeros((1 + len(factors) + len(TOLD) + 2 + len(data.codes), max(int(one.max()) for one in names)))
    tasks = [(plan, window, ranking, name) for window, name in zip(parts, names, strict=True)]
    for here, added in _done(workers, sum_zones, tasks):
        sums[:, here - 1] += added
    classes: Counter[int] = sum((one for one, _ in ranked), Counter())
    return Identification(
        Maps(plan, tuple(parts), holder), ends, factors, _trends(case, measured),
        transition_areas(measured.transitions, pixel_ha),
        {name: classes[place] * pixel_ha for place, name in enumerate(rules.classes)},
        (grid.width * grid.height - sum(classes.values())) * pixel_ha,
        not {"erosivity", "erodibility"} <= set(plan.single),
        _zones(data, rules, sums, ranking, weight_draws), pixel_ha)


def _plan(case: Case, data: AreaData, rules: AreaRules, folder: Path) -> WindowPlan:
    rain = {one.year: one for one in data.rows_by_year("rain")}
    ndvi = data.rows_by_year("ndvi")
    rained = all(one.year in rain for one in ndvi)
    given = {name: data.rows_by_year(name) for name, rule in rules.layers.items() if not rule.series}
    land = {one.code: one.ecosystem for one in data.classes}
    change = np.pad([[rules.change_score(land[before], land[after]) for after in data.codes] for before in data.codes],
                    (0, 1), constant_values=np.nan)
    return WindowPlan(
        layers=data.layers, ndvi=ndvi, rain=tuple(rain[one.year] for one in ndvi) if rained else (),
        single={name: rows[0].id for name, rows in given.items() if rows}, codes=data.codes, change=change,
        fewest=int(case.standard.rule("fewest_years")),
        correlated=case.standard.rule("correlation_level") if case.option("trend_correlated") else None,
        slope_length=case.standard.rule("slope_length"), folder=folder)


def _windows(data: AreaData, memory: int) -> list[Window]:
    grid = data.layers.grid
    a_pixel = 8 * (NUMBERS_A_YEAR * len(data.rows_by_year("ndvi")) + len(data.rows_by_year("rain")) + NUMBERS_A_PIXEL)
    return windows(grid.height, grid.width, memory, a_pixel)


def _done(workers: "Workers", function: Callable[[Any], Found], tasks: Sequence[Any]) -> Iterator[Found]:
    """The results of tasks in their order; a window, second in its task, that nobody could do stops the work."""
    for (_, window, *_), found in zip(tasks, workers.map(function, tasks), strict=True):
        if hasattr(found, "reason"):  # `mineco.core.workers.LostTask`
            raise BadInput(Problem("area_work_lost", value=f"{window.row}, {window.column}",
                                   details={"reason": found.reason}))
        yield found


def _factors(case: Case, rules: AreaRules, plan: WindowPlan, parts: list[Window], measured: WindowMeasures,
             workers: "Workers") -> dict[str, FactorFacts]:
    low, high = (dict(zip(MEASURED, ends.tolist(), strict=True)) for ends in (measured.low, measured.high))
    known = dict(zip(MEASURED, measured.known.tolist(), strict=True))
    problems = Problems()
    for name, rule in rules.factors.items():
        if not low[rule.of] <= high[rule.of]:
            problems.add("factor_without_values", file="layers.csv", value=name, fewest=plan.fewest)
        elif rule.ends == "quantiles" and low[rule.of] == high[rule.of]:
            problems.add("factor_does_not_vary", file="layers.csv", value=name)
    problems.stop()
    asked = tuple((one.of, low[one.of], high[one.of]) for one in rules.factors.values() if one.ends == "quantiles")
    tasks = [(plan, window, asked) for window in parts]
    histograms = functools.reduce(operator.add, _done(workers, window_histograms, tasks))
    quantiles = {band: tuple(histogram_quantile(histogram, bin_middles(least, most), case.standard.rule(name))
                             for name in ("scale_low_share", "scale_high_share"))
                 for (band, least, most), histogram in zip(asked, histograms, strict=True)}
    pixels = plan.layers.grid.width * plan.layers.grid.height
    found = {}
    for name, rule in rules.factors.items():
        ends = quantiles[rule.of] if rule.ends == "quantiles" else rule.ends
        sound, degraded = ends if rule.worse == "high" else ends[::-1]
        if sound == degraded:
            problems.add("factor_does_not_vary", file="layers.csv", value=name)
        found[name] = FactorFacts(name, rule.of, float(sound), float(degraded), low[rule.of], high[rule.of],
                                  known[rule.of] / pixels)
    problems.stop()
    return found


def _trends(case: Case, measured: WindowMeasures) -> TrendFacts:
    falling, rising = measured.falling, measured.rising
    ends = np.arange(BINS + 1) / BINS
    threshold = false_discovery_threshold(ends, falling + rising, case.standard.rule("false_discovery_rate"))
    counted = ends <= threshold  # none where it is NaN
    pixels = int(measured.known[MEASURED.index("trend")])
    squared, of = measured.explained.tolist()
    return TrendFacts(threshold, float(falling[counted].sum() / pixels), float(rising[counted].sum() / pixels),
                      squared / of if of else float("nan"))


def _zones(data: AreaData, rules: AreaRules, sums: NDArray[np.float64], ranking: RankingRules,
           weight_draws: NDArray[np.float64]) -> tuple[Zone, ...]:
    """The zones by their sums, as `sum_zones` gives these."""
    factors, kinds, grid = list(rules.factors), [one.ecosystem for one in data.classes], data.layers.grid
    pixels, land = sums[0], sums[-len(kinds):].T
    scores = (sums[1:1 + len(factors)] / pixels).T
    stays = top_class_share(scores, weight_draws, ranking.breaks[-1])
    leading = leading_factors(scores, ranking.weights)
    means = (sums[1 + len(factors):-len(kinds)] / pixels).T.tolist()
    found = []
    for zone, (index, slope, trend, residual_trend, soil_loss, column, row) in enumerate(means):
        by_kind: Counter[str] = Counter()
        for kind, number in zip(kinds, land[zone].tolist(), strict=True):
            by_kind[kind] += number
        x, y = apply_affine(grid.transform, column, row)
        areas = {code: number * grid.pixel_ha for code, number in zip(data.codes, land[zone].tolist(), strict=True)}
        found.append(Zone(
            id=zone + 1, area_ha=float(pixels[zone] * grid.pixel_ha), index=index,
            scores=dict(zip(factors, scores[zone].tolist(), strict=True)),
            reasons=tuple(factors[place] for place in leading[zone, :REASONS].tolist()), stays_top=float(stays[zone]),
            slope_degrees=slope, trend=trend, residual_trend=residual_trend, soil_loss=soil_loss, x=x, y=y,
            land_ha={code: area for code, area in areas.items() if area}, land=by_kind.most_common(1)[0][0]))
    return tuple(found)

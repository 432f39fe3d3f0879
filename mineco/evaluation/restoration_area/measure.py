"""Land is measured window by window: every step in one pass over the layers; totals are merged, no raster is gathered.

What is measured lies as tiles in a folder, from which the index and the zones are made.
"""

import functools
import operator
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.scenes.listed import COVERS
from mineco.evaluation.restoration_area.stages.factors import LeftOut, left_out
from mineco.evaluation.restoration_area.windows.land_window import MEASURED, LandWindow, Pixel, WindowPlan
from mineco.evaluation.restoration_area.windows.maps import Maps, TemporaryFolder
from mineco.evaluation.restoration_area.windows.steps import STEPS
from mineco.evaluation.restoration_area.windows.tasks import (
    FactorFacts,
    WindowMeasures,
    count_index,
    measure_window,
)
from mineco.geo.windows import Window, windows
from mineco.restoration.maps.area import BINS, histogram_quantile
from mineco.restoration.maps.series import INDEX_VALUES, false_discovery_threshold
from mineco.restoration.maps.transition import one_date_areas, transition_areas
from mineco.standards.area import AreaRules

if TYPE_CHECKING:
    from mineco.core.workers import Workers

MEMORY = 2 ** 27  # bytes of one window
NUMBERS_A_YEAR = 5  # of eight bytes that a pixel holds at the peak for each year of its series
NUMBERS_A_PIXEL = 40  # and beside them
Found = TypeVar("Found")
Steps = Mapping[str, Callable[[LandWindow], Any]]


@dataclass(frozen=True)
class TrendFacts:
    """Trends of the whole map: the largest p that counts, and the shares of land that fall and rise."""

    threshold: float
    falling_share: float
    rising_share: float
    steepest: float  # fall of those that count, 1/yr; 0 where none does
    rain_explains: float  # mean share of variance that rain explains; NaN without rain


@dataclass(frozen=True, repr=False)
class Measured(Brief):
    """What the layers tell of the land: its maps, and what was counted on the way."""

    maps: Maps
    ends: tuple[float, float]  # of NDVI; NaN where it is not there
    trends: TrendFacts | None  # where there are years enough
    transitions_ha: NDArray[np.float64] | None  # of land whose class is known on both dates (reading T14)
    one_date_ha: tuple[float, float] | None  # known at the start alone, and at the end alone
    covers_ha: dict[str, NDArray[np.float64]]  # land by class of each map of cover, of two where both are known
    relative_loss: bool  # soil loss is an index and no tonnes
    pixel_ha: float
    factors: dict[str, FactorFacts]
    left_out: dict[str, LeftOut]  # factors that no layers are there for (reading T15)
    scenes: tuple[int, float] | None  # that show a pixel in a year, least and median; None where a year has one


def measure(case: Case, data: AreaData, rules: AreaRules, workers: "Workers", steps: Steps = STEPS,
            memory: int = MEMORY, folder: Path | None = None) -> Measured:
    """Every step on every window in one pass over the layers, and which trends count over all of them.

    Parameters
    ----------
    workers : Workers  Whoever does the windows; the result is the same to the last bit.
    steps : mapping    What is found in a window, and the function of a window that finds it, in their order.
    memory : int       For one window. [bytes]
    folder : Path, optional
        Where tiles are written, seen by all workers under the same path; else a folder that is removed afterwards.

    Raises
    ------
    BadInput  When a factor is known nowhere, when NDVI is the same everywhere, or when work was lost.
    """
    holder = None
    if folder is None:
        holder = TemporaryFolder(folder := Path(tempfile.mkdtemp(prefix="mineco-area-")))
    given, lacking = require_factors(case, data, rules)
    plan, parts = _plan(case, data, given, steps, folder), _windows(data, memory)
    rule = case.standard.rule
    ends = data.settings.vegetation_ends if plan.ndvi else plan.ends
    if ends is None:
        histogram = functools.reduce(np.add, done(workers, count_index, [(plan, one) for one in parts]))
        if not histogram.any():
            raise BadInput(Problem("nothing_to_rank", file="classes.csv"))
        ends = (histogram_quantile(histogram, INDEX_VALUES, rule("soil_share")),
                histogram_quantile(histogram, INDEX_VALUES, rule("vegetation_share")))
    if ends[1] <= ends[0]:
        raise BadInput(Problem("factor_does_not_vary", file="area.yaml", value="ndvi"))
    plan = replace(plan, ends=ends)
    found = functools.reduce(operator.add, done(workers, measure_window, [(plan, one) for one in parts]))
    _require_known(given, plan, found)
    trends = _trends(case, found) if "trend" in plan.steps else None
    plan = replace(plan, significant=trends.threshold) if trends else plan
    pixel_ha, both = data.layers.grid.pixel_ha, len(data.covers) == len(COVERS)
    transitions = transition_areas(found.transitions, pixel_ha) if both else None
    return Measured(Maps(plan, tuple(parts), holder), ends, trends, transitions,
                    one_date_areas(found.transitions, pixel_ha) if both else None,
                    _covers(data, found.transitions * pixel_ha, transitions), plan.relative_loss, pixel_ha,
                    _factors(given, plan, found, trends), lacking, _scenes(found))


def _scenes(found: WindowMeasures) -> tuple[int, float] | None:
    """How many scenes show a pixel in a year: the least, and the median."""
    number = np.arange(len(found.scenes))
    counted = number[found.scenes > 0]
    return (int(counted[0]), histogram_quantile(found.scenes, number, 0.5)) if counted.size else None


def follow(measured: Measured) -> Pixel:
    """The pixel where vegetation falls fastest, among those of which most is known; the first one, row by row."""
    plan = measured.maps.plan

    def worst(window: Window) -> tuple[int, float, int, int, Window]:
        block = plan.read("measured", window)[:len(MEASURED)]
        missing, trend = np.isnan(block).sum(axis=0), np.nan_to_num(block[MEASURED.index("trend")])
        row, column = divmod(int(np.where(missing == missing.min(), trend, np.inf).argmin()), window.width)
        return int(missing[row, column]), float(trend[row, column]), window.row + row, window.column + column, window

    *_, row, column, window = min(map(worst, measured.maps.windows))
    return Pixel(LandWindow(plan, window), row - window.row, column - window.column)


def require_factors(case: Case, data: AreaData, rules: AreaRules) -> tuple[AreaRules, dict[str, LeftOut]]:
    """The rules with those factors alone that layers are there for, and the others with why.

    Raises
    ------
    BadInput  When no factor can be computed, or the years of the layers do not go together.
    """
    _require_years(data)
    lacking = left_out(case.standard, rules, data.present)
    factors = {name: one for name, one in rules.factors.items() if name not in lacking}
    return rules.model_copy(update={"factors": factors}), lacking


def _plan(case: Case, data: AreaData, rules: AreaRules, steps: Steps, folder: Path) -> WindowPlan:
    """What all windows have in common; of the steps those of the factors that are given, in their order."""
    rain = {one.year: one for one in data.rows_by_year("rain")}
    ndvi = data.rows_by_year("ndvi")
    made = {one.step for one in rules.factors.values()}
    made |= {"residual_trend"} & set(steps) if "trend" in made else set()
    rained = "trend" in made and all(one.year in rain for one in ndvi)
    given = {name: data.rows_by_year(name) for name, rule in rules.layers.items() if not rule.series}
    land = {one.code: one.ecosystem for one in data.classes}
    change = np.pad([[rules.change_score(land[before], land[after]) for after in data.codes] for before in data.codes],
                    (0, 1), constant_values=np.nan)
    return WindowPlan(
        layers=data.layers, ndvi=ndvi, rain=tuple(rain[one.year] for one in ndvi) if rained else (),
        rained=tuple(rain.values()),
        single={name: rows[0].files[0] for name, rows in given.items() if rows},
        missing=tuple(name for name, rows in given.items() if not rows), today=data.today, codes=data.codes,
        change=change,
        never={code: kind for code, kind in land.items() if rules.ecosystems[kind].state == "other"},
        fewest=int(case.standard.rule("fewest_years")),
        correlated=case.standard.rule("correlation_level") if case.option("trend_correlated") else None,
        longest_slope=case.standard.rule("longest_slope"),
        steps={name: step for name, step in steps.items() if name in made}, folder=folder,
        land=data.study.land, left_out=data.study.left_out, pixels=data.study.pixels)


def _windows(data: AreaData, memory: int) -> list[Window]:
    """Windows of the grid that have land of the study area."""
    grid = data.layers.grid
    ndvi, rain = data.rows_by_year("ndvi"), data.rows_by_year("rain")
    scenes = sum(len(one.scenes) for one in (*ndvi, *rain) if len(one.scenes) > 1)
    a_pixel = 8 * (NUMBERS_A_YEAR * len(ndvi) + len(rain) + scenes + NUMBERS_A_PIXEL)
    land = data.study.land
    return [one for one in windows(grid.height, grid.width, memory, a_pixel) if land is None or land.meets(one)]


def done(workers: "Workers", function: Callable[[Any], Found], tasks: Sequence[Any]) -> Iterator[Found]:
    """The results of tasks in their order; a window, second in its task, that nobody could do stops the work."""
    for (_, window, *_), found in zip(tasks, workers.map(function, tasks), strict=True):
        if hasattr(found, "reason"):  # `mineco.core.workers.LostTask`
            raise BadInput(Problem("area_work_lost", value=f"{window.row}, {window.column}",
                                   details={"reason": found.reason}))
        yield found


def _require_years(data: AreaData) -> None:
    """Stop where the covers are not of two years, or NDVI has none in common with the time between them."""
    if len(data.covers) < len(COVERS):
        return
    years = [one.year or 0 for one in data.rows_by_year("ndvi")]
    first, last = data.cover_years
    if last <= first:
        raise BadInput(Problem("cover_years_order", file="layers.csv", column="year", value=last,
                               details={"start": first}))
    if years and (years[0] > last or years[-1] < first):
        raise BadInput(Problem("periods_without_common_year", file="layers.csv", column="year",
                               value=f"{years[0]}–{years[-1]}", details={"first": first, "last": last}))


def _covers(data: AreaData, counted: NDArray[Any], both: NDArray[np.float64] | None
            ) -> dict[str, NDArray[np.float64]]:
    """Land by class of each map of cover; of one alone it stands where the other would have no class. [ha]"""
    if both is not None:
        return {name: both.sum(axis=axis) for name, axis in zip(COVERS, (1, 0), strict=True)}
    alone = dict(zip(COVERS, (counted[:-1, -1], counted[-1, :-1]), strict=True))
    return {name: alone[name] for name in data.covers}


def _require_known(rules: AreaRules, plan: WindowPlan, found: WindowMeasures) -> None:
    """Stop where a factor is known nowhere."""
    known, problems = dict(zip(MEASURED, found.known.tolist(), strict=True)), Problems()
    known["falling"] = known["trend"]
    for name, rule in rules.factors.items():
        if not known[rule.of]:
            problems.add("factor_without_values", file="layers.csv", value=name, fewest=plan.fewest)
    problems.stop()


def _trends(case: Case, measured: WindowMeasures) -> TrendFacts:
    falling, rising = measured.falling, measured.rising
    ends = np.arange(BINS + 1) / BINS
    threshold = false_discovery_threshold(ends, falling + rising, case.standard.rule("false_discovery_rate"))
    counted = ends <= threshold  # none where it is NaN
    pixels = int(measured.known[MEASURED.index("trend")])
    squared, of = measured.explained.tolist()
    return TrendFacts(threshold, float(falling[counted].sum() / pixels), float(rising[counted].sum() / pixels),
                      float(measured.steepest[counted].min(initial=0.0)), squared / of if of else float("nan"))


def _factors(rules: AreaRules, plan: WindowPlan, found: WindowMeasures, trends: TrendFacts | None
             ) -> dict[str, FactorFacts]:
    """Between which values each factor is scaled (reading T9), and of what share of the land it is known."""
    low, high, known = (dict(zip(MEASURED, part.tolist(), strict=True))
                        for part in (found.low, found.high, found.known))
    if trends:
        low["falling"], high["falling"], known["falling"] = trends.steepest, min(high["trend"], 0.0), known["trend"]
    factors = {}
    for name, rule in rules.factors.items():
        sound, degraded = rule.scale(plan.relative_loss)
        factors[name] = FactorFacts(name, rule.of, sound, degraded, low[rule.of], high[rule.of],
                                    known[rule.of] / plan.pixels)
    return factors

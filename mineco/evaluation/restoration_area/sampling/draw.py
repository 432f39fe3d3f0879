"""Points drawn at random of each stratum, none twice: every pixel has a random number of its own, the lowest are drawn.

The number of a pixel follows from the seed and its row and column, so that windows and workers make no difference.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.evaluation.case import Case, require_standard, without_panel
from mineco.evaluation.restoration_area.evaluate import STANDARD, THREADS, factor_weights, read_land
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.measure import MEMORY, done, measure
from mineco.evaluation.restoration_area.sampling.strata import Stratum, cell_codes, cell_of, join_cells, numbered
from mineco.evaluation.restoration_area.scenes.listed import COVERS
from mineco.evaluation.restoration_area.windows.land_window import WindowPlan
from mineco.evaluation.restoration_area.windows.maps import Maps
from mineco.evaluation.restoration_area.zones import rank
from mineco.evaluation.stage_weights import weigh
from mineco.geo.grid import apply_affine
from mineco.geo.windows import ThreadWorkers, Window
from mineco.restoration.maps.points import allocate_points, sample_size

if TYPE_CHECKING:
    from mineco.core.workers import Workers

Pixels = NDArray[np.uint64]  # (pixels, 3): random number, row and column on the grid
LANES = 4  # random numbers that the generator makes at a time


@dataclass(frozen=True, repr=False)
class Sample(Brief):
    """Points to be judged, in an order that tells nothing of their strata."""

    data: AreaData
    strata: list[Stratum]
    stratum: NDArray[np.int64]  # (points,) number
    rows: NDArray[np.int64]  # (points,) on the grid
    columns: NDArray[np.int64]
    fit: NDArray[np.bool_]  # (points,) for a fit, all others for tests
    error: float  # standard error of overall accuracy that is to be expected
    asked: dict[str, float]  # of `lay_out`: the same of the same maps draws the same points again

    @property
    def places(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and y of the middle of each pixel, in the coordinates of the grid."""
        return apply_affine(self.data.layers.grid.transform, self.columns + 0.5, self.rows + 0.5)


@checked_arguments()
def lay_out(case: Case, error: float | None = None, least: int | None = None, fit_share: float = 0.0, seed: int = 0,
            workers: "Workers | None" = None, memory: int = MEMORY) -> Sample:
    """A stratified random sample over what the maps say: as many points as the error asks for, rare strata not fewer.

    Parameters
    ----------
    error : float, optional  Standard error of overall accuracy, where it is as required; else that of the standard.
    least : int, optional    Points of each stratum at least; else those of the standard.
    fit_share : float        Further points for a fit, for each that tests.
    seed : int               Whoever takes the same one draws the same points of the same maps.
    workers : Workers, optional  Whoever does the windows; else threads of this process.
    memory : int             For one window. [bytes]

    Raises
    ------
    BadInput  With what is wrong with the maps, or with the figures asked for.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.restoration_area.evaluate import open_case
    >>> sample = lay_out(open_case(parameters() / "mines" / "example-restoration-area"))
    >>> len(sample.rows) == sum(one.points for one in sample.strata)
    True
    """
    require_standard(case, STANDARD)
    weighing = weigh(case if case.weights else without_panel(case))
    rules, data = read_land(weighing.case)
    if not data.settings.crs:
        raise BadInput(Problem("sample_without_crs", file="area.yaml", column="crs", details={
            "crs": data.layers.grid.crs if data.layers.grid.crs.startswith("EPSG") else "EPSG:4326"}))
    rule = case.standard.rule
    error = rule("planned_error") if error is None else error
    least = rules.sampling.least if least is None else least
    _require(error=(error, 0.005, 0.5), least=(least, 3, 1000), fit_share=(fit_share, 0, 3), seed=(seed, 0, 2**63))
    workers = workers or ThreadWorkers(THREADS)
    measured = measure(weighing.case, data, rules, workers, memory=memory)
    weights, top = factor_weights(weighing, measured.factors), len(rules.breaks)
    maps = rank(weighing.case, rules, measured, weights, workers).maps
    tasks = [(maps.plan, window, top) for window in maps.windows]
    counts: Counter[int] = sum(done(workers, count_window, tasks), Counter())
    generator = np.random.default_rng(seed)
    strata = numbered(join_cells({cell_of(code): count for code, count in counts.items()}, data.layers.grid.pixel_ha,
                                 least, rules.sampling.smallest_share), generator)
    expected = rule("accuracy_required")
    tests = _allocated([one.pixels for one in strata], expected, error, least)
    strata = [replace(one, points=points) for one, points in zip(strata, tests, strict=True)]
    fits = [min(math.ceil(fit_share * one.points), one.pixels - one.points) for one in strata]
    drawn = _drawn(maps, top, strata, [*map(sum, zip(tests, fits, strict=True))], seed, workers)
    number = np.concatenate([np.full(len(one), stratum.number) for one, stratum in zip(drawn, strata, strict=True)])
    fit = np.concatenate([np.arange(len(one)) >= points for one, points in zip(drawn, tests, strict=True)])
    order = generator.permutation(len(number))
    places = np.concatenate(drawn)[order]
    return Sample(data, strata, number[order], places[:, 0], places[:, 1], fit[order],
                  planned_error(strata, expected), {"error": error, "least": least, "fit": fit_share, "seed": seed})


def planned_error(strata: Sequence[Stratum], expected: float) -> float:
    """Standard error of overall accuracy by the test points of strata, of which each has the accuracy expected."""
    pixels, points = (np.array([getattr(one, name) for one in strata], dtype=float) for name in ("pixels", "points"))
    left = (pixels / pixels.sum()) ** 2 * (1 - points / pixels) * expected * (1 - expected) / points
    return float(np.sqrt(left.sum()))


def count_window(task: tuple[WindowPlan, Window, int]) -> "Counter[int]":
    """Pixels of each cell in a window."""
    codes = _cells(*task)
    counts = np.bincount(codes[codes >= 0])
    return Counter({int(code): int(counts[code]) for code in np.flatnonzero(counts)})


def draw_window(task: tuple[WindowPlan, Window, int, Sequence[Stratum], Sequence[int], int]) -> list[Pixels]:
    """Of each stratum the pixels of a window with the lowest numbers."""
    plan, window, top, strata, wanted, seed = task
    codes, numbers = _cells(plan, window, top), pixel_numbers(window, seed)
    there = np.flatnonzero(np.bincount(codes[codes >= 0])).tolist()
    place = np.full(max(there, default=-1) + 2, len(strata))  # of the stratum of each cell; the last is of no cell
    for code in there:
        place[code] = next(number for number, one in enumerate(strata) if one.holds(cell_of(code)))
    own, found = place[codes].ravel(), []
    for stratum, count in enumerate(wanted):
        inside = np.flatnonzero(own == stratum)
        rows, columns = np.divmod(inside, window.width)
        parts = numbers.ravel()[inside], rows + window.row, columns + window.column
        found.append(_lowest(np.stack(parts, axis=1, dtype=np.uint64, casting="unsafe"), count))
    return found


def pixel_numbers(window: Window, seed: int) -> NDArray[np.uint64]:
    """A random number for each pixel of a window, the same in whichever window it lies.

    >>> whole, part = pixel_numbers(Window(0, 0, 9, 9), 1), pixel_numbers(Window(2, 3, 4, 5), 1)
    >>> bool((whole[2:6, 3:8] == part).all())
    True
    """
    block, before = divmod(window.column, LANES)
    rows = [np.random.Philox(key=seed, counter=[block, row, 0, 0]).random_raw(before + window.width)[before:]
            for row in range(window.row, window.row + window.height)]
    return np.stack(rows)


def _cells(plan: WindowPlan, window: Window, top: int) -> NDArray[np.int64]:
    covers = [plan.read(name, window) for name in COVERS if name in plan.single]
    return cell_codes(plan.read("class", window), covers, top)


def _drawn(maps: Maps, top: int, strata: Sequence[Stratum], wanted: Sequence[int], seed: int,
           workers: "Workers") -> list[NDArray[np.int64]]:
    """Row and column of the points of each stratum, window after window, the lowest number first."""
    tasks = [(maps.plan, window, top, strata, wanted, seed) for window in maps.windows]
    lowest = [np.zeros((0, 3), dtype=np.uint64)] * len(strata)
    for found in done(workers, draw_window, tasks):
        lowest = [_lowest(np.concatenate(both), count) for *both, count in zip(lowest, found, wanted, strict=True)]
    return [one[:, 1:].astype(np.int64) for one in lowest]


def _lowest(pixels: Pixels, count: int) -> Pixels:
    if len(pixels) > count:
        pixels = pixels[pixels[:, 0] <= np.partition(pixels[:, 0], count - 1)[count - 1]]
    return pixels[np.lexsort(pixels.T[::-1])[:count]]


def _allocated(pixels: Sequence[int], expected: float, error: float, least: int) -> list[int]:
    """Test points of each stratum: in proportion to land so many that the error is reached, rare ones the fewest."""
    share = np.array(pixels) / sum(pixels)
    needed = sample_size(np.full(len(share), expected), share, error)
    total = int(np.maximum(np.ceil(needed * share), least).sum())
    return np.minimum(allocate_points(total, share, least), pixels).tolist()


def _require(**limits: tuple[float, float, float]) -> None:
    """Stop at figures, each with its limits, beyond which no table of points is read again."""
    wrong = [Problem("out_of_range", column=name, value=value, details={"minimum": f"{low:g}", "maximum": f"{high:g}"})
             for name, (value, low, high) in limits.items() if not low <= value <= high]
    if wrong:
        raise BadInput(wrong)

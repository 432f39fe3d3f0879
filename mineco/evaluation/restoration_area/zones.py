"""From what was measured to zones: windows are ranked and joined; totals are merged, no raster is gathered."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import LazyModule, Shown
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.measure import Measured, done
from mineco.evaluation.restoration_area.windows.tasks import SITE, TOLD, RankingRules, rank_window, sum_zones
from mineco.geo.grid import apply_affine
from mineco.restoration.maps.area import NEVER, Patches, join_patches, leading_factors, top_class_share
from mineco.standards.area import AreaRules

if TYPE_CHECKING:
    from mineco.core.workers import Workers

EXCLUDED = "excluded"  # land that the dossier leaves out, whatever its class
REASONS = 2  # factors that are told of a zone
DISPLAY = LazyModule("mineco.evaluation.display.zones")  # how what is found here shows itself


@dataclass(frozen=True, repr=False)
class Ranked(Measured):
    """Land with its index and its classes, of which the highest is to be restored."""

    ranking: RankingRules
    classes_ha: dict[str, float]
    never_ha: dict[str, float]  # land that is never ranked, by its kind; "excluded" where the dossier leaves it out
    unknown_ha: float
    outside_ha: float  # of the grid, beyond the boundary of the study area
    patches: tuple[Patches, ...]  # of the highest class, window by window

    @property
    def parts_ha(self) -> list[float]:
        """All land of the study area: by class, what is never ranked, and what is not known."""
        return [*self.classes_ha.values(), *self.never_ha.values(), self.unknown_ha]


@dataclass(frozen=True, kw_only=True, repr=False)
class Zone(Shown):
    """A patch of land to restore, with why."""

    _display = DISPLAY

    id: int
    area_ha: float
    index: float
    scores: dict[str, float]  # by factor, 0 to 1
    reasons: tuple[str, ...]  # factors that add most
    stays_top: float  # share of weight draws in which it stays in the highest class
    slope_degrees: float
    elevation_m: float  # NaN where it is not known, as is rain
    rain_mm: float  # of a year
    trend: float  # of NDVI, 1/yr
    residual_trend: float  # that rain does not explain, 1/yr
    soil_loss: float
    x: float
    y: float
    land_ha: dict[int, float]  # by class at the end
    land: str | None  # kind of most of it; None without a map of land cover


@dataclass(frozen=True, repr=False)
class Identification(Ranked, Shown):
    """Where to restore, and everything that was counted on the way."""

    _display = DISPLAY

    zones: tuple[Zone, ...]

    @property
    def by_rank(self) -> tuple[Zone, ...]:
        """The zones, the most degraded first; of equal ones the larger."""
        return tuple(sorted(self.zones, key=lambda one: (-one.index, one.id)))


def rank(case: Case, rules: AreaRules, measured: Measured, weights: dict[str, float], workers: "Workers") -> Ranked:
    """Index and class of every pixel.

    Parameters
    ----------
    weights : dict     Of the factors, together 1.
    workers : Workers  Whoever does the windows, among whom the tiles of what was measured lie.

    Raises
    ------
    BadInput  When no land can be ranked, or work was lost.
    """
    least = case.standard.rule("smallest_zone") / measured.pixel_ha - 1e-9
    ranking = RankingRules(tuple(measured.factors.values()), tuple(weights[name] for name in measured.factors),
                           rules.breaks, least)
    plan = replace(measured.maps.plan, ranking=f"-{hashlib.sha256(repr(ranking).encode()).hexdigest()[:12]}")
    maps, grid = replace(measured.maps, plan=plan), plan.layers.grid
    ranked = list(done(workers, rank_window, [(plan, one, ranking) for one in maps.windows]))
    pixels: Counter[int] = sum((one for one, _, _ in ranked), Counter())
    if not set(pixels) - {NEVER}:
        raise BadInput(Problem("nothing_to_rank", file="classes.csv"))
    never: Counter[str] = Counter()
    for _, codes, _ in ranked:
        for code, count in codes.items():
            never[plan.never.get(code, EXCLUDED)] += count
    return Ranked(**vars(measured) | {"maps": maps}, ranking=ranking,
                  classes_ha={name: pixels[place] * grid.pixel_ha for place, name in enumerate(rules.classes)},
                  never_ha={kind: count * grid.pixel_ha for kind, count in never.items()},
                  unknown_ha=(plan.pixels - sum(pixels.values())) * grid.pixel_ha,
                  outside_ha=(grid.width * grid.height - plan.pixels) * grid.pixel_ha,
                  patches=tuple(patches for _, _, patches in ranked))


def join_zones(data: AreaData, ranked: Ranked, weight_draws: NDArray[np.float64],
               workers: "Workers") -> Identification:
    """Zones out of the patches of the highest class, over all windows.

    Parameters
    ----------
    weight_draws : array (draws, factors)  Weights that they could be as well.
    workers : Workers                      Whoever does the windows.

    Raises
    ------
    BadInput  When work was lost.
    """
    plan, parts, ranking = ranked.maps.plan, ranked.maps.windows, ranked.ranking
    names = join_patches(ranked.patches, plan.layers.grid.width, ranking.least_pixels)
    rows = 1 + len(ranking.factors) + len(TOLD) + 2 * len(SITE) + 2 + len(data.codes)
    sums = np.zeros((rows, max(int(one.max()) for one in names)))
    tasks = [(plan, window, ranking, name) for window, name in zip(parts, names, strict=True)]
    for here, added in done(workers, sum_zones, tasks):
        sums[:, here - 1] += added
    return Identification(**vars(ranked), zones=_zones(data, sums, ranking, weight_draws))


def _zones(data: AreaData, sums: NDArray[np.float64], ranking: RankingRules,
           weight_draws: NDArray[np.float64]) -> tuple[Zone, ...]:
    """The zones by their sums, as `sum_zones` gives these."""
    factors, kinds = [one.id for one in ranking.factors], [one.ecosystem for one in data.classes]
    grid = data.layers.grid
    (pixels,), *parts = np.split(sums, np.cumsum([1, len(factors), len(TOLD) + 2, len(SITE), len(SITE)]))
    scores, means = ((part / pixels).T for part in parts[:2])
    sites = np.divide(parts[2], parts[3], out=np.full(parts[2].shape, np.nan), where=parts[3] > 0).T.tolist()
    land = parts[4].T
    stays = top_class_share(scores, weight_draws, ranking.breaks[-1])
    leading = leading_factors(scores, ranking.weights)
    found = []
    for zone, (index, slope, trend, residual_trend, soil_loss, column, row) in enumerate(means.tolist()):
        by_kind: Counter[str] = Counter()
        for kind, number in zip(kinds, land[zone].tolist(), strict=True):
            by_kind[kind] += number
        x, y = apply_affine(grid.transform, column, row)
        areas = {code: number * grid.pixel_ha for code, number in zip(data.codes, land[zone].tolist(), strict=True)}
        found.append(Zone(
            id=zone + 1, area_ha=float(pixels[zone] * grid.pixel_ha), index=index,
            scores=dict(zip(factors, scores[zone].tolist(), strict=True)),
            reasons=tuple(factors[place] for place in leading[zone, :REASONS].tolist()), stays_top=float(stays[zone]),
            slope_degrees=slope, elevation_m=sites[zone][0], rain_mm=sites[zone][1], trend=trend,
            residual_trend=residual_trend, soil_loss=soil_loss, x=x, y=y,
            land_ha={code: area for code, area in areas.items() if area},
            land=next((kind for kind, _ in by_kind.most_common(1)), None)))
    return tuple(found)

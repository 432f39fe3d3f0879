"""Carbon of the mapped land, what restoring the zones would gain beyond the baseline, how sure that is, its value."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.core.number import Interval
from mineco.evaluation.base import is_rounding
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.accuracy import Accuracy
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.pools import POOLS
from mineco.evaluation.restoration_area.zones import Identification
from mineco.geo.layers import MISSING_CODE
from mineco.restoration import soil_transition_change
from mineco.restoration.benefit import (
    DifferenceInDifferences,
    additional_gain,
    difference_in_differences,
    present_value,
    probability_above,
    sink_rise,
)
from mineco.restoration.maps.accuracy import AreaAdjusted, Estimate
from mineco.restoration.maps.carbon import (
    CarbonVariance,
    carbon_estimate,
    carbon_variance,
    change_by_transition,
    draw_pools,
    total_stock,
)
from mineco.restoration.maps.plots import Deviation, PlotCheck, bias_deviation, check_against_plots, spread_deviation
from mineco.restoration.maps.potential import (
    TO_CO2,
    central_interval,
)
from mineco.restoration.maps.strata import StratifiedAreas
from mineco.restoration.maps.transition import class_places
from mineco.standards.factors import load_factors

FEWEST_PLOTS = FEWEST_UNITS = 2  # for a confidence interval
SOIL_TRANSITION = "D.transition"  # factor: years that soil takes from one use of land to another


@dataclass(frozen=True, kw_only=True, repr=False)
class Carbon(Brief):
    """Stocks at both dates and the change between them: as mapped, as adjusted for wrong areas, and as drawn. [tC]"""

    years: tuple[int, int]
    mapped: tuple[float, float]
    start: Estimate
    end: Estimate
    change: Estimate
    drawn: dict[str, Interval]  # start, end, change
    change_draws: NDArray[np.float64]
    by_transition: NDArray[np.float64]  # (classes, classes)
    gain_loss: Estimate  # by yearly rates of each kind of land at the end, tC/yr
    unrated_ha: dict[str, float]  # land for which the dossier gives no yearly rate
    soil_change: float  # part of the change as mapped that soils make once they have settled
    soil_change_by_now: float  # and what they make of it in the years between, over a transition of 20 years
    plots: PlotCheck
    plot_density: NDArray[np.float64]  # of the map where each plot stands, tC/ha
    plot_carbon: NDArray[np.float64]  # measured on each of them, tC/ha
    plot_ids: tuple[str, ...]  # of these
    plots_left_out: tuple[str, ...]  # of those that stand where the map knows nothing
    deviations: dict[str, Deviation]  # bias, stock, change (reading T2)
    variances: dict[str, CarbonVariance]  # of stock and change

    @property
    def mapped_change(self) -> float:
        """The change as mapped. [tC]"""
        return _beyond_rounding(self.mapped[1] - self.mapped[0], self.mapped)

    @property
    def between(self) -> int:
        """Years between the dates."""
        return self.years[1] - self.years[0]


@dataclass(frozen=True, kw_only=True, repr=False)
class Benefit(Brief):
    """The chosen measures together: project, baseline, leakage, what is additional, and its value."""

    project: Interval  # (years,), tCO2/yr
    baseline: Interval
    leakage: Interval
    additional: Interval
    cumulated: Interval  # of the additional gain, tCO2
    before: Interval  # sink of the whole land a year before, tCO2/yr
    rise: float  # share by which the sink rises, of the means; NaN where the land was no sink
    rise_drawn: Interval  # of the draws in which it was one
    rise_known: float  # share of these among the draws; the others do not count as a rise
    rise_probability: float
    rise_met: bool
    value: Interval  # yuan
    cost: float  # yuan
    controls: DifferenceInDifferences | None  # of NDVI
    controls_left_out: tuple[str, ...]  # units of which NDVI is not known at both ends
    draws: int
    seed: int


def compute_carbon(case: Case, data: AreaData, identified: Identification, accuracy: Accuracy) -> Carbon:
    """Stocks by class areas adjusted for what the maps get wrong, with errors shared by class (readings T2, T4).

    The areas of the two dates count as independent: of maps that share their errors the change is surer than told.
    """
    years = data.rows_by_year("cover_start")[0].year, data.rows_by_year("cover_end")[0].year
    if years[0] is None or years[1] is None or years[1] <= years[0]:
        raise BadInput(Problem("cover_years_order", file="layers.csv", column="year", value=years[1] or "",
                               details={"start": years[0] or "—"}))
    on_map = identified.maps.at("cover_end", data.plots)
    standing = ~np.isnan(on_map) & (on_map != MISSING_CODE)
    if standing.sum() < FEWEST_PLOTS:
        raise BadInput(Problem("too_few_plots", file=data.plots.file, value=int(standing.sum()),
                               details={"of": len(on_map)}))
    order = [data.pools.classes.index(code) for code in data.codes]
    mean, spread = data.pools.mean[order], data.pools.spread[order]
    first, last = (accuracy.covers[name].adjusted for name in ("cover_start", "cover_end"))
    start = carbon_estimate(first.area.value, mean, spread, first.area_covariance)
    end = carbon_estimate(last.area.value, mean, spread, last.area_covariance)
    together = accuracy.change
    changed = last.area.value - first.area.value, mean, spread, (
        together.covariance if together else first.area_covariance + last.area_covariance)
    change = carbon_estimate(*changed)
    change = replace(change, value=_beyond_rounding(change.value, (start.value, end.value)))
    generator = np.random.default_rng(data.settings.seed)
    pools = draw_pools(mean, spread, data.settings.draws, generator)
    drawn_areas = together.draw_areas(data.settings.draws, generator) if together else (
        one.draw_areas(data.settings.draws, generator) for one in (first, last))
    before, after = (total_stock(areas, pools) for areas in drawn_areas)
    drawn = {"start": before, "end": after, "change": after - before}
    density = mean.sum(axis=1)[class_places(on_map[standing], data.codes)]
    names = np.array([row["id"] for row in data.plots.cells])
    on_ground = data.numbers(data.plots, "carbon_tc_per_ha")[standing]
    plots = check_against_plots(density, on_ground)
    allowed = case.standard.rule("carbon_deviation")
    gain_loss, unrated = _gain_loss(data, last)
    settled, by_now = _soil(identified.transitions_ha, mean[:, POOLS.index("soil")], years[1] - years[0])
    return Carbon(
        years=(years[0], years[1]), start=start, end=end, change=change,
        mapped=(float(total_stock(first.map_area, mean)), float(total_stock(last.map_area, mean))),
        drawn={name: central_interval(one) for name, one in drawn.items()}, change_draws=drawn["change"],
        by_transition=change_by_transition(identified.transitions_ha, mean), gain_loss=gain_loss, unrated_ha=unrated,
        soil_change=settled, soil_change_by_now=by_now, plots=plots, plot_density=density, plot_carbon=on_ground,
        plot_ids=tuple(names[standing].tolist()), plots_left_out=tuple(names[~standing].tolist()),
        deviations={"bias": bias_deviation(plots, allowed), "stock": spread_deviation(end, allowed),
                    "change": spread_deviation(change, allowed)},
        variances={"stock": carbon_variance(last.area.value, mean, spread, last.area_covariance),
                   "change": carbon_variance(*changed)})


def _beyond_rounding(change: Any, stocks: tuple[Any, Any]) -> Any:
    """A change between two stocks; zero where it is nothing but rounding of them."""
    return change * 0 if is_rounding(change, max(stocks)) else change


def _gain_loss(data: AreaData, last: AreaAdjusted | StratifiedAreas) -> tuple[Estimate, dict[str, float]]:
    """What the land at the end gains in a year by the rates of its kinds, and the land that has no rate. [tC/yr]"""
    rates, kinds = data.settings.baseline, [one.ecosystem for one in data.classes]
    belongs = np.array([[kind == name for kind in kinds] for name in rates], dtype=float)
    mean, spread = (np.array([[getattr(one, part)] for one in rates.values()]) for part in ("mean", "spread"))
    found = carbon_estimate(belongs @ last.area.value, mean, spread, belongs @ last.area_covariance @ belongs.T)
    unrated: Counter[str] = Counter()
    for kind, area in zip(kinds, last.area.value.tolist(), strict=True):
        if kind not in rates and area > 0:
            unrated[kind] += area
    return found, dict(unrated)


def _soil(transitions_ha: NDArray[np.float64], soil: NDArray[np.float64], between: int) -> tuple[float, float]:
    """What changes of land do to soil carbon once it has settled, and within the years between (reading T4). [tC]"""
    period = load_factors().by_id(SOIL_TRANSITION).value
    before, after = transitions_ha * soil[:, np.newaxis], transitions_ha * soil
    whole = float((after - before).sum())
    yearly = sum(soil_transition_change(after, before, period, year) for year in range(1, between + 1))
    return whole, float(np.sum(yearly))


def assess_benefit(case: Case, data: AreaData, identified: Identification, carbon: Carbon,
                   potential: Potential) -> Benefit:
    """Project less baseline less leakage, the rise of the sink, and what it is worth (readings T3, T6, T12)."""
    settings, project, baseline = data.settings, potential.project, potential.baseline
    cost = sum((plan.cost.get(plan.chosen, np.nan) for plan in potential.plans if plan.chosen), 0.0)
    leakage = settings.leakage_share * np.maximum(project - baseline, 0.0)
    additional = np.asarray(additional_gain(project, baseline, leakage))
    before = carbon.change_draws / carbon.between * TO_CO2
    still = np.repeat(before[:, np.newaxis], potential.years, axis=1)
    years = int(case.standard.rule("rise_years"))
    rise = sink_rise(still + additional, still, before, years)
    known = ~np.isnan(rise)
    mean_rise = sink_rise((still + additional).mean(axis=0), still.mean(axis=0), before.mean(), years)
    probability = probability_above(rise, case.standard.rule("rise_required"))
    controls, left_out = _controls(data, identified)
    value = present_value(additional, settings.price.yuan_per_t_co2, settings.price.discount, settings.price.growth)
    return Benefit(
        project=central_interval(project), baseline=central_interval(baseline), leakage=central_interval(leakage),
        additional=central_interval(additional), cumulated=central_interval(additional.cumsum(axis=-1)),
        before=central_interval(before), rise=float(mean_rise),
        rise_drawn=central_interval(rise[known] if known.any() else rise), rise_known=float(known.mean()),
        rise_probability=probability, rise_met=probability >= case.standard.rule("rise_probability"),
        value=central_interval(value), cost=cost, controls=controls, controls_left_out=left_out,
        draws=settings.draws, seed=settings.seed)


def _controls(data: AreaData, identified: Identification) -> tuple[DifferenceInDifferences | None, tuple[str, ...]]:
    """Change of NDVI, first against last three years, of restored units beyond that of controls, and units left out.

    Those are left out of which either mean is not known; nothing is told of fewer than two of a kind.
    """
    if data.controls is None:
        return None, ()
    first, last = (identified.maps.at(name, data.controls) for name in ("ndvi_first", "ndvi_last"))
    known = ~np.isnan(first) & ~np.isnan(last)
    left_out = tuple(row["id"] for row, there in zip(data.controls.cells, known, strict=True) if not there)
    restored = np.array([one["group"] == "restored" for one in data.controls.cells])
    groups = restored & known, ~restored & known
    if min(group.sum() for group in groups) < FEWEST_UNITS:
        return None, left_out
    return difference_in_differences(*(one[group] for group in groups for one in (first, last))), left_out

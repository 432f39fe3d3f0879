"""Carbon of the mapped land, what restoring the zones would gain beyond the baseline, how sure that is, its value."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.lazy import Brief
from mineco.core.number import Interval
from mineco.evaluation.base import is_rounding
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.accuracy import Accuracy
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.given.pools import POOLS
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.scenes.listed import COVERS
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
from mineco.restoration.maps.potential import TO_CO2, central_interval
from mineco.restoration.maps.strata import StratifiedAreas
from mineco.restoration.maps.transition import class_places
from mineco.standards.factors import load_factors

FEWEST_PLOTS = FEWEST_UNITS = 2  # for a confidence interval
SOIL_TRANSITION = "D.transition"  # factor: years that soil takes from one use of land to another


@dataclass(frozen=True, repr=False)
class MappedAreas(Brief):
    """Land by class as a map has it, where no points tell what it gets wrong. [ha]"""

    map_area: NDArray[np.float64]

    @property
    def area(self) -> Estimate:
        """The areas, of which no error is known."""
        return Estimate(self.map_area, np.zeros(len(self.map_area)))

    @property
    def area_covariance(self) -> NDArray[np.float64]:
        """Of their errors, which are not known."""
        return np.zeros((len(self.map_area),) * 2)

    def draw_areas(self, count: int, generator: np.random.Generator) -> NDArray[np.float64]:
        """The areas, as often as is drawn."""
        return np.broadcast_to(self.map_area, (count, len(self.map_area)))


Areas = AreaAdjusted | StratifiedAreas | MappedAreas


@dataclass(frozen=True, kw_only=True, repr=False)
class Carbon(Brief):
    """Stocks at the dates of which there are maps, and the change between two: as mapped, by areas, as drawn. [tC]

    Of a map alone there is the stock at its date, which is the end.
    """

    years: tuple[int, ...]
    areas: dict[str, Areas]  # by map of land cover; adjusted where points tell what maps get wrong
    mapped: tuple[float, ...]
    start: Estimate | None = None
    end: Estimate
    change: Estimate | None = None
    drawn: dict[str, Interval]  # start, end, change
    change_draws: NDArray[np.float64] | None = None
    by_transition: NDArray[np.float64] | None = None  # (classes, classes)
    gain_loss: Estimate | None  # by yearly rates of each kind of land at the end, tC/yr; None where there are none
    unrated_ha: dict[str, float]  # land for which the dossier gives no yearly rate
    soil_change: float | None = None  # part of the change as mapped that soils make once they have settled
    soil_change_by_now: float | None = None  # what they make of it in the years between, over a transition of 20 years
    plots: PlotCheck | None
    plot_density: NDArray[np.float64]  # of the map where each plot stands, tC/ha
    plot_carbon: NDArray[np.float64]  # measured on each of them, tC/ha
    plot_ids: tuple[str, ...]  # of these
    plots_left_out: tuple[str, ...]  # of those that stand where the map knows nothing
    deviations: dict[str, Deviation]  # bias, stock, change (reading T2), as far as plots and points allow
    variances: dict[str, CarbonVariance]  # of stock and change, likewise

    @property
    def adjusted(self) -> bool:
        """Whether areas are adjusted for what the maps get wrong; else that is in no interval."""
        return not any(isinstance(one, MappedAreas) for one in self.areas.values())

    @property
    def mapped_change(self) -> float:
        """The change as mapped. [tC]"""
        return _beyond_rounding(self.mapped[-1] - self.mapped[0], (self.mapped[0], self.mapped[-1]))

    @property
    def between(self) -> int:
        """Years between the dates."""
        return self.years[-1] - self.years[0]


@dataclass(frozen=True, kw_only=True, repr=False)
class Benefit(Brief):
    """The chosen measures together: project, baseline, leakage, what is additional, and its value.

    None stands for what is not assessed.
    """

    project: Interval | None = None  # (years,), tCO2/yr
    baseline: Interval | None = None
    leakage: Interval | None = None
    additional: Interval | None = None
    cumulated: Interval | None = None  # of the additional gain, tCO2
    before: Interval | None = None  # sink of the whole land a year before, tCO2/yr
    rise: float | None = None  # share by which the sink rises, of the means; NaN where the land was no sink
    rise_drawn: Interval | None = None  # of the draws in which it was one
    rise_known: float | None = None  # share of these among the draws; the others do not count as a rise
    rise_probability: float | None = None
    rise_met: bool | None = None
    value: Interval | None = None  # yuan
    cost: float | None = None  # yuan; NaN where the cost of a chosen measure is not given
    controls: DifferenceInDifferences | None  # of NDVI
    controls_left_out: tuple[str, ...]  # units of which NDVI is not known at both ends
    draws: int
    seed: int


def compute_carbon(case: Case, data: AreaData, identified: Identification, accuracy: Accuracy | None) -> Carbon | None:
    """Stocks by class areas with errors shared by class (readings T2, T4); None without pools (reading T15).

    Areas are adjusted for what the maps get wrong where points tell that of each. Those of two dates count as
    independent: of maps that share their errors the change is surer than told. Of points that were drawn of strata and
    judged on both dates the change is known as it is.
    """
    if data.pools is None or not data.covers:
        return None
    order = [data.pools.classes.index(code) for code in data.codes]
    mean, spread = data.pools.mean[order], data.pools.spread[order]
    areas = _areas(data, identified, accuracy)
    stocks = [carbon_estimate(one.area.value, mean, spread, one.area_covariance) for one in areas.values()]
    generator = np.random.default_rng(data.settings.seed)
    pools = draw_pools(mean, spread, data.settings.draws, generator)
    together = accuracy.change if accuracy and not any(isinstance(one, MappedAreas) for one in areas.values()) else None
    drawn = [total_stock(one, pools) for one in (
        together.draw_areas(data.settings.draws, generator) if together
        else [one.draw_areas(data.settings.draws, generator) for one in areas.values()])]
    last, allowed = areas[data.today], case.standard.rule("carbon_deviation")
    gain_loss, unrated = _gain_loss(data, last)
    plots, compared = _plots(data, identified, mean)
    found = Carbon(
        years=data.cover_years, areas=areas, end=stocks[-1],
        mapped=tuple(float(total_stock(one.map_area, mean)) for one in areas.values()),
        drawn={"end": central_interval(drawn[-1])}, gain_loss=gain_loss, unrated_ha=unrated, plots=plots, **compared,
        deviations={"bias": bias_deviation(plots, allowed)} if plots else {}, variances={})
    if found.adjusted:
        found.deviations["stock"] = spread_deviation(found.end, allowed)
        found.variances["stock"] = carbon_variance(last.area.value, mean, spread, last.area_covariance)
    if identified.transitions_ha is None:
        return found
    first = areas[COVERS[0]]
    changed = last.area.value - first.area.value, mean, spread, (
        together.covariance if together else first.area_covariance + last.area_covariance)
    change = carbon_estimate(*changed)
    change = replace(change, value=_beyond_rounding(change.value, (stocks[0].value, stocks[-1].value)))
    if found.adjusted:
        found.deviations["change"] = spread_deviation(change, allowed)
        found.variances["change"] = carbon_variance(*changed)
    settled, by_now = _soil(identified.transitions_ha, mean[:, POOLS.index("soil")], found.between)
    by_date = {"start": drawn[0], "end": drawn[-1], "change": drawn[-1] - drawn[0]}
    return replace(
        found, start=stocks[0], change=change, drawn={name: central_interval(one) for name, one in by_date.items()},
        change_draws=by_date["change"], by_transition=change_by_transition(identified.transitions_ha, mean),
        soil_change=settled, soil_change_by_now=by_now)


def _areas(data: AreaData, identified: Identification, accuracy: Accuracy | None
           ) -> dict[str, Areas]:
    """Land by class of each map of cover: of all of them adjusted for what they get wrong, or of none."""
    judged = accuracy.covers if accuracy else {}
    if set(judged) == set(data.covers):
        return {name: judged[name].adjusted for name in data.covers}
    return {name: MappedAreas(identified.covers_ha[name]) for name in data.covers}


def _plots(data: AreaData, identified: Identification, mean: NDArray[np.float64]
           ) -> tuple[PlotCheck | None, dict[str, Any]]:
    """Plots against the map, where there are enough of them on land that it knows; and each of them."""
    if data.plots is None:
        return None, {"plot_density": np.zeros(0), "plot_carbon": np.zeros(0), "plot_ids": (), "plots_left_out": ()}
    on_map, names = identified.maps.at(data.today, data.plots), np.array([row["id"] for row in data.plots.cells])
    standing = ~np.isnan(on_map) & (on_map != MISSING_CODE)
    density = mean.sum(axis=1)[class_places(on_map[standing], data.codes)]
    on_ground = data.numbers(data.plots, "carbon_tc_per_ha")[standing]
    return check_against_plots(density, on_ground) if len(density) >= FEWEST_PLOTS else None, {
        "plot_density": density, "plot_carbon": on_ground, "plot_ids": tuple(names[standing].tolist()),
        "plots_left_out": tuple(names[~standing].tolist())}


def _beyond_rounding(change: Any, stocks: tuple[Any, Any]) -> Any:
    """A change between two stocks; zero where it is nothing but rounding of them."""
    return change * 0 if is_rounding(change, max(stocks)) else change


def _gain_loss(data: AreaData, last: Areas) -> tuple[Estimate | None, dict[str, float]]:
    """What the land at the end gains in a year by the rates of its kinds, and the land that has no rate. [tC/yr]"""
    if not data.settings.baseline:
        return None, {}
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


def assess_benefit(case: Case, data: AreaData, identified: Identification, carbon: Carbon | None,
                   potential: Potential | None) -> Benefit | None:
    """Project less baseline less leakage, the rise of the sink, and what it is worth (readings T3, T6, T12).

    Of these what the dossier gives the figures for; None where it is nothing (reading T15).
    """
    settings = data.settings
    controls, left_out = _controls(data, identified)
    found = Benefit(controls=controls, controls_left_out=left_out, draws=settings.draws, seed=settings.seed)
    if potential is None:
        return found if controls or left_out else None
    project, baseline = potential.project, potential.baseline
    cost = sum((plan.cost.get(plan.chosen, np.nan) for plan in potential.plans if plan.chosen), 0.0)
    found = replace(found, project=central_interval(project), baseline=central_interval(baseline), cost=cost)
    if settings.leakage_share is None:
        return found
    leakage = settings.leakage_share * np.maximum(project - baseline, 0.0)
    additional = np.asarray(additional_gain(project, baseline, leakage))
    found = replace(found, leakage=central_interval(leakage), additional=central_interval(additional),
                    cumulated=central_interval(additional.cumsum(axis=-1)))
    if carbon is not None and carbon.change_draws is not None:
        found = replace(found, **_rise(case, carbon.change_draws / carbon.between * TO_CO2, additional))
    if settings.price is not None:
        price = settings.price
        value = present_value(additional, price.yuan_per_t_co2, price.discount, price.growth)
        found = replace(found, value=central_interval(value))
    return found


def _rise(case: Case, before: NDArray[np.float64], additional: NDArray[np.float64]) -> dict[str, Any]:
    """By what share the sink rises, over the draws of what it was a year and of what is additional (reading T3)."""
    rule = case.standard.rule
    still, years = np.repeat(before[:, np.newaxis], additional.shape[1], axis=1), int(rule("rise_years"))
    rise = sink_rise(still + additional, still, before, years)
    known = ~np.isnan(rise)
    mean_rise = sink_rise((still + additional).mean(axis=0), still.mean(axis=0), before.mean(), years)
    probability = probability_above(rise, rule("rise_required"))
    return {"before": central_interval(before), "rise": float(mean_rise),
            "rise_drawn": central_interval(rise[known] if known.any() else rise), "rise_known": float(known.mean()),
            "rise_probability": probability, "rise_met": probability >= rule("rise_probability")}


def _controls(data: AreaData, identified: Identification) -> tuple[DifferenceInDifferences | None, tuple[str, ...]]:
    """Change of NDVI, first against last three years, of restored units beyond that of controls, and units left out.

    Those are left out of which either mean is not known; nothing is told of fewer than two of a kind.
    """
    if data.controls is None or not identified.maps.plan.ndvi:
        return None, ()
    first, last = (identified.maps.at(name, data.controls) for name in ("ndvi_first", "ndvi_last"))
    known = ~np.isnan(first) & ~np.isnan(last)
    left_out = tuple(row["id"] for row, there in zip(data.controls.cells, known, strict=True) if not there)
    restored = np.array([one["group"] == "restored" for one in data.controls.cells])
    groups = restored & known, ~restored & known
    if min(group.sum() for group in groups) < FEWEST_UNITS:
        return None, left_out
    return difference_in_differences(*(one[group] for group in groups for one in (first, last))), left_out

"""Carbon of the mapped land, what restoring the zones would gain beyond the baseline, how sure that is, its value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.area_accuracy import Accuracy
from mineco.area_dossier import AreaData
from mineco.area_rules import AreaRules
from mineco.area_zones import Identified, Zone
from mineco.case import Case
from mineco.errors import BadInput, Problem, Problems
from mineco.restoration.accuracy import Estimate
from mineco.restoration.benefit import (
    DifferenceInDifferences,
    additional_gain,
    difference_in_differences,
    present_value,
    probability_above,
    sink_rise,
)
from mineco.restoration.carbon import carbon_estimate, change_by_transition, draw_pools, total_stock
from mineco.restoration.plots import Deviation, PlotCheck, bias_deviation, check_against_plots, spread_deviation
from mineco.restoration.potential import (
    Expected,
    Priorities,
    cost_per_tonne,
    draw_range,
    expected,
    priorities,
    yearly_from_rate,
    zone_gains,
)

TO_CO2 = 44 / 12  # tCO2/tC


@dataclass(frozen=True)
class Carbon:
    """Stocks at both dates and the change between them: as mapped, as adjusted for wrong areas, and as drawn. [tC]"""

    years: tuple[int, int]
    mapped: tuple[float, float]
    start: Estimate
    end: Estimate
    change: Estimate
    drawn: dict[str, Expected]  # start, end, change
    change_draws: NDArray[np.float64]
    by_transition: NDArray[np.float64]  # (classes, classes)
    plots: PlotCheck
    deviations: dict[str, Deviation]  # bias, stock, change (reading T2)

    @property
    def between(self) -> int:
        """Years between the dates."""
        return self.years[1] - self.years[0]


@dataclass(frozen=True)
class ZonePlan:
    """What each suitable measure would gain in a zone, net of the baseline. [tCO2]"""

    zone: int
    measures: tuple[str, ...]  # suitable ones
    yearly: dict[str, Expected]  # (years,), by measure
    cumulated: dict[str, Expected]  # (years,)
    cost: dict[str, float]  # yuan; of measures with a cost
    cost_per_tonne: dict[str, float]  # over all years; NaN where nothing is gained
    chosen: str  # blank where no measure suits


@dataclass(frozen=True)
class Potential:
    """Zones and measures side by side (reading T7)."""

    plans: tuple[ZonePlan, ...]
    priorities: Priorities
    measures: tuple[str, ...]
    years: int


@dataclass(frozen=True)
class Benefit:
    """The chosen measures together: project, baseline, leakage, what is additional, and its value."""

    project: Expected  # (years,), tCO2/yr
    baseline: Expected
    leakage: Expected
    additional: Expected
    cumulated: Expected  # of the additional gain, tCO2
    before: Expected  # sink of the whole land a year before, tCO2/yr
    rise: Expected  # share by which the sink rises; NaN where the land was no sink
    rise_probability: float  # NaN likewise
    rise_met: bool
    value: Expected  # yuan
    cost: float  # yuan
    controls: DifferenceInDifferences | None  # of NDVI
    draws: int
    seed: int


def keep_carbon(case: Case, data: AreaData, identified: Identified, accuracy: Accuracy) -> Carbon:
    """Stocks by class areas adjusted for what the maps get wrong, with errors shared by class (readings T2, T4).

    The areas of the two dates count as independent: of maps that share their errors the change is surer than told.
    """
    years = data.of("cover_start")[0].year, data.of("cover_end")[0].year
    if years[0] is None or years[1] is None or years[1] <= years[0]:
        raise BadInput(Problem("cover_years_order", file="layers.csv", column="year", value=years[1] or "",
                               details={"start": years[0] or "—"}))
    if len(data.plots.rows) < 2:
        raise BadInput(Problem("too_few_plots", file=data.plots.file, value=len(data.plots.rows)))
    order = [data.pools.classes.index(code) for code in data.codes]
    mean, spread = data.pools.mean[order], data.pools.spread[order]
    first, last = (accuracy.covers[name].adjusted for name in ("cover_start", "cover_end"))
    start = carbon_estimate(first.area.value, mean, spread, first.area_covariance)
    end = carbon_estimate(last.area.value, mean, spread, last.area_covariance)
    change = carbon_estimate(last.area.value - first.area.value, mean, spread,
                             first.area_covariance + last.area_covariance)
    generator = np.random.default_rng(data.settings.seed)
    pools = draw_pools(mean, spread, data.settings.draws, generator)
    stocks = [total_stock(one.draw_areas(data.settings.draws, generator), pools) for one in (first, last)]
    drawn = {"start": stocks[0], "end": stocks[1], "change": stocks[1] - stocks[0]}
    on_map = identified.maps.layer_at("cover_end", data.plots)
    density = mean.sum(axis=1)[np.searchsorted(np.array(data.codes), on_map)]
    plots = check_against_plots(density, data.numbers(data.plots, "carbon_tc_per_ha"))
    allowed = case.standard.rule("carbon_deviation")
    return Carbon((years[0], years[1]), (float(total_stock(first.map_area, mean)),
                                         float(total_stock(last.map_area, mean))), start, end, change,
                  {name: expected(one) for name, one in drawn.items()}, drawn["change"],
                  change_by_transition(identified.transitions_ha, mean), plots,
                  {"bias": bias_deviation(plots, allowed), "stock": spread_deviation(end, allowed),
                   "change": spread_deviation(change, allowed)})


@dataclass(frozen=True)
class _Rates:
    """Draws of what a hectare gains: under each measure (draws, measures, years), and by itself (draws, lands)."""

    yearly: NDArray[np.float64]
    lands: tuple[str, ...]
    by_itself: NDArray[np.float64]


def draw_rates(case: Case, data: AreaData, rules: AreaRules) -> _Rates:
    """Draws that go for all zones alike: a rate that is too high is too high everywhere."""
    generator = np.random.default_rng([data.settings.seed, 1])
    document, years = case.standard.source, int(case.standard.rule("horizon"))
    low, high, lasts = ([rules.rate(getattr(one, name), document).value for one in rules.measures.values()]
                        for name in ("low", "high", "lasts"))
    rates = draw_range(low, high, data.settings.draws, generator)
    lands = tuple(data.settings.baseline)
    given = data.settings.baseline.values()
    by_itself = generator.normal([one.mean for one in given], [one.spread for one in given],
                                 (data.settings.draws, len(lands)))
    return _Rates(yearly_from_rate(rates, lasts, years), lands, by_itself)


def foresee(case: Case, data: AreaData, rules: AreaRules, identified: Identified, rates: _Rates) -> Potential:
    """What each suitable measure would gain in each zone year by year, with interval and cost (reading T7)."""
    problems = Problems()
    for zone in identified.zones:
        if zone.land not in rates.lands:
            problems.add("baseline_missing", file="area.yaml", column="baseline", value=zone.land,
                         area=f"{zone.area_ha:.2f}")
    problems.stop()
    names, years = tuple(rules.measures), rates.yearly.shape[-1]
    gains = np.full((len(identified.zones), len(names)), np.nan)
    costs = np.full(gains.shape, np.nan)
    plans: list[ZonePlan] = []
    for place, zone in enumerate(identified.zones):  # one at a time: draws of all zones together fill the memory
        suitable = np.array([suits(zone, one, rules) for one in names])
        drawn = zone_gains(np.array([zone.area_ha]), rates.yearly, _baseline(zone, rates), suitable[np.newaxis])[:, 0]
        yearly = {name: expected(drawn[:, number]) for number, name in enumerate(names) if suitable[number]}
        cumulated = {name: expected(drawn[:, number].cumsum(axis=-1)) for number, name in enumerate(names)
                     if suitable[number]}
        cost = {name: zone.area_ha * data.settings.costs_yuan_per_ha[name] for name in yearly
                if name in data.settings.costs_yuan_per_ha}
        for number, name in enumerate(names):
            if name in cumulated:
                gains[place, number] = cumulated[name].mean[-1]
                costs[place, number] = cost_per_tonne(cost.get(name, np.nan), gains[place, number])
        plans.append(ZonePlan(zone.id, tuple(yearly), yearly, cumulated, cost,
                              {name: float(costs[place, names.index(name)]) for name in cost}, ""))
    ranked = priorities(np.array([one.index for one in identified.zones]), gains, costs)
    chosen = ranked.most if case.option("plan_by") == "most-gain" else ranked.cheapest
    return Potential(tuple(ZonePlan(one.zone, one.measures, one.yearly, one.cumulated, one.cost, one.cost_per_tonne,
                                    "" if which < 0 else names[which])
                           for one, which in zip(plans, chosen.tolist(), strict=True)), ranked, names, years)


def suits(zone: Zone, measure: str, rules: AreaRules) -> bool:
    """Whether a measure suits the land of a zone and its slope."""
    rule = rules.measures[measure]
    return zone.land in rule.suits and zone.slope_degrees <= rule.most_slope


def _baseline(zone: Zone, rates: _Rates) -> NDArray[np.float64]:
    """Draws of what a hectare of the zone gains by itself, every year the same: (draws, 1, years)."""
    steady = rates.by_itself[:, rates.lands.index(zone.land)]
    return np.repeat(steady[:, np.newaxis, np.newaxis], rates.yearly.shape[-1], axis=2)


def weigh_benefit(case: Case, data: AreaData, rules: AreaRules, identified: Identified, carbon: Carbon,
                  potential: Potential, rates: _Rates) -> Benefit:
    """Project less baseline less leakage, the rise of the sink, and what it is worth (readings T3, T6, T12)."""
    settings, names = data.settings, list(rules.measures)
    project = np.zeros((settings.draws, potential.years))
    baseline = np.zeros_like(project)
    cost = 0.0
    for zone, plan in zip(identified.zones, potential.plans, strict=True):
        if plan.chosen:
            project += zone.area_ha * rates.yearly[:, names.index(plan.chosen)] * TO_CO2
            baseline += zone.area_ha * _baseline(zone, rates)[:, 0] * TO_CO2
            cost += plan.cost.get(plan.chosen, np.nan)
    leakage = settings.leakage_share * np.maximum(project - baseline, 0.0)
    additional = np.asarray(additional_gain(project, baseline, leakage))
    before = carbon.change_draws / carbon.between * TO_CO2
    still = np.repeat(before[:, np.newaxis], potential.years, axis=1)
    rise = sink_rise(still + additional, still, before, int(case.standard.rule("rise_years")))
    probability = probability_above(rise, case.standard.rule("rise_required"))
    value = present_value(additional, settings.price.yuan_per_t_co2, settings.price.discount, settings.price.growth)
    return Benefit(expected(project), expected(baseline), expected(leakage), expected(additional),
                   expected(additional.cumsum(axis=-1)), expected(before), expected(rise), probability,
                   probability >= case.standard.rule("rise_probability"), expected(value), cost,
                   _controls(data, identified), settings.draws, settings.seed)


def _controls(data: AreaData, identified: Identified) -> DifferenceInDifferences | None:
    """Change of NDVI, first against last three years, of restored units beyond that of controls."""
    if data.controls is None:
        return None
    first, last = (identified.maps.at(name, data.controls) for name in ("ndvi_first", "ndvi_last"))
    restored = np.array([one["group"] == "restored" for one in data.controls.cells])
    return difference_in_differences(first[restored], last[restored], first[~restored], last[~restored])

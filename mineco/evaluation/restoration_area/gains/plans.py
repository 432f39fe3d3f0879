"""What each suitable measure would gain in each zone, side by side with why the zone is degraded (reading T7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import Problems
from mineco.core.lazy import Brief
from mineco.core.number import Interval
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.gains.rates import Rates
from mineco.evaluation.restoration_area.gains.suitability import limits_of, outside
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.zones import Identification, Zone
from mineco.restoration.maps.potential import (
    Priorities,
    central_interval,
    cost_per_tonne,
    land_gain,
    priorities,
    zone_gains,
)
from mineco.standards.area import AreaRules


@dataclass(frozen=True, repr=False)
class ZonePlan(Brief):
    """What each suitable measure would gain in a zone, net of the baseline. [tCO2]"""

    zone: int
    measures: tuple[str, ...]  # suitable ones
    unsuitable: dict[str, tuple[str, ...]]  # that suit the land and not the site, with the limits that it lies outside
    yearly: dict[str, Interval]  # (years,), by measure
    cumulated: dict[str, Interval]  # (years,)
    cost: dict[str, float]  # yuan; of measures with a cost
    cost_per_tonne: dict[str, float]  # over all years; NaN where nothing is gained
    chosen: str  # blank where no measure suits


@dataclass(frozen=True, kw_only=True, repr=False)
class Potential(Brief):
    """Zones and measures side by side (reading T7), and draws of what the chosen ones gain together."""

    plans: tuple[ZonePlan, ...]
    priorities: Priorities
    measures: tuple[str, ...]
    years: int
    project: NDArray[np.float64]  # (draws, years), of all zones with a chosen measure, tCO2/yr
    baseline: NDArray[np.float64]  # the same land by itself


def project_gains(case: Case, data: AreaData, rules: AreaRules, identified: Identification, rates: Rates
                  ) -> Potential | None:
    """What each suitable measure would gain in each zone year by year, with interval and cost (reading T7).

    None without a map of land cover or without baselines: it is not assessed (reading T15).
    """
    if not (data.covers and data.settings.baseline):
        return None
    problems = Problems()
    for zone in identified.zones:
        if zone.land not in rates.lands:
            problems.add("baseline_missing", file="area.yaml", column="baseline", value=zone.land,
                         area=f"{zone.area_ha:.2f}")
    problems.stop()
    limits = {name: limits_of(rules, name, data.settings.limits) for name in rules.measures}
    plans = [_plan(zone, rules, rates, data.settings.costs_yuan_per_ha, limits) for zone in identified.zones]
    return choose_measures(case, data, rules, identified, rates, plans)


def choose_measures(case: Case, data: AreaData, rules: AreaRules, identified: Identification, rates: Rates,
                    plans: Sequence[ZonePlan]) -> Potential:
    """The measure of each zone by the option of the case, whichever was chosen before, and what all gain together."""
    names, years = tuple(rules.measures), rates.yearly.shape[-1]
    shape = len(plans), len(names)
    gains = np.array([one.cumulated[name].mean[-1] if name in one.cumulated else np.nan
                      for one in plans for name in names]).reshape(shape)
    costs = np.array([one.cost_per_tonne.get(name, np.nan) for one in plans for name in names]).reshape(shape)
    ranked = priorities(np.array([one.index for one in identified.zones]), gains, costs)
    chosen = ranked.most if case.option("plan_by") == "most-gain" else ranked.cheapest
    decided = tuple(replace(plan, chosen=names[which] if which >= 0 else "")
                    for plan, which in zip(plans, chosen.tolist(), strict=True))
    project, baseline = gain_together(identified.zones, chosen, rates)
    return Potential(plans=decided, priorities=ranked, measures=names, years=years, project=project,
                     baseline=baseline)


def gain_together(zones: Sequence[Zone], chosen: NDArray[np.intp], rates: Rates
                  ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draws of what zones gain under one measure each (−1 for none) and of what they would gain by themselves.

    Both are (draws, years) and of the zones that have a measure. [tCO2/yr]
    """
    draws, _, years = rates.yearly.shape
    project, baseline = (np.zeros((draws, years)) for _ in range(2))
    for zone, which in zip(zones, chosen.tolist(), strict=True):
        if which >= 0:
            project += land_gain(zone.area_ha, rates.yearly[:, which])
            baseline += land_gain(zone.area_ha, _baseline(zone, rates)[:, 0])
    return project, baseline


def rank_zones(identified: Identification, potential: Potential | None) -> Priorities:
    """The zones ranked three ways; by degradation alone where gains are not assessed."""
    if potential is not None:
        return potential.priorities
    nothing = np.full((len(identified.zones), 1), np.nan)
    return priorities(np.array([one.index for one in identified.zones]), nothing, nothing)


def _plan(zone: Zone, rules: AreaRules, rates: Rates, prices: Mapping[str, float],
          limits: Mapping[str, dict[str, float]]) -> ZonePlan:
    """What the measures that suit the land of a zone and its site would gain there; none is chosen yet.

    One zone at a time: draws of all zones together fill the memory.
    """
    kept_out = {name: outside(zone, limits[name]) for name, rule in rules.measures.items() if zone.land in rule.suits}
    suitable = {name: number for number, name in enumerate(rules.measures) if kept_out.get(name) == ()}
    drawn = zone_gains(np.array([zone.area_ha]), rates.yearly[:, list(suitable.values())], _baseline(zone, rates),
                       np.ones((1, len(suitable)), dtype=bool))[:, 0]
    yearly, cumulated = (_by_measure(suitable, one) for one in (drawn, drawn.cumsum(axis=-1)))
    cost = {name: zone.area_ha * prices[name] for name in suitable if name in prices}
    per_tonne = {name: float(cost_per_tonne(one, cumulated[name].mean[-1])) for name, one in cost.items()}
    unsuitable = {name: why for name, why in kept_out.items() if why}
    return ZonePlan(zone.id, tuple(suitable), unsuitable, yearly, cumulated, cost, per_tonne, "")


def _by_measure(names: Iterable[str], draws: NDArray[np.float64]) -> dict[str, Interval]:
    """What draws (draws, measures, years) lead one to expect of each measure."""
    found = central_interval(draws)
    return {name: Interval(found.mean[place], found.low[place], found.high[place]) for place, name in enumerate(names)}


def _baseline(zone: Zone, rates: Rates) -> NDArray[np.float64]:
    """Draws of what a hectare of the zone gains by itself, every year the same: (draws, 1, years)."""
    steady = rates.by_itself[:, rates.lands.index(zone.land)]
    return np.repeat(steady[:, np.newaxis, np.newaxis], rates.yearly.shape[-1], axis=2)

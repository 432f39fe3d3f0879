"""The search for what brings most: worth and cost of each zone and measure, and the best of them for every budget."""

from collections.abc import Mapping
from math import inf

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import Problems, nearest_first
from mineco.core.number import Interval
from mineco.evaluation.restoration_area.choice.asked import ChoiceSettings
from mineco.evaluation.restoration_area.choice.found import (
    BUDGET,
    NO_COST,
    NO_GAIN,
    NO_MEASURE,
    RULED_OUT,
    Choice,
    Part,
    Plan,
    Point,
)
from mineco.evaluation.restoration_area.gains.plans import Potential, ZonePlan, gain_together
from mineco.evaluation.restoration_area.gains.rates import Rates
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.zones import Identification, Zone
from mineco.restoration.maps.choice import Chosen, best_options, cheapest_first
from mineco.restoration.maps.potential import central_interval
from mineco.standards.area import AreaRules

STEPS = 20  # budgets of the curve
SETS = 2**12  # kept after a zone for one of them, which is told with less certainty than a plan


def choose_under_budget(data: AreaData, rules: AreaRules, identified: Identification, rates: Rates,
                        potential: Potential | None, asked: ChoiceSettings | None = None,
                        prices: Mapping[str, float] | None = None) -> Choice | None:
    """What brings most under the budget that is stated, and over budgets.

    Parameters
    ----------
    rates : Rates                        Draws of what measures gain, from which the interval of the plan is.
    potential : Potential, optional      What each measure would gain in each zone, where that is assessed.
    asked : ChoiceSettings, optional     Else what area.yaml asks.
    prices : mapping, optional           Costs of measures, else those of area.yaml. [yuan/ha]

    Returns
    -------
    Choice
        None where gains are not assessed, no measure that suits a zone has a cost, or there is no zone: then nothing
        can be said of money.

    Raises
    ------
    BadInput  For zones that are ruled out and are not there.
    """
    if potential is None:
        return None
    asked = asked or data.settings.choice or ChoiceSettings()
    prices = dict(data.settings.costs_yuan_per_ha if prices is None else prices)
    require_zones(asked, identified, "choice.without_zones", "area.yaml")
    names = list(rules.measures)
    suits = np.array([[name in plan.measures for name in names] for plan in potential.plans], dtype=bool)
    suits = suits.reshape(-1, len(names))
    area = np.array([[zone.area_ha] for zone in identified.zones]).reshape(-1, 1)
    cost = area * np.array([prices.get(name, np.nan) for name in names])
    without_cost = tuple(name for place, name in enumerate(names) if suits[:, place].any() and name not in prices)
    if np.isnan(cost[suits]).all():
        return None
    allowed = suits & ~np.isin(names, asked.without_measures)
    allowed &= ~np.isin([[zone.id] for zone in identified.zones], asked.without_zones)
    worth = np.where(allowed, _worth(asked.goal, identified, potential, names), np.nan)
    most = best_options(worth, cost, [inf])[0].cost
    budgets = [most * step / STEPS for step in range(1, STEPS + 1)] if most else [0.0]
    stated = [] if asked.budget_yuan is None else [asked.budget_yuan]
    found = best_options(worth, cost, budgets, SETS)
    points = tuple(Point(budget, one.cost, one.worth, one.bound, int((one.option >= 0).sum()),
                         cheapest_first(worth, cost, budget).worth)
                   for budget, one in zip(budgets, found, strict=True))
    left = _left(identified, potential, asked, prices, worth)
    plans = [_plan(rules, identified, rates, potential, cost, one, budget, left)
             for budget, one in zip(stated, best_options(worth, cost, stated), strict=True)]
    return Choice(rules=rules, asked=asked, plan=plans[0] if plans else None, curve=points, prices=prices,
                  without_cost=without_cost, relative_loss=identified.relative_loss)


def require_zones(asked: ChoiceSettings, identified: Identification, row: str, file: str = "") -> None:
    """Refuse zones that are ruled out and are not there."""
    problems, known = Problems(), [zone.id for zone in identified.zones]
    for zone in asked.without_zones:
        if zone not in known:
            problems.add("unknown_zone", file=file, row=row, value=str(zone),
                         known=nearest_first(str(zone), list(map(str, known))))
    problems.stop()


def _worth(goal: str, identified: Identification, potential: Potential, names: list[str]) -> NDArray[np.float64]:
    """What each measure is worth in each zone by the goal, (zones, measures)."""
    if goal == "carbon":
        return np.array([[plan.cumulated[name].mean[-1] if name in plan.cumulated else np.nan for name in names]
                         for plan in potential.plans]).reshape(-1, len(names))
    of_zone = [zone.area_ha if goal == "hectares" else _loss(zone) for zone in identified.zones]
    return np.repeat(np.array(of_zone).reshape(-1, 1), len(names), axis=1)


def _loss(zone: Zone) -> float:
    return zone.area_ha * zone.soil_loss


def _left(identified: Identification, potential: Potential, asked: ChoiceSettings, prices: Mapping[str, float],
          worth: NDArray[np.float64]) -> dict[int, str]:
    """Why each zone is not in a plan, if it is not."""
    def why(plan: ZonePlan, values: NDArray[np.float64]) -> str:
        able = [name for name in plan.measures if name not in asked.without_measures]
        if plan.zone in asked.without_zones or (plan.measures and not able):
            return RULED_OUT
        if not plan.measures:
            return NO_MEASURE
        if not any(name in prices for name in able):
            return NO_COST
        return BUDGET if (values > 0).any() else NO_GAIN

    return {zone.id: why(plan, values)
            for zone, plan, values in zip(identified.zones, potential.plans, worth, strict=True)}


def _plan(rules: AreaRules, identified: Identification, rates: Rates, potential: Potential, cost: NDArray[np.float64],
          found: Chosen, budget: float, left: Mapping[int, str]) -> Plan:
    """The options that were taken, as zones with their measures, and the interval of what they gain together."""
    names, parts = list(rules.measures), []
    for place, (zone, plan, option) in enumerate(zip(identified.zones, potential.plans, found.option.tolist(),
                                                     strict=True)):
        if option >= 0:
            of_years = plan.cumulated[names[option]]
            gain = Interval(*(float(getattr(of_years, part)[-1]) for part in ("mean", "low", "high")))
            parts.append(Part(zone, names[option], float(cost[place, option]), gain, _loss(zone)))
    project, baseline = gain_together(identified.zones, found.option, rates)
    together = central_interval((project - baseline).sum(axis=1))
    taken = {one.zone.id for one in parts}
    return Plan(rules=rules, relative_loss=identified.relative_loss, budget=budget, parts=tuple(parts),
                left={zone: why for zone, why in left.items() if zone not in taken}, worth=found.worth,
                bound=found.bound,
                gain=Interval(*(float(getattr(together, part)) for part in ("mean", "low", "high"))))

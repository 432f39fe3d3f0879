"""What was chosen: the plan under a budget, why zones are not in it, and the curve of gain against money."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mineco.core.lazy import Brief, LazyModule, Shown
from mineco.core.number import Interval
from mineco.evaluation.restoration_area.choice.asked import ChoiceSettings
from mineco.evaluation.restoration_area.zones import Zone
from mineco.standards.area import AreaRules

# why a zone is not in a plan, in the order in which it is looked for
RULED_OUT, NO_MEASURE, NO_COST, NO_GAIN, BUDGET = "ruled_out", "no_measure", "no_cost", "no_gain", "budget"


class OfChoice(Shown):
    """What shows itself as choices do."""

    _display = LazyModule("mineco.evaluation.display.choices")


@dataclass(frozen=True, repr=False)
class Part(Brief):
    """A zone with its measure."""

    zone: Zone
    measure: str
    cost: float  # [yuan]
    gain: Interval  # over all years, beyond the baseline [tCO2]
    loss: float  # of soil on the land that is treated, as it is now; NaN where it is not known


@dataclass(frozen=True, kw_only=True, repr=False)
class Plan(OfChoice):
    """The measures that bring most within a budget.

    Attributes
    ----------
    rules : AreaRules   That name the measures.
    relative_loss : bool   Soil loss is an index and no tonnes.
    budget : float      [yuan]
    parts : tuple       Zones with their measures, by number.
    left : dict         Zones that are not in it, and why.
    gain : Interval     Of all, from the draws, over all years and beyond the baseline. [tCO2]
    worth : float       Of the goal: tCO2, ha, or tonnes of soil lost in a year on treated land.
    bound : float       No plan within the budget is worth more.
    """

    rules: AreaRules
    relative_loss: bool
    budget: float
    parts: tuple[Part, ...]
    left: dict[int, str]
    gain: Interval
    worth: float
    bound: float

    @property
    def cost(self) -> float:
        """What it costs. [yuan]"""
        return sum(one.cost for one in self.parts)

    @property
    def hectares(self) -> float:
        """The land that it restores. [ha]"""
        return sum(one.zone.area_ha for one in self.parts)

    @property
    def loss(self) -> float:
        """Soil lost in a year on the land that it treats, as it is now; not what the measures would keep of it."""
        return sum(one.loss for one in self.parts)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each zone with its measure, as a row of plan.csv."""
        loss = "soil_loss_index_ha" if self.relative_loss else "soil_loss_on_treated_land_t_per_yr"
        for one in self.parts:
            yield {"zone": one.zone.id, "land": one.zone.land, "measure": one.measure, "area_ha": one.zone.area_ha,
                   "cost_yuan": one.cost, **{f"gain_{part}_t_co2": getattr(one.gain, part)
                                             for part in ("mean", "low", "high")}, loss: one.loss}

    @property
    def gap(self) -> float:
        """By what share of its worth a better plan could exceed it; 0 where it is proven to be the best. [1]"""
        return self.bound / self.worth - 1 if self.bound > self.worth else 0.0


@dataclass(frozen=True)
class Point:
    """What a budget brings at most, and what a list by cost of a unit would have brought."""

    budget: float  # [yuan]
    cost: float  # [yuan]
    worth: float
    bound: float
    zones: int
    listed: float  # worth of the zones taken by cost of a unit, the cheapest first, while money lasts


@dataclass(frozen=True, kw_only=True, repr=False)
class Choice(OfChoice):
    """Which measure in which zone brings most, under a budget and over budgets.

    Attributes
    ----------
    asked : ChoiceSettings   Goal, budget, and what is ruled out.
    plan : Plan              Under the budget; None where none is stated.
    curve : tuple of Point   Budgets in even steps, up to what the most that can be had costs.
    prices : dict            Of the measures that have a cost. [yuan/ha]
    without_cost : tuple     Measures that suit a zone and have no cost, and cannot be chosen.
    relative_loss : bool     Soil loss is an index and no tonnes.
    """

    rules: AreaRules
    asked: ChoiceSettings
    plan: Plan | None
    curve: tuple[Point, ...]
    prices: dict[str, float]
    without_cost: tuple[str, ...]
    relative_loss: bool

    @property
    def unit(self) -> str:
        """The unit of the goal."""
        soil = "ha" if self.relative_loss else "t/yr"  # an index times hectares
        return {"carbon": "tCO2", "hectares": "ha", "soil": soil}[self.asked.goal]

    def told(self) -> dict[str, Any]:
        """The choice as results.json tells it."""
        plan = self.plan and {
            "budget_yuan": self.plan.budget, "cost_yuan": self.plan.cost, "area_ha": self.plan.hectares,
            "gain_t_co2": self.plan.gain, "soil_loss": self.plan.loss, "worth": self.plan.worth,
            "bound": self.plan.bound, "left": {str(zone): why for zone, why in self.plan.left.items()},
            "zones": [{"zone": one.zone.id, "measure": one.measure, "area_ha": one.zone.area_ha, "cost_yuan": one.cost,
                       "gain_t_co2": one.gain, "soil_loss": one.loss} for one in self.plan.parts]}
        return {**self.asked.model_dump(exclude={"budget_yuan"}), "unit": self.unit,
                "without_cost": list(self.without_cost), "plan": plan, "curve": [vars(one) for one in self.curve]}

    def points(self) -> pd.DataFrame:
        """The curve as a table."""
        return pd.DataFrame([vars(one) for one in self.curve])

"""The form of a choice in results.json."""

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt

from mineco.evaluation.record.form import ArrayPart, Expected, Known
from mineco.evaluation.restoration_area.choice.asked import Goal


class PartForm(ArrayPart):
    zone: PositiveInt
    measure: str
    area_ha: NonNegativeFloat
    cost_yuan: NonNegativeFloat
    gain_t_co2: Expected[Known]
    soil_loss: Known


class PlanForm(ArrayPart):
    """What is chosen under the budget; no plan within it is worth more than the bound."""

    budget_yuan: NonNegativeFloat
    cost_yuan: NonNegativeFloat
    area_ha: NonNegativeFloat
    gain_t_co2: Expected[Known]
    soil_loss: Known
    worth: float
    bound: float
    zones: list[PartForm]
    left: dict[str, str]


class PointForm(ArrayPart):
    """What a budget brings at most, and what a list by cost of a unit would have brought."""

    budget: NonNegativeFloat
    cost: NonNegativeFloat
    worth: float
    bound: float
    zones: NonNegativeInt
    listed: float


class ChoiceForm(ArrayPart):
    goal: Goal
    unit: str
    without_zones: list[PositiveInt]
    without_measures: list[str]
    without_cost: list[str]
    plan: PlanForm | None
    curve: list[PointForm]

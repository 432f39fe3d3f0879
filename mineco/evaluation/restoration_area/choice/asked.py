"""What is asked of a choice: the goal, the budget, and the zones and measures that are ruled out."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from mineco.dossier.models import FrozenModel, NotNegative

Goal = Literal["carbon", "hectares", "soil"]
GOALS: tuple[str, ...] = get_args(Goal)


class ChoiceSettings(FrozenModel):
    """The entry ``choice`` of rasters/area.yaml; without a budget only the curve is told."""

    budget_yuan: NotNegative | None = None
    goal: Goal = "carbon"
    without_zones: list[Annotated[int, Field(ge=1)]] = []
    without_measures: list[str] = []

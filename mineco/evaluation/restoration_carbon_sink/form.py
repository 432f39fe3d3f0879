"""The form of results.json under the standard of a restoration's carbon sink."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt
from typing_extensions import TypeAliasType

from mineco.evaluation.record import form
from mineco.evaluation.record.form import Expected, IndicatorScore, LevelWeights, Part, Points, Share

SinkGradeId = TypeAliasType("SinkGradeId", Literal["G1", "G2", "G3", "ungraded"])


class EligibilityForm(Part):
    eligible: bool
    applied: date
    from_log: bool
    clean_since: date
    gates: dict[str, bool]
    incidents_counted: list[date]


class SinkFinal(Part):
    final: SinkGradeId | None


class SinkGrade(SinkFinal):
    unmet_prerequisites: list[str]


class SinkTotals(Part):
    total: Points | None
    groups: dict[str, float]


class SinkScore(SinkTotals):
    indicators: list[IndicatorScore[Share | None]]


class WeighingForm(Part):
    stage: str
    levels: dict[str, LevelWeights]


class ExpertsForm(Part):
    raters: NonNegativeInt
    ratings_counted: NonNegativeInt
    ratings_left_out: NonNegativeInt


class RemovalsForm(Part):
    restoration_removals_t_co2e: float
    restored_area_ha: float
    project_gain_t_co2e: float


class StandingForm(Part):
    """On the day of the report; `head` is the digest of the last entry of the log."""

    on: date
    state: str
    since: date | None
    grade: str | None
    certified: date | None
    entries: NonNegativeInt
    head: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None


class SinkAnnex(Part):
    """Grade and score under the weights of the stage, beside those of a panel."""

    grade: SinkFinal
    score: SinkTotals


class SinkOutcome(Part):
    eligibility: EligibilityForm
    grade: SinkGrade
    score: SinkScore
    weighing: WeighingForm
    experts: ExpertsForm
    removals: RemovalsForm
    standing: StandingForm
    annex: SinkAnnex = form.where_given()


class SinkDrawn(Part):
    """The intervals of the draws, and the share of them in each grade."""

    draws: PositiveInt
    seed: int
    redrawn: NonNegativeInt
    drawn: list[str]
    score: Expected[float]
    restoration_removals_t_co2e: Expected[float]
    project_gain_t_co2e: Expected[float]
    indicators: dict[str, Expected[float]]
    grades: dict[str, Share]


class SinkResults(form.Results):
    standard: Annotated[str, Field(pattern="^restoration-carbon-sink-[0-9]")]
    uncertainty: form.Nothing | SinkDrawn
    outcome: SinkOutcome
    weights: form.WeightsForm[SinkGradeId] = form.where_given()

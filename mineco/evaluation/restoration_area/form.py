"""The form of results.json under the standard of restoration areas; what is not known is null."""

from typing import Annotated, Generic

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from mineco.evaluation.record import form
from mineco.evaluation.record.form import AnyAmount, ArrayPart, Expected, Known, KnownShare, LevelWeights
from mineco.evaluation.restoration_area.choice.form import ChoiceForm
from mineco.restoration.benefit import DifferenceInDifferences

Areas = dict[str, NonNegativeFloat]  # [ha]
Counts = list[list[NonNegativeInt]]
Years = Expected[list[Known]]


class GridForm(ArrayPart):
    crs: str
    width: PositiveInt
    height: PositiveInt
    pixel_ha: NonNegativeFloat
    bounds: Annotated[list[float], Field(min_length=4, max_length=4)]


class FactorForm(ArrayPart):
    id: str
    of: str
    sound: float
    degraded: float
    lowest: float
    highest: float
    known_share: KnownShare


class TrendsForm(ArrayPart):
    threshold: Known
    falling_share: KnownShare
    rising_share: KnownShare
    steepest: Known
    rain_explains: KnownShare


class TransitionsForm(ArrayPart):
    classes: list[NonNegativeInt]
    area: list[list[NonNegativeFloat]]
    one_date_ha: Annotated[list[NonNegativeFloat], Field(min_length=2, max_length=2)]


class MeasureForm(ArrayPart):
    yearly_t_co2: Years
    cumulated_t_co2: Years
    cost_yuan: Known
    yuan_per_t_co2: Known


class RanksForm(ArrayPart):
    by_degradation: Known
    by_gain: Known
    by_cost: Known


class ZoneForm(ArrayPart):
    id: PositiveInt
    area_ha: NonNegativeFloat
    index: KnownShare
    scores: dict[str, KnownShare]
    reasons: list[str]
    stays_top: KnownShare
    slope_degrees: Known
    elevation_m: Known
    rain_mm: Known
    trend: Known
    residual_trend: Known
    soil_loss: Known
    x: float
    y: float
    land_ha: Areas
    land: str
    measures: dict[str, MeasureForm]
    unsuitable: dict[str, list[str]]
    chosen: str | None
    ranks: RanksForm


class EstimateForm(ArrayPart, Generic[AnyAmount]):
    """A value, or one for each class, with its standard error and 95 % interval."""

    value: AnyAmount
    error: AnyAmount
    low: AnyAmount
    high: AnyAmount


Estimate = EstimateForm[Known]
Estimates = EstimateForm[list[Known]]


class MapAccuracyForm(ArrayPart):
    classes: list[str | int]
    matrix: Counts
    overall_of_points: KnownShare
    kappa: Known
    overall: Estimate
    users: Estimates
    producers: Estimates
    map_ha: list[NonNegativeFloat]
    area_ha: Estimates


class FittedForm(ArrayPart):
    threshold: Known
    auc: KnownShare
    matrix: Counts


class AccuracyForm(ArrayPart):
    restore: MapAccuracyForm
    covers: dict[str, MapAccuracyForm]
    fitted: FittedForm | None
    fit_points: NonNegativeInt
    test_points: NonNegativeInt
    left_out: NonNegativeInt


class DrawnStocks(ArrayPart):
    start: Expected[Known]
    end: Expected[Known]
    change: Expected[Known]


class PlotsForm(ArrayPart):
    count: NonNegativeInt
    left_out: list[str]
    measured: Known
    bias: Known
    low: Known
    high: Known
    rmse: Known


class CarbonForm(ArrayPart):
    years: list[int]
    mapped_tc: list[float]
    start_tc: Estimate
    end_tc: Estimate
    change_tc: Estimate
    drawn_tc: DrawnStocks
    by_transition_tc: list[list[float]]
    gain_loss_tc_per_yr: Estimate
    unrated_ha: Areas
    soil_change_tc: float
    soil_change_by_now_tc: float
    plots: PlotsForm


class AreaDrawn(ArrayPart):
    """How often was drawn, and from which seed; the intervals are part of the outcome itself."""

    draws: PositiveInt
    seed: NonNegativeInt


class BenefitForm(ArrayPart):
    project: Years
    baseline: Years
    leakage: Years
    additional: Years
    cumulated: Years
    before: Expected[Known]
    rise: Known
    rise_drawn: Expected[Known]
    rise_known: KnownShare
    rise_probability: KnownShare
    rise_met: bool
    value: Expected[Known]
    cost: Known
    controls: DifferenceInDifferences | None
    controls_left_out: list[str]
    draws: PositiveInt
    seed: NonNegativeInt


class VerdictForm(ArrayPart):
    point: Known
    held: Known
    limit: float
    met: bool
    met_by_point: bool


class VerdictsForm(ArrayPart):
    """Every verdict with what it was held against; point values stand beside (readings T1 to T3)."""

    identified_overall: VerdictForm
    identified_users: VerdictForm
    identified_producers: VerdictForm
    carbon_bias: VerdictForm
    carbon_stock: VerdictForm
    carbon_change: VerdictForm
    sink_rise: VerdictForm


class AreaAnnex(ArrayPart):
    """Areas and gain under the weights of the standard's judgements, beside those of a panel."""

    classes_ha: Areas
    weighing: dict[str, LevelWeights]
    additional_t_co2: Years
    verdicts: VerdictsForm


class AreaOutcome(ArrayPart):
    grid: GridForm
    weighing: dict[str, LevelWeights]
    factors: dict[str, FactorForm]
    ndvi_ends: Annotated[list[float], Field(min_length=2, max_length=2)]
    trends: TrendsForm
    relative_soil_loss: bool
    classes_ha: Areas
    never_ha: Areas
    unknown_ha: NonNegativeFloat
    transitions_ha: TransitionsForm
    zones: list[ZoneForm]
    accuracy: AccuracyForm
    carbon: CarbonForm
    benefit: BenefitForm
    verdicts: VerdictsForm
    choice: ChoiceForm | None
    annex: AreaAnnex = form.where_given()

    @property
    def additional_t_co2(self) -> Years:
        """By this name in an annex."""
        return self.benefit.additional


class AreaResults(form.Results):
    standard: Annotated[str, Field(pattern="^restoration-area-[0-9]")]
    uncertainty: form.Nothing | AreaDrawn
    outcome: AreaOutcome
    weights: form.WeightsForm[str] = form.where_given()

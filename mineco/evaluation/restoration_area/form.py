"""The form of results.json under the standard of restoration areas; what is not known is null."""

from typing import Annotated, Generic, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from mineco.evaluation.record import form
from mineco.evaluation.record.form import AnyAmount, ArrayPart, Expected, Known, KnownShare, LevelWeights, Share
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
    weight: Share  # of those that are there, together 1 (reading T15)


class LeftOutForm(ArrayPart):
    """Why a factor is left out: layers that are not there, or years of them, and how many it needs."""

    step: str
    missing: list[str]
    years: NonNegativeInt | None
    fewest: NonNegativeInt | None


class StageForm(ArrayPart):
    """Whether a part of the result is assessed, and what it lacks (reading T15)."""

    assessed: bool
    lacking: list[str]


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
    land: str | None
    measures: dict[str, MeasureForm] | None
    unsuitable: dict[str, list[str]] | None
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


class StratumForm(ArrayPart):
    """Land of which points were drawn together, as the maps had it that day, and its test points: drawn and judged."""

    number: PositiveInt
    restore: Literal["yes", "no", "unknown"]
    cover: list[int]
    changed: Literal["no", "yes", ""]
    pixels: PositiveInt
    area_ha: NonNegativeFloat
    points: PositiveInt
    judged: PositiveInt


class AccuracyForm(ArrayPart):
    strata: list[StratumForm] = form.where_given()
    restore: MapAccuracyForm
    covers: dict[str, MapAccuracyForm]
    fitted: FittedForm | None
    fit_points: NonNegativeInt
    test_points: NonNegativeInt
    left_out: NonNegativeInt


class DrawnStocks(ArrayPart):
    start: Expected[Known] | None
    end: Expected[Known]
    change: Expected[Known] | None


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
    areas_adjusted: bool  # for what the maps get wrong, where points tell that; else it is in no interval
    mapped_tc: list[float]
    start_tc: Estimate | None
    end_tc: Estimate
    change_tc: Estimate | None
    drawn_tc: DrawnStocks
    by_transition_tc: list[list[float]] | None
    gain_loss_tc_per_yr: Estimate | None
    unrated_ha: Areas
    soil_change_tc: float | None
    soil_change_by_now_tc: float | None
    plots: PlotsForm | None


class AreaDrawn(ArrayPart):
    """How often was drawn, and from which seed; the intervals are part of the outcome itself."""

    draws: PositiveInt
    seed: NonNegativeInt


class BenefitForm(ArrayPart):
    project: Years | None
    baseline: Years | None
    leakage: Years | None
    additional: Years | None
    cumulated: Years | None
    before: Expected[Known] | None
    rise: Known
    rise_drawn: Expected[Known] | None
    rise_known: KnownShare
    rise_probability: KnownShare
    rise_met: bool | None
    value: Expected[Known] | None
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
    """Every verdict with what it was held against, and point values beside (readings T1 to T3); null: not assessed."""

    identified_overall: VerdictForm | None
    identified_users: VerdictForm | None
    identified_producers: VerdictForm | None
    carbon_bias: VerdictForm | None
    carbon_stock: VerdictForm | None
    carbon_change: VerdictForm | None
    sink_rise: VerdictForm | None


class AreaAnnex(ArrayPart):
    """Areas and gain under the weights of the standard's judgements, beside those of a panel."""

    classes_ha: Areas
    weighing: dict[str, LevelWeights]
    additional_t_co2: Years | None
    verdicts: VerdictsForm


class ParcelForm(ArrayPart):
    """The part of the study area that lies in a parcel: a pixel counts by the share of it that the parcel covers."""

    id: str
    name: str
    area_ha: NonNegativeFloat
    restore_ha: NonNegativeFloat  # of the highest class of priority
    classes_ha: Areas
    never_ha: Areas
    unknown_ha: NonNegativeFloat
    zones_ha: Areas
    index: KnownShare
    cover: KnownShare
    soil_loss: Known
    start_tc: Known
    end_tc: Known
    change_tc: Known
    gain_t_co2: Known


class AreaOutcome(ArrayPart):
    grid: GridForm
    weighing: dict[str, LevelWeights]
    factors: dict[str, FactorForm]
    factors_left_out: dict[str, LeftOutForm]
    ndvi_ends: Annotated[list[float], Field(min_length=2, max_length=2)] | None
    trends: TrendsForm | None
    relative_soil_loss: bool | None
    classes_ha: Areas
    never_ha: Areas
    unknown_ha: NonNegativeFloat
    transitions_ha: TransitionsForm | None
    zones: list[ZoneForm]
    accuracy: AccuracyForm | None
    carbon: CarbonForm | None
    benefit: BenefitForm | None
    verdicts: VerdictsForm
    choice: ChoiceForm | None
    stages: dict[str, StageForm]
    outside_ha: NonNegativeFloat = form.where_given()  # of the grid, beyond the boundary
    parcels: list[ParcelForm] = form.where_given()
    in_no_parcel: ParcelForm = form.where_given()  # without id; with the parcels it adds up to the study area
    annex: AreaAnnex = form.where_given()

    @property
    def additional_t_co2(self) -> Years | None:
        """By this name in an annex."""
        return self.benefit.additional if self.benefit else None


class AreaResults(form.Results):
    standard: Annotated[str, Field(pattern="^restoration-area-[0-9]")]
    uncertainty: form.Nothing | AreaDrawn
    outcome: AreaOutcome
    weights: form.WeightsForm[str] = form.where_given()

"""The form of results.json under the standard of carbon-neutral mines."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt
from typing_extensions import TypeAliasType

from mineco.evaluation.record import form
from mineco.evaluation.record.form import Part, Points, Share
from mineco.weighting.weights_file import WeightsFile

MineGradeId = TypeAliasType("MineGradeId", Literal["AAA", "AA", "A", "B", "C", "below"])
Binding = Literal["score", "offset", "both", "gates"]


class TwoKeyGrade(Part):
    final: MineGradeId
    by_score: MineGradeId
    by_offset: MineGradeId
    binding: Binding


class MineGrade(TwoKeyGrade):
    carbon_neutral: bool
    near_zero: bool
    unmet_prerequisites: list[str]


class MineTotals(Part):
    total: Points
    groups: dict[str, float]


class MineScore(MineTotals):
    indicators: list[form.IndicatorScore[Share]]


class PointsOnAssumed(Part):
    value_functions: Points
    rubrics: Points


class LedgerForm(Part):
    scope1_t_co2e: float
    scope2_location_t_co2e: float
    scope2_market_t_co2e: float
    scope3_t_co2e: float
    emissions_t_co2e: float
    energy_tce: float
    abatement_t_co2e: float
    restoration_removals_t_co2e: float
    filled_co2_t_co2e: float
    removals_t_co2e: float
    residual_t_co2e: float
    offsets_t_co2e: float
    net_t_co2e: float
    offset_ratio: float
    balance_t_co2e: float


class MineAnnex(Part):
    """Grade and score under the standard's own weights, beside those of a panel."""

    grade: TwoKeyGrade
    score: MineTotals


class MineOutcome(Part):
    grade: MineGrade
    score: MineScore
    points_on_assumed: PointsOnAssumed
    ledger: LedgerForm
    annex: MineAnnex = form.where_given()


class Ends(Part):
    low: float
    high: float


class FigureDrawn(Part):
    """A figure with its 95 % interval by propagation of errors and by draws, and what makes these differ."""

    value: float
    propagated: Ends
    drawn: form.Expected[float]
    why: Literal["none", "same", "shapes", "bends"]
    by_shapes: float
    by_bends: float


class Spreading(Part):
    """A datum, a rating or a factor that may be off: by how much, who says so, its shares of the variance."""

    place: str
    name: str
    group: str
    value: float
    unit: str
    lower_pct: float
    upper_pct: float
    shape: Literal["normal", "lognormal", "triangular", "uniform", "raters"]
    spread: str
    source: str
    status: str
    shares: dict[str, Share]
    drawn_shares: dict[str, Share]


class MineDrawn(Part):
    """How sure the result is; shares of draws in each grade sum to 1, as do those of what decides."""

    draws: PositiveInt
    seed: int
    redrawn: NonNegativeInt
    held: list[str]
    unmoved: list[str]
    figures: dict[str, FigureDrawn]
    grades: dict[MineGradeId, Share]
    binding: dict[Binding, Share]
    inputs: list[Spreading]


class ChangeTried(Part):
    """One change, all else as it is, that gives another grade; ``before`` is null where many anchors were moved."""

    kind: Literal["choice", "weight", "anchor", "rating", "datum", "factor"]
    item: str
    how: Literal["other", "low", "high", "stricter", "lenient"]
    place: str
    before: bool | float | str | None
    after: bool | float | str
    unit: str
    score: Points
    emissions_t_co2e: float
    grade: MineGradeId
    binding: Binding


class LeastChangeForm(Part):
    """An indicator whose value alone, inside its 95 % interval, gives another grade; ``to``: the nearest such value."""

    indicator: str
    value: float
    unit: str
    low: float
    high: float
    to: float
    grade: MineGradeId


class WeightsDrawn(Part):
    draws: PositiveInt
    seed: int
    score: Ends
    grades: dict[MineGradeId, Share]


class MineSensitivity(Part):
    """What would change the grade: changes tried one at a time, those that do, and all weights drawn at once."""

    tried: NonNegativeInt
    impossible: NonNegativeInt
    changing: list[ChangeTried]
    least: list[LeastChangeForm]
    weights: WeightsDrawn


class PointsRange(Part):
    low: Points
    high: Points


class IndicatorRange(Part):
    id: str
    low: Points | None
    high: Points | None
    value: float | None
    unit: str
    weight: Share | None
    missing: list[int]  # places among the gaps


class PreliminaryScore(PointsRange):
    share_known: Share
    groups: dict[str, PointsRange]
    indicators: list[IndicatorRange]


class KnownAccount(Part):
    """Emissions of the sources that are known; where something is missing, at least so much is emitted."""

    at_least: bool
    emissions_t_co2e: float
    scope1_t_co2e: float
    scope2_location_t_co2e: float
    scope2_market_t_co2e: float
    scope3_t_co2e: float


class GapForm(form.NoticeForm):
    indicators: list[str]
    narrows: Points
    blocks: Points


class GapsTogether(Part):
    gaps: list[int]
    indicators: list[str]
    narrows: Points


class PreliminaryOutcome(Part):
    score: PreliminaryScore
    account: KnownAccount
    gaps: list[GapForm]
    together: list[GapsTogether]


class PreliminaryResults(form.Results):
    """Of a dossier with gaps: the score as a range, and no grade."""

    status: Literal["preliminary"]
    standard: Annotated[str, Field(pattern="^carbon-neutral-mine-[0-9]")]
    uncertainty: form.Nothing
    outcome: PreliminaryOutcome
    weights: WeightsFile = form.where_given()


class MineResults(form.Results):
    standard: Annotated[str, Field(pattern="^carbon-neutral-mine-[0-9]")]
    uncertainty: form.Nothing | MineDrawn
    sensitivity: form.Nothing | MineSensitivity
    outcome: MineOutcome
    weights: form.WeightsForm[MineGradeId] = form.where_given()

"""What a standard is made of; every key of its YAML files is declared here."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from mineco.core.errors import BadInput, Problem
from mineco.core.quantity import STATUSES, Factor
from mineco.standards.vocabulary import (
    Cites,
    FigureIds,
    FormulaId,
    MaybeSourceId,
    Named,
    NonEmptyText,
    Part,
    Parts,
    ReadingIds,
    SourceId,
    Status,
    StrictBool,
    StrictFloat,
    StrictInt,
    Text,
)

IndicatorIds = Annotated[tuple[str, ...], Cites("indicators")]
BenchmarkIds = Annotated[tuple[str, ...], Cites("benchmarks")]
Kinds = Annotated[tuple[str, ...], Cites("kinds")]  # of mine: subtypes, types, or ``all``
Review = Literal["document-review", "site-check", "third-party-monitoring"]
RUBRIC_SCORES = (0, 25, 50, 75, 100)


class Remark(Text):
    """A sentence that is about some kinds of mine, or about all."""

    applies_to: Kinds = ("all",)
    source: MaybeSourceId = ""  # a document that it speaks of


def as_remarks(given: Any) -> Any:
    """One text is a list of one remark."""
    return [given] if isinstance(given, Mapping) else given


Remarks = Annotated[tuple[Remark, ...], BeforeValidator(as_remarks), Field(min_length=1)]


class StandardOption(Named):
    """A choice that the standard leaves open."""

    default: StrictBool | str
    allowed: tuple[StrictBool | str, ...]
    beside: tuple[StrictBool | str, ...] = ()  # values that only stand beside the result and are never chosen
    clause: NonEmptyText
    readings: ReadingIds = ()
    meaning: Text

    @model_validator(mode="after")
    def default_is_allowed(self) -> "StandardOption":
        if self.default not in self.allowed:
            raise ValueError("the default is one of the allowed values")
        return self


class Parameter(Named):
    """A number of the standard, or one that we had to choose where the standard is silent."""

    value: StrictFloat
    unit: NonEmptyText
    clause: NonEmptyText
    source: MaybeSourceId = ""
    readings: ReadingIds = ()
    status: Status
    note: Text | None = None

    @model_validator(mode="after")
    def sourced(self) -> "Parameter":
        if not self.source and not self.readings:
            raise ValueError("a value has a source or a reading")
        return self

    def factor(self, document: str) -> Factor:
        """The number with its source: its own, or the document that it stands in."""
        return Factor(id=self.id, quantity="parameter", value=self.value, unit=self.unit,
                      source=self.source or document, status=self.status, name_zh=self.name_zh,
                      name_en=self.name_en, clause=self.clause)


class ListEntry(Named):
    """A line of one of the standard's lists: a gas, a requirement, a reason, a disclosure, a data field."""

    clause: NonEmptyText = ""
    evidence: Text | None = None
    meaning: Text | None = None
    option: Annotated[str, Cites("options")] = ""
    mine_type: Annotated[str, Cites("mine_types")] = ""
    rule: str = ""  # of the evaluation, that fails a gate beside what the mine declares
    indicators: IndicatorIds = ()  # that a lever serves
    figures: FigureIds = ()  # of metrics.csv; a reason holds by itself where one is zero in a year like the first
    denied_by: Annotated[tuple[str, ...], Cites("figures_or_parcels")] = ()  # contradict a reason where above 0


class PhaseStep(Named):
    """A step of a phase; whoever took one of those that it is apart from does not take it."""

    apart: Annotated[tuple[str, ...], Cites("phase_steps")] = ()


class Phase(Named):
    """A phase of the procedure of clause 8, as a checklist."""

    clause: NonEmptyText
    steps: Parts[PhaseStep]


class GradeBand(Named):
    """A grade with its lower cuts, inclusive: points and, where the standard asks for it, share of offset emissions."""

    band: Text
    score: StrictFloat
    offset: StrictFloat | None = None


class Stage(Named):
    """Stages of a mine that are weighed alike, by the words of mine.yaml."""

    of: tuple[str, ...]
    emphasis: Text


class Document(Part):
    """Where a standard states a formula that it shares with others."""

    source: NonEmptyText
    locator: str = ""
    status: Status


class Judgement(Part):
    """A comparison of an expert or of an illustrative panel: how many times as much the row counts as the column."""

    stage: str
    level: str
    row: str
    column: str
    value: str  # a number or a fraction, as written
    note: str = ""
    line: int


class NamedQuantity(Named):
    """A quantity of the evaluation to which an indicator's input may refer."""

    unit: NonEmptyText
    meaning: Text
    figures: Annotated[tuple[str, ...], Cites("figures_of_years")] = ()  # that go into it; ``previous.``: a year before


class Act(Named):
    """What a mine acts on among the inputs of indicators: which way, in which unit, and what it cannot exceed."""

    direction: Literal["+", "-"]
    unit: NonEmptyText
    per: Mapping[str, str] = {}  # facets of the factor that turns the unit of the quantity into this one
    within: str = ""  # another input


class Reading(Part):
    """Where a clause is open: what we read, why, and what another reading would change."""

    id: NonEmptyText
    clause: NonEmptyText
    question: Remarks
    reading: Remarks
    reason: Remarks
    effect: Remarks
    applies_to: Kinds = ("all",)

    def remarks(self) -> tuple[Remark, ...]:
        """Every sentence of it."""
        return (*self.question, *self.reading, *self.reason, *self.effect)


class Level(Named):
    """A level-1 indicator; its weight is the subtotal of its groups (reading R2)."""

    clause: NonEmptyText
    weight: StrictFloat


class Group(Named):
    """A group of indicators with its absolute weight in per cent; 0 where judgements give the weights.

    ``level`` is blank in a standard whose groups are its highest level.
    """

    clause: NonEmptyText
    level: str = ""
    weight: StrictFloat = 0.0


class Benchmark(Part):
    """A published value behind a knot of a value function."""

    id: NonEmptyText
    indicators: IndicatorIds
    subject: Text
    value: StrictFloat
    unit: str
    meaning: Text
    source: SourceId
    locator: str
    status: Annotated[str, Cites("benchmark_statuses")]
    mines: Kinds  # that it was made for, on whose score it may act; none: it stands beside only

    def factor(self) -> Factor:
        """The value with its document, as an input of a formula."""
        return Factor(id=self.id, quantity="benchmark", value=self.value, unit=self.unit,
                      source=self.source, seen=self.locator, status=self.status, name_zh=self.meaning.zh,
                      name_en=self.meaning.en)


class Anchor(Part):
    """A knot of a value function with its support."""

    x: StrictFloat
    score: StrictFloat = Field(ge=0, le=100)
    status: Status
    benchmarks: BenchmarkIds = ()
    source: MaybeSourceId = ""
    clause: str = ""

    @model_validator(mode="after")
    def supported(self) -> "Anchor":
        if self.status != "assumed" and not (self.benchmarks or self.source or self.clause):
            raise ValueError("a knot that is not assumed cites a benchmark, a source or a clause")
        return self


class Variant(Part):
    """How an indicator is computed and scored for some kinds of mine, under some options."""

    id: NonEmptyText
    applies_to: Kinds
    from_year: StrictInt = 0  # first reporting year; the latest one that has begun takes the place of those before
    when: Annotated[dict[str, StrictBool | str], Cites("options")] = {}
    basis: Text
    unit: NonEmptyText
    formula: FormulaId
    inputs: dict[str, NonEmptyText]
    nothing_done: tuple[str, ...] = ()
    anchors: tuple[Anchor, ...] = Field(alias="knots")
    note: Text | None = None

    @model_validator(mode="after")
    def one_line(self) -> "Variant":
        places = [anchor.x for anchor in self.anchors]
        if len(places) < 2 or (sorted(set(places)) != places and sorted(set(places), reverse=True) != places):
            raise ValueError("knots run in one direction, no value twice")
        return self

    @property
    def knots(self) -> tuple[tuple[float, float], ...]:
        """The value function, as `mineco.scoring.values.value_score` takes it."""
        return tuple((anchor.x, anchor.score) for anchor in self.anchors)

    def with_knots(self, knots: Sequence[tuple[float, float]], name: str) -> "Variant":
        """The same way of computing with another value function, whose knots are assumed; what is none is refused."""
        given: object = knots
        try:
            given = pairs = [(float(x), float(score)) for x, score in knots]
            anchors = [Anchor(x=x, score=score, status="assumed") for x, score in pairs]
            return type(self).model_validate({**vars(self), "anchors": anchors})
        except (TypeError, ValueError):
            raise BadInput(Problem("not_a_value_function", row=name, value=str(given))) from None

    @property
    def status(self) -> str:
        """The weakest status among the knots."""
        return max((anchor.status for anchor in self.anchors), key=STATUSES.index)


class UnscoredFigure(Named):
    """A figure printed beside a graded one and never scored."""

    applies_to: Kinds
    unit: NonEmptyText
    formula: FormulaId
    inputs: dict[str, NonEmptyText]
    readings: ReadingIds = ()


class Comparison(Named):
    """Published values printed beside a graded figure, never scored; ``before`` is the first year without them."""

    applies_to: Kinds
    benchmarks: BenchmarkIds
    before: StrictInt | None = None
    note: Text | None = None


class RubricLevel(Text):
    """A level of a rubric in words."""

    score: StrictInt


class Rubric(Part):
    """What each score of a qualitative indicator asks for."""

    id: NonEmptyText
    clause: NonEmptyText
    status: Status
    readings: ReadingIds
    evidence: Text
    levels: tuple[RubricLevel, ...]

    @model_validator(mode="after")
    def five_levels(self) -> "Rubric":
        if tuple(level.score for level in self.levels) != RUBRIC_SCORES:
            raise ValueError(f"a rubric has the levels {RUBRIC_SCORES} in this order")
        return self


class Indicator(Named):
    """An indicator: weight in per cent of its group (0 where judgements give it), and how it is valued."""

    group: Annotated[NonEmptyText, Cites("groups")]
    clause: NonEmptyText
    weight: StrictFloat = 0.0
    review: tuple[Review, ...] = ()
    evidence: Text | None = None
    nature: Literal["quantitative", "qualitative"]
    direction: Literal["+", "-"]
    meaning: Text
    readings: ReadingIds = ()
    rubric: Annotated[str | None, Cites("rubrics")] = None
    bound: Variant | None = None
    variants: tuple[Variant, ...] = ()
    beside: tuple[UnscoredFigure, ...] = ()
    compared: tuple[Comparison, ...] = ()
    not_applicable: Annotated[tuple[str, ...], Cites("reasons")] = ()
    advised_from: StrictFloat = Field(default=0.0, ge=0, le=1)  # share of scope 1 in emissions; below, it helps little
    note: Remarks | None = None

    @model_validator(mode="after")
    def valued_in_one_way(self) -> "Indicator":
        if (self.nature == "qualitative") != (self.rubric is not None) or bool(self.rubric) == bool(self.variants):
            raise ValueError("a qualitative indicator has a rubric, a quantitative one has variants")
        if self.bound is not None and not self.rubric:
            raise ValueError("only a rubric has a bound")
        return self

    def ways(self, kinds: Sequence[str], options: Mapping[str, object], year: int) -> list[Variant]:
        """The variants for the first of these kinds of mine that has any: the latest that have begun by the year."""
        fitting = [one for one in self.variants if one.from_year <= year
                   and all(options.get(name) == value for name, value in one.when.items())]
        found = next((of_kind for kind in kinds if (of_kind := [one for one in fitting if kind in one.applies_to])), [])
        return [one for one in found if one.from_year == max(other.from_year for other in found)]

    def comparisons(self, kinds: Sequence[str], year: int) -> list[Comparison]:
        """What stands beside the figure of such a mine in this year."""
        return [one for one in self.compared if set(kinds) & set(one.applies_to)
                and (one.before is None or year < one.before)]

"""What a standard is made of; every key of its YAML files is declared here."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from mineco.core.quantity import Factor
from mineco.standards.vocabulary import (
    Cites,
    FigureIds,
    Kinds,
    MaybeSourceId,
    Named,
    NonEmptyText,
    Part,
    Parts,
    ReadingIds,
    Status,
    StrictBool,
    StrictFloat,
    Text,
)

IndicatorIds = Annotated[tuple[str, ...], Cites("indicators")]


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

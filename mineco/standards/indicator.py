"""What an indicator is made of: how it is computed and valued, its rubric, and what is published beside it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mineco.core.errors import BadInput, Problem
from mineco.core.quantity import STATUSES, Factor
from mineco.standards.parts import IndicatorIds, Kinds, Remarks
from mineco.standards.vocabulary import (
    Cites,
    FormulaId,
    MaybeSourceId,
    Named,
    NonEmptyText,
    Part,
    ReadingIds,
    SourceId,
    Status,
    StrictBool,
    StrictFloat,
    StrictInt,
    Text,
)

BenchmarkIds = Annotated[tuple[str, ...], Cites("benchmarks")]
Review = Literal["document-review", "site-check", "third-party-monitoring"]
RUBRIC_SCORES = (0, 25, 50, 75, 100)


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
        return Factor(id=self.id, quantity="benchmark", value=self.value, unit=self.unit, source=self.source,
                      seen=self.locator, status=self.status, name_zh=self.meaning.zh, name_en=self.meaning.en)


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
            given = written = [(x, score) for x, score in knots]
            if any(isinstance(one, bool | bytes) for pair in written for one in pair):
                raise TypeError  # which Python takes for numbers
            given = pairs = [(float(x), float(score)) for x, score in written]
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

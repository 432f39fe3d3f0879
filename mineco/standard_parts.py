"""What a standard and the account's vocabulary are made of; every key of the YAML files is declared here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from mineco.quantity import STATUSES

Number = Annotated[float, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Words = Annotated[str, Field(min_length=1)]
Status = Literal["read", "quoted", "derived", "unverified", "assumed", "suspect"]
Scope = Annotated[Literal["1", "2", "3", "removal", "none"], BeforeValidator(str)]  # 1 may stand without quotes

RUBRIC_SCORES = (0, 25, 50, 75, 100)


class Part(BaseModel):
    """A frozen mapping with known keys only; its ``id``, where it has one, is the key under which it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, validate_by_name=True,
                              validate_by_alias=True)


AnyPart = TypeVar("AnyPart", bound=Part)


class Text(Part):
    """A text in both languages.

    >>> Text(zh="煤", en="coal")["en"]
    'coal'
    """

    zh: Words
    en: Words

    def __getitem__(self, language: str) -> str:
        return {"zh": self.zh, "en": self.en}[language]


class Named(Part):
    """Something with an id and a name in both languages."""

    id: Words
    name: Text

    @property
    def name_zh(self) -> str:
        return self.name.zh

    @property
    def name_en(self) -> str:
        return self.name.en


# --- formulas, sources, metrics: the vocabulary of the account ------------------------------------------------------

@dataclass(frozen=True)
class Symbol:
    """A symbol of a formula; ``units`` is aligned with the units of the formula's result.

    >>> Symbol("FC", ("t", "10^4 Nm3"), "燃料消耗量", "fuel burnt").units[1]
    '10^4 Nm3'
    """

    tex: str
    units: tuple[str, ...]
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Formula:
    """What is known of a formula beside its function: names, source, TeX of the result, symbols with their units."""

    id: str
    name_zh: str
    name_en: str
    source: str
    locator: str
    status: str
    tex: str
    units: tuple[str, ...]
    symbols: Mapping[str, Symbol]
    clause: str = ""


class SymbolRow(Part):
    """A symbol as formulas.yaml writes it."""

    symbol: Words
    units: tuple[Words, ...]
    name: Text


class ResultRow(Part):
    """The result of a formula as formulas.yaml writes it."""

    symbol: Words
    units: tuple[Words, ...]


class FormulaRow(Named):
    """A formula as formulas.yaml writes it."""

    source: Words
    locator: str = ""
    status: Status
    result: ResultRow
    symbols: dict[str, SymbolRow]

    @model_validator(mode="after")
    def aligned(self) -> "FormulaRow":
        if {len(symbol.units) for symbol in self.symbols.values()} - {len(self.result.units)}:
            raise ValueError("the lists of units of one formula have one length")
        return self

    def formula(self, clause: str = "") -> Formula:
        """The formula with its symbols, under a clause of the standard."""
        symbols = {key: Symbol(row.symbol, row.units, row.name.zh, row.name.en) for key, row in self.symbols.items()}
        return Formula(self.id, self.name.zh, self.name.en, self.source, self.locator, self.status, self.result.symbol,
                       self.result.units, symbols, clause)


class SourceItem(Named):
    """A parameter that a dossier row of an emission source may give."""

    units: tuple[Words, ...]
    main: Flag = False
    factor: dict[str, str] | None = None
    optional: Flag = False
    minimum: Number | None = None
    maximum: Number | None = None
    note: Text | None = None


class SourceResult(Part):
    """A step of an emission source: a formula, where its inputs come from, and the account that it enters."""

    id: Words
    formula: Words
    inputs: dict[str, Words]
    gas: str = ""
    energy: Literal["", "fuel", "electricity", "heat", "renewable"] = ""
    when: str = ""
    basis: Literal["", "location", "market"] = ""
    name: Text | None = None


class Source(Named):
    """An emission source or a removal: what is asked of the mine and what is computed from it."""

    scope: Scope
    category: Words
    clause: Words
    key: str = ""
    expected_for: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    items: dict[str, SourceItem]
    results: tuple[SourceResult, ...]
    biogenic_when: dict[str, str] | None = None
    note: Text | None = None


class Metric(Named):
    """A quantity that metrics.csv may give for a year."""

    units: tuple[Words, ...]
    minimum: Number | None = None
    maximum: Number | None = None
    meaning: Text


class Reference(Part):
    """A document, what became of it, and how well it was seen (reading R24)."""

    id: Words
    title: Text
    edition: str = ""
    clause: str = ""
    standing: Literal["current", "superseded", "withdrawn", "mis-cited", "informative", "unknown"]
    standing_date: str = ""
    replaced_by: str = ""
    status: Status
    address: str = ""
    note: Text | None = None


# --- the standard ---------------------------------------------------------------------------------------------------

class Subtype(Named):
    """A kind of mine, with the type that it belongs to."""

    type: Words


class Option(Named):
    """A choice that the standard leaves open."""

    default: Flag | str
    allowed: tuple[Flag | str, ...]
    clause: Words
    readings: tuple[str, ...] = ()
    meaning: Text

    @model_validator(mode="after")
    def default_is_allowed(self) -> "Option":
        if self.default not in self.allowed:
            raise ValueError("the default is one of the allowed values")
        return self


class Parameter(Named):
    """A number of the standard, or one that we had to choose where the standard is silent."""

    value: Number
    unit: Words
    clause: Words
    source: str = ""
    readings: tuple[str, ...] = ()
    status: Status
    note: Text | None = None

    @model_validator(mode="after")
    def sourced(self) -> "Parameter":
        if not self.source and not self.readings:
            raise ValueError("a value has a source or a reading")
        return self


class Entry(Named):
    """A line of one of the standard's lists: a gas, a requirement, a reason, a disclosure, a data field."""

    clause: Words = ""
    evidence: Text | None = None
    meaning: Text | None = None
    option: str = ""


class Phase(Named):
    """A phase of the procedure of clause 8, as a checklist."""

    clause: Words
    steps: dict[str, Entry]


class Grade(Named):
    """A grade with its lower cuts: points, and share of the residual emissions that is offset; both inclusive."""

    band: Text
    score: Number
    offset: Number


class NamedQuantity(Named):
    """A quantity of the evaluation to which an indicator's input may refer."""

    unit: Words
    meaning: Text


class Reading(Part):
    """Where a clause is open: what we read, why, and what another reading would change."""

    id: Words
    clause: Words
    question: Text
    reading: Text
    reason: Text
    effect: Text


class Level(Named):
    """A level-1 indicator; its weight is the subtotal of its groups (reading R2)."""

    clause: Words
    weight: Number


class Group(Named):
    """A level-2 indicator with its absolute weight in per cent."""

    clause: Words
    level: Words
    weight: Number


@dataclass(frozen=True)
class Benchmark:
    """A published value behind a knot of a value function."""

    id: str
    indicators: tuple[str, ...]
    subject: Text
    value: float
    unit: str
    meaning: Text
    source: str
    locator: str
    status: str


class Anchor(Part):
    """A knot of a value function with its support."""

    x: Number
    score: Number
    status: Status
    benchmarks: tuple[str, ...] = ()
    source: str = ""
    clause: str = ""

    @model_validator(mode="after")
    def supported(self) -> "Anchor":
        if self.status != "assumed" and not (self.benchmarks or self.source or self.clause):
            raise ValueError("a knot that is not assumed cites a benchmark, a source or a clause")
        return self


class Variant(Part):
    """How an indicator is computed and scored for some kinds of mine, under some options."""

    id: Words
    applies_to: tuple[str, ...]
    when: dict[str, Flag | str] = {}
    basis: Text
    unit: Words
    formula: Words
    inputs: dict[str, Words]
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
        """The value function, as `mineco.scoring.value_score` takes it."""
        return tuple((anchor.x, anchor.score) for anchor in self.anchors)

    @property
    def status(self) -> str:
        """The weakest status among the knots."""
        return max((anchor.status for anchor in self.anchors), key=STATUSES.index)


class Beside(Named):
    """A figure printed beside a graded one and never scored."""

    applies_to: tuple[str, ...]
    unit: Words
    formula: Words
    inputs: dict[str, Words]
    readings: tuple[str, ...] = ()


class RubricLevel(Part):
    """A level of a rubric in words."""

    score: Whole
    zh: Words
    en: Words

    def __getitem__(self, language: str) -> str:
        return {"zh": self.zh, "en": self.en}[language]


class Rubric(Part):
    """What each score of a qualitative indicator asks for."""

    id: Words
    clause: Words
    status: Status
    readings: tuple[str, ...]
    evidence: Text
    levels: tuple[RubricLevel, ...]

    @model_validator(mode="after")
    def five_levels(self) -> "Rubric":
        if tuple(level.score for level in self.levels) != RUBRIC_SCORES:
            raise ValueError(f"a rubric has the levels {RUBRIC_SCORES} in this order")
        return self


class Indicator(Named):
    """A level-3 indicator: weight in per cent of its group, and how it is valued."""

    group: Words
    clause: Words
    weight: Number
    nature: Literal["quantitative", "qualitative"]
    direction: Literal["+", "-"]
    meaning: Text
    readings: tuple[str, ...] = ()
    rubric: str | None = None
    bound: Variant | None = None
    variants: tuple[Variant, ...] = ()
    beside: tuple[Beside, ...] = ()
    not_applicable: tuple[str, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def valued_in_one_way(self) -> "Indicator":
        if (self.nature == "qualitative") != (self.rubric is not None) or bool(self.rubric) == bool(self.variants):
            raise ValueError("a qualitative indicator has a rubric, a quantitative one has variants")
        if self.bound is not None and not self.rubric:
            raise ValueError("only a rubric has a bound")
        return self


@dataclass(frozen=True)
class WeakSource:
    """A parameter of the standard whose value nobody read in a document: the report lists it."""

    id: str
    status: str
    name_zh: str
    name_en: str
    clause: str
    readings: tuple[str, ...] = field(default=())

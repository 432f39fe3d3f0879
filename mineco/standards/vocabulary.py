"""The vocabulary of the account as data: formulas, emission sources, metrics, references; every key is declared."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief

NEVER_ADDED = ("1", "degC", "yr")
StrictFloat = Annotated[float, Field(strict=True)]
StrictInt = Annotated[int, Field(strict=True)]
StrictBool = Annotated[bool, Field(strict=True)]
NonEmptyText = Annotated[str, Field(min_length=1)]
Status = Literal["read", "quoted", "derived", "unverified", "assumed", "suspect"]
Scope = Annotated[Literal["1", "2", "3", "removal", "none"], BeforeValidator(str)]  # 1 may stand without quotes


class Part(Brief, BaseModel):
    """A frozen mapping with known keys only; its ``id``, where it has one, is the key under which it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, validate_by_name=True,
                              validate_by_alias=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other fields; a name that is no field is refused, since pydantic would leave it without effect.

        >>> Text(zh="煤", en="coal").model_copy(update={"fr": "charbon"})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        mineco.core.errors.BadInput: fr: is no field of this part of a standard and would have no effect. ...
        """
        fields = type(self).model_fields
        odd = [Problem("not_a_field", row=name, details={"known": ", ".join(fields)})
               for name in update or () if name not in fields]
        if odd:
            raise BadInput(odd)
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - fields.keys():  # what was computed from the fields as they were
            del copied.__dict__[name]
        return copied


AnyPart = TypeVar("AnyPart", bound=Part)


def with_ids(given: Any) -> Any:
    """Parts by key, each with its key as ``id``; one that writes an id of its own is refused."""
    if not isinstance(given, dict):
        return given
    own: list[Any] = [{"type": "extra_forbidden", "loc": (key, "id"), "input": body["id"]}
                      for key, body in given.items() if isinstance(body, dict) and "id" in body]
    if own:
        raise ValidationError.from_exception_data("parts", own)
    return {key: {**body, "id": key} if isinstance(body, dict) else body for key, body in given.items()}


Parts = Annotated[Mapping[str, AnyPart], BeforeValidator(with_ids)]


@dataclass(frozen=True)
class Cites:
    """Marks a field of ids: what it names, such as ``references`` (see `mineco.standards.files.citations`)."""

    what: str


ReadingIds = Annotated[tuple[str, ...], Cites("readings")]
SourceId = Annotated[NonEmptyText, Cites("references")]
MaybeSourceId = Annotated[str, Cites("references")]
FigureIds = Annotated[tuple[str, ...], Cites("metrics")]
Kinds = Annotated[tuple[str, ...], Cites("kinds")]  # of mine: subtypes, types, or ``all``
FormulaId = Annotated[NonEmptyText, Cites("formulas")]


class Text(Part):
    """A text in both languages.

    >>> Text(zh="煤", en="coal")["en"]
    'coal'
    """

    zh: NonEmptyText
    en: NonEmptyText

    def __getitem__(self, language: str) -> str:
        return {"zh": self.zh, "en": self.en}[language]


class Named(Part):
    """Something with an id and a name in both languages."""

    id: NonEmptyText
    name: Text

    @property
    def name_zh(self) -> str:
        return self.name.zh

    @property
    def name_en(self) -> str:
        return self.name.en


class Symbol(Named):
    """A symbol of a formula; ``units`` is aligned with the units of the formula's result.

    >>> name = Text(zh="燃料消耗量", en="fuel burnt")
    >>> Symbol(id="fuel", name=name, tex="FC", units=("t", "10^4 Nm3")).units[1]
    '10^4 Nm3'
    """

    tex: NonEmptyText = Field(alias="symbol")
    units: tuple[NonEmptyText, ...]


class FormulaResult(Part):
    """The result of a formula: its symbol, and its unit in each set of units."""

    tex: NonEmptyText = Field(alias="symbol")
    units: tuple[NonEmptyText, ...]


class Formula(Named):
    """What is known of a formula beside its function: names, source, result, symbols with their units."""

    of: str = Field(default="", alias="function")  # where it is not the id of the formula
    source: SourceId
    locator: str = ""
    status: Status
    result: FormulaResult
    symbols: Parts[Symbol]
    clause: str = ""  # of the standard under which it is used

    @model_validator(mode="after")
    def aligned(self) -> "Formula":
        if {len(symbol.units) for symbol in self.symbols.values()} - {len(self.units)}:
            raise ValueError("the lists of units of one formula have one length")
        return self

    @property
    def function(self) -> str:
        """Name of the Python function: the id, unless several formulas of the data are one in code."""
        return self.of or self.id

    @property
    def tex(self) -> str:
        """TeX of the result."""
        return self.result.tex

    @property
    def units(self) -> tuple[str, ...]:
        """Units of the result, aligned with those of each symbol."""
        return self.result.units


class SourceItem(Named):
    """A parameter that a dossier row of an emission source may give."""

    units: tuple[NonEmptyText, ...]
    main: StrictBool = False
    factor: dict[str, str] | None = None
    density: dict[str, str] | None = None  # by which a mass of it is a volume, or the other way round
    optional: StrictBool = False
    may_be_absent: StrictBool = False  # stated without a row to be none: what would lower emissions
    additive: StrictBool | None = None  # whether its periods add up; None: by its unit
    minimum: StrictFloat | None = None
    maximum: StrictFloat | None = None
    note: Text | None = None

    @property
    def adds_up(self) -> bool:
        """Whether what stands for parts of a year adds up: amounts do; shares, ratios, factors and readings do not.

        >>> name = Text(zh="量", en="amount")
        >>> SourceItem(id="q", name=name, units=("t",)).adds_up, SourceItem(id="q", name=name, units=("GJ/t",)).adds_up
        (True, False)
        """
        if self.additive is not None:
            return self.additive
        return not any("/" in unit or unit in NEVER_ADDED for unit in self.units)


class SourceResult(Part):
    """A step of an emission source: a formula, where its inputs come from, and the account that it enters."""

    id: NonEmptyText
    formula: FormulaId
    inputs: dict[str, NonEmptyText]
    gas: str = ""
    energy: Literal["", "fuel", "electricity", "heat", "renewable", "own-gas"] = ""
    when: str = ""
    basis: Literal["", "location", "market"] = ""
    name: Text | None = None


class Limit(Part):
    """What may not be more than what: the terms of ``parts`` together against those of ``within`` (see `limits`)."""

    id: NonEmptyText
    says: Text
    parts: tuple[NonEmptyText, ...]
    within: tuple[NonEmptyText, ...]
    over: Literal["key", "all"] = "key"  # each key of the source by itself, or all keys together
    unit: str = ""  # of the comparison; blank: that of the first part
    refused: StrictBool = True  # else it is told
    if_reported: StrictBool = False  # only where a source of ``within`` is reported


class Source(Named):
    """An emission source or a removal: what is asked of the mine and what is computed from it."""

    formerly: tuple[NonEmptyText, ...] = ()  # names that dossiers may still call it by
    scope: Scope
    scope3: StrictInt = 0  # category of the GHG Protocol, 1 to 15; 0 in other scopes
    category: NonEmptyText
    clause: NonEmptyText
    key: str = ""
    expected_for: Kinds = ()
    may_be_excluded: StrictBool = True
    instead: Annotated[tuple[str, ...], Cites("sources")] = ()
    limits: tuple[Limit, ...] = ()
    items: Parts[SourceItem]
    results: tuple[SourceResult, ...]
    note: Text | None = None

    @property
    def main(self) -> str:
        """The item that a row with the bare key gives; blank for a source without one."""
        return next((name for name, item in self.items.items() if item.main), "")

    @functools.cached_property
    def conditions(self) -> frozenset[str]:
        """Names that decide beside the figures what is computed: conditions of results, blanks in facets of factors."""
        facets = [str(facet) for item in self.items.values() for facet in (item.factor or {}).values()]
        return frozenset([*(one.when for one in self.results if one.when),
                          *(blank for facet in facets for _, blank, *_ in Formatter().parse(facet) if blank)])


class Metric(Named):
    """A quantity that metrics.csv may give for a year."""

    units: tuple[NonEmptyText, ...]
    minimum: StrictFloat | None = None
    maximum: StrictFloat | None = None
    within: Annotated[str, Cites("metrics")] = ""  # of which this one is a part, and than which it is never larger
    by_basis: bool = False  # may be left to its basis, a benchmark or a year of the mine's own (reading R28)
    may_be_absent: bool = False  # stated without a row to be none: what was done or planned
    meaning: Text


class Reference(Part):
    """A document, what became of it, and how well it was seen (reading R24)."""

    id: NonEmptyText
    title: Text
    edition: str = ""
    clause: str = ""
    standing: Literal["current", "superseded", "withdrawn", "mis-cited", "informative", "unknown"]
    standing_date: str = ""
    replaced_by: MaybeSourceId = ""
    status: Status
    address: str = ""
    note: Text | None = None


class Subtype(Named):
    """A kind of mine, with the type that it belongs to."""

    type: Annotated[NonEmptyText, Cites("mine_types")]


class Account(Part):
    """The vocabulary that all standards share: kinds of mine, formulas, sources of emissions, figures, documents."""

    mine_types: Parts[Named]
    mine_subtypes: Parts[Subtype]
    formulas: Parts[Formula]
    references: Parts[Reference]
    sources: Parts[Source]
    metrics: Parts[Metric]

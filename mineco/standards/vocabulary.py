"""The vocabulary of the account as data: formulas, emission sources, metrics, references; every key is declared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

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
        return super().model_copy(update=update, deep=deep)


AnyPart = TypeVar("AnyPart", bound=Part)


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


@dataclass(frozen=True, kw_only=True, repr=False)
class Formula(Brief):
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
    of: str = ""  # name of the function, where it is not the id of the formula

    @property
    def function(self) -> str:
        """Name of the Python function: the id, unless several formulas of the data are one in code."""
        return self.of or self.id


class SymbolRow(Part):
    """A symbol as formulas.yaml writes it."""

    symbol: NonEmptyText
    units: tuple[NonEmptyText, ...]
    name: Text


class ResultRow(Part):
    """The result of a formula as formulas.yaml writes it."""

    symbol: NonEmptyText
    units: tuple[NonEmptyText, ...]


class FormulaRow(Named):
    """A formula as formulas.yaml writes it."""

    function: str = ""
    source: NonEmptyText
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
        return Formula(id=self.id, name_zh=self.name.zh, name_en=self.name.en, source=self.source, locator=self.locator,
                       status=self.status, tex=self.result.symbol,
                       units=self.result.units, symbols=symbols, clause=clause, of=self.function)


class SourceItem(Named):
    """A parameter that a dossier row of an emission source may give."""

    units: tuple[NonEmptyText, ...]
    main: StrictBool = False
    factor: dict[str, str] | None = None
    optional: StrictBool = False
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
    formula: NonEmptyText
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

    scope: Scope
    scope3: StrictInt = 0  # category of the GHG Protocol, 1 to 15; 0 in other scopes
    category: NonEmptyText
    clause: NonEmptyText
    key: str = ""
    expected_for: tuple[str, ...] = ()
    may_be_excluded: StrictBool = True
    instead: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    items: dict[str, SourceItem]
    results: tuple[SourceResult, ...]
    biogenic_when: dict[str, str] | None = None
    note: Text | None = None

    @property
    def main(self) -> str:
        """The item that a row with the bare key gives; blank for a source without one."""
        return next((name for name, item in self.items.items() if item.main), "")


class Metric(Named):
    """A quantity that metrics.csv may give for a year."""

    units: tuple[NonEmptyText, ...]
    minimum: StrictFloat | None = None
    maximum: StrictFloat | None = None
    within: str = ""  # the metric of which this one is a part, and than which it is never larger
    meaning: Text


class Reference(Part):
    """A document, what became of it, and how well it was seen (reading R24)."""

    id: NonEmptyText
    title: Text
    edition: str = ""
    clause: str = ""
    standing: Literal["current", "superseded", "withdrawn", "mis-cited", "informative", "unknown"]
    standing_date: str = ""
    replaced_by: str = ""
    status: Status
    address: str = ""
    note: Text | None = None

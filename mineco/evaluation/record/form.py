"""The form of results.json: its frame and the parts that standards share; its JSON schema is made of these models."""

from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from typing_extensions import TypeAliasType

from mineco.weighting.weights_file import WeightsFile

SCHEMA_ID = "mineco-results/1"
AnyShare = TypeVar("AnyShare")
AnyAmount = TypeVar("AnyAmount")
AnyGrade = TypeVar("AnyGrade")


def _known(given: Any) -> Any:
    return None if isinstance(given, float) and not np.isfinite(given) else given


def _each_once(given: list[str]) -> list[str]:
    if len(set(given)) < len(given):
        raise ValueError("each stands once")
    return given


# names of their own, by which the schema calls them
Share = TypeAliasType("Share", Annotated[float, Field(ge=0, le=1)])
Points = TypeAliasType("Points", Annotated[float, Field(ge=0, le=100)])
Known = TypeAliasType("Known", Annotated[float | None, BeforeValidator(_known)])  # null for what is not a number
KnownShare = TypeAliasType("KnownShare", Annotated[Share | None, BeforeValidator(_known)])
Readings = Annotated[list[Annotated[str, Field(pattern="^[RST][0-9]+$")]], AfterValidator(_each_once),
                     Field(json_schema_extra={"uniqueItems": True})]


def where_given() -> Any:
    """The default of a key that stands there only where there is something, as under a panel; null it is never."""
    return Field(default=None, json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    del schema["default"]


class Part(BaseModel):
    """A part of the document: nothing lacks, nothing is added, every number is finite. Made of mappings or objects."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, from_attributes=True, defer_build=True)


class ArrayPart(Part):
    """A part that is made of arrays."""

    @field_validator("*", mode="before")
    @classmethod
    def plain(cls, given: Any) -> Any:
        return given.tolist() if isinstance(given, np.ndarray | np.generic) else given


class Expected(ArrayPart, Generic[AnyAmount]):
    mean: AnyAmount
    low: AnyAmount
    high: AnyAmount


class LevelWeights(Part):
    weights: dict[str, Share]
    lambda_max: float | None
    ci: float | None
    ri: float | None
    cr: float | None


class IndicatorScore(Part, Generic[AnyShare]):
    id: str
    value: float | None
    unit: str
    score: float | None
    weight: AnyShare
    nominal_weight: AnyShare
    kind: Literal["measured", "calculated", "default", "assumed", "not_applicable"]
    reason: str
    readings: list[str]
    beside: dict[str, float]


class MineForm(Part):
    id: Annotated[str, Field(pattern=r'^[^\s\\/:*?"<>|._-][^\s\\/:*?"<>|]{0,60}$')]  # \w is ASCII to some readers
    name_zh: str
    name_en: str
    type: str
    mine_subtype: str
    province: str


class OptionForm(Part):
    value: str | bool
    origin: Literal["command-line", "mine.yaml", "standard"]


class Assumption(Part):
    what: str
    status: Literal["assumed", "unverified", "suspect"]
    source: str


class NoticeForm(Part):
    """What stops nothing and wants to be seen: its id in messages.yaml, where it stands, what fills the text."""

    message: str
    file: str
    row: int | str
    column: str
    value: str
    details: dict[str, bool | int | float | str]


class FindingForm(Part):
    """What the evaluators found and what became of it, in their own words; open while `closed` is null."""

    id: str
    kind: Literal["nonconformity", "clarification", "forward-action"]
    raised: date
    what: str
    where: str
    correction: str
    evidence: str
    closed: date | None


class VariationForm(Part, Generic[AnyGrade]):
    how: Literal["panel", "annex", "equal", "low", "high"]
    level: str
    item: str
    weight: float | None
    score: float
    grade: AnyGrade


class WeightsForm(WeightsFile, Generic[AnyGrade]):
    """The file of weights, and what other weights would make of the result."""

    sensitivity: list[VariationForm[AnyGrade]]


class KitForm(Part):
    """The parameters and templates: those of a release, of none yet, or others, with the files that are."""

    state: Literal["released", "unreleased", "changed"]
    files: list[str]


class Nothing(Part):
    """Of a standard that draws nothing, or where nothing was drawn."""


class Results(Part):
    """Result of one evaluation.

    Masses are in tonnes of CO2 equivalents or, where the name ends in tc, of carbon; scores in points from 0 to 100,
    weights in shares that sum to 1. Null: not known. Each standard has its own outcome, uncertainty and grades.
    """

    form: Literal["mineco-results/1"] = Field(alias="schema")
    standard: str
    mine: MineForm
    year: int
    report_date: date
    options: dict[str, OptionForm]
    kit: KitForm
    readings: Readings
    assumptions: list[Assumption]
    notices: list[NoticeForm]
    findings: list[FindingForm] = where_given()
    uncertainty: Any
    outcome: Any
    weights: Any = where_given()

"""What mine.yaml says: who the mine is, its boundary, years, gates, choices and reasons; every key is declared here."""

import datetime
import re
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from mineco.core.errors import BadInput, Problems
from mineco.core.lazy import Brief
from mineco.core.reading.cells import read_date
from mineco.core.reading.files import resolve_inside
from mineco.core.yaml_reading import read_yaml_lines
from mineco.dossier.texts import MaybeText, OwnText, is_blank
from mineco.standards.vocabulary import NonEmptyText

Year = Annotated[int, Field(ge=1900, le=2100)]
Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0, le=1e15)]
MaybeWord = Annotated[str, BeforeValidator(lambda given: "" if given is None else given)]


def _date(given: Any) -> datetime.date:
    if isinstance(given, str):
        try:
            return read_date(given)
        except BadInput as error:
            raise ValueError(error.problems[0].message) from error
    raise ValueError("not_a_date")


Date = Annotated[datetime.date, BeforeValidator(_date)]


ID = r"[^\W_][\w.-]{0,60}"  # letters of any script, digits, and - _ . between: it names folders on every system
Id = Annotated[str, Field(pattern=f"^{ID}$")]

AnyModel = TypeVar("AnyModel", bound=BaseModel)
Lines = dict[tuple[str | int, ...], int]  # of the keys of a YAML file, by path


LISTED = re.compile(r"[;；、，\n]|(?<=[\u4e00-\u9fff）]),")  # between the words of a cell; English names have commas


def listed(given: Any) -> Any:
    """The words of a cell that holds several; a list as it is."""
    if isinstance(given, str):
        return [one.strip() for one in LISTED.split(given) if one.strip()]
    return [] if given is None else given


class FrozenModel(Brief, BaseModel):
    """A frozen mapping with known keys and exact types only."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class EvidencedText(FrozenModel):
    """A text with the document that proves it."""

    text: OwnText
    evidence: NonEmptyText


Corner = Annotated[tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]],
                   Field(strict=False)]  # YAML knows lists, not pairs


class Boundary(FrozenModel):
    """What is inside, in words and, where drawn, as corners in longitude and latitude (WGS 84)."""

    text: MaybeText = None
    geometry: Annotated[list[Corner], Field(min_length=3)] | None = None


class Site(FrozenModel):
    """A site of the parent company, for the consolidation table of clause 6.1."""

    id: NonEmptyText
    name: OwnText
    equity_share: Share
    financial_control: bool
    operational_control: bool
    scope1_t_co2e: NotNegative
    scope2_t_co2e: NotNegative


class Consolidation(FrozenModel):
    """How emissions of several sites roll up to the parent."""

    approach: Literal["operational-control", "financial-control", "equity-share"] = "operational-control"  # R16
    parent: MaybeText = None
    sites: list[Site] = []


class BaseYear(FrozenModel):
    """The fixed base year of reading R21; that it is the first of all needs a proof."""

    year: Year
    documented_first_year: bool = False
    structural_change_pct: NotNegative = 0.0
    recalculated: bool = False
    evidence: MaybeWord = ""


class Client(FrozenModel):
    """Who ordered the evaluation, where it is not the mine's own legal entity."""

    name: MaybeText = None
    contact: MaybeText = None


class Member(FrozenModel):
    """A place in the evaluation team, by role; names are signed on paper."""

    role: Literal["leader", "member", "reviewer", "approver"]
    discipline: OwnText
    title: OwnText | None = None


class Team(FrozenModel):
    """The evaluating body and its team."""

    organisation: OwnText
    qualification: OwnText | None = None
    members: Annotated[list[Member], Field(min_length=1)]


class Licence(FrozenModel):
    """A licence that the mine holds."""

    name: OwnText
    number: NonEmptyText
    issuer: OwnText
    valid_until: Date


class Prerequisite(FrozenModel):
    """A gate of clause 4.2, declared with its proof."""

    met: bool
    evidence: OwnText


class NotApplicable(FrozenModel):
    """Why an indicator is left out: a reason of the standard's list, and the facts."""

    reason: NonEmptyText
    text: OwnText


class Damage(FrozenModel):
    """Ecological damage that became known, with its date."""

    date: Date
    text: OwnText
    evidence: NonEmptyText


class Rater(FrozenModel):
    """A member of the expert group, by letter and field; ``conflict`` is stated even where there is none (null)."""

    role: OwnText
    discipline: OwnText
    conflict: OwnText | None


class Objectives(FrozenModel):
    """Why the evaluation is made and what it is to reach (annex B, 2)."""

    reason: MaybeText = None
    goal: MaybeText = None


AnySection = TypeVar("AnySection", bound=FrozenModel)
Section = Annotated[AnySection, BeforeValidator(lambda given: {} if is_blank(given) else given)]  # may be left blank


class Photo(FrozenModel):
    """A picture under evidence/ for the page on the mine, and what it shows."""

    evidence: NonEmptyText
    caption: OwnText


class ReportFacts(FrozenModel):
    """What the cover says of the report itself; what is not given stays a line to be written on."""

    number: NonEmptyText | None = None
    version: NonEmptyText | None = None
    issued: Date | None = None
    photos: list[Photo] = []


class TableDefaults(FrozenModel):
    """What stands in the blank cells of these columns of a table; a row's own cell wins."""

    kind: NonEmptyText | None = None
    quality: NonEmptyText | None = None
    data_source: NonEmptyText | None = None
    frequency: NonEmptyText | None = None
    verified_by: NonEmptyText | None = None
    meter: NonEmptyText | None = None


class Defaults(TableDefaults):
    """The same for every table that has such columns, and for one of them alone, which wins."""

    activity: TableDefaults | None = None
    metrics: TableDefaults | None = None
    measures: TableDefaults | None = None
    restoration: TableDefaults | None = None


class Mine(FrozenModel):
    """The content of mine.yaml.

    ``province`` is kept as the id of the factor tables, however it was written; ``type`` follows from the subtype.
    ``absent`` names what does not exist at the mine (`mineco.dossier.stated.absences`).
    """

    id: Id
    name: OwnText
    legal_entity: MaybeText = None
    address: OwnText
    type: MaybeWord = ""
    mine_subtype: NonEmptyText
    stage: NonEmptyText
    province: NonEmptyText
    boundary: Section[Boundary] = Boundary()
    consolidation: Section[Consolidation] = Consolidation()
    reporting_year: Year
    report_date: Date
    base_year: BaseYear
    client: Section[Client] = Client()
    evaluator_team: Team
    licences: list[Licence] = []
    prerequisites: dict[str, Prerequisite]
    options: dict[str, bool | str] = {}
    factors: dict[str, NonEmptyText] = {}
    excluded_sources: dict[str, OwnText] = {}
    absent: Annotated[list[NonEmptyText], BeforeValidator(listed)] = []
    not_applicable: dict[str, NotApplicable] = {}
    objectives: Section[Objectives] = Objectives()
    disclosures: dict[str, EvidencedText] = {}
    ecological_damage: list[Damage] = []
    raters: dict[str, Rater] = {}
    recommendations: list[OwnText] = []
    defaults: Defaults | None = None
    notice: OwnText | None = None
    report: ReportFacts = ReportFacts()

    @model_validator(mode="after")
    def years_in_order(self) -> "Mine":
        if self.base_year.year > self.reporting_year:
            raise ValueError("base_year_after_reporting_year")
        if min(self.report_date, self.report.issued or self.report_date).year < self.reporting_year:
            raise ValueError("report_before_its_year")
        return self


MESSAGES = {  # of pydantic's kinds of error; the others are "bad_value" with pydantic's own words
    "missing": "missing_key", "extra_forbidden": "unknown_key", "string_type": "not_text",
    "bool_type": "not_true_or_false", "model_type": "not_several_entries", "dict_type": "not_several_entries",
    "list_type": "not_a_list", "tuple_type": "not_a_list",
    "string_too_short": "missing_text", "string_pattern_mismatch": "bad_id", "float_type": "not_a_number",
    "int_type": "not_a_whole_number", "int_from_float": "not_a_whole_number", "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range", "literal_error": "not_in_list",
}
OURS = ("not_a_date", "base_year_after_reporting_year", "report_before_its_year", "items_or_standard",
        "scale_not_rising", "low_above_high", "status_not_of_panel", "missing_text", "not_text")


def read_model(kind: type[AnyModel], path: Path | str, problems: Problems, folder: Path | None = None
               ) -> tuple[AnyModel | None, Lines]:
    """The model of a YAML file that a user wrote, and the line of each of its keys.

    None when something is wrong, which is noted with its line. A file of a folder must lie inside it.
    """
    with problems.collect():
        path = resolve_inside(folder, str(path)) if folder else Path(path)
        given, lines = read_yaml_lines(path)
        try:
            return kind.model_validate(given), lines
        except ValidationError as error:
            _note_errors(error, lines, path.name, problems)
            return None, lines
    return None, {}


def _note_errors(error: ValidationError, lines: Lines, file: str, problems: Problems) -> None:
    """What pydantic found, in our words: of each key one problem."""
    seen: set[tuple[str | int, ...]] = set()
    for wrong in error.errors(include_url=False):
        path = wrong["loc"][:2] if wrong["loc"][:1] == ("options",) else wrong["loc"]  # without pydantic's branch
        if path in seen:
            continue
        seen.add(path)
        reason = str(wrong["ctx"]["error"]) if wrong["type"] == "value_error" else ""
        message = reason if reason in OURS else MESSAGES.get(wrong["type"], "bad_value")
        if wrong["input"] is None and wrong["type"] != "missing" or (message == "bad_id" and not wrong["input"]):
            message = "missing_entry"
        if path[:1] == ("options",):  # true or false is read already: what is left should be a word
            message = "not_text"
        value = wrong["input"] if isinstance(wrong["input"], str | int | float) else ""
        limit = wrong.get("ctx", {})
        details = {"minimum": limit.get("ge", "—"), "maximum": limit.get("le", "—"),
                   "allowed": limit.get("expected", ""), "why": wrong["msg"]}
        problems.add(message, file=file, row=line_of(lines, path), column=".".join(map(str, path)),
                     value=value, **details)


def line_of(lines: Lines, path: tuple[str | int, ...]) -> int | str:
    """The line of a key, or of the nearest key above it that stands in the file.

    >>> line_of({(): 1, ("name",): 3}, ("name", "zh"))
    3
    """
    return next((lines[path[:length]] for length in range(len(path), -1, -1) if path[:length] in lines), "")

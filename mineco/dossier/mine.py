"""What mine.yaml says: who the mine is, its boundary, years, gates, choices and reasons; every key is declared here."""

import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from mineco.dossier.models import Date, FrozenModel, Id, MaybeWord, NotNegative, Share, Year
from mineco.dossier.texts import MaybeText, OwnText, is_blank
from mineco.standards.vocabulary import NonEmptyText

LISTED = re.compile(r"[;；、，\n]|(?<=[\u4e00-\u9fff）]),")  # between the words of a cell; English names have commas


def listed(given: Any) -> Any:
    """The words of a cell that holds several; a list as it is."""
    if isinstance(given, str):
        return [one.strip() for one in LISTED.split(given) if one.strip()]
    return [] if given is None else given


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


class BaseYearChange(FrozenModel):
    """What changed of the emissions of the base year since they were reported, from ``year`` on in the accounts.

    ``t_co2e`` is what it adds to the base year, below zero what it takes; ``other_years`` the same of years between.
    """

    year: Year
    kind: Literal["acquisition", "divestiture", "insourcing", "outsourcing", "method", "error", "organic"]
    t_co2e: Annotated[float, Field(ge=-1e15, le=1e15)]
    other_years: dict[Annotated[str, Field(pattern=r"^\d{4}$")], Annotated[float, Field(ge=-1e15, le=1e15)]] = {}
    evidence: NonEmptyText
    text: OwnText


class BaseYear(FrozenModel):
    """The fixed base year of reading R21; that it is the first of all needs a proof."""

    year: Year
    documented_first_year: bool = False
    structural_change_pct: NotNegative = 0.0
    recalculated: bool = False
    evidence: MaybeWord = ""
    changes: list[BaseYearChange] = []


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


class MeasureCost(FrozenModel):
    """What a measure would cost the mine: a tonne spared, or in a year what is built and what runs.

    ``low`` and ``high`` are in yuan/tCO2e, ``capex`` in yuan, ``yearly`` in yuan a year, ``rate`` in per cent a year.
    """

    low: float | None = None
    high: float | None = None
    capex: NotNegative | None = None
    yearly: float | None = None
    rate: NotNegative | None = None
    life_years: Annotated[float, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def in_one_way(self) -> "MeasureCost":
        by_tonne, of_year = (self.low, self.high), (self.capex, self.yearly, self.rate, self.life_years)
        whole = None not in by_tonne if of_year == (None,) * 4 else by_tonne == (None, None) and self.yearly is not None
        if not whole or (self.capex and None in of_year):
            raise ValueError("measure_cost_in_part")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("cost_low_above_high")
        return self


class EmissionTarget(FrozenModel):
    """What the mine itself means to emit in a year: tonnes, or so many per cent less than in the base year."""

    year: Year
    emissions_t_co2e: NotNegative | None = None
    reduction_pct: Annotated[float, Field(ge=0, le=100)] | None = None
    source: NonEmptyText

    @model_validator(mode="after")
    def in_one_way(self) -> "EmissionTarget":
        if (self.emissions_t_co2e is None) == (self.reduction_pct is None):
            raise ValueError("target_in_one_way")
        return self


class Place(FrozenModel):
    """Where a mine lies (WGS 84) [deg], and how deep below ground it works [m]; no number rests on them."""

    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    depth_m: Annotated[float, Field(ge=0, le=15_000)] | None = None  # no well is deeper

    @model_validator(mode="after")
    def both_or_neither(self) -> "Place":
        if (self.longitude is None) != (self.latitude is None):
            raise ValueError("longitude_or_latitude_alone")
        return self


class Mine(Place):
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
    targets: list[EmissionTarget] = []
    disclosures: dict[str, EvidencedText] = {}
    ecological_damage: list[Damage] = []
    raters: dict[str, Rater] = {}
    recommendations: list[OwnText] = []
    measure_costs: dict[str, MeasureCost] = {}
    defaults: Defaults | None = None
    notice: OwnText | None = None
    report: ReportFacts = ReportFacts()

    @model_validator(mode="after")
    def years_in_order(self) -> "Mine":
        if self.base_year.year > self.reporting_year:
            raise ValueError("base_year_after_reporting_year")
        if any(one.year <= self.base_year.year for one in self.targets):
            raise ValueError("target_not_after_base_year")
        if min(self.report_date, self.report.issued or self.report_date).year < self.reporting_year:
            raise ValueError("report_before_its_year")
        return self

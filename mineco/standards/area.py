"""How restoration areas are told, as data: kinds of land, layers, factors of degradation, classes, measures."""

import functools
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from mineco.core import kit
from mineco.core.errors import Problems
from mineco.core.quantity import Factor
from mineco.standards.factors import load_factors
from mineco.standards.files import Home, check_citations, note_unknown, read_part
from mineco.standards.load import load_standard, standard_ids
from mineco.standards.parts import Parameter
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import (
    Cites,
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
    Text,
)

StateId = Annotated[NonEmptyText, Cites("states")]
MaybeRateId = Annotated[str, Cites("rates")]
Pool = Literal["above", "below", "soil"]  # that measures are ranked by: dead wood and litter are left out of all
Composite = Literal["median", "max", "mean", "sum"]
FILE = "area.yaml"


class Ecosystem(Named):
    """A kind of land, and whether it bears its vegetation (sound), is degraded (worn), or is neither (other)."""

    state: Literal["sound", "worn", "other"]
    clause: NonEmptyText
    source: MaybeSourceId = ""
    readings: ReadingIds = ()
    status: Status


class LayerRule(Named):
    """A layer that a dossier may hold, and between which its values lie once scaled."""

    kind: Literal["continuous", "classes"]
    low: StrictFloat
    high: StrictFloat
    unit: NonEmptyText
    series: StrictBool = False  # one for each year
    beyond: StrictBool = False  # read outside the study area too, for what lies inside
    composites: tuple[Composite, ...] = ()  # how several scenes of a year may make its value


class FactorRule(Part):
    """What a factor of degradation is measured by, and which of its values score 0 and 1."""

    id: NonEmptyText
    of: Literal["cover", "falling", "change", "slope", "soil_loss"]
    needs: Annotated[tuple[NonEmptyText, ...], Field(min_length=1), Cites("layers")]
    years: Annotated[str, Cites("parameters")] = ""  # number of the standard: the fewest of a series among them
    sound: StrictFloat  # scores 0
    degraded: StrictFloat  # scores 1
    relative: tuple[StrictFloat, StrictFloat] | None = None  # the same of an index, where amounts are not known
    readings: ReadingIds = ()
    source: SourceId
    status: Status
    reason: Text

    @property
    def step(self) -> str:
        """The step by which that is mapped."""
        return "trend" if self.of == "falling" else self.of

    def scale(self, relative: bool) -> tuple[float, float]:
        """Which values score 0 and 1."""
        return self.relative if relative and self.relative else (self.sound, self.degraded)


class ChangeScore(Part):
    """How bad a change of land is, by the states before and after."""

    before: StateId
    after: StateId
    score: StrictFloat = Field(ge=0, le=1)


class ClassRule(Named):
    """A class of priority, from which value of the index upward."""

    at_least: StrictFloat = Field(alias="from", ge=0, lt=1)


class GainRule(Part):
    """A part of what a measure gains: of which pools, on which share of its land, by a rate or as trees grow.

    A rate has the lowest and the highest that sources give, for how long, and a mean where one is known.
    """

    pools: Annotated[tuple[Pool, ...], Field(min_length=1)]
    share: StrictFloat = Field(default=1.0, gt=0, le=1)
    growth: Literal["", "broadleaf", "conifers"] = ""
    mean: MaybeRateId = ""
    low: MaybeRateId = ""
    high: MaybeRateId = ""
    lasts: MaybeRateId = ""

    @model_validator(mode="after")
    def one_way(self) -> "GainRule":
        rate = [self.low, self.high, self.lasts]
        if bool(self.growth) == all(rate) or (self.growth and any([self.mean, *rate])):
            raise ValueError("a gain is by growth, or by a rate with low, high and lasts")
        return self


class MeasureRule(Named):
    """A measure, the land and sites that it suits, and its yearly gain in all pools that measures are ranked by."""

    suits: Annotated[tuple[NonEmptyText, ...], Cites("ecosystems")]
    most_slope: StrictFloat  # degrees
    least_rain: MaybeRateId = ""
    most_elevation: MaybeRateId = ""
    gains: Annotated[tuple[GainRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def same_pools(self) -> "MeasureRule":
        if {pool for one in self.gains for pool in one.pools} != set(get_args(Pool)):
            raise ValueError("every measure is of the same pools: above, below, soil")
        return self

    @property
    def plants(self) -> bool:
        """Whether trees are part of it."""
        return any(one.growth for one in self.gains)


class SamplingRule(Part):
    """How few points a stratum of a sample gets, and from which share of the land upward it stands alone."""

    least: Annotated[int, Field(ge=3)]
    smallest_share: StrictFloat = Field(gt=0, lt=1)
    source: SourceId
    status: Status


class AreaRules(Part):
    """What the identification of one standard goes by.

    >>> rules = load_area_rules("restoration-area-2025")
    >>> list(rules.factors), rules.breaks
    (['D1', 'D2', 'D3', 'D4', 'D5'], (0.25, 0.4, 0.5))
    """

    ecosystems: Parts[Ecosystem]
    layers: Parts[LayerRule]
    factors: Parts[FactorRule]
    change_scores: tuple[ChangeScore, ...]
    classes: Parts[ClassRule]
    measures: Parts[MeasureRule]
    rates: Parts[Parameter]
    sampling: SamplingRule

    @model_validator(mode="after")
    def classes_rise(self) -> "AreaRules":
        froms = [one.at_least for one in self.classes.values()]
        if froms[:1] != [0.0] or sorted(set(froms)) != froms:
            raise ValueError("classes begin at 0 and rise")
        return self

    @property
    def breaks(self) -> tuple[float, ...]:
        """Values of the index from which the second and every further class begins."""
        return tuple(one.at_least for one in self.classes.values())[1:]

    def change_score(self, before: str, after: str) -> float:
        """How bad it is that land of one kind became another, or stayed what it was.

        >>> rules = load_area_rules("restoration-area-2025")
        >>> rules.change_score("forest", "mined"), rules.change_score("mined", "mined")
        (1.0, 0.5)
        """
        states = self.ecosystems[before].state, self.ecosystems[after].state
        return next((one.score for one in self.change_scores if (one.before, one.after) == states), 0.0)

    def rate(self, name: str, document: str) -> Factor:
        """A rate of a measure with its source: one of the factor tables, or of the standard itself."""
        return self.rates[name].factor(document) if name in self.rates else load_factors().by_id(name)


area_standard_ids = functools.partial(standard_ids, FILE)  # the standards that identify areas on maps


@functools.cache
def load_area_rules(standard_id: str) -> AreaRules:
    """The rules of a standard that identifies areas, checked as a whole."""
    return read_area_rules(kit.parameters() / "standards" / standard_id / FILE, load_standard(standard_id))


def read_area_rules(path: Path, standard: Standard) -> AreaRules:
    """Read the rules from a file; see `load_area_rules`.

    Factors of degradation are the groups that are weighed, no more and no fewer.
    """
    problems = Problems()
    rules = read_part(AreaRules, path, problems)
    known = {"references": standard.references, "readings": standard.readings, "ecosystems": rules.ecosystems,
             "layers": rules.layers, "parameters": standard.parameters,
             "rates": [*rules.rates, *(one.id for one in load_factors())],
             "states": sorted({one.state for one in rules.ecosystems.values()})}
    check_citations(rules, known, problems, lambda field: Home(path.name, field))
    for name in rules.factors.keys() ^ standard.groups.keys():
        note_unknown(Home(path.name, "factors"), "", name, standard.groups, problems)
    problems.stop()
    return rules

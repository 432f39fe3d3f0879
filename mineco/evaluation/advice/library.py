"""The measures that a mine can be advised to take, as data: what each acts on, its conditions, its cost."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from mineco.core.errors import Problems
from mineco.core.kit import parameters
from mineco.core.yaml_reading import read_yaml
from mineco.standards.files import Home, build
from mineco.standards.vocabulary import (
    Named,
    NonEmptyText,
    Part,
    Parts,
    Status,
    StrictBool,
    StrictFloat,
    StrictInt,
    Text,
)

SEEN = ("read", "quoted")  # statuses of numbers that somebody has published
Number = StrictFloat | StrictInt


class Sourced(Part):
    """Numbers with what they rest on."""

    status: Status
    source: Text | None = None
    seen: str = ""

    @model_validator(mode="after")
    def sourced(self) -> "Sourced":
        if self.status in SEEN and self.source is None:
            raise ValueError("a number that was read or quoted says where")
        return self


class Share(Sourced):
    """How much of what can be acted on is proposed, and the range of what was found possible. [1]"""

    value: Annotated[Number, Field(gt=0, le=1)]
    least: Annotated[Number, Field(alias="from", gt=0, le=1)]
    most: Annotated[Number, Field(alias="to", gt=0, le=1)]


class Cost(Sourced):
    """What a tonne spared costs. [yuan/tCO2e]"""

    low: Number
    high: Number


class Price(Named, Cost):
    """The price of a kind of credit."""

    period: NonEmptyText


class Amount(Part):
    """Figures added up, without those of ``less``; in the unit of the first where none is named."""

    of: tuple[str, ...]
    less: tuple[str, ...] = ()
    unit: str = ""
    per: Number = 1


class Condition(Part):
    """What must hold of the first of some figures that the mine gives."""

    of: tuple[str, ...]
    least: Number | None = None
    below: Number | None = None
    unit: NonEmptyText
    says: Text


class HeatPump(Part):
    """A heat pump in place of a boiler of some efficiency."""

    efficiency: Number
    cop: Number


class Change(Part):
    """How an act changes a figure: ``per`` unit of its amount, by the heat of the fuel, or to a value."""

    path: NonEmptyText
    unit: str = ""
    per: Number | None = None
    heat: HeatPump | None = None
    at: Number | None = None
    like: str = ""
    most: str = ""

    @model_validator(mode="after")
    def in_one_way(self) -> "Change":
        if sum(one is not None for one in (self.per, self.heat, self.at, self.like or None)) != 1:
            raise ValueError("a change has one of per, heat, at and like")
        return self


class Act(Part):
    """What is done with one amount; ``each`` key of a source in turn, or those of ``keys``."""

    each: str = ""
    keys: tuple[str, ...] = ()
    amount: Amount
    at_most: Amount | None = None
    changes: tuple[Change, ...]


class Group(Named):
    """Measures that act on one thing; of an exclusive group one is taken."""

    exclusive: StrictBool


class Measure(Named):
    """A measure that a mine can take."""

    group: NonEmptyText
    order: StrictInt
    abates: StrictBool = True
    applies_to: tuple[str, ...]
    acts: tuple[Act, ...]
    share: Share
    conditions: tuple[Condition, ...] = ()
    cost: Cost | None = None
    life_years: Number | None = None
    lead_years: Number | None = None
    evidence: Text


class LeftOut(Part):
    """Measures that are known and not tried, and why."""

    id: NonEmptyText
    why: Text
    measures: tuple[str, ...]


class Library(Part):
    """What is known of measures: by id, in the order of the files."""

    groups: Parts[Group]
    measures: Parts[Measure]
    credits: Parts[Price]
    left_out: Parts[LeftOut]

    @model_validator(mode="after")
    def of_known_groups(self) -> "Library":
        if odd := {one.group for one in self.measures.values()} - set(self.groups):
            raise ValueError(f"unknown groups: {', '.join(sorted(odd))}")
        return self


@functools.cache
def load_library() -> Library:
    """The measures, credits and what is left out, of ``parameters/measures``.

    Raises
    ------
    BadInput
        With every key that is missing, unknown or of another kind.

    >>> load_library().measures["battery-trucks"].name_en
    'battery haul trucks'
    """
    folder, problems = parameters() / "measures", Problems()
    given: Mapping[str, object] = {**read_yaml(folder / "measures.yaml"), "credits": read_yaml(folder / "credits.yaml"),
                                   "left_out": read_yaml(folder / "left_out.yaml")}
    library = build(Library, given, problems, _home)
    problems.stop()
    assert library is not None
    return library


def with_own(library: Library, given: Mapping[str, Any] | str | Path) -> Library:
    """The library with measures of the mine's own, told in the form of ``parameters/measures/measures.yaml``.

    Parameters
    ----------
    library : Library
    given : mapping or path   ``measures`` by id, and ``groups`` where they belong to none of the library; or a YAML
        file of them. An own measure takes the place of one of the library with its id.

    Raises
    ------
    BadInput
        With every key that is missing, unknown or of another kind.

    >>> fan = {"name": {"zh": "主扇变频", "en": "drives of main fans"}, "group": "management", "order": 2,
    ...        "applies_to": ["all"], "share": {"value": 0.1, "from": 0.1, "to": 0.1, "status": "assumed"},
    ...        "acts": [{"amount": {"of": ["activity.electricity..purchased"]},
    ...                  "changes": [{"path": "activity.electricity..purchased", "per": -1}]}],
    ...        "evidence": {"zh": "电表", "en": "meters"}}
    >>> with_own(load_library(), {"measures": {"fans": fan}}).measures["fans"].name_en
    'drives of main fans'
    """
    file = "" if isinstance(given, Mapping) else str(given)
    told = given if isinstance(given, Mapping) else read_yaml(Path(given))
    problems = Problems()
    beside = {name: {**getattr(library, name), **told.get(name, {})} for name in ("groups", "credits", "left_out")}
    found = build(Library, {"measures": {}, **told, **beside}, problems, lambda field: Home(file, field))
    problems.stop()
    assert found is not None
    return found.model_copy(update={"measures": {**library.measures, **found.measures}})


def _home(field: str) -> Home:
    file = f"{field}.yaml" if field in ("credits", "left_out") else "measures.yaml"
    return Home(f"measures/{file}", "" if field in ("credits", "left_out") else field)

"""How restoration areas are told, as data: kinds of land, layers, factors of degradation, classes, measures."""

import functools
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from mineco.core import kit
from mineco.core.errors import Problems
from mineco.core.quantity import Factor
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard
from mineco.standards.parts import Parameter
from mineco.standards.sheet import Sheet
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Named, NonEmptyText, Part, Status, StrictBool, StrictFloat, Text

FILE = "area.yaml"


class Ecosystem(Named):
    """A kind of land, and whether it bears its vegetation (sound), is degraded (worn), or is neither (other)."""

    state: Literal["sound", "worn", "other"]
    clause: NonEmptyText
    source: str = ""
    readings: tuple[str, ...] = ()
    status: Status


class LayerRule(Named):
    """A layer that a dossier may hold, and between which its values lie once scaled."""

    kind: Literal["continuous", "classes"]
    low: StrictFloat
    high: StrictFloat
    unit: NonEmptyText
    series: StrictBool = False  # one for each year
    required: StrictBool = False


class FactorRule(Part):
    """What a factor of degradation is measured by, which end of it is degraded, and how it is scaled to 0 to 1."""

    id: NonEmptyText
    of: Literal["cover", "trend", "change", "slope", "soil_loss"]
    worse: Literal["low", "high"]
    ends: Literal["quantiles"] | tuple[StrictFloat, StrictFloat]
    source: NonEmptyText
    status: Status
    reason: Text


class ChangeScore(Part):
    """How bad a change of land is, by the states before and after."""

    before: NonEmptyText
    after: NonEmptyText
    score: StrictFloat = Field(ge=0, le=1)


class ClassRule(Named):
    """A class of priority, from which value of the index upward."""

    at_least: StrictFloat = Field(alias="from", ge=0, lt=1)


class MeasureRule(Named):
    """A measure, the land that it suits, and its yearly gain of carbon: a range, and for how long."""

    suits: tuple[NonEmptyText, ...]
    low: NonEmptyText
    high: NonEmptyText
    lasts: NonEmptyText
    most_slope: StrictFloat  # degrees


class AreaRules(Part):
    """What the identification of one standard goes by.

    >>> rules = load_area_rules("restoration-area-2025")
    >>> list(rules.factors), rules.breaks
    (['D1', 'D2', 'D3', 'D4', 'D5'], (0.35, 0.5, 0.6))
    """

    ecosystems: dict[str, Ecosystem]
    layers: dict[str, LayerRule]
    factors: dict[str, FactorRule]
    change_scores: tuple[ChangeScore, ...]
    classes: dict[str, ClassRule]
    measures: dict[str, MeasureRule]
    rates: dict[str, Parameter]

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
        if name not in self.rates:
            return load_factors().by_id(name)
        given = self.rates[name]
        return Factor(id=given.id, quantity="parameter", value=given.value, unit=given.unit,
                      source=given.source or document, status=given.status,
                      name_zh=given.name_zh, name_en=given.name_en, clause=given.clause)


@functools.cache
def area_standard_ids() -> tuple[str, ...]:
    """The standards that identify areas on maps.

    >>> area_standard_ids()
    ('restoration-area-2025',)
    """
    return tuple(sorted(path.parent.name for path in (kit.parameters() / "standards").glob(f"*/{FILE}")))


@functools.cache
def load_area_rules(standard_id: str) -> AreaRules:
    """The rules of a standard that identifies areas, checked as a whole.

    Raises
    ------
    BadInput
        With every problem of the file.
    """
    return read_area_rules(kit.parameters() / "standards" / standard_id / FILE, load_standard(standard_id))


def read_area_rules(path: Path, standard: Standard) -> AreaRules:
    """Read the rules from a file; see `load_area_rules`."""
    problems = Problems()
    sheet = Sheet(path, problems)
    scores = [sheet.build(ChangeScore, one, f"change_scores.{place}")
              for place, one in enumerate(sheet.take("change_scores", []))]
    given = {"ecosystems": sheet.parts("ecosystems", Ecosystem), "layers": sheet.parts("layers", LayerRule),
             "factors": sheet.parts("factors", FactorRule), "classes": sheet.parts("classes", ClassRule),
             "measures": sheet.parts("measures", MeasureRule), "rates": sheet.parts("rates", Parameter)}
    sheet.finish()
    problems.stop()
    rules = sheet.build(AreaRules, {**given, "change_scores": tuple(scores)}, "")
    problems.stop()
    assert rules is not None
    _check(rules, standard, path.name, problems)
    problems.stop()
    return rules


def _check(rules: AreaRules, standard: Standard, file: str, problems: Problems) -> None:
    """Every id exists: factors are the groups that are weighed, land and rates are known, sources are documents."""
    known_rates = {*rules.rates, *(one.id for one in load_factors())}
    states = {one.state for one in rules.ecosystems.values()}
    cited: list[tuple[str, str, Collection[str]]] = [("factors", name, standard.groups) for name in rules.factors]
    cited += [("factors", name, rules.factors) for name in standard.groups]
    cited += [(f"factors.{name}.source", one.source, standard.references) for name, one in rules.factors.items()]
    cited += [(f"{part}.{name}.source", one.source, standard.references)
              for part, found in (("ecosystems", rules.ecosystems), ("rates", rules.rates))
              for name, one in found.items() if one.source]
    cited += [(f"{part}.{name}.readings", reading, standard.readings)
              for part, found in (("ecosystems", rules.ecosystems), ("rates", rules.rates))
              for name, one in found.items() for reading in one.readings]
    cited += [("change_scores", state, states) for one in rules.change_scores for state in (one.before, one.after)]
    cited += [(f"measures.{name}.suits", land, rules.ecosystems)
              for name, one in rules.measures.items() for land in one.suits]
    cited += [(f"measures.{name}", rate, known_rates)
              for name, one in rules.measures.items() for rate in (one.low, one.high, one.lasts)]
    for place, given, known in cited:
        if given not in known:
            problems.add("standard_unknown_id", file=file, row=place, value=given, known=", ".join(list(known)[:40]))

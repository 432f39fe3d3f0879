"""One edition of one standard, with the account's formulas, sources and metrics."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from mineco.core.errors import Problems, nearest_first
from mineco.core.lazy import Shown
from mineco.core.quantity import Factor, Quantity
from mineco.standards import parts
from mineco.standards.files import Home
from mineco.standards.indicator import Benchmark, Indicator, Rubric, Variant
from mineco.standards.parts import Group, ListEntry, Stage
from mineco.standards.vocabulary import Account, Cites, Formula, Named, Parts, SourceId, StrictBool, Text

GROUPS = "groups"  # the level that compares the groups themselves; the other levels are the groups
HOMES = {  # of the fields of a standard that do not stand in standard.yaml
    **{field: Home("indicators.yaml", field) for field in ("levels", "groups", "indicators")},
    **{field: Home("formulas.yaml", field) for field in ("clauses", "documents")},
    **{field: Home(f"{field}.yaml", "") for field in ("formulas", "references", "rubrics", "readings")},
    **{field: Home(f"{field}.csv", "") for field in ("benchmarks", "judgements")},
    **{field: Home("accounting/mine_kinds.yaml", field) for field in ("mine_types", "mine_subtypes")},
    **{field: Home(f"accounting/{field}.yaml", "") for field in ("sources", "metrics")},
    "panel_weights": Home("", ""),
}


def home_of(field: str) -> Home:
    """Where a field of a standard stands.

    >>> home_of("readings"), home_of("grades")
    (Home(file='readings.yaml', key=''), Home(file='standard.yaml', key='grades'))
    """
    return HOMES.get(field, Home("standard.yaml", field))


def figure_of(name: str) -> str:
    """The figure of metrics.csv behind the input of an indicator, as given or as far as it counts; blank for others.

    >>> figure_of("previous.metric.production"), figure_of("counted.energy_cap"), figure_of("emissions")
    ('production', 'energy_cap', '')
    """
    *_, kind, figure = ("", "", *name.rsplit(".", 2))
    return figure if kind in ("metric", "counted") else ""


class Standard(Shown, Named, Account):
    """One edition of one standard, with the account's formulas, sources and metrics; fields are keys of its files."""

    edition: str
    draft: StrictBool
    notice: Text
    publisher: Text
    source: SourceId
    weighting_clause: str  # the one that lets experts give weights
    keeps_account: StrictBool = True  # of emissions and energy, over years; else the reporting year and its land alone
    options: Parts[parts.StandardOption]
    parameters: Parts[parts.Parameter]
    gases: Parts[ListEntry]
    quantities: Parts[parts.NamedQuantity]
    bands: Parts[parts.GradeBand] = Field(alias="grades")
    below_grade: Named
    prerequisites: Parts[ListEntry]
    phases: Parts[parts.Phase]
    data_fields: Parts[ListEntry]
    stages: Parts[parts.Stage] = {}
    incentives: Parts[ListEntry] = {}
    levers: Parts[ListEntry] = {}  # figures that a mine declares of itself
    acts: Parts[parts.Act] = {}  # what a mine acts on, by the name of an input
    reasons: Parts[ListEntry] = Field(alias="not_applicable_reasons")
    disclosures: Parts[ListEntry]
    levels: Parts[parts.Level]
    groups: Parts[parts.Group]
    indicators: Parts[Indicator]
    clauses: Annotated[Mapping[str, str], Cites("formulas")] = {}  # under which it uses formulas
    documents: Annotated[Mapping[str, parts.Document], Cites("formulas")] = {}  # where it states shared formulas
    rubrics: Parts[Rubric]
    benchmarks: Mapping[str, Benchmark]
    readings: Parts[parts.Reading]
    judgements: Mapping[str, tuple[parts.Judgement, ...]]  # by stage; instead of weights
    panel_weights: Mapping[str, Factor] = {}  # in place of its own (reading R20)

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other  # as a key of a mapping each stands for itself

    @property
    def grades(self) -> tuple[parts.GradeBand, ...]:
        """The grades, the best first."""
        return tuple(self.bands.values())

    @property
    def score_cuts(self) -> tuple[float, ...]:
        """Lower cuts of the score, best grade first. [points]"""
        return tuple(grade.score for grade in self.grades)

    @property
    def offset_cuts(self) -> tuple[float, ...]:
        """Lower cuts of the offset ratio, best grade first; empty in a standard that does not ask for it. [1]"""
        return tuple(grade.offset for grade in self.grades if grade.offset is not None)

    @property
    def grade_ids(self) -> tuple[str, ...]:
        """Grades in the order of the cuts, and last what stands below all of them."""
        return (*(grade.id for grade in self.grades), self.below_grade.id)

    def rule(self, name: str) -> float:
        """A number of the standard by its id, such as ``near_zero_threshold``."""
        return self.parameters[name].value

    def parameter(self, name: str) -> Quantity:
        """A number of the standard with its source, as an input of a formula."""
        return self.parameters[name].factor(self.source).as_quantity()

    def stage(self, word: str) -> Stage:
        """The group of stages to which a mine's stage belongs."""
        return next(one for one in self.stages.values() if word in one.of)

    def mine_type(self, subtype: str) -> str:
        """The type that a subtype of mine belongs to."""
        return self.mine_subtypes[subtype].type

    def figures(self) -> tuple[str, ...]:
        """The figures of metrics.csv that the standard needs, with their wholes, in the order of the vocabulary."""
        ways = [way for one in self.indicators.values()
                for way in (*one.variants, *one.beside, *((one.bound,) if one.bound else ()))]
        named = {figure_of(name) for way in ways for name in way.inputs.values() if figure_of(name)}
        named |= {name.removeprefix("previous.") for quantity in self.quantities.values() for name in quantity.figures}
        for name in tuple(named):
            while name := self.metrics[name].within:
                named.add(name)
        return tuple(name for name in self.metrics if name in named)

    def in_group(self, group: str) -> list[Indicator]:
        """The indicators of a group, in the order of the table."""
        return [indicator for indicator in self.indicators.values() if indicator.group == group]

    def weight(self, name: str) -> Factor:
        """The weight of an indicator in its group, or of a group in the total, as a sourced number. [%]"""
        if name in self.panel_weights:
            return self.panel_weights[name]
        part: Indicator | Group = self.indicators[name] if name in self.indicators else self.groups[name]
        return Factor(id=f"weight.{name}", quantity="weight", value=part.weight, unit="%", source=self.source,
                      status="read", name_zh=part.name_zh, name_en=part.name_en,
                      clause=part.clause)

    def with_weights(self, given: Mapping[str, Factor]) -> "Standard":
        """The standard with other weights by id of a group (absolute) or indicator (within its group). [%]

        Those of level 1 stay the subtotals of their groups (readings R2, R20).
        """
        groups = {name: group.model_copy(update={"weight": given[name].value}) if name in given else group
                  for name, group in self.groups.items()}
        indicators = {name: one.model_copy(update={"weight": given[name].value}) if name in given else one
                      for name, one in self.indicators.items()}
        levels = {name: level.model_copy(update={"weight": sum(group.weight for group in groups.values()
                                                               if group.level == name)})
                  for name, level in self.levels.items()}
        return self.model_copy(update={"groups": groups, "indicators": indicators, "levels": levels,
                                       "panel_weights": dict(given)})

    def with_knots(self, given: Mapping[str, Sequence[tuple[float, float]]]) -> "Standard":
        """The standard with other value functions: knots as pairs of value and points, linear between, flat outside.

        They stand by id of the indicator, or ``indicator/way`` where it is computed in several ways, such as
        ``E3.1/coal``. Every id that is none of the standard's and everything that is no value function is refused.

        >>> from mineco.standards.load import load_standard
        >>> strict = load_standard("carbon-neutral-mine-2025").with_knots({"E2.5": [(50, 0), (100, 100)]})
        >>> strict.indicators["E2.5"].variants[0].knots
        ((50.0, 0.0), (100.0, 100.0))
        """
        problems, indicators = Problems(), dict(self.indicators)
        for name, knots in given.items():
            id, _, way = name.partition("/")
            indicator = indicators.get(id)
            ways = {one.id: one for one in indicator.variants} if indicator else {}
            if indicator and indicator.bound:
                ways[indicator.bound.id] = indicator.bound
            if indicator is None or not ways:
                scored = [one.id for one in self.indicators.values() if one.variants or one.bound]
                problems.add("no_value_function", row=name, known=nearest_first(name, scored))
                continue
            if (way or next(iter(ways))) not in ways or (not way and len(ways) > 1):
                problems.add("which_value_function", row=name, known=", ".join(f"{id}/{one}" for one in ways))
                continue
            with problems.collect():
                changed = ways[way or next(iter(ways))].with_knots(knots, name)
                bound = indicator.bound and (changed if indicator.bound.id == changed.id else indicator.bound)
                variants = tuple(changed if one.id == changed.id else one for one in indicator.variants)
                indicators[id] = indicator.model_copy(update={"variants": variants, "bound": bound})
        problems.stop()
        return self.model_copy(update={"indicators": indicators})

    def as_stated(self) -> "Standard":
        """The standard with shared formulas as it states them itself: those alone that it uses, under its clauses."""
        formulas: dict[str, Formula] = {}
        for key, one in self.formulas.items():
            if self.keeps_account or key in self.clauses:
                told = self.documents[key].model_dump() if key in self.documents else {}
                formulas[key] = one.model_copy(update={**told, "clause": self.clauses.get(key, one.clause)})
        sources = self.sources if self.keeps_account else {
            key: one.model_copy(update={"clause": self.clauses.get(one.results[-1].formula, "—")})
            for key, one in self.sources.items()}
        return self.model_copy(update={"formulas": formulas, "sources": sources})

    def with_own_weights(self, own: "Standard") -> "Standard":
        """The standard under the weights of another edition of itself, as the one that was read."""
        indicators = {name: one.model_copy(update={"weight": own.indicators[name].weight})
                      for name, one in self.indicators.items()}
        return self.model_copy(update={"groups": own.groups, "levels": own.levels, "indicators": indicators,
                                       "panel_weights": own.panel_weights})

    def kinds(self, subtype: str) -> tuple[str, str, str]:
        """What a subtype of mine is called in ``applies_to``, the narrowest first."""
        return subtype, self.mine_type(subtype), "all"

    def concerns(self, kinds: Iterable[str], subtype: str) -> bool:
        """Whether what is said of some kinds of mine is about a subtype."""
        return not set(kinds).isdisjoint(self.kinds(subtype))

    def variant(self, indicator: str, subtype: str, options: Mapping[str, object], year: int) -> Variant:
        """How an indicator is computed and scored for a subtype of mine under the given options in a reporting year."""
        return self.indicators[indicator].ways(self.kinds(subtype), options, year)[0]

    def not_applicable_reasons(self, indicator: str, options: Mapping[str, object]) -> dict[str, ListEntry]:
        """The reasons for which an indicator may be left out under the given options."""
        return {name: self.reasons[name] for name in self.indicators[indicator].not_applicable
                if not self.reasons[name].option or options[self.reasons[name].option] is True}

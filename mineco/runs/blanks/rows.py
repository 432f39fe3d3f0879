"""The rows of a blank dossier to begin with: what is asked of a kind of mine, in which unit, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mineco.core.units import unit_words
from mineco.core.yaml_reading import kit_data
from mineco.dossier.tables import PARCEL_SOURCES
from mineco.runs.blanks.kinds import USUAL, UsualSource, asked_figures, other_units, usual_sources, usual_unit
from mineco.standards.factors import load_factors
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Metric, Named, Source, SourceItem

RATERS = ("A", "B")  # of a blank dossier
INSTANCE = "instance"  # the key of a source that is a free name
BETWEEN = {"zh": "；", "en": "; "}


@dataclass(frozen=True)
class Asked:
    """What a blank dossier is for."""

    standard: Standard
    year: int  # under evaluation
    subtype: str = ""  # blank: any kind of mine, and all rows
    language: str = "zh"
    by_name: bool = False  # ids by their names, as in a workbook

    @property
    def years(self) -> tuple[int, ...]:
        """Of an account: the year before, which is the base year to begin with, and the year itself."""
        return (self.year - 1, self.year) if self.standard.keeps_account else (self.year,)

    @property
    def raters(self) -> tuple[str, ...]:
        """One for each indicator, unless the standard asks for more."""
        return RATERS if not self.subtype or "fewest_raters" in self.standard.parameters else RATERS[:1]

    def unit(self, unit: str) -> str:
        """A unit, as it stands in a table."""
        return unit_words(unit, self.language) if self.by_name else unit

    def say(self, part: Mapping[str, Any], **filled: str) -> str:
        """A text in the language of the dossier."""
        return str(part[self.language]).format(**filled)

    def shown(self, one: Named) -> str:
        """A part of the standard, as it stands in a table."""
        return one.name[self.language] if self.by_name else one.id


@dataclass(frozen=True)
class BlankRow:
    """A row with what is said of it beside its cells."""

    cells: Mapping[str, str]
    why: str = ""  # it is asked for
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by column, where they are the row's own
    presets: tuple[str, ...] = ()  # columns whose cell is a proposal, to be kept or changed
    remarks: Mapping[str, str] = field(default_factory=dict)  # by column


def blank_rows(file: str, asked: Asked) -> list[BlankRow]:
    """The rows of a table to begin with; none of the tables that not every mine needs.

    >>> from mineco.standards.load import load_standard
    >>> asked = Asked(load_standard("carbon-neutral-mine-2025"), 2024, "metal-opencast", by_name=True)
    >>> [" ".join(row.cells.values()) for row in blank_rows("activity.csv", asked)[:2]]
    ['2023 移动源燃烧（非道路机械与矿用车） 柴油 t', '2024 移动源燃烧（非道路机械与矿用车） 柴油 t']
    """
    makers = {"activity.csv": _usual if asked.subtype else _every_source, "metrics.csv": _figures,
              "ratings.csv": _ratings}
    return list(makers[file](asked)) if file in makers else []


def _usual(asked: Asked) -> Iterator[BlankRow]:
    if not asked.standard.keeps_account:
        return
    for usual in usual_sources(asked.standard, asked.subtype):
        for item in usual.asked_items():
            unit = usual.units.get(item.id, item.units[0])
            row = {"source": asked.shown(usual.source), "item": _item(usual, item, asked), "unit": asked.unit(unit)}
            note = {} if asked.by_name else {"note": both_names(usual.source, item)}
            choices = {"unit": [asked.unit(one) for one in other_units(item.units, unit, item.density is not None)]}
            if usual.key == "":
                choices["item"] = load_factors().names(usual.source.key, asked.language)
            for year in asked.years:
                yield BlankRow({"year": str(year), **row, **note}, _why_source(usual.source, item, asked), choices)


def _item(usual: UsualSource, item: SourceItem, asked: Asked) -> str:
    """How an item of a usual source is written; blank where the mine alone knows its key."""
    if usual.key is None:
        return asked.shown(item)
    key = usual.key[asked.language] if isinstance(usual.key, Mapping) else usual.key
    if key and asked.by_name and usual.source.key != INSTANCE:
        key = load_factors().name(usual.source.key, key, asked.language)
    return key if item.main or not key else f"{key}:{asked.shown(item)}"


def _why_source(source: Source, item: SourceItem, asked: Asked) -> str:
    formulas = [asked.standard.formulas[result.formula].name[asked.language] for result in source.results
                if item.id in result.inputs.values()]
    return f"{source.clause}　{BETWEEN[asked.language].join(dict.fromkeys(formulas))}"


def _every_source(asked: Asked) -> Iterator[BlankRow]:
    for year in asked.years if asked.standard.keeps_account else ():
        for source in activity_sources(asked.standard):
            for item in source.items.values():
                if not item.factor:
                    yield BlankRow({"year": str(year), "source": source.id, "item": item_text(source, item),
                                    "unit": item.units[0], "note": both_names(source, item)})


def _figures(asked: Asked) -> Iterator[BlankRow]:
    standard = asked.standard
    if not asked.subtype:
        for year in asked.years:
            for metric in standard.metrics.values():
                if standard.keeps_account or metric.id in standard.figures():
                    yield BlankRow({"year": str(year), "metric": metric.id, "unit": metric.units[0],
                                    "note": both_names(metric)})
        return
    figures = asked_figures(standard, asked.subtype, asked.year)
    for metric in standard.metrics.values():
        unit = usual_unit(metric, standard, asked.subtype)
        choices = {"unit": [asked.unit(one) for one in other_units(metric.units, unit)]}
        note = {} if asked.by_name else {"note": both_names(metric)}
        preset: dict[str, str] = {}
        if bases := _bases(metric, figures[""].get(metric.id, ()), asked):
            choices["basis"] = bases
            preset = {"basis": bases[0]} if metric.id in kit_data(USUAL)["preset"] else {}
        for year, prefix in zip(asked.years, ("previous.", "")[-len(asked.years):], strict=True):
            if metric.id in figures[prefix]:
                yield BlankRow({"year": str(year), "metric": asked.shown(metric), "unit": asked.unit(unit),
                                **note, **preset}, _why_figure(figures[prefix][metric.id], asked), choices,
                               tuple(preset), {"metric": metric.meaning[asked.language]})


def _bases(metric: Metric, indicators: Sequence[str], asked: Asked) -> list[str]:
    """What a cap or a reference may rest on: words, and benchmarks that were made for this kind of mine (R28)."""
    words = kit_data(USUAL)["bases"].get(metric.id)
    listed = [one.id for one in asked.standard.benchmarks.values() if set(indicators) & set(one.indicators)
              and asked.standard.concerns(one.mines, asked.subtype)]
    return [] if words is None else [*(one.format(last=asked.year - 1) for one in words), *listed]


def _why_figure(indicators: Sequence[str], asked: Asked) -> str:
    """The indicators that ask for a figure, with clause and formula."""
    standard, told = asked.standard, []
    options = {option.id: option.default for option in standard.options.values()}
    for one in map(standard.indicators.__getitem__, indicators):
        for way in filter(None, [*one.ways(standard.kinds(asked.subtype), options, asked.year)[:1], one.bound]):
            formula = standard.formulas[way.formula].name[asked.language]
            named = "" if formula == one.name[asked.language] else f", {formula}"
            told.append(f"{one.id} {one.name[asked.language]} ({one.clause}{named})")
    return BETWEEN[asked.language].join(told)


def _ratings(asked: Asked) -> Iterator[BlankRow]:
    for one in asked.standard.indicators.values():
        if not one.rubric:
            continue
        levels = asked.standard.rubrics[one.rubric].levels
        note = {} if asked.by_name else {"note": both_names(one)}
        for rater in asked.raters:
            yield BlankRow({"standard": asked.standard.id, "indicator": asked.shown(one), "rater": rater, **note},
                           f"{one.id} ({one.clause})", {"level": [str(level.score) for level in levels]},
                           remarks={"level": "\n".join(f"{level.score}　{level[asked.language]}" for level in levels)})


def both_names(*parts: Named) -> str:
    """Names of a source and its item, or of a figure, in both languages."""
    return f"{'：'.join(one.name_zh for one in parts)} / {': '.join(one.name_en for one in parts)}"


def activity_sources(standard: Standard) -> list[Source]:
    """The sources that activity.csv reports; those of restored land stand in restoration.csv."""
    return [source for source in standard.sources.values() if not source.id.startswith(PARCEL_SOURCES)]


def item_text(source: Source, item: SourceItem) -> str:
    """How an item is written in activity.csv, with a placeholder for the key.

    >>> from mineco.standards.load import load_standard
    >>> source = load_standard("carbon-neutral-mine-2025").sources["stationary-combustion"]
    >>> item_text(source, source.items["ncv"])
    '<fuel>:ncv'
    """
    if not source.key:
        return item.id
    return f"<{source.key}>" if item.main else f"<{source.key}>:{item.id}"

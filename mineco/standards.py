"""The standards: read from ``parameters/standards/<id>`` with the account's vocabulary, and checked as a whole."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mineco import kit
from mineco.errors import Problems
from mineco.quantity import WEAK_STATUSES, Factor
from mineco.reading import Row, read_number, read_table
from mineco.standard_checks import check_standard
from mineco.standard_parts import (
    Benchmark,
    Entry,
    Grade,
    Group,
    Indicator,
    Level,
    NamedQuantity,
    Option,
    Parameter,
    Phase,
    Reading,
    Rubric,
    Subtype,
    Variant,
    WeakSource,
)
from mineco.standard_sheet import Sheet
from mineco.vocabulary import (
    AnyPart,
    Formula,
    FormulaRow,
    Metric,
    Named,
    Reference,
    Source,
    SourceItem,
    SourceResult,
    Symbol,
    Text,
)

__all__ = ["Formula", "Indicator", "Metric", "Reading", "Reference", "Source", "SourceItem", "SourceResult", "Standard",
           "Symbol", "Text", "Variant", "load_standard", "standard_ids", "weak_sources"]

BENCHMARK_COLUMNS = ("id", "indicators", "subject_zh", "subject_en", "value", "unit", "meaning_zh", "meaning_en",
                     "source", "locator", "status")


@dataclass(frozen=True, eq=False)
class Standard:
    """One edition of one standard, with the account's formulas, sources and metrics."""

    id: str
    name: Text
    edition: str
    draft: bool
    notice: Text
    publisher: Text
    source: str
    mine_types: Mapping[str, Named]
    mine_subtypes: Mapping[str, Subtype]
    options: Mapping[str, Option]
    parameters: Mapping[str, Factor]
    gases: Mapping[str, Entry]
    quantities: Mapping[str, NamedQuantity]
    grades: tuple[Grade, ...]
    below_grade: Named
    prerequisites: Mapping[str, Entry]
    phases: Mapping[str, Phase]
    data_fields: Mapping[str, Entry]
    reasons: Mapping[str, Entry]
    disclosures: Mapping[str, Entry]
    levels: Mapping[str, Level]
    groups: Mapping[str, Group]
    indicators: Mapping[str, Indicator]
    rubrics: Mapping[str, Rubric]
    benchmarks: Mapping[str, Benchmark]
    readings: Mapping[str, Reading]
    references: Mapping[str, Reference]
    formulas: Mapping[str, Formula]
    sources: Mapping[str, Source]
    metrics: Mapping[str, Metric]

    @property
    def name_zh(self) -> str:
        return self.name.zh

    @property
    def name_en(self) -> str:
        return self.name.en

    @property
    def score_cuts(self) -> tuple[float, ...]:
        """Lower cuts of the score, best grade first. [points]"""
        return tuple(grade.score for grade in self.grades)

    @property
    def offset_cuts(self) -> tuple[float, ...]:
        """Lower cuts of the offset ratio, best grade first. [1]"""
        return tuple(grade.offset for grade in self.grades)

    @property
    def grade_ids(self) -> tuple[str, ...]:
        """Grades in the order of the cuts, and last what stands below all of them."""
        return (*(grade.id for grade in self.grades), self.below_grade.id)

    def rule(self, name: str) -> float:
        """A number of the standard by its id, such as ``near_zero_threshold``."""
        return self.parameters[name].value

    def mine_type(self, subtype: str) -> str:
        """The type that a subtype of mine belongs to."""
        return self.mine_subtypes[subtype].type

    def in_group(self, group: str) -> list[Indicator]:
        """The indicators of a group, in the order of the table."""
        return [indicator for indicator in self.indicators.values() if indicator.group == group]

    def weight(self, name: str) -> Factor:
        """The weight of an indicator in its group, or of a group in the total, as a sourced number. [%]"""
        part: Indicator | Group = self.indicators[name] if name in self.indicators else self.groups[name]
        return Factor(f"weight.{name}", "weight", part.weight, "%", self.source, "read", part.name_zh, part.name_en,
                      clause=part.clause)

    def variant(self, indicator: str, subtype: str, options: Mapping[str, object]) -> Variant:
        """How an indicator is computed and scored for a subtype of mine under the given options."""
        kinds = (subtype, self.mine_type(subtype), "all")
        fitting = [variant for variant in self.indicators[indicator].variants
                   if all(options[name] == value for name, value in variant.when.items())]
        return next(variant for kind in kinds for variant in fitting if kind in variant.applies_to)

    def not_applicable_reasons(self, indicator: str, options: Mapping[str, object]) -> dict[str, Entry]:
        """The reasons for which an indicator may be left out under the given options."""
        return {name: self.reasons[name] for name in self.indicators[indicator].not_applicable
                if not self.reasons[name].option or options[self.reasons[name].option] is True}


def standard_ids() -> list[str]:
    """The standards in the kit.

    >>> "carbon-neutral-mine-2025" in standard_ids()
    True
    """
    return sorted(path.parent.name for path in (kit.parameters() / "standards").glob("*/standard.yaml"))


@functools.cache
def load_standard(standard_id: str) -> Standard:
    """Read one standard with the account's vocabulary and check that everything in it holds together.

    Raises
    ------
    BadInput
        With every problem found, each with file and path of keys.

    >>> load_standard("carbon-neutral-mine-2025").indicators["E1.1"].weight
    30.0
    """
    problems = Problems()
    if standard_id not in standard_ids():
        problems.add("unknown_standard", value=standard_id, known=", ".join(standard_ids()))
        problems.stop()
    folder, shared = kit.parameters() / "standards" / standard_id, kit.parameters() / "accounting"
    return read_standard(folder, shared)


def read_standard(folder: Path, shared: Path) -> Standard:
    """Read a standard from its folder and the account's vocabulary from another; see `load_standard`."""
    problems = Problems()
    top = Sheet(folder / "standard.yaml", problems)
    table = Sheet(folder / "indicators.yaml", problems)
    own = Sheet(folder / "formulas.yaml", problems)
    clauses = {key: str(value) for key, value in own.take("clauses", {}).items()}
    shared_formulas = _twice(Sheet(shared / "formulas.yaml", problems).rest(FormulaRow), own, problems)
    formulas = {**own.rest(FormulaRow), **shared_formulas}
    references = Sheet(folder / "references.yaml", problems)
    shared_references = _twice(Sheet(shared / "references.yaml", problems).rest(Reference), references, problems)
    parameters = top.parts("parameters", Parameter)
    fields: dict[str, Any] = {
        **top.identity(),
        "mine_types": top.parts("mine_types", Named), "mine_subtypes": top.parts("mine_subtypes", Subtype),
        "options": top.parts("options", Option),
        "gases": top.parts("gases", Entry), "quantities": top.parts("quantities", NamedQuantity),
        "grades": tuple(top.parts("grades", Grade).values()), "below_grade": top.part("below_grade", Named),
        "prerequisites": top.parts("prerequisites", Entry), "phases": top.parts("phases", Phase),
        "data_fields": top.parts("data_fields", Entry), "reasons": top.parts("not_applicable_reasons", Entry),
        "disclosures": top.parts("disclosures", Entry),
        "levels": table.parts("levels", Level), "groups": table.parts("groups", Group),
        "indicators": table.parts("indicators", Indicator),
        "rubrics": Sheet(folder / "rubrics.yaml", problems).rest(Rubric),
        "benchmarks": _benchmarks(folder / "benchmarks.csv", problems),
        "readings": Sheet(folder / "readings.yaml", problems).rest(Reading),
        "references": {**references.rest(Reference), **shared_references},
        "formulas": {key: row.formula(clauses.get(key, "")) for key, row in formulas.items()},
        "sources": Sheet(shared / "sources.yaml", problems).rest(Source),
        "metrics": Sheet(shared / "metrics.yaml", problems).rest(Metric)}
    top.finish()
    table.finish()
    problems.stop()
    fields["parameters"] = {key: _factor(one, fields["source"]) for key, one in parameters.items()}
    standard = Standard(**fields)
    check_standard(standard, parameters, clauses, problems)
    problems.stop()
    return standard


def _twice(shared: dict[str, AnyPart], own: Sheet, problems: Problems) -> dict[str, AnyPart]:
    for key in own.names & shared.keys():
        problems.add("standard_duplicate_id", file=own.file, row=key, value=key)
    return shared


def _factor(given: Parameter, document: str) -> Factor:
    return Factor(given.id, "parameter", given.value, given.unit, given.source or document, given.status, given.name_zh,
                  given.name_en, clause=given.clause)


def _benchmarks(path: Path, problems: Problems) -> dict[str, Benchmark]:
    found: dict[str, Benchmark] = {}
    rows: list[Row] = []
    with problems.collect():
        rows = read_table(path, BENCHMARK_COLUMNS)
    for row in rows:
        if row["id"] in found:
            problems.add("standard_duplicate_id", file=path.name, row=row.line, column="id", value=row["id"])
        with problems.collect():
            found[row["id"]] = Benchmark(
                row["id"], tuple(row["indicators"].split()), Text(zh=row["subject_zh"], en=row["subject_en"]),
                read_number(row["value"]), row["unit"], Text(zh=row["meaning_zh"], en=row["meaning_en"]),
                row["source"], row["locator"], row["status"])
    return found


def weak_sources(standard: Standard, subtype: str, options: Mapping[str, object],
                 applicable: Mapping[str, bool] | None = None) -> list[WeakSource]:
    """What a result of this standard rests on that nobody read in a document: the report prints it.

    Parameters
    ----------
    standard : Standard
    subtype : str
        Subtype of the mine, which chooses the value functions.
    options : mapping
        Values of the standard's options, by name.
    applicable : mapping, optional
        Whether each indicator applies; all do when left out.

    Returns
    -------
    list of WeakSource
        Parameters, value functions and rubrics whose status is unverified, assumed or suspect.
    """
    found = [WeakSource(one.id, one.status, one.name_zh, one.name_en, one.clause)
             for one in standard.parameters.values()]
    for indicator in standard.indicators.values():
        if applicable is not None and not applicable[indicator.id]:
            continue
        status = (standard.rubrics[indicator.rubric].status if indicator.rubric
                  else standard.variant(indicator.id, subtype, options).status)
        found.append(WeakSource(indicator.id, status, indicator.name_zh, indicator.name_en, indicator.clause,
                                indicator.readings))
    return [one for one in found if one.status in WEAK_STATUSES]

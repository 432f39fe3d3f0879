"""The standards: read from ``parameters/standards/<id>`` with the account's vocabulary, and checked as a whole."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mineco.core import kit
from mineco.core.errors import Problems, checked_arguments
from mineco.core.quantity import WEAK_STATUSES, Factor
from mineco.core.reading import Row, read_number, read_table
from mineco.standards.checks import check_standard
from mineco.standards.parts import (
    Act,
    Benchmark,
    Document,
    GradeBand,
    Group,
    Indicator,
    Judgement,
    Level,
    ListEntry,
    NamedQuantity,
    Parameter,
    Phase,
    Reading,
    Rubric,
    Stage,
    StandardOption,
    Subtype,
    Variant,
    WeakSource,
)
from mineco.standards.sheet import Sheet
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import (
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
                     "source", "locator", "status", "mines")
JUDGEMENT_COLUMNS = ("stage", "level", "row", "column", "value", "note")


@functools.cache
def standard_ids() -> tuple[str, ...]:
    """The standards in the kit.

    >>> "carbon-neutral-mine-2025" in standard_ids()
    True
    """
    return tuple(sorted(path.parent.name for path in (kit.parameters() / "standards").glob("*/standard.yaml")))


@checked_arguments()
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
    kinds = Sheet(shared / "mine_kinds.yaml", problems)
    clauses = {key: str(value) for key, value in own.take("clauses", {}).items()}
    documents = own.parts("documents", Document, optional=True)
    shared_formulas = _twice(Sheet(shared / "formulas.yaml", problems).rest(FormulaRow), own, problems)
    formulas = {**own.rest(FormulaRow), **shared_formulas}
    references = Sheet(folder / "references.yaml", problems)
    shared_references = _twice(Sheet(shared / "references.yaml", problems).rest(Reference), references, problems)
    parameters, keeps_account = top.parts("parameters", Parameter), top.take("keeps_account", True)
    fields: dict[str, Any] = {
        **top.identity(),
        "keeps_account": keeps_account, "weighting_clause": str(top.take("weighting_clause")),
        "mine_types": kinds.parts("mine_types", Named), "mine_subtypes": kinds.parts("mine_subtypes", Subtype),
        "options": top.parts("options", StandardOption),
        "gases": top.parts("gases", ListEntry), "quantities": top.parts("quantities", NamedQuantity),
        "grades": tuple(top.parts("grades", GradeBand).values()), "below_grade": top.part("below_grade", Named),
        "prerequisites": top.parts("prerequisites", ListEntry), "phases": top.parts("phases", Phase),
        "data_fields": top.parts("data_fields", ListEntry),
        "stages": top.parts("stages", Stage, optional=True),
        "judgements": _judgements(folder / "judgements.csv", problems),
        "incentives": top.parts("incentives", ListEntry, optional=True),
        "levers": top.parts("levers", ListEntry, optional=True), "acts": top.parts("acts", Act, optional=True),
        "reasons": top.parts("not_applicable_reasons", ListEntry),
        "disclosures": top.parts("disclosures", ListEntry),
        "levels": table.parts("levels", Level), "groups": table.parts("groups", Group),
        "indicators": table.parts("indicators", Indicator),
        "rubrics": Sheet(folder / "rubrics.yaml", problems).rest(Rubric),
        "benchmarks": _benchmarks(folder / "benchmarks.csv", problems),
        "readings": Sheet(folder / "readings.yaml", problems).rest(Reading),
        "references": {**references.rest(Reference), **shared_references},
        "formulas": {key: _stated(row, documents.get(key)).formula(clauses.get(key, ""))
                     for key, row in formulas.items() if keeps_account or key in clauses},
        "sources": {key: one if keeps_account else _under(one, clauses)
                    for key, one in Sheet(shared / "sources.yaml", problems).rest(Source).items()},
        "metrics": Sheet(shared / "metrics.yaml", problems).rest(Metric)}
    for sheet in (top, table, kinds):
        sheet.finish()
    problems.stop()
    fields["parameters"] = {key: _factor(one, fields["source"]) for key, one in parameters.items()}
    standard = Standard(**fields)
    check_standard(standard, parameters, {**clauses, **documents}, problems)
    problems.stop()
    return standard


def _stated(row: FormulaRow, document: Document | None) -> FormulaRow:
    """A shared formula with the document in which this standard states it."""
    told = {"source": document.source, "locator": document.locator, "status": document.status} if document else {}
    return row.model_copy(update=told)


def _twice(shared: dict[str, AnyPart], own: Sheet, problems: Problems) -> dict[str, AnyPart]:
    for key in own.names & shared.keys():
        problems.add("standard_duplicate_id", file=own.file, row=key, value=key)
    return shared


def _under(source: Source, clauses: dict[str, str]) -> Source:
    """A source of the account under the clause of a standard that has other clauses than the account."""
    return source.model_copy(update={"clause": clauses.get(source.results[-1].formula, "—")})


def _factor(given: Parameter, document: str) -> Factor:
    return Factor(id=given.id, quantity="parameter", value=given.value, unit=given.unit,
                  source=given.source or document, status=given.status, name_zh=given.name_zh,
                  name_en=given.name_en, clause=given.clause)


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
                row["source"], row["locator"], row["status"], tuple(row["mines"].split()))
    return found


def _judgements(path: Path, problems: Problems) -> dict[str, tuple[Judgement, ...]]:
    """The comparisons from which weights are computed, by stage; a standard with weights of its own has none."""
    found: dict[str, tuple[Judgement, ...]] = {}
    rows: list[Row] = []
    if path.is_file():
        with problems.collect():
            rows = read_table(path, JUDGEMENT_COLUMNS)
    for row in rows:
        one = Judgement(row["stage"], row["level"], row["row"], row["column"], row["value"], row.line)
        found[one.stage] = (*found.get(one.stage, ()), one)
    return found


def weak_sources(standard: Standard, subtype: str, options: Mapping[str, object], year: int,
                 applicable: Mapping[str, bool] | None = None) -> list[WeakSource]:
    """What a result of this standard rests on that nobody read in a document: the report prints it.

    Parameters
    ----------
    standard : Standard
    subtype : str
        Subtype of the mine, which chooses the value functions.
    options : mapping
        Values of the standard's options, by name.
    year : int
        Reporting year, since value functions have one from which they hold.
    applicable : mapping, optional
        Whether each indicator applies; all do when left out.

    Returns
    -------
    list of WeakSource
        Parameters, weights, value functions and rubrics whose status is unverified, assumed or suspect.
    """
    found = [WeakSource(one.id, one.status, one.name_zh, one.name_en, one.clause)
             for one in standard.parameters.values()]
    for source in dict.fromkeys(one.source for one in standard.panel_weights.values()):
        if source in standard.references:  # weights from the standard's own judgements; a panel has its own file
            told = standard.references[source]
            found.append(WeakSource(source, told.status, told.title.zh, told.title.en, told.clause))
    for indicator in standard.indicators.values():
        if applicable is not None and not applicable[indicator.id]:
            continue
        status = (standard.rubrics[indicator.rubric].status if indicator.rubric
                  else standard.variant(indicator.id, subtype, options, year).status)
        found.append(WeakSource(indicator.id, status, indicator.name_zh, indicator.name_en, indicator.clause,
                                indicator.readings))
    return [one for one in found if one.status in WEAK_STATUSES]


def undated(standard_id: str) -> str:
    """A standard without its edition: what notebooks are named by.

    >>> undated("carbon-neutral-mine-2025")
    'carbon-neutral-mine'
    """
    return standard_id.rpartition("-")[0]

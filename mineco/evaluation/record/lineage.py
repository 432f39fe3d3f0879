"""What a result rests on: every quantity behind it, its factors, its data, and the readings it used."""

from collections.abc import Iterator

from mineco.core.quantity import Datum, Factor, Quantity, Step
from mineco.evaluation.base import Recorded, with_all_behind
from mineco.evaluation.case import Case
from mineco.standards.files import citations
from mineco.standards.load import load_standard, standard_ids


def factors_used(evaluation: Recorded) -> list[Factor]:
    """The factors and parameters behind the grade, each once."""
    used = {one.origin.id: one.origin for one in evaluation.behind
            if isinstance(one.origin, Factor) and one.origin.quantity != "weight"}
    return list(used.values())


def year_data(case: Case) -> list[Quantity]:
    """The year's rows of activity.csv and metrics.csv, without those for which another standard alone asks."""
    dossier, year, standard = case.dossier, case.year, case.standard
    own = standard.figures()

    def asked_elsewhere(metric: str) -> bool:
        return any(metric in load_standard(other).figures() for other in standard_ids())

    activity = dossier.activity if standard.keeps_account else []
    return ([row.quantity for row in activity if row.year == year]
            + [row.quantity for row in dossier.metrics
               if row.year == year and (row.metric in own or not asked_elsewhere(row.metric))])


def data_used(evaluation: Recorded) -> list[Quantity]:
    """The data of the year, then those of other tables and earlier years that the grade rests on, each once.

    Ratings are judgements and not data: the report lists them apart.
    """
    found: dict[tuple[str, int | str, str], Quantity] = {}
    for one in (*year_data(evaluation.case), *evaluation.behind):
        if isinstance(one.origin, Datum) and one.origin.file not in ("ratings.csv", "mine.yaml"):
            found.setdefault((one.origin.file, one.origin.row, one.name), one)
    return list(found.values())


def readings_used(evaluation: Recorded) -> list[str]:
    """Ids of the readings that this result used: those of the options, the indicators and the rules."""
    standard = evaluation.case.standard
    used = {reading for one in evaluation.indicators.values() if one.applicable for reading in one.indicator.readings}
    used |= {reading for option in standard.options.values() for reading in option.readings}
    return [name for name in standard.readings
            if (name in used or name in evaluation.readings) and name not in evaluation.readings_of_grades]


def references_used(evaluation: Recorded) -> list[str]:
    """Ids of the documents behind this result, in the order of the standard.

    Those that the standard itself cites, those of the formulas, factors and weights of the steps that a report prints,
    of the value functions and of the published values beside a figure, and of a benchmark that the mine names.
    """
    standard = evaluation.case.standard
    used = {standard.source, *(name for name, one in standard.references.items() if one.clause)}
    subtype = evaluation.case.dossier.mine.mine_subtype
    used |= {one.source for name in readings_used(evaluation) for one in standard.readings[name].remarks()
             if standard.concerns(one.applies_to, subtype)}
    for quantity in with_all_behind(evaluation.printed()):
        if isinstance(quantity.origin, Factor):
            used.add(quantity.origin.source.partition(", ")[0])
        elif isinstance(quantity.origin, Step) and quantity.origin.formula:
            used.add(standard.formulas[quantity.origin.formula].source)
    benchmarks = {row.basis for row in evaluation.case.figures().values()}
    benchmarks |= {row.basis for row in evaluation.case.bases().values()}
    for what, name in _cited_by_indicators(evaluation):
        (used if what == "references" else benchmarks).add(name)
    used |= {standard.benchmarks[name].source for name in benchmarks & standard.benchmarks.keys()}
    return [name for name in standard.references if name in used]


def _cited_by_indicators(evaluation: Recorded) -> Iterator[tuple[str, str]]:
    """What the value functions of this result and the published values beside its figures rest on."""
    case = evaluation.case
    for one in evaluation.indicators.values():
        beside = one.indicator.comparisons(case.standard.kinds(case.dossier.mine.mine_subtype), case.year)
        for part in filter(None, (one.variant, *beside)):
            yield from ((what, name) for _, what, name in citations(part) if what in ("references", "benchmarks"))

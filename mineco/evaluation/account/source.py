"""One source of emissions: its results as steps, whose inputs are rows of the mine, factors or earlier steps."""

from collections.abc import Mapping
from dataclasses import dataclass

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.quantity import Quantity
from mineco.core.units import compatible
from mineco.dossier.checks.balances import Rows, ValueOf, known_or_none
from mineco.evaluation.account.lines import EnergyLine, GasLine
from mineco.evaluation.case import Case
from mineco.evaluation.steps import step
from mineco.standards.vocabulary import Source, SourceItem, SourceResult

OWN_GRID_FACTOR = "own_grid_factor"  # the option (reading R31)


@dataclass(frozen=True)
class SourceAccount:
    """What one source with one key comes to."""

    gases: list[GasLine]
    energies: list[EnergyLine]
    made: Mapping[str, Quantity]  # every step by its id


def account_source(case: Case, source: Source, key: str, year: int, given: Mapping[str, Quantity]) -> SourceAccount:
    """Walk the results of one source: each a step whose inputs are rows of the mine, factors or earlier steps.

    Parameters
    ----------
    case : Case
    source : Source
    key : str
        What stands before the colon in the items: a fuel, a shaft; blank for a source without key.
    year : int
        Chooses the grid factor.
    given : mapping
        What the mine handed in, by item.

    Returns
    -------
    SourceAccount
        Lines of gases, lines of energy, every step.

    Raises
    ------
    BadInput
        With every item that is missing and has no factor, each once.
    """
    problems = Problems()
    made: dict[str, Quantity] = {}
    gases: list[GasLine] = []
    energies: list[EnergyLine] = []
    for result in source.results:
        if not _wanted(case, result, given):
            continue
        with problems.collect():
            inputs = _inputs(case, source, result, key, year, given, made)
            if len(inputs) < len(result.inputs):  # an earlier step is missing, and has said why
                continue
            formula, name = case.standard.formulas[result.formula], f"{source.id}|{key}|{result.id}"
            value = step(formula, name, source.clause, **inputs)
            made[result.id] = value
            if result.gas:
                gases.append(GasLine(source, key, result.id, result.gas.format(key=key), result.basis or "", value))
            if result.energy:
                energies.append(EnergyLine(source, key, result.id, result.energy, value))
    problems.stop()
    return SourceAccount(gases, energies, made)


def values_behind(case: Case, year: int, rows: Rows, walked: dict[tuple[str, str], SourceAccount]) -> ValueOf:
    """What stands behind a name of a limit: what the mine gave, the factor that stands in, or the result of a step.

    ``walked`` holds what was computed of sources, and gets what is computed for a limit.
    """
    def of_step(source: str, key: str, name: str) -> Quantity | None:
        if (source, key) not in walked:
            walked[source, key] = account_source(case, case.standard.sources[source], key, year, rows[source, key])
        return walked[source, key].made.get(name)

    def value_of(source: str, key: str, name: str) -> Quantity | None:
        if name.startswith("="):
            return known_or_none(lambda: of_step(source, key, name[1:]))
        known, given = case.standard.sources[source], rows[source, key]
        return given.get(name) or known_or_none(lambda: _factor(case, known, name, key, year, given))

    return value_of


def _wanted(case: Case, result: SourceResult, given: Mapping[str, Quantity]) -> bool:
    """Whether a result is asked for: always, when an option says so, or when the mine gave the item."""
    if not result.when:
        return True
    return bool(case.option(result.when)) if result.when in case.options else result.when in given


def _inputs(case: Case, source: Source, result: SourceResult, key: str, year: int, given: Mapping[str, Quantity],
            made: Mapping[str, Quantity]) -> dict[str, Quantity]:
    problems = Problems()
    inputs: dict[str, Quantity] = {}
    for symbol, item in result.inputs.items():
        if item.startswith("="):
            if item[1:] in made:
                inputs[symbol] = made[item[1:]]
            continue
        with problems.collect():
            inputs[symbol] = _input(case, source, item, key, year, given)
    problems.stop()
    return inputs


def _input(case: Case, source: Source, item: str, key: str, year: int, given: Mapping[str, Quantity]) -> Quantity:
    """What the mine gave, else a factor; of power from the public grid the official factor first (reading R31)."""
    if item not in given:
        return _factor(case, source, item, key, year, given)
    official = known_or_none(lambda: _factor(case, source, item, key, year, given, official=True)) if (
        _official_first(case, source.items[item])) else None
    return given[item] if official is None else official


def _official_first(case: Case, known: SourceItem) -> bool:
    return "grid" in (known.factor or {}) and OWN_GRID_FACTOR in case.options and (
        case.option(OWN_GRID_FACTOR) == "official")


def _factor(case: Case, source: Source, item: str, key: str, year: int, given: Mapping[str, Quantity],
            official: bool = False) -> Quantity:
    """The factor that stands in for an item which the mine did not give: chosen by name, else by its facets."""
    name, known = f"{key}:{item}" if key else item, source.items[item]
    chosen = case.dossier.mine.factors.get(name)
    if chosen and not official and _official_first(case, known):
        found = known_or_none(lambda: _factor(case, source, item, key, year, given, official=True))
        if found is not None:
            return found
    if chosen and not official:
        factor = case.factors.by_id(chosen)
        if not any(compatible(factor.unit, unit) for unit in known.units):
            raise BadInput(Problem("factor_of_other_quantity", "mine.yaml", column=f"factors.{name}", value=chosen,
                                   details={"unit": factor.unit, "expected": " / ".join(known.units)}))
        return factor.as_quantity()
    beside = next(one.datum for one in given.values())
    details = {"source": source.id, "year": year, "name_zh": known.name_zh, "name_en": known.name_en,
               "units": " / ".join(known.units)}
    wanted = known.factor
    if not wanted:
        raise BadInput(Problem("missing_item", beside.file, beside.row, "item", name, details=details))
    mine = case.dossier.mine
    blanks = {"key": key, "province": mine.province, "year": year, "mine_subtype": mine.mine_subtype,
              **{name: option.value for name, option in case.options.items()}}
    facets = {facet: str(value).format(**blanks) for facet, value in wanted.items()}
    try:
        if "grid" in facets:
            return case.factors.grid(mine.province, year, facets["grid"]).as_quantity()
        return case.factors.find(**facets).as_quantity()
    except BadInput as error:
        message = "item_factor_suspect" if "barred" in error.problems[0].details else "item_without_factor"
        raise BadInput(Problem(message, beside.file, beside.row, "item", name,
                               details={"candidates": "—", **error.problems[0].details, **details,
                                "asked": error.problems[0].value})) from error

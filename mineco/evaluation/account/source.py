"""One source of emissions: its results as steps, whose inputs are rows of the mine, factors or earlier steps."""

import operator
from collections.abc import Mapping, Sequence
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

    ``key`` is what stands before the colon in the items that the mine handed in, a fuel or a shaft; blank for a source
    without key. The year chooses the grid factor.

    Raises
    ------
    BadInput
        With every item that is missing and has no factor, each once.
    """
    problems, inputs_of = Problems(), _Inputs(case, source, key, year, given)
    made: dict[str, Quantity] = {}
    gases: list[GasLine] = []
    energies: list[EnergyLine] = []
    for result in source.results:
        if not inputs_of.is_wanted(result):
            continue
        with problems.collect():
            inputs = inputs_of.result(result, made)
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


def known_source(case: Case, source: Source, key: str, year: int, given: Mapping[str, Quantity]) -> SourceAccount:
    """As `account_source`, once for the very same figures: of a case that differs in a few most sources stay.

    Of each source, key, year and choice of the options that it asks for the first account is kept, so that they never
    become many.
    """
    mine = case.dossier.mine
    went_in = (source, case.standard.formulas, case.factors, mine.factors, mine.province, mine.mine_subtype,
               *given, *given.values())
    place = (source.id, key, year, *(one.value for name, one in case.options.items()
                                     if name in source.conditions or name == OWN_GRID_FACTOR))
    before, found = case.walked.get(place, ((), None))
    if same(before, went_in):
        return found
    found = account_source(case, source, key, year, given)
    case.walked.setdefault(place, (went_in, found))
    return found


def same(before: Sequence[object], now: Sequence[object]) -> bool:
    """Whether the very same objects went in."""
    return len(before) == len(now) and all(map(operator.is_, before, now))


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
        inputs_of = _Inputs(case, case.standard.sources[source], key, year, rows[source, key])
        return inputs_of.given.get(name) or known_or_none(lambda: inputs_of.factor(name))

    return value_of


@dataclass(frozen=True)
class _Inputs:
    """Where the inputs of one source with one key come from: rows of the mine, earlier steps, else factors."""

    case: Case
    source: Source
    key: str
    year: int
    given: Mapping[str, Quantity]

    def is_wanted(self, result: SourceResult) -> bool:
        """Whether a result is asked for: always, when an option says so, or when the mine gave the item."""
        when = result.when
        return not when or (bool(self.case.option(when)) if when in self.case.options else when in self.given)

    def result(self, result: SourceResult, made: Mapping[str, Quantity]) -> dict[str, Quantity]:
        """The inputs of a result; without those that an earlier step failed to make."""
        problems = Problems()
        inputs: dict[str, Quantity] = {}
        for symbol, item in result.inputs.items():
            if item.startswith("="):
                if item[1:] in made:
                    inputs[symbol] = made[item[1:]]
                continue
            with problems.collect():
                inputs[symbol] = self.item(item)
        problems.stop()
        return inputs

    def item(self, item: str) -> Quantity:
        """What the mine gave, else a factor; of power from the public grid the official factor first (reading R31)."""
        if item not in self.given:
            return self.factor(item)
        official = self._official(item)
        return self.given[item] if official is None else official

    def factor(self, item: str) -> Quantity:
        """The factor that stands in for an item which the mine did not give: chosen by name, else by its facets."""
        name, known = f"{self.key}:{item}" if self.key else item, self.source.items[item]
        chosen = self.case.dossier.mine.factors.get(name)
        if not chosen:
            return self._default_factor(name, known)
        official = self._official(item)
        if official is not None:
            return official
        factor = self.case.factors.by_id(chosen)
        if not any(compatible(factor.unit, unit) for unit in known.units):
            raise BadInput(Problem("factor_of_other_quantity", "mine.yaml", column=f"factors.{name}", value=chosen,
                                   details={"unit": factor.unit, "expected": " / ".join(known.units)}))
        return factor.as_quantity()

    def _official(self, item: str) -> Quantity | None:
        """The official factor of power from the public grid, where the option asks for it first."""
        case, known = self.case, self.source.items[item]
        if "grid" not in (known.factor or {}) or OWN_GRID_FACTOR not in case.options or (
                case.option(OWN_GRID_FACTOR) != "official"):
            return None
        return known_or_none(lambda: self._default_factor(item, known))

    def _default_factor(self, name: str, known: SourceItem) -> Quantity:
        """The factor that the facets of an item name."""
        case, mine = self.case, self.case.dossier.mine
        if not known.factor:
            raise BadInput(self._without_factor("missing_item", name, known, {}))
        blanks = {"key": self.key, "province": mine.province, "year": self.year, "mine_subtype": mine.mine_subtype,
                  **case.option_values}
        facets = {facet: str(value).format(**blanks) for facet, value in known.factor.items()}
        try:
            if "grid" in facets:
                return case.factors.grid(mine.province, self.year, facets["grid"]).as_quantity()
            return case.factors.find(**facets).as_quantity()
        except BadInput as error:
            message = "item_factor_suspect" if "barred" in error.problems[0].details else "item_without_factor"
            raise BadInput(self._without_factor(message, name, known, {
                "candidates": "—", **error.problems[0].details, "asked": error.problems[0].value})) from error

    def _without_factor(self, message: str, name: str, known: SourceItem, details: Mapping[str, object]) -> Problem:
        """Why an item has no factor, told beside what the mine gave of the source."""
        beside = next(one.datum for one in self.given.values())
        return Problem(message, beside.file, beside.row, "item", name, details={
            **details, "source": self.source.id, "year": self.year, "name_zh": known.name_zh, "name_en": known.name_en,
            "units": " / ".join(known.units)})

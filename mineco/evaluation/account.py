"""The greenhouse-gas and energy account of one year: rows of the dossier, factors and formulas, brought together.

Which formula serves which source, and which factor stands in for what a mine did not measure, is data
(``parameters/accounting/sources.yaml``); this module only walks it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import nothing_wrong
from mineco.core.lazy import Brief, Shown
from mineco.core.quantity import Quantity
from mineco.core.units import compatible
from mineco.dossier.checks.balances import Rows, ValueOf, broken_limits, known_or_none
from mineco.evaluation.case import Case
from mineco.evaluation.checks.signs import exports_not_netted, lowered_by, refuse_negative
from mineco.evaluation.checks.sources import require_sources
from mineco.evaluation.steps import step
from mineco.standards.load import Source, SourceItem, SourceResult

OWN_GRID_FACTOR = "own_grid_factor"  # the option (reading R31)
NOT_COUNTED = ("CO2_biogenic", "HCFC22")  # reported apart, outside every total: R22 is no gas of clause 6.2


@dataclass(frozen=True, repr=False)
class GasLine(Brief):
    """The mass of one gas from one source."""

    source: Source
    key: str
    result: str  # id of the step among the source's results
    gas: str
    basis: str  # "location" or "market" for purchased energy, else ""
    mass: Quantity  # [t of the gas]

    @property
    def id(self) -> str:
        """Source, key and step, apart: unique in an account."""
        return f"{self.source.id}|{self.key}|{self.result}"


@dataclass(frozen=True, repr=False)
class EnergyLine(Brief):
    """The energy that one source uses, in standard coal."""

    source: Source
    key: str
    result: str
    carrier: str  # fuel, electricity, heat, renewable
    energy: Quantity  # [tce]

    @property
    def id(self) -> str:
        """Source, key and step, apart: unique in an account."""
        return f"{self.source.id}|{self.key}|{self.result}"


@dataclass(frozen=True)
class SourceAccount:
    """What one source with one key comes to."""

    gases: list[GasLine]
    energies: list[EnergyLine]
    made: Mapping[str, Quantity]  # every step by its id


@dataclass(frozen=True, repr=False)
class Account(Shown):
    """All gases and all energy of a year; CO2e comes last, from masses kept by gas."""

    case: Case
    year: int
    lines: tuple[GasLine, ...]
    energy_lines: tuple[EnergyLine, ...]

    def select(self, scopes: Iterable[str], basis: str = "location") -> list[GasLine]:
        """The lines of some scopes, those of purchased energy on one basis, biogenic CO2 left out."""
        return [line for line in self.lines
                if line.source.scope in scopes and line.basis in ("", basis) and line.gas not in NOT_COUNTED]

    def co2e(self, name: str, lines: Iterable[GasLine]) -> Quantity:
        """Masses of some lines, summed by gas, weighted by their warming potential. [t CO2e]"""
        return sum_co2e(self.case, name, lines)

    def scope(self, scope: str, basis: str = "location") -> Quantity:
        """Emissions of one scope. [t CO2e]"""
        name = f"scope{scope}_{basis}" if scope == "2" else f"scope{scope}"
        return self.co2e(name, self.select([scope], basis))

    def emissions(self, basis: str | None = None) -> Quantity:
        """Scopes 1 and 2 on the basis that the option names: what is graded (R15, R16). [t CO2e]"""
        chosen = basis or str(self.case.option("scope2_basis"))
        parts = {"scope1": self.scope("1"), "scope2": self.scope("2", chosen)}
        return step(self.case.standard.formulas["total_emissions"], "emissions", clause="7.1 a", parts=parts)

    def energy(self, name: str = "energy", carriers: Iterable[str] = ("fuel", "electricity", "heat"),
               scopes: Iterable[str] = ("1", "2", "3", "none")) -> Quantity:
        """Energy used: all carriers or some, from sources of all scopes or some. [tce]"""
        parts = {line.id: line.energy
                 for line in self.energy_lines if line.carrier in carriers and line.source.scope in scopes}
        return step(self.case.standard.formulas["total_energy"], name, clause="A.1", parts=parts)


def sum_co2e(case: Case, name: str, lines: Iterable[GasLine]) -> Quantity:
    """Masses of lines, summed by gas, weighted by their warming potential. [t CO2e]"""
    masses: dict[str, dict[str, Quantity]] = {}
    for line in lines:
        masses.setdefault(line.gas, {})[line.id] = line.mass
    formulas = case.standard.formulas
    totals = {gas: step(formulas["total_mass"], f"mass_{gas}", parts=parts) for gas, parts in masses.items()}
    potentials = {gas: gwp(case, gas) for gas in totals}
    return step(formulas["co2e"], name, formulas["co2e"].clause, masses=totals, gwp=potentials)


def compute_account(case: Case, year: int) -> Account:
    """Account for every gas and all energy of a year.

    What is sold of purchased energy beyond what was bought is netted against nothing (reading R27).

    Returns
    -------
    Account

    Raises
    ------
    BadInput
        With every missing item, missing factor, source left out without a reason, emission accounted for twice,
        balance that does not hold and emission below zero.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> case = open_case(parameters() / "mines" / "tiny-quarry")
    >>> account = compute_account(case, 2024)
    >>> round(account.scope("2").value, 3), round(640 * 0.4974, 3)  # 640 MWh in Zhejiang
    (318.336, 318.336)
    """
    problems = Problems()
    account, _ = gather_account(case, year, problems)
    problems.stop()
    return account


def gather_account(case: Case, year: int, problems: Problems) -> tuple[Account, set[str]]:
    """As `compute_account`, but what is wrong is noted in ``problems``, and what is left is handed over.

    Returns
    -------
    account : Account
        Of the sources that are known; its emissions are at least reached, whatever is missing (reading R34).
    unknown : set of str
        The sources of which something is missing.
    """
    rows: dict[tuple[str, str], dict[str, Quantity]] = {}
    for row in case.dossier.activity:
        if row.year == year:
            rows.setdefault((row.source, row.key), {})[row.parameter] = row.quantity
    blank = {(row.source, row.key): gap for row, gap in case.left_out.get("activity", ()) if row.year == year}
    rows = {place: given for place, given in rows.items() if place not in blank}
    for gap in blank.values():
        problems.append(gap)
    if not rows and not blank:
        problems.add("year_without_rows", file="activity.csv", column="year", value=year)
    unknown = require_sources(case, year, {source for source, _ in (*rows, *blank)}, problems)
    walked: dict[tuple[str, str], SourceAccount] = {}
    for (source_id, key), given in rows.items():
        with problems.collect():
            walked[source_id, key] = account_source(case, case.standard.sources[source_id], key, year, given)
    unknown |= {source for source, _ in (*blank, *(set(rows) - set(walked)))}
    for problem in broken_limits(case.standard, year, rows, values_behind(case, year, rows, walked), refused=True,
                                 unknown=unknown):
        problems.append(problem)
    lower = lowered_by(case, unknown)
    lines = [line for one in walked.values() for line in one.gases if line.source.id not in lower]
    if nothing_wrong(problems):
        lines += exports_not_netted(case, lines)
        refuse_negative(case, year, lines, rows, problems)
    return Account(case, year, tuple(lines), tuple(line for one in walked.values() for line in one.energies)), unknown


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


def gwp(case: Case, gas: str) -> Quantity:
    """The warming potential of a gas in the set that the option names: of 100 years, beside it also of 20. [t CO2e/t]

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> case = open_case(parameters() / "mines" / "tiny-quarry")
    >>> gwp(case, "CH4_fossil").value, gwp(case, "CO2e").value
    (29.8, 1.0)
    """
    # what a supplier or a formula states in CO2e already has the potential 1 by definition
    edition, _, horizon = str(case.option("gwp")).partition(" GWP") if "gwp" in case.options else ("", "", "")
    editions = "|".join(filter(None, (edition, "definition")))
    return case.factors.find(f"gwp{horizon or 100}", gas=gas, edition=editions).as_quantity()


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
        raise BadInput(Problem("item_without_factor", beside.file, beside.row, "item", name,
                               details={"candidates": "—", **error.problems[0].details, **details,
                                "asked": error.problems[0].value})) from error

"""The quantities that the indicators of a carbon-neutral mine name, and the indicators measured from them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import nothing_wrong
from mineco.core.quantity import Datum, Quantity
from mineco.evaluation.account import Account
from mineco.evaluation.carbon_neutral_mine.history import hardest_year, recalculated
from mineco.evaluation.carbon_neutral_mine.levers import counted_figure, counted_rows, least_plan, restoration_area
from mineco.evaluation.case import Case, require_inputs
from mineco.evaluation.indicator_results import Indicators, given_quantities, measure_all_indicators
from mineco.evaluation.ledgers import Ledger


def measure_indicators(case: Case, accounts: Mapping[int, Account], ledger: Ledger) -> Indicators:
    """Value and score of every indicator of the standard, by the accounts of all years that it is compared with.

    Raises
    ------
    BadInput
        With every missing figure and rating.

    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import compute_accounts, compute_ledger, open_case
    >>> case = open_case("parameters/mines/tiny-quarry")
    >>> found = measure_indicators(case, compute_accounts(case), compute_ledger(case))
    >>> float(found["E2.5"].value), found["M1.2"].score  # 66 of 80 t; the mean of 75 and 50
    (82.5, 62.5)
    """
    require_inputs(case)
    return measure_all_indicators(case, named_quantities(case, accounts, ledger))


class KnownQuantities(dict[str, Quantity]):
    """Quantities by name; one that rests on missing data says which when it is asked for (reading R34).

    >>> from mineco.core.errors import Problem
    >>> named = KnownQuantities()
    >>> with named.unless_missing("energy"):
    ...     raise BadInput(Problem("source_not_reported", value="electricity"))
    >>> [problem.value for problem in named.missing["energy"]]
    ['electricity']
    """

    def __init__(self, given: Mapping[str, Quantity] | None = None) -> None:
        super().__init__(given or {})
        self.missing: dict[str, list[Problem]] = {}

    def __missing__(self, name: str) -> Quantity:
        if name in self.missing:
            raise BadInput(self.missing[name])
        raise KeyError(name)

    @contextmanager
    def unless_missing(self, *names: str) -> Iterator[None]:
        """A ``with`` block that makes some quantities, or learns what is missing for them."""
        try:
            yield
        except BadInput as error:
            if not nothing_wrong(error.problems):
                raise
            self.missing |= dict.fromkeys(names, error.problems)


def named_quantities(case: Case, accounts: Mapping[int, Account], ledger: Ledger) -> dict[str, Quantity]:
    """Every quantity that the standard's indicators may name, those of earlier years with a prefix.

    Raises
    ------
    BadInput
        When the base year has no emissions and the reporting year has some, what a mine declares names a basis that
        is none, or something is missing.
    """
    removals = ledger.removals
    named = known_quantities(case, accounts, {
        "emissions": lambda: ledger.emissions, "abatement": lambda: ledger.abatement.total,
        "restoration_removals": lambda: removals.restoration, "filled_co2": lambda: removals.filled,
        "removals": lambda: removals.total, "residual": lambda: ledger.residual,
        "offsets": lambda: ledger.offsets.total, "offset_ratio": lambda: ledger.offset_ratio,
        "restored_area": lambda: removals.restored_area})
    problems = Problems()
    for missing in named.missing.values():
        with problems.collect():
            raise BadInput(missing)
    problems.stop()
    return named


def known_quantities(case: Case, accounts: Mapping[int, Account],
                     of_ledger: Mapping[str, Callable[[], Quantity]]) -> KnownQuantities:
    """As `named_quantities`, but what rests on missing data is left open; ``of_ledger`` gives each of the ledger's."""
    account, named = accounts[case.year], KnownQuantities(given_quantities(case))
    made = {**of_ledger, "energy": account.energy,
            "electricity_energy": lambda: account.energy("electricity_energy", ["electricity"]),
            "renewable_energy": lambda: account.energy("renewable_energy", ["renewable"]),
            "green_power": lambda: account.energy("green_power", ["renewable"], scopes=["2"]),
            "least_plan": lambda: least_plan(case, accounts), "restoration_area": lambda: restoration_area(case)}
    for name, make in made.items():
        with named.unless_missing(name):
            named[name] = make()
    problems = Problems()
    for row in counted_rows(case):
        with problems.collect(), named.unless_missing(f"counted.{row.metric}"):
            named |= counted_figure(case, accounts, row)
    problems.stop()
    years = {"base": case.base_year}
    if not case.dossier.mine.base_year.documented_first_year:
        years["previous"] = case.year - 1
        with named.unless_missing("lowest.emissions"):
            _require_base(recalculated(case, accounts, case.base_year), account.emissions(), case.base_year)
            hardest = hardest_year(case, accounts)
            years |= {"lowest": hardest} if hardest is not None else {}
    for prefix, year in years.items():
        with named.unless_missing(f"{prefix}.emissions", f"{prefix}.reported_emissions"):
            named[f"{prefix}.reported_emissions"] = accounts[year].emissions()
            named[f"{prefix}.emissions"] = recalculated(case, accounts, year)
        with named.unless_missing(f"{prefix}.energy"):
            named[f"{prefix}.energy"] = accounts[year].energy()
        named |= {f"{prefix}.metric.{name}": row.quantity for name, row in case.figures(year).items()}
        named[f"years_since_{prefix}"] = Quantity(float(case.year - year), "yr", "calculated", f"years_since_{prefix}",
                                                  Datum(file="mine.yaml", row="reporting_year"))
    return named


def _require_base(base: Quantity, now: Quantity, year: int) -> None:
    """From nothing no rate can be told: such a base year serves a mine without emissions only (reading R29)."""
    if np.any(np.less_equal(base.value, 0) & np.greater(now.value, 0)):
        raise BadInput(Problem("base_year_without_emissions", "mine.yaml", "base_year.year", value=year))

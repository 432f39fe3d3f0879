"""The quantities that the indicators of a carbon-neutral mine name, and the indicators measured from them."""

from collections.abc import Mapping

import numpy as np

from mineco.core.errors import BadInput, Problem
from mineco.core.quantity import Datum, Quantity
from mineco.evaluation.account import Account
from mineco.evaluation.carbon_neutral_mine.history import hardest_year
from mineco.evaluation.carbon_neutral_mine.levers import counted_figures, least_plan, restoration_area
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import (
    Indicators,
    given_quantities,
    measure_all_indicators,
    require_inputs,
)
from mineco.evaluation.ledgers import Ledger


def measure_indicators(case: Case, accounts: Mapping[int, Account], ledger: Ledger) -> Indicators:
    """Value and score of every indicator of the standard.

    Parameters
    ----------
    case : Case
    accounts : mapping
        By year: the reporting year and those it is compared with.
    ledger : Ledger
        Of the reporting year.

    Returns
    -------
    dict
        By id, in the order of the standard's table.

    Raises
    ------
    BadInput
        With every missing figure and rating.

    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import compute_accounts, compute_ledger, open_case
    >>> from mineco.core.kit import parameters
    >>> case = open_case(parameters() / "mines" / "tiny-quarry")
    >>> found = measure_indicators(case, compute_accounts(case), compute_ledger(case))
    >>> float(found["E2.5"].value), found["M1.2"].score  # 66 of 80 t; the mean of 75 and 50
    (82.5, 62.5)
    """
    require_inputs(case)
    return measure_all_indicators(case, named_quantities(case, accounts, ledger))


def named_quantities(case: Case, accounts: Mapping[int, Account], ledger: Ledger) -> dict[str, Quantity]:
    """Every quantity that the standard's indicators may name, those of earlier years with a prefix.

    Raises
    ------
    BadInput
        When the base year has no emissions and the reporting year has some, or what a mine declares names a basis that
        is none.
    """
    account = accounts[case.year]
    named = given_quantities(case)
    named |= {"emissions": ledger.emissions, "energy": account.energy(),
              "electricity_energy": account.energy("electricity_energy", ["electricity"]),
              "renewable_energy": account.energy("renewable_energy", ["renewable"]),
              "green_power": account.energy("green_power", ["renewable"], scopes=["2"]),
              "abatement": ledger.abatement.total, "restoration_removals": ledger.removals.restoration,
              "filled_co2": ledger.removals.filled, "removals": ledger.removals.total, "residual": ledger.residual,
              "offsets": ledger.offsets.total, "offset_ratio": ledger.offset_ratio,
              "restored_area": ledger.removals.restored_area, "least_plan": least_plan(case, accounts),
              "restoration_area": restoration_area(case)}
    named |= counted_figures(case, accounts)
    years = {"base": case.base_year}
    if not case.dossier.mine.base_year.documented_first_year:
        years["previous"] = case.year - 1
        _require_base(accounts[case.base_year].emissions(), ledger.emissions, case.base_year)
        hardest = hardest_year(case, accounts)
        years |= {"lowest": hardest} if hardest is not None else {}
    for prefix, year in years.items():
        named[f"{prefix}.emissions"] = accounts[year].emissions()
        named[f"{prefix}.energy"] = accounts[year].energy()
        named |= {f"{prefix}.metric.{row.metric}": row.quantity for row in case.dossier.metrics if row.year == year}
        named[f"years_since_{prefix}"] = Quantity(float(case.year - year), "yr", "calculated", f"years_since_{prefix}",
                                                  Datum(file="mine.yaml", row="reporting_year"))
    return named


def _require_base(base: Quantity, now: Quantity, year: int) -> None:
    """From nothing no rate can be told: such a base year serves a mine without emissions only (reading R29)."""
    if np.any(np.less_equal(base.value, 0) & np.greater(now.value, 0)):
        raise BadInput(Problem("base_year_without_emissions", "mine.yaml", "base_year.year", value=year))

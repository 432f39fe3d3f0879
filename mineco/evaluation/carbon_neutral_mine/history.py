"""The years before: recalculated (R21), which base year is the hardest (R29), and whether intensity rises (R30)."""

from collections.abc import Mapping

import numpy as np

from mineco.core.quantity import Datum, Quantity
from mineco.evaluation.account import Account
from mineco.evaluation.case import Case
from mineco.evaluation.steps import step
from mineco.scoring.emissions import compound_reduction_rate


def years_held(case: Case) -> list[int]:
    """The years of activity.csv up to the reporting year."""
    return sorted({row.year for row in case.dossier.activity if row.year <= case.year})


def recalculated(case: Case, accounts: Mapping[int, Account], year: int) -> Quantity:
    """Emissions of an earlier year with the boundary, methods and data of today (reading R21). [t CO2e]

    As reported where nothing changed since, or where all changes together are not over the limit. A year between base
    and change of which the amount is not stated takes that of the base year.
    """
    reported, changes = accounts[year].emissions(), changes_of(case, year)
    if not changes:
        return reported
    formulas = case.standard.formulas
    change = step(formulas["base_year_change"], "base_year_change", "A.1", parts=changes)
    return step(formulas["recalculated_emissions"], "recalculated_emissions", "A.1", reported=reported, change=change,
                share=changed_share(case, accounts), limit=case.standard.parameter("structural_change_pct"))


def changed_share(case: Case, accounts: Mapping[int, Account]) -> Quantity:
    """All changes of the base year together, of its emissions as reported. [%]"""
    return step(case.standard.formulas["base_year_share"], "base_year_share", "A.1",
                changes=changes_of(case, case.base_year), base=accounts[case.base_year].emissions())


def changes_of(case: Case, year: int) -> dict[str, Quantity]:
    """What each change since a year adds to its emissions or takes from them; nothing of what began before it."""
    found = {}
    for number, one in enumerate(case.dossier.mine.base_year.changes):
        stated = year == case.base_year or str(year) in one.other_years
        if year < one.year:
            place = f"base_year.changes.{number}"
            found[place] = Quantity(one.other_years.get(str(year), one.t_co2e), "tCO2e",
                                    "calculated" if stated else "assumed", "base_year_change",
                                    Datum(file="mine.yaml", row=place))
    return found


def hardest_year(case: Case, accounts: Mapping[int, Account]) -> int | None:
    """The year, old enough for a base year, from which emissions fell least; None where the dossier holds none."""
    now, least = accounts[case.year].emissions().value, int(case.standard.rule("base_year_least_age"))
    rates = {}
    for year in accounts:
        earlier = recalculated(case, accounts, year).value
        if year <= case.year - least and np.all(np.greater(earlier, 0)):
            rates[year] = float(np.mean(compound_reduction_rate(now, earlier, float(case.year - year))))
    return min(rates, key=lambda year: rates[year]) if rates else None


def intensity_rose(case: Case, accounts: Mapping[int, Account], year: int) -> bool | np.ndarray:
    """Whether emissions per unit mined were higher than in the year before; unknown is no rise."""
    mined = case.figure("production", year)
    if mined is None:
        return False
    now, before = (_intensity(case, accounts.get(one), one, mined.unit) for one in (year, year - 1))
    if now is None or before is None:
        return False
    rose = np.greater(now, before * (1 + 1e-12))
    return rose if np.ndim(rose) else bool(rose)


def gate_fails(case: Case, accounts: Mapping[int, Account]) -> bool | np.ndarray:
    """Whether a rising intensity fails the gate of carbon management (reading R30)."""
    count = 1 if case.option("strict_gates") else int(case.standard.rule("rising_years"))
    years = range(case.year - count, case.year + 1)
    if case.dossier.mine.base_year.documented_first_year or not set(years) <= set(accounts):
        return False
    rises = np.logical_and.reduce(np.broadcast_arrays(*(intensity_rose(case, accounts, year) for year in years[1:])))
    return rises if np.ndim(rises) else bool(rises)


def _intensity(case: Case, account: Account | None, year: int, unit: str) -> float | np.ndarray | None:
    """Emissions per unit mined, of a unit that all years have alike."""
    mined = case.figure("production", year)
    if account is None or mined is None or np.any(np.equal(mined.value, 0)):
        return None
    return account.emissions().value / mined.to(unit).value

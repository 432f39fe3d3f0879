"""The years before: which base year is the hardest, and whether the intensity rises (readings R29, R30)."""

from collections.abc import Mapping

import numpy as np

from mineco.evaluation.account import Account
from mineco.evaluation.case import Case
from mineco.scoring.emissions import compound_reduction_rate


def years_held(case: Case) -> list[int]:
    """The years of activity.csv up to the reporting year."""
    return sorted({row.year for row in case.dossier.activity if row.year <= case.year})


def hardest_year(case: Case, accounts: Mapping[int, Account]) -> int | None:
    """The year, old enough for a base year, from which emissions fell least; None where the dossier holds none."""
    now, least = accounts[case.year].emissions().value, int(case.standard.rule("base_year_least_age"))
    rates = {}
    for year, account in accounts.items():
        earlier = account.emissions().value
        if year <= case.year - least and np.all(np.greater(earlier, 0)):
            rates[year] = float(np.mean(compound_reduction_rate(now, earlier, float(case.year - year))))
    return min(rates, key=lambda year: rates[year]) if rates else None


def intensity_rose(case: Case, accounts: Mapping[int, Account], year: int) -> bool | np.ndarray:
    """Whether emissions per unit mined were higher than in the year before; unknown is no rise."""
    now, before = (_intensity(case, accounts.get(one), one) for one in (year, year - 1))
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


def _intensity(case: Case, account: Account | None, year: int) -> float | np.ndarray | None:
    mined = case.figure("production", year)
    if account is None or mined is None or np.any(np.equal(mined.value, 0)):
        return None
    return account.emissions().value / mined.value

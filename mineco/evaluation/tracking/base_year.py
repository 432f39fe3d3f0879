"""The years of a mine as reported and as recalculated for what changed since the base year (readings R21, R29).

Rule: what was reported stays beside what is recalculated, each change with its reason and its proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mineco.evaluation.carbon_neutral_mine.history import changed_share, changes_of, recalculated
from mineco.evaluation.case import Case
from mineco.evaluation.tracking.years import Year


@dataclass(frozen=True)
class RestatedYear:
    """A year whose account is whole. [t CO2e]

    Attributes
    ----------
    year : int
    reported : float    Gross emissions of scopes 1 and 2 by the data of the year.
    restated : float    With the boundary, methods and data of today; as reported where nothing changed by enough.
    changes : tuple     Places in mine.yaml of the changes since; those that are not significant too.
    assumed : bool      Whether one of them states no amount for this year and takes that of the base year.
    """

    year: int
    reported: float
    restated: float
    changes: tuple[str, ...]
    assumed: bool


def restated_years(case: Case, years: Sequence[Year]) -> tuple[RestatedYear, ...]:
    """Every year whose account is whole, as reported and as recalculated by the changes that a dossier declares.

    Without the base year nothing can be said of how much changed: all are as reported.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.tracking.years import years_of
    >>> from mineco.evaluation.variants.what_if import what_if
    >>> bought = {"year": 2020, "kind": "acquisition", "t_co2e": 127.046, "evidence": "contract", "text": "a plant"}
    >>> case = what_if(open_case("parameters/mines/example-quarry-years"), mine={"base_year.changes": [bought]})
    >>> found = restated_years(case, years_of([case]))  # 1,270.46 t in 2016; from 2020 on the plant is in the account
    >>> [(one.year, round(one.restated - one.reported, 3), one.assumed) for one in found[::2]][:3]
    [(2016, 127.046, False), (2018, 127.046, True), (2020, 0.0, False)]
    """
    accounts = {one.year: one.account for one in years if one.account}
    known = case.base_year in accounts
    found = []
    for year, account in accounts.items():
        changes = changes_of(case, year) if known else {}
        restated = recalculated(case, accounts, year) if known else account.emissions()
        found.append(RestatedYear(year, float(account.emissions()), float(restated), tuple(changes),
                                  any(one.kind == "assumed" for one in changes.values())))
    return tuple(found)


def share_changed(case: Case, years: Sequence[Year]) -> float | None:
    """All changes together in per cent of the base year as reported; None where there are none, or no base year. [%]"""
    accounts = {one.year: one.account for one in years if one.account}
    if case.base_year not in accounts or not case.dossier.mine.base_year.changes:
        return None
    return float(changed_share(case, accounts))

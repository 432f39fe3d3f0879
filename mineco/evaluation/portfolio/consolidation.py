"""Emissions of a group: its mines rolled up to each parent under the three approaches (clause 6.1, reading R16)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mineco.accounting import consolidated_emissions
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.dossier.mine import Consolidation as SitesOfParent
from mineco.evaluation.portfolio.holdings import APPROACHES, Group

if TYPE_CHECKING:
    import pandas as pd

FIGURES = ("scope1_t_co2e", "scope2_location_t_co2e", "scope2_market_t_co2e", "emissions_t_co2e")
AT_LEAST = "emissions_at_least_t_co2e"  # of a preliminary row (reading R34)
AMOUNTS = (*FIGURES, AT_LEAST)
COUNTS = ("mines", "mines_known", "at_least")
NEEDED = ("mine", "year", "status")
STATED, MISSING = "stated", "missing"  # of a site of mine.yaml; of a mine that the summary does not have
WHOLE, REFUSED = ("complete", STATED), ("refused", "failed")


@dataclass(frozen=True, repr=False)
class Consolidation(Brief):
    """What a batch's mines come to for each parent of a group.

    Attributes
    ----------
    totals : DataFrame
        A row for each parent, year and approach: scopes 1 and 2, both together [t CO2e], how many mines have a share,
        of how many the emissions are known, and whether the total is only ``at_least`` what it says.
    parts : DataFrame
        A row for each parent, year and mine: the share under each approach [1], and the emissions of the mine [t CO2e].
    by_days : mapping of int to list of str
        What of a group counts by days, since its share begins or ends inside the year.
    """

    group: Group
    totals: "pd.DataFrame"
    parts: "pd.DataFrame"
    by_days: Mapping[int, list[str]]

    def frame(self) -> "pd.DataFrame":
        """The totals."""
        return self.totals


def consolidate(summary: "pd.DataFrame", group: Group) -> Consolidation:
    """Roll the mines of a batch up to each parent, in every year of the summary.

    The parent's own total has those of the companies that it holds in it: totals of nested parents are not added up.
    A mine of the group without a complete row counts with what is known of it, and the total is then a lower bound: no
    scope of a mine is below zero.

    Parameters
    ----------
    summary : DataFrame
        The summary of a batch under a standard that accounts for emissions: mine, year, status, the scopes.
    group : Group

    Raises
    ------
    BadInput
        With every mine of the summary of which the group says nothing, every column that lacks, and a mine-year that
        stands twice.

    >>> import pandas as pd
    >>> from mineco.evaluation.portfolio.holdings import Holding
    >>> rows = pd.DataFrame({"mine": ["east"], "year": [2024], "status": ["complete"], "scope1_t_co2e": [900.0],
    ...                      "scope2_location_t_co2e": [100.0], "scope2_market_t_co2e": [80.0],
    ...                      "emissions_t_co2e": [1000.0]})
    >>> found = consolidate(rows, Group((Holding("east", "parent", 0.6, "yes", True),)))
    >>> found.totals[["approach", "emissions_t_co2e", "at_least"]].values.tolist()
    [['equity-share', 600.0, False], ['financial-control', 1000.0, False], ['operational-control', 1000.0, False]]
    """
    import pandas as pd

    _require(summary, group)
    totals, parts, years = list[dict[str, Any]](), list[dict[str, Any]](), sorted(summary["year"].dropna().unique())
    nothing = {"status": MISSING, **dict.fromkeys(AMOUNTS)}
    refused = set(summary["mine"][summary["status"].isin(REFUSED)])
    for year in map(int, years):
        known = _known(summary[summary["year"] == year], group)
        known |= {mine: nothing | {"status": "refused"} for mine in refused - known.keys()}
        for parent, of_mines in group.shares(year).items():
            itself = {parent: np.ones(len(APPROACHES))} if parent in known else {}
            held = {mine: share for mine, share in (itself | of_mines).items()
                    if share.any() and (mine in known or mine in group.mines)}
            parts += [{"parent": parent, "year": year, "mine": mine,
                       **dict(zip(APPROACHES, share.tolist(), strict=True)), **known.get(mine, nothing)}
                      for mine, share in held.items()]
            for place, approach in enumerate(APPROACHES):
                shares = {mine: float(share[place]) for mine, share in held.items() if share[place]}
                totals.append({"parent": parent, "year": year, "approach": approach, **_total(shares, known)})
    order = {name: place for place, name in enumerate(group.parents)}
    totals.sort(key=lambda row: (row["year"], order[row["parent"]]))
    parts.sort(key=lambda row: (row["year"], order[row["parent"]], row["mine"]))
    told = pd.DataFrame(parts, columns=["parent", "year", "mine", *APPROACHES, "status", *AMOUNTS])
    return Consolidation(group, pd.DataFrame(totals, columns=["parent", "year", "approach", *FIGURES, *COUNTS]),
                         told.astype(dict.fromkeys(AMOUNTS, float)),
                         {year: found for year in map(int, years) if (found := group.changed_within(year))})


def _total(shares: Mapping[str, float], known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A total under one approach; of a mine that is known in part what is known, and NaN where nothing is."""
    whole = [mine for mine in shares if mine in known and known[mine]["status"] in WHOLE]
    least = {mine: known[mine][AT_LEAST] for mine in shares if mine in known and known[mine][AT_LEAST] is not None}
    figures: dict[str, Any] = {}
    for name in FIGURES:
        emissions = {mine: known[mine][name] for mine in whole} | (least if name == "emissions_t_co2e" else {})
        figures[name] = float(consolidated_emissions(emissions, shares)) if emissions or not shares else math.nan
    return {**figures, "mines": len(shares), "mines_known": len(whole), "at_least": len(whole) < len(shares)}


def _known(rows: "pd.DataFrame", group: Group) -> dict[str, dict[str, Any]]:
    """What the summary tells of a year, by mine of the group; None where a figure is not told."""
    held = rows[rows["mine"].isin(group.names | set(group.parents))]
    asked = held.reindex(columns=["status", *AMOUNTS]).astype(object)
    return dict(zip(held["mine"], asked.where(asked.notna(), None).to_dict("records"), strict=True))


def with_sites(summary: "pd.DataFrame", given: SitesOfParent, year: int) -> "pd.DataFrame":
    """The summary with the sites that a mine.yaml lists and no row evaluates, with their emissions as stated there.

    Scope 2 of a site stands on both bases, since mine.yaml has one figure.
    """
    import pandas as pd

    known = set(summary["mine"][summary["year"] == year])
    stated = [{"mine": site.id, "year": year, "status": STATED, "scope1_t_co2e": site.scope1_t_co2e,
               "scope2_location_t_co2e": site.scope2_t_co2e, "scope2_market_t_co2e": site.scope2_t_co2e,
               "emissions_t_co2e": site.scope1_t_co2e + site.scope2_t_co2e}
              for site in given.sites if site.id not in known]
    return pd.concat([summary, pd.DataFrame(stated)], ignore_index=True) if stated else summary


def _require(summary: "pd.DataFrame", group: Group) -> None:
    """Stop with every mine whose share nobody told, with columns that lack and rows that stand twice."""
    lacking = [name for name in (*NEEDED, *FIGURES) if name not in summary]
    if lacking and "emissions_t_co2e" in lacking and AT_LEAST in summary:
        lacking = [name for name in lacking if name not in FIGURES]  # all rows are preliminary
    if lacking:
        raise BadInput(Problem("summary_without_scopes", column=", ".join(lacking)))
    problems = Problems()
    told = group.names | group.alone | set(group.parents)
    for name in dict.fromkeys(summary["mine"].dropna()):
        if name not in told:
            problems.add("mine_without_share", file=group.file, column="mine", value=name)
    twice = summary[summary["year"].notna() & summary.duplicated(["mine", "year"], keep=False)]
    for name, year in dict.fromkeys(zip(twice["mine"], twice["year"], strict=True)):
        problems.add("mine_year_of_two_rows", column="mine", value=f"{name} {int(year)}")
    problems.stop()

"""The form of what a portfolio has found, in the results.json of its run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import NonNegativeInt

from mineco.core.labels import label
from mineco.evaluation.portfolio.compared import FIGURES, QUANTILES, spreads
from mineco.evaluation.portfolio.peers import Place, place
from mineco.evaluation.portfolio.places import by_province
from mineco.evaluation.portfolio.portfolio import Portfolio, portfolio
from mineco.evaluation.record.form import Part
from mineco.evaluation.record.notebooks import Found

Figure = Literal["emissions", "intensity", "score"]


class RowsCounted(Part):
    """How many rows of the summary have a standard, a year and a status; null is what a refused row does not have."""

    standard: str | None
    year: int | None
    status: str
    rows: NonNegativeInt


class SpreadFound(Part):
    """Quantiles of a figure over the mines of a kind: of lower and upper ends, null of too few mines."""

    figure: Figure
    kind: str | None
    certainty: Literal["whole", "at_least", "range"]
    sources: str
    unit: str
    mines: NonNegativeInt
    quantiles_low: list[float] | None
    quantiles_high: list[float] | None


class PlaceFound(Part):
    """The share of peers with a lower figure [1], from the least to the most that it can be, and its interval."""

    figure: Figure
    certainty: Literal["whole", "at_least", "range", ""]
    sources: str
    peers: NonNegativeInt
    share_low: float | None
    share_high: float | None
    interval_low: float | None
    interval_high: float | None
    reason: str


class ProvinceFound(Part):
    """The mines of a province and the sum of their emissions, of which those of some are lower bounds. [t CO2e]"""

    province: str | None
    mines: NonNegativeInt
    known: NonNegativeInt
    at_least: NonNegativeInt
    emissions_t_co2e: float | None


class TotalFound(Part):
    """Emissions of a parent under one approach, scopes 1 and 2. [t CO2e]"""

    parent: str
    approach: str
    emissions_t_co2e: float | None
    mines: NonNegativeInt
    mines_known: NonNegativeInt
    at_least: bool


class PortfolioFound(Found):
    """Many mines beside each other: what was counted, distributions, the place of one mine, provinces, the group."""

    mines: NonNegativeInt
    counted: list[RowsCounted]
    quantiles: list[float]
    spreads: list[SpreadFound]
    mine: str
    places: list[PlaceFound]
    provinces: list[ProvinceFound]
    group: list[TotalFound]

    @classmethod
    def refuse(cls, targets: Sequence[Path], standard: str, **chosen: Any) -> None:
        """Stop where the batch has no row of the standard or year, no such mine, or a group that cannot be."""
        found = portfolio(targets[0], standard, chosen.get("year") or 0)
        if chosen.get("mine"):
            found.mine(chosen["mine"])
        _ = found.consolidation

    def told(self) -> list[str]:
        """Where the mine stands by each figure, in a line each, but for those by which it may stand anywhere."""
        from mineco.evaluation.portfolio.views.peers import percents

        return [label("folio_told_place").format(
            mine=self.mine, figure=_named(one), peers=one.peers,
            share=percents(one.share_low, one.share_high), interval=percents(one.interval_low, one.interval_high))
            for one in self.places if not one.reason and (one.share_low, one.share_high) != (0.0, 1.0)]


def _named(one: PlaceFound) -> str:
    """The figure, with what it is where it is no whole number of a whole account."""
    bound = {"at_least": "folio_bound_mark", "range": "folio_range_mark"}.get(one.certainty)
    return label(f"folio_{one.figure}") + (label(bound) if bound else "")


def portfolio_found(found: Portfolio, mine: str = "") -> PortfolioFound:
    """What results.json holds of it.

    >>> portfolio_found(portfolio("parameters/portfolios/example"), "quarry-05").places[2].peers
    19
    """
    group = found.consolidation
    totals = [] if group is None else group.totals.to_dict("records")
    return PortfolioFound.model_validate({
        "mines": found.mines, "quantiles": list(QUANTILES), "mine": mine,
        "counted": [{"standard": standard, "year": year, "status": status, "rows": rows} for
                    (standard, year, status), rows in sorted(found.counted.items(), key=lambda one: str(one[0]))],
        "spreads": [{"figure": figure, "kind": one.basis.group, "certainty": one.basis.certainty,
                     "sources": one.basis.of, "unit": one.basis.unit, "mines": one.mines,
                     "quantiles_low": one.quantiles and one.quantiles[0].tolist(),
                     "quantiles_high": one.quantiles and one.quantiles[1].tolist()}
                    for figure in FIGURES for one in spreads(found, figure)],
        "places": [_place(place(found, mine, figure)) for figure in FIGURES] if mine else [],
        "provinces": [{"province": one.province, "mines": one.mines, "known": one.known, "at_least": one.at_least,
                       "emissions_t_co2e": one.value} for one in by_province(found)],
        "group": [{"parent": row["parent"], "approach": row["approach"], "mines": row["mines"],
                   "mines_known": row["mines_known"], "at_least": row["at_least"],
                   "emissions_t_co2e": row["emissions_t_co2e"] if row["emissions_t_co2e"] ==
                   row["emissions_t_co2e"] else None} for row in totals if row["year"] == found.year]})


def _place(one: Place) -> dict[str, Any]:
    known = not one.reason
    return {"figure": one.figure, "certainty": one.basis.certainty if one.basis else "",
            "sources": one.basis.of if one.basis else "", "peers": one.count, "reason": one.reason,
            "share_low": one.low if known else None, "share_high": one.high if known else None,
            "interval_low": one.interval[0] if known else None, "interval_high": one.interval[1] if known else None}

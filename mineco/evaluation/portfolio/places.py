"""Provinces and points: how many mines there are where, and what they come to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.evaluation.portfolio.compared import AT_LEAST, EMISSIONS, WHOLE, values_by
from mineco.evaluation.portfolio.portfolio import Portfolio, rules, within


@dataclass(frozen=True)
class Province:
    """The mines of a province: how many, of how many the figure is known, and what they come to.

    ``value`` is the sum of emissions, of which the part of ``at_least`` mines is a lower bound [t CO2e]; or the median
    of whole scores [points] or intensities [kg CO2e per unit], None of fewer mines than ``least_peers``.
    """

    province: str | None
    mines: int
    known: int
    at_least: int
    value: float | None


def by_province(portfolio: Portfolio, figure: str = EMISSIONS, kind: str = "") -> list[Province]:
    """The mines of each province, the most first; of an intensity or a score those of one kind alone.

    >>> from mineco.evaluation.portfolio.portfolio import portfolio
    >>> found = by_province(portfolio("parameters/portfolios/example"))
    >>> sum(one.mines for one in found)
    60
    """
    if figure != EMISSIONS and not kind:
        kind = next(iter(portfolio.kinds), "")
    counts = portfolio.table.counts(["province"], within(portfolio, mine_subtype=kind))
    values = values_by(portfolio, figure, "province", mine_subtype=kind)
    found = []
    for (province,), mines in counts.most_common():
        own = {basis: one for basis, one in values.items() if basis.group == province}
        whole = [one.low for basis, one in own.items() if basis.certainty == WHOLE]
        least = [one.low for basis, one in own.items() if basis.certainty == AT_LEAST]
        taken: list[NDArray] = whole + least if figure == EMISSIONS else whole
        all_of_them = np.concatenate(taken) if taken else np.empty(0)
        enough = len(all_of_them) if figure == EMISSIONS else len(all_of_them) >= rules()["least_peers"]
        value = float(all_of_them.sum() if figure == EMISSIONS else np.median(all_of_them)) if enough else None
        found.append(Province(province, mines, len(all_of_them), sum(map(len, least)), value))
    return found


def points(portfolio: Portfolio) -> dict[str, NDArray]:
    """Longitude and latitude [deg] of the mines that have them, by kind: an array of two columns."""
    found: dict[str, list[NDArray]] = {}
    for piece in portfolio.table.pieces(["mine_subtype", "longitude", "latitude"], portfolio.where):
        rows = piece.to_pandas().dropna(subset=["longitude", "latitude"])
        for kind, own in rows.groupby("mine_subtype"):
            found.setdefault(str(kind), []).append(own[["longitude", "latitude"]].to_numpy(float))
    return {kind: np.concatenate(parts) for kind, parts in found.items()}


def tiles() -> dict[str, Any]:
    """Where each province stands on the schematic map, and its short name in both languages."""
    found: dict[str, Any] = rules()["tiles"]
    return found

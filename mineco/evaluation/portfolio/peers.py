"""The place of one mine among its peers, with an interval."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mineco.evaluation.portfolio.compared import COLUMNS, INTENSITY, Basis, Values, figures_of, values_by
from mineco.evaluation.portfolio.portfolio import Portfolio, rules

NOT_KNOWN, FEW = "not_known", "few_peers"


@dataclass(frozen=True)
class Place:
    """Where a mine stands among others of its kind by one figure.

    ``low`` and ``high`` are the share of the peers with a lower figure, from the least to the most that it can be [1]:
    of a mine or peers with ranges whatever is open, else peers with the same figure count half. ``interval`` is that
    of all such mines of which the peers are a sample (Clopper and Pearson 1934). Where ``reason`` is not blank there is
    no place.
    """

    figure: str
    basis: Basis | None
    value: tuple[float, float] | None
    peers: Values | None
    low: float = np.nan
    high: float = np.nan
    interval: tuple[float, float] = (np.nan, np.nan)
    reason: str = ""

    @property
    def count(self) -> int:
        """How many peers there are, beside the mine."""
        return len(self.peers) if self.peers else 0


def place(portfolio: Portfolio, mine: str, figure: str) -> Place:
    """Where a mine stands among the mines of its kind with the same certainty, the same sources and the same unit.

    Raises
    ------
    BadInput
        When no mine has the id.

    >>> from mineco.evaluation.portfolio.portfolio import portfolio
    >>> place(portfolio("parameters/portfolios/example"), "quarry-05", "score").count
    19
    """
    import pandas as pd

    row = portfolio.mine(mine)
    low, high, certainty = figures_of(pd.DataFrame([row]).astype(dict.fromkeys(
        [name for name in COLUMNS[figure] if name not in ("emissions_of", "production_unit")], float)), figure)
    if np.isnan(low[0]):
        return Place(figure, None, None, None, reason=NOT_KNOWN)
    basis = Basis(row["mine_subtype"], certainty[0], (row["emissions_of"] or "") if figure != "score" else "",
                  (row["production_unit"] or "") if figure == INTENSITY else "")
    all_of_them = values_by(portfolio, figure, mine_subtype=row["mine_subtype"])[basis]
    itself = int(np.flatnonzero((all_of_them.low == low[0]) & (all_of_them.high == high[0]))[0])
    peers = Values(np.delete(all_of_them.low, itself), np.delete(all_of_them.high, itself))
    value = float(low[0]), float(high[0])
    if len(peers) < rules()["least_peers"]:
        return Place(figure, basis, value, peers, reason=FEW)
    return Place(figure, basis, value, peers, *share_below(*value, peers, rules()["confidence"]))


def share_below(low: float, high: float, peers: Values, confidence: float) -> tuple[float, float, tuple[float, float]]:
    """The least and the most share of peers below a figure, and the interval of that share in all such mines. [1]

    How many of n mines lie below a given value is binomial, so that the share in all of them has the interval of
    Clopper and Pearson (Biometrika 26, 1934, pp. 404–413), here of the least share downward and of the most upward.
    Peers with the very figure count half for the share, not at all for the lower end and whole for the upper end.

    >>> peers = Values(np.arange(10.0), np.arange(10.0))
    >>> share_below(-1.0, -1.0, peers, 0.95)[0], round(share_below(-1.0, -1.0, peers, 0.95)[2][1], 4)
    (0.0, 0.3085)
    """
    from scipy.stats import binomtest

    count = len(peers)
    surely, perhaps = int((peers.high < low).sum()), int((peers.low < high).sum())
    upper = perhaps
    if low == high and bool((peers.low == peers.high).all()):
        upper = int((peers.low <= high).sum())
        surely_share = perhaps_share = (surely + upper) / 2 / count
    else:
        surely_share, perhaps_share = surely / count, perhaps / count
    ends: list[Any] = [binomtest(one, count).proportion_ci(confidence, "exact") for one in (surely, upper)]
    return surely_share, perhaps_share, (float(ends[0].low), float(ends[1].high))

"""League tables: ranks of mines, and how far they may be other ones."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.evaluation.portfolio.compared import COLUMNS, EMISSIONS, SCORE, WHOLE, figures_of
from mineco.evaluation.portfolio.portfolio import Portfolio, rules, within

if TYPE_CHECKING:
    import pandas as pd

NORMAL = 1.959963984540054  # half of a 95 % interval in standard deviations


@dataclass(frozen=True)
class League:
    """Mines of one kind in the order of a figure; of ranges, and of lower bounds, there is a table of its own.

    ``rows`` has the mines that are shown: mine, names, province, low and high end of the figure, rank (NaN of a range),
    and the interval of the rank, where there is one.
    """

    figure: str
    kind: str
    certainty: str
    of: str
    unit: str
    mines: int
    drawn: bool
    alike: bool  # of ranges: all have the same, so that nothing orders them
    rows: "pd.DataFrame"


def ranks(values: NDArray) -> NDArray:
    """The rank of each, 1 for the highest; whoever has the same shares the better rank.

    >>> ranks(np.array([70.0, 90.0, 70.0, 60.0])).tolist()
    [2, 1, 2, 4]
    """
    from scipy.stats import rankdata

    return rankdata(-values, method="min").astype(int)


def rank_intervals(low: NDArray, high: NDArray, error: float, *, draws: int, seed: int,
                   confidence: float) -> tuple[NDArray, NDArray]:
    """Between which ranks each lies, by drawing all figures at once and ranking every draw.

    Ranks are far less certain than the figures that they are of (Goldstein and Spiegelhalter, Journal of the Royal
    Statistical Society A 159, 1996, pp. 385–443). A range is drawn evenly from its ends, for want of anything known of
    it (assumed); a figure with an ``error``, half the width of its 95 % interval, from a normal distribution.

    >>> ends = rank_intervals(np.array([90.0, 40.0, 0.0]), np.array([90.0, 60.0, 100.0]), 0.0, draws=500, seed=1,
    ...                       confidence=0.95)
    >>> [one.tolist() for one in ends]
    [[1, 2, 1], [2, 3, 3]]
    """
    source = np.random.default_rng(seed)
    found = np.empty((draws, len(low)), dtype=np.int32)
    for draw in found:
        drawn = low + (high - low) * source.random(len(low))
        draw[:] = ranks(drawn + error / NORMAL * source.standard_normal(len(low)) if error else drawn)
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(found, [tail, 1 - tail], axis=0, method="nearest")
    return lower.astype(int), upper.astype(int)


def league(portfolio: Portfolio, figure: str = SCORE, kind: str = "", *, shown: int = 15, mine: str = "",
           error: float = 0.0, seed: int = 0) -> list[League]:
    """Ranks of the mines of a kind: highest score first, largest emissions first, highest intensity first.

    Parameters
    ----------
    portfolio : Portfolio
    figure : str     ``score``, ``emissions`` or ``intensity``.
    kind : str       The kind of mine; empty: the one with most mines.
    shown : int      How many of the first are shown.
    mine : str       A mine that is shown wherever it stands.
    error : float    Half the width of the 95 % interval of each figure, in its unit; 0: as given.
    seed : int       Of the draws.

    Returns
    -------
    list of League   One for each certainty, sources and unit that may be compared, the most mines first.

    >>> from mineco.evaluation.portfolio.portfolio import portfolio
    >>> [(one.certainty, one.mines) for one in league(portfolio("parameters/portfolios/example"))]
    [('whole', 20), ('range', 4)]
    """
    kind = kind or next(iter(portfolio.kinds), "")
    rows = portfolio.table.frame(list(dict.fromkeys(["mine", *COLUMNS[figure]])), within(portfolio, mine_subtype=kind))
    low, high, certainty = figures_of(rows, figure)
    of = rows["emissions_of"].astype(object).fillna("").to_numpy() if figure != SCORE else np.full(len(rows), "")
    unit = rows["production_unit"].astype(object).fillna("").to_numpy() if figure not in (SCORE, EMISSIONS) else \
        np.full(len(rows), "")
    names, known, found = rows["mine"].to_numpy(object), ~np.isnan(low), list[League]()
    for told in sorted(set(zip(certainty[known], of[known], unit[known], strict=True))):
        same = known & (certainty == told[0]) & (of == told[1]) & (unit == told[2])
        found.append(_league(portfolio, (figure, kind, *told), names[same], low[same], high[same],
                             (shown, mine, error, seed)))
    return sorted(found, key=lambda one: (one.certainty != WHOLE, -one.mines))


def _league(portfolio: Portfolio, told: tuple[str, str, str, str, str], names: NDArray, low: NDArray, high: NDArray,
            asked: tuple[int, str, float, int]) -> League:
    import pandas as pd

    shown, mine, error, seed = asked
    by_name = np.argsort(names.astype(str), kind="stable")  # draws go to mines, wherever the summary has their rows
    names, low, high = names[by_name], low[by_name], high[by_name]
    given, open_ends = rules(), bool((low != high).any())
    alike = open_ends and len(low) > 1 and bool((low == low[0]).all() and (high == high[0]).all())
    drawn = (open_ends or error > 0) and not alike and len(low) <= given["most_ranked"]
    stated = ranks(low)
    middle = (low + high) / 2
    order = np.lexsort((names.astype(str), -middle))
    taken = list(order[:shown]) + [at for at in order[shown:] if names[at] == mine]
    rows: dict[str, Any] = {"mine": names[taken], "low": low[taken], "high": high[taken],
                            "rank": np.where(open_ends, np.nan, stated[taken])}
    if drawn:
        ends = rank_intervals(low, high, error, draws=given["draws"], seed=seed, confidence=given["confidence"])
        rows |= {"rank_low": ends[0][taken], "rank_high": ends[1][taken]}
    about = portfolio.table.frame(["mine", "name_zh", "name_en", "province", "grade"],
                                  within(portfolio, mine=rows["mine"].tolist()))
    return League(*told, len(low), drawn, alike, pd.DataFrame(rows).merge(about, on="mine", how="left", sort=False))

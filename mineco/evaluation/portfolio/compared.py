"""Figures of mines that may be compared: of one kind of certainty, of the same sources, per the same unit.

Rule: a number, a lower bound ("at least") and a range are three things, and never stand in one distribution.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mineco.evaluation.portfolio.portfolio import Portfolio, rules, within

EMISSIONS, INTENSITY, SCORE = "emissions", "intensity", "score"
FIGURES = (EMISSIONS, INTENSITY, SCORE)
WHOLE, AT_LEAST, RANGE = "whole", "at_least", "range"
COLUMNS = {EMISSIONS: ("emissions_t_co2e", "emissions_at_least_t_co2e", "emissions_of"),
           INTENSITY: ("emissions_t_co2e", "emissions_at_least_t_co2e", "emissions_of", "production",
                       "production_unit"),
           SCORE: ("score", "score_low", "score_high")}
DEPTH = "depth_m"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Basis(NamedTuple):
    """What mines share whose figures may be compared."""

    group: Any  # kind, province or class of depth (the number of edges that lie at or above it); None: not told
    certainty: str
    of: str  # sources whose emissions are known; blank: all
    unit: str


@dataclass(frozen=True)
class Values:
    """A figure of some mines: a number where both ends are the same, else a range."""

    low: NDArray
    high: NDArray

    def __len__(self) -> int:
        return len(self.low)


@dataclass(frozen=True)
class Spread:
    """How a figure is spread over the mines of one basis.

    ``quantiles`` are those of `QUANTILES` of the lower ends and of the upper ends, as numpy has them; None where the
    mines are fewer than ``least_peers``.
    """

    basis: Basis
    values: Values
    quantiles: tuple[NDArray, NDArray] | None

    @property
    def mines(self) -> int:
        """How many mines have the figure."""
        return len(self.values)

    @property
    def total(self) -> float:
        """The sum of the lower ends."""
        return float(self.values.low.sum())


def values_by(portfolio: Portfolio, figure: str, by: str = "mine_subtype", **narrower: Any) -> dict[Basis, Values]:
    """A figure of all mines that have it, by kind, province or depth, and by what may be compared.

    Intensities are in kilograms per unit mined.

    >>> from mineco.evaluation.portfolio.portfolio import portfolio
    >>> found = values_by(portfolio("parameters/portfolios/example"), "score")
    >>> sorted({basis.certainty for basis in found})
    ['range', 'whole']
    """
    found: dict[Basis, list[Values]] = defaultdict(list)
    for piece in portfolio.table.pieces(list(dict.fromkeys([by, *COLUMNS[figure]])), within(portfolio, **narrower)):
        for basis, values in _of_piece(piece, figure, by):
            found[basis].append(values)
    return {basis: Values(np.concatenate([one.low for one in parts]), np.concatenate([one.high for one in parts]))
            for basis, parts in sorted(found.items(), key=lambda one: tuple(map(str, one[0])))}


def _of_piece(piece: Any, figure: str, by: str) -> Iterator[tuple[Basis, Values]]:
    rows = piece.to_pandas()
    low, high, certainty = figures_of(rows, figure)
    groups = depth_class(rows[by].to_numpy(float)) if by == DEPTH else rows[by].astype(object).where(
        rows[by].notna(), None).to_numpy()  # where nothing is told pandas has NaN, which is no group: it equals nothing
    nothing = np.full(len(rows), "", dtype=object)
    of = rows["emissions_of"].fillna("").to_numpy(object) if "emissions_of" in rows else nothing
    unit = rows["production_unit"].fillna("").to_numpy(object) if figure == INTENSITY else nothing
    known = ~np.isnan(low)
    keys = {Basis(*key) for key in zip(groups[known], certainty[known], of[known], unit[known], strict=True)}
    for key in keys:
        same = known & (certainty == key.certainty) & (of == key.of) & (unit == key.unit)
        same &= (groups == key.group) if key.group is not None else np.array([one is None for one in groups])
        yield key, Values(low[same], high[same])


def figures_of(rows: Any, figure: str) -> tuple[NDArray, NDArray, NDArray]:
    """Both ends of a figure of each row, NaN where it is not known, and how certain it is."""
    if figure == SCORE:
        score, low, high = (rows[name].to_numpy(float) for name in COLUMNS[SCORE])
        given = ~np.isnan(score)
        return (np.where(given, score, low), np.where(given, score, high),
                np.where(given, WHOLE, RANGE).astype(object))
    whole, least = (rows[name].to_numpy(float) for name in COLUMNS[EMISSIONS][:2])
    given = ~np.isnan(whole)
    amount = np.where(given, whole, least)
    if figure == INTENSITY:
        mined = rows["production"].to_numpy(float)
        amount = 1000 * amount / np.where(mined > 0, mined, np.nan)  # t to kg
    return amount, amount, np.where(given, WHOLE, AT_LEAST).astype(object)


def depth_class(depths: NDArray) -> NDArray:
    """The class of depth of each mine, by the number of edges that it reaches; None where no depth is told.

    >>> depth_class(np.array([299.9, 300.0, 1200.0, np.nan])).tolist()
    [0, 1, 3, None]
    """
    found = np.searchsorted(rules()["depths_m"], depths, side="right").astype(object)
    found[np.isnan(depths)] = None
    return found


def spreads(portfolio: Portfolio, figure: str, by: str = "mine_subtype", **narrower: Any) -> list[Spread]:
    """How a figure is spread over kinds, provinces or classes of depth; those with most mines first.

    >>> from mineco.evaluation.portfolio.portfolio import portfolio
    >>> [(one.basis.group, one.mines) for one in spreads(portfolio("parameters/portfolios/example"), "score")][:1]
    [('non-metal-opencast', 20)]
    """
    least = rules()["least_peers"]
    found = [Spread(basis, values, (np.quantile(values.low, QUANTILES), np.quantile(values.high, QUANTILES))
                    if len(values) >= least else None)
             for basis, values in values_by(portfolio, figure, by, **narrower).items()]
    if by == DEPTH:
        return sorted(found, key=lambda one: (one.basis.group is None, one.basis.group or 0, one.basis.certainty))
    return sorted(found, key=lambda one: -one.mines)

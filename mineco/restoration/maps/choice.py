"""Which option of which zone brings most under a budget: exact where every set that matters can be kept, else bounded.

Axes are zones and options, in this order; an option that a zone does not have is NaN. Of a zone one option is taken, or
none. Worth is in any unit and adds up over zones; so does cost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

MOST_SETS = 2**23  # that are kept over all zones; beyond, a program of whole numbers is solved for each budget
GAP = 1e-4  # within which such a program stops, over what it found
SAME = 1e-12  # relative difference of sums that are the same
NONE = -1


@dataclass(frozen=True)
class Chosen:
    """Options taken under a budget, and the worth that none can exceed.

    Attributes
    ----------
    option : array (zones,)  Of each zone; −1 where none is taken.
    worth, cost : float      Of all that is taken.
    bound : float            No set within the budget is worth more; the worth itself where it is proven to be the most.
    """

    option: NDArray[np.intp]
    worth: float
    cost: float
    bound: float

    @property
    def proven(self) -> bool:
        """Whether nothing within the budget is worth more."""
        return self.bound <= self.worth

    @property
    def gap(self) -> float:
        """By what share of its worth a better set could exceed this one. [1]"""
        return 0.0 if self.proven else self.bound / self.worth - 1


@dataclass(frozen=True)
class _Pairs:
    """The pairs of a zone and an option that may be in a best set, zone by zone and from cheap to dear."""

    zones: int
    zone: NDArray[np.intp]
    option: NDArray[np.intp]
    worth: NDArray[np.float64]
    cost: NDArray[np.float64]

    def chosen(self, taken: NDArray[np.intp], bound: float | None = None) -> Chosen:
        option = np.full(self.zones, NONE)
        option[self.zone[taken]] = self.option[taken]
        worth = float(self.worth[taken].sum())
        return Chosen(option, worth, float(self.cost[taken].sum()), worth if bound is None else max(bound, worth))


def best_options(worth: NDArray, cost: NDArray, budgets: Sequence[float]) -> list[Chosen]:
    """What brings most within each budget; of sets worth the same the cheapest, of these that of the first zones.

    Sets of zones are built up zone by zone, and one that costs no less than another and is worth no more is dropped
    (Nemhauser and Ullmann 1969), so that every budget is answered exactly. Where too many are left, a program of whole
    numbers is solved for each budget, to within a ten-thousandth, and its bound is told.

    Parameters
    ----------
    worth, cost : array (zones, options)  NaN where a zone has no such option. What is worth nothing is not taken.
    budgets : sequence of float           Infinite where there is none.

    Raises
    ------
    ValueError  For a cost below 0: each set would be dearer without it.

    >>> worth, cost = np.array([[60.0, 66.0], [36.0, np.nan]]), np.array([[3.0, 9.0], [2.0, np.nan]])
    >>> [(one.option.tolist(), one.worth) for one in best_options(worth, cost, [1.0, 4.0, 5.0, np.inf])]
    [([-1, -1], 0.0), ([0, -1], 60.0), ([0, 0], 96.0), ([1, 0], 102.0)]
    """
    if (cost < 0).any():
        raise ValueError("an option costs less than nothing")
    pairs = _competing(worth, cost)
    last = np.flatnonzero(np.diff(pairs.zone, append=-1))  # the most of each zone, whatever it costs
    whole = pairs.chosen(last)
    limits = [budget * (1 + SAME) for budget in budgets]
    asked = [limit for limit in limits if limit < whole.cost]
    exact = _exact(pairs, asked) if asked else []
    found = iter(exact if exact is not None else _programs(pairs, asked))
    return [whole if limit >= whole.cost else next(found) for limit in limits]


def cheapest_first(worth: NDArray, cost: NDArray, budget: float) -> Chosen:
    """What a list by cost of a unit gives: of each zone its cheapest unit, the cheapest first, while money lasts.

    What does not fit any more is passed over. Nothing tells how far it is from the most that could be had.

    >>> cheapest_first(np.array([[60.0, 66.0], [36.0, np.nan]]), np.array([[3.0, 9.0], [2.0, np.nan]]), 12.0).worth
    96.0
    """
    return _listed(_competing(worth, cost), budget * (1 + SAME))


def _listed(pairs: _Pairs, limit: float) -> Chosen:
    order = np.lexsort((pairs.option, pairs.zone, pairs.cost / pairs.worth))
    _, first = np.unique(pairs.zone[order], return_index=True)
    taken, spent = [], 0.0
    for pair in order[np.sort(first)].tolist():
        if spent + pairs.cost[pair] <= limit:
            taken.append(pair)
            spent += float(pairs.cost[pair])
    return pairs.chosen(np.array(taken, dtype=np.intp), np.inf)


def _competing(worth: NDArray, cost: NDArray) -> _Pairs:
    """Without options that another one of the zone is as good as and no dearer."""
    zone, option = np.nonzero((worth > 0) & ~np.isnan(cost))
    value, price = worth[zone, option], cost[zone, option]
    order = np.lexsort((option, -value, price, zone))
    kept: list[int] = []
    before = NONE
    for place in order.tolist():
        if zone[place] != before or value[place] > value[kept[-1]]:
            kept.append(place)
            before = zone[place]
    return _Pairs(len(worth), zone[kept], option[kept], value[kept], price[kept])


def _exact(pairs: _Pairs, limits: Sequence[float]) -> list[Chosen] | None:
    """The best set within each limit; None where too many sets are left to be kept."""
    cost, worth, kept = np.zeros(1), np.zeros(1), 0
    steps: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = []  # of each set of a zone: from which, and with what
    for here in _by_zone(pairs):
        costs = (cost + np.concatenate([[0.0], pairs.cost[here]])[:, np.newaxis]).ravel()
        worths = (worth + np.concatenate([[0.0], pairs.worth[here]])[:, np.newaxis]).ravel()
        inside = np.flatnonzero(costs <= max(limits))
        order = inside[np.lexsort((inside, -worths[inside], costs[inside]))]
        most = np.maximum.accumulate(worths[order])
        order = order[np.concatenate([[True], worths[order][1:] > most[:-1] * (1 + SAME)])]
        step, whence = np.divmod(order, len(cost))
        steps.append((whence.astype(np.int32), np.concatenate([[NONE], here])[step].astype(np.int32)))
        cost, worth, kept = costs[order], worths[order], kept + len(order)
        if kept > MOST_SETS:
            return None
    return [pairs.chosen(_walked(steps, int(np.searchsorted(cost, limit, side="right")) - 1)) for limit in limits]


def _by_zone(pairs: _Pairs) -> Iterator[NDArray[np.intp]]:
    """The places of the pairs of each zone."""
    yield from np.split(np.arange(len(pairs.zone)), np.flatnonzero(np.diff(pairs.zone)) + 1)


def _walked(steps: Sequence[tuple[NDArray[np.int32], NDArray[np.int32]]], number: int) -> NDArray[np.intp]:
    """The pairs of a set, from its number back to the first zone."""
    taken = []
    for whence, pair in reversed(steps):
        if pair[number] != NONE:
            taken.append(int(pair[number]))
        number = int(whence[number])
    return np.array(taken[::-1], dtype=np.intp)


def _programs(pairs: _Pairs, limits: Sequence[float]) -> list[Chosen]:
    """A program for each limit; where it stopped short of what a list or less money gives, that is taken."""
    found: dict[float, Chosen] = {}
    before = pairs.chosen(np.array([], dtype=np.intp))
    for limit in sorted(set(limits)):
        solved = _program(pairs, limit)
        most = max(solved, _listed(pairs, limit), before, key=lambda one: one.worth)
        found[limit] = before = replace(most, bound=max(solved.bound, most.worth))
    return [found[limit] for limit in limits]


def _program(pairs: _Pairs, limit: float) -> Chosen:
    """By a program of whole numbers: pairs taken or not, one of a zone at most, all within the limit."""
    count, scale, dearest = len(pairs.zone), pairs.worth.max(), pairs.cost.max()
    _, zone = np.unique(pairs.zone, return_inverse=True)
    one_each = coo_array((np.ones(count), (zone, np.arange(count)))).tocsr()
    rules = [LinearConstraint(one_each, ub=1.0), LinearConstraint(pairs.cost[np.newaxis] / dearest, ub=limit / dearest)]
    while True:
        found = milp(-pairs.worth / scale, integrality=np.ones(count), bounds=Bounds(0.0, 1.0), constraints=rules,
                     options={"mip_rel_gap": GAP})
        taken = np.flatnonzero(found.x > 0.5)
        if pairs.cost[taken].sum() <= limit:
            return pairs.chosen(taken, float(-found.mip_dual_bound * scale))
        cut = np.zeros((1, count))  # a set that the tolerance of the solver let through is not taken again
        cut[0, taken] = 1.0
        rules.append(LinearConstraint(cut, ub=len(taken) - 1.0))

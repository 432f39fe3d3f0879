"""Which option of which zone brings most under a budget: exact where every set that matters is kept, else bounded.

Axes are zones and options, in this order; an option that a zone does not have is NaN. Of a zone one option is taken, or
none. Worth is in any unit and adds up over zones; so does cost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

MOST_SETS = 2**17  # that are kept after a zone: of more, of some that cost nearly the same the best
SAME = 1e-12  # relative difference of sums that are the same
NEAR = 1e-9  # relative difference of bounds that decides nothing
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
    def gap(self) -> float:
        """By what share of its worth a better set could exceed this one; 0 where it is proven to be the best. [1]"""
        return self.bound / self.worth - 1 if self.bound > self.worth else 0.0


@dataclass(frozen=True)
class _Pairs:
    """The pairs of a zone and an option that may be in a best set, zone by zone and from cheap to dear."""

    zones: int
    zone: NDArray[np.intp]
    option: NDArray[np.intp]
    worth: NDArray[np.float64]
    cost: NDArray[np.float64]

    def chosen(self, taken: Sequence[int] | NDArray[np.intp]) -> Chosen:
        """The pairs at some places as a set."""
        places, option = np.asarray(taken, dtype=np.intp), np.full(self.zones, NONE)
        option[self.zone[places]] = self.option[places]
        worth = float(self.worth[places].sum())
        return Chosen(option, worth, float(self.cost[places].sum()), worth)

    def only(self, kept: NDArray[np.bool_]) -> "_Pairs":
        """Some of them."""
        return _Pairs(self.zones, self.zone[kept], self.option[kept], self.worth[kept], self.cost[kept])

    def of_zones(self) -> Iterator[NDArray[np.intp]]:
        """The places of the pairs of each zone that has any."""
        if len(self.zone):
            yield from np.split(np.arange(len(self.zone)), np.flatnonzero(np.diff(self.zone)) + 1)


def best_options(worth: NDArray, cost: NDArray, budgets: Sequence[float], most: int = MOST_SETS) -> list[Chosen]:
    """What brings most within each budget; of sets worth the same the cheapest, of these that of the first zones.

    Sets of zones are built up zone by zone. One that costs no less than another and is worth no more is dropped
    (Nemhauser and Ullmann 1969), and so is one that cannot reach what is known to be had. Where more are left than are
    kept, of those that cost nearly the same the best is, and the bound of the linear program is told.

    Parameters
    ----------
    worth, cost : array (zones, options)  NaN where a zone has no such option. What is worth nothing is not taken.
    budgets : sequence of float           Not negative; infinite where there is none.
    most : int                            Sets that are kept after a zone: more of them take longer and leave less open.

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
    whole = pairs.chosen(np.flatnonzero(np.diff(pairs.zone, append=NONE)))  # the most of each zone, whatever it costs
    found, known = dict[float, Chosen](), pairs.chosen([])
    for limit in sorted({budget * (1 + SAME) for budget in budgets}):  # what less money buys, more money buys too
        known = found[limit] = whole if limit >= whole.cost else _within(pairs, limit, known, most)
    return [found[budget * (1 + SAME)] for budget in budgets]


def cheapest_first(worth: NDArray, cost: NDArray, budget: float) -> Chosen:
    """What a list by cost of a unit gives: of each zone its cheapest unit, the cheapest first, while money lasts.

    What does not fit any more is passed over. Its bound is not known.

    >>> cheapest_first(np.array([[60.0, 66.0], [36.0, np.nan]]), np.array([[3.0, 9.0], [2.0, np.nan]]), 12.0).worth
    96.0
    """
    return replace(_listed(_competing(worth, cost), budget * (1 + SAME)), bound=np.inf)


def _listed(pairs: _Pairs, limit: float) -> Chosen:
    order = np.lexsort((pairs.option, pairs.zone, pairs.cost / pairs.worth))
    _, first = np.unique(pairs.zone[order], return_index=True)
    return _while_money_lasts(pairs, order[np.sort(first)], limit)


def _while_money_lasts(pairs: _Pairs, order: NDArray[np.intp], limit: float) -> Chosen:
    taken, spent = [], 0.0
    for pair in order.tolist():
        if spent + pairs.cost[pair] <= limit:
            taken.append(pair)
            spent += float(pairs.cost[pair])
    return pairs.chosen(taken)


def _competing(worth: NDArray, cost: NDArray) -> _Pairs:
    """Without options that another one of the zone is as good as and no dearer."""
    zone, option = np.nonzero((worth > 0) & ~np.isnan(cost))
    value, price = worth[zone, option], cost[zone, option]
    kept: list[int] = []
    before = NONE
    for place in np.lexsort((option, -value, price, zone)).tolist():
        if zone[place] != before or value[place] > value[kept[-1]]:
            kept.append(place)
            before = zone[place]
    return _Pairs(len(worth), zone[kept], option[kept], value[kept], price[kept])


@dataclass
class _Sets:
    """The sets of the zones so far that no other one outdoes, from cheap to dear, and how each came about."""

    pairs: _Pairs
    limit: float

    def __post_init__(self) -> None:
        self.cost, self.worth, self.thinned = np.zeros(1), np.zeros(1), False
        self.steps: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = []  # from which set, and with which pair

    def grow(self, here: NDArray[np.intp], most: int, price: float, least: float) -> None:
        """A zone more. Kept are so many sets, and those that are worth the least with their money left at a price."""
        costs = (self.cost + np.concatenate([[0.0], self.pairs.cost[here]])[:, np.newaxis]).ravel()
        worths = (self.worth + np.concatenate([[0.0], self.pairs.worth[here]])[:, np.newaxis]).ravel()
        inside = np.flatnonzero((costs <= self.limit) & (worths + price * (self.limit - costs) >= least))
        order = inside[np.lexsort((inside, -worths[inside], costs[inside]))]
        order = order[_rises(worths[order])]
        if len(order) > most:  # of each narrow range of costs the last is worth most
            part = np.floor(costs[order] / self.limit * most)
            order, self.thinned = order[np.append(np.diff(part) > 0, True)], True
        step, whence = np.divmod(order, len(self.cost))
        self.steps.append((whence.astype(np.int32), np.concatenate([[NONE], here])[step].astype(np.int32)))
        self.cost, self.worth = costs[order], worths[order]

    def best(self) -> Chosen | None:
        """The best of them; None where none is left."""
        return self.pairs.chosen(_walked(self.steps, len(self.cost) - 1)) if len(self.cost) else None


def _within(pairs: _Pairs, limit: float, before: Chosen, most: int) -> Chosen:
    """The best set within a limit that is below what the most of every zone costs, as far as it can be told.

    ``before`` is what less money buys.
    """
    pairs = pairs.only(pairs.cost <= limit)
    zones = list(pairs.of_zones())
    if not zones:
        return pairs.chosen([])
    price, beyond = _price(pairs, zones, limit)
    rest = np.append(np.cumsum(beyond[::-1])[::-1], 0.0)  # what the zones from here on can bring beyond their cost
    known = max(_listed(pairs, limit), _priced(pairs, zones, limit, price), before, key=lambda one: one.worth)
    sets = _Sets(pairs, limit)
    for place, here in enumerate(zones):
        sets.grow(here, most, price, known.worth * (1 - NEAR) - float(rest[place + 1]))
    best = max(sets.best() or known, known, key=lambda one: one.worth)
    return replace(best, bound=max(best.worth, price * limit + float(rest[0])) if sets.thinned else best.worth)


def _price(pairs: _Pairs, zones: Sequence[NDArray[np.intp]], limit: float) -> tuple[float, NDArray[np.float64]]:
    """The price of money that bounds most closely what can be had, and what each zone brings beyond its cost at it.

    Whatever a unit of money is said to be worth, the money and what zones bring beyond their cost are worth no less
    than any set within the limit (the dual of the linear program).
    """
    from scipy.optimize import minimize_scalar

    starts = [here[0] for here in zones]

    def beyond(price: float) -> NDArray[np.float64]:
        return np.maximum(np.maximum.reduceat(pairs.worth - price * pairs.cost, starts), 0.0)

    paid = pairs.cost > 0
    dearest = float(np.max(pairs.worth[paid] / pairs.cost[paid], initial=0.0))
    found = minimize_scalar(lambda price: price * limit + beyond(price).sum(), bounds=(0.0, dearest), method="bounded",
                            options={"xatol": dearest * NEAR})
    return float(found.x), beyond(float(found.x))


def _priced(pairs: _Pairs, zones: Sequence[NDArray[np.intp]], limit: float, price: float) -> Chosen:
    """Of each zone what brings most beyond its cost at a price, the best for the money first, while money lasts."""
    value = pairs.worth - price * pairs.cost
    first = np.array([here[np.argmax(value[here])] for here in zones])
    order = first[np.argsort(pairs.cost[first] / pairs.worth[first], kind="stable")]
    return _while_money_lasts(pairs, order, limit)


def _rises(worth: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where a set, in the order of costs, is worth more than every cheaper one."""
    return np.append(True, worth[1:] > np.maximum.accumulate(worth)[:-1] * (1 + SAME))


def _walked(steps: Sequence[tuple[NDArray[np.int32], NDArray[np.int32]]], number: int) -> list[int]:
    """The pairs of a set, from its number back to the first zone."""
    taken = []
    for whence, pair in reversed(steps):
        if pair[number] != NONE:
            taken.append(int(pair[number]))
        number = int(whence[number])
    return taken[::-1]

"""Every set of measures that do not exclude each other, evaluated as arrays, and what each costs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput
from mineco.core.lazy import Brief
from mineco.evaluation.advice.effects import ROUNDING, listed_at_once, summaries
from mineco.evaluation.advice.figures import Figures, taken
from mineco.evaluation.advice.library import Group
from mineco.evaluation.path.candidates import Candidate
from mineco.evaluation.path.costs import LEVELS, YearlyCost, per_tonne

AT_ONCE = 2**15  # sets evaluated in one call, for which some hundred MiB are wanted
NEEDED = ("score", "emissions_t_co2e", "removals_t_co2e", "residual_t_co2e", "offsets_t_co2e")


@dataclass(frozen=True, eq=False, repr=False)
class Sets(Brief):
    """Sets of measures; the first is the empty one, and of each that without its last measure is there too.

    The last is the one that acts last: by the order of the library a set is made by adding it to the others.
    """

    candidates: tuple[Candidate, ...]  # in the order in which they act
    members: NDArray[np.uint64]  # a bit for each candidate
    before: NDArray[np.intp]  # number of the set without its last measure
    columns: Mapping[str, NDArray]  # figures of the summary; not a number where a set was refused
    gated: NDArray[np.bool_]  # a prerequisite is not met
    cost: NDArray  # [low, middle, high] × set, without credits; not a number where there is none [yuan a year]

    @property
    def count(self) -> int:
        """How many sets there are."""
        return len(self.members)

    def taken(self, number: int) -> list[int]:
        """Places of the candidates in a set."""
        return [place for place in range(len(self.candidates)) if int(self.members[number]) >> place & 1]

    def sizes(self) -> NDArray:
        """How many measures each set has."""
        return np.bitwise_count(self.members).astype(int)

    def chain(self, number: int) -> list[int]:
        """The sets by which a set comes about, from the empty one on."""
        found = [number]
        while found[-1]:
            found.append(int(self.before[found[-1]]))
        return found[::-1]

    @property
    def left(self) -> NDArray:
        """Emissions less removals. [t CO2e]"""
        return self.columns["emissions_t_co2e"] - self.columns["removals_t_co2e"]


def count_sets(candidates: Sequence[Candidate], groups: Mapping[str, Group]) -> int:
    """How many sets there are of measures that do not exclude each other, without making them.

    >>> count_sets([], {})
    1
    """
    exclusive: dict[str, int] = {}
    free = 0
    for one in candidates:
        if groups[one.measure.group].exclusive:
            exclusive[one.measure.group] = exclusive.get(one.measure.group, 0) + 1
        else:
            free += 1
    return 2**free * math.prod(1 + size for size in exclusive.values())


def all_members(candidates: Sequence[Candidate], groups: Mapping[str, Group]
                ) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """The sets as bits, and for each the number of that without its last measure."""
    members, before = np.zeros(1, dtype=np.uint64), np.zeros(1, dtype=np.intp)
    for place, one in enumerate(candidates):
        rivals = sum(1 << other for other in range(place) if groups[one.measure.group].exclusive
                     and candidates[other].measure.group == one.measure.group)
        to = np.flatnonzero((members & np.uint64(rivals)) == 0)
        members = np.concatenate([members, members[to] | np.uint64(1 << place)])
        before = np.concatenate([before, to])
    return members, before


def evaluate_sets(base: Figures, candidates: Sequence[Candidate], members: NDArray[np.uint64],
                  before: NDArray[np.intp], prices: Mapping[str, float], also: Sequence[str] = ()) -> Sets:
    """Evaluate sets by the whole chain, with what they spare listed as measures, and add up what they cost.

    Parameters
    ----------
    base : Figures              Of the mine as it is.
    candidates : sequence       In the order in which they act.
    members, before : array     The sets.
    prices : mapping            Of energy, by which measures with yearly costs save; none where those include it.
    also : sequence of str      Figures of the summary that are wanted beside the usual ones.
    """
    count, names = len(members), (*NEEDED, *also)
    columns = {name: np.full(count, np.nan) for name in names}
    gated, energy = np.ones(count, dtype=bool), np.zeros(count)
    for start in range(0, count, AT_ONCE):
        some = slice(start, min(start + AT_ONCE, count))
        size = some.stop - some.start
        figures = figures_with(base, candidates, members[some])
        energy[some] = _bought(figures, prices)
        for which, made in summaries(base.case, listed_at_once(base.case, figures, size), size):
            if not isinstance(made, BadInput):
                for name in names:
                    columns[name][start + which] = made[name]
                gated[start + which] = np.asarray(made["binding"]) == "gates"
    sets = Sets(tuple(candidates), members, before, columns, gated, np.zeros((len(LEVELS), count)))
    return replace(sets, cost=_costs(sets, energy, bool(prices)))


def figures_with(base: Figures, candidates: Sequence[Candidate], members: NDArray[np.uint64]) -> Figures:
    """The figures of several sets as one whose values are arrays.

    Each measure acts on what the ones before it leave.
    """
    for place, one in enumerate(candidates):
        share = one.trial.share * ((members >> np.uint64(place)) & np.uint64(1))
        base, _ = taken(base, one.measure, share)
    return base


def _bought(figures: Figures, prices: Mapping[str, float]) -> Any:
    """What more energy is bought costs, as far as it has a price. [yuan]"""
    return sum((amount * prices[name] for name, amount in figures.energy().items() if name in prices), 0.0)


def _costs(sets: Sets, energy: NDArray, priced: bool) -> NDArray:
    """What each set costs: that of the set without its last measure, and that of the last at its place.

    By the tonne the last costs what it spares beside those before it, after its interaction with them; a set in which
    such a measure spares nothing has no cost, and the set without it is there.
    """
    cost = np.zeros_like(sets.cost)
    left, least = sets.left, ROUNDING * abs(float(sets.columns["emissions_t_co2e"][0]))
    last = np.zeros(sets.count, dtype=int)
    for place in range(len(sets.candidates)):
        last[(sets.members >> np.uint64(place)) > 0] = place
    for place, one in enumerate(sets.candidates):
        which = np.flatnonzero((last == place) & (sets.members > 0))
        before = sets.before[which]
        if isinstance(one.cost, YearlyCost):
            own = one.cost.of_year + (energy[which] - energy[before] if priced else 0.0)
            added = np.broadcast_to(own, (len(LEVELS), len(which)))
        else:
            assert one.cost is not None
            spared = left[before] - left[which]
            spared = np.where(spared > least, spared, np.nan)
            added = np.array(per_tonne(one.cost))[:, np.newaxis] * spared
        cost[:, which] = cost[:, before] + added
    return cost



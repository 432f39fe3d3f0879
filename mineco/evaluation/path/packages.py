"""More measures than can be tried in every set: a program of whole numbers finds a set, and the chain checks it.

Measures on one source are put together into packages, each with what it spares, adds and costs by an evaluation of its
own; of each source one package is taken. Packages of different sources are added up, which is not quite so: what is
found is evaluated whole, and where it falls short more is asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.evaluation.advice.library import Group
from mineco.evaluation.path.candidates import Candidate
from mineco.evaluation.path.costs import LEVELS, per_tonne
from mineco.evaluation.path.found import OVER_BUDGET, Route
from mineco.evaluation.path.routes import Search
from mineco.evaluation.path.sets import Sets, all_members, count_sets, evaluate_sets
from mineco.evaluation.path.targets import Lever, Target

MOST_MEASURES = 63  # bits of a set
MOST_PACKAGES = 2**8  # of one source; where there are more it is taken for several
TRIES = 12  # in each of which more points are asked for
LEAST_MORE = 0.01  # points


@dataclass(frozen=True, eq=False, repr=False)
class Packages(Brief):
    """Packages of all sources: what each spares [t CO2e], adds to the score [points] and costs [yuan a year]."""

    chosen: tuple[tuple[Candidate, ...], ...]
    source: NDArray[np.intp]  # number of the source of each
    tonnes: NDArray
    points: NDArray
    cost: NDArray


def search_packages(search: Search, candidates: Sequence[Candidate], groups: Mapping[str, Group],
                    prices: Mapping[str, float], targets: Sequence[Target]) -> tuple[list[Route], Route, int]:
    """A way to each target, as cheap as the program of whole numbers finds it; the best score; sets evaluated.

    Raises
    ------
    BadInput
        When there are more measures than a set can tell.
    """
    if len(candidates) > MOST_MEASURES:
        raise BadInput(Problem("out_of_range", column="measures", value=len(candidates), details={
            "minimum": 0, "maximum": MOST_MEASURES}))
    sources = [evaluate_sets(search.base, block, *all_members(block, groups), prices, search.also)
               for block in _blocks(candidates, groups)]
    packages, count = _packages(search, sources), sum(one.count for one in sources)
    best = np.array([int(np.flatnonzero(packages.source == number)[np.argmax(
        packages.points[packages.source == number])]) for number in range(len(sources))])
    highest = _evaluated(search, packages, best, prices)
    routes = []
    for target in targets:
        found = list(_found(search, packages, sources[0], target, prices))
        count += len(found)
        ways = [search.cheapest(one, target, proven=False) for one in found]
        reached = [one for one in ways if one.reached] or [one for one in ways if one.state == OVER_BUDGET]
        routes.append(min(reached, key=lambda one: one.cost[LEVELS.index(search.level)]) if reached else
                      search.best_score(highest, target, proven=False))
    return routes, search.best_score(highest, targets[-1], proven=False), count + highest.count


def _blocks(candidates: Sequence[Candidate], groups: Mapping[str, Group]) -> list[list[Candidate]]:
    """Measures that act on one source, those that exclude each other kept together."""
    clusters: dict[tuple[str, str], list[Candidate]] = {}
    for one in candidates:
        source = ".".join(one.measure.acts[0].amount.of[0].split(".")[:2])
        key = one.measure.group if groups[one.measure.group].exclusive else one.measure.id
        clusters.setdefault((source, key), []).append(one)
    blocks: list[tuple[str, list[Candidate]]] = []
    for (source, _), cluster in sorted(clusters.items(), key=lambda pair: pair[0][0]):
        if blocks and blocks[-1][0] == source and count_sets([*blocks[-1][1], *cluster], groups) <= MOST_PACKAGES:
            blocks[-1][1].extend(cluster)
        else:
            blocks.append((source, list(cluster)))
    return [sorted(block, key=lambda one: one.measure.order) for _, block in blocks]


def _packages(search: Search, sources: Sequence[Sets]) -> Packages:
    place = LEVELS.index(search.level)
    usable = [np.flatnonzero(np.isfinite(one.cost[place]) & np.isfinite(one.columns["score"])) for one in sources]
    pairs = list(zip(sources, usable, strict=True))
    return Packages(
        tuple(tuple(one.candidates[at] for at in one.taken(int(number))) for one, which in pairs for number in which),
        np.concatenate([np.full(len(which), number) for number, which in enumerate(usable)]),
        np.concatenate([one.left[0] - one.left[which] for one, which in pairs]),
        np.concatenate([one.columns["score"][which] - one.columns["score"][0] for one, which in pairs]),
        np.concatenate([one.cost[place][which] for one, which in pairs]))


def _found(search: Search, packages: Packages, base: Sets, target: Target, prices: Mapping[str, float]
           ) -> Iterator[Sets]:
    """Sets that the program finds for a target, each evaluated with those that it comes about by."""
    for share in _shares(search.lever, target):
        wanted = target.score - _score_at(search.lever, base, share)
        for _ in range(TRIES):
            chosen = _solve(search, packages, base, share, wanted)
            if chosen is None:
                break
            found = _evaluated(search, packages, chosen, prices)
            yield found
            short = target.score - _score_at(search.lever, found, share, -1)
            if short <= 0:
                break
            wanted += max(short, LEAST_MORE)


def _shares(lever: Lever | None, target: Target) -> list[float]:
    """The offset ratios that are worth trying: what the target asks, and each knot above it."""
    more = [] if lever is None else [float(one) for one in lever.ratios if one > target.offset]
    return [target.offset, *more]


def _score_at(lever: Lever | None, sets: Sets, share: float, number: int = 0) -> float:
    """The score of a set with a share of what is left offset."""
    score = float(sets.columns["score"][number])
    if lever is None:
        return score
    now = float(sets.columns[lever.indicator][number])
    return score + lever.weight * (max(float(np.interp(share, lever.ratios, lever.points)), now) - now)


def _solve(search: Search, packages: Packages, base: Sets, share: float, wanted: float) -> NDArray[np.intp] | None:
    """The cheapest packages, one of each source, and credits; None where none have the points."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # imports for half a second

    price, count = per_tonne(search.price)[LEVELS.index(search.level)], len(packages.cost)
    credits = share * float(base.left[0]) - float(base.columns["offsets_t_co2e"][0])
    one_of = np.equal.outer(np.arange(packages.source.max() + 1), packages.source).astype(float)
    held = [LinearConstraint(np.hstack([one_of, np.zeros((len(one_of), 1))]), 1, 1),
            LinearConstraint(np.append(share * packages.tonnes, 1.0), credits, np.inf),
            LinearConstraint(np.append(packages.points, 0.0), wanted, np.inf)]
    solved = milp(np.append(packages.cost, price), constraints=held, integrality=np.append(np.ones(count), 0),
                  bounds=Bounds(0, np.append(np.ones(count), np.inf)))
    return None if solved.x is None else np.flatnonzero(solved.x[:count] > 0.5)


def _evaluated(search: Search, packages: Packages, which: NDArray[np.intp], prices: Mapping[str, float]) -> Sets:
    """The set of some packages, which is the last, and those by which it comes about."""
    chosen = sorted((one for number in which for one in packages.chosen[number]), key=lambda one: one.measure.order)
    members = np.array([(1 << size) - 1 for size in range(len(chosen) + 1)], dtype=np.uint64)
    before = np.maximum(np.arange(len(chosen) + 1) - 1, 0)
    return evaluate_sets(search.base, chosen, members, before, prices, search.also)

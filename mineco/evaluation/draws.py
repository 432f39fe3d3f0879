"""Draws of what the data could have been: a case whose uncertain quantities are arrays, one element for each draw."""

import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mineco.core import units
from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem
from mineco.core.number import Interval, Number
from mineco.core.quantity import Quantity
from mineco.dossier.checks.balances import Rows, bound_items, breaches
from mineco.evaluation.account import values_behind
from mineco.evaluation.case import Case
from mineco.evaluation.places import DatumKey, limits_of, place_of, with_unchecked_values
from mineco.evaluation.places import Limit as PlaceLimit
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Limit

NORMAL_95 = 1.959963984540054  # standard deviations of the normal distribution that hold 95 %
MAX_BEYOND = 0.5  # share of the draws beyond a limit above which the distribution is no longer a normal one
SHARE = 0.95  # of the draws inside an interval
DRAWN_OF_PARCELS = ("rate_tc_per_ha_yr", "growth_tdm_per_ha_yr", "loss_tc_per_yr", "stock_start_tc_per_ha",
                    "stock_end_tc_per_ha")  # reading S13: carbon, not areas, leakage and ratios
Impossible = Callable[[Mapping[str, NDArray]], NDArray[np.bool_]]  # of draws by name: which of them cannot be


Sampler = Callable[[np.random.Generator, int], NDArray]  # so many draws of a quantity


@dataclass(frozen=True)
class Family:
    """Quantities of one year that are held against each other: by balances, or as parts of a whole."""

    members: Mapping[str, Quantity]
    year: str
    impossible: Impossible | None = None  # without it each is held to its own limit alone


@dataclass(frozen=True)
class Draws:
    """How the draws were made."""

    count: int
    seed: int
    names: tuple[str, ...]  # of the quantities that were drawn
    redrawn: int  # draws that lay beyond a physical limit and were drawn anew


def interval(values: Number, count: int) -> Interval:
    """Mean and central 95 % of draws; a value that does not vary has no width.

    >>> found = interval(np.arange(1001.0), 1001)
    >>> found.mean, round(found.low, 9), round(found.high, 9)
    (500.0, 25.0, 975.0)
    """
    given = np.broadcast_to(np.asarray(values, dtype=float), (count,))
    low, high = np.quantile(given, [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return Interval(float(given.mean()), float(low), float(high))


@checked_arguments(count=1, seed=0)
def draw_case(case: Case, count: int = 1000, seed: int = 0) -> tuple[Case, Draws]:
    """The case with an array of draws for each datum whose uncertainty is stated, and how they were made.

    Draws are normal with the value as given for their mean, and independent of each other. A draw that lies beyond a
    limit of the vocabulary, or makes a part larger than its whole, is made anew, together with those that it is held
    against: cut off, it would pile up at the limit. The draws of a quantity depend on its name and the seed, and on
    what it is part of, not on what else is uncertain.

    Raises
    ------
    BadInput
        When more than half of the draws of a quantity lie beyond its limits: what is left is no normal distribution.

    >>> from mineco.evaluation.case import open_case
    >>> drawn, told = draw_case(open_case("parameters/mines/tiny-quarry"), count=100)
    >>> told.names[:2], drawn.dossier.parcels[0].inputs["rate_tc_per_ha_yr"].value.shape
    (('production.2023', 'production.2024'), (100,))
    """
    maker = Maker(case, count, seed, stated_normal)
    for family in families_of(case):
        if not maker.draw(family, MAX_BEYOND):
            raise BadInput([Problem("draws_beyond_limits", one.datum.file, one.datum.row, "uncertainty_pct",
                                    one.datum.uncertainty_pct, details={"name": name})
                            for name, one in family.members.items() if stated_normal(one)])
    return with_unchecked_values(case, maker.values), Draws(count, seed, tuple(maker.names), maker.redrawn)


class Maker:
    """Makes draws of a case's data, by their places, and counts those that had to be made anew."""

    def __init__(self, case: Case, count: int, seed: int, sampler: Callable[[Quantity], Sampler | None]) -> None:
        self.case, self.count, self.seed, self.sampler = case, count, seed, sampler
        self.limits = limits_of(case)
        self.values: dict[DatumKey, Number] = {}
        self.names: list[str] = []
        self.redrawn = 0

    def draw(self, family: Family, most_beyond: float) -> bool:
        """Draw what is held against each other; what has no sampler stays as it is.

        False, and nothing is drawn, where more than a share of the draws made lie beyond the limits.
        """
        members = family.members
        samplers = {name: sampler for name, one in members.items() if (sampler := self.sampler(one))}
        sources = {name: random_source(self.seed, f"{name}.{family.year}") for name in samplers}
        if not sources:
            return True
        values = {name: np.full(self.count, float(one.value)) for name, one in members.items()}
        wanted, beyond = np.ones(self.count, dtype=bool), 0
        while wanted.any():
            for name, source in sources.items():
                values[name][wanted] = samplers[name](source, int(wanted.sum()))
            wanted = beyond_limits(family, values, self.limits)
            beyond += int(wanted.sum())
            if beyond > most_beyond * (self.count + beyond):
                return False
        self.redrawn += beyond
        self.names += [f"{name}.{family.year}" for name in sources]
        self.values |= {place_of(members[name].datum): values[name] for name in sources}
        return True


def beyond_limits(family: Family, values: Mapping[str, NDArray], limits: Mapping[DatumKey, PlaceLimit]
                  ) -> NDArray[np.bool_]:
    """Which of the values of a family, by name, no dossier could hold."""
    size = len(next(iter(values.values())))
    wrong = family.impossible(values) if family.impossible else np.zeros(size, dtype=bool)
    for name, one in family.members.items():
        wrong = wrong | ~limits[place_of(one.datum)].holds(values[name])
    return wrong


def random_source(seed: int, name: str) -> np.random.Generator:
    """The source of draws of what has a name: the same for the same seed, whatever else is drawn.

    >>> float(random_source(1, "diesel").normal()) == float(random_source(1, "diesel").normal())
    True
    """
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.default_rng([seed, *np.frombuffer(digest[:16], dtype=np.uint32).tolist()])


def stated_normal(quantity: Quantity) -> Sampler | None:
    """Normal draws of a stated 95 % half-width in per cent; None where none is stated."""
    percent = quantity.datum.uncertainty_pct
    if not percent or not float(quantity.value):
        return None
    deviation = abs(float(quantity.value)) * percent / 100 / NORMAL_95
    return lambda source, count: source.normal(float(quantity.value), deviation, count)


def families_of(case: Case) -> Iterator[Family]:
    """The figures and parcels of a case, and what its standard's account rests on, as they hang together."""
    yield from _metrics(case)
    for row in case.dossier.parcels:
        for column in DRAWN_OF_PARCELS:
            if column in row.inputs:
                yield Family({column: row.inputs[column]}, f"{row.id}.{row.pool}.{row.year}")
    if case.standard.keeps_account:
        yield from _activity(case)
        for measure in case.dossier.measures:  # emissions with a measure are at most those without
            members = {one.name: one for one in (measure.baseline_t_co2e, measure.project_t_co2e)}
            yield Family(members, str(measure.year), _part_above(
                {measure.project_t_co2e.name: measure.baseline_t_co2e.name}, members))


def _part_above(wholes: Mapping[str, str], members: Mapping[str, Quantity]) -> Impossible:
    """Where a part is larger than its whole."""
    def impossible(values: Mapping[str, NDArray]) -> NDArray[np.bool_]:
        above = [values[part] > units.convert(values[whole], members[whole].unit, members[part].unit)
                 for part, whole in wholes.items() if whole in values]
        return functools.reduce(np.logical_or, above, np.zeros(1, dtype=bool))

    return impossible


def _metrics(case: Case) -> Iterator[Family]:
    """The figures of each year, a part together with its whole."""
    known = case.standard.metrics
    families: dict[tuple[int, str], dict[str, Quantity]] = {}
    for row in case.dossier.metrics:
        whole = row.metric
        while known[whole].within:
            whole = known[whole].within
        families.setdefault((row.year, whole), {})[row.metric] = row.quantity
    for (year, _), members in families.items():
        yield Family(members, str(year), _part_above({name: known[name].within for name in members}, members))


def _activity(case: Case) -> Iterator[Family]:
    """Activity data, those together that a balance holds together, so that it holds in each draw."""
    for year in sorted({row.year for row in case.dossier.activity}):
        given = [row for row in case.dossier.activity if row.year == year]
        rows: dict[tuple[str, str], dict[str, Quantity]] = {}
        for row in given:
            rows.setdefault((row.source, row.key), {})[row.parameter] = row.quantity
        for family, limits in _families(case.standard, rows):
            members = {row.quantity.name: row.quantity for row in given
                       if (row.source, row.key, row.parameter) in family}
            yield Family(members, str(year), _unbalanced(case, year, rows, limits) if limits else None)


def _families(standard: Standard, rows: Rows) -> list[tuple[set[tuple[str, str, str]], list[tuple[str, Limit]]]]:
    """Items that balances hold together, with those balances; all others by themselves."""
    families: list[tuple[set[tuple[str, str, str]], list[tuple[str, Limit]]]] = [
        ({(*place, item)}, []) for place, items in rows.items() for item in items]
    for source in standard.sources.values():
        for limit in source.limits:
            for together in bound_items(limit, source.id, rows) if limit.refused else ():
                joined = [one for one in families if one[0] & together]
                families = [one for one in families if not one[0] & together]
                families.append((set().union(*(items for items, _ in joined)),
                                 [*(one for _, limits in joined for one in limits), (source.id, limit)]))
    return families


def _unbalanced(case: Case, year: int, rows: Rows, limits: Sequence[tuple[str, Limit]]) -> Impossible:
    """Where a balance of the year does not hold."""
    def impossible(values: Mapping[str, NDArray]) -> NDArray[np.bool_]:
        given = {place: {item: replace(one, value=values[one.name]) if one.name in values else one
                         for item, one in items.items()} for place, items in rows.items()}
        value_of = values_behind(case, year, given, {})
        wrong = np.zeros(len(next(iter(values.values()))), dtype=bool)
        for source, limit in limits:
            wrong |= breaches(case.standard, source, limit, given, value_of)
        return wrong

    return impossible

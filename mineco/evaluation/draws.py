"""Draws of what the data could have been: a case whose uncertain quantities are arrays, one element for each draw."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mineco.core import units
from mineco.core.errors import BadInput, Problem, checked_arguments
from mineco.core.number import Interval, Number
from mineco.core.quantity import Quantity
from mineco.dossier.cells import tables
from mineco.dossier.checks.balances import Rows, bound_items, breaches
from mineco.dossier.rows import ActivityRow, MeasureRow, ParcelRow
from mineco.dossier.tables import lower_limit
from mineco.evaluation.account import values_behind
from mineco.evaluation.case import Case
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Limit, Metric, SourceItem

NORMAL_95 = 1.959963984540054  # standard deviations of the normal distribution that hold 95 %
MAX_BEYOND = 0.5  # share of the draws beyond a limit above which the distribution is no longer a normal one
SHARE = 0.95  # of the draws inside an interval
DRAWN_OF_PARCELS = ("rate_tc_per_ha_yr", "growth_tdm_per_ha_yr", "loss_tc_per_yr", "stock_start_tc_per_ha",
                    "stock_end_tc_per_ha")  # reading S13: carbon, not areas, leakage and ratios
Limits = tuple[float | None, float | None]
Impossible = Callable[[Mapping[str, NDArray]], NDArray[np.bool_]]  # of draws by name: which of them cannot be


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
def draw_case(case: Case, count: int = 1000, seed: int = 0, account: bool = False) -> tuple[Case, Draws]:
    """The case with an array of draws for each figure and parcel whose uncertainty is stated, and how they were made.

    Draws are normal with the value as given for their mean, and independent of each other. A draw that lies beyond a
    limit of the vocabulary, or makes a part larger than its whole, is made anew, together with those that it is held
    against: cut off, it would pile up at the limit. The draws of a quantity depend on its name and the seed, and on
    what it is part of, not on what else is uncertain.

    Parameters
    ----------
    case : Case
    count, seed : int
    account : bool
        Whether activity data and measures are drawn too: what the emissions rest on.

    Raises
    ------
    BadInput
        When more than half of the draws of a quantity lie beyond its limits: what is left is no normal distribution.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> drawn, told = draw_case(open_case(parameters() / "mines" / "tiny-quarry"), count=100)
    >>> told.names, drawn.dossier.parcels[0].inputs["rate_tc_per_ha_yr"].value.shape
    (('production.2023', 'production.2024', 'rate_tc_per_ha_yr.Q1.all.2024'), (100,))
    """
    maker = _Maker(count, seed)
    known, rows = case.standard.metrics, case.dossier.metrics
    families: dict[tuple[int, str], dict[str, Quantity]] = {}
    for row in rows:
        families.setdefault((row.year, _whole_of_all(known, row.metric)), {})[row.metric] = row.quantity
    drawn = {(year, name): quantity for (year, _), members in families.items()
             for name, quantity in maker.draw(members, str(year), {name: _metric_limits(known[name], one.unit)
                                                                   for name, one in members.items()},
                                              _part_above({name: known[name].within for name in members},
                                                          members)).items()}
    metrics = [replace(row, quantity=drawn[row.year, row.metric]) for row in rows]
    parcels = [replace(row, inputs={**row.inputs, **_parcel_draws(maker, row)}) for row in case.dossier.parcels]
    dossier = replace(case.dossier, metrics=metrics, parcels=parcels)
    if account:
        dossier = replace(dossier, activity=_activity_draws(maker, case), measures=_measure_draws(maker, case))
    return replace(case, dossier=dossier), Draws(count, seed, tuple(maker.names), maker.redrawn)


def _never(values: Mapping[str, NDArray]) -> NDArray[np.bool_]:
    return np.zeros(len(next(iter(values.values()))), dtype=bool)


class _Maker:
    """Makes draws and counts those that had to be made anew."""

    def __init__(self, count: int, seed: int) -> None:
        self.count, self.seed = count, seed
        self.names: list[str] = []
        self.redrawn = 0

    def draw(self, members: Mapping[str, Quantity], year: str, limits: Mapping[str, Limits],
             impossible: Impossible = _never) -> dict[str, Quantity]:
        """Draws of quantities that are held against each other; those without uncertainty stay as they are."""
        deviations = {name: _deviation(one) for name, one in members.items()}
        sources = {name: self._source(f"{name}.{year}") for name, deviation in deviations.items() if deviation}
        if not sources:
            return dict(members)
        values = {name: np.full(self.count, float(one.value)) for name, one in members.items()}
        wanted, beyond = np.ones(self.count, dtype=bool), 0
        while wanted.any():
            for name, source in sources.items():
                values[name][wanted] = source.normal(float(members[name].value), deviations[name], int(wanted.sum()))
            wanted = _beyond(values, limits) | impossible(values)
            beyond += int(wanted.sum())
            if beyond > MAX_BEYOND * (self.count + beyond):
                raise BadInput([Problem("draws_beyond_limits", one.datum.file, one.datum.row, "uncertainty_pct",
                                        one.datum.uncertainty_pct, details={"name": name})
                                for name, one in members.items() if name in sources])
        self.redrawn += beyond
        self.names += [f"{name}.{year}" for name in sources]
        return {name: replace(one, value=values[name]) if name in sources else one for name, one in members.items()}

    def _source(self, name: str) -> np.random.Generator:
        digest = hashlib.sha256(name.encode()).digest()
        return np.random.default_rng([self.seed, *np.frombuffer(digest[:16], dtype=np.uint32).tolist()])


def _deviation(quantity: Quantity) -> float:
    """Standard deviation behind a 95 % half-width in per cent; 0 where none is stated."""
    percent = quantity.datum.uncertainty_pct
    return abs(float(quantity.value)) * percent / 100 / NORMAL_95 if percent else 0.0


def _beyond(values: Mapping[str, NDArray], limits: Mapping[str, Limits]) -> NDArray[np.bool_]:
    """The draws in which a quantity lies beyond a limit of its own."""
    beyond = np.zeros(len(next(iter(values.values()))), dtype=bool)
    for name, drawn in values.items():
        low, high = limits[name]
        if low is not None:
            beyond |= drawn < low
        if high is not None:
            beyond |= drawn > high
    return beyond


def _part_above(wholes: Mapping[str, str], members: Mapping[str, Quantity]) -> Impossible:
    """Where a part is larger than its whole."""
    def impossible(values: Mapping[str, NDArray]) -> NDArray[np.bool_]:
        wrong = np.zeros(len(next(iter(values.values()))), dtype=bool)
        for part, whole in wholes.items():
            if whole in values:
                wrong |= values[part] > units.convert(values[whole], members[whole].unit, members[part].unit)
        return wrong

    return impossible


def _metric_limits(metric: Metric, given: str) -> Limits:
    """The limits of a figure in the unit in which it was given."""
    unit = next(one for one in metric.units if units.compatible(given, one))
    low, high = (limit if limit is None else float(units.convert(limit, unit, given))
                 for limit in (lower_limit(metric.units, metric.minimum), metric.maximum))
    return low, high


def _whole_of_all(known: Mapping[str, Metric], name: str) -> str:
    while known[name].within:
        name = known[name].within
    return name


def _activity_draws(maker: _Maker, case: Case) -> list[ActivityRow]:
    """Draws of activity data; those that a balance holds together are drawn together, so that it holds in each draw."""
    drawn: dict[tuple[int, str], Quantity] = {}
    for year in sorted({row.year for row in case.dossier.activity}):
        given = {(row.source, row.key, row.parameter): row.quantity
                 for row in case.dossier.activity if row.year == year}
        rows: dict[tuple[str, str], dict[str, Quantity]] = {}
        for (source, key, item), quantity in given.items():
            rows.setdefault((source, key), {})[item] = quantity
        for family, limits in _families(case.standard, rows):
            members = {one.name: one for place, one in given.items() if place in family}
            ranges = {one.name: _item_limits(case.standard.sources[place[0]].items[place[2]], one.unit)
                      for place, one in given.items() if place in family}
            drawn |= {(year, name): one for name, one in maker.draw(
                members, str(year), ranges, _unbalanced(case, year, rows, limits)).items()}
    return [replace(row, quantity=drawn[row.year, row.quantity.name]) for row in case.dossier.activity]


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
        given = {place: {item: replace(one, value=values.get(one.name, one.value)) for item, one in items.items()}
                 for place, items in rows.items()}
        value_of = values_behind(case, year, given, {})
        wrong = np.zeros(len(next(iter(values.values()))), dtype=bool)
        for source, limit in limits:
            wrong |= breaches(case.standard, source, limit, given, value_of)
        return wrong

    return impossible if limits else _never


def _item_limits(item: SourceItem, given: str) -> Limits:
    unit = next(one for one in item.units if units.compatible(given, one))
    low, high = (limit if limit is None else float(units.convert(limit, unit, given))
                 for limit in (lower_limit(item.units, item.minimum), item.maximum))
    return low, high


def _measure_draws(maker: _Maker, case: Case) -> list[MeasureRow]:
    """Draws of measures: emissions with a measure are at most those without."""
    found = []
    for row in case.dossier.measures:
        names = [one.name for one in (row.baseline_t_co2e, row.project_t_co2e)]
        members = dict(zip(names, (row.baseline_t_co2e, row.project_t_co2e), strict=True))
        drawn = maker.draw(members, str(row.year), dict.fromkeys(names, (0.0, None)),
                           _part_above({names[1]: names[0]}, members))
        found.append(replace(row, baseline_t_co2e=drawn[names[0]], project_t_co2e=drawn[names[1]]))
    return found


def _parcel_draws(maker: _Maker, row: ParcelRow) -> dict[str, Quantity]:
    columns = tables()["restoration.csv"]
    found: dict[str, Quantity] = {}
    for column in DRAWN_OF_PARCELS:
        if column in row.inputs:
            name = f"{row.id}.{row.pool}.{row.year}"
            limits = {column: (columns[column].minimum, columns[column].maximum)}
            found |= maker.draw({column: row.inputs[column]}, name, limits)
    return found

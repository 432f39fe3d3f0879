"""Draws of what the data could have been: a case whose uncertain quantities are arrays, one element for each draw."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mineco.core import units
from mineco.core.errors import BadInput, Problem, checked_arguments
from mineco.core.number import Interval, Number
from mineco.core.quantity import Quantity
from mineco.dossier.cells import tables
from mineco.dossier.rows import ActivityRow, MeasureRow, ParcelRow
from mineco.dossier.tables import lower_limit
from mineco.evaluation.case import Case
from mineco.standards.vocabulary import Metric, SourceItem

NORMAL_95 = 1.959963984540054  # standard deviations of the normal distribution that hold 95 %
MAX_BEYOND = 0.5  # share of the draws beyond a limit above which the distribution is no longer a normal one
ROUNDING = 1e-9  # 0.1 + 0.2 is not more than 0.3
SHARE = 0.95  # of the draws inside an interval
DRAWN_OF_PARCELS = ("rate_tc_per_ha_yr", "growth_tdm_per_ha_yr", "loss_tc_per_yr", "stock_start_tc_per_ha",
                    "stock_end_tc_per_ha")  # reading S13: carbon, not areas, leakage and ratios
Limits = tuple[float | None, float | None]


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
                                              {name: known[name].within for name in members}).items()}
    metrics = [replace(row, quantity=drawn[row.year, row.metric]) for row in rows]
    parcels = [replace(row, inputs={**row.inputs, **_parcel_draws(maker, row)}) for row in case.dossier.parcels]
    dossier = replace(case.dossier, metrics=metrics, parcels=parcels)
    if account:
        dossier = replace(dossier, activity=_activity_draws(maker, case), measures=_measure_draws(maker, case))
    return replace(case, dossier=dossier), Draws(count, seed, tuple(maker.names), maker.redrawn)


class _Maker:
    """Makes draws and counts those that had to be made anew."""

    def __init__(self, count: int, seed: int) -> None:
        self.count, self.seed = count, seed
        self.names: list[str] = []
        self.redrawn = 0

    def draw(self, members: Mapping[str, Quantity], year: str, limits: Mapping[str, Limits],
             wholes: Mapping[str, str], together: bool = False) -> dict[str, Quantity]:
        """Draws of quantities that are held against each other; those without uncertainty stay as they are.

        Each part is at most its whole; ``together``: all parts of a whole in sum.
        """
        deviations = {name: _deviation(one) for name, one in members.items()}
        sources = {name: self._source(f"{name}.{year}") for name, deviation in deviations.items() if deviation}
        if not sources:
            return dict(members)
        values = {name: np.full(self.count, float(one.value)) for name, one in members.items()}
        wanted, beyond = np.ones(self.count, dtype=bool), 0
        while wanted.any():
            for name, source in sources.items():
                values[name][wanted] = source.normal(float(members[name].value), deviations[name], int(wanted.sum()))
            wanted = _beyond(members, values, limits, wholes, together)
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


def _beyond(members: Mapping[str, Quantity], values: Mapping[str, NDArray], limits: Mapping[str, Limits],
            wholes: Mapping[str, str], together: bool) -> NDArray[np.bool_]:
    """The draws in which a quantity lies beyond a limit, or a part is larger than its whole."""
    beyond = np.zeros(len(next(iter(values.values()))), dtype=bool)
    sums: dict[str, NDArray] = {}
    for name, drawn in values.items():
        low, high = limits[name]
        if low is not None:
            beyond |= drawn < low
        if high is not None:
            beyond |= drawn > high
        if wholes.get(name) in values:
            whole = members[wholes[name]]
            if together:
                part = units.convert(drawn, members[name].unit, whole.unit)
                sums[wholes[name]] = part + sums.get(wholes[name], 0.0)
            else:
                beyond |= drawn > units.convert(values[wholes[name]], whole.unit, members[name].unit)
    for name, parts in sums.items():
        beyond |= parts > values[name] * (1 + ROUNDING)
    return beyond


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
    """Draws of activity data; what is contracted is held, in sum, against what is purchased."""
    sources, rows = case.standard.sources, case.dossier.activity
    families: dict[tuple[int, str], dict[str, Quantity]] = {}
    wholes: dict[str, str] = {}
    for row in rows:
        of = sources[row.source].part_of
        whole = f"{of.source}.{of.item}" if of and row.parameter == sources[row.source].main else ""
        if whole:
            wholes[row.quantity.name] = whole
        families.setdefault((row.year, whole or row.quantity.name), {})[row.quantity.name] = row.quantity
    drawn: dict[tuple[int, str], Quantity] = {}
    limits = {row.quantity.name: _item_limits(sources[row.source].items[row.parameter], row.quantity.unit)
              for row in rows}
    for (year, _), members in families.items():
        drawn |= {(year, name): one for name, one in maker.draw(
            members, str(year), {name: limits[name] for name in members}, wholes, together=True).items()}
    return [replace(row, quantity=drawn[row.year, row.quantity.name]) for row in rows]


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
        drawn = maker.draw(members, str(row.year), dict.fromkeys(names, (0.0, None)), {names[1]: names[0]})
        found.append(replace(row, baseline_t_co2e=drawn[names[0]], project_t_co2e=drawn[names[1]]))
    return found


def _parcel_draws(maker: _Maker, row: ParcelRow) -> dict[str, Quantity]:
    columns = tables()["restoration.csv"]
    found: dict[str, Quantity] = {}
    for column in DRAWN_OF_PARCELS:
        if column in row.inputs:
            name = f"{row.id}.{row.pool}.{row.year}"
            limits = {column: (columns[column].minimum, columns[column].maximum)}
            found |= maker.draw({column: row.inputs[column]}, name, limits, {})
    return found

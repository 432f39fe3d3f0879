"""The figures of a mine's year as plain numbers, or of many sets of them as arrays; what a measure does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mineco.core.quantity import Quantity
from mineco.core.units import compatible, convert
from mineco.evaluation.advice.library import Act, Amount, Change, Condition, Measure
from mineco.evaluation.case import Case

Place = tuple[str, ...]  # activity, source, key, item | metric, id | parcel, column | measure, source, column | credits
Values = Mapping[Place, Any]  # floats; arrays with an element for each of several sets
CREDITS: Place = ("credits",)
CONTRACTS = ("green-power", "electricity-contract")  # of bought power: what is no longer bought is no longer contracted
FUELS = ("stationary-combustion", "mobile-combustion", "road-vehicles", "biomass-combustion")
GJ_PER_MWH = 3.6
KEPT = ("methane", "destroyed", "rate_tc_per_ha_yr")  # of a new row, whether or not there is anything of it


@dataclass(frozen=True)
class Figures:
    """The figures of the reporting year by place, each in the unit in which the mine gave it; new ones in their own.

    Those of many sets of measures are one whose values are arrays where they differ.
    """

    case: Case
    base: Values  # as the mine gave them
    values: Values
    units: Mapping[Place, str]

    def at(self, path: str, key: str = "") -> list[Place]:
        """The places that a path names and the mine has figures for; ``*`` is the key, or every key."""
        table, *rest = path.split(".")
        if table != "activity":
            return [(table, *rest)] if (table, *rest) in self.values else []
        source, wanted, item = rest
        return [place for place in self.values if place[0] == table and place[1] == source and place[3] == item
                and place[2] == ((key or place[2]) if wanted == "*" else wanted)]

    def total(self, paths: Sequence[str], unit: str, key: str = "") -> Any:
        """The figures of some paths added up; None where the mine gives none of them, or in units of another kind."""
        places = [place for path in paths for place in self.at(path, key)]
        if not places or not all(compatible(self.units[place], unit) for place in places):
            return None
        return sum(convert(self.values[place], self.units[place], unit) for place in places)

    def total_or_zero(self, paths: Sequence[str], unit: str, key: str = "") -> Any:
        """As `total`; 0 where the mine gives none of them, which are then none that it has."""
        found = self.total(paths, unit, key)
        return 0.0 if found is None else found

    def amount(self, wanted: Amount, key: str = "") -> Any:
        """What there is to act on; None where the mine has no such figure."""
        unit = wanted.unit or next((self.units[place] for path in wanted.of for place in self.at(path, key)), "")
        whole = self.total(wanted.of, unit, key)
        return None if whole is None else wanted.per * (whole - self.total_or_zero(wanted.less, unit, key))

    def holds(self, condition: Condition) -> bool | None:
        """Whether a condition holds; None where the mine gives none of its figures."""
        for path in condition.of:
            found = [float(convert(self.values[place], self.units[place], condition.unit)) for place in self.at(path)]
            if found:
                return ((condition.least is None or min(found) >= condition.least)
                        and (condition.below is None or max(found) < condition.below))
        return None

    def energy(self) -> dict[str, float]:
        """What more is bought in a year of power (``electricity``) and of each fuel, in the units of the figures."""
        found: dict[str, float] = {}
        for place in self.changed():
            source, key, item = place[1:] if place[0] == "activity" else ("", "", "")
            if (source, item) == ("electricity", "purchased") or (source in FUELS and item == "quantity"):
                more = self.values[place] - self.base.get(place, 0.0)
                found[key or source] = found.get(key or source, 0.0) + more
        return found

    def changed(self) -> list[Place]:
        """The places whose figures are not those that the mine gave, new ones too."""
        return [place for place, one in self.values.items()
                if (before := self.base.get(place)) is not one and np.any(before != one)]

    def part(self, which: Any) -> "Figures":
        """Those of some of the sets, or of one by its number."""
        return replace(self, values={place: one[which] if np.ndim(one) else one for place, one in self.values.items()})


@dataclass(frozen=True)
class Size:
    """How much a measure acts on: a share of an amount of the mine's own figures."""

    source: str  # and its key that is acted on: a fuel, a gas; both blank of an amount that has no key
    key: str
    amount: Any
    unit: str
    of: Any  # what the amount is taken from, in the same unit


def figures_of(case: Case) -> Figures:
    """The figures of the reporting year.

    >>> from mineco.evaluation.case import open_case
    >>> found = figures_of(open_case("parameters/mines/tiny-quarry"))
    >>> found.values["activity", "mobile-combustion", "diesel", "quantity"], found.values["metric", "green_area"]
    (207.0, 6.1)
    """
    given: dict[Place, Quantity] = {("activity", row.source, row.key, row.parameter): row.quantity
                                    for row in case.dossier.activity if row.year == case.year}
    given |= {("metric", name): row.quantity for name, row in case.figures().items()}
    values = {place: float(one) for place, one in given.items()}
    return Figures(case, values, values, {place: one.unit for place, one in given.items()})


def taken(figures: Figures, measure: Measure, share: Any) -> tuple[Figures, list[Size]]:
    """The figures after a measure on a share of what it acts on, and how much that is; no size where there is nothing.

    An array of shares gives as many sets of figures, in which a share of 0 leaves the measure out.

    >>> from mineco.evaluation.advice.library import load_library
    >>> from mineco.evaluation.case import open_case
    >>> quarry = figures_of(open_case("parameters/mines/tiny-quarry"))
    >>> after, (size,) = taken(quarry, load_library().measures["battery-trucks"], 0.1)
    >>> power = after.values["activity", "electricity", "", "purchased"]  # 640 + 20.7 * 4.2 MWh
    >>> round(size.amount, 9), round(power, 9)
    (20.7, 726.94)
    >>> both, _ = taken(quarry, load_library().measures["battery-trucks"], np.array([0.0, 0.1]))
    >>> both.values["activity", "electricity", "", "purchased"].round(9).tolist()
    [640.0, 726.94]
    """
    sizes = []
    for act in measure.acts:
        for key in _keys(figures, act):
            size = _size(figures, act, key, share)
            if size:
                sizes.append(size)
                figures = _acted(figures, act, size)
    return _within_purchase(figures), sizes


def at_once(several: Sequence[Figures]) -> Figures:
    """Several sets of figures of one mine as one whose values are arrays.

    >>> from mineco.evaluation.case import open_case
    >>> quarry = figures_of(open_case("parameters/mines/tiny-quarry"))
    >>> less = replace(quarry, values={**quarry.values, ("metric", "fresh_water"): 6480.0})
    >>> at_once([quarry, less]).values["metric", "fresh_water"]
    array([7200., 6480.])
    """
    places = dict.fromkeys(place for one in several for place in one.changed())
    base = several[0].base
    values = {place: np.array([one.values.get(place, base.get(place, _unless_taken(place, several)))
                               for one in several]) for place in places}
    units = {place: one.units[place] for one in several for place in one.values}
    return replace(several[0], values={**base, **values}, units=units)


def _unless_taken(place: Place, several: Sequence[Figures]) -> float:
    """A figure of a new row where the measure is not taken: nothing of it, and its shares and rates as they are."""
    if place[-1] not in KEPT:
        return 0.0
    return float(next(one.values[place] for one in several if place in one.values))


def _keys(figures: Figures, act: Act) -> list[str]:
    if not act.each:
        return [""]
    found = dict.fromkeys(place[2] for place in figures.values if place[:2] == ("activity", act.each))
    return [key for key in found if not act.keys or key in act.keys]


def _size(figures: Figures, act: Act, key: str, share: Any) -> Size | None:
    """A share of the amount, no more than what it may be and than what every figure that falls has left."""
    whole = figures.amount(act.amount, key)
    if whole is None or not np.any(whole > 0):
        return None
    amount = share * whole
    if act.at_most is not None:
        most = figures.amount(act.at_most, key)
        if most is None:
            return None
        amount = np.minimum(amount, most)
    places = [place for path in act.amount.of for place in figures.at(path, key)]
    unit = act.amount.unit or figures.units[places[0]]
    for change in act.changes:
        if change.per is not None and change.per < 0:
            left = figures.total([change.path], change.unit or unit, key)
            if left is None:
                return None
            amount = np.minimum(amount, left / -change.per)
    amount = _plain(np.where(amount > 0, amount, 0.0))  # 0 in sets that have nothing to act on
    acted = {place[1:3] for place in places if place[0] == "activity" and place[2]}
    source, named = acted.pop() if len(acted) == 1 else (act.each, key)
    return Size(source, named, amount, unit, whole) if np.any(amount) else None


def _acted(figures: Figures, act: Act, size: Size) -> Figures:
    values, units = dict(figures.values), dict(figures.units)
    for change in act.changes:
        table, *rest = change.path.split(".")
        place, unit = (table, *(part.replace("*", size.key) for part in rest)), change.unit or size.unit
        new_row = place not in values
        if new_row:
            if table == "metric":
                continue  # a mine without such a figure is not asked for one
            values[place], units[place] = 0.0, unit
        if change.at is not None or change.like:
            given = figures.total([change.like], unit, size.key) if change.like else change.at
            value = _plain(convert(0.0 if given is None else given, unit, units[place]))
            values[place] = value if new_row else _plain(np.where(size.amount > 0, value, values[place]))
            continue
        old = convert(values[place], units[place], unit)
        new = old + size.amount * _per(figures, change, size)
        new = np.where(np.abs(new) <= 1e-12 * np.abs(old), 0.0, new)  # all of it is taken
        limit = figures.total([change.most], unit) if change.most else None
        if limit is not None:
            new = np.maximum(old, np.minimum(new, limit))
        values[place] = convert(_plain(new), unit, units[place])
    return replace(figures, values=values, units=units)


def _plain(found: Any) -> Any:
    """A float, or an array as it is."""
    return found if np.ndim(found) else float(found)


def _per(figures: Figures, change: Change, size: Size) -> Any:
    """By how much of its unit a figure changes for one unit of the amount."""
    if change.heat is None:
        assert change.per is not None
        return change.per
    unit, own = f"GJ/({size.unit})", figures.at("activity.stationary-combustion.*.ncv", size.key)
    if own:
        heat = convert(figures.values[own[0]], figures.units[own[0]], unit)
    else:
        factor = figures.case.factors.find("net_calorific_value", fuel=size.key, biogenic="no",
                                           edition=str(figures.case.option("fuel_edition")))
        heat = convert(factor.value, factor.unit, unit)
    return heat * change.heat.efficiency / change.heat.cop / GJ_PER_MWH


def _within_purchase(figures: Figures) -> Figures:
    """Contracts in proportion, where less is bought than they are about."""
    contracts = [place for source in CONTRACTS for place in figures.at(f"activity.{source}.*.quantity")]
    supply = ["activity.electricity..purchased", "activity.renewable-electricity.*.sold"]
    bought = figures.total_or_zero(supply, "MWh") - figures.total_or_zero(["activity.electricity..sold"], "MWh")
    total = sum(convert(figures.values[place], figures.units[place], "MWh") for place in contracts)
    over = np.greater(total, bought) & np.not_equal(total, 0)
    if not np.any(over):
        return figures
    whole = np.where(over, total, 1.0)
    return replace(figures, values={**figures.values, **{
        place: _plain(np.where(over, figures.values[place] * bought / whole, figures.values[place]))
        for place in contracts}})

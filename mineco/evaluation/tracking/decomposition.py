"""Why emissions changed from one year to another: activity, intensity, mix and factors, source by source.

What is divided is the gross emissions of scopes 1 and 2 that are graded, each zero or above; removals and offsets stand
beside. A source that uses energy is ``production x energy per unit mined x its share of that energy x emissions per
energy``, any other ``production x amount per unit mined x emissions per amount``, where the amount is its main item
(explosives, hectares), else the mass of its gases (methane). Warming potentials are those of one set in all years.
Contracts of purchased energy are one source with it, and what is recovered is one with where it would be lost.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from mineco.accounting.decomposition import factor_effects
from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import LazyModule, Shown
from mineco.core.quantity import Quantity
from mineco.core.units import compatible
from mineco.evaluation.account import DUST, Account, GasLine, carrier_of, netted_with
from mineco.evaluation.tracking.years import Year
from mineco.standards.vocabulary import Source

EFFECTS = ("activity", "intensity", "mix", "factor")
ENERGY = ("fuel", "electricity", "heat")  # carriers that add up to the energy used
Place = tuple[str, str]  # source and key
SAME = 1e-12  # relative; factors that differ by less are one


class OnTrack(Shown):
    """What shows itself as `mineco.evaluation.display.tracking` has it."""

    _display = LazyModule("mineco.evaluation.display.tracking")


@dataclass(frozen=True)
class Term:
    """One source in both years, and what each cause brings to its change. [t CO2e]"""

    source: Source
    key: str
    by: str  # energy, amount or gas: what its activity is measured by
    before: float
    after: float
    effects: Mapping[str, float]

    @property
    def change(self) -> float:
        """Emissions of the later year less those of the earlier. [t CO2e]"""
        return self.after - self.before


@dataclass(frozen=True, repr=False)
class Decomposition(OnTrack):
    """The change of emissions between two years, divided without a rest. [t CO2e]"""

    first: int
    last: int
    before: float
    after: float
    terms: tuple[Term, ...]  # the largest change first

    @property
    def change(self) -> float:
        """Emissions of the later year less those of the earlier."""
        return self.after - self.before

    @property
    def effects(self) -> dict[str, float]:
        """What each cause brings, over all sources; they add up to the change."""
        return {name: math.fsum(one.effects[name] for one in self.terms) for name in EFFECTS}


@dataclass(frozen=True)
class _Activity:
    """A source in one year: its emissions, its energy, its main item and the mass of its gases."""

    source: Source
    emissions: float
    energy: float
    amount: Quantity | None
    mass: float


def decompose(before: Year, after: Year) -> Decomposition:
    """Divide the change of emissions between two years among its causes, by LMDI-I.

    Raises
    ------
    BadInput
        When one of them has no whole account, or nothing was mined in it.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.tracking.years import years_of
    >>> found = decompose(*years_of([open_case("parameters/mines/tiny-quarry")]))
    >>> round(found.change, 3), round(sum(found.effects.values()), 3)
    (-65.433, -65.433)
    >>> {name: round(one, 1) for name, one in found.effects.items()}
    {'activity': 15.4, 'intensity': -72.8, 'mix': -8.0, 'factor': 0.0}
    """
    mined = _production(before), _production(after)
    mined = mined[0], mined[1].to(mined[0].unit)
    walked = _netted([_activities(one) for one in (before, after)], after)
    by = {place: _measure(*(one.get(place) for one in walked)) for place in {**walked[0], **walked[1]}}
    used = [math.fsum(one.energy for place, one in year.items() if by[place] == "energy") for year in walked]
    terms = [_term(place, by[place], [float(one) for one in mined], used, walked) for place in by]
    kept = sorted((one for one in terms if one.before or one.after), key=lambda one: -abs(one.change))
    first, last = (math.fsum(one.emissions for one in year.values()) for year in walked)
    return Decomposition(before.year, after.year, first, last, tuple(kept))


def _production(year: Year) -> Quantity:
    mined = year.production
    if year.account is None or mined is None or not float(mined) > 0:
        raise BadInput(Problem("no_decomposition", column="year", value=year.year, details={"known": "—"}))
    return mined


def _activities(year: Year) -> dict[Place, _Activity]:
    """The sources of the graded emissions, and those that only use energy."""
    account = year.account
    assert account is not None
    gases, energy = dict[Place, list[GasLine]](), dict[Place, float]()
    for line in account.select(["1", "2"], str(account.case.option("scope2_basis"))):
        gases.setdefault((line.source.id, line.key), []).append(line)
    for one in account.energy_lines:
        if one.carrier in ENERGY:
            energy[one.source.id, one.key] = energy.get((one.source.id, one.key), 0.0) + float(one.energy)
    sources = account.case.standard.sources
    return {place: _Activity(sources[place[0]], _co2e(account, gases.get(place, ())), max(energy.get(place, 0.0), 0.0),
                             _main_item(account, place), _mass(gases.get(place, ())))
            for place in dict.fromkeys((*gases, *energy)) if place in gases or energy[place] > 0}


def _netted(walked: list[dict[Place, _Activity]], year: Year) -> list[dict[Place, _Activity]]:
    """The same with every source at zero or above: one that takes from others is put together with them.

    Raises
    ------
    BadInput
        When one is below zero that nothing else holds.
    """
    case, home = year.case, dict[Place, Place]()
    for place, one in (pair for found in walked for pair in found.items()):
        if one.source.scope == "2" and (carrier := carrier_of(case, one.source)) != one.source.id:
            home[place] = carrier, ""
        elif one.emissions < -DUST and (others := netted_with(case, one.source)):
            home |= {each: (min(others), "") for found in walked for each in (place, *found) if each[0] in others
                     or each == place}
    found = [_put_together(one, home, case.standard.sources) for one in walked]
    if any(one.emissions < 0 for each in found for one in each.values()):
        raise BadInput(Problem("no_decomposition", column="year", value=year.year, details={"known": "—"}))
    return found


def _put_together(walked: dict[Place, _Activity], home: Mapping[Place, Place],
                  sources: Mapping[str, Source]) -> dict[Place, _Activity]:
    parts = dict[Place, list[_Activity]]()
    for place, one in walked.items():
        parts.setdefault(home.get(place, place), []).append(one)
    return {place: _Activity(sources[place[0]], _above_dust(math.fsum(one.emissions for one in ones)),
                             math.fsum(one.energy for one in ones), ones[0].amount if place not in home.values() else
                             None, math.fsum(one.mass for one in ones)) for place, ones in parts.items()}


def _above_dust(emissions: float) -> float:
    """Zero for what the rounding of a difference leaves below it."""
    return 0.0 if -DUST <= emissions < 0 else emissions


def _co2e(account: Account, lines: Iterable[GasLine]) -> float:
    return float(account.co2e("source", lines))


def _mass(lines: Iterable[GasLine]) -> float:
    return math.fsum(float(line.mass) for line in lines)


def _main_item(account: Account, place: Place) -> Quantity | None:
    """The main item of a source as the mine gave it."""
    source = account.case.standard.sources[place[0]]
    return next((row.quantity for row in account.case.dossier.activity
                 if (row.year, row.source, row.key) == (account.year, *place) and row.parameter == source.main), None)


def _measure(before: _Activity | None, after: _Activity | None) -> str:
    """What the activity of a source is measured by in both years: what stands behind its emissions in each."""
    known = [one for one in (before, after) if one]
    emitting = [one for one in known if one.emissions]
    if all(one.energy > 0 for one in emitting):
        return "energy"
    amounts = [one.amount for one in known]
    alike = all(one is not None and amounts[0] is not None and compatible(one.unit, amounts[0].unit)
                for one in amounts)
    return "amount" if alike and all(one.amount is not None and float(one.amount) > 0 for one in emitting) else "gas"


def _term(place: Place, by: str, mined: list[float], used: list[float],
          walked: list[dict[Place, _Activity]]) -> Term:
    both = [one.get(place) for one in walked]
    source = next(one for one in both if one).source
    emitted = [one.emissions if one else 0.0 for one in both]
    active = [_active(one, by, both) for one in both]
    per = [emission / amount if amount else 0.0 for emission, amount in zip(emitted, active, strict=True)]
    # what is not used has no factor of its own: that of the other year stands, and the change is of the mix
    per = [one if active[here] else per[1 - here] for here, one in enumerate(per)]
    per = [per[0], per[0] if math.isclose(*per, rel_tol=SAME) else per[1]]  # rounding makes no factor another one
    if by == "energy":
        factors = [(mined[here], used[here] / mined[here], active[here] / used[here] if used[here] else 0.0, per[here])
                   for here in (0, 1)]
        effects = dict(zip(EFFECTS, factor_effects(*factors), strict=True))
    else:
        found = factor_effects(*((mined[here], active[here] / mined[here], per[here]) for here in (0, 1)))
        effects = dict(zip(("activity", "intensity", "factor"), found, strict=True)) | {"mix": 0.0}
    return Term(source, place[1], by, emitted[0], emitted[1], {name: effects[name] for name in EFFECTS})


def _active(one: _Activity | None, by: str, both: list[_Activity | None]) -> float:
    if one is None:
        return 0.0
    if by == "amount":
        unit = next(other.amount.unit for other in both if other and other.amount)
        return float(np.asarray(one.amount.to(unit).value)) if one.amount else 0.0
    return one.energy if by == "energy" else one.mass

"""What would bring most: how far each indicator is from more points, told in what a mine acts on.

No formula is inverted on paper: the step behind an indicator is done again with one input changed, until it reaches.
"""

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from mineco.core.lazy import Brief
from mineco.core.quantity import Quantity
from mineco.core.units import convert
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult, given_quantities
from mineco.evaluation.score import Score
from mineco.scoring.values import value_score
from mineco.standards.indicator import Indicator, RubricLevel
from mineco.standards.parts import Act
from mineco.standards.standard import figure_of

FULL = 100.0  # points
LARGEST = 1e15  # beyond any amount of a mine, in any unit
SMALLEST = -9  # the power of ten of the least amount that is told
IN_DECADE = 9000  # numbers of four digits
WHOLE = (4 - SMALLEST) * IN_DECADE  # the place of 10 000


@dataclass(frozen=True)
class Target:
    """Points of an indicator within reach, the amount that reaches them, and what they add to the total."""

    points: float
    amount: float  # in the unit of the act
    gain: float  # points of the total, by this indicator alone


@dataclass(frozen=True, repr=False)
class Shortfall(Brief):
    """One act for one indicator, all else unchanged; None where the act alone does not get there."""

    indicator: Indicator
    act: Act
    score: float  # points now
    next: Target | None  # the next knot of the value function
    full: Target | None  # all points that are to be had

    @property
    def gain(self) -> float:
        """The most that the act adds to the total. [points]"""
        return max(one.gain for one in (self.next, self.full) if one)


@dataclass(frozen=True, repr=False)
class NextLevel(Brief):
    """The next level of a rubric, in its words, and what it adds to the total. [points]"""

    indicator: Indicator
    score: float
    level: RubricLevel
    gain: float


def shortfalls(case: Case, indicators: Mapping[str, IndicatorResult], score: Score) -> tuple[Shortfall, ...]:
    """For each indicator of one mine that is not at its best the amounts to its next knot and to full marks.

    Most points first; without indicators that raters alone score, and those that no act of the standard moves.

    >>> import mineco as mc
    >>> found = mc.evaluate("parameters/mines/tiny-quarry")
    >>> waste = next(one for one in shortfalls(found.case, found.indicators, found.score) if one.indicator.id == "E3.1")
    >>> waste.full.points, waste.full.amount  # 0.85 * 13500 - 8600 t, in whole tonnes
    (100.0, 2875.0)
    """
    named = given_quantities(case)
    for one in indicators.values():
        named |= _inputs(one)
    found = [short for one in indicators.values() if one.score is not None
             for short in _of_indicator(case, one, score.weights[one.indicator.id], named)]
    return tuple(sorted(found, key=lambda one: -one.gain))


def next_levels(case: Case, indicators: Mapping[str, IndicatorResult], score: Score) -> Iterator[NextLevel]:
    """For each rubric that raters did not score in full the next level, as far as measured evidence lets it count."""
    for one in indicators.values():
        rubric, mean = one.indicator.rubric, one.mean_rating
        if not rubric or mean is None or one.score is None:
            continue
        above = [level for level in case.standard.rubrics[rubric].levels if level.score > float(mean)]
        if not above:
            continue
        most = float(above[0].score)
        if one.bound is not None and one.variant is not None:
            most = min(most, float(value_score(float(one.bound), one.variant.knots)))
        gain = score.weights[one.indicator.id] * (most - float(one.score))
        if gain > 0:
            yield NextLevel(one.indicator, float(one.score), above[0], gain)


def least_amount(reaches: Callable[[float], bool], most: float = LARGEST) -> float | None:
    """The least amount, in four digits or above them in whole numbers, that reaches something; None beyond the most.

    From some amount on it always does.

    >>> least_amount(lambda hectares: 188 + hectares >= 0.9 * 230), least_amount(lambda tonnes: tonnes >= 9.87654321)
    (19.0, 9.877)
    >>> least_amount(lambda hectares: 188 + hectares >= 230, most=40.0)
    """
    if reaches(0.0):
        return 0.0
    power = 0
    while 10.0**power < most and not reaches(10.0**power):
        power += 1
    place = bisect_left(range(sys.maxsize), True, _place(power - 1) if power else 0, _place(power) + 1,
                        key=lambda place: (amount := _amount(place)) > most or reaches(amount))
    return amount if (amount := _amount(place)) <= most else None


def _amount(place: int) -> float:
    """The amount at a place in the row of all that are told: four digits from 10^-9 on, then whole numbers."""
    decade, digits = divmod(place, IN_DECADE)
    return float(f"{digits + 1000}e{decade + SMALLEST - 3}" if place < WHOLE else place - WHOLE + 10_000)


def _place(power: int) -> int:
    """Where a power of ten stands in that row."""
    return (power - SMALLEST) * IN_DECADE if power < 4 else WHOLE + 10**power - 10_000


def _inputs(one: IndicatorResult) -> dict[str, Quantity]:
    """What went into the value of an indicator, or into the bound of its rubric, by the names that inputs have."""
    if one.variant is None or one.measured is None:
        return {}
    given = one.measured.inputs
    return {name: given[symbol] for symbol, name in one.variant.inputs.items() if symbol in given}


def _of_indicator(case: Case, one: IndicatorResult, weight: float,
                  named: Mapping[str, Quantity]) -> Iterator[Shortfall]:
    """The act for an indicator; the bound of a rubric is worth acting on up to what raters gave."""
    name = next((name for name in _inputs(one) if name in case.standard.acts), "")
    measured = one.measured
    if not name or measured is None:
        return
    assert one.variant is not None
    symbol = next(symbol for symbol, of in one.variant.inputs.items() if of == name)
    act, given, knots, score = case.standard.acts[name], named[name], one.variant.knots, float(one.score or 0)
    unit, limit = _unit(case, act, given), one.most if one.bound is None else one.mean_rating
    best = min(FULL, float(limit)) if limit is not None else FULL

    def points(amount: float) -> float:
        changed = float(given) + (amount if act.direction == "+" else -amount) * unit
        value = measured.redo(**{symbol: replace(given, value=changed)})
        return min(float(value_score(float(value), knots)), best)

    def target(wanted: float) -> Target | None:
        amount = least_amount(lambda amount: points(amount) >= wanted, _most(case, act, given, named) / unit)
        return None if amount is None else Target(wanted, amount, weight * (wanted - score))

    above = sorted(knot for _, knot in knots if knot > score)
    if score < best and above:
        full = target(best)
        following = target(above[0]) if above[0] < best else full
        if following or full:
            yield Shortfall(one.indicator, act, score, following, full)


def _unit(case: Case, act: Act, given: Quantity) -> float:
    """One unit of the act in that of the quantity."""
    if not act.per:
        return float(convert(1.0, act.unit, given.unit))
    factor = case.factors.find(**act.per)
    return float(convert(factor.value, factor.unit, f"{given.unit}/{act.unit}"))


def _most(case: Case, act: Act, given: Quantity, named: Mapping[str, Quantity]) -> float:
    """How far the act goes, in the unit of the quantity: down to zero, or up to what it is part of."""
    if act.direction == "-":
        return float(given)
    figure = figure_of(act.id)
    whole = named.get(f"metric.{case.standard.metrics[figure].within}" if figure else act.within)
    return LARGEST if whole is None else float(convert(float(whole), whole.unit, given.unit)) - float(given)

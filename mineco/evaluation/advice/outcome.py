"""What advice is: what a mine lacks, the measures tried, the steps proposed, and what the grades ask beyond them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mineco.core.lazy import Brief, Shown
from mineco.evaluation.advice.effects import Effect
from mineco.evaluation.advice.figures import Figures, Size
from mineco.evaluation.advice.library import SEEN, Condition, Cost, LeftOut, Measure, Price
from mineco.evaluation.advice.written import keywords
from mineco.evaluation.case import Case
from mineco.evaluation.shortfall import NextLevel, Shortfall
from mineco.standards.parts import GradeBand

OWN = "own"  # where a cost comes from: the mine
OFFERED, NO_GAIN = "offered", "no_gain"
NOT_MET, OPEN = "condition_not_met", "condition_open"
NOTHING, REFUSED = "nothing_to_act_on", "refused"


@dataclass(frozen=True)
class OwnCost:
    """What the mine says that a tonne spared costs. [yuan/tCO2e]"""

    low: float
    high: float
    status: str = OWN


@dataclass(frozen=True, repr=False)
class Trial(Brief):
    """A measure tried on one mine: whether it is offered, and if not, why."""

    measure: Measure
    state: str
    conditions: tuple[tuple[Condition, bool | None], ...]  # None: the mine gives none of its figures
    sizes: tuple[Size, ...] = ()
    effect: Effect | None = None  # of the measure alone
    figures: Figures | None = None
    share: float = 0.0
    cost: Cost | OwnCost | None = None  # that may be shown
    energy_saved: float | None = None  # by the mine's own prices, before what the measure itself costs [yuan/yr]

    @property
    def cost_of_year(self) -> tuple[float, float] | None:
        """What the tonnes spared cost in a year, where that is known. [yuan]"""
        if self.cost is None or self.effect is None or self.effect.emissions >= 0:
            return None
        spared = -self.effect.emissions
        return self.cost.low * spared, self.cost.high * spared

    @property
    def changes(self) -> dict[str, Any]:
        """The change of the dossier in the keywords of `mineco.what_if`."""
        return {} if self.figures is None else keywords(self.figures)


@dataclass(frozen=True, repr=False)
class Step(Brief):
    """A measure that is proposed, with what it brings alone and beside the steps before it."""

    trial: Trial
    added: Effect

    @property
    def measure(self) -> Measure:
        """The measure."""
        return self.trial.measure


@dataclass(frozen=True, repr=False)
class Way(Brief):
    """What a better grade asks: now, and once every step is taken."""

    grade: GradeBand
    points_short: float  # of the score now
    credits_now: float  # to be retired without a step [t CO2e]
    points_short_after: float  # with the steps and the credits
    credits_after: float  # to be retired beside the steps [t CO2e]
    score_after: float  # with both
    reached: bool


class Trials(tuple[Trial, ...], Shown):
    """Every measure of the library that is for this kind of mine."""

    __repr__ = Shown.__repr__


class Steps(tuple[Step, ...], Shown):
    """The steps proposed, each the one that adds most beside those before."""

    __repr__ = Shown.__repr__


class Shortfalls(tuple[Shortfall, ...], Shown):
    """What each indicator is short of, most points first."""

    __repr__ = Shown.__repr__


class Ways(tuple[Way, ...], Shown):
    """What each better grade asks, the next one first."""

    __repr__ = Shown.__repr__


@dataclass(frozen=True, repr=False)
class Advice(Shown):
    """What a mine could do next: advice of its evaluators, and no finding of a verifier.

    Attributes
    ----------
    shortfalls : Shortfalls      For each indicator the amount to the next knot and to all points.
    levels : tuple of NextLevel  For each indicator that raters score the next level.
    trials : Trials              Every measure for this kind of mine, offered or not.
    steps : Steps                Up to seven of those offered, none of which excludes another.
    together : Effect            Of all steps, evaluated together; it is not the sum.
    changes : mapping            The same as keywords of `mineco.what_if`.
    ways : Ways                  What each better grade asks, and whether all steps reach it.
    binding : str                Which key holds the grade down now: score, offset, both or gates.
    unmet : tuple of str         Prerequisites that are not met; behind them no step brings a grade.
    highest : str                The best grade that all steps and credits reach; the present one where they reach none.
    credits : mapping            Prices of credits. [yuan/tCO2e]
    left_out : mapping           Measures that are known and not tried, and why.
    """

    case: Case
    shortfalls: Shortfalls
    levels: tuple[NextLevel, ...]
    trials: Trials
    steps: Steps
    together: Effect
    changes: Mapping[str, Any]
    ways: Ways
    binding: str
    unmet: tuple[str, ...]
    highest: str
    credits: Mapping[str, Price]
    left_out: Mapping[str, LeftOut]

    def by_cost(self) -> Steps:
        """The steps whose cost may be shown, the cheapest tonne first.

        What earns money cannot be ranked by the tonne, of which less would look better: such steps come first, the
        largest of them leading.
        """
        known = [one for one in self.steps if one.trial.cost is not None and one.trial.cost_of_year is not None]

        def rank(one: Step) -> tuple[bool, float]:
            cost, spared = one.trial.cost, one.trial.effect
            assert cost is not None
            assert spared is not None
            middle = (cost.low + cost.high) / 2
            return (False, spared.emissions) if middle < 0 else (True, middle)

        return Steps(sorted(known, key=rank))


def shown_cost(measure: Measure, own: Mapping[str, float | tuple[float, float]], assumed: bool
               ) -> Cost | OwnCost | None:
    """The cost that may be shown: the mine's own, one that was read or quoted, or any where that is asked for.

    >>> from mineco.evaluation.advice.library import load_library
    >>> roads = load_library().measures["haul-roads"]
    >>> shown_cost(roads, {}, assumed=False), shown_cost(roads, {}, assumed=True).status
    (None, 'derived')
    """
    given = own.get(measure.id)
    if given is not None:
        low, high = given if isinstance(given, tuple) else (given, given)
        return OwnCost(float(low), float(high))
    known = measure.cost
    return known if known is not None and (assumed or known.status in SEEN) else None

"""What the cheapest ways are: for each target the measures, the credits, what they cost, and what cannot be bought."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from mineco.core.lazy import Brief, Shown
from mineco.evaluation.advice.effects import Outcome
from mineco.evaluation.advice.library import SEEN, Measure, Price
from mineco.evaluation.advice.outcome import OWN, OwnCost
from mineco.evaluation.case import Case
from mineco.evaluation.path.candidates import Candidate, Candidates, OnWays
from mineco.evaluation.path.costs import Money
from mineco.evaluation.path.targets import NEUTRAL, Target

if TYPE_CHECKING:
    from mineco.evaluation.path.stages import Stages

AnyPrice = Price | OwnCost
REACHED = "reached"
GATES, POINTS, OVER_BUDGET, NOT_FOUND = "gates", "points", "over_budget", "not_found"


@dataclass(frozen=True, repr=False)
class Part(Brief):
    """A measure of a way, at its place among the others."""

    candidate: Candidate
    tonnes: float  # that it spares beside those that act before it [t CO2e a year]
    cost: Money  # [yuan a year]
    offset: float  # share of what is left that credits cover on this way

    @property
    def measure(self) -> Measure:
        """The measure."""
        return self.candidate.measure

    @property
    def per_tonne(self) -> float | None:
        """What a tonne costs in the middle; None where it spares none. [yuan/tCO2e]"""
        return self.cost.middle / self.tonnes if self.tonnes > 0 else None

    @property
    def credits_cheaper_below(self) -> float | None:
        """The price of credits below which those that it spares cost less than the measure.

        A tonne less of emissions is a share of a tonne less of credits. The points that the measure adds are not
        counted. None where it spares no credits; a measure that saves money is dearer at no price. [yuan/t]
        """
        spared = self.offset * self.tonnes
        return self.cost.middle / spared if spared > 0 else None


@dataclass(frozen=True, repr=False)
class Blocked(Brief):
    """Points that nothing which has a price brings, and why."""

    indicator: str
    points: float  # of the total
    why: str  # raters, no_cost, no_tonnes, too_late or no_measure
    measures: tuple[str, ...] = ()  # that would bring some of them


@dataclass(frozen=True, repr=False)
class Route(OnWays):
    """The cheapest way to one target; where it is not reached, the best score that can be had, and why.

    Attributes
    ----------
    target : Target
    state : str           reached; gates, points, over_budget or not_found where it is not.
    parts : tuple         The measures, in the order in which they act.
    credits : float       To be retired beside them, the least that suffices. [t CO2e]
    credits_cost : Money  [yuan a year]
    cost : Money          Of measures and credits. [yuan a year]
    outcome : Outcome     Of the whole chain with measures and credits.
    changes : mapping     The same as keywords of `mineco.what_if`.
    ready : int           The year in which the last measure is ready; None where the lead time of one is not known.
    cheapest : bool       Whether every set was tried; else it is the cheapest that was found.
    price : OwnCost or Price   Of credits. [yuan/tCO2e]
    """

    case: Case
    target: Target
    state: str
    parts: tuple[Part, ...]
    credits: float
    credits_cost: Money
    cost: Money
    outcome: Outcome
    changes: Mapping[str, Any]
    ready: int | None
    cheapest: bool
    price: AnyPrice

    @property
    def reached(self) -> bool:
        """Whether the target is reached, within the budget and in time."""
        return self.state == REACHED

    @property
    def tonnes(self) -> float:
        """What all measures spare. [t CO2e a year]"""
        return sum(one.tonnes for one in self.parts)

    @property
    def points_short(self) -> float:
        """What the score lacks. [points]"""
        return max(self.target.score - self.outcome.score, 0.0)

    @property
    def statuses(self) -> tuple[str, ...]:
        """What the costs of the measures rest on, each once."""
        return tuple(dict.fromkeys(one.candidate.cost.status for one in self.parts if one.candidate.cost))

    def curve(self) -> tuple[Part, ...]:
        """The measures as a cost curve: by the tonne after interaction, the cheapest first.

        What earns money cannot be ranked by the tonne, of which less would look better: it comes first, the most tonnes
        leading. What spares no tonne comes last.
        """
        def rank(one: Part) -> tuple[int, float]:
            if one.per_tonne is None:
                return 2, one.cost.middle
            return (0, -one.tonnes) if one.per_tonne < 0 else (1, one.per_tonne)

        return tuple(sorted(self.parts, key=rank))

    @cached_property
    def stages(self) -> "Stages":
        """The way year by year, and the year after: see `mineco.evaluation.path.stages.stages_of`."""
        from mineco.evaluation.path.stages import stages_of

        return stages_of(self.case, tuple(one.candidate for one in self.parts), self.credits)

    def chance(self, draws: int = 10_000, seed: int = 0) -> float:
        """The share of draws in which the target is reached, with the spread of every datum, factor and change.

        The least credits that suffice for the values as given fail in about half of the draws where they decide.
        """
        from mineco.evaluation.registry import uncertainty
        from mineco.evaluation.variants.what_if import what_if

        found = uncertainty(what_if(self.case, **self.changes), draws=draws, seed=seed)
        grades = self.case.standard.grade_ids
        if self.target.id in grades:
            return float(sum(found.grades[name] for name in grades[:grades.index(self.target.id) + 1]))
        values = found.values
        holds = (np.asarray(values["carbon_neutral"]) if self.target.id == NEUTRAL
                 else np.asarray(values["score"]) >= self.target.score)
        return float(np.mean(holds))


class Routes(tuple[Route, ...], OnWays):
    """A way to each target."""

    __repr__ = Shown.__repr__


@dataclass(frozen=True, repr=False)
class Path(OnWays):
    """The cheapest ways up for one mine: advice, which rests on what is said to cost what.

    Attributes
    ----------
    candidates : Candidates    Every measure for this kind of mine, with its cost and whether it competes.
    routes : Routes            A way to each target.
    now : Outcome              Of the mine as it is.
    price : OwnCost or Price   Of credits. [yuan/tCO2e]
    level : str                The end of every range that was least: low, middle or high.
    budget : float             Of a year, where there is one. [yuan]
    year : int                 By which measures must be ready, where there is one.
    tried : int                Sets of measures that were evaluated.
    blocked : tuple            Points that nothing which has a price brings, and why, most first.
    """

    case: Case
    candidates: Candidates
    routes: Routes
    now: Outcome
    price: AnyPrice
    level: str
    budget: float | None
    year: int | None
    tried: int
    blocked: tuple[Blocked, ...]

    @property
    def highest(self) -> str:
        """The best grade that a way reaches; the present one where none does."""
        reached = [one.target.id for one in self.routes if one.reached]
        return next((one for one in self.case.standard.grade_ids if one in reached), self.now.grade)

    @property
    def assumed(self) -> tuple[str, ...]:
        """Statuses of costs that were neither read nor quoted nor are the mine's own, of measures on a way."""
        found = dict.fromkeys(status for route in self.routes for status in route.statuses)
        return tuple(one for one in found if one not in (*SEEN, OWN))

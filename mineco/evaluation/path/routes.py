"""From evaluated sets to ways: which of them is the cheapest for a target, confirmed by an evaluation of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput
from mineco.core.lazy import Brief
from mineco.evaluation.advice.effects import Outcome, listed, outcomes
from mineco.evaluation.advice.figures import Figures, taken
from mineco.evaluation.advice.steps import with_credits
from mineco.evaluation.advice.written import keywords
from mineco.evaluation.path.candidates import Candidate
from mineco.evaluation.path.costs import LEVELS, Money, per_tonne
from mineco.evaluation.path.found import GATES, NOT_FOUND, OVER_BUDGET, POINTS, REACHED, AnyPrice, Part, Route
from mineco.evaluation.path.sets import Sets
from mineco.evaluation.path.targets import NEUTRAL, SCORE, Lever, Target, credits_needed

SAME = 1e-12  # relative difference of costs that are the same, of which the set with fewer measures is told


@dataclass(frozen=True, repr=False)
class Search(Brief):
    """What is searched: where, at which costs, within which budget."""

    base: Figures
    lever: Lever | None
    price: AnyPrice  # of credits
    level: str
    budget: float | None

    @property
    def also(self) -> tuple[str, ...]:
        """Figures of the summary that the search wants beside the usual ones."""
        return () if self.lever is None else (self.lever.indicator,)

    def cheapest(self, sets: Sets, target: Target, proven: bool = True) -> Route:
        """The cheapest set with its credits that reaches a target; where none does, the best score, and why."""
        credits = credits_needed(sets.columns, target, self.lever)
        place, price = LEVELS.index(self.level), per_tonne(self.price)
        total = sets.cost[place] + np.where(np.isinf(credits), np.inf, credits * price[place])
        usable = np.isfinite(total) & ~sets.gated
        if not usable.any():
            return self.best_score(sets, target, proven)
        least = total[usable].min()
        same = np.flatnonzero(usable & (total <= least + SAME * max(abs(least), 1.0)))
        best = int(same[np.lexsort((same, credits[same], sets.sizes()[same]))[0]])
        return self.route(sets, best, target, float(credits[best]), REACHED, proven)

    def best_score(self, sets: Sets, target: Target, proven: bool = True) -> Route:
        """As far as it goes: the set with the highest score once all that is left is offset."""
        score = _with_all_offset(sets, self.lever)
        score = np.where(np.isnan(sets.cost[0]) | np.isnan(score), -np.inf, score)
        best = int(np.lexsort((sets.sizes(), -score))[0])
        whole = sets.columns["residual_t_co2e"][best] - sets.columns["offsets_t_co2e"][best]
        return self.route(sets, best, target, float(max(np.ceil(whole), 0.0)),
                          GATES if sets.gated[best] else POINTS, proven)

    def route(self, sets: Sets, number: int, target: Target, credits: float, state: str, proven: bool) -> Route:
        """A set as a way; where it reaches the target, with the fewest credits that do so when it is evaluated."""
        chosen = [sets.candidates[place] for place in sets.taken(number)]
        figures = figures_of_set(self.base, chosen)
        beside = (-1.0, 0.0, 1.0) if state == REACHED else (0.0,)  # what rounding may make of the closed form
        near = [max(credits + more, 0.0) for more in beside]
        found = outcomes(self.base.case, [with_credits(figures, amount) for amount in near])
        tried = [(amount, one) for amount, one in zip(near, found, strict=True) if isinstance(one, Outcome)]
        if not tried:
            raise next(one for one in found if isinstance(one, BadInput))
        enough = [pair for pair in tried if reaches(self.base.case.standard.grade_ids, target, pair[1])]
        credits, outcome = (enough or tried[-1:])[0]
        credits_cost = Money(*(credits * one for one in per_tonne(self.price)))
        cost = Money(*(float(one) + other for one, other in zip(sets.cost[:, number], credits_cost, strict=True)))
        if state == REACHED and not enough:
            state = NOT_FOUND
        elif state == REACHED and self.budget is not None and cost[LEVELS.index(self.level)] > self.budget:
            state = OVER_BUDGET
        ready = [one.measure.lead_years for one in chosen]
        year = self.base.case.year
        return Route(
            self.base.case, target, state, _parts(sets, number, outcome), credits, credits_cost, cost, outcome,
            keywords(with_credits(figures, credits)),
            None if None in ready else year + int(np.ceil(max((one or 0.0 for one in ready), default=0.0))), proven,
            self.price)


def reaches(grades: Sequence[str], target: Target, outcome: Outcome) -> bool:
    """Whether an outcome is what was asked for; behind a gate nothing is."""
    if outcome.binding == "gates":
        return False
    if target.id in (NEUTRAL, SCORE):
        return outcome.score >= target.score and outcome.offset_ratio >= target.offset
    return outcome.grade in grades[:list(grades).index(target.id) + 1]


def figures_of_set(base: Figures, chosen: Sequence[Candidate]) -> Figures:
    """The figures after some measures, in the order in which they act, with what they spare listed."""
    figures = base
    for one in chosen:
        figures, _ = taken(figures, one.measure, one.trial.share)
    return listed(base.case, [figures])[0] if chosen else base


def _parts(sets: Sets, number: int, outcome: Outcome) -> tuple[Part, ...]:
    chain = sets.chain(number)
    left = sets.left
    return tuple(Part(sets.candidates[place], float(left[before] - left[after]),
                      Money(*map(float, sets.cost[:, after] - sets.cost[:, before])), outcome.offset_ratio)
                 for place, before, after in zip(sets.taken(number), chain, chain[1:], strict=False))


def _with_all_offset(sets: Sets, lever: Lever | None) -> NDArray:
    """The score of each set once all that is left is offset."""
    score = sets.columns["score"]
    return score if lever is None else score + lever.weight * (lever.points[-1] - sets.columns[lever.indicator])

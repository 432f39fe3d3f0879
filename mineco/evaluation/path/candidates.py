"""Which measures compete for the cheapest way: those on offer whose cost is known and that are ready in time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mineco.core.lazy import Brief, LazyModule, Shown
from mineco.evaluation.advice.effects import ROUNDING
from mineco.evaluation.advice.library import Measure
from mineco.evaluation.advice.outcome import NO_GAIN, OFFERED, Trial, shown_cost
from mineco.evaluation.path.costs import AnyCost, OwnCost, YearlyCost

COMPETES = "competes"
NO_COST, NO_TONNES = "no_cost", "no_tonnes"
TOO_LATE, LEAD_UNKNOWN = "too_late", "lead_unknown"


@dataclass(frozen=True, repr=False)
class Candidate(Brief):
    """A measure tried on a mine, what it costs, and whether it competes; if not, why."""

    trial: Trial
    cost: AnyCost | None
    state: str

    @property
    def competes(self) -> bool:
        """Whether it may be on a way."""
        return self.state == COMPETES

    @property
    def measure(self) -> Measure:
        """The measure."""
        return self.trial.measure


class OnWays(Shown):
    """What shows itself as ways do."""

    _display = LazyModule("mineco.evaluation.display.paths")


class Candidates(tuple[Candidate, ...], OnWays):
    """Every measure for this kind of mine."""

    __repr__ = Shown.__repr__


def candidates_of(trials: Sequence[Trial], own: Mapping[str, OwnCost | YearlyCost], assumed: bool,
                  years: float | None) -> Candidates:
    """The measures tried, with what each costs and whether it competes.

    Parameters
    ----------
    trials : sequence of Trial   Judged by what each brings alone.
    own : mapping                The mine's own costs by measure.
    assumed : bool               Whether costs count that nobody has published.
    years : float, optional      Until the measures must be ready.

    >>> from mineco.evaluation.advice.effects import outcome_of
    >>> from mineco.evaluation.advice.figures import figures_of
    >>> from mineco.evaluation.advice.library import load_library
    >>> from mineco.evaluation.advice.trials import judged_trials, one_mine, tried
    >>> quarry = one_mine("parameters/mines/tiny-quarry")
    >>> base, known = figures_of(quarry.case), load_library().measures
    >>> measures = [known[name] for name in ("haul-roads", "water-recycling", "green-certificates")]
    >>> trials = judged_trials(base, tried(base, measures, {}, ()), outcome_of(quarry.case, quarry.summary()))
    >>> [one.state for one in candidates_of(trials, {}, True, 1)]  # certificates spare nothing by location
    ['competes', 'no_cost', 'no_tonnes']
    >>> [one.state for one in candidates_of(trials, {"water-recycling": YearlyCost(0.0, 9000.0, 1.0, 0.0)}, False, 0.5)]
    ['no_cost', 'too_late', 'no_cost']
    """
    def candidate(trial: Trial) -> Candidate:
        cost = own.get(trial.measure.id) or shown_cost(trial.measure, {}, assumed)
        return Candidate(trial, cost, _state(trial, cost, years))

    return Candidates(map(candidate, trials))


def _state(trial: Trial, cost: Any, years: float | None) -> str:
    lead = trial.measure.lead_years
    if trial.state not in (OFFERED, NO_GAIN):
        return trial.state
    if cost is None:
        return NO_COST
    if not isinstance(cost, YearlyCost) and not spares(trial):
        return NO_TONNES
    if years is not None and (lead is None or lead > years):
        return LEAD_UNKNOWN if lead is None else TOO_LATE
    return COMPETES


def spares(trial: Trial) -> bool:
    """Whether emissions or what is left of them after removals are less by a measure alone."""
    if trial.effect is None:
        return False
    before, after = trial.effect.before, trial.effect.after
    least = ROUNDING * before.emissions
    return before.emissions - after.emissions > least or before.residual - after.residual > least

"""Measures tried on one mine: which are for it, whether their conditions hold, what each brings alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.evaluation.advice.effects import Effect, Outcome, listed, outcomes
from mineco.evaluation.advice.figures import Figures, taken
from mineco.evaluation.advice.library import Library, Measure
from mineco.evaluation.advice.outcome import NO_GAIN, NOT_MET, NOTHING, OFFERED, OPEN, REFUSED, Trial
from mineco.evaluation.base import Evaluation as AnyEvaluation
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.registry import evaluate

LEAST_GAIN = 0.01  # points of the total; a step that adds less is not told


def measures_for(case: Case, library: Library) -> dict[str, Measure]:
    """The measures of a library for this kind of mine.

    >>> from mineco.evaluation.advice.library import load_library
    >>> from mineco.evaluation.case import open_case
    >>> len(measures_for(open_case("parameters/mines/tiny-quarry"), load_library()))
    17
    """
    kinds = set(case.standard.kinds(case.dossier.mine.mine_subtype))
    return {one.id: one for one in library.measures.values() if kinds & set(one.applies_to)}


def prices_of_energy(case: Case, given: Mapping[str, float]) -> dict[str, float]:
    """The mine's prices by the ids of fuels, in yuan for one unit of the figure that it gives.

    Raises
    ------
    BadInput
        With every price that is no number, and for a fuel that nobody knows.

    >>> from mineco.evaluation.case import open_case
    >>> prices_of_energy(open_case("parameters/mines/tiny-quarry"), {"diesel": 7000, "electricity": 620})
    {'diesel': 7000.0, 'electricity': 620.0}
    """
    require_numbers({"prices": given})
    return {name if name == "electricity" else case.factors.resolve("fuel", name): float(price)
            for name, price in given.items()}


def one_mine(given: Any) -> Evaluation:
    """The evaluation of one carbon-neutral mine, made where a case or a path is given; anything else is refused.

    >>> one_mine("parameters/mines/tiny-quarry").grade.final
    'C'
    """
    found = given if isinstance(given, AnyEvaluation) else evaluate(given)
    if not isinstance(found, Evaluation):
        raise BadInput(Problem("choice_not_allowed", column="standard", value=found.case.standard.id,
                               details={"allowed": "carbon-neutral-mine"}))
    if np.ndim(found.score.total.value):
        raise BadInput(Problem("advice_for_one_mine", value=len(np.ravel(found.score.total.value))))
    return found


def require_known(measures: Mapping[str, Measure], given: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse ids that are none of these measures, under the keyword that names them, and shares that are none."""
    problems = Problems()
    for keyword, named in given.items():
        for id, value in named.items():
            if id not in measures:
                problems.add("unknown_measure", row=f"{keyword}.{id}", known=nearest_first(id, list(measures)))
            elif keyword == "shares" and not (isinstance(value, int | float) and 0 < value <= 1):
                problems.add("out_of_range", row=f"{keyword}.{id}", value=str(value), minimum="> 0", maximum="1")
    problems.stop()


def require_numbers(given: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse what is neither a number nor a range of two."""
    problems = Problems()
    for keyword, named in given.items():
        for id, value in named.items():
            parts = value if isinstance(value, tuple) and len(value) == 2 else (value,)
            if not all(isinstance(one, int | float) and np.isfinite(one) for one in parts):
                problems.add("not_a_number", row=f"{keyword}.{id}", value=str(value))
    problems.stop()


def tried(base: Figures, measures: Iterable[Measure], shares: Mapping[str, float], vouched: Collection[str]
          ) -> list[Trial]:
    """Each measure with its conditions and, where they hold, the figures after it; not evaluated yet.

    >>> from mineco.evaluation.advice.figures import figures_of
    >>> from mineco.evaluation.advice.library import load_library
    >>> from mineco.evaluation.case import open_case
    >>> quarry = figures_of(open_case("parameters/mines/tiny-quarry"))
    >>> measures = load_library().measures
    >>> [one.state for one in tried(quarry, [measures["haul-roads"], measures["autonomous-haulage"]], {}, ())]
    ['offered', 'condition_not_met']
    """
    found = []
    for one in measures:
        conditions = tuple((condition, base.holds(condition)) for condition in one.conditions)
        share = float(shares.get(one.id, one.share.value))
        figures, sizes = taken(base, one, share)
        state = (NOTHING if not sizes else NOT_MET if any(holds is False for _, holds in conditions)
                 else OPEN if one.id not in vouched and any(holds is None for _, holds in conditions) else OFFERED)
        found.append(Trial(one, state, conditions, tuple(sizes), figures=figures if state == OFFERED else None,
                           share=share))
    return found


def saved(figures: Figures | None, prices: Mapping[str, float]) -> float | None:
    """What less energy is bought by its prices; None where one is not given, or no energy is touched. [yuan/yr]"""
    more = figures.energy() if figures else {}
    if not more or not set(more) <= set(prices):
        return None
    return -sum(amount * prices[name] for name, amount in more.items())


def judged_trials(base: Figures, trials: Sequence[Trial], now: Outcome) -> list[Trial]:
    """The trials with their effects; one that lowers the score, or is for less emissions and emits more, is no gain."""
    figures = listed(base.case, [one.figures for one in trials if one.figures])
    found = dict(zip((one.measure.id for one in trials if one.figures),
                     zip(figures, outcomes(base.case, figures), strict=True), strict=True))

    def judged(one: Trial) -> Trial:
        if one.measure.id not in found:
            return one
        figures, outcome = found[one.measure.id]
        if isinstance(outcome, BadInput):
            return replace(one, state=REFUSED, figures=None)
        effect = Effect(now, outcome)
        return replace(one, effect=effect, figures=figures, state=OFFERED if gains(one.measure, effect) else NO_GAIN)

    return [judged(one) for one in trials]


def gains(measure: Measure, effect: Effect) -> bool:
    """Whether an effect adds to the score and, of a measure for less emissions, takes from them."""
    return effect.points >= LEAST_GAIN and (effect.emissions < 0 or not measure.abates)

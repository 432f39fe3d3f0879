"""The steps that a mine is advised to take: every measure tried on its own figures, and those chosen that add most."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mineco.core.calls import checked_arguments
from mineco.evaluation.advice.effects import Effect, Outcome, listed, outcome_of, outcomes
from mineco.evaluation.advice.figures import CREDITS, Figures, figures_of, taken
from mineco.evaluation.advice.library import Library, load_library
from mineco.evaluation.advice.outcome import (
    OFFERED,
    Advice,
    Shortfalls,
    Step,
    Steps,
    Trial,
    Trials,
    Way,
    Ways,
    shown_cost,
)
from mineco.evaluation.advice.trials import (
    gains,
    judged_trials,
    measures_for,
    one_mine,
    prices_of_energy,
    require_known,
    require_numbers,
    saved,
    tried,
)
from mineco.evaluation.advice.written import keywords
from mineco.evaluation.base import Evaluation as AnyEvaluation
from mineco.evaluation.carbon_neutral_mine.next_grade import offsets_needed
from mineco.evaluation.case import Case
from mineco.evaluation.shortfall import least_amount, next_levels, shortfalls
from mineco.standards.parts import GradeBand

MOST_STEPS = 7
Range = float | tuple[float, float]


@checked_arguments()
def advise(evaluation: AnyEvaluation | Case | str | Path, *, shares: Mapping[str, float] | None = None,
           costs: Mapping[str, Range] | None = None, prices: Mapping[str, float] | None = None,
           vouched: Collection[str] = (), assumed_costs: bool = False) -> Advice:
    """What a mine is short of, which measures would bring it most, and what its next grade asks.

    Every measure of the library for this kind of mine is tried on the mine's own figures: its conditions are tested,
    its size is a stated share of what the mine has, and its effect is that of the whole evaluation made again, with
    every balance kept and load that moves to electricity at the mine's grid factor. Of those that lower no score the
    ones that add most are chosen, each beside those before it.

    Parameters
    ----------
    evaluation : Evaluation, Case or path  Of a carbon-neutral mine; a case or a path is evaluated first.
    shares : mapping, optional   Of measures by id how much of what there is to act on, above 0 to 1. [1]
    costs : mapping, optional    The mine's own cost of a tonne spared, or its range, by measure. [yuan/tCO2e]
    prices : mapping, optional   The mine's own prices of ``electricity`` and of fuels by name, in yuan for one unit of
        the figure that it gives (MWh, t, 10^4 Nm3); steps then tell what energy they save in a year.
    vouched : collection of str  Measures whose open conditions somebody vouches for: those on figures that no
                                 dossier holds, such as the methane of ventilation air.
    assumed_costs : bool         Also show costs that nobody has published, each with its status.

    Raises
    ------
    BadInput
        With every id that is none of a measure for this kind of mine, every share and every fuel that is none; for an
        evaluation under another standard or of many mines at once.

    >>> import mineco as mc
    >>> advice = mc.advise(mc.evaluate("parameters/mines/tiny-quarry"))
    >>> first = advice.steps[0]
    >>> first.measure.id, round(first.trial.sizes[0].amount, 1), round(first.trial.effect.emissions)  # 30 % of 207 t
    ('renewable-diesel', 62.1, -216)
    >>> after = mc.evaluate(mc.what_if("parameters/mines/tiny-quarry", **first.trial.changes))
    >>> round(float(after.score.total) - advice.together.before.score - first.trial.effect.points, 9)
    0.0
    """
    found = one_mine(evaluation)
    case, library = found.case, load_library()
    measures = measures_for(case, library)
    require_known(measures, {"shares": shares or {}, "costs": costs or {}, "vouched": dict.fromkeys(vouched)})
    require_numbers({"costs": costs or {}})
    own_prices = prices_of_energy(case, prices or {})
    base = figures_of(case)
    trials = [replace(one, cost=shown_cost(one.measure, costs or {}, assumed_costs),
                      energy_saved=saved(one.figures, own_prices))
              for one in tried(base, measures.values(), shares or {}, vouched)]
    now = outcome_of(case, found.summary())
    judged = judged_trials(base, trials, now)
    steps, figures = _chosen(base, judged, library, now)
    after = steps[-1].added.after if steps else now
    ways = _ways_up(case, now, figures, after)
    short, levels = shortfalls(case, found.indicators, found.score), next_levels(case, found.indicators, found.score)
    return Advice(case, Shortfalls(short), tuple(levels), Trials(judged), Steps(steps), Effect(now, after),
                  keywords(figures), ways, str(found.grade.binding), found.grade.unmet,
                  _highest_grade(case, ways, now.grade), library.credits, library.left_out)


def _chosen(base: Figures, trials: Sequence[Trial], library: Library, now: Outcome) -> tuple[list[Step], Figures]:
    """The steps that add most one after the other, evaluated together, and the figures after all of them.

    Whatever comes first, measures on one source act in the order of the library, each on what the ones before leave.
    """
    steps: list[Step] = []
    left, figures, reached = [one for one in trials if one.state == OFFERED], base, now
    while left and len(steps) < MOST_STEPS:
        together = listed(base.case, [acting_together(base, [*(one.trial for one in steps), other]) for other in left])
        added = {place: Effect(reached, outcome) for place, outcome in enumerate(outcomes(base.case, together))
                 if isinstance(outcome, Outcome)}
        gaining = {place: effect for place, effect in added.items() if gains(left[place].measure, effect)}
        if not gaining:
            break
        best = max(gaining, key=lambda place: gaining[place].points)
        steps.append(Step(left[best], gaining[best]))
        figures, reached, group = together[best], gaining[best].after, library.groups[left[best].measure.group]
        left = [one for place, one in enumerate(left) if place != best
                and not (group.exclusive and one.measure.group == group.id)]
    return steps, figures


def acting_together(base: Figures, trials: Sequence[Trial]) -> Figures:
    """The figures after several measures, each on what those before it in the order of the library leave."""
    for one in sorted(trials, key=lambda one: one.measure.order):
        base, _ = taken(base, one.measure, one.share)
    return base


# --- what blocks a better grade ---------------------------------------------------------------------------------------

def _ways_up(case: Case, now: Outcome, figures: Figures, after: Outcome) -> Ways:
    """What each better grade asks of a mine as it is, and with other figures, which are evaluated with the credits.

    The credits are those of the closed form: the share that the grade asks of what is left, less what is retired.
    """
    grades = case.standard.grade_ids
    better = list(reversed(case.standard.grades[:grades.index(now.grade)]))
    needs = [[offsets_needed(found.offsets, found.residual, float(band.offset or 0)) for found in (now, after)]
             for band in better]
    tried = outcomes(case, [with_credits(figures, amount) for _, amount in needs])
    ways = []
    for band, (at_once, beside), both in zip(better, needs, tried, strict=True):
        score = both.score if isinstance(both, Outcome) else after.score
        reached = isinstance(both, Outcome) and grades.index(both.grade) <= grades.index(band.id)
        ways.append(Way(band, _short(now.score, band), at_once, _short(score, band), beside, score, reached))
    return Ways(ways)


def with_credits(figures: Figures, amount: float) -> Figures:
    """The figures with more credits retired. [t CO2e]"""
    if not amount:
        return figures
    return replace(figures, values={**figures.values, CREDITS: amount}, units={**figures.units, CREDITS: "tCO2e"})


def _highest_grade(case: Case, ways: Sequence[Way], now: str) -> str:
    """The best grade that is reached, or the present one."""
    return next((one.grade.id for one in reversed(ways) if one.reached), now)


def _short(score: float, band: GradeBand) -> float:
    """Points that a score is short of a grade, rounded up so that they suffice."""
    return least_amount(lambda points: score + points >= band.score) or 0.0

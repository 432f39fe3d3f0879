"""What each indicator of a restoration is short of, ranked by what its next step adds to the total."""

from dataclasses import dataclass

import numpy as np

from mineco.core.errors import BadInput
from mineco.core.lazy import Brief
from mineco.core.units import convert
from mineco.evaluation.places import place_of, with_values
from mineco.evaluation.restoration_carbon_sink.evaluate import evaluate
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation
from mineco.evaluation.score import points_lost
from mineco.evaluation.shortfall import Shortfall, next_levels, shortfalls
from mineco.standards.indicator import Indicator, RubricLevel
from mineco.standards.standard import figure_of


@dataclass(frozen=True, kw_only=True, repr=False)
class NextStep(Brief):
    """One indicator that is not at its best, and its next step: an amount of an act, or a level of its rubric.

    Where neither is known no act of the standard reaches the next knot by itself within what the dossier holds.
    """

    indicator: Indicator
    score: float  # points now
    lost: float  # points of the total
    points: float  # once the step is taken
    gain: float  # points of the total that it adds: of a figure of the dossier by evaluating anew
    amount: float | None = None  # in the unit of the act
    short: Shortfall | None = None
    level: RubricLevel | None = None


def next_steps(evaluation: Evaluation) -> tuple[NextStep, ...]:
    """The next step for each indicator of one mine that loses points, most points first; none without a score.

    >>> from mineco.evaluation.restoration_carbon_sink.evaluate import check
    >>> first = next_steps(check("parameters/mines/changcun-coal"))[0]
    >>> first.indicator.id, first.level.score, round(first.gain, 4)  # 10.79 % of 100 - 75 points
    ('SA.5', 100, 2.6966)
    """
    score, indicators = evaluation.score, evaluation.indicators
    if score is None or np.ndim(score.total.value):
        return ()
    acts = {one.indicator.id: one for one in shortfalls(evaluation.case, indicators, score)}
    levels = {one.indicator.id: one for one in next_levels(evaluation.case, indicators, score)}
    found = []
    for name, lost in points_lost(score.weights, {name: one.score for name, one in indicators.items()}).items():
        indicator, now = indicators[name].indicator, float(indicators[name].score or 0)
        if name in levels:
            one = levels[name]
            found.append(NextStep(indicator=indicator, score=now, lost=lost, points=float(one.level.score),
                                  gain=one.gain, level=one.level))
        else:
            acted = _acted(evaluation, acts[name], lost) if name in acts else None
            found.append(acted or NextStep(indicator=indicator, score=now, lost=lost, points=now, gain=0.0))
    return tuple(sorted(found, key=lambda one: -one.gain))


def _acted(evaluation: Evaluation, short: Shortfall, lost: float) -> NextStep | None:
    """The amount to the next knot, or to all points where that is the next; None where no dossier could say it."""
    target = short.next or short.full
    assert target is not None
    points, gain = target.points, target.gain
    if figure := figure_of(short.act.id):
        try:
            after = _with(evaluation, short, figure, target.amount)
        except BadInput:
            return None
        assert after.score is not None
        assert evaluation.score is not None
        points = float(after.indicators[short.indicator.id].score or 0)
        gain = float(after.score.total) - float(evaluation.score.total)
    return NextStep(indicator=short.indicator, score=short.score, lost=lost, points=points, gain=gain,
                    amount=target.amount, short=short)


def _with(evaluation: Evaluation, short: Shortfall, figure: str, amount: float) -> Evaluation:
    """The evaluation of the dossier whose figure is larger, or smaller, by an amount."""
    given = evaluation.case.figures()[figure].quantity
    change = float(convert(amount, short.act.unit, given.unit))
    value = float(given) + (change if short.act.direction == "+" else -change)
    return evaluate(with_values(evaluation.case, {place_of(given.datum): value}))

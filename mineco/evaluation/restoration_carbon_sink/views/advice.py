"""Advice on a restoration's carbon sink: the next step for each indicator, ranked by points, with its evidence."""

from collections.abc import Iterable, Sequence
from typing import Any

from mineco.core.formatting import format_number, round_down
from mineco.core.labels import label
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_carbon_sink.advice import NextStep, next_steps
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation
from mineco.evaluation.views.words import named, spoken, titled
from mineco.report.tables import Block, begun, note, show, show_text

FIRST = 6  # steps that volume 1 shows
DIGITS = 3


def advice(evaluation: Evaluation) -> Block:
    """What each indicator is short of, most points first, then what the evaluators wrote in the dossier."""
    steps = next_steps(evaluation)
    return _told(evaluation, steps, [label("advice_rest_is_full")])


def first_steps(evaluation: Evaluation) -> Block:
    """The steps that bring most, and how many more there are; then what the evaluators wrote."""
    steps = next_steps(evaluation)
    left = len(steps) - FIRST
    return _told(evaluation, steps[:FIRST], [label("more_steps").format(count=left)] if left > 0 else [])


def _told(evaluation: Evaluation, steps: Sequence[NextStep], below: Iterable[str]) -> Block:
    case, written = evaluation.case, evaluation.case.dossier.mine.recommendations
    if not evaluation.eligibility.eligible:
        found = show_text(label("advice_eligibility"))
    elif not steps:
        found = show_text(label("advice_none"))
    else:
        found = show_text(label("advice_by_points")) + show([_row(case, one) for one in steps], "next_steps_ranked",
                                                            rounded=True, fine=True)
        found = found + show_text("\n".join(below)) if below else found
    return found + note("advice_of_evaluators", list(map(spoken, written))) if written else found


def _row(case: Case, one: NextStep) -> dict[str, Any]:
    """A row of the table; the points gained are rounded down, so that no more is promised."""
    asked = case.standard.rubrics[one.indicator.rubric].evidence if one.indicator.rubric else one.indicator.evidence
    return {"indicator": titled(case, one.indicator.id), "score": one.score,
            "points_lost": one.lost, "next_step": begun(step_text(one)),
            "reaches_points": one.points if one.gain else None,
            "points_gained": round_down(one.gain, DIGITS) if one.gain else None, "evidence_asked": spoken(asked)}


def step_text(one: NextStep) -> str:
    """A level of the rubric in its words, or an act with its amount and that to full marks; or why there is none."""
    if one.level is not None:
        return label("step_to_level").format(points=one.level.score, text=spoken(one.level))
    if one.short is None or one.amount is None:
        return label("step_bound")
    unit, full = one.short.act.unit, one.short.full
    told = label("step_by_amount").format(act=named(one.short.act), amount=format_number(one.amount, unit))
    if full is None or full.amount == one.amount:
        return told
    return told + label("step_to_full").format(amount=format_number(full.amount, unit))

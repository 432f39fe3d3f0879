"""Evaluation of the carbon sink of a mine's restoration: gate, weights, experts, effect, indicators, score, grade."""

from pathlib import Path

import numpy as np

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problems
from mineco.evaluation.case import (
    Case,
    checked_case,
    missing_figure,
    require_inputs,
    require_standard,
    under_other_options,
)
from mineco.evaluation.case import open_case as open_any_case
from mineco.evaluation.draws import draw_case, interval
from mineco.evaluation.indicator_results import IndicatorResult, given_quantities, measure_all_indicators
from mineco.evaluation.ledgers import compute_restoration
from mineco.evaluation.restoration_carbon_sink.experts import expert_group as expert_group
from mineco.evaluation.restoration_carbon_sink.experts import with_counted_ratings as with_counted_ratings
from mineco.evaluation.restoration_carbon_sink.grade import check_eligibility as check_eligibility
from mineco.evaluation.restoration_carbon_sink.grade import determine_grade as determine_grade
from mineco.evaluation.restoration_carbon_sink.outcome import Effect, Uncertainty
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation as Evaluation
from mineco.evaluation.restoration_carbon_sink.procedure import case_standing as case_standing
from mineco.evaluation.score import compute_score as compute_score
from mineco.evaluation.score import grade_outlook as grade_outlook
from mineco.evaluation.stage_weights import weigh as weigh
from mineco.evaluation.steps import step

STANDARD = "restoration-carbon-sink-2024"
COMPARED_OPTIONS = ("carbon_status",)


@checked_arguments()
def open_case(dossier: str | Path, standard: str = STANDARD, weights: str | Path | None = None,
              **chosen: object) -> Case:
    """Read a dossier and hold it to an edition of this standard; see `mineco.evaluation.case.open_case`."""
    return open_any_case(dossier, standard, weights, **chosen)


def compute_effect(case: Case) -> Effect:
    """The account of restored land, the same as in every other standard, and the gain over its baseline.

    >>> effect = compute_effect(open_case("parameters/mines/changcun-coal"))
    >>> round(float(effect.restoration.removals) - float(effect.gain), 6)  # the baseline of the dossier
    120.0
    """
    restored = compute_restoration(case)
    baseline = case.figure("baseline_removals")
    if baseline is None:
        raise BadInput(missing_figure(case, "baseline_removals", case.year, case.standard.indicators["SE.5"]))
    formula = case.standard.formulas["project_gain"]
    return Effect(restored, step(formula, "project_gain", formula.clause, removals=restored.removals,
                                 baseline=baseline))


def measure_indicators(case: Case, effect: Effect, rated: bool = True) -> dict[str, IndicatorResult]:
    """Value and score of every indicator, by the ratings that count; without a review of the quantitative ones alone.

    Raises
    ------
    BadInput
        With every missing figure and rating.
    """
    require_inputs(case, rated)
    named = given_quantities(case) | {"restoration_removals": effect.restoration.removals,
                                      "restored_area": effect.restoration.area, "project_gain": effect.gain}
    return measure_all_indicators(case, named, rated)


@checked_arguments()
def evaluate(case: Case) -> Evaluation:
    """The whole evaluation in one call, of floats or arrays: what the notebook does step by step.

    Raises
    ------
    BadInput
        With every problem of the reporting year.

    >>> found = evaluate(open_case("parameters/mines/changcun-coal"))
    >>> found.grade.final in found.case.standard.grade_ids
    True
    """
    require_standard(case, STANDARD)
    eligibility, problems = check_eligibility(case), Problems()
    with problems.collect():
        weighing = weigh(case)
        case = weighing.case
    with problems.collect():
        require_inputs(case, eligibility.eligible)
    with problems.collect():
        experts = expert_group(case, eligibility.eligible)
        case = with_counted_ratings(case, experts)
    with problems.collect():
        effect = compute_effect(case)
    with problems.collect():
        standing = case_standing(case)
    problems.stop()
    indicators = measure_indicators(case, effect, eligibility.eligible)
    score = compute_score(case, indicators) if eligibility.eligible else None
    return Evaluation(case, eligibility, weighing, experts, effect, indicators, score,
                      determine_grade(case, score, eligibility), standing)


def check(dossier: str | Path, standard: str = STANDARD, weights: str | Path | None = None,
          **chosen: object) -> Evaluation:
    """Read a dossier and try the whole evaluation, so that every problem shows before anything is written."""
    return evaluate(checked_case(dossier, standard, weights, chosen,
                                 lambda case: require_inputs(case, check_eligibility(case).eligible)))


def alternatives(case: Case) -> dict[tuple[str, object], Evaluation | BadInput]:
    """What stands beside: (option, value) → the evaluation under it, or why it cannot be made."""
    return under_other_options(case, COMPARED_OPTIONS, evaluate)


@checked_arguments(draws=1, seed=0)
def propagate_uncertainty(case: Case, draws: int = 1000, seed: int = 0) -> Uncertainty | None:
    """Intervals of the result, and the share of draws in each grade.

    None where no datum states its uncertainty, and for a mine that is not eligible.
    """
    drawn, told = draw_case(case, draws, seed)
    if not told.names:
        return None
    found = evaluate(drawn)
    if found.score is None:
        return None
    final = np.broadcast_to(np.asarray(found.grade.final), (draws,))
    values = {name: interval(one.value.value, draws) for name, one in found.indicators.items()
              if one.value is not None and np.ndim(one.value.value)}
    return Uncertainty(told, values, interval(found.effect.gain.value, draws),
                       interval(found.effect.restoration.removals.value, draws),
                       interval(found.score.total.value, draws),
                       {name: float(np.mean(final == name)) for name in case.standard.grade_ids})

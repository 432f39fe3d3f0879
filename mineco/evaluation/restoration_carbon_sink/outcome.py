"""What came of the evaluation of a restoration's carbon sink: what it rests on, and what results and summary tell."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from mineco.core.quantity import Quantity
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_carbon_sink.eligibility import Eligibility
from mineco.evaluation.restoration_carbon_sink.evaluate import Evaluation, Uncertainty, settle_grade
from mineco.evaluation.restoration_carbon_sink.procedure import Standing
from mineco.evaluation.score import add_up_score
from mineco.evaluation.scored import (
    Check,
    Traced,
    score_behind,
    score_checks,
    summed_up,
    summed_up_from,
    told_score,
    traced_score,
)
from mineco.evaluation.stage_weights import LevelWeights, weigh

ALWAYS = ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9")  # of the rules that every case goes through


def rests_on(evaluation: Evaluation) -> list[Quantity]:
    """The quantities that make the grade; what is behind them is what it rests on."""
    return [*score_behind(evaluation.indicators, evaluation.score), *removals(evaluation).values()]


def removals(evaluation: Evaluation) -> dict[str, Quantity]:
    """The figures of the account of restored land."""
    effect = evaluation.effect
    return {"restoration_removals_t_co2e": effect.restoration.removals, "restored_area_ha": effect.restoration.area,
            "project_gain_t_co2e": effect.gain}


def reweighed(evaluation: Evaluation, case: Case) -> Evaluation:
    """The same measurements under the weights of another case; only score and grade are made anew."""
    weighing = weigh(case)
    indicators = {name: replace(one, indicator=weighing.case.standard.indicators[name])
                  for name, one in evaluation.indicators.items()}
    score = None if evaluation.score is None else add_up_score(weighing.case, indicators)
    return replace(evaluation, case=weighing.case, weighing=weighing, indicators=indicators, score=score,
                   grade=settle_grade(weighing.case, score, evaluation.eligibility))


def told(evaluation: Evaluation) -> dict[str, Any]:
    """The outcome as results.json tells it."""
    weighing = evaluation.weighing
    return {"eligibility": _eligibility(evaluation.eligibility),
            "grade": {"final": evaluation.grade.final, "unmet_prerequisites": list(evaluation.grade.unmet)},
            "score": told_score(evaluation.indicators, evaluation.score),
            "weighing": {"stage": weighing.stage.id,
                         "levels": {name: _level(one) for name, one in weighing.levels.items()}},
            "experts": {"raters": len(evaluation.experts.raters), "ratings_counted": len(evaluation.experts.counted),
                        "ratings_left_out": len(evaluation.experts.left_out)},
            "removals": {name: float(one) for name, one in removals(evaluation).items()},
            "standing": _standing(evaluation.standing, evaluation.case.dossier.mine.report_date.isoformat())}


def told_uncertainty(found: Uncertainty | None) -> dict[str, Any]:
    """The intervals and shares of the draws; nothing where nothing was drawn."""
    if found is None:
        return {}
    return {"draws": found.draws.count, "seed": found.draws.seed, "redrawn": found.draws.redrawn,
            "drawn": list(found.draws.names), "score": asdict(found.score),
            "restoration_removals_t_co2e": asdict(found.removals), "project_gain_t_co2e": asdict(found.gain),
            "indicators": {name: asdict(one) for name, one in found.indicators.items()}, "grades": dict(found.grades)}


def told_annex(annex: Evaluation) -> dict[str, Any]:
    """Grade and score under the weights of the stage, beside those of a panel."""
    whole = told(annex)
    return {"grade": {"final": whole["grade"]["final"]},
            "score": {name: whole["score"][name] for name in ("total", "groups")}}


def _eligibility(gate: Eligibility) -> dict[str, Any]:
    return {"eligible": gate.eligible, "applied": gate.applied.isoformat(), "from_log": gate.from_log,
            "clean_since": gate.since.isoformat(), "gates": dict(gate.gates),
            "incidents_counted": [one.date.isoformat() for one in gate.counted]}


def _level(level: LevelWeights) -> dict[str, Any]:
    found = level.consistency
    ratios = {name: None if found is None else float(getattr(found, name)) for name in ("lambda_max", "ci", "ri", "cr")}
    return {"weights": {name: one.value / 100 for name, one in level.weights.items()}, **ratios}


def _standing(standing: Standing, on: str) -> dict[str, Any]:
    last = standing.history[-1].event if standing.history else None
    return {"on": on, "state": standing.state, "since": standing.since and standing.since.isoformat(),
            "grade": standing.grade or None, "certified": standing.certified and standing.certified.isoformat(),
            "entries": len(standing.history), "head": last.digest if last else None}


def traced(evaluation: Evaluation) -> Iterator[Traced]:
    """The trace of `told`."""
    if evaluation.score is not None:
        yield "outcome.grade.final", "settle_grade", "mineco.scoring.values.grade_by_cuts", [evaluation.score.total]
    yield from traced_score(evaluation.case, evaluation.indicators, evaluation.score)
    for level, one in evaluation.weighing.levels.items():
        for name, weight in one.weights.items():
            yield (f"outcome.weighing.levels.{level}.weights.{name}", "weigh", "mineco.evaluation.stage_weights.weigh",
                   [weight.as_quantity()])
    for name, quantity in removals(evaluation).items():
        yield f"outcome.removals.{name}", "keep_effect", "", [quantity]


def traced_annex(annex: Evaluation) -> Iterator[Traced]:
    """The trace of `told_annex`."""
    if annex.score is not None:
        yield ("outcome.annex.grade.final", "annex_evaluation", "mineco.scoring.values.grade_by_cuts",
               [annex.score.total])
        yield "outcome.annex.score.total", "annex_evaluation", "", [annex.score.total]
        for name, points in annex.score.groups.items():
            yield f"outcome.annex.score.groups.{name}", "annex_evaluation", "", [points]


def checks(evaluation: Evaluation) -> list[Check]:
    """Sums that must agree: of weights and scores, of parcels, and of shares of draws."""
    restored = evaluation.effect.restoration
    parcels = sum(float(bound) for _, bound in restored.parcels)
    score = evaluation.score
    return [*([] if score is None else score_checks(evaluation.case, score)),
            ("check_parcels", parcels - float(restored.removals), max(abs(float(restored.removals)), 1.0))]


def summary(evaluation: Evaluation) -> dict[str, Any]:
    """Grade, standing, score and removals by name, each a value or an array.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.restoration_carbon_sink.evaluate import check
    >>> found = summary(check(parameters() / "mines" / "changcun-coal"))
    >>> found["eligible"], found["state"], round(found["restored_area_ha"])
    (True, 'not_applied', 160)
    """
    return {"grade": evaluation.grade.final, "eligible": evaluation.eligibility.eligible,
            "state": evaluation.standing.state, **summed_up(evaluation.indicators, evaluation.score),
            **{name: one.value for name, one in removals(evaluation).items()}}


def summary_of(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of the outcome that a run has written."""
    return {"grade": outcome["grade"]["final"], "eligible": outcome["eligibility"]["eligible"],
            "state": outcome["standing"]["state"], **summed_up_from(outcome["score"]), **outcome["removals"]}

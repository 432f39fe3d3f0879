"""What every outcome tells of its score, whichever the standard: in results.json, in the trace, in a summary."""

from collections.abc import Iterator, Mapping
from typing import Any

from mineco.core.quantity import Quantity
from mineco.evaluation.base import CheckResult, TraceEntry
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.score import Score


def score_told(indicators: Mapping[str, IndicatorResult], score: Score | None) -> dict[str, Any]:
    """Total, groups and indicators of a score; without a score, the indicators that were measured."""
    return {"total": None if score is None else score.total.value,
            "groups": {} if score is None else {name: points.value for name, points in score.groups.items()},
            "indicators": [_indicator(name, one, score) for name, one in indicators.items()]}


def _indicator(name: str, one: IndicatorResult, score: Score | None) -> dict[str, Any]:
    return {"id": name, "value": None if one.value is None else one.value.value,
            "unit": "" if one.value is None else one.value.unit, "score": one.score,
            "weight": None if score is None else score.weights[name],
            "nominal_weight": None if score is None else score.nominal_weights[name],
            "kind": "not_applicable" if one.value is None else one.value.kind, "reason": one.reason,
            "readings": list(one.indicator.readings),
            "beside": {label: beside.value for label, beside in one.beside.items()}}


def score_quantities(indicators: Mapping[str, IndicatorResult], score: Score | None) -> list[Quantity]:
    """The quantities of a score: the total, then values and bounds of the indicators."""
    return [*([] if score is None else [score.total]),
            *(one.value for one in indicators.values() if one.value is not None),
            *(one.bound for one in indicators.values() if one.bound is not None)]


def score_trace(case: Case, indicators: Mapping[str, IndicatorResult], score: Score | None) -> Iterator[TraceEntry]:
    """The trace of `score_told`."""
    if score is not None:
        yield "outcome.score.total", "score", "", [score.total]
        for name, points in score.groups.items():
            yield f"outcome.score.groups.{name}", "score", "", [points]
    for name, one in indicators.items():
        path = f"outcome.score.indicators[{name}]"
        if score is not None:
            weight = case.standard.weight(name).as_quantity()
            yield f"{path}.nominal_weight", "score", "score", [weight]
            yield f"{path}.weight", "score", "effective_weights", [weight]
        if one.value is not None:
            behind = [one.value, *([one.bound] if one.bound is not None else [])]
            by_knots = one.variant is not None and not one.indicator.rubric
            yield f"{path}.value", "indicators", "", behind
            yield f"{path}.score", "indicators", "value_score" if by_knots else "", behind
        for label, value in one.beside.items():
            yield f"{path}.beside.{label}", "indicators", "", [value]


def score_checks(case: Case, score: Score) -> list[CheckResult]:
    """Sums of weights and points that must agree."""
    groups = case.standard.groups
    points = sum(float(one) * groups[name].weight / 100 for name, one in score.groups.items())
    return [("check_weights", sum(score.weights.values()) - 1, 1.0),
            ("check_groups", sum(one.weight for one in groups.values()) - 100, 100.0),
            ("check_score", points - float(score.total), 100.0)]


def score_summary(told: Mapping[str, Any]) -> dict[str, Any]:
    """Score, groups, and points and values of the indicators by name, from `score_told` or what a run has written."""
    found = {} if told["total"] is None else {"score": told["total"]}
    found |= {f"score_{name}": points for name, points in told["groups"].items()}
    for one in told["indicators"]:
        found |= {one["id"]: one["score"], f"{one['id']}_value": one["value"]}
    return found

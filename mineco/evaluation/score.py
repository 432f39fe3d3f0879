"""The score of an evaluation: groups from indicators, the total from groups, and the weights that were effective."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mineco.core.errors import Problems
from mineco.core.lazy import Shown
from mineco.core.quantity import Datum, Quantity
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.steps import step
from mineco.scoring import values as scoring
from mineco.standards.standard import Standard


@dataclass(frozen=True, repr=False)
class Score(Shown):
    """Groups as weighted means of their indicators, their weighted sum, and the weights that were effective."""

    groups: Mapping[str, Quantity]  # points, 0 to 100
    total: Quantity  # points, 0 to 100
    weights: Mapping[str, float]  # of each indicator in the total; sums to 1
    nominal_weights: Mapping[str, float]


def compute_score(case: Case, indicators: Mapping[str, IndicatorResult]) -> Score:
    """Group scores and the total over the indicators that apply; the weight of others is spread inside its group.

    Raises
    ------
    BadInput
        When no indicator of a group applies: its weight would have nowhere to go.
    """
    standard, problems = case.standard, Problems()
    of_group, of_all = standard.formulas["group_score"], standard.formulas["total_score"]
    groups: dict[str, Quantity] = {}
    weights: dict[str, float] = {}
    nominal: dict[str, float] = {}
    for group in standard.groups.values():
        members = {one.id: indicators[one.id] for one in standard.in_group(group.id)}
        applicable = {name for name, one in members.items() if one.applicable}
        own = {name: one.indicator.weight for name, one in members.items()}
        nominal |= {name: weight * group.weight / 100 / 100 for name, weight in own.items()}
        if not applicable:
            problems.add("group_without_indicator", file="mine.yaml", row="not_applicable", value=group.id)
            continue
        effective = scoring.effective_weights(own, applicable)
        weights |= {name: weight * group.weight / 100 for name, weight in effective.items()}
        groups[group.id] = step(
            of_group, f"group.{group.id}", of_group.clause,
            weights={name: standard.weight(name).as_quantity() for name in own if name in applicable},
            scores={name: _points(one) for name, one in members.items() if one.applicable})
    problems.stop()
    total = step(of_all, "total_score", of_all.clause, group_scores=groups,
                 group_weights={name: standard.weight(name).as_quantity() for name in groups})
    return Score(groups, total, weights, nominal)


def points_lost(weights: Mapping[str, float], scores: Mapping[str, Any]) -> dict[str, float]:
    """How many points of the total each indicator leaves, most first; without those that leave none or have no score.

    >>> points_lost({"E1.1": 0.2, "E1.2": 0.5, "E1.3": 0.3}, {"E1.1": 50.0, "E1.2": 60.0, "E1.3": None})
    {'E1.2': 20.0, 'E1.1': 10.0}
    """
    lost = {name: weights[name] * (100 - float(points)) for name, points in scores.items() if points is not None}
    return {name: lost[name] for name in sorted(lost, key=lambda name: -lost[name]) if lost[name] > 0}


@dataclass(frozen=True)
class Outlook:
    """How far the next grade by score is, and how far up the way is open while indicators at zero stay there (R23)."""

    points_to_next: float
    next_by_score: str  # the grade that they lead to; blank at the best
    at_zero: tuple[str, ...]
    highest_score: float
    highest_grade: str


def grade_outlook(case: Case, indicators: Mapping[str, IndicatorResult], score: Score) -> Outlook:
    """Distance to the next grade by score, and what is reachable while indicators at zero stay there."""
    standard = case.standard
    scores = {name: float(one.score) for name, one in indicators.items() if one.score is not None}
    at_zero = tuple(name for name, points in scores.items() if points == 0)
    highest = scoring.highest_reachable({name: score.weights[name] for name in scores}, scores, at_zero)
    return Outlook(scoring.distance_to_next_grade(float(score.total), standard.score_cuts),
                   next_grade(standard, float(score.total), standard.score_cuts), at_zero, highest,
                   standard.grade_ids[scoring.grade_by_cuts(highest, standard.score_cuts)])


def next_grade(standard: Standard, value: float, cuts: Sequence[float]) -> str:
    """The grade above the one that a value reaches by its cuts; blank at the best."""
    reached = scoring.grade_by_cuts(value, cuts)
    return standard.grade_ids[reached - 1] if reached else ""


@dataclass(frozen=True, repr=False)
class ScoreRange(Shown):
    """Between which scores a mine lies, whatever its missing data turn out to be (reading R34)."""

    low: Score  # every indicator that rests on a missing datum at 0 points
    high: Score  # and at 100
    share_known: float  # of the weight in the total [1]


def compute_score_range(case: Case, indicators: Mapping[str, IndicatorResult], unknown: Collection[str]) -> ScoreRange:
    """The score with the known indicators as they are, and the unknown ones at 0 and at 100 points.

    One that may turn out not to apply lies between, since its weight then goes to the others of its group.
    """
    low, high = (compute_score(case, {**indicators, **{name: _assumed(case, name, points) for name in unknown}})
                 for points in (0.0, 100.0))
    known = math.fsum(weight for name, weight in low.weights.items() if name not in unknown)
    return ScoreRange(low, high, known)


def _assumed(case: Case, name: str, points: float) -> IndicatorResult:
    value = Quantity(points, "1", "assumed", name, Datum(file="", row=""))
    return IndicatorResult(case.standard.indicators[name], points, value)


def _points(one: IndicatorResult) -> Quantity:
    assert one.score is not None
    assert one.value is not None
    return Quantity(one.score, "1", "calculated", f"score.{one.indicator.id}", one.value.origin)

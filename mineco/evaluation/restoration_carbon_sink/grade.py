"""The grade of a carbon sink by its score, behind the gate, and how far the next one is (reading S3)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mineco.core.lazy import Shown
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.restoration_carbon_sink.eligibility import Eligibility
from mineco.evaluation.score import Score
from mineco.scoring import values as scoring


@dataclass(frozen=True, repr=False)
class Grade(Shown):
    """The grade by score; None where the mine is not eligible, with the gates that it misses."""

    final: str | np.ndarray | None
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """How far the next grade is, and how far up the way is open while indicators at zero stay there."""

    points_to_next: float
    at_zero: tuple[str, ...]
    highest_score: float
    highest_grade: str


def determine_grade(case: Case, score: Score | None, eligibility: Eligibility) -> Grade:
    """The grade by score (reading S3), behind the gate: a mine that is not eligible has none."""
    if score is None or not eligibility.eligible:
        return Grade(None, eligibility.unmet)
    found = np.array(case.standard.grade_ids)[scoring.grade_by_cuts(score.total.value, case.standard.score_cuts)]
    return Grade(found if np.ndim(found) else str(found))


def grade_outlook(case: Case, indicators: Mapping[str, IndicatorResult], score: Score) -> Outlook:
    """Distance to the next grade, and what is reachable while indicators at zero stay there."""
    standard = case.standard
    scores = {name: float(one.score) for name, one in indicators.items() if one.score is not None}
    at_zero = tuple(name for name, points in scores.items() if points == 0)
    highest = scoring.highest_reachable({name: score.weights[name] for name in scores}, scores, at_zero)
    return Outlook(scoring.distance_to_next_grade(float(score.total), standard.score_cuts), at_zero, highest,
                   standard.grade_ids[scoring.grade_by_cuts(highest, standard.score_cuts)])

"""What is to be reached, and the credits that each set of measures needs for it, in closed form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.lazy import Brief
from mineco.core.units import convert
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.case import Case

NEUTRAL, SCORE = "carbon_neutral", "score"  # targets beside the grades
OFFSETS = "offsets"  # the input of the indicator that credits move
WITHIN = 1e-12  # relative; what a tonne is not rounded up for


@dataclass(frozen=True)
class Target(Brief):
    """What is to be reached: a grade, neutrality or a score."""

    id: str
    score: float  # points at least
    offset: float  # offset ratio at least


@dataclass(frozen=True)
class Lever(Brief):
    """How credits move the score: the value function of the one indicator that they are an input of."""

    indicator: str
    weight: float  # points of the total by point of the indicator
    ratios: NDArray  # rising, as points do; the least ratio with such points
    points: NDArray


def targets_above(case: Case, grade: str) -> tuple[Target, ...]:
    """Every better grade, the next one first, and neutrality (reading R11).

    >>> from mineco.evaluation.case import open_case
    >>> [(one.id, one.score, one.offset) for one in targets_above(open_case("parameters/mines/tiny-quarry"), "A")]
    [('AA', 90.0, 0.95), ('AAA', 95.0, 1.0), ('carbon_neutral', 0.0, 1.0)]
    """
    standard = case.standard
    better = reversed(standard.grades[:standard.grade_ids.index(grade)])
    return (*(target_of(case, band.id) for band in better), target_of(case, NEUTRAL))


def target_of(case: Case, id: str) -> Target:
    """A grade by its cuts, or neutrality."""
    if id == NEUTRAL:
        return Target(NEUTRAL, 0.0, float(case.standard.rule("neutral_offset_ratio")))
    band = case.standard.grades[case.standard.grade_ids.index(id)]
    return Target(id, float(band.score), float(band.offset or 0))


def lever_of(evaluation: Evaluation) -> Lever | None:
    """The indicator that credits move; None where it has no value function of its own or does not apply.

    >>> import mineco as mc
    >>> found = lever_of(mc.evaluate("parameters/mines/tiny-quarry"))
    >>> found.indicator, round(found.weight, 4), found.ratios.tolist()[:3]  # 10 % of 35 %
    ('O1.2', 0.035, [0.0, 0.6, 0.8])
    """
    for name, one in evaluation.indicators.items():
        if one.variant is not None and OFFSETS in one.variant.inputs.values() and one.on_value_function:
            knots = sorted(one.variant.knots)
            points, first = np.unique([float(score) for _, score in knots], return_index=True)
            ratios = np.array([convert(float(knots[place][0]), one.variant.unit, "1") for place in first])
            return Lever(name, float(evaluation.score.weights[name]), ratios, points)
    return None


def credits_needed(columns: Mapping[str, Any], target: Target, lever: Lever | None) -> NDArray:
    """What must be retired more by each set, in whole tonnes; infinite where no amount suffices. [t CO2e]

    Parameters
    ----------
    columns : mapping     ``score``, ``residual_t_co2e``, ``offsets_t_co2e`` and, where there is a lever, the points of
        its indicator; arrays with an element for each set.
    target : Target
    lever : Lever, optional

    >>> lever = Lever("O1.2", 0.5, np.array([0.0, 1.0]), np.array([0.0, 100.0]))
    >>> left = {"residual_t_co2e": np.array([200.0]), "offsets_t_co2e": np.array([20.0]), "O1.2": np.array([10.0])}
    >>> credits_needed({"score": np.array([60.0]), **left}, Target("a", 70.0, 0.1), lever)  # 20 points more: 30 %
    array([40.])
    >>> credits_needed({"score": np.array([60.0]), **left}, Target("a", 70.0, 0.9), lever)
    array([160.])
    """
    score, residual, retired = (np.asarray(columns[name], dtype=float)
                                for name in ("score", "residual_t_co2e", "offsets_t_co2e"))
    share = np.full(score.shape, target.offset)
    short = score < target.score
    if lever is not None and lever.weight > 0:
        wanted = columns[lever.indicator] + (target.score - score) / lever.weight
        by_points = np.interp(wanted, lever.points, lever.ratios)
        share = np.where(short, np.maximum(share, by_points), share)
        out_of_reach = short & (wanted > lever.points[-1] * (1 + WITHIN))
    else:
        out_of_reach = short
    amount = np.maximum(share * residual - retired, 0.0)
    whole = np.ceil(amount - WITHIN * residual) + 0.0  # of which there is no negative one
    return np.where(out_of_reach, np.inf, whole)

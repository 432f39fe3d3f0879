"""From indicator values to the grade: value functions, weighted sums, cuts. Pure and array-safe.

Nothing is rounded. Weights are taken in any unit, since both sums divide by the weights they use: per cent or shares.
"""

import functools
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from numpy import minimum
from numpy.typing import NDArray

from mineco.core.number import Number


def elementwise(formula: Callable[..., Number]) -> Callable[..., Number]:
    """A formula with cases, written for one number and applied to each element of an array.

    >>> @elementwise
    ... def gain(x):
    ...     return x if x > 0 else 0.0
    >>> gain(2.0), gain(np.array([-1.0, 3.0]))
    (2.0, array([0., 3.]))
    """
    vectorised, signature = np.vectorize(formula, otypes=[float]), inspect.signature(formula)

    @functools.wraps(formula)
    def applied(*args: Number, **kwargs: Number) -> Number:
        given = signature.bind(*args, **kwargs).args  # by their names numpy takes four times as long
        return vectorised(*given) if any(np.ndim(one) for one in given) else formula(*given)

    return applied


def value_score(value: Number, knots: Sequence[tuple[float, float]]) -> Number:
    """Score of a value: linear between knots, flat outside; what is not a number has no score. [points, 0 to 100]

    Parameters
    ----------
    value : float or array                In the unit of the knots.
    knots : sequence of (value, score)    In order of value, rising or falling.

    >>> value_score(75.0, [(50, 0), (70, 60), (80, 80), (90, 100)])
    70.0
    """
    places, scores = np.asarray(sorted(knots), dtype=float).T
    found = np.interp(value, places, scores)
    return found if np.ndim(value) else float(found)


def bounded_score(level: Number, bound: Number) -> Number:
    """Score of a rubric that measured evidence bounds from above. [points]

    Parameters
    ----------
    level, bound : float or array    Points.

    >>> float(bounded_score(75.0, 60.0))
    60.0
    """
    return minimum(level, bound)


def mean_rating(ratings: Mapping[str, Number]) -> Number:
    """Mean score over raters (reading R25). [points]

    Parameters
    ----------
    ratings : mapping of float or array    Points by rater.

    >>> mean_rating({"A": 75.0, "B": 50.0, "C": 100.0})
    75.0
    """
    return sum(ratings[j] for j in ratings) / len(ratings)


def rating_spread(ratings: Mapping[str, Number]) -> tuple[Number, Number, Number]:
    """Lowest, highest and standard deviation (n - 1) of the raters' scores; the deviation of one rater is 0.

    >>> [float(one) for one in rating_spread({"A": 50.0, "B": 100.0, "C": 75.0})]
    [50.0, 100.0, 25.0]
    """
    scores = np.array(np.broadcast_arrays(*ratings.values()), dtype=float)
    deviation = scores.std(axis=0, ddof=1) if len(scores) > 1 else 0 * scores[0]
    return scores.min(axis=0), scores.max(axis=0), deviation


def outlying_raters(ratings: Mapping[str, Number], tolerance: float) -> list[str]:
    """Raters further from the median of all than the tolerance, in points; of arrays, in any case.

    >>> outlying_raters({"A": 75.0, "B": 75.0, "C": 25.0}, tolerance=25.0)
    ['C']
    """
    median = np.median(np.broadcast_arrays(*ratings.values()), axis=0)
    return [rater for rater, score in ratings.items() if np.any(np.abs(score - median) > tolerance)]


def group_score(weights: Mapping[str, Number], scores: Mapping[str, Number]) -> Number:
    """Score of a level-2 group: weighted mean of its applicable indicators (formula 1; R1, R6). [points, 0 to 100]

    Dividing by the weights of the applicable rows spreads the weight of the others pro rata.

    Parameters
    ----------
    weights : mapping              Weights of the applicable indicators. [%]
    scores : mapping               Points of at least these indicators, 0 to 100.

    >>> group_score({"E3.1": 50.0, "E3.2": 20.0}, {"E3.1": 60.0, "E3.2": 95.0})
    70.0
    """
    return sum(weights[i] * scores[i] for i in weights) / sum(weights[i] for i in weights)


def total_score(group_weights: Mapping[str, Number], group_scores: Mapping[str, Number]) -> Number:
    """Total score: groups weighted by their absolute weights (formula 2; reading R2). [points, 0 to 100]

    Parameters
    ----------
    group_weights : mapping        [%]
    group_scores : mapping         Points, 0 to 100.

    >>> total_score({"E": 60.0, "M": 20.0, "O": 20.0}, {"E": 80.0, "M": 100.0, "O": 50.0})
    78.0
    """
    return sum(group_weights[f] * group_scores[f] for f in group_weights) / sum(group_weights[f] for f in group_weights)


def effective_weights(nominal: Mapping[str, float], applicable: Collection[str]) -> dict[str, float]:
    """Weights of a group's applicable indicators as shares that sum to 1; the others get 0 (reading R6).

    >>> effective_weights({"a": 50.0, "b": 30.0, "c": 20.0}, {"a", "b"})
    {'a': 0.625, 'b': 0.375, 'c': 0.0}
    """
    whole = sum(weight for name, weight in nominal.items() if name in applicable)
    if np.any(np.less_equal(whole, 0)):
        raise ValueError("no indicator of the group is applicable: its weight has nowhere to go")
    return {name: weight / whole if name in applicable else 0.0 for name, weight in nominal.items()}


@elementwise
def offset_ratio(offsets: Number, residual: Number) -> Number:
    """Share of the residual emissions that is offset; 1 where nothing is left to offset (reading R10). [1]

    Parameters
    ----------
    offsets : float or array     Valid and retired. [tCO2e]
    residual : float or array    Emissions less removals, not below 0. [tCO2e]

    >>> offset_ratio(95.0, 100.0), offset_ratio(0.0, 0.0)
    (0.95, 1.0)
    """
    if residual == 0:
        return 1.0
    else:  # noqa: RET505 - both branches are printed as the cases of the formula
        return offsets / residual


def grade_by_cuts(value: Number, cuts: Sequence[float]) -> int | NDArray:
    """Index of the grade whose lower cut is reached, 0 for the best; ``len(cuts)`` stands below all.

    Cuts are inclusive and the value is compared unrounded. What is not a number reaches no cut.

    >>> grade_by_cuts(95.0, (95, 90, 85, 70, 60)), grade_by_cuts(94.999, (95, 90, 85, 70, 60))
    (0, 1)
    """
    missed = ~(np.asarray(value)[..., np.newaxis] >= np.asarray(cuts, dtype=float))
    index = missed.sum(axis=-1)
    return index if np.ndim(value) else int(index)


def final_grade(score_grade: int | NDArray, offset_grade: int | NDArray) -> int | NDArray:
    """The worse of two grades, by index (reading R9).

    >>> final_grade(2, 1)
    2
    """
    worse = np.maximum(score_grade, offset_grade)
    return worse if np.ndim(worse) else int(worse)


def binding_key(score_grade: int | NDArray, offset_grade: int | NDArray) -> str | NDArray:
    """Which of the two keys holds the grade down: ``score``, ``offset`` or ``both``.

    >>> binding_key(2, 1), binding_key(1, 1)
    ('score', 'both')
    """
    key = np.select([np.greater(score_grade, offset_grade), np.less(score_grade, offset_grade)], ["score", "offset"],
                    "both")
    return key if np.ndim(key) else str(key)


def distance_to_next_grade(value: float, cuts: Sequence[float]) -> float:
    """What is missing to the next better cut; 0 at the best grade.

    >>> distance_to_next_grade(82.0, (95, 90, 85, 70, 60))
    3.0
    """
    index = int(grade_by_cuts(value, cuts))
    return 0.0 if index == 0 else float(cuts[index - 1] - value)


def highest_reachable(weights: Mapping[str, float], scores: Mapping[str, float], fixed: Collection[str]) -> float:
    """The total when the fixed indicators keep their scores and every other one scores 100 (reading R23). [points]

    Parameters
    ----------
    weights : mapping             Weight of each indicator in the total, any unit.
    scores : mapping              Points of the fixed indicators.
    fixed : collection of str     Indicators that cannot change.

    >>> highest_reachable({"E2.4": 6.0, "rest": 94.0}, {"E2.4": 0.0}, {"E2.4"})
    94.0
    """
    reached = sum(weight * (scores[name] if name in fixed else 100.0) for name, weight in weights.items())
    return reached / sum(weights.values())

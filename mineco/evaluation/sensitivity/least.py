"""By how little the value of an indicator must differ for another grade, within its own spread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.number import Interval
from mineco.evaluation.base import Evaluation
from mineco.evaluation.draws import interval

GRID = 401  # values between the value as given and an end of its interval; twice, the second time between two of them
GradesAt = Callable[[str, NDArray], Any]  # of an indicator with other values


@dataclass(frozen=True)
class LeastChange:
    """The nearest value of an indicator, inside the 95 % interval of its draws, at which the grade is another.

    ``to`` and ``grade`` are None where the grade is the same at every value inside.
    """

    indicator: str
    value: float
    unit: str
    low: float
    high: float
    to: float | None
    grade: str | None


def least_changes(evaluation: Evaluation, grades_at: GradesAt, drawn: Mapping[str, Any], count: int
                  ) -> tuple[LeastChange, ...]:
    """Of each indicator that a value function scores: the least change that gives another grade, all else as it is.

    Parameters
    ----------
    drawn : mapping  Figures of the summary over ``count`` draws, with the values of the indicators.
    """
    return tuple(_least(name, float(one.value), one.value.unit, interval(drawn[f"{name}_value"], count), grades_at)
                 for name, one in evaluation.indicators.items()
                 if one.value is not None and replace(one, most=None).on_value_function)


def _least(name: str, value: float, unit: str, spread: Interval, grades_at: GradesAt) -> LeastChange:
    given = str(np.ravel(grades_at(name, np.array([value])))[0])
    ends = (min(float(spread.low), value), max(float(spread.high), value))
    reached = [one for end in ends if (one := _first(name, value, end, given, grades_at)) is not None]
    to, grade = min(reached, key=lambda one: abs(one[0] - value), default=(None, None))
    return LeastChange(name, value, unit, *ends, to, grade)


def _first(name: str, start: float, end: float, given: str, grades_at: GradesAt) -> tuple[float, str] | None:
    """The first value on the way to an end with another grade, to a millionth of a hundredth of the way."""
    other: tuple[float, str] | None = None
    for _ in range(2):
        values = np.linspace(start, end, GRID)
        grades = np.broadcast_to(np.asarray(grades_at(name, values)), (GRID,))
        places = np.flatnonzero(grades != given)
        if start == end or not len(places):
            return other
        first = places[0]
        other = float(values[first]), str(grades[first])
        start, end = float(values[first - 1]), float(values[first])
    return other

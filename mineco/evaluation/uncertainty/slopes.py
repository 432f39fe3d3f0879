"""Approach 1: propagation of errors by the slopes of the real chain (IPCC 2006, volume 1, chapter 3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.evaluation.case import Case
from mineco.evaluation.uncertainty.inputs import Input
from mineco.evaluation.uncertainty.sampling import input_deviation, moved_case

STEP = 1e-3  # of its standard deviation, by which an input is moved to see what follows


def slopes_of(case: Case, inputs: Sequence[Input], summary: Callable[[Case], Mapping[str, Any]],
              figures: Sequence[str]) -> tuple[dict[str, NDArray], tuple[Input, ...]]:
    """How much each figure changes with each input, in their units, where the mine stands; and what cannot be moved.

    By central differences of the whole evaluation, all inputs in one pass of arrays. At a corner, such as an anchor of
    a value function, it is the mean of both sides; where a move breaks a balance or a limit, the slope of the other. An
    input that cannot be moved alone to either side has the slope 0, and is named.
    """
    steps = [STEP * input_deviation(one) for one in inputs]
    moved, (high, low) = moved_case(case, inputs, [(one.value - step, one.value + step)
                                                   for one, step in zip(inputs, steps, strict=True)])
    found, count, apart = summary(moved), len(inputs), high - low
    slopes = {}
    for name in figures:
        values = np.broadcast_to(np.asarray(found[name], dtype=float), (1 + 2 * count,))
        change = values[1:1 + count] - values[1 + count:]
        slopes[name] = np.divide(change, apart, out=np.zeros(count), where=apart != 0)
    return slopes, tuple(one for one, distance in zip(inputs, apart, strict=True) if not distance)


def deviations(slopes: NDArray, inputs: Sequence[Input]) -> NDArray:
    """What each input alone makes of the standard deviation of a figure, in its unit; their squares add up.

    That is equation 3.1 for a product and equation 3.2 for a sum, and both at once for what is neither.

    >>> from mineco.evaluation.uncertainty.spreads import Spread
    >>> one = Input("factor", "factors", "factor", 100.0, "1", Spread("stated", -19.6, 19.6, "normal"))
    >>> round(float(deviations(np.array([2.0]), [one])[0]), 2)  # 2 x 19.6 / 1.96
    20.0
    """
    return np.abs(slopes) * np.array([input_deviation(one) for one in inputs])

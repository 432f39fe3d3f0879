"""What every formula takes and gives: a number, or an array with one element per draw, per year or per mine."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem

Number = float | NDArray
AnyNumber = TypeVar("AnyNumber", float, NDArray)


@dataclass(frozen=True)
class Interval(Generic[AnyNumber]):
    """Mean and central interval of draws, in the shape and the unit of one draw."""

    mean: AnyNumber
    low: AnyNumber
    high: AnyNumber


def as_numbers(name: str, values: object) -> NDArray[np.float64]:
    """Values as an array of numbers, at least one; refused where any is none.

    >>> as_numbers("weights", ["0.5", "half"])
    Traceback (most recent call last):
    mineco.core.errors.BadInput: weights = ['0.5', 'half']: is not a number. Write a number, without quotes.
    """
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        found = np.empty(0)
    if not found.size:
        shown = repr(values) if isinstance(values, str | list | tuple) else type(values).__name__
        raise BadInput(Problem("argument_not_a_number", column=name, value=shown))
    return found

"""What every formula takes and gives: a number, or an array with one element per draw, per year or per mine."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from numpy.typing import NDArray

Number = float | NDArray
AnyNumber = TypeVar("AnyNumber", float, NDArray)


@dataclass(frozen=True)
class Interval(Generic[AnyNumber]):
    """Mean and central interval of draws, in the shape and the unit of one draw."""

    mean: AnyNumber
    low: AnyNumber
    high: AnyNumber

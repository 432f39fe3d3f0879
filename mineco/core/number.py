"""What every formula takes and gives: a number, or an array with one element per draw, per year or per mine."""

from numpy.typing import NDArray

Number = float | NDArray

"""The provinces of many mines at once, in each of which grid power has another factor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Provinces:
    """Where many mines lie: the ids of the provinces, and for each mine the place of its own among them."""

    names: tuple[str, ...]
    of: NDArray[np.intp]

    def __str__(self) -> str:
        return ", ".join(self.names)


def by_province(province: str | Provinces, about: Callable[[str], Any]) -> Any:
    """What is so of a province; of those of many mines an array with an element for each.

    >>> by_province("Shanxi", len), by_province(Provinces(("Shanxi", "Henan"), np.array([1, 0, 1])), len).tolist()
    (6, [5, 6, 5])
    """
    if isinstance(province, Provinces):
        return np.array([about(name) for name in province.names])[province.of]
    return about(province)

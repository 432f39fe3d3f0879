"""From which class to which: pixels of two maps counted against each other, and the areas that this makes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class ClassChanges(NamedTuple):
    """Of each class: what stays, what it gains from others, loses to others, and on balance."""

    kept: NDArray
    gained: NDArray
    lost: NDArray
    net: NDArray


def transition_counts(before: ArrayLike, after: ArrayLike, classes: Sequence[int]) -> NDArray[np.int64]:
    """Pixels by class before (rows) and after (columns); matrices of blocks add up.

    The last row and column count what is in none of the classes, whose codes rise, so that every pixel is somewhere.

    >>> transition_counts([1, 1, 2, 2], [1, 2, 2, 9], [1, 2]).tolist()
    [[1, 1, 0], [0, 1, 1], [0, 0, 0]]
    """
    codes = np.asarray(classes, dtype=np.int64)
    if not (np.diff(codes) > 0).all():
        raise ValueError("codes of classes must rise")
    first, second = _places(before, codes), _places(after, codes)
    size = len(codes) + 1
    return np.bincount(first * size + second, minlength=size * size).reshape(size, size)


def transition_areas(counts: NDArray, pixel_ha: float) -> NDArray:
    """Areas between the classes, without what is in none of them on either date. [ha]

    >>> transition_areas(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 0]]), 0.09).tolist()
    [[0.09, 0.09], [0.0, 0.09]]
    """
    return counts[:-1, :-1] * pixel_ha


def class_changes(areas: ArrayLike) -> ClassChanges:
    """What each class keeps, gains, loses and has more in the end, in the unit of the areas.

    >>> changes = class_changes([[5.0, 2.0], [1.0, 4.0]])
    >>> changes.gained.tolist(), changes.net.tolist()
    ([1.0, 2.0], [-1.0, 1.0])
    """
    square = np.asarray(areas)
    kept = np.diagonal(square)
    gained, lost = square.sum(axis=0) - kept, square.sum(axis=1) - kept
    return ClassChanges(kept, gained, lost, gained - lost)


def _places(values: ArrayLike, codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place of each pixel's class among the codes; one behind the last for a code that is none of them."""
    found = np.asarray(values).ravel()
    places = np.minimum(np.searchsorted(codes, found), len(codes) - 1)
    return np.where(codes[places] == found, places, len(codes))

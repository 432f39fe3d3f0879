"""From which class to which: pixels of two maps counted against each other, and the areas that this makes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class ClassChanges(NamedTuple):
    """Of each class: what stays, what it gains from others, loses to others, and on balance."""

    kept: NDArray
    gained: NDArray
    lost: NDArray
    net: NDArray


def class_places(values: ArrayLike, classes: ArrayLike) -> NDArray[np.intp]:
    """Place of each value among the classes; one behind the last for what is none of them.

    >>> class_places([[30, 10, 99]], [30, 10])
    array([[0, 1, 2]])
    """
    found, codes = np.asarray(values), np.asarray(classes)
    if not codes.size:
        return np.zeros(found.shape, dtype=np.intp)
    order = np.argsort(codes)
    places = order[np.minimum(np.searchsorted(codes, found, sorter=order), len(codes) - 1)]
    return np.where(codes[places] == found, places, len(codes))


def transition_counts(before: ArrayLike, after: ArrayLike, classes: ArrayLike) -> NDArray[np.int64]:
    """Pixels by class before (rows) and after (columns); matrices of blocks add up.

    The last row and column count what is in none of the classes, so that every pixel is somewhere.

    >>> transition_counts([1, 1, 2, 2], [1, 2, 2, 9], [1, 2]).tolist()
    [[1, 1, 0], [0, 1, 1], [0, 0, 0]]
    """
    first, second = class_places(before, classes), class_places(after, classes)
    size = np.size(classes) + 1
    return np.bincount((first * size + second).ravel(), minlength=size * size).reshape(size, size)


def transition_areas(counts: NDArray, pixel_ha: float) -> NDArray:
    """Areas between the classes, without what is in none of them on either date. [ha]

    >>> transition_areas(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 0]]), 0.09).tolist()
    [[0.09, 0.09], [0.0, 0.09]]
    """
    return counts[:-1, :-1] * pixel_ha


def one_date_areas(counts: NDArray, pixel_ha: float) -> tuple[float, float]:
    """Land whose class is known before and not after, and after and not before: no change is known of it. [ha]

    >>> one_date_areas(np.array([[1, 1, 2], [0, 1, 0], [1, 0, 9]]), 0.09)
    (0.18, 0.09)
    """
    return float(counts[:-1, -1].sum() * pixel_ha), float(counts[-1, :-1].sum() * pixel_ha)


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

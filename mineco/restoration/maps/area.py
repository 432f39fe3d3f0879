"""Where to restore: factors of degradation on one scale, their weighted index, classes, and zones out of windows.

A factor is an array of any shape with NaN where it is not known; what blocks of a map give is merged by addition.
"""

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 10_000  # of p from 0 to 1: which trends count is known to that share
NO_CLASS = 255  # in place of a class where a factor is missing
NEVER = 254  # in place of a class where land cannot be restored, such as towns and water (reading T13)


def histogram_quantile(histogram: NDArray[np.int64], values: NDArray, share: float) -> float:
    """The value of a histogram, of those that its bins stand for, at or below which a share of all lies.

    >>> histogram_quantile(np.array([5, 90, 5]), np.array([0.1, 0.2, 0.3]), 0.95)
    0.2
    """
    total = histogram.sum()
    return float(values[np.searchsorted(np.cumsum(histogram), max(share * total, 1))]) if total else float("nan")


def degradation_score(values: ArrayLike, sound: float, degraded: float) -> NDArray[np.float64]:
    """A factor from 0 (sound) to 1 (degraded); beyond the two ends it stays 0 or 1 by definition.

    Parameters
    ----------
    values : array           In the unit of the factor.
    sound, degraded : float  Values that score 0 and 1; the second may be the lower one, as of vegetation cover.

    >>> degradation_score([0.2, 0.6, 1.0, np.nan], sound=0.9, degraded=0.3).round(3)
    array([1. , 0.5, 0. , nan])
    """
    if sound == degraded:
        raise ValueError("a factor that does not vary tells no land from another")
    share = (np.asarray(values, dtype=np.float64) - sound) / (degraded - sound)
    return np.minimum(np.maximum(share, 0), 1)


def priority_index(scores: NDArray, weights: ArrayLike) -> NDArray[np.float64]:
    """Index of priority D, the weighted sum of the factors; NaN where one of them is not known.

    Parameters
    ----------
    scores : array (factors, ...)  0 to 1.
    weights : array (factors,)     Sum to 1.

    >>> priority_index(np.array([[1.0, 0.0], [0.5, np.nan]]), [0.6, 0.4])
    array([0.8, nan])
    """
    shares = np.asarray(weights, dtype=np.float64)
    if shares.shape != scores.shape[:1] or abs(shares.sum() - 1) > 1e-9:
        raise ValueError("one weight for each factor, together 1, is needed")
    total = np.zeros(scores.shape[1:])
    for share, score in zip(shares, scores, strict=True):  # in this order whatever the block: bit for bit the same
        total += share * score
    return total


def priority_class(index: ArrayLike, breaks: Sequence[float], restorable: ArrayLike = True) -> NDArray[np.uint8]:
    """Class of priority by fixed breaks, 0 upward; a value on a break is in the higher class.

    255 where the index is not known, 254 where land cannot be restored, whatever is known of it.

    >>> priority_class([0.1, 0.35, 0.7, np.nan, np.nan], [0.35, 0.5, 0.6], [True, True, True, True, False])
    array([  0,   1,   3, 255, 254], dtype=uint8)
    """
    values = np.asarray(index, dtype=np.float64)
    classes = np.where(np.isnan(values), NO_CLASS, np.digitize(values, breaks))
    return np.where(restorable, classes, NEVER).astype(np.uint8)


class Patches(NamedTuple):
    """Patches of one window: their pixels, and where they reach its edges, along which they go on in the next.

    Places are those in the map, row by row, so that what is made of them does not depend on the windows.
    """

    pixels: NDArray[np.int64]  # (patches,)
    first: NDArray[np.int64]  # (patches,): place of the first pixel
    edge: NDArray[np.int64]  # places along the edges that lie in a patch
    edge_labels: NDArray[np.int32]  # which patch, from 1


def label_patches(inside: NDArray[np.bool_], row: int, column: int, map_width: int
                  ) -> tuple[NDArray[np.int32], Patches]:
    """Patches of adjoining pixels (four neighbours) in one window, numbered from 1, and what joins them to others.

    Row and column are those of the window in the map.

    >>> labels, patches = label_patches(np.array([[True, False], [False, True]]), 0, 0, 2)
    >>> labels.tolist(), patches.pixels.tolist(), patches.first.tolist()
    ([[1, 0], [0, 2]], [1, 1], [0, 3])
    """
    from scipy.ndimage import label  # imports for long what a check of a dossier does not need

    labels = label(inside)[0].astype(np.int32)
    places = (row + np.arange(labels.shape[0])[:, np.newaxis]) * map_width + column + np.arange(labels.shape[1])
    names, first, pixels = np.unique(labels, return_index=True, return_counts=True)
    edge = inside.copy()
    edge[1:-1, 1:-1] = False
    return labels, Patches(pixels[names > 0], places.ravel()[first[names > 0]], places[edge], labels[edge])


def join_patches(windows: Sequence[Patches], map_width: int, least_pixels: float) -> list[NDArray[np.int64]]:
    """Zones out of the patches of all windows: joined along the edges, the small ones sieved out, the largest first.

    For each window the zone of each label, (patches + 1,): 0 for label 0 and for what has fewer pixels than the least.
    Zones of one size are ordered by their first pixel, so that the numbers do not depend on the windows.

    >>> left = label_patches(np.array([[True], [True]]), 0, 0, 2)[1]
    >>> right = label_patches(np.array([[True], [False]]), 0, 1, 2)[1]
    >>> [zones.tolist() for zones in join_patches([left, right], 2, 2)]
    [[0, 1], [0, 1]]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    starts = np.cumsum([0, *(len(one.pixels) for one in windows)])
    places = np.concatenate([one.edge for one in windows])
    names = np.concatenate([one.edge_labels - 1 + start for one, start in zip(windows, starts[:-1], strict=True)])
    neighbours = []
    for step, going in ((1, places % map_width < map_width - 1), (map_width, slice(None))):  # to the right, and down
        _, here, there = np.intersect1d(places[going] + step, places, assume_unique=True, return_indices=True)
        neighbours.append((names[going][here], names[there]))
    pairs = np.concatenate(neighbours, axis=1)
    touching = coo_array((np.ones(pairs.shape[1]), pairs), shape=(starts[-1], starts[-1]))
    count, whole = connected_components(touching, directed=False)
    pixels, first = np.zeros(count, dtype=np.int64), np.full(count, np.iinfo(np.int64).max)
    np.add.at(pixels, whole, np.concatenate([one.pixels for one in windows]))
    np.minimum.at(first, whole, np.concatenate([one.first for one in windows]))
    large = np.flatnonzero(pixels >= least_pixels)
    zone = np.zeros(count, dtype=np.int64)
    zone[large[np.lexsort((first[large], -pixels[large]))]] = np.arange(1, len(large) + 1)
    return [np.concatenate([[0], zone[whole[start:stop]]]) for start, stop in itertools.pairwise(starts)]


def zone_sums(zones: NDArray[np.int64], values: Iterable[NDArray], count: int) -> NDArray[np.float64]:
    """Sums, (values, zones), over the pixels of each zone; sums of windows add up.

    Parameters
    ----------
    zones : array of int (pixels,)  Zone of each pixel, from 0.
    values : arrays (pixels,)       Each a row of the sums.

    >>> zone_sums(np.array([0, 0, 2]), np.array([[1.0, 2.0, 5.0]]), 3)
    array([[3., 0., 5.]])
    """
    return np.stack([np.bincount(zones, weights=one, minlength=count) for one in values])


def top_class_share(scores: NDArray, weight_draws: NDArray, lower: float) -> NDArray[np.float64]:
    """Share of draws of the weights in which the mean index of each zone stays in the highest class.

    Parameters
    ----------
    scores : array (zones, factors)
        Mean score of each zone; the index is linear, so that its mean is the index of the means.
    weight_draws : array (draws, factors)
    lower : float                    From which value the highest class begins.

    >>> top_class_share(np.array([[1.0, 0.5]]), np.array([[0.5, 0.5], [0.1, 0.9]]), 0.6)
    array([0.5])
    """
    return (scores @ weight_draws.T >= lower).mean(axis=1)


def leading_factors(scores: NDArray, weights: ArrayLike) -> NDArray[np.intp]:
    """Factors of each zone, those first that add most to its index: why it is degraded.

    Parameters
    ----------
    scores : array (zones, factors)
    weights : array (factors,)

    >>> leading_factors(np.array([[0.2, 0.9, 1.0]]), [0.6, 0.3, 0.1])
    array([[1, 0, 2]])
    """
    return np.argsort(-scores * np.asarray(weights), axis=1, kind="stable")

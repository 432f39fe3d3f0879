"""Slope, its shade, its length, and soil loss by water: RUSLE in tonnes, or an index where rain and soil are not known.

Blocks of elevation come with a halo; results come without it.
"""

import numpy as np
from numpy import arctan, log10, maximum, minimum, sin, where
from numpy.typing import ArrayLike, NDArray

from mineco.core.number import Number

PLOT = 22.13  # length of the standard plot, of which L is 1; [m]
STEEP = 0.09  # tangent at which McCool's two lines of steepness meet


def slope_tangent(elevation: ArrayLike, width: float, height: float) -> NDArray[np.float64]:
    """Tangent of the steepest slope by Horn's eight neighbours (1981); NaN where one of the nine is missing. [1]

    Parameters
    ----------
    elevation : array (rows + 2, columns + 2)  With a halo of one pixel, NaN where missing. [m]
    width, height : float                      Of a pixel. [m]

    >>> slope_tangent([[0.0, 3.0, 6.0]] * 3, 30.0, 30.0)
    array([[0.1]])
    """
    return np.hypot(*_rises(elevation, width, height))


def hillshade(elevation: ArrayLike, width: float, height: float) -> NDArray[np.float64]:
    """Light on the ground from the north-west at 45°: the cosine between it and the normal by Horn, 0 in shadow. [1]

    Parameters
    ----------
    elevation : array (rows + 2, columns + 2)  With a halo of one pixel, NaN where missing. [m]
    width, height : float                      Of a pixel. [m]

    >>> hillshade([[0.0, 3.0, 6.0]] * 3, 30.0, 30.0).round(4)  # (√½ + 0.1/2) / √1.01: it faces the west
    array([[0.7533]])
    """
    east, south = _rises(elevation, width, height)
    return maximum((np.sqrt(0.5) + (east + south) / 2) / np.sqrt(1 + east ** 2 + south ** 2), 0.0)


def _rises(elevation: ArrayLike, width: float, height: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rise in a metre to the east and to the south by Horn's eight neighbours; NaN where one of the nine is missing."""
    z = np.asarray(elevation, dtype=np.float64)
    sides = z[:-2] + 2 * z[1:-1] + z[2:]
    ends = z[:, :-2] + 2 * z[:, 1:-1] + z[:, 2:]
    east, south = (sides[:, 2:] - sides[:, :-2]) / (8 * width), (ends[2:] - ends[:-2]) / (8 * height)
    return np.where(np.isnan(z[1:-1, 1:-1]), np.nan, east), south


def slope_degrees(tangent: Number) -> Number:
    """Slope as an angle. [°]

    >>> round(float(slope_degrees(1.0)), 6)
    45.0
    """
    return arctan(tangent) * 180 / np.pi


def steepness_factor(tangent: Number) -> Number:
    """Steepness S of RUSLE (McCool et al. 1987): two lines over the sine, which part at a slope of 9 %, S near 1. [1]

    Parameters
    ----------
    tangent : float or array  Slope. [1]

    >>> round(float(steepness_factor(0.05)), 4), round(float(steepness_factor(0.3)), 4)
    (0.5693, 4.3274)
    """
    sine = sin(arctan(tangent))
    return where(tangent < STEEP, 10.8 * sine + 0.03, 16.8 * sine - 0.5)


def length_factor(length: Number, tangent: Number) -> Number:
    """Slope length L of RUSLE (McCool et al. 1989), for a moderate share of rills; 1 at 22.13 m. [1]

    Parameters
    ----------
    length : float or array   Horizontal length of the slope above. [m]
    tangent : float or array  Slope. [1]

    >>> float(length_factor(22.13, 0.2))
    1.0
    """
    sine = sin(arctan(tangent))
    rills = sine / 0.0896 / (3 * sine ** 0.8 + 0.56)
    return (length / PLOT) ** (rills / (1 + rills))


def slope_halo(longest: float, width: float, height: float) -> int:
    """How many pixels around a block a slope length needs that is cut at the longest. [pixels]

    >>> slope_halo(305.0, 30.0, 30.0)
    13
    """
    return int(np.ceil(longest / min(width, height))) + 2


def slope_length(elevation: ArrayLike, width: float, height: float, longest: float) -> NDArray[np.float64]:
    """Length of the slope above each pixel: the longest way on which water comes down to it, cut at the longest. [m]

    Water goes to the steepest of eight neighbours, on ground that is averaged over 3 by 3 pixels, so that whole metres
    and noise dam no way; the pixel where a way begins counts by half. Pits that remain are not filled: a way begins
    anew below one. Whatever the block, a pixel has the same length, since the halo is as wide as the cut.

    Parameters
    ----------
    elevation : array (rows + 2 halo, columns + 2 halo)
        With the halo of `slope_halo`, NaN where missing: from there no way is known. [m]
    width, height : float  Of a pixel. [m]
    longest : float        Where the length is cut: water gathers in channels beyond. [m]

    >>> plane = np.repeat(np.arange(12.0, 0.0, -1.0)[:, np.newaxis], 11, axis=1)  # falling to the south
    >>> slope_length(plane, 10.0, 10.0, 25.0)[:, 0]
    array([25., 25.])
    """
    z = _averaged(np.asarray(elevation, dtype=np.float64))
    to, step = _downhill(z, width, height)
    ways = np.bincount(to[to >= 0], minlength=z.size)  # that lead to a pixel and have not arrived
    length = np.full(z.size, (width + height) / 4)
    ready, once = np.flatnonzero(ways == 0), np.empty(z.size, dtype=np.intp)
    while (ready := ready[to[ready] >= 0]).size:
        below = to[ready]
        np.maximum.at(length, below, length[ready] + step[ready])
        np.subtract.at(ways, below, 1)
        arrived = below[ways[below] == 0]
        once[arrived] = numbers = np.arange(len(arrived))  # of ways that arrive together one goes on
        ready = arrived[once[arrived] == numbers]
    inner = slope_halo(longest, width, height) - 1  # averaging took a pixel
    return np.minimum(length, longest).reshape(z.shape)[inner:-inner, inner:-inner]


def _averaged(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each pixel with its eight neighbours, without those at the edge; NaN where one of the nine is missing."""
    sides = z[:-2] + z[1:-1] + z[2:]
    return (sides[:, :-2] + sides[:, 1:-1] + sides[:, 2:]) / 9


def _downhill(z: NDArray[np.float64], width: float, height: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where water goes from each pixel, -1 where to nowhere or nobody knows, and how far that is; both flat."""
    inner = z[1:-1, 1:-1]
    steepest, way = np.zeros(inner.shape), np.full(inner.shape, -1)
    places = np.arange(z.size).reshape(z.shape)[1:-1, 1:-1]
    far = np.zeros(inner.shape)
    known = ~np.isnan(inner)
    for down, across in ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)):
        other = z[1 + down:z.shape[0] - 1 + down, 1 + across:z.shape[1] - 1 + across]
        distance = np.hypot(down * height, across * width)
        fall = (inner - other) / distance
        known &= ~np.isnan(other)
        better = fall > steepest  # never where one of both is missing
        steepest[better], far[better] = fall[better], distance
        way[better] = (places + down * z.shape[1] + across)[better]
    to, step = np.full(z.shape, -1), np.zeros(z.shape)
    to[1:-1, 1:-1], step[1:-1, 1:-1] = np.where(known, way, -1), far
    return to.ravel(), step.ravel()


def cover_factor(cover: Number) -> Number:
    """Cover and management C from the share of ground that plants cover (Cai et al. 2000). [1]

    1 up to a cover of 0.1 %, falling with its logarithm to 0 at 78.3 %.

    Parameters
    ----------
    cover : float or array  Share of the ground, 0 to 1. [1]

    >>> np.round(cover_factor(np.array([0.0, 0.1, 0.5, 0.9])), 4)
    array([1.    , 0.3072, 0.067 , 0.    ])
    """
    percent = maximum(cover * 100, 0.01)  # below 0.1 % the result is 1 whatever the cover
    return where(cover > 0.783, 0.0, minimum(0.6508 - 0.3436 * log10(percent), 1.0))


def soil_loss(erosivity: Number, erodibility: Number, topography: Number, cover: Number, practice: Number) -> Number:
    """Soil lost to water in a year, A = R K LS C P (RUSLE). [t/(ha yr)]

    Parameters
    ----------
    erosivity : float or array        R. [MJ mm/(ha h yr)]
    erodibility : float or array      K. [t ha h/(ha MJ mm)]
    topography : float or array       LS, length and steepness. [1]
    cover, practice : float or array  C and P. [1]

    >>> round(soil_loss(3000.0, 0.03, 2.0, 0.1, 1.0), 6)
    18.0
    """
    return erosivity * erodibility * topography * cover * practice


def soil_loss_index(topography: Number, cover: Number, practice: Number) -> Number:
    """LS C P: soil loss beside that of a bare standard plot, where rain or soil are not known; never tonnes. [1]

    Parameters
    ----------
    topography, cover, practice : float or array  LS, C and P. [1]

    >>> soil_loss_index(2.0, 0.25, 1.0)
    0.5
    """
    return topography * cover * practice

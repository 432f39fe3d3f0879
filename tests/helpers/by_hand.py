"""What maps of land are computed by, done again pixel by pixel or by other programs than ours."""

from functools import cache

import numpy as np
import rasterio
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import sobel

from tests.helpers.land import FOLDER

AROUND = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1) if down or across]
PIXEL = 30.0  # m, of the example
RAIN_AND_SOIL = 1500 * 0.04  # R and K of the example


def averaged(ground):
    """The mean of a pixel and its eight neighbours; NaN where one is missing, and at the edge."""
    return np.pad(sliding_window_view(ground, (3, 3)).mean(axis=(2, 3)), 1, constant_values=np.nan)


def longest_way(ground, width, height, longest):
    """The longest way down to each pixel, one pixel after the other from the highest to the lowest. [m]"""
    rows, columns = ground.shape
    length = np.full(ground.shape, (width + height) / 4)
    for place in np.argsort(-np.nan_to_num(ground, nan=-np.inf), axis=None, kind="stable"):
        row, column = divmod(int(place), columns)
        if not (0 < row < rows - 1 and 0 < column < columns - 1):
            continue
        if np.isnan(ground[row - 1:row + 2, column - 1:column + 2]).any():
            continue
        falls = [(ground[row, column] - ground[row + down, column + across]) / np.hypot(down * height, across * width)
                 for down, across in AROUND]
        if max(falls) > 0:
            down, across = AROUND[int(np.argmax(falls))]
            way = length[row, column] + np.hypot(down * height, across * width)
            length[row + down, column + across] = max(length[row + down, column + across], way)
    return np.minimum(length, longest)


@cache
def bare_ground():
    """Of the example: slope [°], and what its soil would lose without plants [t/(ha yr)]; NaN at the edge."""
    with rasterio.open(FOLDER / "rasters" / "elevation.tif") as file:
        ground = file.read(1) * file.scales[0]
    tangent = np.hypot(*(sobel(ground, axis) / (8 * PIXEL) for axis in (0, 1)))
    sine = np.sin(np.arctan(tangent))
    rills = sine / 0.0896 / (3 * sine ** 0.8 + 0.56)
    length = longest_way(averaged(np.pad(ground, 20, constant_values=np.nan)), PIXEL, PIXEL, 305.0)[20:-20, 20:-20]
    steepness = np.where(tangent < 0.09, 10.8 * sine + 0.03, 16.8 * sine - 0.5)
    loss = RAIN_AND_SOIL * steepness * (length / 22.13) ** (rills / (1 + rills))
    inner = np.pad(np.ones((ground.shape[0] - 2, ground.shape[1] - 2), dtype=bool), 1)
    return np.where(inner, np.degrees(np.arctan(tangent)), np.nan), np.where(inner, loss, np.nan)


def weights():
    """Of the factors: the eigenvector of judgements.csv, cover, fall and change alike, loss half, slope a third."""
    matrix = np.array([[1, 1, 1, 3, 2], [1, 1, 1, 3, 2], [1, 1, 1, 3, 2], [1 / 3, 1 / 3, 1 / 3, 1, 1 / 2],
                       [1 / 2, 1 / 2, 1 / 2, 2, 1]])
    values, vectors = np.linalg.eig(matrix)
    main = np.abs(vectors[:, np.argmax(values.real)].real)
    return main / main.sum()


def scaled(values, sound, degraded):
    return np.clip((values - sound) / (degraded - sound), 0, 1)

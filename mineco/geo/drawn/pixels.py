"""The pixels of a picture of a map: how many, in which colours, in which light, and stripes where nothing is known."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.labels import label

if TYPE_CHECKING:
    from matplotlib.patches import Patch

MISSING, STRIPE = "#e3e8ea", "#9fabb2"  # striped, so that no grey of a print is taken for it
STRIPES = 12, 3  # pixels from a stripe to the next, and of a stripe
FEWEST, MOST = 480, 720  # pixels of a side of a picture: fewer are repeated, of more every so many is shown
DARKER, LIGHTER = 0.12, 0.12  # share of a colour that the darkest slope loses, and of white that the brightest gains
LEAST_LIGHT = 0.05  # from the middle to the brightest: a plain shows no mountains
TONES = 8  # of shade on either side of the middle; more make a large file and no better picture


def thinned(values: NDArray[Any]) -> NDArray[Any]:
    """The values in a size that a picture needs: pixels keep sharp edges, and a large map is thinned."""
    return _repeated(_every(values), values.shape)


def _every(values: NDArray[Any]) -> NDArray[Any]:
    """Every so many of the values."""
    return values[tuple(slice(thinning(size) // 2, None, thinning(size)) for size in values.shape)]


def _repeated(shown: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Each of the values that are shown of a map of a shape as often as a picture repeats it."""
    for axis, size in enumerate(shape):
        shown = shown if size >= FEWEST else shown.repeat(math.ceil(FEWEST / size), axis)
    return shown


def thinning(size: int) -> int:
    """Every so many of so many pixels are shown.

    >>> thinning(96), thinning(2000)
    (1, 3)
    """
    return math.ceil(size / MOST)


def class_colours(codes: NDArray[Any], colours: Mapping[int, str],
                  light: NDArray[np.float64] | None = None) -> NDArray[np.uint8]:
    """The colours of a picture of classes, in the size that it needs: (rows, columns, red green blue alpha), to 255.

    Parameters
    ----------
    codes : array of int (rows, columns)  Negative where there is no data.
    colours : mapping of code to colour   Of every class that is there.
    light : array (rows, columns), optional
        On the ground, as `mineco.restoration.maps.terrain.hillshade` tells it; NaN where that is not known. [1]

    >>> class_colours(np.array([[1]]), {1: "#ff8000"})[0, 0].tolist()
    [255, 128, 0, 255]
    """
    from matplotlib.colors import to_rgba

    shown = _every(codes)
    found = np.ones((*shown.shape, 4))
    for code, tone in colours.items():
        found[shown == code] = to_rgba(tone)
    if light is not None:
        found[..., :3] = _lit(found[..., :3], _every(light))
    return with_stripes(_repeated((found * 255).astype(np.uint8), codes.shape), _repeated(shown < 0, codes.shape))


def with_stripes(colours: NDArray[np.uint8], missing: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Stripes where nothing is known."""
    from matplotlib.colors import to_rgba

    if not missing.any():
        return colours
    diagonal = np.add.outer(np.arange(missing.shape[0]), np.arange(missing.shape[1])) % STRIPES[0]
    tones = (np.array([to_rgba(MISSING), to_rgba(STRIPE)]) * 255).astype(np.uint8)
    striped = colours.copy()
    striped[missing] = tones[(diagonal[missing] < STRIPES[1]).astype(np.int64)]
    return striped


def blank(colours: NDArray[np.uint8], there: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """White where nothing is told."""
    return np.where(there[..., np.newaxis], np.uint8(255), colours) if there.any() else colours


def missing_patch() -> "Patch":
    """What stands for it in a legend."""
    from matplotlib.patches import Patch

    return Patch(facecolor=MISSING, edgecolor=STRIPE, linewidth=0.4, hatch="/////", label=label("no_data"))


def _lit(colours: NDArray[np.float64], light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Colours a little darker in the shade and a little lighter where light falls, around the middle of the map."""
    if not np.isfinite(light).any():
        return colours
    from_middle = light - np.nanmedian(light)
    reach = max(float(np.nanpercentile(np.abs(from_middle), 98)), LEAST_LIGHT)
    shade = np.round(np.nan_to_num(np.clip(from_middle / reach, -1, 1)) * TONES)[..., np.newaxis] / TONES
    return np.where(shade < 0, colours * (1 + DARKER * shade), colours + LIGHTER * shade * (1 - colours))

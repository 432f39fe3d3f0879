"""Maps drawn from plain arrays and the grid that they lie on, each with north arrow, scale bar, legend and words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import label
from mineco.geo.drawn.frame import draw, draw_legend, draw_outline, is_low, map_axes, write_marks
from mineco.geo.drawn.pixels import blank, class_colours, missing_patch, thinned, with_stripes
from mineco.geo.grid import Grid
from mineco.report.drawing import QUIET, styled, value_axis, wrapped

if TYPE_CHECKING:
    from matplotlib.colors import Normalize

ONE_WAY, TWO_WAYS = "cividis", "BrBG"  # read alike by eyes without red or green cones; the second parts at a middle
SCALE_ABOVE = 0.7  # room for the scale of colours above a low map, and for what is missing below; [inches]


@styled
def class_map(codes: NDArray[Any], grid: Grid, classes: Mapping[int, tuple[str, str]], areas: Mapping[int, float],
              light: NDArray[np.float64] | None = None, marks: Mapping[str, tuple[float, float]] | None = None,
              framed: int = 0, boundary: Any = None, inside: NDArray[np.bool_] | None = None) -> Any:
    """A map of classes, with the area of each in its words.

    Parameters
    ----------
    codes : array of int (rows, columns)         Negative where there is no data.
    classes : mapping of code to (name, colour)  In the order of the legend; those without land are left out.
    areas : mapping of code to float             As counted on the whole map, of which the picture may be thinned. [ha]
    light : array (rows, columns), optional
        On the ground, under the colours, as `mineco.restoration.maps.terrain.hillshade` tells it. [1]
    marks : mapping of text to (x, y), optional
        Short texts, such as the numbers of zones, and where they stand, the most important first: one that would
        overprint another before it is left out, and the caption counts those that stand. [units of the CRS]
    framed : int
        So many of the first marks stand in frames.
    boundary : geometries of shapely, optional
        Areas that are outlined. [units of the CRS]
    inside : array of bool (rows, columns), optional
        Where anything is told; the rest stays blank.

    >>> from rasterio import Affine
    >>> grid = Grid("EPSG:32650", Affine(100.0, 0.0, 0.0, 0.0, -100.0, 0.0), 2, 2)
    >>> codes = np.array([[1, 1], [2, -1]])
    >>> kinds = {1: ("forest", "#1f5873"), 2: ("bare", "#c8a868")}
    >>> class_map(codes, grid, kinds, {1: 2.0, 2: 1.0}).alt
    'Map of classes: forest 2 ha (66.67 %); bare 1 ha (33.33 %)'
    """
    from matplotlib.patches import Patch

    unknown = set(np.unique(codes[codes >= 0]).tolist()) - set(classes)
    if unknown:
        raise ValueError(f"classes {sorted(unknown)} of the map have no name")
    present = {code: area for code in classes if (area := areas.get(code, 0.0)) > 0}
    entries = [wrapped(classes[code][0], 22) for code in present]
    patches = [Patch(facecolor=classes[code][1], edgecolor=QUIET, linewidth=0.4, label=entry)
               for code, entry in zip(present, entries, strict=True)]
    inside = np.ones(codes.shape, dtype=bool) if inside is None else inside
    patches += [missing_patch()] if (codes[inside] < 0).any() else []
    figure, axes = map_axes(grid, [*entries, ""])
    tones = {code: tone for code, (_, tone) in classes.items()}
    draw(axes, blank(class_colours(codes, tones, light), ~thinned(inside)), grid)
    if boundary is not None:
        draw_outline(axes, boundary)
    draw_legend(figure, patches, grid)
    stand = write_marks(axes, marks, framed) if marks else []
    there = sum(present.values())
    rows = [f"{classes[code][0]} {format_number(area, 'ha')} ({format_percent(area / there)})"
            for code, area in present.items()]
    words = label("class_map_alt").format(rows="; ".join(rows))
    if marks and len(stand) < len(marks):
        return figure, words, label("marks_that_fit").format(shown=len(stand), all=len(marks))
    return figure, words


@styled
def quantity_map(values: NDArray[Any], grid: Grid, name: str, unit: str = "1", ends: tuple[float, float] | None = None,
                 middle: float | None = None, boundary: Any = None, inside: NDArray[np.bool_] | None = None) -> Any:
    """A map of one quantity on a scale of colours.

    The light on the ground is not under it: it would be read as the quantity, which the colours tell by how light they
    are.

    Parameters
    ----------
    values : array (rows, columns)   NaN where there is no data.
    name, unit : str                 Of the quantity, beside the scale.
    ends : tuple of float, optional
        Of the scale; else the 2nd and 98th percentile, beyond which colours do not change. [unit]
    middle : float, optional
        Where the colours part, such as 0 for a trend; the scale then reaches as far on both sides. [unit]
    boundary : geometries of shapely, optional
        Areas that are outlined. [units of the CRS]
    inside : array of bool (rows, columns), optional
        Where anything is told; the rest stays blank.

    >>> from rasterio import Affine
    >>> grid = Grid("EPSG:32650", Affine(100.0, 0.0, 0.0, 0.0, -100.0, 0.0), 2, 2)
    >>> quantity_map(np.array([[0.1, 0.2], [0.3, np.nan]]), grid, "cover").alt
    'Map of cover: from 0.1 to 0.3, mean 0.2; no data 25 %'
    """
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable

    known = values[np.isfinite(values)]
    if not known.size:
        raise ValueError("a map needs a value")
    scale, beyond = _scale(known, ends, middle)
    ramp = colormaps[TWO_WAYS if middle is not None else ONE_WAY]
    shown = thinned(values)
    figure, axes = map_axes(grid, above=SCALE_ABOVE)
    inside = np.ones(values.shape, dtype=bool) if inside is None else inside
    colours = with_stripes(ramp(scale(np.ma.masked_invalid(shown)), bytes=True), ~np.isfinite(shown))
    draw(axes, blank(colours, ~thinned(inside)), grid)
    if boundary is not None:
        draw_outline(axes, boundary)
    bar = figure.colorbar(ScalarMappable(scale, ramp), ax=axes, extend=beyond, shrink=0.7, pad=0.03, aspect=16,
                          location="top" if is_low(grid) else "right")
    bar.outline.set_linewidth(0.4)
    low, high, mean = (format_number(float(one)) for one in (known.min(), known.max(), known.mean()))
    words = label("value_map_part").format(low=low, high=high, mean=mean)
    if known.size < inside.sum():
        figure.legend(handles=[missing_patch()], loc="outside lower right", handlelength=1.4)
        words += f"; {label('no_data')} {format_percent(1 - known.size / inside.sum().item())}"
    value_axis(bar.ax.xaxis if is_low(grid) else bar.ax.yaxis, name, unit)
    return figure, label("value_map_alt").format(name=name, rows=words)


def _scale(known: NDArray[Any], ends: tuple[float, float] | None, middle: float | None) -> tuple["Normalize", str]:
    """From where to where the colours go, and on which sides there is more."""
    from matplotlib.colors import Normalize

    low, high = ends if ends is not None else np.percentile(known, [2, 98]).tolist()
    if middle is not None:
        reach = max(high - middle, middle - low)
        low, high = middle - reach, middle + reach
    if low == high:
        low, high = low - 0.5, high + 0.5
    beyond = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}
    return Normalize(low, high), beyond[bool(known.min() < low), bool(known.max() > high)]

"""Maps drawn from plain arrays and the grid that they lie on, each with north arrow, scale bar, legend and words."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import label
from mineco.geo.grid import Grid
from mineco.report.drawing import INK, QUIET, styled, value_axis, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize
    from matplotlib.patches import Patch

MISSING = "#cbd3d7"
ONE_WAY, TWO_WAYS = "cividis", "BrBG"  # read alike by eyes without red or green cones; the second parts at a middle
FEWEST, MOST = 480, 720  # pixels of the longer side of a picture: fewer are repeated, of more every so many is shown
MAP_WIDTH, LOWEST, HIGHEST = 3.3, 1.8, 4.6  # of the map itself, and its height; [inches]
WIDTH = 5.0  # of a map with its legend; [inches]
STEPS = (1.0, 2.0, 5.0)  # a scale bar is so many metres, times a power of ten
BAR_SHARE = 0.3  # of the map's width, which a scale bar stays below
LETTER, LINE = 6.0, 10.0  # width and height of a letter of a mark, with some room; [points]
ROW = 15.0  # below the map, where scale bar and arrow stand; [points]


@styled
def class_map(codes: NDArray[Any], grid: Grid, classes: Mapping[int, tuple[str, str]],
              areas: Mapping[int, float], marks: Mapping[str, tuple[float, float]] | None = None) -> Any:
    """A map of classes, with the area of each in its words.

    Parameters
    ----------
    codes : array of int (rows, columns)         Negative where there is no data.
    classes : mapping of code to (name, colour)  In the order of the legend; those without land are left out.
    areas : mapping of code to float             As counted on the whole map, of which the picture may be thinned. [ha]
    marks : mapping of text to (x, y), optional
        Short texts, such as the numbers of zones, and where they stand, the most important first: one that would
        overprint another before it is left out. [units of the CRS]

    >>> from rasterio import Affine
    >>> grid = Grid("EPSG:32650", Affine(100.0, 0.0, 0.0, 0.0, -100.0, 0.0), 2, 2)
    >>> codes = np.array([[1, 1], [2, -1]])
    >>> kinds = {1: ("forest", "#1f5873"), 2: ("bare", "#c8a868")}
    >>> class_map(codes, grid, kinds, {1: 2.0, 2: 1.0}).alt
    'Map of classes: forest 2 ha (66.67 %); bare 1 ha (33.33 %)'
    """
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Patch

    unknown = set(np.unique(codes[codes >= 0]).tolist()) - set(classes)
    if unknown:
        raise ValueError(f"classes {sorted(unknown)} of the map have no name")
    shown = _picture(codes)
    colours = np.broadcast_to(np.array(to_rgba(MISSING)), (*shown.shape, 4)).copy()
    for code, (_, tone) in classes.items():
        colours[shown == code] = to_rgba(tone)
    figure, axes = _map_axes(grid)
    _draw(axes, colours, grid)
    for text, (x, y) in apart_marks(marks or {}, grid).items():
        _mark(axes, text, x, y)
    present = {code: area for code in classes if (area := areas.get(code, 0.0)) > 0}
    patches = [Patch(facecolor=classes[code][1], edgecolor=QUIET, linewidth=0.4, label=wrapped(classes[code][0], 22))
               for code in present]
    patches += [_missing_patch()] if (codes < 0).any() else []
    figure.legend(handles=patches, loc="outside right center", handlelength=1.4)
    there = sum(present.values())
    rows = [f"{classes[code][0]} {format_number(area, 'ha')} ({format_percent(area / there)})"
            for code, area in present.items()]
    return figure, label("class_map_alt").format(rows="; ".join(rows))


@styled
def quantity_map(values: NDArray[Any], grid: Grid, name: str, unit: str = "1", ends: tuple[float, float] | None = None,
                 middle: float | None = None) -> Any:
    """A map of one quantity on a scale of colours.

    Parameters
    ----------
    values : array (rows, columns)   NaN where there is no data.
    name, unit : str                 Of the quantity, beside the scale.
    ends : tuple of float, optional
        Of the scale; else the 2nd and 98th percentile, beyond which colours do not change. [unit]
    middle : float, optional
        Where the colours part, such as 0 for a trend; the scale then reaches as far on both sides. [unit]

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
    ramp = colormaps[TWO_WAYS if middle is not None else ONE_WAY].with_extremes(bad=MISSING)
    figure, axes = _map_axes(grid)
    _draw(axes, ramp(scale(np.ma.masked_invalid(_picture(values)))), grid)
    bar = figure.colorbar(ScalarMappable(scale, ramp), ax=axes, extend=beyond, shrink=0.7, pad=0.03, aspect=16)
    bar.outline.set_linewidth(0.4)
    low, high, mean = (format_number(float(one)) for one in (known.min(), known.max(), known.mean()))
    words = label("value_map_part").format(low=low, high=high, mean=mean)
    if known.size < values.size:
        figure.legend(handles=[_missing_patch()], loc="outside lower right", handlelength=1.4)
        words += f"; {label('no_data')} {format_percent(1 - known.size / values.size)}"
    value_axis(bar.ax.yaxis, name, unit)
    return figure, label("value_map_alt").format(name=name, rows=words)


def apart_marks(marks: Mapping[str, tuple[float, float]], grid: Grid) -> dict[str, tuple[float, float]]:
    """Those marks that overprint none before them, on a map as wide as it is drawn.

    >>> from rasterio import Affine
    >>> grid = Grid("EPSG:32650", Affine(100.0, 0.0, 0.0, 0.0, -100.0, 0.0), 100, 100)
    >>> list(apart_marks({"1": (5000.0, -5000.0), "2": (5050.0, -5000.0), "3": (9000.0, -5000.0)}, grid))
    ['1', '3']
    """
    west, _, east, _ = grid.bounds
    points = 72 * MAP_WIDTH / (east - west)  # for a unit of the CRS
    kept: dict[str, tuple[float, float]] = {}
    for text, (x, y) in marks.items():
        if all(abs(x - other_x) * points > LETTER * (len(text) + len(other)) / 2
               or abs(y - other_y) * points > LINE for other, (other_x, other_y) in kept.items()):
            kept[text] = x, y
    return kept


def bar_length(width: float) -> float:
    """A round length for a scale bar below a map. [m]

    Parameters
    ----------
    width : float  Of the map. [m]

    >>> [bar_length(width) for width in (1_000.0, 7_000.0, 40_000.0)]
    [200.0, 2000.0, 10000.0]
    """
    power = 10 ** math.floor(math.log10(BAR_SHARE * width))
    return max(step * power for step in STEPS if step * power <= BAR_SHARE * width)


def _picture(values: NDArray[Any]) -> NDArray[Any]:
    """The values in a size that a picture needs: pixels stay squares with sharp edges, and a large map is thinned."""
    longest = max(values.shape)
    every = math.ceil(longest / MOST)
    if every > 1:
        return values[every // 2::every, every // 2::every]
    times = math.ceil(FEWEST / longest)
    return values.repeat(times, axis=0).repeat(times, axis=1)


def _map_axes(grid: Grid) -> tuple[Any, "Axes"]:
    """A figure as high as its map needs."""
    from matplotlib.figure import Figure

    shape = grid.height * grid.pixel_size[1] / (grid.width * grid.pixel_size[0])
    figure = Figure(figsize=(WIDTH, min(max(MAP_WIDTH * shape, LOWEST), HIGHEST) + 0.45))
    return figure, figure.subplots()


def _draw(axes: "Axes", colours: NDArray[Any], grid: Grid) -> None:
    """The picture in its frame, and below it what a map needs to be read."""
    west, south, east, north = grid.bounds
    axes.imshow(colours, extent=(west, east, south, north), interpolation="none", aspect="equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(True)
    _scale_bar(axes, grid)
    north_arrow(axes)


def _scale_bar(axes: "Axes", grid: Grid) -> None:
    """Two halves of a round length, dark and white, with the length beside."""
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    west, _, east, _ = grid.bounds
    metres = grid.pixel_metres[0] / grid.pixel_size[0]
    length = bar_length((east - west) * metres)
    figure: Any = axes.figure
    below = blended_transform_factory(axes.transData, axes.transAxes) + ScaledTranslation(
        0, -ROW / 72, figure.dpi_scale_trans)
    half = length / metres / 2
    for part, tone in enumerate((INK, "white")):
        axes.barh(0, half, left=west + part * half, height=0.012, color=tone, edgecolor=INK, linewidth=0.6,
                  transform=below, clip_on=False)
    axes.set_xlim(west, east)
    axes.set_ylim(grid.bounds[1], grid.bounds[3])
    text = format_number(length / 1000, "km") if length >= 1000 else format_number(length, "m")
    axes.annotate(f"{text}　{grid.crs.partition('[')[0]}", (2 * half / (east - west), 0), xycoords="axes fraction",
                  xytext=(5, -ROW), textcoords="offset points", va="center", fontsize=7.5, annotation_clip=False)


def north_arrow(axes: "Axes") -> None:
    """An arrow below a map, at its right."""
    axes.annotate("", xy=(0.97, 0), xycoords="axes fraction", xytext=(0, -26), textcoords="offset points",
                  annotation_clip=False,
                  arrowprops={"arrowstyle": "-|>,head_length=0.6,head_width=0.28", "color": INK, "linewidth": 1.2,
                              "shrinkB": 3})
    axes.annotate(label("north"), (0.97, 0), xycoords="axes fraction", xytext=(-7, -ROW), ha="right",
                  va="center", textcoords="offset points", fontsize=9, annotation_clip=False)


def _missing_patch() -> "Patch":
    from matplotlib.patches import Patch

    return Patch(facecolor=MISSING, edgecolor=QUIET, linewidth=0.4, label=label("no_data"))


def _mark(axes: "Axes", text: str, x: float, y: float) -> None:
    from matplotlib.patheffects import withStroke

    axes.annotate(text, (x, y), ha="center", va="center", fontsize=8, color=INK,
                  path_effects=[withStroke(linewidth=2.2, foreground="white")])


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

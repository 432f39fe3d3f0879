"""The frame of a map: its place beside its legend, scale bar, north arrow, outlines, and numbers that keep apart."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import shapely
from numpy.typing import NDArray

from mineco.core.formatting import format_number
from mineco.core.labels import label
from mineco.geo.grid import Grid, crs_name
from mineco.report.drawing import INK, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

MAP_WIDTH, HIGHEST = 3.3, 4.6  # of the map itself, and its height; [inches]
WIDTH = 5.0  # of a map with its legend; [inches]
LOW = 0.4  # a map that is so much lower than wide has its legend below, in so many columns
COLUMNS = 3
SETTLING = 2  # drawings until a low map has found its place above its legend
HIGH = 2.5  # one that is so much higher than wide has its arrow beside it
NARROW = 0.09  # a map that is narrower is drawn as wide, and says so: a strip of land would be no more than a line
LINE = 0.18  # of a legend; [inches]
STEPS = (1.0, 2.0, 5.0)  # a scale bar is so many metres, times a power of ten
BAR_SHARE = 0.3  # of the map's width, which a scale bar stays below
ROW, BAR = 15.0, 4.0  # below the map, where scale bar and arrow stand, and the height of the bar; [points]
LETTERS = 30  # of a line beside the bar or below it
ROOM = 1.5  # around a number on the map; [points]
TRIED = 60  # numbers, of which those that fit stand on the map: more hide it


def map_axes(grid: Grid, entries: Sequence[str] = (), above: float = 0.0) -> tuple["Figure", "Axes"]:
    """A figure as large as its map and the entries of its legend need, or what stands above a low map. [inches]"""
    from matplotlib.figure import Figure

    shape, lines = _drawn_shape(grid), sum(1 + entry.count("\n") for entry in entries)
    if is_low(grid):
        height = WIDTH * shape + LINE * math.ceil(lines / COLUMNS) + above
    else:
        height = max(min(MAP_WIDTH * shape, HIGHEST), LINE * lines)
    figure = Figure(figsize=(WIDTH, height + 0.45))
    return figure, figure.subplots()


def is_low(grid: Grid) -> bool:
    """Whether a map is so low that there is no room beside it but below."""
    return _drawn_shape(grid) < LOW


def draw(axes: "Axes", colours: NDArray[Any], grid: Grid) -> None:
    """The picture in its frame, and below it what a map needs to be read."""
    west, south, east, north = grid.bounds
    axes.imshow(colours, extent=(west, east, south, north), interpolation="none",
                aspect=stretch(grid))
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(True)
    _scale_bar(axes, grid)
    north_arrow(axes, beside=_drawn_shape(grid) > HIGH)


def draw_legend(figure: "Figure", handles: "Sequence[Artist]", grid: Grid) -> None:
    """The legend beside the map, or below one that is low."""
    if is_low(grid):
        figure.legend(handles=handles, loc="outside lower left", ncols=COLUMNS, handlelength=1.4)
        for _ in range(SETTLING):
            figure.draw_without_rendering()
    else:
        figure.legend(handles=handles, loc="outside right center", handlelength=1.4)


def draw_outline(axes: "Axes", outline: Any, width: float = 1.2) -> None:
    """The outline of an area, dark on a white line, so that it is seen on any colour."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from matplotlib.patheffects import Normal, withStroke

    parts = (part for part in shapely.get_parts(outline) if part.geom_type == "Polygon")
    rings = itertools.chain.from_iterable((part.exterior, *part.interiors) for part in parts)
    path = Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))
    axes.add_artist(PathPatch(path, fill=False, edgecolor=INK, linewidth=width, zorder=2.5,
                             path_effects=[withStroke(linewidth=2.2 * width, foreground="white"), Normal()]))


def write_marks(axes: "Axes", marks: Mapping[str, tuple[float, float]], framed: int = 0) -> list[str]:
    """Write those of the first marks that overprint none before them and lie inside the map; which these are.

    Parameters
    ----------
    marks : mapping of text to (x, y)  Of which the most important come first. [units of the CRS]
    framed : int                       So many of the first stand in frames.
    """
    figure: Any = axes.figure
    figure.draw_without_rendering()  # from here on it is known where everything stands
    inside, room = axes.get_window_extent(), ROOM * figure.dpi / 72
    kept: dict[str, Bbox] = {}
    for place, (text, at) in enumerate(itertools.islice(marks.items(), TRIED)):
        mark = _mark(axes, text, at, in_frame=place < framed)
        box = mark.get_window_extent().padded(room)
        if box.count_overlaps(kept.values()) or not _holds(inside, box):
            mark.remove()
        else:
            kept[text] = box
    return list(kept)


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


def length_text(metres: float) -> str:
    """A length in metres, or in kilometres from one on.

    >>> length_text(500.0), length_text(2000.0)
    ('500 m', '2 km')
    """
    return format_number(metres / 1000, "km") if metres >= 1000 else format_number(metres, "m")


def north_arrow(axes: "Axes", *, beside: bool = False) -> None:
    """An arrow below a map at its right, or beside one that has no room for it behind the scale bar."""
    from matplotlib.transforms import ScaledTranslation

    figure: Any = axes.figure
    right, up = (0.32, 0.36) if beside else (0.0, 0.0)  # [inches]
    point, head = axes.transAxes + ScaledTranslation(right, up, figure.dpi_scale_trans), (1 if beside else 0.97, 0)
    axes.annotate("", xy=head, xycoords=point, xytext=(0, -26), textcoords="offset points", annotation_clip=False,
                  arrowprops={"arrowstyle": "-|>,head_length=0.6,head_width=0.28", "color": INK, "linewidth": 1.2,
                              "shrinkB": 3})
    axes.annotate(label("north"), head, xycoords=point, xytext=(-7, -ROW), ha="right", va="center",
                  textcoords="offset points", fontsize=9, annotation_clip=False)


def stretch(grid: Grid, narrow: float = NARROW) -> float:
    """How many times as high, for its width, land is drawn as it is: 1 but of strips.

    >>> from rasterio import Affine
    >>> stretch(Grid("EPSG:32650", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 0.0), 1000, 3))
    30.0
    """
    shape = _shape(grid)
    return min(max(shape, narrow), 1 / narrow) / shape


def stretch_text(times: float) -> list[str]:
    """What is told of it, if there is anything to tell."""
    return [] if times == 1 else [label("drawn_higher" if times > 1 else "drawn_wider").format(
        times=format_number(max(times, 1 / times), digits=2))]


def _shape(grid: Grid) -> float:
    """Height of the land for its width."""
    return grid.height * grid.pixel_size[1] / (grid.width * grid.pixel_size[0])


def _drawn_shape(grid: Grid) -> float:
    """Height of the map for its width."""
    return _shape(grid) * stretch(grid)


def _scale_bar(axes: "Axes", grid: Grid) -> None:
    """Two halves of a round length, dark and white, with the length, the CRS, and how a strip is drawn beside."""
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    west, south, east, north = grid.bounds
    metres = grid.pixel_metres[0] / grid.pixel_size[0]
    length = bar_length((east - west) * metres)
    figure: Any = axes.figure
    bottom: Any = axes.transAxes
    points = figure.dpi_scale_trans + ScaledTranslation(0, 0, bottom)
    below = blended_transform_factory(axes.transData, points)
    half = length / metres / 2
    for part, tone in enumerate((INK, "white")):
        axes.barh(-ROW / 72, half, left=west + part * half, height=BAR / 72, color=tone, edgecolor=INK, linewidth=0.6,
                  transform=below, clip_on=False)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    told = [length_text(length), crs_name(grid.crs)]
    told += stretch_text(stretch(grid))
    look: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "fontsize": 7.5,
                            "annotation_clip": False}
    beside = "　".join(told)
    if len(beside) > LETTERS:
        beside, below_it = told[0], "\n".join(wrapped(one, LETTERS) for one in told[1:])
        axes.annotate(below_it, (0, 0), xytext=(0, -ROW - BAR - 1), va="top", **look)
    axes.annotate(beside, (2 * half / (east - west), 0), xytext=(5, -ROW), va="center", **look)


def _mark(axes: "Axes", text: str, at: tuple[float, float], *, in_frame: bool) -> "Annotation":
    from matplotlib.patheffects import withStroke

    look: dict[str, Any] = ({"bbox": {"facecolor": "white", "edgecolor": INK, "linewidth": 0.7, "pad": 1.4}}
                            if in_frame else {"path_effects": [withStroke(linewidth=2.2, foreground="white")]})
    return axes.annotate(text, at, ha="center", va="center", fontsize=8, color=INK, zorder=3, **look)


def _holds(outer: "Bbox", inner: "Bbox") -> bool:
    return outer.x0 <= inner.x0 and inner.x1 <= outer.x1 and outer.y0 <= inner.y0 and inner.y1 <= outer.y1


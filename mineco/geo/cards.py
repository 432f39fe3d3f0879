"""Small maps of areas in their surroundings, each beside a few lines of words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.labels import label
from mineco.core.lazy import Brief
from mineco.geo.drawn.frame import bar_length, draw_outline, length_text, stretch, stretch_text
from mineco.geo.drawn.pixels import blank, class_colours, missing_patch, thinned
from mineco.geo.grid import Grid
from mineco.report.drawing import INK, QUIET, styled, wrapped

ABREAST = 2
WIDTH, HEIGHT, MAP = 3.3, 1.38, 1.25  # of a card, and of the square that its map lies in; [inches]
LEGEND, ENTRIES = 0.2, 4  # a row of the legend in inches, and how many entries it has
LETTERS = 27  # of a line beside a map
NARROW = 0.35  # a map that is narrower is drawn as wide, and says so


@dataclass(frozen=True, repr=False)
class Card(Brief):
    """An area on a small map of classes, and what is told of it."""

    codes: NDArray[Any]  # (rows, columns) of the map, negative where there is no data
    grid: Grid
    light: NDArray[np.float64] | None  # on the ground, as of a large map
    outline: Any  # a geometry of shapely, in units of the CRS
    title: str
    lines: tuple[str, ...]
    boundary: Any = None  # likewise, of all land that is told of
    inside: NDArray[np.bool_] | None = None  # where that lies; the rest stays blank


@styled
def small_maps(cards: Sequence[Card], classes: Mapping[int, tuple[str, str]], alt: str) -> Any:
    """Cards two abreast, from left to right and from above to below, under one legend; ``alt`` is put around its words.

    Parameters
    ----------
    classes : mapping of code to (name, colour)  In the order of the legend; those on no map are left out.

    >>> from rasterio import Affine
    >>> from shapely import box
    >>> grid = Grid("EPSG:32650", Affine(100.0, 0.0, 0.0, 0.0, -100.0, 0.0), 2, 2)
    >>> one = Card(np.array([[0, 1], [1, 1]]), grid, None, box(0, -200, 100, -100), "1 · zone 7", ("3 ha", "slope"))
    >>> small_maps([one], {0: ("low", "#f8f4e9"), 1: ("high", "#6d2410")}, "{rows}").alt
    '1 · zone 7, 3 ha, slope'
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    there = set(np.concatenate([np.unique(one.codes if one.inside is None else one.codes[one.inside])
                                for one in cards]).tolist())
    patches = [Patch(facecolor=tone, edgecolor=QUIET, linewidth=0.4, label=name)
               for code, (name, tone) in classes.items() if code in there]
    patches += [missing_patch()] if min(there) < 0 else []
    rows, above = -(-len(cards) // ABREAST), LEGEND * -(-len(patches) // ENTRIES)
    size = ABREAST * WIDTH, rows * HEIGHT + above
    figure = Figure(figsize=size)
    figure.set_layout_engine("none")  # every card has its place
    figure.legend(handles=patches, loc="upper left", bbox_to_anchor=(0, 1), borderaxespad=0, ncols=ENTRIES,
                  handlelength=1.4, columnspacing=1.2, fontsize=8)
    for place, card in enumerate(cards):
        row, column = divmod(place, ABREAST)
        left, bottom = column * WIDTH, size[1] - above - (row + 1) * HEIGHT
        axes = figure.add_axes((left / size[0], bottom / size[1], MAP / size[0], MAP / size[1]), anchor="NW")
        _draw_card(axes, card, {code: tone for code, (_, tone) in classes.items()})
        x, y = (left + MAP + 0.1) / size[0], (bottom + MAP) / size[1]
        figure.text(x, y, card.title, va="top", fontsize=9.5)
        lines = "\n".join(wrapped(line, LETTERS) for line in card.lines)
        figure.text(x, y - 0.2 / size[1], lines, va="top", fontsize=8, linespacing=1.25)
    return figure, alt.format(rows="; ".join(label("list_comma").join((one.title, *one.lines)) for one in cards))


def _draw_card(axes: Any, card: Card, colours: Mapping[int, str]) -> None:
    """The map of a card with its outline and a scale bar inside its lower left corner."""
    from matplotlib.patheffects import Normal, withStroke

    grid = card.grid
    west, south, east, north = grid.bounds
    shown = class_colours(card.codes, colours, card.light)
    if card.inside is not None:
        shown = blank(shown, ~thinned(card.inside))
    times = stretch(grid, NARROW)
    axes.imshow(shown, extent=(west, east, south, north), interpolation="none", aspect=times)
    axes.annotate("".join(stretch_text(times)), (0, 0), xycoords="axes fraction", xytext=(0, -3), va="top",
                  textcoords="offset points", fontsize=6.5)
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    if card.boundary is not None:
        draw_outline(axes, card.boundary, width=0.7)
    draw_outline(axes, card.outline)
    axes.set(xlim=(west, east), ylim=(south, north))
    metres = grid.pixel_metres[0] / grid.pixel_size[0]
    length = bar_length((east - west) * metres)
    around = [withStroke(linewidth=2.5, foreground="white"), Normal()]
    axes.annotate("", (0.04, 0.05), (0.04 + length / metres / (east - west), 0.05), xycoords="axes fraction",
                  arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 2, "shrinkA": 0, "shrinkB": 0,
                              "path_effects": around})
    axes.annotate(length_text(length), (0.04, 0.05), xycoords="axes fraction", xytext=(0, 3),
                  textcoords="offset points", fontsize=6.5, path_effects=around[:1])

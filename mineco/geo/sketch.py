"""A sketch of where a mine lies: its boundary by the corners given, with a scale and north up."""

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from mineco.core.formatting import format_number
from mineco.core.labels import colour, label
from mineco.geo.drawn.frame import bar_length, length_text, north_arrow
from mineco.report.drawing import INK, QUIET, new_axes, styled, write_beside

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6371 km
LEAST = 1e-4  # degrees between west and east, and of the cosine of the latitude: what is narrower is drawn as wide
MARGIN = 0.12  # of the extent, around it
Corner = tuple[float, float]


@styled
def boundary_sketch(corners: Sequence[Corner], places: Mapping[str, Corner]) -> Any:
    """The boundary by its corners in longitude and latitude [deg, WGS 84], and named places; north is up.

    >>> drawing = boundary_sketch([(112.0, 36.0), (112.1, 36.0), (112.1, 36.1)], {"P1": (112.05, 36.02)})
    >>> drawing.alt
    'Boundary with 3 corners between 112 and 112.1 degrees east, 36 and 36.1 degrees north; marked: P1'
    """
    from matplotlib.patches import Polygon
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    figure, axes = new_axes(height=2.1, width=3.25)
    axes.add_patch(Polygon(list(corners), closed=True, facecolor=colour("B"), edgecolor=colour("AAA"), alpha=0.55,
                           linewidth=1.4))
    for name, (x, y) in places.items():
        axes.plot(x, y, "o", color=colour("removals"), markersize=5, markeredgecolor="white")
        write_beside(axes, name, (x, y), right=5, fontsize=7)
    east, north = zip(*corners, strict=True)
    shrink = max(math.cos(math.radians((min(north) + max(north)) / 2)), LEAST)  # of a degree of longitude
    width = max(max(east) - min(east), LEAST)
    axes.set_aspect(1 / shrink)
    axes.margins(MARGIN)
    axes.autoscale_view()
    for axis, towards in ((axes.xaxis, "E"), (axes.yaxis, "N")):
        axis.set_major_locator(MaxNLocator(3))
        axis.set_major_formatter(FuncFormatter(functools.partial(_degrees, towards)))
    axes.tick_params(labelsize=6.5)
    length = bar_length(width * METRES_PER_DEGREE * shrink)
    left, bottom = axes.get_xlim()[0] + 0.03 * width, axes.get_ylim()[0]
    right = left + length / (METRES_PER_DEGREE * shrink)
    axes.plot([left, right], [bottom + 0.04 * width] * 2, color=INK, linewidth=2, solid_capstyle="butt")
    write_beside(axes, length_text(length), ((left + right) / 2, bottom + 0.04 * width), up=3, fontsize=7, color=QUIET)
    north_arrow(axes)
    ends = {"west": min(east), "east": max(east), "south": min(north), "north": max(north)}
    return figure, label("boundary_sketch_alt").format(
        corners=len(corners), marked=label("list_comma").join(places) or label("none"),
        **{name: format_number(one, digits=7) for name, one in ends.items()})


def _degrees(towards: str, value: float, _: int) -> str:
    return f"{format_number(value, digits=7)}° {towards}"

"""A sketch of where a mine lies: its boundary by the corners given, with a scale and north up."""

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from mineco.core.formatting import format_number
from mineco.core.labels import colour, label
from mineco.report.drawing import INK, QUIET, new_axes, styled, write_beside

KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6371 km
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

    figure, axes = new_axes(height=2.9, width=3.25)
    east, north = zip(*corners, strict=True)
    axes.add_patch(Polygon(list(corners), closed=True, facecolor=colour("B"), edgecolor=colour("AAA"), alpha=0.55,
                           linewidth=1.4))
    for name, (x, y) in places.items():
        axes.plot(x, y, "o", color=colour("removals"), markersize=5, markeredgecolor="white")
        write_beside(axes, name, (x, y), right=5, fontsize=7)
    shrink = math.cos(math.radians((min(north) + max(north)) / 2))
    axes.set_aspect(1 / shrink if shrink > 0.05 else "auto")
    axes.margins(0.12)
    axes.autoscale_view()
    for axis, unit in ((axes.xaxis, "E"), (axes.yaxis, "N")):
        axis.set_major_locator(MaxNLocator(3))
        axis.set_major_formatter(FuncFormatter(functools.partial(_degrees, unit)))
    axes.tick_params(labelsize=6.5)
    _scale(axes, (max(east) - min(east)) * KM_PER_DEGREE * shrink, shrink)
    axes.annotate("N", (0.96, 0.99), (0.96, 0.84), xycoords="axes fraction", ha="center", fontsize=8,
                  arrowprops={"arrowstyle": "->", "color": INK})
    marked = label("list_comma").join(places) or label("none")
    ends = {"west": min(east), "east": max(east), "south": min(north), "north": max(north)}
    return figure, label("boundary_sketch_alt").format(
        corners=len(corners), marked=marked, **{name: format_number(one, digits=7) for name, one in ends.items()})


def _degrees(towards: str, value: float, _: int) -> str:
    return f"{format_number(value, digits=7)}° {towards}"


def _scale(axes: Any, width_km: float, shrink: float) -> None:
    """A bar of a round length, about a third of the width."""
    if width_km <= 0:
        return
    power = 10.0 ** math.floor(math.log10(width_km / 3))
    length = max(step * power for step in (1, 2, 5) if step * power <= max(width_km / 3, power))
    left, bottom = axes.get_xlim()[0], axes.get_ylim()[0]
    up = 0.04 * (axes.get_ylim()[1] - bottom)
    begin = left + 0.03 * (axes.get_xlim()[1] - left)
    end = begin + length / (KM_PER_DEGREE * shrink)
    axes.plot([begin, end], [bottom + up] * 2, color=INK, linewidth=2, solid_capstyle="butt")
    write_beside(axes, format_number(length, "km"), ((begin + end) / 2, bottom + up), up=3, fontsize=7, color=QUIET)

"""The figure of volume 1 alone: the total as steps are taken."""

from collections.abc import Sequence
from typing import Any

from mineco.core.formatting import format_number, format_rounded
from mineco.core.labels import colour, label
from mineco.report.drawing import FAINT, MARK, ON_LINES, name_rows, new_axes, styled, value_axis, write_beside


@styled
def staircase(start: float, gains: Sequence[tuple[str, float]], cuts: Sequence[tuple[str, float]]) -> Any:
    """Points of a total that steps add one after the other [points], and the cuts of the grades in reach of them.

    ``cuts`` are (grade, lowest score), rising.

    >>> staircase(64.7, [("biodiesel", 4.2), ("planting", 0.8)], [("C", 60.0), ("B", 70.0)]).alt
    'Points of the total, from 64.7: biodiesel +4.2 to 68.9; planting +0.8 to 69.7; cuts: B 70'
    """
    end = start + sum(points for _, points in gains)
    ahead = [(name, cut) for name, cut in cuts if cut > start]
    shown = [*((name, cut) for name, cut in ahead if cut <= end), *[one for one in ahead if one[1] > end][:1]]
    figure, axes = new_axes(height=0.75 + 0.24 * len(gains))
    level, told = start, []
    for place, (_, points) in enumerate(gains):
        axes.barh(place, points, left=level, height=0.6, color=colour("AA"))
        axes.plot([level + points] * 2, [place, min(place + 1, len(gains) - 1)], color=FAINT, linewidth=0.8)
        level += points
        write_beside(axes, f"+{format_rounded(points)}", (level, place), right=3, fontsize=7.5, **ON_LINES)
        told.append(f"{gains[place][0]} +{format_rounded(points)} {label('to_level')} {format_rounded(level)}")
    for name, cut in shown:
        axes.axvline(cut, color=MARK, linewidth=1.0, linestyle=(0, (4, 2)))
        axes.text(cut, -0.75, f"{label(name)} {format_number(cut)}", ha="center", va="bottom", fontsize=8, color=MARK)
    name_rows(axes, [name for name, _ in gains], width=44, above=0.7)
    right = max([end, *(cut for _, cut in shown)])
    axes.set_xlim(start - 0.02 * (right - start), right + 0.09 * (right - start))
    value_axis(axes.xaxis, label("score_axis"))
    return figure, label("staircase_alt").format(
        start=format_rounded(start), rows="; ".join(told),
        cuts=", ".join(f"{label(name)} {format_number(cut)}" for name, cut in shown) or label("none"))

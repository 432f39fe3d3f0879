"""The figure of what a result is sensitive to: a bar for each input, from one end of its interval to the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from mineco.core.formatting import format_number
from mineco.core.labels import colour, label
from mineco.report.drawing import FAINT, INK, MARK, legend, name_rows, new_axes, styled, value_axis


@styled
def tornado_bars(ends: Mapping[str, tuple[float, float]], given: float, what: str,
                 cuts: Sequence[tuple[str, float]] = (), unit: str = "1") -> Any:
    """A figure with each input at its lower and at its upper end [unit], the widest first, about its value as given.

    ``cuts`` are grades with their lowest score, of which those in reach are drawn; ``what`` is what the axis says.

    >>> tornado_bars({"diesel": (65.2, 64.0), "grid": (64.9, 64.5)}, 64.7, "score").alt
    'score, 64.7 as given: diesel 65.2 to 64; grid 64.9 to 64.5'
    """
    figure, axes = new_axes(height=1.2 + 0.34 * len(ends))
    bars = []
    for side, (tone, name) in enumerate((("B", "lower_end_of"), ("AAA", "upper_end_of"))):
        bars.append(axes.barh(range(len(ends)), [pair[side] - given for pair in ends.values()], left=given,
                              height=0.62, color=colour(tone), label=label(name)))
    axes.axvline(given, color=INK, linewidth=0.9)
    reached = [given, *(one for pair in ends.values() for one in pair)]
    low, high = min(reached), max(reached)
    room = 0.06 * (high - low or 1.0)
    for name, cut in cuts:
        if low <= cut <= high:
            axes.axvline(cut, color=MARK, linewidth=1.0, linestyle=(0, (4, 2)))
            axes.text(cut, -0.72, f"{label(name)} {format_number(cut)}", ha="center", va="bottom", fontsize=8,
                      color=MARK)
    name_rows(axes, ends, width=44, above=0.7)
    axes.set_xlim(low - room, high + room)
    axes.spines["left"].set_color(FAINT)
    value_axis(axes.xaxis, what, unit)
    legend(figure, bars)
    rows = "; ".join(f"{name} {label('spread_range').format(low=format_number(pair[0]), high=format_number(pair[1]))}"
                     for name, pair in ends.items())
    return figure, label("tornado_alt").format(figure=what, given=format_number(given), rows=rows)

"""Figures of the evaluation of restoration: the standing over time, and the score on the bands of its grades."""

import datetime
from collections.abc import Sequence
from typing import Any

from mineco.core.formatting import format_number
from mineco.core.labels import colour, label
from mineco.report.drawing import (
    FAINT,
    INK,
    MARK,
    band_ends,
    name_rows,
    new_axes,
    styled,
    value_axis,
    without_frame,
    write_beside,
)

PeriodBar = tuple[str, str, datetime.date, datetime.date,
                  bool]  # state, grade, begins, ends, whether a certificate stands
NO_GRADE = "#d5dde0"
SHORTEST_NAMED = 0.06  # of the whole time: a shorter bar has no room for a grade inside
ROOM_BESIDE = 0.1  # of the whole time, that a grade beside a bar takes: where another bar begins in it there is none


@styled
def standing_over_time(periods: Sequence[PeriodBar]) -> Any:
    """A bar for each period in the row of its state, blue while a certificate stands, with the grade in force.

    Periods are in order; states and grades by name, a blank grade for none.

    >>> day = datetime.date
    >>> drawing = standing_over_time([("applied", "", day(2024, 1, 2), day(2024, 3, 1), False),
    ...                               ("certified", "grade 1", day(2024, 3, 1), day(2024, 9, 1), True)])
    >>> drawing.alt
    'Standing over time: applied from 2024-01-02 to 2024-03-01; certified from 2024-03-01 to 2024-09-01 (grade 1)'
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

    states = list(dict.fromkeys(state for state, *_ in periods))
    figure, axes = new_axes(height=1.1 + 0.34 * len(states))
    days = [float(date2num(day)) for _, _, *ends, _ in periods for day in ends]
    whole = max(max(days) - min(days), 1.0)
    for state, grade, begins, ends, certified in periods:
        left, right = (float(date2num(day)) for day in (begins, ends))
        width = max(right - left, 0.006 * whole)  # what lasted a day is still seen
        place = states.index(state)
        axes.barh(place, width, left=left, height=0.62, color=colour("AAA") if certified else FAINT)
        begun = [float(date2num(other[2])) - left for other in periods if other[0] == state]
        inside = width > SHORTEST_NAMED * whole
        crowded = any(0 < later < width + ROOM_BESIDE * whole for later in begun)
        if certified and grade and (inside or not crowded):
            at = left + width / 2 if inside else left + width
            write_beside(axes, grade, (at, place), right=0 if inside else 3, color="white" if inside else INK,
                         fontsize=7.5)
    name_rows(axes, states, 34)
    axes.set_xlim(min(days) - 0.01 * whole, max(days) + 0.03 * whole)
    locator = AutoDateLocator(minticks=3, maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(
        locator, formats=["%Y", "%Y-%m", "%m-%d", "%m-%d", "%m-%d", "%m-%d"],
        zero_formats=["", "%Y", "%Y-%m", "%m-%d", "%m-%d", "%m-%d"], show_offset=False))
    rows = "; ".join(label("standing_alt_part").format(state=state, begins=begins, ends=ends)
                     + (f" ({grade})" if grade else "") for state, grade, begins, ends, _ in periods)
    return figure, label("standing_alt").format(rows=rows)


@styled
def score_on_bands(score: float, low: float | None, high: float | None, bands: Sequence[tuple[str, float]]) -> Any:
    """The score [points] on the bands of the grades (name, lower cut), rising, with its interval where there is one.

    >>> score_on_bands(72.0, 70.0, 74.0, [("none", 0.0), ("grade 3", 60.0)]).alt
    'Score 72 (95 %: 70 to 74) on the bands none from 0; grade 3 from 60'
    """
    figure, axes = new_axes(height=1.25)
    tones = [NO_GRADE, *map(colour, ("C", "B", "A", "AA", "AAA"))]
    for place, (name, cut, end) in enumerate(band_ends(bands)):
        axes.barh(0, end - cut, left=cut, height=0.55, color=tones[min(place, len(tones) - 1)], edgecolor="white")
        write_beside(axes, name, ((cut + end) / 2, 0), fontsize=8)
    spread = ""
    if low is not None and high is not None:
        axes.hlines(0.46, low, high, color=MARK, linewidth=4.0)
        spread = label("score_band_interval").format(low=format_number(low), high=format_number(high))
    axes.plot(score, 0.46, "o", color=INK, markersize=6, zorder=4)
    write_beside(axes, format_number(score), (score, 0.46), up=6)
    axes.set_yticks([])
    axes.set_ylim(-0.32, 0.85)
    axes.set_xlim(0, 100)
    axes.set_xticks([cut for _, cut in bands] + [100])
    without_frame(axes, "left")
    value_axis(axes.xaxis, label("score_axis"))
    rows = "; ".join(label("band_from").format(name=name, cut=format_number(cut)) for name, cut in bands)
    return figure, label("score_band_alt").format(score=format_number(score), spread=spread, rows=rows), spread

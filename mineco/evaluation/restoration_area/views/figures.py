"""Figures of restoration areas: land that changes class, accuracy, carbon, and what measures would gain."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.formatting import format_number, format_percent, unit_text
from mineco.core.labels import colour, label
from mineco.report.drawing import (
    INK,
    MARK,
    QUIET,
    legend,
    name_rows,
    new_axes,
    range_text,
    stack_bars,
    styled,
    value_axis,
    with_unit,
    without_frame,
    wrapped,
    write_beside,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ValueRange = tuple[float, float, float]  # value, and the ends of its 95 % interval
Course = tuple[Sequence[float], Sequence[float], Sequence[float]]  # values of each year, and ends of their intervals

TONES = ("#1f5873", "#3595be", "#a6d8ea", "#c8a868", "#93461a")  # of pools, dark to light and on to sand
# of kinds of land, and of classes of priority: told apart by eyes without red or green cones
LAND = {"forest": "#0d4230", "grassland": "#c2e699", "wetland": "#1f8f9f", "cropland": "#ffe45c",
        "desertified": "#d9863a", "rocky-desertified": "#b9b3ad", "mined": "#a3401f", "reclaimed-mine": "#6f95ee",
        "shrubland": "#829664", "bare": "#eff2da", "snow": "#c8dcff", "built": "#111827", "water": "#0a3cb5"}
# one ramp that only darkens, in steps that the light on the ground does not bridge
PRIORITY = ("#f8f4e9", "#e6c17c", "#bd6f26", "#6d2410")
UNRANKED = "#8fa3bf"  # land that is never ranked
LINES = ("#1f5873", "#b5521a", "#3595be", "#5a3f99", "#a98467")
GAP = 0.02  # of the height of the diagram, between classes
LINE = 0.15  # inches that a line of text needs
BEND = np.linspace(0.0, 1.0, 40)


@styled
def transition_diagram(areas: NDArray[Any], classes: Sequence[tuple[str, str]], before: str, after: str) -> Any:
    """Land [ha] as bands from its class before (rows, left) to that after (columns, right), as thick as it is large.

    A class is its name and its colour, which a band keeps that comes from it; ``before`` and ``after`` are dates.

    >>> kinds = [("forest", "#1f5873"), ("bare", "#c8a868")]
    >>> transition_diagram(np.array([[8.0, 2.0], [1.0, 9.0]]), kinds, "2005", "2024").alt
    'Land by class in 2005 and 2024 (ha): forest 10 → 9; bare 10 → 11. Changes: forest → bare 2; bare → forest 1'
    """
    present = [place for place in range(len(classes)) if areas[place].any() or areas[:, place].any()]
    land = areas[np.ix_(present, present)]
    names, tones = [classes[place][0] for place in present], [classes[place][1] for place in present]
    whole = land.sum()
    figure, axes = new_axes(height=1.2 + 0.45 * len(present))
    left, right = _stacked(land.sum(axis=1) / whole), _stacked(land.sum(axis=0) / whole)
    leaving, arriving = left.copy(), right.copy()
    for row, column in np.ndindex(land.shape):
        share = land[row, column] / whole
        if share:
            strength = 0.35 if row == column else 0.75  # what stays is paler than what moves
            _band(axes, float(leaving[row]), float(arriving[column]), share, tones[row], strength)
        leaving[row] += share
        arriving[column] += share
    bottom = 1 + GAP * len(present)
    for x, starts, sums, aside in ((0.0, left, land.sum(axis=1), -8), (1.0, right, land.sum(axis=0), 8)):
        shares = sums / whole
        axes.barh(starts + shares / 2, 0.02, left=x - 0.01, height=shares, color=tones)
        there = np.flatnonzero(shares)
        middles = -(starts + shares / 2)[there]  # upward
        line = LINE / figure.get_figheight() * (bottom + 0.02)
        for place, at in zip(there, apart(middles.tolist(), [line] * len(there), -bottom), strict=True):
            text = f"{names[place]} {format_number(float(sums[place]), 'ha')}"
            write_beside(axes, text, (x, -at), right=aside, fontsize=8, annotation_clip=False)
    axes.set_xlim(-0.01, 1.01)  # names stand beyond
    axes.set_ylim(bottom, -0.02)
    axes.set_xticks([0, 1], [before, after])
    axes.xaxis.tick_top()
    axes.set_yticks([])
    without_frame(axes, *axes.spines)
    sums = "; ".join(f"{name} {format_number(float(land[place].sum()))} → {format_number(float(land[:, place].sum()))}"
                     for place, name in enumerate(names))
    changed = [(land[row, column], row, column) for row, column in np.ndindex(land.shape) if row != column]
    moved = "; ".join(f"{names[row]} → {names[column]} {format_number(float(area))}"
                      for area, row, column in sorted(changed, reverse=True) if area)
    return figure, label("transition_alt").format(before=before, after=after, rows=sums,
                                                  changes=moved or label("none"))


@styled
def against_required(found: Mapping[str, ValueRange], required: float, *, at_least: bool = True) -> Any:
    """Shares [1] with their intervals beside what is asked for; the end of the interval that decides is marked.

    The lower end decides where a share is ``at_least`` what is required, else the upper one.

    >>> against_required({"overall": (0.95, 0.93, 0.97)}, 0.85).alt
    'Beside 85 %: overall 95 % (93 % to 97 %), met'
    """
    figure, axes = new_axes(height=1.0 + 0.42 * len(found))
    axes.axvline(100 * required, color=MARK, linewidth=1.3, linestyle=(0, (4, 2)))
    rows = []
    for place, (name, (value, low, high)) in enumerate(found.items()):
        decides = low if at_least else high
        met = decides >= required if at_least else decides <= required
        axes.hlines(place, 100 * low, 100 * high, color=colour("B"), linewidth=5.0)
        axes.plot(100 * value, place, "o", color=colour("AAA"), markersize=6, zorder=3)
        axes.plot(100 * decides, place, "|", color=MARK, markersize=13, markeredgewidth=2.0, zorder=4)
        write_beside(axes, format_percent(value), (100 * value, place), up=9, fontsize=8,
                     bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4})
        rows.append(f"{name} {format_percent(value)} ({range_text(format_percent(low), format_percent(high))}), "
                    f"{label('met' if met else 'not_met')}")
    name_rows(axes, found, 26, above=0.7)
    ends = [100 * end for one in found.values() for end in one[1:] if np.isfinite(end)] + [100 * required]
    room = 0.06 * max(max(ends) - min(ends), 1.0)
    axes.set_xlim(min(ends) - room if at_least else 0, max(ends) + room)
    value_axis(axes.xaxis, label("required_axis").format(required=format_percent(required)))
    return figure, label("required_alt").format(required=format_percent(required), rows="; ".join(rows))


@styled
def values_with_intervals(found: Mapping[str, Mapping[str, ValueRange]], unit: str, axis: str, *,
                          zero: bool = False) -> Any:
    """Values [unit] with 95 % intervals, by name and way of finding them, one way below the other.

    A value of no width is a point; ``zero`` draws a line at nothing, for balances and changes.

    >>> ways = {"formula": (100.0, 90.0, 110.0), "draws": (101.0, 92.0, 111.0)}
    >>> values_with_intervals({"stock": ways}, "tC", "carbon").alt
    'carbon (tC): stock formula 100 (90 to 110), draws 101 (92 to 111)'
    """
    from matplotlib.lines import Line2D

    ways = list(dict.fromkeys(way for one in found.values() for way in one))
    looks = {way: (("o", "D", "s", "^")[place], (colour("AAA"), MARK, QUIET, "#3595be")[place])
             for place, way in enumerate(ways)}
    figure, axes = new_axes(height=1.2 + (0.24 * len(ways) + 0.16) * len(found))
    if zero:
        axes.axvline(0, color=INK, linewidth=1.0)
    rows = []
    for place, (name, several) in enumerate(found.items()):
        parts = []
        for step, (way, (value, low, high)) in enumerate(several.items()):
            at, (marker, tone) = place + 0.26 * (step - (len(several) - 1) / 2), looks[way]
            axes.hlines(at, low, high, color=tone, linewidth=2.2, alpha=0.55)
            axes.plot(value, at, marker, color=tone, markersize=5.5, zorder=3)
            parts.append(f"{way} {_interval(value, low, high)}")
        rows.append(f"{name} {', '.join(parts)}")
    name_rows(axes, found, 24)
    value_axis(axes.xaxis, axis, unit)
    legend(figure, [Line2D([], [], marker=marker, color=tone, linestyle="-", linewidth=2.2, markersize=5.5, label=way)
                    for way, (marker, tone) in looks.items()])
    return figure, f"{with_unit(axis, unit)}: {'; '.join(rows)}"


@styled
def stocks_by_class(stocks: Mapping[str, Mapping[str, float]], unit: str = "tC") -> Any:
    """Carbon [unit] of each class, pool on pool; every class has the same pools.

    >>> stocks_by_class({"forest": {"above ground": 30.0, "soil": 60.0}}).alt
    'Carbon stock by class and pool (tC): forest 90 (above ground 30, soil 60)'
    """
    from matplotlib.patches import Patch

    figure, axes = new_axes(height=1.35 + 0.36 * len(stocks))
    pools = dict(zip(next(iter(stocks.values())), TONES, strict=False))
    sums, rows = [], []
    for place, (name, parts) in enumerate(stocks.items()):
        sums.append(stack_bars(axes, place, parts, {pool: {"color": tone} for pool, tone in pools.items()}))
        inner = ", ".join(f"{pool} {format_number(part)}" for pool, part in parts.items())
        rows.append(f"{name} {format_number(sums[-1])} ({inner})")
    name_rows(axes, stocks, 24)
    axes.set_xlim(0, 1.16 * max(sums))
    value_axis(axes.xaxis, label("value_stock"), unit)
    legend(figure, [Patch(facecolor=tone, label=pool) for pool, tone in pools.items()])
    return figure, label("stocks_alt").format(unit=unit_text(unit), rows="; ".join(rows))


@styled
def map_against_plots(measured: Sequence[float], mapped: Sequence[float], allowed: float, *,
                      unit: str = "tC/ha") -> Any:
    """Each plot's carbon [unit] on the ground and in the map, beside the line where both agree.

    The share [1] by which the mean may be off is drawn as a band.

    >>> map_against_plots([50.0, 60.0], [55.0, 57.0], 0.1).alt
    'Carbon of 2 plots on the ground and in the map (tC/ha): 50 and 55; 60 and 57'
    """
    figure, axes = new_axes(height=3.5)
    most = 1.08 * max(*measured, *mapped)
    line = np.array([0.0, most])
    axes.fill_between(line, line * (1 - allowed), line * (1 + allowed), color=colour("C"), linewidth=0)
    axes.plot(line, line, color=QUIET, linewidth=1.0)
    axes.plot(measured, mapped, "o", color=colour("AAA"), markersize=5, alpha=0.8, markeredgewidth=0)
    axes.set_xlim(0, most)
    axes.set_ylim(0, most)
    axes.set_aspect("equal")
    value_axis(axes.xaxis, label("plots_ground"), unit)
    value_axis(axes.yaxis, label("plots_map"), unit)
    rows = "; ".join(label("plots_pair").format(ground=format_number(ground), map=format_number(on_map))
                     for ground, on_map in zip(measured, mapped, strict=True))
    return figure, label("plots_alt").format(count=len(measured), unit=unit_text(unit), rows=rows)


@styled
def gains_over_years(gains: Mapping[str, Course], years: Sequence[int], *, unit: str = "tCO2",
                     axis: str = "gain_axis", alt: str = "gains_alt", along: str = "") -> Any:
    """What is gained [unit] up to each year, each line with its 95 % band (means, lows, highs) and its name at the end.

    Of something else that grows over years, ``axis``, ``alt`` and ``along`` are the labels of what, of its text and
    of the years.

    >>> gains_over_years({"zone 1": ([1.0, 2.0], [0.5, 1.0], [1.5, 3.0])}, [2025, 2026]).alt
    'Gain up to each year (tCO₂), up to 2026: zone 1 2 (1 to 3)'
    """
    from matplotlib.ticker import MaxNLocator

    figure, axes = new_axes(height=3.3)
    axes.axhline(0, color=INK, linewidth=1.0)
    ends = sorted(((means[-1], name) for name, (means, _, _) in gains.items()), reverse=True)
    rows, strength = [], min(0.16, 0.5 / len(gains))  # however many bands lie on each other, lines are seen
    for place, (name, (means, lows, highs)) in enumerate(gains.items()):
        tone = LINES[place % len(LINES)]
        axes.fill_between(years, lows, highs, color=tone, alpha=strength, linewidth=0)
        axes.plot(years, means, color=tone, linewidth=1.8, linestyle=("-", "--", ":")[place // len(LINES) % 3])
        rows.append(f"{name} {_interval(means[-1], lows[-1], highs[-1])}")
    axes.set_xlim(min(years), max(years))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    low, high = axes.get_ylim()
    names = [wrapped(name, 30) for _, name in ends]
    heights = [0.055 * (high - low) * (1 + name.count("\n")) for name in names]
    for name, at in zip(names, apart([mean for mean, _ in ends], heights, low), strict=True):
        write_beside(axes, name, (max(years), at), right=5, fontsize=8, annotation_clip=False)
    value_axis(axes.yaxis, label(axis), unit)
    axes.set_xlabel(label(along) if along else "")
    return figure, label(alt).format(unit=unit_text(unit), year=max(years), rows="; ".join(rows))


def apart(wanted: Sequence[float], heights: Sequence[float], low: float) -> list[float]:
    """Where the middles of texts stand so that none overprints the next, near where they are wanted.

    Parameters
    ----------
    wanted : sequence of float   From above to below.
    heights : sequence of float  Of the texts, in the same unit.
    low : float                  Below which none reaches, where there is room.

    >>> apart([10.0, 9.9, 0.1], [2.0, 2.0, 2.0], 0.0)
    [10.0, 8.0, 1.0]
    """
    found = list(wanted)
    for place in range(1, len(found)):
        found[place] = min(found[place], found[place - 1] - (heights[place - 1] + heights[place]) / 2)
    floor = low
    for place in reversed(range(len(found))):
        found[place] = max(found[place], floor + heights[place] / 2)
        floor = found[place] + heights[place] / 2
    return found


def land_colours(kinds: Sequence[str]) -> list[str]:
    """The colour of each class by its kind of land; a second class of a kind is paler than the first.

    >>> land_colours(["forest", "water", "forest"])
    ['#0d4230', '#0a3cb5', '#4a7164']
    """
    found = []
    for place, kind in enumerate(kinds):
        paler = 1 - 0.75 ** kinds[:place].count(kind)
        parts = (int(LAND[kind][start:start + 2], 16) for start in (1, 3, 5))
        found.append("#" + "".join(f"{round(part + paler * (255 - part)):02x}" for part in parts))
    return found


def _stacked(shares: NDArray[Any]) -> NDArray[Any]:
    """Where each class begins, with a gap after each."""
    return np.concatenate([[0.0], np.cumsum(shares)[:-1]]) + GAP * np.arange(len(shares))


def _band(axes: "Axes", start: float, end: float, share: float, tone: str, strength: float) -> None:
    middle = start + (end - start) * BEND ** 2 * (3 - 2 * BEND)
    axes.fill_between(0.01 + 0.98 * BEND, middle, middle + share, color=tone, alpha=strength, linewidth=0)


def _interval(value: float, low: float, high: float) -> str:
    interval = range_text(format_number(low), format_number(high))
    return f"{format_number(value)} ({interval})"

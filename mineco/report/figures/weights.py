"""Figures of expert weights: their spread, who judged what, how far experts agree, and what it does to the grade."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mineco.core.formatting import DASH, format_number
from mineco.core.labels import colour, label
from mineco.report.drawing import (
    INK,
    MARK,
    QUIET,
    band_ends,
    band_of,
    legend,
    name_rows,
    new_axes,
    range_text,
    styled,
    value_axis,
    without_frame,
    wrapped,
    write_beside,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

DARK = ("AA", "AAA")  # bands that need white letters
LESS, EQUAL, MORE = "#c8a868", "#ffffff", "#3595be"  # sand and blue: told apart without red or green cones
NOT_ASKED = "#eceff1"
STRONGEST = 9.0  # of Saaty's scale: the darkest cell
FRACTION_WITHIN = 5e-4  # of a whole number, a reciprocal is written as 1/3
SHARE_DIGITS = 3


@styled
def weights_with_spread(weights: Mapping[str, tuple[float, float, float]],
                        beside: Mapping[str, float] | None = None) -> Any:
    """Weights [1] as points with their spread (name → weight, low, high), and those of the annex beside them.

    >>> found = {"emissions": (0.4, 0.3, 0.5)}
    >>> weights_with_spread(found, {"emissions": 0.25}).alt
    'Weights with their spread: emissions 0.4 (0.3 to 0.5; annex 0.25)'
    """
    figure, axes = new_axes(height=1.1 + 0.4 * len(weights))
    rows = []
    for place, (name, (weight, low, high)) in enumerate(weights.items()):
        axes.hlines(place, low, high, color=colour("B"), linewidth=5.0)
        axes.plot(weight, place, "o", color=colour("AAA"), markersize=6, zorder=3)
        write_beside(axes, _share(weight), (weight, place), up=6)
        inner = range_text(_share(low), _share(high))
        if beside is not None:
            axes.plot(beside[name], place, "D", color="white", markeredgecolor=MARK, markersize=5.5, zorder=4)
            inner += f"; {label('annex')} {_share(beside[name])}"
        rows.append(f"{name} {_share(weight)} ({inner})")
    _on_weights(axes, weights)
    if beside is not None:
        _legend(figure, ("o", colour("AAA"), colour("AAA"), label("panel_weights")),
                ("D", "white", MARK, label("annex_weights")))
    return figure, label("weights_figure_alt").format(rows=", ".join(rows))


@styled
def judgement_heat_map(matrix: "ArrayLike", names: Sequence[str], marked: tuple[int, int] | None = None) -> Any:
    """A judgement matrix (n, n) [1] as a map of cells, NaN where the comparison is missing.

    A cell is how many times the row's item counts as much as the column's; ``marked``, a row and a column counted from
    0, is the judgement that fits the others worst.

    >>> judgement_heat_map([[1, 3], [1 / 3, 1]], ["air", "water"], (0, 1)).alt
    'Judgements, row against column: air to water 3. Marked as fitting the others worst: air to water 3'
    """
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    values = np.asarray(matrix, dtype=float)
    figure, axes = new_axes(height=1.3 + 0.42 * len(names))
    tones = LinearSegmentedColormap.from_list("judgements", [LESS, EQUAL, MORE]).with_extremes(bad=NOT_ASKED)
    axes.pcolormesh(np.log(values), cmap=tones, vmin=-np.log(STRONGEST), vmax=np.log(STRONGEST), edgecolors="white",
                    linewidth=1.5)
    for row, column in np.ndindex(*values.shape):
        axes.text(column + 0.5, row + 0.5, judgement_text(float(values[row, column])), ha="center", va="center",
                  color=QUIET if row == column else INK)
    if marked is not None:
        axes.add_patch(Rectangle(marked[::-1], 1, 1, fill=False, edgecolor=MARK, linewidth=2.4, zorder=5,
                                 clip_on=False))
    ticks = np.arange(len(names)) + 0.5
    axes.set_xticks(ticks, [wrapped(name, 12) for name in names], fontsize=7.5)
    axes.set_yticks(ticks, [wrapped(name, 28) for name in names])
    axes.xaxis.tick_top()
    axes.invert_yaxis()
    without_frame(axes, "left", "bottom")

    def told(row: int, column: int) -> str:
        return label("judged_pair").format(row=names[row], column=names[column],
                                           value=judgement_text(float(values[row, column])))

    pairs = ", ".join(told(row, column) for row in range(len(names)) for column in range(row + 1, len(names)))
    worst = label("judgements_marked_alt").format(pair=told(*marked)) if marked is not None else ""
    return figure, label("judgements_figure_alt").format(rows=pairs) + worst


@styled
def experts_and_group(weights: Mapping[str, Mapping[str, float]], group: Mapping[str, float], consensus: float) -> Any:
    """Each expert's weights [1], by letter, beside the group's: the closer the letters, the greater the consensus.

    >>> found = {"A": {"air": 0.7, "water": 0.3}, "B": {"air": 0.5, "water": 0.5}}
    >>> experts_and_group(found, {"air": 0.6, "water": 0.4}, 0.9).alt
    'Weights by expert, consensus 0.9: air 0.6 (A 0.7, B 0.5); water 0.4 (A 0.3, B 0.5)'
    """
    figure, axes = new_axes(height=1.1 + 0.46 * len(group))
    rows = []
    for place, (item, weight) in enumerate(group.items()):
        own = {expert: one[item] for expert, one in weights.items()}
        axes.hlines(place, min(own.values()), max(own.values()), color=colour("C"), linewidth=3.2)
        axes.vlines(weight, place - 0.22, place + 0.22, color=colour("AAA"), linewidth=2.4)
        for level, (expert, value) in enumerate(sorted(own.items(), key=lambda pair: pair[1])):
            axes.plot(value, place, "o", color=colour("AA"), markersize=3.5)
            write_beside(axes, expert, (value, place), up=7 if level % 2 else -14, fontsize=7.5, color=QUIET)
        inner = ", ".join(f"{expert} {_share(value)}" for expert, value in own.items())
        rows.append(f"{item} {_share(weight)} ({inner})")
    _on_weights(axes, group)
    _legend(figure, ("o", colour("AA"), colour("AA"), label("one_expert")),
            ("|", colour("AAA"), colour("AAA"), label("group_weight")))
    return figure, label("experts_figure_alt").format(consensus=_share(consensus), rows="; ".join(rows))


@styled
def rounds_converging(cvs: Mapping[str, Sequence[float]], agreed_cv: float) -> Any:
    """How each item's coefficient of variation [1] moved from the first Delphi round to the last.

    One value for each round, NaN where too few answered; at most ``agreed_cv`` counts as agreement.

    >>> rounds_converging({"air": [0.4, 0.1]}, 0.25).alt
    'Coefficient of variation by round, agreement up to 0.25: air 0.4 → 0.1'
    """
    figure, axes = new_axes(height=1.1 + 0.36 * len(cvs))
    axes.axvline(agreed_cv, color=MARK, linewidth=1.0, linestyle=(0, (4, 3)))
    for place, values in enumerate(cvs.values()):
        known = [value for value in values if not np.isnan(value)]
        axes.plot(known, [place] * len(known), color=colour("B"), linewidth=2.4, zorder=2)
        for step, value in enumerate(values, start=1):
            is_last = step == len(values)
            axes.plot(value, place, "o", color=colour("AAA") if is_last else "white", markeredgecolor=colour("AAA"),
                      markersize=6.5 if is_last else 5.5, zorder=3)
    name_rows(axes, cvs)
    value_axis(axes.xaxis, label("cv_axis"))
    axes.set_xlim(left=0)
    _legend(figure, ("o", "white", colour("AAA"), label("earlier_round")),
            ("o", colour("AAA"), colour("AAA"), label("last_round")),
            ("|", MARK, MARK, label("agreed_up_to").format(value=_share(agreed_cv))))
    rows = "; ".join(f"{item} {' → '.join(map(_share, values))}" for item, values in cvs.items())
    return figure, label("rounds_figure_alt").format(agreed=_share(agreed_cv), rows=rows)


@styled
def score_under_weights(scores: Mapping[str, float], bands: Sequence[tuple[str, float]]) -> Any:
    """The total score [points] of one mine under several sets of weights, on the bands of the grades.

    The first is the one of the standard. Bands are (grade, lower edge), rising, the first from 0.

    >>> bands = [("ungraded", 0.0), ("C", 60.0), ("B", 70.0)]
    >>> score_under_weights({"annex A": 68.0, "panel": 72.5}, bands).alt
    'Score and grade by score under each set of weights: annex A 68 (C), panel 72.5 (B)'
    """
    figure, axes = new_axes(height=1.2 + 0.34 * len(scores))
    lowest = min(60.0, 10 * np.floor(min(scores.values()) / 10 - 0.5))
    for grade, low, high in band_ends(bands):
        if high > lowest:
            axes.axvspan(max(low, lowest), high, color=colour(grade), linewidth=0)
            axes.text((max(low, lowest) + high) / 2, -0.85, label(grade), ha="center", va="center", fontsize=7.5,
                      color="white" if grade in DARK else INK)
    grades = {name: band_of(value, bands) for name, value in scores.items()}
    for place, (name, value) in enumerate(scores.items()):
        axes.plot(value, place, "D" if place == 0 else "o", color="white", markeredgecolor=INK, markersize=6.5,
                  markeredgewidth=1.4, zorder=3)
        write_beside(axes, format_number(value), (value, place), right=8,
                     color="white" if grades[name] in DARK else INK)
    name_rows(axes, scores, above=1.2)
    axes.set_xlim(max(lowest, 0), 100)
    axes.grid(visible=False)
    value_axis(axes.xaxis, label("score_axis"))
    return figure, label("reweighted_figure_alt").format(rows=", ".join(
        f"{name} {format_number(value)} ({label(grades[name])})" for name, value in scores.items()))


def judgement_text(value: float) -> str:
    """A judgement as people write it.

    >>> judgement_text(3.0), judgement_text(1 / 3), judgement_text(0.459), judgement_text(float("nan"))
    ('3', '1/3', '0.459', '—')
    """
    if np.isnan(value):
        return DASH
    back = 1 / value
    if back > 1 and abs(back - round(back)) < FRACTION_WITHIN * back:
        return f"1/{round(back)}"
    return format_number(float(value), digits=SHARE_DIGITS)


def _share(value: float | None) -> str:
    return format_number(value, digits=SHARE_DIGITS)


def _on_weights(axes: "Axes", names: Iterable[str]) -> None:
    name_rows(axes, names)
    value_axis(axes.xaxis, label("weight_axis"))
    axes.set_xlim(left=0)


def _legend(figure: "Figure", *entries: tuple[str, str, str, str]) -> None:
    """Marker, its fill and edge, and what it means."""
    from matplotlib.lines import Line2D

    legend(figure, [Line2D([], [], linestyle="", marker=marker, markerfacecolor=fill, markeredgecolor=edge,
                           markersize=6.5, markeredgewidth=2.0 if marker == "|" else 1.0, label=text)
                    for marker, fill, edge, text in entries], handlelength=1.2)

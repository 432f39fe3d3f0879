"""Figures of a carbon-neutral mine: the two keys of its grade, and a score of which something is missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from mineco.core.formatting import format_apart, format_number
from mineco.core.labels import colour, label
from mineco.report.drawing import (
    FAINT,
    INK,
    QUIET,
    band_of,
    legend,
    name_rows,
    new_axes,
    styled,
    without_frame,
    wrapped,
    write_beside,
)
from mineco.report.figures.results import LABEL_ROOM
from mineco.report.tables import said

SCALES = (0.0, 1.35)  # where the two keys of a grade lie
GROUND = "#eef2f4"


@styled
def two_keys(score: float, offset_ratio: float, score_bands: Sequence[tuple[str, float]],
             offset_bands: Sequence[tuple[str, float]], binding: str) -> Any:
    """The two keys of the grade, score [points] and share of the residual that is offset [1], each on its bands.

    Bands are (grade, lower edge), rising, the first from 0; an edge belongs to the band above it. Marked is the key
    that decides, ``binding``: "score", "offset" or "both".

    >>> bands = [("ungraded", 0.0), ("C", 60.0), ("B", 70.0), ("A", 85.0), ("AA", 90.0), ("AAA", 95.0)]
    >>> shares = [("ungraded", 0.0), ("C", 0.6), ("B", 0.8), ("A", 0.9), ("AA", 0.95), ("AAA", 1.0)]
    >>> two_keys(86.4, 0.96, bands, shares, "score").alt.split("; ")[:2]
    ['Score 86.4, grade by score A', 'offset ratio 96 %, grade by offset AA']
    """
    percent = 100 * offset_ratio
    keys = {"score": (score, score_bands, ""),
            "offset": (percent, [(name, 100 * low) for name, low in offset_bands], " %")}
    figure, axes = new_axes(height=1.7)
    for place, (key, (value, bands, sign)) in zip(SCALES, keys.items(), strict=True):
        for number, (name, low) in enumerate(bands):
            axes.barh(place, _band_width(number), left=_band_left(number), height=0.42, color=colour(name),
                      edgecolor="white", linewidth=0.8)
            axes.text(_band_left(number), place + 0.25, f"{format_number(low)}{sign}", ha="center", va="top",
                      fontsize=7, color=QUIET)
        decides = binding in (key, "both")
        axes.plot(at := band_place(value, bands), place, marker="o", markersize=10, markeredgecolor=INK,
                  markeredgewidth=1.6, color=INK if decides else "white")
        told = format_apart(value, [low for _, low in bands], sign.strip(), digits=3)
        to_left = at > _band_left(len(bands) - 1)
        decisive = f"▶ {label('binding')}  {told}" if to_left else f"{told}  ◀ {label('binding')}"
        write_beside(axes, decisive if decides else told, (at, place - 0.24), up=1, ha="right" if to_left else "left")
    for number, (name, _) in enumerate(score_bands):  # one name for both scales: their cuts stand below each other
        axes.text(_band_left(number) + _band_width(number) / 2, 0.56, label(name), ha="center", va="center", fontsize=8)
    axes.set_yticks(SCALES, [wrapped(label(name)) for name in ("score_axis", "offset_ratio_axis")])
    axes.set_ylim(SCALES[1] + 0.5, -0.55)
    axes.set_xlim(-0.05, _band_left(len(score_bands)))
    axes.set_xticks([])
    without_frame(axes, "left", "bottom")
    grades = [label(band_of(value, bands)) for value, bands, _ in keys.values()]
    decisive = {"score": "score_key", "offset": "offset_key", "both": "both_keys"}[binding]
    return figure, label("two_keys_alt").format(
        score=format_number(score, digits=3), score_grade=grades[0], ratio=format_number(percent, digits=3),
        offset_grade=grades[1], binding=label(decisive))


@styled
def score_ranges(ranges: Mapping[str, tuple[float, float]], cuts: Sequence[float]) -> Any:
    """Between which points each of some scores lies, the first drawn stronger, on a scale with thin lines at ``cuts``.

    Names are ids of labels, or texts. The cuts stand as numbers alone: nothing here is a grade.

    >>> score_ranges({"total_score": (20.0, 80.0), "E1": (0.0, 100.0), "E2": (50.0, 50.0)}, [60.0, 70.0]).alt
    'Ranges of the scores: total score 20–80; E1 0–100; E2 50'
    """
    figure, axes = new_axes(height=1.0 + 0.36 * len(ranges))
    for cut in cuts:
        axes.axvline(cut, color=FAINT, linewidth=0.8, linestyle=(0, (3, 2)))
    rows = {}
    for place, (name, (low, high)) in enumerate(ranges.items()):
        ends = [format_number(one) for one in (low, high)]
        rows[said(name)] = told = ends[0] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"
        axes.barh(place, 100, height=0.5, color=GROUND)
        if high > low:
            axes.barh(place, high - low, left=low, height=0.5, color=colour("AAA" if place == 0 else "B"))
        else:
            axes.plot(low, place, "|", color=INK, markersize=12, markeredgewidth=2)
        write_beside(axes, told, (101, place), right=4)
    name_rows(axes, rows, width=30)
    axes.set_xlim(0, 118)
    axes.set_xticks([0, *cuts, 100])
    axes.set_xlabel(label("score_axis"))
    return figure, label("score_ranges_alt").format(rows="; ".join(f"{name} {told}" for name, told in rows.items()))


@styled
def gaps_by_points(gaps: Mapping[str, tuple[float, float]]) -> Any:
    """Bars of what closing each gap alone narrows the range by, before the weight of all that it leaves open [points].

    >>> gaps_by_points({"green area": (10.0, 12.0)}).alt
    'Gaps by the points that they are worth: green area 10 of 12'
    """
    from matplotlib.patches import Patch

    figure, axes = new_axes(height=1.1 + 0.36 * len(gaps))
    rows = []
    for place, (name, (alone, whole)) in enumerate(gaps.items()):
        axes.barh(place, whole, height=0.56, color=GROUND, edgecolor=FAINT, linewidth=0.6)
        axes.barh(place, alone, height=0.56, color=colour("B"))
        part, all_of_it = (format_number(one, digits=3) for one in (alone, whole))
        write_beside(axes, f"{part} / {all_of_it}", (whole, place), right=4)
        rows.append(label("of_whole").format(name=name, part=part, whole=all_of_it))
    name_rows(axes, gaps, width=34)
    axes.set_xlim(0, LABEL_ROOM * max(whole for _, whole in gaps.values()) + 1)
    axes.set_xlabel(label("score_axis"))
    legend(figure, [Patch(facecolor=colour("B"), label=label("alone")),
                    Patch(facecolor=GROUND, edgecolor=FAINT, label=label("with_others"))])
    return figure, label("gaps_figure_alt").format(rows="; ".join(rows))


def _band_width(number: int) -> float:
    """Bands are drawn alike, however wide they are; the one below all grades, where most mines lie, twice as wide."""
    return 2.0 if number == 0 else 1.0


def _band_left(number: int) -> float:
    return number + 1.0 if number else 0.0


def band_place(value: float, bands: Sequence[tuple[str, float]]) -> float:
    """Where a value lies among bands drawn alike; one beyond all ends at the right edge."""
    number = [low <= value for _, low in bands].count(True) - 1
    low, high = bands[number][1], [*(low for _, low in bands[1:]), 100.0][number]
    part = min((value - low) / (high - low), 1.0) if high > low else 0.5  # full offset alone has no width
    return _band_left(number) + _band_width(number) * max(part, 0.0)

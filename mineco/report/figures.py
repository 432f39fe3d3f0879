"""Figures of a report: drawn from plain numbers, each with its unit, its colours and a text in words.

Each also takes a ``caption`` (`mineco.report.drawing.styled`).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mineco.core.formatting import format_number, unit_text
from mineco.core.labels import colour, label
from mineco.report.drawing import (
    FAINT,
    INK,
    QUIET,
    band_ends,
    band_of,
    legend,
    name_rows,
    new_axes,
    stack_bars,
    styled,
    value_axis,
    without_frame,
    wrapped,
    write_beside,
)
from mineco.report.tables import said

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Gases differ by pattern: the colour is the source's. A gas keeps its pattern too.
GAS_HATCHES = {"CO2": "", "CH4_fossil": "////", "CH4_nonfossil": "\\\\\\\\", "N2O": "....", "CO2_biogenic": "||||"}
OTHER_HATCH = "xxxx"
ANCHORS = (0, 60, 80, 100)
GROUND = "#eef2f4"
DARK = ("AA", "AAA")  # bands that need white letters
LABEL_ROOM = 1.14  # of the longest bar, so that its number stands inside the axes


@styled
def emissions_by_source(emissions: Mapping[str, Mapping[str, float]], *, unit: str = "tCO2e") -> Any:
    """Bars of emissions [unit], one for each source, patterned by gas; both by ids of labels, sources with a colour.

    The unit is of equivalents, or gases could not be added.

    >>> drawing = emissions_by_source({"combustion": {"CO2": 900.0, "N2O": 10.0}})
    >>> drawing.alt
    'Emissions by source and gas (tCO₂e): fuel combustion 910 (CO₂ 900, N₂O 10)'
    """
    from matplotlib.patches import Patch

    present = list(dict.fromkeys(gas for parts in emissions.values() for gas in parts))
    gases = [gas for gas in GAS_HATCHES if gas in present] + [gas for gas in present if gas not in GAS_HATCHES]
    figure, axes = new_axes(height=1.2 + 0.42 * len(emissions) + 0.15)
    sums, rows = [], []
    for place, (category, parts) in enumerate(emissions.items()):
        looks = {gas: {"color": colour(category), "hatch": GAS_HATCHES.get(gas, OTHER_HATCH)} for gas in parts}
        sums.append(stack_bars(axes, place, parts, looks))
        inner = ", ".join(f"{label(gas)} {format_number(value)}" for gas, value in parts.items())
        rows.append(f"{label(category)} {format_number(sums[-1])} ({inner})")
    name_rows(axes, map(label, emissions))
    value_axis(axes.xaxis, label("emissions_axis"), unit)
    axes.set_xlim(0, LABEL_ROOM * max(sums))
    legend(figure, [Patch(facecolor=FAINT, edgecolor="white", hatch=GAS_HATCHES.get(gas, OTHER_HATCH),
                          label=label(gas)) for gas in gases], handlelength=1.6)
    return figure, label("emissions_figure_alt").format(unit=unit_text(unit), rows="; ".join(rows))


@styled
def waterfall(emissions: float, removals: Mapping[str, float], residual: float, offsets: Mapping[str, float],
              net: float, *, unit: str = "tCO2e") -> Any:
    """From emissions down through removals to the residual, and through offsets to net emissions; all [unit].

    As the ledger has them: nothing is computed here. Removals and offsets are positive, by ids of labels.

    >>> drawing = waterfall(100.0, {"removals": 20.0}, 80.0, {"offsets": 30.0}, 50.0)
    >>> drawing.alt.partition(": ")[2]
    'emissions 100; removals −20; residual emissions 80; offsets −30; net emissions 50'
    """
    bars = [("emissions", 0.0, emissions, "emissions"),
            *_falling(emissions, removals, "removals"), ("residual", 0.0, residual, "residual"),
            *_falling(residual, offsets, "offsets"), ("net", 0.0, net, "net")]
    names = [said(name) for name, *_ in bars]
    figure, axes = new_axes(height=3.5)
    for place, (_, bottom, height, tone) in enumerate(bars):
        axes.bar(place, height, bottom=bottom, width=0.62, color=colour(tone))
        write_beside(axes, format_number(height), (place, max(bottom, bottom + height)), up=3)
        if place:  # a thread from the level that the bar before left
            level = bars[place - 1][1] + bars[place - 1][2]
            axes.plot([place - 0.69, place - 0.31], [level, level], color=FAINT, linewidth=0.8)
    axes.axhline(0, color=INK, linewidth=1.0)
    axes.set_xticks(range(len(names)), [wrapped(name) for name in names])
    axes.grid(axis="x", visible=False)
    value_axis(axes.yaxis, label("balance_axis"), unit)
    axes.margins(y=0.12)
    rows = "; ".join(f"{name} {format_number(height)}" for name, (_, _, height, _) in zip(names, bars, strict=True))
    return figure, label("waterfall_alt").format(unit=unit_text(unit), rows=rows)


def _falling(level: float, parts: Mapping[str, float], tone: str) -> list[tuple[str, float, float, str]]:
    bars = []
    for name, value in parts.items():
        bars.append((name, level, -value, tone))
        level -= value
    return bars


@styled
def scores_against_anchors(scores: Sequence[Mapping[str, Any]]) -> Any:
    """Each indicator's score [points], None where it does not apply, on the scale of the four anchors.

    A row of ``scores`` is a mapping of ``id``, ``name`` and ``score``.

    >>> scores_against_anchors([{"id": "E1.1", "name": "total", "score": 72.5}]).alt
    'Indicator scores beside the anchors 0, 60, 80 and 100: E1.1 total 72.5'
    """
    absent, rows = label("not_applicable"), {}
    figure, axes = new_axes(height=0.9 + 0.27 * len(scores))
    for anchor in ANCHORS:
        axes.axvline(anchor, color=FAINT, linewidth=0.8, linestyle=(0, (3, 2)))
    for place, row in enumerate(scores):
        score = row["score"]
        told = rows[f"{row['id']} {row['name']}"] = absent if score is None else format_number(score, digits=3)
        if score is None:
            write_beside(axes, told, (0, place), right=6, color=QUIET)
            continue
        axes.hlines(place, 0, score, color=colour("B"), linewidth=3.2)
        axes.plot(score, place, "o", color=colour("AAA"), markersize=6, clip_on=False)
        write_beside(axes, told, (score, place), right=7)
    name_rows(axes, rows, width=99)
    axes.set_xlim(0, 109)
    axes.set_xticks(ANCHORS)
    axes.set_xlabel(label("score_axis"))
    return figure, label("score_figure_alt").format(rows="; ".join(f"{name} {told}" for name, told in rows.items()))


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
    keys = {"score": (score, score_bands), "offset": (percent, [(grade, 100 * low) for grade, low in offset_bands])}
    figure, axes = new_axes(height=2.3)
    for place, (key, (value, bands)) in enumerate(keys.items()):
        _band_scale(axes, place, bands)
        axes.plot(value, place - 0.36, marker="v", color=INK, markersize=9, clip_on=False)
        text, to_left = f"{format_number(value, digits=3)}{' %' if key == 'offset' else ''}", value > 60
        if binding in (key, "both"):
            text = f"▶ {label('binding')}  {text}" if to_left else f"{text}  ◀ {label('binding')}"
        write_beside(axes, text, (value, place - 0.36), right=-8 if to_left else 8, up=3, va="center")
    axes.set_yticks(range(2), [wrapped(label(name)) for name in ("score_axis", "offset_ratio_axis")])
    axes.set_ylim(1.5, -0.6)
    axes.set_xlim(0, 107)
    axes.set_xticks([])
    without_frame(axes, "left", "bottom")
    grades = [label(band_of(value, bands)) for value, bands in keys.values()]
    decides = {"score": "score_key", "offset": "offset_key", "both": "both_keys"}[binding]
    return figure, label("two_keys_alt").format(
        score=format_number(score, digits=3), score_grade=grades[0], ratio=format_number(percent, digits=3),
        offset_grade=grades[1], binding=label(decides))


def _band_scale(axes: "Axes", place: int, bands: Sequence[tuple[str, float]]) -> None:
    for grade, low, high in band_ends(bands):
        is_point = high <= low  # only full offset reaches the last band, which has no width
        axes.barh(place, 1.2 if is_point else high - low, left=low, height=0.44, color=colour(grade),
                  edgecolor="white", linewidth=0.8, clip_on=False)
        axes.text(low + 1.8 if is_point else (low + high) / 2, place, label(grade), va="center", fontsize=7.5,
                  ha="left" if is_point else "center", color="white" if grade in DARK and not is_point else INK)
        axes.text(low, place + 0.26, format_number(low), ha="center", va="top", fontsize=7, color=QUIET)

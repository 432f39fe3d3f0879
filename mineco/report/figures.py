"""Figures of a report: drawn from plain numbers, each with its unit, its colours and a text in words.

Each also takes a ``caption`` (`mineco.report.drawing.styled`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mineco.core.formatting import format_apart, format_number, format_rounded, unit_text
from mineco.core.labels import colour, label
from mineco.report.drawing import (
    FAINT,
    INK,
    ON_LINES,
    QUIET,
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

# Gases differ by pattern: the colour is the source's. A gas keeps its pattern too.
GAS_HATCHES = {"CO2": "", "CH4_fossil": "////", "CH4_nonfossil": "\\\\\\\\", "N2O": "....", "CO2_biogenic": "||||"}
OTHER_HATCH = "xxxx"
ANCHORS = (0, 60, 80, 100)
SCALES = (0.0, 1.35)  # where the two keys of a grade lie
HALF = 3.25  # inches, of a figure beside another
GROUND = "#eef2f4"
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
    figure, axes = new_axes(height=1.9)
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
        write_beside(axes, told, (score, place), right=7, **ON_LINES)
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
    keys = {"score": (score, score_bands, ""),
            "offset": (percent, [(name, 100 * low) for name, low in offset_bands], " %")}
    figure, axes = new_axes(height=1.95)
    for place, (key, (value, bands, sign)) in zip(SCALES, keys.items(), strict=True):
        for number, (name, low) in enumerate(bands):
            axes.barh(place, _band_width(number), left=_band_left(number), height=0.42, color=colour(name),
                      edgecolor="white", linewidth=0.8)
            axes.text(_band_left(number), place + 0.25, f"{format_number(low)}{sign}", ha="center", va="top",
                      fontsize=7, color=QUIET)
        decides = binding in (key, "both")
        axes.plot(at := _band_place(value, bands), place, marker="o", markersize=10, markeredgecolor=INK,
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


def _band_width(number: int) -> float:
    """Bands are drawn alike, however wide they are; the one below all grades, where most mines lie, twice as wide."""
    return 2.0 if number == 0 else 1.0


def _band_left(number: int) -> float:
    return number + 1.0 if number else 0.0


def _band_place(value: float, bands: Sequence[tuple[str, float]]) -> float:
    """Where a value lies among bands drawn alike; one beyond all ends at the right edge."""
    number = [low <= value for _, low in bands].count(True) - 1
    low, high = bands[number][1], [*(low for _, low in bands[1:]), 100.0][number]
    part = min((value - low) / (high - low), 1.0) if high > low else 0.5  # full offset alone has no width
    return _band_left(number) + _band_width(number) * max(part, 0.0)


@styled
def four_bars(emissions: float, removals: float, residual: float, offsets: float, net: float, *,
              unit: str = "tCO2e") -> Any:
    """What is emitted, removed inside, offset from outside, and left [unit]: the waterfall of a conclusion, small.

    >>> four_bars(100.0, 20.0, 80.0, 30.0, 50.0).alt.partition(": ")[2]
    'emissions 100; removals −20; offsets −30; net emissions 50'
    """
    bars = [("emissions", 0.0, emissions), ("removals", emissions, -removals), ("offsets", residual, -offsets),
            ("net", 0.0, net)]
    figure, axes = new_axes(height=1.65, width=HALF)
    for place, (name, bottom, height) in enumerate(bars):
        axes.bar(place, height, bottom=bottom, width=0.66, color=colour(name))
        write_beside(axes, format_rounded(height), (place, max(bottom, bottom + height)), up=3, fontsize=8)
    levels = (emissions, residual, net)
    for place, level in enumerate(levels):
        axes.plot([place + 0.33, place + 0.67], [level, level], color=FAINT, linewidth=0.8)
    axes.axhline(0, color=INK, linewidth=1.0)
    axes.set_xticks(range(len(bars)), [wrapped(label(name), 10) for name, *_ in bars], fontsize=8)
    axes.set_yticks([])
    without_frame(axes, "left")
    axes.margins(y=0.14)
    return figure, label("waterfall_alt").format(unit=unit_text(unit), rows="; ".join(
        f"{label(name)} {format_rounded(height)}" for name, _, height in bars))


@styled
def largest_parts(parts: Sequence[tuple[str, str, float, float]], *, unit: str = "tCO2e") -> Any:
    """The largest parts of a whole as bars: name, id of a label with its colour, amount [unit] and share [1].

    >>> largest_parts([("diesel", "combustion", 651.0, 0.58)]).alt
    'Largest sources (tCO₂e): diesel 651 (58 %)'
    """
    figure, axes = new_axes(height=1.65, width=HALF)
    for place, (name, tone, _, share) in enumerate(parts):
        axes.barh(place + 0.2, share, height=0.42, color=colour(tone))
        axes.text(0, place - 0.06, wrapped(name, 44), ha="left", va="bottom", fontsize=8)
        write_beside(axes, _percent(share), (share, place + 0.2), right=4, fontsize=8)
    axes.set_xlim(0, 1.3 * max((share for *_, share in parts), default=1.0))
    axes.set_ylim(max(len(parts), 3) - 0.45, -0.6)
    axes.set_xticks([])
    axes.set_yticks([])
    without_frame(axes, "left", "bottom")
    return figure, label("largest_sources_alt").format(unit=unit_text(unit), rows="; ".join(
        f"{name} {format_rounded(amount)} ({_percent(share)})" for name, _, amount, share in parts))


def _percent(share: float) -> str:
    return format_rounded(100 * share, "%")

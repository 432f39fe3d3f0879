"""Figures of a report: drawn from plain numbers, each with its unit, its colours and a text in words.

Each also takes a ``caption`` (`mineco.report.drawing.styled`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mineco.core.formatting import format_exact, format_number, format_rounded, round_alike, unit_text
from mineco.core.labels import colour, label
from mineco.report.drawing import (
    FAINT,
    INK,
    ON_LINES,
    QUIET,
    legend,
    name_rows,
    new_axes,
    stack_bars,
    styled,
    value_axis,
    with_unit,
    without_frame,
    wrapped,
    write_beside,
)
from mineco.report.tables import said
from mineco.scoring import value_score

# Gases differ by pattern: the colour is the source's. A gas keeps its pattern too.
GAS_HATCHES = {"CO2": "", "CH4_fossil": "////", "CH4_nonfossil": "\\\\\\\\", "N2O": "----", "CO2_biogenic": "||||"}
OTHER_HATCH = "xxxx"
ANCHORS = (0, 60, 80, 100)
HALF = 3.25  # inches, of a figure beside another
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
    told = list(map(format_exact, round_alike([height for *_, height, _ in bars])))
    figure, axes = new_axes(height=1.9)
    _draw_levels(axes, [bar[1:] for bar in bars], 0.62, told)
    axes.set_xticks(range(len(names)), [wrapped(name) for name in names])
    axes.grid(axis="x", visible=False)
    value_axis(axes.yaxis, label("balance_axis"), unit)
    axes.margins(y=0.12)
    rows = "; ".join(f"{name} {text}" for name, text in zip(names, told, strict=True))
    return figure, label("waterfall_alt").format(unit=unit_text(unit), rows=rows)


def _draw_levels(axes: Any, bars: Sequence[tuple[float, float, str]], width: float, told: Sequence[str],
                 **look: Any) -> None:
    """Bars (bottom, height, id of a colour) with their numbers, each on a thread from the level that the last left."""
    for place, (bottom, height, tone) in enumerate(bars):
        axes.bar(place, height, bottom=bottom, width=width, color=colour(tone))
        write_beside(axes, told[place], (place, max(bottom, bottom + height)), up=3, **look)
        if place:
            level = bars[place - 1][0] + bars[place - 1][1]
            axes.plot([place - 1 + width / 2, place - width / 2], [level, level], color=FAINT, linewidth=0.8)
    axes.axhline(0, color=INK, linewidth=1.0)


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
    known = {place: row["score"] for place, row in enumerate(scores) if row["score"] is not None}
    axes.hlines(list(known), 0, list(known.values()), color=colour("B"), linewidth=3.2)
    axes.plot(list(known.values()), list(known), "o", color=colour("AAA"), markersize=6, clip_on=False)
    for place, row in enumerate(scores):
        score = known.get(place)
        told = rows[f"{row['id']} {row['name']}"] = absent if score is None else format_number(score, digits=3)
        if score is None:
            write_beside(axes, told, (0, place), right=6, color=QUIET)
        else:
            write_beside(axes, told, (score, place), right=7, **ON_LINES)
    name_rows(axes, rows, width=99)
    axes.set_xlim(0, 109)
    axes.set_xticks(ANCHORS)
    axes.set_xlabel(label("score_axis"))
    return figure, label("score_figure_alt").format(rows="; ".join(f"{name} {told}" for name, told in rows.items()))


@styled
def value_function(knots: Sequence[tuple[float, float]], value: float, what: str, unit: str = "1") -> Any:
    """A value function, knots of (value, points), and where a value [unit] lies on it; flat beyond the ends.

    >>> value_function([(0, 0), (5, 60), (10, 80), (20, 100)], 5.5, "own abatement", "%").alt
    'Value function of own abatement (%): 0 scores 0 · 5 scores 60 · 10 scores 80 · 20 scores 100; 5.5 scores 62'
    """
    places, points = zip(*sorted(knots), strict=True)
    room, score = 0.12 * (places[-1] - places[0]), float(value_score(value, knots))
    ends = min(places[0], value) - room, max(places[-1], value) + room
    figure, axes = new_axes(height=3.0)
    axes.plot([ends[0], *places, ends[1]], [points[0], *points, points[-1]], color=colour("B"), linewidth=2.2)
    axes.plot(places, points, "o", color="white", markeredgecolor=INK, markersize=5.5, zorder=3, clip_on=False)
    axes.plot([value, value, ends[0]], [0, score, score], color=FAINT, linewidth=0.9, linestyle=(0, (3, 2)))
    axes.plot(value, score, "o", color=colour("AAA"), markersize=7, zorder=4)
    beside = 6 if points[0] > points[-1] else -13  # where the line leaves room
    write_beside(axes, format_number(score), (value, score), right=8, up=beside, **ON_LINES)
    axes.set_xlim(*ends)
    axes.set_ylim(0, 112)
    axes.set_yticks(ANCHORS)
    axes.set_ylabel(label("score_axis"))
    value_axis(axes.xaxis, what, unit)
    rows = " · ".join(label("knot").format(x=format_number(x), points=format_number(y)) for x, y in sorted(knots))
    here = label("knot").format(x=format_number(value), points=format_number(score))
    return figure, label("value_function_alt").format(what=with_unit(what, unit), rows=rows, here=here)


@styled
def four_bars(emissions: float, removals: float, residual: float, offsets: float, net: float, *,
              unit: str = "tCO2e") -> Any:
    """What is emitted, removed inside, offset from outside, and left [unit]: the waterfall of a conclusion, small.

    >>> four_bars(100.0, 20.0, 80.0, 30.0, 50.0).alt.partition(": ")[2]
    'emissions 100; removals −20; offsets −30; net emissions 50'
    """
    bars = [(0.0, emissions, "emissions"), (emissions, -removals, "removals"), (residual, -offsets, "offsets"),
            (0.0, net, "net")]
    told = list(map(format_exact, round_alike([emissions, -removals, -offsets, net, residual])[:4]))
    figure, axes = new_axes(height=1.65, width=HALF)
    _draw_levels(axes, bars, 0.66, told, fontsize=8)
    axes.set_xticks(range(len(bars)), [wrapped(label(name), 10) for *_, name in bars], fontsize=8)
    axes.set_yticks([])
    without_frame(axes, "left")
    axes.margins(y=0.14)
    return figure, label("waterfall_alt").format(unit=unit_text(unit), rows="; ".join(
        f"{label(name)} {height}" for (*_, name), height in zip(bars, told, strict=True)))


@styled
def largest_parts(parts: Sequence[tuple[str, str, float, float]], *, unit: str = "tCO2e") -> Any:
    """The largest parts of a whole as bars: name, id of a label with its colour, amount [unit] and share [1].

    >>> largest_parts([("diesel", "combustion", 651.0, 0.58)]).alt
    'Largest sources (tCO₂e): diesel 651 (58 %)'
    """
    figure, axes = new_axes(height=1.65, width=HALF)
    for place, (name, tone, _, share) in enumerate(parts):
        axes.barh(place + 0.2, share, height=0.42, color=colour(tone))
        axes.text(0, place - 0.06, wrapped(name, 56), ha="left", va="bottom", fontsize=8)
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

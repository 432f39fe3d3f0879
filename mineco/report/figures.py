"""Figures of a report: drawn from plain numbers, each with its unit, its colours and a text in words."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mineco.core.formatting import format_number, unit_text
from mineco.core.labels import colour, current_language, has_label, label
from mineco.report.drawing import Drawing, caption_text, new_axes, styled, value_axis, wrapped
from mineco.report.tables import CaptionNumber

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Gases differ by pattern: the colour is the source's. A gas keeps its pattern too.
GAS_HATCHES = {"CO2": "", "CH4_fossil": "////", "CH4_nonfossil": "\\\\\\\\", "N2O": "....", "CO2_biogenic": "||||"}
OTHER_HATCH = "xxxx"
ANCHORS = (0, 60, 80, 100)
DARK = ("AA", "AAA")  # bands that need white letters
LABEL_ROOM = 1.14  # of the longest bar, so that its number stands inside the axes


@styled
def emissions_by_source(emissions: Mapping[str, Mapping[str, float]], caption: str = "",
                        number: CaptionNumber = None, *, unit: str = "tCO2e",
                        language: str | None = None) -> Drawing:
    """Bars of emissions, one for each source, patterned by gas.

    Parameters
    ----------
    emissions : mapping of category to mapping of gas to float
        Categories are ids of labels with a colour, gases ids of labels. [unit]
    caption, number : str, int or str
        Printed below as "图1 …" or "Figure 1 …".
    unit : str
        Of the values; equivalents, or gases could not be added.

    >>> drawing = emissions_by_source({"combustion": {"CO2": 900.0, "N2O": 10.0}}, language="en")
    >>> drawing.alt
    'Emissions by source and gas (tCO₂e): fuel combustion 910 (CO₂ 900, N₂O 10)'
    """
    language = current_language(language)
    present = list(dict.fromkeys(gas for parts in emissions.values() for gas in parts))
    gases = [gas for gas in GAS_HATCHES if gas in present] + [gas for gas in present if gas not in GAS_HATCHES]
    figure, axes = new_axes(height=1.2 + 0.42 * len(emissions) + 0.15)
    names = [label(category, language) for category in emissions]
    for place, (category, parts) in enumerate(emissions.items()):
        left = 0.0
        for gas, value in parts.items():
            axes.barh(place, value, left=left, height=0.62, color=colour(category), edgecolor="white", linewidth=0.6,
                      hatch=GAS_HATCHES.get(gas, OTHER_HATCH))
            left += value
        axes.annotate(format_number(left), (left, place), xytext=(4, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    value_axis(axes.xaxis, f"{label('emissions_axis', language)} ({unit_text(unit)})")
    axes.set_xlim(0, LABEL_ROOM * max(sum(parts.values()) for parts in emissions.values()))
    if len(gases) > 1:
        _gas_legend(figure, gases, language)
    rows = "; ".join(f"{name} {format_number(sum(parts.values()))} ("
                     + ", ".join(f"{label(gas, language)} {format_number(value)}" for gas, value in parts.items()) + ")"
                     for name, parts in zip(names, emissions.values(), strict=True))
    alt = label("emissions_figure_alt", language).format(unit=unit_text(unit), rows=rows)
    return Drawing(figure, caption_text(caption, number, language), alt)


@styled
def waterfall(emissions: float, removals: Mapping[str, float], residual: float, offsets: Mapping[str, float],
              net: float, caption: str = "", number: CaptionNumber = None, *, unit: str = "tCO2e",
              language: str | None = None) -> Drawing:
    """From emissions down through removals to the residual, and through offsets to net emissions.

    Parameters
    ----------
    emissions, residual, net : float
        As the ledger has them: nothing is computed here. [unit]
    removals, offsets : mapping of label to float
        Each positive. [unit]

    >>> drawing = waterfall(100.0, {"removals": 20.0}, 80.0, {"offsets": 30.0}, 50.0, language="en")
    >>> drawing.alt.partition(": ")[2]
    'emissions 100; removals −20; residual emissions 80; offsets −30; net emissions 50'
    """
    language = current_language(language)
    bars = [("emissions", 0.0, emissions, "emissions")]
    bars += _falling(emissions, removals, "removals") + [("residual", 0.0, residual, "residual")]
    bars += _falling(residual, offsets, "offsets") + [("net", 0.0, net, "net")]
    names = [label(name, language) if has_label(name) else name for name, *_ in bars]
    figure, axes = new_axes(height=3.5)
    for place, (_, bottom, height, tone) in enumerate(bars):
        axes.bar(place, height, bottom=bottom, width=0.62, color=colour(tone))
        axes.annotate(format_number(height), (place, max(bottom, bottom + height)), xytext=(0, 3),
                      textcoords="offset points", ha="center")
        if place:  # a thread from the level that the bar before left
            level = bars[place - 1][1] + bars[place - 1][2]
            axes.plot([place - 0.69, place - 0.31], [level, level], color="#8a979d", linewidth=0.8)
    axes.axhline(0, color="#1f2a30", linewidth=1.0)
    axes.set_xticks(range(len(names)), [wrapped(name) for name in names])
    axes.grid(axis="x", visible=False)
    value_axis(axes.yaxis, f"{label('balance_axis', language)} ({unit_text(unit)})")
    axes.margins(y=0.12)
    rows = "; ".join(f"{name} {format_number(height)}" for name, (_, _, height, _) in zip(names, bars, strict=True))
    alt = label("waterfall_alt", language).format(unit=unit_text(unit), rows=rows)
    return Drawing(figure, caption_text(caption, number, language), alt)


@styled
def scores_against_anchors(scores: Sequence[Mapping[str, Any]], caption: str = "", number: CaptionNumber = None, *,
                           language: str | None = None) -> Drawing:
    """Each indicator's score on the scale of the four anchors.

    Parameters
    ----------
    scores : sequence of mappings
        ``id``, ``name`` and ``score`` from 0 to 100, None where the indicator does not apply. [points]

    >>> scores_against_anchors([{"id": "E1.1", "name": "total", "score": 72.5}], language="en").alt
    'Indicator scores beside the anchors 0, 60, 80 and 100: E1.1 total 72.5'
    """
    language = current_language(language)
    names = [f"{row['id']} {row['name']}" for row in scores]
    absent = label("not_applicable", language)
    figure, axes = new_axes(height=0.9 + 0.27 * len(scores))
    for anchor in ANCHORS:
        axes.axvline(anchor, color="#8a979d", linewidth=0.8, linestyle=(0, (3, 2)))
    for place, row in enumerate(scores):
        if row["score"] is None:
            axes.annotate(absent, (0, place), xytext=(6, 0), textcoords="offset points", va="center", color="#5d6b73")
            continue
        axes.hlines(place, 0, row["score"], color=colour("B"), linewidth=3.2)
        axes.plot(row["score"], place, "o", color=colour("AAA"), markersize=6, clip_on=False)
        axes.annotate(format_number(row["score"], digits=3), (row["score"], place), xytext=(7, 0),
                      textcoords="offset points", va="center")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, 109)
    axes.set_xticks(ANCHORS)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(label("score_axis", language))
    rows = "; ".join(f"{name} {absent if row['score'] is None else format_number(row['score'], digits=3)}"
                     for name, row in zip(names, scores, strict=True))
    text = label("score_figure_alt", language).format(rows=rows)
    return Drawing(figure, caption_text(caption, number, language), text)


@styled
def two_keys(score: float, offset_ratio: float, score_bands: Sequence[tuple[str, float]],
             offset_bands: Sequence[tuple[str, float]], binding: str, caption: str = "",
             number: CaptionNumber = None, *, language: str | None = None) -> Drawing:
    """The two keys of the grade, each on its bands; the one that decides is marked.

    Parameters
    ----------
    score : float
        From 0 to 100. [points]
    offset_ratio : float
        Share of the residual emissions that was offset, from 0 to 1. [-]
    score_bands, offset_bands : sequence of (grade, lower edge)
        Rising, the first from 0; an edge belongs to the band above it. [points], [-]
    binding : {"score", "offset", "both"}
        The key with the worse grade, as the evaluation found.

    >>> bands = [("ungraded", 0.0), ("C", 60.0), ("B", 70.0), ("A", 85.0), ("AA", 90.0), ("AAA", 95.0)]
    >>> shares = [("ungraded", 0.0), ("C", 0.6), ("B", 0.8), ("A", 0.9), ("AA", 0.95), ("AAA", 1.0)]
    >>> two_keys(86.4, 0.96, bands, shares, "score", language="en").alt.split("; ")[:2]
    ['Score 86.4, grade by score A', 'offset ratio 96 %, grade by offset AA']
    """
    language = current_language(language)
    keys = [("score", "score_axis", score, list(score_bands)),
            ("offset", "offset_ratio_axis", 100 * offset_ratio, [(grade, 100 * low) for grade, low in offset_bands])]
    figure, axes = new_axes(height=2.3)
    for place, (key, _, value, bands) in enumerate(keys):
        _band_scale(axes, place, bands, language)
        axes.plot(value, place - 0.36, marker="v", color="#1f2a30", markersize=9, clip_on=False)
        text = f"{format_number(value, digits=3)}{' %' if key == 'offset' else ''}"
        mark = f"  ◀ {label('binding', language)}" if binding in (key, "both") else ""
        to_left = value > 60
        axes.annotate(f"{text}{mark}" if not to_left else f"{mark.replace('◀', '▶').strip()}  {text}".strip(),
                      (value, place - 0.36), xytext=(-8 if to_left else 8, 3), textcoords="offset points",
                      ha="right" if to_left else "left", va="center")
    axes.set_yticks(range(len(keys)), [wrapped(label(name, language)) for _, name, _, _ in keys])
    axes.set_ylim(1.5, -0.6)
    axes.set_xlim(0, 107)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    grades = [_grade_at(value, bands) for _, _, value, bands in keys]
    decides = {"score": "score_key", "offset": "offset_key", "both": "both_keys"}[binding]
    alt = label("two_keys_alt", language).format(
        score=format_number(score, digits=3), score_grade=label(grades[0], language),
        ratio=format_number(100 * offset_ratio, digits=3), offset_grade=label(grades[1], language),
        binding=label(decides, language))
    return Drawing(figure, caption_text(caption, number, language), alt)


def _band_scale(axes: "Axes", place: int, bands: list[tuple[str, float]], language: str) -> None:
    edges = [low for _, low in bands] + [100.0]
    for (grade, low), high in zip(bands, edges[1:], strict=True):
        is_point = high <= low  # only full offset reaches the last band, which has no width
        axes.barh(place, 1.2 if is_point else high - low, left=low, height=0.44, color=colour(grade),
                  edgecolor="white", linewidth=0.8, clip_on=False)
        axes.text(low + 1.8 if is_point else (low + high) / 2, place, label(grade, language), va="center", fontsize=7.5,
                  ha="left" if is_point else "center", color="white" if grade in DARK and not is_point else "#1f2a30")
        axes.text(low, place + 0.26, format_number(low), ha="center", va="top", fontsize=7, color="#5d6b73")


def _grade_at(value: float, bands: Sequence[tuple[str, float]]) -> str:
    return [grade for grade, low in bands if value >= low][-1]


def _falling(level: float, parts: Mapping[str, float], tone: str) -> list[tuple[str, float, float, str]]:
    bars = []
    for name, value in parts.items():
        bars.append((name, level, -value, tone))
        level -= value
    return bars


def _gas_legend(figure: "Figure", gases: Sequence[str], language: str) -> None:
    from matplotlib.patches import Patch

    patches = [Patch(facecolor="#8a979d", edgecolor="white", hatch=GAS_HATCHES.get(gas, OTHER_HATCH),
                     label=label(gas, language)) for gas in gases]
    figure.legend(handles=patches, loc="outside upper right", ncols=len(gases), handlelength=1.6, columnspacing=1.2)

"""Figures of a mine over the years, drawn from plain numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mineco.core.formatting import DASH, format_number, format_rounded, unit_text
from mineco.core.labels import colour, label
from mineco.report.drawing import (
    FAINT,
    INK,
    MARK,
    QUIET,
    band_ends,
    legend,
    new_axes,
    styled,
    value_axis,
    with_unit,
    wrapped,
    write_beside,
)
from mineco.report.tables import said

STROKES = ((0, (1, 1.5)), (0, (4, 2)), "-")  # of the lines of a path, the weakest first
TONES = ("#c9d6dd", "#7ba3b8", "#1f5873")  # of years beside each other, the latest darkest
BAND = 0.62  # width of the bar of a year


@styled
def emissions_over_years(categories: Mapping[str, Sequence[float]], years: Sequence[int],
                         intensity: Sequence[float | None], per: str, broken: Sequence[int] = (), *,
                         unit: str = "tCO2e") -> Any:
    """Emissions of each year by category, as bars [unit], above the intensity as a line [per].

    ``broken`` are years whose factor of grid power is of another kind than that of the year before.

    >>> emissions_over_years({"combustion": [9.0, 8.0]}, [2023, 2024], [4.5, None], "kgCO2e/t").alt
    'Emissions (tCO₂e) and intensity (kgCO₂e/t): 2023 9, 4.5; 2024 8, —'
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    figure = Figure(figsize=(6.6, 4.3))
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1.3])
    bottom = np.zeros(len(years))
    for name, values in categories.items():
        upper.bar(years, values, bottom=bottom, width=BAND, color=colour(name), edgecolor="white", linewidth=0.6)
        bottom = bottom + np.array(values)
    for axes in (upper, lower):
        axes.grid(axis="x", visible=False)
        for year in broken:
            axes.axvline(year - 0.5, color=MARK, linewidth=1.0, linestyle=(0, (4, 3)))
    lower.plot(years, [np.nan if one is None else one for one in intensity], "o-", color=INK, markersize=4,
               linewidth=1.4)
    value_axis(upper.yaxis, label("emissions_axis"), unit)
    value_axis(lower.yaxis, "", per)
    lower.yaxis.set_label_text(wrapped(with_unit(label("intensity"), per), 18))  # beside a low axis, in two lines
    lower.set_ylim(0, 1.2 * max((one for one in intensity if one is not None), default=1.0))
    lower.set_xticks(years, [str(one) for one in years])
    shown = [Patch(facecolor=colour(name), label=label(name)) for name in categories]
    legend(figure, [*shown, *_break_mark(broken)], ncols=min(len(shown) + bool(broken), 4))
    rows = "; ".join(f"{year} {format_number(float(all_of_it))}, {format_number(one)}"
                     for year, all_of_it, one in zip(years, bottom, intensity, strict=True))
    return figure, label("trend_alt").format(unit=unit_text(unit), per=unit_text(per), rows=rows)


def _break_mark(broken: Sequence[int]) -> list[Any]:
    from matplotlib.lines import Line2D

    return [Line2D([], [], color=MARK, linewidth=1.0, linestyle=(0, (4, 3)), label=label("factor_breaks"))
            ] if broken else []


@styled
def scores_over_years(ranges: Mapping[int, tuple[float, float]], bands: Sequence[tuple[str, float]],
                      names: Mapping[str, str] | None = None) -> Any:
    """The score of each year [points]: a point where it is graded, a bar where it lies between two, on the bands.

    Bands are (grade, lower edge), rising, the first from 0; ``names`` are what grades are called beside their colours.

    >>> scores_over_years({2023: (50.0, 74.0), 2024: (71.0, 71.0)}, [("ungraded", 0.0), ("C", 60.0)]).alt
    'Score by year: 2023 50 to 74; 2024 71'
    """
    figure, axes = new_axes(height=2.8)
    lowest = max(0.0, 10 * np.floor(min((low for low, _ in ranges.values()), default=60.0) / 10 - 0.5))
    for name, low, high in band_ends(bands):
        if high > lowest:
            axes.axhspan(max(low, lowest), high, color=colour(name), linewidth=0)
            told = names[name] if names else label(name)
            axes.text(1.01, (max(low, lowest) + high) / 2, told, transform=axes.get_yaxis_transform(),
                      va="center", fontsize=7.5, color=INK)
    rows = []
    for place, (low, high) in enumerate(ranges.values()):
        if high > low:
            axes.vlines(place, low, high, color=QUIET, linewidth=5.0)
            rows.append(label("from_to").format(low=format_number(low), high=format_number(high)))
        else:
            axes.plot(place, low, "o", color="white", markeredgecolor=INK, markersize=7, markeredgewidth=1.6, zorder=3)
            write_beside(axes, format_number(low), (place, low), up=7)
            rows.append(format_number(low))
    axes.set_ylim(lowest, 100)
    axes.set_xlim(-0.6, len(ranges) - 0.4)
    axes.grid(visible=False)
    axes.set_xticks(range(len(ranges)), [str(one) for one in ranges])
    value_axis(axes.yaxis, label("score_axis"))
    return figure, label("scores_by_year_alt").format(rows="; ".join(
        f"{year} {told}" for year, told in zip(ranges, rows, strict=True)))


@styled
def change_by_cause(first: int, before: float, effects: Mapping[str, float], last: int, after: float, *,
                    unit: str = "tCO2e") -> Any:
    """From the emissions of one year through what each cause brings to those of another; all [unit].

    >>> change_by_cause(2023, 100.0, {"effect_activity": 10.0, "effect_mix": -30.0}, 2024, 80.0).alt
    'From 2023 to 2024 (tCO₂e): 100; more or less mined +10; mix of energy −30; 80'
    """
    figure, axes = new_axes(height=2.3)
    names = [str(first), *(label(name) for name in effects), str(last)]
    level, told = before, [format_number(before)]
    axes.bar(0, before, width=BAND, color=colour("emissions"))
    write_beside(axes, told[0], (0, before), up=3)
    for place, (name, value) in enumerate(effects.items(), start=1):
        axes.bar(place, value, bottom=level, width=BAND, color=colour(name))
        axes.plot([place - 1 + BAND / 2, place - BAND / 2], [level, level], color=FAINT, linewidth=0.8)
        told.append(signed(value))
        write_beside(axes, told[-1], (place, max(level, level + value)), up=3)
        level += value
    last_place = len(names) - 1
    axes.plot([last_place - 1 + BAND / 2, last_place - BAND / 2], [level, level], color=FAINT, linewidth=0.8)
    axes.bar(last_place, after, width=BAND, color=colour("emissions"))
    told.append(format_number(after))
    write_beside(axes, told[-1], (last_place, after), up=3)
    axes.axhline(0, color=INK, linewidth=1.0)
    axes.set_xticks(range(len(names)), [wrapped(one) for one in names])
    axes.grid(axis="x", visible=False)
    value_axis(axes.yaxis, label("emissions_axis"), unit)
    axes.margins(y=0.12)
    rows = "; ".join([told[0], *(f"{name} {one}" for name, one in zip(names[1:-1], told[1:-1], strict=True)), told[-1]])
    return figure, label("change_alt").format(first=first, last=last, unit=unit_text(unit), rows=rows)


@styled
def causes_by_year(effects: Mapping[str, Sequence[float]], steps: Sequence[str], *, unit: str = "tCO2e") -> Any:
    """What each cause brings from year to year: bars above zero for more, below for less, and the sum as a mark.

    >>> causes_by_year({"effect_activity": [10.0], "effect_mix": [-30.0]}, ["2023–2024"]).alt
    'Causes of change by year (tCO₂e): 2023–2024 −20 (more or less mined +10, mix of energy −30)'
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure, axes = new_axes(height=3.0)
    places = np.arange(len(steps))
    above, below = np.zeros(len(steps)), np.zeros(len(steps))
    for name, values in effects.items():
        given = np.array(values)
        axes.bar(places, np.maximum(given, 0), bottom=above, width=BAND, color=colour(name), edgecolor="white",
                 linewidth=0.6)
        axes.bar(places, np.minimum(given, 0), bottom=below, width=BAND, color=colour(name), edgecolor="white",
                 linewidth=0.6)
        above, below = above + np.maximum(given, 0), below + np.minimum(given, 0)
    sums = np.sum([list(one) for one in effects.values()], axis=0)
    axes.plot(places, sums, "D", color="white", markeredgecolor=INK, markersize=5.5, markeredgewidth=1.4, zorder=3)
    axes.use_sticky_edges = False  # a bar without height at the top of the others would hold the axis there
    axes.margins(y=0.1)
    axes.axhline(0, color=INK, linewidth=1.0)
    axes.set_xticks(places, [wrapped(one, 10) for one in steps])
    axes.grid(axis="x", visible=False)
    value_axis(axes.yaxis, label("change_axis"), unit)
    legend(figure, [*(Patch(facecolor=colour(name), label=label(name)) for name in effects),
                    Line2D([], [], linestyle="", marker="D", color="white", markeredgecolor=INK, markersize=5.5,
                           label=label("sum"))])
    rows = "; ".join(f"{step} {signed(float(total))} (" + ", ".join(
        f"{label(name)} {signed(values[place])}" for name, values in effects.items()) + ")"
        for place, (step, total) in enumerate(zip(steps, sums, strict=True)))
    return figure, label("causes_alt").format(unit=unit_text(unit), rows=rows)


@styled
def against_path(emissions: Mapping[int, float], paths: Mapping[str, Mapping[int, float]],
                 targets: Mapping[int, float], *, unit: str = "tCO2e") -> Any:
    """Emissions by year, the lines of a path by their names, and targets as marks; all [unit].

    >>> against_path({2023: 90.0}, {"80 points": {2023: 95.0, 2024: 93.0}}, {2030: 70.0}).alt
    'Emissions against path and targets (tCO₂e): emissions 2023 90; 80 points 2024 93; own target 2030 70'
    """
    from matplotlib.ticker import MaxNLocator

    figure, axes = new_axes(height=3.1)
    for place, (name, one) in enumerate(paths.items()):
        axes.plot(list(one), list(one.values()), color=QUIET, linewidth=1.2, linestyle=STROKES[place % len(STROKES)],
                  label=name)
    axes.plot(list(emissions), list(emissions.values()), "o-", color=colour("emissions"), markersize=4.5, linewidth=1.8,
              label=said("emissions"), zorder=3)
    if targets:
        axes.plot(list(targets), list(targets.values()), "D", color="white", markeredgecolor=INK, markersize=7,
                  markeredgewidth=1.5, label=label("own_target"), zorder=4)
    for year, value in targets.items():
        write_beside(axes, format_rounded(value), (year, value), up=8)
    axes.set_ylim(bottom=0)
    axes.margins(y=0.12)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="x", visible=False)
    value_axis(axes.yaxis, label("emissions_axis"), unit)
    legend(figure, axes.get_lines()[::-1], handlelength=2.2)
    ends = [f"{name} {max(one)} {format_number(one[max(one)])}" for name, one in
            {label("emissions"): emissions, **paths, **({label("own_target"): targets} if targets else {})}.items()]
    return figure, label("path_alt").format(unit=unit_text(unit), rows="; ".join(ends))


@styled
def bound_over_years(bound: Mapping[int, float], gain: Mapping[int, float], *, unit: str = "tCO2e") -> Any:
    """What restored land binds in each year, as bars, and its gain over the baseline as a mark; both [unit].

    >>> bound_over_years({2023: 90.0, 2024: 80.0}, {2023: 95.0, 2024: 85.0}).alt
    'What restored land binds (tCO₂e): 2023 90, gain over the baseline 95; 2024 80, gain over the baseline 85'
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure, axes = new_axes(height=2.6)
    places, tone = range(len(bound)), colour("restoration_removals")
    axes.bar(places, list(bound.values()), width=BAND, color=tone)
    axes.plot(places, list(gain.values()), "D", color="white", markeredgecolor=INK, markersize=6, markeredgewidth=1.4)
    for place, value in enumerate(bound.values()):
        axes.text(place, value / 2, format_rounded(value), ha="center", va="center", fontsize=8, color="white")
    axes.axhline(0, color=INK, linewidth=1.0)
    axes.set_xlim(-0.8, len(bound) - 0.2)
    axes.set_xticks(places, [str(one) for one in bound])
    axes.grid(axis="x", visible=False)
    value_axis(axes.yaxis, label("bound_axis"), unit)
    axes.margins(y=0.12)
    legend(figure, [Patch(facecolor=tone, label=label("bound_in_year")),
                    Line2D([], [], linestyle="", marker="D", color="white", markeredgecolor=INK, markersize=6,
                           label=label("project_gain"))])
    rows = "; ".join(f"{year} {format_number(value)}, {label('project_gain')} {format_number(gain[year])}"
                     for year, value in bound.items())
    return figure, label("bound_alt").format(unit=unit_text(unit), rows=rows)


@styled
def parts_of_years(parts: Mapping[str, Mapping[str, float]], *, unit: str = "tCO2e") -> Any:
    """Emissions of the parts of some years [unit]: year → part → amount, the years beside each other.

    >>> parts_of_years({"2023": {"first half": 40.0}, "2024": {"first half": 38.0}}).alt
    'Emissions within the year (tCO₂e): 2023 first half 40; 2024 first half 38'
    """
    from matplotlib.patches import Patch

    figure, axes = new_axes(height=2.4)
    names = list(dict.fromkeys(name for one in parts.values() for name in one))
    tones = TONES[-len(parts):]
    width = 0.8 / len(parts)
    for place, one in enumerate(parts.values()):
        known = [name for name in names if name in one]
        at = [names.index(name) - 0.4 + width * (place + 0.5) for name in known]
        axes.bar(at, [one[name] for name in known], width=0.94 * width, color=tones[place % len(tones)])
        for spot, name in zip(at, known, strict=True):
            write_beside(axes, format_rounded(one[name]), (spot, one[name]), up=3, fontsize=7.5)
    axes.set_xticks(range(len(names)), [wrapped(one) for one in names])
    axes.grid(axis="x", visible=False)
    value_axis(axes.yaxis, label("emissions_axis"), unit)
    axes.margins(y=0.12)
    legend(figure, [Patch(facecolor=tones[place % len(tones)], label=year) for place, year in enumerate(parts)])
    rows = "; ".join(f"{year} {name} {format_number(value)}" for year, one in parts.items()
                     for name, value in one.items())
    return figure, label("parts_alt").format(unit=unit_text(unit), rows=rows)


def signed(value: float | None, unit: str = "") -> str:
    """A change with its sign.

    >>> signed(10.0, "t"), signed(-0.25), signed(0.0), signed(None)
    ('+10 t', '−0.25', '0', '—')
    """
    return DASH if value is None else ("+" if value > 0 else "") + format_rounded(value, unit)

"""Figures of a portfolio, drawn from plain numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.formatting import format_number, unit_text
from mineco.core.labels import label
from mineco.report.drawing import FAINT, INK, MARK, QUIET, legend, name_rows, new_axes, styled, value_axis, with_unit

BLUE, PALE, EMPTY = "#1f5873", "#7ba3b8", "#eef1f2"
KINDS = (("#1f5873", "o"), ("#c98a16", "s"), ("#5d6b73", "^"), ("#7b4f8a", "D"), ("#8fc1d4", "v"), ("#93461a", "P"))
WIDE = 100  # from this ratio of the largest to the least on, an axis is logarithmic
STEPS = ("#e3eef3", "#b5d3df", "#7fb0c5", "#43849f", "#1f5873")  # of the map, the least first


@styled
def spread_bars(rows: Sequence[tuple[str, NDArray, bool]], what: str, unit: str) -> Any:
    """A bar a row: nine tenths thin, the middle half thick, the median a point; of few mines each is a point [unit].

    >>> spread_bars([("coal (20)", np.arange(20.0) + 1, False), ("ore (2)", np.array([3.0, 4.0]), True)], "score",
    ...             "").alt
    'score: coal (20) 5.75 to 15.25, median 10.5; ore (2) 3, 4'
    """
    figure, axes = new_axes(height=1.1 + 0.36 * len(rows))
    told = []
    for at, (name, values, few) in enumerate(rows):
        if few:
            axes.plot(values, [at] * len(values), "o", color="white", markeredgecolor=BLUE, markersize=4.5)
            told.append(f"{name} {', '.join(map(format_number, np.sort(values)[:10].tolist()))}")
            continue
        p05, p25, p50, p75, p95 = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95)).tolist()
        axes.hlines(at, p05, p95, color=PALE, linewidth=2.0)
        axes.hlines(at, p25, p75, color=BLUE, linewidth=7.0)
        axes.plot(p50, at, "o", color="white", markeredgecolor=INK, markersize=5.5, zorder=3)
        told.append(label("folio_spread_row").format(name=name, low=format_number(p25), high=format_number(p75),
                                                     median=format_number(p50)))
    name_rows(axes, [name for name, *_ in rows], width=40)
    everything = np.concatenate([np.quantile(values, (0.05, 0.95)) for _, values, _ in rows])
    if everything.min() > 0 and everything.max() / everything.min() > WIDE:
        axes.set_xscale("log")
        what = label("folio_log").format(what=what)
    elif everything.min() >= 0:
        axes.set_xlim(left=0)
    axes.grid(axis="y", visible=False)
    value_axis(axes.xaxis, what, unit)
    return figure, f"{with_unit(what, unit)}: {'; '.join(told)}", label("folio_bars_told")


@styled
def place_line(peers: NDArray, value: float, mine: str, what: str, unit: str) -> Any:
    """The peers in the order of a figure [unit], and where one mine stands.

    >>> place_line(np.array([1.0, 2.0, 3.0]), 2.5, "east", "score", "").alt
    'score: 3 peers from 1 to 3; east 2.5'
    """
    figure, axes = new_axes(height=2.6)
    ordered = np.sort(peers)
    axes.step(ordered, 100 * np.arange(1, len(ordered) + 1) / len(ordered), where="post", color=BLUE, linewidth=1.6)
    axes.axvline(value, color=MARK, linewidth=1.6)
    axes.text(value, 103, mine, ha="center", va="bottom", fontsize=8, color=MARK)
    if ordered[0] > 0 and ordered[-1] / ordered[0] > WIDE:
        axes.set_xscale("log")
        what = label("folio_log").format(what=what)
    axes.set_ylim(0, 102)
    value_axis(axes.xaxis, what, unit)
    value_axis(axes.yaxis, label("folio_share_axis"), "%")
    return figure, label("folio_place_alt").format(
        what=with_unit(what, unit), peers=len(peers), low=format_number(float(ordered[0])),
        high=format_number(float(ordered[-1])), mine=mine, value=format_number(value))


@styled
def rank_bars(rows: Sequence[tuple[str, float, int, int]], mines: int) -> Any:
    """The interval of each rank, and the rank as a point where there is one.

    >>> rank_bars([("east", 1.0, 1, 2), ("west", float("nan"), 1, 3)], 3).alt
    'Ranks of 3: east 1–2; west 1–3'
    """
    figure, axes = new_axes(height=1.1 + 0.27 * len(rows))
    for at, (_, rank, low, high) in enumerate(rows):
        axes.hlines(at, low, high, color=PALE, linewidth=4.0)
        if not np.isnan(rank):
            axes.plot(rank, at, "o", color="white", markeredgecolor=INK, markersize=5, zorder=3)
    name_rows(axes, [name for name, *_ in rows])
    axes.set_xlim(0.5, max(max(high for *_, high in rows), 2) + 0.5)
    axes.grid(axis="y", visible=False)
    value_axis(axes.xaxis, label("folio_rank_axis").format(mines=f"{mines:,}"))
    return figure, label("folio_rank_alt").format(mines=f"{mines:,}", rows="; ".join(
        f"{name} {low}–{high}" for name, _, low, high in rows))


@styled
def tile_map(squares: Sequence[tuple[tuple[int, int], str, int, float | None]], what: str, unit: str) -> Any:
    """Provinces as equal squares at (column, row): name, number of mines, and a value [unit] as one of five tones.

    >>> tile_map([((0, 0), "XJ", 2, 30.0), ((1, 0), "GS", 0, None)], "emissions", "t").alt
    'emissions (t): XJ 2 mines, 30'
    """
    from matplotlib.patches import Patch, Rectangle

    figure, axes = new_axes(height=5.4)
    known = np.array([value for *_, value in squares if value is not None])
    edges = np.unique(np.quantile(known, np.linspace(0, 1, len(STEPS) + 1), method="nearest")) if len(known) else known
    tones = STEPS[-max(len(edges) - 1, 1):]
    told = []
    for (column, row), name, mines, value in squares:
        step = 0 if value is None else min(int(np.searchsorted(edges[1:], value)), len(tones) - 1)
        tone = EMPTY if value is None else tones[step]
        dark = value is not None and tones[step] in STEPS[3:]
        axes.add_patch(Rectangle((column, row), 0.94, 0.94, facecolor=tone, edgecolor=FAINT if mines else EMPTY,
                                 linewidth=0.6))
        ink = "white" if dark else INK if mines else QUIET
        axes.text(column + 0.47, row + (0.36 if mines else 0.47), name, ha="center", va="center", fontsize=9, color=ink)
        if mines:
            axes.text(column + 0.47, row + 0.68, f"{mines:,}", ha="center", va="center", fontsize=8, color=ink)
            told.append(label("folio_tile").format(name=name, mines=mines, value=format_number(value)))
    axes.set_xlim(-0.1, max(column for (column, _), *_ in squares) + 1.1)
    axes.set_ylim(max(row for (_, row), *_ in squares) + 1.1, -0.1)
    axes.set_aspect("equal")
    axes.set_axis_off()
    names = [f"{format_number(low, digits=2)}–{format_number(high, digits=2)}"
             for low, high in zip(edges[:-1], edges[1:], strict=True)] or [
        format_number(float(one), digits=2) for one in edges]
    shown = [Patch(facecolor=tone, edgecolor=FAINT, label=name) for tone, name in zip(tones, names, strict=False)]
    legend(figure, [*shown, Patch(facecolor=EMPTY, edgecolor=FAINT, label=label("folio_no_value"))],
           title=with_unit(what, unit), ncols=3)
    return figure, f"{what} ({unit_text(unit) or '1'}): {'; '.join(told)}", label("folio_map_told")


@styled
def point_cloud(points: Mapping[str, NDArray]) -> Any:
    """Mines by longitude and latitude [deg], a mark for each kind.

    >>> point_cloud({"coal": np.array([[112.0, 37.0]])}).alt
    'Mines by longitude and latitude: coal 1'
    """
    from matplotlib.ticker import FuncFormatter

    figure, axes = new_axes(height=4.2)
    dots = []
    for (tone, mark), (name, places) in zip(KINDS, points.items(), strict=False):
        size = 26 if len(places) < 300 else 7
        dots.append(axes.scatter(places[:, 0], places[:, 1], s=size, color=tone, marker=mark, alpha=0.55, linewidth=0,
                                 label=name, rasterized=True))
    for axis, name in ((axes.xaxis, "folio_longitude"), (axes.yaxis, "folio_latitude")):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_label_text(label(name))
    legend(figure, dots)
    return figure, label("folio_points_alt").format(rows="; ".join(
        f"{name} {len(places):,}" for name, places in points.items())), label("folio_map_told")

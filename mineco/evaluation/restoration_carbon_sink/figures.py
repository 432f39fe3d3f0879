"""Figures of the evaluation of restoration: the standing over time, and the share of draws in each grade."""

import datetime
from collections.abc import Mapping, Sequence

from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import colour, current_language, label
from mineco.report.drawing import Drawing, caption_text, new_axes, styled, value_axis, wrapped
from mineco.report.tables import CaptionNumber

PeriodBar = tuple[str, str, datetime.date, datetime.date,
                  bool]  # state, grade, begins, ends, whether a certificate stands
EARLY = "#8a979d"  # states without a certificate
SHORTEST_NAMED = 0.06  # of the whole time: a shorter bar has no room for a grade inside


@styled
def standing_over_time(periods: Sequence[PeriodBar], caption: str = "", number: CaptionNumber = None, *,
                       language: str | None = None) -> Drawing:
    """A bar for each period in the row of its state, blue while a certificate stands, with the grade in force.

    Parameters
    ----------
    periods : sequence of (state, grade, begins, ends, certified)
        In order; states and grades by name, a blank grade for none.

    >>> day = datetime.date
    >>> drawing = standing_over_time([("applied", "", day(2024, 1, 2), day(2024, 3, 1), False),
    ...                               ("certified", "grade 1", day(2024, 3, 1), day(2024, 9, 1), True)], language="en")
    >>> drawing.alt
    'Standing over time: applied from 2024-01-02 to 2024-03-01; certified from 2024-03-01 to 2024-09-01 (grade 1)'
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

    language = current_language(language)
    states = list(dict.fromkeys(state for state, *_ in periods))
    figure, axes = new_axes(height=1.1 + 0.34 * len(states))
    days = [float(date2num(day)) for _, _, *ends, _ in periods for day in ends]
    whole = max(max(days) - min(days), 1.0)
    for state, grade, begins, ends, certified in periods:
        left, right = (float(date2num(day)) for day in (begins, ends))
        width = max(right - left, 0.006 * whole)  # what lasted a day is still seen
        place = states.index(state)
        axes.barh(place, width, left=left, height=0.62, color=colour("AAA") if certified else EARLY)
        if certified and grade:
            inside = width > SHORTEST_NAMED * whole
            at = left + width / 2 if inside else left + width
            axes.annotate(grade, (at, place), ha="center" if inside else "left", va="center",
                          color="white" if inside else "#1f2a30", fontsize=7.5,
                          xytext=(0 if inside else 3, 0), textcoords="offset points")
    axes.set_yticks(range(len(states)), [wrapped(state, 34) for state in states])
    axes.invert_yaxis()
    axes.set_xlim(min(days) - 0.01 * whole, max(days) + 0.03 * whole)
    locator = AutoDateLocator(minticks=3, maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(
        locator, formats=["%Y", "%Y-%m", "%m-%d", "%m-%d", "%m-%d", "%m-%d"],
        zero_formats=["", "%Y", "%Y-%m", "%m-%d", "%m-%d", "%m-%d"], show_offset=False))
    axes.grid(axis="y", visible=False)
    part = label("standing_alt_part", language)
    rows = "; ".join(part.format(state=state, begins=begins, ends=ends) + (f" ({grade})" if grade else "")
                     for state, grade, begins, ends, _ in periods)
    return Drawing(figure, caption_text(caption, number, language), label("standing_alt", language).format(rows=rows))


@styled
def shares_of_grades(shares: Mapping[str, float], chosen: str, caption: str = "", number: CaptionNumber = None, *,
                     language: str | None = None) -> Drawing:
    """The share of draws in each grade, the grade of the values as given in the darker colour.

    Parameters
    ----------
    shares : mapping of name to float
        Best grade first. [1]
    chosen : str
        The name of the grade of the values as given.

    >>> shares_of_grades({"grade 1": 0.2, "grade 2": 0.8}, "grade 2", language="en").alt
    'Share of the draws in each grade: grade 1 20 %; grade 2 80 %'
    """
    language = current_language(language)
    figure, axes = new_axes(height=0.9 + 0.36 * len(shares))
    for place, (name, share) in enumerate(shares.items()):
        axes.barh(place, 100 * share, height=0.6, color=colour("AAA" if name == chosen else "B"))
        axes.annotate(format_percent(share), (100 * share, place), xytext=(4, 0), textcoords="offset points",
                      va="center")
    axes.set_yticks(range(len(shares)), list(shares))
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlim(0, 112)
    axes.set_xticks(range(0, 101, 20))
    value_axis(axes.xaxis, label("share_of_draws", language))
    rows = "; ".join(f"{name} {format_percent(share)}" for name, share in shares.items())
    alt = label("shares_alt", language).format(rows=rows)
    return Drawing(figure, caption_text(caption, number, language), alt)


@styled
def score_on_bands(score: float, low: float | None, high: float | None, bands: Sequence[tuple[str, float]],
                   caption: str = "", number: CaptionNumber = None, *, language: str | None = None) -> Drawing:
    """The score on the bands of the grades, with its interval where there is one.

    Parameters
    ----------
    score, low, high : float
        [points]
    bands : sequence of (name, lower cut)
        Rising. [points]

    >>> score_on_bands(72.0, 70.0, 74.0, [("none", 0.0), ("grade 3", 60.0)], language="en").alt
    'Score 72 (95 %: 70 to 74) on the bands none from 0; grade 3 from 60'
    """
    language = current_language(language)
    figure, axes = new_axes(height=1.25)
    tones = ["#d5dde0", colour("C"), colour("B"), colour("A"), colour("AA"), colour("AAA")]
    for place, (name, cut) in enumerate(bands):
        end = bands[place + 1][1] if place + 1 < len(bands) else 100.0
        axes.barh(0, end - cut, left=cut, height=0.55, color=tones[min(place, len(tones) - 1)], edgecolor="white")
        axes.annotate(name, ((cut + end) / 2, 0), ha="center", va="center", fontsize=8)
    if low is not None and high is not None:
        axes.hlines(0.46, low, high, color="#93461a", linewidth=4.0)
    axes.plot(score, 0.46, "o", color="#1f2a30", markersize=6, zorder=4)
    axes.annotate(format_number(score), (score, 0.46), xytext=(0, 6), textcoords="offset points", ha="center")
    axes.set_yticks([])
    axes.set_ylim(-0.32, 0.85)
    axes.set_xlim(0, 100)
    axes.set_xticks([cut for _, cut in bands] + [100])
    axes.grid(visible=False)
    axes.spines[["left"]].set_visible(False)
    value_axis(axes.xaxis, label("score_axis", language))
    spread = "" if low is None or high is None else label("score_band_interval", language).format(
        low=format_number(low), high=format_number(high))
    rows = "; ".join(label("band_from", language).format(name=name, cut=format_number(cut)) for name, cut in bands)
    alt = label("score_band_alt", language).format(score=format_number(score), spread=spread, rows=rows)
    return Drawing(figure, caption_text(caption and caption + spread, number, language), alt)

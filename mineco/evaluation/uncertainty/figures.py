"""Figures of draws: the share of them in each grade, and what their spread comes from."""

from collections.abc import Mapping
from typing import Any

from mineco.core.labels import colour, label
from mineco.report.drawing import legend, name_rows, new_axes, styled, value_axis, write_beside


def whole_percent(share: float) -> str:
    """A share [1] in whole per cent, as many digits as draws bear; what is neither nothing nor all says so.

    >>> whole_percent(0.7572), whole_percent(0.0), whole_percent(0.002), whole_percent(0.999)
    ('76 %', '0 %', '< 1 %', '> 99 %')
    """
    rounded = round(100 * share)
    if rounded == 0 and share > 0:
        return "< 1 %"
    return "> 99 %" if rounded == 100 and share < 1 else f"{rounded} %"


@styled
def shares_of_grades(shares: Mapping[str, float], chosen: str) -> Any:
    """The share of draws [1] in each grade, best first; darker is ``chosen``, the grade of the values as given.

    >>> shares_of_grades({"grade 1": 0.2, "grade 2": 0.8}, "grade 2").alt
    'Share of the draws in each grade: grade 1 20 %; grade 2 80 %'
    """
    figure, axes = new_axes(height=0.9 + 0.36 * len(shares))
    for place, (name, share) in enumerate(shares.items()):
        axes.barh(place, 100 * share, height=0.6, color=colour("AAA" if name == chosen else "B"))
        write_beside(axes, whole_percent(share), (100 * share, place), right=4)
    name_rows(axes, shares, 99)
    axes.set_xlim(0, 112)
    axes.set_xticks(range(0, 101, 20))
    value_axis(axes.xaxis, label("share_of_draws"))
    rows = "; ".join(f"{name} {whole_percent(share)}" for name, share in shares.items())
    return figure, label("shares_alt").format(rows=rows)


@styled
def shares_of_variance(groups: Mapping[str, tuple[float, float]]) -> Any:
    """What the variance of emissions and of the score comes from [1, 1], by source or table, as bars side by side.

    >>> shares_of_variance({"diesel": (0.8, 0.25), "ratings": (0.0, 0.75)}).alt
    'Shares of the variance of emissions and of the score: diesel 80 %, 25 %; ratings 0 %, 75 %'
    """
    figure, axes = new_axes(height=1.1 + 0.5 * len(groups))
    for place, pair in enumerate(groups.values()):
        for number, (share, tone, name) in enumerate(zip(pair, ("AAA", "B"), ("emissions", "score"), strict=True)):
            at = place - 0.19 + 0.38 * number
            axes.barh(at, 100 * share, height=0.36, color=colour(tone), label=label(name))
            write_beside(axes, whole_percent(share), (100 * share, at), right=4)
    name_rows(axes, groups, 30)
    axes.set_xlim(0, 112)
    axes.set_xticks(range(0, 101, 20))
    value_axis(axes.xaxis, label("share_of_variance"))
    legend(figure, axes.containers[:2])
    rows = "; ".join(f"{name} {whole_percent(first)}, {whole_percent(second)}"
                     for name, (first, second) in groups.items())
    return figure, label("variance_alt").format(rows=rows)

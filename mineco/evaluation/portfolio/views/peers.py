"""The place of one mine among its peers."""

from mineco.core.formatting import DASH, unit_text
from mineco.core.labels import label
from mineco.evaluation.portfolio.compared import FIGURES, RANGE, SCORE, WHOLE
from mineco.evaluation.portfolio.peers import FEW, Place, place
from mineco.evaluation.portfolio.portfolio import Portfolio, rules
from mineco.evaluation.portfolio.views.figures import place_line
from mineco.evaluation.portfolio.views.words import (
    certainty_name,
    ends_text,
    figure_name,
    kind_name,
    mine_name,
    unit_of,
)
from mineco.evaluation.uncertainty.figures import whole_percent
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text


def table(portfolio: Portfolio, mine: str) -> Block:
    """Emissions, intensity and score of a mine, and the share of its peers with a lower figure, with its interval."""
    if not mine:
        return show_text(label("folio_no_mine"))
    found = [place(portfolio, mine, one) for one in FIGURES]
    row = portfolio.mine(mine)
    rows = [{"folio_figure": figure_name(one.figure), "folio_value": _value(one),
             "unit": unit_text(unit_of(one.figure, one.basis)) if one.basis else "",
             "folio_told": certainty_name(portfolio, one.basis) if one.basis else DASH,
             "folio_peers": one.count, "folio_below": share_text(one), "folio_interval": interval_text(one)}
            for one in found]
    told = [label("folio_place_how").format(kind=kind_name(portfolio, row["mine_subtype"]))]
    if any(one.reason == FEW for one in found):
        told.append(label("folio_few_peers").format(least=rules()["least_peers"]))
    if any(one.basis and one.basis.certainty == "at_least" for one in found):
        told.append(label("folio_place_at_least"))
    return show(rows, label("folio_place").format(mine=mine_name(row)), digits=3) + show_text("\n".join(told))


def figure(portfolio: Portfolio, mine: str, of: str = SCORE) -> Drawing | Block:
    """The peers by a figure, the lowest first, and the mine among them."""
    if not mine:
        return show_text(label("folio_no_mine"))
    found = place(portfolio, mine, of)
    if found.reason or not found.peers or not found.basis or not found.value or found.basis.certainty == RANGE:
        return show_text(label("folio_no_place").format(figure=figure_name(of)))
    told = "" if found.basis.certainty == WHOLE else label("in_brackets").format(
        text=certainty_name(portfolio, found.basis))
    return place_line(found.peers.low, found.value[0], mine, figure_name(of), unit_of(of, found.basis),
                      caption=label("folio_place_figure").format(figure=figure_name(of)) + told)


def _value(one: Place) -> str:
    return ends_text(*one.value) if one.value else DASH


def share_text(one: Place) -> str:
    """The share of peers with a lower figure, or from where to where it lies."""
    return DASH if one.reason else percents(one.low, one.high)


def interval_text(one: Place) -> str:
    """The interval of the share in all such mines."""
    return DASH if one.reason else percents(*one.interval)


def percents(low: float | None, high: float | None) -> str:
    """A share in whole per cent, or from one to another.

    >>> percents(0.5, 0.5), percents(0.289, 0.756)
    ('50 %', '29 % to 76 %')
    """
    ends = list(dict.fromkeys(map(whole_percent, (one for one in (low, high) if one is not None))))
    return ends[0] if len(ends) == 1 else label("spread_range").format(low=ends[0], high=ends[1])

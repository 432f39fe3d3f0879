"""How emissions, intensities and scores are spread over kinds, provinces and classes of depth."""

from collections import Counter
from typing import Any

from mineco.core.formatting import DASH
from mineco.core.labels import begun, label
from mineco.evaluation.portfolio.compared import AT_LEAST, DEPTH, EMISSIONS, RANGE, SCORE, Spread, spreads
from mineco.evaluation.portfolio.portfolio import Portfolio, rules
from mineco.evaluation.portfolio.views.figures import spread_bars
from mineco.evaluation.portfolio.views.words import (
    certainty_name,
    ends_text,
    figure_name,
    group_name,
    kind_name,
    sources_name,
    unit_of,
)
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text

SHOWN = 16  # rows of a table or figure, those with the most mines first
BY = {"mine_subtype": "folio_by_kind", "province": "folio_by_province", DEPTH: "folio_by_depth"}
QUARTERS = ("folio_p05", "folio_p25", "folio_p50", "folio_p75", "folio_p95")


def table(portfolio: Portfolio, figure: str, by: str = "mine_subtype", kind: str = "") -> Block:
    """Median, quartiles and the ends of nine tenths of the mines, by what may be compared."""
    found = _found(portfolio, figure, by, kind)
    units = list(dict.fromkeys(unit_of(figure, one.basis) for one in found))
    rows = [{BY[by]: group_name(portfolio, by, one.basis.group),
             "folio_told": certainty_name(portfolio, one.basis, short=True), "folio_mines": one.mines, **_cells(one),
             **({"folio_sum": one.total} if figure == EMISSIONS else {}),
             **({"unit": unit_of(figure, one.basis)} if len(units) > 1 else {})} for one in found[:SHOWN]]
    of_unit = {} if len(units) != 1 else dict.fromkeys((*QUARTERS, *(["folio_sum"] if figure == EMISSIONS else [])),
                                                       units[0])
    notes = "\n".join(_notes(portfolio, found))
    table = show(rows, caption(portfolio, figure, by, kind), units=of_unit, fine=True, digits=3)
    return table + show_text(notes) if notes else table


def _found(portfolio: Portfolio, figure: str, by: str, kind: str) -> list[Spread]:
    if by != "mine_subtype" and not kind:
        kind = next(iter(portfolio.kinds), "")  # kinds are not mixed
    return spreads(portfolio, figure, by, **({} if by == "mine_subtype" else {"mine_subtype": kind}))


def caption(portfolio: Portfolio, figure: str, by: str, kind: str = "") -> str:
    """What is spread over what, and of which kind of mine."""
    told = begun(label("folio_spread").format(figure=figure_name(figure), by=label(BY[by])))
    if by == "mine_subtype":
        return told
    return told + label("in_brackets").format(text=kind_name(portfolio, kind or next(iter(portfolio.kinds), "")))


def _cells(one: Spread) -> dict[str, Any]:
    if one.quantiles is None:
        return dict.fromkeys(QUARTERS, DASH)
    low, high = one.quantiles
    pairs = zip(QUARTERS, low.tolist(), high.tolist(), strict=True)
    return {name: a if one.basis.certainty != RANGE else ends_text(a, b) for name, a, b in pairs}


def _notes(portfolio: Portfolio, found: list[Spread]) -> list[str]:
    told = []
    if any(one.quantiles is None for one in found):
        told.append(label("folio_few").format(least=rules()["least_peers"]))
    if any(one.basis.certainty == RANGE for one in found):
        told.append(label("folio_ranges"))
    if any(one.basis.certainty == AT_LEAST for one in found):
        told.append(label("folio_bounds").format(sources=sources(portfolio, found)))
    if len(found) > SHOWN:
        told.append(label("rows_more").format(more=len(found) - SHOWN))
    return told


def sources(portfolio: Portfolio, found: list[Spread]) -> str:
    """What lower bounds are of: each set of sources with how many mines have it."""
    of: Counter[str] = Counter()
    for one in found:
        if one.basis.certainty == AT_LEAST:
            of[one.basis.of] += one.mines
    return " | ".join(label("folio_group_of").format(group=sources_name(portfolio, name), mines=f"{mines:,}")
                      for name, mines in of.most_common(3))


def figure(portfolio: Portfolio, figure: str, by: str = "mine_subtype", kind: str = "") -> Drawing | Block:
    """The same as bars, of figures that are no ranges; mines too few for quartiles are points."""
    found = [one for one in _found(portfolio, figure, by, kind) if one.basis.certainty != RANGE]
    unit = unit_of(figure, found[0].basis) if found else ""
    found = [one for one in found if unit_of(figure, one.basis) == unit][:SHOWN]
    told = caption(portfolio, figure, by, kind)
    if not found:
        return show_text(label("folio_ranges_alone" if figure == SCORE else "nothing_to_list").format(caption=told))
    least = sources(portfolio, found)
    return spread_bars([(_row_name(portfolio, by, one), one.values.low, one.quantiles is None) for one in found],
                       figure_name(figure), unit, caption=told + (
                           label("folio_bounds_in_caption").format(sources=least) if least else ""))


def _row_name(portfolio: Portfolio, by: str, one: Spread) -> str:
    bound = label("folio_bound_mark") if one.basis.certainty == AT_LEAST else ""
    return label("folio_group_of").format(group=group_name(portfolio, by, one.basis.group) + bound,
                                          mines=f"{one.mines:,}")

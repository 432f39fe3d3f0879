"""League tables, with how far ranks may be other ones."""

from mineco.core.formatting import DASH
from mineco.core.labels import begun, label
from mineco.evaluation.portfolio.compared import RANGE, SCORE, Basis
from mineco.evaluation.portfolio.portfolio import Portfolio
from mineco.evaluation.portfolio.ranks import League, league
from mineco.evaluation.portfolio.views.figures import rank_bars
from mineco.evaluation.portfolio.views.words import (
    certainty_name,
    ends_text,
    figure_name,
    kind_name,
    mine_name,
    province_name,
    unit_of,
)
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, below, show, show_text


def leagues(portfolio: Portfolio, figure: str = SCORE, kind: str = "", *, mine: str = "", error: float = 0.0,
            seed: int = 0) -> list[League]:
    """League tables of a kind of mine, or of that which a mine is of."""
    kind = kind or (portfolio.mine(mine)["mine_subtype"] if mine else "")
    return league(portfolio, figure, kind, mine=mine, error=error, seed=seed)


def table(portfolio: Portfolio, found: list[League]) -> Block:
    """The first mines of each league, and one mine wherever it stands."""
    return below([_table(portfolio, one) for one in found]) if found else show_text(label("folio_no_league"))


def _table(portfolio: Portfolio, one: League) -> Block:
    if one.alike:
        return show_text(label("folio_alike").format(mines=f"{one.mines:,}"))
    basis = Basis(one.kind, one.certainty, one.of, one.unit)
    rows = [{**({} if one.certainty == RANGE else {"folio_rank": str(int(row["rank"]))}),
             **({"folio_rank_interval": f"{row['rank_low']}–{row['rank_high']}"} if one.drawn else {}),
             "group_mine": mine_name(row), "province": province_name(row["province"] if isinstance(
                 row["province"], str) else None), "folio_value": ends_text(row["low"], row["high"])}
            for row in one.rows.to_dict("records")]
    caption = label("folio_league").format(figure=figure_name(one.figure), kind=kind_name(portfolio, one.kind),
                                           mines=f"{one.mines:,}", told=certainty_name(portfolio, basis))
    told = [label("folio_ties")] if one.certainty != RANGE else [label("folio_rank_of_ranges")]
    if one.drawn:
        told.append(label("folio_rank_how"))
    elif one.certainty == RANGE:
        told.append(label("folio_rank_too_many"))
    else:
        told.append(label("folio_rank_exact" if one.figure == SCORE else "folio_as_given"))
    return show(rows, caption, units={"folio_value": unit_of(one.figure, basis)}, headers={
        "folio_value": begun(figure_name(one.figure))}) + show_text("\n".join(told))


def figure(portfolio: Portfolio, found: list[League]) -> Drawing | Block:
    """The intervals of the ranks of the largest league that has some."""
    one = next((one for one in found if one.drawn), None)
    if one is None:
        return show_text(label("folio_no_ranks" if all(one.alike for one in found) else "folio_no_intervals"))
    rows = one.rows.to_dict("records")
    return rank_bars([(str(row["mine"]), row["rank"], row["rank_low"], row["rank_high"]) for row in rows], one.mines,
                     caption=label("folio_rank_figure").format(
                         figure=figure_name(one.figure), told=certainty_name(portfolio, Basis(
                             one.kind, one.certainty, one.of, one.unit)) or DASH))

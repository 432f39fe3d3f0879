"""Proposed anchors as pieces of the report: beside today's, with their intervals, and what the mines would score.

Rule: no number is made here.
"""

import math

from mineco.core.formatting import format_number, format_percent, unit_text
from mineco.core.labels import current_language, label
from mineco.evaluation.portfolio.proposals import Proposal, Proposals
from mineco.evaluation.portfolio.rescoring import effects
from mineco.evaluation.views.words import join_names, named, sentences
from mineco.report.tables import Block, show, show_text


def anchors(found: Proposals) -> Block:
    """Each proposed anchor beside today's; where there is none, why not."""
    rows = [{"indicator": indicator_name(found, one), "mine_subtype": kind_name(found, one.kind),
             "proposal_points": anchor.score, "proposal_worse": format_percent(anchor.worse),
             "unit": unit_text(one.unit),
             "proposal_today": format_number(None if math.isnan(anchor.today) else anchor.today),
             "proposal_value": format_number(anchor.value),
             "proposal_interval": label("spread_range").format(low=format_number(anchor.low),
                                                               high=format_number(anchor.high)),
             "proposal_mines": mines_of(one)} for one in found.made for anchor in one.anchors]
    return show(rows, "proposals_table", fine=True) + show_text(_notes(found))


def left_out(found: Proposals) -> Block:
    """The indicators for which nothing is proposed, and why; those of one reason and kind in one row."""
    together: dict[tuple[str, str], list[Proposal]] = {}
    for one in found.left_out:
        together.setdefault((one.kind, one.reason), []).append(one)
    return show([{"mine_subtype": kind_name(found, kind), "proposal_reason": label(reason),
                  "indicators": join_names(one.indicator for one in given)}
                 for (kind, reason), given in together.items()], "proposals_none",
                headers={"indicators": label("indicator")})


def effect(found: Proposals) -> Block:
    """Mean points today and under the proposals, and how many mines gain and lose, by indicator and for the total."""
    rows = [{"mine_subtype": kind_name(found, row["mine_subtype"]),
             "indicator": label("total_score") if row["indicator"] == "score" else row["indicator"],
             "mines": row["mines"], "proposal_mean_today": row["today"], "proposal_mean": row["proposed"],
             "proposal_gain": format_percent(row["gain"], 2), "proposal_lose": format_percent(row["lose"], 2)}
            for row in effects(found).to_dict("records")]
    return show(rows, "proposals_effect", headers={"mines": label("group_mine")})


def indicator_name(found: Proposals, one: Proposal) -> str:
    """An indicator with its id."""
    return f"{one.indicator} {named(found.standard.indicators[one.indicator])}"


def kind_name(found: Proposals, kind: str) -> str:
    """What a subtype of mine is called."""
    return named(found.standard.mine_subtypes[kind])


def mines_of(one: Proposal) -> str:
    """How many mines have a value, of how many."""
    return label("known_of_all").format(known=f"{one.mines:,}", all=f"{one.rows:,}")


def _notes(found: Proposals) -> str:
    """What a reader has to know of the proposals."""
    years = join_names(label("proposals_of_kind").format(kind=kind_name(found, kind), year=year)
                       for kind, year in found.years.items())
    told = [label("proposals_how").format(years=years)]
    if caveats := found.table.caveats(current_language()):
        told.append(label("proposals_caveats").format(text=" ".join(caveats)))
    if refused := found.table.count({"status": ["refused", "failed"]}):
        told.append(label("proposals_refused").format(count=f"{refused:,}"))
    return sentences(told)

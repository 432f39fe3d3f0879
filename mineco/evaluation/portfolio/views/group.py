"""Consolidation as pieces of the report: the totals of each parent, and what each mine adds to one.

Rule: no number is made here.
"""

from typing import Any

from mineco.core.labels import label
from mineco.evaluation.portfolio.consolidation import Consolidation
from mineco.evaluation.portfolio.holdings import APPROACHES
from mineco.evaluation.portfolio.portfolio import Portfolio
from mineco.evaluation.views.words import join_names, sentences
from mineco.report.tables import Block, show, show_text

SHOWN = 20  # mines of a parent in a table, the largest first; the frame has all


def consolidated(portfolio: Portfolio) -> Block:
    """Totals of each parent in the year of the portfolio, and mines of the first; without a group a sentence."""
    found = portfolio.consolidation
    if found is None or portfolio.group is None:
        return show_text(label("folio_no_group"))
    year = portfolio.year
    return totals(found, year) + parts(found, portfolio.group.parents[0], year) if portfolio.group.parents else totals(
        found, year)


def totals(found: Consolidation, year: int | None = None, chosen: str = "") -> Block:
    """Each parent under the three approaches, in one year or in all; ``chosen`` marks the approach that is reported."""
    rows: list[dict[Any, Any]] = [row for row in found.totals.to_dict("records") if year in (None, row["year"])]
    several, least = len({row["year"] for row in rows}) > 1, any(row["at_least"] for row in rows)
    shown = [{"group_parent": row["parent"], **({"year": int(row["year"])} if several else {}),
              "approach": _approach(row["approach"]), "scope1": row["scope1_t_co2e"],
              "scope2_location": row["scope2_location_t_co2e"], "scope2_market": row["scope2_market_t_co2e"],
              "group_emissions": row["emissions_t_co2e"],
              "group_mines": label("known_of_all").format(known=row["mines_known"], all=row["mines"]),
              **({"at_least": bool(row["at_least"])} if least else {}),
              **({"chosen": row["approach"] == chosen} if chosen else {})} for row in rows]
    units = dict.fromkeys(("scope1", "scope2_location", "scope2_market", "group_emissions"), "tCO2e")
    return show(shown, "group_consolidation", units=units, fine=True) + show_text(_notes(found, rows))


def parts(found: Consolidation, parent: str, year: int) -> Block:
    """What the mines of a parent add in a year: share under each approach, and their own emissions."""
    held = found.parts[(found.parts["parent"] == parent) & (found.parts["year"] == year)]
    rows = held.sort_values("emissions_t_co2e", ascending=False, kind="stable").to_dict("records")
    shown = [{"group_mine": row["mine"], **{name.replace("-", "_"): row[name] for name in APPROACHES},
              "group_emissions": row["emissions_t_co2e"], "batch_status": label(f"batch_{row['status']}")}
             for row in rows[:SHOWN]]
    table = show(shown, label("group_parts").format(parent=parent, year=year),
                 units={"group_emissions": "tCO2e"},
                 headers={name.replace("-", "_"): _approach(name) for name in APPROACHES})
    more = len(rows) - len(shown)
    return table + show_text(label("rows_more").format(more=more)) if more else table


def _approach(name: str) -> str:
    return label(f"approach_{name.replace('-', '_')}")


def _notes(found: Consolidation, rows: list[dict[Any, Any]]) -> str:
    """What a reader has to know of the totals."""
    told = [label("group_how")]
    if any(found.group.owners(row["parent"]) for row in rows):
        told.append(label("group_nested"))
    if any(row["at_least"] for row in rows):
        told.append(label("group_at_least"))
    names = sorted({name for row in rows for name in found.by_days.get(int(row["year"]), ())})
    if names:
        told.append(label("group_by_days").format(names=join_names(names)))
    return sentences(told)

"""How the cheapest ways show themselves: in a line, by their views, and as tables to compute with."""

from functools import singledispatch
from typing import Any

import pandas as pd

from mineco.core.formatting import DASH
from mineco.core.labels import label
from mineco.evaluation.display.lines import amount
from mineco.evaluation.display.lines import line as line_of
from mineco.evaluation.path import views
from mineco.evaluation.path.candidates import Candidates
from mineco.evaluation.path.costs import Money, YearlyCost
from mineco.evaluation.path.found import Path, Route, Routes
from mineco.evaluation.path.stages import Stages
from mineco.evaluation.views.words import named
from mineco.report.tables import Block, below, show_text


@singledispatch
def line(one: Any) -> str:
    """Ways in one line."""
    raise TypeError(type(one).__name__)


@line.register
def _(one: Path) -> str:
    return f"{label('path')} · {line_of(one.case)} · {label('grade')} {one.now.grade} → {one.highest}"


@line.register
def _(one: Route) -> str:
    first = " · ".join(named(part.measure) for part in one.parts[:2])
    more = f" + {len(one.parts) - 2}" if len(one.parts) > 2 else ""
    credits = f" · {label('path_credits')} {amount(one.credits, 'tCO2e')}" if one.credits else ""
    rests = f" ({views.rests_on(one)})" if one.parts else ""
    return (f"{views.target_name(one)} · {views.state_text(one)} · {first or DASH}{more}{credits} · "
            f"{label('path_cost')} {amount(one.cost.middle)}{rests}")


@line.register
def _(given: Routes) -> str:
    return " · ".join(f"{one.target.id} {label('yes' if one.reached else 'no')}" for one in given) or DASH


@line.register
def _(given: Stages) -> str:
    return " · ".join(f"{one.year} {amount(one.outcome.score)} {one.grade}" for one in given)


@line.register
def _(given: Candidates) -> str:
    return f"{len(given)} × {label('measure_advised')} · {label('competes')} {sum(one.competes for one in given)}"


@singledispatch
def block(one: Any) -> Block:
    """Ways as a piece of the report."""
    return show_text(line(one))


@block.register
def _(one: Path) -> Block:
    """Every way, and what nothing that has a price brings."""
    return below([show_text(f"{line(one)}\n{label('path_is_advice')}"), views.routes(one), views.blocked(one)])


@block.register
def _(one: Route) -> Block:
    """The way and its cost curve."""
    return show_text(line(one)) + views.curve(one)


@block.register
def _(given: Stages) -> Block:
    """The years."""
    return views.stages(given)


@block.register
def _(given: Candidates) -> Block:
    """Which measures compete."""
    return views.candidates(given)


@singledispatch
def frame(one: Any) -> pd.DataFrame:
    """Ways as a table."""
    raise TypeError(type(one).__name__)


@frame.register
def _(one: Path) -> pd.DataFrame:
    """A row for each target."""
    return frame(one.routes)


@frame.register
def _(given: Routes) -> pd.DataFrame:
    """A row for each target: measures, credits, cost [yuan a year], and what it comes to."""
    rows = [{"target": one.target.id, "state": one.state, "cheapest": one.cheapest,
             "measures": " ".join(part.measure.id for part in one.parts), "spared_t_co2e": one.tonnes,
             "credits_t_co2e": one.credits, **_by_level(one.cost),
             "cost_status": " ".join(one.statuses), "score": one.outcome.score, "points_short": one.points_short,
             "offset_ratio": one.outcome.offset_ratio, "grade": one.outcome.grade, "ready": one.ready} for one in given]
    return pd.DataFrame(rows, columns=None if rows else ["target"]).set_index("target")


def _by_level(cost: Money) -> dict[str, float]:
    return {f"yuan_a_year_{name}": value for name, value in cost._asdict().items()}


@frame.register
def _(one: Route) -> pd.DataFrame:
    """The cost curve: a row for each measure."""
    rows = [{"id": part.measure.id, "name_zh": part.measure.name_zh, "name_en": part.measure.name_en,
             "spared_t_co2e": part.tonnes, "yuan_per_t_co2e": part.per_tonne,
             **_by_level(part.cost),
             "credits_cheaper_below": part.credits_cheaper_below,
             "cost_status": part.candidate.cost.status if part.candidate.cost else ""} for part in one.curve()]
    return pd.DataFrame(rows, columns=None if rows else ["id"]).set_index("id")


@frame.register
def _(given: Stages) -> pd.DataFrame:
    """A row for each year: what begins, and what the year comes to against the one before."""
    return pd.DataFrame([{"year": one.year, "starts": " ".join(measure.id for measure in one.starts),
                          "credits_t_co2e": one.credits, "score": one.outcome.score, "grade": one.outcome.grade,
                          "emissions_t_co2e": one.outcome.emissions, "offset_ratio": one.outcome.offset_ratio}
                         for one in given]).set_index("year")


@frame.register
def _(given: Candidates) -> pd.DataFrame:
    """A row for each measure: whether it competes, and its cost [yuan/tCO2e, or yuan a year]."""
    rows = []
    for one in given:
        cost = one.cost
        tonne = None if isinstance(cost, YearlyCost) else cost
        rows.append({"id": one.measure.id, "name_zh": one.measure.name_zh, "name_en": one.measure.name_en,
                     "group": one.measure.group, "share": one.trial.share, "state": one.state,
                     "low": tonne.low if tonne else None, "high": tonne.high if tonne else None,
                     "yuan_a_year": cost.of_year if isinstance(cost, YearlyCost) else None,
                     "cost_status": cost.status if cost else "", "lead_years": one.measure.lead_years})
    return pd.DataFrame(rows, columns=None if rows else ["id"]).set_index("id")

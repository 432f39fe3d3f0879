"""How choices under a budget show themselves: in a line, by their views, and as tables to compute with."""

from functools import singledispatch
from typing import Any

import pandas as pd

from mineco.core.labels import label
from mineco.evaluation.display.lines import amount
from mineco.evaluation.restoration_area.choice import views
from mineco.evaluation.restoration_area.choice.found import Choice, Plan
from mineco.report.tables import Block, below, show_text


@singledispatch
def line(one: Any) -> str:
    """A choice in one line."""
    raise TypeError(type(one).__name__)


@line.register
def _(one: Choice) -> str:
    most = one.curve[-1]
    return (f"{label(f'goal_{one.asked.goal}')} · "
            + (line(one.plan) if one.plan else f"{amount(most.worth, one.unit)} · {amount(most.cost, 'yuan')}"))


@line.register
def _(one: Plan) -> str:
    return (f"{label('zone')} × {len(one.parts)} · {amount(one.hectares, 'ha')} · {amount(one.gain.mean, 'tCO2')} · "
            f"{amount(one.cost, 'yuan')}")


@singledispatch
def block(one: Any) -> Block:
    """A choice as a piece of the report."""
    return show_text(line(one))


@block.register
def _(one: Choice) -> Block:
    """The plan, and the curve."""
    return below([show_text(line(one)), views.told(one), *([curve] if (curve := views.curve(one)) else [])])


@block.register
def _(one: Plan) -> Block:
    """The zones with their measures."""
    return show_text(line(one)) + views.parts(one)


@singledispatch
def frame(one: Any) -> pd.DataFrame:
    """A choice as a table."""
    raise TypeError(type(one).__name__)


@frame.register
def _(one: Choice) -> pd.DataFrame:
    """A row for each budget of the curve."""
    return one.points()


@frame.register
def _(one: Plan) -> pd.DataFrame:
    """A row for each zone that is restored."""
    rows = list(one.rows())
    return pd.DataFrame(rows, columns=None if rows else ["zone"]).set_index("zone")

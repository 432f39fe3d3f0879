"""How a portfolio shows itself: in a line, by what there is, and as the table of its mines."""

import pandas as pd

from mineco.core.labels import label
from mineco.evaluation.portfolio.portfolio import Portfolio
from mineco.evaluation.portfolio.views import overview
from mineco.report.tables import Block


def line(one: Portfolio) -> str:
    """A portfolio in one line."""
    return f"{label('folio')} · {overview.line(one)}"


def block(one: Portfolio) -> Block:
    """What there is in short, and how many mines of each kind."""
    return overview.in_short(one) + overview.counted(one)


def frame(one: Portfolio) -> pd.DataFrame:
    """A row for each mine."""
    return one.table.frame(one.columns, one.where)

"""How comparisons show themselves: in a line, by their views, and as tables to compute with."""

import pandas as pd

from mineco.core.labels import label
from mineco.evaluation.comparison import views
from mineco.evaluation.comparison.found import Comparison
from mineco.evaluation.views.words import named
from mineco.report.tables import Block


def line(one: Comparison) -> str:
    """Both results and the change of each figure."""
    before, after = one.recorded
    changes = " · ".join(f"{label(views.NAMES[name])} {views.signed(one.change(name), unit)}"
                         for name, unit in one.figures.items())
    graded = "" if before.grade is None else (
        f" · {views.grade(one, before.grade)} → {views.grade(one, after.grade)}")
    return f"{named(one.first.case.dossier.mine)} · {one.first.name} → {one.second.name} · {changes}{graded}"


def block(one: Comparison) -> Block:
    """All of it."""
    return views.whole(one)


def frame(one: Comparison) -> pd.DataFrame:
    """A row for each cause: what it changes of each figure, and the least and the most over all orders."""
    return pd.concat({name: one.terms(name) for name in one.figures}, axis=1)

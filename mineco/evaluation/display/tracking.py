"""How a mine over the years shows itself: in a line, by its views, and as tables to compute with."""

from functools import singledispatch
from typing import Any

import pandas as pd

from mineco.core.labels import label
from mineco.evaluation.display.lines import line as line_of
from mineco.evaluation.tracking.decomposition import Decomposition
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.tracking.views import trend
from mineco.evaluation.tracking.views.figures import signed
from mineco.evaluation.tracking.years import GRADED, RANGE
from mineco.report.tables import Block, show, show_text


@singledispatch
def line(one: Any) -> str:
    """A mine over the years, or one change, in one line."""
    raise TypeError(type(one).__name__)


@line.register
def _(one: Track) -> str:
    return f"{label('track')} · {line_of(one.case)} · {trend.change_in_short(one)}"


@line.register
def _(one: Decomposition) -> str:
    causes = " · ".join(f"{label(f'effect_{name}')} {signed(value)}" for name, value in one.effects.items())
    return f"{one.first}–{one.last} {signed(one.change)} tCO₂e · {causes}"


@singledispatch
def block(one: Any) -> Block:
    """The same as a piece of the report."""
    return show_text(line(one))


@block.register
def _(one: Track) -> Block:
    """What there is in short, and the years."""
    return trend.in_short(one) + trend.emissions_table(one)


@block.register
def _(one: Decomposition) -> Block:
    """The causes."""
    return show([{"item": label(f"effect_{name}"), "change_axis": signed(value)} for name, value in one.effects.items()
                 ], label("change_by_cause").format(first=one.first, last=one.last), units={"change_axis": "tCO2e"})


@singledispatch
def frame(one: Any) -> pd.DataFrame:
    """The same as a table."""
    raise TypeError(type(one).__name__)


@frame.register
def _(one: Track) -> pd.DataFrame:
    """A row for each year: what it can be said to be, emissions [t CO2e], intensity, score, grade, indicators."""
    rows = []
    for year in one.years:
        low, high = year.score_ends() if year.status in (GRADED, RANGE) else (None, None)
        grade = year.evaluation.grade if year.evaluation else None
        rows.append({"year": year.year, "status": year.status, "emissions_t_co2e": year.emissions,
                     "production": year.production and float(year.production), "intensity": year.intensity,
                     "score_low": low, "score_high": high, "grade_by_score": grade and str(grade.by_score),
                     "grade_by_offset": grade and str(grade.by_offset), "grade": grade and str(grade.final),
                     **{name: float(found.measured) for name, found in year.indicators.items() if found.measured}})
    return pd.DataFrame(rows).set_index("year")


@frame.register
def _(one: Decomposition) -> pd.DataFrame:
    """A row for each source: emissions before and after, and what each cause brings [t CO2e]."""
    return pd.DataFrame([{"source": term.source.id, "key": term.key, "measured_by": term.by, "before": term.before,
                          "after": term.after, **term.effects} for term in one.terms],
                        columns=None if one.terms else ["source", "key"]).set_index(["source", "key"])

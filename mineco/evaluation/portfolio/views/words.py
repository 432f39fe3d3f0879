"""What kinds, provinces, classes of depth, sources and mines are called."""

import re
from typing import Any

from mineco.core.formatting import format_number
from mineco.core.labels import current_language, has_label, label
from mineco.evaluation.portfolio.compared import AT_LEAST, DEPTH, INTENSITY, RANGE, SCORE, WHOLE, Basis
from mineco.evaluation.portfolio.portfolio import Portfolio, rules
from mineco.evaluation.views.words import join_names, named
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard

SEPARATED = re.compile(r"[^\s,;]+")  # ids of sources in a cell of a summary


def kind_name(portfolio: Portfolio, kind: str | None) -> str:
    """A kind of mine."""
    known = load_standard(portfolio.standard).mine_subtypes
    return named(known[kind]) if kind and kind in known else kind or label("folio_not_told")


def province_name(province: str | None) -> str:
    """A province."""
    return load_factors().name("province", province, current_language()) if province else label("folio_not_told")


def group_name(portfolio: Portfolio, by: str, group: Any) -> str:
    """A kind, a province or a class of depth."""
    if by == "province":
        return province_name(group)
    return depth_name(group) if by == DEPTH else kind_name(portfolio, group)


def depth_name(group: int | None) -> str:
    """A class of depth.

    >>> depth_name(0), depth_name(1), depth_name(3), depth_name(None)
    ('below 300 m', '300–600 m', '1,000 m and more', 'not told')
    """
    edges = [format_number(one) for one in rules()["depths_m"]]
    if group is None:
        return label("folio_not_told")
    if group == 0:
        return label("folio_shallow").format(edge=edges[0])
    return label("folio_deep").format(edge=edges[-1]) if group == len(edges) else f"{edges[group - 1]}–{edges[group]} m"


def certainty_name(portfolio: Portfolio, basis: Basis, short: bool = False) -> str:
    """How certain a figure is: whole, at least (of which sources, if not in short), a range."""
    if basis.certainty == AT_LEAST and basis.of and not short:
        return label("folio_at_least_of").format(sources=sources_name(portfolio, basis.of))
    return label({WHOLE: "folio_whole", AT_LEAST: "folio_at_least", RANGE: "folio_range"}[basis.certainty])


def sources_name(portfolio: Portfolio, of: str) -> str:
    """The sources whose emissions are known."""
    known = load_standard(portfolio.standard).sources
    return join_names(named(known[one]) if one in known else one for one in SEPARATED.findall(of))


def unit_of(figure: str, basis: Basis) -> str:
    """The unit of a figure."""
    return "" if figure == SCORE else f"kgCO2e/{basis.unit}" if figure == INTENSITY else "tCO2e"


def figure_name(figure: str) -> str:
    """A figure."""
    return label(f"folio_{figure}")


def mine_name(row: Any) -> str:
    """A mine by its name and id; by the id alone where it has no name."""
    order = ("name_zh", "name_en") if current_language() == "zh" else ("name_en", "name_zh")
    name = next((row[one] for one in order if isinstance(row[one], str) and row[one]), "")
    return f"{name}{label('in_brackets').format(text=row['mine'])}" if name and name != row["mine"] else row["mine"]


def ends_text(low: float, high: float) -> str:
    """A number, or a range where the ends differ."""
    return format_number(low) if low == high else label("spread_range").format(low=format_number(low),
                                                                              high=format_number(high))


def grade_text(grade: str) -> str:
    """A grade as the page of a summary has it."""
    return label(f"batch_{grade}") if has_label(f"batch_{grade}") else grade

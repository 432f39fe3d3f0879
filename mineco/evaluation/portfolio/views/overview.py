"""What there is: how many rows, which of them are set beside each other, and what is true of all of them."""

from datetime import date

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import current_language, label
from mineco.evaluation.portfolio.portfolio import Portfolio
from mineco.evaluation.portfolio.views.words import grade_text, kind_name
from mineco.evaluation.views.words import standard_name
from mineco.report import forms
from mineco.report.tables import Block, note, show, show_text
from mineco.standards.load import load_standard

STATUSES = ("complete", "preliminary")
LEFT_OUT = ("refused", "failed")


def in_short(portfolio: Portfolio) -> Block:
    """How many mines of how many rows, whether all is preliminary, and what the batch says of all its rows."""
    lines = [line(portfolio), *([label("folio_all_preliminary")] if _all_preliminary(portfolio) else [])]
    caveats = portfolio.table.caveats(current_language())
    return show_text("\n".join(lines)) + note("folio_caveats", caveats) if caveats else show_text("\n".join(lines))


def _all_preliminary(portfolio: Portfolio) -> bool:
    return all(status != "complete" for _, status in portfolio.statuses())


def line(portfolio: Portfolio) -> str:
    """The portfolio in a line."""
    return label("folio_in_short").format(mines=f"{portfolio.mines:,}", year=portfolio.year,
                                          rows=f"{portfolio.counted.total():,}", kinds=len(portfolio.kinds))


def subject(portfolio: Portfolio) -> Block:
    """How many mines, which year and standard, for the cover."""
    return forms.subject(label("folio_subject").format(
        mines=f"{portfolio.mines:,}", year=portfolio.year,
        standard=standard_name(load_standard(portfolio.standard))) + (
            label("folio_subject_preliminary") if _all_preliminary(portfolio) else ""))


def day(given: str) -> date:
    """The day of a report: the one given, else today.

    >>> day("2025-06-30")
    datetime.date(2025, 6, 30)
    """
    if not given:
        return date.today()
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise BadInput(Problem("not_a_date", column="date", value=given)) from error


def counted(portfolio: Portfolio) -> Block:
    """Mines by kind and status, and beside them the rows that are not set beside these, each with its reason."""
    known = portfolio.statuses()
    rows = [{"mine_subtype": kind_name(portfolio, kind), "folio_mines": count,
             **{f"folio_{status}": known[kind, status] for status in STATUSES}}
            for kind, count in portfolio.kinds.items()]
    return show(rows, "folio_counted") + note("folio_left_out", _left_out(portfolio))


def _left_out(portfolio: Portfolio) -> list[str]:
    told = []
    for (standard, year, status), count in sorted(portfolio.counted.items(), key=lambda one: tuple(map(str, one[0]))):
        if status in LEFT_OUT:
            told.append(label(f"folio_rows_{status}").format(count=f"{count:,}"))
        elif standard != portfolio.standard:
            told.append(label("folio_rows_of_standard").format(count=f"{count:,}", standard=standard))
        elif year != portfolio.year:
            told.append(label("folio_rows_of_year").format(count=f"{count:,}", year=year))
    return list(dict.fromkeys(told))


def grades(portfolio: Portfolio) -> Block:
    """Mines by kind and grade; preliminary ones have none."""
    found = portfolio.grades()
    order = [*(one.id for one in load_standard(portfolio.standard).grades), "below", "ungraded"]
    present = [one for one in order if any(grade == one for _, grade in found)]
    present += sorted({grade for _, grade in found if grade is not None and grade not in order})
    if not present:
        return show_text(label("folio_no_grades"))
    return show([{"mine_subtype": kind_name(portfolio, kind), **{grade_text(one): found[kind, one] for one in present},
                  label("folio_without_grade"): found[kind, None]} for kind in portfolio.kinds], "folio_grades")

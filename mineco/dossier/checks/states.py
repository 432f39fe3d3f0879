"""Whether the findings of the evaluators can be as they stand: raised, answered, closed, in this order."""

import datetime
from collections.abc import Iterable, Iterator

from mineco.core.errors import Problem
from mineco.dossier.rows import FindingRow

FINDINGS = "findings.csv"


def finding_problems(rows: Iterable[FindingRow], report_date: datetime.date) -> Iterator[Problem]:
    """Days after that of the report, a closing before the raising, and one without correction or proof.

    >>> day = datetime.date(2025, 3, 1)
    >>> row = FindingRow(id="NC-1", kind="nonconformity", raised=day, what="a", where="b", correction="", evidence="c",
    ...                  closed=day, line=2)
    >>> [(one.message, one.column) for one in finding_problems([row], day)]
    [('finding_closed_without', 'correction')]
    """
    for row in rows:
        for column in ("raised", "closed"):
            day = getattr(row, column)
            if day and day > report_date:
                yield _problem(row, "finding_after_report", column, report_date=report_date.isoformat())
        if row.closed is None:
            continue
        if row.raised and row.closed < row.raised:
            yield _problem(row, "finding_closed_before_raised", "closed", raised=row.raised.isoformat())
        for column in ("correction", "evidence"):
            if not getattr(row, column):
                yield _problem(row, "finding_closed_without", column, closed=row.closed.isoformat())


def _problem(row: FindingRow, message: str, column: str, **details: object) -> Problem:
    return Problem(message, FINDINGS, row.line, column, str(getattr(row, column)), details)

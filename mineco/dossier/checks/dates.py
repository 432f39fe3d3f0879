"""Days and years that can be and seldom are: a slip in one digit. They are told."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mineco.core.errors import Problem
from mineco.dossier.mine import Mine

LATEST_REPORT = 3  # years after the reporting year in which reports are made


def odd_dates(mine: Mine, years: Mapping[str, Iterable[tuple[int | str, int]]]) -> Iterator[Problem]:
    """A report long after its year, a licence that had run out before it, rows of years that are still to come.

    ``years`` holds row and year of each row, by file.
    """
    last = mine.reporting_year + LATEST_REPORT
    if mine.report_date.year > last:
        yield Problem("report_long_after", "mine.yaml", "report_date", "", mine.report_date.isoformat(),
                      {"year": mine.reporting_year, "last": last})
    ended = datetime.date(mine.reporting_year, 12, 31)
    for number, licence in enumerate(mine.licences):
        if licence.valid_until < ended:
            yield Problem("licence_run_out", "mine.yaml", f"licences.{number}.valid_until", "",
                          licence.valid_until.isoformat(), {"number": licence.number, "year": mine.reporting_year})
    for file, rows in years.items():
        later: list[Any] = [(row, year) for row, year in rows if year > mine.reporting_year]
        if later:
            row, year = later[0]
            yield Problem("row_after_its_year", file, row, "year", year,
                          {"year": mine.reporting_year, "count": len({one for one, _ in later})})

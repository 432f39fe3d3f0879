"""Rows of a dossier's tables, each with its quantities and where they stand."""

import datetime
from dataclasses import dataclass

from mineco.core.quantity import Quantity
from mineco.dossier.texts import EVIDENCE, TwoNames


@dataclass(frozen=True)
class ActivityRow:
    """One datum of an emission source: a main quantity, or a parameter that the mine measured itself."""

    year: int
    source: str
    key: str
    parameter: str
    quantity: Quantity
    period: str = ""  # blank for the whole year
    parts: tuple["ActivityRow", ...] = ()  # the rows of its periods, of a year that was put together from them


@dataclass(frozen=True)
class MetricRow:
    """One operating figure of a year."""

    year: int
    metric: str
    quantity: Quantity
    basis: str = ""  # of a cap or reference: quota, quota-with-own-gas, a benchmark's id, or own:YEAR (reading R28)


@dataclass(frozen=True)
class BasisRow:
    """A cap or reference of metrics.csv that is left to its basis: what it comes to is computed (reading R28)."""

    year: int
    metric: str
    basis: str
    line: int


@dataclass(frozen=True)
class MeasureRow(TwoNames):
    """An abatement measure inside the boundary: emissions without and with it. [tCO2e]"""

    id: str
    year: int
    name_zh: str
    name_en: str
    baseline_t_co2e: Quantity
    project_t_co2e: Quantity
    evidence: str
    source: str = ""  # of emissions that the measure lowers; blank: listed and not counted (reading R28)
    since: int | None = None  # the year in which it began; None: the year itself


@dataclass(frozen=True, kw_only=True)
class OffsetRow:
    """Credits, allowances or a sink outside the boundary that the mine claims. [tCO2e]"""

    kind: str
    programme: str
    project: str
    serial: str
    vintage: int
    issued: datetime.date | None
    retired: datetime.date | None
    quantity: Quantity
    beyond_compliance: bool
    evidence: str
    line: int

    def not_counted(self, reporting_year: int, report_date: datetime.date, max_age: float) -> tuple[str, ...]:
        """Ids of the messages why the row is listed and not counted (readings R13 and R14); none when it counts.

        A credit must have been retired on or before the date of the report; ``max_age`` is the age of the oldest
        vintage that counts, in years before the reporting year.
        """
        reasons = {
            "offset_not_retired": self.retired is None,
            "offset_retired_after_report": self.retired is not None and self.retired > report_date,
            "offset_vintage_too_old": self.vintage < reporting_year - max_age,
            "offset_vintage_after_year": self.vintage > reporting_year,
            "allowance_for_compliance": self.kind == "allowance" and not self.beyond_compliance,
            "offset_for_compliance": self.kind != "allowance" and not self.beyond_compliance,
        }
        return tuple(reason for reason, holds in reasons.items() if holds)


@dataclass(frozen=True, kw_only=True)
class ParcelRow(TwoNames):
    """A restored parcel in one year, with what the method of one carbon pool takes in."""

    id: str
    year: int
    name_zh: str
    name_en: str
    land_plots: tuple[str, ...]
    area: Quantity
    year_restored: int
    ecosystem: str
    measure: str
    pool: str
    method: str
    inputs: dict[str, Quantity]  # by column name, only those given
    leakage: Quantity
    evidence: str
    line: int
    point: tuple[float, float] | None = None  # longitude and latitude, WGS 84 [deg]


@dataclass(frozen=True)
class RatingRow:
    """One rater's score of an indicator, from 0 to 100, by a rubric's level or set by a panel."""

    indicator: str
    rater: str
    level: int | None
    score: float
    basis: str
    evidence: str
    line: int


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """One step of the evaluation, as it happened."""

    standard: str
    date: datetime.date | None
    step: str
    actor: str
    role: str
    evidence: str
    hash: str
    note: str
    result: str = ""
    previous: str = ""  # the digest of the entry before
    recorded: datetime.datetime | None = None  # when it was entered; None in logs of before
    line: int = 0
    digest: str = ""  # of this entry over all its cells

    @property
    def documents(self) -> tuple[str, ...]:
        """The files of the evidence, or its words as one."""
        return documents(self.evidence)

    @property
    def hashes(self) -> tuple[str, ...]:
        """The digest of each file."""
        return tuple(one.strip() for one in self.hash.split(";") if one.strip())


def documents(evidence: str) -> tuple[str, ...]:
    """What stands in a cell of evidence: files parted by semicolons, or one file, or words.

    >>> documents("evidence/a.pdf; evidence/b.pdf"), documents("minutes; signed")
    (('evidence/a.pdf', 'evidence/b.pdf'), ('minutes; signed',))
    """
    parts = tuple(one.strip() for one in evidence.replace("；", ";").split(";") if one.strip())
    return parts if parts and all(one.startswith(EVIDENCE) for one in parts) else (evidence,)


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """What the evaluators found, and what became of it."""

    id: str
    kind: str
    raised: datetime.date | None
    what: str
    where: str
    correction: str
    evidence: str
    closed: datetime.date | None  # None while it is open
    line: int


@dataclass(frozen=True)
class DeclaredRow:
    """A figure of the mine's own, to be set beside ours; text for a grade."""

    item: str
    initial: Quantity | str
    verified: Quantity | str | None
    unit: str
    why: str
    line: int

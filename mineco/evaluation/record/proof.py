"""What the papers behind a result do not prove: for the list of findings, beside what the figures show."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mineco.core.errors import Problem
from mineco.core.formatting import format_number
from mineco.core.quantity import Quantity
from mineco.dossier.checks.handed_on import UNVERIFIED, Reference, reference_in
from mineco.dossier.checks.states import FINDINGS
from mineco.dossier.event_log import LOG
from mineco.dossier.read import Dossier
from mineco.dossier.rows import EVIDENCE, documents
from mineco.evaluation.base import Recorded
from mineco.evaluation.case import Case
from mineco.evaluation.record.lineage import data_used
from mineco.standards.procedure import procedure_ids

Rows = dict[str, list[int | str]]  # by file


def proof_lacking(evaluation: Recorded) -> Iterator[Problem]:
    """Single raters, a blank log, assumed data, evidence in words alone, rows that a run handed on and nobody verified,
    points on assumed anchors; once for all rows.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> [one.message for one in proof_lacking(check(parameters() / "mines" / "tiny-quarry"))]
    ['data_assumed', 'evidence_in_words', 'anchors_assumed']
    """
    standard, dossier = evaluation.case.standard, evaluation.case.dossier
    raters: dict[str, list[int]] = {}
    for rating in dossier.ratings:
        raters.setdefault(rating.indicator, []).append(rating.line)
    single = {name: lines[0] for name, lines in raters.items() if len(lines) == 1}
    if single:
        at = list(single.values())
        yield Problem("single_rater", "ratings.csv", at[0] if len(at) == 1 else line_ranges(at), "indicator",
                      ", ".join(single))
    if not dossier.events and (standard.phases or standard.id in procedure_ids()):
        yield Problem("log_blank", LOG)
    data = data_used(evaluation)
    assumed = rows_of(one for one in data if one.kind == "assumed")
    for message, rows in (("data_assumed", assumed), ("evidence_in_words", _worded(evaluation))):
        if rows:
            yield Problem(message, details={"places": rows_text(dossier, rows)})
    handed: dict[Reference, list[Quantity]] = {}
    for one in data:
        if one.datum.verified_by == UNVERIFIED and (named := reference_in(one.datum.note)):
            handed.setdefault(named, []).append(one)
    for named, some in handed.items():
        yield Problem("handed_on_derived", details={"places": rows_text(dossier, rows_of(some)), "run": named.run,
                                                    "standard": named.standard})
    points = sum(evaluation.points_on_assumed().values())
    if points:
        yield Problem("anchors_assumed", "indicators.yaml", details={"points": format_number(points)})


class Evidence(NamedTuple):
    """A document as a row names it, a path under evidence/ or words, and what it proves."""

    document: str
    proves: str
    file: str
    row: int | str


def evidence_named(case: Case) -> list[Evidence]:
    """What the rows of a dossier name as evidence, as far as the standard asks for them."""
    dossier = case.dossier
    found = [Evidence(one.evidence, one.indicator, "ratings.csv", one.line) for one in dossier.ratings]
    if case.standard.keeps_account:
        found += [Evidence(one.evidence, one.id, "measures.csv", one.baseline_t_co2e.datum.row)
                  for one in dossier.measures]
        found += [Evidence(one.evidence, one.serial, "offsets.csv", one.line) for one in dossier.offsets]
    found += [Evidence(one.evidence, one.id, "restoration.csv", one.line) for one in dossier.parcels]
    found += [Evidence(one.evidence, one.step, LOG, one.line) for one in dossier.events]
    found += [Evidence(one.evidence, one.id, FINDINGS, one.line) for one in dossier.findings if one.evidence]
    return [one._replace(document=document) for one in found for document in documents(one.document)]


def line_ranges(rows: Iterable[int | str]) -> str:
    """Rows as a person writes them: lines, those of a year's periods among them, then the entries of a YAML file.

    >>> line_ranges([7, 2, 3, "4+9", "baseline.mined"])
    '2–4, 7, 9, baseline'
    """
    parts = [part for row in rows for part in str(row).split("+")]
    lines: list[list[int]] = []
    for line in sorted({int(part) for part in parts if part.isdigit()}):
        if lines and line == lines[-1][-1] + 1:
            lines[-1][1:] = [line]
        else:
            lines.append([line])
    named = dict.fromkeys(part.partition(".")[0] for part in parts if not part.isdigit())
    return ", ".join([*("–".join(map(str, part)) for part in lines), *named])


def rows_text(dossier: Dossier, rows: Rows) -> str:
    """Rows of several files in one line."""
    return "; ".join(dossier.place(file, line_ranges(lines)) for file, lines in rows.items())


def rows_of(data: Iterable[Quantity]) -> Rows:
    """Where data stand."""
    rows: Rows = {}
    for one in data:
        rows.setdefault(one.datum.file, []).append(one.datum.row)
    return rows


def _worded(evaluation: Recorded) -> Rows:
    """Where evidence is told in words and no file of it lies in the dossier."""
    rows: Rows = {}
    for one in evidence_named(evaluation.case):
        if not one.document.startswith(EVIDENCE):
            rows.setdefault(one.file, []).append(one.row)
    return rows

"""The dossier of the next year, begun from that of the last, whose year becomes an earlier one.

What is known goes on: who the mine is, its boundary, its sources and figures with their units, and how they are taken.
What is of a year is asked for anew: figures, levels, evidence, whether gates are met. Findings go on while they are
open. Offsets, the log of the evaluation, what the mine declared of itself and what was told beside are of the last
report and stay with it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.dossier.cells import tables
from mineco.dossier.cells.columns import ColumnSpec
from mineco.dossier.cells.defaults import DOCUMENTED
from mineco.dossier.checks.handed_on import reference_in
from mineco.dossier.checks.states import FINDINGS
from mineco.dossier.names import ids_named
from mineco.dossier.rows import EVIDENCE, documents
from mineco.dossier.stated.bases import OWN, plain_basis
from mineco.runs.blanks.rows import Asked, BlankRow, blank_rows
from mineco.standards.standard import Standard

OF_YEARS = ("activity.csv", "metrics.csv", "restoration.csv", "measures.csv")  # tables that are carried
PLACES = ("lon", "lat")  # numbers that do not change
ANEW = ("note", "credits_issued")  # beside figures and evidence
OF_THE_LAST = ("disclosures", "recommendations", "notice")  # entries of mine.yaml that are not carried
SAID_OF_DATA = ("data_source", "verified_by", "meter")  # blank where they name the last year
MONTH_AND_DAY = re.compile(r"-(?!02-29)\d\d-\d\d", re.ASCII)  # of every year
FIRST_YEAR = "documented_first_year"

Texts = Mapping[str, str]


def year_of(entries: Mapping[str, Any], year: int | None) -> tuple[int, int]:
    """The year of the last report, and the next one.

    Raises
    ------
    BadInput
        When the last one does not say of which year it is, or the next is not after it.

    >>> year_of({"reporting_year": 2023}, None)
    (2023, 2024)
    """
    last = entries.get("reporting_year")
    if not isinstance(last, int) or isinstance(last, bool):
        raise BadInput(Problem("not_a_year", "mine.yaml", column="reporting_year", value=last))
    if year is not None and year <= last:
        raise BadInput(Problem("year_not_after_last", column="--year", value=year, details={"last": last}))
    return last, year or last + 1


def next_entries(entries: Mapping[str, Any], last: int, year: int) -> dict[str, Any]:
    """mine.yaml of the next year: what is of the last one is blank or gone.

    >>> said = {"reporting_year": 2023, "report_date": "2024-04-30", "prerequisites": {"law": {"met": True}}}
    >>> next_entries(said, 2023, 2024)["report_date"], next_entries(said, 2023, 2024)["prerequisites"]
    ('2025-04-30', {'law': {'met': None, 'evidence': None}})
    """
    found = {key: value for key, value in entries.items() if key not in OF_THE_LAST}
    found["reporting_year"] = year
    day = str(entries.get("report_date", ""))[4:]
    found["report_date"] = f"{year + 1}{day if MONTH_AND_DAY.fullmatch(day) else '-03-31'}"
    found["base_year"] = {key: value for key, value in (entries.get("base_year") or {}).items() if key != FIRST_YEAR}
    found["prerequisites"] = {name: {"met": None, "evidence": None} for name in entries.get("prerequisites") or {}}
    found["raters"] = {name: {key: value for key, value in one.items() if key != "conflict"}
                       for name, one in (entries.get("raters") or {}).items()}
    found["not_applicable"] = {name: one for name, one in (entries.get("not_applicable") or {}).items()
                               if one.get("reason") != FIRST_YEAR}
    sites = (entries.get("consolidation") or {}).get("sites") or []
    if sites:
        blank = [{key: None if key.endswith("_t_co2e") else value for key, value in one.items()} for one in sites]
        found["consolidation"] = {**entries["consolidation"], "sites": blank}
    return {key: value for key, value in found.items() if value not in ({}, []) or key in ("prerequisites",)}


def next_rows(rows: Mapping[str, Sequence[Texts]], asked: Asked, last: int) -> dict[str, list[BlankRow]]:
    """The tables of the next year: rows that are carried as they are, behind each of the last year its blank one.

    Figures and ratings that the standard asks for and the last dossier has not are blank rows behind.
    """
    found = {file: [BlankRow(one) for row in rows[file] for one in (row, *_following(file, row, last, asked.year))]
             for file in OF_YEARS}
    found["ratings.csv"] = [BlankRow({**row, "level": "", "score": "", "evidence": "", "note": ""})
                            for row in rows["ratings.csv"]]
    found[FINDINGS] = [BlankRow(row) for row in rows.get(FINDINGS, ()) if not row["closed"]]
    for file, column in (("metrics.csv", "metric"), ("ratings.csv", "indicator")):
        asked_for = {place: row for row in blank_rows(file, asked) for place in _places(row, column, asked.standard)}
        here = [_places(row, column, asked.standard) for row in found[file]]
        said = [next((asked_for[place] for place in places if place in asked_for), None) for places in here]
        known = {place for places in here for place in places}
        found[file] = [replace(one, cells=row.cells, presets=()) if one else row
                       for row, one in zip(found[file], said, strict=True)]
        found[file] += [row for row in blank_rows(file, asked)
                        if not known.intersection(_places(row, column, asked.standard))]
    return found


def _places(row: BlankRow, column: str, standard: Standard) -> list[tuple[str, str]]:
    """Year and id of what a row is about."""
    text = row.cells[column]
    ids = ids_named(text, standard.metrics if column == "metric" else standard.indicators) or [text]
    return [(row.cells.get("year", ""), id) for id in ids]


def _following(file: str, row: Texts, last: int, year: int) -> Iterator[Texts]:
    """The rows of the years after the last one, of what a row of the last is about."""
    if row["year"] == str(last):
        for one in range(last + 1, year + 1):
            yield {name: _next_cell(row, name, spec, one, last) for name, spec in tables()[file].items()}


def _next_cell(row: Texts, name: str, spec: ColumnSpec, year: int, last: int) -> str:
    """A cell of the next year: what a row is about and how it is taken stays, what is of a year is blank."""
    of_year = (spec.if_blank == "missing_figure" or bool(spec.unit) or spec.reads == "evidence") and name not in PLACES
    own_document = name == "meter" and row.get("basis", "").startswith(DOCUMENTED)
    if name == "year":
        return str(year)
    if name == "basis" and plain_basis(row["basis"]) == f"{OWN}{last - 1}":  # what was last year then
        return f"{OWN}{year - 1}"
    if name == "since":
        return row["since"] or str(last)
    if of_year or own_document or name in ANEW or (name in SAID_OF_DATA and str(last) in row[name]):
        return ""
    return row[name]


def named_evidence(*given: Any) -> set[str]:
    """The files under evidence/ that texts name, however deep they stand; and the folders of runs that they name.

    >>> sorted(named_evidence({"a": ["evidence/b.pdf; evidence/c.pdf", "ledger"]}))
    ['evidence/b.pdf', 'evidence/c.pdf']
    """
    found: set[str] = set()
    for one in given:
        if isinstance(one, str):
            found |= {file for file in documents(one) if file.startswith(EVIDENCE)}
            found |= {named.folder.rstrip("/") for named in [reference_in(one)] if named}
        elif isinstance(one, Mapping):
            found |= named_evidence(*one.values())
        elif isinstance(one, list):
            found |= named_evidence(*one)
    return found

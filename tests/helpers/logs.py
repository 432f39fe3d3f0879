"""Logs of a procedure for tests: events by hand, a case that goes through all of it, and a folder that holds one."""

import csv
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mineco.core.reading.files import sha256
from mineco.dossier.event_log import entry_digest
from mineco.dossier.rows import EventRow
from mineco.standards.procedure import load_procedure

STANDARD = "restoration-carbon-sink-2024"
PROCEDURE = load_procedure(STANDARD)
GRADES = ("G1", "G2", "G3", "ungraded")
COLUMNS = ("standard", "date", "step", "actor", "role", "result", "evidence", "hash", "recorded", "previous", "note")
ACTORS = {"applicant": "矿山办公室", "committee": "评价委员会秘书处", "independent_body": "独立机构评价部",
          "expert_group": "专家组组长", "public": "附近村民委员会"}
EXAMINER = "复核组组长"
EVIDENCE = "evidence/paper.txt"  # of an event by itself; those of a log have one each
NOON = datetime.time(12, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))

# A case with an upheld objection, a downgrade and a revocation; the second public notice lasts ten days, to 06-30.
WHOLE = (
    ("2023-01-10", "application", ""), ("2023-01-16", "acceptance", "passed"),
    ("2023-02-10", "document_review", "passed"), ("2023-03-15", "site_review", "passed"),
    ("2023-04-01", "final_review", "passed"), ("2023-04-10", "grading", "G1"), ("2023-04-14", "notice", ""),
    ("2023-04-20", "publicity", ""), ("2023-04-25", "objection", "final_review"),
    ("2023-05-10", "re_examination", "upheld"), ("2023-05-30", "final_review", "passed"),
    ("2023-06-08", "grading", "G2"), ("2023-06-12", "notice", ""), ("2023-06-20", "publicity", ""),
    ("2023-06-30", "certificate", ""), ("2024-06-20", "yearly_supervision", "problem"),
    ("2024-07-15", "downgrade", "G3"), ("2025-02-18", "random_inspection", "problem"),
    ("2025-03-20", "revocation", "damage"))
FIRST_CERTIFICATE = ("application", "acceptance", "document_review", "site_review", "final_review", "grading", "notice",
                     "publicity", "certificate")


def event(date: str, step: str, result: str = "", **changed: Any) -> EventRow:
    """An event as it should be, entered at noon of its day, but for what is changed."""
    roles = PROCEDURE.steps[step].roles if step in PROCEDURE.steps else ("committee",)
    role = "public" if step == "objection" else roles[0]
    day = datetime.date.fromisoformat(date) if date else None
    cells = {"standard": STANDARD, "step": step, "actor": EXAMINER if step == "re_examination" else ACTORS[role],
             "role": role, "evidence": EVIDENCE, "hash": "0" * 64, "note": "", "result": result,
             "recorded": datetime.datetime.combine(day, NOON) if day else None} | changed
    return EventRow(date=day, **cells)


def events(rows: Sequence[tuple[str, str, str]] = WHOLE) -> list[EventRow]:
    return [event(*row) for row in rows]


def straight(grade: str = "G2") -> list[EventRow]:
    """The shortest way to a certificate, a step every twenty days."""
    results = {"acceptance": "passed", "document_review": "passed", "site_review": "passed", "final_review": "passed",
               "grading": grade}
    first = datetime.date(2023, 1, 10)
    return [event((first + datetime.timedelta(20 * number)).isoformat(), step, results.get(step, ""))
            for number, step in enumerate(FIRST_CERTIFICATE)]


def cells_of(rows: Sequence[tuple[str, str, str]], folder: Path) -> list[dict[str, str]]:
    """The cells of a log, each entry chained to the one before; the evidence of each is made in the folder."""
    found: list[dict[str, str]] = []
    for date, step, result in rows:
        one, paper = event(date, step, result), new_paper(folder, len(found) + 1)
        found.append({"standard": STANDARD, "date": date, "step": step, "actor": one.actor, "role": one.role,
                      "result": result, "evidence": paper, "hash": sha256(folder / paper),
                      "recorded": one.recorded.isoformat() if one.recorded else "",
                      "note": f"第 {len(found)} 条, note", "previous": entry_digest(found[-1]) if found else ""})
    return found


def new_paper(folder: Path, number: int) -> str:
    """The path in a dossier of evidence like no other."""
    paper = folder / f"evidence/paper-{number}.txt"
    paper.parent.mkdir(exist_ok=True)
    paper.write_text(f"paper {number}\n", "utf-8", newline="")
    return f"evidence/{paper.name}"


def rechained(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows with every digest computed anew, as one would who writes the whole log anew."""
    found: list[dict[str, str]] = []
    for row in rows:
        found.append({**row, "previous": entry_digest(found[-1]) if found else ""})
    return found


def write_log(path: Path, rows: Sequence[dict[str, str]], columns: Sequence[str] = COLUMNS) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

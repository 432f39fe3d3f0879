"""The log of an evaluation, events.csv: each entry read, signed, proved, and chained to the one before it."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.files import sha256_of_paper
from mineco.core.reading.tables import Row
from mineco.dossier.cells import Cells, read_rows
from mineco.dossier.names import folded_name
from mineco.dossier.rows import EVIDENCE, EventRow
from mineco.dossier.workbook.papers import papers_at
from mineco.dossier.workbook.places import told_by_sheet
from mineco.dossier.workbook.sheets import readable
from mineco.standards.load import load_standard, standard_ids
from mineco.standards.procedure import Procedure, load_procedure, procedure_ids
from mineco.standards.standard import Standard

LOG = "events.csv"
NOTHING = hashlib.sha256().hexdigest()


def entry_digest(cells: Mapping[str, str]) -> str:
    """The SHA-256 of an entry over all its cells, as the next one carries it in ``previous``.

    Blank cells are left out, so that a column that a later edition adds changes no digest; the order of the columns
    does not matter.

    >>> entry_digest({"step": "notice", "note": ""}) == entry_digest({"step": "notice"})
    True
    >>> entry_digest({"step": "notice"})[:12]
    '787dc7839176'
    """
    given = {column: text for column, text in cells.items() if text}
    text = json.dumps(given, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_log(dossier: Path, standard_id: str) -> list[EventRow]:
    """The entries of one standard in the log of a dossier, folder or workbook, without the rest of it.

    Raises
    ------
    BadInput
        With every problem of every entry.
    """
    problems = Problems()
    standard = load_standard(standard_id)
    with told_by_sheet(dossier):
        events = list(read_events(log_rows(dossier), papers_at(dossier).folder, standard, problems))
        problems.stop()
    return events


def require_head(events: Iterable[EventRow], head: str | None) -> None:
    """Stop where a digest that was noted down is that of no entry: the chain alone cannot tell of its own end.

    >>> require_head([], None)
    """
    wanted = (head or "").removeprefix("sha256:")
    if head is not None and wanted not in {event.digest for event in events}:
        raise BadInput(Problem("head_not_in_log", column="--head", value=head))


def log_rows(dossier: Path) -> list[Row]:
    """The rows of a log as text, of all standards."""
    with readable(papers_at(dossier)) as (place, _):
        return read_rows(place, LOG)


def read_events(rows: Iterable[Row], folder: Path, standard: Standard, problems: Problems) -> Iterator[EventRow]:
    """The entries of one standard, in the order in which they happened; other standards have their own beside.

    Where the standard keeps a procedure, every entry must be signed, proved by files with their SHA-256 that prove no
    other, tell when it was made and carry the digest of the entry before, and none lies after today; elsewhere evidence
    may be words, and a digest is checked where it is given.
    """
    procedure = load_procedure(standard.id) if standard.id in procedure_ids() else None
    steps = [*(procedure.steps if procedure else ()),
             *(step for phase in standard.phases.values() for step in phase.steps)]
    lists = {"standards": standard_ids(), "steps": steps}
    before: EventRow | None = None
    proved: dict[str, int] = {}  # digest of a file → the line whose step it proves
    latest = datetime.date.min
    now = datetime.datetime.now(tz=datetime.UTC)
    for row in rows:
        cells = Cells(row, folder, problems, lists)
        if cells["standard"] != standard.id:
            continue
        event = _event(cells.read(), procedure)
        problems.extend(one for one in chain_problems(event, before, bool(procedure)) if one not in problems)
        if event.date and event.date < latest:
            cells.add("event_out_of_order", "date", latest=latest.isoformat())
        today = datetime.date.today()
        if procedure and event.date and event.date > today:  # what a day refuses, no later day needs to
            cells.add("event_in_future", "date", latest=today.isoformat())
        problems.extend(time_problems(event, before, procedure, now))
        problems.extend(repeated_evidence(event, proved) if procedure else ())
        before, latest = event, max(latest, event.date or latest)
        yield event


def _event(cells: Cells, procedure: Procedure | None) -> EventRow:
    row = cells.row
    event = cells.made(EventRow, **{name: row[name] for name in ("actor", "role", "evidence")},
                       digest=entry_digest(row))
    if procedure is None:
        for column in ("actor", "role"):
            cells.text(column)
        if event.result:
            cells.add("result_not_asked", "result", step=event.step)
    else:
        cells.problems.extend(one for one in entry_problems(event, procedure) if one not in cells.problems)
    if event.evidence or procedure is None:
        cells["evidence"]
    if procedure is None and not event.hash:  # nobody must have computed them; what they are is known all the same
        files = [cells.folder / one for one in event.documents if one.startswith(EVIDENCE)]
        event = replace(event, hash="; ".join(sha256_of_paper(file) for file in files if file.is_file()))
    return event


def chain_problems(event: EventRow, before: EventRow | None, strict: bool) -> list[Problem]:
    """What is wrong with the digest that an entry carries; the fault lies in the entry before, or between the two."""
    expected = before.digest if before else ""
    if event.previous == expected or not (strict or event.previous):
        return []
    if before is None:
        return [event_problem(event, "chain_begins_late", "previous")]
    return [event_problem(event, "chain_broken", "previous", before=before.line)]


def time_problems(event: EventRow, before: EventRow | None, procedure: Procedure | None,
                  now: datetime.datetime) -> list[Problem]:
    """What is wrong with the time of entry: none where the log tells it, before the event or the entry before, to come.

    Logs of before have no such column; none begins in the middle of one that has.
    """
    if event.recorded is None:
        late = procedure and event.date and event.date >= procedure.timed_from
        asked = late or (before is not None and before.recorded is not None)
        return [event_problem(event, "event_without_time", "recorded")] if asked else []
    if event.date and event.recorded.date() < event.date:
        return [event_problem(event, "entered_before_event", "recorded", date=event.date.isoformat())]
    if before and before.recorded and event.recorded < before.recorded:
        return [event_problem(event, "entered_out_of_order", "recorded", latest=before.recorded.isoformat())]
    if event.recorded > now:
        return [event_problem(event, "event_in_future", "recorded", latest=now.isoformat(timespec="seconds"))]
    return []


def repeated_evidence(event: EventRow, proved: dict[str, int]) -> list[Problem]:
    """Files of an entry whose content proves an earlier one, or itself, already; the others are put to those known."""
    found = []
    for file, digest in zip(event.documents, event.hashes, strict=False):
        if digest in proved and digest != NOTHING:  # an empty file is refused for that
            told = event_problem(event, "evidence_repeated", "evidence", first=proved[digest])
            found.append(replace(told, value=file))
        proved.setdefault(digest, event.line)
    return found


def entry_problems(event: EventRow, procedure: Procedure) -> list[Problem]:
    """What is wrong with an entry by itself, whatever stands before it: unsigned, not proved, in no known role."""
    found = []
    if not folded_name(event.actor):
        found.append(event_problem(event, "event_unsigned", "actor"))
    if not procedure.role_id(event.role):
        found.append(event_problem(event, "unknown_role", "role", known=", ".join(
            f"{name} ({role.name_zh}, {role.name_en})" for name, role in procedure.roles.items())))
    if not event.evidence:
        asked = procedure.steps[event.step].evidence if event.step in procedure.steps else None
        found.append(event_problem(event, "event_without_evidence", "evidence", asked_zh=asked.zh if asked else "—",
                              asked_en=asked.en if asked else "—"))
    elif not all(one.startswith(EVIDENCE) for one in event.documents):
        found.append(event_problem(event, "evidence_not_a_file", "evidence"))
    elif not event.hash:
        found.append(event_problem(event, "evidence_without_hash", "hash"))
    return found


def event_problem(event: EventRow, message: str, column: str, **details: object) -> Problem:
    """A problem of an entry, at its place in the log."""
    value = getattr(event, column)
    return Problem(message, LOG, event.line or "", column, "" if value is None else str(value), details)

"""Recording an event: appended to the log after it was checked in its place, or refused with the log unchanged."""

import codecs
import csv
import datetime
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from filelock import FileLock, Timeout
from pydantic import BeforeValidator

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.decoding import encoding_of
from mineco.core.reading.files import LARGEST_TABLE, read_bytes, resolve_inside, sha256
from mineco.core.reading.tables import find_heading
from mineco.dossier.cells import column_of, read_rows, tables
from mineco.dossier.event_log import LOG, read_events, read_log
from mineco.dossier.models import FrozenModel, line_of, read_model
from mineco.dossier.rows import EVIDENCE, documents
from mineco.dossier.workbook.papers import papers_at
from mineco.evaluation.restoration_carbon_sink.procedure import replay_events, then
from mineco.evaluation.restoration_carbon_sink.standing import Standing
from mineco.runs.staging import defer_signals, sync
from mineco.standards.load import load_standard
from mineco.standards.procedure import load_procedure

LOCK = f".{LOG}.lock"
LOCK_TIMEOUT = 30.0  # seconds to wait for another recording


def _one_cell(given: Any) -> Any:
    """A list of files as a cell of the log has them; anything else as it is."""
    listed = isinstance(given, list) and all(isinstance(one, str) for one in given)
    return "; ".join(given) if listed else given


class EventInput(FrozenModel):
    """What a file says of an event to be recorded; a blank that matters is told when the event is checked."""

    date: str = ""
    step: str = ""
    actor: str = ""
    role: str = ""
    result: str = ""
    evidence: Annotated[str, BeforeValidator(_one_cell)] = ""
    note: str = ""


def record_event(folder: Path, standard_id: str, file: Path, latest: datetime.date) -> Standing:
    """Append one event, that lies not after a day, to the log of a dossier; where the case stands then.

    The file is YAML with date, step, actor, role, result, evidence (one file, or a list of them) and note; the digests
    and the time of entry are filled in here.

    Raises
    ------
    BadInput
        With every reason against it; the log is then what it was, byte for byte.
    """
    if book := papers_at(folder).workbook:
        raise BadInput(Problem("log_in_workbook", file=book.name))
    problems = Problems()
    event, lines = read_model(EventInput, file, problems)
    problems.stop()
    assert event
    cells = {"standard": standard_id, **{name: text.strip() for name, text in event.model_dump().items()}}
    read_log(folder, standard_id)  # there is one, before anything is made beside it
    if (folder / LOG).is_symlink():
        raise BadInput(Problem("not_a_file", file=LOG))
    with _alone(folder):
        entries = read_log(folder, standard_id)
        cells["previous"] = entries[-1].digest if entries else ""
        cells["hash"] = "; ".join(filter(None, (_hash(folder, one) for one in documents(cells["evidence"]))))
        cells["recorded"] = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        made = Path(tempfile.mkdtemp(prefix=".recording-", dir=folder))
        try:
            standing = _checked(folder, made / LOG, cells, latest, file.name, lines)
            sync(made / LOG)
            with defer_signals():
                (made / LOG).replace(folder / LOG)  # in one step, or not at all
                sync(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return standing


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A ``with`` block in which nobody else records; trouble with the disk is told as bad input."""
    try:
        with FileLock(folder / LOCK, timeout=LOCK_TIMEOUT):
            yield
    except Timeout:
        raise BadInput(Problem("log_busy", file=LOG)) from None
    except OSError as error:
        raise BadInput(Problem("log_trouble", file=LOG, details={"reason": error.strerror or str(error)})) from error


def _hash(folder: Path, evidence: str) -> str:
    """The digest of a file under evidence/; blank for what is none, which the check of the entry tells."""
    if not evidence.startswith(EVIDENCE):
        return ""
    try:
        return sha256(resolve_inside(folder, evidence))
    except BadInput:
        return "0" * 64  # in its form a digest: that the file is absent is the one thing to tell


def _checked(folder: Path, made: Path, cells: dict[str, str], latest: datetime.date, name: str,
             lines: dict[tuple[str | int, ...], int]) -> Standing:
    """Write the log with its new entry and read it back as any log is read: what was checked is what is kept."""
    problems = Problems()
    shutil.copyfile(folder / LOG, made)
    shutil.copymode(folder / LOG, made)
    made.write_bytes(with_entry(read_bytes(folder / LOG, LARGEST_TABLE), cells))
    standard, procedure, last = load_standard(cells["standard"]), load_procedure(cells["standard"]), 0
    standing = Standing(procedure.start)
    with problems.collect():
        rows = read_rows(made.parent, LOG)
        last = rows[-1].line
        *past, new = read_events(rows, folder, standard, problems)
        if all(one.row == last for one in problems):
            standing = replay_events(past, procedure, standard.grade_ids, latest)
            told = {(one.message, one.column) for one in problems}
            try:
                standing = then(standing, new, procedure, standard.grade_ids, latest)
            except BadInput as error:
                problems.extend(one for one in error.problems if (one.message, one.column) not in told)
    if problems:
        raise BadInput([one if last and one.row != last else
                        replace(one, file=name, row=line_of(lines, (one.column,))) for one in problems])
    return standing


def with_entry(raw: bytes, cells: dict[str, str]) -> bytes:
    """The bytes of a log with one more entry: those that it has stay, in its encoding and with its line ends.

    Columns that a log of before has not are put behind its own, and left blank in its entries; no digest changes by it.

    >>> with_entry(b"step,date,result,previous,recorded\\r\\n", {"date": "2025-01-06", "step": "notice"})
    b'step,date,result,previous,recorded\\r\\nnotice,2025-01-06,,,\\r\\n'
    >>> with_entry(b"step,date\\nnotice,2025-01-06\\n", {"date": "2025-01-09", "step": "publicity", "previous": "5d1f"})
    b'step,date,result,recorded,previous\\nnotice,2025-01-06,,,\\npublicity,2025-01-09,,,5d1f\\n'
    """
    encoding = encoding_of(raw, LOG)
    if encoding == "utf-16":
        encoding = "utf-16-le" if raw.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    encoding = encoding.removesuffix("-sig")  # the mark stays where it is
    lines = list(io.StringIO(raw.decode(encoding), newline=""))
    column = column_of(LOG)
    delimiter, above = find_heading(lines, ("step", "date"), column)
    names = [column(name.strip("\ufeff ")) for name in next(csv.reader(lines[above:], delimiter=delimiter), [])]
    newer = [name for name, column in tables()[LOG].items() if column.optional and name not in names]
    if newer:
        lines[above:] = [_with_more(line, "".join(f"{delimiter}{name if place == 0 else ''}" for name in newer))
                         for place, line in enumerate(lines[above:])]
    text, line = "".join(lines), io.StringIO(newline="")
    end = "\r\n" if "\r\n" in text else "\n"
    csv.writer(line, lineterminator=end, delimiter=delimiter).writerow(
        [cells.get(name, "") for name in (*names, *newer)])
    return (text + ("" if text.endswith(("\n", "\r")) else end) + line.getvalue()).encode(encoding)


def _with_more(line: str, more: str) -> str:
    """A line with something put before its end; a blank one as it is."""
    text = line.rstrip("\r\n")
    return text + more + line[len(text):] if text.strip() else line

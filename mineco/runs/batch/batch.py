"""Many dossiers in one go, as results or as full reports.

All are checked first and the good ones go on; what was done before and has not changed since is not done again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from mineco.core.errors import BadInput, Problem, Problems, file_trouble
from mineco.core.labels import label, problem_text
from mineco.core.reading.files import sha256
from mineco.core.workers import ClusterWorkers, LostTask, Workers
from mineco.dossier.cells import read_rows
from mineco.dossier.checks.noticed import notice_columns
from mineco.dossier.checks.serials import shared_numbers
from mineco.dossier.workbook.papers import papers_at
from mineco.dossier.workbook.sheets import readable
from mineco.evaluation.case import parse_options
from mineco.runs.batch.reading.rows import batched
from mineco.runs.batch.records import Records, record_key, rows_as_table
from mineco.runs.batch.summary import Summary, write_summary
from mineco.runs.batch.work import (
    BatchTerms,
    Task,
    kit_hash,
    report_of_dossier,
    results_of_dossiers,
    worker_signature,
)
from mineco.runs.notebook.kernel import shared_interpreter
from mineco.runs.order import format_problems, notebook_in
from mineco.standards.load import load_standard

TOGETHER = 16  # dossiers of one task
SUMMARY_PART = 5_000  # rows of the summary in memory at once
LOCK = ".mineco-batch.lock"

ProblemReporter = Callable[[str, Sequence[Problem]], None]


@dataclass
class BatchResult:
    """What came of a batch."""

    complete: int = 0
    preliminary: int = 0  # a range for want of data (reading R34)
    refused: int = 0
    failed: int = 0
    noticed: int = 0  # mine-years with notices
    before: int = 0  # of the complete and preliminary ones: recorded by an earlier batch
    files: dict[str, Path] = field(default_factory=dict)  # the summary, by ending
    caveats: str = ""  # what the dossier that serves all rows says of itself

    def told(self, summary: Summary) -> Self:
        """With the files of a summary, and how many rows of each status it has."""
        for status, times in summary.counts["status"].items():
            setattr(self, status, getattr(self, status) + times)
        self.files, self.noticed = summary.files, summary.noticed
        return self


@dataclass(frozen=True)
class Batch:
    """An order, as far as it concerns all mines; standard, options, formats and language are as of a run."""

    out: Path  # where runs, records and the summary are put
    workers: Workers
    standard_id: str = "carbon-neutral-mine-2025"
    options: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ("html",)
    language: str = "zh"
    tell: ProblemReporter = lambda name, problems: None  # called with a dossier or a table, as its problems are found
    progress: bool = False  # whether to show bars on stderr

    # --- dossiers ---------------------------------------------------------------------------------------------------

    def dossiers(self, folders: Sequence[Path], depth: str = "reports") -> BatchResult:
        """Evaluate dossiers; the summary's files have a row for each, in the order given.

        What is wrong with a dossier is told, and stops no other. Refused is what keeps all from being begun: an option
        that does not exist, another batch in the same folder, a cluster that cannot be used.
        """
        folders = list(dict.fromkeys(folders))
        with self.opened(folders) as terms:
            return self.evaluate(terms, folders, depth)

    def evaluate(self, terms: BatchTerms, folders: Sequence[Path], depth: str,
                 refused: Sequence[dict[str, Any]] = (),
                 caveats: Mapping[str, str] | None = None, assumed: Sequence[str] = ()) -> BatchResult:
        """As `dossiers`, within an opened batch; rows refused before stand last in the summary."""
        records, done = Records(self.out), BatchResult()
        keys: dict[Path, str] = {}
        rows: dict[Path, dict[str, Any]] = {}
        with self.bar(len(folders), "batch_looking") as bar:
            for folder in folders:
                try:
                    keys[folder] = self._key(terms, folder, depth)
                except (BadInput, OSError) as error:
                    self._refuse(rows, folder, error.problems if isinstance(error, BadInput) else [file_trouble(error)])
                bar.update()
        twice = dict(credits_retired_twice(list(keys)))
        for folder, problem in twice.items():
            self.tell(str(folder), [problem])
        todo = [(folder, key) for folder, key in keys.items() if records.row(key) is None]
        done.before = len(keys) - len(todo)
        reports = depth == "reports"
        here = reports and todo and not isinstance(self.workers, ClusterWorkers)
        with shared_interpreter(notebook_in(self.standard_id, self.language)) if here else nullcontext():
            if reports:
                for (folder, _), outcome in self._each(partial(results_of_dossiers, terms), todo, "batch_checking"):
                    if isinstance(outcome, list):
                        self._refuse(rows, folder, outcome)
                todo = [(folder, key) for folder, key in todo if folder not in rows]
            work, together = (report_of_dossier, 1) if reports else (results_of_dossiers, TOGETHER)
            for (folder, key), outcome in self._each(partial(work, terms), todo, "batch_running", together):
                if isinstance(outcome, dict):  # a report is recorded by its worker too, but a shared folder may be slow
                    records.add_row(key, outcome, durable=reports)  # results are sooner evaluated again than written
                else:
                    self._refuse(rows, folder, outcome, "failed" if reports else "refused")

        def all_rows() -> Iterator[dict[str, Any]]:
            for folder in folders:
                row = rows.get(folder) or records.row(keys[folder]) or {"status": "failed"}
                yield {"source": str(folder), **_noticed(row, twice.get(folder))}
            yield from refused

        parts = (rows_as_table(some) for some in batched(all_rows(), SUMMARY_PART))
        names = {"mine", "line", "source", "status", "reason"} | {
            name for folder in keys if (row := records.row(keys[folder])) for name in row}
        return done.told(write_summary(parts, names, self.out, self.language, caveats, assumed))

    def _each(self, work: Callable[[Any], list[Any]], tasks: Sequence[Task], name: str,
              together: int = TOGETHER) -> Iterator[tuple[Task, Any]]:
        """Each dossier with what became of it; they are sent out some at a time."""
        groups = list(batched(tasks, together))
        with self.bar(len(tasks), name) as bar:
            for group, outcomes in zip(groups, self.workers.map(work, groups), strict=True):
                lost = isinstance(outcomes, LostTask)
                yield from ((task, lost_task(outcomes) if lost else outcomes[number])
                            for number, task in enumerate(group))
                bar.update(len(group))

    def _refuse(self, rows: dict[Path, dict[str, Any]], folder: Path, problems: Sequence[Problem],
                status: str = "refused") -> None:
        self.tell(str(folder), problems)
        rows[folder] = {"mine": folder.name, "status": status, "reason": self.reason(problems)}

    def _key(self, terms: BatchTerms, folder: Path, depth: str) -> str:
        """The hash of all that a record rests on."""
        papers = papers_at(folder)
        files = [(name.as_posix(), sha256(papers.folder / name)) for name in papers.files()]
        form = (terms.formats, terms.language) if depth == "reports" else ()
        return record_key(files, terms.kit, terms.standard_id, terms.options, depth, form)

    # --- what tables need too -----------------------------------------------------------------------------------

    @contextmanager
    def opened(self, given: Sequence[Path]) -> Iterator[BatchTerms]:
        """A ``with`` block in which no other batch works in the same folder, and every worker is fit for it."""
        Problems(format_problems(self.formats, "--formats")).stop()
        options = parse_options(load_standard(self.standard_id), self.options)
        try:
            self.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(file_trouble(error, self.out)) from error
        with ExitStack() as held:
            try:
                held.enter_context(FileLock(self.out / LOCK, timeout=0))
            except Timeout as error:
                raise BadInput(Problem("batch_under_way", file=str(self.out))) from error
            if isinstance(self.workers, ClusterWorkers):
                files = [one for path in given for one in (path, path / "mine.yaml") if one.is_file()]
                self.workers.require(worker_signature, files, self.out)
            yield BatchTerms(kit_hash(), self.standard_id, options, self.out.resolve(), self.formats, self.language)

    def reason(self, problems: Sequence[Problem]) -> str:
        return " ".join(problem_text(one, self.language) for one in problems)

    def bar(self, total: int | None, name: str) -> Any:
        from tqdm import tqdm

        return tqdm(total=total, desc=label(name, self.language), unit=label("batch_unit", self.language),
                    disable=not self.progress, smoothing=0.1)


def credits_retired_twice(folders: Sequence[Path]) -> Iterator[tuple[Path, Problem]]:
    """Dossiers that retire numbers which an earlier one of the batch retires too: told, once for each dossier."""
    held = []
    for folder in folders:
        try:
            with readable(papers_at(folder)) as (place, _):
                held += [((folder, row), row["serial"])
                         for row in read_rows(place, "offsets.csv") if row["retired"]]
        except BadInput:  # what is wrong with the table is told where the dossier is read
            continue
    told: set[Path] = set()
    for ((folder, row), one), ((earlier, before), other) in shared_numbers(held):
        if folder != earlier and folder not in told:
            told.add(folder)
            yield folder, Problem("serials_overlap", "offsets.csv", row.line, "serial", row["serial"],
                                  {"first": max(one.first, other.first), "last": min(one.last, other.last),
                                   "line": before.line, "serial": before["serial"], "other": f" ({earlier.name})"})


def _noticed(row: dict[str, Any], problem: Problem | None) -> dict[str, Any]:
    """A row of the summary with one more notice, where there is one and the row has been evaluated."""
    if problem is None or "notices" not in row:
        return row
    more = notice_columns([(True, problem)])
    return {**row, "notice_count": row["notice_count"] + 1,
            "notices": "; ".join(filter(None, (row["notices"], more["notices"])))}


def lost_task(lost: LostTask) -> list[Problem]:
    """What is told of a task whose workers were lost."""
    return [Problem("worker_lost", details={"reason": lost.reason})]

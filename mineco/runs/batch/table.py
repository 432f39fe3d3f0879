"""A table with a row for each mine-year in one go, in parts, so that memory does not grow with the number of mines."""

import hashlib
import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.workers import LostTask, ProcessWorkers, SerialWorkers, Workers
from mineco.core.writing import write_files
from mineco.dossier.texts import by_language
from mineco.evaluation.case import open_case_with_gaps
from mineco.runs.batch.adapting import Adapted
from mineco.runs.batch.batch import Batch, BatchResult, lost_task
from mineco.runs.batch.forms import TableRows
from mineco.runs.batch.mine_table import Pattern, fill_pattern, read_heading, read_pattern
from mineco.runs.batch.reading.lines import count_lines, read_rows
from mineco.runs.batch.reading.rows import Rows, in_parts
from mineco.runs.batch.records import FOLDER, Records, record_key, rows_as_table
from mineco.runs.batch.summary import write_summary
from mineco.runs.batch.table_results import Refusal
from mineco.runs.batch.work import BatchTerms, results_of_part
from mineco.standards.load import load_standard

PART = 20_000  # rows of one task
FEW = 3  # tasks that are done here: to start a process takes as long as they do
DONE = ("complete", "preliminary")


@dataclass
class TableBatch:
    """A batch over a table, CSV, a workbook or Parquet; rows refused before they are evaluated are kept aside.

    ``like`` is the dossier whose figures all rows have, save those of the table's columns; ``scaled``: its amounts in
    proportion to a row's output.
    """

    batch: Batch
    path: Path
    like: Path
    scaled: bool = False
    refused: list[dict[str, Any]] = field(default_factory=list)
    caveats: Mapping[str, str] = field(default_factory=dict, init=False)  # by language
    assumed: list[str] = field(default_factory=list, init=False)  # headings of what all rows take from ``like``
    waiting: list[tuple[Problem, str | None]] = field(default_factory=list, init=False)  # refused, and not told yet

    def evaluate(self, depth: str = "results") -> BatchResult:
        """Evaluate the rows; see `Batch.dossiers`."""
        with self.batch.opened([]) as terms:
            pattern = read_pattern(self.like)
            open_case_with_gaps(self.like, terms.standard_id, **terms.options)  # what is wrong there is so in all rows
            top, headings, rows = read_rows(self.path, self._refuse, lambda one: self.batch.tell(self.path.name, [one]))
            if not headings:
                raise BadInput(Problem("no_header", file=self.path.name,
                                       details={"columns": "mine, year, metrics:production …"}))
            self._require_headings(top, headings, pattern)
            rows = self._some(rows)
            adapted = Adapted(pattern, load_standard(terms.standard_id), self.path.name, headings, self._refuse,
                              self.scaled)
            whole = TableRows(self.path.name, tuple(adapted.headings_read), b"", pattern, terms.standard_id,
                              terms.options, len(headings) if self.scaled else None)
            work = self._reports if depth == "reports" else self._results
            year, notice = str(pattern.mine["reporting_year"]), pattern.mine.get("notice") or {}
            self.caveats = by_language(notice) if isinstance(notice, str) else notice
            self.assumed = adapted.assumed
            done = work(terms, whole, self._in_turn(map(adapted.rows, self._once(headings, rows, year))))
            self.batch.tell(self.path.name, list(adapted.notices()))
            done.caveats = self.caveats.get(self.batch.language, "")
            return done

    def _require_headings(self, top: int, headings: Sequence[str], pattern: Pattern) -> None:
        problems = Problems()
        for heading in headings:
            try:
                read_heading(heading, pattern)
            except BadInput as error:
                problems += [replace(one, file=self.path.name, row=top or "") for one in error.problems]
        problems.stop()

    def _some(self, rows: Iterator[Rows]) -> Iterator[Rows]:
        """The rows; a table that has none, neither sound nor refused, is most likely another file than was meant."""
        first = next(rows, None)
        if first is None and not self.waiting:
            raise BadInput(Problem("no_rows", file=self.path.name))
        return chain([] if first is None else [first], rows)

    def _refuse(self, problem: Problem, mine: str | None = None) -> None:
        self.waiting.append((problem, mine))

    def _tell_refused(self) -> None:
        """Tell what was refused since the last time, in the order of the lines."""
        for problem, mine in sorted(self.waiting, key=lambda one: int(one[0].row)):
            self.batch.tell(self.path.name, [problem])
            self.refused.append({"mine": mine, "line": problem.row, "source": self.path.name, "status": "refused",
                                 "reason": self.batch.reason([problem])})
        self.waiting.clear()

    def _in_turn(self, rows: Iterator[Rows]) -> Iterator[Rows]:
        """The rows; before each part what was refused in it is told."""
        try:
            for some in rows:
                self._tell_refused()
                if len(some):
                    yield some
        finally:
            self._tell_refused()

    def _once(self, headings: Sequence[str], rows: Iterator[Rows], otherwise: str) -> Iterator[Rows]:
        """The rows, save those of a mine-year that stands further up, however far; a blank year is ``otherwise``."""
        mine, year = headings.index("mine"), (*headings, "year").index("year")
        seen = sqlite3.connect("")  # on the disk as soon as it is large
        try:
            seen.execute("create table seen (name text primary key, line integer) without rowid")
            for some in rows:
                mines, lines = some.texts(mine), some.numbers.tolist()
                years = some.texts(year) if year < len(headings) else [""] * len(mines)
                names = [f"{one.casefold() if one.isascii() else unicodedata.normalize('NFKC', one).casefold()} "
                         f"{when or otherwise}" for one, when in zip(mines, years, strict=True)]
                before = seen.total_changes
                seen.executemany("insert or ignore into seen values (?, ?)", sorted(zip(names, lines, strict=True)))
                if seen.total_changes == before + len(names):
                    yield some
                    continue
                firsts = [seen.execute("select line from seen where name = ?", (one,)).fetchone()[0] for one in names]
                for place, (line, first) in enumerate(zip(lines, firsts, strict=True)):
                    if line != first:
                        self._refuse(Problem("mine_year_twice", self.path.name, line, "mine", f"{mines[place]} "
                                             f"{years[place] or otherwise}", details={"first": first}), mines[place])
                yield some.taken(some.numbers == np.array(firsts))
        finally:
            seen.close()

    # --- results ----------------------------------------------------------------------------------------------------

    def _results(self, terms: BatchTerms, whole: TableRows, rows: Iterator[Rows]) -> BatchResult:
        batch, records, done = self.batch, Records(self.batch.out), BatchResult()
        keys, sent = list[str](), dict[int, tuple[str, bytes]]()  # of the tasks under way
        places = count()
        shared = record_key(terms.kit, terms.standard_id, terms.options, whole.headings, whole.scaled_from,
                            repr(whole.pattern), whole.file, batch.language)

        def tasks() -> Iterator[TableRows]:
            for some in in_parts(rows, PART):
                packed = some.packed()
                key = record_key(shared, hashlib.sha256(packed).hexdigest())
                keys.append(key)
                if records.has_part(key):
                    statuses = records.part(key)["status"]
                    done.before += pc.sum(pc.is_in(statuses, pa.array(DONE))).as_py()
                    bar.update(len(some))
                else:
                    sent[next(places)] = key, packed
                    yield replace(whole, packed=packed)

        with batch.bar(count_lines(self.path), "batch_running") as bar:
            waiting = tasks()
            first = list(islice(waiting, FEW + 1))
            here = isinstance(batch.workers, ProcessWorkers) and len(first) <= FEW
            workers: Workers = SerialWorkers() if here else batch.workers
            for place, found in enumerate(workers.map(partial(results_of_part, terms), chain(first, waiting))):
                key, packed = sent.pop(place)
                rows_sent = Rows.unpacked(packed)
                bar.update(len(rows_sent))
                if isinstance(found, LostTask):
                    keys.remove(key)
                    batch.tell(self.path.name, problems := lost_task(found))
                    self.refused += [{"mine": mine, "line": line, "source": self.path.name, "status": "failed",
                                      "reason": batch.reason(problems)} for line, mine in rows_sent.named(whole.mine)]
                else:
                    table, refused = found
                    records.add_part(key, self._part(table, refused, rows_sent, whole.mine))

        parts = chain(map(records.part, keys), [rows_as_table(self.refused)])
        names = {"mine", "line", "source", "status", "reason"}.union(*(records.names(key) for key in keys))
        return done.told(write_summary(parts, names, batch.out, batch.language, self.caveats, self.assumed))

    def _part(self, found: pa.Table, refused: Sequence[Refusal], sent: Rows, mine: int) -> pa.Table:
        """Results and refusals of some rows in the order of the lines, with where they come from; refusals are told."""
        if refused:
            for _, problems in refused:
                self.batch.tell(self.path.name, problems)
            mines = dict(sent.named(mine))
            found = pa.concat_tables([found, rows_as_table([
                {"mine": mines[line], "line": line, "status": "refused", "reason": self.batch.reason(problems)}
                for line, problems in refused])], promote_options="default").sort_by("line")
        return found.append_column("source", pa.repeat(self.path.name, len(found)))

    # --- reports ----------------------------------------------------------------------------------------------------

    def _reports(self, terms: BatchTerms, whole: TableRows, rows: Iterator[Rows]) -> BatchResult:
        """The dossier of each row is written beside the records, and run as any other."""
        columns, folders = whole.columns(), list[Path]()
        mine, year = whole.mine, (*whole.headings, "year").index("year")
        for line, cells in chain.from_iterable(some.lines() for some in rows):
            try:
                files, _ = fill_pattern(whole.pattern, columns, cells)
            except BadInput as error:
                for one in error.problems:
                    self._refuse(replace(one, file=whole.file, row=line), cells[mine])
                continue
            when = (cells[year] if year < len(cells) else "") or str(whole.pattern.mine["reporting_year"])
            name = re.sub(r"[^\w-]", "", f"{cells[mine]}-{when}")[:70]
            content = record_key(sorted((path, data.hex()) for path, data in files.items()))
            folder = self.batch.out / FOLDER / "dossiers" / f"{name}-{content[:12]}"
            if not folder.is_dir():
                made = folder.with_name(f".{folder.name}.{os.getpid()}")
                write_files(files, made)
                made.rename(folder)
            folders.append(folder)
        return self.batch.evaluate(terms, folders, "reports", self.refused, self.caveats,
                                   self.assumed)

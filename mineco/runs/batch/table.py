"""A table with a row for each mine-year in one go, in parts, so that memory does not grow with the number of mines."""

import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, count
from operator import itemgetter
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.workbooks import Line
from mineco.core.workers import LostTask
from mineco.dossier.texts import by_language
from mineco.evaluation.case import open_case_with_gaps
from mineco.runs.batch.adapting import Adapted
from mineco.runs.batch.batch import Batch, BatchResult, batched, lost_task
from mineco.runs.batch.lines import count_lines, read_lines
from mineco.runs.batch.mine_table import Pattern, fill_pattern, read_heading, read_pattern, write_dossier
from mineco.runs.batch.records import FOLDER, Records, record_key, rows_as_table
from mineco.runs.batch.summary import write_summary
from mineco.runs.batch.table_results import Refusal, TableRows
from mineco.runs.batch.work import BatchTerms, results_of_part
from mineco.standards.load import load_standard

PART = 5_000  # rows of one task
DONE = ("complete", "preliminary")


@dataclass
class TableBatch:
    """A batch over a table, CSV or a workbook; rows refused before they are evaluated are kept aside.

    ``like`` is the dossier whose figures all rows have, save those of the table's columns; ``scaled``: its amounts in
    proportion to a row's output.
    """

    batch: Batch
    path: Path
    like: Path
    scaled: bool = False
    refused: list[dict[str, Any]] = field(default_factory=list)
    caveats: Mapping[str, str] = field(default_factory=dict, init=False)  # by language

    def evaluate(self, depth: str = "results") -> BatchResult:
        """Evaluate the rows; see `Batch.dossiers`."""
        with self.batch.opened([]) as terms:
            pattern = read_pattern(self.like)
            open_case_with_gaps(self.like, terms.standard_id, **terms.options)  # what is wrong there is so in all rows
            lines = read_lines(self.path, self._refuse, lambda one: self.batch.tell(self.path.name, [one]))
            headings = next(lines, (0, list[str]()))[1]
            if not headings:
                raise BadInput(Problem("no_header", file=self.path.name,
                                       details={"columns": "mine, year, metrics:production …"}))
            self._require_headings(headings, pattern)
            adapted = Adapted(pattern, load_standard(terms.standard_id), self.path.name, headings, self._refuse,
                              self.scaled)
            whole = TableRows(self.path.name, tuple(adapted.headings_read), (), pattern, terms.standard_id,
                              terms.options, len(headings) if self.scaled else None)
            work = self._reports if depth == "reports" else self._results
            year, notice = str(pattern.mine["reporting_year"]), pattern.mine.get("notice") or {}
            self.caveats = by_language(notice) if isinstance(notice, str) else notice
            done = work(terms, whole, adapted.lines(self._once(headings, lines, year)))
            self.batch.tell(self.path.name, list(adapted.notices()))
            done.caveats = self.caveats.get(self.batch.language, "")
            return done

    def _require_headings(self, headings: Sequence[str], pattern: Pattern) -> None:
        problems = Problems()
        for heading in headings:
            try:
                read_heading(heading, pattern)
            except BadInput as error:
                problems += [replace(one, file=self.path.name, row=1) for one in error.problems]
        problems.stop()

    def _refuse(self, problem: Problem, mine: str | None = None) -> None:
        self.batch.tell(self.path.name, [problem])
        self.refused.append({"mine": mine, "line": problem.row, "source": self.path.name, "status": "refused",
                             "reason": self.batch.reason([problem])})

    def _once(self, headings: Sequence[str], lines: Iterator[Line], otherwise: str) -> Iterator[Line]:
        """The lines, save those of a mine-year that stands further up, however far; a blank year is ``otherwise``."""
        mine, year = headings.index("mine"), (*headings, "year").index("year")
        seen = sqlite3.connect("")  # on the disk as soon as it is large
        try:
            seen.execute("create table seen (name text primary key, line integer) without rowid")
            for line, cells in lines:
                when = (cells[year] if year < len(cells) else "") or otherwise
                name = f"{unicodedata.normalize('NFKC', cells[mine]).casefold()} {when}"
                try:
                    seen.execute("insert into seen values (?, ?)", (name, line))
                except sqlite3.IntegrityError:
                    (first,) = seen.execute("select line from seen where name = ?", (name,)).fetchone()
                    self._refuse(Problem("mine_year_twice", self.path.name, line, "mine", f"{cells[mine]} {when}",
                                         details={"first": first}), cells[mine])
                    continue
                yield line, cells
        finally:
            seen.close()

    # --- results ----------------------------------------------------------------------------------------------------

    def _results(self, terms: BatchTerms, whole: TableRows, lines: Iterator[Line]) -> BatchResult:
        batch, records, done = self.batch, Records(self.batch.out), BatchResult()
        keys, sent = list[str](), dict[int, tuple[str, Sequence[Line]]]()  # of the tasks under way
        places, mine = count(), whole.headings.index("mine")
        shared = record_key(terms.kit, terms.standard_id, terms.options, whole.headings, whole.scaled_from,
                            repr(whole.pattern), whole.file, batch.language)

        def tasks() -> Iterator[TableRows]:
            for some in batched(lines, PART):
                key = record_key(shared, some)
                keys.append(key)
                if records.has_part(key):
                    done.before += sum(status in DONE for status in records.part(key)["status"].to_pylist())
                    bar.update(len(some))
                else:
                    sent[next(places)] = key, some
                    yield replace(whole, lines=some)

        with batch.bar(count_lines(self.path), "batch_running") as bar:
            for place, found in enumerate(batch.workers.map(partial(results_of_part, terms), tasks())):
                key, some = sent.pop(place)
                bar.update(len(some))
                if isinstance(found, LostTask):
                    keys.remove(key)
                    batch.tell(self.path.name, problems := lost_task(found))
                    self.refused += [{"mine": cells[mine], "line": line, "source": self.path.name, "status": "failed",
                                      "reason": batch.reason(problems)} for line, cells in some]
                else:
                    rows, refused = found
                    records.add_part(key, self._part(rows, refused, {line: cells[mine] for line, cells in some}))

        parts = chain(map(records.part, keys), [rows_as_table(self.refused)])
        names = {"mine", "line", "source", "status", "reason"}.union(*(records.names(key) for key in keys))
        return done.told(write_summary(parts, names, batch.out, batch.language, self.caveats))

    def _part(self, found: Sequence[dict[str, Any]], refused: Sequence[Refusal], mines: Mapping[int, str]) -> Any:
        """Results and refusals of some rows as a table of pyarrow, in the order of the lines; refusals are told."""
        for _, problems in refused:
            self.batch.tell(self.path.name, problems)
        rows = [*found, *({"mine": mines[line], "line": line, "status": "refused",
                           "reason": self.batch.reason(problems)} for line, problems in refused)]
        return rows_as_table([{**row, "source": self.path.name} for row in sorted(rows, key=itemgetter("line"))])

    # --- reports ----------------------------------------------------------------------------------------------------

    def _reports(self, terms: BatchTerms, whole: TableRows, lines: Iterator[Line]) -> BatchResult:
        """The dossier of each row is written beside the records, and run as any other."""
        columns, folders = whole.columns(), list[Path]()
        mine, year = whole.headings.index("mine"), (*whole.headings, "year").index("year")
        for line, cells in lines:
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
                write_dossier(files, made)
                made.rename(folder)
            folders.append(folder)
        return self.batch.evaluate(terms, folders, "reports", self.refused, self.caveats)

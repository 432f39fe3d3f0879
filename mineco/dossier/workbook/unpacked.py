"""What a workbook was unpacked to, and where in it the lines of its files are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from mineco.core.errors import Problem
from mineco.dossier.workbook.cover import read_key

MINE = "mine.yaml"
LINE = re.compile(r"\d+")
SOME_LINES = re.compile(r"\d+((\+|–|, )\d+)*")  # of a table: one, or several as messages have them


@dataclass(frozen=True)
class Unpacked:
    """The files that a workbook stands for, and where in it their lines are."""

    name: str  # of the workbook
    files: Mapping[str, bytes]
    sheets: Mapping[str, str]  # by file the name of its sheet
    columns: Mapping[str, Mapping[str, str]]  # by file and column its letters
    mine_rows: Mapping[int, int]  # by line of mine.yaml the row of its sheet
    mine_keys: Mapping[str, int]  # by key, with dots between, the same
    value_column: str  # letters, of the sheet for mine.yaml
    headings: Mapping[str, Mapping[str, str]]  # by file what stands above a column; by key what an entry is called
    notices: tuple[Problem, ...] = ()  # what was read although it does not show
    unread: Mapping[str, frozenset[int]] = field(default_factory=dict)  # by file rows of which a cell could not be read

    @cached_property
    def called(self) -> dict[str, str]:
        """What files, and their columns and entries (FILE:part), are called in the workbook."""
        return {**self.sheets, **{f"{file}:{name}": heading for file, named in self.headings.items()
                                  for name, heading in named.items()}}

    def cell(self, file: str, row: int | str, column: str = "") -> str:
        """The sheet and the cell of a column in a row of a file, in some rows, or of an entry of mine.yaml.

        What no cell is known of goes by the name of the sheet.
        """
        letters, lines = self.columns.get(file, {}).get(column, "A"), str(row)
        if file == MINE:
            letters, lines = self.value_column, str(self._mine_row(row, column))
        elif not SOME_LINES.fullmatch(lines):
            lines = ""
        cells = LINE.sub(rf"{letters}\g<0>", lines)
        return f"{self.sheets[file]}!{cells}" if cells else self.sheets[file]

    def heading(self, file: str, column: str) -> str:
        """What stands above a column of a file, or what an entry of mine.yaml is called; itself where neither is."""
        return self.headings[file].get(dotted(column) if file == MINE else column, column)

    def is_told_already(self, problem: Problem) -> bool:
        """Whether a problem only says that a cell is blank, in a row of which a cell could not be read."""
        row = self.mine_rows.get(problem.row) if problem.file == MINE and isinstance(problem.row, int) else problem.row
        return problem.value in ("", None) and row in self.unread.get(problem.file, ())

    def _mine_row(self, line: int | str, column: str) -> int | str:
        """The row of a line of mine.yaml, or of the first entry at a key or below it; blank where there is none."""
        if isinstance(line, int):
            return self.mine_rows.get(line, "")
        key = dotted(".".join(filter(None, (line, column))))
        return next((row for one, row in self.mine_keys.items() if f"{one}.".startswith(f"{key}.")), "") if key else ""


def placed(problem: Problem, unpacked: Unpacked) -> Problem:
    """A problem that is told by file and line, told by workbook, sheet and cell; where it names a key, by that too.

    What its message says of files, columns and entries is told by the words of the workbook.
    """
    if problem.called:
        return problem
    column = problem.column
    if problem.file not in unpacked.sheets:
        sheet, mark, _ = str(problem.row).rpartition("!")  # told by its cell already, as a run records it
        there = next((file for file, name in unpacked.sheets.items() if mark and name == sheet), "")
        return replace(problem, called=unpacked.called | ({"": unpacked.heading(there, column)} if there else {}))
    if problem.file == MINE and isinstance(problem.row, str):
        column = ".".join(filter(None, (problem.row, column)))
    details = {name: unpacked.sheets.get(one, one) if isinstance(one, str) else one
               for name, one in problem.details.items()}
    heading = unpacked.heading(problem.file, column)
    return replace(problem, file=unpacked.name, row=unpacked.cell(problem.file, problem.row, problem.column),
                   column=column, details=details, called={**unpacked.called, "": heading})


def dotted(key: str) -> str:
    """A key as messages have it, places in lists from 0; blank where a text is none.

    >>> dotted("licences[1].name.zh"), dotted("licences.0.name")
    ('licences.0.name.zh', 'licences.0.name')
    """
    return ".".join(map(str, read_key(key) or ()))

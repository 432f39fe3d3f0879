"""Rows put into the activity sheet of a workbook: a copy is written beside it, and the workbook stays as it is."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mineco.core.reading.tables import Row
from mineco.core.workbooks.marking import FilledCell, fill_workbook
from mineco.dossier.cells import columns_file, read_rows
from mineco.dossier.workbook.papers import Papers
from mineco.dossier.workbook.places import told_by_sheet
from mineco.dossier.workbook.sheets import readable
from mineco.dossier.workbook.unpacked import Unpacked
from mineco.runs.blanks.writing import cell_value
from mineco.runs.imports.into import FILE, blank_lines
from mineco.runs.marking import beside
from mineco.standards.factors import load_factors
from mineco.standards.vocabulary import Source

STAYS = ("year", "source", "item", "metric")  # of a blank row that is filled in
Filled = tuple[Sequence[Mapping[str, str]], Sequence[Sequence[int]], Sequence[Row]]  # rows, lines for each, those there


def put_into_copy(workbook: Path, rows: Sequence[Mapping[str, str]],
                  sources: Mapping[str, Source]) -> tuple[Path, list[str]]:
    """Write a copy of a workbook with the rows in the blank ones that ask for them, or below the last.

    ``sources`` are those of the standard, by whose names the rows of the workbook may call them.

    Returns
    -------
    path, list of str  The copy beside the workbook, and labels of what it lacks of it.

    Raises
    ------
    BadInput  With every row that has a figure in the workbook already, or with what keeps it from being read.
    """
    with told_by_sheet(workbook), readable(Papers(workbook.parent, workbook)) as (place, unpacked):
        assert unpacked
        given = read_rows(place, FILE)
        blank = blank_lines(given, rows, sources)
    named = [_named(row, sources, unpacked.sheets[FILE]) for row in rows]
    return fill_copy(workbook, unpacked, {FILE: (named, blank, given)})


def fill_copy(workbook: Path, unpacked: Unpacked, filled: Mapping[str, Filled]) -> tuple[Path, list[str]]:
    """Write a copy of a workbook with rows in its sheets; see `put_into_copy`."""
    target = beside(workbook, "imported")
    return target, fill_workbook(workbook, target, {
        unpacked.sheets[file]: list(_cells(*some, unpacked.columns[file])) for file, some in filled.items()})


def _cells(rows: Sequence[Mapping[str, str]], blank: Sequence[Sequence[int]], given: Sequence[Row],
           columns: Mapping[str, str]) -> Iterator[FilledCell]:
    """Each cell with its value, and the cell above the end of the table that it looks like."""
    taken = set[int]()
    end = last = max((row.line for row in given), default=1)
    for row, lines in zip(rows, blank, strict=True):
        line = next((one for one in lines if one not in taken), None)
        taken.add(line or 0)
        end += line is None
        for column in (one for one in columns if row.get(one) and not (line and one in STAYS)):
            value, _ = cell_value(row[column])
            yield f"{columns[column]}{line or end}", value, f"{columns[column]}{last}"


def _named(row: Mapping[str, str], sources: Mapping[str, Source], sheet: str) -> dict[str, str]:
    """A row with the names of its source and item in the language of the sheet, where that is called in one."""
    names = columns_file()["tables"][FILE]["name"]
    language = next((one for one, name in names.items() if name.lower() == sheet.strip().lower()), "")
    source, item = sources.get(row["source"]), row["item"]
    if not language or source is None:
        return dict(row)
    if source.key:
        item = load_factors().name(source.key, load_factors().resolve(source.key, item), language)
    else:
        item = source.items[item].name[language]
    return {**row, "source": source.name[language], "item": item}

"""Rows put into the activity.csv of a dossier: nothing that stands there is overwritten, and all other cells stay."""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from mineco.core.errors import BadInput, Problems, file_trouble
from mineco.core.reading.files import read_text, resolve_inside
from mineco.core.reading.tables import Row, find_heading
from mineco.core.writing import table_bytes
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import column_of, read_rows, tables
from mineco.dossier.names import folded_word, ids_named
from mineco.dossier.periods import MONTHS, period_id
from mineco.dossier.workbook.papers import papers_at
from mineco.dossier.workbook.places import told_by_sheet
from mineco.dossier.workbook.sheets import readable
from mineco.runs.imports.table import write_new
from mineco.standards.factors import load_factors
from mineco.standards.vocabulary import Source

FILE = "activity.csv"
PLACEHOLDER = "<"  # of an item of a blank dossier: <fuel>


def merged(folder: Path, rows: Sequence[Mapping[str, str]], sources: Mapping[str, Source]) -> bytes:
    """activity.csv of a dossier with the rows behind its own; blank rows of the same items give way.

    ``sources`` are those of the standard, by whose names a row may call them.

    Raises
    ------
    BadInput  With every row that has a figure in the dossier already.
    """
    away = {line for lines in blank_lines(read_rows(folder, FILE), rows, sources) for line in lines}
    return _written(read_text(resolve_inside(folder, FILE)), away, rows)


def blank_lines(given: Sequence[Row], rows: Sequence[Mapping[str, str]],
                sources: Mapping[str, Source]) -> list[list[int]]:
    """For each row the lines of the dossier that ask for its figure and are blank.

    Raises
    ------
    BadInput  With every row that has a figure in the dossier already.
    """
    problems, found = Problems(), list[list[int]]()
    for row in rows:
        found.append([])
        for other in given:
            if not _meet(other, row, sources):
                continue
            if other["quantity"]:
                problems.add("activity_there_already", file=FILE, row=other.line, column="item", value=row["item"],
                             year=row["year"], period=row["period"] or "—", source=row["source"],
                             quantity=f"{row['quantity']} {row['unit']}", there=f"{other['quantity']} {other['unit']}")
            else:
                found[-1].append(other.line)
    problems.stop()
    return found


def _meet(other: Row, row: Mapping[str, str], sources: Mapping[str, Source]) -> bool:
    """Whether a row of a dossier is about the same item, and of a time that meets that of the other."""
    source, item = _about(other, sources)
    if other["year"] != row["year"] or source != row["source"]:
        return False
    if not other["quantity"]:
        return item == _about(row, sources)[1] or (item.startswith(PLACEHOLDER) and item.endswith(">"))
    times = [MONTHS.get(period_id(one["period"]), set[int]()) for one in (other, row)]
    return item == _about(row, sources)[1] and bool(times[0] & times[1])


def _about(row: Mapping[str, str], sources: Mapping[str, Source]) -> tuple[str, str]:
    """Source and item by their ids, whatever the row calls them; what nobody knows as it stands."""
    source = next(iter(ids_named(row["source"], sources)), row["source"])
    if source not in sources:
        return source, row["item"]
    known, item = sources[source], row["item"]
    if not known.key:
        return source, next(iter(ids_named(item, known.items)), item)
    try:
        return source, load_factors().resolve(known.key, item)
    except BadInput:  # a free name, a parameter of a key, or a placeholder
        return source, folded_word(item)


def _written(text: str, away: set[int], rows: Sequence[Mapping[str, str]]) -> bytes:
    """The table with its own heading and cells, without the lines that give way, and with the rows behind."""
    column, names = column_of(FILE), list(tables()[FILE])
    delimiter, above = find_heading(io.StringIO(text), names, column)
    lines = io.StringIO(text)
    title = [lines.readline() for _ in range(above)]
    reader = csv.reader(lines, delimiter=delimiter)
    heading = next(reader)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    heads = [column(name.strip()) for name in heading]
    if any(row["period"] for row in rows) and "period" not in heads:  # a column that a dossier may lack
        heading, heads = [*heading, "period"], [*heads, "period"]
    writer.writerow(heading)
    line = above + reader.line_num + 1
    for cells in reader:
        if line not in away and any(cells):
            writer.writerow(cells + [""] * (len(heads) - len(cells)))
        line = above + reader.line_num + 1
    for row in rows:
        writer.writerow([row.get(name, "") for name in heads])
    return ("".join(title) + out.getvalue()).encode("utf-8-sig")


def put_into(folder: Path, rows: Sequence[Mapping[str, str]], sources: Mapping[str, Source]) -> Path:
    """Write the table, whole or not at all."""
    content, path = merged(folder, rows, sources), folder / FILE
    made = path.with_name(f".{FILE}.{os.getpid()}")
    try:
        made.write_bytes(content)
        made.replace(path)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise BadInput(file_trouble(error, path)) from error
    return path


def put_apart(out: Path, rows: Sequence[Mapping[str, str]], readme: str) -> Path:
    """Write the rows as an activity.csv of a new folder, with what is to be known of them."""
    columns = list(tables()[FILE])
    table = table_bytes(columns, [{name: row.get(name, "") for name in columns} for row in rows])
    write_new({FILE: table, "README.md": readme.encode()}, out)
    return out / FILE


def mine_of(dossier: Path) -> tuple[int | None, str]:
    """Reporting year and kind of mine of a dossier that may be half filled in; None and blank where it does not say."""
    with told_by_sheet(dossier), readable(papers_at(dossier)) as (folder, _):
        told = read_yaml(resolve_inside(folder, "mine.yaml"))
    year, subtype = (told.get(name) if isinstance(told, dict) else None for name in ("reporting_year", "mine_subtype"))
    return year if isinstance(year, int) else None, subtype if isinstance(subtype, str) else ""

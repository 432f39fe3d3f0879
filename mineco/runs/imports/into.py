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
    return with_rows(folder, FILE, away, rows)


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


def with_rows(folder: Path, file: str, away: set[int], rows: Sequence[Mapping[str, str]]) -> bytes:
    """A table with its own heading and cells, without the lines that give way, and with the rows behind."""
    text = read_text(resolve_inside(folder, file))
    column, columns = column_of(file), tables()[file]
    delimiter, above = find_heading(io.StringIO(text), list(columns), column)
    lines = io.StringIO(text)
    title = [lines.readline() for _ in range(above)]
    reader = csv.reader(lines, delimiter=delimiter)
    heading = next(reader)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    heads = [column(name.strip()) for name in heading]
    more = [name for name, spec in columns.items()  # that a dossier may lack
            if spec.optional and name not in heads and any(row.get(name) for row in rows)]
    heads += more
    writer.writerow([*heading, *more])
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
    replace_tables(folder, {FILE: merged(folder, rows, sources)})
    return folder / FILE


def replace_tables(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write tables in the place of others, each whole, and none where one cannot be written."""
    made = {folder / file: folder / f".{file}.{os.getpid()}" for file in contents}
    try:
        for path, beside in made.items():
            beside.write_bytes(contents[path.name])
        for path, beside in made.items():
            beside.replace(path)
    except OSError as error:
        raise BadInput(file_trouble(error, folder)) from error
    finally:
        for beside in made.values():
            beside.unlink(missing_ok=True)


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

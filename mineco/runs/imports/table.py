"""A foreign table made into one of a batch: its rows, where each cell stood, and the dossier that gives the rest."""

import fnmatch
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems, file_trouble
from mineco.core.reading.cells import read_number
from mineco.core.reading.files import read_text, resolve_inside
from mineco.core.workbooks import column_letters
from mineco.core.writing import table_bytes, write_files
from mineco.dossier.cells import tables
from mineco.dossier.mine import Mine
from mineco.dossier.models import ID, read_model
from mineco.runs.batch.mine_table import HEADER, KEYS
from mineco.runs.batch.reading.lines import read_lines
from mineco.runs.imports.mapping import MappedColumn
from mineco.runs.imports.mapping import Mapping as MappingFile
from mineco.standards.factors import load_factors

NO_LETTERS = re.compile(r"[^\w.-]+")
PROVENANCE = ("mine", "column", "value", "file", "cell", "given", "of")


@dataclass
class Imported:
    """What came of an import."""

    rows: list[dict[str, str]] = field(default_factory=list)
    provenance: list[dict[str, str]] = field(default_factory=list)  # of each cell: where it stood, and what stood there
    masked: Counter[str] = field(default_factory=Counter)  # by heading: rows of which the foreign table says nothing
    filtered: int = 0


def import_table(mapping: MappingFile, path: Path, chosen: Mapping[str, str],
                 tell: Callable[[Problem], None]) -> Imported:
    """The rows of a foreign table that pass the filters, as rows of a batch.

    Raises
    ------
    BadInput
        When the file is no table, lacks a column of the mapping, a filter is none of the mapping's, or no row passes.
    """
    known = ", ".join(f"--{one}" for one in mapping.filters) or "—"
    odd = [Problem("unknown_filter", column=f"--{name}", value=value, details={"known": known})
           for name, value in chosen.items() if name not in mapping.filters]
    if odd:
        raise BadInput(odd)
    lines = read_lines(path, tell, tell, mapping.id.of, lambda name: fnmatch.fnmatchcase(name, mapping.sheet or "*"))
    top, headings = next(lines, (1, list[str]()))
    names = [" ".join(name.split()) for name in headings]
    problems = Problems()
    for name in mapping.needed:
        if name not in names:
            problems.add("missing_column", file=path.name, row=top, column=name, given=", ".join(names))
    problems.stop()
    found, kept = Imported(), list[tuple[int, dict[str, str]]]()
    for number, cells in lines:
        row = {name: "" if cell in mapping.masked else cell for name, cell in zip(names, cells, strict=True)}
        if all(row[mapping.filters[name]].casefold() == wanted.casefold() for name, wanted in chosen.items()):
            kept.append((number, row))
        else:
            found.filtered += 1
    if not kept:
        raise BadInput(Problem("nothing_imported", path.name, details={
            "filters": ", ".join(f"{name}={value}" for name, value in chosen.items()) or "—"}))
    places = {name: column_letters(place) for place, name in enumerate(names, start=1)}
    ids = _ids(mapping, kept)
    for (number, row), mine in zip(kept, ids, strict=True):
        made = {"mine": mine}
        for heading, column in mapping.columns.items():
            value, of = _value(column, row)
            made[heading] = value
            if of:
                found.provenance.append({
                    "mine": mine, "column": heading, "value": value, "file": path.name,
                    "cell": " ".join(f"{places[name]}{number}" for name in of),
                    "given": " / ".join(row[name] for name in of), "of": " / ".join(of)})
            elif _asked(column, row) and not value:
                found.masked[heading] += 1
        found.rows.append(made)
    return found


def _ids(mapping: MappingFile, kept: Sequence[tuple[int, dict[str, str]]]) -> list[str]:
    """An id for each row: its own, behind it what parts it from others of that id, else the number of the row."""
    times = Counter(row[mapping.id.of] for _, row in kept)
    found, seen = [], set[str]()
    for number, row in kept:
        own = row[mapping.id.of]
        parts = [row[name] for name in mapping.id.apart if row[name]] if times[own] > 1 else []
        name = NO_LETTERS.sub("-", "-".join([own, *parts[:1]])).strip("-")[:50]
        if not re.fullmatch(ID, name) or name.casefold() in seen:
            name = f"{name or 'row'}-{number}"
        seen.add(name.casefold())
        found.append(name)
    return found


def _asked(column: MappedColumn, row: Mapping[str, str]) -> bool:
    return all(row[name] in wanted for name, wanted in column.when.items())


def _value(column: MappedColumn, row: Mapping[str, str]) -> tuple[str, list[str]]:
    """What a cell of the made table says, and the columns that say it; blank where they say nothing."""
    if not _asked(column, row):
        return "", []
    if column.constant:
        return column.constant, []
    name = next((one for one in column.of if row[one]), "")
    if not name:
        return "", []
    if column.words:
        return column.words.get(row[name], ""), [name]
    if column.facet:
        try:
            return load_factors().resolve(column.facet, row[name]), [name]
        except BadInput:  # as it stands, so that the batch refuses it by that name
            return row[name], [name]
    if not column.per:
        return row[name], [name]
    below = next((one for one in column.per if row[one]), "")
    try:
        return (f"{read_number(row[name]) / read_number(row[below]):.12g}", [name, below]) if below else ("", [])
    except (BadInput, ZeroDivisionError):
        return "", []


def pattern_files(mapping: MappingFile, folder: Path) -> dict[str, bytes]:
    """The dossier that gives all that the table does not: mine.yaml as it lies there, and a row for each figure."""
    problems = Problems()
    mine, _ = read_model(Mine, mapping.pattern, problems, folder)
    rows: dict[str, list[dict[str, str]]] = {file: [] for file in tables()}
    told = {"year": str(mine.reporting_year if mine else ""), "kind": mapping.kind, "quality": mapping.quality,
            "frequency": "yearly", "data_source": f"{mapping.origin.title.zh} / {mapping.origin.title.en}",
            "verified_by": "未核验 / not verified", "note": f"{mapping.origin.licence}; {mapping.origin.address}"}
    for heading in mapping.columns:
        found = HEADER.fullmatch(heading)
        if found is None or found["table"] not in ("activity", "metrics"):
            continue
        keys, (figure,) = KEYS[found["table"]]
        named = found["name"].strip().split("/", len(keys) - 1)
        if len(named) != len(keys):
            problems.add("heading_not_understood", column=heading, tables=", ".join(KEYS))
            continue
        rows[f"{found['table']}.csv"].append(told | dict(zip(keys, named, strict=True)) | {
            figure: "", "unit": found["unit"] or ""})
    problems.stop()
    text = read_text(resolve_inside(folder, mapping.pattern))
    notice = {language: " ".join(getattr(one, language) for one in mapping.caveats) for language in ("zh", "en")}
    return {"mine.yaml": f"{text.rstrip()}\nnotice: {json.dumps(notice, ensure_ascii=False)}\n".encode()} | {
        file: table_bytes(list(columns), [{name: row.get(name, "") for name in columns} for row in rows[file]])
        for file, columns in tables().items()}


def write_import(found: Imported, mapping: MappingFile, folder: Path, out: Path, readme: str) -> dict[str, Path]:
    """Write table, provenance, caveats and, where the mapping brings one, the dossier for the rest: a new folder."""
    files = {
        "mines.csv": table_bytes(["mine", *mapping.columns], found.rows),
        "provenance.csv": table_bytes(list(PROVENANCE), found.provenance), "README.md": readme.encode()}
    if mapping.pattern:
        files |= {f"like/{name}": content for name, content in pattern_files(mapping, folder).items()}
    write_new(files, out)
    return {name: out / name for name in files}


def write_new(files: Mapping[str, bytes], out: Path) -> None:
    """A new folder with these files, whole or not at all."""
    made = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        write_files(files, made)
        made.rename(out)
    except OSError as error:
        raise BadInput(file_trouble(error, out)) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)

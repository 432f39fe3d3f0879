"""What a finished run hands on to the dossier of another evaluation: parcels and figures, with the run named in each
row and its papers beside; nothing that stands there is overwritten."""

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems, file_trouble
from mineco.core.reading.files import sha256
from mineco.core.reading.tables import Row
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import read_rows, tables
from mineco.dossier.checks.handed_on import (
    KEYS,
    MANIFEST,
    REFERENCE,
    RESULTS,
    Reference,
    handed_rows,
    handed_text,
    held_columns,
    key_of,
    paper_of,
    same_cell,
)
from mineco.dossier.rows import documents
from mineco.dossier.workbook.papers import Papers, papers_at
from mineco.dossier.workbook.places import told_by_sheet
from mineco.dossier.workbook.sheets import readable
from mineco.dossier.workbook.unpacked import MINE, Unpacked
from mineco.evaluation.record.archived import recorded
from mineco.evaluation.record.manifest import read_manifest, root_hash
from mineco.runs.imports.into import replace_tables, with_rows
from mineco.runs.imports.into_workbook import fill_copy
from mineco.runs.imports.mapping import RunMapping
from mineco.standards.load import load_standard

FIGURE = {"restoration.csv": "area_ha", "metrics.csv": "value"}  # without which a row is blank
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class HandedOn:
    """What a run hands on."""

    run: Path
    named: Reference
    year: int
    mine: str
    rows: Mapping[str, Sequence[Row]]
    papers: Sequence[str]  # files of the run that prove the rows


@dataclass(frozen=True)
class Taken:
    """What came of it: the dossier, or the copy of a workbook that was written, and the rows that are new in it."""

    path: Path
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    lacks: Sequence[str] = ()


def handed_on(mapping: RunMapping, run: Path) -> HandedOn:
    """What a run hands on, each file held to its manifest.

    Raises
    ------
    BadInput  When this is no finished run after the standard, or a file of it was changed.
    """
    problems = Problems()
    digests = read_manifest(run, problems)
    problems.stop()
    results = recorded(run, RESULTS)
    if results.get("standard") not in mapping.standards:
        raise BadInput(Problem("run_of_other_standard", file=str(run), value=results.get("standard"),
                               details={"known": ", ".join(mapping.standards)}))
    papers = {RESULTS, *(paper_of(digests, file) for file in KEYS)} - {""}
    _refuse_changed(run, digests, papers)
    named = Reference(BLANKS.sub("-", run.resolve().name), results["standard"], sha256(run / RESULTS), root_hash(run))
    metrics = load_standard(named.standard).metrics
    rows: dict[str, list[Row]] = {}
    for file in KEYS:
        own = paper_of(digests, file).startswith("outputs/")
        rows[file] = [_named(row, named, own, digests) for row in handed_rows(run, digests, file)
                      if row["year"] == str(results["year"]) and row[FIGURE[file]]
                      and (file != "metrics.csv" or not mapping.figures or key_of(row, metrics)[1] in mapping.figures)]
    proofs = {one.removeprefix(named.folder) for row in rows["restoration.csv"] for one in documents(row["evidence"])
              if one.startswith(named.folder)}
    _refuse_changed(run, digests, proofs)
    return HandedOn(run, named, int(results["year"]), str(results["mine"]["id"]), rows,
                    sorted({*papers, *proofs, MANIFEST}))


def _refuse_changed(run: Path, digests: Mapping[str, str], names: set[str]) -> None:
    problems = Problems()
    for name in sorted(names):
        if not (run / name).is_file() or sha256(run / name) != digests.get(name):
            problems.add("manifest_changed", file=f"{run.name}/{name}")
    problems.stop()


def _named(row: Row, named: Reference, own: bool, digests: Mapping[str, str]) -> Row:
    """A row that names the run, and its evidence where that will lie; a run that it named before stays without digests.

    ``own``: whether the run found it, and not the mine that handed it in.
    """
    before = REFERENCE.sub(lambda found: found[0].partition(":")[0], row["note"])
    cells = {**row, "note": "; ".join(filter(None, (before, str(named))))}
    if own:
        cells["data_source"] = f"{row['data_source']} ({named.run})"
    if "evidence" in row:
        there = [next((f"{named.folder}{name}" for name in (one, f"inputs/{one}") if name in digests), one)
                 for one in documents(row["evidence"])]
        cells["evidence"] = "; ".join(there)
    return Row(cells.items(), row.file, row.line)


def take(handed: HandedOn, dossier: Path, told: list[Problem]) -> Taken:
    """Put the rows into a dossier, or into a copy beside a workbook, and the papers of the run under its evidence.

    A row that has its figure in the dossier stays as it is; blank rows about the same give way. ``told`` takes what the
    mine should know: what stays though the run has it otherwise, and what the run does not know.

    Raises
    ------
    BadInput  With what keeps the dossier from being read or written; then nothing is.
    """
    papers = papers_at(dossier)
    with told_by_sheet(dossier), readable(papers) as (place, unpacked):
        metrics = load_standard(handed.named.standard).metrics
        given = {file: read_rows(place, file) for file in KEYS}
        _tell_of_mine(handed, read_yaml(place / MINE), told)
        new = {file: _missing(handed.rows[file], given[file], metrics, handed.named, told) for file in KEYS}
        new = {file: rows for file, rows in new.items() if rows}
        _tell_of_rows(handed, given["restoration.csv"], new, told)
        if not new:
            return Taken(dossier)
        copied = _copy_papers(handed, papers)
        try:
            return _written(papers, unpacked, new, given, dossier)
        except BadInput:
            if copied:
                shutil.rmtree(copied, ignore_errors=True)
            raise


def _missing(rows: Sequence[Row], given: Sequence[Row], metrics: Mapping[str, Any], named: Reference,
             told: list[Problem]) -> list[tuple[Row, list[int]]]:
    """The rows that a dossier has not, each with the lines of blank rows that it takes the place of."""
    found = []
    for row in rows:
        figure, key = FIGURE[row.file], key_of(row, metrics)
        about = [one for one in given if key_of(one, metrics) == key]
        there = next((one for one in about if one[figure]), None)
        if there is None:
            found.append((row, [one.line for one in about]))
        else:
            told += [Problem("handed_on_there", row.file, there.line, name, there[name],
                             {"run": named.run, "handed": handed_text(row, name)})
                     for name in held_columns(row.file) if row[name] and not same_cell(there, row, name)]
    return found


def _tell_of_mine(handed: HandedOn, entries: Any, told: list[Problem]) -> None:
    """That the dossier is of another year or mine."""
    entries = entries if isinstance(entries, dict) else {}
    for entry, own in (("id", handed.mine), ("reporting_year", handed.year)):
        if entries.get(entry) not in (own, None):
            told.append(Problem("handed_on_of_other", MINE, column=entry, value=entries[entry],
                                details={"run": handed.named.run, "own": own}))


def _tell_of_rows(handed: HandedOn, given: Sequence[Row], new: Mapping[str, Sequence[tuple[Row, list[int]]]],
                  told: list[Problem]) -> None:
    """What the run leaves open of its rows, and other parcels beside its own, whose land might be the same."""
    for file, rows in new.items():
        told += [Problem("handed_on_open", file, column=name, details={"count": len(rows)})
                 for name, spec in tables()[file].items()
                 if not (spec.blank or spec.optional) and not all(row[name] for row, _ in rows)]
    own = {row["parcel"] for row in handed.rows["restoration.csv"]}
    others = dict.fromkeys(row["parcel"] for row in given if row["year"] == str(handed.year) and row["area_ha"]
                           and row["parcel"] not in own)
    if others and "restoration.csv" in new:
        told.append(Problem("handed_on_beside", "restoration.csv", column="parcel", value=", ".join(others),
                            details={"handed": ", ".join(sorted(own))}))


def _copy_papers(handed: HandedOn, papers: Papers) -> Path | None:
    """The papers of the run under the evidence of the dossier, whole or not at all; none where they lie there."""
    folder = papers.folder / handed.named.folder
    if (folder / MANIFEST).is_file() and sha256(folder / MANIFEST) == handed.named.root:
        return None
    if folder.exists():
        raise BadInput(Problem("out_exists", file=str(folder)))
    made = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        for name in handed.papers:
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(handed.run / name, made / name)
        made.rename(folder)
    except OSError as error:
        raise BadInput(file_trouble(error, folder)) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _written(papers: Papers, unpacked: Unpacked | None, new: Mapping[str, Sequence[tuple[Row, list[int]]]],
             given: Mapping[str, Sequence[Row]], dossier: Path) -> Taken:
    rows = {file: [row for row, _ in some] for file, some in new.items()}
    if papers.workbook and unpacked:
        path, lacks = fill_copy(papers.workbook, unpacked, {
            file: (rows[file], [lines for _, lines in some], given[file]) for file, some in new.items()})
        return Taken(path, rows, lacks)
    replace_tables(papers.folder, {
        file: with_rows(papers.folder, file, {line for _, lines in some for line in lines}, rows[file])
        for file, some in new.items()})
    return Taken(dossier, rows)

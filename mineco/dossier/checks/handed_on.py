"""Rows that a run of another evaluation handed on: they still say what it says, and its papers are those it wrote."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.cells import read_number
from mineco.core.reading.files import read_text, resolve_inside, sha256_of_paper
from mineco.core.reading.tables import Row
from mineco.core.units import convert
from mineco.core.workbooks.reader import WORKBOOKS
from mineco.dossier.cells import read_rows, tables, word_id
from mineco.dossier.names import ids_named
from mineco.dossier.rows import EVIDENCE
from mineco.dossier.workbook.papers import Papers
from mineco.dossier.workbook.sheets import readable

MANIFEST, RESULTS = "manifest-sha256.txt", "results.json"
KEYS = {"restoration.csv": ("parcel", "year", "pool"), "metrics.csv": ("year", "metric")}  # what is handed on
HELD = ("ecosystem", "method", "year_restored", "value")  # beside every column that has a unit
OPEN = ("uncertainty_pct",)  # which whoever verifies a row may find to be another
UNVERIFIED = "未核验 / not verified"  # what a run says of its rows
SAME = 1e-9  # relative: a spreadsheet keeps fifteen digits
WRITTEN = "run {run} ({standard}, derived): {results} sha256:{results_digest}, {manifest} sha256:{root}"
REFERENCE = re.compile(rf"run (?P<run>(?!\.)[^\s/\\]+) \((?P<standard>[^,\s]+), derived\): {re.escape(RESULTS)} "
                       rf"sha256:(?P<results>[0-9a-f]{{64}}), {re.escape(MANIFEST)} sha256:(?P<root>[0-9a-f]{{64}})")

Key = tuple[str, ...]


class Reference(NamedTuple):
    """The run that a row comes from, as its note names it."""

    run: str
    standard: str
    results: str  # SHA-256 of its results.json
    root: str  # of its manifest, which holds those of all its files

    @property
    def folder(self) -> str:
        """Where the papers of the run lie in a dossier."""
        return f"{EVIDENCE}{self.run}/"

    def __str__(self) -> str:
        return WRITTEN.format(run=self.run, standard=self.standard, results=RESULTS, manifest=MANIFEST,
                              results_digest=self.results, root=self.root)


def reference_in(text: str) -> Reference | None:
    """The run that a note names.

    >>> named = Reference("land-2024", "restoration-area-2025", 64 * "0", 64 * "1")
    >>> reference_in(f"found on maps; {named}") == named, reference_in(str(named._replace(run="../elsewhere")))
    (True, None)
    """
    found = REFERENCE.search(text)
    return Reference(**found.groupdict()) if found else None


def handed_on_problems(rows: Mapping[str, Sequence[Row]], folder: Path,
                       metrics: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows that say something else than the run that they name, and papers of a run that are not as it wrote them.

    Parameters
    ----------
    rows : mapping     Of a dossier, by table.
    folder : Path      Where its evidence lies.
    metrics : mapping  The known figures, by whose names a row may call them.
    """
    handed: dict[tuple[Reference, str], dict[Key, Row]] = {}
    papers: dict[Reference, list[Problem]] = {}
    for file in KEYS:
        for row in rows.get(file, ()):
            named = reference_in(row["note"])
            if named is None:
                continue
            if named not in papers:
                papers[named] = list(_paper_problems(named, folder))
                yield from papers[named]
            if papers[named]:
                continue
            if (named, file) not in handed:
                given = handed_rows(folder / named.folder, digests_in(folder / named.folder), file)
                handed[named, file] = {key_of(one, metrics): one for one in given}
            yield from _row_problems(row, handed[named, file].get(key_of(row, metrics)), named)


def key_of(row: Row, metrics: Mapping[str, Any]) -> Key:
    """What a row is about, by ids, whatever it calls them."""
    return tuple(next(iter(ids_named(row[name], metrics)), row[name]) if name == "metric" else _plain(row, name)
                 for name in KEYS[row.file])


def digests_in(run: Path) -> dict[str, str]:
    """The digest of each file of a run, as its manifest tells them."""
    lines = read_text(resolve_inside(run, MANIFEST)).splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def handed_rows(run: Path, digests: Mapping[str, str], file: str) -> list[Row]:
    """The rows of a table that a run hands on: what it wrote itself, else what was handed in and it counted."""
    paper = PurePosixPath(paper_of(digests, file))
    if paper.suffix.lower() in WORKBOOKS:
        with readable(Papers(run / "inputs", run / paper)) as (place, _):
            return read_rows(place, file)
    return read_rows(run / paper.parent, file) if paper.name else []


def paper_of(digests: Mapping[str, str], file: str) -> str:
    """In which file of a run the rows of a table stand that it hands on; blank where it hands on none.

    >>> paper_of({"inputs/metrics.csv": "", "outputs/metrics.csv": ""}, "metrics.csv")
    'outputs/metrics.csv'
    >>> paper_of({"inputs/metrics.csv": "", "outputs/zones.csv": ""}, "metrics.csv")
    ''
    """
    if any(name.startswith("outputs/") for name in digests):
        return f"outputs/{file}" if f"outputs/{file}" in digests else ""
    books = [name for name in digests if PurePosixPath(name).parent.name == name.partition("/")[0] == "inputs"
             and PurePosixPath(name).suffix.lower() in WORKBOOKS]
    return next((name for name in (f"inputs/{file}", *books) if name in digests), "")


def _paper_problems(named: Reference, folder: Path) -> Iterator[Problem]:
    """Papers of the run that are missing, or not those whose digests the note and the manifest tell."""
    papers = folder / named.folder
    if not (papers / MANIFEST).is_file():
        yield Problem("handed_on_without_papers", f"{named.folder}{MANIFEST}", details={"run": named.run})
        return
    digests = digests_in(papers)
    needed = {RESULTS, *(paper_of(digests, file) for file in KEYS)} - {""}
    held = {name: digest for name, digest in digests.items()
            if name in needed or (name.startswith(("inputs/", "outputs/")) and ".." not in PurePosixPath(name).parts
                                  and (papers / name).is_file())}
    for name, digest in ({MANIFEST: named.root} | held | {RESULTS: named.results}).items():
        if not (papers / name).is_file() or sha256_of_paper(papers / name) != digest:
            yield Problem("handed_on_paper_changed", f"{named.folder}{name}", details={"run": named.run})


def _row_problems(row: Row, given: Row | None, named: Reference) -> Iterator[Problem]:
    """Cells of a row that the run has otherwise."""
    told = {"run": named.run, "standard": named.standard}
    if given is None:
        first = KEYS[row.file][0]
        yield Problem("handed_on_by_nobody", row.file, row.line, first, row[first], told)
        return
    for name in held_columns(row.file):
        if given[name] and not same_cell(row, given, name):
            yield Problem("handed_on_changed", row.file, row.line, name, row[name],
                          {**told, "handed": handed_text(given, name)})


def held_columns(file: str) -> list[str]:
    """The columns of a row that stay as the run has them: all with a unit, and what the row is about."""
    return [name for name, spec in tables()[file].items() if (spec.unit or name in HELD) and name not in OPEN]


def same_cell(row: Row, given: Row, name: str) -> bool:
    """Whether two cells say the same, as words or as numbers, in whatever unit."""
    units = row.get("unit", ""), given.get("unit", "")
    if _plain(row, name) == _plain(given, name) and units[0] == units[1]:
        return True
    with suppress(BadInput):
        one, other = read_number(row[name]), read_number(given[name])
        return abs((convert(one, *units) if units[0] != units[1] else one) - other) <= SAME * abs(other)
    return False


def handed_text(given: Row, name: str) -> str:
    """What a run has in a cell, as it is told: a number in twelve digits with its unit.

    >>> handed_text(Row([("value", "829.4399999999999"), ("unit", "ha")], "metrics.csv", 2), "value")
    '829.44 ha'
    """
    text = given[name]
    with suppress(BadInput):
        text = f"{read_number(text):.12g}"
    return " ".join(filter(None, [text, given.get("unit", "")]))


def _plain(row: Row, name: str) -> str:
    """A cell as the id of its word, where its column is of a list."""
    words = tables()[row.file][name].one_of
    return (word_id(words, row[name]) if words else "") or row[name]

"""A mine's dossier: the folder or workbook that it hands in, read whole, with every problem of every file at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.core.labels import what_is_missing
from mineco.core.lazy import Brief
from mineco.core.quantity import Datum
from mineco.core.reading.files import is_litter, sha256
from mineco.core.reading.tables import Row
from mineco.core.workbooks.reader import WORKBOOKS
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import may_lack, read_rows, tables
from mineco.dossier.cells.defaults import default_problems, defaults_of, fill_blanks
from mineco.dossier.checks.handed_on import handed_on_problems
from mineco.dossier.checks.mine_checks import check_evidence, check_mine_terms
from mineco.dossier.checks.parcel_rates import rate_problems
from mineco.dossier.checks.plausibility import impossible_properties
from mineco.dossier.checks.serials import serial_problems, sinks_of_own_parcels
from mineco.dossier.checks.states import finding_problems
from mineco.dossier.checks.wholes import contradictions, outside_boundary
from mineco.dossier.event_log import read_events
from mineco.dossier.mine import Mine, listed
from mineco.dossier.models import read_model
from mineco.dossier.rows import (
    ActivityRow,
    BasisRow,
    DeclaredRow,
    EventRow,
    FindingRow,
    MeasureRow,
    MetricRow,
    OffsetRow,
    ParcelRow,
    RatingRow,
)
from mineco.dossier.stated.absences import with_absences, without_blank_absences
from mineco.dossier.stated.bases import read_bases
from mineco.dossier.tables import Reader
from mineco.dossier.workbook.papers import BESIDE, Papers, papers_at
from mineco.dossier.workbook.sheets import readable
from mineco.dossier.workbook.unpacked import MINE, Unpacked, placed
from mineco.standards.factors import Factors
from mineco.standards.standard import Standard


@dataclass(frozen=True, kw_only=True, repr=False)
class Dossier(Brief):
    """What a mine hands in, checked.

    ``files`` holds the SHA-256 of every file that was read; ``rewritten`` the files that do not stand so in the folder:
    those that a workbook stands for, and those that were changed to see what would be. ``book`` tells where in a
    workbook they stand. What stops nothing and yet wants to be seen is found by `mineco.dossier.notices`.
    """

    folder: Path
    mine: Mine
    activity: list[ActivityRow] = field(default_factory=list)
    metrics: list[MetricRow] = field(default_factory=list)
    bases: list[BasisRow] = field(default_factory=list)  # of metrics.csv: the figures that are left to their basis
    measures: list[MeasureRow] = field(default_factory=list)
    offsets: list[OffsetRow] = field(default_factory=list)
    parcels: list[ParcelRow] = field(default_factory=list)
    ratings: list[RatingRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    declared: list[DeclaredRow] = field(default_factory=list)
    findings: list[FindingRow] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    rewritten: Mapping[str, bytes] = field(default_factory=dict)
    book: Unpacked | None = None

    def place(self, file: str, row: int | str = "", column: str = "") -> str:
        """Where a table, rows of it or an entry of mine.yaml stand: by file, or by sheet and cell of a workbook."""
        if self.book and file in self.book.sheets:
            return self.book.cell(file, row, column)
        return f"{file}:{row}" if row != "" else file

    def place_of(self, datum: Datum) -> str:
        """Where a datum stands."""
        return self.place(datum.file, datum.row, datum.column)

    def file_and_row(self, datum: Datum) -> tuple[str, int | str]:
        """The same in two parts; of a workbook its name, then sheet and cell."""
        if self.book and datum.file in self.book.sheets:
            return self.book.name, self.place_of(datum)
        return datum.file, datum.row

    def told(self, problem: Problem) -> Problem:
        """A problem as it is told: by file and row, or by workbook, sheet and cell."""
        return placed(problem, self.book) if self.book else problem

    @contextmanager
    def telling(self) -> Iterator[None]:
        """A ``with`` block whose BadInput tells the places of a workbook."""
        try:
            yield
        except BadInput as error:
            if self.book is None:
                raise
            raise BadInput(map(self.told, error.problems)) from None


def gather_dossier(folder: str | Path | Papers, standard: Standard, factors: Factors, problems: Problems
                   ) -> Dossier | None:
    """Read a dossier and check it against the words of a standard and of the factor tables.

    Parameters
    ----------
    folder : path        With mine.yaml and one CSV file for each table; a table without rows keeps its header. Or a
                         workbook with a sheet for each (`mineco.dossier.workbook`). Or the papers of a folder of which
                         some tables were written otherwise; what lies beside them stays where it is.
    standard : Standard  Gives the known sources, figures, indicators, rubrics, gates and steps.
    factors : Factors    Gives the known keys (fuels, provinces …) under all their names.
    problems : Problems  Takes every problem of every file; the rest is handed over to be checked further.

    Returns
    -------
    Dossier  None when mine.yaml or a table cannot be read at all, so that nothing can be said of what is missing in it.
    """
    papers = papers_at(folder)
    folder = papers.folder
    if papers.written is None:  # else it has been looked at before
        if papers.workbook is None:
            _refuse_other_folder(folder)
            _refuse_unknown_files(folder, problems)
        papers.files()  # a link or a file beyond all measure ends the reading before it begins
    with readable(papers, problems) as (place, book):
        mine, lines = read_model(Mine, MINE, problems, place)
        if mine:
            check_evidence(mine, lines, folder, problems)
        mine = mine and check_mine_terms(mine, lines, standard, factors, problems)
        given = {file: _rows(place, file, problems) if book is None or file in book.files or may_lack(file) else None
                 for file in tables()}
        with suppress(BadInput):  # noted above
            entries = read_yaml(place / MINE)
            problems += default_problems(entries.get("defaults"), lines)
            defaults, absent = defaults_of(entries), listed(entries.get("absent"))
            for file, found in given.items():
                fill_blanks(file, found or (), defaults)
            for file in ("activity.csv", "metrics.csv"):
                given[file] = without_blank_absences(given[file], absent, standard)
        read = [papers.workbook] if papers.workbook else [place / name for name in (MINE, *tables())]
        files = {path.name: sha256(path) for path in read if path.is_file()}
    reader = Reader(folder, standard, factors, problems)
    rows = {file: found or [] for file, found in given.items()}
    activity, metrics = list(reader.activity(rows["activity.csv"])), list(reader.metrics(rows["metrics.csv"]))
    bases = list(read_bases(rows["metrics.csv"], standard.metrics, metrics, folder, problems))
    if mine:
        mine, (activity, metrics) = with_absences(mine, lines, activity, metrics, standard, problems)
    offsets, parcels = list(reader.offsets(rows["offsets.csv"])), list(reader.parcels(rows["restoration.csv"]))
    measures, ratings = list(reader.measures(rows["measures.csv"])), list(reader.ratings(rows["ratings.csv"]))
    events = list(read_events(rows["events.csv"], folder, standard, problems))
    declared, stated = list(reader.declared(rows["declared.csv"])), list(reader.findings(rows["findings.csv"]))
    if mine is None:
        return None
    dossier = Dossier(folder=folder, mine=mine, activity=activity, metrics=metrics, bases=bases, measures=measures,
                      offsets=offsets, parcels=parcels, ratings=ratings, events=events, declared=declared,
                      findings=stated, book=book, rewritten=book.files if book else {})
    _check_years(dossier, standard, [file for file, found in given.items() if found is not None], problems)
    with problems.collect():
        problems += handed_on_problems(rows, folder, standard.metrics)
    for problem in (*outside_boundary(mine, parcels), *finding_problems(stated, mine.report_date),
                    *_contradictions(dossier, standard, factors, problems)):
        problems.append(problem)
    if None in given.values():
        return None
    return replace(dossier, files=files)


def _refuse_other_folder(folder: Path) -> None:
    """A folder with nothing of a dossier is told as one, with the workbooks and dossiers in it that may be meant."""
    if any((folder / name).exists() for name in (MINE, *tables())):
        return
    books = [one for one in folder.iterdir() if one.suffix.lower() in WORKBOOKS and not is_litter(one.name)]
    below = [str(one) for one in sorted([*books, *(one.parent for one in folder.glob(f"*/{MINE}"))])]
    raise BadInput(Problem("folder_above_dossiers" if below else "folder_without_dossier", file=str(folder),
                           details={"known": nearest_first(folder.name, below)}))


def _refuse_unknown_files(folder: Path, problems: Problems) -> None:
    """A misspelt measures.csv would silently leave the measures out."""
    for path in sorted(folder.iterdir()):
        known = path.name in ("mine.yaml", *tables()) or (path.name in BESIDE and path.is_dir())
        if not known and not is_litter(path.name) and path.suffix.lower() not in (".md", ".txt"):
            problems.add("unknown_file", file=path.name, known=", ".join(("mine.yaml", *tables(), *BESIDE)))


def _rows(folder: Path, file: str, problems: Problems) -> list[Row] | None:
    """The rows of a table; None when the file could not be read, so that nobody complains of its missing rows too."""
    with problems.collect():
        return read_rows(folder, file)
    return None


def _check_years(dossier: Dossier, standard: Standard, read: list[str], problems: Problems) -> None:
    """Rows for the reporting year, the base year and, unless it is the documented first, the year before.

    A standard that keeps no account of emissions asks for the figures of the reporting year alone.
    """
    mine = dossier.mine
    asked, found = {mine.reporting_year}, {"metrics.csv": {row.year for row in dossier.metrics}}
    if standard.keeps_account:
        asked |= {mine.base_year.year}
        asked |= set() if mine.base_year.documented_first_year else {mine.reporting_year - 1}
        found = {"activity.csv": {row.year for row in dossier.activity}, **found}
    elif not standard.figures():
        return
    for file in (one for one in found if one in read):
        for year in sorted(asked - found[file]):
            problems.add("year_without_rows", file=file, column="year", value=year)


def _contradictions(dossier: Dossier, standard: Standard, factors: Factors, problems: Problems) -> Iterator[Problem]:
    """What sound rows say together: no contradiction, tonnes as the serials hold, each once, gains that can be."""
    unsound = {(one.file, one.row) for one in problems}
    blank = {(one.file, one.row) for one in problems if what_is_missing(one) == "figure"}
    figures = [row for row in dossier.metrics if ("metrics.csv", row.quantity.datum.row) not in unsound]
    told = [row for row in dossier.measures if ("measures.csv", row.baseline_t_co2e.datum.row) not in blank]
    sized = [row for row in dossier.parcels if ("restoration.csv", row.line) not in blank]
    amounts = [row for row in dossier.activity if ("activity.csv", row.quantity.datum.row) not in unsound]
    planted = [row for row in dossier.parcels if ("restoration.csv", row.line) not in unsound]
    held = [row for row in dossier.offsets if ("offsets.csv", row.line) not in unsound]
    yield from (problem for wrong, problem in contradictions(standard, figures, told, sized) if wrong)
    yield from (problem for wrong, problem in impossible_properties(amounts, standard, factors) if wrong)
    yield from serial_problems(held)
    yield from sinks_of_own_parcels(held, planted)
    yield from rate_problems(planted, factors)

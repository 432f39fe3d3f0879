"""A dossier to begin with, where somebody wants it: a folder, or one workbook."""

import re
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems
from mineco.dossier.cells import tables
from mineco.dossier.mine import Mine
from mineco.dossier.models import ID, read_model
from mineco.dossier.workbook.papers import papers_at
from mineco.dossier.workbook.places import told_by_sheet
from mineco.dossier.workbook.sheets import readable
from mineco.dossier.workbook.unpacked import MINE
from mineco.runs.blanks.dossier import asked_of, new_dossier
from mineco.runs.blanks.following import named_evidence, next_entries, next_rows, year_of
from mineco.runs.blanks.kinds import left_out
from mineco.runs.blanks.rows import Asked, blank_rows
from mineco.runs.blanks.workbook import write_blank
from mineco.runs.converting import (
    copy_beside,
    dossier_contents,
    is_workbook,
    refuse_inside,
    refuse_taken,
    write_folder,
)
from mineco.standards.area import area_standard_ids


def begin(target: Path, standard_id: str, language: str = "zh", kind: str = "", year: int | None = None,
          last: Path | None = None) -> Path:
    """Write a blank dossier: one workbook where the target is named ``.xlsx``, else a folder.

    Parameters
    ----------
    target : Path             Where nothing stands.
    standard_id : str         Which asks for what is in it.
    language : {"zh", "en"}   Of the workbook, or of the guide in the folder.
    kind : str                Type or subtype of the mine, by id or name. A folder may be for any mine (blank).
    year : int, optional      Under evaluation; last year where left out, or the one after that of ``last``.
    last : path, optional     A dossier of the year before, folder or workbook, to begin from: `following` says what is
                              carried. The kind of mine is its own.

    Returns
    -------
    Path  What was written.

    Raises
    ------
    BadInput
        When something stands there, there is no such kind of mine, or the standard works on maps and a workbook is
        wanted.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     begin(Path(folder) / "north.xlsx", "carbon-neutral-mine-2025", kind="metal-opencast").name
    'north.xlsx'
    """
    target = Path(target)
    to_workbook = is_workbook(target)
    if to_workbook and standard_id in area_standard_ids():
        raise BadInput(Problem("workbook_of_maps", column="--standard", value=standard_id))
    if last is not None:
        return _from_last(target, standard_id, language, kind, year, Path(last), to_workbook)
    if not to_workbook:
        return new_dossier(target, standard_id, language, kind, year)
    asked = asked_of(standard_id, language, kind, year, by_name=True)
    if target.exists():
        raise BadInput(Problem("out_exists", file=str(target)))
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_blank(target, asked, first_entries(asked, target.stem), {
        file: blank_rows(file, asked) for file in tables()})


def _from_last(target: Path, standard_id: str, language: str, kind: str, year: int | None, last: Path,
               to_workbook: bool) -> Path:
    """Write the dossier of the next year, with the files that it names beside it."""
    if kind:
        raise BadInput(Problem("kind_beside_last", column="--type", value=kind))
    papers = papers_at(last)
    refuse_inside(target, papers)
    problems = Problems()
    with told_by_sheet(last):
        with readable(papers) as (place, _):
            read_model(Mine, MINE, problems, place)
        problems.stop()
        entries, rows = dossier_contents(papers)
        last_year, next_year = year_of(entries, year)
        asked = asked_of(standard_id, language, str(entries.get("mine_subtype") or ""), next_year, by_name=to_workbook)
    mine, found = next_entries(entries, last_year, next_year), next_rows(rows, asked, last_year)
    named = named_evidence(mine, *(row.cells for some in found.values() for row in some))
    folder = target.parent if to_workbook else target
    beside = [name for name in papers.files() if name.parts[0] == "rasters" or named & {
        name.as_posix(), "/".join(name.parts[:2])}]
    if folder.resolve() == papers.folder.resolve():
        beside = []
    refuse_taken(target, folder, {name.parts[0] for name in beside})
    copy_beside(papers, beside, folder)
    if to_workbook:
        return write_blank(target, asked, mine, found)
    write_folder(target, mine, {file: [row.cells for row in some] for file, some in found.items()})
    return target


def first_entries(asked: Asked, name: str) -> dict[str, Any]:
    """What mine.yaml says to begin with: of the type of mine, its years, and the choices that most mines make."""
    standard = asked.standard
    return {"id": name if re.fullmatch(ID, name) else None, "type": standard.mine_type(asked.subtype),
            "mine_subtype": asked.subtype, "stage": "producing",
            "consolidation": {"approach": "operational-control"}, "reporting_year": asked.year,
            "report_date": f"{asked.year + 1}-03-31", "base_year": {"year": asked.year - 1},
            "evaluator_team": {"members": [{"role": "leader"}]},
            "not_applicable": {one: {"reason": reason, "text": standard.reasons[reason].name[asked.language]}
                               for one, reason in left_out(standard, asked.subtype).items()}}

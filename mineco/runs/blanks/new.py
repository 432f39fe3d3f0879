"""A dossier to begin with, where somebody wants it: a folder, or one workbook."""

import re
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.dossier.cells import tables
from mineco.dossier.mine import ID
from mineco.runs.blanks.dossier import asked_of, new_dossier
from mineco.runs.blanks.kinds import left_out
from mineco.runs.blanks.rows import Asked, blank_rows
from mineco.runs.blanks.workbook import write_blank
from mineco.standards.area import area_standard_ids

WORKBOOK = ".xlsx"


def begin(target: Path, standard_id: str, language: str = "zh", kind: str = "", year: int | None = None) -> Path:
    """Write a blank dossier: one workbook where the target is named ``.xlsx``, else a folder.

    Parameters
    ----------
    target : Path             Where nothing stands.
    standard_id : str         Which asks for what is in it.
    language : {"zh", "en"}   Of the workbook, or of the guide in the folder.
    kind : str                Type or subtype of the mine, by id or name. A folder may be for any mine (blank).
    year : int, optional      Under evaluation; last year where left out.

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
    if target.suffix.lower() != WORKBOOK:
        return new_dossier(target, standard_id, language, kind, year)
    if standard_id in area_standard_ids():
        raise BadInput(Problem("workbook_of_maps", column="--standard", value=standard_id))
    asked = asked_of(standard_id, language, kind, year, by_name=True)
    if target.exists():
        raise BadInput(Problem("out_exists", file=str(target)))
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_blank(target, asked, first_entries(asked, target.stem), {
        file: blank_rows(file, asked) for file in tables()})


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

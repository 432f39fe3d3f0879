"""A blank dossier for a mine to fill in: every file and column, with units and notes in both languages."""

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import templates
from mineco.core.labels import label
from mineco.core.writing import table_text
from mineco.dossier.cells import columns_file, may_lack, tables, word_lists
from mineco.evaluation.restoration_area.given.pools import default_pools
from mineco.evaluation.restoration_area.given.settings import grown
from mineco.evaluation.restoration_area.land import FOLDER
from mineco.evaluation.restoration_area.stages.reached import STAGES, name_of
from mineco.geo.legends import legends
from mineco.runs.blanks.kinds import left_out, named_subtype
from mineco.runs.blanks.rows import Asked, activity_sources, blank_rows, item_text
from mineco.standards.area import area_standard_ids, load_area_rules
from mineco.standards.load import load_standard
from mineco.standards.procedure import load_procedure, procedure_ids


def new_dossier(folder: Path, standard_id: str, language: str = "zh", kind: str = "", year: int | None = None) -> Path:
    """Write a blank dossier for a standard into a new or empty folder; README.md is in one language, mine.yaml in both.

    Parameters
    ----------
    folder : Path             Made where it is not there.
    standard_id : str         Which asks for what is in it.
    language : {"zh", "en"}   Of the guide, and of the names of wells and pits.
    kind : str, optional      Type or subtype of the mine, by id or name: only its rows. Blank: those of any mine.
    year : int, optional      Under evaluation; last year where left out.

    Raises
    ------
    BadInput
        When something stands there already: nothing is overwritten. When there is no such kind of mine.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(Problem("folder_not_empty", value=str(folder)))
    asked = asked_of(standard_id, language, kind, year)
    standard = asked.standard
    rules = load_area_rules(standard_id) if standard_id in area_standard_ids() else None
    columns = tables() | ({f"{FOLDER}/{file}": columns for file, columns in tables("rasters").items()
                           if not may_lack(file, "rasters")} if rules else {})
    stages = {label(name_of(name), language): [label(name_of(one), language) for one in needs]
              for name, needs in STAGES.items()}
    known = {"standard": standard, "rules": rules, "stages": stages, "legends": list(legends()),
             "zones": list(default_pools()), "grown": grown(), "tables": columns, "words": word_lists(),
             "language": language, "year": asked.year,
             "raters": asked.raters, "subtype": asked.subtype,
             "left_out": left_out(standard, asked.subtype) if asked.subtype else {},
             "sources": activity_sources(standard), "item_text": item_text,
             "procedure": load_procedure(standard_id) if standard_id in procedure_ids() else None,
             "say": {name: texts[language] for name, texts in columns_file()["guide"].items()}}
    texts = {file: table_text(list(spec), (row.cells for row in blank_rows(file, asked)))
             for file, spec in columns.items()}
    texts |= {"mine.yaml": filled("mine.yaml", known), "README.md": filled("README.md", known, lambda text: (
        text.replace("|", "\\|") if isinstance(text, str) else text))}  # a bar inside a cell
    if rules:
        texts[f"{FOLDER}/area.yaml"] = filled("area.yaml", known)
    for name in ("evidence", FOLDER):
        (folder / name).mkdir(parents=True)
    for name, text in texts.items():
        # a byte-order mark makes Excel read Chinese; a person will open the tables there
        (folder / name).write_text(text, encoding="utf-8-sig" if name.endswith(".csv") else "utf-8", newline="")
    return folder


def asked_of(standard_id: str, language: str, kind: str, year: int | None, by_name: bool = False) -> Asked:
    """What a blank dossier is for, from what somebody asked for."""
    standard = load_standard(standard_id)
    subtype = named_subtype(kind, standard) if kind or by_name else ""
    return Asked(standard, year or datetime.datetime.now(tz=datetime.UTC).year - 1, subtype, language, by_name)


def filled(name: str, known: Mapping[str, Any], shown: Callable[[Any], Any] | None = None) -> str:
    """A template of ``templates/blanks`` with what is known put in."""
    import jinja2

    made = jinja2.Environment(loader=jinja2.FileSystemLoader(templates() / "blanks"), trim_blocks=True,
                              undefined=jinja2.StrictUndefined, keep_trailing_newline=True, finalize=shown)
    made.filters["word"] = lambda value: str(value).lower() if isinstance(value, bool) else value
    return made.get_template(name).render(known)

"""A dossier as a workbook, and a workbook as a folder: the same entries and rows, and the files beside them."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.tables import Row
from mineco.core.workbooks import WORKBOOKS
from mineco.core.writing import table_text, yaml_text
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import columns_file, read_rows, tables
from mineco.dossier.workbook.cover import entries_of, written_key, written_value
from mineco.dossier.workbook.papers import BESIDE, Papers, papers_at
from mineco.dossier.workbook.places import told_by_sheet
from mineco.dossier.workbook.sheets import readable
from mineco.dossier.workbook.unpacked import MINE
from mineco.runs.blanks.writing import cell_value, write_table

WORKBOOK = ".xlsx"


@checked_arguments()
def convert(dossier: str | Path, target: str | Path, language: str = "zh") -> Path:
    """Write a dossier as a workbook, where the target is named ``.xlsx``, or as a folder; nothing is overwritten.

    Evidence and rasters are copied: into the folder, or beside the workbook. The rows need not be sound, so that what
    is not filled in yet can be converted too; texts for people (README.md) stay behind.

    Parameters
    ----------
    dossier, target : path  A folder or a workbook.
    language : str          Of the headings of the sheets and of the first sheet: zh or en.

    Returns
    -------
    Path  The workbook or folder that was written.

    Raises
    ------
    BadInput
        When a file or sheet cannot be read, a text is too long for a cell, or something stands at the target already.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     book = convert("parameters/mines/tiny-quarry", Path(folder) / "quarry.xlsx")
    ...     made = convert(book, Path(folder) / "quarry")
    ...     read_yaml(made / "mine.yaml") == read_yaml(Path("parameters/mines/tiny-quarry/mine.yaml"))
    True
    """
    target, papers = Path(target), papers_at(dossier)
    to_workbook = is_workbook(target)
    folder = target.parent if to_workbook else target
    beside = [name for name in papers.files() if name.parts[0] in BESIDE and len(name.parts) > 1]
    if folder.resolve() == papers.folder.resolve():
        beside = []
    refuse_taken(target, folder, {name.parts[0] for name in beside})
    refuse_inside(target, papers)
    with told_by_sheet(dossier):
        mine, rows = dossier_contents(papers)
    cover = [[written_key(way), written_value(value, way)] for way, value in entries_of(mine)] if to_workbook else []
    copy_beside(papers, beside, folder)
    if to_workbook:
        _write_workbook(target, cover, rows, language)
    else:
        write_folder(target, mine, rows)
    return target


def refuse_taken(target: Path, folder: Path, beside: set[str]) -> None:
    """Refuse to write where something stands: at the target, or in the folders of evidence and rasters beside it."""
    taken = [target] if target.is_file() or (target.is_dir() and any(target.iterdir())) else []
    taken += [folder / name for name in sorted(beside) if folder != target and (folder / name).exists()]
    if taken:
        raise BadInput([Problem("out_exists", file=str(one)) for one in taken])


def is_workbook(target: Path) -> bool:
    """Whether a dossier is written as a workbook there, else as a folder; a workbook of another kind is refused.

    >>> is_workbook(Path("north.xlsx")), is_workbook(Path("north"))
    (True, False)
    """
    if target.suffix.lower() in set(WORKBOOKS) - {WORKBOOK}:
        raise BadInput(Problem("dossier_not_xlsx", file=str(target)))
    return target.suffix.lower() == WORKBOOK


def refuse_inside(target: Path, papers: Papers) -> None:
    """Refuse to write into the folder of a dossier, which is none any more with other files in it.

    A workbook right beside its own evidence takes the place of the folder's tables, and may stand there.
    """
    own, into = papers.folder.resolve(), target.resolve()
    if papers.workbook is None and into.is_relative_to(own) and not (is_workbook(target) and into.parent == own):
        raise BadInput(Problem("inside_dossier", file=str(target), details={"folder": papers.folder}))


def copy_beside(papers: Papers, names: Sequence[Path], folder: Path) -> None:
    """Copy files of a dossier, by their places in it, into a folder that is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(papers.folder / name, folder / name, follow_symlinks=False)


def dossier_contents(papers: Papers) -> tuple[dict[str, Any], dict[str, list[Row]]]:
    """The entries of mine.yaml and the rows of the tables."""
    problems = Problems()
    mine: dict[str, Any] = {}
    rows: dict[str, list[Row]] = {}
    with readable(papers) as (place, _):
        with problems.collect():
            mine = read_yaml(place / MINE)
        for file in tables():
            with problems.collect():
                rows[file] = read_rows(place, file)
    problems.stop()
    return mine, rows


def write_folder(folder: Path, mine: Mapping[str, Any], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    """Entries and rows as the files of a dossier."""
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / MINE).write_text(yaml_text(mine), encoding="utf-8-sig", newline="")
    for file, columns in tables().items():  # a byte-order mark makes Excel read Chinese
        (folder / file).write_text(table_text(list(columns), rows.get(file, ())), encoding="utf-8-sig", newline="")


def _write_workbook(path: Path, entries: Sequence[Sequence[Any]], rows: dict[str, list[Row]], language: str) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    cover = columns_file()["cover"]
    heading = [cover["columns"][name][language] for name in ("key", "value")]
    write_table(book.create_sheet(cover["name"][language]), heading, entries)
    for file, about in columns_file()["tables"].items():
        columns = list(about["columns"])
        sheet = book.create_sheet(about["name"][language])
        write_table(sheet, columns, [[cell_value(row[name]) for name in columns] for row in rows[file]])
    book.save(path)

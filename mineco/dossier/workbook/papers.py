"""Where a dossier lies: in a folder of tables, or in a workbook with the folders of evidence and rasters beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.files import is_litter, list_files
from mineco.core.workbooks.reader import WORKBOOKS

BESIDE = ("rasters", "evidence")  # folders; texts for people (README.md) may lie beside too

OF_RUN = ("inputs", "manifest-sha256.txt")  # what the folder of a finished run holds and no dossier does


@dataclass(frozen=True)
class Papers:
    """A dossier as it lies on the disk."""

    folder: Path  # that holds evidence and rasters, and the tables where there is no workbook
    workbook: Path | None = None
    written: Mapping[str, bytes] | None = None  # tables and mine.yaml that are read in place of those of the folder

    def files(self) -> list[Path]:
        """Every file of it, within its folder.

        Raises
        ------
        BadInput
            With every link, device and pipe, and every file that is too large.
        """
        return list_files(self.folder, (self.workbook.name, *BESIDE) if self.workbook else None)


def papers_at(path: str | Path | Papers) -> Papers:
    """The dossier at a path: a folder, a workbook, or a folder with a workbook in place of the tables.

    Raises
    ------
    BadInput
        When there is none, or a run, or workbooks of which nobody knows which is meant.

    >>> papers_at("parameters/mines/tiny-quarry").workbook is None
    True
    """
    if isinstance(path, Papers):
        return path
    path = Path(path)
    if path.is_file() and path.suffix.lower() in WORKBOOKS:
        return Papers(path.parent, path)
    if not path.is_dir():
        raise BadInput(Problem("dossier_is_other_file" if path.is_file() else "dossier_not_found", file=str(path)))
    if all((path / name).exists() for name in OF_RUN):
        raise BadInput(Problem("dossier_is_run", file=str(path), details={"inputs": path / OF_RUN[0]}))
    books = [one for one in path.iterdir() if one.suffix.lower() in WORKBOOKS and not is_litter(one.name)]
    others = {one.name for one in path.iterdir() if one not in books and not is_litter(one.name)}
    if len(books) > 1 and others <= set(BESIDE):
        raise BadInput(Problem("workbooks_several", file=str(path), details={
            "known": ", ".join(sorted(one.name for one in books))}))
    return Papers(path, books[0] if len(books) == 1 and others <= set(BESIDE) else None)

"""The class data of the course: mines that nobody has, a row each, as a workbook for a batch."""

import csv
from pathlib import Path

from mineco.core.kit import kit
from mineco.runs.batch.blank_table import write_workbook

COURSE, CLASS = "course", "class.xlsx"  # the folder of the lessons, and what lies in it


def class_rows() -> list[dict[str, str]]:
    """The mines of ``parameters/course/class.csv``, by heading.

    >>> len(class_rows()), class_rows()[0]["mine"]
    (20, 'quarry-01')
    """
    with (kit() / "parameters" / "course" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_class(path: Path) -> None:
    """Write them as a new workbook for ``mineco batch``, with the dossier of the tiny quarry as ``--like``."""
    write_workbook(class_rows(), path)

"""A copy of a workbook with marks at its cells, and a sheet that lists them; or with more in its cells."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, file_trouble
from mineco.core.workbooks.reader import LONGEST_WAIT, child_environment

FilledCell = tuple[str, str | float, str]


@dataclass(frozen=True)
class Mark:
    """What is told of a place in a workbook."""

    kind: str  # problem or notice
    text: str
    sheets: tuple[str, ...] = ()  # the first of them that the workbook has is meant
    cells: tuple[str, ...] = ()  # none: it is told in the list alone


@dataclass(frozen=True)
class Listing:
    """How the sheet that lists the marks is written."""

    title: str
    titles: tuple[str, ...]  # in lower case, of such a sheet in any language: an earlier one is replaced
    heading: tuple[str, ...]  # number, kind, place, text
    kinds: Mapping[str, str]  # what a problem and a notice are called


def mark_workbook(source: Path, target: Path, marks: Sequence[Mark], listing: Listing) -> list[str]:
    """Write a copy with marks in place of those of an earlier marking; nothing is overwritten.

    Each cell has its texts in one comment and the fill of what is worst there. What openpyxl does not write again, the
    copy lacks; formulas come without the values that were stored beside them.

    Returns
    -------
    list of str  Labels of what the copy lacks of the workbook.

    Raises
    ------
    BadInput
        When the workbook cannot be read, or something stands at the target.

    >>> import openpyxl
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = openpyxl.Workbook()
    ...     made.active.title, made.active["B2"] = "mine", 5
    ...     made.save(Path(folder) / "mine.xlsx")
    ...     list_ = Listing("check", ("check",), ("No.", "kind", "cell", "what"), {"problem": "problem"})
    ...     mark_workbook(Path(folder) / "mine.xlsx", Path(folder) / "marked.xlsx",
    ...                   [Mark("problem", "too few", ("mine",), ("B2",))], list_)
    ...     marked = openpyxl.load_workbook(Path(folder) / "marked.xlsx")
    ...     marked.sheetnames, marked["mine"]["B2"].comment.text
    []
    (['check', 'mine'], '── mineco ──\\ntoo few')
    """
    return _copied(source, target, {"marks": [asdict(one) for one in marks], **asdict(listing)})


def fill_workbook(source: Path, target: Path, cells: Mapping[str, Sequence[FilledCell]]) -> list[str]:
    """Write a copy with other values in some cells; nothing is overwritten.

    Parameters
    ----------
    cells : mapping  By sheet: each with its place, its value, and the cell that it looks like where it has no look of
                     its own.

    Returns
    -------
    list of str  Labels of what the copy lacks of the workbook, as in `mark_workbook`.

    Raises
    ------
    BadInput
        When the workbook cannot be read, or something stands at the target.

    >>> import openpyxl
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     openpyxl.Workbook().save(Path(folder) / "mine.xlsx")
    ...     fill_workbook(Path(folder) / "mine.xlsx", Path(folder) / "filled.xlsx", {"Sheet": [("B2", 5, "B1")]})
    ...     openpyxl.load_workbook(Path(folder) / "filled.xlsx")["Sheet"]["B2"].value
    []
    5
    """
    return _copied(source, target, {"cells": {sheet: list(some) for sheet, some in cells.items()}})


def _copied(source: Path, target: Path, order: dict[str, Any]) -> list[str]:
    """Have a copy written; labels of what it lacks."""
    with tempfile.TemporaryDirectory(prefix="mineco-") as folder:
        made = Path(folder) / "copy.xlsx"
        order = {"source": str(source.resolve()), "target": str(made), **order}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "mineco.core.workbooks.marker"], input=json.dumps(order), text=True,
                encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=LONGEST_WAIT, check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0), env=child_environment())
        except subprocess.TimeoutExpired:
            raise BadInput(Problem("workbook_too_heavy", source.name)) from None
        told = json.loads(done.stdout or '{"message": "workbook_too_heavy", "details": {}}')
        if "message" in told:
            raise BadInput(Problem(told["message"], source.name, details=told["details"]))
        try:
            with target.open("xb") as file:
                file.write(made.read_bytes())
        except FileExistsError:
            raise BadInput(Problem("out_exists", file=str(target))) from None
        except OSError as error:
            raise BadInput(file_trouble(error, target)) from error
    lost: list[str] = told["lost"]
    return lost

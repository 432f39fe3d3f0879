"""What is wrong with a dossier of a workbook, told by sheet and cell."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.dossier.workbook.papers import WORKBOOKS, papers_at
from mineco.dossier.workbook.sheets import sheet_names, unpack
from mineco.dossier.workbook.unpacked import placed


def by_sheet(path: str | Path, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of a dossier, where it is a workbook told by its words, those of its tables by sheet and cell.

    >>> [str(one) for one in by_sheet("parameters/mines/tiny-quarry", [Problem("field_count", "metrics.csv", 3)])]
    ['metrics.csv 3: field_count']
    """
    problems = list(problems)
    untold = {"", *sheet_names()}
    workbook = None
    if any((one.file in untold or Path(one.file).suffix.lower() in WORKBOOKS) and not one.called for one in problems):
        with suppress(BadInput):  # where there is no dossier, what was found before is told
            workbook = papers_at(path).workbook
    if workbook is None:
        return problems
    unpacked = unpack(workbook, Problems())
    return [placed(one, unpacked) for one in problems if not unpacked.is_told_already(one)]


@contextmanager
def told_by_sheet(path: str | Path) -> Iterator[None]:
    """A ``with`` block whose BadInput tells the places of a workbook.

    >>> with told_by_sheet("parameters/mines/tiny-quarry"):
    ...     raise BadInput(Problem("duplicate_key", "mine.yaml", 3))
    Traceback (most recent call last):
    mineco.core.errors.BadInput: mine.yaml, row 3: is a key that stands twice. Keep one.
    """
    try:
        yield
    except BadInput as error:
        if (told := by_sheet(path, error.problems)) == error.problems:
            raise
        raise BadInput(told) from None

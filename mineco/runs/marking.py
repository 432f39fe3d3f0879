"""What is wrong with a dossier and what is noticed of it, and a copy of its workbook with marks that say so."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem
from mineco.core.labels import label, nothing_wrong, problem_text
from mineco.core.workbooks.marking import Listing, Mark, mark_workbook
from mineco.core.yaml_reading import kit_data
from mineco.dossier.notices import texts_lacking
from mineco.dossier.workbook.papers import papers_at
from mineco.evaluation import registry
from mineco.evaluation.case import open_case_with_gaps

CELL = re.compile(r"\b[A-Z]{1,3}[1-9]\d*\b")
HEADING = ("number", "mark_kind", "mark_cell", "mark_what")


@dataclass(frozen=True)
class Found:
    """What a check has found: problems, for which a dossier is refused, and notices."""

    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()


def look_through(dossier: str | Path, standard: str = registry.STANDARD, language: str = "zh",
                 options: Mapping[str, object] | None = None) -> Found:
    """Check a dossier; notices are known where nothing is wrong, or only something missing.

    Parameters
    ----------
    dossier : path  A folder or a workbook.
    language : str  Of the report for which texts may be lacking.

    >>> [one.message for one in look_through("parameters/mines/tiny-quarry").notices][0]
    'base_year_recent'
    >>> [one.message for one in look_through("parameters/mines/no-such-mine").problems]
    ['dossier_not_found']
    """
    chosen = dict(options or {})
    try:
        evaluation = registry.check(dossier, standard, None, **chosen)
    except BadInput as error:
        notices: tuple[Problem, ...] = ()
        with suppress(BadInput):  # of a step behind the reading
            notices = open_case_with_gaps(dossier, standard, None, **chosen).notices if nothing_wrong(
                error.problems) else ()
        return Found(tuple(error.problems), notices)
    read = evaluation.case.dossier
    return Found(notices=(*evaluation.notices, *map(read.told, texts_lacking(read, language))))


@checked_arguments()
def mark(dossier: str | Path, found: Found, target: str | Path | None = None, language: str = "zh"
         ) -> tuple[Path, list[Problem]]:
    """Write a copy of a dossier's workbook with every problem and notice as a comment at its cell.

    What has no cell stands in the sheet that lists all of them, which no reading of a dossier takes for a table.

    Parameters
    ----------
    target : path, optional  An ``.xlsx``; without it the copy lies beside the workbook, its name ending in -checked.
    language : {"zh", "en"}  Of the texts.

    Returns
    -------
    path, list of Problem  The copy, and what it lacks of the workbook.

    Raises
    ------
    BadInput
        When the dossier is a folder of tables, the workbook cannot be read, or something stands at the target already.

    >>> mark("parameters/mines/tiny-quarry", Found())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: parameters/mines/tiny-quarry: is a folder of tables, which have no cells to mark. ...
    """
    book = papers_at(dossier).workbook
    if book is None:
        raise BadInput(Problem("mark_without_workbook", file=str(dossier)))
    target = beside(book, "checked") if target is None else Path(target)
    if target.suffix.lower() != ".xlsx":
        raise BadInput(Problem("mark_not_xlsx", file=str(target)))
    names = kit_data("dossier/cover.yaml")["sheets"]["check"]
    listing = Listing(names[language], tuple(name.lower() for name in names.values()),
                      tuple(label(name, language) for name in HEADING),
                      {kind: label(f"mark_{kind}", language) for kind in ("problem", "notice")})
    marks = [*(_mark("problem", one, book.name, language) for one in found.problems),
             *(_mark("notice", one, book.name, language) for one in found.notices)]
    lost = mark_workbook(book, target, marks, listing)
    what = label("needs_comma", language).join(label(one, language) for one in lost)
    return target, [Problem("copy_lacks", file=target.name, details={"what": what})] if lost else []


def beside(book: Path, what: str) -> Path:
    """The first free name beside a workbook that says what was done to a copy; that of a copy does not grow longer.

    >>> beside(Path("no-such-folder/mine-checked-2.xlsx"), "checked").name
    'mine-checked.xlsx'
    """
    stem = re.sub(rf"-{what}(-\d+)?$", "", book.stem)
    names = (f"{stem}-{what}{f'-{number}' if number > 1 else ''}.xlsx" for number in range(1, 10_000))
    return next(path for path in map(book.with_name, names) if not path.exists())


def _mark(kind: str, problem: Problem, book: str, language: str) -> Mark:
    """A problem as a mark; of the workbook itself without the place, which the mark has."""
    if problem.file != book:
        return Mark(kind, problem_text(problem, language))
    place = str(problem.row)
    sheet, _, cells = place.rpartition("!")
    return Mark(kind, problem_text(replace(problem, file="", row=""), language),
                (sheet, place, str(problem.value)), tuple(CELL.findall(cells)) if sheet else ())

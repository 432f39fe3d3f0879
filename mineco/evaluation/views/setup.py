"""The frame of a notebook: its language, its parameters held to what it declares, its folders, and what is refused."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from IPython.display import display

from mineco.core.calls import argument_problems
from mineco.core.errors import BadInput, Problems
from mineco.core.kit import notebooks
from mineco.core.labels import current_language, label, nothing_refused, problem_text, set_language
from mineco.evaluation.base import Recorded
from mineco.evaluation.record.archived import KEPT, finished_run, use_kept_parameters
from mineco.report.notebook import names_set
from mineco.report.tables import Block, note, show_text
from mineco.standards.load import standard_ids, undated

INJECTED = "# Parameters"  # first line of the cell that papermill puts after the one with the parameters
TARGETS, BETWEEN = ("dossier", "runs", "batch"), "; "
INPUTS, OF_A_RUN = "inputs", ("results", "results.json")  # what a run gives its notebook, which lies beside them
LEAST = {"draws": 1, "seed": 0}
Constants = dict[str, object]


def setup(names: Mapping[str, Any]) -> None:
    """Set the language, and refuse parameters that the notebook cannot honour: undeclared, or of another type.

    Where it evaluates in the folder of a finished run, it takes the parameters that the run keeps, and says so.

    ``names`` is ``globals()`` of the notebook, in which IPython keeps the cells that were run as ``In``. What it
    declares is read from the cell with the parameters, the latest before this one that sets ``language``; what
    papermill gave, from the cell that it put after that one. A name set in any other cell is nobody's parameter.

    Raises
    ------
    BadInput
        With every parameter that is unknown, of another type than its default, too small, another language than the
        notebook's, or no edition of its standard. What a standard's option may be, `open_case` says. The notebook of a
        run is refused where the working folder is none.

    >>> cells = ["", "language = 'en'\\ngwp = None", "# Parameters\\nlanguage = 'en'\\ngpw = 'AR4'"]
    >>> setup({"In": cells, "language": "en"})
    Traceback (most recent call last):
    mineco.core.errors.BadInput: gpw = AR4: the notebook declares no such parameter. Do you mean gwp? It declares: \
language, gwp.
    """
    declared, given = given_parameters(names.get("In", ()))
    if language := declared.get("language") or names.get("language"):
        set_language(str(language))  # its own, also to refuse another
    run = finished_run(Path.cwd()) if "results" in declared else None
    about_run = use_kept_parameters(run, declared, given) if run else None
    values = {name: names.get(name, value) for name, value in (declared | given).items()}
    problems = Problems()
    for name in TARGETS if OF_A_RUN in given.items() and not KEPT.is_dir() else ():
        if {"standard", "language", name} <= given.keys() and str(given[name]).startswith(INPUTS):
            problems.add("run_folder_elsewhere", column=name, value=given[name], folder=str(Path.cwd()))
    for name, value in values.items():
        if name not in declared:
            problems.add("unknown_notebook_parameter", column=name, value=value, allowed=", ".join(declared))
        elif name == "language" and value != declared[name]:
            problems.add("notebook_in_one_language", column=name, value=value, language=declared[name])
        elif declared[name] is not None:  # None: an option, which its standard knows
            problems += argument_problems(name, value, type(declared[name]), LEAST.get(name))
    standard, usual = values.get("standard"), declared.get("standard")
    if isinstance(standard, str) and isinstance(usual, str):
        editions = [one for one in standard_ids() if undated(one) == undated(usual)]
        if standard not in editions:
            problems.add("choice_not_allowed", column="standard", value=standard, allowed=", ".join(editions))
    problems.stop()
    if about_run:
        display(about_run)


def given_parameters(cells: Sequence[str]) -> tuple[Constants, Constants]:
    """What the cell with the parameters declares, and what papermill's cell after it gives, from the cells as they ran.

    Both are empty where no cell sets ``language``, as in a script that somebody made from a notebook.

    >>> given_parameters(["", "language = 'zh'", "# Parameters\\nlanguage = 'en'", "views.setup(globals())"])
    ({'language': 'zh'}, {'language': 'en'})
    """
    for place in range(len(cells) - 1, -1, -1):
        declared = names_set(cells[place])
        if "language" in declared and not cells[place].startswith(INJECTED):
            after = cells[place + 1] if place + 1 < len(cells) else ""
            return declared, names_set(after) if after.startswith(INJECTED) else {}
    return {}, {}


def located(folder: str | Path) -> str:
    """A folder as it stands, or where it lies seen from this installation's notebooks or a folder of them, such as that
    of the course; `BadInput` where neither is.

    >>> [Path(located(f"{up}parameters/mines/tiny-quarry")).name for up in ("../../", "../../../")]
    ['tiny-quarry', 'tiny-quarry']
    """
    problems = Problems()
    problems += argument_problems("folder", folder, str | Path)
    problems.stop()
    home = notebooks() / current_language()
    beside = [(one / folder).resolve() for one in (home, *sorted(filter(Path.is_dir, home.iterdir())))]
    if Path(folder).is_dir():
        return str(folder)
    for one in beside:
        if one.is_dir():
            return str(one)
    searched = dict.fromkeys(map(str, (Path(folder).resolve(), *beside)))
    problems.add("folder_not_found", file=str(folder), searched=", ".join(searched))
    raise BadInput(problems)


def located_each(folders: str) -> list[str]:
    """Each of several folders in one text, ``; `` between them, as `located` finds it.

    >>> [Path(one).name for one in located_each("../../parameters/mines/tiny-quarry; ../../parameters/mines")]
    ['tiny-quarry', 'mines']
    """
    problems, found = Problems(), list[str]()
    for one in folders.split(BETWEEN):
        with problems.collect():
            found.append(located(one.strip()))
    problems.stop()
    return found


def headline(evaluation: Recorded | None = None) -> None:
    """The result near the top of a notebook: a place for it first, and once it is known the result there.

    A report leaves the place out, since its first pages tell the result.
    """
    shown = show_text(label("headline_to_come")) if evaluation is None else evaluation
    display(shown, display_id="headline", update=evaluation is not None)


def refusal(attempt: Callable[..., object], *arguments: object, **named: object) -> Block:
    """Try a call, and show every problem for which it is refused, or that there is none, with what a case or an
    evaluation has to notice.

    >>> from mineco.core import units
    >>> print(refusal(units.convert, 1.0, "t", "ha").text.partition(". ")[0])
    Refused
    - unit = t: measures something else than what is asked for here
    """
    try:
        found = attempt(*arguments, **named)
    except BadInput as error:
        return note("refused", [problem_text(problem) for problem in error.problems])
    notices = getattr(found, "notices", ())  # of a case or an evaluation
    verdict = nothing_refused(notices)
    return note(verdict, list(map(problem_text, notices))) if notices else show_text(verdict)

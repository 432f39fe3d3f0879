"""The notebooks that can be run beside those of the standards, and what each declares."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.kit import notebooks
from mineco.runs.notebook.cells import declared_parameters

TARGETS = ("dossier", "runs", "batch")
OF_A_RUN = ("standard", "language", "results")  # what every run gives
DATE = "date"
RESERVED = (*TARGETS, *OF_A_RUN, "weights")  # parameters that no option sets
WORDS = {"true": True, "false": False}


@dataclass(frozen=True)
class MadeFor:
    """A notebook by name, with the parameters that it declares and their defaults."""

    name: str
    declared: Mapping[str, object]

    @property
    def target(self) -> str:
        """Which of the `TARGETS` it is run on."""
        return next(one for one in TARGETS if one in self.declared)

    @property
    def several(self) -> bool:
        """Whether it takes more than one target."""
        return self.target == "runs"

    @property
    def options(self) -> list[str]:
        """The parameters that ``--option`` sets."""
        return [name for name in self.declared if name not in RESERVED]

    def of_standard(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Of some options those of the standard, which a notebook declares as not chosen."""
        return {name: value for name, value in options.items() if self.declared[name] is None}


def known_notebooks() -> dict[str, MadeFor]:
    """Every notebook that can be run on a target, by name; those of the standards are not among them.

    They are read in Chinese, the language of record: the code of their twins is the same.

    >>> known_notebooks()["sensitivity"].target
    'dossier'
    """
    found = {path.stem: declared_parameters(json.loads(path.read_text(encoding="utf-8")))
             for path in sorted((notebooks() / "zh").glob("*.ipynb"))}
    return {name: MadeFor(name, declared) for name, declared in found.items()
            if declared.keys() > {*OF_A_RUN} and declared.keys() & {*TARGETS}
            and name.removesuffix("-preliminary") != str(declared["standard"]).rpartition("-")[0]}


def made_for(name: str) -> MadeFor:
    """A notebook by name.

    Raises
    ------
    BadInput
        Where there is none of that name that can be run, with those that can.

    >>> made_for("tour")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: notebook = tour: is no notebook that can be run on a dossier, runs or a batch. ...
    """
    known = known_notebooks()
    if name not in known:
        raise BadInput(Problem("notebook_unknown", column="notebook", value=name, details={"known": ", ".join(known)}))
    return known[name]


def typed_options(notebook: MadeFor, standard_id: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Options as typed in the types that the notebook, or the standard, has for them.

    Raises
    ------
    BadInput
        With every option that the notebook does not declare, and every value that it cannot take.

    >>> typed_options(MadeFor("x", {"draws": 64, "note": ""}), "carbon-neutral-mine-2025", {"draws": "128"})
    {'draws': 128}
    """
    from mineco.evaluation.case import parse_options
    from mineco.standards.load import load_standard

    problems, typed = Problems(), dict[str, Any]()
    allowed = ", ".join(notebook.options)
    for name, text in given.items():
        if name not in notebook.options:
            problems.add("unknown_notebook_parameter", file=f"{notebook.name}.ipynb", column=name, value=text,
                         allowed=allowed or "—")
            continue
        with problems.collect():
            default = notebook.declared[name]
            typed |= (parse_options(load_standard(standard_id), {name: text}) if default is None
                      else {name: _typed(name, text, type(default))})
    problems.stop()
    return typed


def _typed(name: str, text: str, kind: type) -> object:
    try:
        return WORDS[text.lower()] if kind is bool else kind(text)
    except (KeyError, ValueError):
        message = {bool: "argument_not_true_or_false", int: "argument_not_a_whole_number"}.get(
            kind, "argument_not_a_number")
        raise BadInput(Problem(message, column=name, value=text)) from None

"""Which code evaluates which standard: the one place that tells standards apart."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from mineco.core.errors import BadInput, checked_arguments
from mineco.evaluation.case import Case, open_case
from mineco.standards.load import undated

STANDARD = "carbon-neutral-mine-2025"  # where none is named


class Composition(Protocol):
    """The module that evaluates after a standard."""

    @property
    def Evaluation(self) -> type[Any]: ...

    @property
    def open_case(self) -> Callable[..., Case]: ...

    @property
    def evaluate(self) -> Callable[..., Any]: ...

    @property
    def check(self) -> Callable[..., Any]: ...

    @property
    def alternatives(self) -> Callable[[Case], Mapping[tuple[str, object], Any | BadInput]]: ...


def _carbon_neutral_mine() -> Composition:
    from mineco.evaluation.carbon_neutral_mine import evaluate

    return evaluate


def _restoration_carbon_sink() -> Composition:
    from mineco.evaluation.restoration_carbon_sink import evaluate

    return evaluate


def _restoration_area() -> Composition:
    from mineco.evaluation.restoration_area import evaluate

    return evaluate


COMPOSITIONS: Mapping[str, Callable[[], Composition]] = {
    "carbon-neutral-mine": _carbon_neutral_mine,
    "restoration-carbon-sink": _restoration_carbon_sink,
    "restoration-area": _restoration_area,
}


def evaluation_module(standard_id: str) -> Composition:
    """The module that evaluates after a standard, imported when it is asked for.

    >>> evaluation_module("carbon-neutral-mine-2025").Evaluation.__module__
    'mineco.evaluation.carbon_neutral_mine.outcome'
    """
    return COMPOSITIONS[undated(standard_id)]()


@checked_arguments()
def evaluate(case: Case | str | Path, standard: str = STANDARD, **chosen: Any) -> Any:
    """The evaluation of a case under the standard that it is held to.

    Parameters
    ----------
    case : Case or path
        A path is opened first, under the standard and the options beside; a case has its own.

    Raises
    ------
    BadInput
        With every problem of every year.

    >>> evaluate("parameters/mines/tiny-quarry").grade.final
    'C'
    """
    opened = case if isinstance(case, Case) else open_case(case, standard, **chosen)
    return evaluation_module(opened.standard.id).evaluate(opened)


@checked_arguments()
def check(dossier: str | Path, standard_id: str = STANDARD, weights: str | Path | None = None,
          **chosen: object) -> Any:
    """Read a dossier and try its whole evaluation, so that every problem shows before anything is written.

    Returns
    -------
    Evaluation

    Raises
    ------
    BadInput
        With every problem of the dossier, each with file, row, column, value, what is wrong and what to do.

    >>> check("parameters/mines/tiny-quarry").grade.final
    'C'
    >>> check("parameters/mines/no-such-mine")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: parameters/mines/no-such-mine: there is no such dossier folder. ...
    """
    return evaluation_module(standard_id).check(dossier, standard_id, weights, **chosen)

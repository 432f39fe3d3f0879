"""Which code evaluates which standard: the one place that tells standards apart."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from mineco.core.errors import BadInput
from mineco.evaluation.case import Case, open_case
from mineco.standards.load import undated


class Composition(Protocol):
    """The module that evaluates after a standard."""

    @property
    def Evaluation(self) -> type[Any]: ...

    @property
    def open_case(self) -> Callable[..., Case]: ...

    @property
    def evaluate(self) -> Callable[..., Any]: ...

    @property
    def check(dossier: str | Path, standard_id: str = "carbon-neutral-mine-2025", weights: str | Path | None = None,
          **chosen: object) -> Any:
    """The evaluation of a case under the standard that it is held to.

    Parameters
    ----------
    case : Case or path
        A path is opened first, under the standard and the options beside; a case has its own.

    Raises
    ------
    BadInput
        With every problem of every year.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> evaluate(open_case(parameters() / "mines" / "tiny-quarry")).grade.final
    'C'
    """
    case = case if isinstance(case, Case) else open_case(case, standard, **chosen)
    return evaluation_module(case.standard.id).evaluate(case)


def check(dossier: str | Path, standard_id: str = "carbon-neutral-mine-2025", weights: str | Path | None = None,
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
    >>> check("parameters/mines/no-such-mine")
    Traceback (most recent call last):
    mineco.core.errors.BadInput: parameters/mines/no-such-mine: dossier_not_found
    """
    return evaluation_module(standard_id).check(dossier, standard_id, weights, **chosen)

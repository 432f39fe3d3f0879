"""Which code evaluates which standard: the one place that tells standards apart."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from mineco.core.errors import BadInput, checked_arguments
from mineco.evaluation.case import Case
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
def evaluate(case: Case) -> Any:
    """The evaluation of a case under the standard that it is held to.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> evaluate(open_case(parameters() / "mines" / "tiny-quarry")).grade.final
    'C'
    """
    return evaluation_module(case.standard.id).evaluate(case)


@checked_arguments()
def check(dossier: str | Path, standard_id: str, weights: str | Path | None = None, **chosen: object) -> Any:
    """Read a dossier and try its whole evaluation, so that every problem shows before anything is written."""
    return evaluation_module(standard_id).check(dossier, standard_id, weights, **chosen)

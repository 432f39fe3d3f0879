"""Which code evaluates which standard: the one place that tells standards apart.

A standard is told by its id without the edition. ``composition`` is the module that evaluates, ``outcome`` the one that
tells what came of it: what a result rests on, what results.json and the summary of a batch say.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from mineco.evaluation.case import Case
from mineco.evaluation.measured import Measured
from mineco.evaluation.score import Score


class Evaluation(Protocol):
    """What every evaluation has, whichever the standard."""

    @property
    def case(self) -> Case: ...

    @property
    def indicators(self) -> Mapping[str, Measured]: ...

    @property
    def score(self) -> Score | None: ...


def name_of(standard_id: str) -> str:
    """A standard without its edition: what notebooks and modules are named by.

    >>> name_of("carbon-neutral-mine-2025")
    'carbon-neutral-mine'
    """
    return standard_id.rpartition("-")[0]


def composition(standard_id: str) -> Any:
    """The module with ``check``, ``evaluate`` and the steps between them, imported when it is asked for.

    >>> composition("carbon-neutral-mine-2025").__name__
    'mineco.evaluation.carbon_neutral_mine.evaluate'
    """
    return import_module(f"mineco.evaluation.{name_of(standard_id).replace('-', '_')}.evaluate")


def outcome(standard_id: str) -> Any:
    """The module with ``ALWAYS``, ``rests_on``, ``told``, ``traced``, ``summary`` and what else differs by standard.

    >>> outcome("carbon-neutral-mine-2025").__name__
    'mineco.evaluation.carbon_neutral_mine.outcome'
    """
    return import_module(f"mineco.evaluation.{name_of(standard_id).replace('-', '_')}.outcome")


def evaluate(case: Case) -> Any:
    """The evaluation of a case under the standard that it is held to.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> evaluate(open_case(parameters() / "mines" / "tiny-quarry")).grade.final
    'C'
    """
    return composition(case.standard.id).evaluate(case)


def check(dossier: str | Path, standard_id: str, weights: str | Path | None = None, **chosen: object) -> Any:
    """Read a dossier and try its whole evaluation, so that every problem shows before anything is written."""
    return composition(standard_id).check(dossier, standard_id, weights, **chosen)

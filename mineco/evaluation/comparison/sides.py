"""The two results that are compared: each a case with what it rests on, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mineco.core.lazy import Brief
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case

CAUSES = ("data", "factors", "method", "standard", "weights")  # in the order in which they are exchanged unless asked
BINDINGS = ("score", "offset", "both", "gates")  # what a grade may be bound by
VERSION = "version"  # what is left between the numbers that a run recorded and those that are computed now


@dataclass(frozen=True, kw_only=True, repr=False)
class Side(Brief):
    """One of two results: a case, and what a run recorded of it; of a case that was not run, nothing.

    Attributes
    ----------
    name : str               Of the run's folder, or of the mine and its year.
    parameters : Path        The folder of the parameters that the case was opened with.
    recorded : mapping       The summary that was recorded.
    version, code : str      Of the mineco that recorded it.
    stand_in : bool          Whether these parameters stand in for those of an earlier version.
    """

    case: Case
    name: str
    parameters: Path
    recorded: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    code: str = ""
    stand_in: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Outcome(Brief):
    """What an evaluation comes to, as far as a comparison asks.

    Attributes
    ----------
    figures : mapping   Those that are explained; None where one is not known.
    grade : str or None
    binding : str       What the grade is bound by, of `BINDINGS`.
    parts : mapping     By figure what adds up to it.
    """

    figures: Mapping[str, float | None]
    grade: str | None
    binding: str
    parts: Mapping[str, Mapping[str, float]]


def outcome_of(evaluation: Evaluation) -> Outcome:
    """What an evaluation comes to.

    >>> from mineco.evaluation.registry import check
    >>> found = outcome_of(check("parameters/mines/tiny-quarry"))
    >>> found.grade, found.binding, round(found.figures["emissions_t_co2e"], 2)
    ('C', 'both', 1113.78)
    >>> round(sum(found.parts["emissions_t_co2e"].values()), 2)
    1113.78
    """
    told = type(evaluation).explained
    return from_summary(evaluation.summary(), told, {name: evaluation.parts_of(name) for name in told})


def from_summary(summary: Mapping[str, Any], explained: Mapping[str, str],
                 parts: Mapping[str, Mapping[str, float]] | None = None) -> Outcome:
    """The same of a summary, such as the one that a run recorded."""
    figures = {name: None if summary.get(name) is None else float(summary[name]) for name in explained}
    grade = summary.get("grade")
    # a standard with one key alone binds by the score, behind its gate
    binding = summary.get("binding", "score" if summary.get("eligible", True) else "gates")
    return Outcome(figures, None if grade is None else str(np.asarray(grade)), str(binding), parts or {})

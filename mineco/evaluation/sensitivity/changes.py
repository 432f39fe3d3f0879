"""One change of what a result rests on, all else as it is, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.evaluation.uncertainty.inputs import Input

KINDS = ("choice", "weight", "anchor", "rating", "datum", "factor")  # what is changed, in the order of tables
Value = float | str | bool | None
Summary = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """The main figures of an evaluation."""

    score: float  # points, 0 to 100
    emissions: float  # [t CO2e]
    grade: str
    binding: str


def result_of(summary: Summary, place: int | None = None) -> Result:
    """The main figures of a summary; of one that holds arrays, those at a place.

    >>> result_of({"score": np.array([60.0, 71.0]), "emissions_t_co2e": 9.0, "grade": np.array(["C", "B"]),
    ...            "binding": "score"}, 1)
    Result(score=71.0, emissions=9.0, grade='B', binding='score')
    """
    score, emissions, grade, binding = (
        one if place is None or not np.ndim(one) else one[place]
        for one in (summary[name] for name in ("score", "emissions_t_co2e", "grade", "binding")))
    return Result(float(score), float(emissions), str(grade), str(binding))


@dataclass(frozen=True, repr=False)
class Change(Brief):
    """One change by itself, and the result with it; without a result, why it cannot be made."""

    kind: str
    item: str  # id of an option, a weight or an indicator; name of a datum, rating or factor; blank for all anchors
    how: str  # low, high, stricter, lenient; other for a choice
    before: Value
    after: Value
    result: Result | None
    unit: str = ""
    reached: bool = True  # whether it went as far as was wanted: limits and the order of knots may hold it
    problems: tuple[Problem, ...] = ()
    input: Input | None = None  # of a datum, a rating or a factor

    @property
    def place(self) -> str:
        """Where the datum stands that was changed; blank for anything else."""
        return self.input.place if self.input else ""

    @property
    def tried(self) -> bool:
        """Whether anything was changed, and evaluated."""
        return self.result is not None and self.after != self.before


def outcome_of(made: Any) -> dict[str, Any]:
    """Result and problems of a `Change`, from the summary or the error of a changed case.

    >>> outcome_of(BadInput(Problem("missing_metric")))["result"] is None
    True
    """
    if isinstance(made, BadInput):
        return {"result": None, "problems": tuple(made.problems)}
    return {"result": made if isinstance(made, Result) else result_of(made)}

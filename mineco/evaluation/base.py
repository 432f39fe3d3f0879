"""What every evaluation is, whichever the standard: the class that records, views and batches are written for."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from mineco.core.errors import Problem
from mineco.core.lazy import Shown
from mineco.core.quantity import Quantity
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.score import Score

TraceEntry = tuple[str, str, str, list[Quantity]]  # path in results.json, step, function where not the quantity's
CheckResult = tuple[str, float, float]  # id of its label, a difference that should be 0, and the size of what it is of


class Evaluation(Shown, ABC):
    """A mine's evaluation under one standard, with everything behind it.

    Attributes
    ----------
    case : Case
    indicators : mapping of str to Measured
        Empty where the standard measures none.
    score : Score, optional
        None where nothing is scored.
    readings : tuple of str
        Ids of the readings of the rules that every evaluation under the standard goes through.
    """

    readings: ClassVar[tuple[str, ...]]
    takes_arrays: ClassVar[bool] = True  # whether many cases are evaluated as one whose data are arrays
    case: Case
    indicators: Mapping[str, IndicatorResult]
    score: Score | None

    @abstractmethod
    def quantities(self) -> list[Quantity]:
        """The quantities that make the result; what is behind them is what it rests on."""

    @abstractmethod
    def outcome(self) -> dict[str, Any]:
        """The member ``outcome`` of results.json."""

    @abstractmethod
    def trace(self) -> Iterator[TraceEntry]:
        """For each result of `outcome` the step that made it and the quantities behind it."""

    @abstractmethod
    def annex_outcome(self) -> dict[str, Any]:
        """What results.json keeps of the evaluation under the standard's own weights, beside those of a panel."""

    @abstractmethod
    def annex_trace(self) -> Iterator[TraceEntry]:
        """The trace of `annex_outcome`."""

    @abstractmethod
    def checks(self) -> list[CheckResult]:
        """Sums that must agree."""

    @abstractmethod
    def summary(self) -> dict[str, Any]:
        """The main figures by name, each a value or an array: a row of a batch."""

    @staticmethod
    @abstractmethod
    def summary_from(outcome: Mapping[str, Any]) -> dict[str, Any]:
        """The same, of the outcome that a run has written."""

    @abstractmethod
    def with_weights_of(self, case: Case) -> Self:
        """The same measurements under the weights of another case; only what depends on weights is made anew."""

    def findings(self) -> tuple[Problem, ...]:
        """What evaluators should look at; nothing of it stops an evaluation."""
        return ()

    @staticmethod
    def uncertainty_outcome(found: Any) -> dict[str, Any]:
        """The member ``uncertainty`` of results.json, from what was drawn; nothing where a standard draws nothing."""
        return {}

"""What every evaluation is, whichever the standard: the classes that records, views and batches are written for."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import BaseModel

from mineco.core.errors import Problem, Problems
from mineco.core.labels import label
from mineco.core.lazy import Shown
from mineco.core.quantity import Quantity
from mineco.core.workbooks.live import LiveSheet
from mineco.dossier.checks.noticed import Noticed, problems_of
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.score import Score

TraceEntry = tuple[str, str, str, list[Quantity]]  # path in results.json, step, function where not the quantity's
CheckResult = tuple[str, float, float]  # id of its label, a difference that should be 0, and the size of what it is of
ROUNDING = 1e-9  # of what a difference is of: below it binary numbers are rounded, and nothing is wrong


def is_rounding(gap: float, scale: float) -> bool:
    """Whether a difference is nothing but rounding of binary numbers.

    >>> is_rounding(1e-10, 1e6), is_rounding(1.0, 1e6)
    (True, False)
    """
    return abs(gap) <= ROUNDING * scale


def with_all_behind(results: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """Some quantities and all that is behind them, each once."""
    found: dict[int, Quantity] = {}
    for result in results:
        for quantity in result.chain():
            found.setdefault(id(quantity), quantity)
    return tuple(found.values())


class Recorded(Shown, ABC):
    """What a run records of a mine under one standard: its evaluation, or what can be said of it so far.

    Attributes
    ----------
    case : Case
    indicators : mapping of str to IndicatorResult  Empty where the standard measures none.
    readings : tuple of str  Ids of the readings of the rules that every such result goes through.
    """

    results: ClassVar[type[BaseModel]]  # the form of results.json
    status: ClassVar[str] = ""  # in results.json, of what is no whole evaluation
    readings: ClassVar[tuple[str, ...]]
    readings_of_grades: ClassVar[tuple[str, ...]] = ()  # left out where no grade is stated, whatever names them
    case: Case
    indicators: Mapping[str, IndicatorResult]

    @abstractmethod
    def quantities(self) -> list[Quantity]:
        """The quantities that make the result; what is behind them is what it rests on."""

    @cached_property
    def behind(self) -> tuple[Quantity, ...]:
        """Every quantity that the result rests on, each once, from the total down to the rows and factors."""
        return with_all_behind(self.quantities())

    def printed(self) -> list[Quantity]:
        """The quantities whose steps a report prints."""
        return self.quantities()

    @abstractmethod
    def outcome(self) -> BaseModel:
        """The member ``outcome`` of results.json."""

    @abstractmethod
    def trace(self) -> Iterator[TraceEntry]:
        """For each result of `outcome` the step that made it and the quantities behind it."""

    def sheets(self) -> list[LiveSheet]:
        """The result as sheets that count again, in the language that is set; none where a standard has none."""
        return []

    @abstractmethod
    def checks(self) -> list[CheckResult]:
        """Sums that must agree."""

    def require_sums(self) -> None:
        """Stop where they do not: nothing is recorded that contradicts itself.

        Raises
        ------
        BadInput  With each check that fails and by how much.
        """
        problems = Problems()
        for name, gap, scale in self.checks():
            if not is_rounding(gap, scale):
                problems.add("check_failed", value=name, check_zh=label(name, "zh"), check_en=label(name, "en"),
                             gap=f"{gap:.6g}")
        problems.stop()

    def noticed(self) -> Iterator[Noticed]:
        """What stops nothing and yet wants to be seen, of one mine or of many: of the dossier, then of the result."""
        yield from self.case.noticed

    @property
    def notices(self) -> tuple[Problem, ...]:
        """The same of one mine: what ``mineco check`` tells, and results.json and the list of findings hold.

        >>> from mineco.core.kit import parameters
        >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
        >>> [str(one) for one in check(parameters() / "mines" / "tiny-quarry").notices][0]
        'mine.yaml base_year.year: base_year_recent (2023)'
        """
        return tuple(map(self.case.dossier.told, problems_of(self.noticed())))

    def points_on_assumed(self) -> dict[str, float]:
        """How many points of the score rest on anchors that are ours, by what they belong to."""
        return {}

    @staticmethod
    def uncertainty_outcome(found: Any) -> Any:
        """The member ``uncertainty`` of results.json, from what was drawn."""
        return found or {}

    @staticmethod
    def sensitivity_outcome(found: Any) -> dict[str, Any]:
        """The member ``sensitivity`` of results.json under its name, of a standard that has one."""
        return {}


class Evaluation(Recorded):
    """A mine's evaluation under one standard, with everything behind it.

    Attributes
    ----------
    score : Score, optional      None where nothing is scored.
    main_figures : tuple of str  Those of the `summary` with which a run ends on the command line.
    explained : mapping          Those whose change between two results is explained, with their units.
    """

    main_figures: ClassVar[tuple[str, ...]]
    annexed: ClassVar[Mapping[str, str]] = {  # what is traced of an annex: path in its own outcome → beside another
        f"outcome.{part}": f"outcome.annex.{part}" for part in ("grade.final", "score.total", "score.groups")}
    explained: ClassVar[Mapping[str, str]]  # figures of the `summary` that a comparison explains, with their units
    takes_arrays: ClassVar[bool] = True  # whether many cases are evaluated as one whose data are arrays
    score: Score | None

    @abstractmethod
    def told(self) -> dict[str, Any]:
        """The parts of `outcome` from which a summary is made; each number a value or an array."""

    @staticmethod
    @abstractmethod
    def summary_from(outcome: Mapping[str, Any]) -> dict[str, Any]:
        """The main figures by name, of the outcome that a run has written, or of what was `told`."""

    @staticmethod
    @abstractmethod
    def unmet_in(outcome: Mapping[str, Any]) -> list[str]:
        """What the standard asks for and the outcome does not meet: ids of its prerequisites, or of labels."""

    @staticmethod
    def unassessed_in(outcome: Mapping[str, Any]) -> list[str]:
        """What the standard asks for of which the outcome cannot tell whether it is met: ids of labels."""
        return []

    def summary(self) -> dict[str, Any]:
        """The main figures by name, each a value or an array: a row of a batch.

        >>> from mineco.core.kit import parameters
        >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
        >>> found = check(parameters() / "mines" / "tiny-quarry").summary()
        >>> found["grade"], round(float(found["emissions_t_co2e"]), 2), bool(found["near_zero"])
        ('C', 1113.78, False)
        """
        return self.summary_from(self.told())

    def parts_of(self, figure: str) -> dict[str, float]:
        """What adds up to a figure of `explained`, by id: of the score the points of its indicators in the total.

        Empty for a figure that is no sum.
        """
        if figure != "score" or self.score is None:
            return {}
        return {name: self.score.weights[name] * float(one.score) for name, one in self.indicators.items()
                if one.score is not None}

    @abstractmethod
    def with_weights_of(self, case: Case) -> Self:
        """The same measurements under the weights of another case; only what depends on weights is made anew."""

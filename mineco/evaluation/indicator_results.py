"""The indicators of one mine: each value by its formula, each score by its value function or its raters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mineco.core.errors import Problems
from mineco.core.lazy import Shown
from mineco.core.quantity import Datum, Number, Quantity, Step
from mineco.core.units import convert
from mineco.evaluation.case import Case, way_of, why_not_applicable
from mineco.evaluation.steps import step
from mineco.scoring.values import bounded_score, value_score
from mineco.standards.indicator import Indicator, UnscoredFigure, Variant

DIVISORS = ("area", "production")  # a figure that only stands beside is left out where one of these is zero


@dataclass(frozen=True, repr=False)
class IndicatorResult(Shown):
    """One indicator of one mine; ``reason`` says why it does not apply, and is empty where it does."""

    indicator: Indicator
    score: Number | None = None  # points, 0 to 100
    value: Quantity | None = None
    variant: Variant | None = None
    reason: str = ""
    ratings: Mapping[str, Quantity] = field(default_factory=dict)  # by rater; a panel's beside a value (R25)
    mean_rating: Quantity | None = None
    bound: Quantity | None = None  # measured evidence that bounds a rubric
    beside: Mapping[str, Quantity] = field(default_factory=dict)
    most: Quantity | None = None  # points that the score does not exceed, by what it is measured against (R28)

    @property
    def measured(self) -> Quantity | None:
        """What was computed from figures: the bound of a rubric that has one, else the value."""
        return self.value if self.bound is None else self.bound

    @property
    def on_value_function(self) -> bool:
        """Whether the value function alone gives the points: no rater, no other bound, and something was done."""
        if self.variant is None or self.value is None or self.bound is not None or self.most is not None:
            return False
        return isinstance(self.value.origin, Step) and self.value.origin.formula == self.variant.formula

    @property
    def applicable(self) -> bool:
        """Whether the indicator is scored."""
        return not self.reason


class Indicators(dict[str, IndicatorResult], Shown):
    """The indicators of one mine by id, in the order of the standard's table."""

    __repr__ = Shown.__repr__


def measure_all_indicators(case: Case, named: Mapping[str, Quantity], rated: bool = True) -> Indicators:
    """Value and score of every indicator of the standard, or of those that raters do not score.

    The case is complete (`require_inputs`); ``named`` has every quantity by the name that inputs give it, as
    `given_quantities` and the standard's own account name them.

    Raises
    ------
    BadInput
        With every figure that divides by zero.
    """
    problems = Problems()
    measured = Indicators()
    for indicator in case.standard.indicators.values():
        if indicator.rubric and not rated:
            continue
        with problems.collect():
            measured[indicator.id] = measure_indicator(case, indicator, named)
    problems.stop()
    return measured


def measure_indicator(case: Case, indicator: Indicator, named: Mapping[str, Quantity]) -> IndicatorResult:
    """Value and score of one indicator, or the reason why it does not apply; see `measure_all_indicators`.

    Raises
    ------
    BadInput
        When the reason is none of the standard's, or a figure divides by zero.
    """
    reason = why_not_applicable(case, indicator)
    if reason:
        return IndicatorResult(indicator, reason=reason)
    ratings = {row.rater: Quantity(row.score, "1", "assumed", f"rating.{row.rater}",
                                   Datum(file="ratings.csv", row=row.line, note=row.basis, data_source=row.evidence))
               for row in case.dossier.ratings if row.indicator == indicator.id}
    formulas = case.standard.formulas
    mean = step(formulas["mean_rating"], f"mean_rating.{indicator.id}", formulas["mean_rating"].clause,
                ratings=ratings) if ratings else None
    if mean is not None and indicator.rubric:
        return _rated(case, indicator, named, ratings, mean)
    variant = way_of(case, indicator)
    assert variant is not None
    value, score = _scored(case, indicator, variant, named)
    most = next((named[f"most.{name}"] for name in variant.inputs.values() if f"most.{name}" in named), None)
    if most is not None:
        score = bounded_score(score, most.value)
    kinds = set(case.standard.kinds(case.dossier.mine.mine_subtype))
    beside = {one.id: _value(case, indicator, one, named) for one in indicator.beside
              if kinds & set(one.applies_to) and all(name in named for name in one.inputs.values())
              and not any(np.any(np.equal(named[name].value, 0)) for name in one.inputs.values()
                          if name.endswith(DIVISORS))}
    return IndicatorResult(indicator, score, value, variant, ratings=ratings, mean_rating=mean, beside=beside,
                           most=most)


def rescored(case: Case, one: IndicatorResult) -> IndicatorResult:
    """An indicator of one mine as measured, its points by the value function of another case."""
    indicator = case.standard.indicators[one.indicator.id]
    variant, measured = way_of(case, indicator) if one.variant else None, one.measured
    if variant is None or measured is None:
        return replace(one, indicator=indicator)
    done = isinstance(measured.origin, Step) and measured.origin.formula == variant.formula
    points = value_score(measured.value, variant.knots) if done else 0.0
    if one.bound is not None:
        assert one.mean_rating is not None
        score = _bounded(case, indicator, one.mean_rating, one.bound, points)
        return replace(one, indicator=indicator, score=score.value, value=score, variant=variant)
    points = points if one.most is None else bounded_score(points, one.most.value)
    return replace(one, indicator=indicator, score=points, variant=variant)


def given_quantities(case: Case) -> dict[str, Quantity]:
    """The standard's parameters and the reporting year's figures, by the names that inputs give them."""
    named = {f"parameter.{name}": case.standard.parameter(name) for name in case.standard.parameters}
    return named | {f"metric.{name}": row.quantity for name, row in case.figures().items()}


def _rated(case: Case, indicator: Indicator, named: Mapping[str, Quantity], ratings: Mapping[str, Quantity],
           mean: Quantity) -> IndicatorResult:
    if indicator.bound is None:
        return IndicatorResult(indicator, mean.value, mean, ratings=ratings, mean_rating=mean)
    bound, points = _scored(case, indicator, indicator.bound, named)
    score = _bounded(case, indicator, mean, bound, points)
    return IndicatorResult(indicator, score.value, score, indicator.bound, ratings=ratings, mean_rating=mean,
                           bound=bound)


def _bounded(case: Case, indicator: Indicator, mean: Quantity, bound: Quantity, points: Number) -> Quantity:
    """What raters gave, as far as the points of measured evidence let it count."""
    limit = Quantity(points, "1", "calculated", f"bound.{indicator.id}", bound.origin)
    return step(case.standard.formulas["bounded_score"], indicator.id, indicator.clause, level=mean, bound=limit)


def _value(case: Case, indicator: Indicator, way: Variant | UnscoredFigure, named: Mapping[str, Quantity]) -> Quantity:
    inputs = {symbol: named[name] for symbol, name in way.inputs.items()}
    value = step(case.standard.formulas[way.formula], indicator.id, indicator.clause, **inputs)
    return replace(value, value=convert(value.value, value.unit, way.unit), unit=way.unit)


def _scored(case: Case, indicator: Indicator, way: Variant, named: Mapping[str, Quantity]) -> tuple[Quantity, Number]:
    """Value and points; where nothing was planned or done there is nothing to divide by, and the points are 0."""
    idle = [named[way.inputs[symbol]] for symbol in way.nothing_done]
    nothing = np.logical_and.reduce([np.equal(one.value, 0) for one in idle]) if idle else np.False_
    if np.ndim(nothing) == 0 and nothing:
        return replace(idle[0], value=0.0, unit=way.unit), 0.0
    if np.any(nothing):
        for symbol in way.nothing_done:
            whole = named[way.inputs[symbol]]
            named = {**named, way.inputs[symbol]: replace(whole, value=np.where(nothing, np.nan, whole.value))}
    value = _value(case, indicator, way, named)
    points = value_score(value.value, way.knots)
    if np.any(nothing):
        return replace(value, value=np.where(nothing, 0.0, value.value)), np.where(nothing, 0.0, points)
    return value, points

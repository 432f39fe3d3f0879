"""The indicators of one mine: each value by its formula, each score by its value function or its raters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Shown
from mineco.core.quantity import Datum, Number, Quantity, Step
from mineco.core.units import convert
from mineco.evaluation.case import Case
from mineco.evaluation.steps import step
from mineco.scoring.values import bounded_score, value_score
from mineco.standards.indicator import Indicator, UnscoredFigure, Variant
from mineco.standards.standard import Standard, figure_of
from mineco.standards.vocabulary import Named

FIRST_YEAR = "documented_first_year"  # the reason that follows from base_year in mine.yaml
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


def require_inputs(case: Case, rated: bool = True) -> None:
    """Every figure and, where they are rated, every rating that the applicable indicators need is there.

    Raises
    ------
    BadInput
        With all that are missing, and every reason that the standard does not know for leaving an indicator out.
    """
    problems, told = Problems(), set[tuple[str, object, object]]()
    for indicator in case.standard.indicators.values():
        with problems.collect():
            for one in missing_inputs(case, indicator, rated):
                place = one.message, one.value, one.details.get("year")
                if place not in told:  # once, whichever indicators ask for it
                    told.add(place)
                    problems.append(one)
    problems.stop()


def missing_inputs(case: Case, indicator: Indicator, rated: bool = True,
                   unknown: Mapping[str, Sequence[Problem]] | None = None) -> list[Problem]:
    """The figures and, where it is rated, the rating that an indicator needs, where it applies, and that are not there.

    ``unknown`` tells what is missing for quantities that cannot be computed, by the names that inputs give them.

    Raises
    ------
    BadInput
        When the mine leaves it out for a reason that the standard does not know.
    """
    if _not_applicable(case, indicator):
        return []
    found = []
    if rated and indicator.rubric and all(row.indicator != indicator.id for row in case.dossier.ratings):
        not_shown = [gap for row, gap in case.left_out.get("ratings", ()) if row.indicator == indicator.id]
        found += not_shown or [Problem("missing_rating", "ratings.csv", column="indicator", value=indicator.id,
                                       details=_named(indicator))]
    years, first_year = _years(case), case.dossier.mine.base_year.documented_first_year
    way = _way(case, indicator)
    asked = [*figures_asked(case.standard, way), *_deciding(case, indicator, way)] if way else []
    found += [one for name in (way.inputs.values() if way else ()) for one in (unknown or {}).get(name, ())]
    return found + [one for prefix, metric in dict.fromkeys(asked)
                    if not case.states(metric, years[prefix]) and not (first_year and prefix)
                    for one in lacking_figure(case, metric, years[prefix], indicator)]


def lacking_figure(case: Case, metric: str, year: int, indicator: Indicator) -> list[Problem]:
    """What is missing of a figure: the cell of its row where that is there and blank, else the row."""
    blank = [gap for row, gap in case.left_out.get("metrics", ()) if (row.metric, row.year) == (metric, year)]
    return blank or [missing_figure(metric, year, indicator, case.standard.metrics[metric].by_basis)]


def missing_figure(metric: str, year: int, asked_by: Named, by_basis: bool = False) -> Problem:
    """That a figure of metrics.csv is not there which an indicator, or the figure itself, asks for."""
    return Problem("missing_reference" if by_basis else "missing_metric", "metrics.csv", column="metric", value=metric,
                   details={"year": year, **_named(asked_by)})


def _named(one: Named) -> dict[str, str]:
    return {"indicator": one.id, "name_zh": one.name_zh, "name_en": one.name_en}


def _years(case: Case) -> dict[str, int]:
    """The years that the prefixes of inputs name."""
    return {"": case.year, "base.": case.base_year, "previous.": case.year - 1}


def _deciding(case: Case, indicator: Indicator, way: Variant | UnscoredFigure) -> Iterator[tuple[str, str]]:
    """The figures that decide whether an indicator applies, of which another figure is zero: production, as a rule."""
    for reason in indicator.not_applicable:
        figures = case.standard.reasons[reason].figures
        yield from ((prefix, figures[0]) for prefix, figure in figures_asked(case.standard, way)
                    if figure in figures and _is_zero(case, prefix, figure, np.any))


def figures_asked(standard: Standard, way: Variant | UnscoredFigure) -> Iterator[tuple[str, str]]:
    """The figures of metrics.csv that a way of computing asks for, each with the prefix of its year.

    >>> from mineco.standards.load import load_standard
    >>> standard = load_standard("carbon-neutral-mine-2025")
    >>> list(figures_asked(standard, standard.indicators["E1.3"].variants[0]))
    [('', 'production'), ('previous.', 'production')]
    """
    for name in way.inputs.values():
        figure = figure_of(name)
        if figure:
            yield name.rpartition(figure)[0].removesuffix("metric.").removesuffix("counted."), figure
        for part in standard.quantities[name].figures if name in standard.quantities else ():
            prefix, _, figure = part.rpartition(".")
            yield f"{prefix}." if prefix else "", figure


def measure_indicator(case: Case, indicator: Indicator, named: Mapping[str, Quantity]) -> IndicatorResult:
    """Value and score of one indicator, or the reason why it does not apply; see `measure_all_indicators`.

    Raises
    ------
    BadInput
        When the reason is none of the standard's, or a figure divides by zero.
    """
    reason = _not_applicable(case, indicator)
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
    variant = _way(case, indicator)
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


def given_quantities(case: Case) -> dict[str, Quantity]:
    """The standard's parameters and the reporting year's figures, by the names that inputs give them."""
    named = {f"parameter.{name}": case.standard.parameter(name) for name in case.standard.parameters}
    return named | {f"metric.{name}": row.quantity for name, row in case.figures().items()}


def _not_applicable(case: Case, indicator: Indicator) -> str:
    """The reason for which the indicator does not apply: the mine's, or that there is no earlier year."""
    mine = case.dossier.mine
    if indicator.id in mine.not_applicable:
        reasons = case.standard.not_applicable_reasons(indicator.id, case.option_values)
        allowed = [name for name, known in reasons.items() if known.mine_type in ("", mine.type) and not known.figures
                   and (name != FIRST_YEAR or mine.base_year.documented_first_year)]
        reason = mine.not_applicable[indicator.id].reason
        if reason not in allowed:
            raise BadInput(Problem("reason_not_allowed", file="mine.yaml", row=f"not_applicable.{indicator.id}.reason",
                                   value=reason, details={"allowed": ", ".join(allowed) or "—"}))
        _require_undenied(case, indicator.id, reason)
        return reason
    if mine.base_year.documented_first_year and FIRST_YEAR in indicator.not_applicable:
        return FIRST_YEAR
    return next((name for name in indicator.not_applicable if _holds_by_itself(case, indicator, name)), "")


def _require_undenied(case: Case, indicator: str, reason: str) -> None:
    """No figure of the year contradicts the reason for which the mine leaves an indicator out."""
    figures = case.standard.reasons[reason].denied_by
    for name, given in (*((name, row.quantity) for name, row in case.figures().items()),
                        *(("parcels", row.area) for row in case.dossier.parcels if row.year == case.year)):
        if name in figures and np.any(np.greater(given.value, 0)):
            raise BadInput(Problem("reason_denied", "mine.yaml", f"not_applicable.{indicator}.reason", value=reason,
                                   details={"figure": name, "given": f"{given.datum.given} {given.unit}",
                                            "from": given.datum.file, "line": given.datum.row}))


def _holds_by_itself(case: Case, indicator: Indicator, reason: str) -> bool:
    """Whether the figures of a reason say that it holds: one that the indicator asks for is zero, as is the first.

    Both of one year: fresh water per output is left out for want of production, not for want of sales.
    """
    figures, way = case.standard.reasons[reason].figures, _way(case, indicator)
    return bool(figures) and way is not None and any(
        figure in figures and all(_is_zero(case, prefix, one, np.all) for one in (figure, figures[0]))
        for prefix, figure in figures_asked(case.standard, way))


def _is_zero(case: Case, prefix: str, figure: str, over: Callable[..., Any]) -> bool:
    """Whether a figure of the year that a prefix names is given, and zero for any or for all mines of an array."""
    given = case.figure(figure, _years(case)[prefix])
    return given is not None and bool(over(np.equal(given.value, 0)))


def _rated(case: Case, indicator: Indicator, named: Mapping[str, Quantity], ratings: Mapping[str, Quantity],
           mean: Quantity) -> IndicatorResult:
    if indicator.bound is None:
        return IndicatorResult(indicator, mean.value, mean, ratings=ratings, mean_rating=mean)
    bound, points = _scored(case, indicator, indicator.bound, named)
    limit = Quantity(points, "1", "calculated", f"bound.{indicator.id}", bound.origin)
    score = step(case.standard.formulas["bounded_score"], indicator.id, indicator.clause, level=mean, bound=limit)
    return IndicatorResult(indicator, score.value, score, indicator.bound, ratings=ratings, mean_rating=mean,
                           bound=bound)


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


def _way(case: Case, indicator: Indicator) -> Variant | None:
    """How the indicator is computed for this kind of mine, or what bounds its rubric."""
    if indicator.rubric:
        return indicator.bound
    return case.standard.variant(indicator.id, case.dossier.mine.mine_subtype, case.option_values, case.year)

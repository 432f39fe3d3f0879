"""The indicators of one mine: each value by its formula, each score by its value function or its raters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Shown
from mineco.core.quantity import Datum, Number, Quantity
from mineco.core.units import convert
from mineco.evaluation.account import Account
from mineco.evaluation.case import Case
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.steps import step
from mineco.scoring.values import value_score
from mineco.standards.load import Formula, Indicator, Variant
from mineco.standards.parts import UnscoredFigure

FIRST_YEAR = "documented_first_year"  # the reason that follows from base_year in mine.yaml


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

    @property
    def applicable(self) -> bool:
        """Whether the indicator is scored."""
        return not self.reason


class Indicators(dict[str, IndicatorResult], Shown):
    """The indicators of one mine by id, in the order of the standard's table."""

    __repr__ = Shown.__repr__


def measure_indicators(case: Case, accounts: Mapping[int, Account], ledger: Ledger) -> Indicators:
    """Value and score of every indicator of the standard.

    Parameters
    ----------
    case : Case
    accounts : mapping
        By year: those that the reporting year is compared with.
    ledger : Ledger
        Of the reporting year, with its account.

    Returns
    -------
    dict
        By id, in the order of the standard's table.

    Raises
    ------
    BadInput
        With every missing figure and rating.

    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import compute_accounts, compute_ledger, open_case
    >>> from mineco.core.kit import parameters
    >>> case = open_case(parameters() / "mines" / "tiny-quarry")
    >>> found = measure_indicators(case, compute_accounts(case), compute_ledger(case))
    >>> float(found["E2.5"].value), found["M1.2"].score  # 66 of 80 t; the mean of 75 and 50
    (82.5, 62.5)
    """
    require_inputs(case)
    return measure_all_indicators(case, named_quantities(case, accounts, ledger))


def measure_all_indicators(case: Case, named: Mapping[str, Quantity], rated: bool = True) -> Indicators:
    """Value and score of every indicator of the standard, from the quantities that its inputs name.

    Parameters
    ----------
    case : Case
        Whose figures and ratings are complete: see `require_inputs`.
    named : mapping
        Every quantity by the name that inputs give it, as `given_quantities` and the standard's own account name them.
    rated : bool
        Whether those that raters score are measured too.

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
    problems = Problems()
    years = {"": case.year, "base.": case.base_year, "previous.": case.year - 1}
    given = {f"{prefix}metric.{row.metric}" for prefix, year in years.items()
             for row in case.dossier.metrics if row.year == year}
    with_rating = {row.indicator for row in case.dossier.ratings}
    for indicator in case.standard.indicators.values():
        names = {"indicator": indicator.id, "name_zh": indicator.name_zh, "name_en": indicator.name_en}
        with problems.collect():
            if _not_applicable(case, indicator):
                continue
            if rated and indicator.rubric and indicator.id not in with_rating:
                problems.add("missing_rating", file="ratings.csv", column="indicator", value=indicator.id, **names)
            way = _way(case, indicator)
            for name in way.inputs.values() if way else ():
                if "metric." in name and name not in given:
                    prefix, _, metric = name.rpartition("metric.")
                    problems.add("missing_metric", file="metrics.csv", column="metric", value=metric,
                                 year=years[prefix], **names)
    problems.stop()


def measure_indicator(case: Case, indicator: Indicator, named: Mapping[str, Quantity]) -> IndicatorResult:
    """Value and score of one indicator, or the reason why it does not apply.

    Parameters
    ----------
    case : Case
        Whose figures and ratings are complete: see `require_inputs`.
    indicator : Indicator
    named : mapping
        From `named_quantities`.

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
    mean = _mean(formulas["mean_rating"], indicator, ratings) if ratings else None
    if mean is not None and indicator.rubric:
        return _rated(case, indicator, named, ratings, mean)
    variant = _way(case, indicator)
    assert variant is not None
    value, score = _scored(case, indicator, variant, named)
    beside = {one.id: _value(case, indicator, one, named) for one in indicator.beside
              if _applies(case, one) and all(name in named for name in one.inputs.values())}
    return IndicatorResult(indicator, score, value, variant, ratings=ratings, mean_rating=mean, beside=beside)


def _mean(formula: Formula, indicator: Indicator, ratings: Mapping[str, Quantity]) -> Quantity:
    return step(formula, f"mean_rating.{indicator.id}", formula.clause, ratings=ratings)


def given_quantities(case: Case) -> dict[str, Quantity]:
    """The standard's parameters and the reporting year's figures, by the names that inputs give them."""
    named = {f"parameter.{name}": factor.as_quantity() for name, factor in case.standard.parameters.items()}
    return named | {f"metric.{row.metric}": row.quantity for row in case.dossier.metrics if row.year == case.year}


def named_quantities(case: Case, accounts: Mapping[int, Account], ledger: Ledger) -> dict[str, Quantity]:
    """Every quantity that the standard's indicators may name, those of earlier years with a prefix."""
    account = ledger.account
    named = given_quantities(case)
    named |= {"emissions": ledger.emissions, "energy": account.energy(),
              "electricity_energy": account.energy("electricity_energy", ["electricity"]),
              "renewable_energy": account.energy("renewable_energy", ["renewable"]),
              "green_power": account.energy("green_power", ["renewable"], scopes=["2"]),
              "abatement": ledger.abatement.total, "restoration_removals": ledger.removals.restoration,
              "filled_co2": ledger.removals.filled, "removals": ledger.removals.total, "residual": ledger.residual,
              "offsets": ledger.offsets.total, "offset_ratio": ledger.offset_ratio,
              "restored_area": ledger.removals.restored_area}
    years = {"base": case.base_year}
    if not case.dossier.mine.base_year.documented_first_year:
        years["previous"] = case.year - 1
    for prefix, year in years.items():
        named[f"{prefix}.emissions"] = accounts[year].emissions()
        named[f"{prefix}.energy"] = accounts[year].energy()
        named |= {f"{prefix}.metric.{row.metric}": row.quantity for row in case.dossier.metrics if row.year == year}
        named[f"years_since_{prefix}"] = Quantity(float(case.year - year), "yr", "calculated", f"years_since_{prefix}",
                                                  Datum(file="mine.yaml", row="reporting_year"))
    return named


def _not_applicable(case: Case, indicator: Indicator) -> str:
    """The reason for which the indicator does not apply: the mine's, or that there is no earlier year."""
    mine = case.dossier.mine
    if indicator.id in mine.not_applicable:
        allowed = [name for name, known in case.standard.not_applicable_reasons(indicator.id, _values(case)).items()
                   if known.mine_type in ("", mine.type)
                   and (name != FIRST_YEAR or mine.base_year.documented_first_year)]
        reason = mine.not_applicable[indicator.id].reason
        if reason not in allowed:
            raise BadInput(Problem("reason_not_allowed", file="mine.yaml", row=f"not_applicable.{indicator.id}.reason",
                                   value=reason, details={"allowed": ", ".join(allowed) or "—"}))
        return reason
    return FIRST_YEAR if mine.base_year.documented_first_year and FIRST_YEAR in indicator.not_applicable else ""


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
    return case.standard.variant(indicator.id, case.dossier.mine.mine_subtype, _values(case))


def _applies(case: Case, way: UnscoredFigure) -> bool:
    subtype = case.dossier.mine.mine_subtype
    return bool({subtype, case.standard.mine_type(subtype), "all"} & set(way.applies_to))


def _values(case: Case) -> dict[str, object]:
    return {name: option.value for name, option in case.options.items()}

"""Changes of what a case is held to: factors, value functions and weights, each refused where it cannot be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.core.labels import label
from mineco.core.quantity import Factor, Number
from mineco.core.units import convert
from mineco.dossier.cells import in_range, shown_limit
from mineco.evaluation.case import Case, parse_options, with_options, with_panel
from mineco.evaluation.places import limits_of_factor
from mineco.evaluation.registry import evaluate, has_preliminary, preliminary
from mineco.evaluation.variants.edits import cells_of, named, require_columns
from mineco.evaluation.variants.grammar import RULES
from mineco.standards.factors import Factors
from mineco.standards.standard import Standard
from mineco.weighting.weights_file import WeightsFile, read_weights

WHOLE, ROUNDING = 100.0, 1e-6  # [%]


def with_rules(case: Case, options: Mapping[str, Any] | None = None, factors: Mapping[str, Any] | None = None,
               knots: Mapping[str, Sequence[tuple[float, float]]] | None = None,
               weights: Mapping[str, float] | str | Path | WeightsFile | None = None) -> Case:
    """The case under other options, factors, value functions or weights; all that is wrong at once.

    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> with_rules(quarry, factors={"NDRC2014.diesel.NCV": "40 GJ/t"}).factors.by_id("NDRC2014.diesel.NCV").value
    40.0
    """
    problems = Problems()
    asked: tuple[tuple[Callable[[Case, Any], Case], Any], ...] = (
        (_with_options, options), (_with_used_factors, factors), (_with_knots, knots), (_with_weights, weights))
    for name, (change, given) in zip(RULES, asked, strict=True):
        if given is not None:
            with problems.collect():
                case = change(case, given if change is _with_weights else named(name, given))
    problems.stop()
    return case


def _with_options(case: Case, given: Mapping[str, Any]) -> Case:
    texts = {name: one for name, one in given.items() if isinstance(one, str)}
    return with_options(case, **{**given, **parse_options(case.standard, texts)})


def _with_used_factors(case: Case, given: Mapping[str, Any]) -> Case:
    """As `with_factors`, but an id that nothing in the result asks for is refused: it would change nothing."""
    single = {id: one.tolist() if isinstance(one, np.ndarray) else one for id, one in given.items()}  # an array: many
    changed = with_factors(case, single)
    problems, used = Problems(), used_factors(case)
    for id in given:
        if used is not None and id not in used:
            problems.add("factor_without_use", row=f"factors.{id}", known=nearest_first(id, used) or "—")
    problems.stop()
    return changed


def used_factors(case: Case) -> list[str] | None:
    """Ids of the factors that anything in the result of a case asks for; None where there is no result.

    >>> from mineco.evaluation.case import open_case
    >>> used = used_factors(open_case("parameters/mines/tiny-quarry"))
    >>> "NDRC2014.diesel.NCV" in used, "NDRC2014.gasoline.NCV" in used
    (True, False)
    """
    noted = NotedFactors(case.factors)
    watched = replace(case, factors=noted)
    try:
        evaluate(watched).outcome()
    except BadInput:  # of data that are missing there is a range
        if not has_preliminary(case.standard.id):
            return None
        try:
            preliminary(watched)
        except BadInput:  # whoever evaluates the case is told
            return None
    return list(noted.used)


class NotedFactors(Factors):
    """The same factors, which note those that are asked for."""

    def __init__(self, factors: Factors) -> None:
        vars(self).update(vars(factors))
        self.used: dict[str, Factor] = {}

    def by_id(self, id: str) -> Factor:
        return self.used.setdefault(id, super().by_id(id))

    def find(self, quantity: str, edition: str | None = None, data_year: int | str | None = None,
             **facets: str) -> Factor:
        found = super().find(quantity, edition, data_year, **facets)
        return self.used.setdefault(found.id, found)


def with_factors(case: Case, given: Mapping[str, Any]) -> Case:
    """The case with other values of factors, by id; numbers in the unit of the factor, or with a unit of their own.

    Raises
    ------
    BadInput
        With every id that is not known, with the nearest; every unit of something else; and every value that the item
        of a dossier for which the factor stands in could not have.
    """
    problems, values = Problems(), dict[str, Number]()
    for id, one in given.items():
        with problems.collect():
            factor = case.factors.by_id(id)
            values[id] = _factor_value(case, factor, one)
    problems.stop()
    return replace(case, factors=case.factors.with_values(values, label("what_if")))


def _factor_value(case: Case, factor: Factor, given: Any) -> Number:
    if isinstance(given, np.ndarray):
        value: Number = given.astype(float)
    else:
        cells = cells_of(f"factors.{factor.id}", given, "value", "unit") or {}
        require_columns("", ("factors", factor.id), cells, ("value", "unit"))
        try:
            number = float(cells["value"].replace(",", ""))
        except (KeyError, ValueError):
            raise BadInput(Problem("argument_not_a_number", row=f"factors.{factor.id}", value=str(given))) from None
        value = convert(number, cells.get("unit", factor.unit), factor.unit)
    for low, high in limits_of_factor(case, factor):
        if not all(np.isfinite(one) and in_range(one, low, high) for one in np.ravel(value).tolist()):
            raise BadInput(Problem("out_of_range", row=f"factors.{factor.id}", value=str(given), details={
                "minimum": shown_limit(low, factor.unit), "maximum": shown_limit(high, factor.unit)}))
    return value


def _with_knots(case: Case, given: Mapping[str, Sequence[tuple[float, float]]]) -> Case:
    """Value functions by indicator: of the way in which it is computed for this mine."""
    functions = {}
    for name, knots in given.items():
        one = case.standard.indicators.get(name)
        if one is not None and one.variants:
            way = case.standard.variant(name, case.dossier.mine.mine_subtype, case.option_values, case.year)
            name = f"{name}/{way.id}"
        functions[name] = knots
    return replace(case, standard=case.standard.with_knots(functions))


def _with_weights(case: Case, given: Mapping[str, float] | str | Path | WeightsFile) -> Case:
    """Weights of a panel's file, or in per cent by id; those of a level add up to 100."""
    if isinstance(given, WeightsFile):
        return with_panel(case, given)
    if isinstance(given, str | Path):
        return with_panel(case, read_weights(given, case.standard.id))
    standard, problems, given = case.standard, Problems(), named("weights", given)
    if not standard.grades:  # its weights are drawn, for which a file says how far they may lie
        raise BadInput(Problem("weights_need_a_file", row="weights"))
    weights: dict[str, Factor] = {}
    for name, value in given.items():
        part = standard.indicators.get(name) or standard.groups.get(name)
        if part is None:
            known = [*standard.groups, *standard.indicators]
            problems.add("not_in_standard", row=f"weights.{name}", known=nearest_first(name, known))
        elif not isinstance(value, Real) or isinstance(value, bool):
            problems.add("argument_not_a_number", row=f"weights.{name}", value=str(value))
        elif not 0 <= value <= WHOLE:
            problems.add("out_of_range", row=f"weights.{name}", value=str(value), minimum="0 %", maximum="100 %")
        else:
            weights[name] = Factor(id=f"weight.{name}", quantity="weight", value=float(value), unit="%",
                                   source=label("what_if"), status="assumed", name_zh=part.name_zh,
                                   name_en=part.name_en, clause=part.clause)
    problems.stop()
    changed = standard.with_weights({**standard.panel_weights, **weights})
    for level, names in _levels(standard).items():
        total = sum(changed.weight(name).value for name in names)
        if set(names) & set(given) and abs(total - WHOLE) > ROUNDING:
            problems.add("weights_not_whole", row=f"weights.{level}", value=f"{total:g} %", members=", ".join(names))
    problems.stop()
    return replace(case, standard=changed)


def _levels(standard: Standard) -> dict[str, list[str]]:
    return {"groups": list(standard.groups),
            **{group: [one.id for one in standard.in_group(group)] for group in standard.groups}}

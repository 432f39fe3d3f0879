"""One step on paper: clause, formula, numbers put in, result, and where each number comes from."""

from collections.abc import Iterable, Mapping
from typing import Any

from mineco.core.formatting import EXACT, format_number, tex_number
from mineco.core.labels import current_language, has_label, label
from mineco.core.quantity import Datum, Factor, Quantity, Step
from mineco.evaluation.case import Case
from mineco.evaluation.steps import converted_inputs, tex, tex_with_numbers
from mineco.report.tables import Block, CaptionNumber, formula_block, show_text
from mineco.standards.vocabulary import Formula

COMPUTED = 8  # significant digits


def show_step(case: Case, result: Quantity, number: CaptionNumber = None) -> Block:
    """How a quantity was computed, so that a reader can do it again by hand.

    Parameters
    ----------
    case : Case
        Gives names, symbols and units of the formula.
    result : Quantity
        Whose origin is a step.
    number : int or str, optional
        Of the formula.
    """
    made = result.origin
    assert isinstance(made, Step)
    if not made.formula:  # a sum or a difference that somebody made beside the formulas of the standard
        return show_text(f"{result.name} = {result}")
    formula = case.standard.formulas[made.formula]
    given = converted_inputs(formula, made)
    numbers = {symbol: ({key: tex_number(float(one), _digits(one)) for key, one in value.items()}
                        if isinstance(value, Mapping) else tex_number(float(value), _digits(value)))
               for symbol, value in given.items()}
    names = (result_name(case, result.name), formula.name_zh if current_language() == "zh" else formula.name_en)
    document = case.standard.references[formula.source].title[current_language()]
    return formula_block(f"{formula.tex} = {tex(formula)}", tex_with_numbers(formula, numbers),
                         format_number(float(result), result.unit, digits=6), made.clause,
                         list(_sources(case, formula, given)), title=" · ".join(name for name in names if name),
                         reference=f"{document} {formula.locator}".strip(), number=number)


def show_steps(case: Case, results: Iterable[Quantity]) -> Block:
    """Several steps below each other."""
    blocks = [show_step(case, result) for result in results]
    return Block("\n".join(block.html for block in blocks), "\n\n".join(block.text for block in blocks))


def _digits(quantity: Quantity) -> int:
    """Digits to print: all that were given, and of a computed number as many as a pocket calculator shows.

    Weights may be computed too.
    """
    computed = isinstance(quantity.origin, Step) or getattr(quantity.origin, "quantity", "") == "weight"
    return COMPUTED if computed else EXACT


def _sources(case: Case, formula: Formula, given: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for symbol, value in given.items():
        known = formula.symbols[symbol]
        name = known.name_zh if current_language() == "zh" else known.name_en
        for key, one in value.items() if isinstance(value, Mapping) else [("", value)]:
            yield {"symbol": known.tex, "name": f"{name} {key_name(case, key)}".strip(),
                   "value": format_number(float(one), digits=_digits(one)),
                   "unit": one.unit, "kind": one.kind, "status": getattr(one.origin, "status", ""),
                   "source": origin_text(case, one)}


def origin_text(case: Case, quantity: Quantity) -> str:
    """Where a number comes from: a row of the dossier, a factor with its document, or an earlier step."""
    origin = quantity.origin
    if isinstance(origin, Datum):
        place = f"{origin.file}:{origin.row}"
        return f"{place} {origin.data_source}".strip()
    if isinstance(origin, Factor):
        return f"{origin.source} [{origin.id}]"
    formula = case.standard.formulas[origin.formula]
    return f"{label('computed_above')}{formula.name_zh if current_language() == 'zh' else formula.name_en}"


def result_name(case: Case, name: str) -> str:
    """What a result is called: a source, a gas, a group, an indicator; blank where the formula's own name says it."""
    for candidate in (name, name.partition(".")[2], name.removeprefix("mass_")):
        shown = key_name(case, candidate)
        if shown != candidate:
            return shown
    return ""


def key_name(case: Case, key: str) -> str:
    """A key in the reader's language: a gas, a source with what it burns, an indicator; else as it stands."""
    standard = case.standard
    if has_label(key):
        return label(key)
    for known in (standard.indicators, standard.groups):
        if key in known:
            return f"{key} {known[key].name[current_language()]}"
    source, *rest = key.split("|")
    if source in standard.sources:
        return f"{standard.sources[source].name[current_language()]} {item_name(case, source, rest[0])}".strip()
    return key


def gas_name(case: Case, gas: str) -> str:
    """A gas as it is printed."""
    return label(gas) if has_label(gas) else case.factors.name("gas", gas, current_language())


def item_name(case: Case, source: str, key: str) -> str:
    """What a source burns, uses or emits, by its name in the factor tables where it has one there."""
    facet = case.standard.sources[source].key
    return case.factors.name(facet, key, current_language()) if facet and facet != "instance" and key else key


def with_intermediate(results: list[Quantity]) -> list[Quantity]:
    """The results, each after the steps that its inputs came from, and no step twice."""
    ordered: dict[int, Quantity] = {}

    def visit(quantity: Quantity) -> None:
        if isinstance(quantity.origin, Step) and id(quantity) not in ordered:
            for given in quantity.origin.inputs.values():
                for one in given.values() if isinstance(given, Mapping) else [given]:
                    visit(one)
            ordered[id(quantity)] = quantity

    for result in results:
        visit(result)
    return list(ordered.values())

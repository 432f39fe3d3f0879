"""One step of an evaluation: units converted, a formula applied, and everything kept that a report prints."""

import functools
import re
from collections.abc import Callable, Mapping

from latexify import get_latex

from mineco import accounting, indicators, restoration, scoring, units
from mineco.errors import BadInput, Problem
from mineco.quantity import Quantity, Step
from mineco.standards import Formula

FORMULA_MODULES = (accounting, restoration, indicators, scoring)


def function(formula_id: str) -> Callable:
    """The Python function of that name among the modules of formulas.

    >>> function("combustion_co2").__name__
    'combustion_co2'
    """
    for module in FORMULA_MODULES:
        if hasattr(module, formula_id):
            return getattr(module, formula_id)
    raise BadInput(Problem("unknown_formula", value=formula_id))


def step(formula: Formula, name: str, clause: str = "", **inputs: Quantity | Mapping[str, Quantity]) -> Quantity:
    """Apply a formula to quantities and keep what went in.

    Each input is converted to the unit that the formula states for its symbol. A formula may state several aligned
    sets of units (t with GJ/t, 10^4 Nm3 with GJ/(10^4 Nm3)); the first set that fits all inputs is taken.

    Parameters
    ----------
    formula : Formula
        From ``standard.formulas``: symbols with their units, result with its unit.
    name : str
        What the result is called, an id of the labels.
    clause : str
        Clause of the standard under which the step is made.
    **inputs : Quantity, or mapping of Quantity for a formula that sums over keys
        One for each symbol of the formula.

    Returns
    -------
    Quantity
        Of kind ``calculated``, whose origin is the step.

    Raises
    ------
    BadInput
        When no set of units fits, naming the input.
    """
    choice = _unit_set(formula, inputs)
    values = {symbol: _converted(given, formula.symbols[symbol].units[choice]) for symbol, given in inputs.items()}
    result = function(formula.id)(**values)
    return Quantity(result, formula.units[choice], "calculated", name, Step(formula.id, dict(inputs), clause))


def converted_inputs(formula: Formula, made: Step) -> dict[str, Quantity | dict[str, Quantity]]:
    """The inputs of a step in the units that went into the formula, for print."""
    choice = _unit_set(formula, made.inputs)

    def convert(given: Quantity, unit: str) -> Quantity:
        return Quantity(units.convert(given.value, given.unit, unit), unit, given.kind, given.name, given.origin)

    shown: dict[str, Quantity | dict[str, Quantity]] = {}
    for symbol, given in made.inputs.items():
        unit = formula.symbols[symbol].units[choice]
        shown[symbol] = ({key: convert(one, unit) for key, one in given.items()} if isinstance(given, Mapping)
                         else convert(given, unit))
    return shown


def _unit_set(formula: Formula, inputs: Mapping[str, Quantity | Mapping[str, Quantity]]) -> int:
    misfits = []
    for choice in range(len(formula.units)):
        wrong = [(one, formula.symbols[symbol].units[choice]) for symbol, given in inputs.items()
                 for one in (given.values() if isinstance(given, Mapping) else [given])
                 if not units.compatible(one.unit, formula.symbols[symbol].units[choice])]
        if not wrong:
            return choice
        misfits.append(wrong)
    raise BadInput([_wrong_dimension(one, unit) for one, unit in min(misfits, key=len)])


def _wrong_dimension(given: Quantity, expected: str) -> Problem:
    origin = given.origin
    place = {"file": getattr(origin, "file", ""), "row": getattr(origin, "row", "") or getattr(origin, "id", "")}
    return Problem("wrong_dimension", **place, column="unit", value=given.unit,
                   details={"name": given.name, "expected": expected})


def _converted(given: Quantity | Mapping[str, Quantity], unit: str):
    if isinstance(given, Mapping):
        return {key: units.convert(one.value, one.unit, unit) for key, one in given.items()}
    return units.convert(given.value, given.unit, unit)


@functools.cache
def _latex(formula_id: str, symbols: tuple[str, ...]) -> str:
    """TeX of the function's own expression, with a placeholder where each symbol stands."""
    names = {symbol: _placeholder(symbol) for symbol in symbols} | {"maximum": "max", "minimum": "min"}
    return get_latex(function(formula_id), identifiers=names, use_signature=False, reduce_assignments=True)


def _placeholder(symbol: str) -> str:
    return f"q{symbol.replace('_', 'q')}q"


def tex(formula: Formula, replaced: Mapping[str, str] | None = None) -> str:
    """The formula as TeX, generated from the function itself, so that print and code cannot drift.

    Parameters
    ----------
    formula : Formula
        Gives the TeX of each symbol.
    replaced : mapping, optional
        Other text for each symbol: the numbers put in.
    """
    shown = replaced or {symbol: known.tex for symbol, known in formula.symbols.items()}
    written = _latex(formula.id, tuple(formula.symbols))
    for symbol, text in shown.items():
        written = re.sub(r"\\mathrm\{" + _placeholder(symbol) + r"\}", lambda _, text=text: "{" + text + "}", written)
    return written

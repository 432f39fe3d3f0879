"""One step of an evaluation: units converted, a formula applied, and everything kept that a report prints."""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from mineco import accounting, restoration
from mineco.core import units
from mineco.core.errors import BadInput, Problem
from mineco.core.quantity import Datum, Factor, Number, Quantity, Step
from mineco.scoring import bounds, emissions, indicators
from mineco.scoring import values as scoring
from mineco.standards.vocabulary import Formula

FORMULA_MODULES = (accounting, restoration, indicators, emissions, bounds, scoring)
LONGEST_SUM = 6  # terms written out
GAS = "{gas}"  # stands in a unit for the gas of each key of a sum
SUM = re.compile(r"\\sum_\{(\w+) \\in \\mathrm\{(\w+)\}\}\^\{\} "
                 r"\\mathopen\{\}\\left\(\{(.*?)\}\\mathclose\{\}\\right\)")
LENGTH = re.compile(r"\\mathrm\{len\} \\mathopen\{\}\\left\( (.*?) \\mathclose\{\}\\right\)")


@functools.cache
def formula_function(name: str) -> Callable:
    """The Python function of that name among the modules of formulas.

    >>> formula_function("combustion_co2").__name__
    'combustion_co2'
    """
    for module in FORMULA_MODULES:
        if hasattr(module, name):
            return getattr(module, name)
    raise BadInput(Problem("unknown_formula", value=name))


def step(formula: Formula, name: str, clause: str = "", **inputs: Quantity | Mapping[str, Quantity]) -> Quantity:
    """Apply a formula to quantities and keep what went in.

    Each input is converted to the unit that the formula states for its symbol. A formula may state several aligned
    sets of units (t with GJ/t, 10^4 Nm3 with GJ/(10^4 Nm3)); the first set that fits all inputs is taken.

    Parameters
    ----------
    formula : Formula    From ``standard.formulas``: symbols with their units, result with its unit.
    name : str           What the result is called, an id of the labels.
    clause : str         Clause of the standard under which the step is made.
    **inputs             For each symbol of the formula a Quantity; where it sums over keys, a mapping of them.

    Returns
    -------
    Quantity             Of kind ``calculated``, whose origin is the step.

    Raises
    ------
    BadInput
        When no set of units fits, or when something is divided by zero, naming the input.

    >>> from mineco.core.quantity import Datum
    >>> from mineco.standards.load import load_standard
    >>> share = load_standard("carbon-neutral-mine-2025").formulas["share"]
    >>> used = Quantity(30.0, "ha", "measured", "green_area", Datum(file="metrics.csv", row=4))
    >>> whole = Quantity(1.2, "km2", "measured", "total_area", Datum(file="metrics.csv", row=5))
    >>> green = step(share, "green_cover", part=used, whole=whole)
    >>> round(green.value, 9), green.unit
    (25.0, '%')
    """
    choice = _unit_set(formula, inputs)
    values = {symbol: _converted(given, formula.symbols[symbol].units[choice]) for symbol, given in inputs.items()}
    try:
        result = _applied(formula, values)
    except (ZeroDivisionError, FloatingPointError):
        zeros = [given for symbol in _divisors(formula, values) if isinstance(given := inputs[symbol], Quantity)]
        raise BadInput([_problem("divided_by_zero", one, value=0, result=name) for one in zeros]
                       or Problem("not_computable", row=name, value=formula.id)) from None
    made = Step(formula.id, dict(inputs), clause, formula.function, functools.partial(step, formula, name, clause))
    return Quantity(result, formula.units[choice], "calculated", name, made)


def converted_inputs(formula: Formula, made: Step) -> dict[str, Quantity | dict[str, Quantity]]:
    """The inputs of a step in the units that went into the formula, for print.

    >>> from mineco.core.quantity import Datum
    >>> from mineco.standards.load import load_standard
    >>> energy = load_standard("carbon-neutral-mine-2025").formulas["ratio_to_cap"]
    >>> given = {"amount": Quantity(900.0, "kgce", "measured", "used", Datum(file="metrics.csv", row=4)),
    ...          "cap": Quantity(2.0, "tce", "measured", "cap", Datum(file="metrics.csv", row=5))}
    >>> converted_inputs(energy, Step("ratio_to_cap", given))["amount"].value
    0.9
    """
    choice = _unit_set(formula, made.inputs)

    def convert(given: Quantity, unit: str) -> Quantity:
        return replace(given, value=units.convert(given.value, given.unit, unit), unit=unit)

    shown: dict[str, Quantity | dict[str, Quantity]] = {}
    for symbol, given in made.inputs.items():
        unit = formula.symbols[symbol].units[choice]
        shown[symbol] = ({key: convert(one, _unit_for(unit, key)) for key, one in given.items()}
                         if isinstance(given, Mapping) else convert(given, unit))
    return shown


def _applied(formula: Formula, values: Mapping[str, Number | dict[str, Number]]) -> Number:
    """The value of a formula; an array with a division by zero stops the work as a single number does."""
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        return formula_function(formula.function)(**values)


def _divisors(formula: Formula, values: Mapping[str, Number | dict[str, Number]]) -> list[str]:
    """The inputs that are zero and divide: with another value of one of them the formula can be computed."""
    zeros = [symbol for symbol, value in values.items() if not isinstance(value, dict) and np.any(np.equal(value, 0))]

    def divides(symbol: str) -> bool:
        try:
            _applied(formula, {**values, symbol: 1.0})
        except (ZeroDivisionError, FloatingPointError):
            return False
        return True

    return [symbol for symbol in zeros if divides(symbol)] or zeros


def _unit_for(unit: str, key: str) -> str:
    """The unit for one key of a sum: ``t{gas}`` is tCH4 for the key CH4_fossil."""
    return unit.replace(GAS, key.partition("_")[0])


def _unit_set(formula: Formula, inputs: Mapping[str, Quantity | Mapping[str, Quantity]]) -> int:
    """The set that fits all inputs, of several the one in which most of them were given."""
    found = _best_set(len(formula.units), tuple(
        (one.unit, key.partition("_")[0] if GAS in asked[0] else "", asked) for symbol, given in inputs.items()
        for asked in [formula.symbols[symbol].units]
        for key, one in (given.items() if isinstance(given, Mapping) else [("", given)])))
    if found is None:
        sets = [_flat(formula, inputs, choice) for choice in range(len(formula.units))]
        raise BadInput(_misfitting([[(one, unit) for one, unit in asked if not units.compatible(one.unit, unit)]
                                    for asked in sets]))
    return found


@functools.lru_cache(maxsize=4096)
def _best_set(count: int, inputs: tuple[tuple[str, str, tuple[str, ...]], ...]) -> int | None:
    """Of so many sets of units the one that fits; of each input come its unit, its gas, and what every set asks."""
    sets = [[(given, asked[choice].replace(GAS, gas)) for given, gas, asked in inputs] for choice in range(count)]
    fitting = [choice for choice, pairs in enumerate(sets) if all(units.compatible(*pair) for pair in pairs)]
    return max(fitting, key=lambda choice: sum(given == unit for given, unit in sets[choice]), default=None)


def _misfitting(misfits: list[list[tuple[Quantity, str]]]) -> list[Problem]:
    """What the set that fits best refuses, told at a row where one can be named, with the factors that forbid another.

    Each set comes with the quantities that it does not fit, and the unit that it asks of them.
    """
    fewest = min(misfits, key=lambda wrong: (len(wrong), sum(not isinstance(one.origin, Datum) for one, _ in wrong)))
    other = min((wrong for wrong in misfits if all(isinstance(one.origin, Factor) for one, _ in wrong)),
                key=len, default=None)
    if other is None or other == fewest:
        return [_problem("wrong_dimension", one, one.unit, expected=unit) for one, unit in fewest]
    told = {"factors": ", ".join(one.name for one, _ in other), "beside": ", ".join(unit for _, unit in other)}
    return [_problem("unit_without_factor", one, one.unit, expected=unit, **told) for one, unit in fewest]


def _flat(formula: Formula, inputs: Mapping[str, Quantity | Mapping[str, Quantity]],
          choice: int) -> list[tuple[Quantity, str]]:
    """Every input, those of sums one by one, with the unit that the formula asks of it."""
    return [(one, _unit_for(formula.symbols[symbol].units[choice], key)) for symbol, given in inputs.items()
            for key, one in (given.items() if isinstance(given, Mapping) else [("", given)])]


def _problem(message: str, given: Quantity, value: object, **details: object) -> Problem:
    """A problem of one input, at the row where it stands, or under its name where it was computed."""
    origin = given.origin
    if isinstance(origin, Datum):
        column = origin.column if message == "divided_by_zero" else "unit"
        return Problem(message, origin.file, origin.row, column, value, {"name": given.name, **details})
    return Problem(message, row=given.name, value=value, details={"name": given.name, **details})


def _converted(given: Quantity | Mapping[str, Quantity], unit: str) -> Number | dict[str, Number]:
    if isinstance(given, Mapping):
        return {key: units.convert(one.value, one.unit, _unit_for(unit, key)) for key, one in given.items()}
    return units.convert(given.value, given.unit, unit)


@functools.cache
def _latex(name: str, symbols: tuple[str, ...]) -> str:
    """TeX of the function's own expression, with a placeholder where each symbol stands."""
    from latexify import get_latex

    names = {symbol: _placeholder(symbol) for symbol in symbols} | {"maximum": "max", "minimum": "min"}
    return get_latex(formula_function(name), identifiers=names, use_signature=False, reduce_assignments=True)


def _placeholder(symbol: str) -> str:
    return f"q{symbol.replace('_', 'q')}q"


def tex(formula: Formula) -> str:
    """Right-hand side as TeX with the symbols of the data, made from the function: print and code cannot drift."""
    return _fill(_latex(formula.function, tuple(formula.symbols)),
                 {symbol: known.tex for symbol, known in formula.symbols.items()})


def tex_with_numbers(formula: Formula, numbers: Mapping[str, str | Mapping[str, str]]) -> str:
    """The formula with TeX of numbers in place of symbols; a sum over keys is written out, a long one with dots."""
    def expand(found: re.Match[str]) -> str:
        key, over, body = found.groups()
        terms = []
        for name in sums[over]:
            term = body
            for symbol, by_key in sums.items():
                term = term.replace(rf"\mathrm{{{symbol}}}_{{{key}}}", by_key.get(name, ""))
            terms.append(term)
        if len(terms) > LONGEST_SUM:
            terms = [*terms[:2], r"\cdots", terms[-1]]
        return " + ".join(terms) if terms else "0"

    sums = {_placeholder(symbol): given for symbol, given in numbers.items() if isinstance(given, Mapping)}
    written = SUM.sub(expand, _latex(formula.function, tuple(formula.symbols)))
    return _fill(written, {symbol: str(len(given)) if isinstance(given, Mapping) else given
                           for symbol, given in numbers.items()})


def _fill(written: str, shown: Mapping[str, str]) -> str:
    for symbol, text in shown.items():
        written = written.replace(rf"\mathrm{{{_placeholder(symbol)}}}", "{" + text + "}")
    return LENGTH.sub(r"\1" if written.count(r"\sum") == 0 else r"\\left|\1\\right|", written)

"""One step on paper: clause, formula, numbers put in, result, and where each number comes from."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mineco.core.formatting import EXACT, format_exact, format_given, format_number, tex_number
from mineco.core.labels import label
from mineco.core.quantity import Datum, Factor, Quantity, Step, one_by_one
from mineco.core.units import compatible, convert
from mineco.dossier.rows import ParcelRow
from mineco.evaluation.case import Case
from mineco.evaluation.steps import converted_inputs, tex, tex_with_numbers
from mineco.evaluation.views.words import (
    document_text,
    grade_name,
    key_name,
    named,
    result_name,
    source_text,
    spoken,
    tex_words,
    titled,
)
from mineco.report.steps import folded_block, formula_block, step_head
from mineco.report.tables import Block, below, said, show, show_text
from mineco.standards.vocabulary import Formula

COMPUTED = 6  # significant digits


def show_step(case: Case, result: Quantity) -> Block:
    """How a quantity, whose origin is a step, was computed, so that a reader can do it again by hand.

    The case gives names, symbols and units of the formula.
    """
    made = result.origin
    assert isinstance(made, Step)
    if not made.formula:  # a sum or a difference that somebody made beside the formulas of the standard
        return show_text(f"{result.name} = {result}")
    formula = case.standard.formulas[made.formula]
    given = converted_inputs(formula, made)
    numbers = {symbol: {key: _number(one) for key, one in value.items()} if isinstance(value, Mapping)
               else _number(value) for symbol, value in given.items()}
    shown = f"{formula.tex} = {tex_words(tex(formula))}"
    numbers_in = tex_words(tex_with_numbers(formula, numbers))
    told = format_number(float(result), result.unit, digits=6)
    title = " · ".join(dict.fromkeys(filter(None, (result_name(case, result.name), named(formula)))))
    if terms := _terms(given):
        symbols, rows, sources = _by_terms(case, formula, terms)
        return folded_block(shown, symbols, rows, sources, numbers=numbers_in, result=told,
                            head=step_head(title, made.clause, _reference(case, formula)))
    return formula_block(shown, numbers_in, told, made.clause,
                         list(_sources(case, formula, given)), title=title, reference=_reference(case, formula))


Terms = Mapping[str, Mapping[str, Quantity]]


def _terms(given: Mapping[str, Quantity | Mapping[str, Quantity]]) -> Terms:
    """What a sum of products goes over, by symbol and key; nothing where a table of its terms says no more."""
    terms = {symbol: value for symbol, value in given.items() if isinstance(value, Mapping)}
    columns = list(terms.values())
    alike = len(terms) == len(given) > 1 and all(one.keys() == columns[0].keys() for one in columns)
    one_unit = all(len({term.unit for term in one.values()}) == 1 for one in columns)
    return terms if alike and one_unit and len(columns[0]) > 1 else {}


def _by_terms(case: Case, formula: Formula, terms: Terms) -> tuple[dict[str, tuple[str, str]], list[list[str]],
                                                                  list[tuple[str, str, str]]]:
    """The symbols of a sum, a row for each of its terms, and the sources."""
    sources: dict[tuple[str, str, str], int] = {}
    symbols = {formula.symbols[symbol].tex: (named(formula.symbols[symbol]), next(iter(column.values())).unit)
               for symbol, column in terms.items()}
    rows = []
    for key in next(iter(terms.values())):
        parts = [column[key] for column in terms.values()]
        places = [sources.setdefault((one.kind, getattr(one.origin, "status", ""), origin_text(case, one)),
                                     len(sources) + 1) for one in parts]
        rows.append([key_name(case, key), *(format_number(float(one), digits=_digits(one)) for one in parts),
                     _numbers(places)])
    return symbols, rows, list(sources)


def by_hand(case: Case, pairs: Mapping[str, tuple[Any, Any]]) -> Block:
    """What a cell computed with plain arithmetic beside what is recorded, and whether the two agree.

    Parameters
    ----------
    pairs : mapping
        Id of an indicator, a group or a label → (computed in the cell, recorded), each a number, a quantity or the id
        of a grade.
    """
    standard = case.standard
    rows = [{"item": titled(case, name) if name in standard.groups or name in standard.indicators else said(name),
             "by_hand": _shown(case, own, kept), "recorded": _shown(case, kept, kept), "agrees": _agree(own, kept)}
            for name, (own, kept) in pairs.items()]
    return show(rows, "by_hand_table")


def _shown(case: Case, one: Any, kept: Any) -> str:
    return grade_name(case.standard, one) if isinstance(one, str) else format_number(
        float(one), getattr(kept, "unit", ""), digits=COMPUTED)


def _agree(own: Any, kept: Any) -> bool:
    """Equal, but for the order in which a sum was added up."""
    return own == kept if isinstance(own, str) else math.isclose(float(own), float(kept), rel_tol=1e-9, abs_tol=1e-9)


def show_steps(case: Case, results: Iterable[Quantity]) -> Block:
    """Several steps below each other, those alike in one table; what there is nothing to compute of is one sentence."""
    steps = [_folded_steps(case, group) if len(group) > 1 else show_step(case, *group)
             for group in _alike(case, results)]
    return below(steps) if steps else show_text(label("nothing_computed"))


def _alike(case: Case, results: Iterable[Quantity]) -> list[list[Quantity]]:
    """Results of one formula in the same units together, each group where its first stands.

    A result whose inputs come from steps below that place begins a group of its own: what a step rests on stands above.
    """
    groups: list[list[Quantity]] = []
    latest: dict[object, int] = {}  # of groups that others may join, by what they have in common
    placed: dict[int, int] = {}
    for result in results:
        kind = _kind(case, result)
        above = max((placed[id(part)] for *_, part in result.parts() if id(part) in placed), default=-1)
        if kind is None or latest.get(kind, -1) <= above:
            groups.append([])
            latest[kind] = len(groups) - 1
        groups[latest[kind]].append(result)
        placed[id(result)] = latest[kind]
    return groups


def _kind(case: Case, result: Quantity) -> object:
    """What results that share a table have in common; None for one that stands alone, as each that sums over keys."""
    made = result.origin
    if not isinstance(made, Step) or not made.formula or any(isinstance(one, Mapping) for one in made.inputs.values()):
        return None
    given = converted_inputs(case.standard.formulas[made.formula], made)
    return made.formula, made.clause, result.unit, *((symbol, one.unit) for symbol, _, one in one_by_one(given))


def _folded_steps(case: Case, results: Sequence[Quantity]) -> Block:
    """Steps of one formula as a table: the formula once, and in each row the numbers put in and the result."""
    steps = [result.origin for result in results if isinstance(result.origin, Step)]
    formula = case.standard.formulas[steps[0].formula]
    sources: dict[tuple[str, str, str], int] = {}
    symbols: dict[str, tuple[str, str]] = {}
    rows = []
    for result, made in zip(results, steps, strict=True):
        given = list(_sources(case, formula, converted_inputs(formula, made)))
        symbols |= {one["symbol"]: (one["name"], one["unit"]) for one in given}
        places = [sources.setdefault((one["kind"], one["status"], one["source"]), len(sources) + 1) for one in given]
        row = [result_name(case, result.name), *(one["value"] for one in given),
               format_number(float(result), digits=COMPUTED), _numbers(places)]
        if row not in rows:  # what a fuel holds of energy and of renewable energy is one computation
            rows.append(row)
    heads = {**symbols, formula.tex: ("", results[0].unit)}
    return folded_block(f"{formula.tex} = {tex_words(tex(formula))}", heads, rows, list(sources),
                        head=step_head(named(formula), steps[0].clause, _reference(case, formula)))


def _numbers(places: Iterable[int]) -> str:
    """Numbers of sources, each once."""
    return ", ".join(map(str, dict.fromkeys(places)))


def _reference(case: Case, formula: Formula) -> str:
    return document_text(spoken(case.standard.references[formula.source].title), formula.locator)


def parcel_rows(parcels: Iterable[tuple[ParcelRow, Quantity]], area: Quantity,
                total: Quantity) -> list[dict[str, object]]:
    """Restored parcels with what each binds, and their sum."""
    rows: list[dict[str, object]] = [
        {"id": row.id, "name": named(row), "ecosystem": label(f"ecosystem_{row.ecosystem}"),
         "pool": label(f"pool_{row.pool}"), "method": label(f"method_{row.method}"), "area_ha": row.area.value,
         "removal_t_co2": bound.value} for row, bound in parcels]
    return [*rows, {"id": "", "name": label("restoration_removals"), "ecosystem": "", "pool": "", "method": "",
                    "area_ha": area.value, "removal_t_co2": total.value}]


def parcel_steps(case: Case, parcels: Iterable[tuple[ParcelRow, Quantity]]) -> Block:
    """Each parcel's formula with the numbers put in, intermediate steps first."""
    return show_steps(case, with_intermediate(bound for _, bound in parcels))


def with_intermediate(results: Iterable[Quantity]) -> list[Quantity]:
    """The results, each after the steps that its inputs came from, and no step twice."""
    ordered: dict[int, Quantity] = {}

    def visit(quantity: Quantity) -> None:
        if isinstance(quantity.origin, Step) and id(quantity) not in ordered:
            for *_, part in quantity.parts():
                visit(part)
            ordered[id(quantity)] = quantity

    for result in results:
        visit(result)
    return list(ordered.values())


def origin_text(case: Case, quantity: Quantity) -> str:
    """Where a number comes from: a row of the dossier, a factor with its document, or an earlier step.

    A number that was given at another state of the gas, in litres or in another unit of energy is told as it was given:
    a shift of the decimal point is not.
    """
    origin = quantity.origin
    if isinstance(origin, Datum):
        given = format_given(origin.given, origin.given_unit) if _is_converted(origin.given_unit, quantity) else ""
        return " ".join(filter(None, (case.dossier.place_of(origin), given, spoken(origin.data_source))))
    if isinstance(origin, Factor):
        given = format_exact(origin.value, origin.unit) if _is_converted(origin.unit, quantity) else ""
        return " ".join(filter(None, (source_text(case, origin.source), f"[{origin.id}]", given)))
    return f"{label('computed_above')}{named(case.standard.formulas[origin.formula])}"


def _sources(case: Case, formula: Formula, given: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for symbol, key, one in one_by_one(given):
        known = formula.symbols[symbol]
        yield {"symbol": known.tex, "name": " · ".join(filter(None, (named(known), key_name(case, key)))),
               "value": format_number(float(one), digits=_digits(one)), "unit": one.unit, "kind": one.kind,
               "status": getattr(one.origin, "status", ""), "source": origin_text(case, one)}


def _number(quantity: Quantity) -> str:
    return tex_number(float(quantity), _digits(quantity))


def _digits(quantity: Quantity) -> int:
    """Digits to print: all that were given, and of a number computed or converted as many as a result has.

    Weights may be computed too.
    """
    origin = quantity.origin
    given = origin.given_unit if isinstance(origin, Datum) else getattr(origin, "unit", "")
    computed = isinstance(origin, Step) or getattr(origin, "quantity", "") == "weight" or (
        given and not _is_same(given, quantity.unit))
    return COMPUTED if computed else EXACT


def _is_converted(given: str, quantity: Quantity) -> bool:
    """Whether a number stands otherwise than as it was given, by more than its decimal point."""
    if not given or not compatible(given, quantity.unit):
        return bool(given) and given != quantity.unit
    power = math.log10(convert(1.0, given, quantity.unit))
    return not math.isclose(power, round(power), abs_tol=1e-9)


def _is_same(given: str, unit: str) -> bool:
    """Whether a number stands as it was given; litres whose mass counts were converted by a density."""
    return given == unit or (compatible(given, unit) and math.isclose(convert(1.0, given, unit), 1.0))

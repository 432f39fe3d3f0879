"""Blocks that workbooks of several standards have: figures and their places, sums, gases, factors, the first sheet."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mineco.core.formatting import DASH, unit_text
from mineco.core.labels import label
from mineco.core.number import Number
from mineco.core.quantity import Factor, Quantity, Step
from mineco.core.workbooks.live import Formula, LiveSheet
from mineco.evaluation.account.lines import gwp
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.record.lineage import factors_used
from mineco.evaluation.views.words import gas_name, key_name, named, source_text, spoken, standard_name

HOW = ("sheet_live", "sheet_inputs", "sheet_checked", "sheet_not_read")  # sentences about the workbook itself


class Place(NamedTuple):
    """Where a figure stands, what it is, and in which unit."""

    address: str
    value: float | str
    unit: str = ""


def known(text: str, value: Number) -> Formula:
    """A formula, which shows a dash where it divides by nothing and the evaluation knew no value.

    >>> known("A1/A2", 2.0), known("A1/A2", float("nan"))
    (Formula(text='A1/A2', value=2.0), Formula(text='IFERROR(A1/A2,"—")', value='—'))
    """
    told = float(value)
    return Formula(text, told) if math.isfinite(told) else Formula(f'IFERROR({text},"{DASH}")', DASH)


def total(sheet: LiveSheet, column: str, rows: list[int], value: float, unit: str = "") -> Place:
    """A row with the sum over the rows before it; where that stands."""
    text = f"SUM({column}{rows[0]}:{column}{rows[-1]})" if rows else "0"
    row = sheet.add(label("total"), *[None] * (ord(column) - ord("B")), Formula(text, value))
    return Place(sheet.at(column, row), value, unit)


def figure(sheet: LiveSheet, places: dict[str, Place], name: str, formula: str, value: Number | str,
           unit: str = "tCO₂e") -> None:
    """A row with a figure and its unit, whose cell is from then on the place of the figure."""
    told = known(formula, value) if not isinstance(value, str) else Formula(formula, value)
    places[name] = Place(sheet.at("B", sheet.add(label(name), told, unit or None)), told.value, unit)


def gas_row(sheet: LiveSheet, source: str, gas: str, mass: float, potential: str, factor: float) -> int:
    """Source, gas, mass, potential and their product."""
    row = len(sheet.rows) + 1
    return sheet.add(source, gas, mass, Formula(potential, factor), Formula(f"C{row}*D{row}", mass * factor))


def removals(sheet: LiveSheet, case: Case, restored: Quantity, potentials: Mapping[str, str]) -> Place:
    """What each pool of each parcel takes up, as a block of a sheet with its sum; where that stands."""
    sheet.head(label("restoration_removals"), label("gas"), label("mass_t"), label("sheet_gwp"),
               label("emissions_t_co2e"))
    rows = [gas_row(sheet, key_name(case, name), gas_name(case, gas), float(mass.value), potentials[gas],
                    float(gwp(case, gas).value)) for gas, name, mass in masses(restored)]
    return total(sheet, "E", rows, float(restored.value), "tCO₂e")


def masses(restored: Quantity) -> Iterable[tuple[str, str, Quantity]]:
    """Gas, key and mass of each part of a sum in CO2e."""
    assert isinstance(restored.origin, Step)
    given = restored.origin.inputs["masses"]
    assert isinstance(given, dict)
    for gas, one in given.items():
        yield from ((gas, name, mass) for name, mass in one.origin.inputs["parts"].items())


def input_of(result: Quantity, name: str) -> float:
    """What the step that made a quantity took in under a name."""
    assert isinstance(result.origin, Step)
    given = result.origin.inputs[name]
    assert isinstance(given, Quantity)
    return float(given)


def factors(evaluation: Evaluation, gases: Iterable[str] = ()) -> tuple[LiveSheet, dict[str, str]]:
    """Warming potentials, then every other factor behind the result; and where the potential of each gas stands."""
    case, sheet = evaluation.case, LiveSheet(label("sheet_factors"), (60, 20, 22, 90, 16))
    told = {gas: gwp(case, gas) for gas in dict.fromkeys(gases)}
    heads = [label(name) for name in ("unit", "source", "status")]
    places = {}
    if told:
        sheet.head(label("gas"), label("sheet_gwp"), *heads)
        for gas, one in told.items():
            assert isinstance(one.origin, Factor)
            row = sheet.add(gas_name(case, gas), float(one.value), unit_text(one.unit),
                            source_text(case, one.origin.source), label(one.origin.status))
            places[gas] = sheet.at("B", row)
        sheet.add()
    sheet.head(label("name"), label("value"), *heads)
    ids = {one.origin.id for one in told.values() if isinstance(one.origin, Factor)}
    for factor in factors_used(evaluation):
        if factor.id not in ids:
            sheet.add(named(factor), float(factor.value), unit_text(factor.unit), source_text(case, factor.source),
                      label(factor.status))
    return sheet, places


def summary(evaluation: Evaluation, results: Mapping[str, Place]) -> LiveSheet:
    """Whose result this is, the result, and how the workbook is read."""
    case, mine = evaluation.case, evaluation.case.dossier.mine
    sheet = LiveSheet(label("sheet_summary"), (40, 90, 24))
    sheet.head(label("sheet_title"), spoken(mine.name))
    sheet.add(None, label("draft_mark"))
    for name, told in (("evaluation_year", str(case.year)), ("report_date", str(mine.report_date)),
                       ("standard", standard_name(case.standard))):
        sheet.add(label(name), told)
    sheet.add()
    sheet.head(label("result"), label("value"), label("unit"))
    for name, place in results.items():
        sheet.add(label(name), Formula(place.address, place.value), place.unit or None)
    sheet.add()
    sheet.head(label("sheet_how"))
    for name in HOW:
        sheet.add(None, label(name))
    return sheet

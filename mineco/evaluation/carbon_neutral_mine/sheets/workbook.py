"""The evaluation of a carbon-neutral mine as a workbook that counts again: what is put in as numbers, the rest as
formulas over them, from the masses of gases to the grade."""

from collections.abc import Iterable
from functools import partial

from mineco.core.labels import label
from mineco.core.number import Number
from mineco.core.quantity import Factor, Quantity, Step
from mineco.core.workbooks.live import Formula, LiveSheet
from mineco.evaluation.account import NOT_COUNTED, GasLine
from mineco.evaluation.account.lines import gwp
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.carbon_neutral_mine.sheets.scores import Place, indicators_sheets, score_sheet
from mineco.evaluation.record.lineage import factors_used
from mineco.evaluation.views.words import (
    gas_name,
    key_name,
    named,
    scope_name,
    source_name,
    source_text,
    spoken,
    standard_name,
)

HOW = ("sheet_live", "sheet_inputs", "sheet_checked", "sheet_not_read")  # sentences about the workbook itself


def sheets(evaluation: Evaluation) -> list[LiveSheet]:
    """The sheets of the workbook in the language that is set, the summary first.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> len(sheets(check(parameters() / "mines" / "tiny-quarry")))
    8
    """
    factors, potentials = _factors(evaluation)
    account, sums = _account(evaluation, potentials)
    ledger, figures = _ledger(evaluation, potentials, sums)
    indicators, *others, scored = indicators_sheets(evaluation)
    score, decided = score_sheet(evaluation, scored, figures["offset_ratio"])
    summary = _summary(evaluation, figures | decided)
    return [summary, account, ledger, indicators, *others, score, factors]


def _factors(evaluation: Evaluation) -> tuple[LiveSheet, dict[str, str]]:
    """Warming potentials, then every other factor behind the grade; and where the potential of each gas stands."""
    case, sheet = evaluation.case, LiveSheet(label("sheet_factors"), (60, 20, 22, 90, 16))
    gases = [line.gas for line in evaluation.ledger.account.lines]
    gases += [gas for gas, _, _ in _masses(evaluation.ledger.removals.restoration)]
    told = {gas: gwp(case, gas) for gas in dict.fromkeys(gases) if gas not in NOT_COUNTED}
    heads = [label(name) for name in ("unit", "source", "status")]
    sheet.head(label("gas"), label("sheet_gwp"), *heads)
    places = {}
    for gas, one in told.items():
        assert isinstance(one.origin, Factor)
        row = sheet.add(gas_name(case, gas), float(one.value), one.unit, source_text(case, one.origin.source),
                        label(one.origin.status))
        places[gas] = sheet.at("B", row)
    sheet.add()
    sheet.head(label("name"), label("value"), *heads)
    ids = {one.origin.id for one in told.values() if isinstance(one.origin, Factor)}
    for factor in factors_used(evaluation):
        if factor.id not in ids:
            sheet.add(named(factor), float(factor.value), factor.unit, source_text(case, factor.source),
                      label(factor.status))
    return sheet, places


def _account(evaluation: Evaluation, potentials: dict[str, str]) -> tuple[LiveSheet, dict[str, Place]]:
    """Mass of each gas of each source times its potential, by scope with a sum; and where the sums stand."""
    account, case = evaluation.ledger.account, evaluation.case
    sheet, sums = LiveSheet(label("sheet_account"), (66, 26, 18, 22, 22)), {}
    blocks = {"scope1": (account.select(["1"]), account.scope("1")),
              "scope2_location": (account.select(["2"]), account.scope("2")),
              "scope2_market": (account.select(["2"], "market"), account.scope("2", "market")),
              "scope3": (account.select(["3"]), account.scope("3")),
              "filled_co2": (account.select(["removal"]), evaluation.ledger.removals.filled)}
    for name, (lines, total) in blocks.items():
        sheet.head(label(name), label("gas"), label("mass_t"), label("sheet_gwp"), label("emissions_t_co2e"))
        rows = [_gas_row(sheet, source_name(case, line.source.id, line.key), gas_name(case, line.gas),
                         float(line.mass.value), potentials[line.gas], float(gwp(case, line.gas).value))
                for line in lines]
        sums[name] = _sum(sheet, "E", rows, float(total.value))
        sheet.add()
    _apart(sheet, evaluation, [line for line in account.lines if line.gas in NOT_COUNTED])
    sheet.head(label("energy_by_source"), label("carrier"), label("energy_tce"))
    total = account.energy()
    assert isinstance(total.origin, Step)
    parts = total.origin.inputs["parts"]
    assert isinstance(parts, dict)
    rows = [sheet.add(source_name(case, line.source.id, line.key), label(line.carrier), float(line.energy.value))
            for line in account.energy_lines if line.id in parts]
    sums["energy_used"] = _sum(sheet, "C", rows, float(total.value))
    return sheet, sums


def _apart(sheet: LiveSheet, evaluation: Evaluation, lines: list[GasLine]) -> None:
    """Gases that stand outside every total, where there are any."""
    if lines:
        sheet.head(label("sheet_apart"), label("gas"), label("mass_t"), label("scope"))
        for line in lines:
            sheet.add(source_name(evaluation.case, line.source.id, line.key), gas_name(evaluation.case, line.gas),
                      float(line.mass.value), scope_name(line.source.scope))
        sheet.add()


def _gas_row(sheet: LiveSheet, source: str, gas: str, mass: float, potential: str, factor: float) -> int:
    """Source, gas, mass, potential and their product."""
    row = len(sheet.rows) + 1
    return sheet.add(source, gas, mass, Formula(potential, factor), Formula(f"C{row}*D{row}", mass * factor))


def _sum(sheet: LiveSheet, column: str, rows: list[int], value: float) -> Place:
    """A row with the sum over the rows before it; where that stands."""
    total = Formula(f"SUM({column}{rows[0]}:{column}{rows[-1]})" if rows else "0", value)
    row = sheet.add(label("total"), *[None] * (ord(column) - ord("B")), total)
    return Place(sheet.at(column, row), value)


def _ledger(evaluation: Evaluation, potentials: dict[str, str],
            sums: dict[str, Place]) -> tuple[LiveSheet, dict[str, Place]]:
    """What the mine itself spares and binds, and what it has retired; then from emissions to net and the ratio."""
    case, ledger = evaluation.case, evaluation.ledger
    sheet, places = LiveSheet(label("sheet_ledger"), (56, 26, 34, 22, 30)), dict(sums)
    sheet.head(label("sheet_abatement"), label("abatement_t_co2e"))
    rows = [sheet.add(named(case.standard.sources[name]), float(counted.value))
            for name, counted in ledger.abatement.by_source.items()]
    places["sheet_abatement"] = _sum(sheet, "B", rows, float(ledger.abatement.total.value))
    sheet.add()
    sheet.head(label("restoration_removals"), label("gas"), label("mass_t"), label("sheet_gwp"),
               label("emissions_t_co2e"))
    restored = ledger.removals.restoration
    rows = [_gas_row(sheet, key_name(case, name), gas_name(case, gas), float(mass.value), potentials[gas],
                     float(gwp(case, gas).value)) for gas, name, mass in _masses(restored)]
    places["restoration_removals"] = _sum(sheet, "E", rows, float(restored.value))
    sheet.add()
    sheet.head(label("offsets"), label("quantity_t_co2e"), label("programme"), label("vintage"), label("serial"))
    rows = [sheet.add(label(row.kind), float(row.quantity.value), spoken(row.programme), str(row.vintage), row.serial)
            for row in ledger.offsets.counted.values()]
    places["offsets"] = _sum(sheet, "B", rows, float(ledger.offsets.total.value))
    sheet.add()
    sheet.head(label("sheet_balance"), label("value"), label("unit"))
    add = partial(_figure, sheet, places)

    def at(name: str) -> str:
        return places[name].address

    for name in ("scope1", "scope2_location", "scope2_market", "scope3", "energy_used", "sheet_abatement"):
        add(name, at(name), places[name].value, "tce" if name == "energy_used" else "tCO₂e")
    add("emissions_graded", f"{at('scope1')}+{at('scope2_' + str(case.option('scope2_basis')))}",
        ledger.emissions.value)
    for name in ("restoration_removals", "filled_co2"):
        add(name, at(name), places[name].value)
    add("removals", f"{at('restoration_removals')}+{at('filled_co2')}", ledger.removals.total.value)
    emissions, removals = at("emissions_graded"), at("removals")
    add("residual", f"MAX(0,{emissions}-{removals})", ledger.residual.value)
    add("sheet_unused", f"MAX(0,{removals}-{emissions})", ledger.unused_removals.value)
    add("offsets", at("offsets"), places["offsets"].value)
    residual, offsets = at("residual"), at("offsets")
    add("net", f"{residual}-{offsets}", ledger.net.value)
    add("offset_ratio", f"IF({residual}=0,1,{offsets}/{residual})", ledger.offset_ratio.value, "1")
    add("check_balance", f"{emissions}-{removals}+{at('sheet_unused')}-{offsets}-{at('net')}", ledger.balance.value)
    return sheet, places


def _figure(sheet: LiveSheet, places: dict[str, Place], name: str, formula: str, value: Number | str,
            unit: str = "tCO₂e") -> None:
    """A row of the balance, whose cell is from then on the place of the figure."""
    told = float(value)
    places[name] = Place(sheet.at("B", sheet.add(label(name), Formula(formula, told), unit)), told)


def _masses(total: Quantity) -> Iterable[tuple[str, str, Quantity]]:
    """Gas, key and mass of each part of a sum in CO2e."""
    assert isinstance(total.origin, Step)
    masses = total.origin.inputs["masses"]
    assert isinstance(masses, dict)
    for gas, one in masses.items():
        yield from ((gas, name, mass) for name, mass in one.origin.inputs["parts"].items())


def _summary(evaluation: Evaluation, places: dict[str, Place]) -> LiveSheet:
    """Whose result this is, the result, and how the workbook is read."""
    case, mine = evaluation.case, evaluation.case.dossier.mine
    sheet = LiveSheet(label("sheet_summary"), (34, 90))
    sheet.head(label("sheet_title"), spoken(mine.name))
    sheet.add(None, label("draft_mark"))
    for name, told in (("evaluation_year", str(case.year)), ("report_date", str(mine.report_date)),
                       ("standard", standard_name(case.standard))):
        sheet.add(label(name), told)
    sheet.add()
    sheet.head(label("result"), label("value"))
    for name in ("grade", "by_score", "by_offset", "binding", "total_score", "offset_ratio", "emissions_graded", "net"):
        sheet.add(label(name), Formula(places[name].address, places[name].value))
    sheet.add()
    sheet.head(label("sheet_how"))
    for name in HOW:
        sheet.add(None, label(name))
    return sheet

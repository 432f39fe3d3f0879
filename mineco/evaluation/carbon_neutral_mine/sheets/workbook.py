"""The evaluation of a carbon-neutral mine as a workbook that counts again: what is put in as numbers, the rest as
formulas over them, from the masses of gases to the grade."""

from functools import partial

from mineco.core.labels import label
from mineco.core.quantity import Step
from mineco.core.workbooks.live import LiveSheet
from mineco.evaluation.account import NOT_COUNTED, GasLine
from mineco.evaluation.account.lines import gwp
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.carbon_neutral_mine.sheets.grade import decided
from mineco.evaluation.sheets import parts
from mineco.evaluation.sheets.parts import Place
from mineco.evaluation.sheets.scores import indicators_sheets, score_sheet
from mineco.evaluation.views.words import gas_name, named, scope_name, source_name, spoken

SHOWN = ("grade", "by_score", "by_offset", "binding", "total_score", "offset_ratio", "emissions_graded", "net")


def sheets(evaluation: Evaluation) -> list[LiveSheet]:
    """The sheets of the workbook in the language that is set, the summary first.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> len(sheets(check(parameters() / "mines" / "tiny-quarry")))
    8
    """
    ledger = evaluation.ledger
    gases = [line.gas for line in ledger.account.lines if line.gas not in NOT_COUNTED]
    gases += [gas for gas, _, _ in parts.masses(ledger.removals.restoration)]
    factors, potentials = parts.factors(evaluation, gases)
    account, sums = _account(evaluation, potentials)
    balance, places = _ledger(evaluation, potentials, sums)
    indicators, *others, members = indicators_sheets(evaluation, evaluation.score)
    score, places["total_score"] = score_sheet(evaluation.case, evaluation.score, members)
    places |= decided(evaluation, score, places)
    summary = parts.summary(evaluation, {name: places[name] for name in SHOWN})
    return [summary, account, balance, indicators, *others, score, factors]


def _account(evaluation: Evaluation, potentials: dict[str, str]) -> tuple[LiveSheet, dict[str, Place]]:
    """Mass of each gas of each source times its potential, by scope with a sum; and where the sums stand."""
    account, case = evaluation.ledger.account, evaluation.case
    sheet, sums = LiveSheet(label("sheet_account"), (66, 26, 18, 22, 22)), {}
    blocks = {"scope1": (account.select(["1"]), account.scope("1")),
              "scope2_location": (account.select(["2"]), account.scope("2")),
              "scope2_market": (account.select(["2"], "market"), account.scope("2", "market")),
              "scope3": (account.select(["3"]), account.scope("3")),
              "filled_co2": (account.select(["removal"]), evaluation.ledger.removals.filled)}
    for name, (lines, whole) in blocks.items():
        sheet.head(label(name), label("gas"), label("mass_t"), label("sheet_gwp"), label("emissions_t_co2e"))
        rows = [parts.gas_row(sheet, source_name(case, line.source.id, line.key), gas_name(case, line.gas),
                              float(line.mass.value), potentials[line.gas], float(gwp(case, line.gas).value))
                for line in lines]
        sums[name] = parts.total(sheet, "E", rows, float(whole.value))
        sheet.add()
    _apart(sheet, evaluation, [line for line in account.lines if line.gas in NOT_COUNTED])
    sheet.head(label("energy_by_source"), label("carrier"), label("energy_tce"))
    whole = account.energy()
    assert isinstance(whole.origin, Step)
    used = whole.origin.inputs["parts"]
    assert isinstance(used, dict)
    rows = [sheet.add(source_name(case, line.source.id, line.key), label(line.carrier), float(line.energy.value))
            for line in account.energy_lines if line.id in used]
    sums["energy_used"] = parts.total(sheet, "C", rows, float(whole.value))
    return sheet, sums


def _apart(sheet: LiveSheet, evaluation: Evaluation, lines: list[GasLine]) -> None:
    """Gases that stand outside every total, where there are any."""
    if lines:
        sheet.head(label("sheet_apart"), label("gas"), label("mass_t"), label("scope"))
        for line in lines:
            sheet.add(source_name(evaluation.case, line.source.id, line.key), gas_name(evaluation.case, line.gas),
                      float(line.mass.value), scope_name(line.source.scope))
        sheet.add()


def _ledger(evaluation: Evaluation, potentials: dict[str, str],
            sums: dict[str, Place]) -> tuple[LiveSheet, dict[str, Place]]:
    """What the mine itself spares and binds, and what it has retired; then from emissions to net and the ratio."""
    case, ledger = evaluation.case, evaluation.ledger
    sheet, places = LiveSheet(label("sheet_ledger"), (56, 26, 34, 22, 30)), dict(sums)
    sheet.head(label("sheet_abatement"), label("abatement_t_co2e"))
    rows = [sheet.add(named(case.standard.sources[name]), float(counted.value))
            for name, counted in ledger.abatement.by_source.items()]
    places["sheet_abatement"] = parts.total(sheet, "B", rows, float(ledger.abatement.total.value))
    sheet.add()
    places["restoration_removals"] = parts.removals(sheet, case, ledger.removals.restoration, potentials)
    sheet.add()
    sheet.head(label("offsets"), label("quantity_t_co2e"), label("programme"), label("vintage"), label("serial"))
    rows = [sheet.add(label(row.kind), float(row.quantity.value), spoken(row.programme), str(row.vintage), row.serial)
            for row in ledger.offsets.counted.values()]
    places["offsets"] = parts.total(sheet, "B", rows, float(ledger.offsets.total.value))
    sheet.add()
    sheet.head(label("sheet_balance"), label("value"), label("unit"))
    add = partial(parts.figure, sheet, places)

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
    add("offset_ratio", f"IF({residual}=0,1,{offsets}/{residual})", ledger.offset_ratio.value, "")
    add("check_balance", f"{emissions}-{removals}+{at('sheet_unused')}-{offsets}-{at('net')}", ledger.balance.value)
    return sheet, places

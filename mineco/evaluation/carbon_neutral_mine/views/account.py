"""Chapter 4: emissions, energy, abatement, removals and offsets, each step by step."""

from collections.abc import Mapping

from mineco.core.formatting import DASH, format_number, format_percent
from mineco.core.labels import has_label, label
from mineco.core.quantity import Factor, Quantity, Step
from mineco.core.units import convert
from mineco.evaluation.account import NOT_COUNTED, Account, EnergyLine, GasLine
from mineco.evaluation.carbon_neutral_mine.evaluate import product_footprint
from mineco.evaluation.carbon_neutral_mine.levers import OWN_GAS
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.views.step import parcel_rows, show_step, show_steps, with_intermediate
from mineco.evaluation.views.words import (
    amount,
    gas_name,
    grade_name,
    headed,
    join_names,
    named,
    scope_name,
    source_name,
    spoken,
)
from mineco.report.drawing import Drawing
from mineco.report.figures.results import emissions_by_source, waterfall
from mineco.report.tables import Block, below, note, show, show_text

SCOPE3_CATEGORIES = 15


def category_steps(account: Account, *categories: str) -> Block:
    """Every formula of some categories of sources with the numbers put in, intermediate steps first."""
    masses = [line.mass for line in account.lines if line.source.category in categories]
    return show_steps(account.case, with_intermediate(masses)) if masses else show_text(label("none_reported"))


def energy_steps(account: Account) -> Block:
    """Energy of each source in standard coal, and the total."""
    return show_steps(account.case, with_intermediate(line.energy for line in account.energy_lines))


def energy_table(account: Account) -> Block:
    """Energy by source and carrier."""
    rows = [{"source": _line_name(account.case, line), "carrier": label(line.carrier), "energy_tce": line.energy.value}
            for line in account.energy_lines]
    table = show([*rows, {"source": label("total"), "carrier": "", "energy_tce": account.energy().value}],
                 _of_year(account, "energy_by_source"))
    own_gas = any(line.carrier == OWN_GAS for line in account.energy_lines)
    return table + show_text(label("own_gas_stands_outside")) if own_gas else table


def emissions_table(account: Account) -> Block:
    """Masses by source and gas, and what they are in CO2e."""
    return show([{"scope": scope_name(line.source.scope), "source": _line_name(account.case, line),
                  "gas": gas_name(account.case, line.gas), "mass_t": line.mass.value,
                  "emissions_t_co2e": None if line.gas in NOT_COUNTED else account.co2e("line", [line]).value}
                 for line in account.lines if line.source.scope != "removal"], _of_year(account, "emissions_by_source"))


def scopes_table(account: Account) -> Block:
    """Emissions by scope, purchased energy on both bases, and the total that is graded."""
    total = account.emissions()
    rows = {"scope1": account.scope("1"), "scope2_location": account.scope("2"),
            "scope2_market": account.scope("2", "market"), "emissions_graded": total, "scope3": account.scope("3")}
    if not account.select(["3"]):
        del rows["scope3"]  # of which nobody kept an account: it is not zero
    table = show([{"item": label(name), "emissions_t_co2e": one.value,
                   "share": format_percent(float(one) / float(total)) if name != "scope3" and float(total) else ""}
                  for name, one in rows.items()], _of_year(account, "emissions_by_scope"))
    # factors of the tables that stand for purchased power without a contract: of which area and year
    whose = dict.fromkeys(named(one.origin) for line in account.lines if line.basis == "market"
                          for one in line.mass.chain()
                          if isinstance(one.origin, Factor) and one.origin.quantity.startswith("grid_"))
    return table + show_text(label("market_residual").format(names=join_names(whose))) if whose else table


def scope3_table(account: Account) -> Block:
    """The categories of scope 3 that were reported or left out with a reason, and in a sentence all others."""
    case = account.case
    lines: dict[int, list[GasLine]] = {}
    for line in account.select(["3"]):
        lines.setdefault(line.source.scope3, []).append(line)
    rows, untold = [], []
    for category in range(1, SCOPE3_CATEGORIES + 1):
        reasons = [spoken(why) for name, why in case.dossier.mine.excluded_sources.items()
                   if case.standard.sources[name].scope3 == category]
        reported = lines.get(category, [])
        if reported or reasons:
            rows.append({"category": label(f"scope3_category_{category}"), "scope3_reported": bool(reported),
                         "emissions_t_co2e": account.co2e("line", reported).value if reported else None,
                         "reason": "" if reported else join_names(reasons)})
        else:
            untold.append(label(f"scope3_category_{category}"))
    if not any(row["reason"] for row in rows):
        rows = [{name: told for name, told in row.items() if name != "reason"} for row in rows]
    rest = label("scope3_not_handed_in").format(categories=label("list_comma").join(untold)) if untold else ""
    return show(rows, "scope3_categories") + show_text(rest) if rows else show_text(rest)


def emissions_figure(account: Account) -> Drawing | Block:
    """Scopes 1 and 2 by category and gas; a sentence where no source is known, or none emits anything."""
    by: dict[str, dict[str, float]] = {}
    for line in account.select(["1", "2"], str(account.case.option("scope2_basis"))):
        gases = by.setdefault(line.source.category, {})
        gas = line.gas if has_label(line.gas) else "other_gases"  # refrigerants and other minor ones
        gases[gas] = gases.get(gas, 0.0) + float(account.co2e("line", [line]).value)
    if not by:
        return show_text(label("nothing_to_list").format(caption=label("emissions_figure")))
    if not any(amount for gases in by.values() for amount in gases.values()):
        return show_text(label("nothing_emitted"))
    return emissions_by_source(by, caption="emissions_figure")


def abatement_table(ledger: Ledger) -> Block:
    """Measures with baseline, project and what they spare."""
    rows = [{"id": name, "name": named(row), "baseline_t_co2e": row.baseline_t_co2e.value,
             "project_t_co2e": row.project_t_co2e.value, "abatement_t_co2e": abated.value,
             "evidence": spoken(row.evidence)}
            for name, (row, abated) in ledger.abatement.measures.items()]
    return show([*rows, {"id": "", "name": label("total"), "baseline_t_co2e": None, "project_t_co2e": None,
                         "abatement_t_co2e": ledger.abatement.total.value, "evidence": ""}] if rows else [],
                "abatement_measures")


def removals_table(ledger: Ledger) -> Block:
    """Restored parcels with what each binds, and filled CO2 with its steps."""
    removals = ledger.removals
    if not float(removals.total) and not removals.parcels:
        return show_text(label("no_removals"))
    rows = parcel_rows(removals.parcels, removals.restored_area, removals.restoration)
    if not float(removals.filled):
        return show(rows, "removals_inside")
    filled = {**dict.fromkeys(rows[0], ""), "name": label("filled_co2"), "area_ha": None,
              "removal_t_co2": removals.filled.value}
    return show([*rows, filled], "removals_inside") + category_steps(ledger.account, "removal")


def offsets_table(ledger: Ledger) -> Block:
    """Offsets that count, and those that are listed and do not, with the reason."""
    listed = [*((row, ()) for row in ledger.offsets.counted.values()), *ledger.offsets.refused]
    return show([{"kind": label(row.kind), "programme": spoken(row.programme), "serial": row.serial,
                  "vintage": str(row.vintage), "retired": str(row.retired or DASH),
                  "quantity_t_co2e": row.quantity.value, "counted": not why, "reason": join_names(map(label, why))}
                 for row, why in listed], "offsets_listed")


def balance_steps(ledger: Ledger) -> Block:
    """Residual, net, offset ratio, and the balance that must be zero (reading R7); removals where there are any."""
    removals = [ledger.removals.total] if float(ledger.removals.total) else []
    return show_steps(ledger.account.case,
                      [*removals, ledger.residual, ledger.net, ledger.offset_ratio, ledger.balance])


def balance_figure(ledger: Ledger) -> Drawing:
    """From emissions through removals and offsets to net."""
    removals = {"restoration_removals": float(ledger.removals.restoration),
                "filled_co2": float(ledger.removals.filled)}
    return waterfall(float(ledger.emissions), {name: one for name, one in removals.items() if one},
                     float(ledger.residual), {"offsets": float(ledger.offsets.total)}, float(ledger.net),
                     caption="ledger_figure")


def total_steps(account: Account) -> Block:
    """Masses by gas, then CO2e of each scope, then the total: the steps above the masses of single sources.

    The sum of one source is that source.
    """
    return show_steps(account.case, [
        one for one in with_intermediate([account.emissions()]) if isinstance(one.origin, Step)
        and (one.origin.formula in ("co2e", "total_emissions")
             or one.origin.formula == "total_mass" and len(list(one.parts())) > 1)])


def compared_years(evaluation: Evaluation) -> Block:
    """The accounts of the base year and of last year, with their steps: what the year's is compared with."""
    case, accounts = evaluation.case, evaluation.accounts
    base = case.dossier.mine.base_year.year
    roles = {year: [label(name) for name, of in (("base_year", base), ("previous_year", case.year - 1)) if of == year]
             for year in sorted({base, case.year - 1} & accounts.keys() - {case.year})}
    if not roles:
        return show_text(label("no_compared_year"))
    return below(_whole_account(accounts[year], label("list_comma").join(role)) for year, role in roles.items())


def _whole_account(account: Account, role: str) -> Block:
    """Tables of a year, then the steps of every source, of the totals and of energy."""
    mined = account.case.figure("production", account.year)
    facts = [("emissions_graded", account.emissions()), ("energy_used", account.energy()), ("mined", mined)]
    steps = [line.mass for line in account.lines if line.source.scope not in ("3", "removal")]
    return below([
        note(label("account_of_year").format(year=account.year, role=role),
             [headed(label(name), amount(one)) for name, one in facts]),
        emissions_table(account), scopes_table(account), show_steps(account.case, with_intermediate(steps)),
        total_steps(account), energy_table(account), energy_steps(account)])


def _of_year(account: Account, caption: str) -> str:
    """The caption of a table, with the year where it is not the one that is graded."""
    told = label(caption)
    return told if account.year == account.case.year else label("caption_of_year").format(
        caption=told, year=account.year)


def consolidation_table(case: Case, rolled: dict[str, Quantity]) -> Block:
    """The parent's emissions under each of the three approaches (reading R16)."""
    if not rolled:
        return show_text(label("no_sites"))
    chosen = case.dossier.mine.consolidation.approach
    return show([{"approach": label(f"approach_{name.replace('-', '_')}"), "emissions_t_co2e": total.value,
                  "chosen": name == chosen} for name, total in rolled.items()], "consolidation")


def declared_table(case: Case, ours: Mapping[str, Quantity | str]) -> Block:
    """The mine's own figures beside ours: first declared, after verification, recomputed, and why they differ."""
    rows = []
    for row in case.dossier.declared:
        own, found = row.verified if row.verified is not None else row.initial, ours[row.item]
        shown = [_declared(case, one) for one in (row.initial, row.verified, found)]
        gap = "" if isinstance(found, str) or isinstance(own, str) else format_number(
            float(found) - convert(float(own), own.unit, found.unit), found.unit)
        rows.append({"item": label(f"declared_{row.item}"), "declared_initial": shown[0],
                     "declared_verified": shown[1], "recomputed": shown[2], "difference": gap,
                     "difference_reason": spoken(row.why)})
    return show(rows, "declared_and_recomputed")


def footprint_steps(account: Account) -> Block:
    """Footprint of the product to the gate, or of what was mined."""
    footprint = product_footprint(account.case, account)
    if footprint is None:
        return show_text(label("footprint_of_nothing"))
    shown = show_step(account.case, footprint)
    return shown if account.select(["3"]) else shown + show_text(label("footprint_of_own"))


def _declared(case: Case, given: Quantity | str | None) -> str:
    """A figure, or a grade by its name."""
    if given is None or given == "":
        return DASH
    if isinstance(given, str):
        return grade_name(case.standard, given)
    return format_number(float(given), given.unit, digits=6)


def _line_name(case: Case, line: GasLine | EnergyLine) -> str:
    name = source_name(case, line.source.id, line.key)
    basis = line.basis if isinstance(line, GasLine) else ""
    return label("with_unit").format(name=name, unit=label(f"basis_{basis}")) if basis else name

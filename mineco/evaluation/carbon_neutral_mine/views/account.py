"""Chapter 4: emissions, energy, abatement, removals and offsets, each step by step."""


from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import current_language, has_label, label
from mineco.core.quantity import Factor, Quantity, Step
from mineco.core.units import convert
from mineco.evaluation.account import NOT_COUNTED, Account, EnergyLine, GasLine
from mineco.evaluation.carbon_neutral_mine.evaluate import product_footprint
from mineco.evaluation.case import Case
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.views.case import scope_name
from mineco.evaluation.views.parcels import parcel_rows, parcel_steps
from mineco.evaluation.views.step import gas_name, item_name, show_step, show_steps, with_intermediate
from mineco.report.drawing import Drawing
from mineco.report.figures import emissions_by_source, waterfall
from mineco.report.tables import Block, CaptionNumber, show, show_text

SCOPE3_CATEGORIES = 15


def category_steps(account: Account, category: str) -> Block:
    """Every formula of a category of sources with the numbers put in, intermediate steps first."""
    case = account.case
    lines = [line for line in account.lines if line.source.category == category]
    if not lines:
        return Block(f"<p>{label('none_reported')}</p>", label("none_reported"))
    return show_steps(case, with_intermediate([line.mass for line in lines]))


def energy_steps(account: Account) -> Block:
    """Energy of each source in standard coal, and the total."""
    return show_steps(account.case, with_intermediate([line.energy for line in account.energy_lines]))


def energy_table(account: Account, number: CaptionNumber = None) -> Block:
    """Energy by source and carrier."""
    rows = [{"source": _line_name(account.case, line), "carrier": label(line.carrier), "energy_tce": line.energy.value}
            for line in account.energy_lines]
    rows.append({"source": label("total"), "carrier": "", "energy_tce": account.energy().value})
    return show(rows, label("energy_by_source"), number)


def emissions_table(account: Account, number: CaptionNumber = None) -> Block:
    """Masses by source and gas, and what they are in CO2e."""
    rows = [{"scope": scope_name(line.source.scope), "source": _line_name(account.case, line),
             "gas": gas_name(account.case, line.gas), "mass_t": line.mass.value,
             "emissions_t_co2e": None if line.gas in NOT_COUNTED else account.co2e("line", [line]).value}
            for line in account.lines if line.source.scope != "removal"]
    return show(rows, label("emissions_by_source"), number)


def scopes_table(account: Account, number: CaptionNumber = None) -> Block:
    """Emissions by scope, purchased energy on both bases, and the total that is graded."""
    total = account.emissions()
    rows = {"scope1": account.scope("1"), "scope2_location": account.scope("2"),
            "scope2_market": account.scope("2", "market"), "emissions_graded": total, "scope3": account.scope("3")}
    table = show([{"item": label(name), "emissions_t_co2e": one.value,
                   "share": format_percent(float(one) / float(total)) if name != "scope3" and float(total) else ""}
                  for name, one in rows.items()], label("emissions_by_scope"), number)
    whose = _residual_factors(account)
    return table + show_text(label("market_residual").format(names="; ".join(whose))) if whose else table


def _residual_factors(account: Account) -> dict[str, None]:
    """The factors of the tables that stand for purchased power without a contract, by name: of which area and year."""
    return dict.fromkeys(one.origin.name_zh if current_language() == "zh" else one.origin.name_en
                         for line in account.lines if line.basis == "market" for one in line.mass.chain()
                         if isinstance(one.origin, Factor) and one.origin.quantity.startswith("grid_"))


def scope3_table(account: Account, number: CaptionNumber = None) -> Block:
    """The categories of scope 3 that were reported or left out with a reason, and in a sentence all others."""
    case = account.case
    lines: dict[int, list[GasLine]] = {}
    for line in account.select(["3"]):
        lines.setdefault(line.source.scope3, []).append(line)
    rows, untold = [], []
    for category in range(1, SCOPE3_CATEGORIES + 1):
        reasons = [why[current_language()] for name, why in case.dossier.mine.excluded_sources.items()
                   if case.standard.sources[name].scope3 == category]
        reported = lines.get(category, [])
        if reported or reasons:
            rows.append({"category": label(f"scope3_category_{category}"), "scope3_reported": bool(reported),
                         "emissions_t_co2e": account.co2e("line", reported).value if reported else None,
                         "reason": "" if reported else "; ".join(reasons)})
        else:
            untold.append(label(f"scope3_category_{category}"))
    if not any(row["reason"] for row in rows):
        rows = [{name: told for name, told in row.items() if name != "reason"} for row in rows]
    rest = label("scope3_not_handed_in").format(categories=label("list_comma").join(untold)) if untold else ""
    return show(rows, label("scope3_categories"), number) + show_text(rest) if rows else show_text(rest)


def emissions_figure(account: Account, number: CaptionNumber = None) -> Drawing:
    """Scopes 1 and 2 by category and gas."""
    by: dict[str, dict[str, float]] = {}
    for line in account.select(["1", "2"], str(account.case.option("scope2_basis"))):
        gases = by.setdefault(line.source.category, {})
        gas = line.gas if has_label(line.gas) else "other_gases"  # refrigerants and other minor ones
        gases[gas] = gases.get(gas, 0.0) + float(account.co2e("line", [line]).value)
    return emissions_by_source(by, label("emissions_figure"), number)


def abatement_table(ledger: Ledger, number: CaptionNumber = None) -> Block:
    """Measures with baseline, project and what they spare."""
    rows: list[dict[str, object]] = [{"id": name, "name": row.name_zh if current_language() == "zh" else row.name_en,
             "baseline_t_co2e": row.baseline_t_co2e.value, "project_t_co2e": row.project_t_co2e.value,
             "abatement_t_co2e": abated.value, "evidence": row.evidence}
            for name, (row, abated) in ledger.abatement.measures.items()]
    rows.append({"id": "", "name": label("total"), "baseline_t_co2e": None, "project_t_co2e": None,
                 "abatement_t_co2e": ledger.abatement.total.value, "evidence": ""})
    return show(rows, label("abatement_measures"), number)


def removals_table(ledger: Ledger, number: CaptionNumber = None) -> Block:
    """Restored parcels with what each binds, and filled CO2."""
    removals = ledger.removals
    rows = parcel_rows(removals.parcels, removals.restored_area, removals.restoration)
    rows.append({**dict.fromkeys(rows[0], ""), "name": label("filled_co2"), "area_ha": None,
                 "removal_t_co2": removals.filled.value})
    return show(rows, label("removals_inside"), number)


def removals_steps(ledger: Ledger) -> Block:
    """Each parcel's formula with the numbers put in."""
    return parcel_steps(ledger.account.case, ledger.removals.parcels)


def offsets_table(ledger: Ledger, number: CaptionNumber = None) -> Block:
    """Offsets that count, and those that are listed and do not, with the reason."""
    rows = [{"kind": label(row.kind), "programme": row.programme, "serial": row.serial, "vintage": str(row.vintage),
             "retired": str(row.retired or "—"), "quantity_t_co2e": row.quantity.value, "counted": True, "reason": ""}
            for row in ledger.offsets.counted.values()]
    rows += [{"kind": label(row.kind), "programme": row.programme, "serial": row.serial, "vintage": str(row.vintage),
              "retired": str(row.retired or "—"), "quantity_t_co2e": row.quantity.value, "counted": False,
              "reason": "; ".join(label(one) for one in why)} for row, why in ledger.offsets.refused]
    return show(rows, label("offsets_listed"), number)


def balance_steps(ledger: Ledger) -> Block:
    """Residual, net, offset ratio, and the balance that must be zero (reading R7)."""
    return show_steps(ledger.account.case,
                      [ledger.removals.total, ledger.residual, ledger.net, ledger.offset_ratio, ledger.balance])


def balance_figure(ledger: Ledger, number: CaptionNumber = None) -> Drawing:
    """From emissions through removals and offsets to net."""
    removals = {"restoration_removals": float(ledger.removals.restoration),
                "filled_co2": float(ledger.removals.filled)}
    return waterfall(float(ledger.emissions), {name: one for name, one in removals.items() if one},
                     float(ledger.residual), {"offsets": float(ledger.offsets.total)},
                     float(ledger.net), label("ledger_figure"), number)


def total_steps(account: Account) -> Block:
    """Masses by gas, then CO2e of each scope, then the total."""
    return show_steps(account.case, _totals(account.emissions()))


def consolidation_table(case: Case, rolled: dict[str, Quantity], number: CaptionNumber = None) -> Block:
    """The parent's emissions under each of the three approaches (reading R16)."""
    chosen = case.dossier.mine.consolidation.approach
    rows = [{"approach": label(f"approach_{name.replace('-', '_')}"), "emissions_t_co2e": total.value,
             "chosen": name == chosen} for name, total in rolled.items()]
    return show(rows, label("consolidation"), number)


def declared_table(case: Case, ours: dict[str, Quantity | str], number: CaptionNumber = None) -> Block:
    """The mine's own figures beside ours: first declared, after verification, recomputed, and why they differ."""
    rows = []
    for row in case.dossier.declared:
        mine_own = row.verified if row.verified is not None else row.initial
        found = ours[row.item]
        gap = "" if isinstance(found, str) or isinstance(mine_own, str) else format_number(
            float(found) - convert(float(mine_own), mine_own.unit, found.unit), found.unit)
        rows.append({"item": label(f"declared_{row.item}"), "declared_initial": _text(row.initial),
                     "declared_verified": _text(row.verified), "recomputed": _text(found), "difference": gap,
                     "difference_reason": row.why})
    return show(rows, label("declared_and_recomputed"), number)


def footprint_steps(account: Account) -> Block:
    """Footprint of the product to the gate, or of what was mined."""
    footprint = product_footprint(account.case, account)
    return show_step(account.case, footprint) if footprint else show_text(label("footprint_of_nothing"))


def _text(given: Quantity | str | None) -> str:
    if given is None:
        return "—"
    return given if isinstance(given, str) else format_number(float(given), given.unit, digits=6)


def _line_name(case: Case, line: GasLine | EnergyLine) -> str:
    name = f"{line.source.name[current_language()]} {item_name(case, line.source.id, line.key)}".strip()
    basis = line.basis if isinstance(line, GasLine) else ""
    return f"{name} ({label(f'basis_{basis}')})" if basis else name


def _totals(total: Quantity) -> list[Quantity]:
    """The steps above the masses of single sources: masses by gas, scopes, total."""
    return [one for one in with_intermediate([total])
            if isinstance(one.origin, Step) and one.origin.formula in ("total_mass", "co2e", "total_emissions")]

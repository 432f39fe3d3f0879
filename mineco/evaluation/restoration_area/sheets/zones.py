"""Zones with their land, and what each suitable measure would gain and cost there."""

import math

from mineco.core.formatting import DASH
from mineco.core.labels import label
from mineco.core.workbooks.live import Cell, Formula, LiveSheet
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.views.land import never_ranked
from mineco.evaluation.sheets.parts import Place, total
from mineco.evaluation.views.words import named


def zones_sheet(evaluation: Evaluation) -> tuple[LiveSheet, dict[str, Place]]:
    """Land by class of priority, zones, and measures by zone; and where the areas and the cost of the chosen stand."""
    found, sheet = evaluation.identified, LiveSheet(label("sheet_zones"), (34, 34, 18, 24, 18, 18, 24, 24))
    places = dict[str, Place]()
    sheet.head(label("classes_of_priority"), label("area_ha"))
    rows = [sheet.add(named(evaluation.rules.classes[name]), area) for name, area in found.classes_ha.items()]
    rows += [sheet.add(never_ranked(evaluation.rules, name), area) for name, area in found.never_ha.items()]
    rows.append(sheet.add(label("map_without_values"), found.unknown_ha))
    total(sheet, "B", rows, sum(found.parts_ha))
    sheet.add()
    sheet.head(label("zone"), label("kind_of_land"), label("area_ha"), label("index"), label("slope_degrees"))
    top = len(sheet.rows) + 1
    for zone in found.zones:
        land = named(evaluation.rules.ecosystems[zone.land]) if zone.land else DASH
        sheet.add(str(zone.id), land, zone.area_ha, zone.index, zone.slope_degrees)
    rows = list(range(top, len(sheet.rows) + 1))
    places["zones_ha"] = total(sheet, "C", rows, sum(zone.area_ha for zone in found.zones), "ha")
    sheet.add()
    return sheet, places | (_measures(sheet, evaluation, evaluation.potential, top) if evaluation.potential else {})


def _measures(sheet: LiveSheet, evaluation: Evaluation, potential: Potential, top: int) -> dict[str, Place]:
    """Every suitable measure of every zone, of which the chosen ones add up."""
    prices, rules = evaluation.data.settings.costs_yuan_per_ha, evaluation.rules
    years = potential.years
    sheet.head(label("zone"), label("restoration_measure"), label("sheet_chosen"),
               label("sheet_gain_of_years").format(years=years), label("sheet_cost_per_ha"), label("cost_yuan"),
               label("yuan_per_tonne"))
    first, costs = len(sheet.rows) + 1, 0.0
    for place, plan in enumerate(potential.plans):
        for name in plan.measures:
            at, chosen = len(sheet.rows) + 1, float(name == plan.chosen)
            cost, tonne = plan.cost.get(name), plan.cost_per_tonne.get(name, math.nan)
            priced: list[Cell] = [] if cost is None else [
                prices[name], Formula(f"C{top + place}*E{at}", cost),
                Formula(f'IF(D{at}>0,F{at}/D{at},"{DASH}")', tonne if math.isfinite(tonne) else DASH)]
            costs += cost if chosen and cost is not None else 0.0
            sheet.add(str(plan.zone), named(rules.measures[name]), chosen, float(plan.cumulated[name].mean[-1]),
                      *priced)
    last = len(sheet.rows)
    if last < first:
        return {}
    chosen_cells = f"C{first}:C{last}"
    gain = sum(float(plan.cumulated[plan.chosen].mean[-1]) for plan in potential.plans if plan.chosen)
    row = sheet.add(label("sheet_chosen_total"), None, Formula(f"SUM({chosen_cells})", float(
        sum(bool(plan.chosen) for plan in potential.plans))),
        Formula(f"SUMPRODUCT({chosen_cells},D{first}:D{last})", gain), None,
        Formula(f"SUMPRODUCT({chosen_cells},F{first}:F{last})", costs))
    known = all(plan.chosen in plan.cost for plan in potential.plans if plan.chosen)
    return {"cost_of_works": Place(sheet.at("F", row), costs, label("sheet_yuan"))} if known else {}

"""The plan under a budget, and what budgets bring at most."""

from mineco.core.labels import label
from mineco.core.workbooks.live import Formula, LiveSheet
from mineco.evaluation.restoration_area.choice.found import Choice
from mineco.evaluation.sheets.parts import total
from mineco.evaluation.views.words import named


def choice_sheet(choice: Choice) -> LiveSheet:
    """Zones with their measures, whose costs count again, and the curve."""
    sheet = LiveSheet(label("sheet_choice"), (34, 34, 18, 20, 20, 26, 22, 22, 26))
    sheet.head(label("choice_asked"), label("value"))
    sheet.add(label("choice_goal_word"), label(f"goal_{choice.asked.goal}"))
    if choice.plan is not None:
        budget = sheet.add(label("budget_yuan"), choice.plan.budget)
        _plan(sheet, choice, budget)
    sheet.add()
    sheet.head(label("budget_yuan"), label("cost_yuan"), label("zones_restored"),
               f"{label('budget_brings')} ({choice.unit})", f"{label('choice_bound')} ({choice.unit})",
               f"{label('list_brings')} ({choice.unit})")
    for one in choice.curve:
        sheet.add(one.budget, one.cost, float(one.zones), one.worth, one.bound, one.listed)
    return sheet


def _plan(sheet: LiveSheet, choice: Choice, budget: int) -> None:
    """The zones of the plan, their sums, and what of the budget is left."""
    assert choice.plan is not None
    plan, loss = choice.plan, "ha" if choice.relative_loss else "t/yr"
    sheet.add()
    sheet.head(label("zone"), label("restoration_measure"), label("area_ha"), label("sheet_cost_per_ha"),
               label("cost_yuan"), f"{label('gain_mean')} (tCO₂)", f"{label('low')} 95 %", f"{label('high')} 95 %",
               f"{label('treated_loss')} ({loss})")
    rows = [sheet.add(str(one.zone.id), named(choice.rules.measures[one.measure]), one.zone.area_ha,
                      choice.prices[one.measure],
                      Formula(f"C{len(sheet.rows) + 1}*D{len(sheet.rows) + 1}", one.cost), one.gain.mean, one.gain.low,
                      one.gain.high, one.loss) for one in plan.parts]
    if rows:
        total(sheet, "C", rows, plan.hectares)
        spent = total(sheet, "E", rows, plan.cost)
        sheet.add(label("choice_unspent"), Formula(f"B{budget}-{spent.address}", plan.budget - plan.cost))

"""The gain of the chosen measures year by year, what of it is additional, its worth, and how the sink rises."""

from mineco.core.formatting import DASH
from mineco.core.labels import label
from mineco.core.workbooks.live import Formula, LiveSheet
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.sheets.parts import Place, known


def benefit_sheet(evaluation: Evaluation) -> tuple[LiveSheet, dict[str, Place]]:
    """Means of the draws year by year; and where the additional gain, its worth and the verdict stand."""
    found, price = evaluation.benefit, evaluation.data.settings.price
    sheet = LiveSheet(label("sheet_benefit"), (40, *[22] * 9))
    sheet.head(label("price"), label("value"), label("unit"))
    at = {name: f"$B${sheet.add(label(name), value, unit)}" for name, value, unit in (
        ("price", price.yuan_per_t_co2, "yuan/tCO₂"), ("discount", price.discount, "%"),
        ("price_growth", price.growth, "%"))}
    sheet.add()
    sheet.head(label("year"), *(f"{label(f'benefit_{name}')} (tCO₂)" for name in ("project", "baseline", "leakage",
                                                                                 "additional")),
               label("sheet_cumulated"), f"{label('low')} 95 %", f"{label('high')} 95 %", label("sheet_value_of_year"))
    top, ratio = len(sheet.rows) + 1, (1 + price.growth / 100) / (1 + price.discount / 100)
    parts = (found.project.mean, found.baseline.mean, found.leakage.mean, found.additional.mean, found.cumulated.mean,
             found.cumulated.low, found.cumulated.high)
    for place, means in enumerate(zip(*(part.tolist() for part in parts), strict=True)):
        row, (project, baseline, leakage, additional, cumulated, low, high) = top + place, means
        worth = f"{at['price']}*E{row}*((1+{at['price_growth']}/100)/(1+{at['discount']}/100))^{place}"
        sheet.add(str(evaluation.case.year + 1 + place), project, baseline, leakage,
                  Formula(f"B{row}-C{row}-D{row}", additional), Formula(f"SUM(E${top}:E{row})", cumulated), low, high,
                  Formula(worth, price.yuan_per_t_co2 * additional * ratio**place))
    last = len(sheet.rows)
    row = sheet.add(label("total"), *(known(f"SUM({column}{top}:{column}{last})", part.sum()) for column, part in zip(
        "BCDE", parts, strict=False)), None, None, None, known(f"SUM(I{top}:I{last})", found.value.mean))
    places = {"benefit_all": Place(sheet.at("E", row), float(found.additional.mean.sum()), "tCO₂"),
              "sheet_present_value": Place(sheet.at("I", row), float(found.value.mean), label("sheet_yuan"))}
    sheet.add()
    return sheet, places | _rise(sheet, evaluation, top)


def _rise(sheet: LiveSheet, evaluation: Evaluation, top: int) -> dict[str, Place]:
    """By what share the sink rises within the first years, and whether that is likely enough (reading T3)."""
    found, rule, between = evaluation.benefit, evaluation.case.standard.rule, evaluation.carbon.between
    sheet.head(label("verdict_T3"), label("value"), label("unit"))
    change = sheet.add(label("sheet_drawn_change"), float(evaluation.carbon.drawn["change"].mean), "tC")
    before = sheet.add(label("sheet_sink_before"), Formula(f"B{change}/{between}*44/12", float(found.before.mean)),
                       "tCO₂/yr")
    rise = f"AVERAGE(E{top}:E{top + int(rule('rise_years')) - 1})/B{before}"
    told = float(found.rise) if float(found.before.mean) > 0 else DASH
    sheet.add(label("sheet_rise").format(years=int(rule("rise_years"))),
              Formula(f'IF(B{before}>0,{rise},"{DASH}")', told), "1")
    likely = sheet.add(label("sheet_rise_probability"), found.rise_probability, "1")
    needed = sheet.add(label("sheet_required"), rule("rise_probability"), "1")
    row = sheet.add(label("sheet_met"), Formula(f"IF(B{likely}>=B{needed},1,0)", float(found.rise_met)))
    return {"verdict_T3": Place(sheet.at("B", row), float(found.rise_met), label("sheet_met"))}

"""The gain of the chosen measures year by year, what of it is additional, its worth, and how the sink rises."""

from mineco.core.formatting import DASH
from mineco.core.labels import label
from mineco.core.number import Interval
from mineco.core.workbooks.live import Cell, Formula, LiveSheet
from mineco.evaluation.restoration_area.carbon import Benefit, Carbon
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.sheets.parts import Place, known


def benefit_sheet(evaluation: Evaluation, found: Benefit) -> tuple[LiveSheet, dict[str, Place]]:
    """Means of the draws year by year; and where the additional gain, its worth and the verdict stand.

    What is not assessed has no column.
    """
    price = evaluation.data.settings.price if found.value is not None else None
    sheet, at, ratio = LiveSheet(label("sheet_benefit"), (40, *[22] * 9)), {}, 1.0
    if price is not None:
        ratio = (1 + price.growth / 100) / (1 + price.discount / 100)
        sheet.head(label("price"), label("value"), label("unit"))
        at = {name: f"$B${sheet.add(label(name), value, unit)}" for name, value, unit in (
            ("price", price.yuan_per_t_co2, "yuan/tCO₂"), ("discount", price.discount, "%"),
            ("price_growth", price.growth, "%"))}
        sheet.add()
    parts = {name: one.mean for name in ("project", "baseline", "leakage", "additional")
             if (one := getattr(found, name)) is not None}
    more = [label("sheet_cumulated"), f"{label('low')} 95 %", f"{label('high')} 95 %"] if found.cumulated else []
    sheet.head(label("year"), *(f"{label(f'benefit_{name}')} (tCO₂)" for name in parts), *more,
               *([label("sheet_value_of_year")] if price else []))
    top = len(sheet.rows) + 1
    for place, means in enumerate(zip(*(part.tolist() for part in parts.values()), strict=True)):
        row, cells = top + place, list[Cell](means)
        if found.cumulated is not None:
            total, low, high = (float(getattr(found.cumulated, part)[place]) for part in ("mean", "low", "high"))
            cells[-1:] = [Formula(f"B{row}-C{row}-D{row}", means[-1]), Formula(f"SUM(E${top}:E{row})", total), low,
                          high]
        if price is not None:
            worth = f"{at['price']}*E{row}*((1+{at['price_growth']}/100)/(1+{at['discount']}/100))^{place}"
            cells.append(Formula(worth, price.yuan_per_t_co2 * means[-1] * ratio**place))
        sheet.add(str(evaluation.case.year + 1 + place), *cells)
    last = len(sheet.rows)
    totals: list[Cell] = [known(f"SUM({column}{top}:{column}{last})", part.sum())
                          for column, part in zip("BCDE", parts.values(), strict=False)]
    if found.value is not None:
        totals += [None, None, None, known(f"SUM(I{top}:I{last})", found.value.mean)]
    row = sheet.add(label("total"), *totals)
    places = {}
    if found.additional is not None:
        places["benefit_all"] = Place(sheet.at("E", row), float(found.additional.mean.sum()), "tCO₂")
    if found.value is not None:
        places["sheet_present_value"] = Place(sheet.at("I", row), float(found.value.mean), label("sheet_yuan"))
    sheet.add()
    if found.before is not None and evaluation.carbon is not None:
        places |= _rise(sheet, evaluation, found, found.before, evaluation.carbon, top)
    return sheet, places


def _rise(sheet: LiveSheet, evaluation: Evaluation, found: Benefit, sink: Interval, carbon: Carbon, top: int
          ) -> dict[str, Place]:
    """By what share the sink rises within the first years, and whether that is likely enough (reading T3)."""
    rule = evaluation.case.standard.rule
    assert found.rise is not None
    sheet.head(label("verdict_T3"), label("value"), label("unit"))
    change = sheet.add(label("sheet_drawn_change"), float(carbon.drawn["change"].mean), "tC")
    before = sheet.add(label("sheet_sink_before"), Formula(f"B{change}/{carbon.between}*44/12", float(sink.mean)),
                       "tCO₂/yr")
    rise = f"AVERAGE(E{top}:E{top + int(rule('rise_years')) - 1})/B{before}"
    told = float(found.rise) if float(sink.mean) > 0 else DASH
    sheet.add(label("sheet_rise").format(years=int(rule("rise_years"))),
              Formula(f'IF(B{before}>0,{rise},"{DASH}")', told), "1")
    likely = sheet.add(label("sheet_rise_probability"), found.rise_probability, "1")
    needed = sheet.add(label("sheet_required"), rule("rise_probability"), "1")
    row = sheet.add(label("sheet_met"), Formula(f"IF(B{likely}>=B{needed},1,0)", float(bool(found.rise_met))))
    return {"verdict_T3": Place(sheet.at("B", row), float(bool(found.rise_met)), label("sheet_met"))}

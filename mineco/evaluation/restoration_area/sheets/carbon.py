"""Carbon of the land by class, pool and year from adjusted areas, its change with error, and plots against the map."""

import numpy as np
from numpy.typing import NDArray

from mineco.core.labels import label
from mineco.core.workbooks import column_letters
from mineco.core.workbooks.live import Formula, LiveSheet
from mineco.evaluation.restoration_area.carbon import Carbon
from mineco.evaluation.restoration_area.given.pools import POOLS
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.scenes.listed import COVERS
from mineco.evaluation.restoration_area.sheets.accuracy import shares_within
from mineco.evaluation.restoration_area.sheets.blocks import AREA, LAND, MAPPED, MapBlock
from mineco.evaluation.restoration_area.sheets.strata import change_variance, stock_variance
from mineco.evaluation.sheets.parts import Place, known, total
from mineco.evaluation.views.words import named
from mineco.restoration.maps.accuracy import NORMAL_95
from mineco.restoration.maps.plots import ROUNDING, PlotCheck
from mineco.restoration.maps.strata import StratifiedAreas

MEAN, DENSITY, VARIANCE = "BCDE", "F", "K"  # columns of the pools of a class, of their sum, of the sum of variances
DATES = ("L", "M"), ("N", "O")  # of areas and their standard errors, a date after the other


def carbon_sheet(evaluation: Evaluation, carbon: Carbon, blocks: dict[str, MapBlock]
                 ) -> tuple[LiveSheet, dict[str, Place]]:
    """Pools and areas by class, stocks and change by pool and by formula, plots, and the deviations."""
    data, columns = evaluation.data, dict(zip(carbon.areas, DATES, strict=False))
    assert data.pools is not None
    sheet, size = LiveSheet(label("sheet_carbon"), (52, *[16] * 14)), len(data.classes)
    sheet.head(label("map_class"), *(f"{label(f'pool_{pool}')} (tC/ha)" for pool in POOLS), label("sheet_density"),
               *(f"{label(f'pool_{pool}')} SD" for pool in POOLS), label("sheet_pool_variance"),
               *(f"{year} {label(name)}" for year in carbon.years for name in ("area_ha", "standard_error")))
    order = [data.pools.classes.index(code) for code in data.codes]
    mean, spread = data.pools.mean[order], data.pools.spread[order]
    for place, one in enumerate(data.classes):
        at = 2 + place
        areas = [known(blocks[name].sheet.at(column, blocks[name].figures + place), part[place]) if carbon.adjusted
                 else float(part[place]) for name, found in carbon.areas.items()
                 for column, part in ((AREA, found.area.value), ("O", found.area.error))]
        sheet.add(named(one), *map(float, mean[place]), Formula(f"SUM(B{at}:E{at})", float(mean[place].sum())),
                  *map(float, spread[place]), Formula(f"SUMSQ(G{at}:J{at})", float((spread[place]**2).sum())), *areas)
    sheet.add()
    if not carbon.adjusted:
        sheet.add(label("areas_as_mapped"))
        sheet.add()
    places = _stocks(sheet, carbon, columns, blocks, mean)
    sheet.add()
    sampled = [_sampled(sheet, evaluation, name, blocks[name], mean.sum(axis=1)).address if carbon.adjusted else "0"
               for name in carbon.areas]
    changed = _changed(sheet, evaluation, blocks, mean.sum(axis=1)) if carbon.adjusted else None
    halves = _errors(sheet, carbon, list(columns.values()), sampled, changed, size)
    texts = {"stock": (halves["end"],) * 2, "change": (halves.get("change", ""),) * 2}
    if carbon.plots is not None:
        texts["bias"] = _plots(sheet, carbon, carbon.plots)
    return sheet, places | _verdicts(sheet, carbon, texts)


def _cells(column: str, size: int) -> str:
    return f"{column}$2:{column}${1 + size}"


def _dated(carbon: Carbon) -> dict[str, str]:
    """Start, end and change by their years, as far as they are assessed."""
    return {name: label(f"carbon_{name}_of").format(first=carbon.years[0], last=carbon.years[-1])
            for name in ("start", "end", "change") if getattr(carbon, name) is not None}


def _stocks(sheet: LiveSheet, carbon: Carbon, dates: dict[str, tuple[str, str]], blocks: dict[str, MapBlock],
            mean: NDArray[np.float64]) -> dict[str, Place]:
    """The stock of each pool at each date and its change, with their sums, and the same by the areas of the maps."""
    size, titles = len(mean), _dated(carbon)

    def changed(row: int, values: list[float]) -> list[Formula]:
        return [Formula(f"C{row}-B{row}", values[1] - values[0])] if len(values) > 1 else []

    sheet.head(label("pool"), *(f"{title} (tC)" for title in titles.values()))
    top = len(sheet.rows) + 1
    for place, pool in enumerate(POOLS):
        stocks = [float(one.area.value @ mean[:, place]) for one in carbon.areas.values()]
        sheet.add(label(f"pool_{pool}"), *(Formula(
            f"SUMPRODUCT({_cells(dates[name][0], size)},{_cells(MEAN[place], size)})", value)
            for name, value in zip(carbon.areas, stocks, strict=True)), *changed(top + place, stocks))
    values = [float(getattr(carbon, name).value) for name in titles]
    row = sheet.add(label("total"), *(Formula(f"SUM({column}{top}:{column}{top + len(POOLS) - 1})", value)
                                      for column, value in zip("BCD", values, strict=False)))
    lands = [f"SUMPRODUCT({blocks[name].column(LAND) if carbon.adjusted else _cells(dates[name][0], size)},"
             f"{_cells(DENSITY, size)})" for name in carbon.areas]
    sheet.add(label("as_mapped"), *map(Formula, lands, carbon.mapped), *changed(row + 1, list(carbon.mapped)))
    return {f"carbon_{name}_tc": Place(sheet.at(column, row), value, "tC")
            for name, column, value in zip(titles, "BCD", values, strict=False)}


def _sampled(sheet: LiveSheet, evaluation: Evaluation, name: str, block: MapBlock,
             density: NDArray[np.float64]) -> Place:
    """Variance of a stock by the areas that points leave open: d' V d, a class of the map after the other."""
    assert evaluation.accuracy is not None
    found, size = evaluation.accuracy.covers[name], block.size
    sheet.head(label(f"sheet_map_{name}"), label("sheet_mean_density"), label("sheet_sampled_variance"))
    at = sheet.add(label("sheet_density"), *(Formula(f"{DENSITY}{2 + place}", float(one))
                                             for place, one in enumerate(density)))
    carbon = f"$B${at}:${column_letters(1 + size)}${at}"
    if isinstance(found.adjusted, StratifiedAreas):
        return stock_variance(sheet, block, found.adjusted, carbon, density)
    shares = shares_within(found)
    rows = []
    for place, one in enumerate(evaluation.data.classes):
        row, within, figures = len(sheet.rows) + 1, block.row(block.shares, place), block.figures + place
        land, points = (block.sheet.at(column, figures) for column in (LAND, MAPPED))
        middle = float(shares[place] @ density)
        spread = float(shares[place] @ (density - middle)**2)
        value = found.adjusted.map_area[place]**2 / max(found.matrix[place].sum() - 1, 1) * spread
        rows.append(sheet.add(named(one), Formula(f"SUMPRODUCT({within},{carbon})", middle), Formula(
            f"IF({land}>0,{land}^2/({points}-1)*SUMPRODUCT({within},({carbon}-B{row})^2),0)", float(value))))
    whole = total(sheet, "C", rows, float(density @ found.adjusted.area_covariance @ density))
    sheet.add()
    return whole


def _changed(sheet: LiveSheet, evaluation: Evaluation, blocks: dict[str, MapBlock],
             density: NDArray[np.float64]) -> tuple[Place, str] | None:
    """Variances of the change by points judged on both dates; None of points that were not drawn of strata."""
    together = evaluation.accuracy and evaluation.accuracy.change
    if not together:
        return None
    cells = [f"{DENSITY}${2 + place}" for place in range(len(density))]
    names = [named(one) for one in evaluation.data.classes]
    return change_variance(sheet, blocks[COVERS[0]], together, names, cells, density)


def _errors(sheet: LiveSheet, carbon: Carbon, dates: list[tuple[str, str]], sampled: list[str],
            together: tuple[Place, str] | None, size: int) -> dict[str, str]:
    """The standard errors of the stocks and of the change, whose pools err alike at both dates."""
    sheet.head(label("carbon_change"), label("value"), label("standard_error"), label("low"), label("high"))
    (first, first_error), (last, last_error) = ([_cells(column, size) for column in two]
                                                for two in (dates[0], dates[-1]))
    variance, before, after = _cells(VARIANCE, size), sampled[0], sampled[-1]
    changed, change_errors = (together[0].address, together[1]) if together else (
        f"{before}+{after}", f"({first_error}^2+{last_error}^2)")
    terms = {
        "start": (first, before, f"{first_error}^2"), "end": (last, after, f"{last_error}^2"),
        "change": (f"({last}-{first})", changed, change_errors)}
    places = {}
    for name, title in _dated(carbon).items():
        (area, areas, error), one, row = terms[name], getattr(carbon, name), len(sheet.rows) + 1
        sheet.add(f"{title} (tC)", Formula(f"SUMPRODUCT({area},{_cells(DENSITY, size)})", float(one.value)),
                  Formula(f"SQRT(SUMPRODUCT({area}^2,{variance})+{areas}+SUMPRODUCT({error},{variance}))",
                          float(one.error)),
                  Formula(f"B{row}-{NORMAL_95}*C{row}", float(one.low)),
                  Formula(f"B{row}+{NORMAL_95}*C{row}", float(one.high)))
        places[name] = f"IF(ABS(B{row})>{ROUNDING}*{NORMAL_95}*C{row},{NORMAL_95}*C{row}/ABS(B{row}),NA())"
    sheet.add()
    return places


def _plots(sheet: LiveSheet, carbon: Carbon, found: PlotCheck) -> tuple[str, str]:
    """Every plot beside the map, and the bias with Student's interval; the bias and its farther end as formulas."""
    sheet.head(label("plots_table"), f"{label('plots_map')} (tC/ha)", f"{label('plots_ground')} (tC/ha)",
               label("sheet_map_less_plot"))
    top = len(sheet.rows) + 1
    for name, mapped, measured in zip(carbon.plot_ids, carbon.plot_density.tolist(), carbon.plot_carbon.tolist(),
                                      strict=True):
        at = len(sheet.rows) + 1
        sheet.add(name, mapped, measured, Formula(f"B{at}-C{at}", mapped - measured))
    last = len(sheet.rows)
    ground, difference = (f"{column}{top}:{column}{last}" for column in "CD")
    mean = sheet.add(label("plots_mean"), None, Formula(f"AVERAGE({ground})", found.measured))
    half = f"TINV(0.05,{found.count - 1})*STDEV({difference})/SQRT({found.count})"
    bias = sheet.add(label("sheet_plots_bias"), None, None, Formula(f"AVERAGE({difference})", found.bias))
    sheet.add(label("low"), None, None, Formula(f"D{bias}-{half}", found.low))
    sheet.add(label("high"), None, None, Formula(f"D{bias}+{half}", found.high))
    sheet.add(label("plots_rmse"), None, None, Formula(f"SQRT(SUMSQ({difference})/{found.count})", found.rmse))
    sheet.add()
    return f"ABS(D{bias})/C{mean}", f"MAX(ABS(D{bias + 1}),ABS(D{bias + 2}))/C{mean}"


def _verdicts(sheet: LiveSheet, carbon: Carbon, texts: dict[str, tuple[str, str]]) -> dict[str, Place]:
    """Each deviation by its farther end, beside what is allowed (reading T2)."""
    if not carbon.deviations:
        return {}
    sheet.head(label("verdict_T2"), label("value"), label("sheet_held"), label("sheet_allowed"), label("sheet_met"))
    places = {}
    for name, one in carbon.deviations.items():
        at = len(sheet.rows) + 1
        sheet.add(label(f"deviation_{name}"), known(texts[name][0], one.point), known(texts[name][1], one.worst),
                  one.allowed, Formula(f"IF(ISNUMBER(C{at}),IF(C{at}<=D{at},1,0),0)", float(one.met)))
        places[f"deviation_{name}"] = Place(sheet.at("E", at), float(one.met), label("sheet_met"))
    return places

"""Points by class, shares of area, accuracies and adjusted areas with their intervals (Olofsson et al. 2014)."""

import numpy as np
from numpy.typing import NDArray

from mineco.core.labels import label
from mineco.core.workbooks import column_letters
from mineco.core.workbooks.live import Cell, LiveSheet
from mineco.evaluation.restoration_area.accuracy import Accuracy, MapAccuracy
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.sheets.blocks import (
    AREA,
    FIGURES,
    LAND,
    MAPPED,
    PRODUCERS,
    RIGHT,
    SHARE,
    TRUE,
    USERS,
    MapBlock,
    agreement,
    interval,
    letters,
    points_block,
    points_of_class,
)
from mineco.evaluation.restoration_area.sheets.strata import stratified_block
from mineco.evaluation.sheets.parts import Place, known
from mineco.evaluation.views.words import named
from mineco.restoration.maps.accuracy import NORMAL_95
from mineco.restoration.maps.strata import StratifiedAreas


def accuracy_sheet(evaluation: Evaluation, accuracy: Accuracy
                   ) -> tuple[LiveSheet, dict[str, MapBlock], dict[str, Place]]:
    """Every map that points judge; where its figures stand; and the verdicts on the land to restore (reading T1)."""
    sheet = LiveSheet(label("sheet_accuracy"), (44, *[16] * 18))
    names = {"restore": [label("to_restore"), label("not_to_restore")]}
    names |= dict.fromkeys(accuracy.covers, [named(one) for one in evaluation.data.classes])
    found = {"restore": accuracy.restore} | accuracy.covers
    blocks = {}
    for of, one in found.items():
        title, adjusted = label(f"sheet_map_{of}"), one.adjusted
        blocks[of] = stratified_block(sheet, title, one, adjusted, names[of]) if isinstance(
            adjusted, StratifiedAreas) else _map(sheet, title, one, names[of])
    return sheet, blocks, _verdicts(sheet, accuracy, blocks["restore"])


def _map(sheet: LiveSheet, title: str, found: MapAccuracy, names: list[str]) -> MapBlock:
    """Points, shares, variances and figures of one map."""
    size, one = len(names), found.adjusted
    counts = points_block(sheet, title, found, names)
    shares, variances = counts + size + 3, counts + 2 * size + 5
    figures = variances + size + 2
    block = MapBlock(sheet, size, counts, shares, variances, figures, figures + size)
    sheet.head(label("sheet_shares_within"), *names)
    within = shares_within(found)
    for place, name in enumerate(names):
        land = f"{LAND}{figures + place}>0"
        sheet.add(name, *(known(f"IF({land},{column}{counts + place}/{MAPPED}{figures + place},0)", value)
                          for column, value in zip(letters(size), within[place], strict=True)))
    sheet.add()
    sheet.head(label("sheet_variances_within"), *names)
    points = found.matrix.sum(axis=1)
    for place, name in enumerate(names):
        at, by = shares + place, points[place] - 1
        values = within[place] * (1 - within[place]) / by if one.map_area[place] > 0 else np.zeros(size)
        land, others = f"{LAND}{figures + place}>0", f"({MAPPED}{figures + place}-1)"
        sheet.add(name, *(known(f"IF({land},{column}{at}*(1-{column}{at})/{others},0)", value)
                          for column, value in zip(letters(size), values, strict=True)))
    sheet.add()
    sheet.head(*map(label, FIGURES))
    for place, name in enumerate(names):
        sheet.add(name, *_figures(block, found, place, float(within[place, place])))
    right = f"{RIGHT}{figures}:{RIGHT}{figures + size - 1}"
    spread = f"S{figures}:S{figures + size - 1}"
    sheet.add(label("accuracy_overall"), *[None] * 4, *interval("F", block.overall, one.overall, (), f"SUM({right})",
                                                                f"SQRT(SUM({spread}))"))
    agreement(block, found)
    return block


def shares_within(found: MapAccuracy) -> NDArray[np.float64]:
    """Share of each class in truth within each class of the map; 0 where that covers no land."""
    weights, shares = found.adjusted.weights[:, np.newaxis], found.adjusted.proportions
    return np.divide(shares, weights, out=np.zeros_like(shares), where=weights > 0)


def _figures(block: MapBlock, found: MapAccuracy, place: int, right: float) -> list[Cell]:
    """The figures of a class: points, land, both accuracies and the adjusted area, each with its interval."""
    one, size, row = found.adjusted, block.size, block.figures + place
    own = column_letters(2 + place)  # of the class in the blocks above
    share, variance = (f"{own}{first}:{own}{first + size - 1}" for first in (block.shares, block.variances))
    lands, weights = (f"{column}${block.figures}:{column}${block.figures + size - 1}" for column in (LAND, SHARE))
    weight, mine = f"{SHARE}{row}", f"{own}{block.variances + place}"
    true = f"SUMPRODUCT({weights},{share})"
    others = f"(SUMPRODUCT({weights}^2,{variance})-{weight}^2*{mine})"
    return [
        *points_of_class(block, found, place),
        *interval(USERS, row, one.users, (place,), f"{own}{block.counts + place}/{MAPPED}{row}", f"SQRT({mine})"),
        *interval(PRODUCERS, row, one.producers, (place,), f"{weight}*{own}{block.shares + place}/{true}",
                   f"SQRT({weight}^2*{mine}*(1-{PRODUCERS}{row})^2+{others}*{PRODUCERS}{row}^2)/{true}"),
        *interval(AREA, row, one.area, (place,), f"{true}*SUM({lands})", f"SQRT(SUMPRODUCT({lands}^2,{variance}))"),
        known(f"{weight}*{own}{block.shares + place}", one.weights[place] * right),
        known(f"{weight}^2*{mine}", one.weights[place]**2 * found.adjusted.users.error[place]**2)]


def _verdicts(sheet: LiveSheet, accuracy: Accuracy, block: MapBlock) -> dict[str, Place]:
    """Each accuracy by its lower end, that of Wilson where no point was wrong, beside what is asked for."""
    every = f"SUM({MAPPED}{block.figures}:{MAPPED}{block.figures + block.size - 1})"
    behind = {"overall": (USERS, block.overall, every), "users": (USERS, block.figures, f"{MAPPED}{block.figures}"),
              "producers": (PRODUCERS, block.figures, f"{TRUE}{block.figures}")}
    sheet.head(label("verdict_T1"), label("value"), label("sheet_held"), label("sheet_required"), label("sheet_met"))
    places = {}
    for name, one in accuracy.verdicts.items():
        column, row, points = behind[name]
        error = f"{column_letters(ord(column) - ord('A') + 2)}{row}"
        at = len(sheet.rows) + 1
        low = (f"IF({error}=0,{column}{row}*{points}/({points}+{NORMAL_95}^2),"
               f"{column_letters(ord(column) - ord('A') + 3)}{row})")
        sheet.add(label(f"accuracy_{name}"), known(f"{column}{row}", one.point), known(low, one.low), one.required,
                  known(f"IF(ISNUMBER(C{at}),IF(C{at}>=D{at},1,0),0)", float(one.met)))
        places[f"accuracy_{name}"] = Place(sheet.at("E", at), float(one.met), label("sheet_met"))
    return places

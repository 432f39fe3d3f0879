"""Points by class, shares of area, accuracies and adjusted areas with their intervals (Olofsson et al. 2014)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mineco.core.labels import label
from mineco.core.workbooks import column_letters
from mineco.core.workbooks.live import Cell, LiveSheet
from mineco.evaluation.restoration_area.accuracy import Accuracy, MapAccuracy
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.sheets.parts import Place, known
from mineco.evaluation.views.words import named
from mineco.restoration.maps.accuracy import NORMAL_95, Estimate

# columns of the block of figures, a row for each class
MAPPED, TRUE, LAND, SHARE, USERS, PRODUCERS, AREA, RIGHT = "B", "C", "D", "E", "F", "J", "N", "R"
FIGURES = ("map_class", "sheet_points_mapped", "sheet_points_true", "area_on_map", "sheet_land_share", "sheet_users",
           "standard_error", "low", "high", "sheet_producers", "standard_error", "low", "high", "sheet_area_adjusted",
           "standard_error", "low", "high", "sheet_right", "sheet_right_variance")


class MapBlock(NamedTuple):
    """Where the figures of a map stand: rows of its classes in the blocks, and the two of overall accuracy."""

    sheet: LiveSheet
    size: int
    counts: int  # first row of the points by class
    shares: int  # of their shares within a class of the map
    variances: int  # of the sampling variances of these
    figures: int  # of the accuracies and areas
    overall: int  # row of overall accuracy

    def column(self, letter: str) -> str:
        """The cells of a column of figures, one for each class."""
        return self.sheet.at(letter, self.figures, self.figures + self.size - 1)

    def row(self, first: int, place: int) -> str:
        """The cells of a class of the map in a block of points, shares or variances."""
        return f"'{self.sheet.title}'!$B${first + place}:${column_letters(1 + self.size)}${first + place}"


def accuracy_sheet(evaluation: Evaluation, accuracy: Accuracy
                   ) -> tuple[LiveSheet, dict[str, MapBlock], dict[str, Place]]:
    """Every map that points judge; where its figures stand; and the verdicts on the land to restore (reading T1)."""
    sheet = LiveSheet(label("sheet_accuracy"), (44, *[16] * 18))
    names = {"restore": [label("to_restore"), label("not_to_restore")]}
    names |= dict.fromkeys(accuracy.covers, [named(one) for one in evaluation.data.classes])
    found = {"restore": accuracy.restore} | accuracy.covers
    blocks = {of: _map(sheet, label(f"sheet_map_{of}"), one, names[of]) for of, one in found.items()}
    return sheet, blocks, _verdicts(sheet, accuracy, blocks["restore"])


def _map(sheet: LiveSheet, title: str, found: MapAccuracy, names: list[str]) -> MapBlock:
    """Points, shares, variances and figures of one map."""
    size, one = len(names), found.adjusted
    counts = sheet.head(f"{title} · {label('confusion_matrix')}", *names, label("sum")) + 1
    shares, variances = counts + size + 3, counts + 2 * size + 5
    figures = variances + size + 2
    block = MapBlock(sheet, size, counts, shares, variances, figures, figures + size)
    last = column_letters(1 + size)
    for place, name in enumerate(names):
        at = counts + place
        sheet.add(name, *map(float, found.matrix[place]), known(f"SUM(B{at}:{last}{at})", found.matrix[place].sum()))
    sheet.add(label("sum"), *(known(f"SUM({column}{counts}:{column}{counts + size - 1})", points)
                              for column, points in zip(_letters(size), found.matrix.sum(axis=0), strict=True)))
    sheet.add()
    sheet.head(label("sheet_shares_within"), *names)
    within = shares_within(found)
    for place, name in enumerate(names):
        land = f"{LAND}{figures + place}>0"
        sheet.add(name, *(known(f"IF({land},{column}{counts + place}/{MAPPED}{figures + place},0)", value)
                          for column, value in zip(_letters(size), within[place], strict=True)))
    sheet.add()
    sheet.head(label("sheet_variances_within"), *names)
    points = found.matrix.sum(axis=1)
    for place, name in enumerate(names):
        at, by = shares + place, points[place] - 1
        values = within[place] * (1 - within[place]) / by if one.map_area[place] > 0 else np.zeros(size)
        land, others = f"{LAND}{figures + place}>0", f"({MAPPED}{figures + place}-1)"
        sheet.add(name, *(known(f"IF({land},{column}{at}*(1-{column}{at})/{others},0)", value)
                          for column, value in zip(_letters(size), values, strict=True)))
    sheet.add()
    sheet.head(*map(label, FIGURES))
    for place, name in enumerate(names):
        sheet.add(name, *_figures(block, found, place, float(within[place, place])))
    right = f"{RIGHT}{figures}:{RIGHT}{figures + size - 1}"
    spread = f"S{figures}:S{figures + size - 1}"
    sheet.add(label("accuracy_overall"), *[None] * 4, *_interval("F", block.overall, one.overall, (), f"SUM({right})",
                                                                f"SQRT(SUM({spread}))"))
    diagonal = "+".join(f"{column}{counts + place}" for place, column in enumerate(_letters(size)))
    every = f"SUM({MAPPED}{figures}:{MAPPED}{figures + size - 1})"
    row = sheet.add(label("sheet_points_right"), *[None] * 4, known(f"({diagonal})/{every}", found.overall))
    chance = f"SUMPRODUCT({MAPPED}{figures}:{MAPPED}{figures + size - 1},{TRUE}{figures}:{TRUE}{figures + size - 1})"
    sheet.add("kappa", *[None] * 4, known(f"(F{row}-{chance}/{every}^2)/(1-{chance}/{every}^2)", found.kappa))
    sheet.add()
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
    of_map, of_truth = found.matrix[place].sum(), found.matrix[:, place].sum()
    return [
        known(f"{column_letters(2 + size)}{block.counts + place}", of_map),
        known(f"{own}{block.counts + size}", of_truth),
        float(one.map_area[place]), known(f"{LAND}{row}/SUM({lands})", one.weights[place]),
        *_interval(USERS, row, one.users, (place,), f"{own}{block.counts + place}/{MAPPED}{row}", f"SQRT({mine})"),
        *_interval(PRODUCERS, row, one.producers, (place,), f"{weight}*{own}{block.shares + place}/{true}",
                   f"SQRT({weight}^2*{mine}*(1-{PRODUCERS}{row})^2+{others}*{PRODUCERS}{row}^2)/{true}"),
        *_interval(AREA, row, one.area, (place,), f"{true}*SUM({lands})", f"SQRT(SUMPRODUCT({lands}^2,{variance}))"),
        known(f"{weight}*{own}{block.shares + place}", one.weights[place] * right),
        known(f"{weight}^2*{mine}", one.weights[place]**2 * found.adjusted.users.error[place]**2)]


def _interval(column: str, row: int, found: Estimate, place: tuple[int, ...], value: str, error: str) -> list[Cell]:
    """Value, standard error and both ends of the 95 % interval in four columns, of which the first is named."""
    at, wide = f"{column}{row}", f"{column_letters(ord(column) - ord('A') + 2)}{row}"
    told = [float(part[place]) for part in (found.value, found.error, found.low, found.high)]
    return [known(text, one) for text, one in zip(
        (value, error, f"{at}-{NORMAL_95}*{wide}", f"{at}+{NORMAL_95}*{wide}"), told, strict=True)]


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


def _letters(size: int) -> list[str]:
    """The columns of the classes in a block."""
    return [column_letters(2 + place) for place in range(size)]

"""Accuracies and areas of a map by strata that are not its classes (Stehman 2014), and what these leave open of carbon.

In each stratum points are counted by class: those that the map has right, those of the map, those in truth. All else is
computed of these three blocks.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mineco.core.labels import label
from mineco.core.workbooks import column_letters
from mineco.core.workbooks.live import Formula, LiveSheet
from mineco.evaluation.restoration_area.accuracy import MapAccuracy
from mineco.evaluation.restoration_area.sheets.blocks import (
    AREA,
    FIGURES,
    PRODUCERS,
    USERS,
    MapBlock,
    agreement,
    interval,
    letters,
    points_block,
    points_of_class,
)
from mineco.evaluation.sheets.parts import Place, known, total
from mineco.restoration.maps.accuracy import Estimate
from mineco.restoration.maps.strata import StratifiedAreas, StratifiedChange

# columns of a stratum: land, pixels, points, what variance within it leaves open, points of known class, points right
HA, PIXELS, POINTS, OPEN, KNOWN, RIGHT = "B", "C", "D", "E", "F", "G"
HEADS = ("sample_stratum", "area_ha", "sheet_pixels", "sample_drawn", "sheet_open", "sheet_known", "sheet_right_points")
BLOCKS = ("sheet_strata_right", "sheet_strata_mapped", "sheet_strata_true")
PAIR = ("sample_stratum", "sheet_density_before", "sheet_density_after", "sample_drawn", "sheet_density_change")


class Blocks(NamedTuple):
    """First rows of the strata and of their three blocks, and how many strata there are."""

    strata: int
    right: int
    mapped: int
    true: int
    size: int

    def column(self, letter: str, first: int) -> str:
        """The cells of a column in one of them."""
        return f"{letter}${first}:{letter}${first + self.size - 1}"


def stratified_block(sheet: LiveSheet, title: str, found: MapAccuracy, one: StratifiedAreas,
                     names: list[str]) -> MapBlock:
    """Points, strata and figures of one map; `shares` of the block are points by true class, `variances` the strata."""
    counts = points_block(sheet, title, found, names)
    at = _strata(sheet, one, names)
    figures = sheet.head(*map(label, FIGURES[:-2])) + 1
    block = MapBlock(sheet, len(names), counts, at.true, at.strata, figures, figures + len(names))
    for place, name in enumerate(names):
        column, row = letters(len(names))[place], figures + place
        right, mapped, true = (at.column(column, first) for first in (at.right, at.mapped, at.true))
        points, area, left = (at.column(letter, at.strata) for letter in (POINTS, HA, OPEN))
        sheet.add(name, *points_of_class(block, found, place),
                  *_ratio(at, USERS, row, one.users, (place,), right, mapped),
                  *_ratio(at, PRODUCERS, row, one.producers, (place,), right, true),
                  *interval(AREA, row, one.area, (place,), f"SUMPRODUCT({area},{true}/{points})",
                            f"SQRT(SUMPRODUCT({left},{true}/{points}*(1-{true}/{points})))"))
    right, there = (at.column(letter, at.strata) for letter in (RIGHT, KNOWN))
    sheet.add(label("accuracy_overall"), *[None] * 4, *_ratio(at, USERS, block.overall, one.overall, (), right, there))
    agreement(block, found)
    return block


def _strata(sheet: LiveSheet, one: StratifiedAreas, names: list[str]) -> Blocks:
    """The strata, and in each of them the points by class."""
    size, last = len(one.strata.area), column_letters(1 + len(names))
    first = len(sheet.rows) + 2
    at = Blocks(first, first + size + 2, first + 2 * (size + 2), first + 3 * (size + 2), size)
    right = np.diagonal(one.counts, axis1=1, axis2=2)
    sheet.head(*map(label, HEADS))
    for place in range(size):
        row, inside = first + place, [f"B{top + place}:{last}{top + place}" for top in (at.mapped, at.right)]
        given = (one.strata.area, one.strata.pixels, one.strata.points)
        sheet.add(str(place + 1), *(float(part[place]) for part in given),
                  known(f"IF(D{row}=C{row},0,B{row}^2*(1-D{row}/C{row})/(D{row}-1))", one.strata.open[place]),
                  known(f"SUM({inside[0]})", one.counts[place].sum()), known(f"SUM({inside[1]})", right[place].sum()))
    sheet.add()
    for name, counted in zip(BLOCKS, (right, one.counts.sum(axis=2), one.counts.sum(axis=1)), strict=True):
        sheet.head(label(name), *names)
        for place, points in enumerate(counted):
            sheet.add(str(place + 1), *map(float, points))
        sheet.add()
    return at


def _ratio(at: Blocks, column: str, row: int, found: Estimate, place: tuple[int, ...], part: str,
           whole: str) -> list[str | float | Formula | None]:
    """Land of one kind relative to that of another of which it is part, with its interval."""
    points, area, left = (at.column(letter, at.strata) for letter in (POINTS, HA, OPEN))
    part, whole, value = f"{part}/{points}", f"{whole}/{points}", f"{column}{row}"
    base = f"SUMPRODUCT({area},{whole})"
    squares = f"{part}*(1-{value})^2+({whole}-{part})*{value}^2-({part}-{value}*{whole})^2"
    return interval(column, row, found, place, f"SUMPRODUCT({area},{part})/{base}",
                    f"SQRT(SUMPRODUCT({left},{squares}))/{base}")


def stock_variance(sheet: LiveSheet, block: MapBlock, one: StratifiedAreas, carbon: str,
                   density: NDArray[np.float64]) -> Place:
    """Variance of a stock by the areas that points leave open; ``carbon`` are the cells of the densities."""
    rows = []
    for place, shares in enumerate(one.reference):
        row, true, at = len(sheet.rows) + 1, block.row(block.shares, place), block.variances + place
        points, left = (block.sheet.at(letter, at) for letter in (POINTS, OPEN))
        middle, square = float(shares @ density), float(shares @ density**2)
        rows.append(sheet.add(
            str(place + 1), Formula(f"SUMPRODUCT({true},{carbon})/{points}", middle),
            Formula(f"{left}*(SUMPRODUCT({true},{carbon}^2)/{points}-B{row}^2)",
                    float(one.strata.open[place]) * (square - middle**2))))
    return total(sheet, "C", rows, float(density @ one.area_covariance @ density))


def change_variance(sheet: LiveSheet, block: MapBlock, change: StratifiedChange, names: list[str], cells: list[str],
                    density: NDArray[np.float64]) -> tuple[Place, str]:
    """Variance of the change of carbon by the areas that points of both dates leave open, and those of each class.

    ``cells`` hold the densities. Handed back are the one place, and the cells of the variances of the classes.
    """
    sheet.head(*map(label, PAIR))
    first = len(sheet.rows) + 1
    for stratum, before, after in zip(*(part.tolist() for part in np.nonzero(change.counts)), strict=True):
        at = len(sheet.rows) + 1
        sheet.add(float(stratum + 1), Formula(cells[before], float(density[before])),
                  Formula(cells[after], float(density[after])), float(change.counts[stratum, before, after]),
                  Formula(f"C{at}-B{at}", float(density[after] - density[before])))
    numbers, points, gains = (f"{column}${first}:{column}${len(sheet.rows)}" for column in "ADE")
    sheet.add()
    sheet.head(label("sample_stratum"), label("sheet_density_change"), label("sheet_sampled_variance"))
    rows, gain = [], density[np.newaxis, :] - density[:, np.newaxis]
    for place, counts in enumerate(change.counts):
        row, at = len(sheet.rows) + 1, block.variances + place
        drawn, left = (block.sheet.at(letter, at) for letter in (POINTS, OPEN))
        shares, here = counts / change.strata.points[place], f"({numbers}=A{row})*{points}*{gains}"
        middle = float((shares * gain).sum())
        rows.append(sheet.add(
            float(place + 1), Formula(f"SUMPRODUCT({here})/{drawn}", middle),
            Formula(f"{left}*(SUMPRODUCT({here}*{gains})/{drawn}-B{row}^2)",
                    float(change.strata.open[place]) * (float((shares * gain**2).sum()) - middle**2))))
    whole = total(sheet, "C", rows, float(density @ change.covariance @ density))
    sheet.add()
    return whole, _class_variances(sheet, block, change, names)


def _class_variances(sheet: LiveSheet, block: MapBlock, change: StratifiedChange, names: list[str]) -> str:
    """Variance of the change of each class by the points that came to it and went from it in each stratum."""
    size, kept = len(change.counts), change.counts * ~np.eye(len(names), dtype=bool)
    tops = []
    for name, counted in (("sheet_strata_came", kept.sum(axis=1)), ("sheet_strata_went", kept.sum(axis=2))):
        tops.append(sheet.head(label(name), *names) + 1)
        for place, points in enumerate(counted):
            sheet.add(str(place + 1), *map(float, points))
        sheet.add()
    drawn, left = (block.sheet.at(letter, block.variances, block.variances + size - 1) for letter in (POINTS, OPEN))
    first = sheet.head(label("map_class"), label("sheet_change_variance")) + 1
    for column, name, variance in zip(letters(len(names)), names, np.diag(change.covariance).tolist(), strict=True):
        came, went = (f"{column}${top}:{column}${top + size - 1}" for top in tops)
        sheet.add(name, Formula(f"SUMPRODUCT({left},({came}+{went})/{drawn}-(({came}-{went})/{drawn})^2)", variance))
    sheet.add()
    return f"B${first}:B${len(sheet.rows) - 1}"

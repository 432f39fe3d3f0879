"""Where the figures of a map stand on the sheet of accuracy, and what its blocks have alike."""

from typing import NamedTuple

from mineco.core.labels import label
from mineco.core.workbooks import column_letters
from mineco.core.workbooks.live import Cell, LiveSheet
from mineco.evaluation.restoration_area.accuracy import MapAccuracy
from mineco.evaluation.sheets.parts import known
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


def points_block(sheet: LiveSheet, title: str, found: MapAccuracy, names: list[str]) -> int:
    """Points by class of the map and of the truth with their sums; the first row."""
    last, counts = column_letters(1 + len(names)), len(sheet.rows) + 2
    sheet.head(f"{title} · {label('confusion_matrix')}", *names, label("sum"))
    for place, name in enumerate(names):
        at = counts + place
        sheet.add(name, *map(float, found.matrix[place]), known(f"SUM(B{at}:{last}{at})", found.matrix[place].sum()))
    sheet.add(label("sum"), *(known(f"SUM({column}{counts}:{column}{counts + len(names) - 1})", points)
                              for column, points in zip(letters(len(names)), found.matrix.sum(axis=0), strict=True)))
    sheet.add()
    return counts


def agreement(block: MapBlock, found: MapAccuracy) -> None:
    """Rows with the share of points that are right, and kappa."""
    sheet, size, counts, figures = block.sheet, block.size, block.counts, block.figures
    diagonal = "+".join(f"{column}{counts + place}" for place, column in enumerate(letters(size)))
    every = f"SUM({MAPPED}{figures}:{MAPPED}{figures + size - 1})"
    row = sheet.add(label("sheet_points_right"), *[None] * 4, known(f"({diagonal})/{every}", found.overall))
    chance = f"SUMPRODUCT({MAPPED}{figures}:{MAPPED}{figures + size - 1},{TRUE}{figures}:{TRUE}{figures + size - 1})"
    sheet.add("kappa", *[None] * 4, known(f"(F{row}-{chance}/{every}^2)/(1-{chance}/{every}^2)", found.kappa))
    sheet.add()


def points_of_class(block: MapBlock, found: MapAccuracy, place: int) -> list[Cell]:
    """The first four figures of a class: its points on the map and in truth, its land and the share of that."""
    one, row = found.adjusted, block.figures + place
    lands = f"{LAND}${block.figures}:{LAND}${block.figures + block.size - 1}"
    return [known(f"{column_letters(2 + block.size)}{block.counts + place}", found.matrix[place].sum()),
            known(f"{column_letters(2 + place)}{block.counts + block.size}", found.matrix[:, place].sum()),
            float(one.map_area[place]), known(f"{LAND}{row}/SUM({lands})", one.weights[place])]


def interval(column: str, row: int, found: Estimate, place: tuple[int, ...], value: str, error: str) -> list[Cell]:
    """Value, standard error and both ends of the 95 % interval in four columns, of which the first is named."""
    at, wide = f"{column}{row}", f"{column_letters(ord(column) - ord('A') + 2)}{row}"
    told = [float(part[place]) for part in (found.value, found.error, found.low, found.high)]
    return [known(text, one) for text, one in zip(
        (value, error, f"{at}-{NORMAL_95}*{wide}", f"{at}+{NORMAL_95}*{wide}"), told, strict=True)]


def letters(size: int) -> list[str]:
    """The columns of the classes in a block."""
    return [column_letters(2 + place) for place in range(size)]

"""Rows as they are evaluated: figures of the pattern in proportion to a row's own output, units joined by a density."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.cells import read_number
from mineco.core.units import compatible, convert, is_known_unit
from mineco.dossier.cells import tables
from mineco.dossier.densities import bridge_of
from mineco.runs.batch.mine_table import FREE, YEARLY, Pattern, TableColumn, headings_of, read_heading
from mineco.runs.batch.reading.rows import Rows, read_numbers
from mineco.standards.factors import load_factors
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import NEVER_ADDED, SourceItem

OUTPUT = "production"  # the figure of metrics.csv that amounts grow with
FAR = 3.0  # times that outputs may differ before amounts of one mine tell nothing of the other
NOT_SCALED = ("offsets", "ratings")  # a credit is used by one mine; points are no amounts


def item_of(column: TableColumn, standard: Standard) -> tuple[SourceItem | None, str]:
    """The item of an emission source that a column of activity.csv gives, and the key that stands before it."""
    source = standard.sources.get(column.keys[0])
    key, _, name = column.keys[-1].rpartition(":")
    if source is None or not source.key:
        return (source.items.get(column.keys[-1]) if source else None), ""
    return source.items.get(name if key else source.main), key or name


def grows_with_output(column: TableColumn, standard: Standard) -> bool:
    """Whether a figure is an amount, of which a larger mine has more, and not a share, an intensity or a factor.

    >>> from mineco.standards.load import load_standard
    >>> standard = load_standard("carbon-neutral-mine-2025")
    >>> def grows(item, unit):
    ...     column = TableColumn("", "activity", ("mobile-combustion", item), "quantity", "", unit)
    ...     return grows_with_output(column, standard)
    >>> grows("diesel", "t"), grows("diesel:ncv", "GJ/t")
    (True, False)
    """
    if column.table in (*NOT_SCALED, "mine", "") or (column.table, column.keys) == ("metrics", (OUTPUT,)):
        return False
    if column.table == "activity":
        item, _ = item_of(column, standard)
        return item is not None and item.adds_up
    unit = column.unit or tables()[f"{column.table}.csv"][column.column].unit
    return not ("/" in unit or unit in ("", "%", *NEVER_ADDED))


@dataclass
class Adapted:
    """A table in the form in which it is evaluated; a row that cannot be brought into it is refused."""

    pattern: Pattern
    standard: Standard
    file: str
    headings: Sequence[str]
    refuse: Callable[[Problem, str], None]  # called with what is wrong, and the row's mine
    scaled: bool  # whether amounts that no column gives are in proportion to the row's output
    amounts: dict[str, str] = field(init=False)  # of the pattern that no column gives, by heading
    assumed: list[str] = field(init=False)  # what graded figures take from the pattern, amounts or not, by heading
    far: int = field(default=0, init=False)  # rows whose output is far from the pattern's
    first_far: tuple[int, str, float] = field(default=(0, "", 1.0), init=False)  # of them: row, mine, times

    def __post_init__(self) -> None:
        self.mine = list(self.headings).index("mine")
        self.columns = [read_heading(heading, self.pattern) for heading in self.headings]
        given = {(one.table, one.keys, one.column) for one in self.columns if not one.year}
        known = {heading: (read_heading(heading, self.pattern), text)
                 for heading, text in headings_of(self.pattern).items()}
        self.amounts = {heading: text for heading, (one, text) in known.items()
                        if not one.year and (one.table, one.keys, one.column) not in given
                        and grows_with_output(one, self.standard)}
        self.assumed = [heading for heading, (one, _) in known.items()
                        if not one.year and one.table in YEARLY and not self._beside_the_grade(one)
                        and (one.table, one.keys, one.column) not in given]
        self.joined = {number: joined for number, one in enumerate(self.columns) if (joined := self._joined(one))}
        self.output = next((number for number, one in enumerate(self.columns)
                            if (one.table, one.keys, one.year) == ("metrics", (OUTPUT,), "")), None)
        self.of_pattern = next((row for row in self.pattern.rows["metrics.csv"] if row["metric"] == OUTPUT
                                and row["year"] == str(self.pattern.mine["reporting_year"])), None)
        if self.scaled and (self.output is None or self.of_pattern is None):
            raise BadInput(Problem("scale_without_output", self.file if self.output is None else "metrics.csv",
                                   column=f"metrics:{OUTPUT}"))

    def _beside_the_grade(self, column: TableColumn) -> bool:
        """Whether a figure is of scope 3, which no grade rests on."""
        source = self.standard.sources.get(column.keys[0]) if column.table == "activity" else None
        return source is not None and source.scope == "3"

    @property
    def headings_read(self) -> list[str]:
        """The headings of the rows that `rows` gives."""
        own = [f"{heading.partition('[')[0].strip()} [{self.joined[number][1]}]" if number in self.joined else heading
               for number, heading in enumerate(self.headings)]
        return own + (list(self.amounts) if self.scaled else [])

    def rows(self, given: Rows) -> Rows:
        """Rows in the units of the pattern, and the pattern's amounts in proportion to their output behind them."""
        figures = [number for number, one in enumerate(self.columns)
                   if one.table and not (one.table == "mine" and one.keys in FREE)]
        told = np.zeros(len(given), dtype=bool)
        for number in figures:
            told |= given.cells.column(number).is_valid().to_numpy(zero_copy_only=False)
        given = self._kept(given, told, "row_without_figures")
        if not self.amounts:
            return self._joined_units(given)
        ratio = self._ratio(given)
        far = np.flatnonzero((ratio < 1 / FAR) | (ratio > FAR))
        if len(far) and not self.far:
            number, cells = given.line(far[0])
            self.first_far = (number, cells[self.mine], float(ratio[far[0]]))
        self.far += len(far)
        if not self.scaled:
            return self._joined_units(given)
        known = ~np.isnan(ratio)
        made = self._joined_units(self._kept(given, known, "scale_without_figure", f"metrics:{OUTPUT}"))
        amounts = [_multiples(text, ratio[known]) for text in self.amounts.values()]
        return Rows(made.numbers, pa.RecordBatch.from_arrays([*made.cells.columns, *amounts], self.headings_read))

    def _kept(self, given: Rows, good: np.ndarray, message: str, column: str = "") -> Rows:
        """The good rows; the others are refused."""
        for number, cells in given.taken(~good).lines():
            self.refuse(Problem(message, self.file, number, column), cells[self.mine])
        return given.taken(good)

    def _joined_units(self, given: Rows) -> Rows:
        return Rows(given.numbers, given.replaced({
            place: pa.array([_times(text, factor) or None for text in given.texts(place)], pa.string())
            for place, (factor, _, _) in self.joined.items()}).cells.rename_columns(
                self.headings_read[:len(self.columns)]))

    def notices(self) -> Iterator[Problem]:
        """What is told of a table when its rows are through: units joined by a density, mines of another size."""
        for number, (_, unit, said) in self.joined.items():
            yield Problem("joined_by_density", self.file, column=self.headings[number],
                          details={"unit": unit, "said": said})
        if self.scaled or not self.far:
            return
        number, mine, ratio = self.first_far
        yield Problem("output_far_from_pattern", self.file, number, "mine", mine, {
            "count": f"{self.far:,}", "times": f"{ratio:.3g}", "figures": len(self.amounts), "most": f"{FAR:g}"})

    def _ratio(self, given: Rows) -> np.ndarray:
        """The rows' output as a multiple of the pattern's; NaN where one of them is not told, or not above zero.

        What is wrong with a figure is told where the row is evaluated.
        """
        unknown = np.full(len(given), np.nan)
        if self.output is None or self.of_pattern is None:
            return unknown
        old, unit = self.of_pattern, self.columns[self.output].unit or self.of_pattern["unit"]
        try:
            own, of_pattern = read_numbers(given.cells.column(self.output)), read_number(old["value"])
            with np.errstate(over="ignore"):  # beyond any mine, as is told there too
                found = convert(own, unit, old["unit"]) / of_pattern if of_pattern else unknown
        except BadInput:
            return unknown
        return np.where(found > 0, found, np.nan)

    def _joined(self, column: TableColumn) -> tuple[float, str, str] | None:
        """What turns figures in the heading's unit into the pattern's, where a density does; that unit, and how."""
        if column.table != "activity" or not column.unit:
            return None
        row = next(row for row in self.pattern.rows["activity.csv"] if (row["source"], row["item"]) == column.keys)
        (item, key), factors = item_of(column, self.standard), load_factors()
        if item is None or not is_known_unit(row["unit"]):
            return None
        facet = self.standard.sources[column.keys[0]].key
        if key and facet != "instance":
            key = factors.resolve(facet, key)
        bridge = bridge_of(column.unit, item, key, factors)
        if bridge is None or not compatible(bridge.unit, row["unit"]):
            return None
        return bridge.ratio * float(convert(1.0, bridge.unit, row["unit"])), row["unit"], bridge.said


def _multiples(text: str, ratios: np.ndarray) -> pa.Array:
    """As `_times` of one figure, by many ratios."""
    try:
        number = read_number(text)
    except BadInput:
        return pa.repeat(text, len(ratios))
    return pa.array([f"{one:.15g}" for one in (number * ratios).tolist()], pa.string())


def _times(text: str, ratio: float) -> str:
    """A figure as text times a ratio; what is no figure stays as it is, to be refused where it is read."""
    try:
        return f"{read_number(text) * ratio:.15g}" if text else text
    except BadInput:
        return text

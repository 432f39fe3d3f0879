"""Cells of a dossier's table: text made into words, numbers, dates and quantities, each problem with its place."""

import datetime
import functools
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mineco.core import kit, units
from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.core.quantity import Datum, Quantity
from mineco.core.reading import Row, read_date, read_number, read_year, resolve_inside, sha256
from mineco.core.yaml_reading import read_yaml

Value = TypeVar("Value")
SMALLEST, LARGEST = 1e-15, 1e15  # of any figure of a mine, in any unit: beyond them sums overflow
ELSEWHERE = re.compile(r"/\S|~/|[A-Za-z]:[\\/]|\\\\|file:|(.*[\\/])?\.\.[\\/]", re.IGNORECASE)  # paths that lead out


@dataclass(frozen=True)
class ColumnSpec:
    """What columns.yaml says of one column."""

    blank: bool = False
    if_blank: str = "missing_value"  # message where it may not
    optional: bool = False  # the header may lack it
    one_of: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    zh: str = ""
    en: str = ""


@functools.cache
def columns_file() -> dict[str, Any]:
    """What columns.yaml says, read once.

    >>> list(columns_file())
    ['words', 'tables', 'guide']
    """
    return read_yaml(kit.parameters() / "dossier" / "columns.yaml")


@functools.cache
def tables() -> dict[str, dict[str, ColumnSpec]]:
    """Every table of a dossier with its columns, in order.

    >>> list(tables()["declared.csv"])
    ['item', 'initial', 'verified', 'unit', 'why', 'note']
    """
    return column_specs(columns_file()["tables"])


@functools.cache
def raster_tables() -> dict[str, dict[str, ColumnSpec]]:
    """The tables of the folder rasters/ with their columns.

    >>> list(raster_tables())
    ['layers.csv', 'classes.csv', 'pools.csv', 'points.csv', 'plots.csv', 'controls.csv']
    """
    return column_specs(read_yaml(kit.parameters() / "dossier" / "rasters.yaml")["tables"])


def header(file: str) -> tuple[list[str], list[str]]:
    """The columns of a table that its header must hold, and those that it may.

    >>> header("events.csv")[1]
    ['result', 'previous']
    """
    columns = tables()[file]
    needed = [name for name, column in columns.items() if not column.optional]
    return needed, [name for name in columns if name not in needed]


def column_specs(given: Mapping[str, Any]) -> dict[str, dict[str, ColumnSpec]]:
    """Tables with their columns, of what a file says under ``tables``.

    >>> column_specs({"a.csv": {"columns": {"note": {"blank": True}}}})["a.csv"]["note"].blank
    True
    """
    return {file: {name: ColumnSpec(**known) for name, known in table["columns"].items()}
            for file, table in given.items()}


def word_lists() -> dict[str, dict[str, dict[str, str]]]:
    """The lists of words that may stand in a column, by the name of the list.

    >>> word_lists()["kind"]["measured"]["zh"]
    '实测'
    """
    return columns_file()["words"]


@functools.lru_cache(maxsize=4096)
def word_id(kind: str, text: str) -> str:
    """The id of a word written as its id or as its name in either language; blank when the list has none such.

    >>> word_id("kind", "实测"), word_id("kind", "guessed")
    ('measured', '')
    """
    return next((name for name, names in word_lists()[kind].items() if text in (name, names["zh"], names["en"])), "")


class Cells:
    """One row being read. What cannot be read is noted in ``problems``, which stop the work before it is used."""

    def __init__(self, row: Row, folder: Path, problems: Problems,
                 columns: Mapping[str, ColumnSpec] | None = None) -> None:
        self.row = row
        self.folder = folder
        self.problems = problems
        self.columns = tables()[row.file] if columns is None else columns

    def add(self, message: str, column: str, value: object = None, **details: object) -> None:
        """Note a problem of this row."""
        self.problems.add(message, file=self.row.file, row=self.row.line, column=column,
                          value=self.row[column] if value is None else value, **details)

    def given(self, column: str) -> bool:
        """Whether anything stands in the cell."""
        return bool(self.row[column])

    def text(self, column: str) -> str:
        """The text of a cell; blank only where the column may be."""
        if not self.row[column] and not self.columns[column].blank:
            known = self.columns[column]
            self.add(known.if_blank, column, meaning_zh=known.zh, meaning_en=known.en)
        return self.row[column]

    def word(self, column: str) -> str:
        """A word of the column's list, by its id or its name in either language."""
        text = self.text(column)
        found = word_id(self.columns[column].one_of, text)
        if text and not found:
            self.add("not_in_list", column, allowed=", ".join(word_lists()[self.columns[column].one_of]))
        return found

    def id_of(self, column: str, known: Collection[str], message: str) -> str:
        """An id of a list that the standard keeps."""
        text = self.text(column)
        if text and text not in known:
            self.add(message, column, known=nearest_first(text, known))
        return text

    def year(self, column: str = "year") -> int:
        """A year."""
        return self._read(column, read_year, 0)

    def date(self, column: str) -> datetime.date | None:
        """A date; None where the cell is blank."""
        return self._read(column, read_date, None) if self.row[column] else None

    def number(self, column: str, unit: str = "", minimum: float | None = None, maximum: float | None = None) -> float:
        """A number within its limits; 0 stands for one that could not be read."""
        number = self._read(column, lambda text: read_number(text, unit), None)
        if number is None:
            return 0.0
        if not in_range(number, minimum, maximum):
            self.add("out_of_range", column, minimum=shown_limit(minimum, unit), maximum=shown_limit(maximum, unit))
        elif number and not SMALLEST <= abs(number) <= LARGEST:
            self.add("out_of_range", column, minimum=shown_limit(SMALLEST, unit), maximum=shown_limit(LARGEST, unit))
            return 0.0
        return number

    def fixed(self, column: str, name: str, kind: str) -> Quantity:
        """A quantity whose unit and limits the column fixes."""
        known = self.columns[column]
        number = self.number(column, known.unit, known.minimum, known.maximum)
        return Quantity(number, known.unit, kind, name, self.datum(column, known.unit))

    def quantity(self, column: str, name: str, kind: str, allowed: tuple[str, ...], minimum: float | None,
                 maximum: float | None) -> Quantity:
        """A quantity in a unit of the row's own choice; limits are in the allowed unit of the same dimension."""
        unit, fitting = self.row["unit"], ""
        if not unit:
            self.add("missing_unit", "unit", name=name, expected=" / ".join(allowed))
        elif not units.is_known_unit(unit):
            self.add("unknown_unit", "unit", expected=" / ".join(allowed))
        else:
            fitting = next((one for one in allowed if units.compatible(unit, one)), "")
            if not fitting:
                self.add("wrong_dimension", "unit", name=name, expected=" / ".join(allowed))
        number = self.number(column, unit)
        if fitting and not in_range(float(units.convert(number, unit, fitting)), minimum, maximum):
            least, most = (shown_limit(one if one is None else float(units.convert(one, fitting, unit)), unit)
                           for one in (minimum, maximum))
            self.add("out_of_range", column, minimum=least, maximum=most)
        return Quantity(number, unit, kind, name, self.datum(column, unit))

    def uncertainty(self) -> float | None:
        """The 95 % half-width in per cent, where given."""
        if not self.given("uncertainty_pct"):
            return None
        return float(self.fixed("uncertainty_pct", "uncertainty_pct", "").value)

    def datum(self, column: str, unit: str) -> Datum:
        """Where a quantity stands, and what clause 5.1 c asks about it; columns that the table has not stay blank."""
        uncertainty = None
        if self.row.get("uncertainty_pct"):
            with Problems().collect():  # noted once for the row, by `uncertainty`
                uncertainty = read_number(self.row["uncertainty_pct"], "%")
        typed = {name: self.row.get(name, "") for name in ("data_source", "meter", "verified_by", "note")}
        chosen = {name: word_id(name, self.row.get(name, "")) for name in ("quality", "frequency")}
        return Datum(file=self.row.file, row=self.row.line, given=self.row[column], given_unit=unit, **typed, **chosen,
                     uncertainty_pct=uncertainty, column=column)

    def evidence(self) -> str:
        """What proves the row: words, or a path under evidence/, which must be a file of the dossier.

        It must have the hash that is given for it. A path to anywhere else is refused, since it does not travel with
        the dossier; an address of the web is words, and never fetched.
        """
        text, given_hash = self.text("evidence"), self.row.get("hash", "")
        if ELSEWHERE.match(text):
            self.add("outside_dossier", "evidence")
            return text
        if given_hash and not re.fullmatch(r"[0-9a-f]{64}", given_hash):
            self.add("not_a_hash", "hash")
        if text.startswith("evidence/"):
            try:
                path = resolve_inside(self.folder, text)
            except BadInput as error:
                self.add(error.problems[0].message, "evidence")
            else:
                if given_hash and given_hash != sha256(path):
                    self.add("hash_differs", "hash", found=sha256(path))
        return text

    def _read(self, column: str, read: Callable[[str], Value], otherwise: Any) -> Any:
        text = self.row[column]
        if not text:
            self.text(column)
            return otherwise
        try:
            return read(text)
        except BadInput as error:
            self.add(error.problems[0].message, column, **error.problems[0].details)
            return otherwise


def in_range(number: float, minimum: float | None, maximum: float | None) -> bool:
    """Whether a number lies within limits, both inclusive; None is no limit.

    >>> in_range(1.2, 0, 1), in_range(1.2, 0, None)
    (False, True)
    """
    return (minimum is None or number >= minimum) and (maximum is None or number <= maximum)


def shown_limit(limit: float | None, unit: str) -> str:
    """A limit as messages tell it.

    >>> shown_limit(0.0, "t"), shown_limit(None, "t")
    ('0 t', '—')
    """
    return "—" if limit is None else f"{limit:g} {'' if unit == '1' else unit}".rstrip()


def note_duplicate(problems: Problems, seen: dict[Any, int], key: Any, row: Row, column: str, message: str) -> None:
    """Note a problem when a key has stood in an earlier row."""
    if key in seen:
        problems.append(Problem(message, row.file, row.line, column, row[column], {"first": seen[key]}))
    seen.setdefault(key, row.line)

"""Cells of a row: text made into words, numbers, dates and quantities by what is said of their columns."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from mineco.core import units
from mineco.core.errors import BadInput, Problems, nearest_first
from mineco.core.quantity import Datum, Quantity
from mineco.core.reading.cells import read_date, read_number, read_span, read_time, read_year, read_years
from mineco.core.reading.files import is_blank_file, resolve_inside, sha256_of_paper
from mineco.core.reading.tables import Row
from mineco.dossier.cells.columns import ColumnSpec, read_rows, tables, word_choices, word_id
from mineco.dossier.densities import Bridge
from mineco.dossier.names import ids_named
from mineco.dossier.rows import EVIDENCE, documents

AnyRow = TypeVar("AnyRow")
SMALLEST, LARGEST = 1e-15, 1e15  # of any figure of a mine, in any unit: beyond them sums overflow
ELSEWHERE = re.compile(r"/\S|~/|[A-Za-z]:[\\/]|\\\\|file:|(.*[\\/])?\.\.[\\/]", re.IGNORECASE)  # paths that lead out
PARSERS: dict[str, Callable[[str], Any]] = {
    "year": read_year, "years": read_years, "span": read_span, "date": read_date, "time": read_time,
    "numbers": lambda text: tuple(map(read_number, re.split(r"[;；\s]+", text.strip(";； "))))}


class Cells:
    """One row being read. What cannot be read is noted in ``problems``, which stop the work before it is used.

    Parameters
    ----------
    folder : Path    Where evidence lies.
    lists : mapping  The ids that may stand in columns, by name of the list.
    of : str         Whose table it is: see `columns_file`.
    """

    def __init__(self, row: Row, folder: Path, problems: Problems, lists: Mapping[str, Collection[str]] | None = None,
                 of: str = "dossier") -> None:
        self.row = row
        self.folder = folder
        self.problems = problems
        self.lists = lists or {}
        self.columns = tables(of)[str(Path(row.file).with_suffix(".csv"))]
        self._found: dict[str, Any] = {}

    def __getitem__(self, column: str) -> Any:
        """What a cell says, read once; 0 or blank stands for what could not be read, None for a number not given."""
        if column not in self._found:
            self._found[column] = self._read(column, self.columns[column])
        return self._found[column]

    def read(self) -> "Cells":
        """Read every cell that waits for no rule of the table."""
        for name, column in self.columns.items():
            if not column.late:
                self[name]
        return self

    def made(self, kind: type[AnyRow], **others: Any) -> AnyRow:
        """A row of a table: its fields are the cells of the columns of those names, and what is given beside."""
        given = {"line": self.row.line, **others}
        return kind(**{one.name: given[one.name] if one.name in given else self[one.name]
                       for one in fields(kind)  # type: ignore[arg-type]
                       if one.name in given or one.name in self.columns})

    def add(self, message: str, column: str, value: object = None, **details: object) -> None:
        """Note a problem of this row."""
        self.problems.add(message, file=self.row.file, row=self.row.line, column=column,
                          value=self.row[column] if value is None else value, **details)

    def note_duplicate(self, seen: dict[Any, int], key: Any, column: str, message: str = "duplicate_row") -> None:
        """Note a problem when a key has stood in an earlier row."""
        if key in seen:
            self.add(message, column, first=seen[key])
        seen.setdefault(key, self.row.line)

    def given(self, column: str) -> bool:
        """Whether anything stands in the cell."""
        return bool(self.row[column])

    def text(self, column: str) -> str:
        """The text of a cell; blank only where the column may be."""
        known = self.columns[column]
        if not (self.row[column] or known.blank or (known.instead and self.row[known.instead])):
            self.add(known.if_blank, column, meaning_zh=known.zh, meaning_en=known.en)
        return self.row[column]

    def _read(self, column: str, known: ColumnSpec) -> Any:
        text = self.text(column)
        if known.reads == "evidence":
            return self._evidence(text)
        if known.one_of:
            word = word_id(known.one_of, text)
            if text and not word:
                self.add("not_in_list", column, **word_choices(known.one_of))
            return word
        if known.known and text:
            text = self._id(column, text, known)
        if not (known.reads or known.unit):
            return text
        parse = PARSERS.get(known.reads)
        found = self._parsed(column, parse) if parse else self._number(column, known)
        return 0 if found is None and not known.blank and known.reads != "date" else found

    def _id(self, column: str, text: str, known: ColumnSpec) -> str:
        """The id that a text names in the list of its column; the text itself where it names none or several."""
        ids = self.lists[known.known]
        found = ids_named(text, ids)
        if len(found) > 1:
            self.add("name_of_several", column, allowed=", ".join(found))
        elif not found:
            listed = {"known": nearest_first(text, ids)} if known.unknown else {"allowed": ", ".join(ids)}
            self.add(known.unknown or "not_in_list", column, **listed)
        return found[0] if len(found) == 1 else text

    def _parsed(self, column: str, parse: Callable[[str], Any]) -> Any:
        """What a text says; None where it is blank or cannot be read, which is noted."""
        try:
            return parse(self.row[column]) if self.row[column] else None
        except BadInput as error:
            self.add(error.problems[0].message, column, **error.problems[0].details)
            return None

    def _number(self, column: str, known: ColumnSpec) -> float | None:
        """A number within the limits of its column and of any figure."""
        number, unit = self._parsed(column, lambda text: read_number(text, known.unit)), known.unit
        if number is None:
            return None
        if not in_range(number, known.minimum, known.maximum):
            self.add("out_of_range", column, minimum=shown_limit(known.minimum, unit),
                     maximum=shown_limit(known.maximum, unit))
        elif number and not SMALLEST <= abs(number) <= LARGEST:
            self.add("out_of_range", column, minimum=shown_limit(SMALLEST, unit), maximum=shown_limit(LARGEST, unit))
            return 0.0
        if known.reads == "whole" and number % 1:
            self.add("not_a_whole_number", column)
        return float(number)

    def fixed(self, column: str, name: str) -> Quantity:
        """A quantity whose unit and limits the column fixes, of the kind that the row says."""
        unit = self.columns[column].unit
        return Quantity(self[column] or 0.0, unit, self["kind"], name, self.datum(column, unit))

    def quantity(self, column: str, name: str, kind: str, allowed: tuple[str, ...], minimum: float | None,
                 maximum: float | None, bridge: Bridge | None = None) -> Quantity:
        """A quantity in a unit of the row's own choice; limits are in the allowed unit of the same dimension.

        Where a density leads from the row's unit to an allowed one, the quantity is in that, and its note says so.
        """
        unit, fitting = self.row["unit"], ""
        ratio, datum = 1.0, self.datum(column, unit)
        if bridge:
            ratio, unit = bridge.ratio, bridge.unit
            datum = replace(datum, note="; ".join(filter(None, [datum.note, bridge.said])))
        if not unit:
            self.add("missing_unit", "unit", name=name, expected=" / ".join(allowed))
        elif not units.is_known_unit(unit):
            self.add("unknown_unit", "unit", expected=" / ".join(allowed))
        else:
            fitting = next((one for one in allowed if units.compatible(unit, one)), "")
            if not fitting:
                self.add("wrong_dimension", "unit", name=name, expected=" / ".join(allowed))
        self.text(column)
        number = (self._number(column, ColumnSpec(unit=unit)) or 0.0) * ratio
        if fitting and not in_range(float(units.convert(number, unit, fitting)), minimum, maximum):
            least, most = (shown_limit(one if one is None else float(units.convert(one, fitting, unit)), unit)
                           for one in (minimum, maximum))
            self.add("out_of_range", column, minimum=least, maximum=most)
        return Quantity(number, unit, kind, name, datum)

    def datum(self, column: str, unit: str) -> Datum:
        """Where a quantity stands, and what clause 5.1 c asks about it; columns that the table has not stay blank."""
        asked = ("data_source", "meter", "verified_by", "note", "quality", "frequency", "uncertainty_pct")
        return Datum(file=self.row.file, row=self.row.line, given=self.row[column], given_unit=unit, column=column,
                     **{name: self[name] for name in asked if name in self.columns})

    def _evidence(self, text: str) -> str:
        """What proves the row: words, or paths under evidence/, which must be files of the dossier and not empty.

        They must have the hashes that are given for them, one each and in their order. A path to anywhere else is
        refused, since it does not travel with the dossier; an address of the web is words, and never fetched.
        """
        given = self.row.get("hash", "")
        hashes, files = [one.strip() for one in given.split(";")] if given else [], documents(text)
        if not all(re.fullmatch(r"[0-9a-f]{64}", one) for one in hashes):
            self.add("not_a_hash", "hash")
        elif hashes and len(hashes) != len(files):
            self.add("hashes_of_other_number", "hash", files=len(files), hashes=len(hashes))
        for place, file in enumerate(files):
            if trouble := document_trouble(self.folder, file):
                self.add(trouble, "evidence", file)
            elif file.startswith(EVIDENCE) and len(hashes) == len(files):
                found = sha256_of_paper(resolve_inside(self.folder, file))
                if hashes[place] != found:
                    self.add("hash_differs", "hash", hashes[place], found=found)
        return text


def document_trouble(folder: Path, text: str) -> str:
    """What is wrong with a document: a path that leads out, to no file under evidence/, or to a blank one.

    Words have nothing wrong with them.

    >>> document_trouble(Path(), "../../etc/passwd"), document_trouble(Path(), "ledger of 2024")
    ('outside_dossier', '')
    """
    if ELSEWHERE.match(text):
        return "outside_dossier"
    if not text.startswith(EVIDENCE):
        return ""
    try:
        return "evidence_blank" if is_blank_file(resolve_inside(folder, text)) else ""
    except BadInput as error:
        return error.problems[0].message


def read_cells(folder: Path, file: str, problems: Problems, lists: Mapping[str, Collection[str]] | None = None,
               of: str = "dossier") -> list[Cells]:
    """The rows of a table with their cells read; none where the file cannot be read, which is noted."""
    with problems.collect():
        return [Cells(row, folder, problems, lists, of).read() for row in read_rows(folder, file, of)]
    return []


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


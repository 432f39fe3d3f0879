"""A dossier with some cells and entries written otherwise, opened anew under every check; the folder stays as it is."""

import codecs
import csv
import datetime
import hashlib
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem, nearest_first
from mineco.core.labels import LANGUAGES, label
from mineco.core.quantity import Quantity
from mineco.core.reading.decoding import decode
from mineco.core.reading.files import LARGEST_TABLE, read_bytes
from mineco.core.reading.tables import find_heading
from mineco.core.units import is_known_unit
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import column_of, tables
from mineco.dossier.texts import by_language
from mineco.dossier.workbook.papers import Papers
from mineco.evaluation.case import Case, checked_case

MINE = "mine.yaml"
WRITTEN = re.compile(r"\s*([-+−]?[\d.,]+(?:[eE][-+]?\d+)?)\s*(.*?)\s*")  # a number, and the unit behind it
CARE = {"kind": "assumed", "quality": "low", "frequency": "once"}  # of a figure that nobody has measured
SAID = {"data_source": "", "note": "", "basis": "", "evidence": "", "verified_by": "—"}  # blank: what if


@dataclass
class Table:
    """A table of a dossier as it is written."""

    header: list[str]
    lines: dict[int, list[str]]  # by line of the file; the header is line 1

    def cells(self, line: int) -> dict[str, str]:
        """The cells of a line by column; none where there is no such line."""
        return dict(zip(self.header, self.lines.get(line, ()), strict=False))

    def write(self, line: int, cells: Mapping[str, str]) -> None:
        """Put other text into cells of a line."""
        self.lines[line] = [cells.get(name, text) for name, text in zip(self.header, self.lines[line], strict=True)]

    def add(self, cells: Mapping[str, str]) -> int:
        """Add a line at the end; its number."""
        line = max(self.lines, default=1) + 1
        self.lines[line] = [cells.get(name, "") for name in self.header]
        return line

    def text(self) -> str:
        """The file; where a line was taken out a blank one stays, so that the others keep their numbers."""
        written = io.StringIO(newline="")
        writer = csv.writer(written)
        writer.writerow(self.header)
        for line in range(2, max(self.lines, default=1) + 1):
            if line in self.lines:
                writer.writerow(self.lines[line])
            else:
                written.write("\r\n")
        return written.getvalue()


@dataclass
class Edits:
    """What is written otherwise in a dossier.

    >>> from mineco.evaluation.case import open_case
    >>> edits = Edits(open_case("parameters/mines/tiny-quarry"))
    >>> edits.table("offsets.csv").write(2, {"vintage": "2022"})
    >>> edits.opened().dossier.offsets[0].vintage
    2022
    """

    case: Case
    tables: dict[str, Table] = field(default_factory=dict)
    mine: dict[str, Any] | None = None

    def table(self, file: str) -> Table:
        """A table, to be written into."""
        if file not in self.tables:
            dossier = self.case.dossier
            text = (dossier.rewritten[file].decode() if file in dossier.rewritten
                    else decode(self._kept(file), file))
            delimiter, above = find_heading(io.StringIO(text), list(tables()[file]), column_of(file))
            header, *records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[above:]
            self.tables[file] = Table(list(map(column_of(file), header)), {
                line: cells for line, cells in enumerate(records, above + 2) if any(cells)})
        return self.tables[file]

    def entries(self) -> dict[str, Any]:
        """The entries of mine.yaml, to be changed."""
        dossier = self.case.dossier
        if self.mine is None:  # written before, it is the JSON of `opened`
            if MINE in dossier.rewritten:
                self.mine = json.loads(dossier.rewritten[MINE])
            else:
                self._kept(MINE)
                self.mine = read_yaml(dossier.folder / MINE)
        return self.mine

    def _kept(self, file: str) -> bytes:
        """A file of the folder as it was when the case was opened, blank where there is none; refused when changed."""
        path, known = self.case.dossier.folder / file, self.case.dossier.files.get(file, "")
        content = read_bytes(path, LARGEST_TABLE) if path.exists() else b""
        if (hashlib.sha256(content).hexdigest() if path.exists() else "") != known:
            raise BadInput(Problem("changed_since_opened", file=file))
        return content

    def opened(self) -> Case:
        """The case of the dossier as it is written now, under the standard, the factors and the options of before.

        Raises
        ------
        BadInput
            With every problem that a dossier would be refused for; what is wrong in mine.yaml is told by its entry.
        """
        case = self.case
        if not self.tables and self.mine is None:
            return case
        files = {**case.dossier.rewritten, **{file: table.text().encode() for file, table in self.tables.items()}}
        if self.mine is not None:  # a JSON document is YAML, in which no word is taken for a number
            files[MINE] = json.dumps(self.mine, ensure_ascii=False, indent=1).encode()
        by_hand = {name: one for name, one in case.options.items() if one.origin not in ("standard", MINE)}
        kept = {name: self._kept(name) for name in (MINE, *tables()) if name not in files and case.dossier.book is None}
        written = {name: codecs.BOM_UTF8 + content for name, content in files.items()}
        papers = Papers(case.dossier.folder, written={**{name: one for name, one in kept.items() if one}, **written})
        try:
            chosen: dict[str, object] = {name: one.value for name, one in by_hand.items()}
            changed = checked_case(papers, case.standard.id, None, chosen)
        except BadInput as error:
            told = [replace(one, row="") if one.file == MINE and isinstance(one.row, int) else one
                    for one in error.problems]
            raise BadInput(map(case.dossier.told, told)) from None
        options = {name: by_hand.get(name, one) for name, one in changed.options.items()}
        dossier = replace(changed.dossier, folder=case.dossier.folder, book=case.dossier.book, rewritten=files)
        return replace(changed, dossier=dossier, standard=case.standard, factors=case.factors, options=options,
                       weights=case.weights)


def set_entry(entries: dict[str, Any], path: str, value: Any) -> None:
    """Set an entry by its keys with dots between; of a mapping each entry by itself.

    >>> entries = {"base_year": {"year": 2023, "evidence": "ledger"}}
    >>> set_entry(entries, "base_year", {"year": 2022})
    >>> set_entry(entries, "base_year.recalculated", True)
    >>> entries
    {'base_year': {'year': 2022, 'evidence': 'ledger', 'recalculated': True}}
    """
    *above, last = path.split(".")
    for name in above:
        if isinstance(entries.get(name), str) and last in LANGUAGES:
            entries[name] = by_language(entries[name])
        known, entries = list(entries), entries.setdefault(name, {})
        if not isinstance(entries, dict):  # a word, which has no entries below it
            raise BadInput(Problem("unknown_change", row=f"mine.{path}", details={"known": nearest_first(name, known)}))
    if isinstance(value, Mapping) and isinstance(entries.get(last), dict):
        for name, one in value.items():
            set_entry(entries[last], name, one)
    else:
        entries[last] = value


def cells_of(name: str, value: Any, number: str, unit: str) -> dict[str, str] | None:
    """A value as it stands in a dossier: a number, a number with its unit, a quantity, or cells by column.

    >>> cells_of("production", "310,000 t", "value", "unit"), cells_of("production", 5, "value", "unit")
    ({'value': '310,000', 'unit': 't'}, {'value': '5.0'})
    >>> cells_of("production", {"value": [1, 2]}, "value", "unit")
    Traceback (most recent call last):
    mineco.core.errors.BadInput: production.value = [1, 2]: is no value that could stand in a dossier. ...
    """
    if value is None:
        return None
    if not isinstance(value, Mapping):
        return number_cells(name, value, number, unit)
    cells: dict[str, str] = {}
    for column, one in value.items():
        place = f"{name}.{column}"
        read = number_cells(place, one, number, unit) if column == number else {str(column): text_of(place, one)}
        cells = {**read, **cells} if unit in value else {**cells, **read}
    return cells


def number_cells(name: str, value: Any, number: str, unit: str) -> dict[str, str]:
    """The cell of a number, and that of its unit where it is given with one; None leaves the cell blank."""
    if isinstance(value, Quantity) and np.ndim(value.value) == 0:
        return {number: repr(float(value)), unit: value.unit}
    if isinstance(value, str):
        found = WRITTEN.fullmatch(value)
        if unit and found and found[2] and is_known_unit(found[2]):
            return {number: found[1], unit: found[2]}
        return {number: value}
    one = as_written(name, value)
    if isinstance(one, bool | datetime.date):
        raise BadInput(Problem("not_a_change", row=name, value=str(value)))
    return {number: "" if one is None else repr(float(one))}


def text_of(name: str, value: Any) -> str:
    """A value as the text of a cell; None leaves it blank.

    >>> text_of("offsets.X.retired", datetime.date(2025, 3, 1)), text_of("offsets.X.vintage", np.int64(2023))
    ('2025-03-01', '2023')
    """
    one = as_written(name, value)
    return "" if one is None else str(one)


def as_written(name: str, value: Any) -> Any:
    """A number, a text, a day, true or false, or None as Python has them; whatever else a cell cannot hold is refused.

    >>> as_written("mine.depth_m", np.array(420.0))
    420.0
    """
    if isinstance(value, np.ndarray | np.generic) and np.ndim(value) == 0:
        value = value.item()
    if isinstance(value, datetime.datetime) and value == value:  # of pandas, which has one that is no day
        return value.date() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, Real | Decimal) and not isinstance(value, bool) and not math.isfinite(value):
        raise BadInput(Problem("not_a_change", row=name, value=str(value)))
    if value is None or isinstance(value, str | Real | Decimal) or type(value) is datetime.date:
        return value
    raise BadInput(Problem("not_a_change", row=name, value=value if hasattr(value, "__array__") else str(value)))


def entry_of(name: str, value: Any) -> Any:
    """An entry of mine.yaml, with those below it; days as they are written there."""
    if isinstance(value, Mapping):
        return {str(key): entry_of(f"{name}.{key}", one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [entry_of(name, one) for one in value]
    one = as_written(name, value)
    return float(one) if isinstance(one, Decimal) else str(one) if isinstance(one, datetime.date) else one


def care_for(file: str, words: Sequence[str] = tuple(CARE), texts: Sequence[str] = tuple(SAID)) -> dict[str, str]:
    """What is said of a number that somebody only thinks of, in the columns that the table has for it."""
    columns = tables()[file]
    return ({name: CARE[one.one_of] for name, one in columns.items() if one.one_of in words}
            | {name: SAID[name] or label("what_if") for name in texts if name in columns})


def number_in(file: str, place: str, text: str) -> float:
    """A number as it is written; refused where it is none.

    >>> number_in("measures.csv", "measures.loader.project_t_co2e", "1,000")
    1000.0
    """
    try:
        return float(text.replace(",", ""))
    except ValueError:
        raise BadInput(Problem("not_a_number", file, place, value=text)) from None


def named(keyword: str, given: Any) -> Mapping[str, Any]:
    """What is given by names; refused where it is not."""
    if not isinstance(given, Mapping):
        raise BadInput(Problem("change_needs_names", row=keyword, value=str(given)))
    return {str(name): one for name, one in given.items()}


def require_columns(file: str, path: Sequence[str], cells: Mapping[str, str], header: Sequence[str]) -> None:
    odd = [Problem("unknown_column", file, ".".join(path), name, details={"known": nearest_first(name, header)})
           for name in cells if name not in header]
    if odd:
        raise BadInput(odd)


def no_row(file: str, name: str, id: str, known: Sequence[str], missing: str = "") -> BadInput:
    return BadInput(Problem("no_row_of_that_name", file, name, details={
        "known": nearest_first(id, list(dict.fromkeys(known))) or "—", "missing": missing or "unit"}))

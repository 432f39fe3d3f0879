"""Changes of a dossier told by names: which rows of which table a keyword writes, by the vocabulary of the standard."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.core.units import convert
from mineco.dossier.cells import tables
from mineco.dossier.checks.serials import of_length
from mineco.dossier.items import ITEM_PARTS
from mineco.dossier.mine import Mine
from mineco.dossier.workbook.cover import read_key
from mineco.evaluation.case import Case
from mineco.evaluation.places import DatumKey
from mineco.evaluation.variants.edits import (
    Edits,
    care_for,
    cells_of,
    entry_of,
    named,
    no_row,
    number_cells,
    number_in,
    require_columns,
    set_entry,
    text_of,
)
from mineco.standards.vocabulary import Source

Path = tuple[str, ...]  # keyword, and names under it

IN_PLACE = ("kind",), ("data_source", "note")  # what is said anew of a figure that is put in the place of another


def known_keywords(case: Case) -> dict[str, str]:
    """Every keyword with what it changes: ids of sources and metrics with low lines, and the tables by name.

    >>> from mineco.evaluation.case import open_case
    >>> found = known_keywords(open_case("parameters/mines/tiny-quarry"))
    >>> found["land_clearing"], found["production"], found["offsets"]
    ('land-clearing', 'production', 'offsets')
    """
    standard = case.standard
    return ({name.replace("-", "_"): name for name in (*standard.sources, *standard.metrics)}
            | {name: name for name in Changes.TABLES})


class Changes:
    """What keywords write into a dossier; ``places`` tells where each number went.

    >>> from mineco.evaluation.case import open_case
    >>> changes = Changes(open_case("parameters/mines/tiny-quarry"))
    >>> changes.write({"electricity": {"purchased": 600}}).places["electricity", "purchased"]
    [('activity.csv', 12, 'quantity')]
    """

    def __init__(self, case: Case, year: int | None = None) -> None:
        self.case, self.year = case, year or case.year
        self.edits, self.problems = Edits(case), Problems()
        self.places: dict[Path, list[DatumKey]] = {}

    def write(self, changes: Mapping[str, Any]) -> "Changes":
        """Write what every keyword asks for; the changes themselves, not opened yet.

        Raises
        ------
        BadInput
            With every name that is not known and every value that is none; what a dossier is refused for is told
            when it is opened.
        """
        known, standard = known_keywords(self.case), self.case.standard
        if self.year not in self.case.years:
            self.problems.add("year_not_evaluated", column="year", value=self.year,
                              known=", ".join(map(str, self.case.years)))
        for keyword, given in changes.items():
            name = known.get(keyword, keyword)
            with self.problems.collect():
                if name in self.TABLES:
                    self.TABLES[name](self, given)
                elif name in standard.sources:
                    self._source(keyword, standard.sources[name], given)
                elif name in standard.metrics:
                    self._metric(keyword, name, given)
                else:
                    raise BadInput(Problem("unknown_change", row=keyword,
                                           details={"known": nearest_first(keyword, [*known, *RULES])}))
        self.problems.stop()
        return self

    # --- activity.csv and metrics.csv -------------------------------------------------------------------------------

    def _source(self, keyword: str, source: Source, given: Any) -> None:
        rows = {(row.key, row.parameter): row.quantity.datum.row for row in self.case.dossier.activity
                if row.year == self.year and row.source == source.id and row.quantity.datum.file == "activity.csv"}
        if not isinstance(given, Mapping):
            mains = [key for key, parameter in rows if parameter == source.main]
            if not source.main or len(mains) != 1:
                known = ", ".join(mains or source.items)
                raise BadInput(Problem("change_needs_item", row=keyword, value=str(given), details={"known": known}))
            item = mains[0] or source.main
            self._source(keyword, source, {item: given})
            self.places[keyword,] = self.places.get((keyword, item), [])
            return
        for item, value in given.items():
            with self.problems.collect():
                key, parameter = self._item(source, str(item))
                cells = cells_of(f"{keyword}.{item}", value, "quantity", "unit")
                line = rows.get((key, parameter))
                if line is None and source.key == "instance" and rows and "unit" not in (cells or {}):
                    raise no_row("activity.csv", f"{keyword}.{item}", str(item), [name for name, _ in rows])
                self._put("activity.csv", (keyword, str(item)), line, cells, "quantity",
                          {"year": str(self.year), "source": source.id, "item": str(item)})

    def _item(self, source: Source, item: str) -> tuple[str, str]:
        for colon, plain in ITEM_PARTS.items():
            item = item.replace(colon, plain)
        if not source.key:
            return "", item
        key, colon, parameter = (part.strip() for part in item.partition(":"))
        if source.key != "instance":
            with suppress(BadInput):  # a new row of that key is refused by the reader, who knows what to say
                key = self.case.factors.resolve(source.key, key)
        return key, parameter if colon else source.main

    def _metric(self, keyword: str, name: str, given: Any) -> None:
        given_before, basis = self.case.figure(name, self.year), self.case.bases(self.year).get(name)
        cells = cells_of(keyword, given, "value", "unit")
        typed = given_before is not None and given_before.datum.file == "metrics.csv"  # else stated to be absent
        line = given_before.datum.row if given_before and typed else basis.line if basis else None
        if basis and cells and "value" in cells:  # a figure in place of one that is computed
            self.edits.table("metrics.csv").write(basis.line, {**care_for("metrics.csv"), "basis": ""})
        self._put("metrics.csv", (keyword,), line, cells, "value", {"year": str(self.year), "metric": name})

    def _put(self, file: str, path: Path, line: Any, cells: dict[str, str] | None, number: str,
             names: Mapping[str, str]) -> None:
        """Write into a row, take it out where there are no cells, or add it; a new number makes one row of periods."""
        table = self.edits.table(file)
        require_columns(file, path, cells or {}, table.header)
        if isinstance(line, str):  # of a year in periods, with + between
            line, *others = map(int, line.split("+"))
            for other in others:
                if cells is None or number in cells:
                    del table.lines[other]
                else:
                    table.write(other, cells)
            if cells and number in cells:
                table.write(line, {"period": ""})
        if cells is None:
            if line is None:
                raise BadInput(Problem("nothing_to_take_out", file=file, row=".".join(path)))
            del table.lines[line]
            return
        if line is None:
            line = table.add({**care_for(file), **names, **cells})
        else:
            table.write(line, {**(care_for(file, *IN_PLACE) if number in cells else {}), **cells})
        for one in (path, (*path, number)):
            self.places.setdefault(one, []).append((file, line, number))

    # --- tables by the ids of their rows ----------------------------------------------------------------------------

    def _offsets(self, given: Any) -> None:
        rows: dict[str, list[int]] = {}
        for row in self.case.dossier.offsets:
            rows.setdefault(row.serial, []).append(row.line)
        self._rows("offsets", "offsets.csv", given, rows, "quantity",
                   lambda serial: {"serial": serial, "unit": "tCO2e"})
        table = self.edits.table("offsets.csv")
        for id, value in given.items():  # a number, a tonne: the range goes as far as the amount
            for line in rows.get(id, ()):
                cells = table.cells(line)
                if cells and not (isinstance(value, Mapping) and "serial" in value):
                    with suppress(ValueError, BadInput):
                        tonnes = float(convert(float(cells["quantity"].replace(",", "")), cells["unit"], "tCO2e"))
                        table.write(line, {"serial": of_length(cells["serial"], tonnes)})

    def _measures(self, given: Any) -> None:
        rows = {row.id: [int(row.baseline_t_co2e.datum.row)] for row in self.case.dossier.measures
                if row.year == self.year}
        self._rows("measures", "measures.csv", given, rows, "", lambda id: {"id": id, "year": str(self.year)})

    def _parcels(self, given: Any) -> None:
        rows: dict[str, list[int]] = {}
        for row in self.case.dossier.parcels:
            if row.year == self.year:
                rows.setdefault(row.id, []).append(row.line)
                rows[f"{row.id}:{row.pool}"] = [row.line]

        def names(name: str) -> dict[str, str]:
            parcel, _, pool = name.partition(":")
            return {"parcel": parcel, "year": str(self.year)} | ({"pool": pool} if pool else {})

        self._rows("parcels", "restoration.csv", given, rows, "", names)

    def _rows(self, keyword: str, file: str, given: Any, rows: Mapping[str, Sequence[int]], number: str,
              names: Callable[[str], dict[str, str]]) -> None:
        """Rows by id; one that is not there is added where all that it needs is given."""
        for id, value in named(keyword, given).items():
            with self.problems.collect():
                path, columns = (keyword, id), tables()[file]
                if number and not isinstance(value, Mapping):
                    cells = cells_of(".".join(path), value, number, "unit")
                else:
                    cells = None if value is None else self._cells(file, path, value, number)
                if id in rows:
                    for line in rows[id]:
                        if cells is None or number in cells:
                            self._put(file, path, line, cells, number, {})
                        else:
                            self._put_columns(file, path, line, cells)
                    continue
                needed = [name for name, column in columns.items() if not column.blank
                          and name not in {**care_for(file), **names(id)}]
                missing = [name for name in needed if name not in (cells or {})]
                if missing:
                    raise no_row(file, ".".join(path), id, list(rows), ", ".join(missing))
                self._put(file, path, None, cells, number, names(id))
                for name in cells or {}:
                    self.places[(*path, name)] = [(file, max(self.edits.table(file).lines), name)]

    def _put_columns(self, file: str, path: Path, line: int, cells: dict[str, str]) -> None:
        """Write cells of a row that holds several numbers, each with a place of its own."""
        table = self.edits.table(file)
        numbers = [name for name in cells if tables()[file][name].unit]
        table.write(line, {**(care_for(file, *IN_PLACE) if numbers else {}), **cells})
        for name in cells:
            self.places.setdefault((*path, name), []).append((file, line, name))

    def _cells(self, file: str, path: Path, value: Any, number: str) -> dict[str, str]:
        """Text by column, numbers in the unit that the column fixes; that of ``number`` may come with its unit."""
        if not isinstance(value, Mapping):
            columns = ", ".join(name for name, one in tables()[file].items() if one.unit)
            raise BadInput(Problem("change_needs_column", file, ".".join(path), value=str(value),
                                   details={"known": columns}))
        given, found = {str(column): one for column, one in value.items()}, dict[str, str]()
        require_columns(file, path, given, self.edits.table(file).header)
        for column, one in given.items():
            place, fixed = ".".join((*path, column)), tables()[file][column].unit
            if not fixed and column != number:
                found[column] = text_of(place, one)
                continue
            cells = number_cells(place, one, column, "unit")
            if fixed and cells.get("unit", fixed) != fixed:
                amount = number_in(file, place, cells[column])
                cells = {column: repr(float(convert(amount, cells["unit"], fixed)))}
            found |= {name: text for name, text in cells.items() if name == column or "unit" not in given}
        return {name: text for name, text in found.items() if name != "unit" or "unit" in self.edits.table(file).header}

    def _ratings(self, given: Any) -> None:
        standard = self.case.standard
        for id, value in named("ratings", given).items():
            with self.problems.collect():
                if id not in standard.indicators:
                    known = nearest_first(id, list(standard.indicators))
                    raise BadInput(Problem("not_in_standard", row=f"ratings.{id}", details={"known": known}))
                rows = {row.rater: row.line for row in self.case.dossier.ratings if row.indicator == id}
                column = "level" if standard.indicators[id].rubric else "score"
                raters = named(id, value) if isinstance(value, Mapping) else dict.fromkeys(rows, value)
                if not raters:
                    raise BadInput(Problem("no_rater", "ratings.csv", f"ratings.{id}", value=str(value)))
                for rater, points in raters.items():
                    path = ("ratings", id, rater) if isinstance(value, Mapping) else ("ratings", id)
                    cells = cells_of(".".join(path), points, column, "")
                    if cells and cells.get(column, "").endswith(".0"):
                        cells[column] = cells[column].removesuffix(".0")  # levels are whole
                    self._put("ratings.csv", path, rows.get(rater), cells, column,
                              {"standard": standard.id, "indicator": id, "rater": rater})
                    if cells:
                        file, line, _ = self.places[path][-1]
                        self.places[path][-1] = self.places[*path, column][-1] = (file, line, "score")

    def _mine(self, given: Any) -> None:
        for name, value in named("mine", given).items():
            path = read_key(name) or ()
            keys = [one for one in path if isinstance(one, str)]
            if not keys or len(keys) < len(path) or keys[0] not in Mine.model_fields:
                self.problems.add("unknown_change", row=f"mine.{name}",
                                  known=nearest_first(name, list(Mine.model_fields)))
            else:
                with self.problems.collect():
                    set_entry(self.edits.entries(), keys, entry_of(f"mine.{name}", value))

    TABLES: Mapping[str, Callable[["Changes", Any], None]] = {
        "offsets": _offsets, "measures": _measures, "parcels": _parcels, "ratings": _ratings, "mine": _mine}


RULES = ("options", "factors", "knots", "weights")

"""One table with a row for each mine-year, on the pattern of one dossier: its columns, and the dossier of each row.

A column is named by where its figure stands in a dossier, ``metrics:production`` or
``activity:electricity/purchased [MWh]``; ``mine:province`` is an entry of mine.yaml; ``@base``, ``@previous`` or
``@2023`` behind the name is another year than that of the row. A blank cell is a figure that this mine does not have.
What another mine did in an earlier year is nothing to compare this one with: of a year of which the row gives nothing
of its own in a table, the pattern gives nothing either.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.core.reading.cells import read_date, read_number
from mineco.core.reading.files import resolve_inside
from mineco.core.writing import table_bytes
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import read_rows, tables
from mineco.dossier.texts import by_language
from mineco.dossier.workbook.cover import read_key
from mineco.dossier.workbook.papers import papers_at
from mineco.dossier.workbook.places import told_by_sheet
from mineco.dossier.workbook.sheets import readable
from mineco.evaluation.places import DatumKey

TABLE = re.compile(r"(?P<table>[a-z]+)[:：]\s*")  # as a heading begins; the name of a row is behind it
BEHIND_NAME = re.compile(r"\s*(?:@(?P<year>base|previous|\d{4}))?\s*(?:\[(?P<unit>[^\[\]]+)\])?")
HEADER = re.compile(f"{TABLE.pattern}(?P<name>[^@\\[\\]]+?){BEHIND_NAME.pattern}")  # where no row tells its name
KEYS = {  # of a table's row, and the columns that a heading may mean: of several, their name stands behind the keys
    "activity": (("source", "item"), ("quantity",)),
    "metrics": (("metric",), ("value",)),
    "measures": (("id",), ("baseline_t_co2e", "project_t_co2e")),
    "offsets": (("serial",), ("quantity",)),
    "restoration": (("parcel", "pool"), (
        "area_ha", "rate_tc_per_ha_yr", "growth_tdm_per_ha_yr", "root_shoot_ratio", "carbon_fraction", "loss_tc_per_yr",
        "stock_start_tc_per_ha", "stock_end_tc_per_ha", "stock_years", "leakage_t_co2e")),
    "ratings": (("indicator", "rater"), ("level", "score")),
}
YEARLY = ("activity", "metrics", "measures", "restoration")
EARLIER = ("activity.csv", "metrics.csv")  # whose earlier years the reporting year is compared with
PROVINCE = ("province",)
PLACE = (("longitude",), ("latitude",), ("depth_m",))  # numbers of mine.yaml, and of no other mine than the row's
FREE = (("id",), *((name, language) for name in ("name", "legal_entity", "address") for language in ("zh", "en")),
        *PLACE)
ONE_MINE_ONLY = ("declared.csv", "events.csv", "findings.csv")  # what one mine said and did is true of no other


@dataclass(frozen=True)
class TableColumn:
    """What a heading says: an entry of mine.yaml, or a cell of a dossier's table."""

    heading: str
    table: str
    keys: tuple[str, ...]  # of the row; of mine.yaml the path
    column: str = ""
    year: str = ""  # blank: that of the row
    unit: str = ""
    assumed: bool = False  # the figure is the pattern's, in proportion to the row's output


@dataclass(frozen=True)
class Pattern:
    """The dossier that gives all that the columns of a table do not."""

    mine: Mapping[str, Any]
    rows: Mapping[str, Sequence[Mapping[str, str]]]  # by file
    beside: Mapping[str, bytes] = field(default_factory=dict)  # evidence, by path


def read_pattern(dossier: Path) -> Pattern:
    """A dossier as text, to be filled in for each row of a table.

    >>> from mineco.core.kit import parameters
    >>> pattern = read_pattern(parameters() / "mines" / "tiny-quarry")
    >>> pattern.mine["id"], pattern.rows["metrics.csv"][0]["metric"]
    ('tiny-quarry', 'production')
    """
    problems = Problems()
    mine: dict[str, Any] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    try:
        papers = papers_at(dossier)
    except BadInput as error:
        raise BadInput([replace(one, column="--like") for one in error.problems]) from None
    with told_by_sheet(dossier), readable(papers) as (place, _):
        with problems.collect():
            mine = read_yaml(resolve_inside(place, "mine.yaml"))
            if isinstance(mine.get("name"), str):
                mine["name"] = by_language(mine["name"])
        for file in tables():
            with problems.collect():
                rows[file] = [dict(row) for row in read_rows(place, file)]
        parts = [row for row in rows.get("activity.csv", ()) if row["period"]]
        if parts:
            problems.add("pattern_by_periods", file="activity.csv", column="period", value=parts[0]["period"],
                         item=parts[0]["item"], count=len(parts))
        problems.stop()
    beside = {name.as_posix(): (papers.folder / name).read_bytes() for name in papers.files()
              if name.parts[0] == "evidence"}
    return Pattern(mine, rows, beside)


def read_heading(heading: str, pattern: Pattern) -> TableColumn:
    """The column that a heading names.

    Raises
    ------
    BadInput
        When the pattern has no such row or column.

    >>> from mineco.core.kit import parameters
    >>> pattern = read_pattern(parameters() / "mines" / "tiny-quarry")
    >>> read_heading("metrics:production@base [kt]", pattern)  # doctest: +ELLIPSIS
    TableColumn(heading='metrics:production@base [kt]', table='metrics', keys=('production',), column='value', ...
    """
    text = heading.strip()
    if text == "year":
        return TableColumn(heading, "", ("year",))
    found = TABLE.match(text)
    table, name = (found["table"], text[found.end():]) if found else ("", "")
    path = ("id",) if text == "mine" else (read_key(name) or ()) if table == "mine" else ()
    keys = tuple(one for one in path if isinstance(one, str))
    if keys and keys == path:
        return TableColumn(heading, "mine", keys)
    if table not in KEYS:
        raise BadInput(Problem("heading_not_understood", column=heading, details={"tables": ", ".join(KEYS)}))
    known = {one: (tuple(row[key] for key in KEYS[table][0]), column) for one, row, column in _named(pattern, table)}
    for one in sorted(known, key=len):  # the shorter of two: behind a longer one that reads as both stands its year
        behind = BEHIND_NAME.fullmatch(name, len(one)) if name.startswith(one) else None
        if behind and (table in YEARLY or not behind["year"]):
            return TableColumn(heading, table, *known[one], behind["year"] or "", (behind["unit"] or "").strip())
    raise BadInput(Problem("column_without_row", column=heading, value=name, details={
        "file": f"{table}.csv", "known": nearest_first(name, list(known))}))


def _named(pattern: Pattern, table: str) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """What a heading may name of a table: the name, and the row and column of the pattern that it means."""
    keys, columns = KEYS[table]
    for row in pattern.rows[f"{table}.csv"]:
        for column in columns:
            yield "/".join([*(row[key] for key in keys), *([column] if len(columns) > 1 else [])]), row, column


def headings_of(pattern: Pattern) -> dict[str, str]:
    """Every column that a table on this pattern may have beside ``mine`` and ``year``, with the pattern's own figures.

    >>> from mineco.core.kit import parameters
    >>> found = headings_of(read_pattern(parameters() / "mines" / "tiny-quarry"))
    >>> found["metrics:production@2023 [t]"], found["restoration:Q1/all/area_ha"]
    ('296000', '4.6')
    """
    reporting = str(pattern.mine["reporting_year"])
    found = {f"mine:name.{language}": name for language, name in pattern.mine["name"].items() if name}
    found["mine:province"] = str(pattern.mine["province"])
    found |= {f"mine:{name}": str(pattern.mine[name]) for (name,) in PLACE if name in pattern.mine}
    for table in KEYS:
        for name, row, column in _named(pattern, table):
            year = f"@{row['year']}" if table in YEARLY and (row["year"] != reporting or "@" in name) else ""
            unit = f" [{row['unit']}]" if row.get("unit") else ""
            if row[column]:
                found[f"{table}:{name}{year}{unit}"] = row[column]
    return found


def fill_pattern(pattern: Pattern, columns: Sequence[TableColumn],
                 cells: Sequence[str]) -> tuple[dict[str, bytes], dict[DatumKey, int]]:
    """The dossier of one row: its files, and from which column each cell of them comes.

    Figures of the row's year that no column gives are the pattern's and count as assumed; of an earlier year only where
    the row gives figures of its own in that table (reading R34). Offsets that no column gives are left out,
    since a credit is used up by one mine, and so is what the pattern's own mine declared and did.

    Returns
    -------
    files : dict   Content by name.
    places : dict  Number of the column by file, row and column of a cell.

    Raises
    ------
    BadInput
        With every cell that has no place.
    """
    problems = Problems()
    mine = copy.deepcopy({name: one for name, one in pattern.mine.items() if (name,) not in PLACE})
    rows = {file: [dict(row) for row in given] for file, given in pattern.rows.items()}
    _set_year(mine, rows, columns, cells, problems)
    touched: dict[tuple[str, int], list[tuple[int, str, str]]] = {}
    for number, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        if column.table == "mine":
            with problems.collect():
                _set_entry(mine, column, cell)
        elif column.table:
            year = _year(column, mine)
            at = _find(rows[f"{column.table}.csv"], column, year)
            if at is None:
                problems.add("column_without_row", column=column.heading, value=year, file=f"{column.table}.csv",
                             known=", ".join(sorted({one.get("year", "") for one in rows[f"{column.table}.csv"]})))
            else:
                touched.setdefault((f"{column.table}.csv", at), []).append((number, column.column, cell))
    problems.stop()
    places: dict[DatumKey, int] = {}
    own = {(file, rows[file][line]["year"]) for (file, line), given in touched.items()
           if file in EARLIER and any(cell for _, _, cell in given)} | {
               (file, str(mine["reporting_year"])) for file in EARLIER}
    files = {"mine.yaml": (json.dumps(mine, ensure_ascii=False, indent=1) + "\n").encode()} | dict(pattern.beside)
    for file, given in rows.items():
        kept: list[dict[str, str]] = []
        for line, row in enumerate(given):
            cells_given = touched.get((file, line))
            of_others = file in ONE_MINE_ONLY or (file == "offsets.csv" and not cells_given) or (
                file in EARLIER and (file, row["year"]) not in own)
            if of_others or (cells_given and not any(cell for _, _, cell in cells_given)):
                continue
            for number, name, cell in cells_given or ():
                row[name] = cell
                if columns[number].unit:
                    row["unit"] = columns[number].unit
                places[file, len(kept) + 2, name] = number
            if "kind" in row and file != "offsets.csv" and all(columns[number].assumed for number, _, _ in
                                                               cells_given or ()):
                row["kind"] = "assumed"
            kept.append(row)
        files[file] = table_bytes(list(tables()[file]), kept)
    return files, places


def _set_year(mine: dict[str, Any], rows: dict[str, list[dict[str, str]]], columns: Sequence[TableColumn],
              cells: Sequence[str], problems: Problems) -> None:
    """Move the pattern's reporting year, and the year before it, to those of the row; an earlier base year stays."""
    given = next((cell for column, cell in zip(columns, cells, strict=True) if column.keys == ("year",)), "")
    old = int(mine["reporting_year"])
    if not given or given == str(old):
        return
    if not re.fullmatch(r"(19|20)\d\d", given, re.ASCII):
        problems.add("not_a_year", column="year", value=given)
        return
    new, base = int(given), int(mine["base_year"]["year"])
    date = read_date(mine["report_date"])
    mine["reporting_year"] = new
    mine["report_date"] = date.replace(year=date.year + new - old, day=min(date.day, 28)).isoformat()
    if base == old:
        mine["base_year"]["year"] = new
    for table in YEARLY:
        moved: list[dict[str, str]] = []
        for row in rows[f"{table}.csv"]:
            year = int(row["year"])
            if year == base != old:
                moved.append(dict(row))
            if year in (old, old - 1) and (shifted := year + new - old) != base:
                moved.append(row | {"year": str(shifted)})
        rows[f"{table}.csv"] = moved


def _set_entry(mine: dict[str, Any], column: TableColumn, cell: str) -> None:
    """Set an entry of mine.yaml, in the type that the pattern has there.

    A blank cell makes no row one of the pattern's province or kind of mine; names, and what the pattern does not say
    either, such as an option, it leaves.
    """
    path = column.keys
    inner: Any = mine
    for key in path[:-1]:
        inner = inner.setdefault(key, {}) if isinstance(inner, dict) else None
    if not isinstance(inner, dict):
        raise BadInput(Problem("heading_not_understood", column=column.heading, details={"tables": ", ".join(KEYS)}))
    old = inner.get(path[-1])
    if not cell and path != ("id",):
        if old is not None and path not in FREE:
            raise BadInput(Problem("blank_entry", column=column.heading, details={"like": old}))
        return
    value: Any = cell
    if path in PLACE:
        try:
            value = read_number(cell)
        except BadInput as error:
            raise BadInput([replace(one, column=column.heading) for one in error.problems]) from None
    elif cell in ("true", "false"):
        value = cell == "true"
    elif isinstance(old, int | float) and not isinstance(old, bool) and re.fullmatch(r"-?\d+(\.\d+)?", cell, re.ASCII):
        value = int(cell) if isinstance(old, int) and "." not in cell else float(cell)
    inner[path[-1]] = value


def _year(column: TableColumn, mine: Mapping[str, Any]) -> str:
    reporting = int(mine["reporting_year"])
    known = {"": reporting, "previous": reporting - 1, "base": mine["base_year"]["year"]}
    return str(known.get(column.year, column.year))


def _find(rows: Sequence[Mapping[str, str]], column: TableColumn, year: str) -> int | None:
    keys, _ = KEYS[column.table]
    return next((number for number, row in enumerate(rows)
                 if tuple(row[key] for key in keys) == column.keys
                 and (column.table not in YEARLY or row["year"] == year)), None)

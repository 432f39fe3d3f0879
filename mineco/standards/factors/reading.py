"""Factors read: the tables of ``parameters/factors`` and the names of their facets, checked as they are read."""

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mineco.core import units
from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problems
from mineco.core.kit import parameters
from mineco.core.quantity import STATUSES, Factor
from mineco.core.reading.cells import read_number, read_year
from mineco.core.reading.tables import Row, read_table
from mineco.standards.factors.lookup import Factors, folded

FACETS: dict[str, tuple[str, ...]] = {  # the columns of each table beside the common ones
    "gwp.csv": ("gas",),
    "blends.csv": ("blend", "gas"),
    "fuels.csv": ("fuel", "device", "variant", "biogenic"),
    "grid.csv": ("level", "region"),
    "energy.csv": ("carrier", "variant"),
    "coal_methane.csv": ("mining", "depth", "gas_grade", "ownership", "rank", "reference", "region"),
    "abandoned_tier1.csv": ("year", "closed"),
    "process.csv": ("material", "explosive", "basis", "treatment"),
    "oil_gas.csv": ("segment", "process", "activity", "gas"),
    "additives.csv": ("amendment", "nitrogen", "additive", "plain_fuel"),
    "value_chain.csv": ("good", "freight", "disposal", "travel", "fuel"),
    "restoration.csv": ("climate", "moisture", "ecosystem", "practice", "stock", "soil", "variant"),
    "growth.csv": ("species", "age"),
}
BEFORE = ("id", "quantity")
AFTER = ("data_year", "edition", "value", "unit", "name_zh", "name_en", "source", "status")
OPTIONAL = ("seen",)  # version 0.1.0 told it within the source
NUMBERS: dict[str, Callable[[str], float]] = {"value": read_number, "data_year": read_year}


@checked_arguments()
def load_factors(folder: Path | None = None) -> Factors:
    """All tables of a folder, by default ``parameters/factors``; read once.

    Raises
    ------
    BadInput
        With every problem: unknown columns, ids given twice, unreadable values, units or statuses, missing sources.

    >>> len(load_factors()) > 1200
    True
    """
    return _load(Path(folder) if folder else parameters() / "factors")


@functools.cache
def _load(folder: Path) -> Factors:
    problems = Problems()
    rows: dict[str, Factor] = {}
    for file, facets in FACETS.items():
        with problems.collect():
            for row in read_table(folder / file, (*BEFORE, *facets, *AFTER), OPTIONAL):
                with problems.collect():
                    factor = _factor(row, facets)
                    if factor.id in rows:
                        problems.add("duplicate_id", file=file, row=row.line, column="id", value=factor.id)
                    rows[factor.id] = factor
    names, regions, shown = _read_names(folder, problems)
    problems.stop()
    return Factors(rows.values(), names, regions, shown)


def _factor(row: Row, facets: Iterable[str]) -> Factor:
    problems = Problems()

    def wrong(message: str, column: str, **details: object) -> None:
        problems.add(message, file=row.file, row=row.line, column=column, value=row[column], **details)

    for column in (*BEFORE, "value", "unit", "name_zh", "name_en", "source"):
        if not row[column]:
            wrong("missing_value", column)
    if row["status"] not in STATUSES:
        wrong("not_in_list", "status", allowed=", ".join(STATUSES))
    if row["unit"] and not units.is_known_unit(row["unit"]):
        wrong("unknown_unit", "unit", expected="parameters/units.txt")
    given: dict[str, Any] = {column: row[column] for column in (*BEFORE, *AFTER, *OPTIONAL)}
    for column, read in NUMBERS.items():
        try:
            given[column] = read(row[column]) if row[column] else None
        except BadInput as error:
            wrong(error.problems[0].message, column)
    problems.stop()
    return Factor(facets={facet: row[facet] for facet in facets if row[facet]}, **given)


def _read_names(folder: Path, problems: Problems) -> tuple[dict[str, dict[str, str]], dict[str, str],
                                                           dict[tuple[str, str], tuple[str, str]]]:
    """Spellings by facet (a province is a region that belongs to one), grid region of each province, names to print."""
    names: dict[str, dict[str, str]] = {}
    shown: dict[tuple[str, str], tuple[str, str]] = {}
    regions: dict[str, str] = {}
    with problems.collect():
        columns = ("province", "name_zh", "name_en", "region", "source", "status")
        regions = {row["province"]: row["region"] for row in read_table(folder / "regions.csv", columns, OPTIONAL)}
    with problems.collect():
        for row in read_table(folder / "names.csv", ("facet", "id", "name_zh", "name_en", "other")):
            facets = ["region", "province"] if row["facet"] == "region" and row["id"] in regions else [row["facet"]]
            for facet in facets:
                shown[facet, row["id"]] = (row["name_zh"], row["name_en"])
                for spelling in filter(None, (row["id"], row["name_zh"], row["name_en"], *row["other"].split(";"))):
                    known = names.setdefault(facet, {}).setdefault(folded(spelling), row["id"])
                    if known != row["id"]:
                        problems.add("ambiguous_name", file=row.file, row=row.line, value=spelling, other=known)
    return names, regions, shown

"""Legends of known products of land cover: which kind of land each code is, with source and status."""

import functools
from dataclasses import dataclass
from pathlib import Path

from mineco.core.kit import parameters
from mineco.core.lazy import Brief
from mineco.core.reading.cells import read_number
from mineco.core.reading.tables import read_table

COLUMNS = ("legend", "product", "code", "ecosystem", "name_zh", "name_en", "source", "status")


@dataclass(frozen=True)
class LegendClass:
    """A code of a product; without a kind of land it means no data."""

    code: int
    ecosystem: str
    name_zh: str
    name_en: str
    source: str
    status: str


@dataclass(frozen=True, repr=False)
class Legend(Brief):
    """The codes of a product."""

    id: str
    product: str
    codes: tuple[LegendClass, ...]

    @property
    def classes(self) -> tuple[LegendClass, ...]:
        """The codes that are classes of land."""
        return tuple(one for one in self.codes if one.ecosystem)

    @property
    def no_data(self) -> frozenset[int]:
        """The codes that mean no data."""
        return frozenset(one.code for one in self.codes if not one.ecosystem)


@functools.cache
def legends(path: Path | None = None) -> dict[str, Legend]:
    """The legends of a table by id, by default ``parameters/dossier/legends.csv``; read once.

    >>> found = legends()["esa-worldcover"]
    >>> [one.code for one in found.classes if one.ecosystem == "wetland"], sorted(found.no_data)
    ([90, 95], [0])
    """
    codes: dict[str, list[LegendClass]] = {}
    products = {}
    for row in read_table(path or parameters() / "dossier" / "legends.csv", COLUMNS):
        products[row["legend"]] = row["product"]
        codes.setdefault(row["legend"], []).append(
            LegendClass(int(read_number(row["code"])), *(row[name] for name in COLUMNS[3:])))
    return {name: Legend(name, products[name], tuple(found)) for name, found in codes.items()}

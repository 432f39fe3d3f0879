"""Carbon pools of the classes of a map: a table with mean, spread, tier and source of each, read strictly.

What the table lacks is taken from the defaults of a climate zone where the dossier names one, and marked as such.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.kit import parameters
from mineco.core.lazy import Brief
from mineco.core.quantity import STATUSES
from mineco.core.reading.cells import read_number
from mineco.core.reading.tables import read_table
from mineco.dossier.cells import Cells, read_rows

POOLS = ("above", "below", "dead", "soil")  # living above and below ground, dead wood and litter, soil
TIERS = ("1", "2", "3")  # of the IPCC: default, of the country or region, measured or modelled in place
DEFAULTS = "default_pools.csv"
COLUMNS = ("zone", "ecosystem", "pool", "mean_tc_per_ha", "sd_tc_per_ha", "tier", "source", "status")


@dataclass(frozen=True)
class PoolRow:
    """Where the pool of a class comes from."""

    tier: int
    source: str
    status: str
    line: int
    zone: str = ""  # of which it is a default


FoundPool = tuple[float, float, PoolRow]  # mean and standard deviation, tC/ha


@dataclass(frozen=True, repr=False)
class PoolTable(Brief):
    """The pools of every class: arrays (classes, pools), pools in the order of ``POOLS``. [tC/ha]"""

    file: str
    classes: tuple[int, ...]  # codes in the order of the arrays' rows
    mean: NDArray
    spread: NDArray  # standard deviation
    rows: Mapping[tuple[int, str], PoolRow]  # what is known of the pool of a class

    @property
    def own(self) -> int:
        """How many pools are no defaults of a climate zone."""
        return sum(not one.zone for one in self.rows.values())

    def require(self, histogram: Mapping[int, int], pixel_ha: float, layer: str) -> None:
        """Stop when a class of a map (code → pixels) has no pools: its carbon would be missing from the total."""
        missing = Problems()
        for code in sorted(set(histogram) - set(self.classes)):
            missing.add("class_without_pools", file=layer, column="class", value=code, table=self.file,
                              pixels=histogram[code], area=f"{histogram[code] * pixel_ha:.2f}")
        missing.stop()


@functools.cache
def default_pools(path: Path | None = None) -> dict[str, dict[tuple[str, str], FoundPool]]:
    """The defaults of each climate zone by kind of land and pool, by default ``parameters/dossier/default_pools.csv``.

    >>> mean, spread, row = default_pools()["cool-temperate-dry"]["grassland", "soil"]
    >>> mean, spread, row.tier, row.status
    (43.0, 24.0, 1, 'quoted')
    """
    zones: dict[str, dict[tuple[str, str], FoundPool]] = {}
    for row in read_table(path or parameters() / "dossier" / DEFAULTS, COLUMNS):
        about = PoolRow(int(row["tier"]), row["source"], row["status"], row.line, row["zone"])
        zones.setdefault(row["zone"], {})[row["ecosystem"], row["pool"]] = (
            read_number(row["mean_tc_per_ha"]), read_number(row["sd_tc_per_ha"]), about)
    return zones


def read_pools(path: Path, zone: str = "", lands: Mapping[int, str] | None = None) -> PoolTable:
    """The pool table of a folder, every problem with its cell.

    One line for each pool of each class: a pool that holds nothing is written as 0 with a spread of 0, never left out.

    Parameters
    ----------
    path : Path               Of the table, which need not be there where a climate zone is named.
    zone : str                A climate zone whose defaults stand for what the table lacks; blank for none.
    lands : mapping, optional
        The kind of land of each class that may take defaults; one of which the zone has none stays without pools.

    Raises
    ------
    BadInput
        For every cell that is blank, negative or no number; a pool that is missing or stands twice; a spread of
        nothing.
    """
    path = Path(path)
    problems = Problems()
    found: dict[tuple[int, str], FoundPool] = {}
    lists = {"pools": POOLS, "tiers": TIERS, "statuses": STATUSES}
    for row in read_rows(path.parent, path.name, "rasters") if path.exists() or not zone else ():
        before, cells = len(problems), Cells(row, path.parent, problems, lists, "rasters").read()
        mean, spread = cells["mean_tc_per_ha"], cells["sd_tc_per_ha"]
        if mean == 0 and spread > 0 and len(problems) == before:  # else 0 stands for what could not be read
            cells.add("spread_of_nothing", "sd_tc_per_ha")
        if len(problems) > before:
            continue
        key = int(cells["class"]), cells["pool"]
        if key in found:
            cells.add("duplicate_pool", "pool", first=found[key][2].line, code=key[0])
        else:
            found[key] = mean, spread, cells.made(PoolRow, tier=int(cells["tier"]))
    if not problems:  # else what is missing may be what could not be read
        defaults = default_pools().get(zone, {})
        found = {(code, pool): defaults[land, pool] for code, land in (lands or {}).items() for pool in POOLS
                 if (land, pool) in defaults} | found
        _require_whole(found, path.name, problems)
    problems.stop()
    classes = tuple(sorted({code for code, _ in found}))
    means, spreads = (np.array([[found[code, pool][which] for pool in POOLS] for code in classes]) for which in (0, 1))
    return PoolTable(path.name, classes, means, spreads, {key: row for key, (_, _, row) in found.items()})


def _require_whole(found: Mapping[tuple[int, str], object], file: str, problems: Problems) -> None:
    classes = sorted({code for code, _ in found})
    if not classes:
        raise BadInput(Problem("no_pools", file=file))
    for code in classes:
        for pool in POOLS:
            if (code, pool) not in found:
                problems.add("missing_pool", file=file, column="pool", value=pool, code=code)

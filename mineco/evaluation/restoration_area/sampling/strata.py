"""Strata of a sample: land by what the maps say of it, with rare kinds joined, and the table that keeps them.

A cell is all land of which the maps say the same: whether it is to be restored, its class, and whether that changed.
A stratum is a cell, or several that are too rare to stand alone.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import Problems
from mineco.dossier.cells import read_cells
from mineco.geo.layers import MISSING_CODE
from mineco.restoration.maps.area import NO_CLASS

FILE = "strata.csv"
STATES = ("yes", "no", "unknown")  # whether land is to be restored
ROUNDING = 1e-6  # by which areas may be off that somebody typed
CHANGES = ("no", "yes", "")  # whether its class changed; blank: both


class Cell(NamedTuple):
    """What the maps say of a pixel."""

    restore: str  # of STATES
    cover: int  # class on the latest map; MISSING_CODE unless every map of land cover knows it
    changed: bool


@dataclass(frozen=True)
class Stratum:
    """Cells of which points were drawn together, as they lay on the map that day."""

    number: int
    restore: str
    cover: tuple[int, ...]
    changed: str  # of CHANGES
    pixels: int
    area_ha: float
    points: int = 0  # for tests, as drawn

    def holds(self, cell: Cell) -> bool:
        """Whether a cell belongs to it."""
        return (cell.restore == self.restore and cell.cover in self.cover
                and self.changed in ("", CHANGES[cell.changed]))


def cell_codes(classes: NDArray[Any], covers: Sequence[NDArray[Any]], top: int) -> NDArray[np.int64]:
    """The cell of each pixel as a number; -1 where the maps know nothing.

    Parameters
    ----------
    classes : array         Class of priority, or `NO_CLASS`.
    covers : list of array  Class of land on each map of it, the latest last, or `MISSING_CODE`; there may be none.
    top : int               Class of the land to be restored.

    >>> codes = cell_codes(np.array([3, 0, 255]), [np.array([4, 1, -1]), np.array([4, 2, 2])], 3)
    >>> [cell_of(code) for code in codes.tolist() if code >= 0]
    [Cell(restore='yes', cover=4, changed=False), Cell(restore='no', cover=2, changed=True)]
    """
    unknown = classes == NO_CLASS
    known = np.full(classes.shape, bool(covers))
    for one in covers:
        known &= one != MISSING_CODE
    last, changed = (covers[-1], known & (covers[0] != covers[-1])) if covers else (known, known)
    state = np.where(unknown, STATES.index("unknown"), np.where(classes == top, 0, 1)).astype(np.int64)
    kind = np.where(known, last.astype(np.int64), MISSING_CODE) - MISSING_CODE
    return np.where(unknown & ~known, -1, (kind * 2 + changed) * len(STATES) + state)


def cell_of(code: int) -> Cell:
    """The cell of a number that `cell_codes` gives."""
    rest, state = divmod(code, len(STATES))
    kind, changed = divmod(rest, 2)
    return Cell(STATES[state], kind + MISSING_CODE, bool(changed))


def join_cells(pixels: Mapping[Cell, int], pixel_ha: float, least: int, smallest_share: float) -> list[Stratum]:
    """Cells as strata; those that are rare join others of the same state, so that none is left out.

    A rare cell joins the same class changed or not; a class that is still rare joins the other rare classes. Land to be
    restored is never joined with land that is not.

    Parameters
    ----------
    pixels : mapping        Of each cell.
    least : int             Points that a stratum gets at least: a cell with fewer pixels is rare.
    smallest_share : float  Of the sampled land, below which a cell is rare.

    >>> pixels = {Cell("yes", 4, False): 900, Cell("yes", 4, True): 9, Cell("no", 1, False): 90}
    >>> found = join_cells(pixels, pixel_ha=0.09, least=25, smallest_share=0.05)
    >>> [(one.restore, one.cover, one.changed, one.pixels) for one in found]
    [('yes', (4,), '', 909), ('no', (1,), 'no', 90)]
    """
    rare = max(least, smallest_share * sum(pixels.values()))
    told = any(one.changed for one in pixels)  # one map alone tells of no change
    strata = []
    for state in STATES:
        rest: Counter[int] = Counter()
        kinds = sorted({one.cover for one in pixels if one.restore == state})
        for kind in kinds:
            parts = {CHANGES[one.changed]: count for one, count in sorted(pixels.items())
                     if (one.restore, one.cover) == (state, kind)}
            if not told or (min(parts.values()) < rare and len(parts) > 1):
                parts = {"": sum(parts.values())}
            if min(parts.values()) < rare:
                rest[kind] = sum(parts.values())
                continue
            strata += [Stratum(0, state, (kind,), changed, count, count * pixel_ha) for changed, count in parts.items()]
        if rest:
            whole = sum(rest.values())
            strata.append(Stratum(0, state, tuple(sorted(rest)), "", whole, whole * pixel_ha))
    return strata


def numbered(strata: list[Stratum], generator: np.random.Generator) -> list[Stratum]:
    """The strata under numbers that tell nothing of them, in the order of these."""
    numbers = generator.permutation(len(strata)) + 1
    return sorted((replace(one, number=int(number)) for one, number in zip(strata, numbers, strict=True)),
                  key=lambda one: one.number)


def strata_rows(strata: list[Stratum]) -> list[dict[str, str]]:
    """The strata as rows of their table."""
    return [{"stratum": str(one.number), "restore": one.restore, "cover": "; ".join(map(str, one.cover)),
             "changed": one.changed, "pixels": str(one.pixels), "area_ha": f"{one.area_ha:.10g}",
             "points": str(one.points)} for one in strata]


def read_strata(folder: Path, problems: Problems) -> dict[int, Stratum]:
    """The strata of a dossier by number; none where it has not that table."""
    found: dict[int, Stratum] = {}
    seen: dict[int, int] = {}
    first = 0.0
    for cells in read_cells(folder, FILE, problems, {"states": STATES, "changes": CHANGES}, "rasters"):
        number, pixel_ha = int(cells["stratum"]), cells["area_ha"] / (cells["pixels"] or 1)
        cells.note_duplicate(seen, number, "stratum")
        if not math.isclose(pixel_ha, first := first or pixel_ha, rel_tol=ROUNDING):
            cells.add("stratum_area_uneven", "area_ha", pixel=f"{pixel_ha:.6g}", first=f"{first:.6g}")
        found[number] = cells.made(Stratum, number=number, pixels=int(cells["pixels"]), points=int(cells["points"]),
                                   cover=tuple(map(int, cells["cover"] or ())))
    return found

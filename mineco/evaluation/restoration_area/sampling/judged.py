"""Points that were judged, by the strata of which they were drawn, and whether both are what they were that day."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.core.reading.cells import read_number
from mineco.dossier.checks.noticed import Noticed
from mineco.evaluation.restoration_area.sampling.strata import FILE, ROUNDING, Stratum, cell_codes, cell_of
from mineco.evaluation.restoration_area.scenes.listed import COVERS
from mineco.geo.vectors import Points
from mineco.restoration.maps.strata import FEWEST, Strata

if TYPE_CHECKING:
    from mineco.evaluation.restoration_area.windows.maps import Maps

MOST_NAMED = 10  # points in a message


@dataclass(frozen=True, repr=False)
class Drawn(Brief):
    """Test points by stratum, in the order of the strata's numbers."""

    strata: Strata | None  # None where points lack
    places: NDArray[np.int64]  # (test points,) of the stratum of each
    lacking: tuple[Problem, ...]


def require_strata(points: Sequence[Mapping[str, str]], strata: Mapping[int, Stratum], problems: Problems) -> None:
    """Note points whose stratum nobody knows, and strata with more test points than were drawn."""
    if not strata:
        if points and any(row["stratum"] for row in points):
            problems.add("strata_missing", file=FILE)
        return
    counts: Counter[int] = Counter()
    for row in points:
        number = _stratum(row)
        if row["use"] == "test" and number not in strata:
            problems.add("points_without_stratum", file=getattr(row, "file", ""), row=getattr(row, "line", ""),
                         column="stratum", value=row["stratum"], known=f"{min(strata)}–{max(strata)}")
        counts[number] += row["use"] == "test"
    for number, one in strata.items():
        if counts[number] > one.points:
            problems.add("stratum_with_many_points", file=FILE, column="stratum", value=number, points=counts[number],
                         drawn=one.points)


def drawn_points(points: Points, strata: Mapping[int, Stratum], test: NDArray[np.bool_]) -> Drawn | None:
    """The test points by stratum; None of points that were not drawn of strata."""
    if not strata:
        return None
    numbers, known = sorted(strata), [strata[number] for number in sorted(strata)]
    own = [_stratum(row) for row, tests in zip(points.cells, test, strict=True) if tests]
    places = np.searchsorted(numbers, own)
    counts = np.bincount(places, minlength=len(numbers))
    few = tuple(Problem("stratum_with_few_points", file=points.file, value=one.number,
                        details={"points": count, "area": f"{one.area_ha:.2f}"})
                for one, count in zip(known, counts.tolist(), strict=True) if count < min(FEWEST, one.pixels))
    made = None if few else Strata(np.array([one.area_ha for one in known]), counts,
                                   np.array([one.pixels for one in known]))
    return Drawn(made, places, few)


def sample_findings(points: Points, strata: Mapping[int, Stratum], maps: "Maps", top: int) -> Iterable[Noticed]:
    """What is not as it was when the points were drawn: points that are missing, strata and points of other land."""
    if not strata:
        return
    tests = [(row["id"], strata[_stratum(row)], *place) for row, *place in zip(
        points.cells, points.rows.tolist(), points.columns.tolist(), strict=True) if row["use"] == "test"]
    there = Counter(one.number for _, one, *_ in tests)
    missing = {number: one.points - there[number] for number, one in strata.items() if there[number] < one.points}
    yield bool(missing), Problem("points_not_judged", points.file, details={
        "missing": sum(missing.values()), "strata": ", ".join(map(str, missing))})
    pixels, at = _of_today(maps, top, [(row, column) for *_, row, column in tests])
    today = {number: sum(count for code, count in pixels.items() if one.holds(cell_of(code)))
             * maps.plan.layers.grid.pixel_ha for number, one in strata.items()}
    changed = [f"{number}: {one.area_ha:.10g} → {today[number]:.10g}" for number, one in strata.items()
               if not math.isclose(today[number], one.area_ha, rel_tol=ROUNDING)]
    yield bool(changed), Problem("strata_differ", FILE, column="area_ha", details={"changed": "; ".join(changed)})
    others = [name for (name, one, *_), code in zip(tests, at, strict=True) if code < 0 or not one.holds(cell_of(code))]
    yield bool(others), Problem("points_of_other_strata", points.file, column="stratum", details={
        "count": len(others), "ids": ", ".join(others[:MOST_NAMED]) + (" …" if len(others) > MOST_NAMED else "")})


def _of_today(maps: "Maps", top: int, places: Sequence[tuple[int, int]]) -> tuple[Counter[int], list[int]]:
    """Pixels of each cell on the maps of today, and the cell at each place."""
    pixels: Counter[int] = Counter()
    rows, columns = np.array(places, dtype=np.int64).reshape(-1, 2).T
    at = np.full(len(rows), -1)
    covers = [name for name in COVERS if name in maps.plan.single]
    for window in maps.windows:
        codes = cell_codes(maps.plan.read("class", window), [maps.plan.read(name, window) for name in covers], top)
        found, counts = np.unique(codes, return_counts=True)
        pixels.update(dict(zip(found.tolist(), counts.tolist(), strict=True)))
        down, across = rows - window.row, columns - window.column
        here = (down >= 0) & (down < window.height) & (across >= 0) & (across < window.width)
        at[here] = codes[down[here], across[here]]
    del pixels[-1]
    return pixels, at.tolist()


def _stratum(row: Mapping[str, str]) -> int:
    """The number of a point's stratum; 0, which is that of none, where it cannot be read."""
    try:
        return int(read_number(row["stratum"]))
    except BadInput:
        return 0

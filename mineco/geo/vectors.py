"""Points that a user hands in, brought onto the grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.core.reading.cells import read_number
from mineco.geo.grid import Grid, known_crs
from mineco.geo.point_rows import read_point_rows


@dataclass(frozen=True, repr=False)
class Points(Brief):
    """Points on the grid: their columns of text, and the pixel of each.

    rows and columns are -1 where a point lies outside the grid.
    """

    cells: tuple[Mapping[str, str], ...]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    file: str
    reprojected: bool


def read_points(path: Path, grid: Grid, crs: str, required: Sequence[str], optional: Sequence[str] = ()) -> Points:
    """Reference points or plots of a table with columns ``id``, ``x``, ``y`` and others; see `read_point_rows`.

    Parameters
    ----------
    path : Path  CSV, or GeoPackage or KML of points.
    crs : str    Of x and y, such as EPSG:4326 for longitude and latitude; a CSV file does not tell it.
    required, optional : sequence of str  Other columns, left as text.

    Raises
    ------
    BadInput
        With every cell that is wrong, ids that stand twice, points that were moved off the pixel of their x and y, or
        when no point lies on the grid.
    """
    path, problems = Path(path), Problems()
    given = known_crs(crs, path.name)
    rows, drawn = read_point_rows(path, given, required, optional)
    places = np.full((2, len(rows)), np.nan)
    seen: dict[str, int] = {}
    for number, row in enumerate(rows):
        for axis, column in enumerate(("x", "y")):
            try:
                places[axis, number] = read_number(row[column])
            except BadInput as error:
                problems.add(error.problems[0].message, file=row.file, row=row.line, column=column, value=row[column],
                             **error.problems[0].details)
        if row["id"] in seen:
            problems.add("vectors_named_twice", file=row.file, row=row.line, column="id", value=row["id"])
        seen[row["id"]] = row.line
    stand: dict[tuple[float, float], str] = {}
    for row, place in zip(rows, map(tuple, places.T.tolist()), strict=True):
        if place in stand:
            problems.add("points_at_one_place", file=row.file, row=row.line, column="x, y", value=row["id"],
                         other=stand[place])
        stand.setdefault(place, row["id"])
    if not rows:
        problems.add("vectors_empty", file=path.name)
    problems.stop()
    shapes = geopandas.GeoSeries.from_xy(*places, crs=given)
    reprojected = not grid.same_crs(Grid(given, grid.transform, grid.width, grid.height))
    if reprojected:
        shapes = shapes.to_crs(grid.crs)
    x, y = shapes.x.to_numpy(), shapes.y.to_numpy()
    on_rows, on_columns = grid.rowcol(x, y)
    if (on_rows < 0).all():
        edges = " ".join(f"{edge:.10g}" for edge in shapes.total_bounds)
        raise BadInput(Problem("vectors_apart", file=path.name, details={"given": edges, "wanted": grid}))
    if drawn is not None:
        drawn_at = geopandas.GeoSeries.from_xy(*drawn, crs=given).to_crs(grid.crs)
        pixels = np.stack(grid.rowcol(drawn_at.x.to_numpy(), drawn_at.y.to_numpy()))
        for row, moved in zip(rows, (pixels != np.stack([on_rows, on_columns])).any(axis=0), strict=True):
            if moved:
                problems.add("point_moved", file=path.name, row=row.line, column="x, y", value=row["id"])
        problems.stop()
    return Points(tuple(rows), x, y, on_rows, on_columns, path.name, reprojected)

"""Polygons of a file, brought onto the grid and looked through one by one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
from shapely import box, get_coordinates

from mineco.core.errors import BadInput, Problem, Problems
from mineco.geo.grid import Grid
from mineco.geo.shapes.files import ShapesRead, edges, read_frame

if TYPE_CHECKING:
    import pandas

POLYGONS = ("Polygon", "MultiPolygon")


def read_polygons(path: Path, grid: Grid, layer: str = "", id_column: str = "", name_column: str = ""
                  ) -> tuple[geopandas.GeoDataFrame, ShapesRead]:
    """Polygons of a file in the grid's CRS, with the columns ``id`` and ``name``, and how they were read.

    Parameters
    ----------
    layer : str        Of the file; may be blank where it has one.
    id_column : str    Column that names each shape once; where it is blank, shapes are counted from 1.
    name_column : str  Column of names for people, which may be alike; blank for none.

    Raises
    ------
    BadInput
        With every shape that is none, is no polygon, crosses itself, or has an id that is blank or stands twice; when
        a column is not there; or when all lies far from the grid.
    """
    path, problems = Path(path), Problems()
    given, read = read_frame(path, grid, layer)
    for column in dict.fromkeys(one for one in (id_column, name_column) if one and one not in given.columns):
        problems.add("missing_column", file=path.name, column=column,
                     given=", ".join(str(one) for one in given.columns if one != "geometry"))
    problems.stop()
    ids = _texts(given[id_column]) if id_column else [str(number + 1) for number in range(len(given))]
    names = _texts(given[name_column]) if name_column else [""] * len(given)
    frame = geopandas.GeoDataFrame({"id": ids, "name": names}, geometry=given.geometry.to_numpy(), crs=given.crs)
    return onto_grid(frame, grid, path.name, id_column), read


def onto_grid(given: geopandas.GeoDataFrame, grid: Grid, file: str, id_column: str = "") -> geopandas.GeoDataFrame:
    """Polygons with their ids, brought into the grid's CRS and looked through.

    Raises
    ------
    BadInput  See `read_polygons`.
    """
    problems, frame = Problems(), given.to_crs(grid.crs)
    if not np.isfinite(get_coordinates(frame.geometry)).all():  # a projection gives infinity for what it cannot reach
        raise BadInput(Problem("vectors_apart", file=file, details={"given": edges(given), "wanted": grid}))
    for number, (name, shape) in enumerate(zip(frame["id"], frame.geometry, strict=True), 1):
        row = name or number
        if not name:
            problems.add("vectors_without_id", file=file, row=number, column=id_column)
        if shape is None or shape.is_empty or shape.geom_type not in POLYGONS:
            problems.add("vectors_of_other_kind", file=file, row=row, column="geometry",
                         value="" if shape is None else shape.geom_type, kinds=", ".join(POLYGONS))
        elif not shape.is_valid:
            problems.add("vectors_crossing", file=file, row=row, column="geometry")
    for name in dict.fromkeys(frame["id"][frame["id"].duplicated()]):
        if name:
            problems.add("vectors_named_twice", file=file, column=id_column, value=name)
    problems.stop()
    if not frame.intersects(box(*grid.bounds)).any():
        raise BadInput(Problem("vectors_apart", file=file, details={"given": edges(frame), "wanted": grid}))
    return frame


def _texts(column: "pandas.Series[Any]") -> list[str]:
    """Cells as text: whole numbers without a point, and blank where there is nothing."""
    return ["" if missing else f"{one:.0f}" if isinstance(one, float) and one.is_integer() else str(one).strip()
            for one, missing in zip(column.tolist(), column.isna(), strict=True)]

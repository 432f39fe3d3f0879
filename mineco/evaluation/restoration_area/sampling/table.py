"""Tables of points in the folder rasters/: reference points as people judged them, plots, controls."""

from collections.abc import Collection, Mapping
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.files import resolve_inside
from mineco.core.reading.tables import Row
from mineco.dossier.cells import Cells, tables
from mineco.evaluation.restoration_area.scenes.listed import COVERS
from mineco.geo.grid import Grid
from mineco.geo.vectors import Points, read_points

POINT_FILES = ("points.csv", "points.gpkg", "points.kml")
OTHERS = (".kmz", ".xlsx", ".xls", ".et", ".ods", ".shp", ".geojson", ".json")  # in which programs save points too
LISTS = {"uses": ("fit", "test"), "groups": ("control", "restored")}
ANSWERS = ("restore", *COVERS)
MOST_NAMED = 10  # rows in a message


def points_file(folder: Path) -> str:
    """The one table of reference points that is there; points.csv where there is none.

    Raises
    ------
    BadInput  When there are several, or one of a format that is not read.
    """
    there = [name for name in POINT_FILES if (folder / name).exists()]
    unread = [f"points{ending}" for ending in OTHERS if (folder / f"points{ending}").exists()]
    if unread and not there:
        raise BadInput(Problem("points_of_other_format", file=unread[0], details={"known": ", ".join(POINT_FILES)}))
    if len(there) + len(unread) > 1:
        raise BadInput(Problem("points_in_several_files", file=folder.name, value=", ".join([*there, *unread])))
    return there[0] if there else POINT_FILES[0]


def read_table_of_points(folder: Path, file: str, grid: Grid, crs: str, codes: Collection[str],
                         covers: Collection[str], problems: Problems) -> Points:
    """A table of points; of a map of land cover that is there each has its class, or none has.

    Reference points that nobody has judged yet are read as far as they go; see `unjudged`.
    """
    given = tables("rasters")[str(Path(file).with_suffix(".csv"))]
    points = read_points(resolve_inside(folder, file), grid, crs,
                         [name for name, one in given.items() if name not in ("id", "x", "y") and not one.optional],
                         [name for name, one in given.items() if one.optional])
    judged = [name for name in covers if any(row.get(name) for row in points.cells)]
    for row, outside in zip(points.cells, points.rows < 0, strict=True):
        assert isinstance(row, Row)
        if not is_judged(row):
            continue
        cells = Cells(row, folder, problems, {**LISTS, "codes": sorted(codes)}, "rasters").read()
        if "restore" in row:
            row["restore"] = cells["restore"]  # by its id, in whichever words it was written
        for name in judged:
            cells[name]
        if outside:
            cells.add("point_outside", "x, y", f"{row['x']}, {row['y']}", grid=grid)
    return points


def is_judged(row: Mapping[str, str]) -> bool:
    """Whether anything stands in the cells that are to be filled in; a plot has none of these.

    >>> is_judged({"restore": "", "cover_end": ""}), is_judged({"restore": "", "cover_end": "4"}), is_judged({})
    (False, True, True)
    """
    return "restore" not in row or any(row.get(name) for name in ANSWERS)


def unjudged(points: Points) -> Problem | None:
    """How many of the points are judged, while some are not."""
    left = [getattr(row, "line", "") for row in points.cells if not is_judged(row)]
    if not left:
        return None
    rows = ", ".join(map(str, left[:MOST_NAMED])) + (" …" if len(left) > MOST_NAMED else "")
    return Problem("points_unfilled", points.file, column="restore", details={
        "filled": len(points.cells) - len(left), "of": len(points.cells), "rows": rows})

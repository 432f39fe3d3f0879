"""What area.yaml draws on the grid: the boundary of the study area, a mask, parcels; read strictly."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import geopandas
import shapely
from pydantic import BeforeValidator

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.core.reading.files import resolve_inside
from mineco.dossier.models import FrozenModel
from mineco.geo.grid import Grid
from mineco.geo.shapes.files import ShapesRead
from mineco.geo.shapes.polygons import onto_grid, read_polygons
from mineco.geo.shapes.regions import Region
from mineco.standards.vocabulary import NonEmptyText

OF_MINE = "mine.yaml"  # in place of a file: the corners that it gives
Corners = Sequence[tuple[float, float]] | None  # longitude and latitude


class ShapesGiven(FrozenModel):
    """A file of polygons in rasters/; a text alone is the file."""

    file: NonEmptyText
    layer: str = ""  # where the file has several


class ParcelsGiven(ShapesGiven):
    """Polygons by which results are told, and the columns of their ids and names."""

    id: NonEmptyText
    name: str = ""


ShapesOrFile = Annotated[ShapesGiven, BeforeValidator(lambda given: {"file": given} if isinstance(given, str)
                                                      else given)]


@dataclass(frozen=True, repr=False)
class Study(Brief):
    """Which land of the grid is evaluated; shapes are in the CRS of the grid, with columns id and name."""

    boundary: geopandas.GeoDataFrame | None
    mask: geopandas.GeoDataFrame | None  # land that is never ranked
    parcels: geopandas.GeoDataFrame | None
    land: Region | None  # within the boundary
    left_out: Region | None  # of the mask
    pixels: int  # of the grid within the boundary
    files: dict[str, ShapesRead]  # by key of area.yaml


def read_study(folder: Path, given: dict[str, ShapesGiven | None], grid: Grid, corners: Corners = None) -> Study:
    """Read the shapes that area.yaml names.

    Parameters
    ----------
    folder : Path    rasters/ of a dossier.
    given : dict     Files by key: boundary, mask, parcels.
    corners : pairs of float, optional  Of the boundary in mine.yaml. [°]

    Raises
    ------
    BadInput  With every problem of every file; with parcels that overlap, or lie all outside the boundary.
    """
    problems, frames, files = Problems(), dict[str, geopandas.GeoDataFrame](), dict[str, ShapesRead]()
    for key, one in given.items():
        with problems.collect():
            if one is not None and (key, one.file) == ("boundary", OF_MINE):
                frames[key] = _of_mine(corners, grid)
                files[key] = ShapesRead(OF_MINE, "boundary.geometry", "", "EPSG:4326", unshifted=False)
            elif one is not None:
                columns = (one.id, one.name) if isinstance(one, ParcelsGiven) else ()
                frames[key], files[key] = read_polygons(resolve_inside(folder, one.file), grid, one.layer, *columns)
    problems.stop()
    land, left_out = (Region.of(frames[key], grid) if key in frames else None for key in ("boundary", "mask"))
    pixels = land.pixels if land else grid.width * grid.height
    if not pixels:
        raise BadInput(Problem("boundary_without_pixels", file=files["boundary"].file))
    if "parcels" in frames:
        _require_apart(frames["parcels"], grid, files["parcels"].file)
        if land and not frames["parcels"].intersects(land.shape).any():
            raise BadInput(Problem("parcels_outside", file=files["parcels"].file))
    return Study(frames.get("boundary"), frames.get("mask"), frames.get("parcels"), land, left_out, pixels, files)


def _of_mine(corners: Corners, grid: Grid) -> geopandas.GeoDataFrame:
    if not corners:
        raise BadInput(Problem("boundary_not_in_mine", file=OF_MINE))
    frame = geopandas.GeoDataFrame({"id": ["boundary.geometry"], "name": [""]}, geometry=[shapely.Polygon(corners)],
                                   crs="EPSG:4326")
    return onto_grid(frame, grid, OF_MINE)


def _require_apart(parcels: geopandas.GeoDataFrame, grid: Grid, file: str) -> None:
    """Stop where two parcels have more than a pixel of land in common; slivers along a border may be."""
    problems, shapes = Problems(), parcels.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for one, other in zip(first[first < second].tolist(), second[first < second].tolist(), strict=True):
        common: Any = shapely.intersection(shapes[one], shapes[other])
        pixels = common.area / abs(grid.transform.determinant)
        if pixels > 1:
            problems.add("parcels_overlap", file=file, row=parcels["id"].iloc[one], other=parcels["id"].iloc[other],
                         area=f"{pixels * grid.pixel_ha:.4g}")
    problems.stop()

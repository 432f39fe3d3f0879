"""The folder rasters/ of a dossier: layers, classes, points, plots, and what area.yaml settles; read strictly."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.core.reading.files import list_files, sha256
from mineco.dossier.cells import columns_file
from mineco.evaluation.restoration_area.given.classes import LandClass, has_rows, read_classes, require_classes
from mineco.evaluation.restoration_area.given.pools import PoolTable, read_pools
from mineco.evaluation.restoration_area.given.settings import AreaSettings, read_settings
from mineco.evaluation.restoration_area.sampling.judged import require_strata
from mineco.evaluation.restoration_area.sampling.strata import Stratum, read_strata
from mineco.evaluation.restoration_area.sampling.table import points_file, read_table_of_points, unjudged
from mineco.evaluation.restoration_area.scenes.listed import COVERS, LayerRow, layer_rows
from mineco.evaluation.restoration_area.within.study import Corners, Study, read_study
from mineco.geo.layers import Layers, open_layers, reference_grid
from mineco.geo.vectors import Points
from mineco.standards.area import AreaRules

LEAVES_LAYERS = ("composite_missing",)  # what is wrong in layers.csv and lets its files be opened all the same
FOLDER = "rasters"
@dataclass(frozen=True, repr=False)
class AreaData(Brief):
    """Everything that a dossier hands in on the land, checked and on one grid; the rasters themselves stay in files."""

    layers: Layers
    rows: tuple[LayerRow, ...]
    classes: tuple[LandClass, ...]
    pools: PoolTable | None  # these, and the tables of points, where the dossier has them
    points: Points | None
    plots: Points | None
    controls: Points | None
    settings: AreaSettings
    study: Study
    files: Mapping[str, str]  # SHA-256 by name within rasters/
    strata: Mapping[int, Stratum]  # of which the points were drawn, by number; none of points that were not
    unjudged: Problem | None  # how many of the points are judged, where some are not: points is None then

    @property
    def codes(self) -> tuple[int, ...]:
        """Codes of the classes, rising."""
        return tuple(one.code for one in self.classes)

    @property
    def boundary(self) -> geopandas.GeoDataFrame | None:
        """The study area in the CRS of the grid; None where it is the whole grid."""
        return self.study.boundary

    @property
    def present(self) -> dict[str, int]:
        """How many rows there are of each layer."""
        return dict(Counter(one.layer for one in self.rows))

    @property
    def covers(self) -> tuple[str, ...]:
        """The maps of land cover that are there."""
        return tuple(name for name in COVERS if name in self.present)

    @property
    def today(self) -> str:
        """The map of land cover that tells what the land is; of none that is there the one that would."""
        return (*COVERS, *self.covers)[-1]

    @property
    def cover_years(self) -> tuple[int, ...]:
        """Their years, which are there and rise."""
        return tuple(year for name in self.covers if (year := self.rows_by_year(name)[0].year) is not None)

    def judged(self, layer: str) -> bool:
        """Whether the points tell the true class of a map of land cover that is there."""
        return layer in self.covers and self.points is not None and any(one.get(layer) for one in self.points.cells)

    def rows_by_year(self, layer: str) -> tuple[LayerRow, ...]:
        """The rows of a layer by year; none where the dossier has it not."""
        return tuple(sorted((one for one in self.rows if one.layer == layer), key=lambda one: one.year or 0))

    def numbers(self, points: Points, column: str) -> NDArray[np.float64]:
        """A column of numbers, which was checked."""
        return np.array([float(one[column]) for one in points.cells])


def read_area(folder: Path, rules: AreaRules, resample: bool = False, corners: Corners = None) -> AreaData:
    """Read the folder rasters/ of a dossier.

    Parameters
    ----------
    folder : Path    Of the dossier.
    resample : bool  Whether layers off the grid of reference, that of the first layer of NDVI, are brought onto it.
    corners : pairs of float, optional  Of the mine's boundary, where mine.yaml gives them. [°]

    Raises
    ------
    BadInput  With every problem of the tables, else with every problem of the layers and points.
    """
    folder, problems = (Path(folder) / FOLDER).resolve(), Problems()  # workers have other current folders
    if not folder.is_dir():
        raise BadInput(Problem("missing_rasters", file=f"{FOLDER}/"))
    settings = read_settings(folder, rules, problems)
    layers, rows = layer_rows(folder, rules, settings.composite if settings else {}, problems)
    present = [name for name in COVERS if any(one.layer == name for one in rows)]
    classes = read_classes(folder, rules, settings.legend if settings else "", problems) if present else ()
    pools, zone = None, settings.default_pools if settings else ""
    if (classes and zone) or has_rows(folder, "pools.csv"):
        with problems.collect():
            pools = read_pools(folder / "pools.csv", zone, {one.code: one.ecosystem for one in classes})
    if settings and not any(one.file == "layers.csv" and one.message not in LEAVES_LAYERS for one in problems):
        with problems.collect():
            grid = reference_grid(layers, settings.reference.grid_of(layers), resample)
            fewest = columns_file("rasters")["fewest_pixels"]
            if grid.width * grid.height < fewest:
                problems.add("map_too_small", file="layers.csv", value=f"{grid.width} × {grid.height}", fewest=fewest)
            study, shapes = None, {name: getattr(settings, name) for name in ("boundary", "mask", "parcels")}
            with problems.collect():
                study = read_study(folder, shapes, grid, corners)
            opened = open_layers(layers, grid, resample, study.land if study else None)
    problems.stop()
    assert settings is not None
    assert study is not None
    codes = {str(one.code) for one in classes}
    found: dict[str, Points] = {}
    with problems.collect():
        tables_there = [file for file in (points_file(folder), "plots.csv", "controls.csv") if has_rows(folder, file)]
    problems.stop()
    if tables_there and not settings.crs:
        raise BadInput(Problem("missing_entry", file="area.yaml", column="crs"))
    for file in tables_there:
        with problems.collect():
            found[Path(file).stem] = read_table_of_points(folder, file, grid, settings.crs, codes, present, problems)
    with problems.collect():
        strata = read_strata(folder, problems)
    points = found["points"].cells if "points" in found else ()
    require_strata(points, strata, problems)
    classes = _classes_there(opened, settings, classes, pools, points, grid.pixel_ha, problems)
    problems.stop()
    files = {path.name: sha256(path) for path in raster_files(folder.parent)}
    waiting = unjudged(found["points"]) if "points" in found else None
    return AreaData(opened, tuple(rows), classes, pools, None if waiting else found.get("points"), found.get("plots"),
                    found.get("controls"), settings, study, files, strata, waiting)


def _classes_there(layers: Layers, settings: AreaSettings, classes: tuple[LandClass, ...], pools: PoolTable | None,
                   points: Iterable[Mapping[str, Any]], pixel_ha: float, problems: Problems) -> tuple[LandClass, ...]:
    """The classes, of a product those alone that are there; noted are those on the maps that are not described."""
    covers = [one for one in layers.facts if one.id.partition(":")[0] in COVERS]
    if settings.legend:  # of a product only the classes that are there
        seen = {str(code) for one in covers for code in one.histogram}
        seen |= {row[cover] for row in points for cover in COVERS if cover in row}
        classes = tuple(one for one in classes if str(one.code) in seen)
    with problems.collect():
        listed = {one.code: 0 for one in classes if not any(one.code in cover.histogram for cover in covers)}
        if pools:
            pools.require(listed, pixel_ha, "classes.csv")
    if covers and not classes:
        codes_there = sorted({code for one in covers for code in one.histogram})
        problems.add("no_classes", file="classes.csv", count=len(codes_there), codes=", ".join(map(str, codes_there)))
    for one in covers if classes else ():
        require_classes(one, classes, pools, settings.legend, pixel_ha, problems)
    return classes


def raster_files(dossier: Path) -> list[Path]:
    """Every file of the folder rasters/ of a dossier.

    >>> from mineco.core.kit import parameters
    >>> [path.name for path in raster_files(parameters() / "mines" / "example-restoration-area")][:3]
    ['area.yaml', 'classes.csv', 'controls.csv']
    """
    return [Path(dossier) / path for path in list_files(dossier) if path.parts[0] == FOLDER]

"""The folder rasters/ of a dossier: layers, classes, points, plots, and what area.yaml settles; read strictly."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import geopandas
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import LANGUAGES
from mineco.core.lazy import Brief
from mineco.core.quantity import STATUSES
from mineco.core.reading.files import list_files, sha256
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import columns_file, read_cells, read_rows
from mineco.dossier.models import FrozenModel, NotNegative, Share, read_model, readable_part
from mineco.dossier.texts import OwnText, is_blank
from mineco.evaluation.restoration_area.choice.asked import ChoiceSettings
from mineco.evaluation.restoration_area.gains.suitability import SiteLimits
from mineco.evaluation.restoration_area.pools import PoolTable, default_pools, read_pools
from mineco.evaluation.restoration_area.sampling.judged import require_strata
from mineco.evaluation.restoration_area.sampling.strata import Stratum, read_strata
from mineco.evaluation.restoration_area.sampling.table import points_file, read_table_of_points, unjudged
from mineco.evaluation.restoration_area.scenes.listed import COVERS, LayerRow, layer_rows
from mineco.evaluation.restoration_area.scenes.reference import Reference, ReferenceGiven
from mineco.evaluation.restoration_area.within.study import Corners, ParcelsGiven, ShapesOrFile, Study, read_study
from mineco.geo.layers import LayerFacts, Layers, open_layers, reference_grid
from mineco.geo.legends import legends
from mineco.geo.vectors import Points
from mineco.standards.area import AreaRules
from mineco.standards.factors import load_factors
from mineco.standards.vocabulary import NonEmptyText, Text

LEAVES_LAYERS = ("composite_missing",)  # what is wrong in layers.csv and lets its files be opened all the same
FOLDER = "rasters"
Rate = Annotated[float, Field(gt=-100, le=1000)]


class YearlyChange(FrozenModel):
    """What a hectare of some land gains in a year by itself; negative where it goes on losing. [tC/(ha yr)]"""

    mean: Annotated[float, Field(ge=-1000, le=1000)]
    spread: NotNegative
    source: NonEmptyText
    status: NonEmptyText


class Price(FrozenModel):
    """What a tonne is worth, and how that changes; rates are per cent a year."""

    yuan_per_t_co2: NotNegative
    discount: Rate
    growth: Rate
    source: NonEmptyText


class AreaSettings(FrozenModel):
    """The content of rasters/area.yaml."""

    crs: str = ""  # of x and y in the tables
    reference: ReferenceGiven = Reference()
    composite: dict[str, str] = {}  # how several scenes of a year make its value, by layer
    legend: str = ""  # of a known product, whose classes need no table
    default_pools: str = ""  # climate zone whose pools stand for what pools.csv lacks
    draws: Annotated[int, Field(ge=100, le=100_000)] = 2000
    seed: Annotated[int, Field(ge=0)] = 0
    vegetation_ends: Annotated[tuple[float, float], Field(strict=False)] | None = None
    baseline: dict[str, YearlyChange] = {}
    leakage_share: Share | None = None
    leakage_reason: OwnText | None = None
    growth: dict[str, str] = {}  # species that a measure plants
    limits: dict[str, SiteLimits] = {}  # of measures, by the mean of a zone
    costs_yuan_per_ha: dict[str, NotNegative] = {}
    choice: ChoiceSettings | None = None  # what is asked under a budget
    price: Price | None = None
    boundary: ShapesOrFile | None = None  # of the study area; else the whole grid
    mask: ShapesOrFile | None = None  # land that is never ranked
    parcels: ParcelsGiven | None = None  # by which results are told

    @model_validator(mode="before")
    @classmethod
    def filled_in(cls, given: Any) -> Any:
        """What nobody filled in of the form that `mineco new` writes is not given."""
        if not isinstance(given, Mapping):
            return given
        return {name: one for name, one in given.items() if name not in cls.model_fields or not is_blank(one)}


@dataclass(frozen=True)
class LandClass:
    """A class of the maps of land cover."""

    code: int
    ecosystem: str
    name: OwnText
    kind: Text | None = None  # the name of its ecosystem


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
    settings = _settings(folder, rules, problems)
    layers, rows = layer_rows(folder, rules, settings.composite if settings else {}, problems)
    present = [name for name in COVERS if any(one.layer == name for one in rows)]
    classes = _classes(folder, rules, settings.legend if settings else "", problems) if present else ()
    pools, zone = None, settings.default_pools if settings else ""
    if (classes and zone) or _has_rows(folder, "pools.csv"):
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
        tables_there = [file for file in (points_file(folder), "plots.csv", "controls.csv") if _has_rows(folder, file)]
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
    covers = [one for one in opened.facts if one.id.partition(":")[0] in COVERS]
    if settings.legend:  # of a product only the classes that are there
        seen = {str(code) for one in covers for code in one.histogram}
        seen |= {row[cover] for row in points for cover in COVERS if cover in row}
        classes = tuple(one for one in classes if str(one.code) in seen)
    with problems.collect():
        listed = {one.code: 0 for one in classes if not any(one.code in cover.histogram for cover in covers)}
        if pools:
            pools.require(listed, grid.pixel_ha, "classes.csv")
    if covers and not classes:
        codes_there = sorted({code for one in covers for code in one.histogram})
        problems.add("no_classes", file="classes.csv", count=len(codes_there), codes=", ".join(map(str, codes_there)))
    for one in covers if classes else ():
        _require_classes(one, classes, pools, settings.legend, grid.pixel_ha, problems)
    problems.stop()
    files = {path.name: sha256(path) for path in raster_files(folder.parent)}
    waiting = unjudged(found["points"]) if "points" in found else None
    return AreaData(opened, tuple(rows), classes, pools, None if waiting else found.get("points"), found.get("plots"),
                    found.get("controls"), settings, study, files, strata, waiting)


def raster_files(dossier: Path) -> list[Path]:
    """Every file of the folder rasters/ of a dossier.

    >>> from mineco.core.kit import parameters
    >>> [path.name for path in raster_files(parameters() / "mines" / "example-restoration-area")][:3]
    ['area.yaml', 'classes.csv', 'controls.csv']
    """
    return [Path(dossier) / path for path in list_files(dossier) if path.parts[0] == FOLDER]


def _settings(folder: Path, rules: AreaRules, problems: Problems) -> AreaSettings | None:
    settings, _ = read_model(AreaSettings, "area.yaml", problems, folder)
    if settings is not None and settings.leakage_share is not None and settings.leakage_reason is None:
        problems.add("missing_key", file="area.yaml", column="leakage_reason")
    told = settings
    if settings is None:
        with suppress(BadInput):  # noted above
            told = readable_part(AreaSettings, read_yaml(folder / "area.yaml"))
    for place, name, known in _named(told, rules) if told else ():
        if name not in known:
            problems.add("not_in_list", file="area.yaml", row=place, value=name, allowed=", ".join(known))
    return settings


def _named(settings: AreaSettings, rules: AreaRules) -> Iterator[tuple[str, str, Collection[str]]]:
    """Every name in area.yaml: where it stands, and the names that may stand there."""
    plants = [name for name, one in rules.measures.items() if one.plants]
    ruled_out = settings.choice.without_measures if settings.choice else ()
    for place, names, known in (("baseline", settings.baseline, rules.ecosystems),
                                ("costs_yuan_per_ha", settings.costs_yuan_per_ha, rules.measures),
                                ("limits", settings.limits, rules.measures),
                                ("choice.without_measures", ruled_out, rules.measures),
                                ("growth", settings.growth, plants), ("composite", settings.composite, rules.layers)):
        yield from ((place, name, known) for name in names)
    yield from ((f"composite.{name}", how, rules.layers[name].composites) for name, how in settings.composite.items()
                if name in rules.layers)
    yield from ((f"growth.{name}", species, grown()) for name, species in settings.growth.items())
    yield from ((key, name, known) for key, name, known in (
        ("legend", settings.legend, legends()), ("default_pools", settings.default_pools, default_pools())) if name)
    yield from ((f"baseline.{name}.status", one.status, STATUSES) for name, one in settings.baseline.items())


def grown() -> list[str]:
    """Species and groups of which it is known how they grow.

    >>> "larch" in grown(), "robinia" in grown()
    (True, False)
    """
    return [one.facets["species"] for one in load_factors() if one.quantity == "stand_variation"]


def _classes(folder: Path, rules: AreaRules, legend: str, problems: Problems) -> tuple[LandClass, ...]:
    """The classes of a legend, of which classes.csv may say otherwise; without a legend those of classes.csv."""
    product = legends().get(legend)
    found = {one.code: LandClass(one.code, one.ecosystem, OwnText(zh=one.name_zh, en=one.name_en))
             for one in product.classes} if product else {}
    seen: dict[int, int] = {}
    own, known = not product or _has_rows(folder, "classes.csv"), {"ecosystems": rules.ecosystems}
    for cells in read_cells(folder, "classes.csv", problems, known, "rasters") if own else ():
        code = int(cells["code"])
        cells.note_duplicate(seen, code, "code")
        names = {language: cells[f"name_{language}"] for language in LANGUAGES}
        if any(names.values()):
            found[code] = cells.made(LandClass, code=code, name=OwnText(**names))
    return tuple(replace(one, kind=rules.ecosystems[one.ecosystem].name) if one.ecosystem in rules.ecosystems else one
                 for _, one in (sorted(found.items()) if own else found.items()))


def _require_classes(layer: LayerFacts, classes: Collection[LandClass], pools: PoolTable | None, legend: str,
                     pixel_ha: float, problems: Problems) -> None:
    """Note every value of a map that is no class of land, and every class without pools."""
    named, blank = {one.code for one in classes}, legends()[legend].no_data if legend else frozenset()
    for code in sorted(set(layer.histogram) - named):
        problems.add("class_is_no_data" if code in blank else "class_without_name", file=layer.file, value=code,
                     pixels=layer.histogram[code], area=f"{layer.histogram[code] * pixel_ha:.2f}",
                     table=legend or "classes.csv")
    if pools:
        with problems.collect():
            pools.require({code: pixels for code, pixels in layer.histogram.items() if code not in blank - named},
                          pixel_ha, layer.file)


def _has_rows(folder: Path, file: str) -> bool:
    """Whether a table that need not be there is, and holds more than its header."""
    return (folder / file).exists() and (not file.endswith(".csv") or bool(read_rows(folder, file, "rasters")))

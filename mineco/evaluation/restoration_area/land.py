"""The folder rasters/ of a dossier: layers, classes, points, plots, and what area.yaml settles; read strictly."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import LANGUAGES, label
from mineco.core.lazy import Brief
from mineco.core.quantity import STATUSES
from mineco.core.reading.files import list_files, resolve_inside, sha256
from mineco.core.reading.tables import Row
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import Cells, read_cells, read_rows, tables
from mineco.dossier.models import FrozenModel, NotNegative, Share, read_model, readable_part
from mineco.dossier.texts import OwnText
from mineco.evaluation.restoration_area.choice.asked import ChoiceSettings
from mineco.evaluation.restoration_area.gains.suitability import SiteLimits
from mineco.evaluation.restoration_area.pools import PoolTable, default_pools, read_pools
from mineco.geo.grid import Grid
from mineco.geo.layers import Layer, LayerFacts, Layers, open_layers
from mineco.geo.legends import legends
from mineco.geo.raw_values import products_of
from mineco.geo.vectors import Points, read_points
from mineco.standards.area import AreaRules
from mineco.standards.factors import load_factors
from mineco.standards.vocabulary import NonEmptyText

FOLDER = "rasters"
COVERS = ("cover_start", "cover_end")  # layers whose classes are those of classes.csv
POINT_LISTS = {"uses": ("fit", "test"), "yes_no": ("no", "yes"), "groups": ("control", "restored")}
STORED = ("scale", "offset", "nodata")  # how a file holds its values, where the dossier says it
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


@dataclass(frozen=True, repr=False)
class LayerRow(Brief):
    """A band that a row of layers.csv names."""

    layer: str
    year: int | None
    id: str  # of the file among the layers on the grid
    band: int  # place among the bands that are read of it
    data_source: str


@dataclass(frozen=True)
class LandClass:
    """A class of the maps of land cover."""

    code: int
    ecosystem: str
    name: OwnText


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
    files: Mapping[str, str]  # SHA-256 by name within rasters/

    @property
    def codes(self) -> tuple[int, ...]:
        """Codes of the classes, rising."""
        return tuple(one.code for one in self.classes)

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


def read_area(folder: Path, rules: AreaRules, resample: bool = False) -> AreaData:
    """Read the folder rasters/ of a dossier.

    Parameters
    ----------
    folder : Path    Of the dossier.
    resample : bool  Whether layers off the grid of reference, that of the first layer of NDVI, are brought onto it.

    Raises
    ------
    BadInput  With every problem of the tables, else with every problem of the layers and points.
    """
    folder, problems = (Path(folder) / FOLDER).resolve(), Problems()  # workers have other current folders
    if not folder.is_dir():
        raise BadInput(Problem("missing_rasters", file=f"{FOLDER}/"))
    settings = _settings(folder, rules, problems)
    layers, rows = _layer_rows(folder, rules, problems)
    present = [name for name in COVERS if any(one.layer == name for one in rows)]
    classes = _classes(folder, rules, settings.legend if settings else "", problems) if present else ()
    pools, zone = None, settings.default_pools if settings else ""
    if (classes and zone) or _has_rows(folder, "pools.csv"):
        with problems.collect():
            pools = read_pools(folder / "pools.csv", zone, {one.code: one.ecosystem for one in classes})
    problems.stop()
    assert settings is not None
    opened = open_layers(layers, resample=resample)
    grid = opened.grid
    codes = {str(one.code) for one in classes}
    found: dict[str, Points] = {}
    tables_there = [file for file in ("points.csv", "plots.csv", "controls.csv") if _has_rows(folder, file)]
    if tables_there and not settings.crs:
        raise BadInput(Problem("missing_entry", file="area.yaml", column="crs"))
    for file in tables_there:
        with problems.collect():
            found[file] = _points(folder, file, grid, settings, codes, present, problems)
    covers = [one for one in opened.facts if one.id.partition(":")[0] in COVERS]
    if settings.legend:  # of a product only the classes that are there
        seen = {str(code) for one in covers for code in one.histogram}
        points = found["points.csv"].cells if "points.csv" in found else ()
        seen |= {row[cover] for row in points for cover in COVERS if cover in row}
        classes = tuple(one for one in classes if str(one.code) in seen)
    with problems.collect():
        listed = {one.code: 0 for one in classes if not any(one.code in cover.histogram for cover in covers)}
        if pools:
            pools.require(listed, grid.pixel_ha, "classes.csv")
    for one in covers:
        _require_classes(one, classes, pools, settings.legend, grid.pixel_ha, problems)
    problems.stop()
    files = {path.name: sha256(path) for path in raster_files(folder.parent)}
    return AreaData(opened, tuple(rows), classes, pools, found.get("points.csv"), found.get("plots.csv"),
                    found.get("controls.csv"), settings, files)


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
                                ("growth", settings.growth, plants)):
        yield from ((place, name, known) for name in names)
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


def _layer_rows(folder: Path, rules: AreaRules, problems: Problems) -> tuple[list[Layer], list[LayerRow]]:
    """Layers to open, one for each file and what it is, and the bands of each in the order of the rows."""
    bands: dict[tuple[Any, ...], list[int]] = {}
    rows: list[LayerRow] = []
    seen: dict[tuple[str, int | None], int] = {}
    used: dict[tuple[str, int], int] = {}
    told: dict[tuple[str, str], tuple[tuple[Any, ...], int]] = {}
    before = len(problems)
    listed = read_cells(folder, "layers.csv", problems, {"layers": rules.layers}, "rasters")
    if not listed and len(problems) > before:  # a table that cannot be read says nothing of what it lacks
        return [], []
    for cells in listed:
        layer, year, band = (cells[name] for name in ("layer", "year", "band"))
        if not layer:
            continue
        series = layer in rules.layers and rules.layers[layer].series
        if (series or layer in COVERS) and not cells.given("year"):
            cells.add("missing_value", "year")
        cells.note_duplicate(seen, (layer, year if series else None), "layer")
        with problems.collect():
            resolve_inside(folder, cells["file"])
        stored = tuple(cells[name] for name in STORED)
        first, line = told.setdefault((layer, cells["file"]), (stored, cells.row.line))
        for name, one, other in zip(STORED, stored, first, strict=True):
            if one != other:
                cells.add("stored_otherwise", name, first=line)
        cells.note_duplicate(used, (cells["file"], int(band)), "band", "band_twice")
        given = bands.setdefault((layer, cells["file"], *stored), [])
        rows.append(cells.made(LayerRow, id=f"{layer}:{cells['file']}", band=len(given)))
        given.append(int(band))
    present = {one.layer for one in rows}
    if not any(present >= set(rule.needs) for rule in rules.factors.values()):
        problems.append(_no_factor(rules))
    layers = [Layer(f"{name}:{file}", folder / file, rules.layers[name].kind, rules.layers[name].low,
                    rules.layers[name].high, tuple(found), scale, offset, nodata, products_of(name))
              for (name, file, scale, offset, nodata), found in bands.items() if name in rules.layers]
    order = list(rules.layers)
    return sorted(layers, key=lambda one: order.index(one.id.partition(":")[0])), rows


def _no_factor(rules: AreaRules) -> Problem:
    """That no factor can be computed, with the layers of which the fewest make one, in each language."""
    needs = dict.fromkeys(rule.needs for rule in rules.factors.values())
    least = [one for one in needs if not any(set(other) < set(one) for other in needs)]
    return Problem("no_factor", file="layers.csv", column="layer", details={
        f"layers_{language}": label("list_comma", language).join(
            " + ".join(f"{name} ({rules.layers[name].name[language]})" for name in one) for one in least)
        for language in LANGUAGES})


def _classes(folder: Path, rules: AreaRules, legend: str, problems: Problems) -> tuple[LandClass, ...]:
    """The classes of a legend, of which classes.csv may say otherwise; without a legend those of classes.csv."""
    product = legends().get(legend)
    found = {one.code: LandClass(one.code, one.ecosystem, OwnText(zh=one.name_zh, en=one.name_en))
             for one in product.classes} if product else {}
    if product and not _has_rows(folder, "classes.csv"):
        return tuple(found.values())
    seen: dict[int, int] = {}
    for cells in read_cells(folder, "classes.csv", problems, {"ecosystems": rules.ecosystems}, "rasters"):
        code = int(cells["code"])
        cells.note_duplicate(seen, code, "code")
        names = {language: cells[f"name_{language}"] for language in LANGUAGES}
        if any(names.values()):
            found[code] = cells.made(LandClass, code=code, name=OwnText(**names))
    return tuple(found[code] for code in sorted(found))


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
    return (folder / file).exists() and bool(read_rows(folder, file, "rasters"))


def _points(folder: Path, file: str, grid: Grid, settings: AreaSettings, codes: Collection[str],
            covers: Collection[str], problems: Problems) -> Points:
    """A table of points; of a map of land cover that is there each has its class, or none has."""
    given = tables("rasters")[file]
    points = read_points(resolve_inside(folder, file), grid, settings.crs,
                         [name for name, one in given.items() if name not in ("id", "x", "y") and not one.optional],
                         [name for name, one in given.items() if one.optional])
    judged = [name for name in covers if any(row.get(name) for row in points.cells)]
    for row, outside in zip(points.cells, points.rows < 0, strict=True):
        assert isinstance(row, Row)
        cells = Cells(row, folder, problems, {**POINT_LISTS, "codes": sorted(codes)}, "rasters").read()
        for name in judged:
            cells[name]
        if outside:
            cells.add("point_outside", "x, y", f"{row['x']}, {row['y']}", grid=grid)
    return points

"""What layers.csv lists: files to open, and for each layer and year the scenes that make its value."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import Problem, Problems
from mineco.core.labels import LANGUAGES, label
from mineco.core.lazy import Brief
from mineco.core.reading.files import resolve_inside
from mineco.dossier.cells import Cells, read_cells
from mineco.geo.layers import Layer
from mineco.geo.rasters.quality import flags_named, quality_rules
from mineco.geo.raw_values import products_of
from mineco.restoration.maps.series import composite
from mineco.standards.area import AreaRules

COVERS = ("cover_start", "cover_end")  # layers whose classes are those of classes.csv
STORED = ("scale", "offset", "nodata", "quality")  # how a file holds its values, where the dossier says it


class Scene(NamedTuple):
    """A band of a file."""

    file: str  # id of the layer on the grid that it is read of
    band: int  # place among the bands that are read of it


@dataclass(frozen=True, repr=False)
class LayerRow(Brief):
    """A layer in one year: a band of a file, or several scenes that make one value."""

    layer: str
    year: int | None
    scenes: tuple[Scene, ...]
    composite: str  # how several make one
    data_source: str
    quality: str  # product of the band that tells it, or bits or values; blank without
    lines: tuple[int, ...]  # of the table

    @property
    def files(self) -> tuple[str, ...]:
        """The ids of the layers on the grid that it is read of."""
        return tuple(dict.fromkeys(one.file for one in self.scenes))

    def known(self, read: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
        """How many scenes show each pixel."""
        return np.sum([~np.isnan(read[one.file][one.band]) for one in self.scenes], axis=0)

    def value(self, read: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        """Its value, of the bands of each file."""
        bands = [read[one.file][one.band] for one in self.scenes]
        return composite(bands, self.composite) if len(bands) > 1 else bands[0]


class _Listed:
    """Layers to open, one for each file and what it is, and the rows of each layer and year."""

    def __init__(self, folder: Path, rules: AreaRules, problems: Problems) -> None:
        self.folder, self.rules, self.problems = folder, rules, problems
        self.layers: dict[tuple[Any, ...], Layer] = {}
        self.rows: dict[tuple[str, int | None], LayerRow] = {}
        self.last: dict[tuple[str, int | None], Cells] = {}  # where each was listed last
        self._seen: dict[tuple[str, int | None], int] = {}
        self._used: dict[tuple[str, int], int] = {}
        self._told: dict[tuple[str, str], tuple[tuple[Any, ...], int]] = {}

    def add(self, cells: Cells) -> None:
        """A row of the table: bands of one file, shared out evenly among its years."""
        rule = self.rules.layers.get(cells["layer"])
        layer, file, bands = cells["layer"], cells["file"], cells["band"] or ()
        years: tuple[int | None, ...] = cells["year"] or (None,)
        if rule is None or not rule.series:
            cells.note_duplicate(self._seen, (layer, None), "layer")
            if len(bands) > 1 or len(years) > 1:
                cells.add("layer_of_one_date", "band" if len(bands) > 1 else "year")
        if ((rule and rule.series) or layer in COVERS) and not cells.given("year"):
            cells.add("missing_value", "year")
        with self.problems.collect():
            resolve_inside(self.folder, file)
        stored = tuple(cells[name] for name in STORED)
        first, line = self._told.setdefault((layer, file), (stored, cells.row.line))
        for name, one, other in zip(STORED, stored, first, strict=True):
            if one != other:
                cells.add("stored_otherwise", name, first=line)
        for band in bands:
            cells.note_duplicate(self._used, (file, band), "band", "band_twice")
        each, rest = divmod(len(bands), len(years))
        if rest or not each:
            if bands:
                cells.add("bands_not_shared_out", "band", bands=len(bands), years=len(years))
            return
        places = self._opened(cells, stored, bands)
        for place, year in enumerate(years):
            of_year = tuple(Scene(f"{layer}:{file}", one) for one in places[place * each:(place + 1) * each])
            before = self.rows.get((layer, year))
            self.last[layer, year] = cells
            row = cells.made(LayerRow, year=year, scenes=of_year, composite="", lines=(cells.row.line,))
            self.rows[layer, year] = row if before is None else replace(
                before, scenes=before.scenes + of_year, lines=before.lines + row.lines,
                data_source="; ".join(dict.fromkeys((before.data_source, row.data_source))))

    def _opened(self, cells: Cells, stored: tuple[Any, ...], bands: tuple[int, ...]) -> range:
        """Bands that are read of a file beside those before; their places among all."""
        layer, file = cells["layer"], cells["file"]
        rule = self.rules.layers.get(layer)
        if rule is None:
            return range(len(bands))
        scale, offset, nodata, quality = stored
        made = self.layers.get((layer, file)) or Layer(
            f"{layer}:{file}", self.folder / file, rule.kind, rule.low, rule.high, (), scale, offset, nodata,
            products_of(layer), beyond=rule.beyond, flags=flags_named(quality) if quality else ())
        self.layers[layer, file] = replace(made, bands=made.bands + bands,
                                           quality=made.quality + self._quality(cells, bands))
        return range(len(made.bands), len(made.bands) + len(bands))

    def _quality(self, cells: Cells, bands: tuple[int, ...]) -> tuple[tuple[Path, int] | None, ...]:
        """Where the quality of each band is told."""
        asked = cells.given("quality_file") or cells.given("quality_band")
        if not cells.given("quality"):
            if asked:
                cells.add("missing_value", "quality")
            return (None,) * len(bands)
        if not flags_named(cells["quality"]):
            cells.add("quality_unknown", "quality", known=", ".join(quality_rules()))
        if not asked:
            cells.add("quality_without_band", "quality")
        told = cells["quality_band"] or bands
        if len(told) != len(bands):
            cells.add("quality_bands_of_other_number", "quality_band", quality=len(told), bands=len(bands))
        file = cells["quality_file"] or cells["file"]
        with self.problems.collect():
            resolve_inside(self.folder, file)
        return tuple((self.folder / file, band) for band in told)

    def settled(self, composites: Mapping[str, str]) -> list[LayerRow]:
        """The rows, of which those of several scenes say how these make one value."""
        for (layer, year), row in self.rows.items():
            if len(row.scenes) > 1 and layer in self.rules.layers:
                self.rows[layer, year] = replace(row, composite=composites.get(layer, ""))
        several = [row for row in self.rows.values() if len(row.scenes) > 1 and row.year is not None]
        for layer in dict.fromkeys(row.layer for row in several):
            row = next(one for one in several if one.layer == layer)
            choices = self.rules.layers[layer].composites if layer in self.rules.layers else ()
            if choices and row.composite not in choices:
                self.last[layer, row.year].add("composite_missing", "layer", layer=layer, year=row.year,
                                                scenes=len(row.scenes), choice=choices[0], choices=", ".join(choices))
        return list(self.rows.values())


def layer_rows(folder: Path, rules: AreaRules, composites: Mapping[str, str], problems: Problems
               ) -> tuple[list[Layer], list[LayerRow]]:
    """Layers to open in the order of the standard, and the rows of each layer and year.

    Parameters
    ----------
    composites : mapping  How the scenes of a year make its value, by layer.
    """
    before, listed = len(problems), _Listed(folder, rules, problems)
    table = read_cells(folder, "layers.csv", problems, {"layers": rules.layers}, "rasters")
    if not table and len(problems) > before:  # a table that cannot be read says nothing of what it lacks
        return [], []
    for cells in table:
        if cells["layer"]:
            listed.add(cells)
    rows = listed.settled(composites)
    present = {one.layer for one in rows} | {cells["layer"] for cells in table}  # also of rows that are refused
    if not any(present >= set(rule.needs) for rule in rules.factors.values()):
        problems.append(_no_factor(rules))
    order = list(rules.layers)
    return sorted(listed.layers.values(), key=lambda one: order.index(one.id.partition(":")[0])), rows


def _no_factor(rules: AreaRules) -> Problem:
    """That no factor can be computed, with the layers of which the fewest make one, in each language."""
    needs = dict.fromkeys(rule.needs for rule in rules.factors.values())
    least = [one for one in needs if not any(set(other) < set(one) for other in needs)]
    return Problem("no_factor", file="layers.csv", column="layer", details={
        f"layers_{language}": label("list_comma", language).join(
            " + ".join(f"{name} ({rules.layers[name].name[language]})" for name in one) for one in least)
        for language in LANGUAGES})

"""What is found in a layer's file, held to what the layer should be: one row of facts, or every problem."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Compression

from mineco.core.errors import BadInput, Problem, Problems
from mineco.geo.grid import Grid, crs_name, has_place, is_geographic, is_upright
from mineco.geo.rasters.files import Layer, Span, opened, scaled, scaling
from mineco.geo.rasters.onto_grid import TILE, Method, method_of, on_grid, part_of, quality_of, usable_values
from mineco.geo.raw_values import RawValues, known_marks, undeclared_marks, usual_offsets
from mineco.geo.shapes.regions import Region
from mineco.geo.windows import Window, windows

CHECKING = 2 ** 24  # bytes of a window while values are looked through; larger ones lie outside a processor's cache
SCALES = (1e-4, 1e-3, 1e-2, 1e-1)  # by which products store shares and indices as whole numbers
LOWEST = -1e30  # below it lie the marks that are a type's lowest number
COLOURS = [ColorInterp.red, ColorInterp.green, ColorInterp.blue]


@dataclass(frozen=True, kw_only=True)
class LayerFacts:
    """One row of the table of layers: what was found in the file, and what was done with it.

    Values are those on the grid, after scaling; histogram counts the pixels of each class.
    """

    id: str
    file: str
    kind: str
    given: Grid
    dtype: str
    nodata: tuple[float, ...]
    scale: float
    offset: float
    resampled: Method
    lowest: float
    highest: float
    missing_share: float
    histogram: Mapping[int, int]
    frequent: Mapping[float, float]  # raw values that may be marks, with the share of the pixels that have them
    other_offsets: Mapping[str, float]  # of products that are stored like it, where none has its offset
    hidden: tuple[float, ...]  # by band, the share of known pixels that its quality leaves out
    lossy: bool  # packed like a picture for the eye, so that numbers come back changed


@dataclass
class _Values:
    """What values there are, gathered window by window."""

    kind: str
    lowest: float = math.inf
    highest: float = -math.inf
    known: int = 0
    histogram: Counter[float] = field(default_factory=Counter)

    def add(self, values: NDArray[np.float64]) -> None:
        there = ~np.isnan(values)
        known = int(np.count_nonzero(there))
        self.known += known
        if known:
            self.lowest = min(self.lowest, float(np.fmin.reduce(values, axis=None)))
            self.highest = max(self.highest, float(np.fmax.reduce(values, axis=None)))
        if self.kind == "classes":
            codes, counts = np.unique(values[there], return_counts=True)
            self.histogram.update(dict(zip(codes.tolist(), counts.tolist(), strict=True)))


def facts_of(layer: Layer, grid: Grid, resample: bool, land: Region | None = None) -> LayerFacts:
    """Look through a layer: its numbers as stored, before anything is resampled, and its values on the grid.

    Of a layer that is resampled all numbers are looked through that lie under the grid, of others those within the land
    where one is given.

    Raises
    ------
    BadInput  With every problem of the layer; see `mineco.geo.layers.open_layers`.
    """
    with opened(layer.path) as dataset:
        given, part_rows, part_columns = place_of(layer, dataset, grid, resample)
        dtype, marks = dataset.dtypes[layer.bands[0] - 1], [mark for one in layer.products for mark in one.marks]
        raw, stored = RawValues(dtype, marks), _Values(layer.kind)
        known, hidden = np.zeros((2, len(layer.bands)))
        scales, resampled = scaling(dataset, layer), method_of(layer.kind, given, grid)
        across, along = map(round, grid.offset(given)) if not resampled else (0, 0)
        for rows, columns in _parts(part_rows, part_columns, len(layer.bands)):
            values, lost = usable_values(dataset, layer, rows, columns)
            if land and not resampled:
                there = Window(rows[0] + along, columns[0] + across, rows[1] - rows[0], columns[1] - columns[0])
                beyond = ~land.holds(there)
                values[:, beyond], lost[:, beyond] = np.nan, False
            numbers = ~np.isnan(values)
            if layer.kind == "continuous":
                for band, there in zip(values, numbers, strict=True):
                    raw.add(band.ravel() if there.all() else band[there])
            known = known + np.count_nonzero(numbers, axis=(1, 2))
            hidden = hidden + np.count_nonzero(lost, axis=(1, 2))
            stored.add(scaled(values, *scales))
        found = stored
        if resampled:
            found = _Values(layer.kind)
            pixel = 24 * len(layer.bands)
            for window in windows(grid.height, grid.width, max(CHECKING, TILE ** 2 * pixel), pixel):
                values = scaled(on_grid(dataset, layer, grid, window), *scales)
                found.add(values if land is None else values[:, land.holds(window)])
        scale, offset = (float(one[0]) for one in scales)
        pixels = (land.pixels if land else grid.width * grid.height) * len(layer.bands)
        facts = LayerFacts(id=layer.id, file=layer.path.name, kind=layer.kind, given=given,
                           dtype=dtype, nodata=_nodata(dataset, layer), scale=scale, offset=offset,
                           resampled=resampled, lowest=found.lowest, highest=found.highest,
                           missing_share=(pixels - found.known) / pixels,
                           histogram={int(code): count for code, count in found.histogram.items()},
                           frequent=raw.frequent(), other_offsets=usual_offsets(dtype, scale, offset, layer.products),
                           hidden=tuple((hidden / np.maximum(known + hidden, 1)).tolist()),
                           lossy=dataset.compression is Compression.jpeg)
    _require_no_marks(layer, facts, raw)
    _require_values(layer, facts, stored)
    return facts


def place_of(layer: Layer, dataset: Any, grid: Grid, resample: bool) -> tuple[Grid, Span, Span]:
    """The grid of a layer's open file, and the rows and columns of it that lie under the grid of reference.

    Raises
    ------
    BadInput  When the file lacks a band, holds no numbers, or its pixels do not lie on the grid or cannot be brought.
    """
    given = Grid.from_dataset(dataset)
    _require_place(layer, dataset, given, grid, resample)
    for _, quality in quality_of(layer):
        with opened(quality.path) as file:
            _require_place(quality, file, Grid.from_dataset(file), given, resample)
    part = part_of(given, grid, (0, grid.height), (0, grid.width), around=0)
    if part is None:
        raise BadInput(Problem("raster_apart", file=layer.path.name, details={"given": given, "wanted": grid}))
    return given, *part


def _parts(rows: Span, columns: Span, bands: int) -> Iterator[tuple[Span, Span]]:
    """A part of a file in pieces that fit into memory."""
    for one in windows(rows[1] - rows[0], columns[1] - columns[0], CHECKING, 24 * bands):
        top, left = rows[0] + one.row, columns[0] + one.column
        yield (top, top + one.height), (left, left + one.width)


def _nodata(dataset: Any, layer: Layer) -> tuple[float, ...]:
    """What means "no data": the user's numbers, else the file's."""
    if layer.nodata is not None:
        return layer.nodata
    return () if dataset.nodata is None else (dataset.nodata,)


def _require_place(layer: Layer, dataset: Any, given: Grid, grid: Grid, resample: bool) -> None:
    """Stop unless the file has the bands and holds numbers, and lies on the grid or may be brought there."""
    file, problems = layer.path.name, Problems()
    if absent := [band for band in layer.bands if not 1 <= band <= dataset.count]:
        problems.add("raster_band_missing", file=file, value=", ".join(map(str, absent)), bands=dataset.count)
    elif any("complex" in dataset.dtypes[band - 1] for band in layer.bands):
        problems.add("raster_of_complex_numbers", file=file, value=dataset.dtypes[layer.bands[0] - 1])
    elif _is_picture(layer, dataset):
        problems.add("raster_is_picture", file=file)
    problems.extend(place_problems(dataset, given, grid, file))
    if not problems and not grid.aligned(given) and not resample:
        details: dict[str, Any] = {"given": given, "wanted": grid}
        if is_geographic(given.crs):
            problems.append(Problem("raster_geographic", file=file, details=details))
        elif not is_upright(given):
            problems.append(Problem("raster_turned", file=file, details=details))
        else:
            shift = ", ".join(f"{part:.4g}" for part in grid.offset(given)) if grid.same_crs(given) else "—"
            problems.append(Problem("raster_other_grid", file=file, details=details | {"shift": shift}))
    problems.stop()


def place_problems(dataset: Any, given: Grid, grid: Grid | None, file: str) -> Problems:
    """Why nobody can tell where the pixels of a file lie, if so."""
    problems = Problems()
    if given.transform.is_identity if given.crs else dataset.gcps[0]:
        problems.add("raster_without_place", file=file)
    elif not given.crs:
        problems.add("raster_without_crs", file=file, given=given, wanted=grid or "—")
    elif not has_place(given.crs):
        problems.add("raster_crs_local", file=file, value=crs_name(given.crs))
    return problems


def _is_picture(layer: Layer, dataset: Any) -> bool:
    """Whether a file shows colours to the eye: red, green and blue, or an index of colours without any scale."""
    if layer.scale is not None:
        return False
    indexed = any(dataset.colorinterp[band - 1] == ColorInterp.palette and dataset.scales[band - 1] == 1
                  for band in layer.bands)
    painted = list(dataset.colorinterp[:3]) == COLOURS and not {1, 2, 3} <= set(layer.bands)
    return painted or (indexed and layer.kind == "continuous")


def _require_values(layer: Layer, facts: LayerFacts, stored: _Values) -> None:
    """Stop where values of the file show that they mean something else than numbers of this layer."""
    file, problems, histogram = layer.path.name, Problems(), stored.histogram
    if facts.lowest > facts.highest:
        raise BadInput(Problem("raster_empty", file=file, details={"given": facts.given}))
    ends = {"lowest": f"{stored.lowest:.6g}", "highest": f"{stored.highest:.6g}",
            "low": f"{layer.low:g}", "high": f"{layer.high:g}"}
    outside = [value for value in (stored.lowest, stored.highest) if not layer.low <= value <= layer.high]
    scales = [scale for scale in SCALES if layer.low <= stored.lowest * scale and stored.highest * scale <= layer.high]
    marks = [value for value in (histogram if layer.kind == "classes" else outside)
             if (value - facts.offset) / facts.scale in known_marks() or value < LOWEST]
    if marks and not (facts.nodata and layer.kind == "classes"):
        problems.add("raster_nodata_undeclared", file=file,
                     value=", ".join(f"{(mark - facts.offset) / facts.scale:g}" for mark in marks),
                     pixels=", ".join(str(histogram[mark]) for mark in marks if mark in histogram) or "—")
    elif layer.kind == "classes" and (wrong := [code for code in histogram if code != int(code) or code < 0]):
        problems.add("raster_classes_not_whole", file=file, value=", ".join(f"{code:g}" for code in wrong[:5]))
    elif outside and layer.scale is None and facts.scale == 1 and scales:
        problems.add("raster_scale_missing", file=file, scale=f"{scales[-1]:g}", **ends)
    elif outside:
        problems.add("raster_out_of_range", file=file, **ends)
    problems.stop()


def _require_no_marks(layer: Layer, facts: LayerFacts, raw: RawValues) -> None:
    """Stop where a raw value is the mark of a product and no measurement, though it lies within the layer's range."""
    problems = Problems()
    for mark, names in undeclared_marks(raw, facts.scale, layer.products).items():
        problems.add("raster_mark_undeclared", file=layer.path.name, value=f"{mark:g}", pixels=raw.count(mark),
                     products=", ".join(names), nodata="; ".join(f"{one:g}" for one in (*facts.nodata, mark)))
    problems.stop()

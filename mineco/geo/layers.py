"""Raster layers that a user hands in: checked against the grid, told about in a table, read window by window."""

import math
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.vrt import WarpedVRT

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.geo.grid import Grid, apply_affine, is_geographic, require_usable
from mineco.geo.windows import Window, windows

MISSING_CODE = -1  # in place of a class where there is none
# Files that hold pixels themselves: some other formats lead to further places.
FORMATS = {".tif": "GTiff", ".tiff": "GTiff", ".img": "HFA", ".asc": "AAIGrid", ".adf": "AIG"}
CACHE = 64  # MiB of decoded tiles; GDAL by itself takes a twentieth of the machine
CHECKING = 2 ** 26  # bytes of a window while values are looked through
EXACT = 1e-9  # pixels by which a place may be off after projection; GDAL takes an eighth where nothing is said
SCALES = (1e-4, 1e-3, 1e-2, 1e-1)  # by which products store shares and indices as whole numbers
MARKS = (255, 65_535, 32_767, -32_768, -9_999, -99_999)  # numbers that mean "no data" in most files that hold them
LOWEST = -1e30  # below it lie the marks that are a type's lowest number


@dataclass(frozen=True, repr=False)
class Layer(Brief):
    """A raster file, and what is known of it beyond the file."""

    id: str
    path: Path
    kind: Literal["continuous", "classes"]  # resampled bilinearly, or by the nearest pixel
    low: float  # its values lie between low and high after scaling; -inf and inf where anything may be
    high: float
    bands: tuple[int, ...] = (1,)  # those to read, from 1
    scale: float | None = None  # what the user says where the file does not
    nodata: float | None = None  # likewise


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
    nodata: float | None
    scale: float
    resampled: Literal["", "bilinear", "nearest"]
    lowest: float
    highest: float
    missing_share: float
    histogram: Mapping[int, int]


@dataclass(frozen=True, repr=False)
class Layers(Brief):
    """Layers on one grid. It holds no open file, so that threads and other machines read by themselves."""

    grid: Grid
    layers: Mapping[str, Layer]
    facts: tuple[LayerFacts, ...] = ()

    def read(self, name: str, window: Window) -> NDArray[Any]:
        """Values of a window with its halo, which may reach beyond the grid; what lies outside the file is missing.

        An array (height, width), or (bands, height, width) of a layer of several: floats with NaN, or whole numbers
        with -1 in place of a missing class.
        """
        layer = self.layers[name]
        with _opened(layer) as dataset, _on_grid(dataset, layer, self.grid, window.halo) as (source, down, right):
            values = _read(source, dataset, layer, window, (down, right))
        if layer.kind == "classes":
            values = np.where(np.isnan(values), MISSING_CODE, values).astype(np.int32)
        return values[0] if len(layer.bands) == 1 else values


def open_layers(layers: Sequence[Layer], grid: Grid | None = None, resample: bool = False) -> Layers:
    """Check every layer, look through its values, and put all on one grid, with a row of facts for each.

    Parameters
    ----------
    grid : Grid, optional  The one of reference; else that of the first layer.
    resample : bool        Whether layers on another grid are brought onto it; without, they are refused.

    Raises
    ------
    BadInput
        With every problem of every layer: a file that cannot be read, no CRS, degrees, another grid, "no data" that
        is not declared, values out of range, a missing scale, classes that are no whole numbers, nothing at all.
    """
    problems, facts = Problems(), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # it is told as a problem
        if grid is None:
            with _opened(layers[0]) as dataset:
                grid = Grid.from_dataset(dataset)
        require_usable(grid, layers[0].path.name)
        for layer in layers:
            with problems.collect():
                facts.append(_facts(layer, grid, resample))
    problems.stop()
    return Layers(grid, {layer.id: layer for layer in layers}, tuple(facts))


@contextmanager
def _opened(layer: Layer) -> Iterator[Any]:
    file = layer.path.name
    if not layer.path.is_file():
        raise BadInput(Problem("missing_file", file=file))
    if layer.path.suffix.lower() not in FORMATS:
        raise BadInput(Problem("raster_format_unknown", file=file, details={"known": ", ".join(FORMATS)}))
    try:
        with rasterio.Env(GDAL_CACHEMAX=CACHE), rasterio.open(
                layer.path, driver=FORMATS[layer.path.suffix.lower()]) as dataset:
            yield dataset
    except (RasterioError, OSError) as error:
        reason = str(error).replace(str(layer.path), file)
        raise BadInput(Problem("raster_unreadable", file=file, details={"reason": reason})) from error


@contextmanager
def _on_grid(dataset: Any, layer: Layer, grid: Grid, halo: int = 0) -> Iterator[tuple[Any, int, int]]:
    """What to read from, and how many rows and columns its corner lies from the grid's."""
    given = Grid.from_dataset(dataset)
    if grid.aligned(given):
        across, along = grid.offset(given)
        yield dataset, round(along), round(across)
        return
    nodata = dataset.nodata if layer.nodata is None else layer.nodata
    one, (x, y) = grid.transform, apply_affine(grid.transform, -halo, -halo)
    around = Affine(one.a, one.b, x, one.d, one.e, y)
    with WarpedVRT(dataset, crs=grid.crs, transform=around, width=grid.width + 2 * halo, height=grid.height + 2 * halo,
                   resampling=Resampling.bilinear if layer.kind == "continuous" else Resampling.nearest,
                   src_nodata=math.nan if nodata is None else nodata, nodata=math.nan, dtype="float64",
                   tolerance=EXACT) as warped:
        yield warped, -halo, -halo


def _read(source: Any, dataset: Any, layer: Layer, window: Window, corner: tuple[int, int]) -> NDArray[np.float64]:
    """Scaled values of all bands of a window with its halo, NaN where missing."""
    values = np.full((len(layer.bands), *window.padded), np.nan)
    top, left = window.row - window.halo, window.column - window.halo
    rows = max(top, corner[0]), min(top + window.padded[0], corner[0] + source.height)
    columns = max(left, corner[1]), min(left + window.padded[1], corner[1] + source.width)
    if rows[0] >= rows[1] or columns[0] >= columns[1]:
        return values
    there = tuple((first - start, last - start) for (first, last), start in zip((rows, columns), corner, strict=True))
    inside = (..., slice(rows[0] - top, rows[1] - top), slice(columns[0] - left, columns[1] - left))
    bands = list(layer.bands)
    if source is not dataset:
        values[inside] = source.read(bands, window=there)
    elif layer.nodata is None:
        values[inside] = source.read(bands, window=there, masked=True).astype(np.float64).filled(np.nan)
    else:
        found = source.read(bands, window=there)
        values[inside] = np.where(found == np.asarray(layer.nodata).astype(found.dtype), np.nan, found)
    scales, offsets = _scaling(dataset, layer)
    if (scales != 1).any() or offsets.any():
        values *= scales[:, np.newaxis, np.newaxis]
        values += offsets[:, np.newaxis, np.newaxis]
    return values


def _scaling(dataset: Any, layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scale and offset of each band: the user's, else the file's."""
    if layer.scale is not None:
        return np.full(len(layer.bands), layer.scale), np.zeros(len(layer.bands))
    return (np.array([dataset.scales[band - 1] for band in layer.bands]),
            np.array([dataset.offsets[band - 1] for band in layer.bands]))


def _facts(layer: Layer, grid: Grid, resample: bool) -> LayerFacts:
    with _opened(layer) as dataset:
        given = Grid.from_dataset(dataset)
        resampled = _require_place(layer, dataset, given, grid, resample)
        lowest, highest, missing, histogram = math.inf, -math.inf, 0, Counter[float]()
        with _on_grid(dataset, layer, grid) as (source, *corner):
            for window in windows(grid.height, grid.width, CHECKING, 24 * len(layer.bands)):
                values = _read(source, dataset, layer, window, (corner[0], corner[1]))
                there = values[~np.isnan(values)]
                missing += values.size - there.size
                if there.size:
                    lowest, highest = min(lowest, float(there.min())), max(highest, float(there.max()))
                if layer.kind == "classes":
                    codes, counts = np.unique(there, return_counts=True)
                    histogram.update(dict(zip(codes.tolist(), counts.tolist(), strict=True)))
        nodata = dataset.nodata if layer.nodata is None else layer.nodata
        scale = float(_scaling(dataset, layer)[0][0])
        facts = LayerFacts(id=layer.id, file=layer.path.name, kind=layer.kind, given=given,
                           dtype=dataset.dtypes[layer.bands[0] - 1], nodata=nodata,
                           scale=scale, resampled=resampled, lowest=lowest, highest=highest,
                           missing_share=missing / (grid.width * grid.height * len(layer.bands)),
                           histogram={int(code): count for code, count in histogram.items()})
    _require_values(layer, facts, histogram)
    return facts


def _require_place(layer: Layer, dataset: Any, given: Grid, grid: Grid,
                   resample: bool) -> Literal["", "bilinear", "nearest"]:
    """Stop unless the file has the bands, and lies on the grid or may be brought there; tells how."""
    file, problems = layer.path.name, Problems()
    if absent := [band for band in layer.bands if not 1 <= band <= dataset.count]:
        problems.add("raster_band_missing", file=file, value=", ".join(map(str, absent)), bands=dataset.count)
    elif any("complex" in dataset.dtypes[band - 1] for band in layer.bands):
        problems.add("raster_of_complex_numbers", file=file, value=dataset.dtypes[layer.bands[0] - 1])
    if not given.crs:
        problems.add("raster_without_crs", file=file, given=given, wanted=grid)
    elif not grid.aligned(given) and not resample:
        message = "raster_geographic" if is_geographic(given.crs) else "raster_other_grid"
        shift = ", ".join(f"{part:.4g}" for part in grid.offset(given)) if grid.same_crs(given) else "—"
        details = {"given": given, "wanted": grid} | ({"shift": shift} if message == "raster_other_grid" else {})
        problems.append(Problem(message, file=file, details=details))
    elif grid.same_crs(given) and not grid.overlaps(given):
        problems.add("raster_apart", file=file, given=given, wanted=grid)
    problems.stop()
    if grid.aligned(given):
        return ""
    return "bilinear" if layer.kind == "continuous" else "nearest"


def _require_values(layer: Layer, facts: LayerFacts, histogram: Mapping[float, int]) -> None:
    """Stop where values show that they mean something else than numbers of this layer."""
    file, problems = layer.path.name, Problems()
    if facts.lowest > facts.highest:
        raise BadInput(Problem("raster_empty", file=file, details={"given": facts.given}))
    ends = {"lowest": f"{facts.lowest:.6g}", "highest": f"{facts.highest:.6g}",
            "low": f"{layer.low:g}", "high": f"{layer.high:g}"}
    outside = [value for value in (facts.lowest, facts.highest) if not layer.low <= value <= layer.high]
    scales = [scale for scale in SCALES if layer.low <= facts.lowest * scale and facts.highest * scale <= layer.high]
    marks = [value for value in (histogram if layer.kind == "classes" else outside)
             if value / facts.scale in MARKS or value < LOWEST]
    if facts.nodata is None and marks:
        problems.add("raster_nodata_undeclared", file=file,
                     value=", ".join(f"{mark / facts.scale:g}" for mark in marks),
                     pixels=", ".join(str(histogram[mark]) for mark in marks if mark in histogram) or "—")
    elif layer.kind == "classes" and (wrong := [code for code in histogram if code != int(code) or code < 0]):
        problems.add("raster_classes_not_whole", file=file, value=", ".join(f"{code:g}" for code in wrong[:5]))
    elif outside and layer.scale is None and facts.scale == 1 and scales:
        problems.add("raster_scale_missing", file=file, scale=f"{scales[-1]:g}", **ends)
    elif outside:
        problems.add("raster_out_of_range", file=file, **ends)
    problems.stop()

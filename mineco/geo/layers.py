"""Raster layers that a user hands in: checked against the grid, told about in a table, read window by window."""

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.enums import MaskFlags, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.vrt import WarpedVRT

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.geo.grid import Grid, apply_affine, is_geographic, require_usable
from mineco.geo.raw_values import Product, RawValues, known_marks, undeclared_marks, usual_offsets
from mineco.geo.windows import Window, kept_open, windows

MISSING_CODE = -1  # in place of a class where there is none
# Files that hold pixels themselves: some other formats lead to further places.
FORMATS = {".tif": "GTiff", ".tiff": "GTiff", ".img": "HFA", ".asc": "AAIGrid", ".adf": "AIG"}
CACHE = 64  # MiB of decoded tiles; GDAL by itself takes a twentieth of the machine
CHECKING = 2 ** 26  # bytes of a window while values are looked through
EXACT = 1e-9  # pixels by which a place may be off after projection; GDAL takes an eighth where nothing is said
SCALES = (1e-4, 1e-3, 1e-2, 1e-1)  # by which products store shares and indices as whole numbers
LOWEST = -1e30  # below it lie the marks that are a type's lowest number
Inside = Callable[[Window], NDArray[np.bool_]]


@dataclass(frozen=True, repr=False)
class Layer(Brief):
    """A raster file, and what is known of it beyond the file."""

    id: str
    path: Path
    kind: Literal["continuous", "classes"]  # resampled bilinearly, or by the nearest pixel
    low: float  # its values lie between low and high after scaling; -inf and inf where anything may be
    high: float
    bands: tuple[int, ...] = (1,)  # those to read, from 1
    scale: float | None = None  # what the user says, in place of the file
    offset: float | None = None  # likewise
    nodata: tuple[float, ...] | None = None  # likewise
    products: tuple[Product, ...] = ()  # that it may be
    beyond: bool = False  # read outside the study area too, for what lies inside


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
    resampled: Literal["", "bilinear", "nearest"]
    lowest: float
    highest: float
    missing_share: float
    histogram: Mapping[int, int]
    frequent: Mapping[float, float]  # raw values that may be marks, with the share of the pixels that have them
    other_offsets: Mapping[str, float]  # of products that are stored like it, where none has its offset


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
            values = _scaled(_read_raw(source, dataset, layer, window, (down, right)), dataset, layer)
        if layer.kind == "classes":
            values = np.where(np.isnan(values), MISSING_CODE, values).astype(np.int32)
        return values[0] if len(layer.bands) == 1 else values


def first_grid(layers: Sequence[Layer]) -> Grid:
    """The grid of the first layer, of which areas and slopes can be taken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # it is told as a problem
        with _opened(layers[0]) as dataset:
            grid = Grid.from_dataset(dataset)
    require_usable(grid, layers[0].path.name)
    return grid


def open_layers(layers: Sequence[Layer], grid: Grid | None = None, resample: bool = False,
                inside: Inside | None = None) -> Layers:
    """Check every layer, look through its values, and put all on one grid, with a row of facts for each.

    Parameters
    ----------
    grid : Grid, optional         The one of reference; else that of the first layer.
    resample : bool               Whether layers on another grid are brought onto it; without, they are refused.
    inside : function, optional
        Which pixels of a window count; else all. A layer that is read beyond them is looked through as a whole.

    Raises
    ------
    BadInput
        With every problem of every layer: a file that cannot be read, no CRS, degrees, another grid, "no data" that
        is not declared, values out of range, a missing scale, classes that are no whole numbers, nothing at all.
    """
    problems, facts = Problems(), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # it is told as a problem
        grid = grid or first_grid(layers)
        for layer in layers:
            with problems.collect():
                facts.append(_facts(layer, grid, resample, None if layer.beyond else inside))
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
        with rasterio.Env(GDAL_CACHEMAX=CACHE), kept_open(layer.path, lambda: rasterio.open(
                layer.path, driver=FORMATS[layer.path.suffix.lower()])) as dataset:
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
    nodata = _nodata(dataset, layer)
    one, (x, y) = grid.transform, apply_affine(grid.transform, -halo, -halo)
    around = Affine(one.a, one.b, x, one.d, one.e, y)
    with WarpedVRT(dataset, crs=grid.crs, transform=around, width=grid.width + 2 * halo, height=grid.height + 2 * halo,
                   resampling=Resampling.bilinear if layer.kind == "continuous" else Resampling.nearest,
                   src_nodata=nodata[0] if nodata else math.nan, nodata=math.nan, dtype="float64",
                   tolerance=EXACT) as warped:
        yield warped, -halo, -halo


def _read_raw(source: Any, dataset: Any, layer: Layer, window: Window, corner: tuple[int, int]) -> NDArray[np.float64]:
    """Values as they are stored, of all bands of a window with its halo; NaN where missing."""
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
    elif layer.nodata is None and (marks := _whole_marks(dataset, bands)) is not None:
        found = source.read(bands, window=there)
        values[inside] = found
        for mark in marks:
            np.copyto(values[inside], np.nan, where=found == mark)
    elif layer.nodata is None:
        values[inside] = source.read(bands, window=there, masked=True).astype(np.float64).filled(np.nan)
    else:
        found = source.read(bands, window=there)
        values[inside] = np.where(np.isin(found, np.asarray(layer.nodata)), np.nan, found)
    return values


def _whole_marks(dataset: Any, bands: Sequence[int]) -> set[int] | None:
    """What a file of whole numbers says means "no data", in all of these bands alike; None where it tells otherwise.

    A mask that GDAL makes of such a number takes longer than the reading.
    """
    found = {(dataset.dtypes[band - 1], dataset.nodatavals[band - 1], *dataset.mask_flag_enums[band - 1])
             for band in bands}
    if len(found) > 1:
        return None
    dtype, mark, *flags = found.pop()
    if np.dtype(dtype).kind not in "iu" or flags not in ([MaskFlags.nodata], [MaskFlags.all_valid]):
        return None
    if mark is None or flags == [MaskFlags.all_valid]:
        return set()
    limits = np.iinfo(dtype)
    return {int(mark)} if float(mark).is_integer() and limits.min <= mark <= limits.max else None


def _scaled(values: NDArray[np.float64], dataset: Any, layer: Layer) -> NDArray[np.float64]:
    """Stored values in the unit of the layer; done in place."""
    scales, offsets = _scaling(dataset, layer)
    if (scales != 1).any() or offsets.any():
        values *= scales[:, np.newaxis, np.newaxis]
        values += offsets[:, np.newaxis, np.newaxis]
    return values


def _scaling(dataset: Any, layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scale and offset of each band: the user's, else the file's."""
    scales, offsets = (np.array([of_file[band - 1] if given is None else given for band in layer.bands])
                       for of_file, given in ((dataset.scales, layer.scale), (dataset.offsets, layer.offset)))
    return scales, offsets


def _nodata(dataset: Any, layer: Layer) -> tuple[float, ...]:
    """What means "no data": the user's numbers, else the file's."""
    if layer.nodata is not None:
        return layer.nodata
    return () if dataset.nodata is None else (dataset.nodata,)


def _facts(layer: Layer, grid: Grid, resample: bool, inside: Inside | None) -> LayerFacts:
    with _opened(layer) as dataset:
        given = Grid.from_dataset(dataset)
        resampled = _require_place(layer, dataset, given, grid, resample)
        lowest, highest, known, pixels, histogram = math.inf, -math.inf, 0, 0, Counter[float]()
        dtype, marks = dataset.dtypes[layer.bands[0] - 1], [mark for one in layer.products for mark in one.marks]
        raw = RawValues(dtype, marks)
        with _on_grid(dataset, layer, grid) as (source, *corner):
            for window in windows(grid.height, grid.width, CHECKING, 24 * len(layer.bands)):
                values = _read_raw(source, dataset, layer, window, (corner[0], corner[1]))
                pixels += values.size
                if inside is not None:
                    outside = ~inside(window)
                    values[:, outside] = np.nan
                    pixels -= outside.sum().item() * len(layer.bands)
                if layer.kind == "continuous":
                    raw.add(values[~np.isnan(values)])
                values = _scaled(values, dataset, layer)
                there = values[~np.isnan(values)]
                known += there.size
                if there.size:
                    lowest, highest = min(lowest, float(there.min())), max(highest, float(there.max()))
                if layer.kind == "classes":
                    codes, counts = np.unique(there, return_counts=True)
                    histogram.update(dict(zip(codes.tolist(), counts.tolist(), strict=True)))
        scale, offset = (float(one[0]) for one in _scaling(dataset, layer))
        facts = LayerFacts(id=layer.id, file=layer.path.name, kind=layer.kind, given=given,
                           dtype=dtype, nodata=_nodata(dataset, layer), scale=scale, offset=offset,
                           resampled=resampled, lowest=lowest, highest=highest, missing_share=(pixels - known) / pixels,
                           histogram={int(code): count for code, count in histogram.items()},
                           frequent=raw.frequent(), other_offsets=usual_offsets(dtype, scale, offset, layer.products))
    _require_no_marks(layer, facts, raw)
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
    elif not grid.aligned(given) and len(_nodata(dataset, layer)) > 1:
        problems.add("raster_marks_resampled", file=file, value="; ".join(map(str, _nodata(dataset, layer))))
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

"""Files of rasters: what is known of a layer beyond its file, how the file is opened, and its numbers as stored."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioError

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.geo.rasters.quality import Flag
from mineco.geo.raw_values import Product
from mineco.geo.windows import kept_open

# Files that hold pixels themselves: some other formats lead to further places.
FORMATS = {".tif": "GTiff", ".tiff": "GTiff", ".img": "HFA", ".asc": "AAIGrid", ".adf": "AIG", ".dat": "ENVI",
           ".bsq": "ENVI", ".bil": "ENVI", ".bip": "ENVI"}
CACHE = 64  # MiB of decoded tiles; GDAL by itself takes a twentieth of the machine
Span = tuple[int, int]  # first row or column, and the one behind the last


@dataclass(frozen=True, repr=False)
class Layer(Brief):
    """A raster file, and what is known of it beyond the file."""

    id: str
    path: Path
    kind: Literal["continuous", "classes"]
    low: float  # its values lie between low and high after scaling; -inf and inf where anything may be
    high: float
    bands: tuple[int, ...] = (1,)  # those to read, from 1
    scale: float | None = None  # what the user says, in place of the file
    offset: float | None = None  # likewise
    nodata: tuple[float, ...] | None = None  # likewise
    products: tuple[Product, ...] = ()  # that it may be
    quality: tuple[tuple[Path, int] | None, ...] = ()  # file and band that tell the quality of each band
    beyond: bool = False  # read outside the study area too, for what lies inside
    flags: tuple[Flag, ...] = ()  # which numbers there mean that a pixel is not to be used


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A raster file, or one sentence why it cannot be read; also where reading breaks off later.

    Raises
    ------
    BadInput  When there is no such file, it is of another format, it is a text or a web page, or reading fails.
    """
    if not path.is_file():
        raise BadInput(Problem("missing_file", file=path.name))
    driver = FORMATS.get(path.suffix.lower())
    if driver is None:
        raise BadInput(Problem("raster_format_unknown", file=path.name, details={"known": ", ".join(FORMATS)}))
    if driver == "HFA" and path.with_suffix(".hdr").is_file():  # two programs write .img; one puts a header beside it
        driver = "ENVI"
    try:
        with rasterio.Env(GDAL_CACHEMAX=CACHE), kept_open(path, lambda: rasterio.open(path, driver=driver)) as dataset:
            yield dataset
    except (RasterioError, OSError) as error:
        if path.stat().st_size == 0:
            raise BadInput(Problem("raster_without_content", file=path.name)) from error
        if _begins_like_a_page(path):
            raise BadInput(Problem("raster_is_web_page", file=path.name)) from error
        reason = str(error).replace(str(path), path.name)
        raise BadInput(Problem("raster_unreadable", file=path.name, details={"reason": reason})) from error


def _begins_like_a_page(path: Path) -> bool:
    """Whether a web page was saved in place of a file: a login or an error that a download led to."""
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype", b"<html", b"<?xml"))
    except OSError:
        return False


def stored_values(dataset: Any, bands: tuple[int, ...], nodata: tuple[float, ...] | None, rows: Span, columns: Span
                  ) -> NDArray[np.float64]:
    """Numbers of a part of a file as it stores them, (bands, rows, columns); NaN where there is no data.

    What the user says means "no data" goes in place of the file's number; a mask or an opacity of the file holds
    beside it.
    """
    there, asked = (rows, columns), list(bands)
    values: NDArray[np.float64]
    if nodata is None and (marks := _whole_marks(dataset, bands)) is not None:
        values = dataset.read(asked, window=there, out_dtype=np.float64)
        for mark in marks:
            np.copyto(values, np.nan, where=values == mark)
        return values
    if nodata is None:
        values = dataset.read(asked, window=there, masked=True).astype(np.float64).filled(np.nan)
        return values
    found = dataset.read(asked, window=there)
    digits = found.dtype if found.dtype.kind == "f" else np.float64  # a mark has as many as the file
    values = np.where(np.isin(found, np.array(nodata, dtype=digits)), np.nan, found)
    if any(MaskFlags.per_dataset in dataset.mask_flag_enums[band - 1] for band in asked):
        values[dataset.read_masks(asked, window=there) == 0] = np.nan
    return values


def _whole_marks(dataset: Any, bands: Sequence[int]) -> set[int] | None:
    """What a file of whole numbers says means "no data", in all of these bands alike; None where it tells otherwise.

    A mask that GDAL makes of such a number takes longer than the reading.
    """
    told = list(zip(dataset.dtypes, dataset.nodatavals, dataset.mask_flag_enums, strict=True))  # each asks all bands
    found = {(dtype, mark, *flags) for dtype, mark, flags in (told[band - 1] for band in bands)}
    if len(found) > 1:
        return None
    dtype, mark, *flags = found.pop()
    if np.dtype(dtype).kind not in "iu" or flags not in ([MaskFlags.nodata], [MaskFlags.all_valid]):
        return None
    if mark is None or flags == [MaskFlags.all_valid]:
        return set()
    limits = np.iinfo(dtype)
    return {int(mark)} if float(mark).is_integer() and limits.min <= mark <= limits.max else None


def scaling(dataset: Any, layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scale and offset of each band: the user's, else the file's."""
    scales, offsets = (np.array([of_file[band - 1] if given is None else given for band in layer.bands])
                       for of_file, given in ((dataset.scales, layer.scale), (dataset.offsets, layer.offset)))
    return scales, offsets


def scaled(values: NDArray[np.float64], scales: NDArray[np.float64], offsets: NDArray[np.float64]
           ) -> NDArray[np.float64]:
    """Stored values in the unit of the layer; done in place.

    >>> scaled(np.array([[[200.0]]]), np.array([0.5]), np.array([-5.0])).tolist()
    [[[95.0]]]
    """
    if (scales != 1).any():
        values *= scales[:, np.newaxis, np.newaxis]
    if offsets.any():
        values += offsets[:, np.newaxis, np.newaxis]
    return values

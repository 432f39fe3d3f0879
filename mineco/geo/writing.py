"""Maps and zones that are written: cloud-optimised GeoTIFF and GeoPackage, whole or not at all."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.enums import Resampling

from mineco.geo.grid import Grid
from mineco.geo.rasters.files import CACHE
from mineco.geo.windows import TILE, Window

QUICK = 1  # level of DEFLATE: floats of maps get hardly smaller at a higher one, which takes half as long again
FIXED_TIMESTAMP = "2000-01-01T00:00:00Z"  # the time that a GeoPackage carries: the same zones give the same file


def write_raster(path: Path, grid: Grid, blocks: Iterable[tuple[Window, NDArray[Any]]], kind: str, dtype: str,
                 nodata: float, names: Sequence[str]) -> None:
    """A cloud-optimised GeoTIFF out of blocks, of which one at a time is in memory.

    Parameters
    ----------
    path : Path                       Appears whole, or not at all.
    blocks : iterable of (Window, array)
        Blocks without halo, (height, width) or (bands, height, width); what no block covers has no data.
    kind : {"continuous", "classes"}  Decides how overviews are made: averages, or the most frequent class.
    names : sequence of str           One for each band.
    """
    raw, whole = (path.with_name(f".{path.name}.{os.getpid()}.{part}.tif") for part in ("raw", "cog"))
    shape = {"width": grid.width, "height": grid.height, "crs": grid.crs, "transform": grid.transform}
    tiles = {"tiled": True, "blockxsize": TILE, "blockysize": TILE, "BIGTIFF": "IF_SAFER", "SPARSE_OK": True}
    try:
        with rasterio.Env(GDAL_CACHEMAX=CACHE):
            with rasterio.open(raw, "w", driver="GTiff", count=len(names), dtype=dtype, nodata=nodata, **shape,
                               **tiles) as file:
                for window, block in blocks:
                    file.write(block.reshape(len(names), *block.shape[-2:]).astype(dtype), window=_slices(window))
                for band, name in enumerate(names, 1):
                    file.set_band_description(band, name)
            overviews = Resampling.average if kind == "continuous" else Resampling.mode
            rasterio.shutil.copy(raw, whole, driver="COG", compress="DEFLATE", level=QUICK, blocksize=TILE,
                                 overview_resampling=overviews.name, BIGTIFF="IF_SAFER")
        whole.replace(path)
    finally:
        for part in (raw, whole):
            with suppress(FileNotFoundError):
                part.unlink()


def write_vectors(path: Path, layers: Mapping[str, geopandas.GeoDataFrame]) -> None:
    """A GeoPackage of one or more layers; the same shapes give the same bytes.

    Parameters
    ----------
    path : Path       Appears whole, or not at all.
    layers : mapping  Shapes by the name of the layer.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.gpkg")
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIMESTAMP})
    try:
        for name, frame in layers.items():
            pyogrio.write_dataframe(frame, part, layer=name, driver="GPKG", append=part.exists())
        part.replace(path)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
        with suppress(FileNotFoundError):
            part.unlink()


def _slices(window: Window) -> tuple[tuple[int, int], tuple[int, int]]:
    return (window.row, window.row + window.height), (window.column, window.column + window.width)

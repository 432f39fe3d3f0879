"""Real rasters beside this checkout, and small ones made for a test."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio import Affine

from tests.helpers.places import SHARED

CORNER = (500_000.0, 4_000_000.0)  # on the middle meridian of its zone


def real(name: str) -> Path:
    """A folder of real data, or the test is left out."""
    if not (SHARED / "geo" / name).is_dir():
        pytest.skip(f"{name} lies outside the project, in ../shared/data/geo, and is not there")
    return SHARED / "geo" / name


def written(path: Path, values, crs="EPSG:32650", pixel=30.0, corner=CORNER, nodata=None, dtype=None, scale=None,
            transform=None) -> Path:
    """A GeoTIFF of some values, one band or several."""
    bands = np.atleast_3d(np.asarray(values)) if np.ndim(values) == 1 else np.asarray(values)
    bands = bands.reshape(-1, *bands.shape[-2:])
    transform = transform or Affine(pixel, 0.0, corner[0], 0.0, -pixel, corner[1])
    profile = {"driver": "GTiff", "count": len(bands), "height": bands.shape[1], "width": bands.shape[2],
               "dtype": dtype or bands.dtype, "nodata": nodata}
    place = {"crs": crs, "transform": transform} if crs else {}
    with rasterio.open(path, "w", **profile, **place) as file:
        file.write(bands.astype(dtype or bands.dtype))
        if scale is not None:
            file.scales = (scale,) * len(bands)
    return path

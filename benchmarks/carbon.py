"""Carbon of a basin at two dates: counted by class, beside rasters of carbon pixel by pixel."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from benchmarks.ahp import fastest, require_equal
from mineco.core.reading.tables import read_table
from mineco.restoration.maps.carbon import carbon_estimate, class_areas, class_histogram, draw_pools, total_stock

WILLAMETTE = Path(__file__).parent.parent.parent / "shared" / "data" / "geo" / "willamette_carbon"
POOLS = ("ABOVE", "BELOW", "SOIL", "DEAD")
NODATA, PIXEL_HA = 255, 0.09
DRAWS = 1_000


def rows() -> Iterator[tuple[str, float, str]]:
    """What, value, unit; stops when the two ways do not give the same totals. Ratios are from this one run."""
    if not WILLAMETTE.is_dir():
        yield "carbon of the Willamette basin: its rasters are not here", float("nan"), ""
        return
    covers = []
    for name in ("cur", "fut"):
        with rasterio.open(WILLAMETTE / f"lulc_samp_{name}.tif") as layer:
            covers.append(layer.read(1))
    classes, pools, spread = pool_table()
    counted = fastest(lambda: [by_class(cover, classes, pools) for cover in covers])
    drawn = fastest(lambda: [by_pixel(cover, classes, pools) for cover in covers], 3)
    theirs, ours = (tuple(total(cover, classes, pools) for cover in covers) for total in (by_pixel, by_class))
    require_equal("carbon by pixel", theirs, ours, 1e-6)  # tonnes, of forty million
    yield f"carbon of {covers[0].size:,} pixels at two dates, by class", counted * 1e3, "ms"
    yield "  rasters of four pools and their sum", drawn * 1e3, "ms"
    yield "  rasters / mineco", drawn / counted, "times"

    areas = [class_areas(class_histogram(cover, NODATA), classes, PIXEL_HA) for cover in covers]
    change = areas[1] - areas[0]
    yield "  error of the change by formula", fastest(lambda: carbon_estimate(change, pools, spread)) * 1e3, "ms"
    yield f"  and by {DRAWS:,} draws", fastest(lambda: total_stock(
        change, draw_pools(pools, spread, DRAWS, np.random.default_rng(0)))) * 1e3, "ms"


def pool_table() -> tuple[NDArray, NDArray, NDArray]:
    """Codes, means and standard deviations of the sample."""
    columns = [f"C_{pool}_{what}" for what in ("MEAN", "SD") for pool in POOLS]
    table = read_table(WILLAMETTE / "carbon_pools_samp_uncertain.csv", (*columns, "LULC", "LULC_Name"))
    values = np.array([[float(row[name]) for name in columns] for row in table])
    return np.array([int(row["LULC"]) for row in table]), values[:, :len(POOLS)], values[:, len(POOLS):]


def by_class(cover: NDArray, classes: NDArray, pools: NDArray) -> float:
    """The total of a date from the pixels of each class."""
    return float(total_stock(class_areas(class_histogram(cover, NODATA), classes, PIXEL_HA), pools))


def by_pixel(cover: NDArray, classes: NDArray, pools: NDArray) -> float:
    """The total of a date as a raster of each pool, a raster of their sum, and the sum of that."""
    total = np.zeros(cover.shape)
    for pool in pools.T:
        lookup = np.zeros(256)
        lookup[classes] = pool
        total += lookup[cover]
    return float(total[cover != NODATA].sum() * PIXEL_HA)

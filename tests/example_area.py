"""The example restoration area, made by a seeded program: its true classes, trends and carbon are known.

Run as a program it writes the folder rasters/ of the example anew.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine

SEED = 6
SIDE = 96  # pixels
PIXEL = 30.0  # m
HA = PIXEL * PIXEL / 10_000
YEARS = tuple(range(2013, 2025))
CRS = "EPSG:32649"
TRANSFORM = Affine(PIXEL, 0.0, 600_000.0, 0.0, -PIXEL, 4_050_000.0)
NAMES = {1: ("forest", "林地", "forest"), 2: ("grassland", "草地", "grassland"), 3: ("cropland", "耕地", "cropland"),
         4: ("mined", "采矿损毁地", "mined land"), 5: ("desertified", "荒漠化草地", "desertified grassland"),
         6: ("reclaimed-mine", "已复垦排土场", "reclaimed dump"), 7: ("built", "村庄", "village"),
         8: ("water", "水面", "water")}
WORN = (4, 5)
# mean and standard deviation of above, below, dead, soil [tC/ha]
POOLS = {1: ((38.0, 4.0), (10.0, 1.5), (4.0, 0.8), (78.0, 6.0)), 2: ((1.5, 0.3), (3.5, 0.6), (0.5, 0.1), (48.0, 4.0)),
         3: ((2.2, 0.4), (0.6, 0.1), (0.2, 0.05), (42.0, 3.5)), 4: ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (7.0, 1.2)),
         5: ((0.4, 0.1), (1.0, 0.2), (0.1, 0.03), (24.0, 2.5)), 6: ((6.0, 1.0), (2.0, 0.4), (0.6, 0.1), (16.0, 2.0)),
         7: ((1.0, 0.3), (0.3, 0.1), (0.0, 0.0), (20.0, 4.0)), 8: ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))}
LEVEL = {1: 0.74, 2: 0.44, 3: 0.58, 4: 0.12, 5: 0.24, 6: 0.40, 7: 0.16, 8: -0.05}  # of NDVI in the last year
WRONG = 0.03  # share of pixels that the maps of cover have wrong
CLOUDS = 0.01  # share of observations that are missing
RAIN_EFFECT = 1e-4  # of NDVI for a mm, on grass and crops


@dataclass(frozen=True)
class Truth:
    """What the evaluation is to find."""

    start: np.ndarray
    end: np.ndarray
    slope: np.ndarray  # of NDVI for a year, without rain and noise
    pools: dict[int, np.ndarray]
    elevation: np.ndarray
    rain: np.ndarray  # (years, rows, columns), mm
    ndvi: np.ndarray  # (years, rows, columns), as observed; NaN under clouds
    mapped_start: np.ndarray
    mapped_end: np.ndarray

    @property
    def restore(self) -> np.ndarray:
        """Land that is degraded in the end."""
        return np.isin(self.end, WORN)

    def area(self, code: int, when: np.ndarray) -> float:
        """True area of a class. [ha]"""
        return float((when == code).sum()) * HA

    def stock(self, when: np.ndarray) -> float:
        """True carbon. [tC]"""
        return sum(self.area(code, when) * float(self.pools[code].sum()) for code in NAMES)


def truth() -> Truth:
    """The land, its maps and its images; the same at every call."""
    generator = np.random.default_rng(SEED)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    start = np.full((SIDE, SIDE), 2)
    start[:, :38] = 1
    start[60:, 38:] = 3
    start[6:26, 6:24] = 4  # an old pit
    start[30:52, 40:58] = 4  # a dump
    start[88:94, 80:94] = 7
    start[(rows - 12) ** 2 + (columns - 84) ** 2 < 60] = 8
    end = start.copy()
    end[34:56, 8:28] = 4  # a new pit in the forest
    end[30:52, 40:58] = 6  # the dump was reclaimed
    end[26:50, 66:90] = 5  # grassland turned to sand
    end[64:92, 40:76] = 1  # fields were planted
    codes = np.array(list(LEVEL))
    level = np.array(list(LEVEL.values()))
    before, after = (level[np.searchsorted(codes, one)] for one in (start, end))
    before = np.where((start == 4) & (end == 6), 0.14, before)
    after = np.where((start == 3) & (end == 1), 0.66, after)
    drift = np.where((start == end) & (start == 1), 0.002, 0.0)
    slope = np.where(start == end, drift, (after - before) / (len(YEARS) - 1))
    yearly = generator.normal(450.0, 70.0, len(YEARS))
    rain = yearly[:, np.newaxis, np.newaxis] + np.linspace(-20, 20, SIDE)[np.newaxis, np.newaxis, :]
    rain = np.broadcast_to(rain, (len(YEARS), SIDE, SIDE))
    places = np.arange(len(YEARS)) - (len(YEARS) - 1)
    ndvi = after + slope * places[:, np.newaxis, np.newaxis]
    ndvi = ndvi + np.where(np.isin(end, (2, 3)), RAIN_EFFECT * (rain - 450.0), 0.0)
    ndvi = ndvi + generator.normal(0.0, 0.015, ndvi.shape)
    ndvi = np.where(generator.random(ndvi.shape) < CLOUDS, np.nan, ndvi)
    ndvi[:5, 90:94, 60:64] = np.nan  # too few years for a trend
    elevation = 1100 + 90 * np.sin(rows / 13) + 70 * np.cos(columns / 11) + 0.4 * columns
    elevation = np.where(start == 8, 1080.0, elevation + generator.normal(0.0, 0.4, elevation.shape))
    pools = {code: np.array([max(0.0, generator.normal(mean, spread)) if spread else mean for mean, spread in found])
             for code, found in POOLS.items()}
    maps = []
    for one in (start, end):
        wrong = generator.random(one.shape) < WRONG
        maps.append(np.where(wrong, generator.integers(1, 4, one.shape), one))
    return Truth(start, end, slope, pools, elevation, rain, ndvi, *maps)


def write(folder: Path) -> None:
    """The rasters and tables of the example."""
    land, generator = truth(), np.random.default_rng(SEED + 1)
    folder.mkdir(parents=True, exist_ok=True)
    layers = []

    def raster(file: str, bands: np.ndarray, dtype: str, nodata: float, scale: float = 1.0) -> None:
        with rasterio.open(folder / file, "w", driver="GTiff", width=SIDE, height=SIDE, count=len(bands), dtype=dtype,
                           crs=CRS, transform=TRANSFORM, nodata=nodata, compress="DEFLATE", predictor=2,
                           interleave="band") as out:
            out.write(np.where(np.isnan(bands), nodata, np.rint(bands / scale)).astype(dtype))
            out.scales = (scale,) * len(bands)

    made = "程序生成（tests/example_area.py）/ made by a program"
    raster("ndvi.tif", land.ndvi, "int16", -32768, 1e-3)
    layers += [("ndvi", year, "ndvi.tif", band, "", "", made) for band, year in enumerate(YEARS, 1)]
    raster("rain.tif", land.rain, "uint16", 65535)
    layers += [("rain", year, "rain.tif", band, "", "", made) for band, year in enumerate(YEARS, 1)]
    raster("elevation.tif", land.elevation[np.newaxis], "int16", -32768, 0.1)
    layers.append(("elevation", "", "elevation.tif", 1, "", "", made))
    for name, found, year in (("cover_start", land.mapped_start, YEARS[0]), ("cover_end", land.mapped_end, YEARS[-1])):
        raster(f"{name}.tif", found[np.newaxis], "uint8", 255)
        layers.append((name, year, f"{name}.tif", 1, "", "", made))
    for name, value in (("erosivity", 1500.0), ("erodibility", 0.04)):
        raster(f"{name}.tif", np.full((1, SIDE, SIDE), value), "uint16", 65535, 1e-4 if value < 1 else 1.0)
        layers.append((name, "", f"{name}.tif", 1, "", "", "假定 / assumed"))
    table(folder / "layers.csv", ("layer", "year", "file", "band", "scale", "nodata", "data_source"), layers)
    table(folder / "classes.csv", ("code", "ecosystem", "name_zh", "name_en"),
          [(code, *names) for code, names in NAMES.items()])
    table(folder / "pools.csv", ("class", "pool", "mean_tc_per_ha", "sd_tc_per_ha", "tier", "source", "status"),
          [(code, pool, mean, spread, 2, "程序设定 / set by the program", "assumed") for code, found in POOLS.items()
           for pool, (mean, spread) in zip(("above", "below", "dead", "soil"), found, strict=True)])
    chosen = generator.choice(SIDE * SIDE, 470, replace=False)
    points, plots = chosen[:430], chosen[430:]
    table(folder / "points.csv", ("id", "x", "y", "use", "restore", "cover_start", "cover_end"), [
        (f"P{number:03}", *place(pixel), "fit" if number < 80 else "test",
         "yes" if land.restore.flat[pixel] else "no", land.start.flat[pixel], land.end.flat[pixel])
        for number, pixel in enumerate(points)])
    table(folder / "plots.csv", ("id", "x", "y", "carbon_tc_per_ha"), [
        (f"Q{number:02}", *place(pixel),
         round(float(land.pools[int(land.end.flat[pixel])].sum() * generator.normal(1.0, 0.06)), 2))
        for number, pixel in enumerate(plots)])
    restored = generator.choice(np.flatnonzero((land.start == 4) & (land.end == 6)), 12, replace=False)
    controls = generator.choice(np.flatnonzero((land.start == 1) & (land.end == 1)), 12, replace=False)
    table(folder / "controls.csv", ("id", "x", "y", "group"), [
        (f"{letter}{number:02}", *place(pixel), group) for letter, group, pixels in
        (("R", "restored", restored), ("C", "control", controls)) for number, pixel in enumerate(pixels)])


def place(pixel: int) -> tuple[float, float]:
    """Coordinates of a pixel's middle."""
    row, column = divmod(int(pixel), SIDE)
    return TRANSFORM.c + (column + 0.5) * PIXEL, TRANSFORM.f - (row + 0.5) * PIXEL


def table(path: Path, header: tuple[str, ...], rows: list[tuple]) -> None:
    """A table with a fixed end of line, so that it is the same on any machine."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    write(Path(__file__).parents[1] / "parameters" / "mines" / "example-restoration-area" / "rasters")

"""A whole evaluation of land from maps that a seeded program makes: what it costs in processor time and memory."""

import importlib.util
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from scipy.ndimage import gaussian_filter

from benchmarks.series import by_pymannkendall, in_new_process
from mineco.core.kit import parameters
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.outputs import write_outputs
from mineco.geo.windows import ThreadWorkers

EXAMPLE = parameters() / "mines" / "example-restoration-area"  # whose tables and settings the land has
YEARS = tuple(range(2015, 2025))
PIXEL = 30.0  # m
TRANSFORM = Affine(PIXEL, 0.0, 300_000.0, 0.0, -PIXEL, 4_200_000.0)
PATCH = 12.0  # pixels that a patch of land reaches
SHARES = (0.35, 0.30, 0.18, 0.04, 0.05, 0.02, 0.04, 0.02)  # of the land, classes 1 to 8 of the example
LEVEL = np.array([0.74, 0.44, 0.58, 0.12, 0.24, 0.40, 0.16, -0.05])  # of NDVI on each
WORN = (4, 5)
POINTS, PLOTS = 800, 40
CLOUDS = 0.01  # share of observations that are missing
SIDE = 2_000  # pixels
SAMPLE = 4_000  # pixels given to pymannkendall, from which its time for the map is extrapolated


def rows() -> Iterator[tuple[str, float, str]]:
    """What, value, unit. Times are of processors, however many others use them; ratios are from this one run."""
    with tempfile.TemporaryDirectory() as name:
        folder, most = Path(name), {}
        for side in (SIDE // 2, SIDE):
            dossier = make_land(folder / str(side), side)
            _, most[side], took = in_new_process(evaluated, dossier)
        whole = sum(took.values())
        yield f"land of {SIDE:,} x {SIDE:,} x {len(YEARS)}, evaluated and handed on: processor time", whole, "s"
        for part, seconds in took.items():
            yield f"  of which {part}", 100 * seconds / whole, "%"
        yield "  peak memory of the process", most[SIDE] / 2 ** 30, "GiB"
        yield f"  that of {SIDE:,} x {SIDE:,} / {SIDE // 2:,} x {SIDE // 2:,}", most[SIDE] / most[SIDE // 2], "times"
        if importlib.util.find_spec("pymannkendall"):
            begun = time.process_time()
            by_pymannkendall(sample_of(dossier))
            theirs = (time.process_time() - begun) * SIDE * SIDE / SAMPLE
            yield f"  pymannkendall for the trends alone, from {SAMPLE:,} pixels", theirs, "s"
            yield "  pymannkendall / the whole evaluation", theirs / whole, "times"
        else:
            yield "  pymannkendall: not installed (pip install mineco[bench])", float("nan"), ""
        yield "  mineco run, with check, notebook and report (HTML): processor time", run(dossier, folder / "runs"), "s"


def evaluated(dossier: Path) -> dict[str, float]:
    """Processor seconds of each part of an evaluation with its outputs."""
    took: dict[str, float] = {}

    def timed(part: str, call: Callable[..., object], *given: object) -> object:
        begun = time.process_time()
        found = call(*given)
        took[part] = took.get(part, 0.0) + time.process_time() - begun
        return found

    case = area.open_case(dossier)
    rules, data = timed("layers and tables looked through", area.read_land, case)
    measured = timed("measured", area.measure, case, data, rules, ThreadWorkers(area.THREADS))
    found = timed("ranked, joined to zones, told", area.conclude, area.weigh(case), rules, data, measured)
    with tempfile.TemporaryDirectory() as folder:
        timed("outputs written", write_outputs, found, Path(folder) / "results.json")
    return took


def sample_of(dossier: Path) -> NDArray[np.float64]:
    """NDVI of some pixels of each year, (years, pixels)."""
    with rasterio.open(dossier / "rasters" / "ndvi.tif") as file:
        strip = file.read(window=((0, SAMPLE // file.width + 1), (0, file.width)), masked=True)
    return strip.astype(float).filled(np.nan).reshape(len(YEARS), -1)[:, :SAMPLE]


def run(dossier: Path, out: Path) -> float:
    """Processor seconds of the command and all that it starts."""
    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = used()
    subprocess.run([sys.executable, "-m", "mineco", "run", str(dossier), "--standard", area.STANDARD,
                    "--formats", "html", "--out", str(out)], check=True, capture_output=True)
    return used() - before


def make_land(folder: Path, side: int) -> Path:
    """A dossier of side x side pixels and ten years; tables and settings are the example's."""
    rng = np.random.default_rng(side)
    shutil.copytree(EXAMPLE, folder)
    shape, ends = (side, side), np.cumsum(SHARES)[:-1]
    fields = [_field(rng, shape, PATCH) for _ in range(2)]
    start = np.digitize(_ranks(fields[0]), ends).astype(np.uint8)
    end = np.where(fields[1] > 1.0, rng.permutation(8).astype(np.uint8)[start], start)
    ndvi = np.empty((len(YEARS), *shape), dtype=np.int16)
    for place in range(len(YEARS)):
        share = place / (len(YEARS) - 1)
        level = (1 - share) * LEVEL.astype(np.float32)[start] + share * LEVEL.astype(np.float32)[end]
        seen = rng.random(shape, dtype=np.float32) >= CLOUDS
        noise = 0.03 * rng.standard_normal(shape, dtype=np.float32)
        ndvi[place] = np.where(seen, np.rint(1e4 * (level + noise)), -3000)
    rain = np.rint(450 + 70 * rng.standard_normal((len(YEARS), 1, 1)) + np.linspace(-20, 20, side))
    elevation = 1100 + 150 * _field(rng, shape, 20.0) + 0.4 * rng.standard_normal(shape, dtype=np.float32)
    write = _writer(folder / "rasters")
    write("ndvi", ndvi, "int16", -3000, 1e-4)
    write("rain", np.broadcast_to(rain, ndvi.shape), "uint16", 65535)
    write("elevation", np.rint(10 * elevation)[np.newaxis], "int16", -32768, 0.1)
    write("cover_start", start[np.newaxis] + 1, "uint8", 255)
    write("cover_end", end[np.newaxis] + 1, "uint8", 255)
    write("erosivity", np.full((1, *shape), 1500), "uint16", 65535)
    write("erodibility", np.full((1, *shape), 400), "uint16", 65535, 1e-4)
    _tables(folder / "rasters", rng, start + 1, end + 1)
    return folder


def _field(rng: np.random.Generator, shape: tuple[int, int], reach: float) -> NDArray[np.float32]:
    """A smooth field of mean 0 and standard deviation 1."""
    made = gaussian_filter(rng.standard_normal(shape, dtype=np.float32), reach, mode="wrap")
    return made / made.std()


def _ranks(field: NDArray[np.float32]) -> NDArray[np.float64]:
    """Each pixel's place among all, 0 to 1."""
    ranks = np.empty(field.size)
    ranks[np.argsort(field, axis=None)] = np.linspace(0, 1, field.size, endpoint=False)
    return ranks.reshape(field.shape)


def _writer(folder: Path):
    def write(name: str, bands: NDArray, dtype: str, nodata: float, scale: float = 1.0) -> None:
        with rasterio.open(folder / f"{name}.tif", "w", driver="GTiff", width=bands.shape[2], height=bands.shape[1],
                           count=len(bands), dtype=dtype, crs="EPSG:32649", transform=TRANSFORM, nodata=nodata,
                           tiled=True, blockxsize=256, blockysize=256, compress="DEFLATE", interleave="band") as file:
            for band, values in enumerate(bands, 1):
                file.write(values.astype(dtype), band)
            file.scales = (scale,) * len(bands)
    return write


def _tables(folder: Path, rng: np.random.Generator, start: NDArray, end: NDArray) -> None:
    """Layers of ten years, and points and plots on this land."""
    listed = pd.read_csv(folder / "layers.csv", dtype=str, keep_default_na=False)
    listed = listed[~listed["layer"].isin(["ndvi", "rain"])]
    series = pd.DataFrame([{"layer": name, "year": year, "file": f"{name}.tif", "band": band, "scale": "", "nodata": "",
                            "data_source": "made"} for name in ("ndvi", "rain") for band, year in enumerate(YEARS, 1)])
    pd.concat([series, listed]).to_csv(folder / "layers.csv", index=False)
    pixels = rng.choice(start.size, POINTS + PLOTS, replace=False)
    rows, columns = np.divmod(pixels, start.shape[1])
    before, after = start.flat[pixels], end.flat[pixels]
    table = pd.DataFrame({"id": [f"P{one}" for one in range(len(pixels))], "x": TRANSFORM.c + (columns + 0.5) * PIXEL,
                          "y": TRANSFORM.f - (rows + 0.5) * PIXEL,
                          "use": np.where(np.arange(len(pixels)) < 80, "fit", "test"),
                          "restore": np.where(np.isin(after, WORN), "yes", "no"), "cover_start": before,
                          "cover_end": after})
    table[:POINTS].to_csv(folder / "points.csv", index=False)
    pools = pd.read_csv(folder / "pools.csv").groupby("class")["mean_tc_per_ha"].sum()
    plots = table[POINTS:].assign(carbon_tc_per_ha=pools.loc[after[POINTS:]].to_numpy())
    plots[["id", "x", "y", "carbon_tc_per_ha"]].to_csv(folder / "plots.csv", index=False)
    places = table[["id", "x", "y"]]
    sorts = [(np.isin(before, WORN) & ~np.isin(after, WORN), "restored"), ((before == 1) & (after == 1), "control")]
    pd.concat([places[there][:12].assign(group=group) for there, group in sorts]).to_csv(folder / "controls.csv",
                                                                                         index=False)


if __name__ == "__main__":
    for what, value, unit in rows():
        print(f"{what:<90}  {value:>10.3f}  {unit}".rstrip())

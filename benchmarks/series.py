"""Trends of whole maps, beside pymannkendall pixel by pixel; and what windows, threads and size do to them."""

import hashlib
import importlib.util
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import Affine

from benchmarks.ahp import fastest, once, require_equal
from mineco.geo.layers import Layer, open_layers
from mineco.geo.windows import ThreadWorkers, Window, windows
from mineco.geo.writing import write_raster
from mineco.restoration.maps.series import Trend, trend

YEARS, SIDE, LARGE = np.arange(2001, 2021), 500, 5_000
SAMPLE = 4_000  # pixels given to pymannkendall, from which its time for the map is extrapolated
MINIMUM = 8
MEMORY = 2 ** 26  # bytes of a window
BYTES = 8 * (3 * len(YEARS) + 4)  # a pixel's series three times over while it is read, and its results
ROWS = 25  # of a map in memory that a thread takes at a time


def rows() -> Iterator[tuple[str, float, str]]:
    """What, value, unit; stops where slopes or p differ from pymannkendall's. Ratios are from this one run."""
    rng = np.random.default_rng(20240601)
    slopes = rng.normal(0, 0.002, (SIDE, SIDE))
    whole = 0.5 + rng.normal(0, 0.05, (len(YEARS), SIDE, SIDE)) + slopes * (YEARS - 2010)[:, np.newaxis, np.newaxis]
    gappy = np.where(rng.random(whole.shape) < 0.15, np.nan, whole)
    for name, values in (("no gaps", whole), ("15 % gaps", gappy)):
        one, two = (fastest(lambda threads=threads, values=values: by_threads(values, threads)) for threads in (1, 2))
        yield f"Sen and Mann-Kendall on {SIDE} x {SIDE} x {len(YEARS)}, {name}: one thread", one, "s"
        yield "  two threads", two, "s"
        yield "  one thread / two threads", one / two, "times"
        yield "  of which this machine now allows at most", machine(), "times"
        if importlib.util.find_spec("pymannkendall"):
            took, theirs = once(lambda values=values: by_pymannkendall(values.reshape(len(YEARS), -1)[:, :SAMPLE]))
            ours = trend(values.reshape(len(YEARS), -1)[:, :SAMPLE], YEARS, MINIMUM)
            require_equal("pymannkendall", (theirs[0], theirs[1]), (ours.slope, ours.p), 1e-8)
            yield f"  pymannkendall, from {SAMPLE:,} pixels", took * SIDE * SIDE / SAMPLE, "s"
            yield "  pymannkendall / two threads", took * SIDE * SIDE / SAMPLE / two, "times"
        else:
            yield "  pymannkendall: not installed (pip install mineco[bench])", float("nan"), ""

    with tempfile.TemporaryDirectory() as folder:
        for side in (SIDE, LARGE):
            make_series(Path(folder), side)
        costs = {}
        for side in (SIDE, LARGE):
            took, most, _ = in_new_process(map_of_trends, Path(folder), side, 2)
            costs[side] = took / side ** 2
            yield f"from files to a map, {side:,} x {side:,} x {len(YEARS)}, two threads", took, "s"
            yield "  per pixel", costs[side] * 1e6, "us"
            yield "  peak memory of the process", most / 2 ** 30, "GiB"
        yield f"  cost per pixel of {LARGE:,} x {LARGE:,} / {SIDE} x {SIDE}", costs[LARGE] / costs[SIDE], "times"


def by_threads(values: NDArray, threads: int) -> list[Trend]:
    """A map in memory, in strips."""
    strips = (values[:, start:start + ROWS] for start in range(0, values.shape[1], ROWS))
    return list(ThreadWorkers(threads).map(lambda strip: trend(strip, YEARS, MINIMUM), strips))


def machine() -> float:
    """By how much two threads beat one in work that shares nothing: less than 2 where others use the machine."""
    def work(_: int) -> bytes:
        return hashlib.pbkdf2_hmac("sha256", b"some", b"work", 100_000)
    one, two = (fastest(lambda threads=threads: list(ThreadWorkers(threads).map(work, range(2)))) for threads in (1, 2))
    return one / two


def by_pymannkendall(values: NDArray) -> tuple[NDArray, NDArray]:
    """Slope and p by pymannkendall."""
    from pymannkendall import original_test

    found = [original_test(one) for one in values.T]
    return np.array([one.slope for one in found]), np.array([one.p for one in found])


def make_series(folder: Path, side: int) -> None:
    """A GeoTIFF of 20 bands, in tiles, as NDVI is kept: whole numbers with a scale."""
    rng = np.random.default_rng(side)
    with rasterio.open(folder / f"{side}.tif", "w", driver="GTiff", width=side, height=side, count=len(YEARS),
                       dtype="int16", nodata=-3000, crs="EPSG:32650", tiled=True, blockxsize=256, blockysize=256,
                       transform=Affine(30.0, 0.0, 4e5, 0.0, -30.0, 4e6), interleave="band") as file:
        file.scales = (1e-4,) * len(YEARS)
        for window in windows(side, side, MEMORY, BYTES):
            shape = (len(YEARS), window.height, window.width)
            file.write((5000 + 500 * rng.standard_normal(shape, dtype="float32")).astype("int16"),
                       window=((window.row, window.row + window.height), (window.column, window.column + window.width)))


def map_of_trends(folder: Path, side: int, threads: int) -> None:
    """Files in, window by window; slope, p and observations out as a file."""
    layer = Layer("ndvi", folder / f"{side}.tif", "continuous", -1, 1, bands=tuple(range(1, len(YEARS) + 1)))
    layers = open_layers([layer])

    def block(window: Window) -> tuple[Window, NDArray]:
        found = trend(layers.read("ndvi", window), YEARS, MINIMUM)
        return window, np.stack([found.slope, found.p, found.observed]).astype("float32")

    parts = windows(side, side, MEMORY, BYTES)
    write_raster(folder / f"{side}-trend.tif", layers.grid, ThreadWorkers(threads).map(block, parts), "continuous",
                 "float32", float("nan"), ["slope", "p", "observed"])


def in_new_process(function: Callable[..., Any], *given: Any) -> tuple[float, int, Any]:
    """Seconds of a call, most bytes that its process held, and what it returns."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measured, args=(theirs, function, given))
    process.start()
    found = ours.recv()
    process.join()
    return found


def _measured(pipe, function: Callable[..., Any], given: Sequence[Any]) -> None:
    begun = time.perf_counter()
    returned = function(*given)
    took, status = time.perf_counter() - begun, Path("/proc/self/status")
    if status.exists():  # what getrusage tells begins with the memory of the process that started this one
        most = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
    else:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS
    pipe.send((took, most, returned))


if __name__ == "__main__":
    for what, value, unit in rows():
        print(f"{what:<75}  {value:>10.3f}  {unit}".rstrip())

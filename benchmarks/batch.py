"""Forty reports, and many mines, beside papermill's and nbconvert's command lines.

``python -m benchmarks.batch [DOSSIER]`` prints the reports alone.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from mineco.runs import run
from mineco.runs.batch.blank_table import blank_row
from mineco.runs.run import notebook_of

STANDARD = "carbon-neutral-mine-2025"
REPORTS = 40
RESULTS = 2000  # dossiers; the start of two workers is a second or two, whatever their number
BY_HAND = 2  # runs by hand, one after the other; each takes as long as the next, so that more are extrapolated
ROWS = (20_000, 1_000_000)  # of tables: neither memory nor the time of a row must grow from the one to the other
WORKERS = (1, 2)
PARTS = {"execute": "cells, in the fork",
         "_write": "notebook and HTML", "complete": "archive", "sync_all": "fsync"}
TIMED = 5  # runs of which the parts are timed


def rows(dossier: Path) -> Iterator[tuple[str, float, str]]:
    """What, value, unit; every ratio is of times from this one run."""
    dossier = dossier.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer, peer_used = by_hand(dossier, folder / "by-hand")
        mines = list(copies(dossier, folder / "mines", REPORTS))
        yield from reports(folder, mines, peer, peer_used)
        for what, seconds in parts_of_a_run(dossier, folder / "parts"):
            yield f"  one run alone: {what}", seconds, "s"
        mines += copies(dossier, folder / "more", RESULTS - REPORTS)
        took, used, _ = mineco(folder, *mines, "--out", folder / "results", "--depth", "results")
        yield f"mineco batch, results of {RESULTS:,} dossiers: a mine", took / RESULTS * 1e3, "ms"
        yield "  by hand / mineco batch", peer * RESULTS / took, "times"
        yield "  the ratio by processor time", peer_used * RESULTS / used, "times"
        yield from tables(dossier, folder, peer_used)


def reports(folder: Path, mines: list[Path], peer: float, peer_used: float) -> Iterator[tuple[str, float, str]]:
    """Reports as HTML by one worker and by two, beside as many by hand one at a time, of which a few were timed."""
    yield f"papermill and nbconvert by hand, one at a time: a run ({BY_HAND} timed)", peer, "s"
    yield "  processor time of a run", peer_used, "s"
    times = {}
    for workers in WORKERS:
        took, used, _ = mineco(folder, *mines, "--out", folder / f"reports-{workers}", workers=workers)
        times[workers] = took
        yield f"mineco batch, {len(mines)} reports, workers {workers}: all", took, "s"
        yield "  processor time of a run", used / len(mines), "s"
        yield f"  by hand / mineco batch, {len(mines)} by hand extrapolated", peer * len(mines) / took, "times"
        yield "  the ratio by processor time, which a busy machine changes less", peer_used * len(mines) / used, "times"
    yield "one worker / two, which a busy machine lowers", times[1] / times[2], "times"


def tables(dossier: Path, folder: Path, peer_used: float) -> Iterator[tuple[str, float, str]]:
    """Tables of growing length, as CSV and as Parquet, beside pandas that reads, adds up and writes the same CSV.

    All times are processor times, with those of starting.
    """
    for count in ROWS:
        columns = table(dossier, folder, count)
        before = spent_by_children()
        subprocess.run([sys.executable, "-c", BY_PANDAS], cwd=folder, check=True)
        pandas = spent_by_children() - before
        yield f"pandas reads, adds up and writes {count:,} rows of {columns} columns: a row", pandas / count * 1e6, "µs"
        for name in ("mines.csv", "mines.parquet"):
            _, used, peak = mineco(folder, folder / name, "--like", dossier, "--out", folder / f"table-{count}-{name}")
            yield f"mineco batch, results of {name}, {count:,} rows: a mine", used / count * 1e6, "µs"
            yield "  mineco batch / pandas", used / pandas, "times"
            yield "  by hand / mineco batch", peer_used * count / used, "times"
            yield "  peak memory of the largest process", peak, "MiB"
            shutil.rmtree(folder / f"table-{count}-{name}")


def by_hand(dossier: Path, folder: Path) -> tuple[float, float]:
    """Wall and processor time of a run, typed one after the other. [s]"""
    given = {"dossier": dossier, "standard": STANDARD, "language": "zh", "results": "results.json"}
    typed = [part for name, value in given.items() for part in ("-p", name, value)]

    before, begun = spent_by_children(), time.perf_counter()
    for number in range(BY_HAND):
        (inside := folder / str(number)).mkdir(parents=True)
        for command in (["papermill", notebook_of(STANDARD), "out.ipynb", "-k", "python3", *typed],
                        ["nbconvert", "--to", "html", "out.ipynb"]):
            subprocess.run([sys.executable, "-m", *map(str, command)], cwd=inside, check=True, capture_output=True)
    return (time.perf_counter() - begun) / BY_HAND, (spent_by_children() - before) / BY_HAND


def spent_by_children() -> float:
    """Processor time of all programs that have ended. [s]"""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def mineco(folder: Path, *arguments: Any, workers: int = WORKERS[-1]) -> tuple[float, float, float]:
    """Wall time [s], processor time [s] and peak memory of one process [MiB] of ``mineco batch``."""
    before, begun = spent_by_children(), time.perf_counter()
    peak = folder / "peak"
    subprocess.run([sys.executable, "-c", MEASURED.format(peak=str(peak)), "batch",
                    *map(str, arguments), "--workers", str(workers)], cwd=folder, check=True, capture_output=True)
    took = time.perf_counter() - begun
    return took, spent_by_children() - before, float(peak.read_text()) / 1024


MEASURED = """
import atexit, pathlib, resource
from mineco.cli.main import main

def tell():  # getrusage counts the parent's peak as one's own
    own = [int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")]
    peaks = own or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
    pathlib.Path({peak!r}).write_text(str(max(*peaks, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)))

atexit.register(tell)
main()
"""


BY_PANDAS = """
import pandas
table = pandas.read_csv("mines.csv")
table.sum(numeric_only=True)
table.to_csv("again.csv", index=False)
"""


def copies(dossier: Path, folder: Path, count: int) -> Iterator[Path]:
    """Dossiers that differ in their id."""
    for number in range(count):
        made = Path(shutil.copytree(dossier, folder / f"mine-{number}"))
        text = (made / "mine.yaml").read_text("utf-8")
        (made / "mine.yaml").write_text(text.replace(f"id: {dossier.name}\n", f"id: mine-{number}\n"), "utf-8")
        yield made


def table(dossier: Path, folder: Path, count: int) -> int:
    """A table of mines whose production differs, as CSV and as Parquet; the number of its columns."""
    row, vary = blank_row(dossier), np.random.default_rng(20240101)
    headings = [name for name in row if name.startswith(("metrics:production", "activity:electricity/purchased"))]
    writer: parquet.ParquetWriter | None = None
    with (folder / "mines.csv").open("wb") as file:
        for begin in range(0, count, ROWS[0]):
            some = pd.DataFrame({name: pd.to_numeric(pd.Series([text] * ROWS[0]), errors="coerce").fillna(text)
                                 for name, text in row.items()})
            some["mine"] = [f"mine-{number}" for number in range(begin, begin + ROWS[0])]
            for name in headings:
                some[name] = (some[name] * vary.uniform(0.97, 1.03, ROWS[0])).round(2)
            some.to_csv(file, index=False, header=not begin, encoding="utf-8-sig" if not begin else "utf-8")
            made = pa.Table.from_pandas(some, preserve_index=False)
            writer = writer or parquet.ParquetWriter(folder / "mines.parquet", made.schema)
            writer.write_table(made)
    if writer:
        writer.close()
    return len(row)


def parts_of_a_run(dossier: Path, out: Path) -> Iterator[tuple[str, float]]:
    """What takes the time of one run in a warm process; the rest is what is not named. [s]"""
    spent = dict.fromkeys(PARTS, 0.0)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **options: Any) -> Any:
            begun = time.perf_counter()
            try:
                return function(*given, **options)
            finally:
                spent[name] += time.perf_counter() - begun
        return call

    run.run(dossier, out=out, formats=["html"], engine="fork")
    functions = {name: getattr(run, name) for name in PARTS}
    try:
        for name, function in functions.items():
            setattr(run, name, timed(name, function))
        begun = time.perf_counter()
        for _ in range(TIMED):
            run.run(dossier, out=out, formats=["html"], engine="fork")
        whole = time.perf_counter() - begun
    finally:
        for name, function in functions.items():
            setattr(run, name, function)
    for name, what in PARTS.items():
        yield what, spent[name] / TIMED
    yield "all of it", whole / TIMED


def main() -> None:
    """The reports alone."""
    dossier = Path(sys.argv[1] if len(sys.argv) > 1 else "parameters/mines/changcun-coal").resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mines = list(copies(dossier, folder / "mines", REPORTS))
        for what, value, unit in reports(folder, mines, *by_hand(dossier, folder / "by-hand")):
            print(f"{what:<70} {value:>10.3f} {unit}", flush=True)


if __name__ == "__main__":
    main()

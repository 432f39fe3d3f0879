"""``python -m benchmarks.scale [DOSSIER]``: what a mine costs each part of a batch, and where each would bound it.

Processor time is of the process that gives out the work and of its workers, each by itself; it hardly changes on a busy
machine, as wall time does, which stands beside the load. What is computed from the measured says so.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pyarrow as pa
from pyarrow import parquet

from benchmarks.batch import copies, table
from mineco.core.workers import ClusterWorkers
from mineco.standards.factors import load_factors

DOSSIER = Path("parameters/mines/tiny-quarry")
ROWS = (80_000, 160_000)  # the cost of a row is of the rows between the two, without that of starting; so many are sent
PROVINCES = 30
MINES = (160, 480)  # dossiers, for results
REPORTS = (2, 8)  # dossiers, for reports
TASKS = 2000  # that do nothing, through a scheduler
WORKERS = 1000  # of which is computed

MEASURED = """
import atexit, json, pathlib, resource
from mineco.cli.main import main
def note():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    pathlib.Path({path!r}).write_text(json.dumps([[one.ru_utime + one.ru_stime, one.ru_maxrss / 1024] for one in used]))
atexit.register(note)
main()
"""


class Cost(NamedTuple):
    """Of one batch, or of one mine of it."""

    wall: float  # s
    giving: float  # s of processor time, in the process that gives out the work
    working: float  # s of processor time, in its workers
    giving_memory: float  # MiB
    working_memory: float  # MiB of the largest worker
    size: float  # bytes written
    files: float


def spent(folder: Path, workers: int, *arguments: Any) -> Cost:
    """What ``mineco batch`` costs."""
    out, note = folder / "out", folder / "note.json"
    shutil.rmtree(out, ignore_errors=True)
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", MEASURED.format(path=str(note)), "batch", *map(str, arguments),
                    "--out", out, "--workers", str(workers)], check=True, capture_output=True)
    wall = time.perf_counter() - begun
    (giving, memory), (working, largest) = json.loads(note.read_text())
    files = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
    return Cost(wall, giving, working, memory, largest, sum(files), len(files))


def of_one(few: Cost, many: Cost, more: int) -> Cost:
    """What each of the mines costs that the larger batch has more; memory is that of the larger batch."""
    found = [(other - one) / more for one, other in zip(few, many, strict=True)]
    return Cost(*found)._replace(giving_memory=many.giving_memory, working_memory=many.working_memory)


def lines(what: str, cost: Cost) -> Iterator[tuple[str, float, str]]:
    """A mine's cost, and what follows from it."""
    yield f"{what}: giving out", cost.giving * 1e6, "µs"
    yield "  working", cost.working * 1e6, "µs"
    yield "  wall time with two workers", cost.wall * 1e6, "µs"
    yield "  memory of the process that gives out", cost.giving_memory, "MiB"
    yield "  memory of the largest worker", cost.working_memory, "MiB"
    yield "  disk", cost.size / 1024, "KiB"
    yield "  files", cost.files, ""
    yield "  computed: mines that one process gives out", 1 / cost.giving, "1/s"
    yield "  computed: workers that it keeps busy", cost.working / cost.giving, ""
    rate = min(WORKERS / cost.working, 1 / cost.giving)
    yield f"  computed: mines of {WORKERS:,} workers", rate, "1/s"
    yield "  computed: what their disk writes", rate * cost.size / 2**20, "MiB/s"
    yield "  computed: files that it makes", rate * cost.files, "1/s"


def rows(dossier: Path) -> Iterator[tuple[str, float, str]]:
    """What, value, unit."""
    dossier = dossier.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield "load of the machine", os.getloadavg()[0], ""
        yield from tables(dossier, folder)
        for what, counts, options in (
                ("results of a dossier", MINES, ["--depth", "results"]),
                ("report as HTML", REPORTS, []),
                ("report as HTML, PDF and DOCX", REPORTS, ["--formats", "html,pdf,docx"])):
            mines = list(copies(dossier, folder / "-".join(what.split()), counts[1]))
            few, many = (spent(folder, 2, *mines[:count], *options) for count in counts)
            yield from lines(what, of_one(few, many, counts[1] - counts[0]))
        yield from scheduler()
        yield "load of the machine", os.getloadavg()[0], ""


def tables(dossier: Path, folder: Path) -> Iterator[tuple[str, float, str]]:
    """Tables as Parquet, of one province and of many."""
    table(dossier, folder, ROWS[1])
    whole = parquet.read_table(folder / "mines.parquet")
    for provinces in (1, PROVINCES):
        costs = list[Cost]()
        for count in ROWS:
            parquet.write_table(spread(whole.slice(0, count), provinces), folder / "mines.parquet")
            costs.append(spent(folder, 2, folder / "mines.parquet", "--like", dossier))
        yield from lines(f"row of a table, {provinces} provinces", of_one(*costs, ROWS[1] - ROWS[0]))


def spread(whole: pa.Table, provinces: int) -> pa.Table:
    """The mines of a table in so many provinces, in turn; in their own where that is one."""
    if provinces == 1:
        return whole
    names, place = load_factors().names("province", "zh")[:provinces], whole.schema.names.index("mine:province")
    return whole.set_column(place, "mine:province", pa.array(
        [names[number % provinces] for number in range(len(whole))]))


def scheduler() -> Iterator[tuple[str, float, str]]:
    """What a task costs a Dask scheduler of this machine, and the process that gives it out, beside the work."""
    with tempfile.TemporaryDirectory() as name:
        about = Path(name) / "scheduler.json"
        options = ["--scheduler-file", str(about), "--no-dashboard", "--host", "127.0.0.1"]
        started = [subprocess.Popen([sys.executable, "-m", "dask", *one, *options], cwd=name,
                                    stderr=subprocess.DEVNULL)
                   for one in (["scheduler", "--port", "0"], ["worker", "--nthreads", "1", "--no-nanny"])]
        try:
            while not (about.exists() and about.stat().st_size):
                time.sleep(0.1)
            remote = ClusterWorkers(json.loads(about.read_text())["address"])
            list(remote.map(abs, range(100)))
            before = psutil.Process(started[0].pid).cpu_times(), time.process_time()
            list(remote.map(abs, range(TASKS)))
            after = psutil.Process(started[0].pid).cpu_times(), time.process_time()
            remote.close()
        finally:
            for one in started[::-1]:
                one.terminate()
                one.wait()
    scheduling = (after[0].user + after[0].system - before[0].user - before[0].system) / TASKS
    giving = (after[1] - before[1]) / TASKS
    yield "task of a Dask cluster: the scheduler", scheduling * 1e6, "µs"
    yield "  the process that gives it out", giving * 1e6, "µs"
    yield "  computed: tasks of one scheduler", 1 / max(scheduling, giving), "1/s"


def main() -> None:
    for what, value, unit in rows(Path(sys.argv[1]) if len(sys.argv) > 1 else DOSSIER):
        print(f"{what:<58}  {value:>14,.3f}  {unit}".rstrip(), flush=True)


if __name__ == "__main__":
    main()

"""The same work gives the same results here, in processes and on a Dask cluster, whatever becomes of the workers."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet
import pytest

from mineco.core import workers as cluster
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.evaluation.restoration_area import evaluate as restoration_area
from mineco.evaluation.restoration_area.windows.tasks import measure_window
from mineco.runs.batch import land as area_cluster
from mineco.runs.batch import table as batch_table
from mineco.runs.batch import work as batch_work
from mineco.runs.batch.batch import LOCK, Batch
from mineco.runs.batch.blank_table import blank_row, blank_table
from mineco.runs.batch.table import TableBatch
from tests.helpers.refusals import refused_with

MINES = parameters() / "mines"
DIES = "__import__('os').kill(__import__('os').getpid(), 9)"


@pytest.fixture
def processes() -> Iterator[cluster.ProcessWorkers]:
    workers = cluster.ProcessWorkers(2)
    yield workers
    workers.close()


def dies_once(flag: Path) -> str:
    """An expression that kills its process the first time."""
    return f"__import__('os').path.exists({str(flag)!r}) or (open({str(flag)!r}, 'w').close(), {DIES})"


def test_results_come_in_the_order_of_the_tasks(processes):
    tasks = ["__import__('time').sleep(0.3) or 'slow'", *(f"{number} * 2" for number in range(20))]
    assert list(processes.map(eval, tasks)) == ["slow", *range(0, 40, 2)]


def test_tasks_are_taken_as_they_are_needed_and_not_all_at_once(processes):
    taken = []
    results = processes.map(abs, (taken.append(number) or -number for number in range(1000)))
    assert next(results) == 0
    assert len(taken) <= 4 * cluster.AHEAD * processes.size
    assert list(results) == list(range(1, 1000))


def test_a_worker_that_is_killed_loses_nothing(processes, tmp_path):
    tasks = ["1", dies_once(tmp_path / "flag"), "3", "4", "5"]
    assert list(processes.map(eval, tasks)) == [1, True, 3, 4, 5]


def test_a_task_that_kills_every_worker_is_given_up_and_the_others_are_done(processes):
    first, lost, last = processes.map(eval, ["1", DIES, "3"])
    assert (first, last) == (1, 3)
    assert lost == cluster.LostTask("SIGKILL")


def test_what_a_task_raises_is_raised_where_it_came_from(processes):
    with pytest.raises(ZeroDivisionError):
        list(processes.map(eval, ["1 / 0"]))


def test_all_problems_of_bad_input_come_from_another_process(processes):
    with pytest.raises(BadInput) as refused:
        list(processes.map(batch_work.require_kit, ["other"]))
    (problem,) = refused.value.problems
    assert (problem.message, problem.details["here"]) == ("cluster_differs", "other")


def test_no_process_stays_when_the_work_is_given_up():
    workers = cluster.ProcessWorkers(2)
    results = workers.map(eval, ["__import__('os').getpid()", "__import__('time').sleep(600)"])
    next(results)
    begun = [one.process for one in workers.processes]
    workers.close()
    assert [one.is_alive() for one in begun] == [False, False]


@pytest.mark.parametrize(("count", "address", "kind"),
                         [(1, None, cluster.SerialWorkers), (3, None, cluster.ProcessWorkers)])
def test_the_number_of_processes_decides_who_does_the_work(count, address, kind, monkeypatch):
    monkeypatch.setenv(cluster.ADDRESS, "tcp://127.0.0.1:1")  # asked for processes, it stays with them
    assert type(cluster.open_workers(count, address)) is kind


def test_the_address_in_the_environment_is_taken_when_nothing_else_is_asked_for(monkeypatch):
    monkeypatch.setenv(cluster.ADDRESS, "tcp://127.0.0.1:1")
    monkeypatch.setattr(cluster, "CONNECTING", 0.5)
    with refused_with("cluster_not_reached"):
        cluster.open_workers(None, None)


def test_a_missing_distributed_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with refused_with("cluster_not_installed"):
        cluster.open_workers(None, "tcp://127.0.0.1:1")


# --- a real scheduler with two worker processes ---------------------------------------------------------------------

@pytest.fixture
def dask(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of a scheduler on loopback, and its worker processes; ended with the test."""
    about = tmp_path / "scheduler.json"
    environment = os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2"}
    started = [subprocess.Popen(
        [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", str(about)], env=environment, stderr=subprocess.DEVNULL)]
    for number in range(2):
        started.append(subprocess.Popen(
            [sys.executable, "-m", "dask", "worker", "--scheduler-file", str(about), "--host", "127.0.0.1",
             "--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60",
             "--local-directory", str(tmp_path / f"worker-{number}")],
            env=environment, stderr=subprocess.DEVNULL))
    try:
        until = time.monotonic() + 60
        while not (about.exists() and about.stat().st_size) and time.monotonic() < until:  # there, and then written
            time.sleep(0.05)
        yield json.loads(about.read_text())["address"], started[1:]
    finally:
        for one in started[::-1]:
            one.send_signal(signal.SIGTERM)
        for one in started:
            try:
                one.wait(15)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def connected(address: str) -> cluster.ClusterWorkers:
    """The cluster, once both its workers have joined."""
    made = cluster.open_workers(None, address)
    assert isinstance(made, cluster.ClusterWorkers)
    made.client.wait_for_workers(2, timeout=60)
    return made


def rows_of(out: Path) -> list[dict[str, object]]:
    rows = pyarrow.parquet.read_table(out / "summary.parquet").to_pylist()
    return [{name: value for name, value in row.items() if name != "run"} for row in rows]


def copies(folder: Path, count: int) -> list[Path]:
    """So many mines, no two the same."""
    made = []
    for number in range(count):
        made.append(Path(shutil.copytree(MINES / "tiny-quarry", folder / f"mine-{number}")))
        text = (made[-1] / "mine.yaml").read_text("utf-8")
        (made[-1] / "mine.yaml").write_text(text.replace("id: tiny-quarry", f"id: mine-{number}"), "utf-8")
    return made


@pytest.mark.slow
def test_a_cluster_gives_the_same_results_as_a_loop(dask, tmp_path):
    address, _ = dask
    mines = [*copies(tmp_path / "mines", 20), MINES / "changcun-coal", tmp_path / "nowhere"]
    table = tmp_path / "mines.csv"
    lines = blank_table(MINES / "example-copper").splitlines()
    table.write_text("\n".join([lines[0], *(lines[1].replace("example-copper,", f"mine-{number},", 1)
                                            for number in range(50))]) + "\n", "utf-8")
    remote = connected(address)
    try:
        assert remote.size == 2
        for name, workers in (("here", cluster.SerialWorkers()), ("there", remote)):
            done = Batch(tmp_path / name, workers).dossiers(mines, "results")
            assert (done.complete, done.refused, done.failed) == (21, 1, 0)
            done = TableBatch(Batch(tmp_path / f"table-{name}", workers), table, MINES / "example-copper").evaluate()
            assert (done.complete, done.refused, done.failed) == (50, 0, 0)
    finally:
        remote.close()
    assert rows_of(tmp_path / "there") == rows_of(tmp_path / "here")
    assert rows_of(tmp_path / "table-there") == rows_of(tmp_path / "table-here")


@pytest.mark.slow
def test_a_table_in_parquet_gives_the_bytes_of_a_loop_on_a_cluster(dask, tmp_path, monkeypatch):
    address, _ = dask
    monkeypatch.setattr(batch_table, "PART", 20)
    row, table = blank_row(MINES / "tiny-quarry"), tmp_path / "mines.parquet"
    columns = {name: [float(text) if text.replace(".", "").isdigit() and name != "year" else text] * 100
               for name, text in row.items()}
    columns["mine"] = [f"mine-{number}" for number in range(100)]
    columns["mine:province"] = ["浙江", "山西", "内蒙古", "新疆"] * 25
    columns["metrics:production [t]"] = [290_000.5 + 200 * number for number in range(99)] + [-1.0]  # one is refused
    columns["activity:electricity/purchased [MWh]"] = [None if number == 7 else 600.0 for number in range(100)]
    pyarrow.parquet.write_table(pyarrow.table(columns), table)
    remote = connected(address)
    try:
        for name, workers in (("here", cluster.SerialWorkers()), ("there", remote)):
            done = TableBatch(Batch(tmp_path / name, workers), table, MINES / "tiny-quarry").evaluate()
            assert (done.complete + done.preliminary, done.refused, done.failed) == (99, 1, 0)
    finally:
        remote.close()
    here, there = ({path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")
                    if path.is_file() and path.name != LOCK} for name in ("here", "there"))
    assert here == there
    assert {path.name for path in here} >= {"summary.csv", "summary.parquet", "summary.html"}
    assert len(here) == 3 + 5  # and a record of each part


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_midway_makes_every_report_and_records_each_once(dask, tmp_path):
    address, workers = dask
    mines, out = copies(tmp_path / "mines", 8), tmp_path / "out"
    remote = connected(address)
    killed = []

    class Dying:
        """The cluster, one worker of which is killed when the first report is there."""

        size = remote.size

        def map(self, function, tasks):
            for number, one in enumerate(remote.map(function, tasks)):
                if number == 0 and function.func is batch_work.report_of_dossier:
                    workers[0].kill()
                    killed.append(workers[0].wait())
                yield one

    try:
        done = Batch(out, Dying()).dossiers(mines)
    finally:
        remote.close()
    assert killed == [-signal.SIGKILL]
    assert (done.complete, done.refused, done.failed) == (8, 0, 0)
    assert len(list((out / "mineco-batch").glob("*/*.json"))) == 8
    here = Batch(tmp_path / "here", cluster.SerialWorkers())
    here.dossiers(mines, "results")
    assert rows_of(out) == rows_of(tmp_path / "here")
    again = Batch(out, cluster.SerialWorkers()).dossiers(mines)
    assert (again.complete, again.before) == (8, 8)


@pytest.mark.slow
def test_a_worker_of_another_make_or_without_the_files_is_told_before_anything_is_sent(dask, tmp_path, monkeypatch):
    address, _ = dask
    remote = connected(address)
    try:
        with pytest.raises(BadInput) as refused:
            remote.require(lambda: {"process": str(__import__("os").getpid())}, [], None)
        assert [one.message for one in refused.value.problems] == ["cluster_differs"] * 2
        remote.require(batch_work.worker_signature, [MINES / "tiny-quarry" / "mine.yaml"], tmp_path)
        assert not list(tmp_path.glob(".*"))  # the file by which workers prove that they see the folder
        blind = lambda about, files: (dict(about()), dict.fromkeys(files))  # noqa: E731 - sent by value
        monkeypatch.setattr(cluster, "_inspect_worker", blind)
        with pytest.raises(BadInput) as refused:
            remote.require(batch_work.worker_signature, [], tmp_path)
        assert [(one.message, one.details["path"]) for one in refused.value.problems] == [
            ("cluster_path_not_shared", str(tmp_path))] * 2
    finally:
        remote.close()


# --- windows of a map -----------------------------------------------------------------------------------------------

WINDOW = 1_500_000  # bytes: nine windows of the example


def evaluated(case, workers, folder: Path):
    folder.mkdir()
    return restoration_area.evaluate(case, workers, folder, WINDOW)


def tiles(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_among_the_windows_gives_the_last_bit_of_a_loop(dask, tmp_path):
    address, workers = dask
    case = restoration_area.open_case(MINES / "example-restoration-area")
    here = evaluated(case, cluster.SerialWorkers(), tmp_path / "here")
    remote = connected(address)
    there = evaluated(case, remote, tmp_path / "there")
    killed = []

    class Dying:
        """The cluster, one worker of which is killed when the first window was measured."""

        size = remote.size

        def map(self, function, tasks):
            for number, one in enumerate(remote.map(function, tasks)):
                if number == 0 and function is measure_window:
                    workers[0].kill()
                    killed.append(workers[0].wait())
                yield one

    try:
        after = evaluated(case, Dying(), tmp_path / "after")
    finally:
        remote.close()
    assert killed == [-signal.SIGKILL]
    expected = here.outcome()
    assert there.outcome() == expected
    assert after.outcome() == expected
    assert len(tiles(tmp_path / "here")) == 9 * 5  # measured, index, class, labels, zone
    assert tiles(tmp_path / "there") == tiles(tmp_path / "here") == tiles(tmp_path / "after")


@pytest.mark.slow
def test_workers_that_see_other_rasters_are_told_before_any_window_is_sent(dask, tmp_path, monkeypatch):
    address, _ = dask
    case = restoration_area.open_case(MINES / "example-restoration-area")
    blind = lambda about, files: (dict(about()), dict.fromkeys(files))  # noqa: E731 - sent by value
    monkeypatch.setattr(cluster, "_inspect_worker", blind)
    monkeypatch.setenv(cluster.ADDRESS, address)
    (tmp_path / "tiles").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tiles"))
    with pytest.raises(BadInput) as refused, area_cluster.notebook_workers(case):
        pass
    told = {Path(str(one.details["path"])).name for one in refused.value.problems}
    assert {one.message for one in refused.value.problems} == {"cluster_path_not_shared"}
    assert {"ndvi.tif", "points.csv", "tiles"} <= told
    assert not list((tmp_path / "tiles").iterdir())


@pytest.mark.slow
def test_a_run_on_a_cluster_writes_what_a_run_here_writes(dask, tmp_path, monkeypatch):
    address, _ = dask
    connected(address).close()
    monkeypatch.delenv(cluster.ADDRESS, raising=False)
    made = []
    for name, arguments in (("here", []), ("there", ["--cluster", address])):
        done = subprocess.run(
            [sys.executable, "-m", "mineco", "run", str(MINES / "example-restoration-area"), "--standard",
             "restoration-area-2025", "--formats", "html", "--out", str(tmp_path / name), *arguments],
            capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        made.append(next((tmp_path / name).glob("example-*")))
    here, there = ({path.relative_to(run): path.read_bytes() for path in
                    [run / "results.json", *(run / "outputs").iterdir()]} for run in made)
    assert here == there
    assert len(here) > 10
    assert not [path for run in made for path in run.iterdir() if path.name.startswith(".")], "tiles are taken away"

"""What goes wrong while a run is under way: the earlier run stays as it was, nothing half made stands under a final
name, the log says what happened, and the same order given again is completed."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.runs import run as run_module
from mineco.runs import runlog, staging
from mineco.runs.notebook import kernel as kernels
from mineco.runs.run import run
from tests.helpers.places import ROOT
from tests.helpers.refusals import refused_with
from tests.runs.faults.driver import STANDARD, with_cells

DRIVER = Path(__file__).with_name("driver.py")
PARAMETERS = "dossier = ''\nstandard = ''\nlanguage = 'zh'\ngwp = ''\nresults = ''"
GOOD = """
import hashlib, json, pathlib
pathlib.Path(results).write_text(json.dumps({
    "mine": {"id": "north-pit"}, "year": 2024, "report_date": "2025-03-31", "uncertainty": {}}))
print("sha256:" + hashlib.sha256(pathlib.Path(results).read_bytes()).hexdigest())
"""
posix = pytest.mark.skipif(os.name == "nt", reason="signals, limits and mounts of POSIX")


class Mine:
    """A dossier, a folder of runs with one good run in it, and a notebook to be replaced."""

    def __init__(self, folder: Path, notebook_of_cells: Callable[..., dict[str, Any]]) -> None:
        self.kit, self.dossier, self.out = folder / "kit", folder / "dossier", folder / "runs"
        self.notebook_of_cells = notebook_of_cells
        self.kit.mkdir()
        self.dossier.mkdir()
        (self.dossier / "mine.yaml").write_text("id: north-pit\n", encoding="utf-8")
        self.cells(GOOD)

    def cells(self, *sources: str) -> None:
        notebook = self.notebook_of_cells(PARAMETERS, *sources)
        (self.kit / "zh").mkdir(exist_ok=True)
        (self.kit / "zh" / "carbon-neutral-mine.ipynb").write_text(json.dumps(notebook))

    def run(self, **more: Any) -> Path:
        return run(self.dossier, STANDARD, self.out, ("html",), **more)

    def start(self, engine: str = "") -> subprocess.Popen[str]:
        """The same order in a process of its own."""
        words = [sys.executable, str(DRIVER), str(self.kit), str(self.dossier), str(self.out), *filter(None, [engine])]
        return subprocess.Popen(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True)

    def finished(self) -> dict[str, bytes]:
        """Every file of every run that has its final name."""
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for folder in self.out.iterdir()
                if not folder.name.startswith(".") and folder.is_dir() for path in folder.rglob("*") if path.is_file()}

    def unfinished(self) -> list[str]:
        """What stands beside the runs, the log and its lock."""
        return [path.name for path in self.out.iterdir()
                if path.name not in (runlog.NAME, runlog.LOCK) and not (path / "manifest-sha256.txt").is_file()]

    def last(self) -> dict[str, str]:
        return runlog.read(self.out)[-1]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notebook_of_cells: Callable[..., dict[str, Any]]) -> Mine:
    made = Mine(tmp_path, notebook_of_cells)
    with_cells(made.kit, monkeypatch.setattr)
    made.run()
    return made


@contextlib.contextmanager
def unharmed(mine: Mine, engine: str | None = None) -> Iterator[None]:
    """What holds after every fault: the earlier run untouched, nothing half made, and the next order completed."""
    before = mine.finished()
    assert len({name.partition("/")[0] for name in before}) == 1
    yield
    assert mine.finished() == before
    mine.cells(GOOD)
    staging._looked.clear()  # as in the process of the next day
    made = mine.run(engine=engine, timeout=60.0)
    assert (made / "manifest-sha256.txt").is_file()
    assert mine.unfinished() == []
    assert mine.last()["status"] == "complete"


def failure(mine: Mine, **more: Any) -> str:
    """What a run that fails says, in words and in the log."""
    with pytest.raises(BadInput) as failed:
        mine.run(**more)
    (problem,) = failed.value.problems
    said = problem_text(problem, "en")
    assert mine.last()["status"] == "failed"
    assert mine.last()["reason"]
    assert mine.unfinished() == []
    return said


def until(holds: Callable[[], Any], seconds: float = 30.0) -> Any:
    """What a condition gives, once it holds."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to pass"
        time.sleep(0.02)
    return found


# --- inside the notebook ---------------------------------------------------------------------------------------------

FAILING = {  # what a cell does, and words of what is said of it
    "exit with 0": ("import sys; sys.exit(0)", "cell 2 failed: SystemExit"),
    "exit with 3": ("raise SystemExit(3)", "cell 2 failed: SystemExit"),
    "error": ("1 / 0", "cell 2 failed: ZeroDivisionError"),
    "error of the keyboard": ("raise KeyboardInterrupt", "cell 2 failed: KeyboardInterrupt"),
    "error in a thread": ("import threading\none = threading.Thread(target=lambda: 1 / 0)\none.start(); one.join()",
                          "cell 2 failed: ZeroDivisionError: division by zero"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended half way in cell 2: "),
    "crashed": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended half way in cell 2: "),
    "ended at once": ("import os; os._exit(0)", "ended half way in cell 2: "),
    "every file closed": ("import os; os.closerange(3, 200)", ""),
    "out of memory": ("import resource as r\nr.setrlimit(r.RLIMIT_AS, (600_000_000, -1))\nb = bytearray(10**9)",
                      "cell 2 failed: MemoryError"),
    "too many open files": ("open_ = [open('/dev/null') for _ in range(10**6)]", "cell 2 failed: OSError"),
}


ENGINES = [None, "fork"]


@posix
@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FAILING)
def test_a_cell_that_fails_is_named_and_nothing_stays_of_the_run(mine, name, engine):
    source, said = FAILING[name]
    with unharmed(mine, engine):
        for _ in range(2):
            mine.cells(source, GOOD)
            assert said in failure(mine, timeout=20.0, engine=engine)


@posix
def test_a_killed_kernel_fails_the_run_and_the_next_one_is_whole(mine):
    with unharmed(mine):
        mine.cells(FAILING["killed"][0], GOOD)
        assert "ended half way in cell 2: SIGKILL" in failure(mine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", ["while True: pass", "import time; time.sleep(1000)"])
def test_a_cell_that_never_ends_is_stopped_and_named(mine, source, engine):
    with unharmed(mine, engine):
        mine.cells(source, GOOD)
        begun = time.monotonic()
        assert "cell 2 ran longer than 0.5 s" in failure(mine, timeout=0.5, engine=engine)
        assert time.monotonic() - begun < 20


PRINTING = [
    "while True: print('x' * 1000)", "import sys\nwhile True: sys.stderr.write('y' * 100_000)",
    "from IPython.display import display, HTML\nwhile True: display(HTML('z' * 10_000))"]
PAST_PYTHON = ["import os\nwhile True: os.write(1, b'x' * 100_000)", "import subprocess\nsubprocess.run(['yes'])"]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", [*PRINTING, *PAST_PYTHON])
def test_a_cell_that_prints_without_end_is_stopped_in_little_memory(mine, source, engine, monkeypatch):
    monkeypatch.setattr(kernels, "MAX_OUTPUT", 2_000_000)
    with unharmed(mine, engine):
        mine.cells(source, GOOD)
        peak, watched = most_memory()
        assert "cell 2 prints too much, more than 2,000,000 characters" in failure(mine, engine=engine, timeout=60.0)
        watched.set()
        assert peak[0] < 400_000_000


def most_memory() -> tuple[list[int], threading.Event]:
    """The most bytes more than now that this process and those it starts hold, looked at until told to stop.

    What a fork shares with this process counts once, where the system tells: else this one's size would be held twice.
    """
    peak, stop, here = [0], threading.Event(), psutil.Process()

    def held() -> int:
        sizes = [one.memory_full_info() for one in [here, *here.children(recursive=True)]]
        return sum(getattr(one, "pss", one.rss) for one in sizes)

    before = held()

    def look() -> None:
        while not stop.wait(0.05):
            with contextlib.suppress(psutil.Error):
                peak[0] = max(peak[0], held() - before)

    threading.Thread(target=look, daemon=True).start()
    return peak, stop


def test_a_missing_kernel_is_told_and_not_waited_for(mine, monkeypatch):
    with unharmed(mine), monkeypatch.context() as broken:
        broken.setattr(kernels, "LAUNCH", "raise SystemExit('no shell here')")
        begun = time.monotonic()
        assert "the computing process ended half way" in failure(mine)
        assert time.monotonic() - begun < 20
        broken.setattr(sys, "executable", str(mine.kit / "no-python"))
        with refused_with("file_trouble"):
            mine.run()


# --- the driver ------------------------------------------------------------------------------------------------------

WAITING = "import os, pathlib, time\npathlib.Path({mark!r}).write_text(str(os.getpid()))\ntime.sleep(60)"


def running(mine: Mine, engine: str = "") -> tuple[subprocess.Popen[str], int]:
    """A driver whose kernel is inside a cell, and the process of that kernel."""
    mark = mine.kit / "kernel.pid"
    mark.unlink(missing_ok=True)
    mine.cells(WAITING.format(mark=str(mark)), GOOD)
    driver = mine.start(engine)
    return driver, int(until(lambda: mark.is_file() and mark.read_text()))


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")  # dead, and nobody's child


@posix
@pytest.mark.slow
@pytest.mark.parametrize(("number", "code", "reason"), [
    (signal.SIGINT, None, "KeyboardInterrupt"), (signal.SIGTERM, 128 + signal.SIGTERM, "SystemExit")])
def test_a_driver_that_is_asked_to_stop_cleans_up_and_takes_its_kernel_along(mine, number, code, reason):
    with unharmed(mine):
        for _ in range(2):
            driver, kernel = running(mine)
            driver.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                driver.wait(20)
            driver.send_signal(number)  # Python loses a signal that comes while it deletes an object
            driver.communicate(timeout=30)
            assert driver.returncode == code or (code is None and driver.returncode in (1, -signal.SIGINT, 130))
            assert mine.unfinished() == []
            assert (mine.last()["status"], reason in mine.last()["reason"]) == ("interrupted", True)
            until(lambda process=kernel: not alive(process))


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_while_it_is_moved_into_place_is_whole_and_logged_or_not_there(mine, monkeypatch, number):
    before, move = mine.finished(), run_module.move_into_place

    def move_and_stop(folder: Path, name: str) -> Path:
        final = move(folder, name)
        signal.raise_signal(number)
        return final

    monkeypatch.setattr(run_module, "move_into_place", move_and_stop)
    earlier = signal.signal(signal.SIGTERM, lambda one, _: sys.exit(128 + one))
    try:
        with pytest.raises((KeyboardInterrupt, SystemExit)):
            mine.run()
    finally:
        signal.signal(signal.SIGTERM, earlier)
    assert {name: content for name, content in mine.finished().items() if name in before} == before
    assert [line["status"] for line in runlog.read(mine.out)] == ["complete", "complete"]
    assert {line["run"] for line in runlog.read(mine.out)} == {name.partition("/")[0] for name in mine.finished()}
    assert mine.unfinished() == []


@posix
@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_driver_that_is_killed_leaves_what_the_next_run_sweeps_and_logs(mine, engine):
    with unharmed(mine):
        driver, kernel = running(mine, engine or "")
        driver.kill()
        driver.communicate(timeout=30)
        assert [name for name in mine.unfinished() if not name.startswith(".")] == []
        until(lambda: not alive(kernel))  # it looks once a second whether its parent lives
        staging._looked.clear()
        mine.cells("1 / 0")
        with pytest.raises(BadInput):
            mine.run()
        assert mine.unfinished() == []
        killed = runlog.read(mine.out)[-2]
        assert (killed["status"], killed["dossier"]) == ("interrupted", str(mine.dossier))


@posix
@pytest.mark.slow
def test_a_run_under_way_is_not_swept_by_another(mine):
    driver, _ = running(mine)
    staging._looked.clear()
    mine.cells(GOOD)
    second = mine.run()
    assert second.is_dir()
    assert [name for name in mine.unfinished() if name.endswith(".partial")]
    driver.send_signal(signal.SIGINT)
    driver.communicate(timeout=30)
    assert mine.unfinished() == []


@pytest.mark.slow
def test_writers_on_one_folder_of_runs_each_get_a_run_of_their_own(mine):
    before = mine.finished()
    drivers = [mine.start() for _ in range(4)]
    told = [Path(driver.communicate(timeout=120)[0].strip()) for driver in drivers]
    assert [driver.returncode for driver in drivers] == [0] * 4
    assert len(set(told)) == 4
    assert all((folder / "manifest-sha256.txt").is_file() for folder in told)
    assert {name: content for name, content in mine.finished().items() if name in before} == before
    lines = runlog.read(mine.out)
    assert sorted(line["run"] for line in lines[1:]) == sorted(folder.name for folder in told)
    assert {line["status"] for line in lines} == {"complete"}
    assert mine.unfinished() == []


# --- the disk --------------------------------------------------------------------------------------------------------

def test_a_folder_of_runs_that_is_a_link_is_written_through_and_stays_a_link(mine, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = tmp_path / "link"
    link.symlink_to(elsewhere, target_is_directory=True)
    mine.out = link
    made = mine.run()
    assert link.is_symlink()
    assert made.parent == elsewhere
    assert mine.unfinished() == []


@posix
def test_links_in_the_place_of_a_run_or_of_the_log_are_not_followed(mine, tmp_path, monkeypatch):
    class Stopped(staging.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2025, 3, 1, 12, 0, 0)

    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("mine")
    monkeypatch.setattr(staging, "datetime", Stopped)
    (mine.out / "north-pit-2024-20250301T120000").symlink_to(precious, target_is_directory=True)
    assert mine.run().name == "north-pit-2024-20250301T120000-2"
    (mine.out / runlog.NAME).unlink()
    (mine.out / runlog.NAME).symlink_to(precious / "file")
    names = {path.name for path in mine.out.iterdir()}
    with refused_with("file_trouble"):
        mine.run()
    assert {path.name for path in mine.out.iterdir()} == names
    assert [path.read_text() for path in precious.iterdir()] == ["mine"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A function that mounts a small disk, where the machine lets us."""
    mounted = []

    def mount(size: str) -> Path:
        folder = tmp_path / "disk"
        folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
        if done.returncode:
            pytest.skip("only a superuser can mount a small disk")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@posix
def test_a_disk_that_is_full_from_the_start_is_told(mine, disk):
    mine.out = disk("1m") / "runs"
    mine.out.mkdir()
    (mine.out.parent / "full").write_bytes(bytes(1_000_000))
    with refused_with("file_trouble") as failed:
        mine.run()
    assert "No space left on device" in failed.value.problems[0].details["reason"]
    assert mine.unfinished() == []


@posix
@pytest.mark.slow
@pytest.mark.parametrize("room", range(300_000, 2_100_001, 300_000))
def test_a_disk_that_fills_up_midway_leaves_no_half_run_wherever_it_is(mine, disk, room):
    place = disk("4m")
    mine.out = place / "runs"
    mine.run()
    with unharmed(mine):
        free = os.statvfs(place)
        (place / "filler").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - room)))
        try:
            made = mine.run()
        except BadInput as error:
            said = str([problem.details for problem in error.problems])
        else:  # there was room enough
            said = "No space left was needed"
            assert mine.last()["run"] == made.name
            shutil.rmtree(made)
        assert "No space left" in said
        assert mine.unfinished() == []
        (place / "filler").unlink()

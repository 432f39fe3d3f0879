"""What goes wrong while a batch is under way: the rest is done, and the same order given again does what is left."""

import csv
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from mineco.core.kit import parameters
from mineco.runs import runlog
from tests.helpers.places import ROOT
from tests.runs.faults.test_faults import until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")]
MINES = 4


class Mines:
    """Some quarries of different names, and the folder of their runs."""

    def __init__(self, folder: Path) -> None:
        self.out, self.folders = folder / "runs", []
        for number in range(MINES):
            copy = Path(shutil.copytree(parameters() / "mines" / "tiny-quarry", folder / f"quarry-{number}"))
            text = (copy / "mine.yaml").read_text("utf-8")
            (copy / "mine.yaml").write_text(text.replace("id: tiny-quarry", f"id: quarry-{number}"), "utf-8")
            self.folders.append(copy)

    def start(self) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "mineco", "batch", *map(str, self.folders), "--out", str(self.out),
                 "--depth", "reports", "--workers", "2", "--lang", "en"]
        return subprocess.Popen(words, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                start_new_session=True)

    def complete(self) -> list[str]:
        """The mines that have a run, one for each run of its final name."""
        return sorted(path.name.partition("-2024")[0] for path in self.out.glob("quarry-*"))

    def half_made(self) -> list[str]:
        return [path.name for path in self.out.glob("quarry-*") if not (path / "manifest-sha256.txt").is_file()]

    def all_once(self) -> None:
        """Each mine has a run, whole and logged, and one row of the summary, which names it.

        A worker that is killed between the end of a run and the record of it has the run made again: two runs, of
        which one is recorded.
        """
        names = [f"quarry-{number}" for number in range(MINES)]
        assert sorted(set(self.complete())) == names
        assert len(self.complete()) <= MINES + 2, "only what was under way is done again"
        assert self.half_made() == []
        logged = {line["run"] for line in runlog.read(self.out) if line["status"] == "complete"}
        assert logged <= {path.name for path in self.out.glob("quarry-*")}
        (summary,) = self.out.glob("**/*summary*.csv")
        with summary.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert sorted(row["mine"] for row in rows) == names
        assert {row["run"] for row in rows} <= logged


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for run in folder.glob("quarry-*")
            for path in run.rglob("*") if path.is_file()}


@pytest.fixture
def mines(tmp_path: Path) -> Mines:
    return Mines(tmp_path)


def workers_of(driver: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes of the pool: children of the driver that evaluate."""
    return [one for one in psutil.Process(driver.pid).children() if "spawn_main" in " ".join(one.cmdline())]


def test_a_killed_worker_of_the_pool_takes_no_other_mine_with_it(mines):
    driver = mines.start()
    until(mines.complete, 60)
    workers_of(driver)[0].kill()
    _, said = driver.communicate(timeout=120)
    assert driver.returncode == 0, said
    mines.all_once()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_batch_that_is_stopped_does_the_rest_when_it_is_ordered_again(mines, number):
    first = mines.start()
    until(lambda: len(mines.complete()) >= 1, 60)
    pool = workers_of(first)
    first.send_signal(number)
    first.communicate(timeout=60)
    assert first.returncode != 0
    until(lambda: not psutil.wait_procs(pool, timeout=0)[1], 30)  # no worker outlives its driver
    assert mines.half_made() == []
    before = contents(mines.out)
    again = mines.start()
    _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    mines.all_once()
    assert {name: content for name, content in contents(mines.out).items() if name in before} == before


def test_a_mine_that_cannot_be_read_does_not_keep_the_others_back(mines):
    (mines.folders[1] / "ratings.csv").unlink()
    (mines.folders[2] / "activity.csv").unlink()
    os.mkfifo(mines.folders[2] / "activity.csv")
    shutil.rmtree(mines.folders[3])
    driver = mines.start()
    _, said = driver.communicate(timeout=120)
    assert driver.returncode == 2
    assert "Traceback" not in said
    assert mines.complete() == ["quarry-0"]
    assert mines.half_made() == []

"""An interpreter that several processes share forks for each of them, and outlives none that matters."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mineco.runs.notebook import interpreter, kernel

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

FORKING = """
import json, sys
from pathlib import Path
from mineco.runs.notebook import kernel

fork = kernel.fork_kernel(json.loads(sys.argv[1]), Path.cwd())
told = fork.execute("import os; print(os.getppid(), os.getpid())")["outputs"]
print(*(shown["text"] for outputs in told.values() for shown in outputs), flush=True)
sys.stdin.read()
"""
SHARING = """
import json, sys
from pathlib import Path
from mineco.runs.notebook import kernel

sharing = kernel.shared_interpreter(json.loads(sys.argv[1]))
sharing.__enter__()
fork = kernel.fork_kernel(json.loads(sys.argv[1]), Path.cwd())
told = fork.execute("import os; print(os.getppid(), os.getpid(), os.environ['MINECO_INTERPRETERS'])")["outputs"]
print(*(shown["text"] for outputs in told.values() for shown in outputs), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def notebook(notebook_of_cells: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.delenv("MINECO_NO_FORK", raising=False)
    return notebook_of_cells("a = 1", "import textwrap")


@pytest.fixture
def shared(notebook: dict[str, Any]) -> Iterator[Path]:
    """The folder of an interpreter that this process shares."""
    interpreter.close_all()
    with kernel.shared_interpreter(notebook):
        yield Path(os.environ[interpreter.SHARED])
    interpreter.close_all()


def started(script: str, notebook: dict[str, Any], folder: Path) -> tuple[subprocess.Popen, list[str]]:
    """A process that has forked a notebook, and what it tells: the fork's parent and the fork."""
    process = subprocess.Popen([sys.executable, "-c", script, json.dumps(notebook)], cwd=folder, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout
    return process, process.stdout.readline().split()


def parent_of(fork: kernel.Kernel) -> str:
    told = fork.execute("import os; print(os.getppid())")["outputs"]
    return "".join(shown["text"] for outputs in told.values() for shown in outputs).strip()


def killed(process: subprocess.Popen) -> None:
    process.kill()
    process.communicate()


def ended(pid: str) -> bool:
    for _ in range(200):
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_processes_that_were_started_here_fork_the_interpreter_that_is_shared(notebook, shared, tmp_path):
    ours = kernel.fork_kernel(notebook, tmp_path)
    theirs = [started(FORKING, notebook, tmp_path) for _ in range(2)]
    parent = parent_of(ours)
    assert [told[0] for _, told in theirs] == [parent, parent]
    assert len({told[1] for _, told in theirs}) == 2
    ours.stop()
    for process, _ in theirs:
        killed(process)


def test_another_notebook_has_an_interpreter_of_its_own(notebook, shared, notebook_of_cells, tmp_path):
    ours, other = (kernel.fork_kernel(one, tmp_path) for one in (notebook, notebook_of_cells("a = 1", "import wave")))
    parents = {parent_of(one) for one in (ours, other)}
    ours.stop()
    other.stop()
    assert len(parents) == 2


def test_a_process_that_dies_takes_its_own_forks_along_and_no_others(notebook, shared, tmp_path):
    (first, (_, lost)), (second, (_, kept)) = (started(FORKING, notebook, tmp_path) for _ in range(2))
    killed(first)
    assert ended(lost)
    os.kill(int(kept), 0)
    killed(second)


def test_an_interpreter_of_ones_own_serves_where_the_shared_one_is_gone(notebook, shared, tmp_path):
    first, (gone, _) = started(FORKING, notebook, tmp_path)
    os.kill(int(gone), signal.SIGKILL)
    second, (other, _) = started(FORKING, notebook, tmp_path)
    assert other != gone
    for process in (first, second):
        killed(process)


def test_nobody_else_may_enter_the_folder_of_a_shared_interpreter_which_goes_with_it(notebook):
    for _ in range(2):
        with kernel.shared_interpreter(notebook):
            folder = Path(os.environ[interpreter.SHARED])
            assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
        assert not folder.exists()
        assert interpreter.SHARED not in os.environ


def test_a_shared_interpreter_is_gone_behind_its_block_and_the_next_notebook_starts_its_own(notebook, tmp_path):
    with kernel.shared_interpreter(notebook):
        within = kernel.fork_kernel(notebook, tmp_path)
        server = parent_of(within)
        within.stop()
    assert ended(server)
    behind = kernel.fork_kernel(notebook, tmp_path)
    assert parent_of(behind) != server
    behind.stop()
    interpreter.close_all()


def test_a_shared_interpreter_ends_with_its_starter_however_that_ends(notebook, tmp_path):
    process, (server, fork, folder) = started(SHARING, notebook, tmp_path)
    assert Path(folder).exists()
    killed(process)
    assert ended(fork)
    assert ended(server)
    assert not Path(folder).exists()


def test_each_process_starts_its_own_interpreter_where_none_can_be_shared(notebook, tmp_path, monkeypatch):
    deep = tmp_path / ("deep" * 50)  # beyond what the path of a socket may have
    deep.mkdir()
    monkeypatch.setattr(interpreter.tempfile, "tempdir", str(deep))
    with kernel.shared_interpreter(notebook):
        ours = kernel.fork_kernel(notebook, tmp_path)
        assert ours.execute("1")["error"] is None
        ours.stop()
    assert not list(deep.iterdir())
    interpreter.close_all()

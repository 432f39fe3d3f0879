"""A fork, and a process started for a notebook, give what the stock kernel gives, and remember nothing."""

import functools
import json
import os
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import papermill
import pytest

from mineco.core.errors import BadInput
from mineco.runs.notebook import interpreter, kernel
from mineco.runs.notebook.execute import execute
from mineco.runs.run import run
from tests.helpers.places import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
QUARRY = ROOT / "parameters" / "mines" / "tiny-quarry"
ENGINES: dict[str, Callable[..., Any]] = {"fork": kernel.fork_kernel, "kernel": kernel.start_kernel}
SLOW_KERNEL = ["fork", pytest.param("kernel", marks=pytest.mark.slow)]


@pytest.fixture(scope="module", autouse=True)
def interpreters() -> Iterator[None]:
    """The preloaded interpreters of these tests end with them."""
    yield
    interpreter.close_all()


@pytest.fixture
def executed(notebook_of_cells: Callable[..., dict[str, Any]], tmp_path: Path) -> Callable[..., Any]:
    """A function that executes cells by one of the engines."""

    def run_cells(name: str, *sources: str, **options: Any) -> Any:
        notebook = notebook_of_cells("a = 1", *sources)
        started = ENGINES[name](notebook, tmp_path)
        try:
            return nbformat.from_dict(execute(notebook, "stub.ipynb", {}, started, **options))
        finally:
            started.stop()

    return run_cells


def printed(notebook: Any) -> str:
    return "".join(output["text"] for cell in notebook["cells"] for output in cell.get("outputs", [])
                   if output["output_type"] == "stream")


def refused(executed: Callable[..., Any], name: str, *sources: str, **options: Any) -> list[tuple[str, Any]]:
    """What an engine says of cells that do not end well."""
    with pytest.raises(BadInput) as failed:
        executed(name, *sources, **options)
    return [(one.message, one.details["cell"]) for one in failed.value.problems]


def of_the_stock_kernel(notebook: dict[str, Any], folder: Path, environment: pytest.MonkeyPatch) -> Any:
    """The notebook as JupyterLab would execute it."""
    environment.chdir(folder)
    for name, value in interpreter.ENVIRONMENT.items():
        environment.setenv(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sockets
        return nbclient.NotebookClient(nbformat.reads(json.dumps(notebook), as_version=4)).execute()


def test_both_engines_give_the_outputs_of_the_stock_kernel(executed, notebook_of_cells, tmp_path, monkeypatch):
    cells = (
        "print(a); import sys; print('aside', file=sys.stderr); a",
        "from IPython.display import HTML, SVG, Image, display, clear_output\n"
        "display(HTML('<b>x</b>')); print('after'); a + 1",
        "handle = display('first', display_id=True)\nhandle.update('second')",
        "print('gone'); clear_output(); print('kept')",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "import asyncio\nawait asyncio.sleep(0.01)\nasyncio.get_running_loop().is_running()",
        "import threading; t = threading.Thread(target=print, args=('from a thread',)); t.start(); t.join()",
        "%matplotlib inline\n!echo from a shell",
        "import os; os.environ['OMP_NUM_THREADS'], os.environ['PYTHONHASHSEED'], list({'b', 'a', 'c'}), __name__",
        "import os; os.path.realpath(os.getcwd()), os.environ['MPLBACKEND']",
        "import pandas; pandas.DataFrame({'矿': [1.5], 'text': ['long ' * 30]})",
        "print('one'); clear_output(wait=True); print('two'); handle.update('third'); type(get_ipython()).__name__",
        "display(Image(bytes(8), format='png'), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))",
    )
    made = [of_the_stock_kernel(notebook_of_cells("a = 1", *cells), tmp_path, monkeypatch),
            *(executed(name, *cells) for name in ENGINES)]
    for notebook in made:  # the addresses of objects
        for output in notebook.cells[6].outputs:
            output.data.pop("text/plain")
    of_stock, of_fork, of_kernel = ([(cell.execution_count, cell.outputs) for cell in one.cells] for one in made)
    assert of_fork == of_stock
    assert of_kernel == of_stock
    assert made[0].metadata == made[1].metadata == made[2].metadata


@pytest.mark.parametrize("name", ENGINES)
def test_what_is_written_past_python_belongs_to_its_cell(executed, name):
    """Where the stock kernel loses what its thread has not read when the cell ends."""
    notebook = executed(name, "import os; os.write(1, b'past Python') and None", "2",
                        "_ = os.system('echo from a program >&2')")
    assert [[(one.get("name"), one.get("text")) for one in cell.outputs] for cell in notebook.cells[1:]] == [
        [("stdout", "past Python")], [(None, None)], [("stderr", "from a program\n")]]


@pytest.mark.parametrize("source", ["1 / 0", "import sys; sys.exit(0)", "import sys; sys.exit(3)", "def"])
@pytest.mark.parametrize("name", ENGINES)
def test_both_engines_name_the_cell_that_fails(executed, name, source):
    assert refused(executed, name, source, "never = 1") == [("cell_failed", 2)]


@pytest.mark.parametrize("name", SLOW_KERNEL)
def test_both_engines_tell_of_a_killed_process_and_do_not_wait(executed, name):
    begun = time.monotonic()
    message = refused(executed, name, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "never = 1")
    assert [one for one, _ in message] == ["kernel_died"]
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("name", SLOW_KERNEL)
def test_both_engines_end_a_cell_that_takes_too_long(executed, name, tmp_path):
    source = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    (message,) = refused(executed, name, source, timeout=2)
    assert "time" in message[0]
    assert ends((tmp_path / "pid").read_text())


def ends(pid: str) -> bool:
    """Whether a process is gone soon; one that is waited for by nobody yet is gone too."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat")
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def test_nothing_that_one_run_changes_is_there_in_the_next(executed):
    executed("fork", "import builtins, os, json, numpy, matplotlib",
             "builtins.left = 1; os.environ['LEFT'] = '1'; json.dumps = None; os.chdir('/'); numpy.seterr(all='raise')",
             "matplotlib.rcParams['font.size'] = 99")
    look = ("import builtins, os, json, numpy, matplotlib",
            "print(hasattr(builtins, 'left'), 'LEFT' in os.environ, json.dumps is None, os.getcwd() == '/',"
            " numpy.geterr()['divide'], matplotlib.rcParams['font.size'] == 99)")
    assert printed(executed("fork", *look)).split() == ["False", "False", "False", "False", "warn", "False"]


def test_random_numbers_differ_from_run_to_run_unless_the_notebook_seeds_them(executed):
    drawn = "import random, numpy\nprint(random.random(), numpy.random.random(), numpy.random.default_rng().random())"
    first, second = (printed(executed("fork", drawn)).split() for _ in range(2))
    assert all(one != other for one, other in zip(first, second, strict=True))
    seeded = "import numpy\nprint(numpy.random.default_rng(7).random())"
    assert printed(executed("fork", seeded)) == printed(executed("fork", seeded))


def test_forks_of_one_interpreter_run_beside_each_other(notebook_of_cells, tmp_path):
    notebook = notebook_of_cells("a = 1", "import os; print(os.getpid())")
    kernels = [kernel.fork_kernel(notebook, tmp_path) for _ in range(3)]
    pids = {printed(execute(notebook, "stub.ipynb", {}, one)) for one in reversed(kernels)}
    for one in kernels:
        one.stop()
    assert len(pids) == 3
    assert all(ends(pid.strip()) for pid in pids)


@pytest.mark.parametrize("without_fork", [
    lambda patch: patch.delattr(os, "fork"), lambda patch: patch.setenv("MINECO_NO_FORK", "1")], ids=["none", "told"])
def test_an_ordinary_kernel_serves_where_no_process_can_be_forked(
        notebook_of_cells, tmp_path, monkeypatch, without_fork):
    without_fork(monkeypatch)
    monkeypatch.setattr(interpreter, "Interpreter", None)
    notebook = notebook_of_cells("a = 1", "print(a)")
    started = kernel.fork_kernel(notebook, tmp_path)
    try:
        assert printed(execute(notebook, "stub.ipynb", {}, started)) == "1\n"
    finally:
        started.stop()


def test_an_ordinary_kernel_serves_where_the_preloaded_interpreter_does_not_answer(
        notebook_of_cells, tmp_path, monkeypatch):
    monkeypatch.setattr(interpreter, "SERVER", "raise SystemExit")
    monkeypatch.setattr(kernel, "interpreter", functools.cache(interpreter.interpreter.__wrapped__))
    notebook = notebook_of_cells("a = 1", "print(a)")
    started = kernel.fork_kernel(notebook, tmp_path)
    try:
        assert printed(execute(notebook, "stub.ipynb", {}, started)) == "1\n"
    finally:
        started.stop()


def test_a_preloaded_interpreter_that_is_gone_is_replaced(notebook_of_cells, tmp_path, monkeypatch):
    monkeypatch.delenv("MINECO_NO_FORK", raising=False)
    notebook = notebook_of_cells("a = 1", "print(a)")
    first = kernel.fork_kernel(notebook, tmp_path)
    first.stop()
    gone = kernel.interpreter(os.getpid(), interpreter.Preload(()))
    gone.process.kill()
    gone.process.wait()
    second = kernel.fork_kernel(notebook, tmp_path)
    try:
        assert kernel.interpreter(os.getpid(), interpreter.Preload(())) is not gone
        assert printed(execute(notebook, "stub.ipynb", {}, second)) == "1\n"
    finally:
        second.stop()


def test_papermill_knows_the_engine_by_name(notebook_of_cells, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given, out = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    given.write_text(json.dumps(notebook_of_cells("a = 1", "print(a * 2)")))
    papermill.execute_notebook(str(given), str(out), {"a": 21}, engine_name="mineco-fork", kernel_name="python3",
                               language="python", progress_bar=False)
    assert json.loads(out.read_text())["cells"][-1]["outputs"][0]["text"] == ["42\n"]


@pytest.mark.slow
def test_a_run_gives_the_same_report_and_results_by_either_engine(tmp_path):
    fork, ordinary = (run(QUARRY, out=tmp_path / str(name), formats=["html"], engine=name) for name in ("fork", None))
    for name in ("results.json", "report.html", "notebook.ipynb", "trace.json"):
        assert (fork / name).read_bytes() == (ordinary / name).read_bytes(), name


def test_threads_that_fork_at_once_each_end_their_own_process(notebook_of_cells, tmp_path):
    # as the threads of a worker of Dask do: whoever got another one's answer would end a notebook that still runs
    notebook = notebook_of_cells("a = 1")
    kernel.fork_kernel(notebook, tmp_path).stop()  # the interpreter is there
    with ThreadPoolExecutor(8) as threads:
        for _ in range(5):
            forks = list(threads.map(lambda _: kernel.fork_kernel(notebook, tmp_path), range(8)))
            for place, fork in enumerate(forks):
                assert fork.stop() == "SIGKILL"
                others = forks[place + 1:]
                assert [other.execute("1", timeout=20.0)["error"] for other in others] == [None] * len(others)


def test_a_fork_imports_nothing_that_showing_and_trying_a_mine_needs(notebook_of_cells, tmp_path, monkeypatch):
    monkeypatch.delenv("MINECO_NO_FORK", raising=False)
    work = ("import sys; before = set(sys.modules)",
            "case = mineco.open_case(dossier); found = mineco.evaluate(case); advice = mineco.advise(found)",
            "ways = mineco.path(found); table = found.account().frame(); tried = cnm.try_changes(found)",
            "shown = [one._repr_html_() for one in (found, advice, ways, tried)]",
            "print(sorted(one for one in set(sys.modules) - before if one.startswith(('mineco', 'pandas', 'scipy'))))")
    notebook = notebook_of_cells("import mineco; from mineco.evaluation.carbon_neutral_mine import evaluate as cnm",
                                 f"dossier = {str(QUARRY)!r}", *work)
    fork = kernel.fork_kernel(notebook, tmp_path)
    try:
        assert printed(execute(notebook, "stub.ipynb", {}, fork)) == "[]\n"
    finally:
        fork.stop()


@pytest.mark.parametrize("name", ENGINES)
def test_temporary_files_of_a_notebook_go_with_its_process(executed, name):
    where = printed(executed(name, "import tempfile; print(tempfile.mkdtemp())")).strip()
    assert where
    assert not Path(where).exists()

"""A notebook runs in this interpreter, from top to bottom, or says which cell stopped it."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from mineco.core.errors import BadInput
from mineco.runs.notebook.cells import declared_parameters, imported_modules
from mineco.runs.notebook.execute import execute
from mineco.runs.notebook.kernel import start_kernel
from tests.helpers.refusals import refused_with


@pytest.fixture
def executed(notebook_of_cells: Callable[..., dict[str, Any]], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """A function that executes cells in a fresh kernel."""
    started = []

    def run_cells(*sources: str, **parameters: Any) -> Any:
        notebook = notebook_of_cells(*sources)
        started.append(start_kernel(notebook, tmp_path))
        return nbformat.from_dict(execute(notebook, "stub.ipynb", parameters, started[-1]))

    yield run_cells
    for one in started:
        one.stop()


def printed(notebook: Any) -> str:
    return "".join(output.text for cell in notebook.cells for output in cell.get("outputs", [])
                   if output.output_type == "stream")


def test_the_kernel_is_the_running_interpreter_even_when_another_is_installed(
        executed, tmp_path, monkeypatch: pytest.MonkeyPatch):
    other = tmp_path / "jupyter" / "kernels" / "python3"
    other.mkdir(parents=True)
    installed = {"argv": ["/no/such/python"], "display_name": "x", "language": "python"}
    (other / "kernel.json").write_text(json.dumps(installed))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    assert printed(executed("a = 1", "import sys; print(sys.executable)")).strip() == sys.executable


def test_the_kernel_computes_in_its_folder_with_one_thread_and_a_fixed_order_of_sets(executed, tmp_path):
    source = "import os; print(os.getcwd(), os.environ['OMP_NUM_THREADS'], os.environ['PYTHONHASHSEED'])"
    assert printed(executed("a = 1", source)).split() == [os.path.realpath(tmp_path), "1", "0"]


def test_parameters_reach_the_cells_as_they_are_whatever_stands_in_them(executed):
    value = "'; import os #\n{x} \\ 煤矿"
    assert printed(executed("name = ''", "print(name)", name=value)) == value + "\n"


def test_a_figure_drawn_in_a_cell_becomes_its_output(executed):
    notebook = executed("a = 1", "import matplotlib.pyplot as plt", "plt.plot([1, 2]);")
    assert "image/png" in notebook.cells[-1].outputs[-1].data


def test_a_parameter_that_the_notebook_does_not_declare_is_refused(executed):
    with pytest.raises(BadInput) as refused:
        executed("gwp = 'AR6'", "print(gwp)", gpw="AR4")
    (problem,) = refused.value.problems
    assert (problem.message, problem.column, problem.details["allowed"]) == ("unknown_notebook_parameter", "gpw", "gwp")


def test_a_value_that_is_no_scalar_is_refused_because_parameters_become_code(executed):
    with refused_with("unknown_notebook_parameter"):
        executed("gwp = 'AR6'", gwp={"__import__('os')": 1})


def test_a_failing_cell_is_named_with_its_number_and_reason(executed):
    with pytest.raises(BadInput) as failed:
        executed("a = 1", "b = 2", "1 / 0", a=3)
    (problem,) = failed.value.problems
    assert problem.message == "cell_failed"
    # the third cell of the notebook as its user sees it, although papermill has put one of its own before it
    assert problem.details == {"cell": 3, "reason": "ZeroDivisionError: division by zero", "source": "1 / 0"}


def test_a_notebook_that_ends_itself_half_way_has_not_succeeded(executed):
    with refused_with("cell_failed"):
        executed("a = 1", "import sys; sys.exit(0)", "print('never')")


def test_a_killed_kernel_is_reported_and_not_waited_for(executed):
    with refused_with("kernel_died"):
        executed("a = 1", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "print('never')")


def test_two_executions_give_the_same_notebook(executed):
    cells = ("year = 2023", "import matplotlib.pyplot as plt", "print(year, {'b', 'a'})", "plt.plot([1, 2]);")
    first, second = executed(*cells, year=2024), executed(*cells, year=2024)
    for notebook in (first, second):  # the address of an object, which reports do not print
        for output in notebook.cells[-1].outputs:
            output.get("data", {}).pop("text/plain", None)
    assert json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


def test_no_kernel_stays_after_it_was_stopped_nor_what_its_cells_have_started(notebook_of_cells, tmp_path):
    started = start_kernel(notebook_of_cells("a = 1"), tmp_path)
    done = started.execute("import os, subprocess\nprint(os.getpid(), subprocess.Popen(['sleep', '600']).pid)")
    processes = [psutil.Process(int(pid)) for pid in done["outputs"]["0"][0]["text"].split()]
    assert started.stop() == "SIGKILL"
    assert psutil.wait_procs(processes, timeout=10)[1] == []


def test_only_plain_assignments_of_scalars_are_parameters(notebook_of_cells):
    notebook = notebook_of_cells("year = 2024  # reporting year\nfolder = open('x')\nlanguage = 'zh'", "other = 1")
    assert declared_parameters(notebook) == {"year": 2024, "language": "zh"}


def test_a_cell_with_a_magic_does_not_hide_the_imports_of_the_others(notebook_of_cells):
    assert imported_modules(notebook_of_cells("%matplotlib inline", "import json")) == ["json"]

"""A notebook executed from top to bottom, or refused with the cell that stopped it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.runs.notebook.cells import code_cells, declared_parameters
from mineco.runs.notebook.kernel import Kernel, NotebookStopped

CELL_SECONDS = 600.0  # longest time of one cell; the longest of an evaluation takes a few seconds
LOST_THREAD = "Exception in thread "  # as Python begins to tell of it


class CellRefused(BadInput):
    """A cell refused what the notebook was given."""


def execute(notebook: Mapping[str, Any], name: str, parameters: Mapping[str, str | float],
            kernel: Kernel, after_cell: Callable[[], object] = lambda: None, timeout: float = CELL_SECONDS) -> Any:
    """Execute a notebook, called so by messages, in a kernel that the caller stops; with outputs, without times.

    Parameters are those that the notebook declares; papermill pastes them as code, so that they must be scalars. The
    timeout is that of one cell. [s]

    Raises
    ------
    BadInput
        When a parameter is not declared, or a cell fails, never runs, takes too long, prints without end, or loses a
        thread: which one, and why. `CellRefused` where a cell raised a `BadInput` itself.
    """
    declared = declared_parameters(notebook)
    unknown = [Problem("unknown_notebook_parameter", file=name, column=key, value=value,
                       details={"allowed": ", ".join(declared)})
               for key, value in parameters.items() if key not in declared or not isinstance(value, str | int | float)]
    if unknown:
        raise BadInput(unknown)

    import nbformat
    import papermill

    from mineco.runs.notebook.fork_engine import NAME, ForkEngine

    papermill.engines.papermill_engines.register(NAME, ForkEngine)  # also where the package is not installed
    given = nbformat.reads(json.dumps(notebook), as_version=4)
    try:
        executed = papermill.execute_notebook(
            given, None, dict(parameters), kernel_name="python3", language="python", progress_bar=False,
            engine_name=NAME, kernel=kernel, execution_timeout=timeout, after_cell=after_cell)
    except papermill.PapermillExecutionError as error:
        reason = " ".join(f"{error.ename}: {error.evalue}".splitlines())  # of a BadInput a line for each problem
        stopped = CellRefused if error.ename == BadInput.__name__ else BadInput
        raise stopped(_cell_problem(name, notebook, error.source, reason)) from error
    except NotebookStopped as error:
        raise BadInput(_cell_problem(name, notebook, error.source, error.reason, error.message)) from error
    _without_times(executed)
    # sys.exit() in a cell ends a notebook half way, and papermill takes it for success; so it does a thread that fails
    for _, cell, source in code_cells(executed):
        if cell["execution_count"] is None or any(out.output_type == "error" for out in cell["outputs"]):
            raise BadInput(_cell_problem(name, notebook, source, "SystemExit"))
        printed = "".join(out.text for out in cell["outputs"] if out.output_type == "stream" and out.name == "stderr")
        if LOST_THREAD in printed:
            raise BadInput(_cell_problem(name, notebook, source, printed.strip().splitlines()[-1]))
    return executed


def _cell_problem(name: str, notebook: Mapping[str, Any], source: str, reason: str,
                  message: str = "cell_failed") -> Problem:
    # papermill inserts a cell, so that its numbers are not those of the notebook that the user opens
    numbers = [number for number, _, text in code_cells(notebook) if text == source]
    return Problem(message, file=name, details={"cell": numbers[0] if numbers else "—", "reason": reason,
                                                "source": source.strip()})


def _without_times(notebook: Any) -> None:
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells, start=1):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = f"parameters-{number}"

"""A notebook executed from top to bottom, or refused with the cell that stopped it."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.runs.notebook.cells import code_cells, declared_parameters
from mineco.runs.notebook.files import in_memory
from mineco.runs.notebook.kernel import LANGUAGE, Kernel, NotebookStopped

CELL_SECONDS = 600.0  # longest time of one cell; the longest of an evaluation takes a few seconds
LOST_THREAD = "Exception in thread "  # as Python begins to tell of it


class CellRefused(BadInput):
    """A cell refused what the notebook was given."""


def execute(notebook: Mapping[str, Any], name: str, parameters: Mapping[str, str | float],
            kernel: Kernel, after_cell: Callable[[], object] = lambda: None, timeout: float = CELL_SECONDS) -> Any:
    """Execute a notebook, called so by messages, in a kernel that the caller stops; with outputs, without times.

    Parameters are those that the notebook declares; they are pasted as code, so that they must be scalars. The
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

    executed = in_memory(notebook)
    give(executed, parameters)
    try:
        walk(executed, kernel, timeout, after=lambda *_: after_cell())
    except NotebookStopped as error:
        raise BadInput(_cell_problem(name, notebook, error.source, error.reason, error.message)) from error
    for _, cell, source in code_cells(executed):
        told = next((out for out in cell["outputs"] if out["output_type"] == "error" and out["ename"] != "SystemExit"),
                    None)
        if told is not None:
            # of a BadInput a line for each problem
            reason = " ".join(f"{told['ename']}: {told['evalue']}".splitlines())
            raise (CellRefused if told["ename"] == BadInput.__name__ else BadInput)(
                _cell_problem(name, notebook, source, reason))
        # sys.exit() ends a notebook half way, and a thread that fails does not even that
        if cell["execution_count"] is None or any(out["output_type"] == "error" for out in cell["outputs"]):
            raise BadInput(_cell_problem(name, notebook, source, "SystemExit"))
        printed = "".join(out["text"] for out in cell["outputs"]
                          if out["output_type"] == "stream" and out["name"] == "stderr")
        if LOST_THREAD in printed:
            raise BadInput(_cell_problem(name, notebook, source, printed.strip().splitlines()[-1]))
    return executed


def _cell_problem(name: str, notebook: Mapping[str, Any], source: str, reason: str,
                  message: str = "cell_failed") -> Problem:
    # papermill inserts a cell, so that its numbers are not those of the notebook that the user opens
    numbers = [number for number, _, text in code_cells(notebook) if text == source]
    return Problem(message, file=name, details={"cell": numbers[0] if numbers else "—", "reason": reason,
                                                "source": source.strip()})


def walk(notebook: Any, kernel: Kernel, timeout: float | None,
         before: Callable[[Any, int], object] = lambda cell, index: None,
         after: Callable[[Any, int, bool], object] = lambda cell, index, failed: None,
         as_nodes: Callable[[Any], Any] = lambda outputs: outputs) -> None:
    """Execute the cells up to the first that fails where it should not, and tell before and after each of them.

    ``as_nodes`` gives outputs the form that the notebook has them in, where it is not one of plain mappings.
    """
    notebook["metadata"]["language_info"] = LANGUAGE
    executed: list[Any] = []
    for index, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code" and cell["source"].strip():
            executed.append(cell)
            before(cell, index)
            failed = False
            try:
                failed = _execute(kernel, executed, timeout, as_nodes)
            finally:
                after(cell, index, failed)
            if failed:
                return


def _execute(kernel: Kernel, executed: list[Any], timeout: float | None, as_nodes: Callable[[Any], Any]) -> bool:
    """Execute the last of some cells; whether it has failed where it should not."""
    cell = executed[-1]
    done = kernel.execute(cell["source"], timeout)
    cell["execution_count"] = done["count"]
    for place, outputs in done["outputs"].items():
        executed[int(place)]["outputs"] = as_nodes(outputs)
    if done["error"] and not any(one["output_type"] == "error" for one in cell["outputs"]):  # no memory to tell
        cell["outputs"] += as_nodes([{"output_type": "error", "ename": done["error"], "evalue": "", "traceback": []}])
    return bool(done["error"]) and "raises-exception" not in cell["metadata"].get("tags", [])


def give(notebook: Any, parameters: Mapping[str, str | float]) -> None:
    """Put the cell with parameters behind the one that declares them, to the byte as papermill does.

    papermill itself takes longer to import than all of this takes, and writes each notebook twice to throw it away.
    """
    for cell in notebook["cells"]:
        cell["metadata"].setdefault("tags", [])
        if cell["cell_type"] == "code":
            cell.update(execution_count=None, outputs=[])
    if not parameters:
        return
    source = "\n".join(["# Parameters", *(f"{name} = {_as_code(value)}" for name, value in parameters.items()), ""])
    cells = notebook["cells"]
    place = 1 + next(number for number, cell in enumerate(cells) if "parameters" in cell["metadata"]["tags"])
    cells.insert(place, {"cell_type": "code", "id": f"parameters-{place + 1}", "execution_count": None, "outputs": [],
                         "metadata": {"tags": ["injected-parameters"]}, "source": source})


def _as_code(value: str | float) -> str:
    """A scalar as Python, in characters of ASCII.

    >>> print(_as_code('煤 "x"'), _as_code(True), _as_code(0.5))
    "\\u7164 \\"x\\"" True 0.5
    """
    if isinstance(value, str):
        escaped = value.encode("unicode_escape").decode().replace('"', r'\"')
        return f'"{escaped}"'
    return repr(value) if math.isfinite(value) else f"float('{value}')"

"""A notebook executed from top to bottom, in a kernel that is this very interpreter."""

import ast
import json
import logging
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

from mineco.core.errors import BadInput, Problem
from mineco.runs.notebook import printing

CELL_SECONDS = 600.0  # longest time of one cell; the longest of an evaluation takes a few seconds
LOST_THREAD = "Exception in thread "  # as Python begins to tell of it
PACKAGE_PARENT = str(Path(__file__).resolve().parents[3])

# Two runs of the same dossier give the same bytes: no random order of sets, no clock in figures, and one
# thread of linear algebra, since sums differ with the number of threads and with the kind of processor.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "315532800",  # 1980-01-01, the first date that a zip archive can hold
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Nehalem" if platform.machine().lower() in ("x86_64", "amd64") else "ARMV8",  # any can do it
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}

# The notebook's imports are made before the kernel says that it is ready: it does so in a process of its own,
# while this one imports papermill and checks the dossier.
LAUNCH = """
import contextlib, importlib
for name in {modules!r}:
    with contextlib.suppress(ImportError):  # the cell that needs it will say so
        importlib.import_module(name)
from ipykernel.iostream import OutStream
from ipykernel.kernelapp import launch_new_instance
from mineco.runs.notebook.printing import limit
limit(OutStream, {most})  # beyond what the other side takes, so that it stops a cell that writes past Python
launch_new_instance()
"""


def code_cells(notebook: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any], str]]:
    """Number, cell and source of each code cell that has something in it."""
    cells = [(number, cell, "".join(cell["source"])) for number, cell in enumerate(notebook["cells"], start=1)
             if cell["cell_type"] == "code"]
    return [(number, cell, source) for number, cell, source in cells if source.strip()]


def declared_parameters(notebook: Mapping[str, Any]) -> dict[str, object]:
    """The scalars that a notebook declares in the cell tagged ``parameters``, with their defaults.

    >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "dossier = 'mine'  # a folder"}
    >>> declared_parameters({"cells": [cell]})
    {'dossier': 'mine'}
    """
    declared: dict[str, object] = {}
    for _, cell, source in code_cells(notebook):
        if "parameters" in cell["metadata"].get("tags", []):
            for line in ast.parse(source).body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                    declared |= {name.id: line.value.value for name in line.targets if isinstance(name, ast.Name)}
    return declared


def imported_modules(notebook: Mapping[str, Any]) -> list[str]:
    """The modules that the cells of a notebook import.

    >>> imported_modules({"cells": [{"cell_type": "code", "source": "import json\\nfrom mineco import kit"}]})
    ['json', 'mineco', 'mineco.kit']
    """
    found: list[str] = []
    for _, _, source in code_cells(notebook):
        with suppress(SyntaxError):  # a cell with a magic: its imports are made when it runs
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Import):
                    found += [name.name for name in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found += [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
    return list(dict.fromkeys(found))


class _ThisInterpreter(KernelSpecManager):
    """Answers every question for a kernel with the running interpreter.

    An installed kernel named ``python3`` may belong to another environment, and there may be none at all.
    """

    modules: list[str] = []

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        program = LAUNCH.format(modules=self.modules, most=printing.MAX_OUTPUT * 11 // 10)
        command = [sys.executable, "-P", "-c", program, "-f", "{connection_file}"]
        return KernelSpec(**get_kernel_dict() | {"argv": command})


class Kernel(AsyncKernelManager):
    """A kernel that is started before it is needed, and of which nothing stays."""

    _clients: list[Any]

    def client(self, **options: Any) -> Any:
        self._clients = [super().client(**options)]
        return self._clients[0]

    def stop(self) -> None:
        """Stop the kernel, running or not, and close the channels to it."""
        for client in self.__dict__.pop("_clients", []):
            client.stop_channels()
        if self.has_kernel:
            run_sync(self.shutdown_kernel)(now=True)
        run_sync(self.cleanup_resources)()


def start_kernel(notebook: Mapping[str, Any], folder: Path, environment: Mapping[str, str] | None = None) -> Kernel:
    """Start a kernel in a folder, already importing what the notebook will want; does not wait for it."""
    interpreter = _ThisInterpreter()
    interpreter.modules = imported_modules(notebook)
    kernel = Kernel(kernel_name="python3", kernel_spec_manager=interpreter, transport_encryption="auto")
    path = os.pathsep.join(filter(None, [PACKAGE_PARENT, os.environ.get("PYTHONPATH")]))
    given = os.environ | ENVIRONMENT | {"PYTHONPATH": path} | dict(environment or {})
    # what a cell writes past Python goes into its output, and ipykernel would repeat it on the terminal
    run_sync(kernel.start_kernel)(cwd=str(folder), env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return kernel


def execute(notebook: Mapping[str, Any], name: str, parameters: Mapping[str, str | float],
            kernel: Kernel, after_cell: Callable[[], object] = lambda: None, timeout: float = CELL_SECONDS) -> Any:
    """Execute a notebook in a kernel, and make sure that every cell of it ran.

    Parameters
    ----------
    notebook : mapping
        As read from its file.
    name : str
        What messages call it.
    parameters : mapping
        Values for parameters that the notebook declares. papermill pastes them as code: they must be scalars.
    kernel : Kernel
        From `start_kernel`; the caller stops it.
    after_cell : callable
        Called after each cell.
    timeout : float
        Longest time of one cell. [s]

    Returns
    -------
    NotebookNode
        The notebook with its outputs, free of times and paths.

    Raises
    ------
    BadInput
        When a parameter is not declared, or a cell fails, never runs, takes too long, prints without end, or loses a
        thread: which one, and why.
    """
    declared = declared_parameters(notebook)
    unknown = [Problem("unknown_notebook_parameter", file=name, column=key, value=value,
                       details={"allowed": ", ".join(declared)})
               for key, value in parameters.items() if key not in declared or not isinstance(value, str | int | float)]
    if unknown:
        raise BadInput(unknown)

    import nbformat
    import papermill

    from mineco.runs.notebook.guard import ENGINE, NotebookStopped

    given = nbformat.reads(json.dumps(notebook), as_version=4)
    try:
        executed = papermill.execute_notebook(
            given, None, dict(parameters), kernel_name="python3", language="python", progress_bar=False,
            request_save_on_cell_execute=False, km=kernel, record_timing=False, engine_name=ENGINE,
            execution_timeout=timeout,
            on_cell_complete=lambda cell, cell_index: after_cell())
    except papermill.PapermillExecutionError as error:
        reason = " ".join(f"{error.ename}: {error.evalue}".splitlines())  # of a BadInput a line for each problem
        raise BadInput(_cell_problem(name, notebook, error.source, reason)) from error
    except (KeyboardInterrupt, SystemExit):
        _abandon()
        raise
    except NotebookStopped as error:
        _abandon()
        reason = _ending(kernel) or error.reason if error.message == "kernel_died" else error.reason
        raise BadInput(_cell_problem(name, notebook, error.source, reason, error.message)) from error
    _without_times(executed)
    # sys.exit() in a cell ends a notebook half way, and papermill takes it for success; so it does a thread that fails
    for _, cell, source in code_cells(executed):
        if cell["execution_count"] is None or any(out.output_type == "error" for out in cell["outputs"]):
            raise BadInput(_cell_problem(name, notebook, source, "SystemExit"))
        printed = "".join(out.text for out in cell["outputs"] if out.output_type == "stream" and out.name == "stderr")
        if LOST_THREAD in printed:
            raise BadInput(_cell_problem(name, notebook, source, printed.strip().splitlines()[-1]))
    return executed


def _abandon() -> None:
    """Keep asyncio from reporting the cell that is abandoned as an error of its own."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


def _ending(kernel: Kernel) -> str:
    """How the process of a kernel ended, where that is known."""
    process = getattr(getattr(kernel, "provisioner", None), "process", None)
    code = process.poll() if process else None
    if code is None:
        return ""
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


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

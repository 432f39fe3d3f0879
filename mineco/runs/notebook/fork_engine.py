"""The papermill engine ``mineco-fork``: ``papermill --engine mineco-fork in.ipynb out.ipynb``.

papermill loads it in the middle of being imported itself, so the class is made when it is first asked for.
"""

import functools
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from mineco.runs.notebook.kernel import LANGUAGE, Kernel, fork_kernel

NAME = "mineco-fork"


def __getattr__(name: str) -> Any:
    if name == "ForkEngine":
        return _engine()
    raise AttributeError(name)


@functools.cache
def _engine() -> Any:
    from nbformat import from_dict
    from nbformat.v4 import new_output
    from papermill.engines import Engine

    class ForkEngine(Engine):
        """Executes the cells in a process of ours; what is around them is papermill's."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, kernel: Kernel | None = None,
                                     execution_timeout: float | None = None,
                                     after_cell: Callable[[], object] = lambda: None, **_: Any) -> None:
            """Execute the cells up to the first that fails; a kernel that is handed over stays the caller's to stop."""
            nb_man.nb.metadata["language_info"] = LANGUAGE
            executed: list[Any] = []
            with ExitStack() as stack:
                if kernel is None:
                    kernel = fork_kernel(nb_man.nb, Path.cwd())
                    stack.callback(kernel.stop)
                for index, cell in enumerate(nb_man.nb.cells):
                    if cell.cell_type != "code" or not cell.source.strip():
                        continue
                    executed.append(cell)
                    nb_man.cell_start(cell, index)
                    try:
                        if _execute(kernel, executed, execution_timeout):
                            nb_man.cell_exception(cell, index)
                            break
                    finally:
                        nb_man.cell_complete(cell, index)
                        after_cell()

    def _execute(kernel: Kernel, executed: list[Any], timeout: float | None) -> bool:
        """Execute the last of some cells; whether it has failed where it should not."""
        cell = executed[-1]
        done = kernel.execute(cell.source, timeout)
        cell.execution_count = done["count"]
        for place, outputs in done["outputs"].items():
            executed[int(place)].outputs = from_dict(outputs)
        if done["error"] and not any(one.output_type == "error" for one in cell.outputs):
            cell.outputs.append(new_output("error", ename=done["error"], evalue="", traceback=[]))  # no memory to tell
        return bool(done["error"]) and "raises-exception" not in cell.metadata.get("tags", [])

    return ForkEngine

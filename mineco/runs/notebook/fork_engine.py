"""The papermill engine ``mineco-fork``: ``papermill --engine mineco-fork in.ipynb out.ipynb``.

papermill loads it in the middle of being imported itself, so the class is made when it is first asked for.
"""

import functools
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from mineco.runs.notebook.execute import walk
from mineco.runs.notebook.kernel import Kernel, fork_kernel

NAME = "mineco-fork"


def __getattr__(name: str) -> Any:
    if name == "ForkEngine":
        return _engine()
    raise AttributeError(name)


@functools.cache
def _engine() -> Any:
    from nbformat import from_dict
    from papermill.engines import Engine

    class ForkEngine(Engine):
        """Executes the cells in a process of ours; what is around them is papermill's."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, kernel: Kernel | None = None,
                                     execution_timeout: float | None = None, **_: Any) -> None:
            """Execute the cells up to the first that fails; a kernel that is handed over stays the caller's to stop."""
            def completed(cell: Any, index: int, failed: bool) -> None:
                if failed:
                    nb_man.cell_exception(cell, index)
                nb_man.cell_complete(cell, index)

            with ExitStack() as stack:
                if kernel is None:
                    kernel = fork_kernel(nb_man.nb, Path.cwd())
                    stack.callback(kernel.stop)
                walk(nb_man.nb, kernel, execution_timeout, nb_man.cell_start, completed, from_dict)

    return ForkEngine

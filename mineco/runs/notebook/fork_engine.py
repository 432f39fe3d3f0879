"""The papermill engine ``mineco-fork``: ``papermill --engine mineco-fork in.ipynb out.ipynb``.

papermill loads it in the middle of being imported itself, so the class is made when it is first asked for.
"""

import functools
from pathlib import Path
from typing import Any

from mineco.runs.notebook.fork import fork_kernel


def __getattr__(name: str) -> Any:
    if name == "ForkEngine":
        return _engine()
    raise AttributeError(name)


@functools.cache
def _engine() -> Any:
    from papermill.engines import NBClientEngine

    class ForkEngine(NBClientEngine):
        """papermill's own engine with a forked kernel under it: the rest of its behaviour is papermill's."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
            """Execute the cells; a kernel handed over as ``km`` stays the caller's to stop."""
            if options.get("km") is not None:
                return super().execute_managed_notebook(nb_man, kernel_name, **options)
            kernel = fork_kernel(nb_man.nb, Path.cwd())
            try:
                return super().execute_managed_notebook(nb_man, kernel_name, **options | {"km": kernel})
            finally:
                kernel.stop()

    return ForkEngine

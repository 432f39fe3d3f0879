"""The papermill engine ``mineco-fork``: ``papermill --engine mineco-fork in.ipynb out.ipynb``.

Apart from `mineco.engine`, because papermill imports it in the middle of being imported itself.
"""

from pathlib import Path
from typing import Any

from papermill.engines import NBClientEngine

from mineco.engine import fork_kernel


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

"""A papermill engine that waits for no cell and reads no output without end, and says what stopped a notebook."""

import logging
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from mineco.runs.notebook import printing

ENGINE = "mineco-guarded"
SILENT = logging.Logger("mineco.runs.notebook.guard")  # what stops a notebook is told once, by whoever asked for it
SILENT.addHandler(logging.NullHandler())
IOPUB_SECONDS = 60  # for the output that is still under way when a cell has ended; a busy machine needs more than 4


class NotebookStopped(Exception):
    """A notebook that was stopped from outside: the id of a message, and the cell that was running, if any."""

    def __init__(self, message: str, source: str, reason: str) -> None:
        super().__init__(message, source, reason)
        self.message, self.source, self.reason = message, source, reason


class GuardedClient(PapermillNotebookClient):
    """Counts what the cells print, and gives every end its name."""

    printed = 0

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Count one message of a kernel, and stop when there have been too many."""
        self.printed += _length(msg["content"])
        if self.printed > printing.MAX_OUTPUT:
            assert self.task_poll_for_reply is not None
            self.task_poll_for_reply.cancel()  # which nbclient takes for the death of the kernel
            return None
        return super().process_message(msg, cell, cell_index)

    def execute_cell(self, cell: Any, cell_index: int, **options: Any) -> Any:
        """Execute one cell, or say what stopped it."""
        try:
            return super().execute_cell(cell, cell_index, **options)
        except CellExecutionError as error:
            if not any(output.output_type == "error" for output in cell.outputs):  # no memory to tell the traceback
                cell.outputs.append(new_output("error", ename=error.ename or "?", evalue=error.evalue, traceback=[]))
            if error.ename == printing.TooMuchOutput.__name__:
                raise NotebookStopped("too_much_output", cell.source, f"{printing.MAX_OUTPUT:,}") from error
            raise
        except CellTimeoutError as error:
            raise NotebookStopped("cell_timeout", cell.source, f"{self.timeout_func(cell):g}") from error
        except DeadKernelError as error:
            if self.printed > printing.MAX_OUTPUT:
                raise NotebookStopped("too_much_output", cell.source, f"{printing.MAX_OUTPUT:,}") from error
            raise NotebookStopped("kernel_died", cell.source, str(error)) from error

    async def async_start_new_kernel_client(self) -> Any:
        """Wait until the kernel answers; it may be dead already."""
        try:
            return await super().async_start_new_kernel_client()
        except RuntimeError as error:
            raise NotebookStopped("kernel_died", "", str(error)) from error

    start_new_kernel_client = run_sync(async_start_new_kernel_client)


def _length(content: Any) -> int:
    """The characters of a stream, a display or an error."""
    shown = [content.get("text", ""), *content.get("data", {}).values(), *content.get("traceback", ())]
    return sum(len(one) for one in shown if isinstance(one, str))


class GuardedEngine(NBClientEngine):
    """papermill's own engine, with the guarded client in place of its own."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, start_timeout: float = 60,
                                 execution_timeout: float | None = None, km: Any = None, **_: Any) -> Any:
        """Execute the cells in a kernel that the caller has started and will stop."""
        client = GuardedClient(nb_man, km=km, kernel_name=kernel_name, log=SILENT,
                               timeout_func=lambda _: execution_timeout,  # its own trait takes whole numbers only
                               startup_timeout=start_timeout, iopub_timeout=IOPUB_SECONDS)
        return client.execute()


papermill_engines.register(ENGINE, GuardedEngine)

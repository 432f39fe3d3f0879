"""What an executed notebook tells of its own execution: every cell ran, in order, and the last one finished.

papermill's metadata says "completed" of cells that never ran after a killed kernel; what is looked at here are the
execution counts, which a kernel gives, and the digest of the results, which only the last cell can know.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mineco.core.errors import Problem, Problems
from mineco.evaluation.record.results import SENTINEL
from mineco.runs.notebook.cells import code_cells


def status_of(notebook: Mapping[str, Any], results: bytes) -> dict[str, Any]:
    """The status record of a run, from its executed notebook and the bytes of its results.

    ``state`` (complete or failed), how many cells there are and how many ran, whether their counts follow each other
    from 1, and whether the last cell told the digest of these very results.

    >>> cell = {"cell_type": "code", "source": "write()", "execution_count": 1, "outputs": [
    ...     {"output_type": "stream", "name": "stdout", "text": f"sha256:{hashlib.sha256(b'{}').hexdigest()}"}]}
    >>> status_of({"cells": [cell]}, b"{}")
    {'state': 'complete', 'cells': 1, 'cells_run': 1, 'consecutive': True, 'sentinel': True}
    >>> status_of({"cells": [cell | {"execution_count": None}]}, b"{ }")["state"]
    'failed'
    """
    cells = [cell for _, cell, _ in code_cells(notebook)]
    counts = [cell.get("execution_count") for cell in cells]
    told = SENTINEL.findall(json.dumps(cells[-1].get("outputs", []))) if cells else []
    found = {"cells": len(cells), "cells_run": sum(count is not None for count in counts),
             "consecutive": counts == list(range(1, len(cells) + 1)),
             "sentinel": hashlib.sha256(results).hexdigest() in told}
    complete = found["cells_run"] == len(cells) and found["consecutive"] and found["sentinel"]
    return {"state": "complete" if complete else "failed", **found}


def require_complete(status: Mapping[str, Any], name: str) -> None:
    """Stop when a notebook did not run whole."""
    problems = Problems(status_problems(status, name))
    problems.stop()


def status_problems(status: Mapping[str, Any], name: str) -> list[Problem]:
    """What a status record lacks of completeness.

    >>> [one.message for one in status_problems({"cells": 2, "cells_run": 2, "consecutive": False, "sentinel": True},
    ...                                         "a.ipynb")]
    ['cells_out_of_order']
    """
    problems = []
    if status["cells_run"] != status["cells"]:
        problems.append(Problem("cells_not_run", file=name, value=status["cells_run"],
                                details={"cells": status["cells"]}))
    elif not status["consecutive"]:
        problems.append(Problem("cells_out_of_order", file=name))
    if not status["sentinel"]:
        problems.append(Problem("no_sentinel", file=name))
    return problems


def cells_changed(source: Mapping[str, Any], executed: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Cells of one notebook that the other lacks (-), has besides (+), or has with another text (≠), or place (↕)."""
    ours, theirs = _sources(source), _sources(executed)
    changed = [(cell, "-") for cell in ours if cell not in theirs]
    changed += [(cell, "+") for cell in theirs if cell not in ours]
    changed += [(cell, "≠") for cell in ours if cell in theirs and ours[cell] != theirs[cell]]
    order = [cell for cell in theirs if cell in ours]
    changed += [(cell, "↕") for cell, other in zip((cell for cell in ours if cell in theirs), order, strict=True)
                if cell != other]
    return changed


def _sources(notebook: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {str(cell.get("id", number)): (cell["cell_type"], "".join(cell["source"]))
            for number, cell in enumerate(notebook["cells"], start=1)
            if "injected-parameters" not in cell.get("metadata", {}).get("tags", [])}

"""What stands in the code cells of a notebook, read and not run."""

import ast
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

EXECUTED = ("execution", "papermill", "widgets")  # what an execution leaves in the metadata of a cell or of a notebook


def bare(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook without what an execution has left in it: outputs, counts, times.

    >>> cell = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": 1}
    >>> bare({"cells": [cell], "metadata": {"papermill": {}}})["cells"][0]["execution_count"] is None
    True
    """
    return {**_bare_metadata(notebook), "cells": [
        {**_bare_metadata(cell), **({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})}
        for cell in notebook["cells"]]}


def _bare_metadata(part: Mapping[str, Any]) -> dict[str, Any]:
    return {**part, "metadata": {name: value for name, value in part["metadata"].items() if name not in EXECUTED}}


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

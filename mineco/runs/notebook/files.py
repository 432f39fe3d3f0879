"""A notebook in memory and as a file, to the byte as nbformat has them.

nbformat itself imports jsonschema, which may build a grammar of addresses for longer than a report takes to write; what
a run archives is held to nbformat's schema where it is verified.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from mineco.report.notebook import joined


def in_memory(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a notebook without outputs, its sources in one piece.

    >>> in_memory({"metadata": {}, "cells": [{"source": ["a", "b"]}]})["cells"][0]["source"]
    'ab'
    """
    made = deepcopy(dict(notebook))
    for cell in made["cells"]:
        cell["source"] = joined(cell["source"])
    return made


def in_file(notebook: Mapping[str, Any]) -> str:
    """A notebook as the text of its file: keys in order, and what is long in lines.

    >>> print(in_file({"metadata": {}, "cells": [{"cell_type": "markdown", "source": "a\\nb"}]}))
    {
     "cells": [
      {
       "cell_type": "markdown",
       "source": [
        "a\\n",
        "b"
       ]
      }
     ],
     "metadata": {}
    }
    """
    cells = [{**cell, "source": cell["source"].splitlines(True)} for cell in notebook["cells"]]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"] = [_in_lines(output) for output in cell["outputs"]]
    return json.dumps({**notebook, "cells": cells}, ensure_ascii=False, indent=1, sort_keys=True,
                      separators=(",", ": "))


def _in_lines(output: Mapping[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "stream":
        return {**output, "text": output["text"].splitlines(True)}
    if "data" not in output:
        return dict(output)
    return {**output, "data": {
        kind: shown.splitlines(True) if isinstance(shown, str) and _is_text(kind) else shown
        for kind, shown in output["data"].items()}}


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind in ("application/javascript", "image/svg+xml")

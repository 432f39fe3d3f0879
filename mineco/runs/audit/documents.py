"""The documents of a run as they lie there: read as data that anybody may have written, or not at all."""

import functools
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput
from mineco.core.reading.files import read_bytes
from mineco.evaluation.record.results import as_json
from mineco.runs.targets.copying import WEIGHTS
from mineco.runs.targets.made_for import TARGETS

LARGEST = 400_000_000  # bytes of a document: a notebook's outputs are at most 50 million characters
DEEPEST = 60  # levels of lists and keys; a notebook has eight
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}")  # of a parameter, a standard, a language
SAME_FOR_BYTES = ("mineco", "python", "platform", "numerics", "packages")  # of environment.json


def read_document(path: Path) -> dict[str, Any] | None:
    """A JSON object that is written as a run writes it, whatever ends its lines; None where the file holds none.

    Written otherwise, another program might read something else in it, as of a key that stands twice.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path, texts = Path(folder, "a.json"), ('1.5', '1.5, "a": 2', 'NaN', '1.50')
    ...     [path.write_bytes(b'{\\n "a": %s\\n}\\n' % text.encode()) and read_document(path) for text in texts]
    [{'a': 1.5}, None, None, None]
    """
    try:
        raw = read_bytes(path, LARGEST)
        document = json.loads(raw)
        sound = (isinstance(document, dict) and _levels(document) <= DEEPEST
                 and as_json(document).strip() == raw.replace(b"\r\n", b"\n").removesuffix(b"\n"))
    except (BadInput, ValueError, RecursionError, MemoryError):
        return None
    return document if sound else None


def read_notebook(path: Path) -> dict[str, Any] | None:
    """A notebook that is written as a run writes it; None where the file holds none."""
    document = read_document(path)
    return document if document is not None and is_notebook(document) else None


def is_notebook(document: Mapping[str, Any]) -> bool:
    """Whether a document is a notebook of the form that a run writes (nbformat 4.5), each cell with an id of its own.

    >>> is_notebook({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
    ...     {"cell_type": "markdown", "id": "a", "metadata": {"tags": 5}, "source": ""}]})
    False
    """
    cells = document.get("cells")
    if (document.get("nbformat"), document.get("nbformat_minor")) != (4, 5) or not isinstance(cells, list):
        return False
    ids = [cell.get("id") if isinstance(cell, dict) else None for cell in cells]
    if not all(isinstance(one, str) for one in ids) or len(set(ids)) < len(ids):
        return False
    return not any(_schema_of_notebooks().iter_errors(document))  # `nbformat.validate` itself fails at odd cells


@functools.cache
def _schema_of_notebooks() -> Any:
    """That of nbformat, without what jsonschema would import for addresses, which no notebook has.

    Where JupyterLab has brought it, that builds a grammar for a second.
    """
    hidden = "rfc3987_syntax"
    held = sys.modules.setdefault(hidden, None)  # type: ignore[arg-type]
    try:
        from nbformat.validator import get_validator
    finally:
        if held is None:
            del sys.modules[hidden]
    return get_validator(4, 5)


def is_environment(document: Mapping[str, Any]) -> bool:
    """Whether a document tells the versions, the platform and the command of a run."""
    return all(isinstance(document.get(name), dict) for name in SAME_FOR_BYTES) and all(
        isinstance(document.get(name), str) for name in ("command", "start", "end"))


def is_parameters(document: Mapping[str, Any]) -> bool:
    """Whether a document holds the parameters of a run: scalars, with one target, a standard and a language.

    >>> is_parameters({"dossier": "inputs", "standard": "s", "language": "en"}), is_parameters({"standard": "s"})
    (True, False)
    """
    named = [document.get(one) for one in ("standard", "language")]
    targets = [document[one] for one in TARGETS if one in document]
    return (all(isinstance(one, str) and NAME.fullmatch(one) for one in named)
            and len(targets) == 1 and isinstance(targets[0], str)
            and document.get("weights", WEIGHTS) == WEIGHTS  # a path to anywhere else is none of the archive
            and all(NAME.fullmatch(name) and isinstance(value, str | int | float) for name, value in document.items()))


def is_trace(document: Mapping[str, Any]) -> bool:
    """Whether a document is a trace: every number of a quantity in it is that of one.

    >>> is_trace({"quantities": [{"name": "net", "value": 1.0, "unit": "t"}], "results": {"net": {"quantities": [1]}}})
    False
    """
    told, quantities = document.get("results"), document.get("quantities")
    if not (isinstance(told, dict) and isinstance(quantities, list)):
        return False
    sound = all(isinstance(one, dict) and "id" not in one and isinstance(one.get("name"), str)
                and isinstance(one.get("inputs", {}), dict) for one in quantities)
    sound = sound and all(isinstance(one, dict) and isinstance(one.get("quantities"), list) for one in told.values())
    numbers = [number for one in told.values() for number in one["quantities"]] if sound else [None]
    numbers += [number for one in quantities for number in input_numbers(one.get("inputs", {}))] if sound else []
    return all(type(number) is int and 0 <= number < len(quantities) for number in numbers) and all(
        isinstance(one.get("value", 0.0), int | float) and isinstance(one.get("unit", ""), str) for one in quantities)


def input_numbers(inputs: Mapping[str, Any]) -> list[Any]:
    """The numbers of the quantities that a quantity was computed from."""
    return [one for given in inputs.values() for one in (given.values() if isinstance(given, Mapping) else [given])]


WHOLE: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "notebook.ipynb": is_notebook, "environment.json": is_environment, "trace.json": is_trace,
    "parameters.json": is_parameters}


def _levels(document: Any) -> int:
    """How many levels of lists and keys a document has, as far as that is asked for."""
    found, level = 0, [document]
    while level and found <= DEEPEST:
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)
                 if isinstance(inner, dict | list)]
        found += 1
    return found

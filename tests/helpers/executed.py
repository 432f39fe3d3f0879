"""Notebooks as they lie in the repository, each executed once for all tests and all workers of a session."""

import json
import os
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest

from mineco.core import kit
from mineco.core.errors import BadInput
from mineco.runs.notebook.cells import declared_parameters
from mineco.runs.notebook.execute import execute
from mineco.runs.notebook.kernel import start_kernel

SECONDS = 300  # for which the outcome of another worker is waited for


def run_through(notebook: dict[str, Any], name: str, folder: Path | None = None, **given: str) -> Any:
    """A notebook with its outputs, executed in a folder, or where those of its own lie."""
    running = start_kernel(notebook, folder or (kit.notebooks() / "zh" / name).parent)
    try:
        return nbformat.from_dict(execute(notebook, name, given, running))
    finally:
        running.stop()


def executed(name: str, language: str, tmp: pytest.TempPathFactory) -> tuple[Any, dict[str, Any]]:
    """The notebook with its outputs, and what it records in results.json; as it is, with its own defaults."""
    base = tmp.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "executed"
    shared.mkdir(exist_ok=True)
    made = shared / f"{language}-{name.replace('/', '-')}"
    try:
        made.with_suffix(".lock").touch(exist_ok=False)
    except FileExistsError:
        end = time.monotonic() + SECONDS
        while not made.exists() and time.monotonic() < end:
            time.sleep(0.1)
    else:
        _execute(name, language, made)
    found = json.loads(made.read_text("utf-8"))
    if found["failed"]:
        pytest.fail(found["failed"])
    return nbformat.from_dict(found["notebook"]), found["results"]


def _execute(name: str, language: str, made: Path) -> None:
    told = json.loads((kit.notebooks() / language / name).read_text("utf-8"))
    results = made.with_suffix(".results.json")
    found: dict[str, Any] = {"failed": "", "results": {}}
    try:
        found["notebook"] = run_through(
            told, name, None, **({"results": str(results)} if "results" in declared_parameters(told) else {}))
        found["results"] = json.loads(results.read_text("utf-8")) if results.exists() else {}
    except BadInput as error:
        found["failed"] = str(error)
    begun = made.with_suffix(".part")
    begun.write_text(json.dumps(found), "utf-8")
    begun.rename(made)

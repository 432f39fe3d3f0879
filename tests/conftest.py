"""What every test shares: no window for figures, no deadline for drawn examples, notebooks made on the spot."""

import gc
import os
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

os.environ["MPLBACKEND"] = "Agg"  # before anything imports matplotlib

from hypothesis import settings

settings.register_profile("mineco", deadline=None)  # a busy machine is no failure
settings.register_profile("heavy", deadline=None, max_examples=10_000)
settings.load_profile("mineco")
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # its grammar takes a second, and no test needs it


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without sweeps for garbage, which take half the time: what is made here lives until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture
def notebook_of_cells() -> Callable[..., dict[str, Any]]:
    """A function that makes a notebook from the sources of its code cells; the first is its parameters cell."""

    def make(*sources: str) -> dict[str, Any]:
        tags = {1: {"tags": ["parameters"]}}
        cells = [{"cell_type": "code", "id": f"cell-{number}", "metadata": tags.get(number, {}),
                  "execution_count": None, "outputs": [], "source": source} for number, source in enumerate(sources, 1)]
        return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

    return make


@pytest.fixture(scope="session")
def quarry_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two runs of the tiny quarry, in a folder each, to look at and to copy; nobody changes them."""
    from mineco.core.kit import parameters
    from mineco.runs.run import run

    dossier = parameters() / "mines" / "tiny-quarry"
    first, second = (run(dossier, out=tmp_path_factory.mktemp("runs"), formats=("html",), language="en")
                     for _ in range(2))
    return first, second

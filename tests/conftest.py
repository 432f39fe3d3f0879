"""What every test shares: no window for figures, no deadline for drawn examples, notebooks made on the spot."""

import os
from collections.abc import Callable
from typing import Any

import pytest

os.environ["MPLBACKEND"] = "Agg"  # before anything imports matplotlib

from hypothesis import settings

settings.register_profile("mineco", deadline=None)  # a busy machine is no failure
settings.load_profile("mineco")


@pytest.fixture
def notebook_of_cells() -> Callable[..., dict[str, Any]]:
    """A function that makes a notebook from the sources of its code cells; the first is its parameters cell."""

    def make(*sources: str) -> dict[str, Any]:
        tags = {1: {"tags": ["parameters"]}}
        cells = [{"cell_type": "code", "id": f"cell-{number}", "metadata": tags.get(number, {}),
                  "execution_count": None, "outputs": [], "source": source} for number, source in enumerate(sources, 1)]
        return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

    return make

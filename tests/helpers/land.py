"""The example of restoration areas: read whole, and copied with other maps or tables."""

import csv

import numpy as np
import pytest
import rasterio

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.evaluation.restoration_area import evaluate as area

FOLDER = parameters() / "mines" / "example-restoration-area"


def whole(maps, name):
    """A map out of its tiles."""
    grid = maps.plan.layers.grid
    values = np.full((grid.height, grid.width), np.nan)
    for window, block in maps.blocks(name):
        values[window.row:window.row + window.height, window.column:window.column + window.width] = block
    return values


def rewritten(path, change, **profile):
    """A raster with other values, or written otherwise."""
    with rasterio.open(path) as file:
        bands, kept, scales = file.read(), file.profile, file.scales
    kept.update(profile)
    with rasterio.open(path, "w", **kept) as file:
        file.write(change(bands).astype(kept["dtype"]))
        if "dtype" not in profile:
            file.scales = scales


def table(path, change):
    """A table with other rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = change(list(csv.DictReader(file)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def refusal(folder):
    with pytest.raises(BadInput) as refused:
        area.check(folder)
    return {one.message: one for one in refused.value.problems}

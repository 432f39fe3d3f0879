"""The example of restoration areas: read whole, and copied with other maps or tables."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
import yaml

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
        reader = csv.DictReader(file)
        rows = change(list(reader))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys() if rows else reader.fieldnames, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def refusal(folder):
    with pytest.raises(BadInput) as refused:
        area.check(folder)
    return {one.message: one for one in refused.value.problems}


TABLES = ("points", "plots", "controls", "pools", "classes")
SETTINGS = ("baseline", "leakage", "price", "costs_yuan_per_ha")
LAYERS = ("ndvi", "cover_start", "cover_end", "elevation", "rain", "erosivity", "erodibility")
FIELD = ("points", "plots", "controls", "pools", "baseline", "leakage", "price")  # beside maps


def without(folder, *gone):
    """The example in a new folder without layers, years of a layer (``ndvi:3`` keeps three), tables or settings."""
    copy = Path(shutil.copytree(FOLDER, folder))
    rasters = copy / "rasters"
    for one in gone:
        name, _, kept = one.partition(":")
        if name in TABLES:
            (rasters / f"{name}.csv").unlink()
        elif name in SETTINGS:
            given = yaml.safe_load((rasters / "area.yaml").read_text("utf-8"))
            left = {key: value for key, value in given.items() if not key.startswith(name)}
            (rasters / "area.yaml").write_text(yaml.safe_dump(left, allow_unicode=True), "utf-8")
        else:
            table(rasters / "layers.csv", lambda rows, name=name, kept=kept: [
                *(row for row in rows if row["layer"] != name),
                *[row for row in rows if row["layer"] == name][:int(kept or 0)]])
    return copy

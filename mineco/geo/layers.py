"""Raster layers that a user hands in: all on one grid, told about in a table, read window by window."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.geo.grid import Grid, keeps_areas, require_usable
from mineco.geo.rasters.facts import LayerFacts as LayerFacts
from mineco.geo.rasters.facts import facts_of, place_problems
from mineco.geo.rasters.files import Layer as Layer
from mineco.geo.rasters.files import opened, scaled, scaling
from mineco.geo.rasters.onto_grid import on_grid
from mineco.geo.rasters.reference import StatedGrid, metric_grid, stated_grid
from mineco.geo.shapes.regions import Region
from mineco.geo.windows import Window

MISSING_CODE = -1  # in place of a class where there is none
MOST = 2 ** 32  # pixels of a grid, beyond which a pixel was stated in another unit: 65 thousand a side


@dataclass(frozen=True, repr=False)
class Layers(Brief):
    """Layers on one grid. It holds no open file, so that threads and other machines read by themselves."""

    grid: Grid
    layers: Mapping[str, Layer]
    facts: tuple[LayerFacts, ...] = ()

    def read(self, name: str, window: Window) -> NDArray[Any]:
        """Values of a window with its halo, which may reach beyond the grid; what lies outside the file is missing.

        An array (height, width), or (bands, height, width) of a layer of several: floats with NaN, or whole numbers
        with -1 in place of a missing class.
        """
        layer = self.layers[name]
        with opened(layer.path) as dataset:
            values = scaled(on_grid(dataset, layer, self.grid, window), *scaling(dataset, layer))
        if layer.kind == "classes":
            values = np.where(np.isnan(values), MISSING_CODE, values).astype(np.int32)
        return values[0] if len(layer.bands) == 1 else values


def reference_grid(layers: Sequence[Layer], reference: str | StatedGrid = "", resample: bool = False) -> Grid:
    """The grid of reference: that of a layer, or one that is stated.

    Parameters
    ----------
    reference : str or StatedGrid, optional  The id of the layer whose grid it is, or the grid; else the first layer.
    resample : bool
        Whether layers on another grid are brought onto it. Where the layer of reference lies in degrees, turned, or
        in a projection that stretches areas, a grid in metres then stands in for its own.

    Raises
    ------
    BadInput  When the file cannot be read, or areas cannot be counted on its grid.
    """
    first = next((one for one in layers if one.id == reference), layers[0])
    with _ungeoreferenced_told(), opened(first.path) as dataset:
        given = Grid.from_dataset(dataset)
        place_problems(dataset, given, None, first.path.name).stop()
    if isinstance(reference, StatedGrid):
        grid = stated_grid(reference, given)
        if grid.width * grid.height > MOST:
            raise BadInput(Problem("reference_too_fine", file="area.yaml", row="reference.pixel",
                                   value=f"{reference.pixel:g}", details={"wanted": grid}))
        require_usable(grid, "area.yaml")
        return grid
    instead = None if keeps_areas(given) else metric_grid(given)
    grid = instead if instead and resample else given
    require_usable(grid, first.path.name, instead)
    return grid


def open_layers(layers: Sequence[Layer], grid: Grid | None = None, resample: bool = False,
                land: Region | None = None) -> Layers:
    """Check every layer, look through its values, and put all on one grid, with a row of facts for each.

    Parameters
    ----------
    grid : Grid, optional    The one of reference; else that of the first layer.
    resample : bool          Whether layers on another grid are brought onto it; without, they are refused.
    land : Region, optional  That counts; else all of it. A layer that is read beyond is looked through as a whole.

    Raises
    ------
    BadInput
        With every problem of every layer: a file that cannot be read, no CRS, degrees, another grid, "no data" that
        is not declared, values out of range, a missing scale, classes that are no whole numbers, nothing at all.
    """
    problems, facts = Problems(), []
    grid = grid or reference_grid(layers, resample=resample)
    with _ungeoreferenced_told():
        for layer in layers:
            with problems.collect():
                facts.append(facts_of(layer, grid, resample, None if layer.beyond else land))
    problems.stop()
    return Layers(grid, {layer.id: layer for layer in layers}, tuple(facts))


@contextmanager
def _ungeoreferenced_told() -> Iterator[None]:
    """Of a file without a place rasterio warns; it is told as a problem."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield

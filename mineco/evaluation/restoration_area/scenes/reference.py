"""What area.yaml says of the grid of reference: the name of a layer, or the grid itself."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from mineco.core.errors import BadInput, Problem
from mineco.dossier.models import FrozenModel
from mineco.geo.grid import known_crs
from mineco.geo.layers import Layer
from mineco.geo.rasters.reference import StatedGrid

ANYWHERE = (0.0, 0.0, 1.0, 1.0)  # in place of bounds that are not given


class Reference(FrozenModel):
    """The grid of reference: that of a layer, or one in a CRS, over the first layer where no bounds are given."""

    layer: str = ""
    crs: str = ""
    pixel: Annotated[float, Field(ge=0.001)] | None = None  # [m, or the unit of the CRS]
    bounds: Annotated[tuple[float, float, float, float], Field(strict=False)] | None = None

    def grid_of(self, layers: Sequence[Layer]) -> str | StatedGrid:
        """Whose grid it is: of a layer by its id, stated, or blank for the first layer's.

        Raises
        ------
        BadInput  When the layer is not there, or the grid is stated in part.

        >>> Reference(crs="EPSG:4547", pixel=30.0).grid_of([])
        StatedGrid(crs='EPSG:4547', pixel=30.0, bounds=None)
        """
        there = {one.id.partition(":")[0]: one.id for one in reversed(layers)}
        if self.layer and self.layer not in there:
            raise BadInput(Problem("not_in_list", file="area.yaml", row="reference.layer", value=self.layer,
                                   details={"allowed": ", ".join(reversed(there))}))
        west, south, east, north = self.bounds or ANYWHERE
        stated = bool(self.crs) and bool(self.pixel)
        in_part = stated != bool(self.crs or self.pixel or self.bounds)
        if in_part or (stated and self.layer) or west >= east or south >= north:
            raise BadInput(Problem("reference_in_part", file="area.yaml", row="reference"))
        if not self.pixel:
            return there.get(self.layer, "")
        return StatedGrid(known_crs(self.crs, "area.yaml"), self.pixel, self.bounds)


def _named(given: Any) -> Any:
    """A layer may stand by its name alone."""
    return {"layer": given} if isinstance(given, str) else given


ReferenceGiven = Annotated[Reference, BeforeValidator(_named)]

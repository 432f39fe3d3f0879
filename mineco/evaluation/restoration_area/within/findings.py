"""What boundary, mask and parcels show that stops nothing and yet wants to be seen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import shapely

from mineco.core.errors import Problem
from mineco.core.formatting import format_percent
from mineco.dossier.checks.noticed import Noticed

if TYPE_CHECKING:
    from mineco.evaluation.restoration_area.outcome import Evaluation

OFF = 0.01  # of a shape's area that may lie elsewhere before it is told


def findings(evaluation: "Evaluation") -> Iterator[Noticed]:
    """Each finding with what it is about and what to do."""
    data, study = evaluation.data, evaluation.data.study
    grid = data.layers.grid
    for read in study.files.values():
        yield read.unshifted, Problem("vectors_shift_unknown", read.file, value=read.crs, details={"grid": grid.crs})
    if study.land:
        whole = shapely.area(study.land.shape)
        beyond = 1 - shapely.area(shapely.intersection(study.land.shape, shapely.box(*grid.bounds))) / whole
        yield beyond > OFF, Problem("boundary_beyond_grid", study.files["boundary"].file,
                                    details={"share": format_percent(float(beyond))})
    if study.land and data.points is not None:
        held = evaluation.identified.maps.at("inside", data.points) == 1  # NaN where no window has land within
        names = [row["id"] for row, inside in zip(data.points.cells, held, strict=True) if not inside]
        yield bool(names), Problem("points_beyond_boundary", data.points.file, column="id", value=", ".join(names),
                                   details={"count": len(names), "of": len(held)})
    if evaluation.parcels and study.parcels is not None:
        areas = study.parcels.area.to_numpy() / abs(grid.transform.determinant) * grid.pixel_ha
        lost = [one.id for one, area in zip(evaluation.parcels.parcels, areas.tolist(), strict=True)
                if one.area_ha < (1 - OFF) * area - grid.pixel_ha]
        yield bool(lost), Problem("parcels_in_part", study.files["parcels"].file, value=", ".join(lost),
                                  details={"count": len(lost), "of": len(areas)})

"""What the maps, tables and results of a restoration area show that stops nothing and yet wants to be seen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mineco.core.errors import Problem
from mineco.core.formatting import format_percent
from mineco.dossier.checks.noticed import Noticed

if TYPE_CHECKING:
    from mineco.evaluation.restoration_area.outcome import Evaluation


def findings(evaluation: "Evaluation") -> Iterator[Noticed]:
    """Each finding with what it is about and what to do."""
    start, end = evaluation.identified.one_date_ha
    yield start + end > 0, Problem("land_of_one_date", "layers.csv", column="layer", value="cover_start, cover_end",
                                   details={"start": _hectares(start), "end": _hectares(end)})
    for layer in evaluation.data.layers.facts:
        for value, share in layer.frequent.items():
            yield True, Problem("raster_value_frequent", layer.file, value=f"{value:g}",
                                details={"share": format_percent(share)})
        offsets = layer.other_offsets
        usual = ", ".join(f"{offset:g} ({name})" for name, offset in offsets.items())
        yield bool(offsets), Problem("raster_offset_unusual", layer.file, column="offset", value=f"{layer.offset:g}",
                                     details={"usual": usual})
    lost = evaluation.carbon.plots_left_out
    yield bool(lost), Problem("plots_left_out", evaluation.data.plots.file, column="id", value=", ".join(lost),
                              details={"count": len(lost), "of": len(evaluation.data.plots.cells)})


def _hectares(area: float) -> str:
    return f"{area:.10g}"

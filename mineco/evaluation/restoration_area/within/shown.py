"""The report on restoration areas: results by parcel, and within which boundary they are."""

import math
from typing import Any

from mineco.core.formatting import format_number
from mineco.core.labels import label
from mineco.evaluation.restoration_area.carbon import Carbon
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.views.interval import finite_or_none
from mineco.evaluation.restoration_area.within.parcels import MEANS, Parcels
from mineco.evaluation.restoration_area.within.told import SUMS, parcel_figures, sums
from mineco.evaluation.restoration_area.zones import Identification
from mineco.report.tables import Block, begun, show, show_text

LISTED = 30  # parcels that the table lists, those with most to restore first; all stand in parcels.csv


def table(data: AreaData, identified: Identification, parcels: Parcels | None, carbon: Carbon | None,
          potential: Potential | None) -> Block:
    """Each parcel with its land, its soil and carbon, and its part of the gain; all of it adds up to the study area."""
    if parcels is None:
        return show_text(label("no_parcels"))
    *rows, in_none = parcel_figures(data, identified, parcels, carbon, potential)
    first = sorted(rows, key=lambda one: -one["restore_ha"])[:LISTED]
    whole = {name: sums([*rows, in_none], name) for name in SUMS}
    named = [*((" ".join(filter(None, (one["id"], one["name"]))), one) for one in first),
             (begun(label("in_no_parcel")), in_none), (begun(label("sum")), whole | dict.fromkeys(MEANS, math.nan))]
    told = [_row(name, one) for name, one in named]
    known = [name for name in told[0] if any(one[name] is not None for one in told)]  # the others are not assessed
    block = show([{name: one[name] for name in known} for one in told], "parcels_told",
                 units={"soil_loss": "1" if identified.relative_loss else "t/(ha yr)"})
    more = len(rows) - len(first)
    return block + show_text(label("parcels_more").format(more=more)) if more else block


def _row(name: str, one: dict[str, Any]) -> dict[str, Any]:
    figures = {"area_ha": one["area_ha"], "restore_ha": one["restore_ha"],
               **{name: one[name] for name in MEANS}, "change_tc": one["change_tc"], "gain_t_co2": one["gain_t_co2"]}
    return {"parcel": name, **{key: finite_or_none(value) for key, value in figures.items()}}


def study_rows(data: AreaData) -> list[tuple[str, str]]:
    """Within which boundary land is evaluated, and which files draw it, leave land out, and part it."""
    study, a_pixel = data.study, data.layers.grid.pixel_ha
    rows = []
    for key, read in study.files.items():
        frame = {"boundary": study.boundary, "mask": study.mask, "parcels": study.parcels}[key]
        told = label("shapes_read").format(file=read.file, count=0 if frame is None else len(frame), crs=read.crs)
        rows.append((f"study_{key}", told + (label("shapes_encoding").format(encoding=read.encoding)
                                             if read.encoding else "")))
    return rows + ([("study_area", format_number(study.pixels * a_pixel, "ha"))] if study.boundary is not None else [])

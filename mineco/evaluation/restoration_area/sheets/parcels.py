"""Results by parcel, which add up to the study area."""

import math

from mineco.core.formatting import DASH
from mineco.core.labels import label
from mineco.core.workbooks.live import Cell, Formula, LiveSheet
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.within.told import SUMS, sums

HEADS = ("area_ha", "restore_ha", "start_tc", "end_tc", "change_tc", "gain_t_co2", "index", "cover", "soil_loss")


def parcels_sheet(evaluation: Evaluation) -> list[LiveSheet]:
    """The sheet of parcels with their sums; none where the dossier has no parcels."""
    figures = evaluation.by_parcel()
    if not figures:
        return []
    sheet = LiveSheet(label("sheet_parcels"), (22, 30, *[20] * len(HEADS)))
    sheet.head(label("parcel"), label("name"), *map(label, HEADS))
    for one in figures:
        row = len(sheet.rows) + 1
        cells: dict[str, Cell] = {name: one[name] if math.isfinite(one[name]) else DASH for name in HEADS}
        cells["change_tc"] = Formula(f"F{row}-E{row}", one["change_tc"])
        sheet.add(one["id"] or label("in_no_parcel"), one["name"] or None, *cells.values())
    last = len(sheet.rows)
    sheet.add(label("sum"), None, *(Formula(f"SUM({column}2:{column}{last})", sums(figures, name))
                                    for column, name in zip("CDEFGH", SUMS, strict=True)))
    return [sheet]

"""Results by parcel, which add up to the study area."""


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
        cells: dict[str, Cell] = {name: _known(one[name]) for name in HEADS}
        if one["change_tc"] is not None:
            cells["change_tc"] = Formula(f"F{row}-E{row}", one["change_tc"])
        sheet.add(one["id"] or label("in_no_parcel"), one["name"] or None, *cells.values())
    last = len(sheet.rows)
    totals = {name: sums(figures, name) for name in SUMS}
    sheet.add(label("sum"), None, *(DASH if total is None else Formula(f"SUM({column}2:{column}{last})", total)
                                    for column, total in zip("CDEFGH", totals.values(), strict=True)))
    return [sheet]


def _known(value: float | None) -> Cell:
    return DASH if value is None else value

"""Parcels of restored land: their table, and their accounts step by step."""

from collections.abc import Iterable

from mineco.core.labels import current_language, label
from mineco.core.quantity import Quantity
from mineco.dossier.rows import ParcelRow
from mineco.evaluation.case import Case
from mineco.evaluation.views.step import show_steps, with_intermediate
from mineco.report.tables import Block


def parcel_rows(parcels: Iterable[tuple[ParcelRow, Quantity]], area: Quantity,
                total: Quantity) -> list[dict[str, object]]:
    """Restored parcels with what each binds, and their sum."""
    rows: list[dict[str, object]] = [{"id": row.id, "name": row.name_zh if current_language() == "zh" else row.name_en,
             "ecosystem": label(f"ecosystem_{row.ecosystem}"), "pool": label(f"pool_{row.pool}"),
             "method": label(f"method_{row.method}"), "area_ha": row.area.value, "removal_t_co2": bound.value}
            for row, bound in parcels]
    return [*rows, {"id": "", "name": label("restoration_removals"), "ecosystem": "", "pool": "", "method": "",
                    "area_ha": area.value, "removal_t_co2": total.value}]


def parcel_steps(case: Case, parcels: Iterable[tuple[ParcelRow, Quantity]]) -> Block:
    """Each parcel's formula with the numbers put in, intermediate steps first."""
    return show_steps(case, with_intermediate([bound for _, bound in parcels]))

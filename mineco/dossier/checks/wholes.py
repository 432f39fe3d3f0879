"""Figures that contradict each other: a part larger than its whole, one parcel of two areas, a measure that emits more.

Each rule is told for floats and for arrays alike: where it is broken, and the problem that says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from mineco.core.errors import Problem
from mineco.core.quantity import Quantity
from mineco.core.units import compatible, convert, is_known_unit
from mineco.dossier.checks.noticed import Noticed
from mineco.dossier.mine import Mine
from mineco.dossier.rows import MeasureRow, MetricRow, ParcelRow
from mineco.standards.standard import Standard


def contradictions(standard: Standard, metrics: Sequence[MetricRow], measures: Iterable[MeasureRow],
                   parcels: Sequence[ParcelRow]) -> Iterator[Noticed]:
    """Every rule for every pair of figures that it holds together."""
    yield from _parts(standard, metrics)
    yield from _measures(measures)
    yield from _parcels(metrics, parcels)


def _parts(standard: Standard, metrics: Sequence[MetricRow]) -> Iterator[Noticed]:
    """No figure is larger than the one of which it is a part: a share over 100 % would score as the best."""
    figures = {(row.year, row.metric): row.quantity for row in metrics}
    for (year, name), part in figures.items():
        whole = figures.get((year, standard.metrics[name].within))
        if whole:
            known = standard.metrics[whole.name]
            yield part.value > convert(whole.value, whole.unit, part.unit), Problem(
                "part_exceeds_whole", "metrics.csv", part.datum.row, "value", part.datum.given,
                {"whole": f"{whole.datum.given} {whole.unit}", "line": whole.datum.row, "whole_zh": known.name_zh,
                 "whole_en": known.name_en})


def _measures(measures: Iterable[MeasureRow]) -> Iterator[Noticed]:
    for row in measures:
        baseline, project = row.baseline_t_co2e, row.project_t_co2e
        yield project.value > baseline.value, Problem(
            "measure_raises_emissions", "measures.csv", project.datum.row, "project_t_co2e", project.datum.given,
            {"baseline": baseline.datum.given})


def _parcels(metrics: Sequence[MetricRow], parcels: Sequence[ParcelRow]) -> Iterator[Noticed]:
    """The parcels of a year together are not larger than the mine, and one parcel has one area."""
    areas: dict[int, dict[str, Any]] = {}
    for row in parcels:
        first = areas.setdefault(row.year, {}).setdefault(row.id, row.area.value)
        yield first != row.area.value, Problem("parcel_with_two_areas", "restoration.csv", row.line, "area_ha",
                                               _largest(row.area.value), {"parcel": row.id, "other": _largest(first)})
    totals = {row.year: row.quantity for row in metrics if row.metric == "total_area" and _is_area(row.quantity)}
    for year, by_parcel in areas.items():
        if year in totals:
            total, most = sum(by_parcel.values()), convert(totals[year].value, totals[year].unit, "ha")
            yield total > most, Problem("parcels_exceed_mine", "restoration.csv", "", "area_ha", _largest(total),
                                        {"year": year, "total": _largest(most)})


def outside_boundary(mine: Mine, parcels: Sequence[ParcelRow]) -> Iterator[Problem]:
    """Parcels whose point lies outside the boundary that the mine draws; a point on its edge lies inside."""
    placed = [row for row in parcels if row.point]
    if not mine.boundary.geometry or not placed:
        return
    from shapely import Point, Polygon  # only here, since it takes time to load

    whole = Polygon(mine.boundary.geometry)
    for row in placed:
        if not whole.covers(Point(row.point)):
            yield Problem("parcel_outside_mine", "restoration.csv", row.line, "lon, lat",
                          ", ".join(f"{degrees:g}" for degrees in row.point or ()), {"parcel": row.id})


def _is_area(quantity: Quantity) -> bool:
    """Else the unit is a problem already noted."""
    return is_known_unit(quantity.unit) and compatible(quantity.unit, "ha")


def _largest(value: Any) -> float:
    return float(np.max(value))

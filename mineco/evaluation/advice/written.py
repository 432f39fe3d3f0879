"""Changed figures as a case whose data are arrays, and as the keywords that write them into a dossier."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mineco.core.quantity import Datum, Quantity
from mineco.dossier.rows import ActivityRow, MeasureRow, MetricRow, OffsetRow, ParcelRow
from mineco.evaluation.advice.figures import CREDITS, Figures, Place
from mineco.evaluation.case import Case

PARCEL, MEASURE = "advised-planting", "advised-"  # ids of a parcel planted in the year, of what is listed at a source
BASELINE, PROJECT = "baseline_t_co2e", "project_t_co2e"


def case_of(case: Case, figures: Figures) -> Case:
    """The mine with other figures; one case whose data are arrays, where those of several sets are given.

    >>> from mineco.evaluation.advice.figures import figures_of, taken
    >>> from mineco.evaluation.advice.library import load_library
    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> saved, _ = taken(figures_of(quarry), load_library().measures["water-recycling"], np.array([0.1, 0.2]))
    >>> case_of(quarry, saved).figure("fresh_water").value  # of 7200 m3
    array([6480., 5760.])
    """
    values, units = {place: figures.values[place] for place in figures.changed()}, figures.units
    dossier, year = case.dossier, case.year

    def other(row: Any, place: Place) -> Any:
        return replace(row, quantity=replace(row.quantity, value=values[place])) if place in values else row

    activity = [other(row, ("activity", row.source, row.key, row.parameter)) if row.year == year else row
                for row in dossier.activity]
    activity += [ActivityRow(year, place[1], place[2], place[3],
                             _given(place, values[place], units[place], "activity.csv"))
                 for place in values if place[0] == "activity" and place not in figures.base]
    metrics: list[MetricRow] = [other(row, ("metric", row.metric)) if row.year == year else row
                                for row in dossier.metrics]
    parcels, offsets = list(dossier.parcels), list(dossier.offsets)
    measures = [*dossier.measures, *(_measure(case, source, values) for source in _sources(values))]
    if ("parcel", "area_ha") in values:
        parcels.append(_parcel(case, {place[1]: _given(place, values[place], units[place], "restoration.csv")
                                      for place in values if place[0] == "parcel"}))
    if CREDITS in values:
        offsets.append(_credits(case, _given(CREDITS, values[CREDITS], "tCO2e", "offsets.csv")))
    return replace(case, dossier=replace(dossier, activity=activity, metrics=metrics, measures=measures,
                                         parcels=parcels, offsets=offsets))


def _given(place: Place, value: np.ndarray, unit: str, file: str) -> Quantity:
    return Quantity(value, unit, "assumed", ".".join(filter(None, place[1:])) or place[0],
                    Datum(file=file, row=" ".join(place), column="quantity"))


def _parcel(case: Case, given: Mapping[str, Quantity]) -> ParcelRow:
    area, id = given["area_ha"], _free(PARCEL, case.dossier.parcels)
    return ParcelRow(id=id, year=case.year, name_zh="", name_en="", land_plots=(id,), area=area,
                     year_restored=case.year, ecosystem="grassland", measure="", pool="all", method="rate",
                     inputs={"rate_tc_per_ha_yr": given["rate_tc_per_ha_yr"]},
                     leakage=replace(area, value=np.zeros_like(area.value), unit="tCO2e", name="leakage"),
                     evidence="", line=0)


def _free(id: str, rows: Iterable[Any]) -> str:
    """An id that no row has: of a mine that took advice before."""
    known = {row.id for row in rows}
    return next(one for one in (id, *(f"{id}-{number}" for number in range(2, len(known) + 3))) if one not in known)


def _sources(places: Iterable[Place]) -> list[str]:
    """The sources at which a measure is listed."""
    return list(dict.fromkeys(place[1] for place in places if place[0] == "measure"))


def _measure(case: Case, source: str, values: Mapping[Place, np.ndarray]) -> MeasureRow:
    baseline, project = (_given(place, values[place], "tCO2e", "measures.csv") for place in (
        ("measure", source, BASELINE), ("measure", source, PROJECT)))
    return MeasureRow(id=_free(f"{MEASURE}{source}", case.dossier.measures), year=case.year, name_zh="", name_en="",
                      baseline_t_co2e=baseline, project_t_co2e=project, evidence="", source=source)


def _credits(case: Case, amount: Quantity) -> OffsetRow:
    """What is retired more, of the kind for which no range of serials is asked: it stands for any that counts."""
    return OffsetRow(kind="external-sink", programme="", project="", serial="", vintage=case.year, issued=None,
                     retired=case.dossier.mine.report_date, quantity=amount, beyond_compliance=True, evidence="",
                     line=0)


def keywords(figures: Figures) -> dict[str, Any]:
    """What is changed in the words of `mineco.what_if`, new rows with their units.

    >>> from mineco.evaluation.advice.figures import figures_of, taken
    >>> from mineco.evaluation.advice.library import load_library
    >>> from mineco.evaluation.case import open_case
    >>> quarry = figures_of(open_case("parameters/mines/tiny-quarry"))
    >>> keywords(taken(quarry, load_library().measures["water-recycling"], 0.1)[0])
    {'fresh_water': 6480.0, 'reused_water': 28220.0}
    """
    found: dict[str, Any] = {}
    case = figures.case
    for place in figures.changed():
        table, value = place[0], figures.values[place]
        said: Any = value if place in figures.base else f"{value!r} {figures.units[place]}"
        if table == "metric":
            found[place[1]] = said
        elif table == "activity":
            _, source, key, item = place
            main = case.standard.sources[source].main
            name = item if not key else key if item == main else f"{key}:{item}"
            found.setdefault(source.replace("-", "_"), {})[name] = said
    for source in _sources(figures.values):
        found.setdefault("measures", {})[_free(f"{MEASURE}{source}", case.dossier.measures)] = {
            "name_en": f"{source} (advised)", "name_zh": f"{source}（建议）", "removal": "no", "credits_issued": "no",
            "source": source, **{column: figures.values["measure", source, column] for column in (BASELINE, PROJECT)}}
    parcel = {place[1]: figures.values[place] for place in figures.values if place[0] == "parcel"}
    if parcel:
        id = _free(PARCEL, case.dossier.parcels)
        found["parcels"] = {id: {
            **parcel, "name_en": "Planting (advised)", "name_zh": "建议种植", "land_plots": id,
            "year_restored": str(case.year), "ecosystem": "grassland", "measure": "—", "pool": "all", "method": "rate",
            "leakage_t_co2e": 0.0}}
    if CREDITS in figures.values:
        found["offsets"] = {"ADVISED": {
            "kind": "external-sink", "programme": "—", "project": "—", "vintage": str(case.year),
            "retired": str(case.dossier.mine.report_date), "quantity": figures.values[CREDITS],
            "beyond_compliance": "yes"}}
    return found

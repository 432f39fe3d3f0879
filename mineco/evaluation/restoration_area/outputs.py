"""What the evaluation of restoration areas hands on: maps, zones, tables, and rows for the dossier's own tables."""

import csv
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine
from shapely import normalize, union_all
from shapely.geometry import shape

from mineco.core.labels import label
from mineco.core.reading.files import sha256
from mineco.dossier.cells import tables
from mineco.dossier.checks.handed_on import UNVERIFIED
from mineco.evaluation.record.archived import written_beside
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.restored import FOLDER, SOURCE, TableRow, parcel_rows, restored_land
from mineco.geo.grid import apply_affine
from mineco.geo.windows import files_kept_open
from mineco.geo.writing import write_raster, write_vectors
from mineco.report.tables import Block, show
from mineco.restoration.maps.area import NO_CLASS

CONTINUOUS = ("index", "cover", "trend", "residual_trend", "change", "slope", "soil_loss")


def write_outputs(evaluation: Evaluation, results: str | Path) -> Block:
    """Write all of it into ``outputs`` beside the results, and tell each file, what it is for, and its digest.

    See `mineco.evaluation.record.archived.written_beside`.
    """
    return written_beside(results, FOLDER, lambda folder: _told(_write(evaluation, folder)), "outputs_not_written")


@files_kept_open()
def _write(evaluation: Evaluation, folder: Path) -> list[Path]:
    """Maps, zones and tables of what is assessed, each in a file of its own."""
    written = [*write_maps(evaluation, folder), *write_zones(evaluation, folder), *write_parcels(evaluation, folder)]
    handed_on = {"zones.csv": zone_rows(evaluation)}
    if evaluation.identified.transitions_ha is not None:
        handed_on["transition.csv"] = transition_rows(evaluation, evaluation.identified.transitions_ha)
    if evaluation.potential is not None:
        handed_on["gains.csv"] = gain_rows(evaluation.potential)
    if evaluation.choice and evaluation.choice.plan and evaluation.choice.plan.parts:
        handed_on["plan.csv"] = evaluation.choice.plan.rows()
    if evaluation.carbon is not None and evaluation.carbon.change is not None:
        handed_on["restoration.csv"] = parcel_rows(evaluation)
    if evaluation.data.covers:
        handed_on["metrics.csv"] = metric_rows(evaluation)
    if evaluation.parcels:
        handed_on["parcels.csv"] = shared_rows(evaluation)
    for name, rows in handed_on.items():
        write_table(folder / name, rows, list(tables().get(name, ())))
        written.append(folder / name)
    return written


def _told(written: Iterable[Path]) -> Block:
    return show([{"file": f"{FOLDER}/{path.name}", "content": label(f"output_{path.stem}_{path.suffix[1:]}"),
                  "sha256": f"{sha256(path)[:12]}…"} for path in written], label("outputs"))


def write_maps(evaluation: Evaluation, folder: Path) -> Iterator[Path]:
    """Every map that was made as a cloud-optimised GeoTIFF, window by window."""
    maps, grid = evaluation.identified.maps, evaluation.data.layers.grid
    kinds = [(name, "continuous", "float32", math.nan) for name in CONTINUOUS if name in ("index", *maps.plan.steps)]
    for name, kind, dtype, nodata in (*kinds, ("class", "classes", "uint8", NO_CLASS), ("zone", "classes", "int32", 0)):
        write_raster(folder / f"{name}.tif", grid, maps.blocks(name), kind, dtype, nodata, [name])
        yield folder / f"{name}.tif"


def write_zones(evaluation: Evaluation, folder: Path) -> Iterator[Path]:
    """The zones as polygons with their columns; no file where there is no zone."""
    rows = list(zone_rows(evaluation))
    if rows:
        outlines = zone_outlines(evaluation)
        frame = geopandas.GeoDataFrame(rows, geometry=[outlines[row["zone"]] for row in rows],
                                       crs=evaluation.data.layers.grid.crs)
        write_vectors(folder / "zones.gpkg", {"zones": frame})
        yield folder / "zones.gpkg"


def write_parcels(evaluation: Evaluation, folder: Path) -> Iterator[Path]:
    """The parcels as they were handed in with the columns of their table; no file where there are none."""
    given = evaluation.data.study.parcels
    if given is not None:
        *rows, _ = shared_rows(evaluation)
        frame = geopandas.GeoDataFrame(rows, geometry=given.geometry.to_numpy(), crs=given.crs)
        write_vectors(folder / "parcels.gpkg", {"parcels": frame})
        yield folder / "parcels.gpkg"


def shared_rows(evaluation: Evaluation) -> Iterator[TableRow]:
    """Each parcel with its land, its carbon and its gain; the last row is the land in no parcel."""
    loss = "soil_loss_index" if evaluation.identified.relative_loss else "soil_loss_t_per_ha_yr"
    for one in evaluation.by_parcel():
        yield {"parcel": one["id"], "name": one["name"], "area_ha": one["area_ha"],
               **{f"{name}_ha": area for name, area in one["classes_ha"].items()},
               "never_ranked_ha": sum(one["never_ha"].values()), "unknown_ha": one["unknown_ha"],
               "zones": " ".join(one["zones_ha"]), "index": one["index"], "cover": one["cover"], loss: one["soil_loss"],
               **{name: one[name] for name in ("start_tc", "end_tc", "change_tc", "gain_t_co2")}}


def zone_outlines(evaluation: Evaluation) -> dict[int, Any]:
    """The outline of each zone along its pixels, joined over windows so that none of these shows."""
    grid = evaluation.data.layers.grid
    parts: dict[int, list[Any]] = {}
    for window, block in evaluation.identified.maps.blocks("zone"):
        x, y = apply_affine(grid.transform, window.column, window.row)
        placed = Affine(grid.transform.a, grid.transform.b, x, grid.transform.d, grid.transform.e, y)
        for outline, zone in shapes(block, mask=block > 0, transform=placed):
            parts.setdefault(int(zone), []).append(shape(outline))
    return {zone: normalize(union_all(found).simplify(0)) for zone, found in sorted(parts.items())}


def zone_rows(evaluation: Evaluation) -> Iterator[TableRow]:
    """Each zone with why it is degraded and what its chosen measure would gain."""
    ranks = evaluation.ranks
    for place, (zone, plan) in enumerate(zip(evaluation.identified.zones, evaluation.plans, strict=True)):
        chosen = plan.chosen if plan else ""
        gain = plan.cumulated.get(chosen) if plan else None
        yield {"zone": zone.id, "area_ha": zone.area_ha, "x": zone.x, "y": zone.y, "land": zone.land,
               "index": zone.index, **{f"score_{name}": one for name, one in zone.scores.items()},
               "reasons": " ".join(zone.reasons), "stays_top_share": zone.stays_top,
               "slope_degrees": zone.slope_degrees, "elevation_m": zone.elevation_m, "rain_mm": zone.rain_mm,
               "trend_per_yr": zone.trend,
               "residual_trend_per_yr": zone.residual_trend,
               "soil_loss_index" if evaluation.identified.relative_loss else "soil_loss_t_per_ha_yr": zone.soil_loss,
               "measure": chosen, **{f"gain_{part}_t_co2": None if gain is None else getattr(gain, part)[-1]
                                     for part in ("mean", "low", "high")},
               "cost_yuan": plan.cost.get(chosen) if plan else None,
               "yuan_per_t_co2": plan.cost_per_tonne.get(chosen) if plan else None,
               **{f"rank_{name}": getattr(ranks, f"by_{name}")[place] for name in ("degradation", "gain", "cost")}}


def transition_rows(evaluation: Evaluation, areas: NDArray[np.float64]) -> Iterator[TableRow]:
    """Land by class before and after, with the carbon that the change brings or takes where that is assessed."""
    data, carbon = evaluation.data, evaluation.carbon.by_transition if evaluation.carbon else None
    for before, after in np.ndindex(areas.shape):
        if areas[before, after]:
            yield {"class_before": data.codes[before], "class_after": data.codes[after],
                   "land_before": data.classes[before].ecosystem, "land_after": data.classes[after].ecosystem,
                   "year_before": data.cover_years[0], "year_after": data.cover_years[-1],
                   "area_ha": areas[before, after],
                   "carbon_change_tc": None if carbon is None else carbon[before, after]}


def gain_rows(potential: Potential) -> Iterator[TableRow]:
    """What each suitable measure would gain in each zone up to each year, beyond the baseline."""
    for plan in potential.plans:
        for name in plan.measures:
            for year in range(potential.years):
                yield {"zone": plan.zone, "measure": name, "chosen": "yes" if name == plan.chosen else "no",
                       "year": year + 1,
                       **{f"{which}_{part}_t_co2": getattr(found[name], part)[year]
                          for which, found in (("yearly", plan.yearly), ("cumulated", plan.cumulated))
                          for part in ("mean", "low", "high")}}


def metric_rows(evaluation: Evaluation) -> Iterator[TableRow]:
    """Areas, soil loss and carbon for metrics.csv: green are classes that bear their vegetation, and all but built-up
    land and water can be."""
    data, kinds = evaluation.data, evaluation.rules.ecosystems
    land = evaluation.identified.covers_ha[data.today]
    state = np.array([kinds[one.ecosystem].state for one in data.classes])
    found: list[tuple[str, float, str, str]] = [
        ("total_area", float(land.sum()), "ha", "格网内有覆被类别的土地 / land of known class on the grid"),
        ("greenable_area", float(land[state != "other"].sum()), "ha",
         "除建设用地和水域 / all but built-up land and water"),
        ("green_area", float(land[state == "sound"].sum()), "ha", " / ".join(_green(evaluation, state == "sound")))]
    if "soil_loss" in evaluation.identified.maps.plan.steps and not evaluation.identified.relative_loss:
        whole, sound = _mean_losses(evaluation)
        found += [("soil_loss", 100 * whole, "t/(km2 yr)",
                   "RUSLE，除建设用地和水域外的平均 / mean over all but built-up land and water"),
                  ("background_soil_loss", 100 * sound, "t/(km2 yr)",
                   "RUSLE，两期植被均正常的土地 / land that bears its vegetation on both dates")]
    parcels = restored_land(evaluation) if data.pools else {}
    if data.pools and parcels:
        density = dict(zip(data.pools.classes, data.pools.mean.sum(axis=1).tolist(), strict=True))
        stock = sum(area * density[after] for (_, after), (area, *_) in parcels.items())
        found.append(("carbon_stock", stock, "tC", "restoration.csv 所列地块 / parcels of restoration.csv"))
    for metric, value, unit, note in found:
        if math.isfinite(value):
            yield {"year": evaluation.case.year, "metric": metric, "value": value, "unit": unit, "kind": "calculated",
                   "quality": "medium", "data_source": SOURCE.format(file="maps"), "frequency": "yearly",
                   "verified_by": UNVERIFIED, "note": note}


def _green(evaluation: Evaluation, sound: NDArray[np.bool_]) -> tuple[str, str]:
    """What is green, and how much of it was there at the start where that is known."""
    data, before = evaluation.data, evaluation.identified.covers_ha.get("cover_start")
    told = ["植被正常的类别", "classes that bear their vegetation"]
    if before is not None and data.today != "cover_start":
        year, area = data.cover_years[0], f"{before[sound].sum():.10g}"
        told = [f"{told[0]}；{year} 年为 {area} ha", f"{told[1]}; {area} ha in {year}"]
    return told[0], told[1]


def write_table(path: Path, rows: Iterable[TableRow], columns: Sequence[str] = ()) -> None:
    """Rows as CSV, numbers at full precision; blank where a row has no such column or nothing is known.

    The columns are those that are named, else those of the first row; without either there is an empty line.
    """
    rows = iter(rows)
    first = next(rows, {})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns) or list(first), lineterminator="\n")
        writer.writeheader()
        for row in itertools.chain([first] if first else [], rows):
            writer.writerow({name: "" if value != value else value for name, value in row.items()})


def _mean_losses(evaluation: Evaluation) -> tuple[float, float]:
    """Mean soil loss of all land that can be restored, and of what bears its vegetation on both dates. [t/(ha yr)]

    Towns and water lose none that the equation tells (reading T13).
    """
    sound = [one.code for one in evaluation.data.classes
             if evaluation.rules.ecosystems[one.ecosystem].state == "sound"]
    maps, sums = evaluation.identified.maps, np.zeros((2, 2))
    for window, loss in maps.blocks("soil_loss"):
        known = ~np.isnan(loss) & maps.plan.restorable(window)
        both = known & np.isin(maps.plan.read("cover_start", window), sound)
        both &= np.isin(maps.plan.read("cover_end", window), sound)
        sums += [[loss[known].sum(), known.sum()], [loss[both].sum(), both.sum()]]
    whole, background = np.divide(sums[:, 0], sums[:, 1], out=np.full(2, math.nan), where=sums[:, 1] > 0)
    return float(whole), float(background)


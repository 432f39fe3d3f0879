"""Real land as somebody has it, begun with `mineco new`: what lies in ../shared/data/geo and nothing else."""

import csv
from pathlib import Path

from tests.helpers.from_scratch import fill, layers, new_land, options, settings
from tests.helpers.geo import real

# how somebody reads the names of the Willamette sample: the first word that a name holds
KINDS = {"water": ("channel", "Stream", "water"), "wetland": ("marsh", "Wet shrub"), "snow": ("Snow",),
         "bare": ("Barren", "Bare", "Shadow", "Unknown"), "shrubland": ("shrub",),
         "built": ("Residential", "Comm", "Industrial", "Vacant", "Urban non", "structures", "Railroad", "roads",
                   "Rural non"),
         "grassland": ("Pasture", "Natural grassland", "Turf"),
         "forest": ("Forest", "Conifer", "poplar", "savanna", "overstory", "Christmas"), "cropland": ("",)}


def kind(name: str) -> str:
    """The kind of land of a class of the Willamette sample."""
    return next(kind for kind, words in KINDS.items() if any(word in name for word in words))


def willamette(folder: Path, resample: bool = True, spread: bool = True) -> Path:
    """The basin: covers of 2000 and of a scenario for 2030, elevation, which lies on another grid, and pools."""
    carbon, ground = real("willamette_carbon"), real("willamette_dem_erosion")
    new_land(folder, 2030)
    layers(folder, ("cover_start", 2000, carbon / "lulc_samp_cur.tif", 1),
           ("cover_end", 2030, carbon / "lulc_samp_fut.tif", 1), ("elevation", "", ground / "dem.tif", 1))
    with (carbon / "carbon_pools_samp_uncertain.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    fill(folder, "classes.csv", [{"code": row["LULC"], "ecosystem": kind(row["LULC_Name"]), "name_en": row["LULC_Name"]}
                                 for row in rows])
    fill(folder, "pools.csv", [
        {"class": row["LULC"], "pool": pool, "mean_tc_per_ha": row[f"C_{pool.upper()}_MEAN"],
         "sd_tc_per_ha": row[f"C_{pool.upper()}_SD"] if spread else "", "tier": 2, "source": "InVEST sample",
         "status": "quoted"} for row in rows for pool in ("above", "below", "dead", "soil")])
    if resample:
        options(folder, resample_layers="true")
    return folder


def plum_island(folder: Path, other: str, last: int = 1999) -> Path:
    """Covers of 1985 and later with three classes, of which the third is called a kind of land, and elevation."""
    data = real("plum_island_lulc")
    new_land(folder, last)
    layers(folder, ("cover_start", 1985, data / "lulc_1985.tif", 1), ("cover_end", last, data / f"lulc_{last}.tif", 1),
           ("elevation", "", data / "elevation_m.tif", 1))
    fill(folder, "classes.csv", [{"code": code, "ecosystem": one, "name_en": name} for code, one, name in (
        (1, "forest", "forest"), (2, "built", "built"), (3, other, "other"))])
    return folder


def alaska(folder: Path, composite: str = "{ndvi: max}", resample: bool = True) -> Path:
    """Thirty years of monthly NDVI in degrees and nothing else, listed in one row."""
    data = real("gimms_alaska_ndvi") / "ndvi_monthly_1982_2011.tif"
    new_land(folder, 2011)
    layers(folder, ("ndvi", "1982..2011", data, "1..360"))
    _on_a_grid_of_years(folder, composite, resample)
    return folder


def somalia(folder: Path) -> Path:
    """Twelve years of NDVI × 10000 every 16 days, on five by five pixels in degrees of another datum."""
    data = real("modis_somalia_ndvi") / "modisraster.tif"
    new_land(folder, 2012)
    layers(folder, ("ndvi", 2000, data, "1..20"), ("ndvi", "2001..2011", data, "21..273"),
           ("ndvi", 2012, data, "274..275"))
    _on_a_grid_of_years(folder, "{ndvi: max}", True)
    return folder


def _on_a_grid_of_years(folder: Path, composite: str, resample: bool) -> None:
    if composite:
        settings(folder, composite=composite)
    if resample:
        options(folder, resample_layers="true")

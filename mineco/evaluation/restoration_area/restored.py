"""Land that two maps show as worn before and as restored after, as the parcels that are handed on."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.warp import transform as project

from mineco.dossier.cells import columns_file
from mineco.dossier.checks.handed_on import UNVERIFIED
from mineco.evaluation.restoration_area.carbon import SOIL_TRANSITION
from mineco.evaluation.restoration_area.given.pools import DEFAULTS, POOLS
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.geo.grid import apply_affine
from mineco.restoration.maps.accuracy import NORMAL_95
from mineco.restoration.maps.area import Patches, join_patches, label_patches, zone_sums
from mineco.standards.factors import load_factors

FOLDER = "outputs"  # in which it is handed on
HELD_IN = {"biomass": ("above", "below"), "dead-organic-matter": ("dead",), "soil": ("soil",)}  # pools of a parcel
SOURCE = "restoration-area: {file}"
TableRow = Mapping[str, Any]


def parcel_rows(evaluation: Evaluation) -> Iterator[TableRow]:
    """Land that was degraded at the start and bears vegetation at the end, as parcels for restoration.csv.

    One parcel for each pair of classes, of patches that are no smaller than a zone, and a row for each pool that holds
    anything. Soil counts over its transition of 20 years (reading T4), other pools over the years between the maps.
    Leakage is left blank, since no map tells it.
    """
    data, pools = evaluation.data, evaluation.data.pools
    assert pools is not None
    between = data.cover_years[-1] - data.cover_years[0]
    given = columns_file("rasters")["parcels"]
    names = {one.code: one for one in data.classes}
    for (before, after), (area, longitude, latitude) in restored_land(evaluation).items():
        first, last = names[before], names[after]
        rows = [pools.classes.index(code) for code in (before, after)]
        sources = ", ".join(sorted({DEFAULTS if pools.rows[code, pool].zone else "pools.csv"
                                    for code in (before, after) for pool in POOLS}))
        for pool, parts in HELD_IN.items():
            columns = [POOLS.index(part) for part in parts]
            start, end = (float(pools.mean[row, columns].sum()) for row in rows)
            if start == end:
                continue
            half = NORMAL_95 * float(np.hypot.reduce(pools.spread[rows][:, columns].ravel()))
            settles = load_factors().by_id(SOIL_TRANSITION).value if pool == "soil" else 0.0
            yield {"parcel": f"A{before}-{after}", "year": evaluation.case.year,
                   "name_zh": f"{first.name['zh']}转为{last.name['zh']}",
                   "name_en": f"{first.name['en']} to {last.name['en']}",
                   "land_plots": f"A{before}-{after}", "area_ha": area, "year_restored": data.cover_years[-1],
                   "ecosystem": given[last.ecosystem],
                   "measure": "由两期土地覆被图识别 / found on two maps of land cover", "pool": pool,
                   "method": "stock-difference", "stock_start_tc_per_ha": start, "stock_end_tc_per_ha": end,
                   "stock_years": max(settles, float(between)), "kind": "calculated",
                   "quality": "medium", "data_source": SOURCE.format(file=f"transition.csv, {sources}"),
                   "frequency": "yearly", "verified_by": UNVERIFIED,
                   "uncertainty_pct": min(100 * half / abs(end - start), 1000.0),
                   "evidence": f"{FOLDER}/transition.csv", "lon": longitude, "lat": latitude,
                   "note": f"{data.cover_years[0]}–{data.cover_years[-1]} 之间修复 / restored between the two years"}


def restored_land(evaluation: Evaluation) -> dict[tuple[int, int], tuple[float, float, float]]:
    """Area [ha], longitude and latitude of the middle of what went from a degraded class to a sound one.

    Patches smaller than a zone are left out: most of them are pixels that one of the maps has wrong.
    """
    maps = evaluation.identified.maps
    return maps.once(("restored land", evaluation.case.standard.rule("smallest_zone")), lambda: _restored(evaluation))


def _restored(evaluation: Evaluation) -> dict[tuple[int, int], tuple[float, float, float]]:
    identified, data, grid = evaluation.identified, evaluation.data, evaluation.data.layers.grid
    if identified.transitions_ha is None:
        return {}
    least = evaluation.case.standard.rule("smallest_zone") / identified.pixel_ha - 1e-9
    state = {one.code: evaluation.rules.ecosystems[one.ecosystem].state for one in data.classes}
    pairs = [(before, after) for before, after in itertools.product(data.codes, data.codes)
             if (state[before], state[after]) == ("worn", "sound")
             and identified.transitions_ha[data.codes.index(before), data.codes.index(after)]]
    patches: dict[tuple[int, int], list[Patches]] = {pair: [] for pair in pairs}
    sums: dict[tuple[int, int], list[NDArray[np.float64]]] = {pair: [] for pair in pairs}  # in each patch
    for window in identified.maps.windows:
        start, end = (identified.maps.plan.read(name, window) for name in ("cover_start", "cover_end"))
        for before, after in pairs:
            labels, there = label_patches((start == before) & (end == after), window.row, window.column, grid.width)
            rows, columns = np.nonzero(labels)
            patches[before, after].append(there)
            sums[before, after].append(zone_sums(labels[rows, columns].astype(np.int64), [
                np.ones(len(rows)), columns + window.column + 0.5, rows + window.row + 0.5], len(there.pixels) + 1))
    found = {}
    for pair in pairs:
        zones = join_patches(patches[pair], grid.width, least)
        pixels, column, row = sum(one[:, zone > 0].sum(axis=1) for one, zone in zip(sums[pair], zones, strict=True))
        if pixels:
            x, y = apply_affine(grid.transform, column / pixels, row / pixels)
            (longitude,), (latitude,) = project(grid.crs, "EPSG:4326", [x], [y])
            found[pair] = float(pixels * identified.pixel_ha), longitude, latitude
    return found

"""A study area in degrees and counties of another datum on real covers: counted again from the file, pixel by pixel."""

import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.features import geometry_mask

from mineco.evaluation.restoration_area import evaluate as area
from tests.helpers.geo import real
from tests.helpers.real_land import willamette


def test_counties_of_the_basin_add_up_to_the_land_within_a_boundary_in_degrees(tmp_path):
    folder = willamette(tmp_path / "land")
    with rasterio.open(real("willamette_carbon") / "lulc_samp_fut.tif") as file:
        codes, edges, place, crs = file.read(1), file.bounds, file.transform, file.crs
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    low, high = np.array([edges.left, edges.bottom]), np.array([edges.right, edges.top])
    ring = (low + high) / 2 + 0.4 * (high - low) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    study = geopandas.GeoSeries([shapely.Polygon(ring)], crs=crs)
    study.to_crs(4326).to_file(folder / "rasters" / "study.geojson")
    across, up = np.linspace(low, high, 4).T
    counties = geopandas.GeoDataFrame(
        {"county": [f"C{number}" for number in range(9)]}, crs=crs,
        geometry=[shapely.box(across[i], up[j], across[i + 1], up[j + 1]) for i in range(3) for j in range(3)])
    counties.to_crs(4269).to_file(folder / "rasters" / "counties.shp")  # NAD 83
    with (folder / "rasters" / "area.yaml").open("a", encoding="utf-8") as file:
        file.write("\nboundary: study.geojson\nparcels: {file: counties.shp, id: county}\n")
    found = area.check(folder)
    inside = geometry_mask(study, codes.shape, place, invert=True)  # the centres within, as another library counts them
    assert sum(found.identified.parts_ha) == pytest.approx(inside.sum() * 0.09, rel=1e-5)
    parts = found.parcels.parts
    assert found.parcels.in_none.area_ha == pytest.approx(0, abs=0.1)
    assert sum(one.area_ha for one in parts) == pytest.approx(sum(found.identified.parts_ha), rel=1e-12)
    places = {one.id: one for one in parts}
    for name, county in zip(counties["county"], counties.geometry, strict=True):
        # a pixel on the boundary counts whole where its centre lies within: of some hundred, half a pixel each way
        assert places[name].area_ha == pytest.approx(county.intersection(study[0]).area / 1e4, abs=3)
    assert places["C4"].area_ha == pytest.approx(counties.geometry[4].area / 1e4, rel=1e-6)  # wholly within
    stock = sum(one["end_tc"] for one in found.by_parcel())
    assert stock == pytest.approx(found.carbon.mapped[-1], rel=1e-12)
    assert [value for _, value, _ in found.checks()] == pytest.approx([0] * len(found.checks()), abs=1e-6)

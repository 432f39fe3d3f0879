"""Land that cannot be restored is never ranked, whatever it looks like (reading T13)."""

import csv
import shutil

import numpy as np
import pytest
import rasterio

from mineco import views
from mineco.evaluation.restoration_area import evaluate as area
from mineco.restoration.maps.area import NEVER
from tests import example_area as example
from tests.helpers.land import FOLDER, refusal, rewritten, table, whole
from tests.helpers.printed import numbers, row

pytestmark = pytest.mark.usefixtures("english")

BUILT, WATER = 7, 8
TOWN = np.s_[40:88, 4:44]  # 1,920 pixels, of which some were a forest, a pit, a dump and fields


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The example with a bare town on a fifth of it, which fell from forest and field to nothing in its images."""
    folder = shutil.copytree(FOLDER, tmp_path_factory.mktemp("town") / "dossier")
    for name, value in (("cover_end", BUILT), ("ndvi", None)):
        with rasterio.open(folder / "rasters" / f"{name}.tif", "r+") as file:
            bands = file.read()
            if value is None:
                bands[:, *TOWN] = np.linspace(500, 60, len(bands)).astype(bands.dtype)[:, np.newaxis, np.newaxis]
            else:
                bands[:, *TOWN] = value
            file.write(bands)
    rows, columns = np.mgrid[TOWN]
    inside = {example.place(pixel) for pixel in (rows * example.SIDE + columns).ravel()}
    table(folder / "rasters" / "points.csv", lambda found: [
        one | ({"cover_end": str(BUILT), "restore": "no"} if (float(one["x"]), float(one["y"])) in inside else {})
        for one in found])
    return area.check(folder)


def cover_end(found):
    return whole(found.identified.maps, "cover_end")


def test_a_town_is_no_zone_though_it_is_bare_and_its_vegetation_fell(town):
    built = np.isin(cover_end(town), (BUILT, WATER))
    assert built.sum() > 1920
    assert not whole(town.identified.maps, "zone")[built].any()
    assert (whole(town.identified.maps, "class")[built] == NEVER).all()
    assert np.isnan(whole(town.identified.maps, "index")[built]).all()


def test_what_is_never_ranked_is_told_in_hectares_by_its_kind(town):
    codes = cover_end(town)
    assert town.identified.never_ha == pytest.approx({
        "built": 0.09 * (codes == BUILT).sum(), "water": 0.09 * (codes == WATER).sum()})
    assert sum(town.identified.parts_ha) == pytest.approx(96 * 96 * 0.09)
    shown = views.land.class_areas(town.rules, town.identified)
    assert numbers(row(shown, "built-up land (never ranked)")["Area (ha)"]) == pytest.approx(
        [0.09 * (codes == BUILT).sum()], rel=1e-3)
    assert "never ranked" in views.land.priority_map(town.rules, town.identified).alt


def test_a_town_that_a_point_calls_land_to_restore_is_an_error_of_omission(town):
    # points in the town and the lake are points of the map's other land: none is lost
    with (FOLDER / "rasters" / "points.csv").open(encoding="utf-8", newline="") as file:
        tests = sum(one["use"] == "test" for one in csv.DictReader(file))
    assert town.accuracy.restore.matrix.sum() + town.accuracy.left_out == tests
    assert town.accuracy.restore.adjusted.map_area.sum() == pytest.approx(96 * 96 * 0.09 - town.identified.unknown_ha)


def test_villages_and_water_of_the_example_are_in_no_zone():
    found = area.check(FOLDER)
    codes = cover_end(found)
    assert (codes == BUILT).sum() == 81
    assert not whole(found.identified.maps, "zone")[np.isin(codes, (BUILT, WATER))].any()


def test_land_that_the_dossier_leaves_out_is_never_ranked_whatever_its_class(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "dossier")
    left_out = np.zeros((96, 96), dtype="uint8")
    left_out[34:56, 8:28] = 3  # the new pit, with a number of the user's own
    left_out[0, 0] = 255
    with rasterio.open(folder / "rasters" / "cover_end.tif") as file:
        profile = file.profile | {"nodata": 255}
    with rasterio.open(folder / "rasters" / "roads.tif", "w", **profile) as file:
        file.write(left_out, 1)
    table(folder / "rasters" / "layers.csv", lambda rows: [*rows, rows[-1] | {
        "layer": "excluded", "file": "roads.tif", "band": "1"}])
    found = area.check(folder)
    zones = whole(found.identified.maps, "zone")
    assert not zones[34:56, 8:28].any()
    assert {one.land for one in found.identified.zones} == {"desertified", "mined"}
    inside = cover_end(found)[34:56, 8:28]
    assert found.identified.never_ha["excluded"] == pytest.approx(0.09 * (~np.isin(inside, (BUILT, WATER))).sum())
    assert whole(found.identified.maps, "class")[0, 0] != NEVER


@pytest.mark.parametrize("ends", ["", "\nvegetation_ends: [0.1, 0.8]"])
def test_land_of_which_nothing_can_be_ranked_is_refused_in_a_sentence(tmp_path, ends):
    folder = shutil.copytree(FOLDER, tmp_path / "dossier")
    rewritten(folder / "rasters" / "cover_end.tif", lambda bands: np.full_like(bands, BUILT))
    settings = folder / "rasters" / "area.yaml"
    settings.write_text(settings.read_text("utf-8").replace("draws: 2000", f"draws: 2000{ends}"), "utf-8")
    assert set(refusal(folder)) == {"nothing_to_rank"}

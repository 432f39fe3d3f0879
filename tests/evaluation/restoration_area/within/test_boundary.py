"""A study area: what lies within is evaluated as if there were nothing else, and what lies beyond is told."""

import shutil

import geopandas
import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_equal
from shapely import Point

from mineco import views
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.outputs import write_maps
from mineco.evaluation.restoration_area.sampling.draw import lay_out
from mineco.restoration.maps.area import NO_CLASS
from tests import example_area as example
from tests.helpers.drawn import SIDE, WHOLE, block, drawn
from tests.helpers.land import FOLDER, refusal, rewritten, whole
from tests.helpers.printed import row

pytestmark = pytest.mark.usefixtures("english")

EDGE, DEEP = 75.5, 90  # columns and rows within; the centres of column 75 lie on the edge
INSIDE = np.s_[:DEEP, :76]
MASK = (30, 30, 40, 40)
HA = example.HA


@pytest.fixture(scope="module")
def plain():
    return area.check(FOLDER)


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return drawn(tmp_path_factory.mktemp("within"), boundary=(0, 0, EDGE, DEEP), mask=MASK)


@pytest.fixture(scope="module")
def within(dossier):
    return area.check(dossier)


def told(evaluation):
    return evaluation.outcome().model_dump(mode="json", exclude_unset=True)


def test_a_boundary_around_the_whole_grid_changes_no_number(plain, tmp_path):
    found = area.check(drawn(tmp_path, boundary=WHOLE))
    outcome = told(found)
    assert outcome.pop("outside_ha") == 0
    assert outcome == told(plain)
    for name in ("measured", "index", "class", "zone"):
        ours, theirs = ([one.plan.tile(name, window).read_bytes() for window in one.windows]
                        for one in (found.identified.maps, plain.identified.maps))
        assert ours == theirs
    assert "outside_ha" not in told(plain)


def test_what_lies_beyond_is_neither_unknown_nor_never_ranked(within):
    found = within.identified
    assert found.outside_ha == pytest.approx((SIDE * SIDE - 76 * DEEP) * HA)
    assert sum(found.parts_ha) == pytest.approx(76 * DEEP * HA)
    assert found.transitions_ha.sum() == pytest.approx(76 * DEEP * HA)  # both covers know every pixel
    outside = np.ones((SIDE, SIDE), dtype=bool)
    outside[INSIDE] = False
    for name in ("index", "cover", "slope", "trend"):
        assert np.isnan(whole(found.maps, name)[outside]).all()
    assert (whole(found.maps, "class")[outside] == NO_CLASS).all()
    assert not whole(found.maps, "zone")[outside].any()
    assert [value for _, value, _ in within.checks()] == pytest.approx([0] * len(list(within.checks())), abs=1e-6)


def test_nothing_but_the_elevation_beyond_the_boundary_is_seen(dossier, within, tmp_path):
    other = shutil.copytree(dossier, tmp_path / "dossier")
    outside = np.ones((SIDE, SIDE), dtype=bool)
    outside[INSIDE] = False

    def spoilt(value):
        return lambda bands: np.where(outside, value, bands)
    for name, value in (("ndvi", 999), ("rain", 9999), ("cover_start", 77), ("cover_end", 78), ("erosivity", 9)):
        rewritten(other / "rasters" / f"{name}.tif", spoilt(value))  # classes that have neither name nor pools
    assert told(area.check(other)) == told(within)


def test_slopes_at_the_boundary_see_the_land_around_it(plain, within):
    slope, alone = (whole(one.identified.maps, "slope") for one in (within, plain))
    assert_array_equal(slope[INSIDE], alone[INSIDE])
    assert (~np.isnan(slope[1:89, 75])).all()


def test_the_mask_is_told_in_hectares_as_left_out(within, plain):
    codes = whole(within.identified.maps, "cover_end")[30:40, 30:40]
    built = np.isin(codes, (7, 8)).sum()  # of the hundred pixels those that are never ranked anyway
    assert within.identified.never_ha["excluded"] == pytest.approx((100 - built) * HA)
    assert not whole(within.identified.maps, "zone")[30:40, 30:40].any()
    shown = views.land.class_areas(within.rules, within.identified)
    assert row(shown, "land that the dossier leaves out (never ranked)")
    assert row(shown, "beyond the boundary")
    assert "eyond the boundary" not in views.land.class_areas(plain.rules, plain.identified).text


def test_windows_of_another_size_find_the_same(dossier, within):
    small = area.evaluate(area.open_case(dossier), memory=2 ** 20)
    assert len(small.identified.maps.windows) > 4
    assert all(one.row < DEEP and one.column < 76 for one in small.identified.maps.windows)  # no other is read
    assert small.identified.classes_ha == within.identified.classes_ha
    assert small.identified.never_ha == within.identified.never_ha
    assert np.array_equal(whole(small.identified.maps, "class"), whole(within.identified.maps, "class"))


def test_points_beyond_the_boundary_are_left_out_and_told(within):
    beyond = beyond_of(within.data.points)
    (finding,) = [one for told, one in within.noticed() if told and one.message == "points_beyond_boundary"]
    assert finding.value == ", ".join(beyond)
    tests = sum(one["use"] == "test" and one["id"] in beyond for one in within.data.points.cells)
    assert within.accuracy.left_out >= tests > 0
    assert within.carbon.plots_left_out == tuple(beyond_of(within.data.plots))


def beyond_of(points):
    return [one["id"] for one in points.cells
            if not block(0, 0, EDGE, DEEP).covers(Point(float(one["x"]), float(one["y"])))]


def test_the_report_names_the_files_and_the_area(within):
    shown = views.land.grid(within.data).text
    assert "Boundary of the study area | boundary.gpkg, shapes: 1, WGS 84 / UTM zone 49N" in shown
    assert "Mask of land never ranked | mask.gpkg" in shown
    assert f"Area within the boundary | {76 * DEEP * HA:.4g} ha" in shown
    assert "Area within the boundary | 615.6 ha" in views.verdict.conclusion(within).text


def test_maps_are_outlined_and_blank_beyond(within):
    drawn_map = views.covers.cover_map(within.data, within.identified, "cover_end")
    picture = drawn_map.figure.axes[0].images[0].get_array()
    down, across = (size / SIDE for size in picture.shape[:2])
    assert (picture[int(DEEP * down) + 1:] == 255).all()
    assert (picture[:, int(76 * across) + 1:] == 255).all()
    assert not (picture[:int(DEEP * down), :int(76 * across)] == 255).all(axis=-1).any()
    assert "no data" not in [one.get_text() for one in drawn_map.figure.legends[0].get_texts()]


def test_the_corners_of_mine_yaml_may_be_the_boundary(tmp_path):
    corners = geopandas.GeoSeries([block(0, 0, EDGE, DEEP)], crs=example.CRS).to_crs(4326)[0].exterior.coords[:-1]
    folder = drawn(tmp_path, "boundary: mine.yaml")
    assert set(refusal(folder)) == {"boundary_not_in_mine"}
    mine = folder / "mine.yaml"
    given = ", ".join(f"[{x}, {y}]" for x, y in corners)
    mine.write_text(mine.read_text("utf-8").replace("boundary:\n", f"boundary:\n  geometry: [{given}]\n"), "utf-8")
    found = area.check(folder)
    inside = sum(found.identified.parts_ha) / HA
    assert inside == pytest.approx(75.5 * DEEP, abs=0.5 * DEEP + 76)  # on which side a centre lies, rounding decides
    assert found.data.boundary is not None


@pytest.mark.parametrize(("shapes", "settings", "message"), [
    ({"boundary": (200, 0, 210, 10)}, (), "vectors_apart"),
    ({"boundary": (3.1, 3.1, 3.4, 3.4)}, (), "boundary_without_pixels"),
    ({}, ("boundary: absent.gpkg",), "missing_file"),
    ({}, ("boundary: ../mine.yaml",), "outside_dossier"),
    ({}, ("mask: mine.yaml",), "missing_file"),
    ({}, ("boundary: {layer: x}",), "missing_key"),
    ({}, ("mask: {file: cover_end.tif}",), "vectors_format_unknown"),
    ({}, ("parcels: villages.shp",), "not_several_entries"),
    ({"parcels": {"a": (0, 0, 10, 10), "b": (8, 8, 20, 20)}}, (), "parcels_overlap"),
    ({"boundary": (0, 0, 50, 96), "parcels": (60, 0, 70, 10)}, (), "parcels_outside")])
def test_lines_that_cannot_be_meant_are_refused(tmp_path, shapes, settings, message):
    assert set(refusal(drawn(tmp_path, *settings, **shapes))) == {message}


def test_of_several_files_every_problem_is_told(tmp_path):
    found = refusal(drawn(tmp_path, "mask: absent.gpkg", boundary=(200, 0, 210, 10)))
    assert set(found) == {"vectors_apart", "missing_file"}


def test_a_boundary_that_reaches_beyond_the_grid_is_told(tmp_path):
    found = area.check(drawn(tmp_path, boundary=(-32, 0, 96, 96)))
    (finding,) = [one for told, one in found.noticed() if told and one.message == "boundary_beyond_grid"]
    assert finding.details["share"] == "25 %"  # 32 of 128 columns


def test_maps_handed_on_have_no_data_beyond_the_boundary(within, tmp_path):
    list(write_maps(within, tmp_path))
    with rasterio.open(tmp_path / "class.tif") as file:
        assert (file.read(1)[DEEP:] == NO_CLASS).all()
    with rasterio.open(tmp_path / "slope.tif") as file:
        assert np.isnan(file.read(1)[:, 76:]).all()


def test_layers_that_are_resampled_are_looked_through_within_the_boundary(dossier, within, tmp_path):
    other = shutil.copytree(dossier, tmp_path / "dossier")
    path = other / "rasters" / "cover_end.tif"
    with rasterio.open(path) as file:
        codes, profile = file.read(1), file.profile
    codes[DEEP:], codes[:, 76:] = 77, 77  # a class that has neither name nor pools
    one = profile["transform"]
    profile |= {"width": 2 * SIDE, "height": 2 * SIDE, "transform": one @ one.scale(0.5)}
    with rasterio.open(path, "w", **profile) as file:  # in pixels of half the size
        file.write(codes.repeat(2, axis=0).repeat(2, axis=1), 1)
    found = area.check(other, resample_layers=True)
    (facts,) = [one for one in found.data.layers.facts if one.id.startswith("cover_end")]
    assert (facts.resampled, 77 in facts.histogram, facts.missing_share) == ("mode", False, 0)
    assert sum(facts.histogram.values()) == 76 * DEEP
    assert told(found)["classes_ha"] == told(within)["classes_ha"]


def test_a_sample_is_drawn_within_the_boundary_alone(dossier):
    sample = lay_out(area.open_case(dossier), seed=3)
    assert len(sample.rows) > 100
    assert (sample.rows < DEEP).all()
    assert (sample.columns < 76).all()
    assert sum(one.pixels for one in sample.strata) == 76 * DEEP

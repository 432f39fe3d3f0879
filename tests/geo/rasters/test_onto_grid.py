"""Layers brought onto the grid: by hand arithmetic, by another method, and with nothing bleeding out of clouds."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from rasterio import Affine
from rasterio.warp import transform

from mineco.geo.grid import Grid
from mineco.geo.layers import Layer, open_layers, reference_grid
from mineco.geo.rasters.reference import StatedGrid
from mineco.geo.windows import Window
from tests.helpers.geo import CORNER, real, written
from tests.helpers.refusals import refused_with

RNG = np.random.default_rng(20261128)
DEGREES = {"crs": "EPSG:4326", "pixel": 0.0003, "corner": (116.99, 36.15)}  # at the middle meridian of zone 50


def index(path, **known):
    return Layer(path.stem, path, "continuous", -1, 1, **known)


@pytest.fixture
def ndvi(tmp_path):
    return index(written(tmp_path / "ndvi.tif", RNG.uniform(0, 0.9, (30, 40)), nodata=math.nan))


def test_values_in_degrees_are_those_between_the_four_pixels_around(tmp_path, ndvi):
    values = RNG.uniform(0, 0.9, (90, 110))
    layers = open_layers([ndvi, index(written(tmp_path / "degrees.tif", values, nodata=math.nan, **DEGREES))],
                         resample=True)
    assert layers.facts[1].resampled == "bilinear"
    down, across = np.mgrid[0:30, 0:40]
    x, y = CORNER[0] + 30 * (across + 0.5), CORNER[1] - 30 * (down + 0.5)
    places = transform("EPSG:32650", "EPSG:4326", x.ravel(), y.ravel())
    longitude, latitude = (np.reshape(one, x.shape) for one in places)
    column, row = (longitude - 116.99) / 0.0003 - 0.5, (36.15 - latitude) / 0.0003 - 0.5
    i, j = np.floor(row).astype(int), np.floor(column).astype(int)
    below, right = row - i, column - j
    wanted = ((values[i, j] * (1 - right) + values[i, j + 1] * right) * (1 - below)
              + (values[i + 1, j] * (1 - right) + values[i + 1, j + 1] * right) * below)
    assert_allclose(layers.read("degrees", Window(0, 0, 30, 40)), wanted, rtol=0, atol=1e-8)


def test_a_degree_layer_is_the_same_in_any_window_and_behind_any_halo(tmp_path, ndvi):
    layers = open_layers([ndvi, index(written(tmp_path / "degrees.tif", RNG.uniform(0, 0.9, (3, 90, 110)),
                                              nodata=math.nan, **DEGREES), bands=(1, 2, 3))], resample=True)
    whole = layers.read("degrees", Window(0, 0, 30, 40, halo=9))
    for window in (Window(0, 0, 1, 1), Window(13, 7, 11, 29), Window(29, 39, 1, 1, halo=9)):
        top, left = window.row - window.halo + 9, window.column - window.halo + 9
        height, width = window.padded
        assert_array_equal(layers.read("degrees", window), whole[:, top:top + height, left:left + width])


def test_much_smaller_pixels_go_by_their_mean_and_classes_by_the_most_frequent(tmp_path):
    coarse = index(written(tmp_path / "ndvi.tif", RNG.uniform(0, 0.9, (4, 5)), pixel=30.0, nodata=math.nan))
    fine = RNG.uniform(0, 0.9, (12, 15))
    kinds = RNG.integers(1, 4, (12, 15))
    kinds[:3, :3] = [[1, 1, 1], [1, 1, 2], [2, 3, 3]]  # five of nine
    layers = open_layers([coarse, index(written(tmp_path / "fine.tif", fine, pixel=10.0, nodata=math.nan)), Layer(
        "kinds", written(tmp_path / "kinds.tif", kinds, pixel=10.0, dtype="uint8", nodata=0), "classes", 0, 255)],
        resample=True)
    assert [one.resampled for one in layers.facts] == ["", "average", "mode"]
    assert_allclose(layers.read("fine", Window(0, 0, 4, 5)), fine.reshape(4, 3, 5, 3).mean(axis=(1, 3)), rtol=1e-12)
    assert layers.read("kinds", Window(0, 0, 4, 5))[0, 0] == 1


def test_no_mark_and_no_cloud_bleeds_into_the_pixels_beside_it(tmp_path, ndvi):
    values = np.full((32, 42), 5000)
    values[10:20, 10:20] = -3000
    values[4, 4] = -9999
    half = index(written(tmp_path / "half.tif", values, dtype="int16", corner=(CORNER[0] - 15, CORNER[1] + 15)),
                 scale=1e-4, nodata=(-3000, -9999))
    layers = open_layers([ndvi, half], resample=True)
    found = layers.read("half", Window(0, 0, 30, 40))
    assert_allclose(found[~np.isnan(found)], 0.5, rtol=1e-12)
    assert np.isnan(found).any()
    assert (layers.facts[1].lowest, layers.facts[1].highest) == pytest.approx((0.5, 0.5))


def test_a_cloud_in_one_year_hides_nothing_in_another(tmp_path, ndvi):
    values = np.full((2, 32, 42), 0.5)
    values[0, 10:20, 10:20] = np.nan
    layers = open_layers([ndvi, index(written(tmp_path / "half.tif", values, nodata=math.nan, corner=(
        CORNER[0] - 15, CORNER[1] + 15)), bands=(1, 2))], resample=True)
    clouded, clear = layers.read("half", Window(0, 0, 30, 40))
    assert np.isnan(clouded).any()
    assert_allclose(clear, 0.5)


def test_marks_are_told_by_the_numbers_of_the_file_and_not_by_what_resampling_makes_of_them(tmp_path, ndvi):
    values = np.full((32, 42), 0.5)
    values[10, 10] = -9999
    half = index(written(tmp_path / "half.tif", values, corner=(CORNER[0] - 15, CORNER[1] + 15)))
    with refused_with("raster_nodata_undeclared") as refused:
        open_layers([ndvi, half], resample=True)
    assert refused.value.problems[0].value == "-9999"


def test_all_in_degrees_stand_on_a_grid_in_metres_where_that_is_asked_for(tmp_path):
    # 0.0003° at 36.1° north are 33.3 m by 27.0 m, and as much as a square of 30.0 m; two digits of it
    only = index(written(tmp_path / "degrees.tif", RNG.uniform(0, 0.9, (90, 110)), nodata=math.nan, **DEGREES))
    with refused_with("raster_geographic") as refused:
        open_layers([only])
    layers = open_layers([only], resample=True)
    assert (layers.grid.crs, layers.grid.pixel_size) == ("EPSG:32650", (30.0, 30.0))
    assert str(layers.grid) in str(refused.value.problems[0].details["wanted"])
    # 110 · 0.0003° · 111.32 km · cos 36.136° = 2.967 km by 90 · 0.0003° · 110.97 km = 2.996 km
    known = (1 - layers.facts[0].missing_share) * layers.grid.width * layers.grid.height * layers.grid.pixel_ha
    assert known == pytest.approx(296.7 * 2.996, rel=0.01)


def test_the_real_monthly_series_of_alaska_stands_in_its_zone():
    series = index(real("gimms_alaska_ndvi") / "ndvi_monthly_1982_2011.tif", bands=tuple(range(1, 361)))
    layers = open_layers([series], resample=True)
    assert layers.grid.crs == "EPSG:32605"
    assert 0 <= layers.facts[0].lowest < 0.1 < 0.9 < layers.facts[0].highest <= 1


def test_a_south_up_and_a_turned_layer_are_righted(tmp_path):
    values = RNG.uniform(0, 0.9, (30, 40))
    upside = written(tmp_path / "upside.tif", values[::-1], nodata=math.nan, transform=Affine(
        30, 0, CORNER[0], 0, 30, CORNER[1] - 900))
    with refused_with("raster_turned"):
        open_layers([index(upside)])
    layers = open_layers([index(upside)], resample=True)
    assert layers.grid == Grid("EPSG:32650", Affine(30.0, 0, CORNER[0], 0, -30.0, CORNER[1]), 40, 30)
    assert_allclose(layers.read("upside", Window(0, 0, 30, 40)), values, rtol=1e-12)
    turned = Affine.translation(*CORNER) @ Affine.rotation(20) @ Affine.scale(30, -30)
    layers = open_layers([index(written(tmp_path / "turned.tif", values, nodata=math.nan, transform=turned))],
                         resample=True)
    assert layers.grid.pixel_size == pytest.approx((30, 30))
    assert (1 - layers.facts[0].missing_share) * layers.grid.width * layers.grid.height == pytest.approx(1200, rel=0.03)


def test_web_mercator_gives_way_to_metres(tmp_path):
    web = index(written(tmp_path / "web.tif", RNG.uniform(0, 0.9, (90, 90)), crs="EPSG:3857", nodata=math.nan,
                        corner=(13_024_000, 4_323_000)))
    with refused_with("raster_area_distorted"):
        open_layers([web])
    # 30 m of Web Mercator at 36.1° north are 30 · cos 36.1° = 24.2 m
    assert reference_grid([web], resample=True).pixel_size == (24.0, 24.0)


@pytest.mark.parametrize(("latitude", "crs"), [(-33.0, "EPSG:32733"), (87.0, "laea")])
def test_the_south_and_the_poles_have_their_own(tmp_path, latitude, crs):
    far = index(written(tmp_path / "far.tif", RNG.uniform(0, 0.9, (30, 30)), crs="EPSG:4326", pixel=0.01,
                        nodata=math.nan, corner=(15.0, latitude)))
    found = reference_grid([far], resample=True).crs
    assert found == crs or ("Lambert_Azimuthal_Equal_Area" in found and crs == "laea")


def test_land_too_wide_for_a_zone_stands_in_an_equal_area_projection(tmp_path):
    wide = index(written(tmp_path / "wide.tif", RNG.uniform(0, 0.9, (30, 60)), crs="EPSG:4326", pixel=0.25,
                         nodata=math.nan, corner=(105.0, 42.0)))
    assert "Lambert_Azimuthal_Equal_Area" in reference_grid([wide], resample=True).crs


def test_a_stated_grid_takes_every_layer_and_its_bounds_are_kept(tmp_path, ndvi):
    stated = StatedGrid("EPSG:32650", 100.0, (500_100.0, 3_999_250.0, 500_900.0, 3_999_900.0))
    grid = reference_grid([ndvi], stated)
    assert (grid.bounds[0], grid.bounds[3], grid.width, grid.height) == (500_100.0, 3_999_900.0, 8, 7)
    with refused_with("raster_other_grid"):
        open_layers([ndvi], grid)
    assert open_layers([ndvi], grid, resample=True).facts[0].resampled == "average"
    with refused_with("reference_too_fine"):
        reference_grid([ndvi], StatedGrid("EPSG:32650", 0.0003))
    with refused_with("raster_geographic"):
        reference_grid([ndvi], StatedGrid("EPSG:4326", 0.0003))


def test_a_layer_names_the_grid(tmp_path, ndvi):
    wide = index(written(tmp_path / "wide.tif", RNG.uniform(0, 0.9, (9, 9)), pixel=90.0, nodata=math.nan))
    assert reference_grid([ndvi, wide], "wide").pixel_size == (90.0, 90.0)


def test_a_layer_in_degrees_of_another_place_is_refused(tmp_path, ndvi):
    far = index(written(tmp_path / "far.tif", RNG.uniform(0, 0.9, (30, 30)), crs="EPSG:4326", pixel=0.01,
                        nodata=math.nan, corner=(15.0, 40.0)))
    with refused_with("raster_apart"):
        open_layers([ndvi, far], resample=True)

"""Layers on one grid: what is refused and why, what is read, and that windows change nothing."""

import math
import pickle
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_allclose, assert_array_equal
from rasterio import Affine
from rasterio.crs import CRS
from rasterio.errors import NotGeoreferencedWarning
from rasterio.warp import Resampling, reproject, transform

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.geo.grid import Grid, _code_or_wkt, area_distortion, shape_distortion
from mineco.geo.layers import MISSING_CODE, Layer, open_layers
from mineco.geo.windows import ThreadWorkers, Window, windows
from mineco.restoration.maps.terrain import slope_tangent
from tests.helpers.geo import CORNER, real, written
from tests.helpers.refusals import refused_with

RNG = np.random.default_rng(20240502)
GRID = Grid("EPSG:32650", Affine(30.0, 0.0, CORNER[0], 0.0, -30.0, CORNER[1]), 40, 30)


def index(path: Path, **known) -> Layer:
    return Layer(path.stem, path, "continuous", -1, 1, **known)


def classes(path: Path, **known) -> Layer:
    return Layer(path.stem, path, "classes", 0, 254, **known)


def refused(layers, **asked):
    with pytest.raises(BadInput) as caught:
        open_layers(layers, **asked)
    for problem in caught.value.problems:  # every text can be filled in
        assert problem_text(problem, "zh") != problem_text(problem, "en")
    return caught.value.problems


def messages(layers, **asked):
    return [problem.message for problem in refused(layers, **asked)]


@pytest.fixture
def ndvi(tmp_path):
    return index(written(tmp_path / "ndvi.tif", RNG.uniform(0, 0.9, (30, 40)), nodata=math.nan))


@pytest.fixture
def cover(tmp_path):
    return classes(written(tmp_path / "cover.tif", RNG.integers(1, 5, (30, 40)), dtype="uint8", nodata=255))


def test_layers_on_one_grid_are_told_in_a_table(ndvi, cover):
    layers = open_layers([ndvi, cover])
    assert layers.grid == GRID
    assert layers.grid.pixel_ha == 0.09
    first, second = layers.facts
    assert (first.dtype, first.resampled, first.missing_share, first.scale) == ("float64", "", 0, 1)
    assert 0 <= first.lowest < 0.01 < 0.89 < first.highest <= 0.9
    assert sum(second.histogram.values()) == 1200
    assert (second.nodata, second.given) == ((255,), GRID)


def test_half_a_pixel_is_refused_with_both_grids_and_taken_where_resampling_is_asked_for(tmp_path, ndvi):
    values = RNG.integers(1, 5, (30, 40))
    shifted = classes(written(tmp_path / "half.tif", values, dtype="uint8", nodata=255,
                              corner=(CORNER[0] + 15, CORNER[1])))
    (problem,) = refused([ndvi, shifted])
    assert problem.message == "raster_other_grid"
    text = problem_text(problem, "en")
    assert "500015 3999100 501215 4000000" in text
    assert "500000 3999100 501200 4000000" in text
    assert "0.5, 0" in text
    facts = open_layers([ndvi, shifted], resample=True).facts[1]
    assert (facts.resampled, set(facts.histogram) <= set(range(1, 5))) == ("nearest", True)


def test_the_real_ground_model_of_willamette_lies_between_the_pixels_of_its_land_cover():
    folder = real("willamette_dem_erosion")
    cover = Layer("cover", folder / "landuse_90.tif", "classes", 0, 254)
    ground = Layer("ground", folder / "dem.tif", "continuous", -500, 9000)
    (problem,) = refused([cover, ground])
    assert problem.details["shift"] == "187.2, 83.45"
    layers = open_layers([cover, ground], resample=True)
    assert layers.facts[1].resampled == "bilinear"
    wanted = np.full((layers.grid.height, layers.grid.width), np.nan)
    with rasterio.open(ground.path) as file:
        reproject(rasterio.band(file, 1), wanted, dst_crs=layers.grid.crs, dst_transform=layers.grid.transform,
                  src_nodata=file.nodata, dst_nodata=np.nan, resampling=Resampling.bilinear, tolerance=1e-9)
    found = layers.read("ground", Window(0, 0, layers.grid.height, layers.grid.width))
    assert_allclose(found, wanted, rtol=0, atol=1e-9)


def test_pixels_that_match_on_another_extent_are_read_without_resampling(tmp_path, ndvi):
    values = np.arange(20.0 * 20).reshape(20, 20) / 400
    part = index(written(tmp_path / "part.tif", values, nodata=math.nan, corner=(CORNER[0] - 150, CORNER[1] + 90)))
    layers = open_layers([ndvi, part])
    found = layers.read("part", Window(0, 0, 30, 40))
    assert_array_equal(found[:17, :15], values[3:, 5:])  # 3 rows above the grid, 5 columns left of it
    assert np.isnan(found).sum() == 1200 - 17 * 15
    assert layers.facts[1].missing_share == pytest.approx(1 - 17 * 15 / 1200)


def test_a_layer_in_degrees_is_refused_as_reference_and_beside_one():
    modis = real("modis_somalia_ndvi") / "modisraster.tif"
    assert messages([index(modis)]) == ["raster_geographic"]


def test_an_index_times_10000_without_a_scale_asks_for_the_scale(tmp_path, ndvi):
    scaled = written(tmp_path / "scaled.tif", RNG.integers(1895, 9021, (30, 40)), dtype="int16", nodata=-3000)
    (problem,) = refused([ndvi, index(scaled)])
    assert (problem.message, problem.details["scale"]) == ("raster_scale_missing", "0.0001")
    layers = open_layers([ndvi, index(scaled, scale=1e-4)])
    assert 0.1895 <= layers.facts[1].lowest < layers.facts[1].highest <= 0.902


def test_the_real_modis_series_is_caught_by_its_range(tmp_path):
    # its own grid is in degrees: put in place on a projected one, as a user would, only the scale is left to find
    with rasterio.open(real("modis_somalia_ndvi") / "modisraster.tif") as file:
        values = file.read()
    path = written(tmp_path / "modis.tif", values, pixel=5000.0, nodata=math.nan)
    (problem,) = refused([index(path, bands=tuple(range(1, 276)))])
    assert problem.message == "raster_scale_missing"
    assert (problem.details["lowest"], problem.details["highest"]) == ("1895", "9020")
    facts = open_layers([index(path, bands=tuple(range(1, 276)), scale=1e-4)]).facts[0]
    assert (facts.lowest, facts.highest) == (pytest.approx(0.1895), pytest.approx(0.902))


def test_a_scale_in_the_file_is_used(tmp_path):
    path = written(tmp_path / "tagged.tif", np.full((30, 40), 5000), dtype="int16", nodata=-3000, scale=1e-4)
    layers = open_layers([index(path)])
    assert_array_equal(layers.read("tagged", Window(2, 2, 3, 3)), np.full((3, 3), 0.5))


def test_255_that_no_file_declares_is_likely_no_data(tmp_path):
    values = RNG.integers(1, 5, (30, 40))
    values[:3] = 255
    path = written(tmp_path / "cover.tif", values, dtype="uint8")
    (problem,) = refused([classes(path)])
    assert (problem.message, problem.value, problem.details["pixels"]) == ("raster_nodata_undeclared", "255", "120")
    layers = open_layers([classes(path, nodata=(255,))])
    assert layers.facts[0].missing_share == 0.1
    assert (layers.read("cover", Window(0, 0, 30, 40)) == MISSING_CODE).sum() == 120


def test_minus_9999_that_is_not_declared_is_likely_no_data_too(tmp_path):
    values = RNG.uniform(100, 200, (30, 40))
    values[0, 0] = -9999
    path = written(tmp_path / "ground.tif", values, dtype="float32")
    (problem,) = refused([Layer("ground", path, "continuous", -500, 9000)])
    assert (problem.message, problem.value) == ("raster_nodata_undeclared", "-9999")


def test_values_that_no_scale_explains_are_out_of_range(tmp_path):
    path = written(tmp_path / "odd.tif", RNG.uniform(-30, 1e9, (30, 40)), nodata=math.nan)
    assert messages([index(path)]) == ["raster_out_of_range"]


def test_a_layer_without_any_value_is_refused(tmp_path):
    path = written(tmp_path / "empty.tif", np.full((30, 40), np.nan))
    assert messages([index(path)]) == ["raster_empty"]


def test_a_file_without_crs_is_refused_and_not_guessed(tmp_path, ndvi):
    with pytest.warns(NotGeoreferencedWarning):  # of the test's own writing; reading tells it as a problem
        path = written(tmp_path / "nowhere.tif", RNG.random((30, 40)), crs=None)
    assert messages([index(path)]) == ["raster_without_crs"]
    assert messages([ndvi, index(path)], resample=True) == ["raster_without_crs"]
    plots = real("nouragues_biomass") / "NouraguesRaster.tif"
    assert messages([Layer("height", plots, "continuous", 0, 100)]) == ["raster_without_crs"]


def test_two_by_two_pixels_are_too_few(tmp_path):
    path = written(tmp_path / "tiny.tif", RNG.random((2, 2)))
    assert messages([index(path)]) == ["raster_too_small"]


def test_a_turned_grid_and_one_that_stretches_areas_are_refused(tmp_path):
    turned = Affine.translation(*CORNER) @ Affine.rotation(20) @ Affine.scale(30, -30)
    assert messages([index(written(tmp_path / "a.tif", RNG.random((9, 9)), transform=turned))]) == ["raster_turned"]
    web = written(tmp_path / "b.tif", RNG.random((9, 9)), crs="EPSG:3857", corner=(13_000_000, 4_300_000))
    (problem,) = refused([index(web)])
    # y / R = 0.67417: sine of the latitude tanh 0.67417 = 0.58766, its square 0.34534; on the ellipsoid a pixel has
    # (1 - 0.34534) · 0.993306 / (1 - 0.00669438 · 0.34534)^2 = 0.65330 of its area in the plane; 1 / 0.65330 = 1.5307
    assert (problem.message, problem.details["percent"]) == ("raster_area_distorted", "+53.1")


def test_area_distortion_is_that_of_the_projection():
    def of(crs, x, y):
        return area_distortion(Grid(crs, Affine(30.0, 0.0, x, 0.0, -30.0, y), 10, 10))
    assert of("EPSG:32650", *CORNER) == pytest.approx(0.9996 ** 2 - 1, abs=1e-5)  # on the middle meridian
    assert of("EPSG:6933", 11_000_000, 4_000_000) == pytest.approx(0, abs=1e-5)  # equal-area


def test_pixels_of_the_sinusoidal_grid_of_modis_are_skew():
    def of(longitude, latitude):
        y = 6371007.181 * math.radians(latitude)
        x = 6371007.181 * math.radians(longitude) * math.cos(math.radians(latitude))
        sphere = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"
        return shape_distortion(Grid(sphere, Affine(250.0, 0.0, x - 125, 0.0, -250.0, y + 125), 1, 1))
    # x = R λ cos φ: a step north moves by t = λ sin φ to the west; the longest line of the square is t/2 + √(1 + t²/4)
    skew = math.radians(112) * math.sin(math.radians(37.5))
    assert of(112, 37.5) == pytest.approx(skew / 2 + math.sqrt(1 + skew ** 2 / 4) - 1, abs=0.01)
    assert of(0, 37.5) < 0.01


def test_feet_are_no_metres():
    feet = Grid("EPSG:2263", Affine(100.0, 0.0, 980_000.0, 0.0, -100.0, 200_000.0), 10, 10)
    assert feet.pixel_ha == pytest.approx(100 ** 2 * 0.3048006096 ** 2 / 1e4, rel=1e-9)


def test_classes_are_whole_numbers_from_zero_up(tmp_path):
    assert messages([classes(written(tmp_path / "a.tif", RNG.random((9, 9))))]) == ["raster_classes_not_whole"]
    negative = written(tmp_path / "b.tif", np.full((9, 9), -2), dtype="int16", nodata=0)
    assert messages([classes(negative)]) == ["raster_classes_not_whole"]


def test_a_layer_of_another_place_is_refused(tmp_path, ndvi):
    far = index(written(tmp_path / "far.tif", RNG.random((30, 40)), corner=(CORNER[0] + 30_000, CORNER[1])))
    assert messages([ndvi, far]) == ["raster_apart"]


def test_files_that_cannot_be_read_say_so(tmp_path, ndvi):
    torn = tmp_path / "torn.tif"
    torn.write_bytes(ndvi.path.read_bytes()[:90])
    other = tmp_path / "map.vrt"
    other.write_text("<VRTDataset/>")
    complex_numbers = written(tmp_path / "complex.tif", RNG.random((30, 40)) + 0j, dtype="complex64")
    layers = [ndvi, index(torn), index(other), index(tmp_path / "absent.tif"), index(ndvi.path, bands=(1, 3)),
              index(complex_numbers)]
    assert messages(layers) == ["raster_unreadable", "raster_format_unknown", "missing_file", "raster_band_missing",
                                "raster_of_complex_numbers"]


def test_a_torn_file_is_told_where_reading_begins(tmp_path, ndvi):
    torn = tmp_path / "torn.tif"
    shutil.copy(ndvi.path, torn)
    with torn.open("r+b") as file:
        file.truncate(ndvi.path.stat().st_size // 2)
    assert messages([ndvi, index(torn)]) == ["raster_unreadable"]


def test_slopes_by_windows_with_a_halo_are_those_of_the_whole(tmp_path):
    ground = written(tmp_path / "ground.tif", RNG.uniform(0, 100, (300, 520)), nodata=math.nan)
    layers = open_layers([Layer("ground", ground, "continuous", 0, 100)])
    whole = slope_tangent(layers.read("ground", Window(0, 0, 300, 520, halo=1)), 30, 30)
    assert np.isnan(whole).sum() == 2 * (300 + 520) - 4  # the outermost pixels have no neighbours
    parts = windows(300, 520, memory=100 * 100 * 8, bytes_per_pixel=8, halo=1)
    assert len(parts) == 5 * 9  # of 64 pixels a side
    found = np.full((300, 520), 99.0)
    blocks = ThreadWorkers(2).map(lambda window: slope_tangent(layers.read("ground", window), 30, 30), parts)
    for window, block in zip(parts, blocks, strict=True):
        found[window.row:window.row + window.height, window.column:window.column + window.width] = block
    assert_array_equal(found, whole)


def test_a_crs_without_a_code_is_looked_up_once(tmp_path):
    local = CRS.from_proj4("+proj=tmerc +lat_0=0 +lon_0=111.37 +k=1 +x_0=512345 +y_0=0 +ellps=krass +units=m +no_defs")
    layers = open_layers([index(written(tmp_path / "a.tif", RNG.uniform(0, 1, (64, 64)), crs=local, nodata=math.nan))])
    assert "krass" in layers.grid.crs.lower()
    looked_up = _code_or_wkt.cache_info().misses
    started = time.perf_counter()
    for window in windows(64, 64, 16 * 16 * 8, 8):
        layers.read("a", window)
    assert _code_or_wkt.cache_info().misses == looked_up
    assert time.perf_counter() - started < 16 * 0.1  # each window took 0.2 s


def test_a_halo_reaches_beyond_the_grid_where_the_file_does(tmp_path, ndvi):
    rows, columns = np.mgrid[0:34, 0:44]
    wide = written(tmp_path / "ground.tif", 3.0 * columns, corner=(CORNER[0] - 60, CORNER[1] + 60), nodata=-9999)
    half = written(tmp_path / "half.tif", 3.0 * columns, corner=(CORNER[0] - 75, CORNER[1] + 75), nodata=-9999)
    layers = open_layers([ndvi, Layer("ground", wide, "continuous", -500, 9000)])
    ground = layers.read("ground", Window(0, 0, 30, 40, halo=1))
    assert ground[0, 0] == 3.0  # column 1 of the file, two pixels west of the grid
    assert_allclose(slope_tangent(ground, 30, 30), 0.1)  # no frame without slope
    resampled = open_layers([ndvi, Layer("half", half, "continuous", -500, 9000)], resample=True)
    assert_allclose(slope_tangent(resampled.read("half", Window(0, 0, 30, 40, halo=1)), 30, 30)[1:-1, 1:-1], 0.1)
    assert not np.isnan(slope_tangent(resampled.read("half", Window(0, 0, 20, 30, halo=1)), 30, 30)).any()


def test_a_resampled_layer_is_the_same_in_windows(tmp_path, ndvi):
    (x,), (y,) = transform("EPSG:32650", "EPSG:32649", [CORNER[0] + 300], [CORNER[1]])
    other = written(tmp_path / "other.tif", RNG.uniform(0, 0.9, (20, 30)), crs="EPSG:32649", nodata=math.nan,
                    corner=(x, y), pixel=60.0)
    layers = open_layers([ndvi, index(other)], resample=True)
    whole = layers.read("other", Window(0, 0, 30, 40))
    assert 0.1 < np.isnan(whole).mean() < 0.9
    assert_array_equal(layers.read("other", Window(5, 7, 11, 13)), whole[5:16, 7:20])


def test_series_are_stacked_from_files_or_bands_and_layers_travel_to_other_machines(tmp_path):
    values = RNG.random((3, 30, 40))
    years = [index(written(tmp_path / f"y{year}.tif", one)) for year, one in enumerate(values)]
    together = index(written(tmp_path / "all.tif", values), bands=(3, 1))
    layers = pickle.loads(pickle.dumps(open_layers([*years, together])))
    window = Window(4, 5, 6, 7)
    assert_array_equal([layers.read(one.id, window) for one in years], values[:, 4:10, 5:12])
    assert_array_equal(layers.read("all", window), values[[2, 0], 4:10, 5:12])


def test_memory_for_less_than_the_smallest_window_is_refused():
    with refused_with("memory_too_small"):
        windows(1000, 1000, memory=1000, bytes_per_pixel=8)


def test_windows_cover_every_pixel_once_and_stay_within_the_memory():
    covered = np.zeros((1030, 777), dtype=int)
    for window in windows(1030, 777, memory=2_000_000, bytes_per_pixel=24, halo=2):
        assert window.padded[0] * window.padded[1] * 24 <= 2_000_000
        covered[window.row:window.row + window.height, window.column:window.column + window.width] += 1
    assert (covered == 1).all()


def test_threads_take_no_more_tasks_than_they_need():
    taken = []
    results = ThreadWorkers(2).map(lambda task: task, (taken.append(task) or task for task in range(50)))
    assert next(results) == 0
    assert len(taken) <= 4
    assert list(results) == list(range(1, 50))

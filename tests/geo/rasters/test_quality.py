"""Quality bands: which pixels they leave out, and how many of which year."""

import math

import numpy as np
import pytest
from shapely import box

from mineco.core.kit import parameters
from mineco.core.quantity import STATUSES
from mineco.core.reading.tables import read_table
from mineco.geo.layers import Layer, open_layers
from mineco.geo.rasters.quality import COLUMNS, flags_named, quality_rules, unusable
from mineco.geo.shapes.regions import Region
from mineco.geo.windows import Window
from tests.helpers.geo import CORNER, written
from tests.helpers.refusals import refused_with


def left_out(product, *numbers):
    return unusable(np.array(numbers, dtype=float), quality_rules()[product].flags).tolist()


def test_landsat_bits_of_cloud_shadow_snow_and_fill_are_left_out_and_clear_land_and_water_stay():
    # 21824 clear land, 21952 water with no cloud: bits 6 and 7; the confidences of bits 8 to 15 say nothing here
    assert left_out("landsat-c2", 21824, 21952) == [False, False]
    assert left_out("landsat-c2", *(21824 | 1 << bit for bit in range(6))) == [True] * 6
    assert left_out("landsat-c2", 22280, 23888, 30048) == [True, True, True]  # cloud, shadow, snow as they are met


def test_sentinel_classes_of_vegetation_soil_and_water_stay():
    assert [number for number in range(12) if not left_out("sentinel2-scl", number)[0]] == [2, 4, 5, 6, 7]


def test_modis_reliability_and_detail():
    assert left_out("mod13-reliability", -1, 0, 1, 2, 3, 255) == [True, False, False, True, True, True]
    good, cloudy, useless, beside = 0b0000_0000_0000_0100, 0b10, 13 << 2, 1 << 8
    assert left_out("mod13-detailed", good, cloudy, useless, beside, 1 << 14, 1 << 15) == [
        False, True, True, True, True, True]


def test_every_row_of_the_table_has_both_names_a_source_and_a_known_status():
    for row in read_table(parameters() / "dossier" / "quality.csv", COLUMNS):
        assert row["name_zh"]
        assert row["name_en"]
        assert row["source"]
        assert row["status"] in STATUSES
        assert flags_named(row["quality"])


@pytest.mark.parametrize("text", ["", "landsat", "bits", "bits x", "位", "3;4", "bits 40"])
def test_what_is_no_product_and_no_list_is_none(text):
    assert flags_named(text) == ()


@pytest.fixture
def stack(tmp_path):
    return written(tmp_path / "ndvi.tif", np.full((2, 30, 40), 0.5), nodata=math.nan)


def layer(path, quality, bands=(1, 2), flags="bits 3"):
    return Layer("ndvi", path, "continuous", -1, 1, bands, quality=quality, flags=flags_named(flags))


def test_pixels_of_bad_quality_are_missing_and_told_by_band(tmp_path, stack):
    told = np.zeros((2, 30, 40), dtype="uint16")
    told[0, :6] = 1 << 3
    told[1] = 1 << 3
    path = written(tmp_path / "qa.tif", told)
    layers = open_layers([layer(stack, ((path, 1), (path, 2)))])
    assert layers.facts[0].hidden == (0.2, 1.0)
    first, second = layers.read("ndvi", Window(0, 0, 30, 40))
    assert np.isnan(first[:6]).all()
    assert not np.isnan(first[6:]).any()
    assert np.isnan(second).all()


def test_beyond_the_study_area_nothing_counts_as_left_out(tmp_path, stack):
    told = np.zeros((30, 40), dtype="uint16")
    told[:6] = 1 << 3
    path = written(tmp_path / "qa.tif", told)
    west, north = CORNER
    first = open_layers([layer(stack, ((path, 1), None))])  # the first twelve rows, of which six are clouds
    land = Region(first.grid, box(west, north - 12 * 30, west + 40 * 30, north))
    assert open_layers([layer(stack, ((path, 1), None))], land=land).facts[0].hidden == (0.5, 0.0)


def test_a_year_may_have_its_own_file_of_quality_and_another_none(tmp_path, stack):
    path = written(tmp_path / "qa.tif", np.full((30, 40), 8, dtype="uint16"))
    assert open_layers([layer(stack, (None, (path, 1)))]).facts[0].hidden == (0.0, 1.0)


def test_quality_in_larger_pixels_is_that_of_the_pixel_around_where_layers_are_resampled(tmp_path, stack):
    told = np.zeros((15, 20), dtype="uint8")
    told[0, 0] = 3  # two by two pixels of the layer
    path = written(tmp_path / "scl.tif", told, pixel=60.0)
    scl = layer(stack, ((path, 1), None), flags="sentinel2-scl")
    told[told == 0] = 4
    written(path, told, pixel=60.0)
    with refused_with("scl.tif.*raster_other_grid"):
        open_layers([scl])
    first = open_layers([scl], resample=True).read("ndvi", Window(0, 0, 30, 40))[0]
    assert np.argwhere(np.isnan(first)).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_where_quality_is_not_known_nothing_is(tmp_path, stack):
    path = written(tmp_path / "part.tif", np.zeros((10, 40), dtype="uint8"), corner=CORNER)  # the first ten rows
    first = open_layers([layer(stack, ((path, 1), None))]).read("ndvi", Window(0, 0, 30, 40))[0]
    assert np.isnan(first[10:]).all()
    assert not np.isnan(first[:10]).any()


def test_clouds_are_taken_out_before_anything_is_resampled(tmp_path):
    values = np.full((32, 42), 0.5)
    told = np.zeros((32, 42), dtype="uint8")
    values[10:20, 10:20], told[10:20, 10:20] = -0.2, 3
    half = {"corner": (CORNER[0] - 15, CORNER[1] + 15)}
    path = written(tmp_path / "half.tif", values, nodata=math.nan, **half)
    scl = Layer("half", path, "continuous", -1, 1, quality=((written(tmp_path / "scl.tif", told, **half), 1),),
                flags=flags_named("values 3"))
    grid = Layer("grid", written(tmp_path / "grid.tif", np.full((30, 40), 0.1), nodata=math.nan), "continuous", -1, 1)
    found = open_layers([grid, scl], resample=True).read("half", Window(0, 0, 30, 40))
    assert np.isnan(found).any()
    assert found[~np.isnan(found)] == pytest.approx(0.5)


def test_a_band_of_quality_that_is_not_there_is_told_with_its_file(tmp_path, stack):
    path = written(tmp_path / "qa.tif", np.zeros((30, 40), dtype="uint8"))
    with refused_with("qa.tif.*raster_band_missing.*"):
        open_layers([layer(stack, ((path, 1), (path, 2)))])
    with refused_with("absent.tif.*missing_file"):
        open_layers([layer(stack, ((tmp_path / "absent.tif", 1), None))])

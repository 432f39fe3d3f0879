"""Clouds, fill and offsets of products that nobody declared: refused, or told with their share."""


import numpy as np
import pytest
import rasterio

from mineco.core.labels import problem_text
from mineco.evaluation.restoration_area import evaluate as area
from tests import example_area as example
from tests.helpers.land import FOLDER, refusal, table

pytestmark = pytest.mark.usefixtures("english")


def stored(folder, cloud, scale=1e-4, dtype="int16", offset=0.0, nodata=-32768, clouds=0.02):
    """The NDVI of the example stored as products do: clouds as a number that nobody declares."""
    values = example.truth().ndvi
    hidden = np.random.default_rng(0).random(values.shape) < clouds
    raw = np.where(np.isnan(values) | hidden, cloud, np.rint((np.clip(values, offset or -0.19, 0.99) - offset) / scale))
    path = folder / "rasters" / "ndvi.tif"
    with rasterio.open(path) as file:
        profile = file.profile | {"dtype": dtype, "nodata": nodata, "predictor": 2}
    with rasterio.open(path, "w", **profile) as file:
        file.write(raw.astype(dtype))
        file.scales = (scale,) * len(raw)
    return hidden.mean()


@pytest.mark.parametrize(("cloud", "product"), [(-9999, "NOAA"), (-3000, "MOD13"), (-5000, "GIMMS"), (-10000, "GIMMS")])
def test_clouds_of_a_product_that_are_not_declared_are_refused_with_its_name(copy, cloud, product):
    stored(copy, cloud)
    problem = refusal(copy)["raster_mark_undeclared"]
    assert (problem.file, problem.value) == ("ndvi.tif", str(cloud))
    assert product in problem.details["products"]
    assert f"-32768; {cloud}" in problem_text(problem)


def test_marks_written_into_the_table_are_no_data_each(copy):
    stored(copy, -3000)
    table(copy / "rasters" / "layers.csv", lambda rows: [
        row | ({"nodata": "-32768；-3000"} if row["layer"] == "ndvi" else {}) for row in rows])
    found = area.check(copy)
    facts = next(one for one in found.data.layers.facts if one.file == "ndvi.tif")
    assert facts.nodata == (-32768, -3000)
    assert facts.lowest > -0.2
    assert found.identified.classes_ha["restore"] == pytest.approx(122.6, rel=0.01)  # as of the example without clouds


def test_clouds_stored_as_0_are_told_with_their_share(copy):
    stored(copy, 0)
    told = [one for one in area.check(copy).notices if one.message == "raster_value_frequent"]
    (problem,) = [one for one in told if one.file == "ndvi.tif"]
    assert problem.value == "0"
    # 1 % of the example's observations are missing, and 2 % more were hidden
    assert float(problem.details["share"].removesuffix(" %")) == pytest.approx(3.0, abs=0.3)


def test_a_maximum_at_which_values_were_cut_is_told(copy):
    path = copy / "rasters" / "ndvi.tif"
    with rasterio.open(path, "r+") as file:
        bands = file.read()
        file.write(np.minimum(bands, 700).astype(bands.dtype))
    told = [one for one in area.check(copy).notices if one.message == "raster_value_frequent"]
    assert [(one.file, one.value) for one in told] == [("ndvi.tif", "700")]


def test_the_example_has_no_value_that_stands_out():
    told = {one.message for one in area.check(FOLDER).notices}
    assert not told & {"raster_value_frequent", "raster_offset_unusual"}


def test_bytes_behind_the_range_of_their_product_are_marks(copy):
    stored(copy, 254, scale=0.004, dtype="uint8", offset=-0.08, nodata=255)
    problem = refusal(copy)["raster_mark_undeclared"]
    assert problem.value == "254"
    assert "CGLS" in problem.details["products"]


def test_bytes_without_the_offset_of_their_product_are_told_and_the_table_may_give_it(copy):
    stored(copy, 255, scale=0.004, dtype="uint8", offset=-0.08, nodata=255)
    without = area.check(copy)
    told = {one.message: one for one in without.notices}["raster_offset_unusual"]
    assert "-0.08 (CGLS" in told.details["usual"]
    table(copy / "rasters" / "layers.csv", lambda rows: [
        row | {"offset": "-0.08" if row["layer"] == "ndvi" else ""} for row in rows])
    found = area.check(copy)
    assert "raster_offset_unusual" not in {one.message for one in found.notices}
    assert found.identified.ends[0] == pytest.approx(without.identified.ends[0] - 0.08, abs=2e-3)


@pytest.mark.parametrize(("column", "given", "message"), [
    ("scale", "0", "out_of_range"), ("scale", "-0.001", "out_of_range"), ("nodata", "-1; cloud", "not_a_number")])
def test_a_scale_that_is_none_and_marks_that_are_no_numbers_are_refused_by_their_cell(copy, column, given, message):
    table(copy / "rasters" / "layers.csv", lambda rows: [rows[0] | {column: given}, *rows[1:]])
    problem = refusal(copy)[message]
    assert (problem.file, problem.row, problem.column, problem.value) == ("layers.csv", 2, column, given)


def test_a_semicolon_behind_the_last_mark_is_no_mark(copy):
    table(copy / "rasters" / "layers.csv", lambda rows: [
        row | ({"nodata": "-32768；-30000;"} if row["layer"] == "ndvi" else {}) for row in rows])
    assert area.read_land(area.open_case(copy))[1].layers.facts[0].nodata == (-32768, -30000)


@pytest.mark.parametrize(("column", "given"), [("scale", "0.001"), ("nodata", "-32768")])
def test_rows_of_one_file_say_the_same_of_it(copy, column, given):
    # the file was opened twice under one name, and the first year read from the band of the second
    table(copy / "rasters" / "layers.csv", lambda rows: [rows[0], rows[1] | {column: given}, *rows[2:]])
    problem = refusal(copy)["stored_otherwise"]
    assert (problem.row, problem.column, problem.details["first"]) == (3, column, 2)

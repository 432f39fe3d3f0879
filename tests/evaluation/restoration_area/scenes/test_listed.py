"""Rows of layers.csv: years and bands in one row, several scenes a year, bands of quality, and the grid they lie on."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_allclose
from rasterio import Affine
from rasterio.warp import Resampling, reproject, transform_bounds
from rasterio.warp import transform as project

from mineco.core.errors import BadInput
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.views import land as shown
from mineco.geo.windows import Window
from mineco.restoration.maps.series import composite
from tests.helpers.geo import real
from tests.helpers.land import FOLDER, refusal, table

pytestmark = pytest.mark.usefixtures("english")
STEP = 0.0001  # degrees
RNG = np.random.default_rng(20261130)
COLUMNS = ("layer", "year", "file", "band", "scale", "offset", "nodata", "quality", "quality_file", "quality_band",
           "data_source")


@pytest.fixture(scope="module")
def found():
    return area.check(FOLDER)


def listed(folder, *ndvi):
    """Other rows of NDVI in layers.csv, of the cells that are told of each."""
    table(folder / "rasters" / "layers.csv", lambda rows: [
        dict.fromkeys(COLUMNS, "") | row for row in [
            *({"layer": "ndvi", "file": "ndvi.tif", "data_source": "x"} | one for one in ndvi),
            *(row for row in rows if row["layer"] != "ndvi")]])


def bare(tmp_path, settings, *rows):
    """A dossier with these layers alone."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "bare"))
    shutil.rmtree(folder / "rasters")
    (folder / "rasters").mkdir()
    (folder / "rasters" / "area.yaml").write_text(settings, "utf-8")
    (folder / "rasters" / "layers.csv").write_text(
        "\n".join(["layer,year,file,band,scale,nodata,data_source", *rows, ""]), "utf-8")
    return folder


def settled(folder, text):
    """A further entry of area.yaml."""
    path = folder / "rasters" / "area.yaml"
    path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")


def as_scenes(folder, scenes=3):
    """The NDVI of the example as several scenes a year: that of the year, lowered, with clouds in one each."""
    path = folder / "rasters" / "ndvi.tif"
    with rasterio.open(path) as file:
        bands, profile, scales = file.read(), file.profile, file.scales
    several = np.repeat(bands[:, np.newaxis], scenes, axis=1)
    for place in range(1, scenes):
        lowered = several[:, place] - 100 * place  # the scale is 0.001
        several[:, place] = np.where(bands == profile["nodata"], bands, lowered)
    with rasterio.open(path, "w", **profile | {"count": several.shape[0] * scenes}) as file:
        file.write(several.reshape(-1, *bands.shape[1:]))
        file.scales = scales[:1] * (several.shape[0] * scenes)
    return several


def same_land(one, other):
    assert one.identified.classes_ha == other.identified.classes_ha
    assert [zone.area_ha for zone in one.identified.zones] == [zone.area_ha for zone in other.identified.zones]


@pytest.mark.parametrize(("year", "band"), [
    ("2013..2024", "1..12"), ("2013至2024", "1–12"), ("2013-2024", "1-6; 7-12")])
def test_one_row_tells_a_stack_of_years(copy, found, year, band):
    listed(copy, {"year": year, "band": band})
    same_land(area.check(copy), found)


def test_the_greatest_of_a_years_scenes_makes_its_value(copy, found):
    as_scenes(copy)
    listed(copy, {"year": "2013..2024", "band": "1..36"})
    settled(copy, "composite: {ndvi: max}")
    several = area.check(copy)
    same_land(several, found)
    assert several.identified.scenes == (0, 3.0)  # where the year of the example is missing, none of its scenes shows
    assert "3 in the median" in shown.trends(several.identified).text
    text = shown.layers(several.data, several.rules).text
    assert "maximum" in text
    assert re.search(r"2013\D+3\b", text)


def test_scenes_in_files_of_their_own_are_the_same_as_bands_of_one(copy):
    several = as_scenes(copy)
    listed(copy, {"year": "2013..2024", "band": "1..36"})
    settled(copy, "composite: {ndvi: median}")
    stacked = area.check(copy)
    with rasterio.open(copy / "rasters" / "ndvi.tif") as file:
        profile, scales = file.profile, file.scales
    for place in range(3):
        with rasterio.open(copy / "rasters" / f"scene{place}.tif", "w", **profile | {"count": 12}) as file:
            file.write(several[:, place])
            file.scales = scales[:12]
    (copy / "rasters" / "ndvi.tif").unlink()
    listed(copy, *({"year": "2013..2024", "band": "1..12", "file": f"scene{place}.tif"} for place in range(3)))
    same_land(area.check(copy), stacked)


@pytest.mark.parametrize(("how", "wanted"), [("max", [0.75, 0.5]), ("mean", [0.5, 0.375]), ("median", [0.5, 0.375])])
def test_composites_leave_out_what_a_scene_does_not_show(how, wanted):
    scenes = [[0.25, np.nan, np.nan], [0.5, 0.25, np.nan], [0.75, 0.5, np.nan]]
    assert composite(scenes, how)[:2].tolist() == wanted
    assert np.isnan(composite(scenes, how)[2])


def test_medians_are_those_of_numpy():
    scenes = np.where(RNG.random((7, 200)) < 0.3, np.nan, RNG.random((7, 200)))
    assert composite(scenes, "median").tolist() == np.nanmedian(scenes, axis=0).tolist()


def test_how_scenes_make_a_year_is_asked_for_and_its_choices_named(copy):
    as_scenes(copy)
    listed(copy, {"year": "2013..2024", "band": "1..36"})
    problem = refusal(copy)["composite_missing"]
    assert (problem.file, problem.row, problem.details["choices"]) == ("layers.csv", 2, "median, max, mean")
    settled(copy, "composite: {ndvi: sum}")
    found = refusal(copy)["not_in_list"]
    assert (found.row, found.value, found.details["allowed"]) == ("composite.ndvi", "sum", "median, max, mean")


def test_a_year_written_twice_by_mistake_is_told_as_scenes(copy):
    table(copy / "rasters" / "layers.csv", lambda rows: [rows[0], rows[1] | {"year": rows[0]["year"]}, *rows[2:]])
    problem = refusal(copy)["composite_missing"]
    assert (problem.row, problem.details["scenes"]) == (3, 2)


@pytest.mark.parametrize(("cells", "message", "column"), [
    ({"year": "2013..2024", "band": "1月12日"}, "date_in_span", "band"),
    ({"year": "2013..2024", "band": "12-Jan"}, "date_in_span", "band"),
    ({"year": "2013..2024", "band": "all"}, "not_a_span", "band"),
    ({"year": "2013..2024", "band": "12..1"}, "not_a_span", "band"),
    ({"year": "2013..2024", "band": "1..11"}, "bands_not_shared_out", "band"),
    ({"year": "13..24", "band": "1..12"}, "not_a_year", "year"),
    ({"year": "", "band": "1..12"}, "missing_value", "year"),
    ({"year": "2013..2024", "band": ""}, "missing_value", "band"),
    ({"year": "2013..2024", "band": "1..12", "quality": "landsat-c2"}, "quality_without_band", "quality"),
    ({"year": "2013..2024", "band": "1..12", "quality": "clouds", "quality_band": "1"}, "quality_unknown", "quality"),
    ({"year": "2013..2024", "band": "1..12", "quality_file": "qa.tif"}, "missing_value", "quality"),
    ({"year": "2013..2024", "band": "1..12", "quality": "landsat-c2", "quality_file": "ndvi.tif", "quality_band": "1"},
     "quality_bands_of_other_number", "quality_band")])
def test_what_cannot_be_read_is_refused_by_its_cell(copy, cells, message, column):
    listed(copy, cells)
    problem = refusal(copy)[message]
    assert (problem.file, problem.row, problem.column) == ("layers.csv", 2, column)


def test_elevation_is_of_one_date(copy):
    table(copy / "rasters" / "layers.csv", lambda rows: [
        row | ({"band": "1..2"} if row["layer"] == "elevation" else {}) for row in rows])
    assert refusal(copy)["layer_of_one_date"].column == "band"


def test_clouds_that_a_band_of_quality_tells_are_no_observations(copy, found):
    with rasterio.open(copy / "rasters" / "ndvi.tif") as file:
        bands, profile, scales = file.read(), file.profile, file.scales
    clouds = RNG.random(bands.shape) < 0.02
    clouds[4] = True  # a year that nobody saw
    with rasterio.open(copy / "rasters" / "ndvi.tif", "w", **profile) as file:
        file.write(np.where(clouds, -50, bands).astype(profile["dtype"]))
        file.scales = scales
    with rasterio.open(copy / "rasters" / "qa.tif", "w", **profile | {"dtype": "uint16", "nodata": None}) as file:
        file.write(np.where(clouds, 22280, 21824).astype("uint16"))
    listed(copy, {"year": "2013..2024", "band": "1..12", "quality": "landsat-c2", "quality_file": "qa.tif"})
    masked = area.check(copy)
    assert masked.identified.classes_ha["restore"] == pytest.approx(found.identified.classes_ha["restore"], rel=0.02)
    told = {one.message: one for one in masked.notices}["quality_hides_all"]
    assert (told.row, told.value) == (2, "ndvi 2017")
    told = shown.layers(masked.data, masked.rules).text
    assert "100 %" in told
    assert "Landsat 4-9 Collection 2 QA_PIXEL: pixels of fill, dilated cloud, cirrus" in told


def in_degrees(folder, crs="EPSG:4326"):
    """The NDVI of the example as it comes from a portal: in degrees."""
    path = folder / "rasters" / "ndvi.tif"
    with rasterio.open(path) as file:
        west, south, east, north = transform_bounds(file.crs, "EPSG:4326", *file.bounds)
        transform = Affine(STEP, 0, west, 0, -STEP, north)
        width, height = int((east - west) / STEP) + 1, int((north - south) / STEP) + 1
        profile = file.profile | {"crs": crs, "transform": transform, "width": width, "height": height}
        bands, scales = np.full((file.count, height, width), file.nodata, dtype=file.dtypes[0]), file.scales
        reproject(file.read(), bands, src_crs=file.crs, src_transform=file.transform, src_nodata=file.nodata,
                  dst_crs="EPSG:4326", dst_transform=transform, dst_nodata=file.nodata, resampling=Resampling.nearest)
    with rasterio.open(path, "w", **profile) as file:
        file.write(bands)
        file.scales = scales


def test_ndvi_in_degrees_finds_the_land_of_the_example_on_the_grid_of_a_layer_that_is_named(copy, found):
    in_degrees(copy)
    problem = refusal(copy)["raster_geographic"]
    assert "EPSG:32649" in str(problem.details["wanted"])
    settled(copy, "reference: elevation")
    assert "EPSG:4326" in str(refusal(copy)["raster_geographic"].details["given"])
    righted = area.check(copy, resample_layers=True)
    assert righted.data.layers.grid == found.data.layers.grid
    assert righted.identified.classes_ha["restore"] == pytest.approx(found.identified.classes_ha["restore"], rel=0.05)
    assert "elevation.tif" in shown.grid(righted.data).text


def test_ndvi_in_degrees_alone_makes_a_grid_in_metres_that_is_told(copy, found):
    in_degrees(copy)
    righted = area.check(copy, resample_layers=True)
    assert righted.data.layers.grid.crs == "EPSG:32649"
    assert "in place of that of ndvi.tif" in shown.grid(righted.data).text
    whole = sum(found.identified.classes_ha.values()) + sum(found.identified.never_ha.values())
    known = sum(righted.identified.classes_ha.values()) + sum(righted.identified.never_ha.values())
    assert known == pytest.approx(whole, rel=0.03)  # areas stay right


def test_another_ellipsoid_is_told_since_nobody_knows_the_shift(copy):
    in_degrees(copy, "EPSG:4214")  # Beijing 1954, which the library moves by nothing at all
    settled(copy, "reference: elevation")
    told = [one for one in area.check(copy, resample_layers=True).notices if one.message == "crs_of_other_datum"]
    assert [(one.file, one.value) for one in told] == [("ndvi.tif", "EPSG:4214")]
    assert not [one for one in area.check(FOLDER).notices if one.message == "crs_of_other_datum"]


def test_slopes_on_the_grid_of_modis_are_told(copy):
    settled(copy, "reference: {crs: '+proj=sinu +R=6371007.181 +units=m', pixel: 30}")
    told = {one.message: one for one in area.check(copy, resample_layers=True).notices}["grid_is_skew"]
    # 112.1° east, 36.6° north: t = 1.957 · 0.596 = 1.166, so t/2 + √(1 + t²/4) - 1 = 0.741
    assert float(told.details["share"].removesuffix(" %")) == pytest.approx(74.1, abs=1)


@pytest.mark.parametrize("entry", [
    "reference: {crs: 'EPSG:32649'}", "reference: {layer: ndvi, crs: 'EPSG:32649', pixel: 30}",
    "reference: {bounds: [0, 0, 1, 1]}", "reference: {crs: 'EPSG:32649', pixel: 30, bounds: [1, 0, 0, 1]}"])
def test_a_grid_that_is_stated_in_part_is_refused(copy, entry):
    settled(copy, entry)
    assert refusal(copy)["reference_in_part"].file == "area.yaml"


def test_a_layer_of_reference_that_is_not_there_is_refused(copy):
    settled(copy, "reference: slope")
    problem = refusal(copy)["not_in_list"]
    assert (problem.row, problem.value) == ("reference.layer", "slope")
    assert problem.details["allowed"].startswith("ndvi, ")


@pytest.mark.parametrize(("entry", "message"), [
    ("reference: {crs: 'EPSG:32649', pixel: 0}", "out_of_range"),
    ("reference: {crs: nowhere, pixel: 30}", "crs_unknown"),
    ("composite: {ndwi: max}", "not_in_list")])
def test_entries_that_mean_nothing_are_refused_with_their_file(copy, entry, message):
    settled(copy, entry)
    assert refusal(copy)[message].file == "area.yaml"


def test_the_real_pixels_of_somalia_ask_for_their_scale(copy):
    shutil.copy(real("modis_somalia_ndvi") / "modisraster.tif", copy / "rasters" / "ndvi.tif")
    listed(copy, {"year": "2001..2011", "band": "21..273"})
    settled(copy, "composite: {ndvi: mean}")
    with pytest.raises(BadInput) as refused:
        area.check(copy, resample_layers=True)
    told = {one.message: one for one in refused.value.problems}
    assert told["raster_scale_missing"].details["scale"] == "0.0001"
    listed(copy, {"year": "2001..2011", "band": "21..273", "scale": "0.0001"})
    table(copy / "rasters" / "layers.csv", lambda rows: [row for row in rows if row["layer"] == "ndvi"])
    with pytest.raises(BadInput) as refused:
        area.check(copy, resample_layers=True)
    (small,) = refused.value.problems
    assert (small.message, small.value) == ("map_too_small", "6 × 6")


def test_the_real_months_of_alaska_are_thirty_years_in_one_row(tmp_path):
    folder = bare(tmp_path, "composite: {ndvi: mean}", "ndvi,1982..2011,ndvi.tif,1..360,,,GIMMS NDVI3g")
    shutil.copy(real("gimms_alaska_ndvi") / "ndvi_monthly_1982_2011.tif", folder / "rasters" / "ndvi.tif")
    assert "EPSG:32605" in str(refusal(folder)["raster_geographic"].details["wanted"])
    alaska = area.check(folder, resample_layers=True)
    assert [one.year for one in alaska.identified.maps.plan.ndvi] == list(range(1982, 2012))
    assert alaska.identified.scenes == (12, 12.0)
    # by another method: the mean of the months in each of the four pixels of the file around one of the grid
    plan, grid = alaska.identified.maps.plan, alaska.data.layers.grid
    with rasterio.open(folder / "rasters" / "ndvi.tif") as file:
        years = file.read(masked=True).filled(np.nan).reshape(30, 12, file.height, file.width).mean(axis=1)
        west, north = grid.bounds[0], grid.bounds[3]
        side = grid.pixel_size[0]
        (longitude,), (latitude,) = project(grid.crs, file.crs, [west + 8.5 * side], [north - 20.5 * side])
        column, row = ~file.transform @ (longitude, latitude)
    i, j, below, right = int(row - 0.5), int(column - 0.5), (row - 0.5) % 1, (column - 0.5) % 1
    wanted = ((years[:, i, j] * (1 - right) + years[:, i, j + 1] * right) * (1 - below)
              + (years[:, i + 1, j] * (1 - right) + years[:, i + 1, j + 1] * right) * below)
    assert_allclose(plan.series(plan.ndvi, Window(20, 8, 1, 1)).ravel(), wanted, rtol=0, atol=1e-6)


def test_years_of_few_scenes_are_told(copy):
    as_scenes(copy)
    listed(copy, {"year": "2013..2023", "band": "1..33"}, {"year": "2024", "band": "34"})
    settled(copy, "composite: {ndvi: max}")
    told = {one.message: one for one in area.check(copy).notices}["scenes_uneven"]
    assert (told.details["fewest_year"], told.details["fewest"], told.details["most"]) == (2024, 1, 3)

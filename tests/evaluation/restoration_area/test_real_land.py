"""From scratch on real data, with only what it holds: what somebody is asked for from `mineco new` to zones, and what
comes of it, held to published figures and to the rules by hand. The rasters lie in ../shared/data/geo."""

import json

import numpy as np
import pytest
import rasterio
from click.testing import CliRunner
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT
from scipy.ndimage import label as patches
from scipy.ndimage import sobel

from mineco.cli.main import main
from mineco.core.errors import BadInput
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.outputs import write_outputs
from tests.helpers import by_hand
from tests.helpers.from_scratch import STANDARD, layers, new_land
from tests.helpers.geo import real
from tests.helpers.places import PUBLISHED
from tests.helpers.real_land import alaska, plum_island, somalia, willamette


def demands(folder):
    """What is refused, by message, place and entry."""
    with pytest.raises(BadInput) as refused:
        area.check(folder)
    return [(one.message, one.file, one.column) for one in refused.value.problems]


def read(path, like=None):
    """The first band, NaN without data; on the grid of another raster where one is named."""
    with rasterio.open(path) as file:
        if like is None:
            values, pixel = file.read(1).astype(float), (file.transform.a, -file.transform.e)
        else:
            with rasterio.open(like) as grid, WarpedVRT(
                    file, crs=grid.crs, transform=grid.transform, width=grid.width, height=grid.height,
                    resampling=Resampling.bilinear, dtype="float64") as warped:
                values, pixel = warped.read(1), (grid.transform.a, -grid.transform.e)
        return np.where(np.isclose(values, file.nodata, rtol=1e-6), np.nan, values), pixel


def zones_by_hand(before, after, elevation, pixel, worn, never):
    """Hectares of zones by covers and slope alone: weights of change and slope scaled to 1, turned land scores 1, land
    worn on both dates 0.5, slopes from 5° to 25°; zones from an index of 0.5 and from a hectare upward."""
    fall = np.hypot(sobel(elevation, 1) / (8 * pixel[0]), sobel(elevation, 0) / (8 * pixel[1]))
    inner = np.pad(np.ones((fall.shape[0] - 2, fall.shape[1] - 2), dtype=bool), 1)
    slope = np.where(inner, np.degrees(np.arctan(fall)), np.nan)
    *_, change_weight, slope_weight, _ = by_hand.weights()
    change = np.where(np.isin(after, worn), np.where(np.isin(before, worn), 0.5, 1.0), 0.0)
    index = (change_weight * change + slope_weight * by_hand.scaled(slope, 5, 25)) / (change_weight + slope_weight)
    known = np.isfinite(before + after + slope) & ~np.isin(after, never)
    numbers, _ = patches(known & (index >= 0.5))
    hectares = np.bincount(numbers.ravel())[1:] * pixel[0] * pixel[1] / 10_000
    return sorted(hectares[hectares >= 1], reverse=True)


def of_zones(found):
    return [zone.area_ha for zone in found.identified.zones]


def test_a_blank_dossier_asks_for_a_layer_and_for_nothing_else_of_the_land(tmp_path):
    assert demands(new_land(tmp_path / "land", 2024)) == [("no_factor", "layers.csv", "layer")]


# --- the Willamette basin: covers of two dates, elevation, pools ------------------------------------------------------

def test_elevation_on_another_grid_is_all_that_is_asked_about(tmp_path):
    assert demands(willamette(tmp_path / "basin", resample=False)) == [("raster_other_grid", "dem.tif", "")]


def test_means_without_their_spread_as_carbon_pools_samp_has_them_are_asked_for_it(tmp_path):
    found = demands(willamette(tmp_path / "basin", spread=False))
    assert set(found) == {("pool_without_spread", "pools.csv", "sd_tc_per_ha")}
    assert len(found) == 4 * 66


@pytest.fixture(scope="module")
def basin(tmp_path_factory):
    return area.check(willamette(tmp_path_factory.mktemp("real") / "basin"))


def test_stocks_of_the_basin_are_those_that_invest_published(basin):
    expected = json.loads((PUBLISHED / "carbon.json").read_text("utf-8"))["invest-3-willamette"]["expected"]
    assert basin.carbon.mapped == pytest.approx((expected["stock_now_tc"], expected["stock_later_tc"]), rel=5e-6)
    assert float(basin.carbon.change.value) == pytest.approx(expected["change_tc"], rel=5e-6)  # in single


def test_zones_of_the_basin_are_steep_land_that_is_bare_on_both_dates(basin):
    rasters = basin.case.dossier.folder / "rasters"
    (before, pixel), (after, _) = (read(rasters / f"lulc_samp_{name}.tif") for name in ("cur", "fut"))
    elevation, _ = read(rasters / "dem.tif", rasters / "lulc_samp_cur.tif")
    codes = {kind: [one.code for one in basin.data.classes if one.ecosystem in kind.split()]
             for kind in ("bare", "built water snow")}
    expected = zones_by_hand(before, after, elevation, pixel, codes["bare"], codes["built water snow"])
    assert expected
    assert of_zones(basin) == pytest.approx(expected, rel=1e-9)
    assert {zone.land for zone in basin.identified.zones} == {"bare"}


def test_what_the_basin_lacks_is_not_assessed_and_no_zero(basin):
    assert (basin.accuracy, basin.potential, basin.benefit) == (None, None, None)
    assert [one.value for one in basin.notices if one.message == "factor_left_out"] == ["D1", "D2", "D5"]


# --- Plum Island: three classes on three dates, elevation; no year of NDVI, so no trend ------------------------------

def test_maps_whose_classes_nobody_named_are_asked_about_once(tmp_path):
    land = plum_island(tmp_path / "island", "grassland")
    (land / "rasters" / "classes.csv").write_text("code,ecosystem,name_zh,name_en\n", "utf-8")
    with pytest.raises(BadInput) as refused:
        area.check(land)
    assert [(one.message, one.details["codes"]) for one in refused.value.problems] == [("no_classes", "1, 2, 3")]


def test_transitions_of_plum_island_are_those_that_lulcc_prints(tmp_path):
    found = area.check(plum_island(tmp_path / "island", "grassland", 1991))
    pixels = found.identified.transitions_ha / found.identified.pixel_ha
    # the table of the README of lulcc, crossTabulate(obs, times=c(0, 6)): 1985 by rows, 1991 by columns
    assert pixels == pytest.approx(np.array([[46672, 1926, 415], [0, 37085, 37], [359, 1339, 25730]]), abs=1e-6)


def test_where_no_class_is_worn_land_there_is_no_zone(tmp_path):
    found = area.check(plum_island(tmp_path / "island", "grassland"))
    assert of_zones(found) == []
    assert found.identified.never_ha["built"] == pytest.approx((4250 + 36957 + 2248) * found.identified.pixel_ha)


def test_zones_of_plum_island_are_what_turned_bare_or_stayed_so_on_slopes(tmp_path):
    found = area.check(plum_island(tmp_path / "island", "bare"))
    rasters = found.case.dossier.folder / "rasters"
    (before, pixel), (after, _), (elevation, _) = (
        read(rasters / f"{name}.tif") for name in ("lulc_1985", "lulc_1999", "elevation_m"))
    expected = zones_by_hand(before, after, elevation, pixel, worn=[3], never=[2])
    assert len(expected) == len(found.identified.zones) > 100
    assert of_zones(found) == pytest.approx(expected, rel=1e-9)


def test_zones_by_slope_alone_say_so(tmp_path):
    land = new_land(tmp_path / "island", 1999)
    layers(land, ("elevation", "", real("plum_island_lulc") / "elevation_m.tif", 1))
    found = area.check(land)
    assert [one.value for one in found.notices if one.message == "factor_alone"] == ["D4"]
    elevation, pixel = read(land / "rasters" / "elevation_m.tif")
    fall = np.hypot(sobel(elevation, 1) / (8 * pixel[0]), sobel(elevation, 0) / (8 * pixel[1]))[1:-1, 1:-1]
    half = np.count_nonzero(fall >= np.tan(np.radians(15)))  # midway from 5° to 25°
    assert found.identified.classes_ha["restore"] == pytest.approx(half * pixel[0] * pixel[1] / 10_000)


# --- Alaska: thirty years of months of NDVI in degrees, and nothing else ----------------------------------------------

def test_how_months_make_a_year_and_where_degrees_go_is_asked_at_once(tmp_path):
    assert demands(alaska(tmp_path / "alaska", composite="", resample=False)) == [
        ("composite_missing", "layers.csv", "layer"), ("raster_geographic", "ndvi_monthly_1982_2011.tif", "")]


@pytest.fixture(scope="module")
def tundra(tmp_path_factory):
    return area.check(alaska(tmp_path_factory.mktemp("real") / "alaska"))


def test_land_is_ranked_by_vegetation_and_its_trend_alone(tundra):
    assert list(tundra.identified.factors) == ["D1", "D2"]
    assert [row.year for row in tundra.data.rows] == list(range(1982, 2012))
    assert tundra.data.layers.grid.crs == "EPSG:32605"  # of 153° to 150° west
    assert tundra.carbon is None


def test_falling_and_rising_land_of_alaska_is_that_of_the_maximum_of_months(tundra, tmp_path):
    """Theil-Sen slopes of the yearly maxima of the file's own pixels, in degrees, have about the signs of the map."""
    with rasterio.open(real("gimms_alaska_ndvi") / "ndvi_monthly_1982_2011.tif") as file:
        months = file.read().astype(float)
    months[months < -1] = np.nan
    years = months.reshape(30, 12, *months.shape[1:])
    known = ~np.isnan(years).all(axis=(0, 1))
    yearly = np.fmax.reduce(years[:, :, known], axis=1)
    pairs = [(one, other) for one in range(30) for other in range(one + 1, 30)]
    slopes = np.median([(yearly[other] - yearly[one]) / (other - one) for one, other in pairs], axis=0)
    write_outputs(tundra, tmp_path / "results.json")
    with rasterio.open(tmp_path / "outputs" / "trend.tif") as file:
        ours = file.read(1)
    ours = ours[~np.isnan(ours)]
    assert np.median(ours) == pytest.approx(np.median(slopes), abs=2e-4)
    assert np.mean(ours > 0) == pytest.approx(np.mean(slopes > 0), abs=0.05)


def test_zones_of_the_map_are_the_pixels_of_an_index_of_half_or_more(tundra, tmp_path):
    write_outputs(tundra, tmp_path / "results.json")
    with rasterio.open(tmp_path / "outputs" / "index.tif") as file:
        index = file.read(1)
    assert sum(of_zones(tundra)) == pytest.approx(np.count_nonzero(index >= 0.5) * tundra.identified.pixel_ha)
    assert sum(tundra.identified.classes_ha.values()) == pytest.approx(
        np.count_nonzero(~np.isnan(index)) * tundra.identified.pixel_ha)


# --- Somalia: five by five pixels, NDVI times 10000 without a word of it, in degrees of another datum -----------------

def test_years_of_unlike_numbers_of_bands_are_the_only_thing_wrong_with_a_row_for_all(tmp_path):
    data = real("modis_somalia_ndvi") / "modisraster.tif"
    land = new_land(tmp_path / "somalia", 2012)
    layers(land, ("ndvi", "2000..2012", data, "1..275"))
    assert demands(land) == [("bands_not_shared_out", "layers.csv", "band")]


def test_too_few_pixels_and_values_without_their_scale_are_refused_in_a_sentence_each(tmp_path):
    land = somalia(tmp_path / "somalia")
    told = CliRunner().invoke(main, ["check", str(land), "--standard", STANDARD, "--lang", "en"])
    assert told.exit_code == 2
    assert told.output.splitlines() == [
        "layers.csv = 6 × 6: pixels are too small a map to tell zones (the fewest are 64). Take more land, or a "
        "product of smaller pixels.",
        "modisraster.tif: has values from 1895 to 9020, outside -1 to 1; times 0.0001 they would lie within, but the "
        "file states no scale. Look up the scale in the description of the product and give it."]

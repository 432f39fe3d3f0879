"""The steps by which land is measured: what is shown of them is what is recorded, at every pixel of every window."""

from dataclasses import replace

import numpy as np
import pytest
import rasterio
from scipy.stats import theilslopes

from mineco import views
from mineco.core import workers
from mineco.core.kit import parameters
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.windows import steps
from mineco.evaluation.restoration_area.windows.land_window import MEASURED, LandWindow, Pixel
from mineco.geo.windows import Window
from tests.helpers import by_hand
from tests.helpers.printed import about, numbers

FOLDER = parameters() / "mines" / "example-restoration-area"
SMALL = 1_500_000  # bytes of a window: nine windows of 40 pixels a side

pytestmark = pytest.mark.usefixtures("english")


def measured(changed=None, doing=None):
    """The land of the example in nine windows, with other steps in the place of some."""
    case = area.open_case(FOLDER)
    rules, data = area.read_land(case)
    return area.measure(case, data, rules, doing or workers.SerialWorkers(), steps.STEPS | (changed or {}), SMALL)


@pytest.fixture(scope="module")
def land():
    return measured()


def whole(found, name):
    values = np.full((96, 96), np.nan)
    for window, block in found.maps.blocks(name):
        values[window.row:window.row + window.height, window.column:window.column + window.width] = block
    return values


def raster(name):
    with rasterio.open(FOLDER / "rasters" / f"{name}.tif") as file:
        return np.where(file.read_masks() > 0, file.read() * np.array(file.scales)[:, None, None], np.nan)


def twice_as_steep(window):
    return 2 * steps.slope(window)


def bare(window):
    return np.zeros_like(steps.cover(window))


# --- a step in the place of another -----------------------------------------------------------------------------------

def test_the_step_that_is_given_makes_the_map(land):
    steep = measured({"slope": twice_as_steep})
    np.testing.assert_array_equal(whole(steep, "slope"), 2 * whole(land, "slope"))
    assert steep.factors["D4"].highest == pytest.approx(2 * land.factors["D4"].highest, rel=1e-12)
    assert steep.factors["D4"].degraded == land.factors["D4"].degraded  # an end is stated, whatever the map
    for name in set(MEASURED) - {"slope"}:
        np.testing.assert_array_equal(whole(steep, name), whole(land, name))


def test_a_step_sees_what_the_steps_before_it_have_found(land):
    # cover factor of bare ground is 1, so that A = R K LS, where the honest one is less
    naked = whole(measured({"cover": bare}), "soil_loss")
    known = ~np.isnan(naked)
    assert (naked[known] >= whole(land, "soil_loss")[known]).all()
    assert naked[known].mean() > 3 * np.nanmean(whole(land, "soil_loss"))


@pytest.mark.slow
def test_other_processes_do_the_step_that_is_given():
    doing = workers.ProcessWorkers(2)
    try:
        there = measured({"slope": twice_as_steep}, doing)
    finally:
        doing.close()
    np.testing.assert_array_equal(whole(there, "slope"), whole(measured({"slope": twice_as_steep}), "slope"))


def test_the_whole_evaluation_takes_other_steps_also_under_other_weights():
    found = area.evaluate(area.open_case(FOLDER), steps=steps.STEPS | {"slope": twice_as_steep})
    honest = area.evaluate(area.open_case(FOLDER))
    first, other = honest.identified.zones[0], found.identified.zones[0]
    assert other.slope_degrees == pytest.approx(2 * first.slope_degrees, rel=0.01)
    again = found.with_weights_of(found.case)  # without a choice, whose zones have numbers under the case's weights
    assert again.outcome() == replace(found, choice=None).outcome() != replace(honest, choice=None).outcome()


def test_a_second_ranking_leaves_the_maps_of_the_first_alone(land):
    case = area.open_case(FOLDER)
    rules, data = area.read_land(case)
    doing, draws = workers.SerialWorkers(), np.full((100, 5), 0.2)
    even, cover = dict.fromkeys(land.factors, 0.2), {**dict.fromkeys(land.factors, 0.0), "D1": 1.0}
    first = area.join_zones(data, area.rank(case, rules, land, even, doing), draws, doing)
    index, zones = whole(first, "index"), whole(first, "zone")
    second = area.join_zones(data, area.rank(case, rules, land, cover, doing), draws, doing)
    assert not np.array_equal(whole(second, "zone"), zones)
    np.testing.assert_array_equal(whole(first, "zone"), zones)
    np.testing.assert_array_equal(whole(first, "index"), index)


# --- one pixel by hand ------------------------------------------------------------------------------------------------

def test_the_pixel_that_is_followed_does_not_depend_on_the_windows(land):
    case = area.open_case(FOLDER)
    rules, data = area.read_land(case)
    at_once = area.follow(area.measure(case, data, rules, workers.SerialWorkers()))
    split = area.follow(land)
    places = [(one.land.window.row + one.row, one.land.window.column + one.column) for one in (at_once, split)]
    assert places[0] == places[1]
    trend, known = whole(land, "trend"), np.all([~np.isnan(whole(land, name)) for name in MEASURED], axis=0)
    assert trend[places[0]] == trend[known].min()


def test_cover_trend_and_loss_of_the_pixel_are_those_of_the_rasters(land):
    pixel = area.follow(land)
    row, column = pixel.land.window.row + pixel.row, pixel.land.window.column + pixel.column
    ndvi, lowest, highest = raster("ndvi")[:, row, column], *land.ends
    assert pixel.at(pixel.land.read("cover")) == pytest.approx(
        max((np.nanmean(ndvi[-3:]) - lowest) / (highest - lowest), 0), abs=1e-9)
    years = np.arange(2013, 2025)[~np.isnan(ndvi)]
    assert pixel.at(pixel.land.read("trend")) == pytest.approx(theilslopes(ndvi[~np.isnan(ndvi)], years)[0], abs=1e-9)
    # C = 0.6508 - 0.3436 lg(100 f), and 1 on ground that is bare; at a slope above 9 %: S = 16.8 sin b - 0.5
    angle, cover = np.radians(pixel.at(pixel.land.read("slope"))), pixel.at(pixel.land.read("cover"))
    rills = np.sin(angle) / 0.0896 / (3 * np.sin(angle) ** 0.8 + 0.56)
    length = by_hand.longest_way(by_hand.averaged(raster("elevation")[0]), 30.0, 30.0, 305.0)[row, column]
    terrain = (16.8 * np.sin(angle) - 0.5) * (length / 22.13) ** (rills / (1 + rills))
    loss = (raster("erosivity")[0, row, column] * raster("erodibility")[0, row, column] * terrain
            * min(0.6508 - 0.3436 * np.log10(max(100 * cover, 0.01)), 1))
    assert pixel.at(pixel.land.read("soil_loss")) == pytest.approx(loss, rel=1e-6)


@pytest.mark.parametrize("name", MEASURED)
def test_every_step_done_again_in_any_window_is_as_on_the_map(land, name):
    for window in land.maps.windows:
        again = LandWindow(land.maps.plan, window, {"cover": land.maps.plan.read("cover", window)})
        values = steps.STEPS[name](again)
        pixel = Pixel(again, 0, 0)
        assert pixel.different(land.maps.plan, name, values.slope if name == "trend" else values) == 0


def test_numbers_stand_in_the_place_of_their_symbols_and_only_there(land):
    pixel = area.follow(land)
    cover, given = pixel.land.read("cover"), {"NDVI": -0.25, "NDVI_0": 0.5, "NDVI_1": np.nan}
    shown = views.pixel.step(land, pixel, "cover", cover, r"f = \frac{NDVI - NDVI_0}{NDVI_1 - f_{NDVI}}", given).text
    formula = shown.splitlines()[0]
    assert r"= \frac{(-0.25) - 0.5}{\text{—} - f_{(-0.25)}} =" in formula
    assert numbers(formula)[-1] == about(pixel.at(cover), digits=6)


def test_a_map_that_was_made_otherwise_is_told_with_the_number_of_pixels(land):
    pixel = area.follow(land)
    cover = pixel.land.read("cover")
    values = cover.copy()
    values[0, :3] += 1
    shown = views.pixel.step(land, pixel, "cover", values, "f = x", {"x": values}).text
    assert "3 are not as on the recorded map" in shown
    assert "All 1,600 pixels" in views.pixel.step(land, pixel, "cover", cover, "f = x", {"x": 1.0}).text


def test_pixels_of_which_nothing_is_known_are_alike_on_both_sides_and_print_as_a_dash(land):
    corner = Pixel(LandWindow(land.maps.plan, land.maps.windows[0]), 0, 0)  # no slope at the edge of the map
    slope = corner.land.read("slope")
    assert np.isnan(corner.at(slope))
    shown = views.pixel.step(land, corner, "slope", slope, r"\beta = x", {"x": slope}).text
    assert "—" in shown
    assert "All 1,600 pixels" in shown


def test_areas_of_zones_are_their_pixels_and_no_zone_is_a_sentence():
    found = area.evaluate(area.open_case(FOLDER)).identified
    pixels = np.array([round(one.area_ha / 0.09) for one in found.zones])
    shown = views.pixel.zone_areas(found, pixels, pixels * found.pixel_ha).text
    assert rf"A_1 = n_1 \cdot a = {pixels[0]} \cdot 0.09 =" in shown
    assert "The areas of all zones (3)" in shown
    assert "not as recorded: 1" in views.pixel.zone_areas(found, pixels, (pixels + [0, 1, 0]) * found.pixel_ha).text
    none = views.pixel.zone_areas(replace(found, zones=()), pixels[:0], np.zeros(0)).text
    assert "No patch is large enough" in none


def test_the_windows_and_the_followed_pixel_are_told_as_places_of_the_map(land):
    assert "windows: 9, each of at most 40 × 40 pixels" in views.pixel.windows(land).text
    second = Pixel(LandWindow(land.maps.plan, Window(40, 0, 40, 40)), 2, 3)
    # row 40 + 2, column 3; middle of the pixel at 600,000 + 3.5 * 30 and 4,050,000 - 42.5 * 30
    assert numbers(views.pixel.place(second).text) == [43, 4, 600_105, 4_048_725]

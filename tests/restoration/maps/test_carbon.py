"""Carbon of mapped land: published stocks and changes, the real Willamette basin, and the laws of its uncertainty."""

import csv
import json

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st

from mineco.restoration import measured_soil_carbon, stock_density, stock_difference_change
from mineco.restoration.maps.accuracy import AreaAdjusted
from mineco.restoration.maps.carbon import (
    CarbonVariance,
    carbon_estimate,
    carbon_variance,
    change_by_transition,
    class_areas,
    class_histogram,
    draw_pools,
    total_stock,
)
from tests.helpers.invest import invest_value
from tests.helpers.places import PUBLISHED, SHARED

CASES = json.loads((PUBLISHED / "carbon.json").read_text(encoding="utf-8"))
WILLAMETTE = SHARED / "geo" / "willamette_carbon"


def given_and_expected(case):
    return CASES[case]["inputs"], CASES[case]["expected"]


# --- published cases ----------------------------------------------------------------------------------------------

def mata():
    inputs, expected = given_and_expected("liu-2021-mata")
    pools, before, after = (np.array(inputs[name]) for name in ("density_tc_ha", "area_1999_ha", "area_2016_ha"))
    return pools, before, after, np.array(inputs["transfer_ha"]), expected


def test_stocks_of_mata_close_within_one_percent_with_the_areas_of_the_table():
    # forest 163.7 · 11.6 + shrub 92.89 · 76.78 + grass 97.26 · 21.46 + orchard 95.73 · 84.14 + field 80.58 · 19.16
    # + other 40.9 · 29.34 = 1898.9 + 7132.1 + 2087.2 + 8054.7 + 1543.9 + 1200.0 = 21 916.8
    pools, before, after, _, expected = mata()
    assert total_stock(before, pools) == pytest.approx(21_916.8, abs=0.1)
    assert total_stock(before, pools) == pytest.approx(expected["stock_1999_tc"], rel=0.01)
    assert total_stock(after, pools) == pytest.approx(expected["stock_2016_tc"], rel=0.01)
    assert total_stock(after - before, pools) == pytest.approx(expected["change_tc"], rel=0.013)


def test_what_keeps_mata_from_closing_is_its_area():
    # printed stock / printed density: 22 120.25 / 90.66 = 243.99 ha, the table has 242.48
    pools, before, _, _, expected = mata()
    implied = expected["stock_1999_tc"] / expected["density_tc_ha"][0]
    assert (round(implied, 2), round(before.sum(), 2)) == (243.99, 242.48)
    # what is left of 0.9 % is 0.3 %
    assert total_stock(before, pools) * implied / before.sum() == pytest.approx(expected["stock_1999_tc"], rel=0.0035)


def test_the_changes_of_class_at_mata_carry_the_whole_change_of_the_stock():
    pools, before, after, transfer, _ = mata()
    assert transfer.sum(axis=1) == pytest.approx(before, abs=0.011)
    assert transfer.sum(axis=0) == pytest.approx(after, abs=0.011)
    carried = change_by_transition(transfer, pools)
    assert carried.sum() == pytest.approx(total_stock(transfer.sum(axis=0) - transfer.sum(axis=1), pools))
    assert np.diag(carried) == pytest.approx(0)
    assert carried[1, 0] == pytest.approx(7.53 * (163.7 - 92.89))  # shrub that became forest


def test_plantations_of_gansu_close_to_the_printed_digit():
    # spruce: 48 500 ha · (28.52 + 1.26 + 0.53 + 0.78) = 1.508 Tg; soil 48 500 · 338.34 = 16.409 Tg
    inputs, expected = given_and_expected("guan-2016-gansu")
    stocks = 100 * np.array(inputs["area_100ha"], dtype=float)[:, np.newaxis] * inputs["density_tc_ha"] / 1e6
    assert stocks[:, :4].sum(axis=1) == pytest.approx(expected["vegetation_tg"], abs=0.006)
    assert stocks[:, 4] == pytest.approx(expected["soil_tg"], abs=0.006)


def test_sequestration_rates_of_jilin_are_stock_differences_per_mean_area():
    # oak: (78.52 − 61.07) Tg / 5 / ((99.80 + 100.44) / 2 · 10^4 ha) = 3.486
    inputs, expected = given_and_expected("fan-2016-jilin")
    areas, stocks = 1e4 * np.array(inputs["area_10e4ha"]), 1e6 * np.array(inputs["stock_tg"])
    assert np.abs(stock_density(stocks, areas) - expected["density_tc_ha"]).max() < 0.2
    rates = stock_difference_change(stocks[:, 1], stocks[:, 0], inputs["years"]) / areas.mean(axis=1)
    assert np.abs(rates - expected["rate_tc_ha_yr"]).max() < 0.03


def test_soil_of_the_fuxin_dump_gains_nothing_in_ten_years_by_itself():
    # bare: 0.58 · 8.32 g/kg · 1.43 g/cm3 · 10 cm / 10 = 6.90 t/ha; natural growth is not a sink by itself
    inputs, expected = given_and_expected("wang-2021-fuxin")
    stock = {}
    for age, matter in inputs["organic_matter_g_kg"].items():
        density = np.array(inputs["bulk_density_g_cm3"][age])
        stock[age] = measured_soil_carbon({"top": 0.58 * np.array(matter)}, {"top": density},
                                          {"top": inputs["depth_cm"]}, {"top": 0.0}).mean()
    assert stock["0"] == pytest.approx(6.90, abs=0.005)
    assert stock["10"] - stock["0"] == pytest.approx(0, abs=0.05)
    for place, finest in inputs["finest_pct"].items():
        assert 100 - finest == pytest.approx(expected["above_025mm_pct"][place])
        assert sum(inputs["coarser_pct"][place]) == pytest.approx(expected["above_025mm_pct"][place], abs=0.11)


# --- the Willamette basin -----------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def willamette():
    """Areas now and later, pools with their spread, of the sample of the InVEST carbon model."""
    if not WILLAMETTE.is_dir():
        pytest.skip("the Willamette sample of InVEST is not here")
    with (WILLAMETTE / "carbon_pools_samp_uncertain.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pools, spread = (np.array([[float(row[f"C_{pool}_{what}"]) for pool in ("ABOVE", "BELOW", "SOIL", "DEAD")]
                               for row in rows]) for what in ("MEAN", "SD"))
    areas = []
    for name in ("cur", "fut"):
        with rasterio.open(WILLAMETTE / f"lulc_samp_{name}.tif") as layer:
            found = class_histogram(layer.read(1), int(layer.nodata))
        areas.append(class_areas(found, [int(row["LULC"]) for row in rows],
                                 CASES["invest-3-willamette"]["inputs"]["pixel_ha"]))
    return areas[0], areas[1], pools, spread


def test_willamette_totals_and_value_are_those_of_invest(willamette):
    now, later, pools, _ = willamette
    inputs, expected = given_and_expected("invest-3-willamette")
    change = total_stock(later, pools) - total_stock(now, pools)
    value = invest_value(change, inputs["years"], inputs["price"], inputs["discount"], inputs["price_change"])
    assert total_stock(now, pools) == pytest.approx(expected["stock_now_tc"], rel=5e-6)  # InVEST 3: single precision
    assert total_stock(later, pools) == pytest.approx(expected["stock_later_tc"], rel=5e-6)
    assert change == pytest.approx(expected["change_tc"], rel=5e-6)
    assert value == pytest.approx(expected["value"], rel=5e-6)


def test_pools_known_to_20_percent_leave_willamettes_stock_at_9_and_its_change_at_48_percent(willamette):
    now, later, pools, spread = willamette
    stock, change = carbon_estimate(now, pools, spread), carbon_estimate(later - now, pools, spread)
    assert round(float(100 * stock.half_width / stock.value)) == 9
    assert round(float(100 * change.half_width / abs(change.value))) == 48


def test_pixels_drawn_one_by_one_would_make_willamettes_error_410_times_too_small(willamette):
    now, _, pools, spread = willamette
    pixel = CASES["invest-3-willamette"]["inputs"]["pixel_ha"]
    alone = np.sqrt((now / pixel * pixel**2 * (spread**2).sum(axis=1)).sum())  # each pixel with an error of its own
    assert round(float(carbon_estimate(now, pools, spread).error / alone)) == 410


def test_draws_of_willamettes_pools_agree_with_the_formula(willamette):
    now, later, pools, spread = willamette
    drawn = draw_pools(pools, spread, 20_000, np.random.default_rng(0))
    for area in (now, later - now):
        estimate, draws = carbon_estimate(area, pools, spread), total_stock(area, drawn)
        assert draws.std() == pytest.approx(float(estimate.error), rel=0.02)  # 1 / √(2 · 20 000) = 0.5 %
        assert draws.mean() == pytest.approx(float(estimate.value), abs=4 * float(estimate.error) / 20_000**0.5)


# --- laws ---------------------------------------------------------------------------------------------------------

MATRIX = np.array([[66, 0, 5], [0, 55, 8], [3, 1, 153]])
MAP_AREA = np.array([200.0, 150.0, 3200.0])
POOLS = np.array([[60.0, 90.0], [5.0, 70.0], [1.0, 20.0]])
SPREAD = np.array([[30.0, 10.0], [4.0, 20.0], [1.0, 6.0]])


def test_formula_and_draws_agree_where_areas_err_too():
    found, generator = AreaAdjusted(MATRIX, MAP_AREA), np.random.default_rng(3)
    estimate = carbon_estimate(found.area.value, POOLS, SPREAD, found.area_covariance)
    draws = total_stock(found.draw_areas(40_000, generator), draw_pools(POOLS, SPREAD, 40_000, generator))
    assert draws.std() == pytest.approx(float(estimate.error), rel=0.02)
    assert draws.mean() == pytest.approx(float(estimate.value), abs=4 * float(estimate.error) / 200)


def test_one_class_and_one_pool_by_hand():
    # A d = 10 · 50; variance A² s² + d² V + V s² = 100·25 + 2500·4 + 4·25 = 12 600
    found = carbon_estimate(np.array([10.0]), np.array([[50.0]]), np.array([[5.0]]), np.array([[4.0]]))
    assert (float(found.value), float(found.error)) == (500.0, pytest.approx(12_600**0.5))


def test_land_that_keeps_its_class_adds_nothing_to_the_error_of_the_change():
    area = np.array([1000.0, 1.0, -1.0])
    moved = carbon_estimate(area - [1000.0, 0.0, 0.0], POOLS, SPREAD)
    # classes 2 and 3: √(4² + 20² + 1² + 6²); the first has 30² + 10²
    assert float(moved.error) == pytest.approx(453**0.5)
    assert float(carbon_estimate(area, POOLS, SPREAD).error) == pytest.approx((1000**2 * 1000 + 453) ** 0.5)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.integers(0, 60))
def test_histograms_of_windows_add_up_to_the_one_of_the_whole(codes, cut):
    whole = np.array(codes, dtype=np.uint8)
    assert class_histogram(whole[:cut], 6) + class_histogram(whole[cut:], 6) == class_histogram(whole, 6)


@pytest.mark.parametrize("codes", [[-3, 5, 5], [70_000, 5, 5], [1, 5, 5]])
def test_codes_of_any_size_are_counted(codes):
    assert class_histogram(np.array(codes, dtype=np.int32), 5) == {codes[0]: 1}


def test_draws_are_never_negative_however_large_the_spread():
    drawn = draw_pools(np.array([10.0]), np.array([20.0]), 50_000, np.random.default_rng(5))
    assert drawn.min() >= 0
    assert drawn.mean() == pytest.approx(10, abs=4 * 20 / 50_000**0.5)
    assert drawn.std() == pytest.approx(20, rel=0.05)


# --- what is refused ----------------------------------------------------------------------------------------------

def test_a_class_without_pools_is_not_left_out_silently():
    with pytest.raises(ValueError, match=r"class \[9\] is none of \[1, 2\]"):
        class_areas({1: 5, 9: 1}, [1, 2], 0.09)


def test_classes_are_whole_numbers():
    with pytest.raises(ValueError, match="whole numbers"):
        class_histogram(np.array([1.0, np.nan]))


@pytest.mark.parametrize(("mean", "spread"), [(-1.0, 0.1), (1.0, -0.1), (0.0, 0.1), (1.0, float("nan"))])
def test_pools_that_no_distribution_has_are_not_drawn(mean, spread):
    with pytest.raises(ValueError, match="not negative"):
        draw_pools(np.array([mean]), np.array([spread]), 10, np.random.default_rng(0))


def test_the_parts_of_a_variance_are_that_of_the_estimate():
    area, pools = np.array([30.0, -10.0]), np.array([[80.0, 20.0], [10.0, 0.0]])
    spread = np.array([[16.0, 12.0], [2.0, 0.0]])
    adjusted = AreaAdjusted(np.array([[45, 5], [2, 48]]), np.array([100.0, 900.0]))
    found = carbon_variance(area, pools, spread, adjusted.area_covariance)
    estimate = carbon_estimate(area, pools, spread, adjusted.area_covariance)
    total = found.pools.sum() + found.areas.sum() + found.both.sum()
    assert np.sqrt(total) == pytest.approx(float(estimate.error))
    assert found.half_width() == pytest.approx(float(estimate.half_width) / abs(float(estimate.value)))
    assert found.shares.sum() == pytest.approx(1)


def test_four_times_the_points_of_a_map_narrow_it_as_was_said():
    area, pools, spread = np.array([30.0, -10.0]), np.array([[100.0], [10.0]]), np.array([[20.0], [2.0]])
    few, many = (AreaAdjusted(times * np.array([[450, 50], [20, 480]]), np.array([100.0, 900.0])) for times in (1, 4))
    said = carbon_variance(area, pools, spread, few.area_covariance).half_width(points=4)
    estimate = carbon_estimate(area, pools, spread, many.area_covariance)
    assert said == pytest.approx(float(estimate.half_width) / abs(float(estimate.value)), rel=0.001)  # n - 1, not n


def test_what_is_needed_of_points_plots_or_both_brings_the_interval_down_to_what_is_allowed():
    found = CarbonVariance(100.0, np.array([16.0]), np.array([36.0]), np.array([12.0]))  # 64 tC2, of 8 tC
    allowed = 1.96 * 6 / 100  # 36 tC2: points (36 + 12) / (36 - 16), plots more than all: 36 are of areas alone
    points, plots, both = found.times_needed(allowed)
    assert (points, plots) == (pytest.approx(2.4), None)
    assert found.half_width(points, 1) == pytest.approx(allowed)
    assert found.half_width(both, both) == pytest.approx(allowed)

"""What restoration adds, how likely it rises, what it is worth, and how its map stands against plots."""

import csv
import json
from collections import defaultdict

import numpy as np
import pytest
import rasterio
import scipy
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mineco.restoration.benefit import (
    additional_gain,
    difference_in_differences,
    present_value,
    probability_above,
    sink_rise,
)
from mineco.restoration.maps.accuracy import Estimate
from mineco.restoration.maps.plots import bias_deviation, check_against_plots, spread_deviation
from tests.helpers.invest import invest_value
from tests.helpers.places import PUBLISHED, SHARED

NOURAGUES = SHARED / "geo" / "nouragues_biomass"
CASE = json.loads((PUBLISHED / "carbon.json").read_text(encoding="utf-8"))["invest-unit"]


# --- additionality ------------------------------------------------------------------------------------------------

def test_a_baseline_that_degrades_adds_to_the_gain_and_leakage_takes_from_it():
    assert additional_gain(900.0, -100.0, 50.0) == 950.0


def test_the_gain_of_real_mines_is_26_percent_too_high_without_controls():
    # NDVI of reclaimed mines rose 0.302, of land never mined 0.063: 0.302 / 0.239 = 1.264
    found = difference_in_differences([0.4, 0.5], [0.702, 0.802], [0.7, 0.8], [0.763, 0.863])
    assert found.effect == pytest.approx(0.239)
    assert found.overstated == pytest.approx(0.264, abs=0.0005)


def test_the_interval_of_the_difference_is_welchs():
    generator = np.random.default_rng(2)
    before, after = generator.normal(0, 1, 12), generator.normal(2, 1.5, 12)
    control_before, control_after = generator.normal(0, 1, 30), generator.normal(0.5, 0.7, 30)
    found = difference_in_differences(before, after, control_before, control_after)
    differences = after - before, control_after - control_before
    expected = scipy.stats.ttest_ind(*differences, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_units_that_all_change_alike_leave_no_width():
    found = difference_in_differences([1.0, 2.0], [2.0, 3.0], [1.0, 2.0], [1.0, 2.0])
    assert (found.low, found.effect, found.high) == (1.0, 1.0, 1.0)


def test_nothing_is_overstated_where_there_is_no_effect():
    assert np.isnan(difference_in_differences([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [2.0, 3.0]).overstated)


@pytest.mark.parametrize("after", [[1.0], [1.0, float("nan")]])
def test_a_difference_needs_two_units_known_at_both_dates(after):
    with pytest.raises(ValueError, match="two restored units"):
        difference_in_differences(after, after, [1.0, 2.0], [1.0, 2.0])


# --- rise of the sink (reading T3) --------------------------------------------------------------------------------

def test_the_rise_is_net_of_the_baseline_and_of_the_first_years_only():
    # mean of 110, 130, 150 less mean of 100, 110, 120 is 20, of 80 before: 25 %; the fourth year does not count
    rise = sink_rise(np.array([110.0, 130.0, 150.0, 900.0]), np.array([100.0, 110.0, 120.0, 0.0]), np.array(80.0), 3)
    assert rise == pytest.approx(0.25)


def test_exactly_25_percent_is_not_above_25_percent():
    assert probability_above(np.array([0.25, np.nextafter(0.25, 1)]), 0.25) == 0.5


def test_land_that_was_no_sink_has_no_rise_and_counts_against():
    rise = sink_rise(np.full((4, 3), 10.0), np.zeros((4, 3)), np.array([0.0, -5.0, 5.0, 20.0]), 3)
    assert np.isnan(rise[:2]).all()
    assert probability_above(rise, 0.25) == 0.5  # draws 3 and 4: 200 % and 50 %


def test_a_rise_over_three_years_needs_three_years():
    with pytest.raises(ValueError, match="fewer than 3 years"):
        sink_rise(np.ones(2), np.ones(2), np.array(1.0), 3)


# --- value --------------------------------------------------------------------------------------------------------

def test_the_valuation_of_invest_is_a_special_case():
    expected = CASE["expected"]
    one = invest_value(1.0, 14, 43.0, -7.1, 2.8)
    assert one == pytest.approx(expected["value_of_one_14_years_43_at_-7.1_and_2.8"], abs=5e-6)
    assert invest_value(1.0, 2, 50.0, 50.0, 5.0) == pytest.approx(
        expected["value_of_one_2_years_50_at_50_and_5"], abs=5e-6)
    pools = np.sum(CASE["inputs"]["pools"], axis=1)
    assert pools.tolist() == expected["stocks"]
    assert invest_value(float(pools[1] - pools[0]), 14, 43.0, -7.1, 2.8) == pytest.approx(
        expected["value_of_change_14_years_43"], abs=5e-4)
    assert invest_value(float(pools[1] - pools[0]), 14, 43.0, 0.0, 0.0) == pytest.approx(
        expected["value_of_change_without_rates"])


def test_a_price_that_grows_as_fast_as_it_is_discounted_is_worth_the_plain_sum():
    assert present_value([10.0, 20.0, 30.0], 50.0, 4.0, 4.0) == pytest.approx(3000.0)


@given(st.integers(-50, 50), st.integers(1, 40))
def test_even_gains_are_worth_a_geometric_series(discount, years):
    ratio = 1 / (1 + discount / 100)
    expected = years if ratio == 1 else (1 - ratio**years) / (1 - ratio)
    assert present_value(np.ones(years), 1.0, discount, 0.0) == pytest.approx(expected)


def test_draws_are_valued_each():
    assert present_value([[1.0, 1.0], [2.0, 2.0]], 10.0, 100.0, 0.0).tolist() == [15.0, 30.0]


def test_a_discount_of_minus_100_percent_is_refused():
    with pytest.raises(ValueError, match="−100 %"):
        present_value([1.0], 1.0, -100.0, 0.0)


# --- plots against the map (reading T2) ---------------------------------------------------------------------------

def test_bias_and_interval_by_hand():
    # differences 2, 4, 6: mean 4, deviation 2, Student's 4.3027 for two degrees: ± 4.3027 · 2 / √3 = 4.968
    found = check_against_plots([52.0, 54.0, 56.0], [50.0, 50.0, 50.0])
    assert (found.bias, found.measured) == (4.0, 50.0)
    assert (found.low, found.high) == (pytest.approx(-0.968, abs=5e-4), pytest.approx(8.968, abs=5e-4))
    assert found.rmse == pytest.approx((56 / 3) ** 0.5)


def test_a_small_bias_of_few_plots_does_not_prove_ten_percent():
    # 4 / 50 = 8 % within, the farther end 8.968 / 50 = 17.9 % beyond
    found = bias_deviation(check_against_plots([52.0, 54.0, 56.0], [50.0, 50.0, 50.0]), 0.1)
    assert (found.met_by_point, found.met) == (True, False)
    assert found.worst == pytest.approx(0.1794, abs=5e-5)


def test_a_map_that_is_too_low_is_as_wrong_as_one_that_is_too_high():
    high = bias_deviation(check_against_plots([52.0, 54.0, 56.0], [50.0] * 3), 0.1)
    low = bias_deviation(check_against_plots([48.0, 46.0, 44.0], [50.0] * 3), 0.1)
    assert (high.point, high.worst) == pytest.approx((low.point, low.worst))


def test_a_half_width_exactly_on_the_limit_is_within():
    at = spread_deviation(Estimate(np.array(19.6), np.array(1.0)), 0.1)
    assert (at.met, spread_deviation(Estimate(np.array(-19.5), np.array(1.0)), 0.1).met) == (True, False)


def test_a_change_of_nothing_has_no_relative_spread_and_meets_nothing():
    assert not spread_deviation(Estimate(np.array(0.0), np.array(1.0)), 0.1).met


def test_four_hectares_of_rain_forest_do_not_prove_the_map_that_was_fitted_to_them():
    if not NOURAGUES.is_dir():
        pytest.skip("the plots of Nouragues are not here")
    corners, measured = defaultdict(list), defaultdict(float)
    with (NOURAGUES / "NouraguesCoords.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            corners[row["Plot"]].append((float(row["Xutm"]), float(row["Yutm"])))
    with (NOURAGUES / "NouraguesTreesAGB.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            measured[row["Plot"]] += float(row["AGB"])
    with rasterio.open(NOURAGUES / "nouragues_map_pred.tif") as layer:
        biomass = layer.read(2)
        rows, columns = np.indices(biomass.shape)
        size, west, north = layer.transform.a, layer.transform.c, layer.transform.f
    left, top = west + size * columns, north - size * rows
    pixels = shapely.box(left, top - size, left + size, top)
    parts = {plot: shapely.area(shapely.intersection(pixels, shapely.MultiPoint(ring).convex_hull))
             for plot, ring in corners.items()}
    mapped = [(biomass * part)[part > 0].sum() / part.sum() for part in parts.values()]
    on_ground = [measured[plot] for plot in corners]  # plots of one hectare
    found = check_against_plots(mapped, on_ground)
    interval = scipy.stats.ttest_rel(mapped, on_ground).confidence_interval()
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    verdict = bias_deviation(found, 0.1)
    assert (verdict.met_by_point, verdict.met) == (True, False)


@pytest.mark.parametrize(("mapped", "said"), [([1.0], "two plots"), ([1.0, float("nan")], "no value")])
def test_plots_without_value_or_too_few_are_refused(mapped, said):
    with pytest.raises(ValueError, match=said):
        check_against_plots(mapped, np.ones(len(mapped)))

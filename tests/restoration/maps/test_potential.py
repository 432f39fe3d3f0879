"""What measures would gain in each zone: sourced rates and curves, net of the baseline, and ranked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.restoration import soil_transition_change
from mineco.restoration.maps.carbon import draw_pools
from mineco.restoration.maps.potential import (
    age_class_stock,
    cost_per_tonne,
    draw_around,
    growth_stock,
    land_gain,
    priorities,
    yearly_from_rate,
    zone_gains,
)
from mineco.standards.factors import load_factors


@given(st.floats(0, 10), st.floats(0, 40), st.integers(1, 60))
def test_a_rate_gives_rate_times_duration_and_no_more(rate, duration, years):
    assert yearly_from_rate(rate, duration, years).sum() == pytest.approx(rate * min(duration, years), abs=1e-9)


def test_a_sigmoid_stand_grows_fastest_at_the_age_of_its_inflection():
    # Chapman-Richards bends at ln(shape) / speed = ln 3 / 0.1 = 10.99 yr
    gains = np.diff(growth_stock(np.arange(41), 100.0, 0.1, 3.0))
    assert gains.argmax() in (10, 11)


def test_a_stand_between_age_classes_lies_on_the_line_between_their_means():
    # larch: 30.0 t at 19.4 years and 33.6 at 25.6: at 22.5 half of the way
    found = age_class_stock([0.0, 9.7, 22.5], [19.4, 25.6], [30.0, 33.6])
    assert found == pytest.approx([0.0, 15.0, 31.8])


@pytest.mark.parametrize(("age", "ages"), [(30.0, [10.0, 20.0]), (5.0, [20.0, 10.0])])
def test_nothing_is_made_up_beyond_the_oldest_class_or_of_classes_in_disorder(age, ages):
    with pytest.raises(ValueError, match="ages of classes"):
        age_class_stock(age, ages, [1.0, 2.0])


def test_soil_under_a_measure_moves_for_twenty_years_and_then_stays():
    # from 30 to 50 tC/ha: 1 a year for 20 years
    yearly = soil_transition_change(50.0, 30.0, 20.0, np.arange(1, 31))
    assert yearly.tolist() == [1.0] * 20 + [0.0] * 10


def test_gains_of_a_zone_by_hand():
    # 20 ha · (2.0 − 0.5) tC/(ha yr) · 44/12 = 110 tCO2/yr; degrading land (−0.5) gives 20 · 2.5 · 44/12 = 183.3
    gains = zone_gains(np.array([20.0, 20.0]), np.array([[2.0, 2.0, 0.0]]),
                       np.array([[0.5, 0.5, 0.5], [-0.5, -0.5, -0.5]]), np.array([[True], [True]]))
    assert gains[0, 0] == pytest.approx([110.0, 110.0, -20 * 0.5 * 44 / 12])
    assert gains[1, 0] == pytest.approx([550 / 3, 550 / 3, 110 / 3])


def test_land_gains_by_itself_what_zones_gain_beyond_nothing():
    # 20 ha · 1.5 tC/(ha yr) · 44/12 = 110 tCO2/yr
    rates = np.array([1.5, -0.3])
    assert land_gain(20.0, rates) == pytest.approx([110.0, -22.0])
    beyond_nothing = zone_gains(np.array([20.0]), rates[np.newaxis], np.zeros((1, 2)), np.array([[True]]))
    assert beyond_nothing[0, 0] == pytest.approx(land_gain(20.0, rates), rel=1e-15)


def test_a_measure_that_does_not_suit_gains_nothing_known():
    gains = zone_gains(np.array([20.0]), np.ones((2, 3)), np.zeros((1, 3)), np.array([[False, True]]))
    assert np.isnan(gains[0, 0]).all()
    assert not np.isnan(gains[0, 1]).any()


def test_zones_share_the_draw_of_a_measure_so_that_their_sum_is_as_unsure_as_each():
    area = np.array([10.0, 30.0])
    drawn = draw_pools(np.array([2.0]), np.array([0.5]), 20_000, np.random.default_rng(0))
    gains = zone_gains(area, yearly_from_rate(drawn, 20.0, 3), np.zeros((2, 3)), np.ones((2, 1), dtype=bool))
    assert gains.shape == (20_000, 2, 1, 3)
    whole = gains[:, :, 0, 0].sum(axis=1)
    assert whole.std() / whole.mean() == pytest.approx(0.25, rel=0.03)  # independent zones would give 0.198


def test_a_mean_near_the_low_end_of_its_range_is_kept_and_draws_reach_both_ends():
    # soil under grass on dumps: mean 1.03 within 0.3 to 3.37 tC/(ha yr); (3.37 - 1.03) / 3.07 = 76.2 % lie below
    factors = load_factors()
    mean, low, high = (factors.by_id(name).value for name in ("DUMP.grass", "RMS.grass.low", "RMS.grass.high"))
    drawn = draw_around(mean, low, high, 100_000, np.random.default_rng(1))
    assert drawn.mean() == pytest.approx(1.03, abs=0.01)
    assert (drawn < mean).mean() == pytest.approx(0.762, abs=0.005)
    # below the mean even from 0.3 to 1.03: 2.5 % of all lie under 0.3 + 0.025 / 0.762 · 0.73 = 0.324
    assert np.quantile(drawn, 0.025) == pytest.approx(0.324, abs=0.003)
    assert np.quantile(drawn, 0.975) == pytest.approx(3.37 - 0.025 / 0.238 * 2.34, abs=0.02)


@pytest.mark.parametrize(("mean", "low", "high"), [(1.5, 2.0, 1.0), (float("nan"), 0.0, 1.0), (3.0, 1.0, 2.0)])
def test_a_mean_outside_its_range_or_unknown_is_refused(mean, low, high):
    with pytest.raises(ValueError, match="mean does not lie inside"):
        draw_around(mean, low, high, 10, np.random.default_rng(0))


def test_no_price_buys_a_tonne_where_nothing_is_gained():
    found = cost_per_tonne(1000.0, [10.0, 0.0, -10.0, np.nan])
    assert found[0] == 100.0
    assert np.isnan(found[1:]).all()


def test_the_three_rankings_stand_side_by_side_and_may_disagree():
    gain = np.array([[100.0, 400.0], [300.0, 200.0], [np.nan, np.nan]])
    cost = np.array([[10.0, 90.0], [50.0, 40.0], [np.nan, np.nan]])
    found = priorities(np.array([0.2, 0.5, 0.9]), gain, cost)
    assert found.by_degradation.tolist() == [3, 2, 1]
    assert found.by_gain[:2].tolist() == [1, 2]  # 400 and 300
    assert found.by_cost[:2].tolist() == [1, 2]  # 10 and 40
    assert np.isnan([found.by_gain[2], found.by_cost[2]]).all()
    assert (found.most.tolist(), found.cheapest.tolist()) == ([1, 0, -1], [0, 1, -1])


def test_equal_zones_share_a_rank():
    alike = np.ones((3, 1))
    assert priorities(np.array([0.5, 0.7, 0.5]), alike, alike).by_degradation.tolist() == [2, 1, 2]

"""Shapes of spreads: 95 % between their bounds, nothing beyond them where they end, and the published sums of four."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mineco.evaluation.uncertainty import draws_of, standard_deviation
from mineco.evaluation.uncertainty.spreads import SHAPES, Spread

COUNT = 200_000
UNEVEN = Spread("uneven", -50.0, 100.0, "lognormal")


def drawn(spread, value=1.0, count=COUNT, seed=0):
    return draws_of(spread, value, np.random.default_rng(seed), count)


@pytest.mark.parametrize("spread", [Spread("fuel", -5.0, 5.0, "normal"), Spread("diesel", -2.0, 0.9, "normal"), UNEVEN,
                                    Spread("offroad", -50.0, 200.0, "lognormal")])
def test_the_value_is_the_median_and_one_draw_in_forty_lies_beyond_each_bound(spread):
    draws = drawn(spread, 40.0)
    low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975])
    assert low == pytest.approx(40 * (1 + spread.lower_pct / 100), rel=0.01)
    assert middle == pytest.approx(40, rel=0.005)
    assert high == pytest.approx(40 * (1 + spread.upper_pct / 100), rel=0.01)


@pytest.mark.parametrize(("shape", "low", "high"), [("uniform", -20, 20), ("triangular", -78, 0)])
def test_bounds_are_the_ends_of_an_even_spread_and_of_a_triangle(shape, low, high):
    draws = drawn(Spread("ends", low, high, shape), 50.0)
    assert 50 * (1 + low / 100) <= draws.min() < 50 * (1 + low / 100) + 0.5
    assert 50 * (1 + high / 100) - 0.5 < draws.max() <= 50 * (1 + high / 100)
    assert draws.std() == pytest.approx(standard_deviation(Spread("ends", low, high, shape), 50.0), rel=0.01)


def test_deviations_by_hand():
    assert standard_deviation(Spread("even", -30.0, 30.0, "uniform"), 10.0) == pytest.approx(6 / 12**0.5)
    # a triangle from 1 to 4 with its peak at 4: (1 + 16 + 16 - 4 - 4 - 16) / 18 = 0.5
    assert standard_deviation(Spread("peak", -75.0, 0.0, "triangular"), 4.0) == pytest.approx(0.5**0.5)
    # the wider side of uneven ones: 100 % of 98 over 1.96
    assert standard_deviation(UNEVEN, 98.0) == pytest.approx(50.0, rel=1e-4)


@pytest.mark.parametrize(("shape", "half", "within"), [("normal", 3.92, 0.015), ("uniform", 3.88, 0.015)])
def test_four_of_them_added_up_have_the_interval_that_jcgm_101_prints(shape, half, within):
    """JCGM 101:2008, 9.2.2 and 9.2.3 (numbers from memory): each with deviation 1.

    By hand: of four normal ones 1.96 x 2 = 3.92. Of four even ones P(sum of four shares < x) = x^4 / 24 = 0.025 for
    x = 0.6^(1/4), so that the bound lies 2 sqrt(3) (2 - 0.6^(1/4)) = 3.88 from the middle.
    """
    bound = {"normal": 195.9963984540054, "uniform": 100 * 3**0.5}[shape]
    total = sum(drawn(Spread("one", -bound, bound, shape), 1.0, 2_000_000, number) for number in range(4)) - 4
    low, high = np.quantile(total, [0.025, 0.975])
    assert (-low, high) == pytest.approx((half, half), abs=within)
    assert standard_deviation(Spread("one", -bound, bound, shape), 1.0) == pytest.approx(1.0)


@given(value=st.floats(-1e6, 1e6).filter(lambda one: abs(one) > 1e-3), lower=st.floats(-99, 0), upper=st.floats(0, 300),
       shape=st.sampled_from(SHAPES))
@settings(max_examples=50, deadline=None)
def test_spreads_of_any_width_keep_the_sign_where_they_end_above_minus_a_hundred(value, lower, upper, shape):
    draws = drawn(Spread("any", lower, upper if upper > lower else 1.0, shape), value, 200)
    assert np.isfinite(draws).all()
    if shape != "normal":  # whose tails have no end: limits of the dossier cut them
        assert (np.sign(draws) == np.sign(value)).all()


@given(value=st.floats(-1e6, 1e6), shape=st.sampled_from(SHAPES))
@settings(max_examples=30, deadline=None)
def test_no_spread_is_the_value_itself(value, shape):
    none = Spread("none", 0.0, 0.0, shape)
    if shape != "triangular":  # numpy has no triangle without a base
        assert (drawn(none, value, 20) == value).all()
    assert standard_deviation(none, value) == 0
    assert not none.known

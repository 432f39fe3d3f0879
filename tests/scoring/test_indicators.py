"""Indicator formulas against hand arithmetic, and on arrays as on single mines."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.scoring import bounds, emissions, indicators

AMOUNT = st.floats(1.0, 1e9)


@pytest.mark.parametrize("years", [1.0, 3.0, 10.0, 20.0])
def test_four_per_cent_saved_each_year_are_four_per_cent_whatever_the_base_year(years):
    assert emissions.compound_reduction_rate(1000 * 0.96 ** years, 1000.0, years) == pytest.approx(4.0, rel=1e-9)


def test_emissions_that_stay_fall_by_nothing_and_that_double_in_a_year_by_minus_a_hundred_per_cent():
    assert emissions.compound_reduction_rate(500.0, 500.0, 4.0) == 0.0
    assert emissions.compound_reduction_rate(1000.0, 500.0, 1.0) == pytest.approx(-100.0)


@pytest.mark.parametrize("earlier", [0.0, 700.0])
def test_where_nothing_is_left_every_share_of_emissions_is_at_its_best(earlier):
    assert emissions.compound_reduction_rate(0.0, earlier, 2.0) == 100.0
    assert emissions.annual_reduction_rate(0.0, earlier, 2.0) == 50.0  # all of it in two years
    assert emissions.intensity_reduction_rate(0.0, 10.0, earlier, 12.0, 1.0) == 100.0
    assert emissions.abatement_share(earlier, 0.0) == 100.0
    assert emissions.target_achievement(0.0, earlier, 5.0, 0.0) == 100.0
    assert emissions.share_of_emissions(earlier, 0.0) == 100.0


def test_what_rises_from_nothing_rises_by_a_hundred_per_cent():
    assert emissions.annual_reduction_rate(3.0, 0.0, 1.0) == -100.0
    assert emissions.annual_reduction_rate(3.0, 0.0, 2.0) == -50.0  # a rise from nothing is 100 %, in two years
    assert emissions.intensity_reduction_rate(3.0, 10.0, 0.0, 10.0, 1.0) == -100.0


def test_a_plan_of_one_tonne_counts_as_the_least_plan():
    # 40 t achieved of 1 t planned; the least plan is 0.025 * 4000 = 100 t: 40 per cent
    assert emissions.target_achievement(40.0, 1.0, bounds.least_plan(4000.0, 0.025), 3900.0) == pytest.approx(40.0)
    assert emissions.target_achievement(40.0, 0.0, 100.0, 3900.0) == 0.0


def test_a_baseline_counts_up_to_what_the_source_would_have_emitted():
    # 5 Mt declared at a source of 0.2 Mt: 200,000 - 50,000 t, and nothing where the project alone is above
    assert bounds.counted_abatement(5e6, 5e4, 2e5) == 150_000
    assert bounds.counted_abatement(5e6, 3e5, 2e5) == 0


def test_what_older_measures_declare_opens_no_room_beyond_what_their_source_emitted():
    # 300 t spared count in full; of a million, the 900 t of the base year; a source since replaced keeps its room
    assert bounds.baseline_limit(700.0, 900.0, 300.0) == 1_000
    assert bounds.baseline_limit(700.0, 900.0, 1e6) == 1_600
    assert bounds.baseline_limit(0.0, 900.0, 600.0) == 600


def test_intensity_falls_when_production_grows_and_emissions_stay():
    # 100/10 = 10 a year ago, 100/12.5 = 8 now: a fall of 2 in 10 is 20 per cent
    assert emissions.intensity_reduction_rate(100.0, 12.5, 100.0, 10.0, 1.0) == pytest.approx(20.0)


def test_total_reduction_is_linear_and_not_compound():
    # 18 per cent over five years is 3.6 a year taken linearly (3.9 compound)
    assert emissions.annual_reduction_rate(82.0, 100.0, 5.0) == pytest.approx(3.6)


def test_growing_emissions_give_a_negative_reduction():
    assert emissions.annual_reduction_rate(110.0, 100.0, 1.0) == pytest.approx(-10.0)


def test_abatement_is_set_against_what_would_have_been_emitted_without_it():
    # 25 avoided, 75 emitted: without the measures it had been 100
    assert emissions.abatement_share(25.0, 75.0) == pytest.approx(25.0)


def test_stored_waste_that_is_used_counts_on_both_sides():
    # 70 of 100 t made and 20 t from the old heap: (70 + 20) / (100 + 20) = 75 per cent
    assert indicators.solid_waste_utilisation(90.0, 100.0, 20.0) == pytest.approx(75.0)


def test_green_power_scored_elsewhere_leaves_the_renewable_share():
    # 30 renewable of which 10 bought, in 80: 20 / 80 = 25 per cent
    assert indicators.share_without(30.0, 10.0, 80.0) == pytest.approx(25.0)


def test_the_jharia_plantation_takes_up_11_9_tonnes_of_co2_per_hectare_and_year():
    # 13.0 tC/ha after 4 years (doi:10.1007/s40789-016-0131-4): 13.0 * 44 / 12 / 4 = 11.9166...
    assert indicators.areal_rate(13.0 * 44 / 12, 1.0, 4.0) == pytest.approx(11.9, abs=0.02)


def test_an_intensity_equal_to_its_reference_gives_one():
    assert indicators.intensity_to_reference(4200.0, 100.0, 42.0) == pytest.approx(1.0)


def test_a_missing_denominator_is_an_error_and_never_zero():
    with pytest.raises(ZeroDivisionError):
        indicators.share(10.0, 0.0)


@given(AMOUNT, AMOUNT, AMOUNT, st.floats(0.1, 20.0))
def test_intensity_reduction_does_not_depend_on_the_unit_of_emissions(now, production, earlier, years):
    tonnes = emissions.intensity_reduction_rate(now, production, earlier, production, years)
    kilograms = emissions.intensity_reduction_rate(now * 1000, production, earlier * 1000, production, years)
    assert kilograms == pytest.approx(tonnes, rel=1e-9, abs=1e-6)


@given(AMOUNT, AMOUNT, st.floats(0.1, 20.0))
def test_with_constant_production_the_intensity_falls_as_the_total_does(now, earlier, years):
    by_intensity = emissions.intensity_reduction_rate(now, 7.0, earlier, 7.0, years)
    assert by_intensity == pytest.approx(emissions.annual_reduction_rate(now, earlier, years), rel=1e-6, abs=1e-6)


FORMULAS = [one for module in (indicators, emissions, bounds)
            for _, one in inspect.getmembers(module, inspect.isfunction) if one.__module__ == module.__name__]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda one: one.__name__)
def test_arrays_of_mines_give_what_each_mine_gives(formula):
    count = len(inspect.signature(formula).parameters)
    mines = np.random.default_rng(7).uniform(1.0, 10.0, (count, 5))
    one_by_one = [formula(*mines[:, mine]) for mine in range(5)]
    np.testing.assert_allclose(formula(*mines), one_by_one, rtol=1e-12)

"""Which model a forecast takes, what it refuses, and what it tells."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mineco.evaluation.tracking.forecast.choose as choose
from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.core.yaml_reading import kit_data
from mineco.evaluation.tracking.forecast import Forecast, forecast, models

RULES = kit_data("tracking/forecast.yaml")


def series(values, first=2010):
    return dict(enumerate(map(float, values), first))


def walk(count, seed, drift=0.0):
    return series(1000 * np.exp(np.cumsum(np.random.default_rng(seed).normal(drift, 0.05, count))))


def line(count, seed):
    rng = np.random.default_rng(seed)
    return series(1000 * np.exp(-0.04 * np.arange(count) + rng.normal(0, 0.02, count)))


def refused(given, until=2030):
    found = forecast(given, until)
    assert isinstance(found, BadInput)
    return [one.message for one in found.problems]


def told(found):
    assert isinstance(found, Forecast)
    return [one.message for one in found.noticed]


def test_the_last_value_is_kept_for_most_walks_though_the_best_of_several_always_looks_better():
    kept = [forecast(walk(10, seed), 2022).chosen == "last" for seed in range(60)]
    assert np.mean(kept) > 0.65


def test_a_steady_path_is_forecast_as_one_and_beats_the_last_value_by_the_stated_share():
    inside = []
    for seed in range(10):
        found = forecast(line(14, seed), 2028)
        assert found.chosen in ("trend", "drift", "damped")
        assert found.test.ratio <= RULES["best_ratio"]["value"]
        assert found.test.covered >= RULES["least_covered"]["value"]
        inside.append(found.ahead.low[-1] < 1000 * math.exp(-0.04 * 18) < found.ahead.high[-1])
    assert sum(inside) >= 7  # a model chosen by the same series holds less often than in 95 per cent


def test_every_model_is_told_with_what_became_of_it():
    found = forecast(line(10, 1), 2022)
    assert [one.model for one in found.tests] == list(RULES["models"])
    assert {one.model: one.state for one in found.tests if one.state == "too_short"} == dict.fromkeys(
        ("smoothed", "damped", "carried_on"), "too_short")  # 8 + 3 and 10 + 3 years
    assert sum(one.state == "chosen" for one in found.tests) == 1


def test_each_model_is_held_against_the_last_value_from_the_same_years():
    found = forecast(line(14, 2), 2026)
    values = np.array(list(found.series.values()))
    for one in found.tests:
        apart = [abs(values[origin - 1] - values[origin + step]) for origin in range(one.points, 14)
                 for step in range(min(3, 14 - origin))]
        assert one.forecasts == len(apart)
        assert one.naive == pytest.approx(np.mean(apart))


def test_a_model_that_does_not_converge_is_left_out_and_told(monkeypatch):
    monkeypatch.setattr(models, "ITERATIONS", 1)
    found = forecast(walk(16, 3), 2027)
    assert {one.state for one in found.tests if one.model in ("smoothed", "damped", "carried_on")} == {"not_converged"}
    assert all(one.failed for one in found.tests if one.state == "not_converged")


def test_eight_years_are_the_fewest_and_seven_are_refused():
    assert isinstance(forecast(walk(8, 1), 2020), Forecast)
    assert refused(walk(7, 1), 2018) == ["forecast_too_short"]
    assert refused(series([5, 4, 3]), 2014) == ["forecast_too_short"]
    assert refused({}, 2014) == ["forecast_too_short"]


def test_missing_years_and_values_are_refused_all_at_once():
    gaps = walk(12, 1) | {2013: math.nan}
    del gaps[2016]
    assert refused(gaps, 2022) == ["forecast_not_finite", "forecast_years_missing"]


@pytest.mark.parametrize("values", [[0] * 9, [7.0] * 9, [1000 * 0.95**n for n in range(9)], [-n for n in range(9)]])
def test_a_series_without_scatter_is_refused(values):
    assert refused(series(values), 2020) == ["forecast_without_scatter"]


def test_no_more_years_ahead_than_years_known():
    assert isinstance(forecast(walk(9, 1), 2027), Forecast)  # 2010 to 2018, nine ahead
    assert refused(walk(9, 1), 2028) == ["forecast_too_far"]
    assert refused(walk(9, 1), 2018) == ["forecast_not_ahead"]


def test_without_the_library_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(choose, "find_spec", lambda name: None)
    found = forecast(walk(9, 1), 2020)
    assert "pip install 'mineco[forecast]'" in problem_text(found.problems[0], "zh")
    assert "pip install 'mineco[forecast]'" in problem_text(found.problems[0], "en")


def test_zeros_are_forecast_without_logarithms_and_an_interval_below_zero_is_told_and_not_cut():
    found = forecast(series([900, 700, 650, 400, 300, 120, 60, 20, 0, 0]), 2024)
    assert found.scale == "plain"
    assert next(one for one in found.tests if one.model == "trend").state == "needs_positive"
    assert found.ahead.low[-1] < 0
    assert "forecast_below_zero" in told(found)


def test_positive_values_are_never_forecast_below_zero():
    found = forecast(series([900, 500, 450, 200, 110, 60, 20, 12, 5, 1]), 2026)
    assert found.ahead.low.min() > 0
    assert "forecast_below_zero" not in told(found)


def test_years_that_no_test_reaches_are_told():
    found = forecast(walk(8, 1), 2024)  # tested for three steps of seven
    assert found.frame()["tested"].tolist() == [True] * 3 + [False] * 4
    assert next(one for one in found.noticed if one.message == "forecast_beyond_test").value == 2021


def test_a_site_that_was_sold_is_told_as_a_jump_in_its_year():
    found = forecast(series([1000, 980, 990, 960, 970, 600, 580, 590, 570, 560]), 2022)
    assert [(one.message, one.value) for one in found.noticed] == [("forecast_jump", 2015)]


def test_another_pace_is_told_with_the_year_from_which_it_holds():
    values = 1000 * np.exp(np.cumsum([0.01, 0.02, 0.012, 0.018, 0.011, -0.06, -0.055, -0.065, -0.058, -0.061]))
    found = forecast(series(values), 2022)
    assert ("forecast_other_pace", 2015) in [(one.message, one.value) for one in found.noticed]


def test_few_series_without_a_break_are_called_broken():
    found = [told(forecast(walk(10, seed), 2021)) for seed in range(60)]
    for break_ in ("forecast_jump", "forecast_other_pace"):  # each at a chance of 5 per cent
        assert np.mean([break_ in one for one in found]) < 0.15


def test_the_same_series_gives_the_same_bits_again():
    first, second = (forecast(walk(15, 4), 2028) for _ in range(2))
    for end in ("middle", "low", "high"):
        assert getattr(first.ahead, end).tobytes() == getattr(second.ahead, end).tobytes()
    assert [vars(one) for one in first.tests] == [vars(one) for one in second.tests]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.sampled_from([0.001, 3.0, 1e6]), moved=st.integers(-30, 30),
       drift=st.sampled_from([0.0, -0.05]))
def test_another_unit_or_another_calendar_changes_nothing_but_unit_and_years(seed, factor, moved, drift):
    given = walk(10, seed, drift)
    first = forecast(given, 2024)
    second = forecast({year + moved: factor * value for year, value in given.items()}, 2024 + moved)
    assert second.chosen == first.chosen
    assert second.years == tuple(year + moved for year in first.years)
    assert second.ahead.high == pytest.approx(factor * first.ahead.high)
    assert np.all(first.ahead.low < first.ahead.middle)
    assert np.all(first.ahead.middle < first.ahead.high)
    assert np.all(np.diff(first.ahead.high / first.ahead.low) > 0)  # the farther ahead, the less is known


@pytest.mark.slow
@pytest.mark.parametrize("process", ["random walk", "mean-reverting"])
def test_how_often_intervals_are_said_to_have_held_is_what_the_benchmark_counts(process):
    from benchmarks.forecast import coverage

    assert 100 * coverage(process, 10).inside == pytest.approx(RULES["held"]["unchanged"][process]["10"], abs=0.06)

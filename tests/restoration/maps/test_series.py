"""Trends of series: hand arithmetic, scipy, and pymannkendall on thirty years of Alaska."""

import csv

import numpy as np
import pytest
import rasterio
import scipy.stats
from numpy.testing import assert_allclose, assert_array_equal

from mineco.restoration.maps import series
from mineco.restoration.maps.area import degradation_score, histogram_quantile
from mineco.restoration.maps.series import (
    INDEX_VALUES,
    falling_trend,
    false_discovery_threshold,
    index_histogram,
    rain_response,
    trend,
    vegetation_cover,
)
from tests.helpers.geo import real

RNG = np.random.default_rng(20240501)
YEARS = np.arange(1982, 2012)


@pytest.fixture(scope="module")
def alaska() -> np.ndarray:
    """Highest NDVI of each year, pixels in columns, without those that are empty."""
    with rasterio.open(real("gimms_alaska_ndvi") / "ndvi_monthly_1982_2011.tif") as file:
        months = file.read(masked=True).astype(np.float64).filled(np.nan)
    yearly = np.nanmax(np.where(np.isnan(months), -9, months).reshape(30, 12, -1), axis=1)
    return yearly[:, (yearly > -9).all(axis=0)]


def test_slope_and_test_of_eight_years_by_hand():
    # 28 pairs: 26 rise, 1 falls (8, 7), 1 tied (2, 2), so S = 25; Var = (8·7·21 - 2·1·9) / 18 = 1158 / 18;
    # z = (25 - 1) / sqrt(64.333) = 2.99220; p = 2 (1 - Φ(2.99220)) = 0.0027698
    found = trend([1.0, 2.0, 2.0, 4.0, 5.0, 6.0, 8.0, 7.0], np.arange(8), 8)
    assert float(found.z) == pytest.approx(24 / np.sqrt(1158 / 18), rel=1e-14)
    assert float(found.p) == pytest.approx(0.00277, abs=1e-5)
    # of the 28 slopes 6 lie below 1, 13 above: the 14th and 15th are both 1
    assert float(found.slope) == 1
    assert int(found.observed) == 8


def test_mann_kendall_and_sen_agree_with_pymannkendall_on_real_series(alaska):
    mk = pytest.importorskip("pymannkendall")
    found = trend(alaska, YEARS, 8)
    for pixel in range(alaska.shape[1]):
        theirs = mk.original_test(alaska[:, pixel])
        assert_allclose([found.slope[pixel], found.z[pixel], found.p[pixel]], [theirs.slope, theirs.z, theirs.p],
                        rtol=0, atol=1e-8)


def test_ties_and_gaps_agree_with_pymannkendall_on_real_series(alaska):
    mk = pytest.importorskip("pymannkendall")
    gappy = np.round(alaska, 2)  # two decimals make ties in every series
    gappy[RNG.random(gappy.shape) < 0.3] = np.nan
    found = trend(gappy, YEARS, 8)
    assert np.median(found.observed) == 21
    for pixel in range(0, alaska.shape[1], 3):
        theirs = mk.original_test(gappy[:, pixel])
        assert_allclose([found.slope[pixel], found.z[pixel], found.p[pixel]], [theirs.slope, theirs.z, theirs.p],
                        rtol=0, atol=1e-8)


def test_the_correction_for_correlated_ranks_agrees_with_pymannkendall(alaska):
    mk = pytest.importorskip("pymannkendall")
    # 29 years have 406 pairs: of an odd number the middle pair is tied after detrending, up to rounding
    part = alaska[:29, ::5]
    found = trend(part, YEARS[:29], 8, correlated=0.05)
    theirs = [mk.hamed_rao_modification_test(one) for one in part.T]
    assert_allclose(found.p, [one.p for one in theirs], rtol=0, atol=1e-8)
    assert not np.allclose(found.p, trend(part, YEARS[:29], 8).p)


def test_a_gap_counts_as_the_time_that_it_takes():
    whole = RNG.normal(size=(14, 5))
    gappy = whole.copy()
    gappy[[3, 4, 9]] = np.nan
    left = np.delete(whole, [3, 4, 9], axis=0)
    for got, wanted in zip(trend(gappy, np.arange(14), 8), trend(left, np.delete(np.arange(14), [3, 4, 9]), 8),
                           strict=True):
        assert_array_equal(got, wanted)


def test_fewer_observations_than_asked_for_have_no_trend_but_a_count():
    values = np.arange(10.0)[:, np.newaxis] * np.ones(3)
    values[7:, 0] = np.nan  # 7 left
    values[8:, 1] = np.nan  # 8 left
    values[:, 2] = np.nan
    found = trend(values, np.arange(10), 8)
    assert_array_equal(found.slope, [np.nan, 1, np.nan])
    assert_array_equal(np.isnan(found.p), [True, False, True])
    assert_array_equal(found.observed, [7, 8, 0])


def test_a_series_of_two_years_has_no_trend():
    found = trend(np.ones((2, 4, 5)), [2020, 2021], 8)
    assert np.isnan(found.slope).all()
    assert (found.observed == 2).all()


def test_a_series_that_never_changes_has_slope_0_and_p_1():
    for correlated in (None, 0.05):
        found = trend(np.full(9, 0.4), np.arange(9), 8, correlated)
        assert (float(found.slope), float(found.z), float(found.p)) == (0, 0, 1)


def test_blocks_give_bit_for_bit_what_the_whole_map_gives(monkeypatch):
    values = np.round(RNG.normal(size=(12, 20, 30)), 1)
    values[RNG.random(values.shape) < 0.2] = np.nan
    whole = trend(values, np.arange(12), 8, 0.05)
    monkeypatch.setattr(series, "PAIRS_AT_ONCE", 700)
    blocks = [trend(values[:, :, start:start + 7], np.arange(12), 8, 0.05) for start in range(0, 30, 7)]
    for field in range(4):
        assert_array_equal(np.concatenate([block[field] for block in blocks], axis=1), whole[field])


def test_two_wrong_years_do_not_move_the_slope_of_mined_area_out_of_its_interval_but_turn_least_squares():
    with (real("skytruth_mtr") / "county_areas.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    years = np.array(header[2:], dtype=float)
    counties = np.array([row[2:] for row in rows], dtype=float).T
    right = ~np.isin(years, (1985, 1989))  # scenes with errors: 1985 shows four times the area of its neighbours
    for areas in (counties, counties.sum(axis=1, keepdims=True)):
        for given, others in ((slice(None), right), (right, slice(None))):
            found = [scipy.stats.theilslopes(one, years[given], 0.95) for one in areas[given].T]
            other = trend(areas[others], years[others], 8).slope
            assert all(one.low_slope <= slope <= one.high_slope for one, slope in zip(found, other, strict=True))
    total = counties.sum(axis=1)
    assert np.polyfit(years, total, 1)[0] < -9
    assert np.polyfit(years[right], total[right], 1)[0] > 2


@pytest.mark.parametrize(("times", "why"), [([1, 2, 3], "3 times for a series of 4"), ([1, 2, 2, 3], "must rise")])
def test_times_that_do_not_belong_to_the_series_are_refused(times, why):
    with pytest.raises(ValueError, match=why):
        trend(np.ones(4), times, 8)


def test_false_discoveries_are_held_down_as_scipy_does():
    p = np.concatenate([RNG.random(900), RNG.random(100) / 500])
    for rate in (0.01, 0.05, 0.2):
        threshold = false_discovery_threshold(np.sort(p), np.ones(p.size), rate)
        assert_array_equal(p <= threshold, scipy.stats.false_discovery_control(p) <= rate)


def test_a_histogram_of_p_gives_a_threshold_at_most_a_bin_too_low():
    p = np.concatenate([RNG.random(900), RNG.random(100) / 500])
    edges = np.linspace(0, 1, 10_001)[1:]
    counts = np.bincount(np.searchsorted(edges, p, side="left"), minlength=len(edges))
    exact = false_discovery_threshold(np.sort(p), np.ones(p.size), 0.05)
    coarse = false_discovery_threshold(edges, counts, 0.05)
    assert exact - 1e-4 <= coarse < exact + 1e-4
    assert (p <= coarse).sum() <= (p <= exact).sum()


def test_nothing_significant_has_no_threshold():
    assert np.isnan(false_discovery_threshold([0.4, 0.9], [1, 1], 0.05))


def test_residuals_on_rain_agree_with_least_squares_of_scipy():
    rain = RNG.gamma(4, 100, size=(12, 6))
    index = 0.2 + 4e-4 * rain + RNG.normal(0, 0.02, rain.shape)
    index[2, 0] = rain[5, 0] = np.nan
    found = rain_response(index, rain)
    for pixel in range(6):
        both = ~np.isnan(index[:, pixel] + rain[:, pixel])
        theirs = scipy.stats.linregress(rain[both, pixel], index[both, pixel])
        assert found.slope[pixel] == pytest.approx(theirs.slope, rel=1e-10)
        assert found.correlation[pixel] == pytest.approx(theirs.rvalue, rel=1e-10)
        wanted = index[both, pixel] - theirs.intercept - theirs.slope * rain[both, pixel]
        assert_allclose(found.residuals[both, pixel], wanted, rtol=0, atol=1e-12)
    assert_array_equal(np.isnan(found.residuals[:, 0]), np.isin(np.arange(12), (2, 5)))


def test_the_response_and_the_histogram_of_a_map_are_those_of_its_parts(monkeypatch):
    generator = np.random.default_rng(7)
    index, rain = generator.uniform(-1, 1, (6, 5, 9)), generator.uniform(200, 700, (6, 5, 9))
    index[generator.random(index.shape) < 0.1], rain[generator.random(rain.shape) < 0.1] = np.nan, np.nan
    whole, counted = rain_response(index, rain), series.index_histogram(index)
    monkeypatch.setattr(series, "HELD_AT_ONCE", 20)  # three pixels of six years
    for part, found in zip(rain_response(index, rain), whole, strict=True):
        assert_array_equal(part, found)
    assert_array_equal(series.index_histogram(index), counted)
    assert counted.sum() == np.isfinite(index).sum()


def test_a_decline_that_rain_explains_is_none_of_the_residuals():
    rain = np.linspace(600, 300, 20)
    decline = 0.1 + 1e-3 * rain
    assert float(trend(decline, YEARS[:20], 8).slope) == pytest.approx(-300e-3 / 19)
    assert float(trend(rain_response(decline, rain).residuals, YEARS[:20], 8).slope) == pytest.approx(0, abs=1e-15)


def test_rain_that_never_differs_and_a_pixel_without_data_have_no_response():
    found = rain_response(np.array([[0.1, np.nan]] * 9), np.array([[400.0, 300.0]] * 9))
    assert np.isnan(found.slope).all()
    assert np.isnan(found.residuals).all()


def test_the_ends_of_cover_pool_all_years_and_blocks_add_up():
    values = np.round(RNG.beta(2, 3, size=(6, 40, 50)), 4)
    histogram = sum(index_histogram(year) for year in values)
    for share in (0.05, 0.95):
        wanted = np.quantile(values, share, method="inverted_cdf")
        assert histogram_quantile(histogram, INDEX_VALUES, share) == pytest.approx(wanted, abs=1e-12)
    assert np.isnan(histogram_quantile(index_histogram([np.nan]), INDEX_VALUES, 0.5))


def test_an_index_that_is_still_scaled_is_refused_by_its_histogram():
    with pytest.raises(ValueError, match="from 1895 to 9020"):
        index_histogram([1895.0, 9020.0])


def test_cover_is_linear_between_its_ends_and_missing_stays_missing():
    # (0.3 - 0.1) / (0.9 - 0.1) = 0.25
    assert_allclose(vegetation_cover([0.1, 0.3, 0.9, 0.05, 0.95, np.nan], 0.1, 0.9), [0, 0.25, 1, 0, 1, np.nan])
    with pytest.raises(ValueError, match="higher under full cover"):
        vegetation_cover([0.3], 0.5, 0.5)


# --- falling vegetation -----------------------------------------------------------------------------------------------

def scores_of_falling(values, rate=0.05):
    """Scores of D2, whose ends are 0 and -0.01 NDVI a year, of a map of series."""
    found = trend(values, np.arange(len(values), dtype=float), 8)
    order = np.sort(found.p.ravel())
    threshold = false_discovery_threshold(order, np.ones(order.size), rate)
    return degradation_score(falling_trend(found.slope, found.p, threshold), 0.0, -0.01)


@pytest.mark.parametrize("seed", range(3))
def test_of_pure_noise_no_pixel_falls(seed):
    # by quantiles of the slopes 48.5 % of such a map scored over 0.5
    noise = np.random.default_rng(seed).normal(0.5, 0.05, (12, 60, 60))
    scores = scores_of_falling(noise)
    assert (scores > 0.5).mean() < 0.002  # 5 % false ones among those found, and next to none is found
    assert (scores == 0).mean() > 0.99


def test_falling_is_scored_by_stated_ends_whatever_the_rest_of_the_map_does():
    years = np.arange(12.0)[:, np.newaxis]
    noise = np.random.default_rng(0).normal(0, 0.002, (12, 300))
    slopes = np.repeat([-0.02, -0.005, 0.0, 0.005], 75)
    for others in (slopes, slopes[:150]):  # with and without land that is stable or greens
        scores = scores_of_falling(0.5 + others * years + noise[:, :len(others)])
        assert scores[:75].tolist() == [1.0] * 75
        assert scores[75:150] == pytest.approx(0.5, abs=0.1)
    assert scores_of_falling(0.5 + slopes * years + noise)[150:].max() < 0.15  # a false one falls by less than noise


def test_a_fall_that_may_be_chance_a_rise_and_what_does_not_vary_score_0():
    slope, p = np.array([-0.02, 0.02, 0.0, np.nan]), np.array([0.2, 0.001, np.nan, np.nan])
    assert falling_trend(slope, p, 0.05)[:3].tolist() == [0, 0, 0]
    assert np.isnan(falling_trend(slope, p, 0.05)[3])
    assert falling_trend(slope, np.full(4, 0.001), np.nan)[:3].tolist() == [0, 0, 0]  # where no trend counts

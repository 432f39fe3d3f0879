"""Accuracy by strata that are not the classes of the map: the example of Stehman (2014), and laws of the estimators."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.restoration.maps.accuracy import AreaAdjusted
from mineco.restoration.maps.strata import Strata, StratifiedAreas, StratifiedChange, count_in_strata
from tests.helpers.places import PUBLISHED

CASES = json.loads((PUBLISHED / "accuracy.json").read_text(encoding="utf-8"))
MANY = 1e12  # pixels, of which some points are nothing


def counted(strata, mapped, reference, kinds):
    """Counts of points given one by one."""
    places = [np.searchsorted(np.unique(strata), strata), *(np.searchsorted(kinds, one) for one in (mapped, reference))]
    return count_in_strata(*places, (len(np.unique(strata)), len(kinds), len(kinds)))


def stehman():
    case = CASES["stehman-2014"]
    strata, mapped, reference = (np.array(list(case["inputs"][name])) for name in ("strata", "map", "reference"))
    pixels = case["inputs"]["pixels"]
    counts = counted(strata, mapped, reference, np.array(list("ABCD")))
    return StratifiedAreas(Strata(pixels, [10] * 4, pixels), counts, np.full(4, 25_000.0)), case["expected"]


# --- the published example ----------------------------------------------------------------------------------------

def test_the_example_of_stehman_2014_comes_out_as_printed():
    found, expected = stehman()
    assert [round(float(found.overall.value), 2), round(float(found.overall.error), 3)] == expected["overall"]
    for estimate, name in ((found.users, "users"), (found.producers, "producers")):
        assert {"B": [round(float(one[1]), 3) for one in (estimate.value, estimate.error)]} == expected[name]
    area = {kind: [round(float(one["ABCD".index(kind)]) / 100_000, digits)
                   for one, digits in ((found.area.value, 2), (found.area.error, 3))] for kind in "AC"}
    assert area == expected["area_share"]


def test_a_ratio_of_the_example_by_hand():
    # user's accuracy of A: mapped A are 7 of 10 points of the first stratum and 1 of 10 of the second, right 5 and 1:
    # (40,000 · 0.5 + 30,000 · 0.1) / (40,000 · 0.7 + 30,000 · 0.1) = 23,000 / 31,000
    found, _ = stehman()
    assert found.users.value[0] == pytest.approx(23 / 31)
    assert found.proportions[0].tolist() == pytest.approx([0.23, 0.04, 0.04, 0.0])


def test_strata_that_are_the_classes_give_what_olofsson_2014_gives():
    case = CASES["olofsson-2014"]["inputs"]
    matrix, area = np.array(case["matrix"]), np.array(case["map_pixels"]) * 0.09
    counts = np.stack([np.where(np.arange(4)[:, np.newaxis] == stratum, matrix, 0) for stratum in range(4)])
    plain, found = AreaAdjusted(matrix, area), StratifiedAreas(
        Strata(area, matrix.sum(axis=1), np.full(4, MANY)), counts, area)
    for name in ("overall", "users", "producers", "area"):
        assert getattr(found, name).value == pytest.approx(getattr(plain, name).value)
        assert getattr(found, name).error == pytest.approx(getattr(plain, name).error)
    assert found.area_covariance == pytest.approx(plain.area_covariance, abs=1e-6 * plain.area_covariance.max())
    assert found.proportions == pytest.approx(plain.proportions)


# --- laws ---------------------------------------------------------------------------------------------------------

# of each pixel its stratum, its class on the map (-1: the map knows nothing), at the start and at the end
PIXELS = np.array([[0, 0, 0, 0], [0, 0, 0, 1], [0, 1, 1, 1], [0, -1, 0, 0], [0, 0, 0, 0],
                   [1, 1, 1, 1], [1, 1, 0, 1], [1, 0, 1, 1], [1, 1, 1, 0]])


def estimates(chosen):
    stratum, mapped, start, end = PIXELS[chosen].T
    points = np.bincount(stratum)
    strata = Strata([5.0, 4.0], points, [5, 4])
    areas = StratifiedAreas(strata, count_in_strata(stratum, mapped, end, (2, 2, 2)), [4.0, 4.0])
    return areas, StratifiedChange(strata, count_in_strata(stratum, start, end, (2, 2, 2)))


def every_sample(of_first, of_second):
    """Each sample without replacement that could be drawn, all equally likely."""
    return [list(one + other) for one, other in itertools.product(
        itertools.combinations(range(5), of_first), itertools.combinations(range(5, 9), of_second))]


def test_over_every_possible_sample_areas_are_the_truth_in_mean_and_variances_are_their_spread():
    # known to the map are eight pixels; in truth at the end three of them are of the first class and five of the second
    found = [estimates(one)[0] for one in every_sample(3, 2)]
    areas = np.array([one.area.value for one in found])
    assert areas.mean(axis=0).tolist() == pytest.approx([3.0, 5.0])
    assert np.mean([one.area_covariance for one in found], axis=0) == pytest.approx(np.cov(areas.T, bias=True))


def test_over_every_possible_sample_the_covariance_of_the_change_is_that_of_the_changes():
    # at the start six pixels of the first class, at the end four: two gained and one lost by the second
    found = [estimates(one) for one in every_sample(3, 2)]
    changes = []
    for _, change in found:
        shares = change.counts / change.strata.points[:, np.newaxis, np.newaxis]
        changes.append(change.strata.totals(shares.sum(axis=1)) - change.strata.totals(shares.sum(axis=2)))
    truth = np.bincount(PIXELS[:, 3]) - np.bincount(PIXELS[:, 2])
    assert np.mean(changes, axis=0).tolist() == pytest.approx(truth.tolist())
    spread = np.cov(np.array(changes).T, bias=True)
    assert np.mean([change.covariance for _, change in found], axis=0) == pytest.approx(spread)


@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_a_census_gives_the_truth_and_leaves_nothing_open(seed, kinds):
    generator = np.random.default_rng(seed)
    stratum = np.repeat([0, 1, 2], [5, 7, 1])
    mapped, truth = generator.integers(0, kinds, (2, 13))
    points = np.bincount(stratum)
    strata = Strata(points, points, points)
    found = StratifiedAreas(strata, count_in_strata(stratum, mapped, truth, (3, kinds, kinds)),
                            np.bincount(mapped, minlength=kinds) + 1e-9)
    assert found.area.value == pytest.approx(np.bincount(truth, minlength=kinds))
    assert float(found.overall.value) == pytest.approx(np.mean(mapped == truth))
    assert found.area.error.tolist() == [0.0] * kinds
    assert float(found.overall.error) == 0.0
    for kind in set(mapped.tolist()):
        assert found.users.value[kind] == pytest.approx(np.mean(truth[mapped == kind] == kind))
    drawn = found.draw_areas(3, generator)
    assert drawn == pytest.approx(np.tile(found.area.value, (3, 1)))


def test_what_errs_alike_at_both_dates_does_not_count_as_change():
    # every point is at the end what it was at the start: the areas are open, their change is not
    counts = np.zeros((1, 2, 2))
    counts[0] = [[30, 0], [0, 20]]
    strata = Strata([100.0], [50], [MANY])
    assert StratifiedChange(strata, counts).covariance.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert StratifiedAreas(strata, counts, [60.0, 40.0]).area.error[0] == pytest.approx(100 * (0.24 / 49) ** 0.5)


def test_drawn_areas_have_mean_and_covariance_of_the_estimate_and_are_never_negative():
    found, _ = stehman()
    drawn = found.draw_areas(40_000, np.random.default_rng(3))
    assert drawn.min() >= 0
    assert drawn.sum(axis=1) == pytest.approx(100_000)
    spread = np.sqrt(np.diag(found.area_covariance))
    assert drawn.mean(axis=0) == pytest.approx(found.area.value, abs=5 * spread.max() / 200)  # 200: root of 40,000
    scale = np.outer(spread, spread)
    assert np.cov(drawn.T) / scale == pytest.approx(found.area_covariance / scale, abs=0.03)


def test_draws_of_both_dates_belong_together():
    _, change = estimates([0, 1, 2, 5, 6, 8])
    start, end = change.draw_areas(40_000, np.random.default_rng(4))
    assert start.sum(axis=1) == pytest.approx(end.sum(axis=1))
    assert np.cov((end - start).T) == pytest.approx(change.covariance, rel=0.05)


def test_land_that_the_map_does_not_know_counts_in_no_class():
    found, _ = estimates([0, 1, 3, 5, 6])
    # two of three points of the first stratum are known, one of each class; both of the second are of the second class
    assert found.area.value.tolist() == pytest.approx([5 / 3, 5 / 3 + 4])
    assert found.matrix.sum() == 4


# --- what is refused ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("given", [
    ([1.0, 2.0], [3, 3], [9]), ([0.0, 2.0], [3, 3], [9, 9]), ([1.0, 2.0], [0, 3], [9, 9]),
    ([1.0, 2.0], [10, 3], [9, 9])])
def test_strata_without_area_points_or_pixels_are_refused(given):
    with pytest.raises(ValueError):
        Strata(*given)


def test_more_points_than_were_drawn_and_draws_from_too_few_are_refused():
    counts = np.ones((1, 2, 2))
    with pytest.raises(ValueError):
        StratifiedAreas(Strata([1.0], [3], [9]), counts, [0.5, 0.5])
    with pytest.raises(ValueError):
        StratifiedAreas(Strata([1.0], [2], [9]), counts / 2, [0.5, 0.5]).draw_areas(2, np.random.default_rng(0))


def test_one_point_of_a_larger_stratum_leaves_its_error_unknown():
    strata = Strata([1.0, 1.0], [1, 4], [9, 9])
    counts = count_in_strata([0, 1, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], (2, 2, 2))
    assert np.isnan(StratifiedAreas(strata, counts, [1.0, 1.0]).area.error).all()

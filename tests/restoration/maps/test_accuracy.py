"""Accuracy of a map: published matrices, the areas of Olofsson et al., laws of the estimators, and what they refuse."""

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.restoration.maps.accuracy import (
    AreaAdjusted,
    accuracy_verdicts,
    confusion_matrix,
    kappa,
    overall_accuracy,
    users_accuracy,
)
from mineco.restoration.maps.points import allocate_points, roc, sample_size, shared_points, threshold_matrix
from tests.helpers.places import PUBLISHED, SHARED

CASES = json.loads((PUBLISHED / "accuracy.json").read_text(encoding="utf-8"))
MOUNTAINTOPS = SHARED / "geo" / "skytruth_mtr"
LANDSAT = ("ls5", "ls7", "ls8")  # 2005, 2009, 2014


# --- published matrices -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("case", ["lu-2020-urban", "liu-2017-desert"])
def test_published_matrices_give_the_printed_accuracy_and_kappa(case):
    # by hand: lu-2020 has (96 + 89) / 200 = 92.5 % right, by chance (100·107 + 100·93) / 200² = 50 %, kappa 0.425 / 0.5
    matrix, expected = CASES[case]["inputs"]["matrix"], CASES[case]["expected"]
    assert round(100 * overall_accuracy(matrix), 2) == expected["overall_pct"]
    assert kappa(matrix) == pytest.approx(expected["kappa"], abs=0.00005)


def test_users_and_producers_accuracy_of_a_published_matrix():
    matrix, expected = CASES["lu-2020-urban"]["inputs"]["matrix"], CASES["lu-2020-urban"]["expected"]
    assert 100 * users_accuracy(matrix) == pytest.approx(expected["users_pct"], abs=0.005)
    assert 100 * users_accuracy(np.transpose(matrix)) == pytest.approx(expected["producers_pct"], abs=0.01)


def test_a_printed_kappa_that_its_matrix_cannot_give_is_seen():
    # 150 reference points in each of four classes: by chance 25 % agree whatever the map; (0.81 − 0.25) / 0.75 = 0.7467
    case = CASES["peng-2019-uav"]
    matrix = np.array(case["inputs"]["matrix"])
    assert (matrix.sum(axis=0) == 150).all()
    assert 100 * overall_accuracy(matrix) == case["expected"]["overall_pct"]
    assert kappa(matrix) == pytest.approx(0.56 / 0.75)
    assert abs(kappa(matrix) - case["expected"]["kappa"]) > 0.04


def olofsson():
    case = CASES["olofsson-2014"]
    area = np.array(case["inputs"]["map_pixels"]) * case["inputs"]["pixel_m2"] / 10_000
    return AreaAdjusted(np.array(case["inputs"]["matrix"]), area), case["expected"]


def test_areas_of_olofsson_2014_come_out_to_the_hectare():
    found, expected = olofsson()
    assert np.round(found.area.value).tolist() == expected["area_ha"]
    # 16 282 is printed, made with rounded parts: 16 281.4
    assert np.abs(found.area.half_width - expected["area_ci_ha"]).max() < 0.7


def test_accuracies_of_olofsson_2014_come_out_as_printed():
    found, expected = olofsson()
    assert round(float(found.overall.value), 2) == expected["overall"][0]
    assert round(float(found.overall.half_width), 2) == expected["overall"][1]
    for estimate, name in ((found.users, "users"), (found.producers, "producers")):
        assert np.round(estimate.value, 2).tolist() == expected[name]
        assert np.round(estimate.half_width, 2).tolist() == expected[f"{name}_ci"]


def test_the_naive_accuracy_of_olofsson_2014_differs_from_the_one_by_area():
    found, _ = olofsson()
    assert overall_accuracy(found.matrix) == pytest.approx(587 / 640)  # 66 + 55 + 153 + 313 of 640 points
    assert float(found.overall.value) == pytest.approx(0.9465, abs=5e-5)


# --- laws of the estimators ---------------------------------------------------------------------------------------

def resampled(matrix, area, count, seed=0):
    """Areas and accuracies of samples drawn from a map whose true shares are those of the matrix: the brute way."""
    generator = np.random.default_rng(seed)
    points = matrix.sum(axis=1)
    rows = [generator.multinomial(points[row], matrix[row] / points[row], count) for row in range(len(matrix))]
    shares = np.stack([row / points[place] for place, row in enumerate(rows)], axis=1) * (area / area.sum())[:, None]
    reference = shares.sum(axis=1)
    own = np.diagonal(shares, axis1=1, axis2=2)
    return {"overall": own.sum(axis=1), "producers": own / reference, "area": reference * area.sum()}


@pytest.mark.parametrize("figure", ["overall", "producers", "area"])
def test_standard_errors_are_the_spread_of_samples_drawn_anew(figure):
    matrix, area = np.array([[80, 15, 5], [10, 180, 10], [6, 14, 380]]), np.array([50.0, 250.0, 700.0])
    spread = resampled(matrix, area, 40_000)[figure].std(axis=0)
    # a sample's variance p(1 − p)/n is estimated with n − 1: at 100 points half a percent apart
    assert getattr(AreaAdjusted(matrix, area), figure).error == pytest.approx(spread, rel=0.03)


def test_area_covariance_has_the_printed_errors_on_its_diagonal_and_sums_to_nothing():
    found, expected = olofsson()
    assert 1.96 * np.sqrt(np.diag(found.area_covariance)) == pytest.approx(expected["area_ci_ha"], abs=0.7)
    assert found.area_covariance.sum(axis=1) == pytest.approx(0, abs=1e-6 * np.diag(found.area_covariance).max())


def test_drawn_areas_have_mean_and_covariance_of_the_estimate_and_are_never_negative():
    found, _ = olofsson()
    areas = found.draw_areas(40_000, np.random.default_rng(1))
    assert areas.min() >= 0
    assert areas.sum(axis=1) == pytest.approx(found.map_area.sum())
    spread = np.sqrt(np.diag(found.area_covariance))
    assert areas.mean(axis=0) == pytest.approx(found.area.value, abs=5 * spread.max() / 200)  # 200: root of 40,000
    assert np.cov(areas.T) / np.outer(spread, spread) == pytest.approx(
        found.area_covariance / np.outer(spread, spread), abs=0.03)


def test_equal_sampling_rates_make_the_areas_of_the_estimate_those_of_the_counts():
    matrix = np.array([[8, 2], [5, 85]])
    found = AreaAdjusted(matrix, np.array([10.0, 90.0]))  # one point for each hectare
    assert found.area.value == pytest.approx([13, 87])
    assert found.producers.value == pytest.approx(users_accuracy(matrix.T))


@given(st.lists(st.integers(0, 40), min_size=9, max_size=9), st.permutations(range(3)))
def test_the_order_of_classes_changes_no_figure(counts, order):
    matrix = np.array(counts).reshape(3, 3) + 2
    area, order = np.array([1.0, 4.0, 7.0]), np.array(order)
    found, turned = AreaAdjusted(matrix, area), AreaAdjusted(matrix[order][:, order], area[order])
    assert turned.overall.value == pytest.approx(found.overall.value)
    assert turned.producers.error == pytest.approx(found.producers.error[order])
    assert turned.area.error == pytest.approx(found.area.error[order])
    assert kappa(matrix[order][:, order]) == pytest.approx(kappa(matrix))


# --- verdict ------------------------------------------------------------------------------------------------------

def test_the_verdict_goes_by_the_lower_end_and_shows_the_point_beside():
    # 90 of 100 right: 0.90 − 1.96·√(0.9·0.1 / 99) = 0.8409 < 0.85
    found = accuracy_verdicts(AreaAdjusted(np.array([[90, 10], [10, 90]]), np.array([1.0, 1.0])), 0, 0.85)["users"]
    assert found.low == pytest.approx(0.90 - 1.96 * (0.09 / 99) ** 0.5)
    assert (found.met, found.met_by_point) == (False, True)


def test_a_lower_end_exactly_on_the_limit_is_enough():
    found = accuracy_verdicts(AreaAdjusted(np.array([[90, 10], [10, 90]]), np.array([1.0, 1.0])), 0, 0.85)["users"]
    limit = found.low
    at = accuracy_verdicts(AreaAdjusted(np.array([[90, 10], [10, 90]]), np.array([1.0, 1.0])), 0, limit)["users"]
    above = accuracy_verdicts(AreaAdjusted(np.array([[90, 10], [10, 90]]), np.array([1.0, 1.0])), 0,
                              np.nextafter(limit, 1))["users"]
    assert (at.met, above.met) == (True, False)


def test_five_points_all_right_prove_nothing():
    # the interval of the formula has no width; Wilson: 5 / (5 + 3.8416) = 0.5655
    found = accuracy_verdicts(AreaAdjusted(np.array([[5, 0], [0, 95]]), np.array([1.0, 9.0])), 0, 0.85)
    assert found["users"].point == 1
    assert found["users"].low == pytest.approx(5 / 8.8416)
    assert not found["users"].met
    assert not found["producers"].met
    assert found["overall"].low == pytest.approx(100 / 103.8416)


def test_a_mapped_class_with_one_point_makes_the_verdict_unknown_and_not_met():
    found = accuracy_verdicts(AreaAdjusted(np.array([[1, 0], [5, 95]]), np.array([1.0, 9.0])), 0, 0.1)
    assert np.isnan(found["users"].low)
    assert not any(one.met for one in found.values())


def test_a_class_that_covers_no_land_disturbs_no_other():
    with_it = AreaAdjusted(np.array([[97, 3, 0], [3, 97, 0], [0, 0, 0]]), np.array([100.0, 900.0, 0.0]))
    without = AreaAdjusted(np.array([[97, 3], [3, 97]]), np.array([100.0, 900.0]))
    assert with_it.area.value[:2] == pytest.approx(without.area.value)
    assert with_it.overall.error == pytest.approx(without.overall.error)
    assert with_it.draw_areas(10, np.random.default_rng(0))[:, 2] == pytest.approx(0)


# --- sampling -----------------------------------------------------------------------------------------------------

def test_sample_size_of_olofsson_2014():
    # Σ W √(U(1 − U)) = 0.02·0.4583 + 0.015·0.4899 + 0.32·0.3 + 0.645·0.2179 = 0.25309; (0.25309 / 0.01)² = 640.5
    assert sample_size([0.7, 0.6, 0.9, 0.95], [0.02, 0.015, 0.32, 0.645], 0.01) == 641


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=6), st.integers(0, 30), st.integers(0, 400))
def test_every_class_gets_the_least_and_all_points_are_given(areas, least, more):
    share = np.array(areas) / sum(areas)
    total = least * len(areas) + more
    points = allocate_points(total, share, least)
    assert points.sum() == total
    assert points.min() >= least


def test_more_points_than_there_are_cannot_be_promised():
    with pytest.raises(ValueError, match="100 points do not give each of 3 classes 50"):
        allocate_points(100, [0.2, 0.3, 0.5], 50)


# --- thresholds ---------------------------------------------------------------------------------------------------

@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40)
       .filter(lambda points: len({kind for _, kind in points}) == 2))
def test_area_under_the_curve_is_the_share_of_pairs_in_the_right_order(points):
    score, positive = np.array([s for s, _ in points]), np.array([p for _, p in points])
    pairs = score[positive][:, None] - score[~positive][None, :]
    assert roc(score, positive).area == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40)
       .filter(lambda points: len({kind for _, kind in points}) == 2))
def test_no_other_threshold_tells_the_fit_points_better_apart(points):
    score, positive = np.array([s for s, _ in points]), np.array([p for _, p in points])

    def skill(threshold):
        return (score[positive] >= threshold).mean() - (score[~positive] >= threshold).mean()

    assert skill(roc(score, positive).best) == pytest.approx(max(skill(one) for one in [*range(8), np.inf]))


def mountaintops(name):
    if not MOUNTAINTOPS.is_dir():
        pytest.skip("the reference points of the SkyTruth mountaintop survey are not here")
    with (MOUNTAINTOPS / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ndvi, mine = (np.array([float(row[column]) for row in rows]) for column in ("NDVI", "trueMining"))
    places = np.array([[float(row["X"]), float(row["Y"])] for row in rows])
    return -ndvi, mine == 1, places


@pytest.mark.parametrize("name", LANDSAT)
def test_overall_accuracy_on_real_points_hides_what_the_user_meets(name):
    score, mine, places = mountaintops(name)
    fit = np.arange(len(mine)) % 2 == 0
    assert shared_points(places[fit], places[~fit]).size == 0
    matrix = threshold_matrix(score[~fit], mine[~fit], roc(score[fit], mine[fit]).best)
    assert matrix.sum() == (~fit).sum()
    verdicts = accuracy_verdicts(AreaAdjusted(matrix, matrix.sum(axis=1)), 0, 0.85)
    assert verdicts["overall"].met
    assert not verdicts["users"].met_by_point
    assert overall_accuracy(matrix) - users_accuracy(matrix)[0] > 0.15


def test_two_epochs_of_the_survey_are_95_percent_right_and_66_percent_of_what_they_call_mine():
    score, mine, _ = mountaintops("ls58")
    matrix = threshold_matrix(score, mine, roc(score, mine).best)
    assert (round(overall_accuracy(matrix), 2), round(users_accuracy(matrix)[0], 2)) == (0.95, 0.66)


# --- what is refused ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("matrix", "said"), [
    ([[1, 2, 3], [4, 5, 6]], "not square"), ([[1, -1], [0, 2]], "not negative"), ([[0, 0], [0, 0]], "there are some"),
    ([[1, float("nan")], [0, 2]], "not negative")])
def test_no_accuracy_of_what_is_no_matrix_of_counts(matrix, said):
    with pytest.raises(ValueError, match=said):
        overall_accuracy(matrix)


def test_a_point_of_an_unknown_class_is_named():
    with pytest.raises(ValueError, match=r"class \[7\] of a point is none of \[1, 2\]"):
        confusion_matrix([1, 7], [1, 2], [1, 2])


def test_classes_may_stand_in_any_order():
    assert confusion_matrix([30, 10, 10], [30, 30, 10], [30, 10]).tolist() == [[1, 0], [1, 1]]


def test_points_of_one_kind_make_no_curve():
    with pytest.raises(ValueError, match="both kinds"):
        roc([0.1, 0.2], [True, True])


def test_kappa_of_a_single_class_is_unknown():
    assert np.isnan(kappa([[9, 0], [0, 0]]))


def test_areas_cannot_be_drawn_from_two_points():
    with pytest.raises(ValueError, match="fewer than three"):
        AreaAdjusted(np.array([[2, 0], [5, 95]]), np.array([1.0, 9.0])).draw_areas(10, np.random.default_rng(0))

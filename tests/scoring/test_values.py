"""From values to the grade: both sides of every edge, and laws that any weights and scores keep."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.scoring import values as scoring
from mineco.scoring.emissions import compound_reduction_rate
from mineco.standards.load import load_standard

STANDARD = load_standard("carbon-neutral-mine-2025")
POINTS = st.floats(0.0, 100.0)
SCORE_CUTS, OFFSET_CUTS = (95, 90, 85, 70, 60), (1.0, 0.95, 0.90, 0.80, 0.60)  # clause 9.3
GRADES = ("AAA", "AA", "A", "B", "C", "below")


def total(scores, left_out=()):
    """The total of the standard for scores by indicator."""
    groups = {}
    for group in STANDARD.groups:
        weights = {one.id: one.weight for one in STANDARD.in_group(group) if one.id not in left_out}
        groups[group] = scoring.group_score(weights, scores)
    return scoring.total_score({name: one.weight for name, one in STANDARD.groups.items()}, groups)


def everywhere(points):
    return dict.fromkeys(STANDARD.indicators, points)


# --- the standard's totals ----------------------------------------------------------------------------------------

def test_a_mine_that_scores_100_everywhere_gets_100():
    assert total(everywhere(100.0)) == 100.0


@pytest.mark.parametrize("points", [0.0, 60.0, 70.0, 85.0, 90.0, 95.0])
def test_equal_scores_give_exactly_that_total_so_that_no_grade_is_lost_to_rounding(points):
    assert total(everywhere(points)) == points


def test_carbon_capture_at_zero_caps_the_total_at_94():
    # 30 per cent of the total times 20 per cent of the group = 6 points (reading R23)
    assert total(everywhere(100.0) | {"E2.4": 0.0}) == pytest.approx(94.0, abs=1e-12)


def test_offsetting_nothing_can_still_score_96_5():
    # 10 per cent of the total times 35 per cent of the group = 3.5 points (reading R23)
    assert total(everywhere(100.0) | {"O1.2": 0.0}) == pytest.approx(96.5, abs=1e-12)


def test_the_first_level_sums_to_60_20_20_when_all_score_100():
    # each level alone at 100, the others at 0 (reading R2: subtotals, never multiplied again)
    for level, expected in {"E": 60.0, "M": 20.0, "O": 20.0}.items():
        alone = {name: 100.0 if name.startswith(level) else 0.0 for name in STANDARD.indicators}
        assert total(alone) == pytest.approx(expected, abs=1e-12)


def test_an_indicator_left_out_spreads_its_weight_in_its_own_group_only():
    # without CCS, abatement (E2) is carried by 20+10+30+20 = 80: E2.3 at 100 alone gives 30 * 30/80 = 11.25
    scores = everywhere(0.0) | {"E2.3": 100.0}
    assert total(scores, left_out={"E2.4"}) == pytest.approx(11.25, abs=1e-12)


@given(st.fixed_dictionaries(dict.fromkeys(STANDARD.indicators, POINTS)), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_the_total(scores, random):
    names = list(scores)
    random.shuffle(names)
    weights = {name: one.weight for name, one in STANDARD.groups.items()}
    groups = {name: scoring.group_score({one: STANDARD.indicators[one].weight for one in names
                                         if STANDARD.indicators[one].group == name}, scores)
              for name in random.sample(list(weights), len(weights))}
    shuffled = scoring.total_score({name: weights[name] for name in groups}, groups)
    assert shuffled == pytest.approx(total(scores), abs=1e-9)


@given(st.fixed_dictionaries(dict.fromkeys(STANDARD.indicators, POINTS)), st.sampled_from(list(STANDARD.indicators)),
       POINTS)
def test_no_better_score_lowers_the_total(scores, name, points):
    better = scores | {name: max(scores[name], points)}
    assert total(better) >= total(scores) - 1e-9


def test_totals_of_many_mines_at_once_are_the_totals_of_each():
    draws = np.random.default_rng(3).uniform(0, 100, (len(STANDARD.indicators), 6))
    together = total(dict(zip(STANDARD.indicators, draws, strict=True)))
    alone = [total(dict(zip(STANDARD.indicators, draws[:, mine], strict=True))) for mine in range(6)]
    np.testing.assert_allclose(together, alone, rtol=1e-12)


# --- weights ------------------------------------------------------------------------------------------------------

@given(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.1, 100.0), min_size=1), st.data())
def test_effective_weights_sum_to_one_and_keep_their_proportions(nominal, data):
    names = sorted(nominal)
    kept = data.draw(st.sets(st.sampled_from(names), min_size=1))
    effective = scoring.effective_weights(nominal, kept)
    assert math.fsum(effective.values()) == pytest.approx(1.0, abs=1e-12)
    assert all(effective[name] == 0.0 for name in names if name not in kept)
    for one, other in itertools.combinations(sorted(kept), 2):
        assert effective[one] * nominal[other] == pytest.approx(effective[other] * nominal[one], rel=1e-9)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.floats(0.1, 100.0), POINTS), min_size=1))
def test_a_group_scores_the_same_by_nominal_and_by_effective_weights(rows):
    nominal = {name: weight for name, (weight, _) in rows.items()}
    scores = {name: points for name, (_, points) in rows.items()}
    effective = scoring.effective_weights(nominal, set(rows))
    assert scoring.group_score(effective, scores) == pytest.approx(scoring.group_score(nominal, scores), abs=1e-9)


def test_a_group_without_any_applicable_indicator_is_refused():
    with pytest.raises(ValueError, match="nowhere to go"):
        scoring.effective_weights({"a": 60.0, "b": 40.0}, set())


# --- value functions ----------------------------------------------------------------------------------------------

FALLING = ((1.5, 0), (1.2, 60), (1.1, 80), (1.0, 100))
RISING = ((0, 0), (60, 60), (80, 70), (90, 85), (95, 90), (100, 100))


@pytest.mark.parametrize("knots", [FALLING, RISING])
def test_a_value_on_a_knot_gets_the_score_of_the_knot(knots):
    assert [scoring.value_score(float(x), knots) for x, _ in knots] == [points for _, points in knots]


def test_half_way_between_two_knots_gives_the_mean_of_their_scores():
    # falling: 1.35 lies half way between 1.5 (0) and 1.2 (60); rising: 70 half way between 60 (60) and 80 (70)
    assert scoring.value_score(1.35, FALLING) == pytest.approx(30.0)
    assert scoring.value_score(70.0, RISING) == pytest.approx(65.0)


def test_outside_the_knots_the_score_stays_flat():
    assert [scoring.value_score(x, FALLING) for x in (0.2, 9.0)] == [100.0, 0.0]
    assert [scoring.value_score(x, RISING) for x in (-5.0, 140.0)] == [0.0, 100.0]


def test_knots_give_the_same_score_in_either_order():
    assert scoring.value_score(1.13, FALLING) == scoring.value_score(1.13, FALLING[::-1])


def test_what_is_not_a_number_has_no_score():
    assert math.isnan(scoring.value_score(math.nan, RISING))


VALUED = [(one.id, way) for one in STANDARD.indicators.values()
          for way in (*one.variants, *([one.bound] if one.bound else []))]


@pytest.mark.parametrize(("name", "way"), VALUED, ids=[f"{name}-{way.id}" for name, way in VALUED])
def test_value_functions_of_the_standard_never_turn_back(name, way):
    places = np.linspace(min(x for x, _ in way.knots) - 1, max(x for x, _ in way.knots) + 1, 400)
    steps = np.diff(scoring.value_score(places, way.knots))
    assert np.all(steps >= 0) if STANDARD.indicators[name].direction == "+" else np.all(steps <= 0)


@pytest.mark.parametrize("years", [1.0, 4.0, 20.0])
def test_the_same_share_saved_each_year_scores_alike_for_every_base_year(years):
    # reading R29: 0 % gives 60; 4 % lies 1.5 of 1.7 between 80 and 100: 80 + 20 * 1.5/1.7 = 97.647
    knots = STANDARD.indicators["E1.1"].variants[0].knots
    for share, points in ((0.0, 60.0), (0.04, 97.647), (0.042, 100.0), (-0.10, 0.0), (-0.05, 30.0)):
        rate = compound_reduction_rate(1000 * (1 - share) ** years, 1000.0, years)
        assert scoring.value_score(rate, knots) == pytest.approx(points, abs=0.001)


# --- ratings ------------------------------------------------------------------------------------------------------

def test_a_rubric_score_is_held_down_by_measured_evidence_and_never_raised():
    assert scoring.bounded_score(75.0, 60.0) == 60.0
    assert scoring.bounded_score(50.0, 60.0) == 50.0


@given(st.dictionaries(st.sampled_from("abcdef"), POINTS, min_size=1))
def test_the_mean_rating_lies_between_the_lowest_and_the_highest(ratings):
    low, high, _ = scoring.rating_spread(ratings)
    assert low - 1e-9 <= scoring.mean_rating(ratings) <= high + 1e-9


def test_the_spread_of_one_rater_is_zero():
    assert scoring.rating_spread({"a": 75.0}) == (75.0, 75.0, 0.0)


def test_a_rater_exactly_at_the_tolerance_is_no_outlier():
    # median of 50, 75, 75 is 75; 50 lies 25 away
    ratings = {"a": 50.0, "b": 75.0, "c": 75.0}
    assert scoring.outlying_raters(ratings, tolerance=25.0) == []
    assert scoring.outlying_raters(ratings, tolerance=24.9) == ["a"]


# --- offset ratio -------------------------------------------------------------------------------------------------

def test_nothing_left_to_offset_counts_as_fully_offset():
    assert scoring.offset_ratio(0.0, 0.0) == 1.0  # reading R10
    assert scoring.offset_ratio(50.0, 0.0) == 1.0


def test_offset_ratios_of_many_mines_take_each_case_by_itself():
    found = scoring.offset_ratio(np.array([95.0, 0.0, 30.0]), np.array([100.0, 0.0, 20.0]))
    np.testing.assert_array_equal(found, [0.95, 1.0, 1.5])


def test_one_amount_of_offsets_is_set_against_many_residuals():
    np.testing.assert_array_equal(scoring.offset_ratio(10.0, np.array([20.0, 0.0])), [0.5, 1.0])


# --- grades -------------------------------------------------------------------------------------------------------

def test_the_cuts_of_the_data_are_those_of_clause_9_3():
    assert STANDARD.score_cuts == SCORE_CUTS
    assert STANDARD.offset_cuts == OFFSET_CUTS
    assert STANDARD.grade_ids == GRADES


@pytest.mark.parametrize(("points", "grade"), [
    (100, "AAA"), (95, "AAA"), (94.999, "AA"), (90, "AA"), (89.999, "A"), (85, "A"), (84.999, "B"), (70, "B"),
    (69.999, "C"), (60, "C"), (59.999, "below"), (0, "below")])
def test_each_edge_of_the_score_belongs_to_the_better_grade(points, grade):
    assert GRADES[scoring.grade_by_cuts(points, SCORE_CUTS)] == grade


@pytest.mark.parametrize(("ratio", "grade"), [
    (1.2, "AAA"), (1.0, "AAA"), (0.99999, "AA"), (0.995, "AA"), (0.95, "AA"), (0.94999, "A"), (0.945, "A"), (0.90, "A"),
    (0.89999, "B"), (0.80, "B"), (0.79999, "C"), (0.60, "C"), (0.59999, "below"), (0.0, "below")])
def test_offset_cuts_are_half_open_so_that_no_gap_is_left(ratio, grade):
    assert GRADES[scoring.grade_by_cuts(ratio, OFFSET_CUTS)] == grade  # reading R9


@pytest.mark.parametrize("cut", SCORE_CUTS)
def test_the_next_number_below_a_cut_misses_it(cut):
    assert scoring.grade_by_cuts(np.nextafter(cut, 0), SCORE_CUTS) == scoring.grade_by_cuts(cut, SCORE_CUTS) + 1


def test_what_is_not_a_number_reaches_no_grade():
    assert GRADES[scoring.grade_by_cuts(math.nan, SCORE_CUTS)] == "below"


@given(st.floats(0, 100), st.floats(0, 1.5))
def test_the_grade_is_the_worse_of_two_keys(points, ratio):
    by_score, by_offset = scoring.grade_by_cuts(points, SCORE_CUTS), scoring.grade_by_cuts(ratio, OFFSET_CUTS)
    final = scoring.final_grade(by_score, by_offset)
    assert final in (by_score, by_offset)
    assert final >= by_score
    assert final >= by_offset
    held = {"score": by_score > by_offset, "offset": by_offset > by_score, "both": by_score == by_offset}
    assert held[scoring.binding_key(by_score, by_offset)]


def test_grades_of_many_mines_at_once():
    by_score = scoring.grade_by_cuts(np.array([96.0, 91.0, 40.0]), SCORE_CUTS)
    by_offset = scoring.grade_by_cuts(np.array([0.5, 1.0, 1.0]), OFFSET_CUTS)
    assert list(scoring.final_grade(by_score, by_offset)) == [5, 1, 5]
    assert list(scoring.binding_key(by_score, by_offset)) == ["offset", "score", "score"]


def test_the_distance_runs_to_the_next_better_cut_and_is_zero_at_the_top():
    assert scoring.distance_to_next_grade(85.0, SCORE_CUTS) == 5.0
    assert scoring.distance_to_next_grade(12.0, SCORE_CUTS) == 48.0
    assert scoring.distance_to_next_grade(97.0, SCORE_CUTS) == 0.0


def test_without_carbon_capture_the_highest_grade_in_reach_is_aa():
    weights = {one.id: one.weight * STANDARD.groups[one.group].weight for one in STANDARD.indicators.values()}
    reached = scoring.highest_reachable(weights, {"E2.4": 0.0}, {"E2.4"})
    assert reached == pytest.approx(94.0, abs=1e-12)
    assert GRADES[scoring.grade_by_cuts(reached, SCORE_CUTS)] == "AA"

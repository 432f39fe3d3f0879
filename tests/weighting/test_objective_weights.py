"""Weights from data and combinations: published cases, hand arithmetic and laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mineco.weighting.objective_weights import combine_weights, critic_weights, entropy_weights, game_shares
from tests.helpers.refusals import refused_with

# Diakoulaki et al. 1995 (Computers and Operations Research 22): eight firms; weights as scikit-criteria prints them
DIAKOULAKI_1995 = [[61.0, 1.08, 4.33], [20.7, 0.26, 4.34], [16.3, 1.98, 2.53], [9.0, 3.29, 1.65], [5.4, 2.77, 2.33],
                   [4.0, 4.12, 1.21], [-6.1, 3.52, 2.1], [-34.6, 3.31, 0.98]]
# Tuş and Aytaç Adalı 2019 (Opsearch 56): as tested in the packages crispyn and pyrepo-mcda, all taken as benefits
TUS_2019 = [[5000, 3, 3, 4, 3, 2], [680, 5, 3, 2, 2, 1], [2000, 3, 2, 3, 4, 3], [600, 4, 3, 1, 2, 2],
            [800, 2, 4, 3, 3, 4]]
JMCDM = [[2, 1, 4, 7, 6, 6, 7, 3000], [4, 1, 5, 6, 7, 7, 6, 3500], [3, 2, 6, 6, 5, 6, 8, 4000],
         [5, 1, 5, 7, 6, 7, 7, 3000], [4, 2, 5, 6, 7, 7, 6, 3000], [3, 2, 6, 6, 6, 6, 6, 3500]]
XU_2004 = [[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]]

tables = arrays(float, (5, 3), elements=st.floats(0.5, 100.0), unique=True)


def test_critic_of_diakoulaki_1995():
    assert critic_weights(DIAKOULAKI_1995) == pytest.approx([0.20222554, 0.48090173, 0.31687273], abs=1e-7)


def test_critic_of_tus_2019():
    # the paper prints 0.249 for the second, which is 0.24949: at four digits the packages print 0.2495
    assert critic_weights(TUS_2019) == pytest.approx([0.157, 0.249, 0.168, 0.121, 0.154, 0.151], abs=0.0005)
    assert critic_weights(TUS_2019) == pytest.approx([0.157, 0.2495, 0.1677, 0.1211, 0.1541, 0.1506], abs=6e-5)


def test_entropy_of_jmcdm():
    assert entropy_weights(JMCDM) == pytest.approx(
        [0.2996736096, 0.44136733892, 0.0700908872, 0.02123823711, 0.04902292895, 0.02308037885, 0.04776330969,
         0.04776330969], abs=1e-9)


def test_entropy_of_xu_2004():
    assert entropy_weights(XU_2004) == pytest.approx([0.463, 0.3992, 0.1378, 0.0], abs=6e-5)


def test_entropy_counts_a_share_of_nothing_as_nothing():
    # columns (1, 0) and (1, 3): e is 0 and -(0.25 ln 0.25 + 0.75 ln 0.75) / ln 2 = 0.811278; 1 : 0.188722
    assert entropy_weights([[1.0, 1.0], [0.0, 3.0]]) == pytest.approx([1 / 1.188722, 0.188722 / 1.188722], abs=1e-6)


def test_a_criterion_that_does_not_vary_has_no_entropy_weight_at_all():
    weights = entropy_weights([[0.1, 1.0], [0.1, 2.0], [0.1, 7.0]])
    assert weights[0] == 0.0  # exactly, although a third and its logarithm are no binary fractions


def test_the_direction_of_a_criterion_changes_what_it_is_in_conflict_with():
    up = critic_weights([[1.0, 2.0, 1.0], [2.0, 4.1, 3.0], [3.0, 6.0, 2.0]])
    down = critic_weights([[1.0, 2.0, 1.0], [2.0, 4.1, 3.0], [3.0, 6.0, 2.0]], benefit=[True, False, True])
    assert down[0] > up[0]  # the first two agree, until less of the second is better


def test_river_habitat_weights_of_chen_2017():
    # 陈淼 et al. 2017 (Acta Ecologica Sinica 37(24)), tables 2-3: 0.4545 of AHP and 0.5455 of entropy in all three rows
    combined = combine_weights([0.4521, 0.2694, 0.2785], [0.1769, 0.6222, 0.2009], subjective_share=0.4545)
    assert combined == pytest.approx([0.3019, 0.4619, 0.2362], abs=1e-4)


def test_river_habitat_weights_are_not_those_of_the_game():
    # their share of 0.4545 follows from no product of the two rows: s.s 0.3545, o.o 0.4588, s.o 0.3036 give 0.296
    share, _ = game_shares([0.4521, 0.2694, 0.2785], [0.1769, 0.6222, 0.2009])
    assert share == pytest.approx(0.4588 * 0.0509 / (0.4588 * 0.0509 + 0.3545 * 0.1552), abs=0.002)


def test_the_product_of_both_is_scaled_to_one():
    # 0.6 x 0.2 = 0.12, 0.3 x 0.3 = 0.09, 0.1 x 0.5 = 0.05; sum 0.26
    assert combine_weights([0.6, 0.3, 0.1], [0.2, 0.3, 0.5], "multiplicative") == pytest.approx(
        [12 / 26, 9 / 26, 5 / 26], rel=1e-12)


def test_the_game_solves_its_two_equations():
    # s.s = 0.46, o.o = 0.38, s.o = 0.26: a is as 0.38 (0.46 - 0.26) = 0.076, b as 0.46 (0.38 - 0.26) = 0.0552
    assert game_shares([0.6, 0.3, 0.1], [0.2, 0.3, 0.5]) == pytest.approx((0.076 / 0.1312, 0.0552 / 0.1312), rel=1e-12)
    first, second = np.linalg.solve([[0.46, 0.26], [0.26, 0.38]], [0.46, 0.38])
    expected = (first * np.array([0.6, 0.3, 0.1]) + second * np.array([0.2, 0.3, 0.5])) / (first + second)
    assert combine_weights([0.6, 0.3, 0.1], [0.2, 0.3, 0.5], "game") == pytest.approx(expected, rel=1e-12)


def test_a_game_without_balance_is_refused_rather_than_given_a_negative_share():
    # s.s = 0.52 is less than s.o = 0.58
    with refused_with("game_without_balance"):
        combine_weights([0.6, 0.4], [0.9, 0.1], "game")


def test_equal_weights_stay_what_they_are_by_every_method():
    for method in ("linear", "game"):
        assert combine_weights([0.7, 0.3], [0.7, 0.3], method) == pytest.approx([0.7, 0.3])


@pytest.mark.parametrize(("wrong", "message", "place"), [
    ([[1.0, 2.0]], "values_not_a_table", ""),
    ([[1.0, float("nan")], [2.0, 3.0]], "value_not_finite", "1 2"),
    ([[1.0, -2.0], [2.0, 3.0]], "negative_value", "1 2"),
    ([[1.0, 0.0], [2.0, 0.0]], "criterion_all_zero", "2"),
    ([[1.0, 2.0], [1.0, 2.0]], "nothing_varies", ""),
])
def test_tables_that_give_no_entropy_are_refused_with_the_place(wrong, message, place):
    with refused_with(message) as caught:
        entropy_weights(wrong)
    assert str(caught.value.problems[0]).startswith(place)


def test_a_column_of_one_value_is_named_by_critic():
    frame = pd.DataFrame({"energy": [1.0, 2.0], "water": [3.0, 3.0]})
    with refused_with(r"water: criterion_without_contrast \(3.0\)"):
        critic_weights(frame)


def test_criteria_that_repeat_each_other_have_nothing_for_critic():
    with refused_with("nothing_in_conflict"):
        critic_weights([[1.0, 2.0], [2.0, 4.0], [5.0, 10.0]])


@pytest.mark.parametrize(("first", "second", "options", "message"), [
    ([0.5, 0.5], [0.2, 0.3, 0.5], {}, "weights_of_different_criteria"),
    ([0.5, 0.6], [0.5, 0.5], {}, "weights_not_shares"),
    ([1.5, -0.5], [0.5, 0.5], {}, "weights_not_shares"),
    ([1.0, 0.0], [0.0, 1.0], {"method": "multiplicative"}, "weights_exclude_each_other"),
    ([0.5, 0.5], [0.5, 0.5], {"method": "vote"}, "unknown_combination"),
    ([0.5, 0.5], [0.5, 0.5], {"subjective_share": 1.2}, "share_out_of_range"),
])
def test_weights_that_cannot_be_combined_are_refused(first, second, options, message):
    with refused_with(message):
        combine_weights(first, second, **options)


@settings(max_examples=40, deadline=None)
@given(tables, st.floats(0.1, 1000.0))
def test_units_do_not_matter_and_weights_are_shares(table, factor):
    for weigh in (entropy_weights, critic_weights):
        weights = weigh(table)
        assert weights.sum() == pytest.approx(1)
        assert (weights >= 0).all()
        assert weigh(table * [1.0, factor, 1.0]) == pytest.approx(weights, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(tables, st.permutations(range(3)), st.permutations(range(5)))
def test_the_order_of_rows_and_columns_does_not_matter(table, columns, rows):
    for weigh in (entropy_weights, critic_weights):
        assert weigh(table[rows][:, columns]) == pytest.approx(weigh(table)[columns], abs=1e-9)

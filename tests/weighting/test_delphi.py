"""Delphi: concordance, rounds, stopping and screening; published cases, hand arithmetic and laws."""

import math

import numpy as np
import pandas as pd
import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mineco.core.errors import BadInput
from mineco.core.quantity import STATUSES
from mineco.standards.weighting_rules import thresholds, weighting_rules
from mineco.weighting.delphi import (
    authority_coefficient,
    boundary_values,
    convergence,
    delphi_round,
    delphi_weights,
    kendall_w,
    response_rate,
    screen_items,
)
from tests.helpers.refusals import refused_with

NAN = math.nan
# Rounding first base, Hollander and Wolfe 1973 p. 140, example of friedman.test in R: chi-squared 11.143, p 0.003805
HOLLANDER_1973 = [
    [5.40, 5.50, 5.55], [5.85, 5.70, 5.75], [5.20, 5.60, 5.50], [5.55, 5.50, 5.40], [5.90, 5.85, 5.70],
    [5.45, 5.55, 5.60], [5.40, 5.40, 5.35], [5.45, 5.50, 5.35], [5.25, 5.15, 5.00], [5.85, 5.80, 5.70],
    [5.25, 5.20, 5.10], [5.65, 5.55, 5.45], [5.60, 5.35, 5.45], [5.05, 5.00, 4.95], [5.50, 5.50, 5.40],
    [5.45, 5.55, 5.50], [5.55, 5.55, 5.35], [5.45, 5.50, 5.55], [5.50, 5.45, 5.25], [5.65, 5.60, 5.40],
    [5.70, 5.65, 5.55], [6.30, 6.30, 6.25]]
# Wing, tail and bill lengths of twelve birds, Zar 2010 example 20.5; rank sums as UNISTAT prints them for it
ZAR_2010 = [[10.4, 10.8, 11.1, 10.2, 10.3, 10.2, 10.7, 10.5, 10.8, 11.2, 10.6, 11.4],
            [7.4, 7.6, 7.9, 7.2, 7.4, 7.1, 7.4, 7.2, 7.8, 7.7, 7.8, 8.3],
            [17.0, 17.0, 20.0, 14.5, 15.5, 13.0, 19.5, 16.0, 21.0, 20.0, 18.0, 22.0]]
ZAR_RANK_SUMS = [14.5, 21, 30.5, 6, 11, 3.5, 20, 11.5, 29, 28.5, 22.5, 36]

whole_scores = arrays(float, (6, 4), elements=st.integers(1, 9).map(float))


# --- concordance ----------------------------------------------------------------------------------------------------

def test_concordance_of_hollander_1973_with_ties():
    found = kendall_w(HOLLANDER_1973)
    assert found.chi2 == pytest.approx(11.143, abs=0.0006)
    assert found.p == pytest.approx(0.003805, abs=6e-7)
    assert found.w == pytest.approx(11.143 / (22 * 2), abs=2e-5)  # chi-squared = m (n - 1) W
    assert (found.df, found.experts, found.left_out) == (2, 22, 0)


def test_concordance_of_zar_2010_with_ties():
    # sum of squares 5738.5 - 234^2/12 = 1175.5; ties 12 + 36 + 12 = 60; 12 x 1175.5 / (9 (1728 - 12) - 3 x 60)
    spread = sum(one**2 for one in ZAR_RANK_SUMS) - 234**2 / 12
    assert spread == 1175.5
    assert kendall_w(ZAR_2010).w == pytest.approx(12 * 1175.5 / (9 * 1716 - 180), rel=1e-12)


def test_experts_who_agree_have_a_w_of_one_and_opposite_ones_of_zero():
    assert kendall_w([[1, 2, 3, 4]] * 3).w == 1.0
    assert kendall_w([[1, 2, 3, 4], [4, 3, 2, 1]]).w == 0.0


def test_the_axis_of_the_experts_is_an_argument():
    assert kendall_w(np.transpose(HOLLANDER_1973), experts_axis=1) == kendall_w(HOLLANDER_1973)
    assert kendall_w(np.transpose(HOLLANDER_1973)).w != kendall_w(HOLLANDER_1973).w


def test_an_expert_who_left_something_out_is_counted_and_not_ranked():
    found = kendall_w([*HOLLANDER_1973, [5.0, NAN, 6.0]])
    assert (found.experts, found.left_out) == (22, 1)
    assert found.w == kendall_w(HOLLANDER_1973).w


def test_where_nobody_ranks_anything_there_is_no_concordance_to_tell():
    found = kendall_w([[5, 5, 5], [4, 4, 4]])
    assert math.isnan(found.w)
    assert math.isnan(found.p)


@settings(max_examples=40, deadline=None)
@given(whole_scores)
def test_concordance_is_friedmans_test_in_another_unit(scores):
    if any(len(set(row)) > 1 for row in scores):
        found = kendall_w(scores)
        statistic, p = scipy.stats.friedmanchisquare(*scores.T)
        assert found.chi2 == pytest.approx(statistic, abs=1e-9)
        assert found.p == pytest.approx(p, abs=1e-9)
        assert -1e-12 <= found.w <= 1 + 1e-12


@settings(max_examples=40, deadline=None)
@given(whole_scores, st.permutations(range(6)), st.permutations(range(4)))
def test_order_of_experts_and_items_and_the_scale_do_not_matter(scores, experts, items):
    expected = kendall_w(scores).w
    assert kendall_w(scores[experts][:, items]).w == pytest.approx(expected, nan_ok=True)
    assert kendall_w(scores**3 + 2).w == pytest.approx(expected, nan_ok=True)  # only the order counts


# --- one round ------------------------------------------------------------------------------------------------------

def test_authority_of_the_panels_of_a_published_study():
    # two rounds of a study in BMJ Open, table of expert authority coefficients:
    # (16x0.5 + 7x0.3 + 9x0.2 + 3x0.1 + 11x0.1 + 2x0.1 + 2x0.1 + 8x0.1 + 6x0.1)/16 = 0.94375; (1 + 12x0.8 + 3x0.6)/16
    assert authority_coefficient(0.94375, 0.775) == pytest.approx(0.860, abs=0.0007)  # prints 0.860, is 0.8594
    assert authority_coefficient(0.963, 0.825) == pytest.approx(0.894, abs=0.0005)
    assert authority_coefficient([0.9, 0.5], [0.7, 0.5]) == pytest.approx([0.8, 0.5])


def test_a_round_tells_mean_spread_and_quartiles_of_the_answers():
    # answers 5, 4, 4, 3, 4: mean 4, sum of squares 2, sd sqrt(2/4) = 0.70711, cv 0.17678; quartiles 4 and 4
    told = delphi_round([[5, 1], [4, 2], [4, 3], [3, 4], [4, 6]]).set_index("item")
    assert told.loc[1, ["mean", "median", "iqr"]].tolist() == [4, 4, 0]
    assert told.loc[1, "cv"] == pytest.approx(0.17678, abs=1e-5)
    assert told.loc[2, ["mean", "median", "iqr"]].tolist() == [3.2, 3, 2]  # 1 2 3 4 6: quartiles 2 and 4


def test_cv_of_published_rounds_is_sd_over_mean():
    # Hindawi ECAM 2022, 3674663, table 2, first round: 0.92 / 4.54 -> 0.20; 1.12 / 3.86 -> 0.29; 0.61 / 4.51 -> 0.14
    for mean, sd, printed in [(4.54, 0.92, 0.20), (3.86, 1.12, 0.29), (4.51, 0.61, 0.14)]:
        half = sd / math.sqrt(2)  # two answers this far from their mean have a standard deviation of sd
        assert delphi_round([[mean - half], [mean + half]])["cv"][0] == pytest.approx(printed, abs=0.005)


def test_silence_is_counted_and_is_no_zero():
    told = delphi_round([[5, NAN], [4, 3], [NAN, 3]], [0.9, 0.8, 0.6], full_mark=5).set_index("item")
    assert told["answers"].tolist() == [2, 2]
    assert told["asked"].tolist() == [3, 3]
    assert told["mean"].tolist() == [4.5, 3.0]
    assert told["full_mark_share"].tolist() == [0.5, 0.0]
    assert told["authority"].tolist() == pytest.approx([0.85, 0.7])  # of those who answered


def test_an_item_that_nobody_answered_has_no_mean():
    told = delphi_round([[5, NAN], [4, NAN]], [1, 1], full_mark=5)
    assert told.loc[1, ["mean", "cv", "median", "full_mark_share", "authority"]].isna().all()
    assert told.loc[1, "answers"] == 0


def test_one_answer_has_a_mean_and_no_spread():
    told = delphi_round([[5, NAN], [4, 3]])
    assert told.loc[1, "mean"] == 3
    assert math.isnan(told.loc[1, "cv"])


def test_names_of_experts_and_items_stay():
    frame = pd.DataFrame({"E1": [5, 4], "E2": [3, 3]}, index=["甲", "乙"])
    assert delphi_round(frame)["item"].tolist() == ["E1", "E2"]


def test_the_response_rate_counts_experts_and_not_cells():
    assert response_rate([[5, NAN], [NAN, NAN], [4, 3], [NAN, 1]]) == 0.75


# --- rounds ---------------------------------------------------------------------------------------------------------

FIRST = [[5, 2], [4, 5], [3, 3]]
SECOND = [[5, 3], [4, 4], [4, 3]]


def test_an_item_settles_when_it_is_stable_and_agreed():
    # item 1: 1/4 = 0.25 then 0.57735/4.3333 = 0.1332; item 2: 1.52753/3.3333 = 0.4583 then 0.57735/3.3333 = 0.1732
    found = convergence([FIRST, SECOND], stable_cv_change=0.15, agreed_cv=0.2)
    assert found.items["change"].tolist() == pytest.approx([0.1332 - 0.25, 0.1732 - 0.4583], abs=1e-4)
    assert found.items["stable"].tolist() == [True, False]
    assert found.items["agreed"].tolist() == [True, True]
    assert not found.stop
    assert convergence([FIRST, SECOND], stable_cv_change=0.3, agreed_cv=0.2).stop
    assert not convergence([FIRST, SECOND], stable_cv_change=0.3, agreed_cv=0.15).stop


def test_the_edge_of_a_threshold_counts_as_reached():
    rounds = [[[5, 2], [3, 2]], [[5, 2], [3, 2]]]  # cv of item 1: sqrt(2)/4 in both
    assert convergence(rounds, stable_cv_change=0.0, agreed_cv=math.sqrt(2) / 4).stop


def test_a_single_round_is_never_the_last():
    found = convergence([[[5, 4], [5, 4]]], stable_cv_change=1.0, agreed_cv=1.0)
    assert found.items["agreed"].all()
    assert not found.stop


def test_an_item_that_is_new_in_the_last_round_is_not_stable_yet():
    first = pd.DataFrame({"E1": [5, 4]})
    second = pd.DataFrame({"E1": [5, 4], "E2": [3, 3]})
    found = convergence([first, second], stable_cv_change=0.5, agreed_cv=0.5)
    assert found.items.set_index("item")["stable"].to_dict() == {"E1": True, "E2": False}


def test_each_round_tells_who_answered_and_how_they_agree():
    third = [[5, 3], [NAN, NAN], [4, 3]]
    told = convergence([FIRST, SECOND, third], stable_cv_change=0.1, agreed_cv=0.5).rounds
    assert told["experts"].tolist() == [3, 3, 2]
    assert told["response_rate"].tolist() == pytest.approx([1, 1, 2 / 3])
    # round 2: ranks (2,1), (1.5,1.5), (2,1): sums 5.5, 3.5, spread 2; ties 6: 24 / (9 x 6 - 3 x 6) = 2/3
    assert told["w"].tolist()[1:] == pytest.approx([2 / 3, 1.0])


# --- screening ------------------------------------------------------------------------------------------------------

def test_an_item_exactly_at_both_thresholds_is_kept():
    told = pd.DataFrame({"item": ["a", "b", "c"], "mean": [3.5, 3.4999, 4.0], "cv": [0.25, 0.1, 0.2501]})
    kept = screen_items(told, lowest_mean=3.5, highest_cv=0.25)
    assert kept["kept"].tolist() == [True, False, False]
    assert kept["missed"].tolist() == [(), ("mean",), ("cv",)]


def test_the_boundary_method_drops_what_misses_all_three():
    told = pd.DataFrame({"item": list("abcd"), "mean": [4.8, 4.6, 4.4, 2.0], "cv": [0.05, 0.1, 0.3, 0.6],
                         "full_mark_share": [0.9, 0.7, 0.5, 0.1]})
    limits = boundary_values(told)
    # mean 3.95, sd of items sqrt((0.7225 + 0.4225 + 0.2025 + 3.8025)/3) = 1.31022
    assert limits["lowest_mean"] == pytest.approx(3.95 - 1.31022, abs=1e-5)
    # cv 0.2625, squares 0.04516 + 0.02641 + 0.00141 + 0.11391 = 0.18688: sd 0.24959
    assert limits["highest_cv"] == pytest.approx(0.2625 + 0.24959, abs=1e-4)
    kept = screen_items(told, **limits, drop_after=3)
    assert kept["kept"].tolist() == [True, True, True, False]
    assert kept["missed"].iloc[-1] == ("mean", "cv", "full_mark_share")


def test_an_item_without_answers_misses_its_thresholds():
    kept = screen_items(delphi_round([[5, NAN], [4, NAN]]), lowest_mean=1, highest_cv=9)
    assert kept["missed"].tolist() == [(), ("mean", "cv")]


# --- weights --------------------------------------------------------------------------------------------------------

def test_weights_are_as_the_means_weighted_by_authority():
    # item 1: (0.9 x 5 + 0.6 x 3)/1.5 = 4.2; item 2: (0.9 x 2 + 0.6 x 3)/1.5 = 2.4; sum 6.6
    assert delphi_weights([[5, 2], [3, 3]], [0.9, 0.6]) == pytest.approx([4.2 / 6.6, 2.4 / 6.6])


def test_silence_does_not_lower_a_weight():
    # means 4 and 3 whether or not the second expert speaks about item 2
    assert delphi_weights([[4, 3], [4, NAN]]) == pytest.approx([4 / 7, 3 / 7])


@settings(max_examples=40, deadline=None)
@given(whole_scores, arrays(float, 6, elements=st.floats(0.1, 1)), st.floats(0.1, 50))
def test_weights_are_shares_that_neither_scale_changes(scores, authority, factor):
    weights = delphi_weights(scores, authority)
    assert weights.sum() == pytest.approx(1)
    assert (weights > 0).all()
    assert delphi_weights(scores * factor, authority) == pytest.approx(weights)
    assert delphi_weights(scores, authority / 2) == pytest.approx(weights)
    assert delphi_weights(scores, np.full(6, 0.5)) == pytest.approx(delphi_weights(scores))


# --- bad input ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("call", "message"), [
    (lambda: kendall_w([]), "scores_not_a_table"),
    (lambda: kendall_w([1, 2, 3]), "scores_not_a_table"),
    (lambda: kendall_w([[1, 2], [1, 2, 3]]), "scores_not_a_table"),
    (lambda: kendall_w(pd.DataFrame()), "scores_not_a_table"),
    (lambda: kendall_w([[1, 2]]), "too_few_for_concordance"),
    (lambda: kendall_w([[1], [2]]), "too_few_for_concordance"),
    (lambda: kendall_w([[1, NAN], [2, 1]]), "too_few_for_concordance"),
    (lambda: kendall_w([[1, 2], [2, 1]], experts_axis=2), "unknown_experts_axis"),
    (lambda: delphi_round([[1, math.inf]]), r"1 2: score_not_a_number \(inf\)"),
    (lambda: delphi_round([[1, "high"]]), r"1 2: score_not_a_number \(high\)"),
    (lambda: delphi_round(pd.DataFrame({"E1": ["x"]}, index=["甲"])), r"甲 E1: score_not_a_number \(x\)"),
    (lambda: delphi_round([[1], [2]], [0.5]), "authority_for_each_expert"),
    (lambda: delphi_round([[1], [2]], [0.5, 1.2]), r"2 authority: authority_out_of_range \(1.2\)"),
    (lambda: delphi_round([[1], [2]], [0.5, NAN]), "2 authority: authority_out_of_range"),
    (lambda: authority_coefficient(0.5, -0.1), "familiarity: authority_out_of_range"),
    (lambda: delphi_weights([[1, -1]]), r"1 2: negative_score \(-1"),
    (lambda: delphi_weights([[1, NAN]]), "2: item_without_answers"),
    (lambda: delphi_weights([[1, 2]], [0.0]), "item_without_answers"),
    (lambda: delphi_weights([[0, 0]]), "scores_all_zero"),
    (lambda: convergence([], stable_cv_change=0.1, agreed_cv=0.5), "no_rounds"),
    (lambda: weighting_rules("colour"), "unknown_rule_group"),
])
def test_bad_scores_are_refused_with_expert_item_and_value(call, message):
    with refused_with(message):
        call()


def test_every_bad_cell_of_a_table_is_told_at_once():
    with pytest.raises(BadInput) as caught:
        delphi_round([["a", 1], [2, "b"]])
    assert len(caught.value.problems) == 2


# --- the data -------------------------------------------------------------------------------------------------------

def test_every_rule_has_both_names_a_source_and_a_status():
    for rule in weighting_rules().values():
        assert rule.name_zh
        assert rule.name_en
        assert rule.source
        assert rule.status in STATUSES


def test_groups_of_rules_are_arguments_of_the_functions_that_use_them():
    found = convergence([FIRST, SECOND], **thresholds("stopping"))
    assert set(screen_items(delphi_round(SECOND), **thresholds("screening"))["kept"]) == {True, False}
    assert found.items["settled"].dtype == bool


def test_scales_give_coefficients_of_no_more_than_one():
    basis = thresholds("judgement_basis")
    # an expert may claim the highest degree of each basis at once: theory, practice, references, intuition
    highest = ("theory_strong", "practice_strong", "references", "intuition")
    assert sum(basis[name] for name in highest) == pytest.approx(1)
    assert max(thresholds("familiarity").values()) == 1

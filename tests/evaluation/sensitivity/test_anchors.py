"""Assumed anchors moved: one indicator by hand, what stays, the order of knots, and which way the score goes."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.carbon_neutral_mine import outcome
from mineco.evaluation.sensitivity.anchors import changes_of_anchors, movable, moved_knots
from mineco.standards.load import load_standard
from tests.helpers import mines

STANDARD = load_standard("carbon-neutral-mine-2025")
WAYS = [way for one in STANDARD.indicators.values() for way in (*one.variants, *filter(None, [one.bound]))]


@cache
def moved(name="tiny-quarry"):
    evaluation = mines.evaluated(name)
    return {(one.item, one.how): one for one in changes_of_anchors(evaluation, evaluation.with_anchors_of)}


def way(indicator, id):
    return next(one for one in STANDARD.indicators[indicator].variants if one.id == id)


def test_an_anchor_a_fifth_stricter_by_hand():
    # E2.3 has knots 0, 5, 10, 20 for 0, 60, 80, 100; stricter 0, 6, 12, 20. The value 5.594 lies between 5 and 10:
    # 60 + 0.594/5 x 20 points before, 5.594/6 x 60 after; 9 % of the total
    evaluation = mines.evaluated()
    value = float(evaluation.indicators["E2.3"].value)
    lost = (60 + (value - 5) / 5 * 20) - value / 6 * 60
    one = moved()["E2.3", "stricter"]
    assert one.result.score == pytest.approx(float(evaluation.score.total) - 0.09 * lost, rel=1e-12)
    assert (one.before, one.after, one.unit, one.reached) == ("5→60; 10→80", "6→60; 12→80", "%", True)


def test_where_less_is_better_stricter_is_downwards():
    # E3.4: 30, 10, 5, 2 m3 per 10^4 yuan for 0, 60, 80, 100 points
    assert [x for x, _ in moved_knots(way("E3.4", "output-value"), 1)[0]] == pytest.approx([30, 8, 4, 2])
    assert [x for x, _ in moved_knots(way("E3.4", "output-value"), -1)[0]] == pytest.approx([30, 12, 6, 2])


def test_a_knot_stops_before_the_next_one_and_says_so():
    # E2.1: 1.4, 1.0, 0.9, 0.75; 0.9 would pass 0.75 at 0.72, and stops at 0.75 + 0.1 x (0.9 - 0.75) = 0.765
    knots, reached = moved_knots(way("E2.1", "cap"), 1)
    assert [x for x, _ in knots] == pytest.approx([1.4, 0.8, 0.765, 0.75])
    assert not reached
    assert not moved()["E2.1", "stricter"].reached
    assert moved()["E2.1", "lenient"].reached


def test_what_somebody_published_the_ends_and_zero_stay():
    assert moved_knots(way("M1.6", "all-renewables"), 1)[0] == way("M1.6", "all-renewables").knots  # read
    assert [x for x, _ in moved_knots(way("E1.3", "previous-year"), 1)[0]] == pytest.approx([-5.0, 1.2, 3.6, 7.0])
    assert [x for x, _ in moved_knots(way("E1.1", "compound"), 1)[0]] == pytest.approx([-10.0, 0.0, 3.0, 4.2])
    assert not movable(way("M1.6", "all-renewables"))
    assert ("O1.2", "stricter") not in moved()


@pytest.mark.parametrize("direction", [1, -1])
def test_moved_by_nothing_every_value_function_is_the_same(direction):
    assert all(moved_knots(way, direction, 0.0) == (way.knots, True) for way in WAYS)


def test_anchors_set_to_where_they_are_change_nothing():
    evaluation = mines.evaluated()
    assert {one.result.score for one in changes_of_anchors(evaluation, evaluation.with_anchors_of, share=0.0)} == {
        float(evaluation.score.total)}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(WAYS), st.sampled_from([1, -1]), st.floats(0.0, 5.0))
def test_however_far_they_go_knots_keep_their_order_and_their_points(way, direction, share):
    knots, _ = moved_knots(way, direction, share)
    places, given = [x for x, _ in knots], [x for x, _ in way.knots]
    rising = given[-1] > given[0]
    assert places == sorted(places, reverse=not rising)
    assert len(set(places)) == len(places)
    assert (places[0], places[-1]) == (given[0], given[-1])
    assert [score for _, score in knots] == [score for _, score in way.knots]


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_stricter_never_raises_the_score_lenient_never_lowers_it_and_all_together_do_most(name):
    given = float(mines.evaluated(name).score.total)
    for (item, how), one in moved(name).items():
        away = (one.result.score - given) * (-1 if how == "stricter" else 1)
        most = (moved(name)["", how].result.score - given) * (-1 if how == "stricter" else 1)
        assert -1e-9 <= away <= most + 1e-9, item


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_points_made_anew_of_what_was_measured_are_those_of_a_whole_evaluation(name):
    evaluation = mines.evaluated(name)
    assert moved(name) == {(one.item, one.how): one for one in changes_of_anchors(evaluation, cnm.evaluate)}
    other = replace(evaluation.case, standard=evaluation.case.standard.with_knots(
        {f"{id}/{one.variant.id}": moved_knots(one.variant, 1)[0] for id, one in evaluation.indicators.items()
         if one.applicable and one.variant and movable(one.variant)}))
    assert evaluation.with_anchors_of(other).outcome() == cnm.evaluate(other).outcome()


def test_no_account_is_made_and_nothing_is_measured_where_an_anchor_moves(monkeypatch):
    evaluation = mines.evaluated()
    for module, name in ((cnm, "compute_account"), (outcome, "measure_indicators")):
        monkeypatch.setattr(module, name, lambda *_, name=name: pytest.fail(f"{name} was called"))
    assert list(changes_of_anchors(evaluation, evaluation.with_anchors_of))

"""Weights moved alone and drawn at once: hand arithmetic, the panel's own sensitivity beside, and laws."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mineco.core.kit import parameters
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.case import with_panel
from mineco.evaluation.reweighting import annex_evaluation, move_weight, reweight, sensitivity
from mineco.evaluation.sensitivity import weights
from mineco.evaluation.sensitivity.weights import changes_of_weights, draw_weights, spans_of, weights_from
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from tests.helpers import mines


@cache
def moved(name="tiny-quarry"):
    return {(one.item, one.how): one for one in changes_of_weights(mines.evaluated(name))}


@cache
def under_panel():
    panel = weights_document(weigh(read_panel(parameters() / "panels" / "example-groups"), draws=100))
    return cnm.evaluate(with_panel(mines.example(), panel))


def test_a_level_takes_its_groups_with_it_and_the_other_levels_make_room():
    # M from 20 to 24 %; E and O from 80 to 76 %, each of their groups by 76/80
    score = mines.evaluated().score
    total = sum(float(points) * {"E1": 15, "E2": 30, "E3": 15, "M1": 20, "O1": 10, "O2": 10}[name] / 100
                * (24 / 20 if name == "M1" else 76 / 80) for name, points in score.groups.items())
    assert moved()["M", "high"].result.score == pytest.approx(total, rel=1e-12)
    assert (moved()["M", "high"].before, moved()["M", "high"].after) == (20.0, 24.0)


def test_a_group_moves_within_its_level_alone():
    # E1 from 25 to 30 % of level E, which has 60 %; E2 and E3 from 75 to 70 %
    points = {name: float(one) for name, one in mines.evaluated().score.groups.items()}
    other = 60 * (0.3 * points["E1"] + 0.5 * 70 / 75 * points["E2"] + 0.25 * 70 / 75 * points["E3"])
    rest = 20 * points["M1"] + 10 * points["O1"] + 10 * points["O2"]
    assert moved()["E1", "high"].result.score == pytest.approx((other + rest) / 100, rel=1e-12)


def test_an_indicator_moves_within_its_group_alone():
    # E1.2 from 25 to 20 % of E1; E1.1, E1.3 and E1.4 from 30, 25 and 20 by 80/75: 32, 26.667 and 21.333 %
    evaluation = mines.evaluated()
    points = {name: float(evaluation.indicators[name].score) for name in ("E1.1", "E1.2", "E1.3", "E1.4")}
    group = (32 * points["E1.1"] + 20 * points["E1.2"] + 80 / 3 * points["E1.3"] + 64 / 3 * points["E1.4"]) / 100
    total = float(evaluation.score.total) + 0.15 * (group - float(evaluation.score.groups["E1"]))
    assert moved()["E1.2", "low"].result.score == pytest.approx(total, rel=1e-12)


def test_every_weight_that_has_others_beside_it_goes_to_both_ends_and_no_other():
    standard = mines.example().standard
    beside = {*standard.levels, *standard.groups, *standard.indicators} - {"M1"}  # level M has one group
    assert set(moved()) == {(name, how) for name in beside for how in ("low", "high")}
    assert {one.result.emissions for one in moved().values()} == {float(mines.evaluated().ledger.emissions)}


def test_weights_moved_by_nothing_change_nothing():
    given = float(mines.evaluated().score.total)
    assert all(one.result.score == pytest.approx(given, rel=1e-12) and not one.tried
               for one in changes_of_weights(mines.evaluated(), share=0.0))
    still = draw_weights(mines.evaluated(), count=5, share=0.0)
    assert still.score.low == pytest.approx(given, rel=1e-12)
    assert still.score.high == pytest.approx(given, rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 0.5), st.data())
def test_whatever_is_moved_every_whole_stays_whole_and_the_others_keep_their_proportions(share, data):
    standard = mines.example_once().standard
    spans = spans_of(mines.evaluated(), share)
    whole = data.draw(st.sampled_from([name for name, members in spans.items() if len(members) > 1]))
    item = data.draw(st.sampled_from(sorted(spans[whole])))
    shares = {name: {part: one.share for part, one in members.items()} for name, members in spans.items()}
    changed = {**shares, whole: move_weight(shares[whole], item, spans[whole][item].high)}
    weights = {name: one.value for name, one in weights_from(standard, changed).items()}
    assert sum(weights[name] for name in standard.groups) == pytest.approx(100, rel=1e-12)
    for group in standard.groups:
        assert sum(weights[one.id] for one in standard.in_group(group)) == pytest.approx(100, rel=1e-12)
    others = [name for name in spans[whole] if name != item]
    ratios = [changed[whole][name] / shares[whole][name] for name in others]
    assert ratios == pytest.approx([ratios[0]] * len(ratios), rel=1e-12)


def test_a_panels_weights_go_to_its_low_and_high_as_its_own_sensitivity_has_them():
    found = {(one.item, one.how): one.result.score for one in changes_of_weights(under_panel())}
    wanted = {(one.item, one.how): one.score
              for one in sensitivity(under_panel(), annex_evaluation(under_panel())) if one.item}
    assert len(wanted) == 12
    assert {key: found[key] for key in wanted} == pytest.approx(wanted, rel=1e-12)
    assert not {"E", "M", "O"} & {item for item, _ in found}  # its groups share one whole
    assert ("E1.1", "low") in found  # which it did not weigh


def test_draws_lie_within_the_ends_and_come_again_with_their_seed():
    one, again, other = (draw_weights(mines.evaluated(), 400, seed) for seed in (3, 3, 4))
    assert one.score == again.score != other.score
    assert sum(one.grades.values()) == pytest.approx(1.0)
    assert one.score.mean == pytest.approx(float(mines.evaluated().score.total), abs=0.3)
    alone = [change.result.score for change in moved().values()]
    assert one.score.high - one.score.low > 0.5 * (max(alone) - min(alone))  # several lean the same way


def test_a_panels_draws_lie_within_its_spread():
    level = under_panel().case.weights.levels["groups"].weights
    spans = spans_of(under_panel())["groups"]
    assert {name: (one.low, one.high) for name, one in spans.items()} == {
        name: (one.low, one.high) for name, one in level.items()}
    assert draw_weights(under_panel(), 50).count == 50


def test_all_weights_are_moved_in_one_evaluation(monkeypatch):
    made = []
    monkeypatch.setattr(weights, "reweight", lambda *given: made.append(given) or reweight(*given))
    assert len(list(changes_of_weights(mines.evaluated()))) > len(made) == 1

"""What other weights do to an evaluation: the annex result stands beside, and nothing changes without a panel."""

import math
from dataclasses import replace
from functools import cache

import pytest

from mineco import views
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import set_language
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.case import with_panel
from mineco.evaluation.reweighting import annex_evaluation, move_weight, reweight, sensitivity
from mineco.runs.batch.many import case_form
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from mineco.weighting.weights_file import weights_text
from tests.helpers import mines


@cache
def weights():
    return weights_document(weigh(read_panel(parameters() / "panels" / "example-groups"), draws=100))


@cache
def under_panel():
    return evaluate(with_panel(mines.example(), weights()))


@cache
def shares():
    return {name: one.weight for name, one in weights().levels["groups"].weights.items()}


def test_the_total_is_the_sum_of_the_groups_by_the_weights_of_the_panel():
    groups = mines.evaluated().score.groups
    by_hand = math.fsum(shares()[name] * float(groups[name]) for name in shares())
    assert float(under_panel().score.total) == pytest.approx(by_hand, rel=1e-12)
    assert float(under_panel().score.total) != pytest.approx(float(mines.evaluated().score.total), rel=1e-4)


def test_a_panel_of_groups_leaves_the_groups_and_the_ledger_as_they_were():
    assert {name: float(one) for name, one in under_panel().score.groups.items()} == {
        name: float(one) for name, one in mines.evaluated().score.groups.items()}
    assert float(under_panel().ledger.offset_ratio) == float(mines.evaluated().ledger.offset_ratio)


def test_the_annex_result_beside_is_that_of_an_evaluation_without_a_panel():
    annex = annex_evaluation(under_panel())
    assert float(annex.score.total) == float(mines.evaluated().score.total)
    assert annex.grade == mines.evaluated().grade
    assert annex.case.weights is None


def test_weights_of_the_total_sum_to_1_and_level_1_is_the_subtotal_of_its_groups():
    assert math.fsum(under_panel().score.weights.values()) == pytest.approx(1.0, abs=1e-12)
    levels = under_panel().case.standard.levels
    assert levels["E"].weight == pytest.approx(100 * (shares()["E1"] + shares()["E2"] + shares()["E3"]))
    assert levels["M"].weight == pytest.approx(100 * shares()["M1"])


def test_weights_inside_a_group_replace_those_of_its_indicators():
    standard = mines.evaluated().case.standard
    names = [one.id for one in standard.in_group("E1")]
    given = {name: replace(standard.weight(name), value=100 / len(names)) for name in names}
    found = reweight(mines.evaluated(), given)
    measured = [mines.evaluated().indicators[name] for name in names]
    scores = [float(one.score) for one in measured if one.applicable]
    assert float(found.score.groups["E1"]) == pytest.approx(math.fsum(scores) / len(scores))
    assert float(found.score.groups["E2"]) == float(mines.evaluated().score.groups["E2"])


def test_a_weight_that_is_moved_takes_from_the_others_in_proportion():
    found = move_weight({"a": 0.5, "b": 0.3, "c": 0.2}, "a", 0.6)
    # 0.4 is left for b and c, which stand 3 to 2
    assert found == pytest.approx({"a": 0.6, "b": 0.24, "c": 0.16})
    assert move_weight({"a": 1.0}, "a", 0.5) == {"a": 1.0}


def test_the_sensitivity_moves_each_weight_to_both_ends_and_tries_equal_weights():
    found = sensitivity(under_panel(), annex_evaluation(under_panel()))
    assert [one.how for one in found[:3]] == ["panel", "annex", "equal"]
    assert [(one.item, one.how) for one in found[3:]] == [(name, how) for name in shares() for how in ("low", "high")]
    assert found[0].score == float(under_panel().score.total)
    assert found[1].score == float(mines.evaluated().score.total)
    equal = math.fsum(float(one) for one in mines.evaluated().score.groups.values()) / 6
    assert found[2].score == pytest.approx(equal, rel=1e-12)
    low = next(one for one in found if (one.item, one.how) == ("E2", "low"))
    moved = move_weight(shares(), "E2", weights().levels["groups"].weights["E2"].low)
    by_hand = math.fsum(moved[name] * float(mines.evaluated().score.groups[name]) for name in moved)
    assert low.score == pytest.approx(by_hand, rel=1e-12)


def test_without_a_panel_there_is_nothing_to_vary_and_nothing_is_shown():
    plain = mines.evaluated()
    assert sensitivity(plain, None) == []
    assert "附录的权重" in views.weights.panel(plain.case).text
    assert views.weights.weights_comparison(plain, annex_evaluation(plain)) is None
    assert views.grade.weights_results(plain, annex_evaluation(plain)) is None
    assert views.weights.variations(plain.case, []) is None
    assert views.weights.experts(plain.case) is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_tells_panel_consistency_and_both_results(language):
    set_language(language)
    try:
        told = views.weights.panel(under_panel().case).text
        annex = annex_evaluation(under_panel())
        both = views.grade.weights_results(under_panel(), annex).text
        beside = views.weights.weights_comparison(under_panel(), annex).text
        assumed = views.appendix.assumptions(under_panel()).text
        command = views.appendix.provenance(under_panel().case).text
        front = views.conclusion.formal_table(under_panel()).text
        checks = views.appendix.checks(under_panel()).text
    finally:
        set_language("zh")
    illustrative = {"zh": "答案为虚构", "en": "invented answers"}[language]
    assert illustrative in told
    assert illustrative in front
    for part in ("alonso-lamata-2006", "λmax", "CR", "Shannon β", weights().panel.sha256):
        assert part in told
    assert len(both.splitlines()) == 4  # caption, heads, panel, annex
    assert "30 %" in beside  # E2 in the annex
    assert {"zh": "示例专家组", "en": "illustrative panel"}[language] in assumed
    assert "--weights weights.yaml" in command
    assert {"zh": "■ 不通过", "en": "■ not passed"}[language] not in checks


def test_cases_under_other_weights_are_not_evaluated_as_one():
    assert case_form(under_panel().case) != case_form(mines.evaluated().case)
    assert case_form(mines.example()) == case_form(mines.example())


def test_weights_are_checked_with_the_dossier_so_that_all_problems_show_at_once(tmp_path):
    path = tmp_path / "weights.yaml"
    path.write_text(weights_text(weights()).replace("schema: mineco-weights/1", "schema: other"), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        mines.example(weights=path, gwp="AR9")
    assert {one.message for one in refused.value.problems} == {"not_in_list", "option_not_allowed"}


def test_a_case_opened_with_a_file_of_weights_is_the_same(tmp_path):
    path = tmp_path / "weights.yaml"
    path.write_text(weights_text(weights()), encoding="utf-8")
    assert float(evaluate(mines.example(weights=path)).score.total) == float(under_panel().score.total)

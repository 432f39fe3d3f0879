"""Weights of a panel: by hand for a small one, as published for 200 respondents, and every expert told."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from mineco.core import kit
from mineco.core.errors import BadInput
from mineco.weighting.expert_weights import ExpertWeights, weigh, weights_document
from mineco.weighting.panels import read_panel
from tests.helpers.city_panel import write_city_panel

EXAMPLE = read_panel(kit.parameters() / "panels" / "example-groups")
HEADERS = {"experts.csv": "expert,role_zh,role_en,organisation,weight,judgement_basis,familiarity,note",
           "judgements.csv": "expert,level,row,column,value,note", "scores.csv": "round,expert,level,item,score,note"}


def panel_of(folder: Path, experts: list[str], judgements: list[str] = (), scores: list[str] = (),  # type: ignore[assignment]
             items: Sequence[str] = "abc", **settings: str) -> Path:
    """A small panel with items of its own."""
    names = ", ".join(f"{one}: {{zh: {one}, en: {one}}}" for one in items)
    lines = {"id": "small", "name": "{zh: 小, en: small}", "illustrative": "false", "method": "ahp", "scale": "[0, 10]",
             "items": f"{{groups: {{{names}}}}}", **settings}
    (folder / "panel.yaml").write_text("".join(f"{key}: {text}\n" for key, text in lines.items()), "utf-8")
    for file, rows in (("experts.csv", experts), ("judgements.csv", judgements), ("scores.csv", scores)):
        (folder / file).write_text("\n".join([HEADERS[file], *rows]) + "\n", "utf-8")
    return folder


def weighed(folder: Path, **chosen: object) -> ExpertWeights:
    return weigh(read_panel(folder), draws=200, **chosen)  # type: ignore[arg-type]


TWO = ["A,甲,one,,1,,,", "B,乙,two,,1,,,"]
# A: a = 2b = 4c; B: a = 8b = 16c/... as below, both consistent
CONSISTENT = ["A,groups,a,b,2,", "A,groups,a,c,4,", "A,groups,b,c,2,", "B,groups,a,b,8,", "B,groups,a,c,4,",
              "B,groups,b,c,1/2,"]


def test_two_consistent_experts_give_the_weights_that_one_computes_by_hand(tmp_path):
    level = weighed(panel_of(tmp_path, TWO, CONSISTENT)).levels["groups"]
    # geometric means: a/b = sqrt(2·8) = 4, a/c = sqrt(4·4) = 4, b/c = sqrt(2·1/2) = 1, so 4 : 1 : 1
    assert level.weights.tolist() == pytest.approx([4 / 6, 1 / 6, 1 / 6], abs=1e-12)
    assert level.group is not None
    assert level.group.lambda_max == pytest.approx(3.0, abs=1e-12)
    assert level.group.cr == pytest.approx(0.0, abs=1e-12)
    # A alone 4 : 2 : 1, B alone 8 : 1 : 2
    assert level.own.loc["A"].tolist() == pytest.approx([4 / 7, 2 / 7, 1 / 7], abs=1e-12)
    assert level.own.loc["B"].tolist() == pytest.approx([8 / 11, 1 / 11, 2 / 11], abs=1e-12)
    assert level.worst == {}


def test_items_may_be_called_as_the_columns_of_a_result(tmp_path):
    rows = [row.replace(",a,", ",cr,").replace(",b,", ",weight,").replace(",c,", ",missing,") for row in CONSISTENT]
    found = weighed(panel_of(tmp_path, TWO, rows, items=["cr", "weight", "missing"]))
    assert found.levels["groups"].weights.tolist() == pytest.approx([4 / 6, 1 / 6, 1 / 6], abs=1e-12)


def test_an_expert_of_three_times_the_weight_counts_three_times(tmp_path):
    rows = ["A,groups,a,b,1,", "B,groups,a,b,1/9,"]
    level = weighed(panel_of(tmp_path, ["A,甲,one,,3,,,", "B,乙,two,,1,,,"], rows, items="ab")).levels["groups"]
    # a/b = 1^(3/4) · (1/9)^(1/4) = 1/sqrt(3)
    assert level.weights["a"] / level.weights["b"] == pytest.approx(1 / math.sqrt(3), rel=1e-12)
    assert level.experts["weight"].tolist() == [0.75, 0.25]


def test_priorities_are_joined_by_their_geometric_mean(tmp_path):
    level = weighed(panel_of(tmp_path, TWO, CONSISTENT), aggregation="priorities").levels["groups"]
    # sqrt(4·8) : sqrt(2·1) : sqrt(1·2) = 5.657 : 1.414 : 1.414, again 4 : 1 : 1, since both are consistent
    assert level.weights.tolist() == pytest.approx([4 / 6, 1 / 6, 1 / 6], abs=1e-12)
    assert level.group is None
    assert weights_document(weighed(panel_of(tmp_path, TWO, CONSISTENT),
                                    aggregation="priorities")).levels["groups"].cr is None


def test_who_is_farthest_from_the_group_comes_first(tmp_path):
    level = weighed(panel_of(tmp_path, TWO, CONSISTENT)).levels["groups"]
    assert level.disagreements is not None
    first, second = level.disagreements.head(2).to_dict("records")
    # A holds a/b for 2 and the group for 4, and so b/a 1/2 against 1/4: twice; b/c 2 against 1: twice; B likewise
    assert (first["times"], second["times"]) == pytest.approx((2.0, 2.0))
    assert {(one["expert"], one["row"], one["column"]) for one in level.disagreements.to_dict("records")} >= {
        ("A", "b", "a"), ("A", "b", "c"), ("B", "a", "b"), ("B", "c", "b")}


def test_the_example_names_the_inconsistent_expert_and_the_worst_judgements():
    level = weigh(EXAMPLE, draws=100).levels["groups"]
    assert list(level.worst) == ["F"]
    assert level.experts.loc["F", "cr"] > 0.1 > level.experts["cr"].drop("F").max()
    worst = level.worst["F"]
    assert len(worst) == 3
    assert (worst["cr_after"] < level.experts.loc["F", "cr"]).all()


def test_an_incomplete_expert_is_measured_by_the_table_for_incomplete_matrices():
    experts = weigh(EXAMPLE, draws=100).levels["groups"].experts
    assert experts["missing"].to_dict() == {"A": 0, "B": 0, "C": 0, "D": 0, "E": 1, "F": 0}
    assert experts["random_index"].to_dict() == {name: "simulated-incomplete" if name == "E" else "alonso-lamata-2006"
                                                 for name in "ABCDEF"}


@pytest.mark.parametrize("priority", ["eigenvector", "geometric_mean", "column_mean"])
def test_the_three_methods_stand_side_by_side_and_the_chosen_one_gives_the_weights(priority):
    level = weigh(EXAMPLE, priority=priority, draws=100).levels["groups"]
    assert level.by_method is not None
    assert level.by_method.loc[priority].tolist() == pytest.approx(level.weights.tolist(), abs=1e-12)
    assert level.by_method.sum(axis=1).tolist() == pytest.approx([1.0] * 3)


def test_the_spread_holds_the_weights_between_low_and_high_and_follows_the_seed():
    one, same, other = (weigh(EXAMPLE, seed=seed, draws=500).levels["groups"] for seed in (4, 4, 5))
    assert (one.low < one.weights).all()
    assert (one.weights < one.high).all()
    assert one.low.equals(same.low)
    assert not one.low.equals(other.low)


def test_one_expert_alone_is_varied_by_judgement(tmp_path):
    rows = [row for row in CONSISTENT if row.startswith("A")]
    found = weighed(panel_of(tmp_path, TWO[:1], rows))
    told = weights_document(found)
    assert told.uncertainty.kind == "judgement"
    level = found.levels["groups"]
    assert (level.low < level.high).all()
    assert level.consensus == 1.0


@pytest.mark.parametrize(("name", "value"), [("priority", "best"), ("aggregation", "votes"), ("random_index", "mine")])
def test_a_choice_that_does_not_exist_is_refused(name, value):
    with pytest.raises(BadInput) as refused:
        weigh(EXAMPLE, **{name: value})
    assert [(one.message, one.column, one.value) for one in refused.value.problems] == [
        ("choice_not_allowed", name, value)]


# --- 200 respondents (ahpsurvey's vignette; its figures are printed to three or four digits) ----------------------

@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> ExpertWeights:
    folder = write_city_panel(tmp_path_factory.mktemp("city"))
    return weigh(read_panel(folder), random_index="simulated", priority="column_mean", draws=1000)


def test_the_group_matrix_of_200_respondents_is_as_published(city):
    published = [[1.0, 0.220, 3.093, 0.488, 4.64], [4.541, 1.0, 6.461, 1.704, 6.15], [0.323, 0.155, 1.0, 0.249, 2.93],
                 [2.048, 0.587, 4.019, 1.0, 7.04], [0.216, 0.163, 0.342, 0.142, 1.0]]
    matrix = city.levels["groups"].matrix
    assert matrix is not None
    assert matrix.to_numpy() == pytest.approx(np.array(published), abs=0.006)


def test_the_mean_weights_of_200_respondents_and_their_consistency_are_as_published(city):
    own = city.levels["groups"].own
    assert list(own.columns) == ["cult", "fam", "house", "jobs", "trans"]
    assert own.mean().tolist() == pytest.approx([0.162, 0.4367, 0.0761, 0.2827, 0.0424], abs=6e-5)
    eigen = weigh(city.panel, random_index="simulated", draws=100).levels["groups"].experts
    assert ((eigen["cr"] <= 0.1).sum(), (eigen["cr"] > 0.1).sum()) == (130, 70)


def test_the_consistency_of_the_group_hides_seventy_inconsistent_respondents(city):
    level = weigh(city.panel, random_index="simulated", draws=100).levels["groups"]
    assert level.group is not None
    assert level.group.cr < 0.1
    assert len(level.worst) == 70


# --- Delphi ---------------------------------------------------------------------------------------------------------

SCORES = ["1,A,groups,a,9,", "1,A,groups,b,3,", "1,B,groups,a,5,", "1,B,groups,b,5,",
          "2,A,groups,a,8,", "2,A,groups,b,4,", "2,B,groups,a,6,", "2,B,groups,b,6,"]


def test_delphi_weights_come_from_the_means_of_the_last_round(tmp_path):
    found = weighed(panel_of(tmp_path, TWO, scores=SCORES, items="ab", method="delphi"))
    level = found.levels["groups"]
    assert level.weights.tolist() == pytest.approx([7 / 12, 5 / 12])  # means 7 and 5
    assert level.group is None
    assert [one.response_rate for one in level.rounds] == [1.0, 1.0]
    told = weights_document(found)
    assert (told.method, told.random_index, told.levels["groups"].experts["A"].cr) == ("delphi", "", None)
    assert told.status == "derived"


def test_delphi_scores_count_by_weight_and_authority_where_all_stated_it(tmp_path):
    experts = ["A,甲,one,,1,0.8,0.4,", "B,乙,two,,1,0.2,0.2,"]  # Cr 0.6 and 0.2: three to one
    level = weighed(panel_of(tmp_path, experts, scores=SCORES, items="ab", method="delphi")).levels["groups"]
    # a: (3·8 + 6) / 4 = 7.5, b: (3·4 + 6) / 4 = 4.5
    assert level.weights.tolist() == pytest.approx([7.5 / 12, 4.5 / 12])

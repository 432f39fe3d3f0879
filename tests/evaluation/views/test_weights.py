"""What is printed of a panel and of its weights, held to eigenvectors of the answers as they stand in its table."""

import csv
import re
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest
import scipy

from mineco import views
from mineco.core import kit
from mineco.core.errors import BadInput
from mineco.core.labels import label
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.case import with_panel
from mineco.evaluation.reweighting import Variation, annex_evaluation, sensitivity
from mineco.evaluation.stage_weights import weigh as weigh_by_stage
from mineco.report.tables import heading
from mineco.standards.weighting_rules import weighting_rules
from mineco.weighting.ahp import consistency
from mineco.weighting.delphi import convergence, delphi_round, screen_items
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from tests.helpers import mines, quarry
from tests.helpers.printed import about, caption, column, lines, number, numbers, row, table

PANEL = kit.parameters() / "panels" / "example-groups"
GROUPS = ("E1", "E2", "E3", "M1", "O1", "O2")
ANNEX = dict(zip(GROUPS, (15, 30, 15, 20, 10, 10), strict=True))  # table A.1
INDEX = 1.2479  # random index of six items, Alonso and Lamata 2006


pytestmark = pytest.mark.usefixtures("english")


NAMES = {"E1": "Greenhouse-gas emissions", "E2": "Abatement measures", "E3": "Circular use of resources",
         "M1": "Low-carbon management", "O1": "Removals and offsets", "O2": "Restoration and sequestration"}


def answers(name):
    with (PANEL / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def found():
    return weigh(read_panel(PANEL), draws=100)


def level():
    return found().levels["groups"]


@cache
def under_panel():
    return evaluate(with_panel(mines.example(), weights_document(found())))


def matrix(expert):
    """The answers of an expert, each with its reciprocal; a pair that was left out is not a number."""
    known = np.full((6, 6), np.nan)
    np.fill_diagonal(known, 1.0)
    for one in answers("judgements.csv"):
        if one["expert"] == expert and one["value"]:
            above, _, below = one["value"].partition("/")
            value = float(above) / float(below or 1)
            place, other = GROUPS.index(one["row"]), GROUPS.index(one["column"])
            known[place, other], known[other, place] = value, 1 / value
    return known


def principal(whole):
    """Largest eigenvalue of a matrix, and its eigenvector as shares."""
    values, vectors = np.linalg.eig(whole)
    place = np.argmax(values.real)
    return values[place].real, np.abs(vectors[:, place].real) / np.abs(vectors[:, place].real).sum()


WHOLE = ("A", "B", "C", "D", "F")  # E left out a pair


@pytest.mark.parametrize("expert", WHOLE)
def test_the_consistency_of_an_expert_is_that_of_the_matrix(expert):
    largest, weights = principal(matrix(expert))
    shown = {one["Expert"]: one for one in table(views.panel.experts(level()))}[expert]
    ratio = (largest - 6) / 5 / INDEX
    assert number(shown["λmax"]) == about(largest)
    assert number(shown["CR"]) == pytest.approx(ratio, rel=2e-3)
    assert shown["CR at most 0.1"] == ("yes" if ratio <= 0.1 else "no")
    assert shown["Most important to them"].startswith(GROUPS[int(np.argmax(weights))])
    in_report = {one["Expert"]: one for one in table(views.weights.experts(under_panel().case))}[expert]
    assert number(in_report["CR"]) == pytest.approx(ratio, abs=2e-4)
    assert in_report["CR at most 0.1"] == shown["CR at most 0.1"]
    assert number(in_report["Expert's weight"]) == about(100 / 6)


def test_a_pair_that_was_left_out_is_counted():
    assert column(views.panel.experts(level()), "Left out") == ["0", "0", "0", "0", "1", "0"]
    assert np.isnan(matrix("E")).sum() == 2


def test_a_judgement_of_the_group_is_the_geometric_mean_and_the_farthest_come_first():
    shown = table(views.panel.disagreements(level()))
    for one in shown:
        place, other = (GROUPS.index(one[side].split()[0]) for side in ("Row", "Column"))
        every = [matrix(expert)[place, other] for expert in "ABCDEF"]
        group = np.exp(np.nanmean(np.log(every)))
        own = matrix(one["Expert"])[place, other]
        if not np.isnan(every).any():
            assert number(one["The group"]) == about(group, 3)
            assert number(one["Times apart"]) == about(max(own / group, group / own), 3)
    times = [number(one["Times apart"]) for one in shown]
    assert times == sorted(times, reverse=True)


def test_the_weights_of_the_panel_stand_beside_those_of_the_annex():
    shown = views.weights.weights_comparison(under_panel(), annex_evaluation(under_panel()))
    given = {name: float(level().weights[name]) for name in GROUPS}
    for name in GROUPS:
        line = row(shown, name)
        assert number(line["Annex weight"]) == ANNEX[name]
        assert number(line["Panel's weight"]) == about(given[name] * 100)
        assert number(line["Low"]) == about(float(level().low[name]) * 100)
        assert number(line["High"]) == about(float(level().high[name]) * 100)
    # without E, whose missing answer somebody has to fill, the geometric mean is near
    group = np.exp(np.mean([np.log(matrix(expert)) for expert in WHOLE], axis=0))
    assert list(given.values()) == pytest.approx(list(principal(group)[1]), abs=0.03)


def of_groups():
    """Score of each group of the quarry by hand."""
    return {group: sum(quarry.WEIGHTS[name] * points for name, points in quarry.SCORES.items()
                       if name.startswith(group)) / weight for group, weight in ANNEX.items()}


def test_the_score_under_the_panel_the_annex_and_equal_weights_is_that_of_the_quarry():
    annex = annex_evaluation(under_panel())
    by_panel = sum(float(level().weights[name]) * points for name, points in of_groups().items())
    shown = table(views.grade.weights_results(under_panel(), annex))
    assert [number(one["Score"]) for one in shown] == [about(by_panel), about(quarry.TOTAL)]
    moved = table(views.weights.variations(under_panel().case, sensitivity(under_panel(), annex)))
    assert [number(one["Score"]) for one in moved[:3]] == [
        about(by_panel), about(quarry.TOTAL), about(sum(of_groups().values()) / 6)]
    low = next(one for one in moved if one["Weights"].startswith("E2") and "low" in one["Weights"])
    share, own = float(level().low["E2"]), float(level().weights["E2"])
    others = sum(float(level().weights[name]) * points for name, points in of_groups().items() if name != "E2")
    assert number(low["Score"]) == about(share * of_groups()["E2"] + others * (1 - share) / (1 - own))
    assert numbers(low["Weights"])[-1] == about(share * 100)


def test_the_panel_is_told_with_its_consistency_and_its_consensus():
    shown = views.weights.panel(under_panel().case)
    (told,) = [one["Content"] for one in table(shown) if "λmax" in one["Content"]]
    largest, ci, ri = (numbers(told.partition(f"{name} = ")[2])[0] for name in ("λmax", "CI", "RI"))
    ratio = numbers(told.rpartition("CR = ")[2])[0]
    assert ci == pytest.approx((largest - 6) / 5, rel=0.06)  # λmax is printed to a thousandth
    assert ri == about(INDEX)
    assert ratio == pytest.approx(ci / ri, rel=1e-3)
    assert row(shown, heading("experts_heard"))["Content"] == "6"
    drawn = row(shown, f"{label('low')}, {label('high')}")["Content"]
    assert numbers(drawn) == [95, 100, 0]  # per cent of the draws; the seed
    agreed = next(one["Content"] for one in table(shown) if one["Content"].startswith("Consensus (Shannon"))
    assert numbers(agreed)[0] == about(level().consensus)
    assert numbers(row(views.panel.facts(found().panel), heading("experts_heard"))["Content"]) == [6]


def test_three_methods_stand_side_by_side_and_each_sums_to_one():
    shown = table(views.panel.methods(level()))
    for method in ("Eigenvector", "Geometric mean", "Column mean"):
        assert sum(number(one[method]) for one in shown) == pytest.approx(1, abs=1e-3)
    assert [number(one["Eigenvector"]) for one in shown] == [about(float(level().weights[name])) for name in GROUPS]


def test_the_most_and_the_least_important_are_read_back():
    (told,) = lines(views.panel.read_back_text(level()))
    ranked = sorted(GROUPS, key=lambda name: -float(level().weights[name]))
    assert told.index(f"{ranked[0]} ") < told.index(f"{ranked[-1]} ")
    assert about(float(level().weights[ranked[0]])) == number(told.partition("(")[2])
    assert about(float(level().weights[ranked[-1]])) == number(told.rpartition("(")[2])


def part(told, name):
    """What the words of a figure say of an item."""
    return re.search(rf"{NAMES[name]} ([^;,(]*(?:\([^)]*\))?)", told)[1]


def test_a_matrix_is_written_in_fractions_and_a_column_of_numbers_beside_its_items():
    given = views.panel.judgements(pd.DataFrame([[1, 3], [1 / 3, 1]], ["E1", "E2"], ["E1", "E2"]))
    assert [list(one.values()) for one in table(given)] == [["E1", "1", "3"], ["E2", "1/3", "1"]]
    shown = table(views.panel.numbers({"weight": [0.75, 0.25], "AB": [3, 1]}, ["E1", "E2"]))
    assert [list(one.values()) for one in shown] == [["E1", "0.75", "3"], ["E2", "0.25", "1"]]


def test_the_consistency_of_a_ring_of_judgements_is_told():
    # each row of 1, 2, 1/2 adds up to 3.5, so that λmax = 3.5 and CI = 0.5 / 2; RI of three items is 0.5247
    found_in_ring = consistency([[1, 2, 0.5], [0.5, 1, 2], [2, 0.5, 1]], "alonso-lamata-2006", "eigenvector")
    (told,) = lines(views.panel.consistency_text(found_in_ring, 3))
    values = {name: numbers(told.partition(f"{name} = ")[2])[0] for name in ("λmax", "CI", "RI", ", n", "CR")}
    assert values == {"λmax": 3.5, "CI": 0.25, "RI": 0.5247, ", n": 3, "CR": about(0.25 / 0.5247)}
    assert "alonso-lamata-2006" in told


def test_the_panel_and_its_members_are_told_as_they_were_handed_in():
    shown = views.panel.facts(found().panel)
    assert row(shown, heading("panel"))["Content"].endswith("(example-groups)")
    assert row(shown, heading("panel_nature"))["Content"] == label("panel_illustrative")
    assert row(shown, heading("note"))["Content"].startswith("Six invented experts")
    assert [list(one.values()) for one in table(views.panel.members(found().panel))] == [
        [one["expert"], one["role_en"], one["weight"], one["judgement_basis"], one["familiarity"]]
        for one in answers("experts.csv")]
    real = replace(found().panel, illustrative=False)
    assert row(views.panel.facts(real), heading("panel_nature"))["Content"] == label("panel_real")


def test_of_the_expert_who_contradicts_himself_the_worst_judgements_are_shown_with_what_would_mend_them():
    shown = table(views.panel.worst_judgements(level()))
    assert {one["Expert"] for one in shown} == {"F"}
    for one in shown:
        place, other = (GROUPS.index(one[side].split()[0]) for side in ("Row", "Column"))
        mended = matrix("F")
        assert number(one["Given"]) == mended[place, other]
        mended[place, other] = number(one["The others suggest"])
        mended[other, place] = 1 / mended[place, other]
        assert number(one["CR after that"]) == pytest.approx((principal(mended)[0] - 6) / 5 / INDEX, rel=5e-3)


def test_the_matrix_of_an_expert_is_drawn_with_the_judgement_that_fits_worst():
    worst = table(views.panel.worst_judgements(level()))[0]
    first, second = (worst[side].partition(" ")[2] for side in ("Row", "Column"))
    told = views.panel.matrix_figure(found().panel, level(), "F").alt
    assert told.endswith(f": {first} to {second} {worst['Given']}")
    for one in answers("judgements.csv"):
        if one["expert"] == "F" and GROUPS.index(one["row"]) < GROUPS.index(one["column"]):
            assert f"{NAMES[one['row']]} to {NAMES[one['column']]} {one['value']}" in told
    assert "Marked" not in views.panel.matrix_figure(found().panel, level(), "A").alt
    assert views.panel.least_consistent(level()) == "F"
    assert label("judgements_of").format(expert="A") == caption(views.panel.matrix_figure(found().panel, level(), "A"))


def test_the_figure_of_the_experts_tells_each_weight_beside_the_groups():
    told = views.panel.experts_figure(level()).alt
    for place, name in enumerate(GROUPS):
        group, *experts = numbers(part(told, name))
        assert group == about(float(level().weights[name]), 3)
        own = dict(zip("ABCDEF", experts, strict=True))
        assert [own[expert] for expert in WHOLE] == [
            about(principal(matrix(expert))[1][place], 3) for expert in WHOLE]


def test_the_figure_of_the_spread_tells_weight_low_high_and_annex():
    told = views.panel.spread_figure(level(), views.panel.annex_shares(mines.example(), level())).alt
    for name in GROUPS:
        expected = [float(one[name]) for one in (level().weights, level().low, level().high)]
        assert numbers(part(told, name)) == [*(about(one, 3) for one in expected), ANNEX[name] / 100]
    assert "annex" not in views.panel.spread_figure(level()).alt


def test_an_item_is_named_with_its_id_and_one_without_a_name_but_once():
    assert views.panel.item_name(level(), "E1") == "E1 Greenhouse-gas emissions"
    bare = replace(level(), names={"E1": {"zh": "E1", "en": "E1"}})
    assert views.panel.item_name(bare, "E1") == "E1"


def test_a_level_that_nobody_compared_is_refused_with_those_that_were():
    with pytest.raises(BadInput) as caught:
        views.panel.compared_level(found(), "E1")
    assert caught.value.problems[0].details == {"known": "groups"}


def test_thresholds_are_printed_with_source_and_status():
    (agreed,) = [one for one in table(views.panel.rules(weighting_rules("stopping"))) if "agreement" in one["Name"]]
    assert number(agreed["Value"]) == 0.5
    assert agreed["Source"].startswith("English and Kernan 1976")
    assert agreed["Status"] == "△ unverified"


def test_the_figure_of_the_scores_tells_those_under_annex_panel_and_equal_weights():
    moved = sensitivity(under_panel(), annex_evaluation(under_panel()))
    told = views.panel.scores_figure(mines.example(), moved).alt
    by_panel = sum(float(level().weights[name]) * points for name, points in of_groups().items())
    expected = {"annex": quarry.TOTAL, "panel": by_panel, "equal": sum(of_groups().values()) / 6}
    for how, score in expected.items():
        assert numbers(told.partition(f"{label(f'how_{how}')} ")[2])[0] == about(score)
    assert told.count("(C)") == 3  # each from 60 to 70 points


def test_a_score_near_nothing_lies_below_all_grades_in_the_figure():
    low = [Variation(how, "", "", None, 0.5, "below") for how in ("annex", "panel", "equal")]
    assert views.panel.scores_figure(mines.example(), low).alt.count(f" 0.5 ({label('ungraded')})") == 3


def test_the_matrix_of_a_level_is_printed_with_its_consistency():
    weighing = weigh_by_stage(mines.example("changcun-coal", standard="restoration-carbon-sink-2024"))
    own = weighing.levels["groups"]
    shown = views.weights.judgements(weighing, "groups")
    cells = [list(one.values()) for one in table(shown)]
    assert [one[0] for one in cells] == ["SM", "SA", "SE"]
    largest, _ = principal(np.array([[Fraction(cell) for cell in one[1:]] for one in cells], dtype=float))
    told = shown.text.splitlines()[-1]
    assert numbers(told.partition("λmax = ")[2])[0] == pytest.approx(largest, abs=1e-3)
    assert numbers(told.partition(", n = ")[2])[0] == len(own.weights) == 3
    assert caption(shown) == label("judgements_level").format(level=label("level_groups"))
    assert caption(views.weights.judgements(weighing, "groups", name="layers")) == label("judgements_level").format(
        level="layers")


# --- rounds -----------------------------------------------------------------------------------------------------------

def scores(number_of_round, item):
    return np.array([float(one["score"]) for one in answers("scores.csv")
                     if (one["round"], one["item"]) == (str(number_of_round), item) and one["score"]])


def test_a_round_is_told_by_mean_deviation_and_variation():
    last = views.panel.score_tables(found().panel, "groups")[-1]
    shown = views.panel.round_items(delphi_round(last, views.panel.authority(found().panel)), level())
    for name in GROUPS:
        given, line = scores(2, name), row(shown, name)
        assert int(line["Answers"]) == len(given) == 6
        assert number(line["Mean"]) == about(given.mean())
        assert number(line["Sd"]) == about(given.std(ddof=1))
        assert number(line["CV"]) == about(given.std(ddof=1) / given.mean())
        assert number(line["Median"]) == np.median(given)


def test_authority_is_the_mean_of_judgement_and_familiarity():
    expected = [(float(one["judgement_basis"]) + float(one["familiarity"])) / 2 for one in answers("experts.csv")]
    assert views.panel.authority(found().panel).tolist() == pytest.approx(expected)


def test_the_annex_shares_are_those_of_table_a_1():
    assert views.panel.annex_shares(mines.example(), level()) == pytest.approx(
        {name: weight / 100 for name, weight in ANNEX.items()})


def test_the_spread_stands_with_the_weight_and_its_deviation():
    class Noise:
        low, high = np.arange(6) / 100, np.arange(6) / 10

    shown = views.panel.spread_table(level(), Noise)
    for place, name in enumerate(GROUPS):
        found_numbers = [number(one) for one in list(row(shown, name).values())[1:]]
        assert found_numbers == [about(float(one[name]), 3) for one in (
            level().weights, level().low, level().high, level().sd)] + [place / 100, place / 10]


def test_the_draws_are_told_by_number_seed_and_interval():
    assert [numbers(one) for one in lines(views.panel.draws_text(found()))] == [[95, 100, 0]] * 2


@cache
def rounds():
    """The two rounds of the panel as tables, what is told of each, and whether another one is due."""
    tables = views.panel.score_tables(found().panel, "groups")
    return tables, [delphi_round(one) for one in tables], convergence(tables, stable_cv_change=0.1, agreed_cv=0.2)


def variation(number_of_round, item):
    given = scores(number_of_round, item)
    return given.std(ddof=1) / given.mean()


def test_each_round_is_told_with_who_answered_and_how_far_they_agree():
    shown = table(views.panel.round_list(rounds()[2]))
    for place, one in enumerate(shown, 1):
        # Friedman's statistic over experts and items less one is Kendall's W, corrected for ties
        given = pd.DataFrame(answers("scores.csv")).query(f"round == '{place}'").pivot(
            index="item", columns="expert", values="score").replace("", np.nan).dropna(axis="columns").astype(float)
        chi2, chance = scipy.stats.friedmanchisquare(*given.to_numpy())
        assert [number(cell) for cell in one.values()] == [
            place, 6, 1, about(np.mean([variation(place, name) for name in GROUPS])), about(chi2 / given.shape[1] / 5),
            about(chance)]
    assert len(shown) == 2


def test_items_are_told_stable_and_agreed_by_the_thresholds_and_the_panel_goes_on():
    shown = views.panel.convergence_table(rounds()[2], level())
    for name in GROUPS:
        line, before, now = row(shown, name), variation(1, name), variation(2, name)
        assert [number(line["CV before"]), number(line["CV"])] == [about(before), about(now)]
        assert line["Stable"] == ("yes" if abs(now - before) <= 0.1 else "no")
        assert line["Agreed"] == ("yes" if now <= 0.2 else "no")
    assert {one["Agreed"] for one in table(shown)} == {one["Stable"] for one in table(shown)} == {"yes", "no"}
    assert shown.text.endswith(label("rounds_go_on"))
    settled = convergence([rounds()[0][1]] * 2, stable_cv_change=0.1, agreed_cv=0.5)
    assert views.panel.convergence_table(settled, level()).text.endswith(label("rounds_stop"))


def test_the_first_round_has_no_variation_before_it():
    shown = views.panel.convergence_table(convergence(rounds()[0][:1], stable_cv_change=0.1, agreed_cv=0.5), level())
    assert set(column(shown, "CV before")) == {"—"}


def test_the_figure_of_the_rounds_tells_the_variation_in_each():
    told = views.panel.rounds_figure(rounds()[1], level(), 0.25).alt
    assert numbers(told)[0] == 0.25
    for name in GROUPS:
        assert numbers(part(told, name)) == [about(variation(place, name), 3) for place in (1, 2)]


def test_items_that_miss_a_threshold_are_told_with_what_they_miss():
    # mean scores of the last round lie from about 4 to 9: half of 9 is a threshold that some miss
    shown = views.panel.screening(screen_items(rounds()[1][1], lowest_mean=5.5, highest_cv=0.2), level())
    for name in GROUPS:
        missed = [word for word, out in (("mean", scores(2, name).mean() < 5.5), ("CV", variation(2, name) > 0.2))
                  if out]
        assert row(shown, name)["Kept"] == ("no" if missed else "yes")
        assert row(shown, name)["Thresholds missed"] == (", ".join(missed) or "none")
    assert set(column(shown, "Kept")) == {"yes", "no"}


def test_weights_from_scores_count_each_expert_by_authority():
    standing = [(float(one["judgement_basis"]) + float(one["familiarity"])) / 2 for one in answers("experts.csv")]
    means = {name: np.average(scores(2, name), weights=standing) for name in GROUPS}
    shown = views.panel.delphi_comparison(found().panel, rounds()[0], level())
    for name in GROUPS:
        assert number(row(shown, name)["Delphi weight"]) == about(means[name] / sum(means.values()))
        assert number(row(shown, name)["Panel's weight"]) == about(float(level().weights[name]))


def test_where_an_expert_states_no_authority_all_count_the_same():
    first, *rest = found().panel.experts
    unstated = replace(found().panel, experts=[replace(first, familiarity=None), *rest])
    assert views.panel.authority(unstated) is None


def test_a_panel_that_held_no_rounds_says_so():
    for block in (views.panel.round_items(None, level()), views.panel.round_list(None),
                  views.panel.convergence_table(None, level()), views.panel.rounds_figure([], level(), 0.25),
                  views.panel.screening(None, level()), views.panel.delphi_comparison(found().panel, [], level())):
        assert block.text == label("no_rounds_held")

"""What is printed of a panel and of its weights, held to eigenvectors of the answers as they stand in its table."""

import csv
from functools import cache

import numpy as np
import pytest

from mineco import views
from mineco.core import kit, labels
from mineco.core.labels import label
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.case import with_panel
from mineco.evaluation.reweighting import annex_evaluation, sensitivity
from mineco.weighting.delphi import delphi_round
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from tests.helpers import mines, quarry
from tests.helpers.printed import about, column, lines, number, numbers, row, table

PANEL = kit.parameters() / "panels" / "example-groups"
GROUPS = ("E1", "E2", "E3", "M1", "O1", "O2")
ANNEX = dict(zip(GROUPS, (15, 30, 15, 20, 10, 10), strict=True))  # table A.1
INDEX = 1.2479  # random index of six items, Alonso and Lamata 2006


@pytest.fixture(autouse=True)
def english():
    labels.set_language("en")
    yield
    labels.set_language("zh")


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
    assert row(shown, label("experts_heard"))["Content"] == "6"
    assert numbers(row(views.panel.facts(found().panel), label("experts_heard"))["Content"]) == [6]


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

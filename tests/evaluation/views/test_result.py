"""What every standard prints of indicators, scores and weights, held to the tiny quarry by hand."""


import pytest

from mineco import views
from mineco.core.labels import label
from mineco.dossier.mine import NotApplicable
from mineco.dossier.rows import RatingRow
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from tests.helpers import mines, quarry
from tests.helpers.printed import about, column, lines, number, numbers, results, row, table

pytestmark = pytest.mark.usefixtures("english")


def found():
    return mines.evaluated("tiny-quarry")


def score_table():
    return views.result.score_table(found().case, found().indicators, found().score)


# --- the score table --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", quarry.WEIGHTS)
def test_each_row_of_the_score_table_is_weight_times_score(name):
    shown = row(score_table(), name)
    weight, points = quarry.WEIGHTS[name], quarry.SCORES[name]
    assert number(shown["Nominal weight"]) == number(shown["Effective weight"]) == about(weight)
    assert number(shown["Value"]) == about(quarry.VALUES.get(name, points))
    assert number(shown["Score"]) == about(points)
    assert number(shown["Adds to the total"]) == about(weight / 100 * points)


def test_the_last_row_of_the_score_table_is_the_total():
    last = table(score_table())[-1]
    assert number(last["Adds to the total"]) == about(quarry.TOTAL)
    assert last["Nominal weight"] == last["Effective weight"] == "100 %"
    assert last["Score"] == "—"


def test_the_table_names_levels_and_groups():
    shown = row(score_table(), "O2.2")
    assert (shown["Level 1"], shown["Level 2"]) == ("Offsets", "Restoration and sequestration")


def left_out():
    """The quarry without the reuse of water: the fifth of its group goes to the other three."""
    why = NotApplicable(reason="no_mine_water", text=OwnText(zh="无涌水", en="no inflow"))
    return cnm.evaluate(mines.with_mine(mines.example(), not_applicable={"E3.2": why}))


def test_the_weight_of_what_does_not_apply_is_spread_over_its_group():
    one = left_out()
    shown = views.result.score_table(one.case, one.indicators, one.score)
    assert row(shown, "E3.2")["Nominal weight"] == "3 %"
    assert row(shown, "E3.2")["Score"] == row(shown, "E3.2")["Adds to the total"] == "—"
    for name, share in (("E3.1", 50), ("E3.3", 15), ("E3.4", 15)):  # of the 80 that remain
        assert number(row(shown, name)["Effective weight"]) == about(15 * share / 80)
        assert number(row(shown, name)["Adds to the total"]) == about(15 * share / 80 / 100 * quarry.SCORES[name])
    assert table(shown)[-1]["Nominal weight"] == table(shown)[-1]["Effective weight"] == "100 %"


def test_the_steps_of_the_score_are_those_of_formulas_1_and_2():
    *groups, total = results(views.result.score_steps(found().case, found().score))
    of_groups = {"E1": 15, "E2": 30, "E3": 15, "M1": 20, "O1": 10, "O2": 10}
    assert groups == [about(sum(quarry.WEIGHTS[name] * points for name, points in quarry.SCORES.items()
                                if name.startswith(group)) / weight, 6) for group, weight in of_groups.items()]
    assert total == about(quarry.TOTAL, 6)


def test_the_figure_of_the_scores_tells_each():
    told = views.result.scores_figure(found().indicators).alt
    for name, points in quarry.SCORES.items():
        part = next(one for one in told.split("; ") if f"{name} " in one)
        assert numbers(part)[-1] == about(points, 3), name


# --- points lost and gained -------------------------------------------------------------------------------------------

LOST = {name: quarry.WEIGHTS[name] / 100 * (100 - points) for name, points in quarry.SCORES.items()}


def test_points_lost_are_counted_from_100_and_most_come_first():
    shown = views.result.strengths_and_weaknesses(found().case, found().indicators, found().score)
    ranked = sorted((name for name in LOST if LOST[name] > 0), key=lambda name: -LOST[name])
    assert [one.split()[0] for one in column(shown, "Indicator")][:5] == ranked[:5]
    assert {one.split()[0] for one in column(shown, "Indicator")} == set(ranked)
    for name in ranked:
        assert number(row(shown, name)["Points lost in the total"]) == about(LOST[name])
        assert number(row(shown, name)["Score"]) == about(quarry.SCORES[name])


# --- one indicator ----------------------------------------------------------------------------------------------------

RATED = ("E2.4", "M1.1", "M1.2", "M1.3", "M1.4")


@pytest.mark.parametrize("name", [name for name in quarry.VALUES if name not in RATED])
def test_the_block_of_an_indicator_ends_in_its_value_and_tells_its_score(name):
    block = views.result.indicator_block(found().case, found().indicators[name])
    assert results(block) == [about(quarry.VALUES[name], 6)]
    (told,) = [line for line in lines(block) if line.startswith(f"{label('score')}: ")]
    assert number(told) == about(quarry.SCORES[name])


def test_the_knots_are_printed_as_pairs_of_value_and_points():
    told = views.result.knots_text(found().indicators["E1.2"])  # the anchors of the indicator's variant, in its order
    assert numbers(told) == [1.5, 0, 1, 60, 0.85, 80, 0.7, 100]


def test_an_own_reference_tells_the_most_that_it_brings():
    block = views.result.indicator_block(found().case, found().indicators["E1.2"])
    assert label("at_most_points").format(points="80") in lines(block)


def test_a_rated_indicator_shows_the_mean_of_its_raters():
    assert results(views.result.indicator_block(found().case, found().indicators["M1.2"])) == [62.5]


def test_the_mean_of_a_single_rating_is_no_step_of_its_own():
    case = mines.example()
    case = mines.with_dossier(case, ratings=[one for one in case.dossier.ratings if one.indicator != "M1.2"] + [
        RatingRow("M1.2", "rater A", None, 75.0, "a basis", "a record", 2)])
    block = views.result.indicator_block(case, cnm.evaluate(case).indicators["M1.2"])
    assert results(block) == []
    assert f"{label('score')}: 75" in lines(block)


def test_a_bounded_rubric_shows_the_area_the_mean_and_the_lower_one():
    area, mean, lower = results(views.result.indicator_block(found().case, found().indicators["O1.3"]))
    assert area == about(4.6 / 6.5 * 100, 6)
    assert mean == 75
    assert lower == about(quarry.SCORES["O1.3"], 6)


def test_ratings_are_printed_with_their_spread_and_who_stands_apart():
    rated = [RatingRow("M1.1", f"rater {letter}", None, points, "a basis", "a record", 2)
             for letter, points in (("A", 100.0), ("B", 100.0), ("C", 100.0), ("D", 40.0))]
    case = mines.example()
    case = mines.with_dossier(case, ratings=[one for one in case.dossier.ratings if one.indicator != "M1.1"] + rated)
    shown = [one for one in table(views.result.ratings_table(case, cnm.evaluate(case).indicators))
             if one["Indicator"].startswith("M1.1")]
    # mean 85, squares 3 * 15^2 + 45^2 = 2700, over 3 is 900: s = 30; the median is 100
    assert {one["Spread"] for one in shown} == {"40–100 (s = 30.0)"}
    assert [one["Outlier"] for one in shown] == ["no", "no", "no", "yes"]
    assert [one["Score"] for one in shown] == ["100", "100", "100", "40"]


def test_a_rating_is_printed_with_its_rater_basis_and_evidence():
    shown = views.result.ratings_table(found().case, found().indicators)
    assert list(table(shown)[0].values())[:5] == [
        "E2.4 Carbon capture and storage", "A", "0", "nothing done", "site record"]


def test_the_block_of_an_indicator_tells_meaning_basis_what_stands_beside_and_readings():
    told = lines(views.result.indicator_block(found().case, found().indicators["O2.1"]))
    assert told[:5] == [
        "Share of the mine's area under vegetation.", "basis: of the greenable area",
        "scoring rule: 40 % scores 0 · 80 % scores 60 · 90 % scores 80 · 100 % scores 100 (assumed)",
        f"beside · of the total area: {6.1 / 16 * 100:.4g} %", f"score: {quarry.SCORES['O2.1']:.4g}"]
    assert told[5] == "readings used: R5, R18, R28"

"""What the report on restoration's carbon sink prints of the copper mine, held to its rows by hand."""

import math
from functools import cache

import pytest

from mineco import views
from mineco.core import kit
from mineco.core.labels import label
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from mineco.report.tables import heading
from tests.helpers.printed import about, column, form, lines, number, numbers, results, row, table

TO_CO2 = 44 / 12
# P1: growth of 236 ha and its soil; P2: 158 ha at 2.1 tC/(ha yr) less 15 t; P3: 74 ha at 1.2 less 9 t (restoration.csv)
RATED = {"SM.1": (100 + 75 + 100) / 3, "SM.2": (75 + 75 + 100) / 3, "SM.3": (100 + 100 + 75) / 3, "SM.4": 75.0,
         "SA.1": (75 + 50) / 2, "SA.2": 75.0, "SA.3": 75.0, "SA.4": (75 + 50) / 2, "SA.5": (100 + 100 + 75) / 3,
         "SA.6": 50.0}
MEASURED = {"SE.1": 20_100 / 21_500 * 100, "SE.2": 478 / 525 * 100, "SE.3": 594 / 612 * 100, "SE.4": 610 / 500,
            "SE.6": 29_800 / 468}


pytestmark = pytest.mark.usefixtures("english")


@cache
def copper():
    return rcs.check(kit.parameters() / "mines" / "example-copper")


def shares():
    """Weights in the total, by hand from the matrices of the stage: a group's share times the indicator's."""
    found = {}
    for level, one in copper().weighing.levels.items():
        # consistent or not, the principal vector is what a matrix raised to a high power has in its columns
        matrix = one.matrix.to_numpy(dtype=float)
        for _ in range(60):
            matrix = matrix @ matrix
            matrix = matrix / matrix.sum()
        found[level] = dict(zip(one.matrix.index, matrix[:, 0] / matrix[:, 0].sum(), strict=True))
    groups = found.pop("groups")
    return groups, {name: groups[level] * share for level, own in found.items() for name, share in own.items()}


def test_the_weights_of_the_stage_are_those_of_its_matrices_in_the_level_and_in_the_total():
    groups, total = shares()
    shown = table(views.sink.level_weights(copper().weighing))
    for one in shown:
        name = one["Item"].split()[0]
        expected = groups[name] if name in groups else total[name]
        assert number(one["Weight in the total"]) == about(expected * 100), name
        inside = groups[name] if name in groups else total[name] / groups[name.partition(".")[0]]
        assert number(one["Weight in its level"]) == about(inside * 100), name


def test_the_score_table_is_weight_times_score():
    _, total = shares()
    shown = views.result.score_table(copper().case, copper().indicators, copper().score)
    for name, points in RATED.items():
        assert number(row(shown, name)["Score"]) == number(row(shown, name)["Value"]) == about(points)
        assert number(row(shown, name)["Adds to the total"]) == about(total[name] * points)
    for name, value in MEASURED.items():
        assert number(row(shown, name)["Value"]) == about(value), name
        assert number(row(shown, name)["Effective weight"]) == about(total[name] * 100)
    parts = [number(one) for one in column(shown, "Adds to the total")]
    assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=0.02)


def test_groups_are_means_of_their_indicators_and_the_total_of_them():
    groups, total = shares()
    management, action, effect, whole = results(views.result.score_steps(copper().case, copper().score))
    for name, found in (("SM", management), ("SA", action)):
        assert found == about(sum(total[one] * points for one, points in RATED.items() if one.startswith(name))
                              / groups[name], 6)
    assert whole == pytest.approx(groups["SM"] * management + groups["SA"] * action + groups["SE"] * effect, rel=1e-5)


def test_parcels_are_printed_with_what_each_takes_up():
    shown = table(views.sink.parcels(copper().effect))
    removals = [number(one["Removal (tCO₂)"]) for one in shown]
    assert removals[2] == about(158 * 2.1 * TO_CO2 - 15)
    assert removals[3] == about(74 * 1.2 * TO_CO2 - 9)
    assert removals[4] == pytest.approx(sum(removals[:4]), abs=2)
    assert number(shown[4]["Area (ha)"]) == 236 + 158 + 74


def test_the_gain_of_the_project_is_its_removals_less_the_baseline():
    removals = number(table(views.sink.parcels(copper().effect))[-1]["Removal (tCO₂)"])
    assert results(views.show_step(copper().case, copper().effect.gain)) == [pytest.approx(removals - 310, abs=1)]


def test_ratings_are_printed_with_their_spread():
    shown = [one for one in table(views.sink.ratings(copper().case, copper().experts))
             if one["Indicator"].startswith("SM.1")]
    assert [one["Score"] for one in shown] == ["100", "75", "100"]
    # mean 91.67, squares 2 * 8.33^2 + 16.67^2 = 416.7, over 2 is 208.3: s = 14.4
    assert {one["Spread"] for one in shown} == {"75–100 (s = 14.4)"}
    assert {one["Outlier"] for one in shown} == {"no"}


def test_points_lost_are_counted_from_100():
    _, total = shares()
    shown = views.result.strengths_and_weaknesses(copper().case, copper().indicators, copper().score)
    for name, points in RATED.items():
        assert number(row(shown, name)["Points lost in the total"]) == about(total[name] * (100 - points))
    lost = [number(one) for one in column(shown, "Points lost in the total")]
    assert lost == sorted(lost, reverse=True)


def test_the_bands_of_the_grades_and_where_the_mine_stands():
    shown = table(views.sink.grade_table(copper().case, copper().grade))
    assert [(one["Grade"], one["Score from"]) for one in shown] == [
        ("grade 1", "85"), ("grade 2", "75"), ("grade 3", "60"), ("below all grades", "—")]
    assert [one["Grade"] for one in shown if one["Final"] == "yes"] == ["grade 2"]


def test_the_conclusion_prints_land_removals_gain_groups_and_total():
    shown = form(views.sink.conclusion(copper()))
    steps = results(views.result.score_steps(copper().case, copper().score))
    removals = number(table(views.sink.parcels(copper().effect))[-1]["Removal (tCO₂)"])
    assert number(shown[heading("restored_area")]) == 468
    assert number(shown[heading("value_removals")]) == removals
    assert number(shown[heading("project_gain")]) == pytest.approx(removals - 310, abs=1)
    assert [number(shown[name]) for name in ("Management", "Action", "Effect")] == [about(one) for one in steps[:3]]
    assert number(shown[heading("total_score")]) == about(steps[3])
    assert "■ grade 2" in shown[heading("grade")]


def test_draws_stand_around_what_was_given():
    drawn = rcs.propagate_uncertainty(copper().case, 400, 3)
    shown = views.sink.intervals(copper().effect, copper().indicators, copper().score, drawn)
    steps = results(views.result.score_steps(copper().case, copper().score))
    removals, total = row(shown, label("value_removals")), row(shown, label("total_score"))
    assert number(removals["As given"]) == number(table(views.sink.parcels(copper().effect))[-1]["Removal (tCO₂)"])
    assert number(total["As given"]) == about(steps[3])
    for line in (removals, total):
        given, mean, low, high = (number(line[name]) for name in list(line)[1:])
        assert low < given < high
        assert low < mean < high
        assert mean == pytest.approx(given, rel=0.05)
    assert numbers(shown.text.splitlines()[-1])[:1] == [400]


def test_the_outlook_counts_to_the_next_grade():
    outlook = rcs.grade_outlook(copper().case, copper().indicators, copper().score)
    total = results(views.result.score_steps(copper().case, copper().score))[3]
    (missing,) = lines(views.result.outlook_text(copper().case, outlook))  # none of its indicators is at zero
    assert number(missing) == math.ceil((85 - total) * 100) / 100  # three digits, and enough

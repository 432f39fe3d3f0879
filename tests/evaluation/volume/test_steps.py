"""Advice on the pages of the first volume: as the advice has it, and apart from findings."""

from functools import cache

import pytest

from mineco import advise, path, views
from mineco.core.formatting import format_rounded
from mineco.core.labels import label
from tests.helpers import mines
from tests.helpers.printed import column, number, table

pytestmark = pytest.mark.usefixtures("english")


@cache
def advised(name="tiny-quarry"):
    return advise(mines.evaluated(name))


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_the_conclusion_shows_the_first_three_steps_with_tonnes_and_points(name):
    shown = table(views.steps.best(advised(name)))
    first = advised(name).steps[:3]
    assert [one["Measure"] for one in shown] == [one.measure.name_en for one in first]
    assert [one["Points"] for one in shown] == [f"+{format_rounded(one.added.points)}" for one in first]
    assert [one["Emissions (tCO₂e/yr)"].lstrip("+") for one in shown] == [
        format_rounded(one.added.emissions) for one in first]


def test_every_step_has_its_evidence_and_a_cost_only_where_one_may_be_shown():
    shown = table(views.steps.all_steps(advised()))
    assert [one["Evidence asked for"] for one in shown] == [one.measure.evidence.en for one in advised().steps]
    assert "Cost (yuan/yr)" not in shown[0]
    first = advised().steps[0].measure.id
    priced = advise(mines.evaluated(), costs={first: 100.0})
    line = table(views.steps.all_steps(priced))[0]
    spared = -priced.steps[0].trial.effect.emissions
    assert number(line["Cost (yuan/yr)"]) == pytest.approx(100 * spared, rel=0.01)


def test_the_staircase_ends_at_the_score_of_all_steps_together():
    told = views.steps.path(advised())[0].alt
    assert told.startswith(f"Points of the total, from {format_rounded(advised().together.before.score)}")
    assert f"to {format_rounded(advised().together.after.score)}; cuts: B 70" in told


def test_a_mine_without_a_step_has_a_sentence_and_no_staircase():
    from dataclasses import replace

    from mineco.evaluation.advice.outcome import Steps

    none = replace(advised(), steps=Steps())
    assert label("advice_no_step") in views.steps.best(none).text
    assert label("advice_no_step") in views.steps.all_steps(none).text
    assert views.steps.path(none) == []


def test_measures_that_are_not_proposed_are_named_with_why():
    told = views.steps.blocked(mines.evaluated(), advised()).text
    assert "Not proposed (condition not met): autonomous haulage." in told


@pytest.mark.parametrize(("name", "told"), [
    ("tiny-quarry", ["E2.4 Carbon capture and storage (+1.5 points)", "M1.1 Carbon department (+0.75 points)",
                     "M1.3 Energy management system (+0.75 points)"]),
    ("example-copper", ["M1.3 Energy management system (+0.375 points)", "M1.4 Carbon-neutral plan (+0.375 points)",
                        "M1.1 Carbon department (+0.25 points)"])])
def test_rated_indicators_that_gain_most_come_first_and_capture_only_where_the_mine_itself_emits(name, told):
    # a level of 25 points: of E2.4 20 % of 30, of M1.1 20 % of 15; means of 87.5 and 91.7 lack half and a third of one;
    # 81 % of the copper mine's emissions are bought power, of which it can capture nothing
    text = views.steps.blocked(mines.evaluated(name), advised(name)).text
    assert text.splitlines()[-1] == f"Rated indicators that gain most by proof of the next level: {'; '.join(told)}."


def test_every_measure_tried_stands_in_the_second_volume():
    assert column(views.steps.tried(advised()), "Measure") == [one.measure.name_en for one in advised().trials]


def test_every_measure_tried_tells_its_share_the_range_and_that_nobody_published_it():
    # battery trucks: 30 % of 10 to 100 %, ours; roads: what the user asks for, of a range worked out
    shown = table(views.steps.tried(advise(mines.evaluated(), shares={"haul-roads": 0.05})))
    told = {one["Measure"]: one["Share taken (range found possible, status)"] for one in shown}
    assert told["battery haul trucks"] == "30 % (10 %–100 %, assumed)"
    assert told["better haul roads and ramps"] == "5 % (2 %–8 %, derived)"


def test_the_size_of_a_measure_on_a_fuel_names_the_fuel():
    shown = table(views.steps.all_steps(advised()))
    assert [one["Size proposed"] for one in shown if one["Measure"].startswith("biodiesel")] == ["diesel 62.1 t"]


def test_advice_says_that_it_is_none_of_the_findings():
    page = views.mine_pages.next_steps(mines.evaluated(), advised(), path(mines.evaluated()))
    assert label("advice_is_advice") in page.text

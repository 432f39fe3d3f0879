"""Scenarios: as arrays what `what_if` gives one by one, and under the same checks; and draws of the whole chain."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text, set_language
from mineco.evaluation.draws import NORMAL_95, draw_case
from mineco.evaluation.places import values_of, with_values
from mineco.evaluation.registry import evaluate, uncertainty
from mineco.evaluation.uncertainty import sampling
from mineco.evaluation.variants.draw import draw
from mineco.evaluation.variants.many_scenarios import scenarios
from mineco.evaluation.variants.what_if import what_if
from tests.helpers import mines

SERIAL = "EX-F-2023-600001-600720"


@pytest.fixture(scope="module")
def quarry():
    return mines.example()


def problems_of(act, *arguments, **named):
    with pytest.raises(BadInput) as caught:
        act(*arguments, **named)
    assert all(problem_text(one, "en") and problem_text(one, "zh") for one in caught.value.problems)
    return caught.value.problems


def stating(case, percent):
    """The case with another uncertainty stated of every datum."""
    return mines.mapped(case, lambda one: replace(one, origin=replace(one.datum, uncertainty_pct=percent)))


@pytest.mark.parametrize("changes", [
    {"electricity": {"purchased": [640, 600, 5]}},
    {"electricity": {"purchased": ["600 MWh", "0.2 GWh"]}, "production": [300_000, 310_000]},
    {"offsets": {SERIAL: [700, 830]}, "explosives": 30},
    {"measures": {"electric-loader": {"project_t_co2e": [20, 40]}}},
    {"parcels": {"Q1": {"area_ha": [4.0, 5.0], "rate_tc_per_ha_yr": [1.0, 2.0]}}},
    {"ratings": {"M1.2": [0, 100]}},
    {"ratings": {"M1.2": {"A": [0, 100]}}},
    {"factors": {"NDRC2014.diesel.NCV": [20, 40]}},
    {"heat": {"purchased": ["5 GJ", "500 GJ"], "sold": "0 GJ"}},
])
def test_scenarios_are_what_each_would_be_alone(quarry, changes):
    found = scenarios(quarry, **changes)
    for number, row in found.reset_index(drop=True).iterrows():
        def one(given, number=number):
            return ({name: one(part) for name, part in given.items()} if isinstance(given, dict)
                    else given[number] if isinstance(given, list) else given)
        alone = evaluate(what_if(quarry, **{name: one(given) for name, given in changes.items()})).summary()
        for name in ("score", "emissions_t_co2e", "net_t_co2e"):
            assert row[name] == pytest.approx(float(alone[name]), rel=1e-12)
        assert row["grade"] == alone["grade"]


def test_a_scenario_that_no_dossier_could_give_is_refused_by_its_number_and_the_others_stay_unmade(quarry):
    found = problems_of(scenarios, quarry, electricity={"purchased": [640, -5, 3, "much"]})
    assert [(one.file, one.column, one.message) for one in found] == [
        ("情景 2 activity.csv", "quantity", "out_of_range"), ("情景 4 activity.csv", "quantity", "not_a_number")]


@pytest.mark.parametrize(("changes", "message"), [
    ({"electricty": {"purchased": [1, 2]}}, "unknown_change"),
    ({"production": 5}, "nothing_varied"),
    ({"production": []}, "nothing_varied"),
    ({"production": [1e5, 2e5], "explosives": [1, 2, 3]}, "lengths_differ"),
    ({"parcels": {"Q1": {"area_ha": [4, 30]}}}, "parcels_exceed_mine"),
    ({"ratings": {"M1.2": [50, 33]}}, "not_a_level"),
    ({"production": [1e5, None]}, "scenario_without_number"),
    ({"production": [None, 1e5]}, "scenario_without_number"),
    ({"offsets": {SERIAL: [720, None]}}, "scenario_without_number"),
    ({"factors": {"NDRC2014.diesel.NCV": [40, None]}}, "scenario_without_number"),
    ({"production": [1e5, float("nan")]}, "not_a_change"),
    ({"production": [1e5, True]}, "not_a_change"),
    ({"production": [1e5, [2e5]]}, "not_a_change"),
    ({"production": [1e5, "2e5 MWh"]}, "wrong_dimension"),
    ({"production": b"12"}, "nothing_varied"),
    ({"offsets": {SERIAL: {"note": ["a", "b"]}}}, "not_to_be_varied"),
    ({"factors": {"NDRC2014.diesel.NCV": [40, -1]}}, "out_of_range"),
    ({"factors": {"NDRC2014.gasoline.NCV": [40, 41]}}, "factor_without_use"),
    ({"production": [1e5, 2e5], "factors": {"NDRC2014.gasoline.NCV": 41}}, "factor_without_use"),
    ({"green_area": [5.0, 500.0]}, "part_exceeds_whole"),
])
def test_scenarios_that_cannot_be_are_refused(quarry, changes, message):
    assert problems_of(scenarios, quarry, **changes)[0].message == message


def test_what_is_wrong_with_one_value_is_told_at_the_number_of_its_scenario(quarry):
    set_language("en")
    found = problems_of(scenarios, quarry, electricity={"purchased": [640, None, True, "5 kg"]})
    assert [(one.message, one.file) for one in found] == [
        ("scenario_without_number", "scenario 2"), ("not_a_change", "scenario 3")]
    (unit,) = problems_of(scenarios, quarry, electricity={"purchased": [640, "5 kg"]})
    assert (unit.message, unit.file, unit.row) == ("wrong_dimension", "scenario 2 activity.csv", 12)


def test_several_values_may_stand_in_the_column_of_their_row(quarry):
    for plain, column in (({"offsets": {SERIAL: [720, 360]}}, {"offsets": {SERIAL: {"quantity": [720, 360]}}}),
                          ({"production": [3e5, 2e5]}, {"production": {"value": [3e5, 2e5]}}),
                          ({"ratings": {"M1.2": {"A": [75, 100]}}},
                           {"ratings": {"M1.2": {"A": {"level": [75, 100]}}}})):
        one, other = scenarios(quarry, **plain), scenarios(quarry, **column)
        assert (one.iloc[:, 1:] == other.iloc[:, 1:]).all(axis=None)


def test_a_place_that_is_not_there_is_refused(quarry):
    (problem,) = problems_of(with_values, quarry, {("offsets.csv", 3, "quantity"): 5.0})
    assert (problem.message, problem.details["known"]) == ("no_such_place", "2")


def test_a_value_that_no_dossier_could_give_is_refused_at_its_place(quarry):
    (problem,) = problems_of(with_values, quarry, {("offsets.csv", 2, "quantity"): np.array([5.0, -915.0])})
    assert (problem.message, problem.value) == ("out_of_range", -915.0)


def test_the_values_of_a_case_put_back_leave_it_as_it_is(quarry):
    assert evaluate(with_values(quarry, values_of(quarry))).summary() == evaluate(quarry).summary()


def test_draws_spread_as_the_stated_uncertainty_says(quarry):
    drawn, told = draw_case(quarry, 20_000, seed=3)
    fuel = next(row.quantity for row in drawn.dossier.activity if (row.year, row.source) == (2024, "mobile-combustion"))
    assert np.std(fuel.value) == pytest.approx(207 * 0.02 / NORMAL_95, rel=0.03)  # 207 t +- 2 %
    assert np.mean(fuel.value) == pytest.approx(207, rel=0.001)
    assert "mobile-combustion.diesel.quantity.2024" in told.names
    assert "measure.electric-loader.baseline.2024" in told.names


def test_under_a_standard_without_an_account_what_the_account_rests_on_stays_and_all_else_is_drawn_alike():
    drawn, sink = (draw_case(stating(mines.example("changcun-coal", standard=standard), 1.0), 50)
                   for standard in ("carbon-neutral-mine-2025", "restoration-carbon-sink-2024"))
    assert all(np.ndim(row.quantity.value) == 1 for row in drawn[0].dossier.activity if np.any(row.quantity.value))
    assert all(isinstance(row.quantity.value, float) for row in sink[0].dossier.activity)
    for one, other in zip(drawn[0].dossier.metrics, sink[0].dossier.metrics, strict=True):
        assert np.array_equal(one.quantity.value, other.quantity.value)


def test_what_is_contracted_is_drawn_within_what_is_purchased():
    case = mines.example("changcun-coal")
    drawn, _ = draw_case(case, 500, seed=1)
    evaluate(drawn)  # is refused where contracts exceed the purchase


def test_draws_of_the_whole_chain_have_intervals_grades_and_a_frame(quarry):
    found = draw(quarry, 2000, seed=1)
    emissions = found.interval("emissions_t_co2e")
    assert emissions.low < float(evaluate(quarry).ledger.emissions) < emissions.high
    frame = found.frame()
    assert len(frame) == 2000
    assert frame["emissions_t_co2e"].mean() == pytest.approx(emissions.mean)
    assert found.grades == {name: float((frame["grade"] == name).mean()) for name in quarry.standard.grade_ids}
    assert draw(quarry, 2000, seed=1).frame().equals(frame)
    assert not draw(quarry, 2000, seed=2).frame().equals(frame)


@pytest.mark.parametrize("name", ["tiny-quarry", "changcun-coal"])
def test_draws_are_those_of_the_uncertainty_of_the_same_seed(name):
    found, told = draw(mines.example(name), 300, seed=7), uncertainty(mines.example(name), 300, seed=7)
    assert found.frame().equals(told.draws_frame())
    assert (found.draws, found.grades) == (told.draws, told.grades)


def test_what_is_stated_alone_varies_where_defaults_are_left_out(quarry):
    stated, both = draw(quarry, 200, defaults=False), draw(quarry, 200)
    assert set(stated.draws.names) < set(both.draws.names)
    assert not [one for one in stated.draws.names if one.startswith(("prov.", "ratings"))]
    assert np.ndim(stated.values["M1.2"]) == 0
    assert np.ndim(both.values["M1.2"]) == 1
    assert stated.interval("emissions_t_co2e").high < both.interval("emissions_t_co2e").high
    bare = stating(quarry, None)
    assert [one.message for one in problems_of(draw, bare, 20, defaults=False)] == ["no_uncertainty_stated"]
    assert draw(bare, 20).draws.count == 20


def test_draws_of_a_sink_vary_among_the_raters_who_count():
    # SM.1 of the mine: 50 and 75 points; the 100 of a rater with a conflict of interest do not count (reading S8)
    sink = mines.example("changcun-coal", standard="restoration-carbon-sink-2024")
    left_out = [row for row in evaluate(sink).experts.left_out if row.indicator == "SM.1"]
    counted = [row.score for row in evaluate(sink).experts.counted if row.indicator == "SM.1"]
    found = draw(sink, 4000)
    assert left_out
    assert found.of("SM.1").mean() == pytest.approx(np.mean(counted), abs=4 * np.std(counted) / 3**0.5 / 4000**0.5)
    assert not [one for one in found.draws.names if f"ratings.csv:{left_out[0].line} " in one]
    assert set(np.round(found.of("SM.1"), 6)) <= {round(sum(three) / len(counted), 6) for three in
                                                  itertools.product(counted, repeat=len(counted))}


def test_scenarios_of_ratings_of_a_sink_are_what_each_would_be_alone():
    sink = mines.example("changcun-coal", standard="restoration-carbon-sink-2024")
    found = scenarios(sink, ratings={"SM.1": [0, 100]})
    for row, points in zip(found["score"], (0, 100), strict=True):
        assert row == pytest.approx(float(evaluate(what_if(sink, ratings={"SM.1": points})).score.total))


def test_data_that_balances_hold_are_told_beside_the_draws(quarry, monkeypatch):
    monkeypatch.setattr(sampling, "MOST_BEYOND", 0.0)
    found = draw(mines.example("changcun-coal"), 50)
    assert "solid_waste_used" in {one.name for one in found.held}
    assert "被平衡或界限固定而未变动的" in found._repr_html_()


def test_draws_are_refused_where_nothing_is_to_be_drawn(quarry):
    bare = what_if(quarry, production={"uncertainty_pct": ""})
    assert [one.message for one in problems_of(draw, bare, 0)] == ["argument_too_small"]
    assert [one.message for one in problems_of(draw(quarry, 10).interval, "scor")] == ["no_such_figure"]
    area = mines.example("example-restoration-area", standard="restoration-area-2025")
    assert [one.message for one in problems_of(draw, area)] == ["draws_of_its_own"]

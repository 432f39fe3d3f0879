"""Indicators: each value and score of the tiny quarry by hand, what does not apply, what is missing, who rated."""


from functools import cache

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.dossier.mine import NotApplicable
from mineco.dossier.rows import RatingRow
from mineco.dossier.texts import OwnText
from mineco.evaluation.account import compute_account
from mineco.evaluation.carbon_neutral_mine.evaluate import compute_accounts, compute_score, measure_indicators
from mineco.evaluation.carbon_neutral_mine.quantities import named_quantities
from mineco.evaluation.case import with_options
from mineco.evaluation.indicator_results import measure_all_indicators
from mineco.evaluation.ledgers import compute_ledger
from tests.helpers import mines
from tests.helpers.quarry import ENERGY, SCORES, VALUES, between


@cache
def quarry():
    return mines.example()


@cache
def coal():
    return mines.example("changcun-coal")


def measured(case):
    return measure_indicators(case, compute_accounts(case), compute_ledger(case))


def problems_of(case):
    with pytest.raises(BadInput) as caught:
        measured(case)
    for problem in caught.value.problems:
        assert problem_text(problem, "zh")
        assert problem_text(problem, "en")
    return caught.value.problems


def left_out(case, **reasons):
    text = OwnText(zh="理由", en="why")
    return mines.with_mine(case, not_applicable={
        name.replace("_", "."): NotApplicable(reason=reason, text=text) for name, reason in reasons.items()})


def first_year(case):
    """The case in its documented first year."""
    base = case.dossier.mine.base_year.model_copy(update={"year": 2024, "documented_first_year": True})
    return mines.with_mine(case, base_year=base)


# --- the tiny quarry by hand ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", VALUES)
def test_each_value_of_the_quarry_follows_from_its_rows(name):
    assert float(measured(quarry())[name].value) == pytest.approx(VALUES[name], rel=1e-9)


@pytest.mark.parametrize("name", SCORES)
def test_each_score_of_the_quarry_lies_on_its_value_function(name):
    assert float(measured(quarry())[name].score) == pytest.approx(SCORES[name], rel=1e-9)


def test_what_raters_score_is_left_out_where_nobody_rated():
    account = compute_accounts(quarry())
    named = named_quantities(quarry(), account, compute_ledger(quarry()))
    measured_alone = measure_all_indicators(quarry(), named, rated=False)
    assert set(quarry().standard.indicators) - set(measured_alone) == {
        "E2.4", "M1.1", "M1.2", "M1.3", "M1.4", "O1.3"}


def test_all_24_indicators_are_measured_in_the_order_of_the_table():
    assert list(measured(quarry())) == list(quarry().standard.indicators)
    assert set(SCORES) == set(quarry().standard.indicators)


# --- what does not apply (reading R6) -------------------------------------------------------------------------------

def test_the_weight_of_an_indicator_that_does_not_apply_is_spread_inside_its_group():
    case = left_out(quarry(), E3_2="no_mine_water")
    found = measured(case)
    assert (found["E3.2"].score, found["E3.2"].reason, found["E3.2"].applicable) == (None, "no_mine_water", False)
    score = compute_score(case, found)
    # 50, 15 and 15 of the remaining 80, times 15 % of the total
    assert score.weights["E3.2"] == 0
    assert score.weights["E3.1"] == pytest.approx(0.15 * 50 / 80)
    assert score.weights["E3.3"] == pytest.approx(0.15 * 15 / 80)
    assert sum(score.weights.values()) == pytest.approx(1.0)
    assert score.nominal_weights["E3.2"] == pytest.approx(0.03)
    expected = (50 * SCORES["E3.1"] + 15 * SCORES["E3.3"] + 15 * SCORES["E3.4"]) / 80
    assert float(score.groups["E3"]) == pytest.approx(expected)


def test_an_indicator_that_does_not_apply_asks_for_no_data():
    case = left_out(quarry(), E3_1="no_solid_waste", E3_3="no_solid_waste")
    rows = [row for row in case.dossier.metrics if "waste" not in row.metric]
    assert measured(mines.with_dossier(case, metrics=rows))["E3.1"].reason == "no_solid_waste"


def test_withholding_data_is_no_reason():
    (problem,) = problems_of(left_out(quarry(), E3_1="no_mine_water"))
    assert (problem.message, problem.row) == ("reason_not_allowed", "not_applicable.E3.1.reason")


def test_a_quarry_is_no_water_or_gas_mine():
    (problem,) = problems_of(left_out(quarry(), E3_1="water_gas_mine"))
    assert problem.details["allowed"] == "no_solid_waste"
    water = mines.example("example-mineral-water")
    assert measured(left_out(water, E3_1="water_gas_mine", E3_3="water_gas_mine"))["E3.1"].reason == "water_gas_mine"


def test_carbon_capture_is_left_out_only_under_its_option():
    case = left_out(quarry(), E2_4="no_capturable_source")
    assert [one.message for one in problems_of(case)] == ["reason_not_allowed"]
    assert not measured(with_options(case, ccs_not_applicable=True))["E2.4"].applicable


def test_a_documented_first_year_leaves_out_what_compares_years():
    case = first_year(quarry())
    found = measured(case)
    assert [name for name, one in found.items() if not one.applicable] == ["E1.1", "E1.3", "E1.4"]
    assert {found[name].reason for name in ("E1.1", "E1.3", "E1.4")} == {"documented_first_year"}
    assert compute_score(case, found).weights["E1.2"] == pytest.approx(0.15)


def test_a_first_year_is_claimed_by_the_base_year_alone():
    (problem,) = problems_of(left_out(quarry(), E1_4="documented_first_year"))
    assert (problem.message, problem.details["allowed"]) == ("reason_not_allowed", "—")


# --- what is missing ------------------------------------------------------------------------------------------------

def test_every_missing_figure_and_rating_is_told_at_once():
    case = mines.with_dossier(
        quarry(), metrics=[row for row in quarry().dossier.metrics
                         if (row.metric, row.year) not in (("energy_cap", 2024), ("production", 2023))],
        ratings=[row for row in quarry().dossier.ratings if row.indicator != "M1.2"])
    found = [(one.message, one.value, one.details.get("year")) for one in problems_of(case)]
    # production of 2023 is asked for by E1.3 as that of the previous year
    assert found == [("missing_metric", "production", 2023), ("missing_reference", "energy_cap", 2024),
                     ("missing_rating", "M1.2", None)]


def test_a_figure_that_bounds_a_rubric_is_asked_for():
    rows = [row for row in quarry().dossier.metrics if row.metric != "planned_reclamation_area"]
    found = {(one.value, one.details["year"], one.details["indicator"])
             for one in problems_of(mines.with_dossier(quarry(), metrics=rows))}
    assert found == {("planned_reclamation_area", 2024, "O1.3"), ("planned_reclamation_area", 2023, "O2.2")}


def test_a_figure_that_only_stands_beside_may_be_missing():
    case = with_options(quarry(), green_cover_denominator="greenable")
    rows = [row for row in case.dossier.metrics if row.metric != "total_area"]
    assert measured(mines.with_dossier(case, metrics=rows))["O2.1"].beside == {}
    assert float(measured(case)["O2.1"].beside["total-area"]) == pytest.approx(6.1 / 16 * 100)


# --- nothing planned, nothing done ----------------------------------------------------------------------------------

def test_a_mine_without_a_target_scores_0_for_it():
    one = measured(mines.with_metric(quarry(), "planned_abatement", 0.0))["E2.5"]
    assert (float(one.value), one.value.unit, one.score) == (0.0, "%", 0.0)


def test_a_mine_that_restored_nothing_scores_0_per_area():
    one = measured(mines.with_dossier(quarry(), parcels=[]))["O2.2"]
    assert (float(one.value), one.score) == (0.0, 0.0)


def test_a_mine_without_a_plan_of_reclamation_is_bounded_by_0():
    assert measured(mines.with_metric(quarry(), "planned_reclamation_area", 0.0))["O1.3"].score == 0.0


def test_among_many_mines_those_without_a_target_score_0_and_the_others_as_alone():
    one = measured(mines.with_metric(quarry(), "planned_abatement", np.array([0.0, 80.0, 66.0])))["E2.5"]
    np.testing.assert_allclose(one.score, [0.0, between(82.5, (80, 80), (100, 100)), 100.0])
    np.testing.assert_allclose(one.value.value, [0.0, 82.5, 100.0])


# --- raters (reading R25) -------------------------------------------------------------------------------------------

def rated(case, indicator, *scores):
    kept = [row for row in case.dossier.ratings if row.indicator != indicator]
    rows = [RatingRow(indicator, f"rater {number}", None, score, "a basis", "a record", number)
            for number, score in enumerate(scores, 1)]
    return mines.with_dossier(case, ratings=kept + rows)


def test_several_raters_give_their_mean():
    one = measured(rated(quarry(), "M1.1", 25.0, 75.0, 80.0))["M1.1"]
    assert float(one.score) == pytest.approx(60.0)
    assert {rater: float(score) for rater, score in one.ratings.items()} == {
        "rater 1": 25.0, "rater 2": 75.0, "rater 3": 80.0}


@pytest.mark.parametrize(("rating", "expected"), [(50.0, 50.0), (100.0, SCORES["O1.3"])])
def test_measured_area_bounds_a_rubric_from_above_only(rating, expected):
    one = measured(rated(quarry(), "O1.3", rating))["O1.3"]
    assert float(one.score) == pytest.approx(expected)
    assert float(one.mean_rating) == rating
    assert float(one.bound) == pytest.approx(4.6 / 6.5 * 100)


def test_a_panel_stands_beside_a_value_and_does_not_replace_it():
    one = measured(rated(quarry(), "E1.2", 10.0, 30.0))["E1.2"]
    assert float(one.mean_rating) == 20.0
    assert float(one.score) == pytest.approx(SCORES["E1.2"])


# --- variants -------------------------------------------------------------------------------------------------------

def test_the_kind_of_mine_chooses_the_value_function():
    opencast, underground = measured(quarry())["E1.2"], measured(coal())["E1.2"]
    assert (opencast.variant.id, opencast.value.unit) == ("reference", "1")
    assert (underground.variant.id, underground.value.unit) == ("coal-underground", "kgCO2e/t")
    # t over Mt of production
    emissions = float(compute_account(coal(), 2024).emissions())
    production = next(row for row in coal().dossier.metrics if (row.metric, row.year) == ("production", 2024)).quantity
    assert production.unit in ("t", "万t")
    tonnes = float(production) * (1e4 if production.unit == "万t" else 1)
    assert float(underground.value) == pytest.approx(emissions * 1000 / tonnes)


def test_an_option_chooses_the_value_function():
    one = measured(with_options(quarry(), green_cover_denominator="total"))["O2.1"]
    assert one.variant.id == "total"
    assert float(one.value) == pytest.approx(6.1 / 16 * 100)
    assert float(one.score) == 100.0  # 38 % of the whole area, above 35 %


def test_green_power_takes_the_slot_and_is_not_scored_twice():
    rows = [mines.activity("green-power", "wind", "quantity", 160.0, "MWh"),
            mines.activity("green-power", "wind", "factor", 0.0, "tCO2/MWh")]
    found = measured(with_options(mines.plus(quarry(), *rows), green_power_slot="green_power"))
    # reading R3: 160 of 780 MWh in the slot, and only the roof's 140 MWh among the renewables
    assert float(found["O1.1"].value) == pytest.approx(160 / 780 * 100)
    assert float(found["M1.6"].value) == pytest.approx(140 * 0.1229 / ENERGY * 100)


def test_many_mines_of_which_some_planned_nothing_score_as_each_of_them_alone():
    planned = np.array([0.0, 6.0, 12.0])  # of 6 ha reclaimed
    case = mines.with_metric(quarry(), "reclaimed_area", 6.0)
    together = measured(mines.with_metric(case, "planned_reclamation_area", planned))["O1.3"]
    alone = [measured(mines.with_metric(case, "planned_reclamation_area", float(one)))["O1.3"] for one in planned]
    assert list(together.bound.value) == [float(one.bound.value) for one in alone] == [0.0, 100.0, 50.0]
    assert [float(one) for one in np.broadcast_to(together.score, 3)] == [float(one.score) for one in alone]

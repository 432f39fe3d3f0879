"""What stops nothing is told nevertheless: zeros are compared too, and many mines at once as each alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import Problem
from mineco.core.labels import problem_text
from mineco.dossier.checks.noticed import notice_columns, problems_of
from mineco.dossier.checks.plausibility import impossible_properties
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.places import with_values
from mineco.evaluation.variants.columns import summary_with_notices
from tests.helpers import mines


def notices(case, message):
    return [one for one in case.notices if one.message == message]


def row_of(case, source, parameter="quantity", year=2024):
    """The place of a figure of activity.csv."""
    datum = next(row.quantity.datum for row in case.dossier.activity
                 if (row.source, row.parameter, row.year) == (source, parameter, year))
    return datum.file, datum.row, datum.column


def figure(case, metric, year=2024):
    datum = case.figure(metric, year).datum
    return datum.file, datum.row, datum.column


# --- zeros ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("now", "before", "is_told"), [(0.0, 207.0, True), (207.0, 0.0, True), (0.0, 0.0, False)])
def test_a_source_that_falls_to_zero_or_rises_from_it_is_told(now, before, is_told):
    case = mines.example_once()
    changed = with_values(case, {row_of(case, "mobile-combustion"): now,
                                 row_of(case, "mobile-combustion", year=2023): before})
    assert bool(notices(changed, "changed_from_zero")) is is_told


def test_an_operating_figure_that_falls_to_zero_is_told_at_its_row():
    case = mines.example_once()
    (told,) = notices(with_values(case, {figure(case, "fresh_water"): 0.0}), "changed_from_zero")
    assert (told.file, told.row) == figure(case, "fresh_water")[:2]
    assert told.details["year"] == 2023


def test_nothing_bought_beside_an_output_is_below_what_is_usual():
    case = mines.example_once()
    (told,) = notices(with_values(case, {row_of(case, "electricity", "purchased"): 0.0}), "unusual_ratio")
    assert (told.details["ratio"], told.details["least"]) == ("0 kWh/t", "0.02")


def test_use_beside_an_output_of_zero_is_beyond_all_bounds():
    case = mines.example_once()
    told = notices(with_values(case, {figure(case, "production"): 0.0}), "unusual_ratio")
    assert told
    assert {one.details["ratio"].split(" ")[0] for one in told} == {"∞"}


def test_nothing_beside_nothing_is_no_ratio():
    case = mines.example_once()
    idle = with_values(case, {figure(case, "production"): 0.0, row_of(case, "explosives"): 0.0})
    assert "炸药" not in " ".join(one.details["name_zh"] for one in notices(idle, "unusual_ratio"))


def test_a_property_that_the_tables_have_as_zero_is_told_and_not_refused():
    case = mines.example_once()  # hydrogen burns without CO2
    own = mines.plus(case, mines.activity("pure-fuels", "hydrogen", "quantity", 10.0, "t"),
                     mines.activity("pure-fuels", "hydrogen", "factor", 0.1, "tCO2/t"))
    (told,) = notices(own, "far_from_factors")
    assert told.details["largest"] == "0"
    assert not any(wrong for wrong, _ in impossible_properties(own.dossier.activity, own.standard, own.factors))


def test_a_fuel_that_is_new_beside_others_is_told_and_one_of_zero_is_not():
    case = mines.example_once()
    kept = [row for row in case.dossier.activity if row.source == "mobile-combustion" and row.year == 2024]
    petrol = [replace(row, key="gasoline") for row in kept]
    assert [one.value for one in notices(mines.plus(case, *petrol), "key_new")] == ["gasoline"]
    none = [replace(row, quantity=replace(row.quantity, value=0.0)) for row in petrol]
    assert notices(mines.plus(case, *none), "key_new") == []


# --- one mine and many ----------------------------------------------------------------------------------------------

@given(production=st.lists(st.sampled_from([0.0, 300.0, 3e5, 3e7]), min_size=2, max_size=5),
       power=st.sampled_from([0.0, 6.4, 640.0, 6.4e5]), green=st.sampled_from([0.5, 12.0]))
def test_many_mines_at_once_are_told_what_each_is_told_alone(production, power, green):
    case = mines.example_once()
    places = {figure(case, "production"): production,
              row_of(case, "electricity", "purchased"): [power, *[640.0] * (len(production) - 1)],
              figure(case, "greenable_area"): [green, *[12.0] * (len(production) - 1)]}
    if green < 12:
        places.pop(figure(case, "greenable_area"))  # a part larger than its whole is refused elsewhere
    together = notice_columns(with_values(case, {place: np.array(one) for place, one in places.items()}).noticed)
    count, texts = (np.broadcast_to(together[name], len(production)) for name in ("notice_count", "notices"))
    for number in range(len(production)):
        alone = notice_columns(with_values(case, {place: one[number] for place, one in places.items()}).noticed)
        assert (count[number], texts[number]) == (alone["notice_count"], alone["notices"])


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_what_an_evaluation_tells_of_one_mine_is_counted_in_its_columns(name):
    evaluation = mines.evaluated(name)
    found = summary_with_notices(evaluation.case)
    assert found["notice_count"] == len(evaluation.notices) == len(found["notices"].split("; "))
    assert found["notices"].split("; ")[0].split(" ")[0] == evaluation.notices[0].message


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_findings_of_the_result_hold_for_arrays_as_for_floats(name):
    case = mines.example_once(name)
    place = figure(case, "production")
    outputs = float(case.figure("production")) * np.array([0.5, 1.0, 20.0])
    together = notice_columns(evaluate(with_values(case, {place: outputs})).noticed())
    alone = [notice_columns(evaluate(with_values(case, {place: one})).noticed()) for one in outputs.tolist()]
    assert together["notices"].tolist() == [one["notices"] for one in alone]
    assert together["notice_count"].tolist() == [one["notice_count"] for one in alone]


def test_the_same_is_told_once():
    twice = [(True, Problem("source_new", "activity.csv", 2)), (True, Problem("source_new", "activity.csv", 2))]
    assert len(problems_of(twice)) == 1


def test_of_other_potentials_a_measure_is_told_at_its_own_row():
    case = mines.example(gwp="AR4")  # the ledger has converted its tonnes
    clean = [replace(row, project_t_co2e=replace(row.project_t_co2e, value=0.0)) for row in case.dossier.measures]
    told = evaluate(mines.with_dossier(case, measures=clean)).notices
    assert [(one.file, one.row, one.value) for one in told if one.message == "measure_leaves_nothing"] == [
        ("measures.csv", 2, clean[0].id)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lines_of_a_table_are_called_rows(language):
    told = problem_text(Problem("single_rater", "ratings.csv", "2–4, 7", "indicator", "E2.4"), language)
    assert told.startswith({"zh": "ratings.csv，第 2–4, 7 行", "en": "ratings.csv, rows 2–4, 7,"}[language])

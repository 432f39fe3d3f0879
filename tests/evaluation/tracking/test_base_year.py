"""The base year recalculated for structural changes, methods and errors (reading R21; GHG Protocol, chapter 5)."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.core.labels import set_language
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.carbon_neutral_mine.views import conclusion
from mineco.evaluation.tracking.base_year import restated_years, share_changed
from mineco.evaluation.tracking.track import track
from mineco.evaluation.tracking.views import base_year as views
from mineco.evaluation.tracking.years import years_of
from mineco.evaluation.variants.what_if import what_if
from mineco.evaluation.views.case import years as years_view
from tests.helpers import mines
from tests.helpers.refusals import refused_with

KIND = {"kind": "acquisition", "evidence": "contract of purchase", "text": {"zh": "购入破碎站", "en": "crusher bought"}}


@cache
def ten_years():
    return mines.example("example-quarry-years")


def changed(*changes):
    return what_if(ten_years(), mine={"base_year.changes": [{**KIND, "year": 2020, **one} for one in changes]})


@cache
def reported(year=2016):
    return float(cnm.evaluate(ten_years()).accounts[year].emissions())


def path(case):
    return float(cnm.evaluate(case).indicators["E1.1"].measured)


def notices(case):
    return [one.message for one in cnm.evaluate(case).notices]


def by_hand(base, now, years=9):
    return 100 * (1 - (now / base) ** (1 / years))


def test_a_part_that_was_bought_is_added_to_the_base_year_and_to_every_year_before_it_was_in_the_account():
    case = changed({"t_co2e": 200.0})
    found = {one.year: one for one in restated_years(case, years_of([case]))}
    assert [found[year].restated - found[year].reported for year in (2016, 2019, 2020, 2025)] == pytest.approx(
        [200, 200, 0, 0])
    assert path(case) == pytest.approx(by_hand(reported() + 200, reported(2025)))


def test_a_part_that_was_sold_is_taken_from_them_so_that_selling_it_is_no_abatement():
    case = changed({"kind": "divestiture", "t_co2e": -200.0})
    assert path(case) == pytest.approx(by_hand(reported() - 200, reported(2025)))
    assert path(case) < path(ten_years())


def test_amounts_of_years_between_are_taken_where_stated_and_else_assumed_and_told():
    case = changed({"t_co2e": 200.0, "other_years": {"2017": 190.0, "2018": 180.0}})
    found = {one.year: one for one in restated_years(case, years_of([case]))}
    assert [round(found[year].restated - found[year].reported, 9) for year in (2017, 2018, 2019)] == [190, 180, 200]
    assert [found[year].assumed for year in (2016, 2017, 2018, 2019)] == [False, False, False, True]
    told = [one for one in cnm.evaluate(case).notices if one.message == "base_year_change_assumed"]
    assert [one.value for one in told] == ["2019"]


def test_up_to_five_per_cent_nothing_is_recalculated_and_above_all_of_it_is():
    at, above = reported() * 0.05, np.nextafter(reported() * 0.05, np.inf) + 1e-6
    assert path(changed({"t_co2e": at * (1 - 1e-12)})) == path(ten_years())
    assert "base_year_change_not_significant" in notices(changed({"t_co2e": at * (1 - 1e-12)}))
    assert path(changed({"t_co2e": above})) == pytest.approx(by_hand(reported() + above, reported(2025)))


def test_small_changes_are_cumulated():
    part = reported() * 0.02
    assert path(changed({"t_co2e": part}, {"t_co2e": part + 0.1, "year": 2021})) == path(ten_years())
    case = changed(*({"t_co2e": part + n / 10, "year": 2020 + n} for n in range(3)))
    assert share_changed(case, years_of([case])) == pytest.approx(6, abs=0.1)
    assert path(case) == pytest.approx(by_hand(reported() + 3 * part + 0.3, reported(2025)))


def test_changes_that_cancel_out_are_two_changes():
    case = changed({"t_co2e": 100.0}, {"kind": "error", "t_co2e": -100.0, "year": 2022})
    assert share_changed(case, years_of([case])) == pytest.approx(100 * 200 / reported())
    assert "base_year_recalculated" in notices(case)
    assert path(case) == pytest.approx(path(ten_years()))


def test_what_the_grade_owes_to_it_is_told_with_both_results_on_the_conclusion():
    case = changed({"t_co2e": 600.0})
    found = cnm.evaluate(case)
    beside = found.as_reported()
    assert float(beside.score.total) == float(cnm.evaluate(ten_years()).score.total)
    told = next(one for one in found.notices if one.message == "base_year_recalculated").details
    assert told["rate_before"].startswith(f"{path(ten_years()):.4g}")
    assert told["rate_after"].startswith(f"{path(case):.4g}")
    assert told["grade_before_en"] == beside.grade.final
    assert told["score_before"] in conclusion.formal_table(found).text


def test_words_alone_prove_a_change_only_with_a_notice():
    assert "base_year_change_by_words" in notices(changed({"t_co2e": 200.0}))


def test_intensity_is_of_emissions_and_production_of_the_same_boundary():
    case = changed({"t_co2e": 200.0, "year": 2025})
    now, before = cnm.evaluate(case).indicators, cnm.evaluate(ten_years()).indicators
    assert float(now["E1.3"].measured) == float(before["E1.3"].measured)
    beside = [{name: float(one) for name, one in found["E1.3"].beside.items()} for found in (now, before)]
    assert beside[0]
    assert beside[0] == beside[1]


def test_the_year_before_is_recalculated_too_so_that_selling_a_part_this_year_is_no_yearly_reduction():
    case = changed({"kind": "divestiture", "t_co2e": -100.0, "year": 2025})
    assert float(cnm.evaluate(case).indicators["E1.4"].measured) == pytest.approx(
        100 * (1 - reported(2025) / (reported(2024) - 100)))


def test_targets_below_the_base_year_are_below_the_recalculated_one():
    goal = track(changed({"t_co2e": 200.0})).goals[0]
    assert goal.emissions == pytest.approx(0.8 * (reported() + 200))  # 20 % below


def test_a_base_year_that_changes_take_away_serves_no_mine_that_emits():
    with refused_with("base_year_without_emissions"):
        cnm.evaluate(changed({"kind": "divestiture", "t_co2e": -reported()}))


@pytest.mark.parametrize(("change", "message"), [
    ({"kind": "organic", "t_co2e": 200.0}, "base_year_change_organic"),
    ({"t_co2e": -200.0}, "base_year_change_sign"),
    ({"kind": "divestiture", "t_co2e": 200.0}, "base_year_change_sign"),
    ({"kind": "outsourcing", "t_co2e": -20.0, "other_years": {"2018": 20.0}}, "base_year_change_sign"),
    ({"kind": "method", "t_co2e": 0.0}, "base_year_change_sign"),
    ({"t_co2e": 200.0, "year": 2016}, "base_year_change_outside"),
    ({"t_co2e": 200.0, "year": 2026}, "base_year_change_outside"),
    ({"t_co2e": 200.0, "other_years": {"2016": 20.0}}, "base_year_change_not_between"),
    ({"t_co2e": 200.0, "other_years": {"2020": 20.0}}, "base_year_change_not_between"),
    ({"t_co2e": 200.0, "other_years": {"early": 20.0}}, "bad_id"),
    ({"t_co2e": float("inf")}, "not_a_change"),
    ({"kind": "growth", "t_co2e": 200.0}, "not_in_list"),
    ({"t_co2e": 200.0, "evidence": ""}, "missing_text"),
    ({"t_co2e": 200.0, "evidence": "evidence/nothing.pdf"}, "missing_file"),
])
def test_a_change_that_cannot_be_is_refused(change, message):
    with pytest.raises(BadInput) as caught:
        changed(change)
    assert message in [one.message for one in caught.value.problems]


def test_one_change_is_told_once_and_in_one_way():
    with refused_with("base_year_change_twice"):
        changed({"t_co2e": 200.0}, {"t_co2e": 200.0})
    with refused_with("base_year_told_twice"):
        what_if(changed({"t_co2e": 200.0}), mine={"base_year.recalculated": True})


@settings(max_examples=15, deadline=None)
@given(first=st.floats(70, 400), more=st.floats(1, 300))
def test_the_more_is_added_to_the_base_year_the_better_the_path_which_is_why_it_is_told(first, more):
    assert path(changed({"t_co2e": first + more})) > path(changed({"t_co2e": first}))


def test_many_mines_at_once_are_recalculated_one_by_one():
    case = changed({"t_co2e": 64.0})  # 5.04 % of 1,270.46 t
    rows = [replace(row, quantity=replace(row.quantity, value=np.array([1.0, 1.1]) * row.quantity.value))
            if row.year == 2016 else row for row in case.dossier.activity]
    found = cnm.evaluate(mines.with_dossier(case, activity=rows))
    bases = np.asarray(found.accounts[2016].emissions().value)
    expected = [by_hand(bases[0] + 64, reported(2025)), by_hand(bases[1], reported(2025))]
    assert list(found.indicators["E1.1"].measured.value) == pytest.approx(expected)
    told = {problem.message: list(np.broadcast_to(holds, 2)) for holds, problem in found.noticed()
            if problem.message.startswith("base_year_")}
    assert told["base_year_recalculated"] == [True, False]
    assert told["base_year_change_not_significant"] == [False, True]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_years_are_shown_as_reported_and_recalculated_with_reasons_and_both_results(language):
    set_language(language)
    try:
        text = views.recalculation(track(changed({"t_co2e": 200.0}))).text
        plain = views.recalculation(track(ten_years())).text
        shown = years_view(changed({"t_co2e": 200.0})).text
    finally:
        set_language("zh")
    assert ("购入破碎站" if language == "zh" else "crusher bought") in text
    assert "2020 | " in text  # a year, not a number with a comma
    assert "1,270" in text
    assert "1,470" in text
    assert text.count("%/yr") == 2
    assert ("按原报" if language == "zh" else "as reported") in plain
    assert "200 tCO₂e" in shown

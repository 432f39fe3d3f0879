"""results.xlsx of a carbon sink: its formulas, counted by an office program, give what results.json tells."""

import datetime
import io

import openpyxl
import pytest

from mineco.core.labels import LANGUAGES, label, set_language
from mineco.core.workbooks.live import live_workbook
from mineco.evaluation.record.results import results_document
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from mineco.evaluation.views.words import grade_name
from tests.evaluation.restoration_carbon_sink.test_evaluate import (
    coal,
    coal_evaluated,
    incident,
    under_panel,
    with_stage,
    without_fund,
)
from tests.helpers.mines import with_dossier, with_mine
from tests.helpers.office import counted, found, holds_every_formula, is_in_one_language, shown


def written(evaluation, language="en"):
    set_language(language)
    return live_workbook(evaluation.sheets(), datetime.date(2025, 6, 30))


def holds(book, evaluation):
    """Every figure of results.json that the workbook has is the same there."""
    outcome = results_document(evaluation)["outcome"]
    summary, indicators, points = (found(book, f"sheet_{name}") for name in ("summary", "indicators", "score"))
    for name, key in (("restoration_removals", "restoration_removals_t_co2e"), ("restored_area", "restored_area_ha"),
                      ("project_gain", "project_gain_t_co2e")):
        assert summary[label(name)][1] == pytest.approx(outcome["removals"][key], rel=1e-9)
    assert summary[label("total_score")][1] == pytest.approx(outcome["score"]["total"], rel=1e-9)
    assert summary[label("grade")][1] == grade_name(evaluation.case.standard, outcome["grade"]["final"])
    assert summary[label("sheet_unmet")][1] == 0
    for one in outcome["score"]["indicators"]:
        row = indicators[one["id"]]
        assert row[8] == (None if one["score"] is None else pytest.approx(one["score"], rel=1e-9)), one["id"]
        assert row[12] == pytest.approx(one["weight"], rel=1e-9)
    for group, value in outcome["score"]["groups"].items():
        assert points[group][3] == pytest.approx(value, rel=1e-9)


def test_what_a_program_shows_that_does_not_count_is_what_results_json_tells():
    holds(shown(written(coal_evaluated())), coal_evaluated())


@pytest.mark.slow
def test_what_an_office_program_counts_is_what_results_json_tells(tmp_path):
    holds(counted(written(coal_evaluated()), tmp_path), coal_evaluated())


UNUSUAL = {
    "the judgements of another stage": lambda: with_stage("closing"),
    "damage within three years, which closes the gate": lambda: with_mine(
        coal(), ecological_damage=[incident(datetime.date(2024, 5, 1)), incident(datetime.date(2019, 5, 1))]),
    "no restored land": lambda: with_dossier(coal(), parcels=[]),
    "the weights of a panel": under_panel,
    "an indicator that does not apply": without_fund,
}


@pytest.mark.slow
@pytest.mark.parametrize("mine", UNUSUAL)
def test_an_office_program_counts_every_formula_as_the_evaluation_did_also_with(mine, tmp_path):
    holds_every_formula(written(rcs.evaluate(UNUSUAL[mine]())), tmp_path)


def test_a_mine_behind_the_gate_has_no_score_in_its_workbook():
    case = with_mine(coal(), ecological_damage=[incident(datetime.date(2024, 5, 1))])
    book = shown(written(rcs.evaluate(case)))
    assert label("sheet_score") not in book.sheetnames
    assert found(book, "sheet_summary")[label("sheet_unmet")][1] == 1


@pytest.mark.slow
def test_damage_that_is_moved_out_of_the_clean_years_opens_the_gate_again(tmp_path):
    """The date of an incident is a cell, and the conditions that are not met follow from it."""
    case = with_mine(coal(), ecological_damage=[incident(datetime.date(2024, 5, 1))])
    book = openpyxl.load_workbook(io.BytesIO(written(rcs.evaluate(case))))
    (date,) = [cell for row in book[label("sheet_eligibility")].iter_rows() for cell in row
               if cell.value == "2024-05-01"]
    date.value = "2021-05-01"
    out = io.BytesIO()
    book.save(out)
    assert found(counted(out.getvalue(), tmp_path), "sheet_summary")[label("sheet_unmet")][1] == 0


def test_the_consistency_of_judgements_of_1_2_3_is_that_of_the_textbook():
    """λmax 3.0092 and CI 0.0046 of the layers of a producing mine."""
    rows = list(shown(written(coal_evaluated()))[label("sheet_weights")].iter_rows(values_only=True))
    told = {row[0]: row[1] for row in rows[:9]}
    assert (told["λmax"], told[label("sheet_ci")]) == (pytest.approx(3.0092, abs=5e-5), pytest.approx(0.0046, abs=5e-5))


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_headings_are_in_one_language(language):
    is_in_one_language(written(coal_evaluated(), language), language)

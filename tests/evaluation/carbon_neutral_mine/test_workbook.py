"""results.xlsx: its formulas, counted by an office program, give what results.json tells."""

import io
from datetime import date

import openpyxl
import pytest

from mineco.core.labels import LANGUAGES, label, set_language
from mineco.core.workbooks.live import live_workbook
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.record.results import results_document
from mineco.evaluation.views.words import grade_name
from tests.evaluation.test_indicator_results import first_year
from tests.evaluation.test_reweighting import under_panel
from tests.helpers import mines
from tests.helpers.office import counted, found, holds_every_formula, is_in_one_language, shown

MINES = ("tiny-quarry", "changcun-coal", "example-copper", "example-mineral-water")
LEDGER = {"scope1_t_co2e": "scope1", "scope2_location_t_co2e": "scope2_location",
          "scope2_market_t_co2e": "scope2_market", "scope3_t_co2e": "scope3", "emissions_t_co2e": "emissions_graded",
          "energy_tce": "energy_used", "abatement_t_co2e": "sheet_abatement",
          "restoration_removals_t_co2e": "restoration_removals", "filled_co2_t_co2e": "filled_co2",
          "removals_t_co2e": "removals", "residual_t_co2e": "residual", "offsets_t_co2e": "offsets",
          "net_t_co2e": "net", "offset_ratio": "offset_ratio", "balance_t_co2e": "check_balance"}


def written(mine: str, language: str = "en") -> bytes:
    set_language(language)
    return live_workbook(mines.evaluated(mine).sheets(), date(2025, 6, 30))


def holds(book: openpyxl.Workbook, mine: str) -> None:
    """Every figure of results.json that the workbook has is the same there."""
    evaluation = mines.evaluated(mine)
    outcome = results_document(evaluation)["outcome"]
    balance = found(book, "sheet_ledger", label("sheet_balance"))
    for name, value in outcome["ledger"].items():
        assert balance[label(LEDGER[name])][1] == pytest.approx(value, rel=1e-9, abs=1e-6), name
    indicators = found(book, "sheet_indicators")
    for one in outcome["score"]["indicators"]:
        row = indicators[one["id"]]
        assert row[8] == (None if one["score"] is None else pytest.approx(one["score"], rel=1e-9, abs=1e-9)), one["id"]
        assert row[12] == pytest.approx(one["weight"], rel=1e-9)
        if evaluation.indicators[one["id"]].bound is None:
            assert row[2] == (None if one["value"] is None else pytest.approx(one["value"], rel=1e-9, abs=1e-9))
    points = found(book, "sheet_score")
    for group, value in outcome["score"]["groups"].items():
        assert points[group][3] == pytest.approx(value, rel=1e-9)
    summary, standard = found(book, "sheet_summary"), evaluation.case.standard
    assert summary[label("total_score")][1] == pytest.approx(outcome["score"]["total"], rel=1e-9)
    for name, key in (("grade", "final"), ("by_score", "by_score"), ("by_offset", "by_offset")):
        assert summary[label(name)][1] == grade_name(standard, outcome["grade"][key])
    assert summary[label("binding")][1] == label(f"binding_{outcome['grade']['binding']}")


@pytest.mark.parametrize("mine", MINES)
def test_what_a_program_shows_that_does_not_count_is_what_results_json_tells(mine):
    holds(shown(written(mine)), mine)


@pytest.mark.slow
@pytest.mark.parametrize("mine", MINES)
def test_what_an_office_program_counts_is_what_results_json_tells(mine, tmp_path):
    holds(counted(written(mine), tmp_path), mine)


UNUSUAL = {
    "the weights of a panel": under_panel,
    "power by contract, in older potentials": lambda: evaluate(mines.example(gwp="AR5", scope2_basis="market")),
    "a first year, in which indicators do not apply": lambda: evaluate(first_year(mines.example())),
    "no offset": lambda: evaluate(mines.with_dossier(mines.example(), offsets=[])),
    "more offsets than are needed": lambda: evaluate(mines.with_dossier(mines.example(), offsets=[
        mines.offset(1e7, date(2025, 1, 1), 2024)])),
    "no measure and no parcel": lambda: evaluate(mines.with_dossier(mines.example(), measures=[], parcels=[])),
}


@pytest.mark.slow
@pytest.mark.parametrize("mine", UNUSUAL)
def test_an_office_program_counts_every_formula_as_the_evaluation_did_also_with(mine, tmp_path):
    set_language("en")
    holds_every_formula(live_workbook(UNUSUAL[mine]().sheets(), date(2025, 6, 30)), tmp_path)


@pytest.mark.slow
def test_an_input_that_is_changed_changes_what_follows_from_it(tmp_path):
    """The potential of CO2 twice as high doubles emissions of carbon dioxide, and the residual with them."""
    book = openpyxl.load_workbook(io.BytesIO(written("tiny-quarry")))
    factors = book[label("sheet_factors")]
    row = next(number for number in range(2, 20) if factors.cell(number, 1).value == label("CO2"))
    factors.cell(row, 2).value = 2.0
    out = io.BytesIO()
    book.save(out)
    balance = found(counted(out.getvalue(), tmp_path), "sheet_ledger", label("sheet_balance"))
    account = mines.evaluated("tiny-quarry").ledger.account
    carbon = sum(float(line.mass.value) for line in account.select(["1", "2"]) if line.gas == "CO2")
    assert balance[label("emissions_graded")][1] == pytest.approx(float(account.emissions().value) + carbon, rel=1e-9)


@pytest.mark.parametrize("mine", MINES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_headings_are_in_one_language(mine, language):
    is_in_one_language(written(mine, language), language)


def test_the_sum_of_what_the_indicators_add_is_the_total():
    book = shown(written("changcun-coal"))
    added = [row[13] for row in book[label("sheet_indicators")].iter_rows(min_row=2, values_only=True)]
    total = found(book, "sheet_summary")[label("total_score")][1]
    assert sum(filter(None, added)) == pytest.approx(total, rel=1e-12)

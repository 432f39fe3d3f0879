"""results.xlsx of restoration areas: its formulas, counted by an office program, give what results.json tells."""

import datetime
import io
from functools import cache

import openpyxl
import pytest

from mineco.core.kit import parameters
from mineco.core.labels import LANGUAGES, label, set_language
from mineco.core.workbooks.live import live_workbook
from mineco.evaluation.record.results import results_document
from mineco.evaluation.restoration_area import evaluate as area
from tests.helpers.land import without
from tests.helpers.office import counted, found, holds_every_formula, is_in_one_language, shown

YEARS = 3  # of the rise that the notes ask for
FOLDER = parameters() / "mines" / "example-restoration-area"
VERDICTS = {"accuracy_overall": "identified_overall", "accuracy_users": "identified_users",
            "accuracy_producers": "identified_producers", "deviation_bias": "carbon_bias",
            "deviation_stock": "carbon_stock", "deviation_change": "carbon_change", "verdict_T3": "sink_rise"}


@cache
def evaluated(**options):
    return area.evaluate(area.open_case(FOLDER, **options))


def written(evaluation, language="en"):
    set_language(language)
    return live_workbook(evaluation.sheets(), datetime.date(2025, 6, 30))


def close(value):
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)


def holds(book, evaluation):
    """Every figure of results.json that the workbook has is the same there."""
    outcome = results_document(evaluation)["outcome"]
    summary, benefit = (found(book, f"sheet_{name}") for name in ("summary", "benefit"))
    for name in ("start", "end", "change"):
        assert summary[label(f"carbon_{name}_tc")][1] == close(outcome["carbon"][f"{name}_tc"]["value"])
    stocks = found(book, "sheet_carbon", label("carbon_change"))
    first, last = outcome["carbon"]["years"]
    for name in ("start", "end", "change"):
        told = outcome["carbon"][f"{name}_tc"]
        row = stocks[f"{label(f'carbon_{name}_of').format(first=first, last=last)} (tC)"]
        assert row[1:5] == tuple(close(told[part]) for part in ("value", "error", "low", "high"))
    assert found(book, "sheet_carbon")[label("as_mapped")][1:3] == tuple(map(close, outcome["carbon"]["mapped_tc"]))
    assert summary[label("benefit_all")][1] == close(outcome["benefit"]["cumulated"]["mean"][-1])
    assert summary[label("sheet_present_value")][1] == close(outcome["benefit"]["value"]["mean"])
    assert summary[label("cost_of_works")][1] == close(outcome["benefit"]["cost"])
    assert summary[label("zones_ha")][1] == close(sum(one["area_ha"] for one in outcome["zones"]))
    assert benefit["2025"][4] == close(outcome["benefit"]["additional"]["mean"][0])
    assert benefit[label("sheet_rise").format(years=YEARS)][1] == close(outcome["benefit"]["rise"])
    for name, key in VERDICTS.items():
        assert summary[label(name)][1] == outcome["verdicts"][key]["met"], name
    chosen, plan = found(book, "sheet_choice", label("zone")), outcome["choice"]["plan"]
    for zone in plan["zones"]:
        assert chosen[str(zone["zone"])][4:6] == tuple(map(close, (zone["cost_yuan"], zone["gain_t_co2"]["mean"])))
    assert chosen[label("choice_unspent")][1] == close(plan["budget_yuan"] - plan["cost_yuan"])
    figures = found(book, "sheet_accuracy", label("map_class"))
    one = outcome["accuracy"]["restore"]
    for place, name in enumerate(("to_restore", "not_to_restore")):
        told = [part[place] for figure in (one["users"], one["producers"], one["area_ha"])
                for part in (figure["value"], figure["error"], figure["low"], figure["high"])]
        # the blocks of later maps have other classes, so that these names stand once below the heading of figures
        assert figures[label(name)][5:17] == tuple(map(close, told))


def test_what_a_program_shows_that_does_not_count_is_what_results_json_tells():
    holds(shown(written(evaluated())), evaluated())


@pytest.mark.slow
def test_what_an_office_program_counts_is_what_results_json_tells(tmp_path):
    holds(counted(written(evaluated()), tmp_path), evaluated())


def strict(monkeypatch):
    """Rules by which no land is to be restored: there is no zone, and no point of a map class without land."""
    rules = area.load_area_rules(area.STANDARD)
    highest = rules.classes["restore"].model_copy(update={"at_least": 0.999})
    none = rules.model_copy(update={"classes": {**rules.classes, "restore": highest}})
    monkeypatch.setattr(area, "load_area_rules", lambda _: none)


@pytest.mark.slow
def test_formulas_of_the_cheapest_tonne_are_counted_as_well(tmp_path):
    holds_every_formula(written(evaluated(plan_by="cheapest")), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("gone", [("cover_start", "leakage"), ("points", "price"), ("ndvi", "points", "cover_end")])
def test_formulas_of_what_is_assessed_are_counted_where_the_rest_is_not(tmp_path, gone):
    found = area.evaluate(area.open_case(without(tmp_path / "dossier", *gone)))
    for language in LANGUAGES:
        is_in_one_language(written(found, language), language)
    holds_every_formula(written(found), tmp_path)


@pytest.mark.slow
def test_what_is_not_known_where_nothing_is_to_be_restored_is_a_dash_and_no_zero(tmp_path, monkeypatch):
    strict(monkeypatch)
    workbook = written(area.evaluate(area.open_case(FOLDER)))
    rows = list(shown(workbook)[label("sheet_accuracy")].iter_rows(values_only=True))
    users = next(row for row in rows if row[0] == label("to_restore") and row[4] == 0)  # of the figures: no land
    assert users[5] == "—"
    holds_every_formula(workbook, tmp_path)


@pytest.mark.slow
def test_one_point_more_that_is_wrong_widens_the_area_of_the_land_to_restore(tmp_path):
    """Olofsson et al. (2014), equations 9 and 10, by hand for two classes with one wrong point."""
    evaluation = evaluated()
    one = evaluation.accuracy.restore
    assert one.matrix[0, 1] == one.matrix[1, 0] == 0
    book = openpyxl.load_workbook(io.BytesIO(written(evaluation)))
    sheet = book[label("sheet_accuracy")]
    sheet["B3"].value, sheet["C3"].value = 1.0, float(one.matrix[1, 1]) - 1  # of the other land, one is to restore
    out = io.BytesIO()
    book.save(out)
    figures = found(counted(out.getvalue(), tmp_path), "sheet_accuracy", label("map_class"))
    points, (restore, other) = float(one.matrix[1].sum()), one.adjusted.map_area.tolist()
    share = 1 / points
    assert figures[label("to_restore")][13] == pytest.approx(restore + other * share, rel=1e-12)
    error = other * (share * (1 - share) / (points - 1))**0.5
    assert figures[label("to_restore")][14] == pytest.approx(error, rel=1e-12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_headings_are_in_one_language(language):
    is_in_one_language(written(evaluated(), language), language)

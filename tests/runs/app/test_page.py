"""The what-if page, moved without a browser."""

import re
import shutil
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mineco as mc
from mineco.core.kit import parameters
from mineco.core.labels import LANGUAGES, set_language
from mineco.runs.app.page import WIDGET, Page, page_of
from mineco.runs.converting import convert
from tests.runs.app.test_state import MINES

QUARRY = parameters() / "mines" / "tiny-quarry"
ELECTRICITY, DIESEL = "electricity.purchased", "mobile_combustion.diesel"
CREDITS = "offsets.EX-F-2023-600001-600720"


@pytest.fixture
def page():
    pytest.importorskip("ipywidgets", reason="needs the extra app")
    set_language("en")
    return Page(QUARRY)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mine", MINES)
def test_each_example_of_the_first_standard_makes_a_page(mine, language):
    pytest.importorskip("ipywidgets", reason="needs the extra app")
    set_language(language)
    shown = Page(parameters() / "mines" / mine)
    case = mc.open_case(parameters() / "mines" / mine)
    assert {f"weights.{one}" for one in case.standard.groups} | {"options.gwp", "options.scope2_basis",
                                                                 ELECTRICITY, DIESEL} <= set(shown.moves)
    told = words(shown.result.value)
    assert all(f"{name} " in told for name in case.standard.groups)
    assert bool(re.search("[\u4e00-\u9fff]", told)) == (language == "zh")
    assert "object at" not in told


def test_the_page_shows_what_an_evaluation_of_the_same_changes_gives(page):
    page.moves[ELECTRICITY].slider.value = 400.0
    page.moves[DIESEL].number.value = 50.0
    page.moves["weights.E2"].slider.value = 50.0
    page.moves["options.gwp"].drop.value = "AR5"
    same = mc.evaluate(mc.what_if(
        page.case, electricity={"purchased": 400}, mobile_combustion={"diesel": 50},
        weights=page.asked.all_weights, options={"gwp": "AR5"}))
    assert page.now.told() == same.told()
    assert f"{float(same.ledger.emissions):,.1f}" in page.headline.value


def test_credits_that_open_one_key_are_told_and_the_grade_stays(page):
    # 880 t over about 1,093 t of residual emissions is above 80 %; the score stays below 70 points
    page.moves[CREDITS].number.value = 880.0
    assert "80." in words(page.headline.value)
    assert "→ grade B" in words(page.result.value)
    assert page.now.grade.final == "C"


def test_a_move_is_evaluated_once_and_so_is_a_weight_that_moves_the_others(page):
    page.moves[ELECTRICITY].slider.value = 500.0
    assert page.evaluations == 1
    page.moves["weights.E1"].slider.value = 40.0
    assert page.evaluations == 2
    assert sum(page.moves[f"weights.{one}"].number.value for one in page.case.standard.groups) == pytest.approx(100)


def test_a_slider_that_a_front_end_puts_on_the_nearest_step_is_no_move(page):
    # 207 t on steps of 2 t: the browser makes 208 of it, and says so
    move = page.moves[DIESEL]
    move.slider.value = 208.0
    assert (move.number.value, page.evaluations) == (207.0, 0)
    move.slider.value = 206.0  # a step down from there
    assert (move.number.value, page.evaluations) == (206.0, 1)
    move.slider.value = 204.0
    move.slider.value = 208.0
    assert (move.number.value, page.evaluations) == (208.0, 3)


def test_a_move_reads_no_standard_and_no_factor_again(page, monkeypatch):
    read = []
    monkeypatch.setattr("mineco.core.yaml_reading.yaml.parse", lambda *given, **_: read.append(given) or iter(()))
    page.evaluations = 0
    page.moves["options.gwp"].drop.value = "AR5"
    page.moves["weights.E1"].slider.value = 40.0
    assert (page.evaluations, read) == (2, [])


def test_a_number_that_cannot_be_is_refused_beside_it_and_the_last_result_stays_and_says_so(page):
    page.moves[ELECTRICITY].number.value = 600.0
    good, shown = page.now, page.result.value
    page.moves[DIESEL].number.value = -1.0
    told = words(page.moves[DIESEL].problem.value)
    assert told.startswith("activity.csv, row 11, quantity = -1.0: cannot be (least 0 t, most —).")
    assert page.now is good
    assert page.result.value == shown
    assert "still the result of the input before" in words(page.headline.value)
    assert page.buttons["call"].disabled
    page.moves[ELECTRICITY].number.value = 500.0  # sound, but the other is not mended
    assert page.moves[ELECTRICITY].problem.value == ""
    assert "cannot be" in page.moves[DIESEL].problem.value
    page.moves[DIESEL].number.value = 200.0
    assert page.moves[DIESEL].problem.value == ""
    assert "still" not in words(page.headline.value)
    assert not page.buttons["call"].disabled


def test_what_is_wrong_with_the_whole_is_told_where_something_was_moved_last(page):
    # more hectares than the mine has
    page.moves["parcels.Q1.area_ha"].number.value = 99_999.0
    assert "restoration.csv" in page.moves["parcels.Q1.area_ha"].problem.value


def test_gas_beyond_what_the_mine_gives_off_is_refused_by_its_limit():
    pytest.importorskip("ipywidgets", reason="needs the extra app")
    set_language("en")
    coal = Page(parameters() / "mines" / "changcun-coal")
    coal.moves["underground_methane.used"].number.value = 1e9
    assert "at most what ventilation and drainage carry" in coal.moves["underground_methane.used"].problem.value


def test_back_to_what_was_reported_undoes_every_move(page):
    page.moves[ELECTRICITY].slider.value = 100.0
    page.moves["weights.E1"].slider.value = 40.0
    page.moves["options.scope2_basis"].drop.value = "market"
    page.moves[DIESEL].number.value = -1.0
    page.buttons["reset"].click()
    assert page.asked.changes == {}
    assert page.now.told() == page.before.told()
    assert page.moves[ELECTRICITY].slider.value == page.moves[ELECTRICITY].number.value == 640.0


def test_the_call_and_the_path_go_with_the_next_move(page):
    page.moves[ELECTRICITY].slider.value = 100.0
    page.buttons["call"].click()
    assert "electricity={&#39;purchased&#39;: 100.0}" in page.call.value
    page.buttons["path"].click()
    assert "carbon neutral" in words(page.path.value)
    page.moves[ELECTRICITY].slider.value = 200.0
    assert page.call.value == page.path.value == ""


def test_a_slider_that_a_browser_puts_on_the_nearest_of_its_steps_moves_nothing():
    # 18,500 t of coal lie half way between two steps of 200 t: a browser puts the slider on 18,600, and noise on top
    pytest.importorskip("ipywidgets", reason="needs the extra app")
    set_language("en")
    coal = Page(parameters() / "mines" / "changcun-coal")
    move = coal.moves["stationary_combustion.bituminous"]
    assert (move.first, move.slider.step) == (18_500, 200)
    move.slider.value = 18_600.000000000004
    assert (move.number.value, coal.asked.changes, coal.evaluations) == (18_500, {}, 0)
    move.slider.value = 18_800.0  # one step of a person
    assert move.number.value == 18_800


def test_weights_are_those_of_the_standard_and_not_reported_by_the_mine(page):
    told = {name: words(" ".join(one.value for one in page.moves[name].box.children if hasattr(one, "value")
                                 and isinstance(one.value, str))) for name in ("weights.E1", ELECTRICITY)}
    assert told == {"weights.E1": "by the standard: 15 %", ELECTRICITY: "reported: 640 MWh"}


def test_a_dossier_that_is_changed_while_the_page_is_open_is_told_where_something_is_moved(tmp_path):
    pytest.importorskip("ipywidgets", reason="needs the extra app")
    set_language("en")
    shutil.copytree(QUARRY, tmp_path / "mine")
    page = Page(tmp_path / "mine")
    rows = (tmp_path / "mine" / "activity.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "mine" / "activity.csv").write_text("".join([*rows[:3], rows[2], *rows[3:]]), "utf-8")  # a row more
    page.moves[ELECTRICITY].number.value = 500.0
    assert words(page.moves[ELECTRICITY].problem.value) == (
        "activity.csv: was changed after it was opened. Open the dossier anew; in a browser reload the page.")
    assert page.now is page.before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dossier_that_cannot_be_evaluated_is_told_in_sentences_in_place_of_the_page(tmp_path, language):
    set_language(language)
    shutil.copytree(QUARRY, tmp_path / "mine")
    text = (tmp_path / "mine" / "activity.csv").read_text("utf-8")
    (tmp_path / "mine" / "activity.csv").write_text(text.replace(",640,", ",64O,"), "utf-8")
    for dossier, told in ((tmp_path / "mine", "64O"), (tmp_path / "nowhere", "nowhere"), (tmp_path, "mine"),
                          (parameters() / "mines" / "example-restoration-area", "prerequisites")):
        shown = page_of(dossier)._repr_mimebundle_()
        assert set(shown) == {"text/html", "text/plain"}
        assert told in shown["text/plain"]
        assert "Traceback" not in shown["text/html"]
    assert isinstance(page_of(QUARRY), Page)


def test_a_workbook_makes_the_page_of_its_folder(tmp_path, page):
    convert(QUARRY, tmp_path / "采石场 1.xlsx", "en")
    book = Page(tmp_path / "采石场 1.xlsx")
    assert {name: move.first for name, move in book.moves.items()} == {
        name: move.first for name, move in page.moves.items()}
    book.moves[ELECTRICITY].number.value = -5.0
    assert words(book.moves[ELECTRICITY].problem.value).startswith("采石场 1.xlsx, activity data!")


def test_periods_of_a_year_are_one_control_and_are_refused_there():
    pytest.importorskip("ipywidgets", reason="needs the extra app")
    set_language("en")
    years = Page(parameters() / "mines" / "example-quarry-years")
    assert years.moves[ELECTRICITY].first == 110 + 156 + 166 + 148
    years.moves[CREDITS.replace("600001-600720", "700001-700460")].slider.value = 100.0
    years.moves[ELECTRICITY].number.value = -5.0
    assert "cannot be" in years.moves[ELECTRICITY].problem.value


def test_what_people_typed_into_a_dossier_stays_text(tmp_path):
    pytest.importorskip("ipywidgets", reason="needs the extra app")
    folder = tmp_path / "mine"
    shutil.copytree(QUARRY, folder)
    for name in ("restoration.csv", "offsets.csv", "mine.yaml"):
        text = (folder / name).read_text("utf-8")
        for old in ("Replanted slope", "illustrative forest sink", "Tiny quarry"):
            text = text.replace(old, "<img src=x onerror=alert(1)>")
        (folder / name).write_text(text, "utf-8")
    set_language("en")
    page = Page(folder)
    page.buttons["call"].click()
    shown = [page.headline.value, page.result.value, page.call.value,
             *(one.value for one in page.box.children if hasattr(one, "value"))]
    assert not [one for one in shown if "<img" in one]


def test_a_move_speaks_the_language_of_the_cell_whatever_is_set_since(page):
    set_language("zh")
    page.moves[ELECTRICITY].number.value = -5.0
    assert "cannot be" in page.moves[ELECTRICITY].problem.value


def test_where_no_front_end_shows_widgets_the_call_is_told(page, monkeypatch):
    shown = page._repr_mimebundle_()
    assert WIDGET in shown
    assert "mc.evaluate(case)" in shown["text/plain"]
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert WIDGET not in Page(QUARRY)._repr_mimebundle_()


@settings(max_examples=10)
@given(st.sampled_from([ELECTRICITY, DIESEL, CREDITS, "parcels.Q1.area_ha"]), st.floats(-1e6, 1e6))
def test_whatever_is_typed_is_shown_as_evaluated_or_refused(name, value):
    pytest.importorskip("ipywidgets", reason="needs the extra app")
    set_language("en")
    page = Page(QUARRY)
    page.moves[name].number.value = value
    try:
        same = page.asked.evaluated()
    except mc.BadInput:
        assert page.moves[name].problem.value
        assert page.now is page.before
    else:
        assert page.now.told() == same.told()


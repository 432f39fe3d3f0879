"""The buttons of the start notebook, pressed without a browser."""

import datetime
import re
import shutil

import openpyxl
import pytest

from mineco.core.kit import parameters
from mineco.core.labels import set_language
from mineco.runs.converting import convert
from mineco.runs.desk import WIDGET, Desk

QUARRY = parameters() / "mines" / "tiny-quarry"


@pytest.fixture
def folder(tmp_path):
    """A folder as of a person on Windows, with the quarry as a workbook."""
    pytest.importorskip("ipywidgets", reason="needs the extra lab")
    set_language("en")
    place = tmp_path / "我的 矿山 (2024)"
    place.mkdir()
    convert(QUARRY, place / "采石场 1.xlsx", "en")
    return place


def told(desk):
    (output,) = desk.out.outputs
    return output["data"]["text/plain"], output["data"]["text/html"]


def uploaded(name, content):
    """What the front end hands over."""
    return ({"name": name, "type": "", "size": len(content), "content": memoryview(content),
             "last_modified": datetime.datetime.now(datetime.UTC)},)


def spoilt(folder):
    book = openpyxl.load_workbook(folder / "采石场 1.xlsx")
    book["activity data"]["E5"] = "many"
    book.save(folder / "采石场 1.xlsx")


def test_check_lists_the_notices_of_a_sound_workbook(folder):
    desk = Desk(folder)
    assert desk.book.value == "采石场 1.xlsx"
    desk.buttons["check"].click()
    text, _ = told(desk)
    assert text.startswith("Nothing refused; notices: ")
    assert "采石场 1.xlsx, mine!B" in text


def test_check_lists_a_problem_by_sheet_and_cell(folder):
    spoilt(folder)
    desk = Desk(folder)
    desk.buttons["check"].click()
    text, _ = told(desk)
    assert text.startswith("Problems to mend first: 1")
    assert "activity data!E5, quantity = many: is not a number." in text


def test_mark_writes_a_copy_that_can_be_chosen_and_downloaded(folder):
    spoilt(folder)
    desk = Desk(folder)
    desk.buttons["mark"].click()
    assert desk.book.value == "采石场 1-checked.xlsx"
    assert 'download="采石场 1-checked.xlsx" href="data:application/' in told(desk)[1]
    assert "is not a number" in openpyxl.load_workbook(
        folder / "采石场 1-checked.xlsx")["activity data"]["E5"].comment.text


def test_a_run_that_is_refused_tells_why_and_the_buttons_stand_ready_again(folder):
    spoilt(folder)
    desk = Desk(folder)
    desk.buttons["run"].click()
    text, _ = told(desk)
    assert text.startswith("It was not finished, because:")
    assert "is not a number" in text
    assert not any(button.disabled for button in desk.buttons.values())


@pytest.mark.slow
def test_a_run_moves_the_bar_and_offers_the_report(folder):
    desk, seen = Desk(folder), []
    desk.bar.observe(lambda change: seen.append(change["new"]), "value")
    desk.buttons["run"].click()
    text, shown = told(desk)
    (made,) = (folder / "runs").glob("tiny-quarry-*")
    assert text.startswith(f"The report is in runs/{made.name}")
    assert re.findall('href="([^"]+)"', shown) == [f"runs/{made.name}/report.{form}" for form in ("html", "pdf")]
    assert all((made / f"report.{form}").is_file() for form in ("html", "pdf"))
    assert len(set(seen)) > 5


def test_an_upload_lies_beside_the_others_and_replaces_none(folder, tmp_path):
    desk = Desk(folder)
    content = (folder / "采石场 1.xlsx").read_bytes()
    desk.upload.value = uploaded("../new.xlsx", content)
    assert desk.book.value == "new.xlsx"
    assert (folder / "new.xlsx").read_bytes() == content
    assert not (tmp_path / "new.xlsx").exists()
    desk.upload.value = uploaded("new.xlsx", b"other")
    assert "exists and is not replaced" in told(desk)[0]
    assert (folder / "new.xlsx").read_bytes() == content


def test_a_press_speaks_the_language_of_the_cell_whatever_is_set_since(folder):
    desk = Desk(folder)
    set_language("zh")
    desk.buttons["check"].click()
    assert told(desk)[0].startswith("Nothing refused; notices: ")


def test_an_empty_folder_says_what_to_do(folder):
    shutil.rmtree(folder)
    folder.mkdir()
    desk = Desk(folder)
    desk.buttons["check"].click()
    assert "no workbook is chosen" in told(desk)[0]


def test_without_a_front_end_the_commands_are_told(folder):
    shown = Desk(folder)._repr_mimebundle_()
    assert WIDGET in shown
    assert "mineco check mine.xlsx --mark" in shown["text/plain"]
    assert "mineco check mine.xlsx --mark" in shown["text/html"]


def test_a_new_workbook_is_for_a_kind_of_mine_and_is_chosen_and_checked(folder):
    desk = Desk(folder)
    desk.kind.value, desk.year.value = "groundwater", 2024
    desk.buttons["new"].click()
    assert desk.book.value == "groundwater-2024.xlsx"
    assert 'download="groundwater-2024.xlsx"' in told(desk)[1]
    desk.buttons["check"].click()
    assert "is blank" in told(desk)[0]
    desk.buttons["new"].click()
    assert "exists and is not replaced" in told(desk)[0]


@pytest.mark.slow
def test_a_workbook_with_a_gap_has_a_preliminary_report_and_no_full_one(folder):
    book = openpyxl.load_workbook(folder / "采石场 1.xlsx")
    book["activity data"]["E11"] = None
    book.save(folder / "采石场 1.xlsx")
    desk = Desk(folder)
    desk.buttons["run"].click()
    assert told(desk)[0].startswith("It was not finished, because:")
    desk.buttons["preliminary"].click()
    assert told(desk)[0].startswith("The report is in runs/")

"""The class data: made anew from their seed, a batch as they are, and what students make of the workbook."""

import csv
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.core.kit import parameters
from mineco.runs.blanks.lab import lay_out
from mineco.runs.course.class_data import class_rows, write_class
from tests import example_class
from tests.helpers.places import ROOT

DIESEL, PROVINCE, LEVEL = "activity:mobile-combustion/柴油 [t]", "mine:province", "ratings:M1.1/A/level"


def test_the_class_data_are_those_that_the_seed_gives():
    assert class_rows() == example_class.rows()


def test_they_say_that_they_are_fictional():
    about = (parameters() / "course" / "README.md").read_text("utf-8")
    assert "虚构" in about
    assert "fictional" in about


def evaluated(workbook, folder, language="en"):
    return CliRunner().invoke(main, [
        "batch", str(workbook), "--like", str(parameters() / "mines" / "tiny-quarry"), "--out", str(folder / "runs"),
        "--workers", "1", "--lang", language], catch_exceptions=False)


def test_the_workbook_of_the_lab_is_evaluated_at_once(tmp_path, monkeypatch):
    lay_out(tmp_path, "zh")
    monkeypatch.chdir(tmp_path / "course")
    done = CliRunner().invoke(main, ["batch", "class.xlsx", "--like", "../examples/tiny-quarry", "--out", "runs",
                                     "--workers", "1", "--lang", "en"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with (tmp_path / "course" / "runs" / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [one["status"] for one in found] == ["complete"] * 20
    assert len({one["score"] for one in found}) == 20  # each has figures of its own
    assert {one["offset_ratio"] for one in found} == {"0.0"}


def test_an_offset_in_a_column_of_its_own_turns_one_key_as_the_guide_of_teachers_says(tmp_path):
    # the quarries stand in the order of their numbers below the headings: 12 in row 13, 13 in row 14
    offset = "offsets:EX-F-2023-600001-600720 [tCO2e]"
    assert offset in (ROOT / "docs" / "how-to" / "teacher.md").read_text("utf-8")
    grades = {}
    for name, row in (("quarry-12", 13), ("quarry-13", 14)):
        path = tmp_path / f"{name}.xlsx"
        write_class(path)
        book = openpyxl.load_workbook(path)
        column = book.active.max_column + 1
        book.active.cell(1, column).value, book.active.cell(row, column).value = offset, 720
        book.save(path)
        assert evaluated(path, tmp_path / name).exit_code == 0
        with (tmp_path / name / "runs" / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
            grades[name] = {one["mine"]: one["grade"] for one in csv.DictReader(file) if one["grade"] != "below"}
    assert grades == {"quarry-12": {"quarry-12": "C"}, "quarry-13": {}}


# --- as students hand it in -----------------------------------------------------------------------------------------

@pytest.fixture
def handed_in(tmp_path):
    """A function that changes the workbook of a class of two, and saves it."""
    def change(how):
        path = tmp_path / "class.xlsx"
        write_class(path)
        book = openpyxl.load_workbook(path)
        sheet = book.active
        sheet.delete_rows(4, 30)
        places = {cell.value: cell.column for cell in sheet[1]}
        how(book, sheet, lambda name, row=3: sheet.cell(row, places[name]))
        book.save(path)
        return path

    return change


def put(column, value):
    def how(book, sheet, cell):
        cell(column).value = value
    return how


def no_rows(book, sheet, cell):
    sheet.delete_rows(2, 30)


def a_row_twice(book, sheet, cell):
    sheet.append([one.value for one in sheet[3]])


def a_column_twice(book, sheet, cell):
    sheet.cell(1, sheet.max_column + 1).value = DIESEL


def another_heading(book, sheet, cell):
    cell(DIESEL, 1).value = "柴油(吨)"


def no_names(book, sheet, cell):
    cell("mine", 1).value = "学号"


def merged(book, sheet, cell):
    sheet.merge_cells("B2:B3")


REFUSED = {  # how, and how many of two are still evaluated; file, row, column and value as they are told
    "a formula": (put(DIESEL, "=100+100"), 1, f"class.xlsx, row 3, {DIESEL} = =100+100: "),
    "an error of a formula": (put(DIESEL, "#REF!"), 1, f"class.xlsx, row 3, {DIESEL} = #REF!: "),
    "text for a number": (put(DIESEL, "about 217"), 1, f"class.xlsx, row 3, {DIESEL} = about 217: is not a number"),
    "a unit behind it": (put(DIESEL, "217.2 t"), 1, f"class.xlsx, row 3, {DIESEL} = 217.2 t: is not a number"),
    "a decimal comma": (put(DIESEL, "217,2"), 1, f"class.xlsx, row 3, {DIESEL} = 217,2: is not a number"),
    "a tick": (put(DIESEL, True), 1, f"class.xlsx, row 3, {DIESEL} = true: is not a number"),
    "a date": (put(DIESEL, datetime(2024, 1, 2)), 1, f"class.xlsx, row 3, {DIESEL} = 2024-01-02: "),
    "a negative figure": (put(DIESEL, -217.2), 1, f"class.xlsx, row 3, {DIESEL} = -217.2: "),
    "no name": (put("mine", None), 1, "class.xlsx, row 3, mine: "),
    "no such province": (put(PROVINCE, "Shangxi"), 1, f"class.xlsx, row 3, {PROVINCE} = Shangxi: "),
    "no such level": (put(LEVEL, 60), 1, f"class.xlsx, row 3, {LEVEL} = 60: is no level of the rubric of M1.1. Use"),
    "a row twice": (a_row_twice, 2, "class.xlsx, row 4, mine = quarry-02 2024: "),
    "merged cells": (merged, 0, "class.xlsx, row 3, B2:B3: "),
    "a column twice": (a_column_twice, None, f"class.xlsx, row 1, {DIESEL}: "),
    "another heading": (another_heading, None, "class.xlsx, row 1, 柴油(吨): "),
    "no column of names": (no_names, None, "class.xlsx, row 1, mine: "),
    "no row": (no_rows, None, "class.xlsx: has a heading and no row below it"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_in_the_workbook_of_a_class_is_told_with_its_place_and_the_other_rows_are_evaluated(
        name, handed_in, tmp_path):
    how, others, told = REFUSED[name]
    done = evaluated(handed_in(how), tmp_path)
    assert done.exit_code == 2
    lines = [line[line.index("class.xlsx"):] for line in done.output.splitlines() if "class.xlsx" in line]
    assert len([line for line in lines if line.startswith(told)]) == 1, done.output
    assert (tmp_path / "runs" / "summary.csv").exists() == (others is not None)
    if others is not None:
        assert f"{others} complete," in done.output


def a_draft_first(book, sheet, cell):
    book.create_sheet("draft", 0)["A1"] = "anything"


def a_title_above(book, sheet, cell):
    sheet.insert_rows(1)
    sheet["A1"] = "Class of 2024"


def a_blank_row(book, sheet, cell):
    sheet.insert_rows(3)


READ = {"a draft before it": (a_draft_first, "class.xlsx = mines: "),
        "a title above": (a_title_above, "class.xlsx, row 1 = Class of 2024: stands above the heading (row 2)"),
        "a blank row": (a_blank_row, ""), "digits of full width": (put(DIESEL, "２１７．２"), "")}


@pytest.mark.parametrize("name", READ)
def test_what_is_only_odd_is_read_and_told(name, handed_in, tmp_path):
    how, told = READ[name]
    done = evaluated(handed_in(how), tmp_path)
    assert (done.exit_code, "2 complete," in done.output) == (0, True), done.output
    assert told in done.output


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize(("language", "words"), [("zh", "把扩展名改成 .csv"), ("en", "Change its ending to .csv")])
def test_a_csv_that_was_renamed_is_called_so(encoding, language, words, tmp_path):
    path = tmp_path / "class.xlsx"
    path.write_bytes((parameters() / "course" / "class.csv").read_text("utf-8-sig").encode(encoding))
    done = evaluated(path, tmp_path, language)
    assert (done.exit_code, words in done.output) == (2, True), done.output
    assert "zip" not in done.output
    assert not Path(tmp_path / "runs" / "summary.csv").exists()

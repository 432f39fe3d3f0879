"""One process reads all sheets of a workbook, in any order, as many rows as are asked for."""

from pathlib import Path

import openpyxl
import pytest

from mineco.core.workbooks import open_workbook

SHEETS = {"mine": [["id", "north"], ["province", "山西"]],
          "activity": [["year", "item"], [2024, "diesel"], [2024, "=1"]], "blank": []}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    del made["Sheet"]
    for name, rows in SHEETS.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made["activity"].merge_cells("A2:A3")
    made["blank"].sheet_state = "hidden"
    made.save(tmp_path / "mine.xlsx")
    return tmp_path / "mine.xlsx"


def test_sheets_are_tables_with_names_rows_and_marks(book):
    with open_workbook(book) as opened:
        assert [(sheet.name, sheet.visible, sheet.rows) for sheet in opened.sheets] == [
            ("mine", True, 2), ("activity", True, 3), ("blank", False, 0)]
        assert [sheet.merged for sheet in opened.sheets] == [(), ("A2:A3",), ()]
        assert [opened.sheets[1].merged_at(row) for row in (1, 2, 3, 4)] == ["", "A2:A3", "A2:A3", ""]


def test_one_process_gives_the_rows_of_any_sheet_again_and_again(book):
    with open_workbook(book) as opened:
        mine, activity, blank = opened.sheets
        assert list(opened.lines(activity, 1)) == [(1, ["year", "item"])]
        assert list(opened.lines(mine)) == [(1, ["id", "north"]), (2, ["province", "山西"])]
        assert [number for number, _ in opened.lines(activity)] == [1, 2, 3]
        assert list(opened.lines(blank)) == []
        assert list(opened.lines(mine, 1)) == [(1, ["id", "north"])]

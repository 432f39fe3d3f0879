"""Workbooks whose formulas count again: texts stay texts, and the same sheets give the same bytes."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from mineco.core.workbooks.live import Formula, LiveSheet, live_workbook
from tests.runs.test_security import HOSTILE

DAY = date(2025, 6, 30)


def opened(*rows, values=False):
    sheet = LiveSheet("Sheet", (20, 20))
    for row in rows:
        sheet.add(*row)
    return openpyxl.load_workbook(io.BytesIO(live_workbook([sheet], DAY)), data_only=values)["Sheet"]


@pytest.mark.parametrize("text", [*HOSTILE, "\t=1+1", "#N/A", "=", "0123", "TRUE"])
def test_a_text_stays_a_text_whatever_it_begins_with(text):
    cell = opened((text,))["A1"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert bool(cell.quotePrefix) == (text[0] in "=+-@\t")


def test_a_mark_that_no_workbook_can_hold_is_seen_to_be_lost():
    assert opened(("a\x00b",))["A1"].value == "a\N{REPLACEMENT CHARACTER}b"


def test_a_number_keeps_all_its_digits_and_a_formula_has_its_value_beside_it():
    rows = (0.1 + 0.2, 1e22 / 7), (Formula("A1*2", 0.6000000000000001), Formula('"a"&"<"', "a<"))
    formulas, values = opened(*rows), opened(*rows, values=True)
    assert [cell.value for cell in formulas[1]] == [0.1 + 0.2, 1e22 / 7]
    assert [cell.value for cell in formulas[2]] == ["=A1*2", '="a"&"<"']
    assert [cell.value for cell in values[2]] == [0.6000000000000001, "a<"]


def test_a_number_that_is_not_known_is_a_dash_and_no_zero():
    assert [cell.value for cell in opened((float("nan"), float("inf"), 0.0))[1]] == ["—", "—", 0]


def test_the_same_sheets_give_the_same_bytes_dated_like_the_report():
    made = []
    for _ in range(2):
        sheet = LiveSheet("Sheet", (20,))
        sheet.head("net")
        sheet.add(Formula("1+1", 2.0))
        made.append(live_workbook([sheet], DAY))
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    told = openpyxl.load_workbook(io.BytesIO(made[0])).properties
    assert (told.creator, told.created.date(), told.modified.date()) == ("mineco", DAY, DAY)

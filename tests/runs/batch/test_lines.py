"""Tables of mine-years, read line by line: what is wrong is named with its line, and what is only odd is read right."""

import datetime
import io
import subprocess
import sys
import time
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.core.workbooks import open_workbook
from mineco.core.workbooks.child import LARGEST
from mineco.runs.batch.reading.lines import MAX_COLUMNS, count_lines, read_lines

HEAD = "mine,year,metrics:production [t]\n"
GOOD = HEAD + "north,2024,5\n"


def lines_of(path):
    """Lines read, and the message and line of each that was refused."""
    refused = []
    lines = list(read_lines(path, refused.append))
    return lines, [(one.message, one.row) for one in refused]


def table(folder, content, name="mines.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(folder, rows, change=None, name="mines.xlsx"):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    book.save(folder / name)
    return folder / name


# --- what is no table stops the work before any mine ----------------------------------------------------------------

NO_TABLE = {
    "no column for the mine": ("id,year\nnorth,2024\n", "missing_column", 1),
    "a column without a name": ("mine,,year\nnorth,5,2024\n", "missing_value", 1),
    "a column twice": ("mine,year,year\nnorth,2024,2024\n", "duplicate_column", 1),
    "more columns than a dossier has": ("mine," + ",".join(f"c{one}" for one in range(MAX_COLUMNS)) + "\n",
                                        "too_many_columns", 1),
    "a quote that does not end": (GOOD + 'south,2024,"5\n', "bad_quotes", 3),
    "text behind a quote": (GOOD + 'south,2024,"5"t\n', "bad_quotes", 3),
    "bytes of no encoding": (GOOD.encode() + b"\xff\xff,2024,5\n", "unknown_encoding", ""),
    "half a character of UTF-16": (GOOD.encode("utf-16")[:-1], "unknown_encoding", ""),
    "a web page": ("<!DOCTYPE html>\n<html><table>", "html_page", ""),
    "a web page of Excel": ('\ufeff <?xml version="1.0"?>\n<html xmlns:x="urn:schemas">', "html_page", ""),
    "what Git LFS leaves in place of a file": ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
                                               "pointer_file", ""),
    "a workbook under the name of a table": (b"PK\x03\x04" + bytes(60), "workbook_as_text", ""),
    "an old workbook under the name of a table": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(60),
                                                  "old_or_locked_workbook", ""),
    "a PDF": (b"%PDF-1.7\n", "other_kind_of_file", ""),
}


@pytest.mark.parametrize("name", NO_TABLE)
def test_a_file_that_is_no_table_is_refused_whole(name, tmp_path):
    content, message, row = NO_TABLE[name]
    with pytest.raises(BadInput) as caught:
        lines_of(table(tmp_path, content))
    (problem,) = caught.value.problems
    assert (problem.message, problem.file, problem.row) == (message, "mines.csv", row)
    for language in ("zh", "en"):
        assert "mines.csv" in problem_text(problem, language)


@pytest.mark.parametrize("content", ["", "\n\n\n", "\ufeff", ",,\n,,\n"], ids=["empty", "blank", "a mark", "commas"])
def test_a_table_without_a_line_gives_none(content, tmp_path):
    assert lines_of(table(tmp_path, content)) == ([], [])


NO_WORKBOOK = {
    "nothing": b"",
    "half a workbook": None,
    "a zip of something else": "zip",
}


@pytest.mark.parametrize("name", NO_WORKBOOK)
def test_a_file_that_is_no_workbook_is_refused_with_what_to_do(name, tmp_path):
    content = NO_WORKBOOK[name]
    if content is None:
        whole = workbook(tmp_path, [["mine"], ["north"]]).read_bytes()
        content = whole[:len(whole) // 2]
    elif content == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("mines.csv", GOOD)
        content = packed.getvalue()
    with pytest.raises(BadInput) as caught:
        lines_of(table(tmp_path, content, "mines.xlsx"))
    (problem,) = caught.value.problems
    assert (problem.message, problem.file) == ("not_a_workbook", "mines.xlsx")


@pytest.mark.parametrize(("content", "message"), [
    (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old_or_locked_workbook"),
    (b"mine,year\nnorth,2024\n", "text_as_workbook"), ("mine,煤\n".encode("gb18030"), "text_as_workbook"),
    (b"<html><body><table>", "html_page"), (b"version https://git-lfs.github.com/spec/v1\n", "pointer_file")])
def test_of_a_file_that_only_bears_the_name_of_a_workbook_the_cause_is_told(content, message, tmp_path):
    with pytest.raises(BadInput) as caught:
        lines_of(table(tmp_path, content, "mines.xlsx"))
    assert [one.message for one in caught.value.problems] == [message]


def test_a_workbook_without_a_sheet_of_cells_is_refused(tmp_path):
    def only_a_chart(book):
        book.create_chartsheet("chart")
        del book["Sheet"]
    with pytest.raises(BadInput) as caught:
        lines_of(workbook(tmp_path, [], only_a_chart))
    assert caught.value.problems[0].message == "not_a_workbook"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("content", [b"<worksheet><sheetData><row>", b"", b"no XML at all"])
def test_a_workbook_that_is_broken_inside_is_refused(part, content, tmp_path):
    whole = workbook(tmp_path, [["mine"], ["north"]])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "broken.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    with pytest.raises(BadInput) as caught:
        lines_of(tmp_path / "broken.xlsx")
    assert caught.value.problems[0].message == "not_a_workbook"


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_unpacked(tmp_path):
    path = workbook(tmp_path, [["mine"], ["north"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/media/a.bin", "w") as part:
        for _ in range(LARGEST // 10_000_000 + 1):
            part.write(bytes(10_000_000))
    with pytest.raises(BadInput) as caught:
        lines_of(path)
    assert caught.value.problems[0].message == "file_too_large"


# --- a line that is wrong is left out and named, the others go on ---------------------------------------------------

LINES = {
    "a cell too few": ("south,2024\n", "field_count"),
    "a cell too many": ("south,2024,5,6\n", "field_count"),
    "a decimal comma": ("south,2024,1,5\n", "field_count"),
    "a character that does not show": ("sou\u200bth,2024,5\n", "control_character"),
    "a character that turns the direction": ("\u202ehtuos,2024,5\n", "control_character"),
    "a bell": ("south\x07,2024,5\n", "control_character"),
    "a cell without end": ("south,2024," + "5" * 50_000 + "\n", "cell_too_long"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_wrong_line_is_named_and_no_other_is_lost(name, tmp_path):
    line, message = LINES[name]
    lines, refused = lines_of(table(tmp_path, GOOD + line + "east,2024,7\n"))
    assert refused == [(message, 3)]
    assert [number for number, _ in lines] == [1, 2, 4]


CELLS = {
    "a formula": ("=1+1", "formula_in_cell"),
    "an error": ("#N/A", "formula_in_cell"),
    "a character that does not show": ("sou\u200bth", "control_character"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_wrong_line_of_a_workbook_is_named_and_no_other_is_lost(name, tmp_path):
    text, message = CELLS[name]
    lines, refused = lines_of(workbook(tmp_path, [["mine", "x"], ["north", 5], [text, 5], ["east", 7]]))
    assert refused == [(message, 3)]
    assert [number for number, _ in lines] == [1, 2, 4]


# --- what is only odd is read -------------------------------------------------------------------------------------

@pytest.mark.parametrize("content", [
    GOOD.encode("utf-8-sig"), GOOD.encode("utf-16"), GOOD.replace(",", "\t").encode(),
    GOOD.replace(",", ";").encode(), ("Mines of 2024,,\n\n" + GOOD).encode(),
    GOOD.replace("\n", "\r\n").encode(), GOOD.replace("\n", "\r").encode(),
    GOOD.removesuffix("\n").encode(), GOOD.replace("5", "5,,").encode(), GOOD.replace("5", "  5 ").encode(),
    ("\n\n" + GOOD).encode(), GOOD.replace("[t]\n", "[t],,\n").encode()],
    ids=["mark", "UTF-16, as Excel saves Unicode text", "tabs", "semicolons", "a title above", "CRLF", "CR",
         "no last line end", "commas behind", "blanks around", "blank lines before", "commas behind the heading"])
def test_a_table_in_another_dress_is_the_same_table(content, tmp_path):
    lines, refused = lines_of(table(tmp_path, content))
    assert refused == []
    assert [cells for _, cells in lines] == [["mine", "year", "metrics:production [t]"], ["north", "2024", "5"]]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    lines, _ = lines_of(table(tmp_path, 'mine,x\n\nnorth,"two\nlines"\nsouth,1\n'))
    assert [number for number, _ in lines] == [1, 3, 5]


def test_cells_of_a_workbook_read_as_they_show(tmp_path):
    row = ["north", 5, 5.0, 0.1, 1e21, datetime.datetime(2024, 2, 29), datetime.date(2024, 3, 1), True, None, " 5 "]
    lines, _ = lines_of(workbook(tmp_path, [["mine", *(f"c{one}" for one in range(9))], row]))
    assert lines[1] == (2, ["north", "5", "5", "0.1", "1e+21", "2024-02-29", "2024-03-01", "true", "", "5"])


SHOWN = {  # a number under a format, and what it says
    "a percentage": (0.4, "0.0%", "40%"), "an exact percentage": (0.07, "0%", "7%"), "a whole": (1, "0%", "100%"),
    "none": (0, "0%", "0%"),
    "leading zeros of an id": (42, "00000", "00042"), "letters of an id": (42, '"M"0000', "M0042"),
    "thousands": (1234567.5, "#,##0.0", "1234567.5"), "a unit behind": (5, '0.00" t"', "5"),
    "a sign of per cent in a text": (5, '0"%"', "5"), "a colour": (5, "[Red]0", "5"), "text": ("007", "@", "007"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_number_of_a_workbook_keeps_what_its_format_says(name, tmp_path):
    value, number_format, said = SHOWN[name]

    def formatted(book):
        book.active["B2"].number_format = number_format
    lines, _ = lines_of(workbook(tmp_path, [["mine", "x"], ["north", value]], formatted))
    assert lines[1] == (2, ["north", said])


def test_rows_in_merged_cells_are_refused_and_no_other(tmp_path):
    rows = [["mine", "province"], ["north", "内蒙古"], ["south", None], ["east", "山西"]]
    lines, refused = lines_of(workbook(tmp_path, rows, lambda book: book.active.merge_cells("B2:B3")))
    assert refused == [("merged_cells", 2), ("merged_cells", 3)]
    assert [cells[0] for _, cells in lines] == ["mine", "east"]


def test_a_heading_in_merged_cells_is_refused_and_a_title_in_them_is_left_out(tmp_path):
    with pytest.raises(BadInput) as caught:
        lines_of(workbook(tmp_path, [["mine", None], ["north", 5]], lambda book: book.active.merge_cells("A1:B1")))
    assert str(caught.value.problems[0]) == "mines.xlsx 1 A1:B1: merged_cells"
    titled = [["Mines of 2024", None], [None], ["mine", "x"], ["north", 5]]
    lines, _ = lines_of(workbook(tmp_path, titled, lambda book: book.active.merge_cells("A1:B1")))
    assert lines == [(3, ["mine", "x"]), (4, ["north", "5"])]


def test_what_a_workbook_does_not_show_is_told(tmp_path):
    def hide(book):
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["B"].hidden = True
        book.create_sheet("other").append(["mine"])
        book.create_sheet("secret").sheet_state = "hidden"
        book.move_sheet("secret", -2)
    path, told = workbook(tmp_path, [["mine", "x"], ["north", 5], ["south", 6]], hide), []
    lines = list(read_lines(path, told.append, told.append))
    assert [cells[0] for _, cells in lines] == ["mine", "north", "south"]
    assert [one.message for one in told] == ["further_sheets", "hidden_rows", "hidden_columns"]
    assert [problem_text(one, "en").split(". ")[0] for one in told] == [
        "mines.xlsx = Sheet: is the sheet that was read; not read: secret, other",
        "mines.xlsx: has rows that are hidden or filtered away (1) and were read all the same: 3",
        "mines.xlsx: has hidden columns, which were read all the same: B"]


def test_a_sheet_with_thousands_of_rows_filtered_away_is_read_and_their_number_told(tmp_path):
    def hide(book):
        for row in range(2, 15_002):
            book.active.row_dimensions[row].hidden = True
    path, told = workbook(tmp_path, [["mine", "x"], *(["north", 5] for _ in range(15_001))], hide), []
    assert sum(1 for _ in read_lines(path, told.append, told.append)) == 15_002
    assert [problem_text(one, "en").split(". ")[0] for one in told] == [
        "mines.xlsx: has rows that are hidden or filtered away (15,000) and were read all the same: "
        "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …"]


def test_a_cover_sheet_before_the_table_is_passed_over(tmp_path):
    def cover(book):
        book.create_sheet("About", 0).append(["Register of mines"])
    lines, _ = lines_of(workbook(tmp_path, [["mine", "x"], ["north", 5]], cover))
    assert lines == [(1, ["mine", "x"]), (2, ["north", "5"])]


MEASURED = """
import resource, sys
from pathlib import Path
from mineco.core.errors import BadInput
from mineco.runs.batch.reading.lines import read_lines
try:
    list(read_lines(Path(sys.argv[1]), print))
except BadInput as error:
    print(error.problems[0].message)
print(*(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


def test_a_workbook_of_two_million_cells_in_a_row_is_refused_within_seconds_and_little_memory(tmp_path):
    pytest.importorskip("resource")  # not on Windows
    part = io.BytesIO()
    part.write(b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
               b'<sheetData><row r="1">' + b"<c><v>1</v></c>" * 2_000_000 + b"</row></sheetData></worksheet>")
    whole = workbook(tmp_path, [["mine"], ["north"]])
    path = tmp_path / "wide.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, part.getvalue() if name == "xl/worksheets/sheet1.xml" else old.read(name))
    assert path.stat().st_size < 200_000
    begun = time.monotonic()
    # in a process of its own, whose only child is the reader; started by a small one, whose size it begins with
    started = "import subprocess, sys; subprocess.run([sys.executable, '-c', *sys.argv[1:]], check=True)"
    said = subprocess.run([sys.executable, "-c", started, MEASURED, str(path)], capture_output=True, text=True,
                          check=True)
    message, *kilobytes = said.stdout.split()
    assert message == "workbook_too_many_cells"
    assert time.monotonic() - begun < 5
    assert max(map(int, kilobytes)) < 500_000


def test_a_row_far_beyond_the_last_is_refused(tmp_path):
    whole = workbook(tmp_path, [["mine"], ["north"]])
    path = tmp_path / "long.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="2"', b'r="999999999999"'))
    with pytest.raises(BadInput) as caught:
        lines_of(path)
    assert caught.value.problems[0].message == "workbook_too_many_cells"


def test_a_workbook_that_its_reader_dies_of_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda command, _popen=subprocess.Popen, **how: _popen(
        [sys.executable, "-c", "import os; os.abort()"], **how))
    with pytest.raises(BadInput) as caught:
        lines_of(workbook(tmp_path, [["mine"], ["north"]]))
    assert [one.message for one in caught.value.problems] == ["workbook_too_heavy"]


def test_no_process_is_left_when_a_workbook_is_not_read_to_its_end(tmp_path):
    path = workbook(tmp_path, [["mine"], *(["north"] for _ in range(20_000))])
    with open_workbook(path) as book:
        assert next(book.lines(book.sheets[0])) == (1, ["mine"])
    assert book._process.poll() is not None
    assert not book._listener.is_alive()


def test_the_first_sheet_counts_and_blank_rows_keep_their_numbers(tmp_path):
    def more(book):
        book.create_sheet("other").append(["nothing"])
        book.active.cell(row=9, column=1, value="south")
    lines, _ = lines_of(workbook(tmp_path, [["mine", "x"], ["north", 1]], more))
    assert [(number, cells[0]) for number, cells in lines] == [(1, "mine"), (2, "north"), (9, "south")]


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=12).map(str.strip), min_size=2,
                max_size=6).filter(any))
def test_what_a_cell_says_comes_back(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("table")
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in ["north", *cells])
    heading = ",".join(["mine", *(f"c{number}" for number in range(len(cells)))])
    lines, refused = lines_of(table(folder, f"{heading}\n{quoted}\n".encode("utf-8-sig")))
    assert (refused, lines[1:]) == ([], [(2, ["north", *cells])])


def test_the_number_of_lines_to_come_is_known_of_a_table_and_not_of_a_workbook(tmp_path):
    assert count_lines(table(tmp_path, GOOD + "south,2024,5\n")) == 2
    assert count_lines(workbook(tmp_path, [["mine"], ["north"]])) is None

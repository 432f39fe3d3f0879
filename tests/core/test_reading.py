"""What stands in a file is read as it stands, or refused; it is never read as something else."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import problem_text
from mineco.core.reading import files
from mineco.core.reading.cells import read_date, read_number, read_year
from mineco.core.reading.files import list_files, resolve_inside
from mineco.core.reading.tables import read_table

TABLE = "year,item,quantity\n2024,原煤,1200\n2024,柴油,30\n"


def messages(action, *arguments) -> list[str]:
    with pytest.raises(BadInput) as refused:
        action(*arguments)
    return [problem.message for problem in refused.value.problems]


def written(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- tables ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("content", "expected"), [
    ("a,b\n1,2,3\n", "field_count"),
    ("a,b\n1\n", "field_count"),
    ("a\n1\n", "missing_column"),
    ("a,b,c\n1,2,3\n", "unknown_column"),
    ("a,b,b\n1,2,3\n", "duplicate_column"),
    ('a,b\n"1,2\n', "bad_quotes"),
    ('a,b\n"1"x,2\n', "bad_quotes"),
    ('a,b\n"1\n2",3\n', "line_break_in_cell"),
    ("a|b\n1|2\n", "wrong_separator"),
    ("a，b\n1，2\n", "wrong_separator"),
    ("1,2\n3,4\n", "no_header"),
    ("a,b\n" + "1," + "x" * 5001 + "\n", "cell_too_long"),
    ("a,b\n" + "1," + "x" * 200_000 + "\n", "cell_too_long"),
    ("a,b\n" + "1,2\n" * 20_001, "too_many_lines"),
    ("", "no_header"),
])
def test_a_table_of_wrong_form_is_refused(tmp_path, content, expected):
    assert expected in messages(read_table, written(tmp_path, content), ["a", "b"])


def test_all_problems_of_a_table_come_at_once(tmp_path):
    path = written(tmp_path, "a,b,z\n1,2\n1,2,3,4\n")
    assert messages(read_table, path, ["a", "b", "c"]) == [
        "missing_column", "unknown_column", "field_count", "field_count"]


def test_blank_lines_are_left_out_and_line_numbers_are_those_of_the_file(tmp_path):
    rows = read_table(written(tmp_path, "a,b\n\n,\n 1 ,\u3000二\u3000\n"), ["a", "b"], ["c"])
    assert [(dict(row), row.line, row.file) for row in rows] == [({"a": "1", "b": "二", "c": ""}, 4, "table.csv")]


@pytest.mark.parametrize("text", ["NA", "NaN", "None", "=1+1", "@SUM(A1)", "#DIV/0!", "1E5", "007", "TRUE"])
def test_every_cell_is_text_first(tmp_path, text):
    assert read_table(written(tmp_path, f"name\n{text}\n"), ["name"])[0]["name"] == text


def test_a_table_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "table.csv"
    with path.open("wb") as file:
        file.truncate(9_000_000)
    assert messages(read_table, path, ["a"]) == ["file_too_large"]


# --- files ----------------------------------------------------------------------------------------------------------

def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "dossier").mkdir()
    written(tmp_path, "secret", "secret.csv")
    (tmp_path / "dossier" / "activity.csv").symlink_to(tmp_path / "secret.csv")
    assert messages(resolve_inside, tmp_path / "dossier", "activity.csv") == ["outside_dossier"]
    assert messages(resolve_inside, tmp_path / "dossier", "../secret.csv") == ["outside_dossier"]
    assert messages(resolve_inside, tmp_path / "dossier", "/etc/passwd") == ["outside_dossier"]


def test_a_pipe_or_folder_in_place_of_a_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "activity.csv")
    (tmp_path / "metrics.csv").mkdir()
    assert messages(resolve_inside, tmp_path, "activity.csv") == ["not_a_file"]
    assert messages(resolve_inside, tmp_path, "metrics.csv") == ["not_a_file"]
    assert messages(resolve_inside, tmp_path, "mine.yaml") == ["missing_file"]


# --- numbers, years, dates ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "number"), [
    ("0", 0.0), ("-3.5", -3.5), ("+2", 2.0), ("1e5", 100000.0), ("1.5E-3", 0.0015), ("1,234", 1234.0),
    ("1,234,567.25", 1234567.25), ("12,345", 12345.0), ("１２３．５", 123.5), ("１，２３４", 1234.0), ("－４", -4.0),
    ("−4", -4.0), ("007", 7.0), (" 8 ", 8.0),
])
def test_numbers_are_read_as_people_write_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", [
    "", "1,5", "1.234,5", "1,23", "0,123", "12,34,567", "1234,567", "1 234", "1'234", "1_000", ".5", "5.", "1.2.3",
    "nan", "inf", "-inf", "1e999", "0x10", "十", "१२", "٣", "1/2", "(5)", "5t", "5 t", "5万", "#DIV/0!", "--5", "1e",
])
def test_what_could_be_misread_as_a_number_is_refused(text):
    assert messages(read_number, text) == ["not_a_number"]


@pytest.mark.parametrize("text", ["-", "—", "——", "/", "无", "没有", "N/A", " none ", "不详", "待定", "？", "Unknown"])
def test_a_word_for_nothing_is_neither_zero_nor_unknown(text):
    assert messages(read_number, text) == ["word_for_nothing"]


def test_a_percent_sign_is_read_by_its_unit_or_refused():
    assert read_number("85%", "%") == 85.0
    assert read_number("85%", "1") == 0.85
    assert read_number("８５％", "1") == 0.85
    assert messages(read_number, "85%", "t") == ["percent_not_share"]
    assert messages(read_number, "85%%", "1") == ["not_a_number"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_python_writes_is_read_back(number):
    assert read_number(repr(number)) == number


def test_years_and_dates_have_one_form():
    assert read_year("2024") == 2024
    assert read_date("2024-02-29").isoformat() == "2024-02-29"
    for text in ("24", "2024.0", "20240", "1850", "２０２４", "二〇二四"):
        assert messages(read_year, text) == ["not_a_year"]
    for text in ("2024-2-9", "2024/02/09", "2024.2.9", "2024年2月9日", "2024-02-09 0:00:00"):
        assert read_date(text).isoformat() == "2024-02-09"
    for text in ("2023-02-29", "09.02.2024", "2/9/2024", "20240209", "2024-2/9", "24-02-09", "2024-02-09T11:30",
                 "2024-13-01"):
        assert messages(read_date, text) == ["not_a_date"]
    assert messages(read_date, "45331") == ["date_as_serial"]  # 2024-02-09, as Excel keeps it


@pytest.mark.parametrize("text", ["1月2日", "2-Jan", "Jan-26", "2026/1/2", "2026-01-02"])
def test_of_a_date_where_a_number_belongs_the_likely_cause_is_told(text):
    assert messages(read_number, text) == ["date_in_place"]
    assert "1/2" in problem_text(Problem("date_in_place", value=text), "en")


@pytest.mark.parametrize("content", [
    "a\tb\n1\t2\n", "a;b\n1;2\n", "Figures of 2024\n\na,b\n1,2\n", "a,b,,\n1,2,,\n",
    "Figures;\na;b;;\n1;2;;\n"])
def test_a_table_in_another_dress_is_the_same_table(tmp_path, content):
    (row,) = read_table(written(tmp_path, content), ["a", "b"])
    assert (dict(row), row.line) == ({"a": "1", "b": "2"}, content.count("\n"))


def test_what_the_system_leaves_in_a_folder_is_no_file_of_it(tmp_path):
    (tmp_path / "a.csv").touch()
    for name in ("Thumbs.db", "desktop.ini", "~$a.xlsx", ".DS_Store", "a.csv~", "Desktop.ini"):
        (tmp_path / name).touch()
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "a.csv").touch()
    assert [path.as_posix() for path in list_files(tmp_path)] == ["a.csv"]


def test_a_paper_is_hashed_once_as_long_as_it_stays_as_it_is(tmp_path, monkeypatch):
    paper = tmp_path / "scan.pdf"
    paper.write_bytes(b"one")
    hashed, real = [], files.sha256
    monkeypatch.setattr(files, "sha256", lambda path: hashed.append(path) or real(path))
    monkeypatch.setattr(files, "SETTLED", -10**18)  # so that it counts as written long ago
    assert {files.sha256_of_paper(paper) for _ in range(3)} == {hashlib.sha256(b"one").hexdigest()}
    assert len(hashed) == 1
    paper.write_bytes(b"other")
    assert files.sha256_of_paper(paper) == hashlib.sha256(b"other").hexdigest()


def test_a_paper_that_was_just_written_is_hashed_each_time(tmp_path, monkeypatch):
    paper = tmp_path / "scan.pdf"
    hashed, real = [], files.sha256
    monkeypatch.setattr(files, "sha256", lambda path: hashed.append(path) or real(path))
    for content in (b"one", b"two"):  # of one size, within a tick of the clock
        paper.write_bytes(content)
        assert files.sha256_of_paper(paper) == hashlib.sha256(content).hexdigest()
    assert len(hashed) == 2

"""What stands in a file is read as it stands, or refused; it is never read as something else."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.errors import BadInput
from mineco.reading import decode, inside, read_date, read_number, read_table, read_yaml, read_yaml_lines, read_year

TABLE = "year,item,quantity\n2024,原煤,1200\n2024,柴油,30\n"


def messages(action, *arguments) -> list[str]:
    with pytest.raises(BadInput) as refused:
        action(*arguments)
    return [problem.message for problem in refused.value.problems]


def written(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- encodings ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312"])
def test_a_chinese_table_reads_the_same_in_every_encoding_that_excel_writes(tmp_path, encoding):
    rows = read_table(written(tmp_path, TABLE.encode(encoding)), ["year", "item", "quantity"])
    assert [(row["item"], row["quantity"], row.line) for row in rows] == [("原煤", "1200", 2), ("柴油", "30", 3)]


def test_the_gb18030_bytes_of_raw_coal_are_not_taken_for_utf8():
    raw = "原煤".encode("gb18030")
    assert raw.decode("utf-8") == "ԭú"  # the trap: valid UTF-8, and a coal total of zero
    assert decode(raw) == "原煤"


@pytest.mark.parametrize("text", ["m³", "20 °C", "±5 %", "t·km", "µg", "– “quoted” …", "CO₂", "Réunion Münster"])
def test_english_utf8_with_symbols_is_not_taken_for_chinese(text):
    assert decode(f"unit\n{text}\n".encode()) == f"unit\n{text}\n"


@pytest.mark.parametrize("text", ["山东鲁能", "公路", "小山", "采选车间(矿)", "煤", "海拔1200米，气温5℃", "重庆、贵州"])
def test_chinese_gb18030_is_read_as_chinese(text):
    assert decode(f"name,{text}\n".encode("gb18030")) == f"name,{text}\n"


def test_a_file_that_reads_well_both_ways_is_refused_as_ambiguous():
    assert messages(decode, "café".encode()) == ["ambiguous_encoding"]  # or caf茅 in GB18030
    assert decode("café".encode("utf-8-sig")) == "café"  # the byte-order mark decides


def test_cyrillic_utf8_needs_a_byte_order_mark():
    assert messages(decode, "Шахта".encode()) == ["unknown_encoding"]
    assert decode("Шахта".encode("utf-8-sig")) == "Шахта"


@pytest.mark.parametrize("raw", [b"\xff\xfey\x00", "Größe\n".encode("latin-1"), "煤礦產量".encode("big5"), b"\x81"])
def test_other_encodings_are_refused(raw):
    assert messages(decode, raw) == ["unknown_encoding"]


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4, max_size=40))
def test_no_chinese_utf8_text_is_ever_misread(text):
    with contextlib.suppress(BadInput):  # refusing is right, misreading is not
        assert decode(text.encode()) == text


@given(st.text([chr(code) for code in range(0x4E00, 0x9FA5) if chr(code).encode("gb2312", "ignore")], min_size=1))
def test_no_common_chinese_gb18030_text_is_ever_misread(text):
    with contextlib.suppress(BadInput):  # refusing is right, misreading is not
        assert decode(text.encode("gb18030")) == text


@pytest.mark.parametrize("mark", ["\x00", "\x07", "\x1b", "\x7f", "\u200b", "\u202e", "\ufeff", "\u2028", "\ufffd"])
def test_control_and_invisible_characters_are_refused_with_their_line(tmp_path, mark):
    path = written(tmp_path, f"name\nplain\na{mark}b\n")
    with pytest.raises(BadInput) as refused:
        read_table(path, ["name"])
    assert [(p.message, p.row) for p in refused.value.problems] == [("control_character", 3)]


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
    ("a;b\n1;2\n", "wrong_separator"),
    ("a\tb\n1\t2\n", "wrong_separator"),
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
    assert messages(inside, tmp_path / "dossier", "activity.csv") == ["outside_dossier"]
    assert messages(inside, tmp_path / "dossier", "../secret.csv") == ["outside_dossier"]
    assert messages(inside, tmp_path / "dossier", "/etc/passwd") == ["outside_dossier"]


def test_a_pipe_or_folder_in_place_of_a_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "activity.csv")
    (tmp_path / "metrics.csv").mkdir()
    assert messages(inside, tmp_path, "activity.csv") == ["not_a_file"]
    assert messages(inside, tmp_path, "metrics.csv") == ["not_a_file"]
    assert messages(inside, tmp_path, "mine.yaml") == ["missing_file"]


# --- numbers, years, dates ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "number"), [
    ("0", 0.0), ("-3.5", -3.5), ("+2", 2.0), ("1e5", 100000.0), ("1.5E-3", 0.0015), ("1,234", 1234.0),
    ("1,234,567.25", 1234567.25), ("12,345", 12345.0), ("１２３．５", 123.5), ("１，２３４", 1234.0), ("－４", -4.0),
    ("−4", -4.0), ("007", 7.0), (" 8 ", 8.0),
])
def test_numbers_are_read_as_people_write_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", [
    "", "-", "1,5", "1.234,5", "1,23", "0,123", "12,34,567", "1234,567", "1 234", "1'234", "1_000", ".5", "5.", "1.2.3",
    "nan", "inf", "-inf", "1e999", "0x10", "十", "१२", "٣", "1/2", "(5)", "5t", "5 t", "5万", "#DIV/0!", "--5", "1e",
])
def test_what_could_be_misread_as_a_number_is_refused(text):
    assert messages(read_number, text) == ["not_a_number"]


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
    for text in ("2024-2-9", "2023-02-29", "2024/02/09", "09.02.2024", "20240209", "2024年2月9日", "2024-02-09T00:00"):
        assert messages(read_date, text) == ["not_a_date"]


# --- YAML -----------------------------------------------------------------------------------------------------------

def yaml(folder: Path, content: str):
    return read_yaml(written(folder, content, "mine.yaml"))


@pytest.mark.parametrize(("content", "expected"), [
    ("a: &x 1\nb: 2\n", "yaml_anchor"),
    ("a: &x [1]\nb: *x\n", "yaml_anchor"),
    ("a: !!binary aGVsbG8=\n", "yaml_tag"),
    ("a: !!set {x}\n", "yaml_tag"),
    ("a: !!python/object/apply:os.system [ls]\n", "yaml_tag"),
    ("a: 1\na: 2\n", "duplicate_key"),
    ("a: {b: 1, b: 1}\n", "duplicate_key"),
    ("1: 2\n", "key_not_text"),
    ("true: 2\n", "key_not_text"),
    ("[a]: 2\n", "key_not_text"),
    ("a: 1\n---\na: 2\n", "several_documents"),
    ("- 1\n", "not_a_mapping"),
    ("", "not_a_mapping"),
    ("a: [1\n", "not_yaml"),
    ("a: 1\n b: 2\n", "not_yaml"),
    ("a: 010\n", "unquoted_number"),
    ("a: .inf\n", "unquoted_number"),
    ("a: .nan\n", "unquoted_number"),
    ("a: 0x1F\n", "unquoted_number"),
    ("a: " + "[" * 30 + "]" * 30 + "\n", "yaml_too_deep"),
])
def test_yaml_that_hides_something_is_refused(tmp_path, content, expected):
    assert expected in messages(yaml, tmp_path, content)


def test_a_yaml_bomb_is_refused_in_no_time(tmp_path):
    levels = "\n".join(f"{chr(97 + n)}: &{chr(97 + n)} [{', '.join(['*' + chr(96 + n)] * 9)}]" for n in range(1, 10))
    assert set(messages(yaml, tmp_path, f"a: &a [x]\n{levels}\n")) == {"yaml_anchor"}


def test_plain_words_of_old_yaml_stay_text(tmp_path):
    assert yaml(tmp_path, "a: NO\nb: 12:30:45\nc: 2024-01-01\nd: on\ne: '5.10'\nf: 1_000\n") == {
        "a": "NO", "b": "12:30:45", "c": "2024-01-01", "d": "on", "e": "5.10", "f": "1_000"}


def test_numbers_and_truth_of_yaml_1_2_are_read(tmp_path):
    assert yaml(tmp_path, "a: 8\nb: 1.5e6\nc: true\nd:\ne: -0.5\n") == {
        "a": 8, "b": 1500000.0, "c": True, "d": None, "e": -0.5}


def test_every_value_of_a_yaml_file_knows_its_line(tmp_path):
    _, lines = read_yaml_lines(written(tmp_path, "a: 1\nb:\n  c:\n    - x\n    - y\n", "mine.yaml"))
    assert (lines["a",], lines["b", "c"], lines["b", "c", 1]) == (1, 4, 5)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "$x_1$", "{value}", "%s", "'; DROP TABLE", "NA"])
def test_a_hostile_name_is_plain_text(tmp_path, name):
    quoted = name.replace("'", "''")
    assert yaml(tmp_path, f"name: '{quoted}'\n") == {"name": name}

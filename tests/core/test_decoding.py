"""The bytes of a file are read in their own encoding, or refused."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.core.reading.decoding import decode
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


@pytest.mark.parametrize("word", ["山西", "内蒙古", "陕西", "柴油", "原煤", "贵州", "煤矿"])
def test_one_chinese_word_in_utf8_without_a_mark_is_read(word):
    assert decode(f"mine,province\nnorth,{word}\n".encode()) == f"mine,province\nnorth,{word}\n"


@pytest.mark.parametrize("name", ["\u4dae", "\u3ed0\u4dae矿", "\U00020bb7野矿"])
def test_a_name_that_gb18030_writes_in_four_bytes_is_read(name):
    assert decode(f"mine,name\nnorth,{name}\n".encode("gb18030")) == f"mine,name\nnorth,{name}\n"


def test_the_unicode_text_of_excel_is_read():
    assert decode("mine\t矿\r\n".encode("utf-16")) == "mine\t矿\n"


@pytest.mark.parametrize("word", ["位", "路", "鲁"])
def test_a_lone_character_whose_bytes_are_those_of_a_symbol_is_refused_and_not_misread(word):
    assert messages(decode, f"name,{word}\n".encode("gb18030")) == ["ambiguous_encoding"]


def test_cyrillic_utf8_needs_a_byte_order_mark():
    assert messages(decode, "Шахта".encode()) == ["unknown_encoding"]
    assert decode("Шахта".encode("utf-8-sig")) == "Шахта"


@pytest.mark.parametrize("raw", [b"\xff\xfey\x00\x00", "Größe\n".encode("latin-1"), "煤礦產量".encode("big5"), b"\x81"])
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

"""Two texts are the same when their words are, and their numbers but for rounding on another processor."""

import base64
import subprocess
from pathlib import Path

import pytest

from mineco.runs.audit import pdf_text
from mineco.runs.audit.texts import first_difference, first_other
from tests.helpers.refusals import refused_with


def drawing(x: str) -> str:
    svg = f'<svg><path d="M {x} 20.5 L 1 1"/></svg>'
    return f'<img src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


@pytest.mark.parametrize(("ours", "theirs"), [
    ("<td>0.30000000000000004</td>", "<td>0.3</td>"), ("甲矿1114.0000000001吨", "甲矿1114吨"),
    (drawing("10.123456"), drawing("10.123457"))])
def test_rounding_far_below_what_is_shown_is_no_difference(ours, theirs):
    assert first_difference(ours, theirs) is None


@pytest.mark.parametrize(("ours", "theirs", "drawn"), [
    ("64.71", "64.72", False), ("1,114 t", "1,115 t", False), ("below", "grade A", False), ("a b", "a  b", False),
    ("甲", "乙", False), ("<p>a</p>", "<p>a</p><p>b</p>", False), ("grade 1e400", "grade 1", False),
    (drawing("10.123456"), drawing("10.1236"), True), (drawing("1"), "<img>", False)])
def test_another_word_or_another_digit_is_a_difference(ours, theirs, drawn):
    for one, other in ((ours, theirs), (theirs, ours)):
        found = first_difference(one, other)
        assert found is not None
        assert found[2] == drawn


def test_a_phrase_stands_for_another_as_a_whole_alone():
    same = {r"numpy \| 2\.4\.6\b": "numpy | 2.5.0"}
    assert first_difference("numpy | 2.4.6", "numpy | 2.5.0", same) is None
    assert first_difference("score | 2.4.6", "score | 2.5.0", same) is not None
    assert first_difference("numpy | 2.5.0", "numpy | 2.4.6", same) is not None


def test_lines_that_break_elsewhere_are_the_same_text_on_paper():
    assert first_other("carbon\nneutral 矿\n山", "carbon neutral\n矿山") is None
    assert first_other("net 375.2 t", "net 375.3 t") == ("net 375.2 t", "net 375.3 t")
    assert first_other("abc", "ab") == ("abc", "ab")
    assert first_other("abc", "") == ("abc", "")


def test_a_difference_is_told_with_the_words_around_it_and_no_half_of_one():
    before = "Of the tiny quarry, 2024: grade C. "
    after = " of 100 points, more than the 60 of grade C ask for, and less than the 70 of grade B"
    assert first_other(f"{before}99.7{after}", f"{before.replace(' ', chr(10))}64.7{after}") == (
        "quarry, 2024: grade C. 99.7 of 100 points, more than the 60 of grade C ask for, and less than the 70",
        "quarry, 2024: grade C. 64.7 of 100 points, more than the 60 of grade C ask for, and less than the 70")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"x" * 1000])
def test_what_is_no_pdf_has_no_text(tmp_path, content):
    (tmp_path / "a.pdf").write_bytes(content)
    assert pdf_text.pdf_text(tmp_path / "a.pdf") is None


def test_where_the_reader_of_pdf_is_not_installed_that_is_said(monkeypatch):
    monkeypatch.setattr(subprocess, "run",
                        lambda *_, **__: subprocess.CompletedProcess([], pdf_text.NOT_INSTALLED, b"", b""))
    with refused_with("pdf_not_readable_here"):
        pdf_text.pdf_text(Path("a.pdf"))

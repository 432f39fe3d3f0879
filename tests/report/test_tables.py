"""What a notebook shows: escaping, headings, tables and worked formulas."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pandas as pd
import pytest

from mineco.core.labels import label, set_language
from mineco.report import forms, steps, tables
from mineco.report.safe import safe_html
from tests.helpers.refusals import refused_with

pytestmark = pytest.mark.usefixtures("english")
HOSTILE = ["<script>alert(1)</script>", "=1+1", "$x_1$", "$$", "#let x", "[a](javascript:1)", "|a|b|",
           '" onload="x', "</table><h1>x</h1>"]


class Reader(HTMLParser):
    """The tags of a piece of HTML, and the text of each of its cells."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.cells = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag in ("td", "th", "caption", "p", "li"):
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


def test_hostile_cells_stay_text_in_a_table():
    block = tables.show([{"name": name} for name in HOSTILE], HOSTILE[0])
    read = Reader(block.html)
    assert set(read.tags) == {"div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert [cell.strip() for cell in read.cells] == [HOSTILE[0], "Name", *HOSTILE]


def test_a_frame_and_a_list_of_mappings_make_the_same_table():
    rows = [{"year": 2023, "emissions": 10.5}, {"year": 2024, "emissions": 9.25}]
    assert tables.show(pd.DataFrame(rows), "a") == tables.show(rows, "a")


def test_years_have_no_thousands_separator_and_other_whole_numbers_have():
    assert tables.show([{"year": 2024, "quantity": 2024}]).text.splitlines()[1] == "2024 | 2,024"


def test_the_unit_stands_in_the_header():
    rows = [{"emissions": 1.0}]
    assert tables.show(rows, units={"emissions": "tCO2e"}).text.splitlines()[0] == "Emissions (tCO₂e)"
    set_language("zh")
    assert tables.show(rows, units={"emissions": "tCO2e"}).text.splitlines()[0] == "排放量（tCO₂e）"


def test_numerals_stand_to_the_right_and_text_to_the_left():
    html = tables.show([{"name": "diesel", "quantity": None}, {"name": "coal", "quantity": 3.5}]).html
    assert re.findall(r'<td style="text-align: (\w+)"', html) == ["left", "right"] * 2


def test_numbers_of_a_column_stand_with_their_decimal_points_below_each_other():
    rows = [{"quantity": number} for number in (1234.0, 0.25, 2.5, None)]
    # in halves of a digit: a point takes one, a digit two; the longest has .25
    assert re.findall(r'<td[^>]*?(?:class="short-(\d+)")?>([^<]*)<', tables.show(rows).html) == [
        ("5", "1,234"), ("", "0.25"), ("2", "2.5"), ("5", "—")]
    assert "short-" not in tables.show([{"quantity": 1.5}, {"quantity": 2.5e-9}]).html  # a power of ten has no place
    assert "short-" not in tables.show([{"year": 2024}, {"year": 2025}]).html


def test_steps_of_one_formula_are_one_table_with_its_sources_below():
    block = steps.folded_block("E = a b", {"a": ("fuel", "t"), "b": ("share", "1"), "E": ("", "tCO2")}, [
        ["boiler", "20", "0.5", "10", "1, 2"], ["truck", "3", "0.25", "0.75", "3, 2"]], [
        ("measured", "", "activity.csv:2"), ("assumed", "unverified", "x"), ("measured", "", "activity.csv:3")], "sum")
    read = Reader(block.html)
    cells = [cell.strip() for cell in read.cells]
    assert r"\(a\)</span> fuel; <span" in block.html
    assert cells[:5] == ["Item", r"\(a\) (t)", r"\(b\)", r"\(E\) (tCO₂)", "Source"]
    assert cells[5:15] == ["boiler", "20", "0.5", "10", "1, 2", "truck", "3", "0.25", "0.75", "3, 2"]
    assert cells[15:] == ["No.", "Kind", "Status", "Source", "1", "measured", "—", "activity.csv:2", "2", "assumed",
                          "△ unverified", "x", "3", "measured", "—", "activity.csv:3"]
    assert "<strong>△ unverified</strong>" in block.html


def test_a_report_leaves_out_what_its_style_sheet_says_of_cells():
    html = tables.show([{"from": "2024-01-31", "quantity": 3.5}], headers={"from": "From"}).html
    assert 'style="text-align: left; white-space: nowrap" class="date"' in html
    assert re.findall(r"<t[dh]\b([^>]*)>", safe_html(html, [])) == [
        ' scope="col"', ' scope="col" style="text-align: right"', ' class="date"', ' style="text-align: right"']


def test_every_cell_says_itself_where_it_stands_since_jupyterlab_sets_all_to_the_right():
    sources = [{"symbol": "a", "name": "fuel", "value": value, "unit": "t", "kind": "", "status": "", "source": "x"}
               for value in (2.5, None)]
    shown = tables.below([
        tables.show([{"name": "diesel", "quantity": 3.5}]), steps.formula_block("a", "2", "2 t", "7.1", sources),
        forms.cover({"evaluator": "x"}, "A"), forms.sheet("A", [("mine_name", "A")], "x", sealed=True),
        forms.conclusion([("Grade", "A")]), forms.signature_block()])
    cells = re.findall(r"<t[dh]\b[^>]*>", shown.html)
    assert len(cells) == 4 + 3 * 6 + 2 + 2 + 6 + 6 * 4  # the column of the status, which none has, is not there
    assert [cell for cell in cells if not re.search('style="text-align: (left|right)', cell)] == []


def test_a_missing_number_is_a_dash_and_never_zero():
    assert tables.show([{"quantity": None}]).text.splitlines()[1] == "—"
    assert tables.show(pd.DataFrame({"quantity": [1.5, float("nan")]})).text.splitlines()[2] == "—"


def test_a_quantity_is_shown_with_its_own_unit():
    quantity = SimpleNamespace(value=3.5, unit="10^4 Nm3")
    assert tables.show([{"quantity": quantity}]).text.splitlines()[1] == "3.5×10⁴ Nm³"


def test_a_heading_written_like_an_id_must_be_a_label():
    with refused_with("column_without_heading"):
        tables.show([{"no_such_column": 1}])
    assert tables.show([{"no_such_column": 1}], headers={"no_such_column": "Some"}).text[:4] == "Some"


def test_a_caption_that_is_no_text_and_a_table_that_is_left_out_are_refused_by_their_names():
    with refused_with("argument_not_text"):
        tables.show([{"Name": 1}], caption=5)
    with refused_with("argument_not_text"):
        tables.framed({"diesel": 1.0}, 5)
    with refused_with("argument_missing"):
        tables.show()


def test_a_frame_of_ones_own_is_shown_with_the_names_that_it_has():
    shown = tables.framed(pd.DataFrame({"no_such_column": [1, 2], "year": [2020, 2021]}))
    assert shown.text.splitlines() == ["no_such_column | Year", "1 | 2020", "2 | 2021"]


def test_rows_with_different_columns_are_refused():
    with refused_with("uneven_rows"):
        tables.show([{"name": "a"}, {"value": 1}])


def test_a_table_without_rows_is_one_sentence():
    assert tables.show([], "Offsets").text == "Nothing to list under “Offsets”."
    assert tables.show([]).text == "Nothing to list."
    assert tables.note("Offsets", []) == tables.show([], "Offsets")


def test_a_caption_a_title_and_the_head_of_a_row_may_be_the_id_of_a_label():
    assert tables.pairs([("year", "2024")], "gates").text.splitlines() == [
        label("gates"), "Item | Content", "Year | 2024"]
    assert tables.note("advice", ["x"]).text.splitlines() == [label("advice"), "- x"]


def test_changes_and_shares_are_numbers_and_line_up():
    rows = [{"share": "+8.25 %", "place": "2"}, {"share": "< 1 %", "place": "10"}, {"share": "−0.5 %", "place": "3"}]
    assert re.findall(r'<td style="text-align: (\w+)"(?: class="short-(\d+)")?', tables.show(rows).html) == [
        ("right", ""), ("left", ""), ("right", "5"), ("left", ""), ("right", "2"), ("left", "")]


def test_boxes_show_what_holds_and_what_does_not():
    assert tables.choices({"通过": False, "不通过": True}) == "□ 通过　■ 不通过"


def test_an_output_carries_html_and_plain_text():
    assert set(tables.show_text("a")._repr_mimebundle_()) == {"text/html", "text/plain"}
    assert (tables.show_text("a") + tables.show_text("b")).text == "a\n\nb"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text_in_every_form(name):
    blocks = [tables.show_text(name), tables.note(name, [name]), forms.cover({name: name}, name, name),
              forms.conclusion([(name, name), (name, {name: True})], {name: (name, name)}),
              forms.page(name, forms.lead(name), forms.strip({name: name})),
              steps.formula_block("x", "1", name, name, [{"symbol": "x", "name": name, "value": name, "unit": "t",
                                                           "kind": "measured", "source": name}])]
    for block in blocks:
        read = Reader(block.html)
        assert "script" not in read.tags
        assert read.tags.count("h1") <= 1
        assert any(name in cell for cell in read.cells)
        assert not re.search(r"<[^>]*onload", block.html)


# --- frames of pandas, in words -------------------------------------------------------------------------------------

def test_a_frame_has_its_index_first_and_names_and_texts_in_the_language_that_is_set():
    frame = pd.DataFrame({"score": [64.7114, 57.9], "grade": ["C", "below"]}, ["E2.3", "electricity"])
    for language, head, row in (("zh", "项目 | 得分 | 等级", "电力 | 57.9 | 未达级"),
                                ("en", "Item | Score | Grade", "Electricity | 57.9 | below all grades")):
        set_language(language)
        assert tables.framed(frame).text.splitlines() == [head, "E2.3 | 64.71 | C", row]
    assert frame.columns.tolist() == ["score", "grade"]  # it stays as it is


def test_an_index_that_only_counts_is_left_out_and_one_with_a_name_is_not():
    set_language("en")
    rows = pd.DataFrame({"score": [60.0, 80.0]})
    assert tables.framed(rows).text.splitlines() == ["Score", "60", "80"]
    assert tables.framed(rows.rename_axis("year")).text.splitlines() == ["Year | Score", "0 | 60", "1 | 80"]


def test_a_column_keeps_its_name_and_what_is_missing_is_a_dash():
    set_language("en")
    weights = pd.Series({"a": 0.5, "b": float("nan")}, name="weight")
    assert tables.framed(weights, "emissions_t_co2e").text.splitlines() == [
        "Emissions (tCO₂e)", "Item | Weight", "a | 0.5", "b | —"]

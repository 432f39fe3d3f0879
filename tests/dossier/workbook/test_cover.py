"""Keys and values of mine.yaml as rows of a sheet."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mineco.core.errors import Problems
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.workbook.cover import entries_of, read_key, read_value, written_key, written_value, yaml_of
from tests.helpers.refusals import refused_with

LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
KEYS = st.one_of(LETTERS, st.sampled_from([
    "a.b", "评价员甲 A", '"', "[1]", " a", "a ", ".", "1", "\\", "甲\u3000", "\u00a0甲", "a\nb"]))


@example(first="A", rest=["0"])  # not the indicator A.0
@example(first="E3", rest=["1", "reason"])
@example(first="核算边界", rest=[])  # not the name of an entry
@given(first=KEYS, rest=st.lists(st.one_of(KEYS, st.integers(0, 900)), max_size=4))
def test_any_path_of_keys_is_read_as_it_was_written(first, rest):
    written = written_key((first, *rest))
    assert read_key(written.strip()) == (first, *rest)
    assert "\n" not in written


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a[0]", "a[x]", "a.[1]", "[1]", 'a"b', "a[1]b", '"a'])
def test_what_names_no_keys_is_no_path(text):
    assert read_key(text) is None


@pytest.mark.parametrize(("key", "text", "value"), [
    ("reporting_year", "2024", 2024),
    ("reporting_year", "2024.5", 2024.5),  # refused later, as no whole number
    ("reporting_year", "two", "two"),
    ("licences[1].number", "20240001", "20240001"),  # a number is a text that may have digits alone
    ("report_date", "2025-06-30", "2025-06-30"),
    ("base_year.recalculated", "TRUE", True),
    ("base_year.structural_change_pct", "5%", 5),
    ("consolidation.sites[1].equity_share", "61%", 0.61),
    ("consolidation.sites[1].scope1_t_co2e", "3,115,400", 3115400),
    ("consolidation.sites[1].scope1_t_co2e", "5%", "5%"),  # no share
    ("boundary.geometry[1][1]", "116.4", 116.4),
    ("options.combustion_ch4_n2o", "false", False),
    ("options.gwp", "AR4", "AR4"),
    ("raters.A.conflict", "", None),
    ("options", "{}", {}),
    ("licences", "[]", []),
])
def test_a_value_is_what_its_key_asks_for(key, text, value):
    found = read_value(text, read_key(key))
    assert (found, type(found)) == (value, type(value))


@given(value=st.text(max_size=20), key=st.sampled_from(["name.zh", "reporting_year", "options.gwp", "nowhere"]))
def test_any_text_is_read_as_it_was_written(value, key):
    written = written_value(value, read_key(key))
    assert read_value(written.strip(), read_key(key)) == (value if value else "")


@example(number=104.06573486328128)
@given(number=st.floats(-180, 180))
def test_a_number_is_the_same_in_a_cell_that_keeps_fifteen_digits(number):
    written = written_value(number, ("longitude",))
    kept = float(f"{written:.15g}") if isinstance(written, float) else written
    assert read_value(str(kept), ("longitude",)) == number


def test_a_text_that_no_cell_can_hold_is_refused_and_not_cut():
    assert written_value("长" * 32_767, ("notice", "zh")) == "长" * 32_767
    with refused_with("cell_too_long"):
        written_value("长" * 32_768, ("notice", "zh"))


def test_a_list_needs_no_numbers_in_a_row(tmp_path):
    rows = [(2, "licences[3].number", "7"), (3, "licences[1].number", "5")]
    assert _read(tmp_path, rows) == {"licences": [{"number": "5"}, {"number": "7"}]}


def test_what_stands_twice_and_what_is_no_key_is_told_with_its_row():
    problems = Problems()
    yaml_of([(2, "id", "a"), (3, "id", "b"), (4, "id.zh", "c"), (5, "a..b", "d")], "mine", problems)
    assert [(one.message, one.row) for one in problems] == [
        ("duplicate_key", 3), ("duplicate_key", 4), ("key_not_understood", 5)]


def test_each_line_of_the_file_knows_its_row():
    text, rows = yaml_of([(7, "name.zh", "甲"), (9, "name.en", "A"), (8, "id", "a")], "mine", Problems())
    lines = text.splitlines()
    assert {lines[line - 1].strip(","): row for line, row in rows.items() if '": "' in lines[line - 1]} == {
        '"zh": "甲"': 7, '"en": "A"': 9, '"id": "a"': 8}


def test_the_entries_of_an_example_come_back(tmp_path, example_entries):
    rows = [(number, written_key(path), str(written_value(value, path) if value is not None else ""))
            for number, (path, value) in enumerate(entries_of(example_entries), start=2)]
    assert _read(tmp_path, rows) == example_entries


@pytest.fixture(params=["changcun-coal", "example-copper"])
def example_entries(request):
    from mineco.core.kit import parameters

    return read_yaml(parameters() / "mines" / request.param / "mine.yaml")


def _read(folder, rows):
    problems = Problems()
    text, _ = yaml_of(rows, "mine", problems)
    assert not problems
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    assert yaml.safe_load(text) == read_yaml(folder / "mine.yaml")
    return read_yaml(folder / "mine.yaml")


# --- rows of a form ---------------------------------------------------------------------------------------------------

def test_rows_of_a_form_that_say_nothing_are_as_though_they_were_not_there(tmp_path):
    rows = [(2, "licences[1].name", ""), (3, "licences[1].number", ""), (4, "defaults.kind", ""), (5, "notice", ""),
            (6, "objectives.reason", "x"), (7, "options.gwp", "")]
    assert _read(tmp_path, rows) == {"objectives": {"reason": "x"}}


def test_of_what_is_begun_every_blank_is_told(tmp_path):
    rows = [(2, "licences[2].name", "采矿许可证"), (3, "licences[2].number", ""), (4, "licences[3].number", "")]
    assert _read(tmp_path, rows) == {"licences": [{"name": "采矿许可证", "number": None}]}


def test_what_every_mine_states_is_told_by_its_own_row(tmp_path):
    rows = [(2, "prerequisites.law.met", ""), (3, "name", ""), (4, "licence", ""), (5, "name.en", "")]
    problems = Problems()
    text, numbers = yaml_of(rows[:1] + rows[2:], "mine", problems)
    assert yaml.safe_load(text) == {"prerequisites": {"law": {"met": None}}, "licence": None, "name": {"en": None}}
    assert {2, 4, 5} <= set(numbers.values())


def test_no_conflict_of_interest_stays_stated(tmp_path):
    rows = [(2, "raters.A.role", "组长"), (3, "raters.A.conflict", "")]
    assert _read(tmp_path, rows) == {"raters": {"A": {"role": "组长", "conflict": None}}}


@pytest.mark.parametrize(("name", "value", "entries"), [
    ("核算边界", "采场", {"boundary": {"text": "采场"}}), ("Way of Consolidation", "股权比例",
                                                   {"consolidation": {"approach": "equity-share"}}),
    ("base_year.documented_first_year", "是", {"base_year": {"documented_first_year": True}}),
    ("evaluator_team.members[1].role", "组长", {"evaluator_team": {"members": [{"role": "leader"}]}}),
    ("raters.A.role", "组长", {"raters": {"A": {"role": "组长"}}})])
def test_entries_and_their_words_are_known_by_name(tmp_path, name, value, entries):
    assert _read(tmp_path, [(2, name, value)]) == entries

"""Names and messages: both languages complete, nothing unknown ever printed."""

import ast
import re
from pathlib import Path

import pytest

from mineco.core import labels
from mineco.core.errors import Problem
from mineco.core.kit import parameters
from mineco.core.yaml_reading import read_yaml
from tests.helpers.refusals import refused_with

LABELS = read_yaml(parameters() / "labels.yaml")
TEXTS = read_yaml(parameters() / "messages.yaml")
SENTENCES = {name: entry["sentence"] for name, entry in TEXTS.items() if "sentence" in entry}
MESSAGES = {name: entry for name, entry in TEXTS.items() if name not in SENTENCES}
SOURCES = sorted(Path(labels.__file__).parents[1].rglob("*.py"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    labels.set_language("zh")


def braces(text):
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_every_label_has_chinese_and_english_and_at_most_a_colour():
    wrong = [name for name, entry in LABELS.items() if not {"zh", "en"} <= set(entry) <= {"zh", "en", "colour"}
             or not all(isinstance(text, str) and text.strip() for text in entry.values())]
    assert wrong == []


def test_english_labels_hold_no_chinese():
    assert [name for name, entry in LABELS.items() if CHINESE.search(entry["en"])] == []


def test_removals_have_one_word_in_chinese_that_of_the_standard():
    told = [texts["zh"] for texts in LABELS.values()]
    assert any("移除量" in text for text in told)
    assert not [text for text in told if "清除量" in text]


def test_both_languages_of_a_label_fill_the_same_braces():
    assert [name for name, entry in LABELS.items() if braces(entry["zh"]) != braces(entry["en"])] == []


def test_colours_are_written_as_six_hexadecimal_digits():
    assert [name for name, entry in LABELS.items()
            if not re.fullmatch(r"#[0-9a-f]{6}", entry.get("colour", "#000000"))] == []


def test_every_message_says_in_both_languages_what_is_wrong_and_what_to_do():
    wrong = [name for name, entry in MESSAGES.items() if set(entry) - {"written", "missing"} != {"wrong", "remedy"}
             or any(set(entry[part]) != {"zh", "en"} or not all(entry[part].values()) for part in ("wrong", "remedy"))]
    assert wrong == []


def test_sentences_beside_the_problems_stand_in_both_languages_with_the_same_braces():
    assert {name for name, texts in SENTENCES.items()
            if set(texts) != {"zh", "en"} or braces(texts["zh"]) != braces(texts["en"])} == set()


def test_what_may_be_misspelt_is_a_part_of_the_problem():
    parts = {entry["written"] for entry in MESSAGES.values() if "written" in entry}
    assert parts == {"column", "file", "row", "correctly"}


def test_both_languages_of_a_message_fill_the_same_braces():
    def filled(entry, language):
        names = braces(entry["wrong"][language] + entry["remedy"][language])
        return sorted(name.removesuffix(f"_{language}") for name in names)  # {name_zh} beside {name_en}
    assert [name for name, entry in MESSAGES.items() if filled(entry, "zh") != filled(entry, "en")] == []


def calls_that_raise():
    """(file, id of the message, names that its braces can be filled with) of every problem written in the package."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = ast.unparse(node.func)
                if called.split(".")[-1] == "Problem" or called.endswith("problems.add"):
                    given = {word.arg: word.value for word in node.keywords}
                    details = given.get("details", node.args[5] if len(node.args) > 5 else None)
                    is_spelt_out = details is None or isinstance(details, ast.Dict)
                    keys = {getattr(key, "value", None) for key in getattr(details, "keys", ())}
                    keys |= set() if is_spelt_out else {None}
                    yield path.name, node.args[0].value, {*given, *keys, "file", "row", "column", "value"}


def test_every_problem_raised_in_the_package_has_its_message():
    raised = {name: file for file, name, _ in calls_that_raise()}
    assert len(raised) > 50
    assert {name: file for name, file in raised.items() if name not in MESSAGES} == {}


def test_every_problem_brings_what_the_braces_of_its_message_ask_for():
    unfilled = {(file, name, brace) for file, name, given in calls_that_raise()
                if name in MESSAGES and None not in given
                for brace in braces(str(MESSAGES[name])) if brace not in given}
    assert unfilled == set()


def test_an_unknown_label_is_refused():
    with refused_with("unknown_label"):
        labels.label("no_such_label", "zh")


def test_an_unknown_language_is_refused():
    with refused_with("unknown_language"):
        labels.label("year", "fr")


def test_a_label_without_colour_has_none_to_give():
    with refused_with("no_colour"):
        labels.colour("year")


def test_speaking_english_changes_what_is_said_and_an_argument_wins_over_it():
    labels.set_language("en")
    assert (labels.label("total"), labels.label("total", "zh")) == ("total", "合计")


def test_a_problem_is_told_with_its_place_in_chinese():
    problem = Problem("unknown_label", file="labels.yaml", row=3, column="zh", value="x")
    assert labels.problem_text(problem, "zh").startswith("labels.yaml，第 3 行，zh = x：没有这个编号的标签。")


def test_a_problem_without_place_begins_with_what_is_wrong():
    assert labels.problem_text(Problem("no_pandoc"), "en").startswith("pandoc was not found")


def test_braces_in_a_users_value_are_not_filled():
    problem = Problem("unknown_language", value="{known.__class__}", details={"known": "zh, en"})
    text = labels.problem_text(problem, "en")
    assert text.startswith("{known.__class__}: there are no texts in this language")


def test_a_value_cannot_move_the_cursor_or_flood_the_screen():
    text = labels.problem_text(Problem("unknown_label", value="\x1b[2J\u202e" + "x" * 500), "en")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text) < 300


def test_a_problem_without_message_is_refused_itself():
    with refused_with("unknown_message"):
        labels.problem_text(Problem("no_such_message"), "zh")


# --- the nearest of the choices -------------------------------------------------------------------------------------

@pytest.mark.parametrize(("problem", "nearest"), [
    (Problem("option_not_allowed", value="ar4", details={"allowed": "AR6, AR5, AR4"}), "AR4"),
    (Problem("option_not_allowed", value="AR7", details={"allowed": "AR6, AR5, AR4"}), "AR6"),  # the first of equals
    (Problem("option_not_allowed", value="AR4", details={"allowed": "AR6, AR4"}), ""),  # the same text, of another type
    (Problem("unknown_source", value="fuel-combution", details={"known": "flaring, fuel-combustion"}),
     "fuel-combustion"),
    (Problem("unknown_metric", value="xyz", details={"known": "production, area"}), ""),
    (Problem("unknown_column", "a.csv", 1, "quantty", details={"known": "unit, quantity"}), "quantity"),
    (Problem("unknown_unit", value="tce0", details={"expected": "kg / tce"}), "tce"),
    (Problem("choice_without_use", row="factors.ncvv", value="ncv", details={"known": "ncv, oxidation"}), "ncv"),
    (Problem("step_not_now", value="publish", details={"allowed": "publicity"}), ""),  # known, and not for now
    (Problem("choice_not_allowed", value=5, details={"allowed": "a, b"}), ""),
    (Problem("not_a_number", value="x"), ""),
])
def test_the_nearest_of_the_choices_is_found_by_what_was_written(problem, nearest):
    assert labels.nearest_choice(problem) == nearest


def test_the_nearest_stands_between_what_is_wrong_and_what_to_do():
    problem = Problem("unknown_standard", value="carbon-neutral-mine", details={"known": "carbon-neutral-mine-2025"})
    assert labels.problem_text(problem, "en") == (
        "carbon-neutral-mine: is no standard. Do you mean carbon-neutral-mine-2025? Known: carbon-neutral-mine-2025.")
    assert labels.problem_text(problem, "zh") == (
        "carbon-neutral-mine：没有这个标准。是否为 carbon-neutral-mine-2025？可用：carbon-neutral-mine-2025。")


def test_of_a_long_path_the_file_is_still_named():
    deep = "/".join(["矿山资料"] * 60) + "/metrics.csv"
    for language in ("zh", "en"):
        said = labels.problem_text(Problem("not_a_number", deep, 3, "value", "x"), language)
        assert said.startswith("…")
        assert "/metrics.csv" in said
        assert len(said) < 400

"""The form of an exercise, what is said of an answer, and the blanks that a teacher's copy has filled in."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pint
import pytest

from mineco.core.labels import set_language
from mineco.core.quantity import Quantity, Step
from mineco.runs import course
from mineco.runs.course.checking import verdict
from mineco.runs.course.exercises import Exercise, read_lessons
from mineco.runs.course.solved import solved
from tests.helpers.refusals import refused_with

DIESEL = """\
diesel:
  unit: tCO2
  answer: 651.0
  within: 0.5
  working: "207 * 43.33 * 0.0202 * 0.98 * 44 / 12"
  solution: "207 * 43.33 * 0.0202 * 0.98 * 44 / 12"
  wrong:
    - {answer: 177.6, zh: 少乘了一步, en: a step is missing}
    - {answer: 651040, zh: 单位是千克, en: these are kilograms}
    - {answer: 650.3, zh: 舍入太早, en: rounded too early}
  otherwise: {zh: 再看看式子, en: look at the formula again}
"""


@pytest.fixture
def lesson(tmp_path):
    def read(text=DIESEL, **others):
        for name, content in {"01-first": text, **others}.items():
            (tmp_path / f"{name}.yaml").write_text(content, "utf-8")
        return read_lessons(tmp_path)

    return read


@pytest.fixture
def diesel(lesson):
    return lesson()["01-first"]["diesel"]


def words(answer, *wrong, unit="words"):
    return Exercise.model_validate({
        "unit": unit, "answer": answer, "working": "by heart", "solution": repr(answer),
        "wrong": [{"answer": one, "zh": "错", "en": "wrong"} for one in wrong],
        "otherwise": {"zh": "再看", "en": "again"}})


# --- what is said of an answer --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("given", "kind"), [
    (..., "blank"), (651, "right"), (651.04, "right"), (650.5, "right"), (650.4, "wrong"), (177.9, "wrong"),
    ("651 t", "other kind"), ("651", "other kind"), (float("nan"), "other kind"), (float("inf"), "other kind"),
    pytest.param(10**5000, "other kind", id="too large"), (Decimal("651.04"), "right"), (Fraction(1302, 2), "right"),
    (np.float64(651.04), "right"), (np.int32(651), "right"), (np.array(651.04), "right"),
    (None, "other kind"), (True, "other kind"), (np.True_, "other kind"), ([651.0], "other kind")])
def test_a_number_is_held_to_the_answer_within_its_tolerance_and_to_its_kind(diesel, given, kind):
    assert verdict(diesel, given).kind == kind


def test_of_a_number_near_two_wrong_answers_the_first_is_meant_and_the_right_one_before_both(diesel):
    near = diesel.model_copy(update={"wrong": [*diesel.wrong, diesel.wrong[0].model_copy(update={"en": "later"})]})
    set_language("en")
    assert verdict(near, 177.6).text == "not yet. a step is missing"
    assert verdict(near, 650.4).text == "not yet. rounded too early"
    assert verdict(near, 650.6).kind == "right"  # near to 650.3 as well
    assert verdict(near, 9.0).text == "not yet. look at the formula again"


def test_a_quantity_is_an_answer_in_its_own_unit_and_one_of_something_else_is_refused_in_words(diesel):
    def quantity(value, unit):
        return Quantity(value, unit, "calculated", "diesel", Step("", {}))

    assert verdict(diesel, quantity(651_040.0, "kgCO2")).kind == "right"
    set_language("en")
    other = verdict(diesel, quantity(651.0, "MWh"))
    assert (other.kind, "measures something else" in other.text) == ("other kind", True)


ODD = {  # what is typed, and the words of the sentence that say what it is
    "a print": (None, "什么也没有留下", "nothing was kept"),
    "a unit": ("651 tCO2", "只写数", "write the number alone"),
    "a decimal comma": ((651, 4), "(651, 4)：逗号把数分成了几个", "(651, 4): a comma makes several numbers"),
    "a comma in a text": ("651,4", "只写数", "write the number alone"),
    "a list": ([651.0, 2.0], "[651.0, 2.0] 里可以有几个值", "[651.0, 2.0] may hold several"),
    "a column": (pd.Series([651.0]), "Series 里可以有几个值", "Series may hold several"),
    "an array": (np.array([651.0]), "里可以有几个值", "may hold several"),
    "a quantity of pint": (pint.UnitRegistry().Quantity(651.0, "tonne"), "自己带着单位", "brings a unit of its own"),
    "not a number": (float("nan"), "nan 算不出来", "nan is no number"),
    "a truth": (True, "True 不是一个数", "True is not a number"),
    "a truth of numpy": (np.False_, "不是一个数", "is not a number"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_answer_of_another_kind_is_told_what_it_is_in_both_languages(diesel, name):
    given, zh, en = ODD[name]
    for language, words in (("zh", zh), ("en", en)):
        set_language(language)
        told = verdict(diesel, given)
        assert (told.kind, words in told.text) == ("other kind", True), told.text


def test_words_may_come_as_a_column_and_each_of_them_is_a_text():
    several = words(["B", "E"], ["A"], ["B"], ["A", "B"])
    assert [verdict(several, given).kind for given in (
        pd.Series(["E", "B"]), np.array(["B", "E"]), ["'B'", "“E”"], ["B", "E", "E"], ["B"], [])] == [
            "right", "right", "right", "right", "wrong", "wrong"]
    set_language("en")
    assert "has its own quotes" in verdict(several, ["B", 5]).text
    assert "square brackets" in verdict(several, "B, E").text
    assert "nothing was kept" in verdict(several, None).text


def test_words_are_compared_without_blanks_and_capitals_and_lists_without_order():
    one, several = words("Scope 1", "a", "b", "c", unit="word"), words(["B", "E"], ["A"], ["B"], ["A", "B"])
    assert [verdict(one, given).kind for given in (" scope 1", "ａ", 1, ["scope 1"])] == [
        "right", "wrong", "other kind", "other kind"]
    assert [verdict(several, given).kind for given in (["e", "b "], ("E", "B"), {"B", "E"}, ["B"], "BE", [1])] == [
        "right", "right", "right", "wrong", "other kind", "other kind"]


@pytest.mark.parametrize(("language", "words"), [("zh", "还没有填写"), ("en", "not filled in yet")])
def test_a_blank_is_told_in_the_language_of_the_notebook(language, words):
    set_language(language)
    assert words in course.check(sf6_co2e=...).text


def test_a_name_that_no_lesson_asks_for_is_refused_with_those_that_there_are():
    with refused_with("fuel: exercise_unknown"):
        course.check(fuel=3)


# --- the form -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("before", "after", "said"), [
    ("  unit: tCO2\n", "", r"diesel\.unit: missing_key"),
    ("unit: tCO2", "unit: tonnes of carbon", "unit such as tCO2"),
    ("  within: 0.5\n", "", "a number has within"),
    ("answer: 651.0", "answer: true", "an answer is a number, a word, or a list of words"),
    ("answer: 651.0", "answer: many", "every answer is of that kind"),
    ("answer: 177.6", "answer: 650.8", "as near to the right one"),
    ("    - {answer: 177.6, zh: 少乘了一步, en: a step is missing}\n", "", "at least 3 items"),
    ("zh: 少乘了一步, ", "", r"wrong\.0\.zh: missing_key"),
    ("diesel:", "Diesel oil:", "pattern"),
    ("  otherwise:", "  hint: x\n  otherwise:", r"diesel\.hint: unknown_key"),
])
def test_an_exercise_that_is_not_whole_is_refused_with_its_place(lesson, before, after, said):
    assert before in DIESEL
    with pytest.raises(Exception, match="01-first.yaml") as caught:
        lesson(DIESEL.replace(before, after, 1))
    problems = [*map(str, caught.value.problems), *(str(one.details.get("why")) for one in caught.value.problems)]
    assert any(re.search(said, one) for one in problems), problems


def test_two_lessons_do_not_ask_for_one_name(lesson):
    with refused_with(r"02-second.yaml 2 diesel: exercise_twice"):
        lesson(**{"02-second": DIESEL})


# --- solutions ------------------------------------------------------------------------------------------------------

def cell(kind, source, **metadata):
    return {"cell_type": kind, "id": source[:4], "metadata": metadata, "source": source}


def test_blanks_are_filled_in_the_cells_that_are_tagged_and_nowhere_else():
    given = {"cells": [cell("markdown", "# Title"), cell("code", "sf6_co2e = ...", tags=["blank"]),
                       cell("code", "other = ...")], "metadata": {}}
    made = solved(given, "en")
    assert [one["source"] for one in made["cells"]][2::2] == ["sf6_co2e = (420 + 12 - 8 - 421) / 1000 * 24300",
                                                              "other = ..."]
    assert "For the teacher" in made["cells"][1]["source"]
    assert "(420 + 12 - 8 - 421)" in made["cells"][3]["source"]
    assert given["cells"][1]["source"] == "sf6_co2e = ..."


def test_a_blank_that_is_no_exercise_is_refused():
    with refused_with("mass: exercise_unknown"):
        solved({"cells": [cell("markdown", "# Title"), cell("code", "mass = ...", tags=["blank"])]}, "en")

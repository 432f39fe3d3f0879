"""Problems are collected, told once each, and stop the work together."""

import pickle
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from mineco.core import labels
from mineco.core.errors import BadInput, Problem, Problems


def test_a_problem_says_where_what_and_which_value():
    old = Problem("bad_value", "mine.yaml", "base_year", "year", 1889)
    assert str(old) == "mine.yaml base_year year: bad_value (1889)"
    assert str(Problem("bad_value")) == "bad_value"


@pytest.mark.parametrize("value", ["", None])
def test_a_problem_without_value_shows_none(value):
    assert str(Problem("bad_value", "a.csv", value=value)) == "a.csv: bad_value"


def test_a_value_of_zero_is_shown():
    assert str(Problem("bad_value", "a.csv", value=0)) == "a.csv: bad_value (0)"


def test_one_problem_or_several_may_stop_the_work():
    one = Problem("bad_value", "a.csv", 2)
    assert BadInput(one).problems == [one]
    assert BadInput(iter([one, one])).problems == [one, one]


def test_independent_parts_go_on_after_a_problem():
    problems, done = Problems(), []
    for number in range(3):
        with problems.collect():
            if number != 1:
                raise BadInput(Problem("bad_value", row=number))
            done.append(number)
    assert [problem.row for problem in problems] == [0, 2]
    assert done == [1]


def test_another_error_is_not_swallowed():
    problems = Problems()
    with pytest.raises(ZeroDivisionError), problems.collect():
        raise ZeroDivisionError
    assert problems == []


@given(st.lists(st.integers(0, 5)))
def test_the_same_problem_met_again_is_told_once_and_in_the_order_of_meeting(rows):
    problems = Problems()
    for row in rows:
        with problems.collect():
            raise BadInput(Problem("bad_value", row=row, details={"year": 2024}))
    assert [problem.row for problem in problems] == list(dict.fromkeys(rows))


def test_problems_that_differ_in_their_details_are_both_told():
    problems = Problems()
    for year in (2023, 2024):
        with problems.collect():
            raise BadInput(Problem("missing_item", details={"year": year}))
    assert len(problems) == 2


def test_stopping_raises_all_of_them_and_nothing_where_there_is_none():
    problems = Problems()
    problems.stop()
    problems.add("bad_value", file="a.csv", row=2, expected="t")
    problems.add("bad_value", file="a.csv", row=3)
    with pytest.raises(BadInput) as caught:
        problems.stop()
    assert [problem.row for problem in caught.value.problems] == [2, 3]
    assert caught.value.problems[0].details == {"expected": "t"}


# --- the words that are shown ---------------------------------------------------------------------------------------

LOST = Problem("unknown_notebook_parameter", column="gpw", value="AR4", details={"allowed": "dossier, gwp"})


def test_the_text_of_bad_input_is_a_sentence_a_line_in_the_language_chosen():
    error = BadInput([LOST, Problem("not_a_number", "activity.csv", 3, "quantity", "1,5")])
    labels.set_language("en")
    assert str(error).splitlines() == [
        "gpw = AR4: the notebook declares no such parameter. Do you mean gwp? It declares: dossier, gwp.",
        "activity.csv, row 3, quantity = 1,5: is not a number. "
        "Write 1234.5 or 1,234.5; the unit goes into its own column."]
    labels.set_language("zh")
    assert str(error).splitlines()[0] == "gpw = AR4：笔记本没有声明这个参数。是否为 gwp？它声明的参数：dossier, gwp。"


def test_a_problem_without_words_or_without_what_they_ask_for_is_still_told():
    assert str(BadInput([Problem("bad_value", "a.csv", 2), Problem("unknown_language", value="fr")])) == (
        "a.csv 2: bad_value\nunknown_language (fr)")


def test_bad_input_comes_whole_from_another_process():
    again = pickle.loads(pickle.dumps(BadInput([LOST])))
    assert again.problems == [LOST]
    assert str(again) == str(BadInput(LOST))


def test_the_short_form_names_the_kinds_of_problems_and_no_more_than_five():
    assert repr(BadInput([LOST, LOST])) == "<BadInput of 2: unknown_notebook_parameter>"
    assert repr(BadInput([Problem(f"kind_{number}") for number in range(7)])).endswith("kind_4, …>")


def test_a_notebook_shows_the_sentences_and_every_call_when_it_asks_again():
    labels.set_language("en")
    shell = InteractiveShell()
    shell.user_ns["problem"] = LOST
    said = [shown(shell, cell) for cell in (
        "from mineco.core.errors import BadInput\nraise BadInput(problem)", "%tb")]
    assert said[0].splitlines()[0] == "BadInput"
    assert "- gpw = AR4: the notebook declares no such parameter. Do you mean gwp?" in said[0]
    assert "Traceback" not in said[0]
    assert "Traceback" in said[1]
    assert "raise BadInput(problem)" in said[1]


def shown(shell, cell):
    with redirect_stdout(StringIO()) as out, redirect_stderr(out):
        shell.run_cell(cell)
    return out.getvalue()

"""Problems are collected, told once each, and stop the work together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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

"""Judgement matrices: what is read, and what is refused with expert, row, column and value."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.weighting.ahp import consistency, judgement_matrix, priority_vector
from mineco.weighting.judgements import checked, connected_parts, read_judgement
from tests.helpers.refusals import refused_with

NAN, INF = float("nan"), float("inf")


def told(action, *arguments, **named):
    """Message, place and value of each problem, in order."""
    with pytest.raises(BadInput) as refused:
        action(*arguments, **named)
    for problem in refused.value.problems:
        assert problem_text(problem, "zh")
        assert problem_text(problem, "en")
    return [(one.message, one.file, one.row, one.column, one.value) for one in refused.value.problems]


def three(**cells):
    """An even 3×3 matrix in which some cells are others: c12=… for row 1, column 2."""
    table = [[1, 1, 1], [1, 1, 1], [1, 1, 1]]
    for place, value in cells.items():
        table[int(place[1]) - 1][int(place[2]) - 1] = value
    return table


# --- reading ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "value"), [("1/3", 1 / 3), ("3", 3.0), (" 1 / 4 ", 0.25), ("0.5", 0.5), (2, 2.0),
                                             ("１／３", 1 / 3), (np.float64(7), 7.0), ("2/1", 2.0)])
def test_a_judgement_is_a_number_or_a_fraction(text, value):
    assert read_judgement(text) == value


@pytest.mark.parametrize("text", ["three", "1/0", "1/2/3", "/3", "1,5", "nan", "inf", True, "3 times", "50%", [3]])
def test_what_is_no_judgement_is_refused(text):
    with refused_with("judgement_not_a_number"):
        read_judgement(text)


def test_blank_is_missing_and_not_zero():
    assert all(np.isnan(read_judgement(blank)) for blank in ("", "  ", None, NAN))


def test_names_label_rows_and_columns():
    matrix = judgement_matrix([[1, 3], ["1/3", 1]], names=["E1", "E2"])
    assert list(matrix.index) == list(matrix.columns) == ["E1", "E2"]
    assert matrix.loc["E1", "E2"] == 3


def test_one_triangle_is_enough():
    matrix = judgement_matrix([["", 2, "1/4"], [None, "", 3], ["", "", ""]])
    assert matrix.to_numpy().tolist() == [[1, 2, 0.25], [0.5, 1, 3], [4, 1 / 3, 1]]


def test_a_comparison_missing_in_both_directions_stays_missing():
    matrix = judgement_matrix(three(c13="", c31=""))
    assert matrix.isna().sum().sum() == 2


def test_fractions_printed_with_four_decimals_become_exact():
    matrix = judgement_matrix([[1, 3, 7], [0.3333, 1, 1], [0.1429, 1, 1]])
    assert matrix.iloc[1, 0] == 1 / 3
    assert matrix.iloc[2, 0] == 1 / 7


def test_a_matrix_that_is_given_is_never_changed():
    given_matrix = np.array([[1, 3], [0.3333, 1]])
    kept = given_matrix.copy()
    priority_vector(given_matrix)
    judgement_matrix(given_matrix)
    assert (given_matrix == kept).all()


def test_geometric_means_of_a_group_are_judgements_too():
    # 2.449 = sqrt(6) is on no scale
    assert priority_vector([[1, 6 ** 0.5], [6 ** -0.5, 1]])[0] == pytest.approx(6 ** 0.5 / (1 + 6 ** 0.5))


@pytest.mark.parametrize(("direction", "back"), [(1.732, 0.577), ("1.732", ".577"), (3, 0.33), (3.732, 0.27),
                                                 (1.7, 0.58)])
def test_printed_reciprocals_are_taken_within_the_rounding_of_their_digits_and_told(direction, back):
    # 1 / 1.732 = 0.57737, 1 / 3.732 = 0.26795; 1.65 to 1.75 have reciprocals of 0.571 to 0.606
    found = judgement_matrix([[1, direction], [back, 1]], ["a", "b"])
    assert found.loc["a", "b"] == float(direction)
    assert found.loc["b", "a"] == 1 / float(direction)
    (notice,) = found.attrs["notices"]
    assert notice.startswith(f"a，b = {float(direction)}：与反方向的判断值 {float(back):g} 在所给位数内互为倒数")


@pytest.mark.parametrize(("direction", "back"), [(1.732, 0.579), (3, 0.34), (3, 0.3), (2, 0.49)])
def test_what_no_rounding_explains_is_not_reciprocal(direction, back):
    assert told(checked, [[1, direction], [back, 1]]) == [("judgement_not_reciprocal", "", "1", "2", float(direction))]


# --- refused, naming the place ------------------------------------------------------------------------------------

@pytest.mark.parametrize(("table", "expected"), [
    (three(c12=3, c21=3), [("judgement_not_reciprocal", "", "1", "2", 3.0)]),
    (three(c12=3, c21=0.3), [("judgement_not_reciprocal", "", "1", "2", 3.0)]),
    (three(c13=0, c31=1), [("judgement_not_positive", "", "1", "3", 0.0)]),
    (three(c23=-2, c32=-0.5), [("judgement_not_positive", "", "2", "3", -2.0),
                               ("judgement_not_positive", "", "3", "2", -0.5)]),
    (three(c12=INF, c21=1), [("judgement_too_large", "", "1", "2", INF)]),
    (three(c12=-INF, c21=1), [("judgement_not_positive", "", "1", "2", -INF)]),
    (three(c12=1e12, c21=1e-12), [("judgement_too_large", "", "1", "2", 1e12),
                                  ("judgement_too_large", "", "2", "1", 1e-12)]),
    (three(c22=2), [("diagonal_not_one", "", "2", "2", 2.0)]),
    (three(c12="three", c21="1/3"), [("judgement_not_a_number", "", "1", "2", "three")]),
])
def test_a_wrong_judgement_is_named_by_row_column_and_value(table, expected):
    assert told(checked, table) == expected
    assert told(priority_vector, table) == expected
    assert told(consistency, table) == expected


def test_a_missing_judgement_is_refused_where_no_method_was_named_to_complete_it():
    ((message, *place, value),) = told(priority_vector, three(c12=NAN, c21=NAN))
    assert (message, place) == ("judgement_missing", ["", "1", "2"])
    assert np.isnan(value)


def test_a_raw_array_with_one_direction_only_is_refused():
    ((message, *place, _value),) = told(consistency, three(c12=3, c21=NAN))
    assert (message, place) == ("judgement_one_way", ["", "2", "1"])


def test_the_expert_is_named_by_name_or_by_number():
    good, bad = three(), three(c12=-2)
    assert told(priority_vector, {"A": good, "B": bad}) == [("judgement_not_positive", "B", "1", "2", -2.0)]
    assert told(priority_vector, [good, good, bad]) == [("judgement_not_positive", "#3", "1", "2", -2.0)]
    assert told(priority_vector, {"A": good, "B": three(c12="x")}) == [("judgement_not_a_number", "B", "1", "2", "x")]


def test_every_wrong_cell_of_every_expert_is_told_at_once():
    found = told(checked, {"A": three(c12=0, c21=1, c33=2), "B": three(c13=5)})
    assert [one[:4] for one in found] == [
        ("diagonal_not_one", "A", "3", "3"), ("judgement_not_positive", "A", "1", "2"),
        ("judgement_not_reciprocal", "B", "1", "3")]


def test_items_are_named_as_the_table_names_them():
    frame = pd.DataFrame([[1, 3.0], [3.0, 1]], index=["水", "土"], columns=["水", "土"])
    assert told(priority_vector, frame) == [("judgement_not_reciprocal", "", "水", "土", 3.0)]


@pytest.mark.parametrize("table", [[[1, 2]], [1, 2], [[1, 2], [0.5]], [[[1, 2], [0.5, 1]], [[1]]], [], [[[[1]]]], 3])
def test_what_is_no_square_table_is_refused(table):
    assert told(checked, table)[0][0] == "judgements_not_square"


def test_rows_and_columns_in_another_order_are_refused():
    frame = pd.DataFrame(np.ones((2, 2)), index=["a", "b"], columns=["b", "a"])
    assert told(checked, frame)[0][0] == "judgement_names_differ"
    one = pd.DataFrame(np.ones((2, 2)), index=["a", "b"], columns=["a", "b"])
    other = pd.DataFrame(np.ones((2, 2)), index=["b", "a"], columns=["b", "a"])
    assert told(checked, {"A": one, "B": other})[0][0] == "judgement_names_differ"


@pytest.mark.parametrize("names", [["a"], ["a", "a"], ["a", "b", "c"]])
def test_names_are_as_many_as_items_and_differ(names):
    assert told(judgement_matrix, [[1, 1], [1, 1]], names)[0][0] == "judgement_names_count"


def test_truth_values_are_no_judgements():
    assert {one[0] for one in told(checked, np.array([[True, True], [True, True]]))} == {"judgement_not_a_number"}


@given(st.lists(st.floats(1 / 9, 9), min_size=10, max_size=10), st.randoms())
def test_any_one_cell_that_is_spoilt_is_found_and_named(judgements, random):
    values = np.ones((5, 5))
    values[np.triu_indices(5, 1)] = judgements
    values = np.triu(values, 1) + np.tril(1 / values.T, -1) + np.eye(5)
    row, column = random.sample(range(5), 2)
    values[row, column] *= 1.2  # more than two digits leave open: 1.6 may stand for 1.65
    ((message, _, *place, _),) = told(checked, values)
    assert message == "judgement_not_reciprocal"
    assert place == sorted([str(row + 1), str(column + 1)])


def test_connected_parts_follow_links_through_others():
    chain = np.eye(6, dtype=bool)
    for first, second in ((0, 3), (3, 5), (1, 2)):
        chain[first, second] = chain[second, first] = True
    assert connected_parts(chain) == [[0, 3, 5], [1, 2], [4]]


@pytest.mark.parametrize("text", ["46025", "1月2日", "2-Jan", "2026/1/2", "2026-01-02"])
def test_a_fraction_that_excel_made_a_date_of_is_told_as_that(text):
    assert [message for message, *_ in told(read_judgement, text)] == ["date_in_place"]  # 46025 is 2 January 2026, 1/2

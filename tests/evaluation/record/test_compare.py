"""Two documents held against each other: what differs is named, and rounding is told apart from a difference."""

import math
from collections.abc import Callable

import pytest

from mineco.evaluation.record.compare import differences, scales


def paths(ours: object, theirs: object, scale: Callable[[str], float] = lambda path: 0.0) -> list[str]:
    return [one.path for one in differences(ours, theirs, scale) if one.matters]


def test_three_and_a_half_tonnes_in_three_and_a_half_million_differ():
    # 3.5 / 3.46e6 = 1.0e-6, a thousand times the tolerance; numpy.allclose lets 1e-5 pass
    assert paths({"net": 3.46e6}, {"net": 3.46e6 + 3.5}) == ["net"]


def test_the_tolerance_is_a_thousand_millionth_on_both_sides():
    assert paths({"a": 1.0}, {"a": 1.0 + 0.99e-9}) == []
    assert paths({"a": 1.0}, {"a": 1.0 + 1.01e-9}) == ["a"]


def test_a_balance_of_nearly_zero_is_compared_with_what_it_is_the_balance_of():
    # 1e-10 t of 3e6 t is rounding, though it is all of 1e-10 t; 1 t of 3e6 t is not
    trace = {"results": {"balance": {"quantities": [0]}},
             "quantities": [{"value": 0.0, "unit": "t", "inputs": {"in": 1}}, {"value": -3e6, "unit": "t"}]}
    assert paths({"balance": 1e-10}, {"balance": -1e-10}, scales(trace)) == []
    assert paths({"balance": 1e-10}, {"balance": 1.0}, scales(trace)) == ["balance"]


def test_a_small_number_does_not_hide_behind_a_large_one_beside_it():
    assert paths({"scope1": 3e6, "scope3": 5.0}, {"scope1": 3e6, "scope3": 5.0001}) == ["scope3"]


@pytest.mark.parametrize(("ours", "theirs"), [
    (math.nan, math.nan), (math.inf, 1.0), (1.0, 1), (True, 1), (None, 0.0), ("1", 1.0), (0.0, 1e-300), ("A", "AA")])
def test_what_is_not_the_same_value_of_the_same_type_differs(ours, theirs):
    assert paths({"a": ours}, {"a": theirs}) == ["a"]


@pytest.mark.parametrize("key", ["id", "@id"])
def test_an_item_that_is_slipped_in_leaves_the_others_where_they_are(key):
    ours, theirs = ([{key: name, "size": 1} for name in names] for names in ("abd", "abcd"))
    assert [one.path for one in differences({"files": ours}, {"files": theirs})] == ["files[c]"]
    assert [one.path for one in differences({"files": theirs}, {"files": theirs[::-1]})] == ["files"]


def test_missing_and_additional_keys_and_items_are_named():
    assert paths({"a": 1, "b": [1, 2]}, {"b": [1], "c": 1}) == ["a", "b[1]", "c"]


def test_items_are_told_apart_by_their_id_and_their_order_counts():
    first, second = {"id": "E1", "score": 1.0}, {"id": "E2", "score": 2.0}
    assert paths([first, second], [second, first]) == [""]
    assert paths([first, second], [first, second | {"score": 3.0}]) == ["[E2].score"]
    assert paths([first, second], [first]) == ["[E2]"]

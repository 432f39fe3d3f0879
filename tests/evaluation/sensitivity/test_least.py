"""By how little an indicator must differ for another grade: by hand on the straight pieces of value functions."""

import numpy as np
import pytest

from mineco.evaluation.sensitivity.least import least_changes
from tests.helpers import mines


def least(name, low, high, mine="tiny-quarry"):
    """Of one indicator that may lie between two values, evenly; all others are as they are."""
    evaluation = mines.evaluated(mine)
    drawn = {f"{id}_value": float(one.value) for id, one in evaluation.indicators.items() if one.value is not None}
    drawn[f"{name}_value"] = np.linspace(low, high, 40_001)
    return {one.indicator: one for one in least_changes(evaluation, evaluation.grades_at, drawn, 40_001)}


def test_the_value_at_which_the_total_falls_below_its_cut():
    # the quarry has 64.71 points, C from 60; E2.5 has 6 % of the total and as many points as per cent
    total = float(mines.evaluated().score.total)
    found = least("E2.5", 0.0, 100.0)["E2.5"]
    assert found.to == pytest.approx(82.5 - (total - 60) / 0.06, abs=1e-3)
    assert found.grade == "below"
    assert (found.low, found.high) == pytest.approx((2.5, 97.5))


def test_the_offset_ratio_is_a_key_itself_and_moves_with_its_indicator():
    found = least("O1.2", 50.0, 75.0)["O1.2"]
    assert found.to == pytest.approx(60.0, abs=1e-3)
    assert found.to < 60.0
    assert found.grade == "below"


def test_the_nearer_of_two_sides_is_told():
    # copper is a B by its offset ratio of 82.26 %: C below 80 %, A from 90 % on
    found = least("O1.2", 60.0, 100.0, "example-copper")["O1.2"]
    assert (found.to, found.grade) == (pytest.approx(80.0, abs=1e-3), "C")
    higher = least("O1.2", 82.0, 100.0, "example-copper")["O1.2"]
    assert (higher.to, higher.grade) == (pytest.approx(90.0, abs=1e-3), "A")


def test_where_nothing_inside_gives_another_grade_nothing_is_told():
    found = least("E2.5", 80.0, 85.0)
    assert all(one.to is None and one.grade is None for one in found.values())
    assert "M1.1" not in found  # which raters score
    assert all(one.low <= one.value <= one.high for one in found.values())


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_an_indicator_at_its_own_value_leaves_the_grade_as_it_is(name):
    evaluation = mines.evaluated(name)
    for indicator, one in evaluation.indicators.items():
        if one.applicable and not one.indicator.rubric:
            assert evaluation.grades_at(indicator, np.array([float(one.value)])) == evaluation.grade.final

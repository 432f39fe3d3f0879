"""All changes of a mine: what is counted, what comes first, rows by hand, and what has no result."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import mineco as mc
from mineco.core.errors import BadInput, Problem
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.sensitivity.changes import KINDS
from mineco.evaluation.sensitivity.inputs import at_ends, changes_of_inputs
from mineco.evaluation.uncertainty.spreads import Spread
from tests.evaluation.uncertainty.test_approaches import POWER, summary, two
from tests.helpers import mines
from tests.helpers.refusals import refused_with

N2O = "IPCC2006.diesel.mobile_offroad.N2O"
FAILED = BadInput(Problem("year_without_rows", "activity.csv", column="year", value=2024))


@cache
def tried(name="tiny-quarry"):
    evaluation = mines.evaluated(name)
    return cnm.try_changes(evaluation, cnm.propagate_uncertainty(evaluation, draws=1000))


def test_a_factor_at_its_upper_end_by_hand():
    # 207 t x 43.33 GJ/t = 8.969 TJ of diesel; nitrous oxide of 28.6 up to 85.8 kg/TJ, at 273
    (one,) = [one for one in tried().changes if (one.item, one.how) == (N2O, "high")]
    more = 207 * 43.33 / 1000 * (85.8 - 28.6) / 1000 * 273
    assert one.result.emissions == pytest.approx(float(mines.evaluated().ledger.emissions) + more, rel=1e-12)
    assert (one.before, one.after, one.kind, one.result.grade) == (28.6, pytest.approx(85.8), "factor", "below")


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_what_changes_the_grade_comes_first_and_everything_is_counted_once(name):
    found = tried(name)
    rows = found.rows()
    assert len(rows) == len(found.changes)
    assert [row["changes_grade"] for row in rows] == sorted((row["changes_grade"] for row in rows), reverse=True)
    assert all((row["grade"] not in (None, found.given.grade)) == row["changes_grade"] for row in rows)
    assert [KINDS.index(one.kind) for one in found.changing] == sorted(KINDS.index(one.kind) for one in found.changing)
    counted = list(found.by_kind())
    assert sum(one.tried for one in counted) == len(found.tried)
    assert sum(one.changing for one in counted) == len(found.changing)
    assert all(one.low <= found.given.score <= one.high for one in counted)


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_what_went_nowhere_is_not_counted_and_has_the_result_as_given(name):
    still = [one for one in tried(name).changes if one.before == one.after]
    assert all(one.result == tried(name).given and not one.tried for one in still)


def test_green_area_cannot_go_above_the_area_that_can_be_greened():
    # copper has greened 594 of 612 ha: 5 % more would be 623.7
    found = {one.how: one for one in tried("example-copper").changes if (one.item, one.before) == ("green_area", 594)}
    assert not found["high"].reached
    assert not found["high"].tried
    assert found["low"].tried


def test_an_input_without_spread_changes_nothing():
    still = [replace(one, spread=Spread("test", 0.0, 0.0, "normal")) for one in two(3.0, 4.0)]
    found = list(changes_of_inputs(at_ends(mines.example(), still, summary)))
    assert not any(one.tried for one in found)
    assert {one.result for one in found} == {tried().given}


def test_where_not_all_have_a_result_together_each_is_evaluated_by_itself():
    def failing(case):
        made = summary(case)
        if np.ndim(made["emissions_t_co2e"]) or made["emissions_t_co2e"] > 1120:
            raise FAILED
        return made

    ends = at_ends(mines.example(), two(3.0, 4.0), failing)
    found = {(one.item, one.how): one for one in changes_of_inputs(ends)}
    given = float(mines.evaluated().ledger.emissions)  # 1113.78; 4 % of 318.3 are 12.7, 3 % are 9.6
    assert [one.result.emissions for (_, how), one in found.items() if how == "low"] == pytest.approx(
        [given - 0.03 * POWER, given - 0.04 * POWER])
    refused = [one for (_, how), one in found.items() if how == "high"]
    assert all(one.result is None and one.problems == tuple(FAILED.problems) for one in refused)
    assert np.isnan(ends.figure("score")[1]).all()


def test_where_the_draws_have_no_result_indicators_are_not_told_and_the_rest_is():
    found = cnm.try_changes(mines.evaluated(), FAILED)
    assert found.least == ()
    assert len(found.changes) == len(tried().changes)
    assert found.least_frame().empty


def test_the_face_gives_the_same_and_makes_indices_where_they_are_asked_for():
    found = mc.sensitivity(mines.example(), indices=8)
    assert found.rows() == mc.sensitivity(mines.example()).rows()
    assert set(found.indices) == {"score", "emissions_t_co2e"}
    assert not tried().indices


def test_a_number_of_draws_that_is_no_power_of_2_is_refused_before_anything_is_tried():
    with refused_with(r"draws: not_a_power_of_two \(100\)"):
        mc.sensitivity(mines.example(), indices=100)


def test_a_standard_without_account_is_refused():
    with refused_with("choice_not_allowed"):
        mc.sensitivity("parameters/mines/example-restoration-area", standard="restoration-area-2025")


def test_results_hold_what_changes_the_grade_and_how_many_were_tried():
    told = mines.evaluated("example-copper").sensitivity_outcome(tried("example-copper"))["sensitivity"]
    assert told["tried"] == len(tried("example-copper").tried)
    assert [one["item"] for one in told["changing"]] == ["scope2_basis", "prov.Jiangxi.2023", N2O]
    assert [one.indicator for one in told["least"]] == ["O1.2"]
    assert mines.evaluated().sensitivity_outcome(None) == {"sensitivity": {}}

"""Doing more for the climate never lowers the score (reading R32), but for shares of power (reading R35)."""

from functools import cache

import pytest

from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from tests.helpers import mines
from tests.helpers.actions import acted, actions

SHARES = (0.01, 0.10, 0.50)
AT_BEST = ("E1.1", "E1.2", "E1.3", "E1.4", "E2.1", "E2.2")
MOST_LOST = 0.3  # points for 10 % saved, where all of those stand at 100
ROUNDING = 1e-9


@cache
def found(mine, name, share):
    """The evaluations before and after; None where the mine has nothing to act on, or would not gain by it."""
    action = actions()[name]
    pair = acted(mines.example(mine), action, share)
    if pair is None:
        return None
    before, after = (cnm.evaluate(case) for case in pair)
    if action.get("when") == "gain" and float(after.ledger.emissions) >= float(before.ledger.emissions):
        return None
    return before, after


@pytest.mark.parametrize("mine", mines.EXAMPLES)
@pytest.mark.parametrize("name", actions())
@pytest.mark.parametrize("share", SHARES)
def test_no_action_lowers_the_total(name, mine, share):
    pair = found(mine, name, share)
    if pair is None:
        return
    before, after = pair
    change = float(after.score.total) - float(before.score.total)
    saturated = all(one.score is None or float(one.score) == 100
                    for one in (before.indicators[name] for name in AT_BEST))
    allowed = MOST_LOST * share / 0.10 if saturated else 0.0
    lost = {one: round(float(after.indicators[one].score) - float(before.indicators[one].score), 3)
            for one in after.indicators if after.indicators[one].score is not None}
    assert change >= -allowed - ROUNDING, (change, {one: by for one, by in lost.items() if by})


@pytest.mark.parametrize("name", actions())
def test_every_action_raises_the_total_on_some_example(name):
    pairs = [pair for mine in mines.EXAMPLES if (pair := found(mine, name, 0.10))]
    assert any(float(after.score.total) > float(before.score.total) + ROUNDING for before, after in pairs)


@pytest.mark.parametrize("mine", mines.EXAMPLES)
def test_planting_in_the_year_leaves_the_area_that_counts_as_it_is(mine):
    case = mines.example(mine)
    before, after = acted(case, actions()["plant"], 0.5)
    area = [float(cnm.measure_indicators(one, cnm.compute_accounts(one), cnm.compute_ledger(one))["O2.2"]
                  .value.origin.inputs["area"]) for one in (before, after)]
    assert area[0] == area[1]

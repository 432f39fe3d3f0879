"""Options under a budget, held against every set there is, against a solver of programs, and against laws."""

import itertools

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from mineco.restoration.maps.choice import best_options, cheapest_first


def every_set(worth, cost, budget):
    """The most that any set within the budget is worth, and the least that one worth so much costs."""
    zones, options = worth.shape
    best = (0.0, 0.0)
    for picked in itertools.product(range(-1, options), repeat=zones):
        taken = [(zone, one) for zone, one in enumerate(picked) if one >= 0]
        if any(np.isnan(worth[pair]) or np.isnan(cost[pair]) for pair in taken):
            continue
        spent, found = sum(cost[pair] for pair in taken), sum(worth[pair] for pair in taken)
        if spent <= budget + 1e-9 and (found > best[0] + 1e-9 or (abs(found - best[0]) <= 1e-9 and spent < best[1])):
            best = found, spent
    return best


def made(seed, zones=5, options=3):
    """Zones of whole pixels with options that some do not have, of which some are worth nothing or cost none."""
    draw = np.random.default_rng(seed)
    area = draw.integers(1, 40, zones)[:, np.newaxis] * 0.09
    worth = area * draw.choice([-2.0, 0.0, 1.0, 5.0, 7.5, 9.0], (zones, options))
    cost = area * draw.choice([0.0, 600.0, 900.0, 2200.0], (zones, options))
    worth[draw.random(worth.shape) < 0.15] = np.nan
    cost[draw.random(cost.shape) < 0.15] = np.nan
    return worth, cost


def budgets_of(worth, cost):
    whole = best_options(worth, cost, [np.inf])[0].cost
    return [0.0, *(whole * np.linspace(0.07, 1.0, 9)), whole * 2, np.inf]


def told(found, worth, cost):
    """Worth and cost of what is taken, added up anew."""
    zones = np.flatnonzero(found.option >= 0)
    return worth[zones, found.option[zones]].sum(), cost[zones, found.option[zones]].sum()


@pytest.mark.parametrize("seed", range(25))
def test_nothing_within_the_budget_is_worth_more_than_what_is_chosen(seed):
    worth, cost = made(seed)
    budgets = budgets_of(worth, cost)
    for budget, found in zip(budgets, best_options(worth, cost, budgets), strict=True):
        assert (found.worth, found.cost) == pytest.approx(every_set(worth, cost, budget), abs=1e-9)
        assert told(found, worth, cost) == pytest.approx((found.worth, found.cost))
        assert found.cost <= budget * (1 + 1e-12)
        assert found.gap == 0


def by_program(worth, cost, budget):
    """The same asked of a solver of programs of whole numbers: its worth, and the bound that it proves."""
    zone, option = np.nonzero((worth > 0) & ~np.isnan(cost))
    value, price = worth[zone, option], cost[zone, option]
    one_each = LinearConstraint((np.arange(len(worth))[:, np.newaxis] == zone).astype(float), ub=1)
    found = milp(-value, integrality=np.ones(len(zone)), bounds=Bounds(0, 1), options={"mip_rel_gap": 1e-9},
                 constraints=[one_each, LinearConstraint(price[np.newaxis], ub=budget)])
    return -found.fun, -found.mip_dual_bound


@pytest.mark.parametrize("seed", range(6))
def test_a_solver_of_programs_finds_no_more(seed):
    worth, cost = made(seed, zones=14)
    budgets = budgets_of(worth, cost)[1:-2]
    for budget, found in zip(budgets, best_options(worth, cost, budgets), strict=True):
        assert found.worth == pytest.approx(by_program(worth, cost, budget)[0], rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_budgets_asked_one_by_one_have_the_same_answers_as_all_at_once(seed):
    worth, cost = made(seed, zones=20, options=4)
    budgets = budgets_of(worth, cost)
    together = best_options(worth, cost, budgets)
    for budget, one in zip(budgets, together, strict=True):
        other, = best_options(worth, cost, [budget])
        assert (other.worth, other.gap) == (pytest.approx(one.worth, rel=1e-9), 0)
    for one, other in zip(together, best_options(worth, cost, budgets[::-1])[::-1], strict=True):
        assert (other.worth, other.cost) == (one.worth, one.cost)


def test_where_sets_are_thinned_the_bound_holds_and_is_near():
    worth, cost = many(60)
    budgets = (cost[:, 1].sum() * np.linspace(0.05, 0.9, 9)).tolist()
    exact = best_options(worth, cost, budgets, most=2**20)
    for budget, one, other in zip(budgets, exact, best_options(worth, cost, budgets, most=200), strict=True):
        assert one.gap == 0
        assert other.worth <= one.worth + 1e-9 <= other.bound
        assert 0 < other.gap < 0.01
        assert other.cost <= budget * (1 + 1e-12)


def many(zones, seed=3):
    """Zones as large as maps have them, with a cheap and a dear option, of which some lose carbon by themselves."""
    draw = np.random.default_rng(seed)
    area = np.maximum(11, (draw.pareto(1.1, zones) * 20).astype(int))[:, np.newaxis] * 0.09
    return area * (np.array([113.0, 126.0]) + draw.choice([0.0, 22.0], (zones, 1))), area * [6000.0, 18_000.0]


@pytest.mark.parametrize("seed", range(8))
def test_more_money_never_brings_less_and_a_list_by_cost_of_a_tonne_never_more(seed):
    worth, cost = made(seed, zones=60, options=4)
    budgets = np.linspace(0.0, best_options(worth, cost, [np.inf])[0].cost, 40).tolist()
    found = best_options(worth, cost, budgets)
    assert (np.diff([one.worth for one in found]) >= 0).all()
    for budget, one in zip(budgets, found, strict=True):
        listed = cheapest_first(worth, cost, budget)
        assert listed.worth <= one.worth + 1e-9
        assert listed.cost <= budget * (1 + 1e-12)
        assert listed.bound == np.inf


def test_zones_alike_are_taken_by_their_number_and_the_cheaper_of_equal_sets_is_told():
    worth, cost = np.full((5, 1), 3.0), np.full((5, 1), 10.0)
    assert best_options(worth, cost, [35.0])[0].option.tolist() == [0, 0, 0, -1, -1]
    # 50 ha for 300, or 30 and 20 ha for 200: the same land
    worth, cost = np.array([[50.0], [30.0], [20.0]]), np.array([[300.0], [120.0], [80.0]])
    assert best_options(worth, cost, [300.0])[0].option.tolist() == [-1, 0, 0]


def test_a_list_by_cost_of_a_tonne_may_leave_a_tenth_behind():
    # 10 t for 10 first, then the 100 t for 110 do not fit into 115 any more: 10 + 90 for 100 beside 100
    worth, cost = np.array([[10.0], [100.0], [55.0]]), np.array([[9.0], [110.0], [100.0]])
    assert cheapest_first(worth, cost, 115.0).worth == 65.0
    assert best_options(worth, cost, [115.0])[0].worth == 100.0


def test_of_nothing_nothing_is_chosen_and_a_cost_below_zero_is_refused():
    nothing = np.full((3, 2), np.nan)
    found, = best_options(nothing, nothing, [100.0])
    assert (found.option.tolist(), found.worth, found.cost) == ([-1, -1, -1], 0.0, 0.0)
    assert cheapest_first(nothing, nothing, 100.0).worth == 0.0
    assert best_options(np.empty((0, 2)), np.empty((0, 2)), [1.0])[0].option.size == 0
    with pytest.raises(ValueError, match="less than nothing"):
        best_options(np.ones((1, 1)), -np.ones((1, 1)), [1.0])


def test_nine_hundred_zones_are_chosen_within_a_ten_thousandth():
    worth, cost = many(900)
    budget = float(cost[:, 1].sum()) / 3
    found, = best_options(worth, cost, [budget])
    assert found.gap < 1e-4
    assert found.worth >= cheapest_first(worth, cost, budget).worth

"""Random indices: the printed tables, held to exact enumeration and to seeded simulation."""

import itertools

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.weighting.ahp import consistency
from mineco.weighting.ahp.priorities import complete, principal_eigenvector
from mineco.weighting.random_index import INCOMPLETE, load_random_indices, random_index, table_names
from tests.helpers.refusals import refused_with
from tests.helpers.simulated_index import SCALE, random_matrices, simulate_random_index

ROWS = load_random_indices()


def triad_indices(product):
    """CI of three items from the product of the judgements round the triad: λmax = 1 + t + 1/t with t its cube root."""
    root = np.cbrt(product)
    return (1 + root + 1 / root - 3) / 2


def every(count):
    """All ways to give so many judgements on Saaty's scale, one column each."""
    return np.array(np.meshgrid(*[SCALE] * count, indexing="ij")).reshape(count, -1)


def test_the_scale_has_17_values_from_a_ninth_to_nine():
    assert sorted(SCALE) == sorted([*(1 / n for n in range(2, 10)), *map(float, range(1, 10))])


def test_three_items_by_enumeration_of_all_4913_matrices():
    first, second, third = every(3)
    exact = triad_indices(first * second * third).mean()
    assert simulate_random_index(3, draws=100_000, seed=1).value == pytest.approx(exact, abs=0.009)
    # every table was simulated: Alonso and Lamata by 500000 matrices, whose standard error is 0.001
    assert ROWS["alonso-lamata-2006", 3, 0].value == pytest.approx(exact, abs=0.003)
    assert ROWS["simulated", 3, 0].value == pytest.approx(exact, abs=0.003)


@pytest.mark.parametrize("n", range(3, 16))
def test_alonso_and_lamatas_index_agrees_with_a_seeded_simulation(n):
    found = simulate_random_index(n, draws=20_000, seed=n)
    assert abs(found.value - ROWS["alonso-lamata-2006", n, 0].value) < 4 * found.error
    assert abs(found.value - ROWS["simulated", n, 0].value) < 4 * found.error
    assert found.error < 0.02 * found.value


def test_the_tables_differ_as_the_literature_says():
    def ratio(table, n):
        return ROWS[table, n, 0].value / ROWS["simulated", n, 0].value
    assert ratio("saaty-1980", 3) == pytest.approx(1.10, abs=0.01)  # 0.58 / 0.525
    assert all(0.92 < ratio("donegan-dodd-1991", n) < 0.97 for n in range(3, 15))
    assert all(abs(ratio("saaty-2005", n) - 1) < 0.012 for n in range(3, 16))


def test_every_table_reaches_as_far_as_it_was_printed():
    reach = {table: max(n for name, n, missing in ROWS if name == table) for table in table_names()}
    assert reach == {"alonso-lamata-2006": 15, "saaty-1980": 10, "saaty-2005": 15, "donegan-dodd-1991": 50,
                     "simulated": 20}


def test_indices_rise_with_the_number_of_items_within_a_table():
    for table in table_names():
        values = [row.value for (name, _, _), row in ROWS.items() if name == table]
        assert values == sorted(values)


def test_every_row_says_where_it_comes_from():
    assert all(row.source and row.status in ("quoted", "derived") for row in ROWS.values())
    derived = [row for row in ROWS.values() if row.status == "derived"]
    assert all(row.draws and (row.seed or "enumeration" in row.source) for row in derived)


# --- incomplete matrices ------------------------------------------------------------------------------------------

def test_one_comparison_missing_among_four_items_completes_to_the_mean_of_both_ways_round():
    part = SCALE[::4]
    judgements = np.array(np.meshgrid(*[part] * 5, indexing="ij")).reshape(5, -1)
    values = np.full((4, 4, judgements.shape[1]), np.nan)
    values[np.arange(4), np.arange(4)] = 1
    for (row, column), one in zip([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)], judgements, strict=True):
        values[row, column], values[column, row] = one, 1 / one
    ours = complete(np.moveaxis(values, -1, 0))[:, 2, 3]
    # the most consistent value of a_34 with items 1 and 2 in common is the geometric mean of both ways round
    by_hand = np.sqrt(judgements[2] / judgements[1] * judgements[4] / judgements[3])
    assert np.allclose(ours, by_hand, rtol=1e-9)


def test_four_items_with_one_comparison_missing_by_enumeration_of_all_1419857_matrices():
    exact = held = 0.0
    rest = every(4)
    for first in SCALE:  # with a_34 completed by the geometric mean of both ways, as the test above shows
        values = np.ones((4, 4, rest.shape[1]))
        known = zip([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)], [np.full(rest.shape[1], first), *rest], strict=True)
        for (row, column), one in known:
            values[row, column], values[column, row] = one, 1 / one
        best = np.sqrt(values[2, 0] * values[0, 3] * values[2, 1] * values[1, 3])
        values[2, 3], values[3, 2] = best, 1 / best
        exact += ((principal_eigenvector(values)[1] - 4) / 3).mean() / len(SCALE)
        best = np.clip(best, 1 / 9, 9)
        values[2, 3], values[3, 2] = best, 1 / best
        held += ((principal_eigenvector(values)[1] - 4) / 3).mean() / len(SCALE)
    assert ROWS[INCOMPLETE, 4, 1].value == round(exact, 4)
    assert exact == pytest.approx(0.581, abs=0.005)  # as quoted of Ágoston and Csató 2022, by their simulation
    assert held == pytest.approx(0.583, abs=0.0005)  # had the completed value to stay on the scale


def test_what_links_all_items_and_no_more_is_always_consistent():
    assert random_index("alonso-lamata-2006", 4, 3) == (INCOMPLETE, 0.0)
    matrix = [[1, 2, None, None], [0.5, 1, 9, None], [None, 1 / 9, 1, 5], [None, None, 0.2, 1]]
    found = consistency(matrix)
    assert (found.cr, found.random_index) == (0.0, INCOMPLETE)
    assert found.lambda_max == pytest.approx(4, abs=1e-12)


@pytest.mark.parametrize("n", range(4, 11))
def test_the_index_falls_with_every_comparison_that_is_missing(n):
    most = (n - 1) * (n - 2) // 2
    values = [ROWS["simulated", n, 0].value, *(ROWS[INCOMPLETE, n, missing].value for missing in range(1, most))]
    assert values == sorted(values, reverse=True)
    # nearly in a line (Ágoston and Csató 2022): (1 − m / most) of the complete index
    line = [values[0] * (1 - missing / most) for missing in range(most)]
    assert np.abs(np.array(values) - line).max() < 0.08


@pytest.mark.parametrize(("n", "missing"), [(4, 2), (5, 2), (6, 5), (7, 9), (8, 3)])
def test_the_incomplete_table_agrees_with_another_seed(n, missing):
    found = simulate_random_index(n, missing, draws=4_000, seed=7)
    assert abs(found.value - ROWS[INCOMPLETE, n, missing].value) < 4 * found.error


def test_random_matrices_leave_out_so_many_comparisons_and_stay_linked():
    values = random_matrices(5, 6, 200, np.random.default_rng(3))
    assert (np.isnan(values).sum(axis=(0, 1)) == 12).all()
    patterns = {tuple(np.isnan(one[np.triu_indices(5, 1)])) for one in np.moveaxis(values, -1, 0)}
    assert len(patterns) > 60  # of the 125 trees of five items (Cayley)
    trees = [edges for edges in itertools.combinations(range(10), 4)
             if tuple(one not in edges for one in range(10)) in patterns]
    assert len(trees) == len(patterns)


def test_the_same_seed_gives_the_same_index():
    assert simulate_random_index(5, 2, 500, seed=4) == simulate_random_index(5, 2, 500, seed=4)
    assert simulate_random_index(5, 2, 500, seed=4) != simulate_random_index(5, 2, 500, seed=5)


@pytest.mark.parametrize(("n", "missing"), [(2, 0), (4, 4), (4, -1)])
def test_an_index_that_cannot_be_is_not_simulated(n, missing):
    with pytest.raises(ValueError, match="cannot be left out"):
        simulate_random_index(n, missing, 10)


# --- looking up ---------------------------------------------------------------------------------------------------

def test_no_index_is_borrowed_from_another_size():
    with refused_with("no_random_index"):
        consistency(np.ones((16, 16)))
    assert consistency(np.ones((16, 16)), "simulated").cr == 0
    assert consistency(np.ones((30, 30)), {30: 1.68}).random_index == "own"
    with refused_with("no_random_index"):
        consistency(np.ones((4, 4)), {3: 0.5})


def test_a_table_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(BadInput) as refused:
        consistency(np.ones((3, 3)), "saaty")
    assert refused.value.problems[0].message == "unknown_random_index"
    assert "saaty-1980" in refused.value.problems[0].details["known"]


@pytest.mark.parametrize("table", [*table_names(), {5: 1.0}])
def test_one_and_two_items_need_no_index(table):
    assert consistency([[1.0]], table).cr == 0
    assert consistency([[1, 4], [0.25, 1]], table).cr == 0


def test_an_incomplete_matrix_takes_its_own_table_and_says_so():
    matrix = [[1, 1, 5, 2], [1, 1, 3, 4], [1 / 5, 1 / 3, 1, None], [1 / 2, 1 / 4, None, 1]]
    found = consistency(matrix, "saaty-1980")
    assert found.random_index == INCOMPLETE
    assert found.missing == 1
    assert found.ri == ROWS[INCOMPLETE, 4, 1].value
    both = consistency([matrix, np.ones((4, 4))], "saaty-1980")
    assert both.random_index == (INCOMPLETE, "saaty-1980")
    assert both.ri.tolist() == [found.ri, 0.9]
    assert consistency(matrix, {4: 0.5}).ri == 0.5

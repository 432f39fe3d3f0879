"""Laws that weights from judgements keep, whatever the judgements."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mineco.weighting.ahp import (
    METHODS,
    aggregate_judgements,
    aggregate_priorities,
    complete,
    consensus,
    consistency,
    priority_vector,
    weights_by_method,
)
from tests.helpers.simulated_index import SCALE

SIZES = st.integers(2, 9)
EVERY_METHOD = pytest.mark.parametrize("method", METHODS)


def reciprocal(upper, count):
    values = np.ones((count, count))
    rows, columns = np.triu_indices(count, 1)
    values[rows, columns], values[columns, rows] = upper, 1 / np.asarray(upper)
    return values


@st.composite
def answers(draw, sizes=SIZES):
    """A judgement matrix of an expert who answers anything on Saaty's scale."""
    count = draw(sizes)
    pairs = count * (count - 1) // 2
    return reciprocal(draw(st.lists(st.sampled_from(SCALE.tolist()), min_size=pairs, max_size=pairs)), count)


def generating():
    return st.lists(st.floats(0.01, 1.0), min_size=2, max_size=12).map(lambda raw: np.array(raw) / sum(raw))


@EVERY_METHOD
@given(weights=generating())
def test_a_consistent_matrix_gives_its_generating_weights_and_a_ratio_of_0(method, weights):
    matrix = weights[:, np.newaxis] / weights
    found = consistency(matrix, method=method)
    assert found.weights == pytest.approx(weights, rel=1e-11)
    assert found.cr == pytest.approx(0, abs=1e-12)
    assert not np.signbit(found.cr)


@EVERY_METHOD
@given(matrix=answers())
def test_weights_are_positive_and_sum_to_1_and_the_index_is_not_below_0(method, matrix):
    found = consistency(matrix, method=method)
    assert (found.weights > 0).all()
    assert found.weights.sum() == pytest.approx(1, abs=1e-14)
    assert found.ci >= 0
    assert found.lambda_max >= len(matrix) * (1 - 1e-12)


@EVERY_METHOD
@given(matrix=answers(), seed=st.integers(0, 1000))
def test_the_order_of_the_items_changes_nothing_but_the_order(method, matrix, seed):
    order = np.random.default_rng(seed).permutation(len(matrix))
    moved = consistency(matrix[np.ix_(order, order)], method=method)
    found = consistency(matrix, method=method)
    assert moved.weights == pytest.approx(found.weights[order], abs=1e-11)
    assert moved.lambda_max == pytest.approx(found.lambda_max, rel=1e-11)


@pytest.mark.parametrize("method", ["eigenvector", "geometric_mean"])
@given(matrix=answers(), raw=st.lists(st.floats(0.2, 5), min_size=9, max_size=9))
def test_counting_an_item_in_other_units_scales_its_weight_alone(method, matrix, raw):
    # D A D^-1 has the eigenvector D w, and rows whose geometric means are scaled likewise, but no column means
    units = np.array(raw[:len(matrix)])
    scaled = consistency(matrix * units[:, np.newaxis] / units, method=method)
    found = consistency(matrix, method=method)
    assert scaled.weights == pytest.approx(found.weights * units / (found.weights * units).sum(), abs=1e-11)
    assert scaled.lambda_max == pytest.approx(found.lambda_max, rel=1e-11)


@given(matrix=answers())
def test_transposing_inverts_the_ratios_of_geometric_means(matrix):
    weights, turned = priority_vector(matrix, "geometric_mean"), priority_vector(matrix.T, "geometric_mean")
    assert turned == pytest.approx((1 / weights) / (1 / weights).sum(), rel=1e-11)


@given(matrix=answers())
def test_transposing_keeps_the_eigenvalue_so_that_no_ratio_tells_of_a_questionnaire_read_the_wrong_way(matrix):
    assert consistency(matrix.T).cr == pytest.approx(consistency(matrix).cr, abs=1e-11)


@given(matrix=answers(st.integers(2, 3)))
def test_up_to_three_items_transposing_inverts_the_ratios_of_the_eigenvector_too(matrix):
    # there it is the geometric mean (Saaty 1980); with four items it need not be: right-left asymmetry (Johnson 1979)
    weights, turned = priority_vector(matrix), priority_vector(matrix.T)
    assert weights == pytest.approx(priority_vector(matrix, "geometric_mean"), rel=1e-9)
    assert turned == pytest.approx((1 / weights) / (1 / weights).sum(), rel=1e-9)


@given(matrix=answers())
def test_aggregating_one_expert_gives_that_expert(matrix):
    assert aggregate_judgements(matrix[np.newaxis]) == pytest.approx(matrix, rel=1e-14)
    weights = priority_vector(matrix)
    assert aggregate_priorities([weights]) == pytest.approx(weights, rel=1e-13)
    assert consensus([weights]) == pytest.approx(1)


@given(matrix=answers(st.integers(3, 6)), share=st.floats(0.1, 10))
def test_an_expert_who_counts_twice_is_two_experts(matrix, share):
    other = matrix.T
    twice = aggregate_judgements([matrix, matrix, other])
    assert aggregate_judgements([matrix, other], [2 * share, share]) == pytest.approx(twice, rel=1e-12)


@given(arrays(float, (4, 3), elements=st.floats(0.01, 1)))
def test_consensus_lies_between_0_and_1_and_does_not_depend_on_the_order_of_experts(raw):
    rows = raw / raw.sum(axis=1, keepdims=True)
    assert 0 <= consensus(rows) <= 1
    assert consensus(rows[::-1]) == pytest.approx(consensus(rows), abs=1e-12)


@given(matrix=answers(st.integers(3, 7)), seed=st.integers(0, 1000))
@settings(deadline=None)
def test_completing_never_changes_what_was_given_and_no_first_guess_is_better(matrix, seed):
    rng = np.random.default_rng(seed)
    rows, columns = np.triu_indices(len(matrix), 1)
    keep = np.arange(len(matrix) - 1)  # the first row links all items
    loose = rng.permutation(np.setdiff1d(np.arange(len(rows)), keep))[:rng.integers(1, 4)]
    table = matrix.copy()
    table[rows[loose], columns[loose]] = table[columns[loose], rows[loose]] = np.nan
    given_cells = ~np.isnan(table)
    found = {method: complete(table, method).to_numpy() for method in ("lambda_max", "log_least_squares", "harker")}
    least = consistency(found["lambda_max"]).lambda_max
    for one in found.values():
        assert (one[given_cells] == table[given_cells]).all()
        assert one * one.T == pytest.approx(np.ones_like(one))
        assert least <= consistency(one).lambda_max * (1 + 1e-10)
    assert least <= consistency(matrix).lambda_max * (1 + 1e-10)


@given(matrix=answers(st.integers(3, 8)))
def test_the_power_method_agrees_with_lapack(matrix):
    values, vectors = np.linalg.eig(matrix)
    first = values.real.argmax()
    vector = vectors[:, first].real / vectors[:, first].real.sum()
    found = consistency(matrix)
    assert found.lambda_max == pytest.approx(values[first].real, rel=1e-11)
    assert found.weights == pytest.approx(vector, abs=1e-9)


@given(matrix=answers(st.integers(2, 6)))
def test_side_by_side_are_the_weights_of_each_method(matrix):
    frame = weights_by_method(matrix, printed=priority_vector(matrix, "geometric_mean"))
    assert frame.loc["geometric_mean", "largest_difference"] == 0
    for method in METHODS:
        assert frame.loc[method].iloc[:len(matrix)].to_numpy(dtype=float) == pytest.approx(
            priority_vector(matrix, method), abs=1e-15)

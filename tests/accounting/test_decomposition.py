"""The change of a product divided among its factors: against a published implementation, and for all products."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mineco.accounting.decomposition import factor_effects, logarithmic_mean

AMOUNTS = st.one_of(st.just(0.0), st.floats(1e-6, 1e6))
PAIRS = st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=5)

# Two parts of three factors in four years, and the additive effects of each factor from year to year: the example of
# LMDIR 0.1.14 (M. Heun), an implementation of Ang (2005) in R, whose tests hold them to a spreadsheet.
YEARS = [[(1, 10, 2), (4, 5, 3)], [(4, 5, 3), (5, 6, 4)], [(8, 2, 4), (5, 7, 5)], [(10, 1, 5), (6, 8, 6)]]
EFFECTS = [(69.79006598, -9.455125793, 39.66505981), (42.96021467, -34.31902656, 50.3588119),
           (54.01064234, -9.021284671, 54.01064234)]


@pytest.mark.parametrize("step", range(3))
def test_the_effects_are_those_of_another_implementation(step):
    by_part = [factor_effects(before, after) for before, after in zip(YEARS[step], YEARS[step + 1], strict=True)]
    assert [sum(effects) for effects in zip(*by_part, strict=True)] == pytest.approx(EFFECTS[step], rel=1e-8)


@given(PAIRS)
def test_the_effects_add_up_to_the_change_also_where_something_comes_from_zero_or_goes_to_it(pairs):
    before, after = zip(*pairs, strict=True)
    first, last = math.prod(before), math.prod(after)
    assert sum(factor_effects(before, after)) == pytest.approx(last - first, rel=1e-9, abs=1e-9 * max(first, last))


@given(PAIRS)
def test_backwards_every_effect_has_the_other_sign(pairs):
    before, after = zip(*pairs, strict=True)
    there, back = factor_effects(before, after), factor_effects(after, before)
    assert there == pytest.approx([-one for one in back], rel=1e-9)


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)), min_size=2, max_size=4), st.floats(0.1, 10))
def test_a_factor_that_stays_brings_nothing(pairs, same):
    before, after = zip(*pairs, strict=True)
    assert factor_effects((*before, same), (*after, same))[-1] == 0


@pytest.mark.parametrize(("before", "after", "factor"), [
    ((2.0, 0.0, 5.0), (3.0, 0.4, 6.0), 1), ((2.0, 0.4, 5.0), (3.0, 0.0, 6.0), 1),
    ((2.0, 0.4, 0.0), (3.0, 0.4, 6.0), 2)])
def test_the_limits_are_what_ever_smaller_numbers_lead_to(before, after, factor):
    """Ang and Choi's small number in place of zero leads to Ang and Liu's limits, slowly: 1/ln."""
    limits = factor_effects(before, after)
    tiny = [[one or 1e-300 for one in side] for side in (before, after)]
    near = factor_effects(*tiny)
    assert limits[factor] == math.prod(after) - math.prod(before)
    assert near == pytest.approx(limits, abs=2e-3 * abs(limits[factor]))


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_the_logarithmic_mean_lies_between_the_geometric_and_the_arithmetic_one(one, other):
    assume(one != other)
    found = logarithmic_mean(one, other)
    assert math.sqrt(one * other) * (1 - 1e-12) <= found <= (one + other) / 2 * (1 + 1e-12)
    assert found == logarithmic_mean(other, one)

"""Ends of spreads one by one, and Sobol' indices beside the analytic ones of a product."""

import numpy as np
import pytest

from mineco.evaluation.sensitivity import at_ends, sobol, tornado
from mineco.evaluation.uncertainty import uncertain_inputs
from tests.evaluation.uncertainty.test_approaches import EMISSIONS, GRID, POWER, inputs_of, summary, two
from tests.helpers import mines


def test_each_input_goes_to_both_ends_alone_and_the_widest_comes_first():
    found = tornado(at_ends(mines.example(), two(3.0, 4.0), summary), EMISSIONS)
    assert found["name"].tolist() == [GRID, "electricity.purchased"]
    assert found["swing"].tolist() == pytest.approx([0.08 * POWER, 0.06 * POWER])
    emissions = float(mines.evaluated().ledger.emissions)
    assert found["figure_at_low"].tolist() == pytest.approx([emissions - 0.04 * POWER, emissions - 0.03 * POWER])
    assert found["reached"].all()


def test_a_rating_goes_to_what_its_raters_gave():
    chosen = [one for one in uncertain_inputs(mines.example(), ()) if one.name == "M1.2"]  # 75 and 50
    found = tornado(at_ends(mines.example(), chosen, summary), "M1.2")
    assert found[["figure_at_low", "figure_at_high"]].values.tolist() in (
        [[50.0, 62.5], [62.5, 75.0]], [[62.5, 75.0], [50.0, 62.5]])


def test_sobol_indices_are_the_analytic_ones_of_a_product():
    # emissions of power are x y with coefficients of variation a and b, whose product has a^2 + b^2 + a^2 b^2
    power, grid = 30 / 196, 40 / 196
    both = power**2 * grid**2
    whole = power**2 + grid**2 + both
    found = sobol(mines.example(), two(30.0, 40.0), summary, EMISSIONS, count=4096).set_index("names")
    names = [f"{GRID} {GRID}", "activity.csv:12 electricity.purchased"]
    assert found.index.tolist() == names
    assert found["first"].tolist() == pytest.approx([grid**2 / whole, power**2 / whole], abs=0.05)
    assert found["total"].tolist() == pytest.approx([(grid**2 + both) / whole, (power**2 + both) / whole], abs=0.05)


def test_what_does_not_matter_has_no_index_and_what_hangs_together_is_one():
    chosen = [*two(5.0, 5.0), *inputs_of(green_area=5.0, greenable_area=5.0)]
    areas = [one for one in uncertain_inputs(mines.example(), ()) if one.name in ("green_area", "greenable_area")]
    found = sobol(mines.example(), [*chosen, *areas], summary, EMISSIONS, count=256).set_index("names")
    together = [name for name in found.index if "green_area" in name]
    assert together
    assert all("greenable_area" in name for name in together)
    assert found.loc[together, "total"].tolist() == [0.0] * len(together)


def test_on_the_whole_chain_first_indices_add_up_to_no_more_than_one():
    case = mines.example()
    found = sobol(case, uncertain_inputs(case, ()), summary, "score", count=1024)
    assert found["first"].sum() <= 1 + 0.15  # of some thirty estimates of 1024 draws
    assert (np.asarray(found["total"]) >= -0.05).all()

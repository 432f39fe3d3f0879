"""Draws of uncertain data: their spread is the stated one, limits hold, and the result's spread follows."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.evaluation.draws import NORMAL_95, draw_case, interval
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from tests.helpers.mines import mapped, with_dossier


@cache
def coal():
    return rcs.open_case(parameters() / "mines" / "changcun-coal")
COUNT = 20_000


def with_uncertainty(case, **percents):
    """The case with other uncertainties of the reporting year's figures, and none for the rest."""
    def told(quantity, percent):
        return replace(quantity, origin=replace(quantity.datum, uncertainty_pct=percent))

    bare = mapped(case, lambda one: told(one, None))
    return with_dossier(bare, metrics=[
        replace(row, quantity=told(row.quantity, percents.get(row.metric) if row.year == case.year else None))
        for row in bare.dossier.metrics])


def figure(case, name):
    return next(row.quantity.value for row in case.dossier.metrics if (row.year, row.metric) == (2024, name))


def test_nineteen_draws_in_twenty_lie_within_the_stated_half_width():
    drawn, _ = draw_case(with_uncertainty(coal(), carbon_stock=15.0), COUNT)
    stock = figure(drawn, "carbon_stock")
    assert np.mean(np.abs(stock - 6100) <= 0.15 * 6100) == pytest.approx(0.95, abs=0.006)  # 4 standard errors: 0.006
    assert stock.std() == pytest.approx(0.15 * 6100 / 1.96, rel=0.02)
    assert stock.mean() == pytest.approx(6100, abs=4 * 467 / COUNT**0.5)


def test_what_states_no_uncertainty_stays_as_it_is():
    drawn, told = draw_case(with_uncertainty(coal(), carbon_stock=15.0), 10)
    assert told.names == ("carbon_stock.2024",)
    assert figure(drawn, "soil_loss") == 1320.0


def test_the_same_seed_gives_the_same_draws_and_another_one_others():
    first, again, other = (figure(draw_case(coal(), 5, seed)[0], "soil_loss") for seed in (1, 1, 2))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_draws_of_one_figure_do_not_depend_on_what_else_is_uncertain():
    alone = figure(draw_case(with_uncertainty(coal(), soil_loss=20.0), 50)[0], "soil_loss")
    beside = figure(draw_case(with_uncertainty(coal(), soil_loss=20.0, carbon_stock=15.0), 50)[0], "soil_loss")
    assert alone.tolist() == beside.tolist()


def test_draws_of_two_figures_are_independent():
    drawn, _ = draw_case(with_uncertainty(coal(), soil_loss=20.0, carbon_stock=15.0), COUNT)
    correlation = np.corrcoef(figure(drawn, "soil_loss"), figure(drawn, "carbon_stock"))[0, 1]
    assert abs(correlation) < 4 / COUNT**0.5


def test_a_part_never_exceeds_its_whole_and_does_not_pile_up_at_it():
    # 286 of 318 ha, both uncertain: about one draw in six would put the part above the whole
    drawn, told = draw_case(with_uncertainty(coal(), quality_met_area=20.0, reclaimed_area=10.0), COUNT)
    part, whole = figure(drawn, "quality_met_area"), figure(drawn, "reclaimed_area")
    assert (part <= whole).all()
    assert not (part == whole).any()
    deviation = np.hypot(286 * 0.20, 318 * 0.10) / NORMAL_95  # of whole less part, were there no limit
    beyond = 0.5 * math.erfc((318 - 286) / deviation / 2**0.5)
    assert told.redrawn / (COUNT + told.redrawn) == pytest.approx(beyond, abs=0.01)


def test_a_certain_part_holds_its_uncertain_whole_up():
    drawn, told = draw_case(with_uncertainty(coal(), reclaimed_area=30.0), 2000)
    assert figure(drawn, "reclaimed_area").min() >= 286.0
    assert told.redrawn > 0


def test_an_uncertainty_that_cuts_off_more_than_half_of_the_draws_is_refused_and_named():
    with pytest.raises(BadInput) as found:
        draw_case(with_uncertainty(coal(), green_area=1000.0), COUNT)
    assert {(one.message, one.column) for one in found.value.problems} == {("draws_beyond_limits", "uncertainty_pct")}


def test_of_a_parcel_its_carbon_is_drawn_and_neither_area_nor_ratios():  # reading S13
    def told(quantity):
        return replace(quantity, origin=replace(quantity.datum, uncertainty_pct=30.0))

    drawn, names = draw_case(mapped(coal(), told, ("parcels",)), 10)
    assert [name for name in names.names if ".2024" in name and "R" in name.split(".")[1]] == [
        "rate_tc_per_ha_yr.R1.all.2024", "growth_tdm_per_ha_yr.R2.biomass.2024", "loss_tc_per_yr.R2.biomass.2024",
        "stock_start_tc_per_ha.R2.soil.2024", "stock_end_tc_per_ha.R2.soil.2024"]
    assert all(np.ndim(row.area.value) == np.ndim(row.leakage.value) == 0 for row in drawn.dossier.parcels)


def test_the_gain_spreads_as_its_baseline_does():
    # only the baseline of 120 tCO2e is uncertain, by 50 %: the gain of 1026.52 has a half-width of 60
    found = rcs.propagate_uncertainty(with_uncertainty(coal(), baseline_removals=50.0), COUNT)
    assert found.gain.mean == pytest.approx(1026.52, abs=1.0)
    assert (found.gain.low, found.gain.high) == (pytest.approx(966.5, abs=2), pytest.approx(1086.5, abs=2))
    assert found.removals.low == pytest.approx(found.removals.high)


def test_shares_of_grades_sum_to_one_and_follow_the_score():
    found = rcs.propagate_uncertainty(coal(), 2000)
    assert sum(found.grades.values()) == pytest.approx(1)
    drawn = rcs.evaluate(draw_case(coal(), 2000)[0])
    assert found.grades["ungraded"] == pytest.approx(np.mean(drawn.score.total.value < 60))
    assert found.score.low < float(rcs.evaluate(coal()).score.total) < found.score.high


def test_every_draw_is_an_evaluation_of_its_own():
    drawn, _ = draw_case(coal(), 4)
    together = rcs.evaluate(drawn)
    for place in range(4):
        alone = rcs.evaluate(mapped(drawn, lambda one, place=place: replace(
            one, value=float(one.value[place]) if np.ndim(one.value) else one.value)))
        assert float(alone.score.total) == pytest.approx(together.score.total.value[place])
        assert alone.grade.final == together.grade.final[place]


def test_without_any_uncertainty_there_is_no_spread():
    assert rcs.propagate_uncertainty(with_uncertainty(coal())) is None


def test_an_interval_of_what_does_not_vary_has_no_width():
    found = interval(3.0, 10)
    assert (found.mean, found.low, found.high) == (3.0, 3.0, 3.0)

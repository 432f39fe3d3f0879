"""Carbon of restored land, against hand arithmetic, published inventories and mass balances."""

import numpy as np
import pytest

from mineco.restoration import (
    area_carbon_stock,
    biomass_gain,
    disturbance_loss,
    gain_loss_change,
    measured_soil_carbon,
    net_sequestration,
    rate_change,
    reference_soil_carbon,
    soil_transition_change,
    stock_difference_change,
    tree_carbon_stock,
    wood_removal_loss,
)


def test_ten_hectares_growing_3_t_a_year_gain_19_74_t_of_carbon():
    # 10 ha · 3 t/(ha yr) · (1 + 0.4) · 0.47 = 19.74 tC/yr
    assert biomass_gain(10.0, 3.0, 0.4, 0.47) == pytest.approx(19.74)


def test_wood_and_fire_are_subtracted_from_growth():
    # wood: 10 m3 · 1.11 · 1.4 · 0.47 = 7.3038; fire: 0.5 ha · 20 t/ha · 1.4 · 0.47 · 0.3 = 1.974
    wood = wood_removal_loss(10.0, 1.11, 0.4, 0.47)
    fire = disturbance_loss(0.5, 20.0, 0.4, 0.47, 0.3)
    assert wood == pytest.approx(7.3038)
    assert fire == pytest.approx(1.974)
    assert gain_loss_change(19.74, wood + fire) == pytest.approx(19.74 - 7.3038 - 1.974)


def test_gains_and_stocks_agree_on_a_stand_that_only_grows():
    # 5 years of 4 m3/(ha yr) on 10 ha at a constant expansion of 0.75 t/m3: growth 3 t/(ha yr) of dry matter
    earlier, later = (tree_carbon_stock(10.0, volume, 0.75, 0.4, 0.47) for volume in (60.0, 80.0))
    by_stocks = stock_difference_change(later, earlier, 5.0)
    assert earlier == pytest.approx(10 * 60 * 0.75 * 1.4 * 0.47)  # 296.1 tC
    assert by_stocks == pytest.approx(gain_loss_change(biomass_gain(10.0, 3.0, 0.4, 0.47), 0.0))


def test_a_rate_per_hectare_is_multiplied_by_the_area():
    # 50 ha · 0.8 tC/(ha yr) = 40 tC/yr
    assert rate_change(50.0, 0.8) == pytest.approx(40.0)


def test_a_parcel_that_lost_carbon_is_a_source_and_not_zero():
    # 20 ha from 52 down to 50 tC/ha in 4 years: -10 tC/yr; · 44/12 = -36.67; less 3.33 of work: -40
    change = stock_difference_change(area_carbon_stock(20.0, 50.0), area_carbon_stock(20.0, 52.0), 4.0)
    assert change == pytest.approx(-10.0)
    assert net_sequestration(change, 10 / 3) == pytest.approx(-40.0)


def test_soil_moves_for_20_years_and_then_rests():
    # 10 ha: 38 · 0.8 · 1 · 1 = 30.4 tC/ha before, 38 · 1 = 38 after: 76 tC in 20 years = 3.8 tC/yr
    before = reference_soil_carbon(10.0, 38.0, 0.8, 1.0, 1.0)
    after = reference_soil_carbon(10.0, 38.0, 1.0, 1.0, 1.0)
    yearly = soil_transition_change(after, before, 20.0, np.arange(1.0, 41.0))
    assert yearly[0] == pytest.approx(3.8)
    assert yearly[19] == pytest.approx(3.8)  # the 20th year still belongs to the transition
    assert yearly[20] == 0
    assert yearly.sum() == pytest.approx(after - before)  # what was gained is the difference of the stocks, once


def test_soil_carbon_of_layers_is_mass_of_earth_times_its_carbon():
    # 1 ha · 0.2 m = 2000 m3; · 1.4 t/m3 · (1 - 0.1) = 2520 t of earth; · 8 g/kg = 20.16 tC
    top = ({"0-20": 8.0}, {"0-20": 1.4}, {"0-20": 20.0}, {"0-20": 0.1})
    assert measured_soil_carbon(*top) == pytest.approx(20.16)


def test_layers_add_up():
    # a layer of 20 cm cut in two of 10 cm holds the same
    halves = ({"0-10": 8.0, "10-20": 8.0}, {"0-10": 1.4, "10-20": 1.4}, {"0-10": 10.0, "10-20": 10.0},
              {"0-10": 0.1, "10-20": 0.1})
    assert measured_soil_carbon(*halves) == pytest.approx(20.16)


def test_a_layer_without_a_density_stops_the_sum():
    with pytest.raises(KeyError):
        measured_soil_carbon({"0-20": 8.0, "20-40": 5.0}, {"0-20": 1.4}, {"0-20": 20.0}, {"0-20": 0.1})


def test_ninety_tonnes_of_carbon_are_330_of_co2_and_the_work_costs_ten():
    # 90 tC · 44/12 = 330 tCO2; - 10 = 320
    assert net_sequestration(90.0, 10.0) == pytest.approx(320.0)


def test_bare_soil_of_the_fuxin_dump_holds_6_9_t_of_carbon_a_hectare():
    # Wang Kai et al. 2021, ChinaXiv 202104.00116, bare plot: 8.32 g/kg organic matter at 1.43 g/cm3, 0 to 10 cm
    # 8.32 · 0.58 = 4.8256 g/kg of carbon; 1000 m3 · 1.43 t/m3 = 1430 t of earth; 1430 · 4.8256 / 1000 = 6.90 tC/ha
    plot = ({"0-10": 8.32 * 0.58}, {"0-10": 1.43}, {"0-10": 10.0}, {"0-10": 0.0})
    assert measured_soil_carbon(*plot) == pytest.approx(6.90, abs=0.005)

"""Rock, blasting, equipment, wastewater, land and filled CO2, against hand arithmetic and molar masses."""

import pytest

from mineco.accounting import (
    carbonate_co2,
    carbonation_co2,
    explosive_co2,
    filled_co2,
    gas_loss,
    land_clearing_co2,
    wastewater_ch4,
)
from mineco.standards.factors import load_factors


def test_a_thousand_tonnes_of_limestone_of_95_percent_give_417_7_t_of_co2():
    # 1000 · 0.4397 · 0.95 = 417.715
    assert carbonate_co2(1000.0, 1.0, 0.4397, 0.95) == pytest.approx(417.715)


@pytest.mark.parametrize(("material", "molar_mass", "carbons"), [("CaCO3", 100.087, 1), ("MgCO3", 84.314, 1),
                                                                 ("CaMgCO32", 184.401, 2), ("FeCO3", 115.854, 1)])
def test_carbonate_factors_are_the_share_of_co2_in_the_molar_mass(material, molar_mass, carbons):
    factor = load_factors().find("carbonate_factor", material=material, edition="IPCC2006").value
    assert carbonate_co2(1.0, 1.0, factor, 1.0) == pytest.approx(carbons * 44.0095 / molar_mass, rel=5e-4)


def test_what_calcining_sets_free_carbonation_binds_again():
    assert carbonate_co2(500.0, 1.0, 0.4397, 0.98) + carbonation_co2(500.0, 0.4397, 0.98) == 0


def test_850_t_of_anfo_give_144_5_t_of_co2():
    # 850 t · 0.17 tCO2/t
    assert explosive_co2(850.0, 0.17) == pytest.approx(144.5)


def test_refrigerant_missing_from_the_balance_was_lost():
    # 120 kg at the start + 30 kg bought - 10 kg returned - 115 kg at the end = 25 kg
    assert gas_loss(120.0, 30.0, 10.0, 115.0) == pytest.approx(0.025)
    assert gas_loss(120.0, 0.0, 0.0, 120.0) == 0


def test_methane_of_wastewater_is_what_forms_less_what_is_burnt():
    # 200 t COD · 0.25 · 0.8 = 40 t; - 10 t = 30 t
    assert wastewater_ch4(200.0, 0.25, 0.8, 10.0) == pytest.approx(30.0)


def test_clearing_12_ha_that_lose_30_t_of_carbon_each_emits_1320_t_in_that_year():
    # 12 ha · (45 - 15) tC/ha = 360 tC; · 44/12 = 1320 tCO2
    assert land_clearing_co2(12.0, 45.0, 15.0) == pytest.approx(1320.0)


def test_filled_co2_counts_only_what_stays_and_was_not_spent_on_the_way():
    # 1000 t · 0.99 - 15 t - 75 t = 900 t
    assert filled_co2(1000.0, 0.99, 15.0, 75.0) == pytest.approx(900.0)


def test_filling_that_costs_more_than_it_binds_is_a_negative_removal_and_not_cut_off():
    # 10 t · 1 - 2 t - 20 t = -12 t
    assert filled_co2(10.0, 1.0, 2.0, 20.0) == pytest.approx(-12.0)

"""Scope 2 on both bases and heat, against hand arithmetic, steam tables and the properties of water."""

import pytest

from mineco.accounting import (
    contract_difference,
    electricity_co2,
    heat_co2,
    hot_water_heat,
    net_heat,
    steam_heat,
)


def test_electricity_that_is_passed_on_leaves_the_account():
    # (100 000 - 5 000) MWh · 0.6634 t/MWh = 63 023 t
    assert electricity_co2(100_000.0, 5_000.0, 0.6634) == pytest.approx(63_023.0)


def test_market_figure_is_contracts_at_their_factors_and_the_rest_at_the_residual_factor():
    # green 30 000 MWh at 0, gas 10 000 MWh at 0.4, the rest 60 000 MWh at 0.6096: 0 + 4000 + 36 576 = 40 576 t (R15)
    market = (electricity_co2(100_000.0, 0.0, 0.6096) + contract_difference(30_000.0, 0.0, 0.6096)
              + contract_difference(10_000.0, 0.4, 0.6096))
    assert market == pytest.approx(40_576.0)


def test_a_mine_wholly_on_green_power_has_no_market_based_emission():
    assert electricity_co2(8_000.0, 0.0, 0.6096) + contract_difference(8_000.0, 0.0, 0.6096) == 0


def test_a_contract_at_the_residual_factor_changes_nothing():
    assert contract_difference(8_000.0, 0.6096, 0.6096) == 0


def test_ten_thousand_gj_of_heat_give_1100_t_of_co2():
    # (12 000 - 2 000) GJ · 0.11 t/GJ = 1100 t
    assert heat_co2(net_heat(12_000.0, 2_000.0), 0.11) == pytest.approx(1100.0)


def test_a_tonne_of_water_heated_by_50_kelvin_holds_0_20934_gj():
    # 1 t · 4.1868 kJ/(kg K) · (70 - 20) K = 209.34 MJ
    assert hot_water_heat(1.0, 0.0, 70.0, 20.0, 4.1868) == pytest.approx(0.20934)
    assert hot_water_heat(3.0, 2.0, 70.0, 20.0, 4.1868) == pytest.approx(0.20934)


def test_the_reference_enthalpy_of_steam_is_that_of_water_at_20_degrees():
    # 4.1868 kJ/(kg K) · 20 K = 83.736, printed as 83.74
    assert steam_heat(1000.0, 0.0, 4.1868 * 20, 83.74) == pytest.approx(0.0, abs=0.01)


def test_a_tonne_of_saturated_steam_at_1_mpa_holds_2_693_gj():
    # steam tables: 2777.1 kJ/kg at 1 MPa; 2777.1 - 83.74 = 2693.4 kJ/kg
    assert steam_heat(1.0, 0.0, 2777.1, 83.74) == pytest.approx(2.6934, abs=5e-5)

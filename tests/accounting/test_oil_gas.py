"""Oil, gas and water-gas mines, against hand arithmetic."""

import pytest

from mineco.accounting import (
    carbon_dioxide_mass,
    component_volume,
    dissolved_co2,
    methane_mass,
    recovered_volume,
    segment_emission,
)


def test_two_million_m3_of_conventional_oil_vent_1710_t_of_methane():
    # 2·10^6 m3 · 0.855 kg/m3 = 1.71·10^6 kg
    assert segment_emission(2e6, 0.855) == pytest.approx(1710.0)


def test_facilities_by_number_go_through_the_same_product():
    # 120 wells · 2500 kg a year = 300 t
    assert segment_emission(120.0, 2500.0) == pytest.approx(300.0)


def test_vented_well_gas_splits_into_methane_and_carbon_dioxide():
    # 10^6 Nm3: 90 % CH4 · 0.7158 kg = 644.22 t; 5 % CO2 · 1.977 kg = 98.85 t
    assert methane_mass(component_volume(1e6, 0.90), 0.7158) == pytest.approx(644.22)
    assert carbon_dioxide_mass(component_volume(1e6, 0.05), 1.977) == pytest.approx(98.85)


def test_gas_that_is_vented_and_then_recovered_leaves_nothing():
    assert component_volume(1e6, 0.9) + recovered_volume(1e6, 0.9) == 0


def test_300_000_m3_of_mineral_water_release_540_t_of_co2():
    # 2.5 kg/m3 at the well head, 0.7 kg/m3 still in the bottle: 1.8 kg/m3 · 300 000 m3 = 540 t
    assert dissolved_co2(300_000.0, 2.5 - 0.7) == pytest.approx(540.0)

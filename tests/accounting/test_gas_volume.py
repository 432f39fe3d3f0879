"""Volumes and masses of gas: the state of the volume and the state of the density belong together."""

import pytest

from mineco.accounting import carbon_dioxide_mass, component_volume, methane_mass
from mineco.core import units
from mineco.standards.factors import load_factors

MOLAR_VOLUME = 22.414  # Nm3/kmol at 0 °C and 101.325 kPa
CH4_MOLAR_MASS = 16.043  # kg/kmol
CO2_MOLAR_MASS = 44.010


def density(quantity, reference):
    return load_factors().find(quantity, reference=reference).value


def test_methane_volume_at_20_degrees_gives_0_67_kg_per_m3():
    # 1000 m3 · 0.67 kg/m3 = 670 kg
    assert methane_mass(1000.0, density("ch4_density", "20C")) == pytest.approx(0.670)


@pytest.mark.parametrize(("reference", "kelvin", "digit"), [("0C", 273.15, 0.0001), ("20C", 293.15, 0.01)])
def test_methane_densities_are_those_of_an_ideal_gas_within_their_last_digit(reference, kelvin, digit):
    ideal = CH4_MOLAR_MASS / MOLAR_VOLUME * 273.15 / kelvin
    assert density("ch4_density", reference) == pytest.approx(ideal, abs=digit / 2)


@pytest.mark.parametrize(("reference", "kelvin"), [("0C", 273.15), ("20C", 293.15)])
def test_carbon_dioxide_densities_are_within_1_percent_of_an_ideal_gas(reference, kelvin):
    assert density("co2_density", reference) == pytest.approx(CO2_MOLAR_MASS / MOLAR_VOLUME * 273.15 / kelvin, rel=0.01)


def test_the_same_number_of_m3_weighs_1_068_times_as_much_at_0_degrees_as_at_20():
    # 0.7158 / 0.67 = 1.0684
    ratio = methane_mass(1.0, density("ch4_density", "0C")) / methane_mass(1.0, density("ch4_density", "20C"))
    assert ratio == pytest.approx(1.0684, abs=5e-5)


def test_a_volume_carried_from_0_to_20_degrees_keeps_its_mass_within_the_rounding_of_0_67():
    # 1 Nm3 is 293.15/273.15 = 1.0732 m3 at 20 °C; 0.67 stands for 0.665 to 0.675
    at_0 = methane_mass(1e6, density("ch4_density", "0C"))
    volume_at_20 = units.convert(1e6, "Nm3", "m3_20C")
    assert volume_at_20 == pytest.approx(1.0732e6, rel=1e-4)
    assert methane_mass(volume_at_20, 0.665) < at_0 < methane_mass(volume_at_20, 0.675)
    assert units.convert(volume_at_20, "m3_20C", "Nm3") == pytest.approx(1e6)


def test_a_shaft_that_moves_10_000_m3_a_minute_at_0_3_percent_vents_15_768_000_m3_a_year():
    # 10 000 m3/min · 60 · 8760 h = 5.256·10^9 m3 of air; · 0.003 = 15.768·10^6 m3 of methane
    assert component_volume(10_000.0 * 60 * 8760, 0.003) == pytest.approx(15.768e6)


def test_ventilation_methane_agrees_with_the_us_rule_for_underground_mines():
    # 40 CFR 98.323, equation FF-1: n·V·MCF·(C/100)·0.0423·(520/T)·P·1440·0.454/1000, V in ft3/min at T = 520 °R (60 °F)
    flow_m3_per_min_at_20 = 10_000.0
    flow_ft3_at_60f = flow_m3_per_min_at_20 * 288.706 / 293.15 / 0.0283168
    by_us_rule = 365 * flow_ft3_at_60f * 1 * (0.3 / 100) * 0.0423 * (520 / 520) * 1 * 1440 * 0.454 / 1000
    ours = methane_mass(component_volume(flow_m3_per_min_at_20 * 1440 * 365, 0.003), 0.67)
    assert ours == pytest.approx(by_us_rule, rel=0.006)  # 0.0423 lb and 0.67 kg are each rounded to two or three digits


def test_co2_of_a_seam_weighs_1_84_kg_per_m3():
    # 5·10^6 t · 5.9 m3/t = 29.5·10^6 m3; · 1.84 kg = 54 280 t
    assert carbon_dioxide_mass(5e6 * 5.9, density("co2_density", "20C")) == pytest.approx(54_280.0)

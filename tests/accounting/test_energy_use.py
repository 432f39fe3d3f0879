"""Energy in standard coal: the printed coefficients of GB/T 2589 against calorific values."""

import pytest

from mineco.accounting import carrier_energy, fuel_energy, net_energy
from mineco.standards.factors import load_factors


@pytest.mark.parametrize(("carrier", "mj_per_kg"), [("raw_coal", 20.908), ("diesel", 42.652), ("gasoline", 43.070),
                                                    ("crude_oil", 41.816), ("coke", 28.435)])
def test_calorific_value_over_that_of_standard_coal_is_the_printed_coefficient(carrier, mj_per_kg):
    # the table's own standard coal is 20.908/0.7143 = 29.271 MJ, 0.12 % below the nominal 29.3076 (7000 kcal)
    printed = load_factors().find("standard_coal", carrier=carrier).value
    assert fuel_energy(1.0, mj_per_kg, 29.271) == pytest.approx(printed, abs=1e-4)
    assert fuel_energy(1.0, mj_per_kg, 29.3076) == pytest.approx(printed, rel=2e-3)


def test_a_kilowatt_hour_is_3_6_mj_over_the_calorific_value_of_standard_coal():
    # 3.6 / 29.3076 = 0.12284, printed as 0.1229
    printed = load_factors().find("standard_coal", carrier="electricity").value
    assert carrier_energy(1.0, printed) == pytest.approx(3.6 / 29.3076, abs=1e-4)


def test_a_megajoule_of_heat_is_0_03412_kgce():
    printed = load_factors().find("standard_coal", carrier="heat").value
    assert carrier_energy(1.0, printed) == pytest.approx(1 / 29.3076, abs=5e-6)


def test_electricity_that_is_passed_on_was_not_used():
    # (10 000 - 1 000) MWh · 0.1229 tce/MWh = 1106.1 tce
    assert net_energy(10_000.0, 1_000.0, 0.1229) == pytest.approx(1106.1)

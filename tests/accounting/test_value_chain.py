"""Scope 3, against hand arithmetic."""

import pytest

from mineco.accounting import activity_co2e, combustion_co2, freight_co2e


def test_three_thousand_tonnes_of_steel_at_2_05_give_6150_t():
    assert activity_co2e(3000.0, 2.05) == pytest.approx(6150.0)


def test_a_million_tonnes_over_250_km_of_rail_at_8_g_give_2000_t():
    # 10^6 t · 250 km = 2.5·10^8 t km; · 0.008 kg = 2·10^6 kg
    assert freight_co2e(1e6, 250.0, 0.008) == pytest.approx(2000.0)


def test_sold_coal_emits_about_two_tonnes_of_co2_a_tonne_where_it_is_burnt():
    # category 11: 1 t · 23.204 · 0.02618 · 0.93 · 44/12 = 2.0715 t
    assert combustion_co2(1.0, 23.204, 0.02618, 0.93) == pytest.approx(2.0715, abs=1e-4)

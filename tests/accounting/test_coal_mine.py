"""Seam gas of working and abandoned mines, against hand arithmetic and the limits of the decline curves."""

import numpy as np
import pytest

from mineco.accounting import (
    abandoned_methane_volume,
    abandoned_methane_volume_by_flooding,
    coal_gas_volume,
    coal_methane_by_mass,
    gas_less_recovered,
    methane_mass,
    spontaneous_combustion_co2,
    underground_methane_volume,
)


def test_methane_released_is_what_was_vented_and_drained_less_what_was_flared_and_used():
    # 80 + 50 - 5 - 30 = 95 million m3
    assert underground_methane_volume(80e6, 50e6, 5e6, 30e6) == 95e6


def test_measured_and_relative_emission_agree_when_they_describe_the_same_gas():
    # 8 Mt · 16.25 m3/t = 130 million m3, of which 35 million were flared or used
    measured = underground_methane_volume(80e6, 50e6, 5e6, 30e6)
    by_production = gas_less_recovered(coal_gas_volume(8e6, 16.25), 5e6, 30e6)
    assert by_production == measured


def test_a_deep_mine_by_tier_1_gives_off_25_m3_mining_and_4_m3_afterwards():
    # 1 Mt · (25 + 4) m3/t = 29 million m3; · 0.67 kg = 19 430 t
    assert methane_mass(coal_gas_volume(1e6, 25.0) + coal_gas_volume(1e6, 4.0), 0.67) == pytest.approx(19_430.0)


def test_surface_coal_by_volume_and_by_mass_are_the_same_factor():
    # 2.0 m3/t · 0.67 kg/m3 = 1.34 kg/t
    assert methane_mass(coal_gas_volume(1e6, 2.0), 0.67) == pytest.approx(coal_methane_by_mass(1e6, 1.34))


def test_a_bituminous_mine_emits_a_fifth_after_ten_years():
    # (1 + 3.72·10)^-0.42 = 38.2^-0.42; ln 38.2 = 3.6428; · -0.42 = -1.5300; exp = 0.21654
    assert abandoned_methane_volume(1000.0, 3.72, -0.42, 10.0, 0.0, 0.0) == pytest.approx(216.54, abs=0.01)


def test_flooding_and_recovery_lower_what_an_abandoned_mine_emits():
    # 1000 · 0.21654 · (1 - 0.5) - 20 = 88.27
    assert abandoned_methane_volume(1000.0, 3.72, -0.42, 10.0, 0.5, 20.0) == pytest.approx(88.27, abs=0.01)


@pytest.mark.parametrize(("a", "b"), [(1.72, -0.58), (3.72, -0.42), (0.27, -1.0)])
def test_an_abandoned_mine_starts_at_its_last_rate_and_only_declines(a, b):
    years = np.arange(0.0, 50.0)
    volumes = abandoned_methane_volume(1000.0, a, b, years, 0.0, 0.0)
    assert volumes[0] == 1000.0
    assert (np.diff(volumes) < 0).all()


def test_dry_workings_decline_as_a_hyperbola_and_flooded_ones_exponentially():
    # dry, 5 years: 1 + 2.017·0.302·5 = 4.04567; ^(-1/2.017): ln = 1.39765; / 2.017 = 0.69294; exp(-) = 0.50010
    # flooded, 5 years: exp(-0.672·5) = exp(-3.36) = 0.034735
    dry = abandoned_methane_volume_by_flooding(1000.0, 2.017, 0.302, 0.672, 5.0, 0.0)
    flooded = abandoned_methane_volume_by_flooding(1000.0, 2.017, 0.302, 0.672, 5.0, 1.0)
    assert dry == pytest.approx(500.10, abs=0.02)
    assert flooded == pytest.approx(34.735, abs=0.001)
    half = abandoned_methane_volume_by_flooding(1000.0, 2.017, 0.302, 0.672, 5.0, 0.5)
    assert half == pytest.approx((dry + flooded) / 2)


def test_a_thousand_tonnes_of_burning_gangue_give_495_t_of_co2():
    # 1000 t · 0.15 = 150 tC; · 0.9 = 135 tC; · 44/12 = 495 tCO2
    assert spontaneous_combustion_co2(1000.0, 0.15, 0.9) == pytest.approx(495.0)

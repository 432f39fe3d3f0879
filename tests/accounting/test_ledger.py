"""The ledger: gases to CO2e, scopes to totals, removals and offsets to what remains; every tonne stands once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.accounting import (
    co2e,
    consolidated_emissions,
    ledger_balance,
    measure_abatement,
    net_emissions,
    product_footprint,
    residual_emissions,
    total,
    unused_removals,
)
from mineco.standards.load import load_standard

TONNES = st.floats(0, 1e9)


def test_fossil_methane_weighs_29_8_and_other_methane_27_0():
    # 100·1 + 2·29.8 + 3·27.0 + 0.5·273 = 100 + 59.6 + 81 + 136.5 = 377.1
    masses = {"CO2": 100.0, "CH4_fossil": 2.0, "CH4_nonfossil": 3.0, "N2O": 0.5}
    assert co2e(masses, {"CO2": 1, "CH4_fossil": 29.8, "CH4_nonfossil": 27.0, "N2O": 273}) == pytest.approx(377.1)


def test_ar6_raises_a_gassy_mine_by_19_percent_over_ar4():
    # reading R12; methane alone: 29.8 / 25 = 1.192
    masses = {"CH4_fossil": 84_889.0}
    assert co2e(masses, {"CH4_fossil": 29.8}) / co2e(masses, {"CH4_fossil": 25.0}) == pytest.approx(1.192)


def test_co2e_of_summed_masses_is_the_sum_of_the_co2e_of_the_sources():
    gwp = {"CO2": 1.0, "CH4_fossil": 29.8}
    sources = [{"CO2": 10.0, "CH4_fossil": 1.0}, {"CO2": 5.0, "CH4_fossil": 4.0}]
    together = {gas: total({str(n): source[gas] for n, source in enumerate(sources)}) for gas in gwp}
    assert co2e(together, gwp) == pytest.approx(sum(co2e(source, gwp) for source in sources))


def test_a_gas_without_a_potential_stops_the_sum():
    with pytest.raises(KeyError):
        co2e({"CO2": 1.0, "SF6": 1.0}, {"CO2": 1.0})


def test_a_total_adds_what_is_given_and_over_nothing_is_zero():
    assert total({"first": 1.5, "second": 2.0}) == 3.5
    assert total({}) == 0


def test_the_sums_that_the_data_names_are_one_function():
    formulas = load_standard("carbon-neutral-mine-2025").formulas
    sums = [one.id for one in formulas.values() if one.function == "total"]
    assert sums == ["total_mass", "total_emissions", "base_year_change", "total_energy", "total_removals",
                    "total_offsets", "total_abatement", "total_area"]


@pytest.mark.parametrize(("removals", "left", "unused"), [(0.0, 100.0, 0.0), (100.0, 0.0, 0.0), (130.0, 0.0, 30.0)])
def test_residual_emissions_stop_at_zero_and_the_rest_of_the_removals_is_shown(removals, left, unused):
    assert residual_emissions(100.0, removals) == left
    assert unused_removals(100.0, removals) == unused


@given(TONNES, TONNES, TONNES)
def test_every_tonne_stands_in_one_ledger(emissions, removals, offsets):
    net = net_emissions(residual_emissions(emissions, removals), offsets)
    unused = unused_removals(emissions, removals)
    assert ledger_balance(emissions, removals, unused, offsets, net) == pytest.approx(0, abs=1e-6)


def test_a_tonne_counted_twice_shows_in_the_balance():
    net = net_emissions(residual_emissions(100.0, 30.0), 30.0)  # the 30 t of restoration retired again as an offset
    assert ledger_balance(100.0, 30.0, 0.0, 0.0, net) == 30.0


@given(TONNES, TONNES, st.floats(0, 1e6))
def test_more_removal_never_leaves_more_to_offset(emissions, removals, more):
    assert residual_emissions(emissions, removals + more) <= residual_emissions(emissions, removals)


def test_abatement_is_the_baseline_less_the_project():
    # heat pump: 5200 - 1200 = 4000; a measure that failed shows as negative: 100 - 130 = -30; together 3970
    measures = {"heat pump": measure_abatement(5200.0, 1200.0), "drive": measure_abatement(100.0, 130.0)}
    assert total(measures) == pytest.approx(3970.0)


def test_three_ways_of_consolidation_count_the_same_sites_differently():
    # east: 60 % owned and operated; west: 40 % owned, financial control by the partner, operated by us (reading R16)
    emissions = {"east": 1000.0, "west": 500.0}
    assert consolidated_emissions(emissions, {"east": 0.6, "west": 0.4}) == pytest.approx(800.0)  # 600 + 200
    assert consolidated_emissions(emissions, {"east": 1.0, "west": 0.0}) == 1000.0
    assert consolidated_emissions(emissions, {"east": 1.0, "west": 1.0}) == 1500.0


def test_a_footprint_to_the_gate_holds_what_suppliers_emitted():
    # (250 000 + 25 000) t · 1000 / 5 Mt = 55 kg/t
    assert product_footprint(250_000.0, 25_000.0, 5e6) == pytest.approx(55.0)

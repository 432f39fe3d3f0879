"""The account of a year: what is asked, which factor stands in, gases apart, CO2e last; the tiny quarry by hand."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.evaluation.account import NOT_COUNTED, compute_account, source
from mineco.evaluation.case import with_options
from tests.helpers import mines
from tests.helpers.refusals import refused_with, told_in_both


@cache
def quarry():
    return mines.example()


@cache
def coal():
    return mines.example("changcun-coal")


def problems_of(case, year=2024):
    with pytest.raises(BadInput) as caught:
        compute_account(case, year)
    told_in_both(caught.value.problems)
    return caught.value.problems


def messages(case, year=2024):
    return [problem.message for problem in problems_of(case, year)]


# --- the tiny quarry by hand ----------------------------------------------------------------------------------------

OTHER = 4.15e-6 * 29.8 + 28.6e-6 * 273  # t CO2e/GJ of off-road diesel: 4.15 kg CH4 and 28.6 kg N2O per TJ (IPCC 2006)
PER_GJ = 20.2e-3 * 0.98 * 44 / 12 + OTHER  # NDRC 2014: 20.2 tC/TJ, 98 % oxidised
DIESEL = 207 * 43.33 * PER_GJ  # 207 t of 43.33 GJ/t (NDRC 2014)
BLASTING = 60 * 0.17  # emulsion explosive, 0.17 tCO2/t
CLEARING = 0.4 * (45 - 2) * 44 / 12  # 0.4 ha from 45 to 2 tC/ha


def test_scope_1_is_the_sum_of_diesel_blasting_and_clearing():
    assert compute_account(quarry(), 2024).scope("1").value == pytest.approx(DIESEL + BLASTING + CLEARING, rel=1e-12)


def test_scope_2_is_reported_on_both_bases():
    account = compute_account(quarry(), 2024)
    assert account.scope("2").value == pytest.approx(640 * 0.4974, rel=1e-12)  # Zhejiang, newest data year 2023
    assert account.scope("2", "market").value == pytest.approx(640 * 0.6096, rel=1e-12)  # national residual mix 2023


def test_the_graded_total_takes_the_basis_that_the_option_names():
    market = compute_account(with_options(quarry(), scope2_basis="market"), 2024)
    by_hand = DIESEL + BLASTING + CLEARING + 640 * 0.4974
    assert compute_account(quarry(), 2024).emissions().value == pytest.approx(by_hand)
    assert market.emissions().value == pytest.approx(DIESEL + BLASTING + CLEARING + 640 * 0.6096)


def test_energy_counts_fuel_purchased_and_own_electricity_in_standard_coal():
    account = compute_account(quarry(), 2024)
    fuel, bought, own = 207 * 43.33 / 29.3076, 640 * 0.1229, 140 * 0.1229  # GJ over GJ/tce; MWh times kgce/kWh
    assert account.energy().value == pytest.approx(fuel + bought + own, rel=1e-12)
    assert account.energy("e", ["electricity"]).value == pytest.approx(bought + own, rel=1e-12)
    assert account.energy("r", ["renewable"]).value == pytest.approx(own, rel=1e-12)


def test_a_year_takes_its_own_rows():
    # 219 t of diesel, 62 t of explosive, 0.5 ha; 655 MWh
    scope1 = 219 * 43.33 * PER_GJ + 62 * 0.17 + 0.5 * 43 * 44 / 12
    assert compute_account(quarry(), 2023).emissions().value == pytest.approx(scope1 + 655 * 0.4974, rel=1e-12)


def test_a_base_year_before_the_new_grid_factors_takes_one_of_the_earlier_rules():
    rows = [replace(row, year=2015) for row in quarry().dossier.activity if row.year == 2023]
    account = compute_account(mines.with_dossier(quarry(), activity=rows), 2015)
    assert account.scope("2").value == pytest.approx(655 * 0.7035, rel=1e-12)  # East China 2012, its newest
    assert account.scope("2", "market").value == account.scope("2").value  # no residual mix was published then
    (line,) = [one for one in account.lines if one.basis == "location"]
    assert line.mass.origin.inputs["factor"].origin.id == "region.East.2012"


def test_a_base_year_before_every_grid_factor_asks_for_the_mines_own():
    rows = [replace(row, year=2008) for row in quarry().dossier.activity if row.year == 2023]
    case = mines.with_dossier(quarry(), activity=rows)
    assert {(one.message, one.value) for one in problems_of(case, 2008)} == {
        ("item_without_factor", "grid_factor"), ("item_without_factor", "residual_factor")}
    own = mines.plus(case, mines.activity("electricity", "", "grid_factor", 0.9, "tCO2/MWh", 2008),
                     mines.activity("electricity", "", "residual_factor", 0.9, "tCO2/MWh", 2008))
    assert compute_account(own, 2008).scope("2").value == pytest.approx(655 * 0.9)


# --- gases apart, CO2e last -----------------------------------------------------------------------------------------

RHO_0 = 0.7158  # kg/m3 at 0 degrees
COAL_BURNT, COAL_DIESEL, COAL_GASOLINE = 18_500 * 23.204, 2950 * 43.33, 92 * 44.8  # GJ; kg gas per TJ: IPCC 2006
COAL_N2O = COAL_BURNT * 1.5e-6 + COAL_DIESEL * 28.6e-6 + COAL_GASOLINE * 8e-6  # t


def coal_methane():
    # 126.7 + 20 - 0 - 20 million m3 of pure CH4 at 20 degrees; 8 Mt of high-gas coal at 3 m3/t; 0.67 kg/m3
    fugitive = (126.7e6 + 20e6 - 20e6 + 8e6 * 3.0) * 0.67 / 1000
    slip = 4659e4 * 0.40 * (1 - 0.98) * RHO_0 / 1000  # 2 % of the gas engine's methane
    return fugitive + slip + COAL_BURNT * 10e-6 + COAL_DIESEL * 4.15e-6 + COAL_GASOLINE * 25e-6


def test_masses_are_kept_by_gas_and_only_then_weighted():
    account = compute_account(coal(), 2024)
    masses = account.scope("1").origin.inputs["masses"]
    assert masses["CH4_fossil"].value == pytest.approx(coal_methane(), rel=1e-9)
    assert masses["SF6"].value == pytest.approx((312 + 8 - 3 - 313) / 1000)  # begin + bought - recovered - end, in kg
    assert (masses["CH4_fossil"].unit, masses["SF6"].unit) == ("tCH4", "tSF6")


def test_another_set_of_potentials_changes_nothing_but_the_weights():
    new, old = (compute_account(with_options(coal(), gwp=name), 2024).scope("1") for name in ("AR6", "AR4"))
    masses = {gas: one.value for gas, one in new.origin.inputs["masses"].items()}
    assert masses == {gas: one.value for gas, one in old.origin.inputs["masses"].items()}
    assert masses["N2O"] == pytest.approx(COAL_N2O, rel=1e-9)
    # reading R12: CH4 29.8 against 25, SF6 24300 against 22800, N2O 273 against 298; CO2 1 in both
    expected = masses["CH4_fossil"] * (29.8 - 25) + masses["SF6"] * (24_300 - 22_800) + COAL_N2O * (273 - 298)
    assert new.value - old.value == pytest.approx(expected, rel=1e-9)


def test_biogenic_co2_is_kept_apart_from_every_total():
    wood = mines.plus(quarry(), mines.activity("biomass-combustion", "wood", "quantity", 10.0, "t"))
    account, plain = compute_account(wood, 2024), compute_account(quarry(), 2024)
    (line,) = [line for line in account.lines if line.gas in NOT_COUNTED]
    # IPCC 2006: 15.6 GJ/t, 30.5 tC/TJ, all oxidised
    assert line.mass.value == pytest.approx(10 * 15.6 * 30.5e-3 * 44 / 12, rel=1e-9)
    # 30 kg CH4 and 4 kg N2O per TJ of wood (IPCC 2006); this CH4 is not fossil
    other = 10 * 15.6 * (30e-6 * 27.0 + 4e-6 * 273)
    assert account.emissions().value - plain.emissions().value == pytest.approx(other, rel=1e-9)
    assert line not in account.select(["1"])
    assert account.energy("r", ["renewable"]).value > plain.energy("r", ["renewable"]).value


def test_methane_and_nitrous_oxide_of_combustion_count_unless_the_option_leaves_them_out():
    without_them = compute_account(with_options(quarry(), combustion_ch4_n2o=False), 2024).scope("1")
    less = compute_account(quarry(), 2024).scope("1").value - without_them.value
    assert less == pytest.approx(207 * 43.33 * OTHER, rel=1e-9)


def test_each_line_has_an_id_of_its_own():
    for name in mines.EXAMPLES:
        account = compute_account(mines.example(name), 2024)
        assert len({line.id for line in account.lines}) == len(account.lines)
        assert len({line.id for line in account.energy_lines}) == len(account.energy_lines)


# --- sources with factors of their own ------------------------------------------------------------------------------

def line_of(source, key, amount, unit):
    """The mass that one more source of the quarry brings in, by its default factor."""
    account = compute_account(mines.plus(quarry(), mines.activity(source, key, "quantity", amount, unit)), 2024)
    (line,) = [one for one in account.lines if one.source.id == source]
    return line.gas, line.mass.value


@pytest.mark.parametrize(("source", "key", "amount", "unit", "gas", "expected"), [
    ("nitrogen-fertiliser", "aggregated", 7.0, "t", "N2O", 7 * 0.01 * 44 / 28),  # 1 % of the nitrogen, 44 g hold 28
    ("nitrogen-fertiliser", "dry", 7.0, "t", "N2O", 7 * 0.005 * 44 / 28),
    ("liming", "limestone", 50.0, "t", "CO2", 50 * 12 / 100 * 44 / 12),  # 12 of 100 g of CaCO3 are carbon
    ("urea", "urea", 60.0, "t", "CO2", 44.0),  # CO(NH2)2: 60 g give 44 g of CO2
    ("urea", "AdBlue", 100.0, "t", "CO2", 32.5 * 44 / 60),  # 32.5 % urea
    ("pure-fuels", "methanol", 32.0, "t", "CO2", 44.0),  # CH3OH: 32 g give 44 g
    ("pure-fuels", "hydrogen", 10.0, "t", "CO2", 0.0),
    ("purchased-materials", "rebar", 100.0, "t", "CO2e", 100 * 2.34),  # GB/T 51366: 2340 kg/t
    ("purchased-materials", "concrete_C30", 200.0, "m3", "CO2e", 200 * 0.295),
    ("upstream-fuels", "diesel", 100.0, "t", "CO2e", 100 * 0.7520276),
    ("upstream-electricity", "bought", 640.0, "MWh", "CO2e", 640 * (0.6205 - 0.5306)),  # by life cycle, less the plant
    ("upstream-freight-by-mode", "road_diesel_30t", 50_000.0, "t km", "CO2e", 50_000 * 0.078 / 1000),
    ("downstream-freight-by-mode", "rail_mean", 1e6, "t km", "CO2e", 1e6 * 0.010 / 1000),
    ("waste-disposal", "tyres_recycling", 10.0, "t", "CO2e", 10 * 4.68568 / 1000),
    ("business-travel", "rail", 20_000.0, "person km", "CO2e", 20_000 * 0.03546 / 1000),
    ("business-stays", "hotel_China", 30.0, "night", "CO2e", 30 * 53.5 / 1000),
    ("commuting", "car_mean", 100_000.0, "km", "CO2e", 100_000 * 0.16725 / 1000),
    ("end-of-life", "aggregates_landfill", 1000.0, "t", "CO2e", 1.26338)])
def test_a_source_with_a_default_factor_by_hand(source, key, amount, unit, gas, expected):
    found, mass = line_of(source, key, amount, unit)
    assert found == gas
    assert mass == pytest.approx(expected, rel=1e-3 if source == "urea" else 1e-9, abs=1e-12)


def leaking(gas):
    rows = [mines.activity("gas-loss", gas, name, amount, f"kg{gas}")
            for name, amount in (("stock_begin", 20.0), ("purchased", 6.0), ("recovered", 1.0), ("stock_end", 20.0))]
    return compute_account(mines.plus(quarry(), *rows), 2024).scope("1").value - DIESEL - BLASTING - CLEARING


def test_a_blend_of_refrigerants_warms_as_its_parts_do():
    # R410A is half HFC-32 (771) and half HFC-125 (3740), AR6; 5 kg were lost
    assert leaking("R410A") == pytest.approx(0.005 * (771 + 3740) / 2, rel=1e-6)


def test_r22_is_no_gas_of_the_standard_and_stands_apart():
    assert leaking("HCFC22") == pytest.approx(0.0, abs=1e-9)


def test_methane_may_be_handed_in_by_mass():
    # what coal_methane counts by volume, 126.7 + 20 - 0 - 20 million m3 at 0.67 kg/m3
    masses = {"ventilation": 126.7e3 * 0.67, "drainage": 20e3 * 0.67, "flared": 0.0, "used": 20e3 * 0.67}
    rows = [mines.activity("underground-methane-mass", "", name, amount, "tCH4") for name, amount in masses.items()]
    by_mass = compute_account(mines.plus(mines.without(coal(), "underground-methane"), *rows), 2024)
    assert by_mass.scope("1").value == pytest.approx(compute_account(coal(), 2024).scope("1").value, rel=1e-9)


# --- what the mine gave, and what stands in -------------------------------------------------------------------------

def test_a_measured_value_stands_before_the_default_factor():
    own = mines.plus(quarry(), mines.activity("mobile-combustion", "diesel", "ncv", 42.0, "GJ/t"))
    expected = 207 * 42.0 * PER_GJ + BLASTING + CLEARING
    assert compute_account(own, 2024).scope("1").value == pytest.approx(expected, rel=1e-12)


def test_a_factor_chosen_by_name_stands_before_the_default_and_behind_the_mines_own():
    chosen = with_options(mines.with_mine(quarry(), factors={"diesel:oxidation": "NDRC2014.gasoline.OF",
                                                             "grid_factor": "CN.residual.2022"}),
                          own_grid_factor="own")  # else the official factor grades (R31)
    account = compute_account(chosen, 2024)
    gasoline = quarry().factors.by_id("NDRC2014.gasoline.OF")
    (diesel,) = [line for line in account.lines if line.source.id == "mobile-combustion" and line.result == "co2"]
    assert diesel.mass.origin.inputs["oxidation"].origin == gasoline
    assert account.scope("2").value == pytest.approx(640 * 0.5856)
    measured = mines.plus(chosen, mines.activity("electricity", "", "grid_factor", 0.7, "tCO2/MWh"))
    assert compute_account(measured, 2024).scope("2").value == pytest.approx(640 * 0.7)


def test_a_suspect_factor_serves_only_when_it_is_chosen_by_name():
    case = mines.plus(quarry(), mines.activity("explosives", "emulsion", "quantity", 60.0, "t"))
    assert suspect_or_not(case) == (0.17, "quoted")  # not the 0.15 whose origin nobody tells
    assert suspect_or_not(mines.with_mine(case, factors={"emulsion:factor": "explosive.emulsion"})) == (0.15, "suspect")


def test_where_only_a_suspect_row_fits_the_message_bars_it_and_names_those_to_choose():
    case = mines.plus(quarry(), mines.activity("mobile-combustion", "lng", "quantity", 10.0, "t"))
    (problem,) = problems_of(case)
    assert (problem.message, problem.file, problem.row, problem.value) == (
        "item_factor_suspect", "activity.csv", 99, "lng:ncv")
    said = problem_text(problem, "en")
    assert "NDRC2014.lng.NCV, is barred as suspect" in said
    assert "PROV2025.lng.NCV" in said
    chosen = mines.with_mine(case, factors={"lng:ncv": "PROV2025.lng.NCV"})
    added = compute_account(chosen, 2024).scope("1").value - compute_account(quarry(), 2024).scope("1").value
    # 10 t of 51.498 GJ/t; 15.3 t C/TJ, 99 % oxidised; 92 kg CH4 and 3 kg N2O per TJ at 29.8 and 273
    assert added == pytest.approx(514.98e-3 * (15.3 * 0.99 * 44 / 12 + 0.092 * 29.8 + 0.003 * 273), rel=1e-9)


@pytest.mark.parametrize(("source", "fuel", "unit", "expected", "beside"), [
    ("biomass-combustion", "biogas", "10^4 Nm3", "t", "GJ/(10^4 Nm3)"),
    ("stationary-combustion", "natural_gas", "t", "10^4 Nm3", "GJ/t")])
def test_a_fuel_in_a_unit_without_factor_is_refused_once_at_its_row_with_both_ways_out(
        source, fuel, unit, expected, beside):
    case = mines.plus(quarry(), mines.activity(source, fuel, "quantity", 3.0, unit))
    (problem,) = problems_of(case)
    assert (problem.message, problem.file, problem.row, problem.column, problem.value) == (
        "unit_without_factor", "activity.csv", 99, "unit", unit)
    assert (problem.details["expected"], problem.details["beside"]) == (expected, beside)


def test_biogas_by_volume_goes_with_a_calorific_value_of_the_mines_own():
    case = mines.plus(quarry(), mines.activity("biomass-combustion", "biogas", "quantity", 3.0, "10^4 Nm3"),
                      mines.activity("biomass-combustion", "biogas", "ncv", 200.0, "GJ/(10^4 Nm3)"))
    added = compute_account(case, 2024).scope("1").value - compute_account(quarry(), 2024).scope("1").value
    assert added == pytest.approx(0.6 * (0.001 * 27.0 + 0.0001 * 273), rel=1e-6)  # 0.6 TJ; CO2 stands apart


def suspect_or_not(case):
    (line,) = [line for line in compute_account(case, 2024).lines if line.source.id == "explosives"]
    used = line.mass.origin.inputs["factor"].origin
    return used.value, used.status


def test_an_edition_that_does_not_serve_the_common_fuels_is_not_offered():
    for edition in ("TOOL2022", "IPCC2006"):
        with refused_with("option_not_allowed"):
            with_options(coal(), fuel_edition=edition)


def test_a_missing_item_is_told_once_with_a_row_of_its_source_and_the_units():
    (problem,) = problems_of(mines.without(quarry(), "electricity", "sold"))  # three results need it
    assert (problem.message, problem.file, problem.value) == ("missing_item", "activity.csv", "sold")
    rows = [row.quantity.datum.row for row in quarry().dossier.activity if row.source == "electricity"]
    assert problem.row in rows
    assert problem.details["units"] == "MWh"


def test_a_missing_item_of_an_earlier_step_is_no_crash_of_the_later_one():
    (problem,) = problems_of(mines.plus(quarry(), mines.activity("heat", "", "sold", 0.0, "GJ")))
    assert (problem.message, problem.value) == ("missing_item", "purchased")


def test_a_scope_is_named_with_its_basis_where_it_has_one():
    account = compute_account(quarry(), 2024)
    assert [account.scope(*which).name for which in (("1",), ("2",), ("2", "market"), ("3",))] == [
        "scope1", "scope2_location", "scope2_market", "scope3"]


def test_problems_of_different_sources_come_together():
    case = mines.without(mines.without(quarry(), "electricity", "sold"), "land-clearing", "carbon_after")
    assert messages(case) == ["missing_item", "missing_item"]


def test_an_expected_source_is_reported_or_left_out_with_a_reason():
    silent = mines.without(quarry(), "land-clearing")
    (problem,) = problems_of(silent)
    assert (problem.message, problem.value, problem.details["year"]) == ("source_not_reported", "land-clearing", 2024)
    reason = type(quarry().dossier.mine.name)(zh="采坑未扩大", en="the pit did not grow")
    excluded = mines.with_mine(silent, excluded_sources={"land-clearing": reason})
    assert compute_account(excluded, 2024).scope("1").value == pytest.approx(DIESEL + BLASTING)


def test_a_source_is_not_left_out_and_reported_at_once():
    reason = type(quarry().dossier.mine.name)(zh="无", en="none")
    case = mines.with_mine(quarry(), excluded_sources={"land-clearing": reason})
    assert messages(case) == ["excluded_and_reported"]
    assert messages(case, 2023) == ["excluded_and_reported"]


def test_a_source_that_was_reported_before_is_reported_with_0_and_not_left_out():
    silent = mines.without(quarry(), "explosives")
    last = [row for row in quarry().dossier.activity if row.source == "explosives" and row.year == 2023]
    gone = mines.plus(silent, *last)
    (problem,) = problems_of(gone)
    assert (problem.message, problem.value, problem.details["before"]) == ("source_gone", "explosives", 2023)
    nothing = [replace(row, year=2024, quantity=replace(row.quantity, value=0.0)) for row in last]
    assert compute_account(mines.plus(gone, *nothing), 2024).scope("1").value == pytest.approx(DIESEL + CLEARING)
    assert compute_account(mines.plus(silent, *(replace(row, year=2024) for row in last)), 2024)  # a new one is told


def test_purchased_power_is_left_out_for_no_reason():
    reason = type(quarry().dossier.mine.name)(zh="房东付费", en="the landlord pays")
    case = mines.with_mine(mines.without(quarry(), "electricity"), excluded_sources={"electricity": reason})
    assert messages(case) == ["source_not_excludable"]


@pytest.mark.parametrize("other", [
    ("underground-methane-relative", "", {"coal": (1.0, "t"), "factor": (1.0, "m3_20C/t"), "flared": (0.0, "m3_20C"),
                                          "used": (0.0, "m3_20C")}),
    ("ventilation-shaft", "north", {"quantity": (1.0, "m3_20C"), "methane": (0.01, "1")}),
    # the measured total holds what is drained: 5 million m3 vented would stand in the account twice
    ("drained-gas", "station 1", {"quantity": (5e6, "m3_20C"), "flared": (0.0, "m3_20C"), "used": (0.0, "m3_20C")})])
def test_two_methods_for_one_emission_are_refused(other):
    source, key, items = other
    rows = [mines.activity(source, key, name, *amount) for name, amount in items.items()]
    (problem,) = problems_of(mines.plus(coal(), *rows))
    assert problem.message == "two_methods"
    assert problem.value == ", ".join(sorted(["underground-methane", source]))


def test_two_methods_are_refused_also_when_neither_is_the_first_of_the_list():
    rows = [mines.activity("underground-methane-relative", "", "coal", 1.0, "t"),
            mines.activity("underground-methane-relative", "", "factor", 1.0, "m3_20C/t"),
            mines.activity("underground-methane-relative", "", "flared", 0.0, "m3_20C"),
            mines.activity("underground-methane-relative", "", "used", 0.0, "m3_20C"),
            mines.activity("ventilation-shaft", "north", "quantity", 1.0, "m3_20C"),
            mines.activity("ventilation-shaft", "north", "methane", 0.01, "1")]
    bare = mines.without(mines.without(coal(), "underground-methane"), "mine-gas-use")
    assert messages(mines.plus(bare, *rows)) == ["two_methods"]


def test_drained_gas_goes_with_the_ventilation_shafts():
    rows = [mines.activity("ventilation-shaft", "north", "quantity", 1e9, "m3_20C"),
            mines.activity("ventilation-shaft", "north", "methane", 0.004, "1"),
            mines.activity("drained-gas", "station 1", "quantity", 5e6, "m3_20C"),
            mines.activity("drained-gas", "station 1", "flared", 0.0, "m3_20C"),
            mines.activity("drained-gas", "station 1", "used", 2e6, "m3_20C")]
    bare = mines.without(mines.without(coal(), "underground-methane"), "mine-gas-use")  # which burns more than 2e6 m3
    account = compute_account(mines.plus(bare, *rows), coal().year)
    vented = {line.source.id: float(line.mass) for line in account.select(["1"])
              if line.source.id in ("ventilation-shaft", "drained-gas")}
    # 10^9 m3 with 0.4 % of CH4 are 4 million m3, of 5 million drained 3 million are vented; 0.67 kg/m3
    assert vented == {"ventilation-shaft": pytest.approx(2680.0), "drained-gas": pytest.approx(2010.0)}


# --- purchased electricity (R15) ------------------------------------------------------------------------------------

def contract(source, key, amount, factor=0.0):
    return (mines.activity(source, key, "quantity", amount, "MWh", row=50),
            mines.activity(source, key, "factor", factor, "tCO2/MWh", row=51))


def test_a_contract_moves_the_market_based_figure_only():
    green = mines.plus(quarry(), *contract("green-power", "wind", 100.0),
                       *contract("electricity-contract", "hydro", 50.0, 0.1))
    account = compute_account(green, 2024)
    assert account.scope("2").value == pytest.approx(640 * 0.4974)
    # 100 MWh at 0, 50 MWh at 0.1, the rest at the residual mix
    assert account.scope("2", "market").value == pytest.approx(490 * 0.6096 + 50 * 0.1)
    assert account.energy().value == pytest.approx(compute_account(quarry(), 2024).energy().value)
    assert account.energy("g", ["renewable"], ["2"]).value == pytest.approx(100 * 0.1229)


def test_contracts_may_cover_all_that_was_purchased_and_no_more():
    wind = mines.plus(quarry(), *contract("green-power", "wind", 600.0))
    whole = mines.plus(wind, *contract("electricity-contract", "hydro", 40.0))
    assert compute_account(whole, 2024).scope("2", "market").value == pytest.approx(0.0, abs=1e-9)
    over = mines.plus(wind, *contract("electricity-contract", "hydro", 40.5))
    (problem,) = problems_of(over)
    assert (problem.details["limit"], problem.details["total"]) == ("contracts_within_purchase", "640.5")
    assert (problem.details["year"], problem.details["most"]) == (2024, "640")
    assert (problem.file, problem.row) == ("activity.csv", 50)


def test_contracts_that_add_up_to_the_purchase_are_not_refused_for_binary_dust():
    # 0.1 + 0.2 is 0.30000000000000004 in binary
    case = mines.plus(mines.without(quarry(), "electricity", "purchased"),
                      *[mines.activity("electricity", "", "purchased", 0.3, "MWh", year) for year in (2023, 2024)],
                      *contract("green-power", "wind", 0.1), *contract("green-power", "sun", 0.2))
    assert compute_account(case, 2024)


def test_contracts_are_compared_in_one_unit():
    case = mines.plus(quarry(), mines.activity("green-power", "wind", "quantity", 640_001.0, "kWh"),
                      mines.activity("green-power", "wind", "factor", 0.0, "tCO2/MWh"))
    assert messages(case) == ["limit_broken"]


def test_contracts_without_any_purchase_are_refused():
    case = mines.with_dossier(quarry(), activity=[
        replace(row, quantity=replace(row.quantity, value=0.0)) if row.source == "electricity" else row
        for row in quarry().dossier.activity])
    assert messages(mines.plus(case, *contract("green-power", "wind", 1.0))) == ["limit_broken"]


def test_a_purchase_that_is_missing_is_told_and_not_taken_for_zero():
    case = mines.plus(mines.without(quarry(), "electricity", "purchased"), *contract("green-power", "wind", 1.0))
    assert messages(case) == ["missing_item"]


def test_one_mine_of_many_whose_contracts_exceed_its_purchase_stops_all():
    case = mines.plus(quarry(), *contract("green-power", "wind", np.array([1.0, 700.0])))
    (problem,) = problems_of(case)
    assert (problem.message, problem.value) == ("limit_broken", "700 MWh")


# --- laws -----------------------------------------------------------------------------------------------------------

@given(st.deferred(lambda: st.permutations(coal().dossier.activity)))
def test_the_order_of_rows_does_not_matter(rows):
    shuffled = compute_account(mines.with_dossier(coal(), activity=rows), 2024)
    assert shuffled.emissions().value == pytest.approx(compute_account(coal(), 2024).emissions().value, rel=1e-12)


def doubled(row):
    """A row with twice the amount; shares, factors and properties stay."""
    extensive = "/" not in row.quantity.unit and row.quantity.unit not in ("1", "%", "km", "degC", "yr")
    return replace(row, quantity=replace(row.quantity, value=row.quantity.value * 2)) if extensive else row


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_twice_the_activity_emits_twice_as_much(name):
    case = mines.example(name)
    twice = compute_account(mines.with_dossier(case, activity=[doubled(row) for row in case.dossier.activity]), 2024)
    for scope in ("1", "2", "3"):
        expected = 2 * compute_account(case, 2024).scope(scope).value
        assert twice.scope(scope).value == pytest.approx(expected, rel=1e-12)
    assert twice.energy().value == pytest.approx(2 * compute_account(case, 2024).energy().value, rel=1e-12)


# --- a source is accounted for once -----------------------------------------------------------------------------------

def counted_sources(monkeypatch, case):
    made, walk = [], source.account_source

    def counted(case, one, *given):
        made.append(one.id)
        return walk(case, one, *given)

    monkeypatch.setattr(source, "account_source", counted)
    account = compute_account(case, 2024)
    monkeypatch.undo()
    return made, account


def with_diesel(case, tonnes):
    rows = [replace(row, quantity=replace(row.quantity, value=tonnes)) if (row.key, row.year) == ("diesel", 2024) and
            row.parameter == "quantity" else row for row in case.dossier.activity]
    return replace(case, dossier=replace(case.dossier, activity=rows))


def test_of_a_case_that_differs_in_one_figure_one_source_is_accounted_for_anew(monkeypatch):
    case = mines.example()
    before = compute_account(case, 2024)
    made, after = counted_sources(monkeypatch, with_diesel(case, 100.0))
    assert made == ["mobile-combustion"]
    assert after.emissions().value == pytest.approx(before.emissions().value + (100 - 207) * 43.33 * PER_GJ)
    again, _ = counted_sources(monkeypatch, with_options(case, combustion_ch4_n2o=False))
    assert again == ["mobile-combustion"]  # the one that burns
    assert counted_sources(monkeypatch, with_options(case, gwp="AR4"))[0] == []  # masses are the same
    assert counted_sources(monkeypatch, case)[1].emissions().value == before.emissions().value


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_under_every_option_a_kept_account_is_what_a_case_opened_anew_comes_to(name):
    kept = mines.example(name)
    years = [year for year in kept.years if compute_account(kept, year)]
    for option, known in kept.standard.options.items():
        for value in known.allowed:
            chosen = {option: value}
            for year in years:
                ours, anew = (compute_account(one, year) for one in (
                    with_options(kept, **chosen), with_options(mines.example(name), **chosen)))
                assert [(one.id, one.mass.value) for one in ours.lines] == [
                    (one.id, one.mass.value) for one in anew.lines]
                assert [(one.id, one.energy.value) for one in ours.energy_lines] == [
                    (one.id, one.energy.value) for one in anew.energy_lines]


def test_a_case_whose_balances_held_is_refused_when_a_change_breaks_one_or_the_standard_has_another():
    case = mines.plus(mines.example(), *contract("green-power", "wind", 1.0))
    compute_account(case, 2024)
    assert messages(mines.plus(case, *contract("green-power", "sun", 700.0))) == ["limit_broken"]
    bought = case.standard.sources["electricity"]
    nothing = bought.limits[0].model_copy(update={"within": ("renewable-electricity.sold",)})
    sources = {**case.standard.sources, "electricity": bought.model_copy(update={"limits": (nothing,)})}
    stricter = replace(case, standard=case.standard.model_copy(update={"sources": sources}))
    assert messages(stricter) == ["limit_broken"]

"""What leaves is never more than what came in, and no emission is below zero: the limits of the sources, by hand."""

import csv
import io
import shutil
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.dossier.checks.balances import sources_of, told_limits
from mineco.dossier.checks.parcel_rates import measured_on_plots, yearly_rate
from mineco.evaluation.account import compute_account
from mineco.evaluation.carbon_neutral_mine.evaluate import alternatives, evaluate
from mineco.evaluation.case import open_case, with_options
from mineco.evaluation.ledgers import compute_ledger
from mineco.standards.load import load_standard
from tests.helpers import mines
from tests.helpers.refusals import told_in_both

coal, copper, quarry = (cache(lambda name=name: mines.example(name)) for name in (
    "changcun-coal", "example-copper", "tiny-quarry"))
STANDARD = "carbon-neutral-mine-2025"


def with_item(case, source, item, value, key=None, year=2024):
    """The case with another value of an item in one year."""
    found = [row for row in case.dossier.activity
             if (row.source, row.parameter, row.year) == (source, item, year) and key in (None, row.key)]
    assert found
    kept = [row for row in case.dossier.activity if row not in found]
    changed = [mines.activity(source, row.key, item, value, row.quantity.unit, year, row.quantity.datum.row)
               for row in found]
    return mines.with_dossier(case, activity=[*kept, *changed])


def broken(case, year=2024):
    with pytest.raises(BadInput) as caught:
        compute_account(case, year)
    told_in_both(caught.value.problems)
    return {problem.details.get("limit", problem.message): problem for problem in caught.value.problems}


def refusals(case, year=2024):
    """The limits that are broken; none where the account can be made."""
    try:
        compute_account(case, year)
    except BadInput as refusal:
        return {problem.details.get("limit", problem.message) for problem in refusal.problems}
    return set()


def edited(folder, name, file, change):
    """An example dossier of which the rows of one table were changed."""
    copy = shutil.copytree(parameters() / "mines" / name, folder / name)
    rows = list(csv.DictReader(io.StringIO((copy / file).read_text("utf-8-sig"))))
    rows = [row for row in map(change, rows) if row]
    with (copy / file).open("w", encoding="utf-8-sig", newline="") as written:
        table = csv.DictWriter(written, rows[0])
        table.writeheader()
        table.writerows(rows)
    return copy


def setting(where, **cells):
    """A change of the rows that hold what ``where`` says."""
    return lambda row: {**row, **cells} if where.items() <= row.items() else row


def told(folder, name, file, change, **options):
    notices = open_case(edited(folder, name, file, change), **options).notices
    told_in_both(notices)
    return {problem.details.get("limit", problem.message): problem for problem in notices}


def refused(folder, name, file, change):
    with pytest.raises(BadInput) as caught:
        open_case(edited(folder, name, file, change))
    told_in_both(caught.value.problems)
    return {problem.message: problem for problem in caught.value.problems}


# --- coal-mine gas --------------------------------------------------------------------------------------------------

def test_methane_used_is_at_most_what_ventilation_and_drainage_carry():
    problem = broken(with_item(coal(), "underground-methane", "used", 300e6))["captured_within_given_off"]
    assert problem.value == "300000000 m3_20C"
    assert float(problem.details["most"]) == 126.7e6 + 20e6
    assert problem.file == "activity.csv"


def test_all_the_methane_may_be_used_and_not_a_thousandth_more():
    used = 126.7e6 + 20e6
    account = compute_account(with_item(coal(), "underground-methane", "used", used), 2024)
    (line,) = [one for one in account.lines if one.source.id == "underground-methane"]
    assert float(line.mass) == pytest.approx(0, abs=1e-6)
    assert "captured_within_given_off" in broken(with_item(coal(), "underground-methane", "used", used * 1.001))


def test_flared_and_used_count_together():
    half = with_item(coal(), "underground-methane", "used", 80e6)
    assert "captured_within_given_off" in broken(with_item(half, "underground-methane", "flared", 70e6))


def gas(source, key, **items):
    units = {"coal": "t", "factor": "m3_20C/t", "flared": "m3_20C", "used": "m3_20C", "methane": "1",
             "destroyed": "1", "years": "yr", "flooded": "1", "recovered": "m3_20C",
             "quantity": {"underground-methane-by-depth": "t", "mine-gas-use": "10^4 Nm3", "mine-gas-flare": "10^4 Nm3",
                          "vam-oxidation": "10^4 Nm3"}.get(source, "m3_20C")}
    return [mines.activity(source, key, name, value, units[name]) for name, value in items.items()]


def without_gas():
    return mines.without(mines.without(coal(), "underground-methane"), "mine-gas-use")


@pytest.mark.parametrize(("source", "key", "items", "most"), [
    # 8 Mt at 12 m3/t
    ("underground-methane-relative", "", {"coal": 8e6, "factor": 12.0, "flared": 0.0, "used": 97e6}, 96e6),
    # IPCC 2006: 18 m3/t below 200 to 400 m
    ("underground-methane-by-depth", "middle", {"quantity": 1e6, "factor": 18.0, "flared": 9e6, "used": 9.1e6}, 18e6),
    ("drained-gas", "station", {"quantity": 5e6, "flared": 3e6, "used": 2.5e6}, 5e6)])
def test_every_form_of_the_source_has_its_limit(source, key, items, most):
    shaft = gas("ventilation-shaft", "north", quantity=1e9, methane=0.004) if source == "drained-gas" else []
    case = mines.plus(without_gas(), *gas(source, key, **items), *shaft)
    limits = [one for name, one in broken(case).items() if name.startswith("captured_within")]
    assert [float(one.details["most"]) for one in limits] == [most]


def test_gas_burnt_is_held_to_the_gas_entered_as_used():
    # 4659 x 10^4 Nm3 x 40 % x 0.7158 kg/Nm3 = 13339.6 t; used 20e6 m3 x 0.67 kg/m3 = 13400 t, and 2 % for the meters
    assert compute_account(coal(), 2024)
    problem = broken(with_item(coal(), "mine-gas-use", "quantity", 4900.0))["used_within_account"]
    assert float(problem.details["total"]) == pytest.approx(4900e4 * 0.40 * 0.7158 / 1000)
    assert float(problem.details["most"]) == pytest.approx(13400 * 1.02)


def test_gas_entered_as_used_and_burnt_nowhere_is_told(tmp_path):
    given_up = setting({"year": "2024", "source": "underground-methane", "item": "used"}, quantity="146700000")
    problem = told(tmp_path, "changcun-coal", "activity.csv", given_up)["used_gap"]
    assert float(problem.details["total"]) == pytest.approx(0.9 * 146.7e6 * 0.67 / 1000)  # against 13339.6 t burnt
    assert float(problem.details["most"]) == pytest.approx(4659e4 * 0.40 * 0.7158 / 1000)


def test_a_gap_of_a_tenth_is_told_and_a_smaller_one_is_not(tmp_path):
    # burnt 13339.6 t; 13339.6 / 0.9 / 0.67e-3 = 22.12 million m3
    for amount, is_told in ((22_000_000, False), (22_300_000, True)):
        change = setting({"year": "2024", "source": "underground-methane", "item": "used"}, quantity=str(amount))
        assert ("used_gap" in told(tmp_path / str(amount), "changcun-coal", "activity.csv", change)) is is_told


def test_an_engine_on_gas_that_does_not_burn_is_told(tmp_path):
    change = setting({"year": "2024", "item": "gas power station:methane"}, quantity="0.4")
    found = told(tmp_path, "changcun-coal", "activity.csv", change)
    assert float(found["engine_too_lean"].details["most"]) == pytest.approx(0.4)
    assert "used_gap" in found


def test_a_flare_takes_gas_of_25_per_cent_and_is_held_to_the_gas_entered_as_flared():
    flare = gas("mine-gas-flare", "flare", quantity=100.0, methane=0.24)
    # 100 x 10^4 Nm3 x 24 % x 0.7158 kg/Nm3 = 171.8 t, and nothing is entered as flared
    problem = broken(mines.plus(coal(), *flare))["flared_within_account"]
    assert float(problem.details["total"]) == pytest.approx(1e6 * 0.24 * 0.7158 / 1000)
    assert float(problem.details["most"]) == 0


def test_ventilation_air_oxidised_is_at_most_what_the_shafts_carry():
    shaft = gas("ventilation-shaft", "north", quantity=1e9, methane=0.004)  # 4 million m3: 2680 t
    plant = gas("vam-oxidation", "plant", quantity=40_000.0, methane=0.004, destroyed=0.97)  # 1.6e6 Nm3: 1145 t
    assert compute_account(mines.plus(without_gas(), *shaft, *plant), 2024)
    larger = gas("vam-oxidation", "plant", quantity=100_000.0, methane=0.004, destroyed=0.97)  # 2863 t
    assert "oxidised_within_account" in broken(mines.plus(without_gas(), *shaft, *larger))


def test_abandoned_workings_give_up_no_more_than_they_give_off():
    # bituminous: 1e6 x (1 + 3.72 x 10)^-0.42 x (1 - 0) = 216,570 m3
    give_off = 1e6 * (1 + 3.72 * 10) ** -0.42

    def old(recovered):
        return mines.plus(coal(), *gas("abandoned-methane", "bituminous", quantity=1e6, years=10.0, flooded=0.0,
                                       recovered=recovered))

    assert compute_account(old(give_off * 0.999), 2024)
    problem = broken(old(give_off * 1.01))["recovered_within_given_off"]
    assert float(problem.details["most"]) == pytest.approx(give_off)


@pytest.mark.parametrize(("item", "quantity", "unit"), [
    ("diesel:ncv", "0.001", "GJ/t"), ("diesel:carbon", "0", "tC/GJ"), ("diesel:oxidation", "0", "1"),
    ("diesel:standard_coal", "1e9", "GJ/tce")])
def test_no_fuel_has_such_properties(tmp_path, item, quantity, unit):
    change = setting({"year": "2024", "source": "road-vehicles", "item": "gasoline"}, source="mobile-combustion",
                     item=item, quantity=quantity, unit=unit)
    assert "beyond_factors" in refused(tmp_path, "example-copper", "activity.csv", change)


def test_what_changes_between_years_in_kind_is_told(tmp_path):
    found = told(tmp_path / "new", "tiny-quarry", "activity.csv",
                 lambda row: None if (row["year"], row["source"]) == ("2023", "explosives") else row)
    assert found["source_new"].details["year"] == 2024
    found = told(tmp_path / "gone", "example-copper", "activity.csv",
                 lambda row: None if (row["year"], row["item"]) == ("2024", "gasoline") else row)
    assert (found["key_gone"].value, found["key_gone"].details["other"]) == ("gasoline", "66 t")
    by_mass = setting({"source": "underground-methane", "year": "2024"}, source="underground-methane-mass", unit="tCH4",
                      quantity="0")
    assert "method_changed" in told(tmp_path / "method", "changcun-coal", "activity.csv", by_mass)


def test_an_address_in_another_province_is_told_once_for_both_languages(tmp_path):
    folder = shutil.copytree(parameters() / "mines" / "example-copper", tmp_path / "mine")
    path = folder / "mine.yaml"
    path.write_text(path.read_text("utf-8").replace("province: 江西", "province: 青海"), "utf-8")
    assert [one.message for one in open_case(folder).notices].count("address_elsewhere") == 1


@pytest.mark.parametrize(("density", "is_told"), [("0.60", True), ("0.66", False)])  # the tables: 0.67 kg/m3
def test_a_density_of_the_mines_own_is_told(tmp_path, density, is_told):
    change = setting({"year": "2024", "source": "underground-co2"}, source="underground-methane", item="density",
                     quantity=density, unit="kg/m3_20C")
    assert ("far_from_factors" in told(tmp_path, "changcun-coal", "activity.csv", change)) is is_told


# --- electricity and heat -------------------------------------------------------------------------------------------

GAS_HEAT = 60 * 381.9 / 29.3076 * 8.141  # MWh in the natural gas that the copper mine burns


def test_electricity_sold_is_at_most_what_was_bought_and_what_the_generators_sell():
    problem = broken(with_item(copper(), "electricity", "sold", 400_000.0))["sold_within_supply"]
    assert float(problem.details["most"]) == pytest.approx(286_000 + 0.6 * GAS_HEAT, rel=1e-6)
    case = with_item(mines.without(copper(), "green-power"), "electricity", "sold", 338_000.0)
    assert compute_account(with_item(case, "renewable-electricity", "sold", 52_000.0), 2024)
    assert "sold_within_supply" in broken(case)  # the sun of which nothing is sold is used


def test_power_of_mine_gas_is_sold_as_it_was_made_and_not_as_the_energy_of_the_gas():
    # 236,000 MWh bought, 66,300 made; the coal of the boilers: 60 % of 18,500 t
    problem = broken(with_item(coal(), "electricity", "sold", 400_000.0))["sold_within_supply"]
    burnt = 18_500 * float(coal().factors.by_id("NDRC2014.bituminous.NCV").value)  # GJ
    assert float(problem.details["most"]) == pytest.approx(236_000 + 66_300 + 0.6 * burnt / 29.3076 * 8.141, rel=1e-6)
    silent = mines.without(with_item(coal(), "electricity", "sold", 400_000.0), "mine-gas-use", "power")
    assert float(broken(silent)["sold_within_supply"].details["most"]) == pytest.approx(
        float(problem.details["most"]) - 66_300)


def test_contracts_cover_what_was_bought_and_not_resold():
    # 286,000 MWh bought, 60,000 of them under a contract
    assert compute_account(with_item(copper(), "electricity", "sold", 226_000.0), 2024)
    problem = broken(with_item(copper(), "electricity", "sold", 226_001.0))["contracts_within_purchase"]
    assert (problem.value, float(problem.details["most"])) == ("60000 MWh", 59_999)
    own = with_item(with_item(copper(), "electricity", "sold", 226_001.0), "renewable-electricity", "sold", 1.0)
    assert compute_account(own, 2024)  # what the own generator sells is no resale


def test_resale_of_grid_power_is_told_and_the_sale_of_own_power_is_not(tmp_path):
    sold = setting({"year": "2024", "source": "electricity", "item": "sold"}, quantity="50000")
    found = told(tmp_path / "a", "example-copper", "activity.csv", sold)
    assert found["resale_of_grid_power"].value == "50000 MWh"
    own = setting({"year": "2024", "item": "pit-rim solar:sold"}, quantity="50000")
    both = told(tmp_path / "b", "example-copper", "activity.csv", lambda row: own(sold(row)))
    assert "resale_of_grid_power" not in both
    gas_power = setting({"year": "2024", "source": "electricity", "item": "sold"}, quantity="66300")
    assert "resale_of_grid_power" not in told(tmp_path / "c", "changcun-coal", "activity.csv", gas_power)


def test_heat_sold_is_at_most_what_was_bought_made_and_burnt():
    def sells(amount):
        return mines.plus(copper(), mines.activity("heat", "", "purchased", 500.0, "GJ"),
                          mines.activity("heat", "", "sold", amount, "GJ"))

    assert compute_account(sells(500 + 60 * 381.9), 2024)
    assert "heat_sold_within_supply" in broken(sells(500 + 60 * 381.9 + 1))


@pytest.mark.parametrize(("source", "items"), [
    ("steam", {"enthalpy": (2800.0, "kJ/kg")}), ("hot-water", {"temperature": (90.0, "degC")})])
def test_steam_and_hot_water_carry_no_more_than_the_heat_there_is(source, items):
    rows = [mines.activity(source, "line", name, *one) for name, one in
            {"purchased": (10.0, "t"), "sold": (1e6, "t"), **items}.items()]
    assert "heat_sold_within_supply" in broken(mines.plus(copper(), *rows))


def carriers(**amounts):
    """Rows of heat, steam of 2683.74 kJ/kg and water of 100 °C that are sold, in GJ of heat."""
    rows = []
    for source, key, name, of_one, items in (
            ("heat", "", "heat", 1.0, {}),
            ("steam", "line", "steam", 2.6, {"enthalpy": (2683.74, "kJ/kg")}),  # less 83.74 of water at 20 °C
            ("hot-water", "line", "water", 4.1868 * 80 / 1000, {"temperature": (100.0, "degC")})):
        if name in amounts:
            unit = "GJ" if name == "heat" else "t"
            given = {"purchased": (0.0, unit), "sold": (amounts[name] / of_one, unit), **items}
            rows += [mines.activity(source, key, item, *one) for item, one in given.items()]
    return rows


def test_the_heat_of_one_fuel_is_sold_once():
    burnt = 60 * 381.9  # GJ
    third = burnt / 3
    assert compute_account(mines.plus(copper(), *carriers(heat=third, steam=third, water=third * 0.999)), 2024)
    problem = broken(mines.plus(copper(), *carriers(heat=third, steam=third, water=third * 1.01)))[
        "heat_sold_within_supply"]
    assert float(problem.details["total"]) == pytest.approx(third * 3.01)
    assert float(problem.details["most"]) == pytest.approx(burnt)


def test_heat_bought_in_one_form_is_passed_on_in_another():
    bought = [mines.activity("heat", "", "purchased", 1e5, "GJ"), mines.activity("heat", "", "sold", 0.0, "GJ")]
    assert compute_account(mines.plus(quarry(), *bought, *carriers(steam=1e5 * 0.999999)), 2024)
    assert "heat_sold_within_supply" in broken(mines.plus(quarry(), *bought, *carriers(steam=1e5 * 1.001)))


def test_fuel_sold_as_heat_is_not_sold_as_power_too():
    burnt = 60 * 381.9
    power = 286_000 + 0.5 * burnt / 3.6  # MWh: half of the fuel
    case = with_item(mines.without(copper(), "green-power"), "electricity", "sold", power)
    assert compute_account(mines.plus(case, *carriers(heat=0.499 * burnt)), 2024)
    found = broken(mines.plus(case, *carriers(heat=0.51 * burnt)))
    assert set(found) == {"energy_sold_within_supply"}


@pytest.mark.parametrize(("source", "item", "value", "unit", "limit"), [
    ("steam", "enthalpy", 83.0, "kJ/kg", "reference_below_enthalpy"),  # 83.74 of water at 20 °C
    ("hot-water", "temperature", 19.0, "degC", "reference_below_temperature")])
def test_what_is_bought_is_no_colder_than_its_reference(source, item, value, unit, limit):
    def bought(amount):
        return mines.plus(quarry(), *[mines.activity(source, "line", name, *one) for name, one in
                                      {"purchased": (1e6, "t"), "sold": (0.0, "t"), item: (amount, unit)}.items()])

    assert limit in broken(bought(value))
    assert compute_account(bought(value + 1), 2024).energy().value > 0


@pytest.mark.parametrize(("more", "is_refused"), [(1.97e-12, False), (2.03e-12, True)])
def test_a_trillionth_of_both_sides_is_binary_dust_and_what_is_beyond_it_is_refused(more, is_refused):
    case = with_item(copper(), "electricity", "sold", 52_000.0)
    beyond = with_item(case, "renewable-electricity", "sold", 52_000 * (1 + more))
    assert is_refused is bool(refusals(beyond))


def test_a_generator_sells_what_it_makes_and_it_stands_as_sold_electricity():
    beyond = with_item(copper(), "renewable-electricity", "sold", 52_001.0)
    assert "sold_within_generated" in broken(beyond)
    silent = with_item(copper(), "renewable-electricity", "sold", 20_000.0)  # electricity, sold stays 0
    assert float(broken(silent)["sold_stands_in_electricity"].details["most"]) == 0
    assert compute_account(with_item(silent, "electricity", "sold", 20_000.0), 2024)


def exporter(**options):
    """A copper mine that makes 350 GWh of solar power more and sells it, without an offset."""
    case = with_options(copper(), **options)
    rows = [mines.activity("renewable-electricity", "field", name, 350_000.0, "MWh") for name in ("quantity", "sold")]
    return mines.with_dossier(with_item(mines.plus(case, *rows), "electricity", "sold", 350_000.0), offsets=[])


def test_exports_have_a_floor_of_zero_and_leave_scope_1_as_it_is():
    plain = compute_account(copper(), 2024)
    account = compute_account(exporter(), 2024)
    assert account.scope("2").value == pytest.approx(0, abs=1e-9)
    assert account.scope("2", "market").value == pytest.approx(0, abs=1e-9)
    assert account.emissions().value == pytest.approx(plain.scope("1").value)
    ledger = compute_ledger(exporter(), account)
    assert float(ledger.offset_ratio) < 1


def test_what_was_not_netted_stands_in_the_account():
    account = compute_account(exporter(), 2024)
    (line,) = [one for one in account.lines if one.result == "exports_location"]
    net = sum(float(one.mass) for one in account.lines
              if one.source.id == "electricity" and one.basis == "location" and one is not line)
    assert net < 0
    assert float(line.mass) == pytest.approx(-net)


def test_each_carrier_has_its_own_floor():
    heat = [mines.activity("heat", "", "purchased", 1000.0, "GJ"), mines.activity("heat", "", "sold", 0.0, "GJ")]
    account = compute_account(mines.plus(exporter(), *heat), 2024)
    assert account.scope("2").value == pytest.approx(1000 * 0.11)  # heat bought is not paid with power sold


def test_energy_exported_has_a_floor_of_zero_for_each_carrier_apart():
    plain = compute_account(copper(), 2024).energy().value
    rows = carriers(heat=5000.0, steam=5000.0, water=5000.0)
    account = compute_account(mines.plus(copper(), *rows), 2024)
    assert account.energy().value == pytest.approx(plain)  # the fuel burnt for it stays in
    lines = [line for line in account.energy_lines if line.result == "exports_energy"]
    assert {line.source.id for line in lines} == {"heat", "steam", "hot-water"}
    assert all(float(line.energy) == pytest.approx(5000 * 0.03412) for line in lines)


def test_power_of_own_fuel_that_is_sold_takes_nothing_off_the_sun_used():
    # 640 MWh bought and all 140 of the roof used; an engine on 200 t of diesel sells 700
    case = with_item(quarry(), "electricity", "sold", 700.0)
    fuel = [mines.activity("stationary-combustion", "diesel", "quantity", 200.0, "t")]
    account = compute_account(mines.plus(case, *fuel), 2024)
    assert account.energy("power", ["electricity"]).value == pytest.approx(140 * 0.1229)
    solar = with_item(with_item(quarry(), "electricity", "sold", 100.0), "renewable-electricity", "sold", 100.0)
    assert compute_account(solar, 2024).energy("power", ["electricity"]).value == pytest.approx(680 * 0.1229)


@given(heat=st.floats(0, 1.2e4), steam=st.floats(0, 1.2e4), water=st.floats(0, 1.2e4), sold=st.floats(0, 4e5))
def test_no_sale_of_energy_lowers_the_energy_of_another_carrier(heat, steam, water, sold):
    case = with_item(mines.without(copper(), "green-power"), "electricity", "sold", sold)
    try:
        account = compute_account(mines.plus(case, *carriers(heat=heat, steam=steam, water=water)), 2024)
    except BadInput:
        return
    assert account.energy("power", ["electricity"]).value >= 52_000 * 0.1229 - 1e-6
    assert account.energy("heat", ["heat"]).value >= -1e-6


def test_a_certificate_does_not_bring_the_market_figure_below_zero():
    # all 640 MWh under green contracts, 600 MWh of an own generator passed on
    case = with_item(quarry(), "electricity", "sold", 600.0)
    case = mines.plus(case, mines.activity("renewable-electricity", "field", "quantity", 600.0, "MWh"),
                      mines.activity("renewable-electricity", "field", "sold", 600.0, "MWh"),
                      mines.activity("green-power", "wind", "quantity", 640.0, "MWh"),
                      mines.activity("green-power", "wind", "factor", 0.0, "tCO2/MWh"))
    assert compute_account(case, 2024).scope("2", "market").value == pytest.approx(0, abs=1e-9)


# --- stocks, shares, land -------------------------------------------------------------------------------------------

def test_a_balance_by_stock_does_not_end_below_zero():
    problem = broken(with_item(copper(), "gas-loss", "recovered", 1500.0))["stock_balance"]
    assert float(problem.details["total"]) == 1500 + 421
    assert float(problem.details["most"]) == 420 + 12
    assert compute_account(with_item(copper(), "gas-loss", "recovered", 11.0), 2024)  # 432 - 421


def flared(methane, dioxide, carbon):
    return [mines.activity("gas-flare", "stack", name, *one) for name, one in
            {"quantity": (10.0, "10^4 Nm3"), "carbon": (carbon, "tC/(10^4 Nm3)"), "methane": (methane, "1"),
             "carbon_dioxide": (dioxide, "1")}.items()]


def test_shares_of_a_gas_are_at_most_the_whole():
    assert "shares_within_whole" in broken(mines.plus(quarry(), *flared(0.7, 0.31, 6.0)))


def test_the_carbon_of_a_gas_holds_that_of_its_methane():
    # 90 % of CH4 is 0.9 x 12 / 22.4 kg of carbon in a Nm3: 4.82 t in 10^4 Nm3
    assert compute_account(mines.plus(quarry(), *flared(0.9, 0.05, 4.9)), 2024)
    assert "carbon_of_methane" in broken(mines.plus(quarry(), *flared(0.9, 0.05, 2.0)))


def test_recovered_gas_is_at_most_what_is_lost():
    vented = [mines.activity("vented-gas", "well", name, *one) for name, one in
              {"quantity": (5.0, "10^4 Nm3"), "methane": (0.8, "1"), "carbon_dioxide": (0.1, "1")}.items()]

    def recovering(amount):
        return mines.plus(quarry(), *vented, *[
            mines.activity("recovered-gas", "unit", name, *one) for name, one in
            {"quantity": (amount, "10^4 Nm3"), "methane": (0.8, "1"), "carbon_dioxide": (0.1, "1")}.items()])

    assert compute_account(recovering(5.0), 2024)
    assert {"ch4_within_lost", "co2_within_lost"} <= set(broken(recovering(5.1)))


def test_wastewater_gives_up_no_more_methane_than_it_makes():
    rows = [mines.activity("wastewater-ch4", "anaerobic_reactor", "quantity", 100.0, "tCOD"),
            mines.activity("wastewater-ch4", "anaerobic_reactor", "correction", 0.8, "1"),
            mines.activity("wastewater-ch4", "anaerobic_reactor", "recovered", 21.0, "tCH4")]
    problem = broken(mines.plus(quarry(), *rows))["recovered_within_made"]
    assert float(problem.details["most"]) == pytest.approx(100 * 0.25 * 0.8)


def test_clearing_land_leaves_no_more_carbon_than_there_was(tmp_path):
    assert "after_within_before" in broken(with_item(quarry(), "land-clearing", "carbon_after", 46.0))
    change = setting({"year": "2024", "item": "pit edge:carbon_after"}, quantity="30")
    assert "little_cleared" in told(tmp_path, "tiny-quarry", "activity.csv", change)


def test_making_carbonates_binds_no_more_than_the_mine_supplies():
    rows = [mines.activity("carbonation", "calcite", "quantity", 100.0, "t"),
            mines.activity("carbonation", "calcite", "purity", 1.0, "1"),
            mines.activity("carbonation", "calcite", "factor", 0.44, "tCO2/t")]
    problem = broken(mines.plus(quarry(), *rows))["bound_within_supplied"]
    assert float(problem.details["total"]) == pytest.approx(44)
    assert float(problem.details["most"]) == 0


def test_filled_co2_leaks_no_more_than_was_put_in():
    rows = [mines.activity("filled-co2", "goaf", name, *one) for name, one in
            {"quantity": (100.0, "t"), "purity": (0.9, "1"), "leaked": (91.0, "tCO2"),
             "energy_emissions": (0.0, "tCO2")}.items()]
    assert "leaked_within_injected" in broken(mines.plus(quarry(), *rows))


def filled(amount, imported=None):
    given = {"quantity": (amount, "t"), "purity": (1.0, "1"), "leaked": (0.0, "tCO2"),
             "energy_emissions": (0.0, "tCO2")}
    given |= {} if imported is None else {"imported": (imported, "tCO2")}
    return [mines.activity("filled-co2", "pit", name, *one) for name, one in given.items()]


def calcite(amount):
    return [mines.activity("carbonation", "calcite", name, *one) for name, one in
            {"quantity": (amount, "t"), "purity": (1.0, "1"), "factor": (0.44, "tCO2/t")}.items()]


def co2_of_boilers():
    (line,) = [one for one in compute_account(copper(), 2024).lines
               if one.source.id == "stationary-combustion" and one.gas == "CO2"]
    return float(line.mass)


def test_filled_co2_is_at_most_what_the_mine_gives_off():
    # 60 x 10^4 Nm3 of gas at 381.9 GJ x 0.0153 tC/GJ x 99 % x 44/12 = 1273 t
    assert co2_of_boilers() == pytest.approx(60 * 381.9 * 0.0153 * 0.99 * 44 / 12, rel=1e-9)
    own = co2_of_boilers() + sum(float(one.mass) for one in compute_account(copper(), 2024).lines
                                 if one.source.id == "carbonate")
    assert compute_account(mines.plus(copper(), *filled(own)), 2024)
    problem = broken(mines.plus(copper(), *filled(36_000.0)))["bound_within_supplied"]
    assert float(problem.details["total"]) == 36_000
    assert float(problem.details["most"]) == pytest.approx(own)


def test_co2_is_not_filled_and_bound_in_carbonates_too():
    own = co2_of_boilers() + sum(float(one.mass) for one in compute_account(copper(), 2024).lines
                                 if one.source.id == "carbonate")
    half = calcite(own / 2 / 0.44)
    assert compute_account(mines.plus(copper(), *half, *filled(own / 2 * 0.999)), 2024)
    assert "bound_within_supplied" in broken(mines.plus(copper(), *half, *filled(own / 2 * 1.001)))


def test_several_fills_draw_on_one_pool():
    other = [replace(row, key="goaf") for row in filled(1000.0)]
    assert "bound_within_supplied" in broken(mines.plus(quarry(), *other, *filled(1000.0, imported=1000.0)))


def test_co2_brought_in_is_stated_and_told(tmp_path):
    assert compute_account(mines.plus(quarry(), *filled(1000.0, imported=1000.0)), 2024)
    assert "imported_within_injected" in broken(mines.plus(quarry(), *filled(1000.0, imported=1001.0)))
    assert "bound_within_supplied" in broken(mines.plus(quarry(), *filled(1000.0, imported=999.0)))
    as_import = setting({"year": "2024", "source": "explosives"}, source="filled-co2", item="pit:imported",
                        quantity="10", unit="tCO2")
    assert told(tmp_path, "tiny-quarry", "activity.csv", as_import)["imported_co2"].value == "10 tCO2"


@pytest.mark.parametrize(("source", "key", "items", "limit"), [
    ("gas-flare", "stack", {"quantity": (10.0, "10^4 Nm3"), "carbon": (0.2, "tC/(10^4 Nm3)"), "methane": (0.0, "1"),
                            "carbon_dioxide": (0.0, "1")}, "flare_too_lean"),  # 5 % of CH4: 0.27 tC
    ("vented-gas", "well", {"quantity": (10.0, "10^4 Nm3"), "methane": (0.0, "1"),
                            "carbon_dioxide": (0.0, "1")}, "nothing_vented"),
    ("carbonate", "calcite", {"quantity": (10.0, "t"), "purity": (0.0, "1"), "decomposed": (1.0, "1")},
     "little_decomposed"),
    ("carbonate", "calcite", {"quantity": (10.0, "t"), "purity": (1.0, "1"), "decomposed": (0.0, "1")},
     "little_decomposed"),
    ("dissolved-co2", "well", {"quantity": (10.0, "m3"), "released": (0.0, "kgCO2/m3")}, "nothing_released"),
    ("ventilation-shaft", "north", {"quantity": (1e9, "m3_20C"), "methane": (0.0, "1")}, "air_without_methane")])
def test_a_gas_or_stone_that_holds_nothing_is_told(source, key, items, limit):
    def limits_told(**changed):
        rows = [mines.activity(source, key, name, *one) for name, one in {**items, **changed}.items()]
        return {one.details["limit"] for _, one in told_limits(quarry().standard, rows, quarry().factors)}

    assert limit in limits_told()
    assert limit not in limits_told(quantity=(0.0, items["quantity"][1]))  # nothing of it: nothing to say


def test_a_flare_without_carbon_is_refused():
    assert "nothing_to_burn" in broken(mines.plus(quarry(), *flared(0.0, 0.0, 0.0)))


def parcel(**cells):
    return setting({"parcel": "P2"}, **cells)


def test_parcels_above_the_reclaimed_area_are_told_and_above_the_mine_refused(tmp_path):
    # P1 236 ha in two pools, P3 74 ha; with 600 ha of P2 910 ha, of 512 reclaimed and 1480 in all
    found = told(tmp_path / "a", "example-copper", "restoration.csv", parcel(area_ha="600"))
    problem = found["parcels_beyond_reclaimed"]
    assert problem.value == "910"
    assert "parcels_exceed_mine" in refused(tmp_path / "b", "example-copper", "restoration.csv", parcel(area_ha="1171"))


def test_a_mine_has_not_reclaimed_more_than_it_has(tmp_path):
    change = setting({"year": "2024", "metric": "reclaimed_area"}, value="1481")
    (whole,) = [row.quantity for row in copper().dossier.metrics if (row.year, row.metric) == (2024, "total_area")]
    problem = refused(tmp_path, "example-copper", "metrics.csv", change)["part_exceeds_whole"]
    assert (problem.value, problem.details["whole"]) == ("1481", f"{whole.value:g} ha")
    assert problem.details["line"] == whole.datum.row


def test_a_rate_beyond_the_range_of_its_kind_is_refused(tmp_path):
    # shrubland, all pools: 3.3 + 0.5 + 2.8
    found = refused(tmp_path, "example-copper", "restoration.csv", parcel(rate_tc_per_ha_yr="99"))
    problem = found["rate_beyond_range"]
    assert problem.details["most"] == "6.6"
    assert problem.row == 4


def test_what_plots_measured_is_told_beyond_the_range_and_refused_beyond_twice_of_it(tmp_path):
    def soil(end):  # forest soil: 6.27 tC/(ha yr); 24.1 tC/ha six years before
        return setting({"parcel": "P1", "pool": "soil"}, stock_end_tc_per_ha=str(end))

    assert "rate_beyond_range_measured" not in told(tmp_path / "a", "example-copper", "restoration.csv", soil(61))
    assert "rate_beyond_range_measured" in told(tmp_path / "b", "example-copper", "restoration.csv", soil(63))
    assert "rate_beyond_range" in refused(tmp_path / "c", "example-copper", "restoration.csv", soil(100))
    unmeasured = setting({"parcel": "P1", "pool": "soil"}, stock_end_tc_per_ha="63", kind="assumed")
    assert "rate_beyond_range" in refused(tmp_path / "d", "example-copper", "restoration.csv", unmeasured)


# --- between years, and the factor of grid power ----------------------------------------------------------------------

def test_a_figure_that_leaves_zero_or_comes_to_it_is_told(tmp_path):
    change = setting({"year": "2024", "source": "electricity", "item": "sold"}, quantity="5")
    found = told(tmp_path / "a", "tiny-quarry", "activity.csv", change)["changed_from_zero"]
    rows = {row.year: row.quantity.datum.row for row in quarry().dossier.activity
            if (row.source, row.parameter) == ("electricity", "sold")}
    assert (found.row, found.value, found.details["line"], found.details["other"]) == (
        rows[2024], "5 MWh", rows[2023], "0 MWh")
    gone = setting({"year": "2024", "source": "explosives"}, quantity="0")
    assert "changed_from_zero" in told(tmp_path / "b", "tiny-quarry", "activity.csv", gone)


def test_a_fall_to_a_tenth_is_told(tmp_path):
    change = setting({"year": "2024", "source": "explosives"}, quantity="6")
    assert told(tmp_path, "tiny-quarry", "activity.csv", change)["changed_manifold"].details["times"] == "10.3"


def own_factor(case, value=0.05):
    return mines.plus(case, mines.activity("electricity", "", "grid_factor", value, "tCO2/MWh"))


def test_the_official_grid_factor_grades_unless_the_option_says_otherwise():
    official, own = (compute_account(with_options(own_factor(quarry()), own_grid_factor=which), 2024).scope("2").value
                     for which in ("official", "own"))
    assert (official, own) == (pytest.approx(640 * 0.4974), pytest.approx(640 * 0.05))


def test_a_grid_factor_chosen_by_name_is_an_own_one():
    chosen = mines.with_mine(quarry(), factors={"grid_factor": "CN.residual.2022"})
    assert compute_account(chosen, 2024).scope("2").value == pytest.approx(640 * 0.4974)
    own = with_options(chosen, own_grid_factor="own")
    assert compute_account(own, 2024).scope("2").value == pytest.approx(640 * 0.5856)


def test_both_results_stand_beside_where_there_is_an_own_grid_factor():
    beside = alternatives(own_factor(quarry()))
    assert float(beside["own_grid_factor", "own"].ledger.account.scope("2")) == pytest.approx(640 * 0.05)
    assert ("own_grid_factor", "own") not in alternatives(quarry())


def test_an_own_grid_factor_a_tenth_apart_is_told(tmp_path):
    def add(value):
        return setting({"year": "2024", "source": "explosives"}, source="electricity", item="grid_factor",
                       quantity=str(value), unit="tCO2/MWh")

    problem = told(tmp_path / "a", "tiny-quarry", "activity.csv", add(0.05))["grid_factor_apart"]
    assert (problem.file, problem.value, problem.details["apart"]) == ("activity.csv", "0.05 tCO2/MWh", "90")
    assert "grid_factor_apart" not in told(tmp_path / "b", "tiny-quarry", "activity.csv", add(0.52))


def test_electricity_bought_and_passed_on_is_not_taken_for_what_the_mine_needs(tmp_path):
    # of 640 MWh bought 0.5 are left for 300,000 t: 0.0017 kWh/t, below 0.02
    change = setting({"year": "2024", "source": "electricity", "item": "sold"}, quantity="639.5")
    assert "unusual_ratio" in told(tmp_path, "tiny-quarry", "activity.csv", change)


# --- the limits as a whole --------------------------------------------------------------------------------------------

def test_one_mine_alone_is_not_counted():
    (problem,) = [one for one in broken(with_item(coal(), "underground-methane", "used", 300e6)).values()
                  if one.details["limit"] == "captured_within_given_off"]
    assert "mine or draw" not in problem_text(problem, "en")
    assert "矿山或抽样" not in problem_text(problem, "zh")


def test_a_limit_names_the_sources_that_it_holds_together():
    source = load_standard("carbon-neutral-mine-2025").sources["renewable-electricity"]
    limit = next(one for one in source.limits if one.id == "sold_stands_in_electricity")
    assert sources_of(limit, source.id) == {"renewable-electricity", "electricity"}


def test_growth_less_losses_is_the_rate_of_a_parcel():
    # 42 ha that grow 1.6 t of dry matter, roots 1.5 times as much, 47 % carbon, and lose 4 t of carbon
    parcel = next(row for row in coal().dossier.parcels if row.id == "R2")
    assert float(yearly_rate(parcel, coal().factors)) == pytest.approx(1.6 * (1 + 1.5) * 0.47 - 4 / 42)
    small = replace(parcel, area=replace(parcel.area, value=0.5))
    assert float(yearly_rate(small, coal().factors)) == pytest.approx(1.6 * (1 + 1.5) * 0.47 - 4 / 0.5)


def test_only_what_was_surveyed_twice_and_measured_counts_as_measured_on_plots():
    soil = next(row for row in copper().dossier.parcels if (row.id, row.pool) == ("P1", "soil"))
    assumed = {name: replace(one, kind="assumed") for name, one in soil.inputs.items()}
    assert (measured_on_plots(soil), measured_on_plots(replace(soil, inputs=assumed))) == (True, False)


def test_one_mine_of_many_is_named():
    amounts = np.array([20e6, 300e6, 400e6])
    problem = broken(with_item(coal(), "underground-methane", "used", amounts))["captured_within_given_off"]
    assert (problem.value, problem.details["which"]) == ("300000000 m3_20C", 2)


def test_a_source_below_zero_without_a_limit_of_its_own_is_refused():
    case = with_item(quarry(), "explosives", "quantity", -1.0)  # no dossier is read with it
    assert broken(case)["emission_below_zero"].value == pytest.approx(-0.17)


@given(used=st.floats(0, 3e8), flared=st.floats(0, 3e8), burnt=st.floats(0, 6e4), sold=st.floats(0, 6e5),
       recovered=st.floats(0, 500))
def test_no_accepted_account_has_a_negative_line_or_carrier(used, flared, burnt, sold, recovered):
    case = coal()
    for source, item, value in (("underground-methane", "used", used), ("underground-methane", "flared", flared),
                                ("mine-gas-use", "quantity", burnt), ("electricity", "sold", sold),
                                ("gas-loss", "recovered", recovered)):
        case = with_item(case, source, item, value)
    try:
        account = compute_account(case, 2024)
    except BadInput:
        return
    assert all(float(line.mass) >= -1e-6 for line in account.lines if line.source.scope != "2")
    for basis in ("location", "market"):
        assert account.scope("2", basis).value >= -1e-6


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_the_examples_keep_their_balances_and_are_told_nothing_new(name):
    case = mines.example(name)
    assert evaluate(case)
    new = {"limit_told", "serial_not_parsed", "parcels_beyond_reclaimed", "rate_beyond_range_measured",
           "changed_from_zero", "grid_factor_apart"}
    assert not new & {problem.message for problem in case.notices}


def test_every_limit_has_an_id_of_its_own_in_its_source_and_tells_by_items_alone():
    for source in load_standard(STANDARD).sources.values():
        assert len({one.id for one in source.limits}) == len(source.limits)
        for limit in source.limits:
            assert limit.refused or not any("=" in term for term in (*limit.parts, *limit.within))



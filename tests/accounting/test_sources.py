"""Every source can be walked from a mine's rows to masses of gas: items, factors, formulas and units fit together."""

import csv

import pytest

from mineco.core import units
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.quantity import Datum, Quantity
from mineco.evaluation import steps
from mineco.standards.factors import load_factors
from mineco.standards.limits import read_term
from mineco.standards.load import load_standard

STANDARD = load_standard("carbon-neutral-mine-2025")
EDITIONS = STANDARD.options["fuel_edition"].allowed
SUBTYPES = set(STANDARD.mine_subtypes)


def keys_of(source):
    """Every key that the names table knows for the facet of a source; a free name where it is no facet."""
    if source.key in ("", "instance"):
        return [source.key and "one"]
    with (parameters() / "factors" / "names.csv").open(encoding="utf-8", newline="") as names:
        return [row["id"] for row in csv.DictReader(names) if row["facet"] == source.key]


def factor(item, key, edition="NDRC2014"):
    """The factor of an item as a quantity, None where the tables have none; an ambiguous one is an error."""
    wanted = {facet: text.format(key=key, fuel_edition=edition) for facet, text in item.factor.items()}
    try:
        found = (load_factors().grid("Shanxi", 2024, wanted["grid"]) if "grid" in wanted
                 else load_factors().find(**wanted))
    except BadInput as error:
        if error.problems[0].message in ("missing_factor", "suspect_factor"):
            return None
        raise  # two factors for one key
    return found.as_quantity()


def walk(source, key, unit_of_main):
    """The results of a source for one key, each item that has no factor standing at one."""
    made, lines = {}, []
    given = {}
    for name, item in source.items.items():
        unit = unit_of_main if item.main and unit_of_main in item.units else item.units[0]
        standing_in = factor(item, key) if item.factor else None
        given[name] = standing_in or Quantity(1.0, unit, "measured", name, Datum(file="", row=1))
    for result in source.results:
        inputs = {symbol: made[name[1:]] if name.startswith("=") else given[name]
                  for symbol, name in result.inputs.items()}
        made[result.id] = steps.step(STANDARD.formulas[result.formula], result.id, **inputs)
        lines.append((result, made[result.id]))
    return lines


@pytest.mark.parametrize("source", STANDARD.sources.values(), ids=list(STANDARD.sources))
def test_a_source_leads_from_its_rows_to_the_gas_that_it_names(source):
    key = keys_of(source)[0]
    for result, quantity in walk(source, "SF6" if source.key == "gas" else key, ""):
        if result.gas:
            gas = result.gas.format(key="SF6").split("_")[0]
            assert units.compatible(quantity.unit, f"t{gas}"), (result.id, quantity.unit)
        if result.energy:
            assert units.compatible(quantity.unit, "tce")


@pytest.mark.parametrize("source", [one for one in STANDARD.sources.values() if one.key == "fuel"],
                         ids=lambda one: one.id)
@pytest.mark.parametrize(("fuel", "unit"), [("bituminous", "t"), ("natural_gas", "10^4 Nm3")])
def test_fuels_are_walked_by_mass_and_by_volume(source, fuel, unit):
    if source.id == "biomass-combustion":
        fuel, unit = ("wood", "t") if unit == "t" else ("biogas", "t")
    assert all(quantity.value > 0 for _, quantity in walk(source, fuel, unit))


@pytest.mark.parametrize(("source", "name"), [(source, name) for source in STANDARD.sources.values()
                                              for name, item in source.items.items() if item.factor],
                         ids=lambda one: getattr(one, "id", one))
def test_a_default_is_found_for_some_key_and_never_two_for_one(source, name):
    item = source.items[name]
    found = [value for key in keys_of(source) for edition in EDITIONS if (value := factor(item, key, edition))]
    assert found
    assert all(any(units.compatible(one.unit, unit) for unit in item.units) for one in found)


@pytest.mark.parametrize("source", STANDARD.sources.values(), ids=list(STANDARD.sources))
def test_each_unit_is_known_and_each_item_serves_a_result_or_a_limit(source):
    assert all(units.is_known_unit(unit) for item in source.items.values() for unit in item.units)
    used = {name for result in source.results for name in result.inputs.values()}
    held = {name for limit in source.limits for term in (*limit.parts, *limit.within) for name in read_term(term).names}
    assert {name for name, item in source.items.items() if not (item.optional and name in held)} <= used
    assert sum(item.main for item in source.items.values()) == (1 if "quantity" in source.items else 0)


def test_every_mine_answers_for_electricity_and_for_its_machines():
    for source in ("electricity", "mobile-combustion"):
        assert all(STANDARD.concerns(STANDARD.sources[source].expected_for, subtype) for subtype in SUBTYPES)


@pytest.mark.parametrize(("subtype", "source"), [
    ("coal-underground", "underground-methane"), ("coal-underground", "post-mining-methane"),
    ("coal-underground", "underground-co2"), ("coal-opencast", "surface-methane"),
    ("coal-opencast", "surface-post-mining-methane"), ("oil", "oil-production-venting"),
    ("gas", "gas-production-fugitive"), ("coalbed-methane", "gas-production-fugitive"),
    ("mineral-water", "dissolved-co2"), ("co2-gas-well", "vented-gas"), ("metal-opencast", "land-clearing")])
def test_each_kind_of_mine_answers_for_what_it_is_known_to_emit(subtype, source):
    assert STANDARD.concerns(STANDARD.sources[source].expected_for, subtype)


def test_an_underground_mine_may_report_its_methane_by_any_of_five_methods():
    assert set(STANDARD.sources["underground-methane"].instead) == {
        "ventilation-shaft", "underground-methane-mass", "underground-methane-relative", "underground-methane-by-depth"}


def test_biogenic_co2_stands_apart_and_methane_of_biomass_and_wastewater_is_not_fossil():
    gases = {name: [result.gas for result in source.results if result.gas] for name, source in STANDARD.sources.items()}
    assert gases["biomass-combustion"] == ["CO2_biogenic", "CH4_nonfossil", "N2O"]
    assert gases["wastewater-ch4"] == ["CH4_nonfossil"]
    assert "CH4_nonfossil" not in gases["stationary-combustion"] + gases["underground-methane"]


def test_wood_finds_no_default_as_a_fossil_fuel():
    item = STANDARD.sources["stationary-combustion"].items["carbon"]
    assert all(factor(item, "wood", edition) is None for edition in EDITIONS)


def test_only_purchased_electricity_has_two_bases_and_green_power_has_no_location_figure():
    for name, source in STANDARD.sources.items():
        bases = {result.basis for result in source.results if result.gas}
        expected = {"electricity": {"location", "market"}, "green-power": {"market"},
                    "electricity-contract": {"market"}}.get(name, {""})
        assert not bases or bases == expected, name


def test_removals_and_scope_3_stay_outside_scopes_1_and_2():
    outside = {name: str(source.scope) for name, source in STANDARD.sources.items()
               if source.category in ("removal", "restoration", "value-chain")}
    assert outside["filled-co2"] == outside["restoration-rate"] == "removal"
    assert outside["use-of-sold-fuels"] == "3"
    assert not {"1", "2"} & set(outside.values())


def test_solar_power_used_on_site_counts_as_electricity_and_as_renewable_and_sold_power_only_once():
    # 1000 MWh made, 200 sold on: the total takes 1000 here and -200 under electricity; renewable is 800 · 0.1229
    source = STANDARD.sources["renewable-electricity"]
    row = {"quantity": 1000.0, "sold": 200.0}
    given = {name: Quantity(value, "MWh", "measured", name, Datum(file="", row=1)) for name, value in row.items()}
    given["standard_coal"] = factor(source.items["standard_coal"], "")
    energies = {result.energy: steps.step(STANDARD.formulas[result.formula], result.id,
                                          **{symbol: given[name] for symbol, name in result.inputs.items()}).value
                for result in source.results}
    assert energies == {"electricity": pytest.approx(122.9), "renewable": pytest.approx(98.32)}

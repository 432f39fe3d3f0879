"""Lint of the data: what a table of parameters must keep to, and what independent arithmetic says of its numbers."""

import itertools
import re

import pytest
import yaml

from mineco.core import units
from mineco.core.kit import parameters
from mineco.core.reading.tables import read_table
from mineco.evaluation.views.words import document_text
from mineco.standards.factors import AFTER, BEFORE, FACETS, OPTIONAL, load_factors
from mineco.standards.load import load_standard, standard_ids

FACTORS = load_factors()
NAME_COLUMNS = ("facet", "id", "name_zh", "name_en", "other")
REGION_COLUMNS = ("province", "name_zh", "name_en", "region", "source", "seen", "status")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


# --- files ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("path", sorted(parameters().rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_yaml_file_is_read_by_pyyaml_itself_too_which_takes_less_than_libyaml(path):
    assert list(yaml.parse(path.read_text("utf-8-sig"), Loader=yaml.SafeLoader))


# --- factor tables ------------------------------------------------------------------------------------------------

def test_every_csv_of_the_factor_folder_is_loaded():
    found = {path.name for path in (parameters() / "factors").iterdir()}
    assert found == {*FACETS, "names.csv", "regions.csv"}


def test_every_factor_has_a_chinese_and_an_english_name():
    for factor in FACTORS:
        assert CHINESE.search(factor.name_zh), factor.id
        assert factor.name_en, factor.id
        assert not CHINESE.search(factor.name_en), factor.id


def test_names_in_one_language_tell_the_rows_of_one_edition_apart():
    def told_apart(factor):
        return (factor.quantity, factor.edition, factor.status == "suspect", factor.name_zh)
    twins = [key for key, rows in itertools.groupby(sorted(map(told_apart, FACTORS))) if len(list(rows)) > 1]
    assert twins == []


def test_ids_are_words_joined_by_dots():
    assert [factor.id for factor in FACTORS if not re.fullmatch(r"[\w/-]+(\.[\w/-]+)*", factor.id, re.ASCII)] == []


def test_rows_of_one_quantity_with_the_same_facets_differ_in_edition_or_year():
    # else no caller could ever tell them apart but by id; suspect rows are chosen by id anyway
    keys = [(factor.quantity, factor.edition, factor.data_year, *sorted(factor.facets.items()))
            for factor in FACTORS if factor.status != "suspect"]
    assert {key for key in keys if keys.count(key) > 1} == set()


def test_a_suspect_row_says_what_speaks_against_it():
    suspect = [factor for factor in FACTORS if factor.status == "suspect"]
    assert len(suspect) >= 18
    assert [factor.id for factor in suspect if "SUSPECT: " not in factor.seen] == []
    assert [factor.id for factor in FACTORS if "SUSPECT" in factor.seen and factor.status != "suspect"] == []


def test_every_factor_cites_a_document_that_has_a_title_in_both_languages():
    known = load_standard("carbon-neutral-mine-2025").references
    assert [one.id for one in FACTORS if one.source.partition(", ")[0] not in known] == []
    table = parameters() / "factors" / "restoration.csv"  # which every standard may ask for
    rows = read_table(table, (*BEFORE, *FACETS[table.name], *AFTER), OPTIONAL)
    restoring = {row["source"].partition(", ")[0] for row in rows}
    assert [name for name in standard_ids() if not restoring <= load_standard(name).references.keys()] == []


def test_every_place_in_a_document_has_its_words_in_chinese():
    places = {one.source.partition(", ")[2] for one in FACTORS if not one.source.startswith("uk-factors")}
    places |= {one.locator for name in standard_ids() for one in load_standard(name).formulas.values()}
    shown = {place: document_text("", place) for place in places}
    assert {place: text for place, text in shown.items() if re.search("[a-z]{3}", text.replace("kcal", ""))} == {}, (
        "add each to parameters/accounting/locators.yaml, in Chinese")
    assert document_text("IPCC", "table 3.3.1, page 3.36") == "IPCC 表 3.3.1，第 3.36 页"


def test_every_value_of_a_facet_has_its_names():
    named = {(row["facet"], row["id"])
             for row in read_table(parameters() / "factors" / "names.csv", NAME_COLUMNS)
             if row["name_zh"] and row["name_en"]}
    used = {(facet, value) for factor in FACTORS for facet, value in factor.facets.items()}
    free = {pair for pair in used if pair[0] in ("biogenic", "year")}  # yes or no, and a year
    assert used - free - named == set(), "add a row for each to parameters/factors/names.csv"


def test_all_rows_of_a_quantity_have_one_dimension_or_a_stated_pair():
    pairs = {"net_calorific_value": {"GJ/t", "GJ/(10^4 Nm3)"},
             "standard_coal": {"kgce/kg", "kgce/Nm3", "kgce/MJ", "kgce/kWh"},
             "wastewater_b0": {"kgCH4/kgCOD", "kgCH4/kgBOD"}, "purchased_factor": {"kgCO2e/t", "kgCO2e/m3"},
             "travel_factor": {"kgCO2e/km", "kgCO2e/(person km)"}}
    for factor in FACTORS:
        if factor.quantity.startswith("gwp"):
            gas = factor.facets["gas"].split("_")[0]
            assert factor.unit == f"tCO2e/t{gas}"
        elif factor.quantity == "fugitive_factor":
            gas = factor.facets["gas"]
            assert units.compatible(factor.unit, f"t{gas}/m3") or units.compatible(factor.unit, f"t{gas}/Nm3")
        else:
            first = next(other for other in FACTORS if other.quantity == factor.quantity)
            allowed = pairs.get(factor.quantity, {first.unit})
            assert any(units.compatible(factor.unit, one) for one in allowed), factor.id


@pytest.mark.parametrize("quantity", ["oxidation_rate", "carbonate_purity", "mcf", "flooded_share", "flare_efficiency"])
def test_shares_lie_between_0_and_1(quantity):
    rows = [factor for factor in FACTORS if factor.quantity == quantity]
    assert rows
    assert [factor.id for factor in rows if not 0 <= factor.value <= 1] == []


def test_thirty_provinces_seven_regions_and_the_nation_have_a_grid_factor_for_each_year():
    for year in (2021, 2022, 2023):
        levels = [factor.facets["level"] for factor in FACTORS
                  if factor.quantity == "grid_factor" and factor.data_year == year]
        assert {level: levels.count(level) for level in set(levels)} == {"province": 30, "region": 7, "nation": 1}


def test_all_thirty_one_provinces_belong_to_a_region_and_a_mine_there_gets_a_factor():
    rows = read_table(parameters() / "factors" / "regions.csv", REGION_COLUMNS)
    assert len(rows) == 31
    for row in rows:
        assert FACTORS.grid(row["name_zh"], 2023).data_year == 2023
        assert FACTORS.find("grid_factor", level="region", region=row["region"], data_year=2023)


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_a_region_lies_between_its_provinces_as_a_weighted_mean_must(year):
    # an independent check of numbers and of membership; Tibet has none, and hardly any of Southwest's power
    rows = read_table(parameters() / "factors" / "regions.csv", REGION_COLUMNS)
    for region in {row["region"] for row in rows}:
        own = [FACTORS.by_id(f"prov.{row['province']}.{year}").value
               for row in rows if row["region"] == region and row["province"] != "Tibet"]
        assert min(own) <= FACTORS.by_id(f"region.{region}.{year}").value <= max(own), region


def test_carbonate_factors_follow_from_molar_masses():
    # g/mol: carbonate, and how many CO2 (44.01) it gives; NaHCO3 and the double salt included
    molar = {"CaCO3": (100.09, 1), "MgCO3": (84.31, 1), "Na2CO3": (105.99, 1), "NaHCO3": (84.01, 1),
             "FeCO3": (115.85, 1), "MnCO3": (114.95, 1), "BaCO3": (197.34, 1), "Li2CO3": (73.89, 1),
             "K2CO3": (138.21, 1), "SrCO3": (147.63, 1), "CaMgCO32": (184.40, 2)}
    for material, (mass, count) in molar.items():
        factor = FACTORS.find("carbonate_factor", material=material)
        assert factor.value == pytest.approx(44.01 * count / mass, rel=1e-3), material


def test_methane_densities_follow_from_the_ideal_gas_at_each_temperature():
    # 16.043 g/mol over 22.414 L/mol at 0 C; the 0.67 of the norms is rounded
    for id, kelvin, accuracy in (("CH4.density.0C", 273.15, 1e-4), ("CH4.density.20C", 293.15, 0.005),
                                 ("CH4.density.60F", 288.706, 0.002)):
        assert FACTORS.by_id(id).value == pytest.approx(16.043 / 22.414 * 273.15 / kelvin, rel=accuracy)


def test_post_mining_and_surface_methane_by_mass_is_the_volume_times_0_67():
    for name in ("CN.surface.mining", "CN.post.high_gas"):
        assert FACTORS.by_id(name).value == pytest.approx(FACTORS.by_id(f"{name}.volume").value * 0.67)


def test_standard_coal_coefficients_agree_with_calorific_values():
    # kgce/kg = NCV over 29.3076 MJ/kgce; the yearbook's values lie within 0.2 %
    for fuel in ("coke", "crude_oil", "fuel_oil", "gasoline", "kerosene", "diesel", "lpg", "refinery_gas"):
        ncv = FACTORS.find("net_calorific_value", fuel=fuel, edition="TOOL2022").value
        coefficient = FACTORS.find("standard_coal", carrier=fuel).value
        assert coefficient == pytest.approx(ncv / 29.3076, rel=0.002), fuel


def test_every_fuel_that_can_be_burnt_has_its_methane_and_nitrous_oxide():
    fuels = {factor.facets["fuel"] for factor in FACTORS if factor.quantity == "net_calorific_value"}
    for fuel, gas in itertools.product(fuels, ("ch4", "n2o")):
        assert FACTORS.find(f"{gas}_factor", fuel=fuel, device="stationary").value > 0


def test_biomass_fuels_are_marked_biogenic_and_others_not():
    for factor in FACTORS:
        if "biogenic" in factor.facets:
            fuel = factor.facets.get("fuel", "")
            biomass = fuel in ("wood", "straw", "charcoal", "biodiesel", "biogas")
            assert factor.facets["biogenic"] == ("yes" if biomass else "no"), factor.id


@pytest.mark.parametrize("edition", ["SAR", "AR4", "AR5", "AR5CCF", "AR6"])
def test_each_set_of_warming_potentials_covers_the_gases_of_a_mine(edition):
    for gas in ("CO2", "CH4_fossil", "CH4_nonfossil", "N2O", "SF6", "HFC134a", "CF4"):
        assert FACTORS.find("gwp100", gas=gas, edition=edition).value >= 1
    assert FACTORS.find("gwp100", gas="CO2", edition=edition).value == 1


def test_the_draft_table_of_warming_potentials_is_that_of_ar4():
    drafted = [factor for factor in FACTORS if factor.edition == "DRAFT_A2"]
    assert len(drafted) == 13
    for factor in drafted:
        assert factor.value == FACTORS.find("gwp100", gas=factor.facets["gas"], edition="AR4").value


def test_carbon_per_energy_and_heat_give_a_plausible_carbon_share():
    # t C per t of fuel = NCV [GJ/t] * CC [tC/TJ] / 1000: between a tenth (gangue) and methane-rich LNG's 3/4 .. 0.92
    for edition in ("NDRC2014", "TOOL2022", "PROV2025"):
        for factor in FACTORS:
            if factor.quantity == "net_calorific_value" and factor.edition == edition and factor.unit == "GJ/t":
                carbon = [row for row in FACTORS if row.quantity == "carbon_content" and row.edition == edition
                          and row.facets["fuel"] == factor.facets["fuel"]]
                assert len(carbon) == 1
                if "suspect" not in (factor.status, carbon[0].status):
                    assert 0.1 < factor.value * carbon[0].value / 1000 < 0.92, factor.id


def test_the_potential_of_a_blend_is_the_mean_of_its_parts_by_mass():
    blends = {factor.facets["blend"] for factor in FACTORS if factor.quantity == "blend_share"}
    assert {"R404A", "R407C", "R410A"} <= blends
    for blend in blends:
        shares = {one.facets["gas"]: one.value for one in FACTORS if one.facets.get("blend") == blend}
        assert sum(shares.values()) == pytest.approx(1.0)
        for edition in ("SAR", "AR4", "AR5", "AR6"):
            by_parts = sum(share * FACTORS.find("gwp100", gas=gas, edition=edition).value
                           for gas, share in shares.items())
            found = FACTORS.find("gwp100", gas=blend, edition=edition).value
            assert found == pytest.approx(by_parts, abs=0.06), (blend, edition)  # printed to one decimal


def test_electricity_before_the_plant_is_its_life_cycle_less_the_grid_factor_of_the_same_year():
    whole = FACTORS.find("electricity_footprint", data_year=2023).value
    plant = FACTORS.find("grid_factor", level="nation", region="China", data_year=2023).value
    assert FACTORS.find("electricity_upstream", data_year=2023).value == pytest.approx(whole - plant)

"""Looking factors up: exactly one, never a suspect one unasked, and every source value still there."""

import csv
import re
import shutil
import subprocess
import sys
import time

import pytest

from mineco.core import units
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.standards.factors import load_factors
from mineco.standards.factors import reading as tables
from tests.helpers.places import SHARED

GIVEN = SHARED / "factors"


@pytest.fixture(scope="module")
def factors():
    return load_factors()


def refusal(call, *arguments, **named):
    with pytest.raises(BadInput) as refused:
        call(*arguments, **named)
    assert len(refused.value.problems) == 1
    return refused.value.problems[0]


# --- look-up ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("quantity", "facets", "value", "unit"), [
    ("net_calorific_value", {"fuel": "diesel", "edition": "NDRC2014"}, 43.33, "GJ/t"),
    ("net_calorific_value", {"fuel": "natural_gas", "edition": "PROV2025"}, 389.31, "GJ/(10^4 Nm3)"),
    ("oxidation_rate", {"fuel": "coal_mine_gas", "device": "flare"}, 0.98, "1"),
    ("oxidation_rate", {"fuel": "solid", "device": "kiln"}, 0.99, "1"),
    ("ch4_factor", {"fuel": "diesel", "device": "mobile_offroad"}, 4.15, "kgCH4/TJ"),
    ("n2o_factor", {"fuel": "diesel", "device": "mobile_offroad"}, 28.6, "kgN2O/TJ"),
    ("gwp100", {"gas": "CH4_nonfossil", "edition": "AR6"}, 27.0, "tCO2e/tCH4"),
    ("gwp100", {"gas": "CH4_fossil", "edition": "AR4"}, 25.0, "tCO2e/tCH4"),
    ("gwp100", {"gas": "SF6", "edition": "AR6"}, 24300.0, "tCO2e/tSF6"),
    ("ch4_density", {"reference": "20C"}, 0.67, "kg/m3_20C"),
    ("co2_density", {"reference": "20C"}, 1.84, "kg/m3_20C"),
    ("ch4_mining", {"mining": "underground", "depth": "gt400"}, 25.0, "m3_20C/t"),
    ("abandoned_b", {"rank": "anthracite"}, -0.58, "1"),
    ("abandoned_ch4", {"year": "2016", "closed": "2001_present"}, 652000.0, "m3_20C/(mine yr)"),
    ("heat_factor", {}, 0.11, "tCO2/GJ"),
    ("standard_coal", {"carrier": "electricity"}, 0.1229, "kgce/kWh"),
    ("standard_coal_calorific_value", {"carrier": "standard_coal"}, 29.3076, "MJ/kgce"),
    ("reference_enthalpy", {"carrier": "steam"}, 83.74, "kJ/kg"),
    ("carbonate_factor", {"material": "CaMgCO32"}, 0.4773, "tCO2/t"),
    ("co2_per_volume", {"fuel": "diesel"}, 2.68, "kgCO2/L"),
    ("root_shoot_ratio", {"climate": "boreal", "ecosystem": "conifer", "stock": "agb_75_inf"}, 0.24, "t/t"),
    ("soc_ref", {"climate": "temperate_cool", "moisture": "dry", "soil": "HAC", "edition": "IPCC2019"}, 43.0, "tC/ha")])
def test_a_factor_is_found_by_its_facets_with_unit_source_and_status(factors, quantity, facets, value, unit):
    found = factors.find(quantity, **facets)
    assert (found.value, found.unit, found.quantity) == (value, unit, quantity)
    assert found.source
    assert found.status in ("read", "quoted", "derived", "unverified", "assumed")


@pytest.mark.parametrize("practice", ["reduced_till", "no_till"])
def test_the_2019_table_of_tillage_does_not_tell_wet_from_moist_in_the_warm_temperate_zone(factors, practice):
    wet, moist = (factors.find("f_mg", climate="temperate_warm", moisture=one, practice=practice, edition="IPCC2019")
                  for one in ("wet", "moist"))
    assert wet.value == moist.value
    assert (wet.status, moist.status) == ("unverified", "quoted")


@pytest.mark.parametrize(("climate", "moisture", "hac", "sandy", "wetland"), [
    ("temperate_cool", "dry", 43, 13, 87), ("temperate_cool", "moist", 81, 51, 128),
    ("temperate_warm", "dry", 24, 10, 74), ("temperate_warm", "moist", 64, 36, 135), ("tropical", "dry", 21, 9, 22),
    ("tropical", "moist", 40, 27, 68)])
def test_soil_references_of_2019_stand_beside_the_stock_change_factors_of_2019(
        factors, climate, moisture, hac, sandy, wetland):
    assert [factors.find("soc_ref", climate=climate, moisture=moisture, soil=soil, edition="IPCC2019").value
            for soil in ("HAC", "sandy", "wetland")] == [hac, sandy, wetland]
    problem = refusal(factors.find, "soc_ref", climate=climate, moisture=moisture, soil="HAC")
    assert problem.message == "ambiguous_factor"  # of two editions, which are never mixed by themselves


def test_two_rows_that_fit_are_an_error_that_names_both(factors):
    problem = refusal(factors.find, "net_calorific_value", fuel="coal_mine_gas")
    assert problem.message == "ambiguous_factor"
    assert problem.value == "net_calorific_value, fuel=coal_mine_gas"
    assert problem.details["candidates"] == "CMM.NCV_low, CMM.NCV_high"


def test_editions_are_not_mixed_silently(factors):
    problem = refusal(factors.find, "carbon_content", fuel="diesel")
    assert set(problem.details["candidates"].split(", ")) == {
        "NDRC2014.diesel.CC", "TOOL2022.diesel.CC", "PROV2025.diesel.CC"}


def test_a_missing_factor_names_the_nearest_rows(factors):
    problem = refusal(factors.find, "gwp100", gas="NF3", edition="SAR")  # the second report did not cover it
    assert problem.message == "missing_factor"
    assert "AR4.NF3" in problem.details["candidates"]


def test_a_quantity_or_a_facet_that_does_not_exist_is_told_from_a_missing_row(factors):
    unknown = refusal(factors.find, "gwp")
    assert unknown.message == "unknown_quantity"
    assert "gwp100" in unknown.details["known"].split(", ")
    assert refusal(factors.find, "gwp100", gass="CH4").message == "unknown_facet"


def test_a_suspect_row_never_fits_and_is_reached_by_name(factors):
    problem = refusal(factors.find, "net_calorific_value", fuel="lng", edition="NDRC2014")
    assert (problem.message, problem.details["barred"]) == ("suspect_factor", "NDRC2014.lng.NCV")
    assert problem.details["candidates"] == "TOOL2022.lng.NCV, PROV2025.lng.NCV"  # sound rows of other editions
    assert factors.by_id("NDRC2014.lng.NCV").status == "suspect"


def test_an_unknown_id_is_refused_with_the_nearest_ids(factors):
    problem = refusal(factors.by_id, "NDRC2014.diesel.ncv")
    assert problem.message == "unknown_factor"
    assert "NDRC2014.diesel.NCV" in problem.details["known"]


def test_editions_in_order_of_preference_take_the_first_that_has_the_row(factors):
    assert factors.find("net_calorific_value", fuel="wood", edition="NDRC2014|IPCC2006").edition == "IPCC2006"
    assert factors.find("net_calorific_value", fuel="diesel", edition="TOOL2022|NDRC2014").value == 42.652
    assert refusal(factors.find, "net_calorific_value", fuel="wood", edition="NDRC2014").message == "missing_factor"


def test_an_empty_facet_asks_for_the_row_without_it(factors):
    assert factors.find("oxidation_rate", fuel="diesel", device="", edition="NDRC2014").value == 0.98
    assert refusal(factors.find, "oxidation_rate", fuel="solid", device="").message == "missing_factor"


def test_a_factor_as_a_quantity_keeps_its_origin_and_is_a_default(factors):
    quantity = factors.find("heat_factor").as_quantity()
    assert (quantity.kind, quantity.origin.id) == ("default", "heat.default")
    assumed = factors.find("ch4_factor", fuel="lng", device="stationary").as_quantity()  # taken from natural gas
    assert assumed.kind == "assumed"


# --- the grid -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("province", "year", "quantity", "expected"), [
    ("Shanxi", 2023, "grid_factor", "prov.Shanxi.2023"),
    ("Shanxi", 2030, "grid_factor", "prov.Shanxi.2023"),           # the newest that is published
    ("Shanxi", 2022, "grid_factor", "prov.Shanxi.2022"),           # never one after the reporting year
    ("山西省", 2021, "grid_factor", "prov.Shanxi.2021"),
    ("西藏", 2023, "grid_factor", "region.Southwest.2023"),         # no factor of its own
    ("Inner Mongolia", 2022, "grid_factor", "prov.Inner_Mongolia.2022"),
    ("Shanxi", 2023, "grid_residual_factor", "CN.residual.2023"),  # given for the nation only
    ("Shanxi", 2021, "grid_legacy_factor", "region.North.2012"),
    ("Shanxi", 2021, "grid_factor|grid_legacy_factor", "prov.Shanxi.2021"),
    ("Shanxi", 2020, "grid_factor|grid_legacy_factor", "region.North.2012"),  # earlier rules
    ("四川", 2010, "grid_factor|grid_legacy_factor", "region.Southwest.2010"),
    ("Shanxi", 2015, "grid_residual_factor|grid_legacy_factor", "region.North.2012"),
    ("Zhejiang", 2021, "grid_legacy_factor", "region.East.2012")])  # the region goes before the nation
def test_the_grid_factor_is_the_nearest_place_and_the_newest_year_not_after_the_report(
        factors, province, year, quantity, expected):
    assert factors.grid(province, year, quantity).id == expected


def test_a_year_before_every_grid_factor_is_an_error(factors):
    assert refusal(factors.grid, "Shanxi", 2009, "grid_factor|grid_legacy_factor").message == "missing_factor"
    problem = refusal(factors.grid, "Shanxi", 2020)
    assert problem.message == "missing_factor"
    assert "prov.Shanxi.2021" in problem.details["candidates"]


def test_a_place_that_is_no_province_is_refused(factors):
    assert refusal(factors.grid, "华北", 2023).message == "unknown_name"
    assert refusal(factors.grid, "Atlantis", 2023).details["facet"] == "province"


# --- names and search ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("facet", "text", "id"), [
    ("fuel", "柴油", "diesel"), ("fuel", "Diesel", "diesel"), ("fuel", "其他洗煤", "other_washed_coal"),
    ("fuel", "coke oven gas", "coke_oven_gas"), ("fuel", " 煤层气 ", "coal_mine_gas"), ("gas", "R-134a", "HFC134a"),
    ("gas", "六氟化硫", "SF6"), ("province", "陕西", "Shaanxi"), ("province", "inner mongolia", "Inner_Mongolia"),
    ("region", "华北", "North"), ("explosive", "铵油炸药", "ANFO"), ("material", "石灰石", "CaCO3"),
    ("gas_grade", "突出", "high"), ("mining", "露天", "surface"), ("fuel", "ＬＮＧ", "lng")])
def test_names_in_either_language_resolve_to_the_id(factors, facet, text, id):
    assert factors.resolve(facet, text) == id


@pytest.mark.parametrize(("facet", "text"), [("fuel", "coal"), ("fuel", ""), ("fuel", "柴"), ("planet", "Earth")])
def test_what_names_nothing_is_refused(factors, facet, text):
    problem = refusal(factors.resolve, facet, text)
    assert (problem.message, problem.value) == ("unknown_name", text)


def test_a_refused_name_lists_what_is_near(factors):
    assert "diesel" in refusal(factors.resolve, "fuel", "deisel").details["known"].split(", ")


def test_search_wants_every_word_in_either_language(factors):
    assert [factor.id for factor in factors.search("grid shanxi 2022")] == ["prov.Shanxi.2022"]
    assert {factor.id for factor in factors.search("柴油 低位发热量")} >= {
        "NDRC2014.diesel.NCV", "TOOL2022.diesel.NCV", "PROV2025.diesel.NCV", "IPCC2006.biodiesel.NCV"}
    assert factors.search("unobtainium") == []
    assert len(factors.search("")) == len(factors)


# --- loading ------------------------------------------------------------------------------------------------------

@pytest.fixture
def copy(tmp_path):
    shutil.copytree(parameters() / "factors", tmp_path / "factors")
    return tmp_path / "factors"


@pytest.mark.parametrize(("file", "old", "new", "message", "column"), [
    ("grid.csv", "id,quantity,level", "id,quantity,levels", "unknown_column", "levels"),
    ("grid.csv", "prov.Shanxi.2022", "prov.Shanxi.2021", "duplicate_id", "id"),
    ("gwp.csv", "AR6.N2O,", "AR5.N2O,", "duplicate_id", "id"),
    ("energy.csv", "heat.default", "prov.Shanxi.2021", "duplicate_id", "id"),     # over all files
    ("energy.csv", ",0.11,tCO2/GJ", ",0.11,tCO2/furlong", "unknown_unit", "unit"),
    ("energy.csv", ",0.11,tCO2/GJ", ",,tCO2/GJ", "missing_value", "value"),
    ("energy.csv", ",0.11,tCO2/GJ", ",\"0,11\",tCO2/GJ", "not_a_number", "value"),
    ("energy.csv", ",0.11,tCO2/GJ", ",1;2,tCO2/GJ", "not_a_number", "value"),     # one number per row
    ("energy.csv", ",0.11,tCO2/GJ", ",nan,tCO2/GJ", "not_a_number", "value"),
    ("energy.csv", "purchased heat, default factor", " ", "missing_value", "name_en"),
    ("energy.csv", "外购热力排放因子缺省值", "", "missing_value", "name_zh"),
    ("regions.csv", "province,", "place,", "missing_column", "province"),
    ("names.csv", "fuel,gasoline,汽油", "fuel,gasoline,柴油", "ambiguous_name", "")])
def test_a_table_with_a_fault_is_refused_with_its_place(copy, file, old, new, message, column):
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as refused:
        load_factors(copy)
    assert (file, message, column) in [(one.file, one.message, one.column) for one in refused.value.problems]


def test_bad_status_and_missing_source_are_both_told(copy):
    text = (copy / "energy.csv").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("heat.default"))
    cut = line[:line.index("purchased heat, default factor") + len("purchased heat, default factor") + 1]
    (copy / "energy.csv").write_text(text.replace(line, cut + ",,,sure"), "utf-8")
    with pytest.raises(BadInput) as refused:
        load_factors(copy)
    assert [(one.message, one.column) for one in refused.value.problems] == [
        ("missing_value", "source"), ("not_in_list", "status")]


def test_a_missing_table_is_an_error(copy):
    (copy / "gwp.csv").unlink()
    assert refusal(load_factors, copy).message == "missing_file"


def test_all_tables_load_in_a_tenth_of_a_second_and_only_once():
    spent = []
    for _ in range(5):
        tables._load.cache_clear()
        begin = time.process_time()
        load_factors()
        spent.append(time.process_time() - begin)
    assert min(spent) < 0.1
    assert load_factors() is load_factors()


def test_loading_factors_imports_neither_pint_nor_pandas():
    program = ("import sys; from mineco.standards.factors import load_factors; load_factors();"
               "sys.exit(bool({'pint', 'pandas'} & set(sys.modules)))")
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refusal_has_a_text_in_both_languages(factors, copy, language):
    energy = (copy / "energy.csv").read_text("utf-8")
    (copy / "energy.csv").write_text(energy.replace("heat.default", "prov.Shanxi.2021").replace(
        ",29.3076,MJ/kgce", ",,MJ/furlong").replace(",derived", ",sure"), "utf-8")
    names = (copy / "names.csv").read_text("utf-8")
    (copy / "names.csv").write_text(names.replace("fuel,gasoline,汽油", "fuel,gasoline,柴油"), "utf-8")
    with pytest.raises(BadInput) as refused:
        load_factors(copy)
    problems = refused.value.problems
    assert {problem.message for problem in problems} == {
        "duplicate_id", "missing_value", "unknown_unit", "not_in_list", "ambiguous_name"}
    problems += [refusal(factors.find, "gwp100", gas="CO2"), refusal(factors.find, "gwp100", gas="Xe"),
                 refusal(factors.by_id, "x"), refusal(factors.resolve, "fuel", "x"),
                 refusal(units.convert, 1.0, "furlong", "t"), refusal(units.convert, 1.0, "tC", "tCO2")]
    assert all("{" not in problem_text(problem, language) for problem in problems)


# --- nothing was lost ---------------------------------------------------------------------------------------------

MOVED = {  # where a source row went whose id did not stay
    "SAR.CH4": ["SAR.CH4_fossil", "SAR.CH4_nonfossil"], "AR4.CH4": ["AR4.CH4_fossil", "AR4.CH4_nonfossil"],
    "AR5.CH4": ["AR5.CH4_nonfossil"], "AR5CCF.CH4": ["AR5CCF.CH4_nonfossil"], "AR6.SF6": ["AR6.SF6.first_print"]}
CONSTANTS = {  # a formula became its constants; the 10 of the first is the turn from kg/Nm3 to t per 10^4 Nm3
    "CMM.CC_formula": {"carbon.molar_mass": "12", "gas.molar_volume.0C": "22.4"},
    "hot_water.formula": {"hot_water.specific_heat": "4.1868", "hot_water.reference_temperature": "20"},
    "steam.formula": {"steam.reference_enthalpy": "83.74"}}
CORRECTED = {"FMG.reduced-till.temperate-warm.wet": ("1.08", 1.05),  # of 2006 under the name of 2019
             "FMG.no-till.temperate-warm.wet": ("1.15", 1.1)}
NO_NUMBER = {"SF6.loss": "mass balance"}  # a method without a constant: accounting has the formula
UNITS = {
    "-": {"1"}, "GJ/10^4Nm3": {"GJ/(10^4 Nm3)"}, "kgce/m3": {"kgce/Nm3"}, "m3CH4/t": {"m3_20C/t"},
    "m3CO2/t": {"m3_20C/t"}, "m3CH4/mine/yr": {"m3_20C/(mine yr)"}, "tCO2e/tROM": {"tCO2e/t"},
    "tC/ha/yr": {"tC/(ha yr)"}, "kg/m3": {"kg/m3_20C", "kg/Nm3", "kg/m3_60F"}, "1/yr;-": {"1/yr", "1"},
    "m3/t;m": {"m3_20C/t", "m"}}


def given_rows():
    if not GIVEN.is_dir():
        pytest.skip("the source tables lie outside the project, in ../shared, and are not there")
    return [(path.name, row) for path in sorted(GIVEN.glob("*.csv"))
            for row in csv.DictReader(path.read_text("utf-8").splitlines())]


def ours(file, id):
    if id in MOVED:
        return MOVED[id]
    if id.startswith(("AMM.T2.", "GCMT.langmuir.")):
        return [f"{id}.a", f"{id}.b"]
    return [f"standard_coal.{id}" if file.startswith("standard_coal") and not id.startswith("kgce") else id]


def test_every_source_value_is_found_in_our_tables(factors):
    rows = given_rows()
    assert len(rows) == 1104
    for file, row in rows:
        if row["id"] in NO_NUMBER:
            assert row["value"] == NO_NUMBER[row["id"]]
        elif row["id"] in CONSTANTS:
            for id, number in CONSTANTS[row["id"]].items():
                assert number in re.findall(r"\d+(?:\.\d+)?", row["value"])
                assert factors.by_id(id).value == float(number)
        elif row["id"] in CORRECTED:
            assert (row["value"], factors.by_id(row["id"]).value) == CORRECTED[row["id"]]
        else:
            numbers = [float(number) for number in row["value"].split(";")]
            found = [factors.by_id(id) for id in ours(file, row["id"])]
            assert [factor.value for factor in found] == numbers * (len(found) // len(numbers)), row["id"]


def test_every_unit_is_the_source_unit_or_says_more(factors):
    for file, row in given_rows():
        if row["id"] in NO_NUMBER | CONSTANTS:
            continue
        for factor in (factors.by_id(id) for id in ours(file, row["id"])):
            if row["unit"] == "tCO2e/t" and factor.quantity.startswith("gwp"):
                assert factor.unit == "tCO2e/t" + factor.facets["gas"].split("_")[0]
            elif row["unit"].startswith("kg/m3 processed"):
                assert re.fullmatch(f"kg{factor.facets['gas']}/m3(_15C)?", factor.unit)
            else:
                assert factor.unit in UNITS.get(row["unit"], {row["unit"]}), row["id"]


def test_no_status_was_raised_to_read_and_no_suspicion_was_dropped(factors):
    for file, row in given_rows():
        if row["id"] not in NO_NUMBER | CONSTANTS:
            for factor in (factors.by_id(id) for id in ours(file, row["id"])):
                assert factor.status != "read"
                assert row["status"] != "suspect" or factor.status == "suspect"

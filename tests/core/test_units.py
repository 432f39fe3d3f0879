"""Units: what converts, what must never convert, and spellings that people use."""

import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, strategies

from mineco.core import units
from mineco.core.errors import BadInput
from mineco.core.kit import parameters

FAMILIES = [
    ["t", "kg", "g", "万t", "10^4 t", "亿t"], ["tCO2", "kgCO2", "10^4 tCO2"], ["tCO2e", "kgCO2e", "万tCO2e"],
    ["Nm3", "m3_20C", "m3_15C", "m3_60F", "10^4 Nm3", "万Nm3", "10^4 m3_20C"], ["m3", "L", "万m3"],
    ["ha", "hm2", "km2", "亩", "m2"], ["GJ", "TJ", "MJ", "kWh", "MWh", "万kWh", "亿kWh"], ["tce", "kgce", "万tce"],
    ["1", "%", "‰", "t/t"], ["yuan", "万元", "亿元"], ["tCO2/MWh", "kgCO2/kWh", "tCO2/GJ"],
    ["GJ/t", "MJ/kg", "kJ/kg"], ["GJ/(10^4 Nm3)", "MJ/Nm3", "kJ/m3_20C"], ["tC/TJ", "tC/GJ", "kgC/GJ"],
    ["tC/(ha yr)", "kgC/(m2 a)"], ["kgce/万元", "tce/万元"],
]
CONTRACT = [
    "t", "kg", "10^4 Nm3", "GJ/t", "GJ/(10^4 Nm3)", "tC/GJ", "tC/TJ", "tCO2", "tCH4", "tCO2e", "kgCO2e/t", "tCO2/MWh",
    "kgCO2/kWh", "m3", "Nm3", "m3_20C", "m3(20°C)", "10^4 m3_20C", "kg/m3_20C", "kg/Nm3", "tce", "kgce", "kgce/kg",
    "kgce/kWh", "kgce/Nm3", "万t", "万m3", "万kWh", "万元", "yuan", "亩", "ha", "km2", "hm2", "%", "1", "‰", "t/t",
    "tC/ha", "tC/(ha yr)", "tCO2/(ha yr)", "t d.m./m3", "kgCH4/kgCOD", "tCOD", "a", "yr", "m3/t", "t km", "L", "MWh",
    "kWh", "GJ", "TJ", "MJ/kg", "kJ/kg", "degC", "mine",
]


@pytest.mark.parametrize("unit", CONTRACT)
def test_every_unit_of_the_data_contract_is_known_and_converts_to_itself(unit):
    assert units.is_known_unit(unit)
    assert units.compatible(unit, unit)


@pytest.mark.parametrize(("unit", "to"), [
    ("tCO2", "tC"), ("tCO2", "t"), ("tC", "t"), ("tCO2e", "tCO2"), ("tCO2e", "tCH4"), ("tCH4", "t"), ("Nm3", "m3"),
    ("m3_20C", "m3"), ("10^4 Nm3", "万m3"), ("tce", "GJ"), ("tce", "t"), ("kWh", "kgce"), ("t d.m.", "t"),
    ("tCOD", "tBOD"), ("tSF6", "tNF3"), ("GJ/t", "GJ/(10^4 Nm3)"), ("kg/Nm3", "kg/m3"), ("yuan", "1"), ("mine", "1"),
    ("degC", "K"), ("yr", "h"), ("tC/ha", "tC/(ha yr)"), ("kW", "kWh")])
def test_what_only_a_factor_can_turn_into_each_other_is_refused(unit, to):
    assert not units.compatible(unit, to)
    with pytest.raises(BadInput) as refused:
        units.convert(1.0, unit, to)
    problem = refused.value.problems[0]
    assert (problem.message, problem.value, problem.details["expected"]) == ("wrong_dimension", unit, to)


@pytest.mark.parametrize(("value", "unit", "to", "expected"), [
    (2.5, "10^4 Nm3", "Nm3", 25000.0),
    (2.5, "万Nm3", "Nm3", 25000.0),
    (3.0, "万t", "t", 30000.0),
    (1.2, "亿kWh", "MWh", 120000.0),           # 1.2e8 kWh / 1000
    (1.0, "万kWh", "GJ", 36.0),                # 10^4 * 3.6 MJ
    (15.0, "亩", "ha", 1.0),                   # 15 mu to the hectare
    (1.0, "km2", "亩", 1500.0),                # 100 ha * 15
    (38931.0, "kJ/Nm3", "GJ/(10^4 Nm3)", 389.31),
    (389.31, "GJ/10^4Nm3", "MJ/Nm3", 38.931),  # as China's norms write it: per 10^4 Nm3
    (0.5306, "kgCO2/kWh", "tCO2/MWh", 0.5306),
    (20.2, "tC/TJ", "tC/GJ", 0.0202),
    (85.0, "%", "1", 0.85),
    (3.0, "‰", "%", 0.3),
    (0.1229, "kgce/kWh", "tce/万kWh", 1.229),
    (7.0, "t/a", "kg/yr", 7000.0),
    (1200.0, "m3_20C/min", "m3_20C/h", 72000.0),  # 60 minutes
    (4.0, "元", "万元", 0.0004)])
def test_conversions_by_hand(value, unit, to, expected):
    assert units.convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


def test_a_gas_volume_at_20_degrees_holds_less_gas_in_the_ratio_of_absolute_temperatures():
    # 273.15 K / 293.15 K = 0.931775541...; 1000 m3 read at 20 C are 931.78 Nm3
    assert units.convert(1000.0, "m3_20C", "Nm3") == pytest.approx(931.7755415, rel=1e-9)
    assert units.convert(1000.0, "Nm3", "m3(20°C)") == pytest.approx(1073.2198426, rel=1e-9)  # 293.15 / 273.15


def test_methane_per_normal_cubic_metre_is_7_percent_denser_than_at_20_degrees():
    # 0.67 kg per m3 at 20 C * 293.15 / 273.15 = 0.71906 kg per Nm3
    assert units.convert(0.67, "kg/m3_20C", "kg/Nm3") == pytest.approx(0.7190573, rel=1e-6)


@pytest.mark.parametrize(("written", "same"), [
    ("m³", "m3"), ("km²", "km2"), ("10⁴ Nm³", "10^4 Nm3"), ("10⁸ m³", "亿m3"), ("GJ／t", "GJ/t"), ("％", "%"),
    ("万吨", "10^4 t"), ("kW·h", "kWh"), ("t·km", "t km"), ("m3(20℃)", "m3_20C"), ("m³（20°C）", "m3_20C"),
    ("吨标准煤", "tce"), ("万吨标准煤", "10^4 tce"), ("℃", "degC"), ("公顷", "ha"), ("tCO2eq", "tCO2e"), (" t ", "t"),
    ("tC/ha/yr", "tC/(ha yr)")])
def test_other_spellings_mean_the_same(written, same):
    assert units.convert(1.0, written, same) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("unit", [
    "", " ", "furlong", "ton", "T", "KG", "mt", "tC/ha yr", "GJ/", "/t", "GJ//t", "(t", "t)", "t()", "10^", "t^2",
    "t+kg", "__import__('os')", "t" * 61, "Mg", "kcal/kg", "m3 processed", "10^4 10^4 t", "-", "0,5 t"])
def test_what_cannot_be_read_one_way_is_unknown(unit):
    assert not units.is_known_unit(unit)
    with pytest.raises(BadInput) as refused:
        units.convert(1.0, unit, "t")
    assert refused.value.problems[0].message == "unknown_unit"


def three_of(family):
    return strategies.tuples(*[strategies.sampled_from(family)] * 3)


@given(strategies.sampled_from(FAMILIES).flatmap(three_of),
       strategies.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-6))
def test_there_and_back_by_any_way_gives_the_value_again(three, value):
    first, second, third = three
    by_steps = units.convert(units.convert(value, first, second), second, third)
    assert by_steps == pytest.approx(units.convert(value, first, third), rel=1e-12)
    assert units.convert(by_steps, third, first) == pytest.approx(value, rel=1e-12)


def test_an_array_keeps_its_shape_and_every_element_is_converted():
    assert units.convert(np.array([[1.0, 2.0], [3.0, 4.0]]), "万t", "t").tolist() == [[1e4, 2e4], [3e4, 4e4]]


def test_the_same_unit_leaves_the_very_value():
    assert units.convert(0.1 + 0.2, "GJ/t", "GJ/t") == 0.1 + 0.2


def test_every_line_of_the_definitions_is_one_unit_defined_once():
    lines = [line for line in (parameters() / "units.txt").read_text("utf-8").splitlines()
             if line and not line.startswith("#")]
    spelt = [name for line in lines
             for name in {part.strip() for place, part in enumerate(line.split("=")) if place != 1}]
    assert len(spelt) == len(set(spelt))
    assert all(re.fullmatch(r"[^\W\d]\w*", name) and units.compatible(name, name) for name in spelt)


def test_importing_units_does_not_import_pint_nor_pandas():
    program = "import mineco.core.units, sys; sys.exit(bool({'pint', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

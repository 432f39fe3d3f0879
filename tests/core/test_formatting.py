"""Rounding, units, and numbers and keys inside formulas."""


import pytest

from mineco.core import formatting


@pytest.mark.parametrize(("value", "digits", "shown"), [
    (0, 4, "0"), (0.0, 4, "0"), (-0.0, 4, "0"),
    (1234.5, 4, "1,234"),  # half to even, as the binary number is exactly a half
    (999999.9, 4, "1,000,000"),
    (0.98, 4, "0.98"), (42.652, 4, "42.65"), (42.652, 5, "42.652"),
    (0.00012344, 4, "0.0001234"),
    (-3.25, 2, "−3.2"),
    (2.5e-9, 4, "2.5×10⁻⁹"), (6.022e23, 4, "6.022×10²³"),
    (float("nan"), 4, "—"), (None, 4, "—"), (float("inf"), 4, "∞"),
    (2024, 4, "2,024"), (12345678901234, 4, "12,345,678,901,234"),
])
def test_a_number_is_shown_with_its_significant_digits_and_none_lost_before_the_point(value, digits, shown):
    assert formatting.format_number(value, digits=digits) == shown


@pytest.mark.parametrize(("unit", "shown"), [
    ("tCO2e", "tCO₂e"), ("10^4 Nm3", "10⁴ Nm³"), ("kgCH4/kgCOD", "kgCH₄/kgCOD"), ("tN2O", "tN₂O"), ("m3", "m³"),
    ("km2", "km²"), ("GJ/(10^4 Nm3)", "GJ/(10⁴ Nm³)"), ("tCO2/(ha yr)", "tCO₂/(ha·yr)"), ("1", ""), ("%", "%"),
    ("m3_20C", "m³(20 ℃)"), ("tHFC134a", "tHFC134a"), ("tSF6", "tSF₆"), ("tCO2e/tCF4", "tCO₂e/tCF₄"),
    ("kgcC4F8", "kgcC₄F₈"), ("kgC4F10", "kgC₄F₁₀"), ("kgHFC4310mee", "kgHFC4310mee"), ("kgR407F", "kgR407F"),
    ("万元", "万元"),
])
def test_units_are_printed_with_indices_and_powers(unit, shown):
    assert formatting.unit_text(unit) == shown


def test_numbers_put_into_a_formula_are_not_rounded():
    assert formatting.format_exact(12964.12345, "t") == "12,964.12345 t"
    assert formatting.tex_number(0.0202) == "0.0202"

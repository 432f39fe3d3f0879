"""One step: units that fit, a formula applied once, and TeX whose numbers evaluate to the result."""

import inspect
import math
import re

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.core.quantity import Datum, Factor, Quantity, Step
from mineco.evaluation.steps import converted_inputs, formula_function, step, tex, tex_with_numbers
from mineco.standards.load import load_standard
from mineco.standards.vocabulary import Formula
from tests.helpers.refusals import refused_with

FORMULAS = load_standard("carbon-neutral-mine-2025").formulas


def measured(value, unit, row=7, name="datum"):
    return Quantity(value, unit, "measured", name, Datum(file="activity.csv", row=row))


def diesel(**other):
    given = {"fuel": measured(100.0, "t", name="fuel"), "ncv": measured(42.652, "GJ/t", name="ncv"),
             "carbon": measured(20.2, "tC/TJ", name="carbon"), "oxidation": measured(98.0, "%", name="oxidation")}
    return given | other


# --- functions -----------------------------------------------------------------------------------------------------

def test_every_formula_of_the_standard_names_a_function_with_the_same_inputs():
    for formula in FORMULAS.values():
        code = getattr(formula_function(formula.function), "__wrapped__", formula_function(formula.function)).__code__
        assert set(code.co_varnames[:code.co_argcount]) == set(formula.symbols), formula.id


def test_a_formula_without_function_is_a_problem_with_a_text():
    with pytest.raises(BadInput) as caught:
        formula_function("perpetual_motion")
    assert "perpetual_motion" in problem_text(caught.value.problems[0], "en")


# --- units ---------------------------------------------------------------------------------------------------------

def test_inputs_are_converted_to_the_units_of_the_formula():
    # 100 t * 42.652 GJ/t * 0.0202 tC/GJ * 0.98 * 44/12 = 309.596... t
    result = step(FORMULAS["combustion_co2"], "diesel", "7.1 a", **diesel())
    assert result.value == pytest.approx(100 * 42.652 * 20.2e-3 * 0.98 * 44 / 12, rel=1e-12)
    assert (result.unit, result.kind, result.name) == ("tCO2", "calculated", "diesel")
    assert result.origin.clause == "7.1 a"


def test_the_set_of_units_that_fits_all_inputs_is_taken():
    # 2 * 10^4 Nm3 * 389.31 GJ/(10^4 Nm3) * 0.0153 tC/GJ * 0.99 * 44/12
    given = diesel(fuel=measured(2.0, "10^4 Nm3"), ncv=measured(389.31, "GJ/(10^4 Nm3)"),
                   carbon=measured(15.3, "tC/TJ"), oxidation=measured(0.99, "1"))
    expected = 2 * 389.31 * 15.3e-3 * 0.99 * 44 / 12
    assert step(FORMULAS["combustion_co2"], "gas", **given).value == pytest.approx(expected, rel=1e-12)


def test_the_result_of_n2o_is_n2o_and_of_methane_methane():
    common = {"fuel": measured(1000.0, "t"), "ncv": measured(40.0, "GJ/t")}
    # 1000 t * 40 GJ/t = 40 TJ; at 3 kg/TJ 0.12 t, at 0.6 kg/TJ 0.024 t
    methane = step(FORMULAS["combustion_other_gas"], "a", **common, factor=measured(3.0, "kgCH4/TJ"))
    oxide = step(FORMULAS["combustion_other_gas"], "b", **common, factor=measured(0.6, "kgN2O/TJ"))
    assert (methane.value, methane.unit) == (pytest.approx(0.12), "tCH4")
    assert (oxide.value, oxide.unit) == (pytest.approx(0.024), "tN2O")


@pytest.mark.parametrize(("units", "taken"), [
    (("tce", "tce"), "tce"), (("kgce", "kgce"), "kgce"), (("tce", "kgce"), "kgce")])  # on a draw, the first
def test_of_several_sets_that_fit_the_one_is_taken_in_which_the_data_were_given(units, taken):
    said = {"zh": "量", "en": "amount"}
    either = {"units": ("kgce", "tce"), "name": said}
    both = Formula.model_validate({
        "id": "ratio_to_cap", "name": said, "source": "s", "status": "read",
        "result": {"symbol": "r", "units": ("1", "1")},
        "symbols": {"amount": {"symbol": "X", **either}, "cap": {"symbol": "C", **either}}})
    given = {"amount": measured(3.0, units[0]), "cap": measured(3.0, units[1])}
    shown = converted_inputs(both, Step("ratio_to_cap", given))
    assert (shown["amount"].unit, shown["cap"].unit) == (taken, taken)
    assert shown["cap"].value == (3.0 if units[1] == taken else 3000.0)


def test_a_sum_over_gases_asks_of_each_gas_its_own_unit():
    masses = {"CO2": measured(5000.0, "kgCO2"), "CH4_fossil": measured(2.0, "tCH4")}
    gwp = {"CO2": measured(1.0, "tCO2e/tCO2"), "CH4_fossil": measured(29.8, "tCO2e/tCH4")}
    # 5 t + 2 t * 29.8 = 64.6 t
    assert step(FORMULAS["co2e"], "total", masses=masses, gwp=gwp).value == pytest.approx(64.6)
    with refused_with("wrong_dimension"):
        step(FORMULAS["co2e"], "total", masses=masses, gwp=gwp | {"CH4_fossil": gwp["CO2"]})


def test_the_printed_inputs_are_those_that_went_into_the_formula():
    result = step(FORMULAS["combustion_co2"], "diesel", **diesel())
    shown = converted_inputs(FORMULAS["combustion_co2"], result.origin)
    assert (shown["carbon"].value, shown["carbon"].unit) == (pytest.approx(0.0202), "tC/GJ")
    assert (shown["oxidation"].value, shown["oxidation"].unit) == (pytest.approx(0.98), "1")
    assert result.origin.inputs["carbon"].value == 20.2  # as given, untouched


def test_a_wrong_dimension_is_told_with_file_row_and_the_unit_expected():
    with pytest.raises(BadInput) as caught:
        step(FORMULAS["combustion_co2"], "diesel", **diesel(fuel=measured(100.0, "m3", row=12, name="fuel")))
    (problem,) = caught.value.problems
    assert (problem.message, problem.file, problem.row, problem.value) == ("wrong_dimension", "activity.csv", 12, "m3")
    assert problem.details["expected"] == "t"
    for language in ("zh", "en"):
        assert "activity.csv" in problem_text(problem, language)
        assert "12" in problem_text(problem, language)


def test_a_wrong_dimension_of_a_factor_is_told_under_its_id():
    factor = Factor(id="F1", quantity="oxidation_rate", value=0.98, unit="tCO2", source="a source", status="read",
                    name_zh="", name_en="").as_quantity()
    with pytest.raises(BadInput) as caught:
        step(FORMULAS["combustion_co2"], "diesel", **diesel(oxidation=factor))
    assert (caught.value.problems[0].file, caught.value.problems[0].row) == ("", "F1")


# --- what cannot be computed ---------------------------------------------------------------------------------------

def zero_problems(formula, **given):
    with pytest.raises(BadInput) as caught:
        step(FORMULAS[formula], "result", **given)
    return [(one.message, one.details.get("name")) for one in caught.value.problems]


def test_a_division_by_zero_names_the_divisor_and_not_a_zero_that_is_divided():
    found = zero_problems("share", part=measured(0.0, "ha", name="green"), whole=measured(0.0, "ha", name="all"))
    assert found == [("divided_by_zero", "all")]


def test_every_zero_of_a_divisor_that_is_a_sum_is_named():
    found = zero_problems("water_recycling", reused=measured(0.0, "m3", name="reused"),
                          fresh=measured(0.0, "m3", name="fresh"))
    assert found == [("divided_by_zero", "reused"), ("divided_by_zero", "fresh")]


def test_divisors_that_are_all_zero_are_all_named():
    found = zero_problems("intensity_to_reference", amount=measured(1.0, "t", name="amount"),
                          production=measured(0.0, "t", name="production"),
                          reference=measured(0.0, "t/t", name="reference"))
    assert found == [("divided_by_zero", "production"), ("divided_by_zero", "reference")]


def test_one_zero_among_many_mines_stops_the_step_as_a_single_zero_does():
    found = zero_problems("share", part=measured(np.array([1.0, 2.0]), "ha", name="green"),
                          whole=measured(np.array([4.0, 0.0]), "ha", name="all"))
    assert found == [("divided_by_zero", "all")]


def test_a_divisor_that_cancels_out_is_told_under_the_formula():
    # an abatement of -1 t beside emissions of 1 t leaves 1 - 1 = 0 t
    found = zero_problems("abatement_share", abatement=measured(-1.0, "tCO2e"), emissions=measured(1.0, "tCO2e"))
    assert found == [("not_computable", None)]


def test_the_message_of_a_division_by_zero_has_both_languages():
    with pytest.raises(BadInput) as caught:
        step(FORMULAS["share"], "green_cover", part=measured(1.0, "ha"), whole=measured(0.0, "ha", row=31))
    (problem,) = caught.value.problems
    assert "31" in problem_text(problem, "zh")
    assert "green_cover" in problem_text(problem, "en")


# --- arrays --------------------------------------------------------------------------------------------------------

def test_an_array_gives_each_element_what_it_gives_alone():
    fuels, shares = np.array([0.0, 1.5, 2e5]), np.array([98.0, 100.0, 0.0])
    together = step(FORMULAS["combustion_co2"], "all", **diesel(fuel=measured(fuels, "t"),
                                                               oxidation=measured(shares, "%")))
    alone = [step(FORMULAS["combustion_co2"], "one", **diesel(fuel=measured(float(fuel), "t"),
                                                             oxidation=measured(float(share), "%"))).value
             for fuel, share in zip(fuels, shares, strict=True)]
    np.testing.assert_array_equal(together.value, alone)


# --- TeX -----------------------------------------------------------------------------------------------------------

def test_the_formula_is_printed_with_the_symbols_of_the_data_and_44_over_12_as_written():
    shown = tex(FORMULAS["combustion_co2"])
    assert shown == r"\frac{{FC} \cdot {NCV} \cdot {CC} \cdot {OF} \cdot 44}{12}"


def test_numbers_take_the_places_of_the_symbols():
    shown = tex_with_numbers(FORMULAS["combustion_co2"],
                             {"fuel": "100", "ncv": "42.652", "carbon": "0.0202", "oxidation": "0.98"})
    assert shown == r"\frac{{100} \cdot {42.652} \cdot {0.0202} \cdot {0.98} \cdot 44}{12}"


def test_a_sum_over_keys_is_printed_with_its_sign_and_written_out_with_numbers():
    assert r"\sum_{g \in {m}}" in tex(FORMULAS["co2e"])
    shown = tex_with_numbers(FORMULAS["co2e"], {"masses": {"CO2": "100", "CH4": "2"}, "gwp": {"CO2": "1", "CH4": "30"}})
    assert shown == r"100 \cdot 1 + 2 \cdot 30"


def numbered(terms):
    return {"parts": {f"line {number}": str(number) for number in range(1, terms + 1)}}


def test_a_sum_of_six_terms_is_written_out_and_one_of_seven_is_dotted():
    assert tex_with_numbers(FORMULAS["total_mass"], numbered(6)) == "1 + 2 + 3 + 4 + 5 + 6"
    assert tex_with_numbers(FORMULAS["total_mass"], numbered(7)) == r"1 + 2 + \cdots + 7"


def test_a_sum_over_nothing_is_printed_as_zero():
    assert tex_with_numbers(FORMULAS["total_mass"], numbered(0)) == "0"


def test_a_mean_is_divided_by_the_number_of_terms():
    assert r"\left|{m}\right|" in tex(FORMULAS["mean_rating"])
    shown = tex_with_numbers(FORMULAS["mean_rating"], {"ratings": {"A": "75", "B": "50"}})
    assert shown == r"\frac{75 + 50}{{2}}"


def test_brackets_inside_a_sum_do_not_end_it():
    given = {symbol: {"top": "1", "deep": "2"} for symbol in FORMULAS["measured_soil_carbon"].symbols}
    shown = tex_with_numbers(FORMULAS["measured_soil_carbon"], given)
    assert shown.count(r"\frac") == 2
    assert r"\sum" not in shown


def test_no_symbol_of_python_is_left_in_any_printed_formula():
    for formula in FORMULAS.values():
        assert not re.search(r"q[a-z]+q|len", tex(formula)), formula.id


def evaluated(text):
    """The value of a formula in TeX: arithmetic, fractions, powers, exp, max and min, absolute values."""
    for mark, python in ((r"\mathopen{}\left|", "abs("), (r"\mathclose{}\right|", ")"), (r"\mathopen{}\left(", "("),
                         (r"\mathclose{}\right)", ")"), (r"\mathrm{max}", "max"), (r"\mathrm{min}", "min"),
                         (r"\exp", "exp"), (r"\cdot", "*"), ("{", "("), ("}", ")")):
        text = text.replace(mark, python)
    while (start := text.rfind(r"\frac")) >= 0:  # the last one holds no other
        top = start + len(r"\frac")
        middle = _closing(text, top) + 1
        end = _closing(text, middle) + 1
        text = f"{text[:start]}({text[top:middle]}/{text[middle:end]}){text[end:]}"
    text = re.sub(r"\)\s*\(", ")*(", text.replace("^", "**"))
    return eval(text, {"max": max, "min": min, "exp": math.exp})


def _closing(text, place):
    depth = 0
    for at in range(place, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    raise AssertionError(text)


# printed with their conditions, which no reader evaluates alone
CASES = ("offset_ratio", "soil_transition_change", "compound_reduction_rate", "annual_reduction_rate",
         "intensity_reduction_rate", "abatement_share", "target_achievement", "share_of_emissions",
         "planned_areal_rate", "intensity_to_reference", "recalculated_emissions")


@pytest.mark.parametrize("formula", [one for one in FORMULAS.values() if one.id not in CASES], ids=lambda one: one.id)
def test_the_numbers_put_in_evaluate_to_what_the_function_gives(formula):
    source = formula_function(formula.function)
    plain = {symbol: 1.0 + 0.375 * number for number, symbol in enumerate(formula.symbols)}
    takes = inspect.signature(source).parameters
    given = {symbol: {"a": value, "b": value + 0.25} if "Mapping" in str(takes[symbol].annotation) else value
             for symbol, value in plain.items()}
    numbers = {symbol: {key: repr(one) for key, one in value.items()} if isinstance(value, dict) else repr(value)
               for symbol, value in given.items()}
    assert evaluated(tex_with_numbers(formula, numbers)) == pytest.approx(float(source(**given)), rel=1e-12)

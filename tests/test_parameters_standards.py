"""Lint of a standard's data: against the draft's own table, the unit list, the formulas in code and both languages."""

import csv
import inspect
import re
from collections import Counter

import pytest

from mineco import indicators, scoring, steps, units
from mineco.kit import parameters
from mineco.standards import load_standard
from mineco.vocabulary import Part, Text

STANDARD = load_standard("carbon-neutral-mine-2025")
FOLDER = parameters() / "standards" / STANDARD.id
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OWN = [one for one in STANDARD.formulas.values() if hasattr(indicators, one.id) or hasattr(scoring, one.id)]
WAYS = [(one.id, way) for one in STANDARD.indicators.values()
        for way in (*one.variants, *one.beside, *([one.bound] if one.bound else []))]

# Table A.1 of the draft: weight of the group, then the weights of its rows from top to bottom.
TABLE_A1 = {"E1": (15, [30, 25, 25, 20]), "E2": (30, [20, 10, 30, 20, 20]), "E3": (15, [50, 20, 15, 15]),
            "M1": (20, [15, 15, 15, 15, 20, 20]), "O1": (10, [35, 35, 30]), "O2": (10, [50, 50])}


def texts(part, place=""):
    """Every bilingual text inside a part, with its place."""
    if isinstance(part, Text) or {"zh", "en"} <= set(getattr(type(part), "model_fields", ())):
        yield place, part.zh, part.en
        return
    if isinstance(part, Part):
        part = {name: getattr(part, name) for name in type(part).model_fields}
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from texts(inner, f"{place}.{name}")
    elif isinstance(part, tuple | list):
        for number, inner in enumerate(part):
            yield from texts(inner, f"{place}[{number}]")


# --- the table ----------------------------------------------------------------------------------------------------

def test_weights_are_those_of_table_a1():
    found = {name: (group.weight, [one.weight for one in STANDARD.in_group(name)])
             for name, group in STANDARD.groups.items()}
    assert found == TABLE_A1


def test_levels_are_the_subtotals_60_20_20():
    assert {name: one.weight for name, one in STANDARD.levels.items()} == {"E": 60, "M": 20, "O": 20}


def test_there_are_18_quantitative_and_6_qualitative_indicators():  # clause 7.2
    assert Counter(one.nature for one in STANDARD.indicators.values()) == {"quantitative": 18, "qualitative": 6}


def test_only_the_six_named_in_clause_7_2_are_qualitative():
    qualitative = {one.id for one in STANDARD.indicators.values() if one.rubric}
    assert qualitative == {"E2.4", "M1.1", "M1.2", "M1.3", "M1.4", "O1.3"}


def test_every_rubric_is_used():
    assert set(STANDARD.rubrics) == {one.rubric for one in STANDARD.indicators.values() if one.rubric}


def test_ids_follow_their_group():
    assert all(one.id.startswith(f"{one.group}.") for one in STANDARD.indicators.values())


# --- readings, references, benchmarks -----------------------------------------------------------------------------

def test_the_readings_are_r1_to_r26_without_a_gap():
    assert list(STANDARD.readings) == [f"R{number}" for number in range(1, 27)]


def test_every_scored_indicator_says_that_its_value_function_is_a_reading():
    assert [one.id for one in STANDARD.indicators.values() if "R5" not in one.readings] == []


def test_clause_2_lists_18_references():
    assert sum(one.clause == "2" for one in STANDARD.references.values()) == 18


def test_a_superseded_reference_with_a_successor_names_one_that_stands():
    for one in STANDARD.references.values():
        if one.replaced_by and one.clause == "2":
            assert STANDARD.references[one.replaced_by].standing == "current", one.id


def test_every_benchmark_says_in_both_languages_what_it_is():
    for one in STANDARD.benchmarks.values():
        assert CHINESE.search(one.subject.zh + one.meaning.zh), one.id
        assert not CHINESE.search(one.subject.en + one.meaning.en), one.id


def test_benchmarks_have_known_units():
    assert [one.id for one in STANDARD.benchmarks.values() if not units.known(one.unit)] == []


def test_a_knot_that_was_read_or_quoted_stands_in_its_benchmarks():
    """A knot read or quoted equals a benchmark that it cites, up to the last digit that the knot is written with."""
    for name, way in WAYS:
        for anchor in getattr(way, "anchors", ()):
            if anchor.status in ("read", "quoted", "unverified") and anchor.benchmarks:
                values = [STANDARD.benchmarks[one].value for one in anchor.benchmarks]
                assert any(abs(value - anchor.x) <= 0.05 for value in values), (name, way.id, anchor.x, values)


def test_a_benchmark_is_cited_only_by_indicators_that_it_is_about():
    strays = [(name, one) for name, way in WAYS for anchor in getattr(way, "anchors", ()) for one in anchor.benchmarks
              if name not in STANDARD.benchmarks[one].indicators
              and one not in ("bulk-waste-2015", "bulk-waste-2019", "bulk-waste-target-2025")]
    assert strays == []


def test_a_knot_is_never_stronger_than_its_best_benchmark():
    order = ("read", "quoted", "derived", "unverified", "assumed", "suspect")
    for name, way in WAYS:
        for anchor in getattr(way, "anchors", ()):
            if anchor.benchmarks:
                best = min(order.index(STANDARD.benchmarks[one].status) for one in anchor.benchmarks)
                assert order.index(anchor.status) >= best, (name, way.id, anchor.x)


def test_a_derived_uptake_is_its_carbon_times_44_over_12():
    for carbon, dioxide in (("forest-jilin", "forest-jilin-co2"), ("soc-review-low", "soc-review-low-co2")):
        expected = STANDARD.benchmarks[carbon].value * 44 / 12
        assert STANDARD.benchmarks[dioxide].value == pytest.approx(expected, abs=0.01)


def test_the_derived_methane_intensities_are_the_factor_times_29_8():
    for year in (2011, 2020, 2023):
        factor, intensity = (STANDARD.benchmarks[f"ch4-factor-{year}{end}"].value for end in ("", "-co2e"))
        assert intensity == pytest.approx(factor * 29.8, abs=0.06)


def test_the_table_of_benchmarks_has_one_number_a_row():
    with (FOLDER / "benchmarks.csv").open(encoding="utf-8", newline="") as file:
        values = [row["value"] for row in csv.DictReader(file)]
    assert [value for value in values if not re.fullmatch(r"-?\d+(\.\d+)?", value)] == []


# --- formulas and units -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("formula", OWN, ids=lambda one: one.id)
def test_symbols_are_the_parameters_of_the_function(formula):
    assert list(formula.symbols) == list(inspect.signature(steps.function(formula.function)).parameters)


@pytest.mark.parametrize("formula", OWN, ids=lambda one: one.id)
def test_a_formula_has_known_units(formula):
    stated = [*formula.units, *(unit for symbol in formula.symbols.values() for unit in symbol.units)]
    assert [unit for unit in stated if not units.known(unit)] == []


@pytest.mark.parametrize("formula", OWN, ids=lambda one: one.id)
def test_a_formula_prints_with_its_own_symbols(formula):
    written = steps.tex(formula)
    assert [name for name, symbol in formula.symbols.items() if symbol.tex not in written] == []
    assert "mathrm{q" not in written  # a placeholder that nobody replaced


@pytest.mark.parametrize("formula", STANDARD.formulas.values(), ids=lambda one: one.id)
def test_every_formula_has_its_function_and_a_clause_of_this_standard(formula):
    assert callable(steps.function(formula.function))
    assert formula.clause


@pytest.mark.parametrize(("name", "way"), WAYS, ids=[f"{name}-{way.id}" for name, way in WAYS])
def test_inputs_and_result_fit_the_units_of_the_formula(name, way):
    formula = STANDARD.formulas[way.formula]
    assert any(units.compatible(unit, way.unit) for unit in formula.units)
    for symbol, named in way.inputs.items():
        quantity = named.removeprefix("previous.").removeprefix("base.")
        kind, _, rest = quantity.partition(".")
        given = (STANDARD.metrics[rest].units if kind == "metric" else (STANDARD.parameters[rest].unit,)
                 if kind == "parameter" else (STANDARD.quantities[quantity].unit,))
        assert any(units.compatible(one, stated) for one in given for stated in formula.symbols[symbol].units), symbol


def test_quantities_and_parameters_have_known_units():
    stated = {**{one.id: one.unit for one in STANDARD.quantities.values()},
              **{one.id: one.unit for one in STANDARD.parameters.values()}}
    assert {name: unit for name, unit in stated.items() if not units.known(unit)} == {}


# --- the account's sources ----------------------------------------------------------------------------------------

def test_options_that_a_source_names_in_braces_exist():
    mine = {"key", "province", "year", "mine_subtype"}
    named = {blank for source in STANDARD.sources.values() for item in source.items.values()
             for value in (item.factor or {}).values() for blank in re.findall(r"{(\w+)}", str(value))}
    assert named - mine <= set(STANDARD.options)


# --- both languages -----------------------------------------------------------------------------------------------

def test_no_chinese_stands_where_english_is_due_and_none_is_missing():
    everything = {name: getattr(STANDARD, name) for name in (
        "name", "notice", "publisher", "mine_types", "mine_subtypes", "options", "gases", "quantities", "grades",
        "below_grade", "prerequisites", "phases", "data_fields", "reasons", "disclosures", "levels", "groups",
        "indicators", "rubrics", "readings")}
    found = list(texts(everything))
    assert len(found) > 300
    assert [place for place, _, english in found if CHINESE.search(english.replace("万元", ""))] == []
    assert [place for place, chinese, _ in found if not CHINESE.search(chinese)] == []


def test_figures_beside_a_grade_differ_from_what_is_graded():
    defaults = {name: option.default for name, option in STANDARD.options.items()}
    for one in STANDARD.indicators.values():
        for way in one.beside:
            for subtype in STANDARD.mine_subtypes.values():
                if {subtype.id, subtype.type, "all"} & set(way.applies_to):
                    assert STANDARD.variant(one.id, subtype.id, defaults).inputs != way.inputs, (one.id, subtype.id)

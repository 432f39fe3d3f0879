"""Lint of the standards' data: against the draft's own table, the units, the formulas in code and both languages."""

import csv
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from mineco import restoration
from mineco.core import units
from mineco.core.kit import parameters
from mineco.dossier.cells import word_lists
from mineco.evaluation import steps
from mineco.scoring import indicators
from mineco.scoring import values as scoring
from mineco.standards.load import load_standard, standard_ids, undated
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Formula, Part, Text

STANDARD = load_standard("carbon-neutral-mine-2025")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
STANDARDS = [load_standard(name) for name in standard_ids()]
OWN = [one for standard in STANDARDS for one in standard.formulas.values()
       if any(hasattr(module, one.function) for module in (indicators, restoration, scoring))]
WAYS = [(standard, one.id, way) for standard in STANDARDS for one in standard.indicators.values()
        for way in (*one.variants, *one.beside, *([one.bound] if one.bound else ()))]
EVERY = pytest.mark.parametrize("standard", STANDARDS, ids=lambda one: one.id)

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


@EVERY
def test_every_rubric_is_used(standard):
    assert set(standard.rubrics) == {one.rubric for one in standard.indicators.values() if one.rubric}


@EVERY
def test_ids_follow_their_group(standard):
    assert all(one.id.startswith(f"{one.group}.") for one in standard.indicators.values())


def assert_of_one_standard(names: Callable[[Standard], Iterable[str]]):
    """No two standards use an id; editions of one standard share theirs."""
    owners: dict[str, set[str]] = {}
    for standard in STANDARDS:
        for name in names(standard):
            owners.setdefault(name, set()).add(undated(standard.id))
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


@pytest.mark.parametrize("part", ["prerequisites", "reasons", "disclosures", "indicators", "groups", "levels",
                                  "readings", "options", "incentives"])
def test_an_id_belongs_to_one_standard(part):
    """One dossier serves all standards: its mine.yaml and ratings.csv hold words of each of them."""
    assert_of_one_standard(lambda standard: getattr(standard, part))


def test_a_grade_belongs_to_one_standard():
    assert_of_one_standard(lambda standard: standard.grade_ids)


@EVERY
def test_every_stage_of_a_mine_belongs_to_one_group_of_stages_or_the_standard_has_none(standard):
    named = [word for stage in standard.stages.values() for word in stage.of]
    assert sorted(named) == (sorted(word_lists()["stage"]) if standard.stages else [])


# --- carbon sinks of restoration, as the drafting notes name them ---------------------------------------------------

SINK = load_standard("restoration-carbon-sink-2024")
NOTES = {"SM": ["发展战略", "管理制度", "组织机构", "管理人员"],
         "SA": ["双碳理念宣贯", "管理与技术培训", "科研创新投入", "科研成果产出", "工程项目建设", "碳汇项目认定核证"],
         "SE": ["土地复垦基金使用", "矿区土地复垦质量达到情况", "总体植被盖度",
                "水土流失状况", "专项工程提升效果",
                "工程区碳储量与减排量"]}


def test_the_sixteen_indicators_are_those_that_the_notes_list_in_their_order():
    assert {group: [one.name_zh for one in SINK.in_group(group)] for group in SINK.groups} == NOTES


def test_each_indicator_says_how_it_is_reviewed_and_which_evidence_it_wants():
    asked = {one.id: one.evidence or SINK.rubrics[one.rubric].evidence for one in SINK.indicators.values()}
    assert len(asked) == 16
    assert [one.id for one in SINK.indicators.values() if not one.review] == []


def test_management_is_reviewed_in_documents_action_on_site_too_and_effect_by_measurement():  # notes 4.4 (2)
    ways = {group: set().union(*(one.review for one in SINK.in_group(group))) for group in SINK.groups}
    assert ways["SM"] == {"document-review"}
    assert ways["SA"] == {"document-review", "site-check"}
    assert {"site-check", "third-party-monitoring"} <= ways["SE"]


def test_what_the_notes_leave_open_counts_as_assumed():
    assert {one.status for one in SINK.rubrics.values()} == {"assumed"}
    assert {SINK.variant(name, "coal-opencast", {"carbon_status": "stock"}, 2024).status
            for name in ("SE.1", "SE.2", "SE.3", "SE.4", "SE.5", "SE.6")} == {"assumed"}
    assert SINK.parameters["clean_years"].status == "read"


def test_the_readings_of_the_sink_are_s1_to_s13_without_a_gap():
    assert list(SINK.readings) == [f"S{number}" for number in range(1, 14)]


def test_the_five_incentives_of_the_notes_each_say_what_they_would_need():  # notes 4.4 (4)
    assert [name for name, one in SINK.incentives.items() if one.evidence] == [
        "award", "green_mine", "green_credit", "esg", "carbon_trade"]


def test_the_notes_list_ten_normative_references():  # notes 4.3
    assert sum(one.clause == "4.3" for one in SINK.references.values()) == 10


def test_stocks_behind_the_knots_are_sums_of_the_printed_densities():
    # Gansu, MgC/ha: trees, shrubs, herbs, litter and soil; Fuxin: g/kg of organic matter * 0.58 * g/cm3 * 10 cm / 10
    robinia, poplar = 15.48 + 0.02 + 1.14 + 1.36 + 52.39, 59.44 + 0.01 + 0.55 + 0.81 + 90.25
    assert SINK.benchmarks["robinia-gansu"].value == pytest.approx(robinia)
    assert SINK.benchmarks["poplar-gansu"].value == pytest.approx(poplar)
    assert SINK.benchmarks["dump-soil-fuxin"].value == pytest.approx(8.32 * 0.58 * 1.43, abs=0.005)
    knots = dict(SINK.variant("SE.6", "oil", {"carbon_status": "stock"}, 2024).knots)
    assert list(knots) == [6.9, 40.0, pytest.approx(robinia, abs=0.05), pytest.approx(poplar, abs=0.05)]


# --- readings, references, benchmarks -----------------------------------------------------------------------------

def test_the_readings_are_numbered_in_order_and_r1_to_r27_without_a_gap():
    numbers = [int(name.removeprefix("R")) for name in STANDARD.readings]
    assert numbers == sorted(set(numbers))
    assert numbers[:27] == list(range(1, 28))


def test_every_scored_indicator_says_that_its_value_function_is_a_reading():
    assert [one.id for one in STANDARD.indicators.values() if "R5" not in one.readings] == []


def test_clause_2_lists_18_references():
    assert sum(one.clause == "2" for one in STANDARD.references.values()) == 18


def test_a_superseded_reference_with_a_successor_names_one_that_stands():
    for one in STANDARD.references.values():
        if one.replaced_by and one.clause == "2":
            assert STANDARD.references[one.replaced_by].standing == "current", one.id


@EVERY
def test_every_benchmark_says_in_both_languages_what_it_is(standard):
    for one in standard.benchmarks.values():
        assert CHINESE.search(one.subject.zh + one.meaning.zh), one.id
        assert not CHINESE.search(one.subject.en + one.meaning.en), one.id


@EVERY
def test_benchmarks_have_known_units(standard):
    assert [one.id for one in standard.benchmarks.values() if not units.is_known_unit(one.unit)] == []


def test_a_knot_that_was_read_or_quoted_stands_in_its_benchmarks():
    """A knot read or quoted equals a benchmark that it cites, up to the last digit that the knot is written with."""
    for standard, name, way in WAYS:
        for anchor in getattr(way, "anchors", ()):
            if anchor.status in ("read", "quoted", "unverified") and anchor.benchmarks:
                values = [standard.benchmarks[one].value for one in anchor.benchmarks]
                assert any(abs(value - anchor.x) <= 0.05 for value in values), (name, way.id, anchor.x, values)


def test_a_benchmark_is_cited_only_by_indicators_that_it_is_about():
    strays = [(name, one) for standard, name, way in WAYS for anchor in getattr(way, "anchors", ())
              for one in anchor.benchmarks if name not in standard.benchmarks[one].indicators
              and one not in ("bulk-waste-2015", "bulk-waste-2019", "bulk-waste-target-2025")]
    assert strays == []


MADE_FOR_OTHERS = {  # knots of earlier editions that stand on the practice of coal, of metal or of opencast lignite
    ("E1.2", "lignite-lca-opencast"), ("O1.3", "reclamation-2023"), ("O1.3", "reclamation-plan-east"),
    ("O1.3", "reclamation-zhunneng"), ("O2.1", "green-cover-coal"), ("O2.1", "green-cover-nonferrous"),
    ("O2.1", "green-cover-gold"), ("O2.2", "jharia-rate")}


def test_no_benchmark_acts_on_the_score_of_a_mine_that_it_was_not_made_for():
    found = set()
    for standard, name, way in WAYS:
        for subtype in standard.mine_subtypes:
            if set(standard.kinds(subtype)) & set(way.applies_to):
                found |= {(name, one) for anchor in getattr(way, "anchors", ()) for one in anchor.benchmarks
                          if not set(standard.kinds(subtype)) & set(standard.benchmarks[one].mines)}
    assert found == MADE_FOR_OTHERS


@EVERY
def test_what_stands_beside_an_indicator_is_about_it(standard):
    assert [(one.id, name) for one in standard.indicators.values() for way in one.compared for name in way.benchmarks
            if one.id not in standard.benchmarks[name].indicators] == []


def test_a_knot_is_never_stronger_than_its_best_benchmark():
    order = ("read", "quoted", "derived", "unverified", "assumed", "suspect")
    for standard, name, way in WAYS:
        for anchor in getattr(way, "anchors", ()):
            if anchor.benchmarks:
                best = min(order.index(standard.benchmarks[one].status) for one in anchor.benchmarks)
                assert order.index(anchor.status) >= best, (name, way.id, anchor.x)


def test_a_derived_uptake_is_its_carbon_times_44_over_12():
    biomes = [name for name in STANDARD.benchmarks if name.startswith("biome-") and not name.endswith("-co2")]
    assert len(biomes) == 9
    for carbon, dioxide in ((one, f"{one}-co2") for one in ("forest-jilin", "soc-review-low", *biomes)):
        expected = STANDARD.benchmarks[carbon].value * 44 / 12
        assert STANDARD.benchmarks[dioxide].value == pytest.approx(expected, abs=0.01)


def test_the_derived_methane_intensities_are_the_factor_times_29_8():
    for year in (2011, 2020, 2023):
        factor, intensity = (STANDARD.benchmarks[f"ch4-factor-{year}{end}"].value for end in ("", "-co2e"))
        assert intensity == pytest.approx(factor * 29.8, abs=0.06)


@EVERY
def test_the_table_of_benchmarks_has_one_number_a_row(standard):
    with (parameters() / "standards" / standard.id / "benchmarks.csv").open(encoding="utf-8", newline="") as file:
        values = [row["value"] for row in csv.DictReader(file)]
    assert [value for value in values if not re.fullmatch(r"-?\d+(\.\d+)?", value)] == []


# --- formulas and units -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("formula", OWN, ids=lambda one: one.id)
def test_symbols_are_the_parameters_of_the_function(formula):
    assert list(formula.symbols) == list(inspect.signature(steps.formula_function(formula.function)).parameters)


@pytest.mark.parametrize("formula", OWN, ids=lambda one: one.id)
def test_a_formula_has_known_units(formula):
    stated = [*formula.units, *(unit for symbol in formula.symbols.values() for unit in symbol.units)]
    assert [unit for unit in stated if not units.is_known_unit(unit)] == []


@pytest.mark.parametrize("formula", OWN, ids=lambda one: one.id)
def test_a_formula_prints_with_its_own_symbols(formula):
    written = steps.tex(formula)
    assert [name for name, symbol in formula.symbols.items() if symbol.tex not in written] == []
    assert "mathrm{q" not in written  # a placeholder that nobody replaced


@pytest.mark.parametrize("formula", [one for standard in STANDARDS for one in standard.formulas.values()],
                         ids=lambda one: one.id)
def test_every_formula_has_its_function_and_a_clause_of_this_standard(formula):
    assert callable(steps.formula_function(formula.function))
    assert formula.clause


@pytest.mark.parametrize(("standard", "name", "way"), WAYS, ids=[f"{name}-{way.id}" for _, name, way in WAYS])
def test_inputs_and_result_fit_the_units_of_the_formula(standard, name, way):
    formula = standard.formulas[way.formula]
    assert any(units.compatible(unit, way.unit) for unit in formula.units)
    for symbol, named in way.inputs.items():
        quantity = named.removeprefix("previous.").removeprefix("base.").removeprefix("lowest.")
        kind, _, rest = quantity.partition(".")
        given = (standard.metrics[rest].units if kind in ("metric", "counted") else (standard.parameters[rest].unit,)
                 if kind == "parameter" else (standard.quantities[quantity].unit,))
        assert any(units.compatible(one, stated) for one in given for stated in formula.symbols[symbol].units), symbol


@EVERY
def test_quantities_and_parameters_have_known_units(standard):
    stated = {**{one.id: one.unit for one in standard.quantities.values()},
              **{one.id: one.unit for one in standard.parameters.values()}}
    assert {name: unit for name, unit in stated.items() if not units.is_known_unit(unit)} == {}


FORMULAS: dict[str, list[Formula]] = {}
for standard in STANDARDS:
    for one in standard.formulas.values():
        FORMULAS.setdefault(one.function, []).append(one)
OF_ANY_UNIT = {  # functions of whatever unit their inputs have, or of pure numbers that are called points
    "intensity_to_reference", "at_most", "bounded_score", "total", "share", "mean_rating", "group_score", "total_score"}
EACH = ("of the gas", "of each gas", "the same unit", "or per ")  # words for one unit in each row of the data


def units_in_words(function):
    """What a docstring states in brackets, by parameter and for ``return``: alternatives in the package's spelling.

    The unit of what is returned stands behind the summary, or with what is said of it.
    """
    told, _, given = inspect.getdoc(function).partition(">>>")[0].partition("Parameters\n----------\n")
    given, _, returned = given.partition("Returns\n")
    found = {"return": told + returned}
    for names, text in re.findall(r"^(\w[\w, ]*) : (.*(?:\n(?: .*|$))*)", given, re.MULTILINE):
        found |= dict.fromkeys(names.split(", "), text)
    return {name: " or ".join(re.findall(r"\[([^\]]+)\]", text)) for name, text in found.items()}


@pytest.mark.parametrize("function", FORMULAS)
def test_the_units_of_a_docstring_are_those_of_the_data(function):
    told = units_in_words(steps.formula_function(function))
    for name in (*FORMULAS[function][0].symbols, "return"):
        computed = {unit for one in FORMULAS[function] for unit in one.symbols.get(name, one).units}
        if any(words in told[name] for words in EACH) or (
                function in OF_ANY_UNIT and told[name].partition(",")[0] in ("", "points")):
            continue
        assert set(re.split(r" or |, ", told[name])) == computed, name


# --- the account's sources ----------------------------------------------------------------------------------------

def test_options_that_a_source_names_in_braces_exist():
    mine = {"key", "province", "year", "mine_subtype"}
    named = {blank for source in STANDARD.sources.values() for item in source.items.values()
             for value in (item.factor or {}).values() for blank in re.findall(r"{(\w+)}", str(value))}
    assert named - mine <= set(STANDARD.options)


# --- both languages -----------------------------------------------------------------------------------------------

@EVERY
def test_no_chinese_stands_where_english_is_due_and_none_is_missing(standard):
    everything = {name: getattr(standard, name) for name in (
        "name", "notice", "publisher", "mine_types", "mine_subtypes", "options", "gases", "quantities", "grades",
        "below_grade", "prerequisites", "phases", "data_fields", "reasons", "disclosures", "levels", "groups",
        "indicators", "rubrics", "readings", "stages", "incentives")}
    found = list(texts(everything))
    assert len(found) > 80
    assert [place for place, _, english in found if CHINESE.search(english.replace("万元", ""))] == []
    assert [place for place, chinese, _ in found if not CHINESE.search(chinese)] == []


def test_figures_beside_a_grade_differ_from_what_is_graded():
    defaults = {name: option.default for name, option in STANDARD.options.items()}
    for one in STANDARD.indicators.values():
        for way in one.beside:
            for subtype in STANDARD.mine_subtypes.values():
                if {subtype.id, subtype.type, "all"} & set(way.applies_to):
                    graded = STANDARD.variant(one.id, subtype.id, defaults, 2024)
                    assert graded.inputs != way.inputs, (one.id, subtype.id)


# --- solid waste: one definition in dictionary, blank and value functions -------------------------------------------

@pytest.mark.parametrize(("subtype", "zh", "en"), [
    ("coal-underground", "煤矸石", "coal gangue"), ("coal-opencast", "煤矸石", "coal gangue"),
    ("metal-opencast", "尾矿", "tailings"), ("metal-underground", "尾矿", "tailings"),
    ("non-metal-opencast", "选矿与加工废渣", "dressing and processing waste")])
def test_solid_waste_is_the_same_in_the_dictionary_and_in_the_indicator(subtype, zh, en):
    standard = load_standard("carbon-neutral-mine-2025")
    options = {name: one.default for name, one in standard.options.items()}
    basis = standard.variant("E3.1", subtype, options, 2024).basis
    meaning = standard.metrics["solid_waste_generated"].meaning
    assert (basis.zh, basis.en) == (zh, en)
    assert zh in meaning.zh
    assert en in meaning.en
    for note in (standard.indicators["E3.1"].note[0], standard.indicators["E3.3"].note[0], meaning):
        assert "剥离物" in note.zh
        assert "verburden" in note.en

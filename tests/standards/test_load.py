"""Loading a standard: what stands in it is found, and what is wrong in it is named with file and place."""

import json
import shutil

import pytest

from mineco.core.errors import BadInput, Problems
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.core.yaml_reading import read_yaml
from mineco.standards import load as standards
from mineco.standards.checks import check_told
from mineco.standards.load import load_standard, read_standard, weak_sources
from mineco.standards.vocabulary import Formula

ID = "carbon-neutral-mine-2025"
STANDARD = load_standard(ID)
DEFAULTS = {name: option.default for name, option in STANDARD.options.items()}


@pytest.fixture
def broken(tmp_path):
    """A function that changes one file of a copy of the standard and gives the problems that loading it finds."""
    folder, shared = tmp_path / ID, tmp_path / "accounting"
    shutil.copytree(parameters() / "standards" / ID, folder)
    shutil.copytree(parameters() / "accounting", shared)

    def refused(*changes):
        for file, change in changes:
            path = shared / file.removeprefix("accounting/") if file.startswith("accounting/") else folder / file
            body = read_yaml(path)
            change(body)
            path.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")  # JSON is YAML 1.2, in order
        with pytest.raises(BadInput) as found:
            read_standard(folder, shared)
        return found.value.problems

    return refused


def only(problems, message):
    """The one problem found, which has this message and can be said in both languages."""
    assert [one.message for one in problems] == [message]
    assert all(problem_text(problems[0], language) for language in ("zh", "en"))
    return problems[0]


# --- what is found ------------------------------------------------------------------------------------------------

def test_the_standard_is_among_those_of_the_kit():
    assert ID in standards.standard_ids()


def test_an_unknown_standard_is_refused_with_the_known_ones():
    with pytest.raises(BadInput) as found:
        load_standard("carbon-neutral-mine-1999")
    assert ID in only(found.value.problems, "unknown_standard").details["known"]


def test_a_subtype_of_its_own_goes_before_its_type_and_before_all():
    assert STANDARD.variant("E1.2", "coal-underground", DEFAULTS, 2024).id == "coal-underground"
    assert STANDARD.variant("E3.1", "metal-opencast", DEFAULTS, 2024).id == "metal"
    assert STANDARD.variant("E1.2", "mineral-water", DEFAULTS, 2024).id == "reference"


@pytest.mark.parametrize("way", ["underground", "opencast"])
def test_coal_is_held_to_the_limits_of_2025_from_reporting_year_2026_on(way):
    ids = [STANDARD.variant("E2.2", f"coal-{way}", DEFAULTS, year).id for year in (2024, 2025, 2026, 2040)]
    assert ids == [f"coal-{way}", f"coal-{way}", f"coal-{way}-2026", f"coal-{way}-2026"]


def test_a_later_value_function_of_coal_changes_no_other_mine():
    assert STANDARD.variant("E2.2", "metal-opencast", DEFAULTS, 2030).id == "reference"


def test_an_option_changes_the_value_function():
    greenable = STANDARD.variant("O2.1", "oil", DEFAULTS, 2024)
    whole = STANDARD.variant("O2.1", "oil", DEFAULTS | {"green_cover_denominator": "total"}, 2024)
    assert greenable.inputs["whole"] == "metric.greenable_area"
    assert (whole.inputs["whole"], whole.knots[-1]) == ("metric.total_area", (35.0, 100.0))


def test_green_power_scored_in_the_repeated_row_leaves_the_renewable_share():
    chosen = DEFAULTS | {"green_power_slot": "green_power"}  # reading R3: nothing is scored twice
    assert STANDARD.variant("O1.1", "gas", chosen, 2024).inputs["part"] == "green_power"
    assert STANDARD.variant("M1.6", "gas", chosen, 2024).inputs["left_out"] == "green_power"
    assert "green_power" not in STANDARD.variant("M1.6", "gas", DEFAULTS, 2024).inputs.values()


def test_carbon_capture_may_be_left_out_only_under_its_option():
    assert STANDARD.not_applicable_reasons("E2.4", DEFAULTS) == {}
    allowed = STANDARD.not_applicable_reasons("E2.4", DEFAULTS | {"ccs_not_applicable": True})
    assert list(allowed) == ["no_capturable_source"]


def test_an_indicator_without_a_listed_reason_can_never_be_left_out():
    assert STANDARD.not_applicable_reasons("E2.3", DEFAULTS) == {}


def test_a_weight_is_a_sourced_number_of_the_annex():
    weight = STANDARD.weight("E2.4")
    assert (weight.value, weight.unit, weight.clause, weight.status) == (20.0, "%", "A.1", "read")
    assert STANDARD.weight("E2").value == 30.0


def test_a_formula_of_the_account_carries_the_clause_of_this_standard():
    assert STANDARD.formulas["combustion_co2"].clause == "7.1 a"


# --- weak sources -------------------------------------------------------------------------------------------------

def test_what_nobody_read_in_a_document_travels_to_the_report():
    weak = {one.id: one.status for one in weak_sources(STANDARD, "coal-underground", DEFAULTS, 2024)}
    assert weak["near_zero_threshold"] == "assumed"
    assert weak["E2.2"] == "unverified"   # limits of GB 29444, from memory
    assert weak["M1.1"] == "assumed"      # a rubric of ours


def test_values_that_were_read_are_not_called_weak():
    weak = {one.id for one in weak_sources(STANDARD, "coal-underground", DEFAULTS, 2024)}
    assert not {"E3.1", "credit_max_age", "neutral_offset_ratio"} & weak


def test_the_kind_of_mine_decides_which_sources_are_weak():
    metal = {one.id: one.status for one in weak_sources(STANDARD, "metal-opencast", DEFAULTS, 2024)}
    assert metal["E3.1"] == "unverified"  # one knot is a market report
    assert metal["E1.2"] == "assumed"


def test_an_indicator_left_out_lends_no_weakness():
    applicable = dict.fromkeys(STANDARD.indicators, True) | {"E2.4": False}
    assert "E2.4" not in {one.id for one in weak_sources(STANDARD, "oil", DEFAULTS, 2024, applicable)}


# --- what is refused ----------------------------------------------------------------------------------------------

def test_weights_that_do_not_sum_name_the_group_the_clause_and_the_rows(broken):
    found = only(broken(("indicators.yaml", lambda body: body["indicators"]["E3.1"].update(weight=45))),
                 "weights_do_not_sum")
    assert (found.file, found.value) == ("indicators.yaml", 95.0)
    text = problem_text(found, "en")
    assert "E3" in text
    assert "A.1" in text
    assert "E3.1 45" in text


def test_an_edition_is_told_in_words_or_refused_before_any_report(broken):
    found = only(broken(("standard.yaml", lambda body: body.update(edition="2026-trial"))), "edition_without_words")
    assert (found.file, found.column, found.value) == ("standard.yaml", "edition", "2026-trial")
    assert "edition_trial" in problem_text(found, "en")
    for edition in ("2026", "2026-draft"):
        problems = Problems()
        check_told(load_standard(ID).model_copy(update={"edition": edition}), problems)
        assert list(problems) == []


def test_a_formula_that_names_no_clause_is_refused_with_the_line_that_is_missing(broken):
    found = only(broken(("formulas.yaml", lambda body: body["clauses"].pop("water_recycling"))),
                 "formula_without_clause")
    assert (found.file, found.column) == ("formulas.yaml", "clauses.water_recycling")


def test_groups_that_do_not_sum_to_their_level_are_refused(broken):
    def lopsided(body):
        body["groups"]["E1"]["weight"], body["groups"]["M1"]["weight"] = 20, 15

    assert {one.details["whole"] for one in broken(("indicators.yaml", lopsided))} == {"E", "M"}


def test_an_unknown_key_is_refused_at_its_path(broken):
    found = only(broken(("indicators.yaml", lambda body: body["indicators"]["E1.1"].update(wieght=30))),
                 "standard_key_unknown")
    assert found.row == "indicators.E1.1.wieght"


def test_a_missing_key_is_refused_at_its_path(broken):
    found = only(broken(("standard.yaml", lambda body: body["parameters"]["credit_max_age"].pop("status"))),
                 "standard_key_missing")
    assert found.row == "parameters.credit_max_age.status"


def test_a_whole_list_that_is_missing_is_named(broken):
    problems = broken(("standard.yaml", lambda body: body.pop("disclosures")))
    assert ("standard_key_missing", "disclosures") in {(one.message, one.column) for one in problems}


def test_a_number_written_as_text_is_refused(broken):
    found = only(broken(("indicators.yaml", lambda body: body["groups"]["E1"].update(weight="fifteen"))),
                 "standard_bad_value")
    assert (found.row, found.value) == ("groups.E1.weight", "fifteen")


def test_a_clause_without_quotes_is_refused_before_5_10_becomes_5_1(broken):
    found = only(broken(("readings.yaml", lambda body: body["R1"].update(clause=5.1))), "standard_bad_value")
    assert found.row == "R1.clause"


def test_every_problem_is_reported_at_once(broken):
    problems = broken(("standard.yaml", lambda body: body["grades"]["A"].pop("score")),
                      ("rubrics.yaml", lambda body: body["M1.1"].update(stauts="assumed")),
                      ("accounting/metrics.yaml", lambda body: body["production"].pop("meaning")))
    assert {one.file for one in problems} == {"standard.yaml", "rubrics.yaml", "accounting/metrics.yaml"}


def test_a_parameter_without_source_or_reading_is_refused(broken):
    def bare(body):
        body["parameters"]["credit_max_age"].pop("source")
        body["parameters"]["credit_max_age"].pop("readings")

    assert only(broken(("standard.yaml", bare)), "standard_bad_value").row == "parameters.credit_max_age"


def test_a_knot_that_is_not_assumed_cites_something(broken):
    def unsupported(body):
        body["indicators"]["E3.1"]["variants"][0]["knots"][0].pop("benchmarks")

    assert "variants.0.knots.0" in only(broken(("indicators.yaml", unsupported)), "standard_bad_value").row


def test_knots_that_turn_back_are_refused(broken):
    def zigzag(body):
        body["indicators"]["E2.1"]["variants"][0]["knots"][1]["x"] = 1.6

    only(broken(("indicators.yaml", zigzag)), "standard_bad_value")


def test_a_year_without_value_function_is_refused(broken):
    def later(body):
        body["indicators"]["E2.1"]["variants"][0]["from_year"] = 2026

    problems = broken(("indicators.yaml", later))
    assert {one.message for one in problems} == {"no_single_variant"}


def test_two_value_functions_that_begin_in_one_year_are_refused(broken):
    def same(body):
        variants = body["indicators"]["E2.2"]["variants"]
        next(one for one in variants if one["id"] == "coal-opencast-2026")["from_year"] = 0

    assert only(broken(("indicators.yaml", same)), "no_single_variant").value == "coal-opencast"


def test_a_rubric_without_one_of_its_five_levels_is_refused(broken):
    only(broken(("rubrics.yaml", lambda body: body["O1.3"]["levels"].pop(2))), "standard_bad_value")


def test_an_option_whose_default_is_not_allowed_is_refused(broken):
    only(broken(("standard.yaml", lambda body: body["options"]["gwp"].update(default="AR9"))), "standard_bad_value")


@pytest.mark.parametrize(("file", "change", "cited"), [
    ("indicators.yaml", lambda body: body["indicators"]["E1.1"].update(readings=["R99"]), "R99"),
    ("indicators.yaml", lambda body: body["indicators"]["E1.1"].update(not_applicable=["too_hard"]), "too_hard"),
    ("indicators.yaml", lambda body: body["indicators"]["E2.4"].update(rubric="X"), "X"),
    ("indicators.yaml", lambda body: body["indicators"]["E1.1"]["variants"][0].update(formula="magic"), "magic"),
    ("indicators.yaml", lambda body: body["indicators"]["E2.1"]["variants"][0]["inputs"].update(cap="metric.quotta"),
     "metric.quotta"),
    ("standard.yaml", lambda body: body["parameters"]["credit_max_age"].update(source="hearsay"), "hearsay"),
    ("formulas.yaml", lambda body: body["clauses"].update(alchemy="7.1"), "alchemy"),
    ("references.yaml", lambda body: body["pas2060-2014"].update(replaced_by="iso-nothing"), "iso-nothing"),
    ("accounting/sources.yaml", lambda body: body["stationary-combustion"].update(expected_for=["moon-mine"]),
     "moon-mine"),
    ("accounting/formulas.yaml", lambda body: body["combustion_co2"].update(source="unseen"), "unseen"),
])
def test_an_id_that_does_not_exist_is_refused(broken, file, change, cited):
    assert only(broken((file, change)), "standard_unknown_id").value == cited


def test_inputs_that_are_not_the_symbols_of_the_formula_are_refused(broken):
    def capless(body):
        body["indicators"]["E2.1"]["variants"][0]["inputs"].pop("cap")

    found = only(broken(("indicators.yaml", capless)), "inputs_not_symbols")
    assert found.details["formula"] == "ratio_to_cap"


def test_a_kind_of_mine_without_a_value_function_is_refused(broken):
    def forget(body):
        body["indicators"]["E3.1"]["variants"].pop()  # the one for all that is neither coal nor metal

    problems = broken(("indicators.yaml", forget))
    assert {one.message for one in problems} == {"no_single_variant"}
    forgotten = {name for name, one in STANDARD.mine_subtypes.items() if one.type != "metal"}
    assert {one.value for one in problems} == forgotten - {"coal-underground", "coal-opencast"}


def test_two_value_functions_for_one_kind_of_mine_are_refused(broken):
    def twice(body):
        body["indicators"]["E3.1"]["variants"][2]["applies_to"] = ["all", "coal-opencast"]

    assert only(broken(("indicators.yaml", twice)), "no_single_variant").value == "coal-opencast"


def test_cuts_that_do_not_fall_are_refused(broken):
    found = only(broken(("standard.yaml", lambda body: body["grades"]["B"].update(offset=0.92))), "cuts_do_not_fall")
    assert found.column == "offset"


def test_an_id_that_both_lists_of_references_use_is_refused(broken):
    def same(body):
        body["ipcc2006-v2"] = {"title": {"zh": "甲", "en": "a"}, "standing": "current", "status": "read"}

    assert only(broken(("references.yaml", same)), "standard_duplicate_id").value == "ipcc2006-v2"


def test_unaligned_units_of_a_formula_are_refused(broken):
    def misaligned(body):
        body["combustion_co2"]["symbols"]["fuel"]["units"] = ["t"]

    only(broken(("accounting/formulas.yaml", misaligned)), "standard_bad_value")


def test_a_formula_row_keeps_its_symbols_in_order():
    made = Formula.model_validate({
        "id": "f", "name": {"zh": "式", "en": "formula"}, "source": "s", "status": "read", "clause": "9.1",
        "result": {"symbol": "Z", "units": ["t"]},
        "symbols": {name: {"symbol": name.upper(), "units": ["t"], "name": {"zh": "量", "en": name}}
                    for name in ("b", "a")}})
    assert (made.tex, made.clause, list(made.symbols), made.symbols["b"].tex) == ("Z", "9.1", ["b", "a"], "B")


# --- judgements in place of weights -------------------------------------------------------------------------------

SINK = "restoration-carbon-sink-2024"


@pytest.fixture
def judged(tmp_path):
    """A function that changes the lines of the judgements of a copy, and gives the problems that loading it finds."""
    folder = tmp_path / SINK
    shutil.copytree(parameters() / "standards" / SINK, folder)

    def refused(change, indicators=lambda text: text):
        lines = (folder / "judgements.csv").read_text("utf-8").splitlines()
        (folder / "judgements.csv").write_text("\n".join(change(lines)) + "\n", "utf-8")
        path = folder / "indicators.yaml"
        path.write_text(indicators(path.read_text("utf-8")), "utf-8")
        with pytest.raises(BadInput) as found:
            read_standard(folder, parameters() / "accounting")
        return found.value.problems

    return refused


def test_a_pair_that_nobody_compared_is_named_with_its_stage_and_level(judged):
    found = only(judged(lambda lines: [line for line in lines if not line.startswith("producing,groups,SM,SA")]),
                 "stage_pair_missing")
    assert (found.value, found.details) == ("SM, SA", {"stage": "producing", "level": "groups"})


def test_a_pair_compared_twice_in_either_direction_is_refused(judged):
    assert only(judged(lambda lines: [*lines, "producing,groups,SA,SM,2,"]), "duplicate_row").row == 119


def test_an_item_of_another_level_is_refused(judged):
    assert {one.message for one in judged(lambda lines: [*lines, "producing,SM,SM.1,SA.1,2,"])} == {
        "standard_unknown_id"}


def test_a_stage_that_the_standard_does_not_have_is_refused(judged):
    problems = judged(lambda lines: [line.replace("producing,", "running,", 1) for line in lines])
    assert {one.value for one in problems if one.message == "standard_unknown_id"} == {"producing", "running"}


def test_a_weight_beside_judgements_is_refused(judged):
    found = only(judged(lambda lines: lines, lambda text: text.replace(
        '  SM: {clause: "4.4 (2)", ', '  SM: {clause: "4.4 (2)", weight: 20, ', 1)), "weight_beside_judgements")
    assert (found.row, found.value) == ("SM", 20.0)


def test_a_sink_standard_without_judgements_has_no_weights(judged):
    assert {one.message for one in judged(lambda lines: lines[:1])} >= {"weight_not_positive", "weights_do_not_sum"}


def test_a_copy_of_a_source_without_results_and_items_no_longer_asks_for_options():
    source = STANDARD.sources["stationary-combustion"]
    assert {"combustion_ch4_n2o", "fuel_edition", "key"} <= source.conditions
    assert source.model_copy(update={"results": (), "items": {}}).conditions == frozenset()

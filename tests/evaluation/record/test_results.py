"""The result as a document: complete, finite, at full precision."""

import json
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from pydantic import ValidationError

from mineco.core.kit import parameters
from mineco.core.labels import problem_text, set_language
from mineco.core.quantity import WEAK_STATUSES, Factor
from mineco.dossier.mine import NotApplicable, Prerequisite
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine.evaluate import alternatives, evaluate
from mineco.evaluation.case import with_panel
from mineco.evaluation.record.results import notices_told, results_document, write_results
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from tests.helpers import mines
from tests.helpers.refusals import refused_with


@cache
def results(name="tiny-quarry"):
    return results_document(mines.evaluated(name))


@cache
def panel_weights():
    return weights_document(weigh(read_panel(parameters() / "panels" / "example-groups"), draws=100))


@cache
def with_panel_results():
    """Has every key that there can be."""
    return results_document(evaluate(with_panel(mines.example(), panel_weights())))


def leaves(document, path=()):
    """Every value of a document with its path."""
    inside = document.items() if isinstance(document, dict) else enumerate(document)
    for name, value in inside:
        if isinstance(value, dict | list):
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name), value


def test_a_result_where_given_holds_the_annex_result_beside():
    annex = with_panel_results()["outcome"]["annex"]
    assert annex["score"]["total"] == results("tiny-quarry")["outcome"]["score"]["total"]
    assert with_panel_results()["weights"]["panel"]["illustrative"] is True
    assert [one["what"] for one in with_panel_results()["assumptions"] if one["source"] == "panel example-groups"] == [
        f"weight.{name}" for name in ("E1", "E2", "E3", "M1", "O1", "O2")]


def test_without_a_panel_a_result_knows_nothing_of_panels():
    assert "weights" not in results("tiny-quarry")
    assert "annex" not in results("tiny-quarry")["outcome"]


COAL = parameters() / "mines" / "changcun-coal"


@cache
def sink():
    return rcs.check(COAL)


@cache
def drawn():
    return rcs.propagate_uncertainty(rcs.open_case(COAL), draws=50)


@cache
def restored():
    return results_document(sink(), drawn())


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_every_number_is_a_finite_plain_number(name):
    numbers = [(path, value) for path, value in leaves(results(name)) if isinstance(value, int | float | np.number)]
    assert len(numbers) > 100
    for path, value in numbers:
        assert type(value) in (int, float, bool), path
        assert math.isfinite(value), path


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_what_is_written_reads_back_bit_for_bit(name, tmp_path):
    write_results(mines.evaluated(name), tmp_path / "results.json")
    text = (tmp_path / "results.json").read_text("utf-8")
    assert json.loads(text) == results(name)
    assert text.endswith("}\n")
    assert "\\u" not in text  # Chinese stays readable


def test_full_precision_is_kept():
    found = mines.evaluated("tiny-quarry")
    assert results("tiny-quarry")["outcome"]["score"]["total"] == found.score.total.value
    assert results("tiny-quarry")["outcome"]["ledger"]["emissions_t_co2e"] == found.ledger.emissions.value


def test_without_a_path_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_results(mines.evaluated("tiny-quarry"), "")
    assert list(tmp_path.iterdir()) == []


def test_a_result_that_is_no_number_is_not_written(tmp_path):
    broken = evaluate(mines.with_metric(mines.example(), "fresh_water", float("nan")))
    with refused_with("check_failed"):
        write_results(broken, tmp_path / "results.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_the_parts_add_up(name):
    outcome = results(name)["outcome"]
    ledger, indicators = outcome["ledger"], outcome["score"]["indicators"]
    assert math.fsum(one["weight"] for one in indicators) == pytest.approx(1.0, abs=1e-12)
    assert math.fsum(one["nominal_weight"] for one in indicators) == pytest.approx(1.0, abs=1e-12)
    points = math.fsum(one["weight"] * one["score"] for one in indicators if one["score"] is not None)
    assert points == pytest.approx(outcome["score"]["total"], rel=1e-12)
    assert ledger["scope1_t_co2e"] + ledger["scope2_location_t_co2e"] == pytest.approx(ledger["emissions_t_co2e"])
    assert ledger["restoration_removals_t_co2e"] + ledger["filled_co2_t_co2e"] == pytest.approx(
        ledger["removals_t_co2e"])
    assert ledger["residual_t_co2e"] == pytest.approx(max(0, ledger["emissions_t_co2e"] - ledger["removals_t_co2e"]))
    assert abs(ledger["balance_t_co2e"]) <= 1e-9 * ledger["emissions_t_co2e"]


def test_what_does_not_apply_has_neither_value_nor_score_and_a_reason():
    text = OwnText(zh="无固废", en="no waste")
    none = mines.without_figures(mines.example(), "solid_waste_generated", "solid_waste_used")
    case = mines.with_mine(none, not_applicable={"E3.1": NotApplicable(reason="no_solid_waste", text=text)})
    document = results_document(evaluate(case))
    (row,) = [one for one in document["outcome"]["score"]["indicators"] if one["id"] == "E3.1"]
    assert (row["value"], row["score"], row["weight"], row["kind"]) == (None, None, 0.0, "not_applicable")
    assert row["reason"] == "no_solid_waste"
    assert row["nominal_weight"] == pytest.approx(0.075)


def test_a_mine_that_misses_a_gate_has_a_result_with_the_gate():
    case = mines.example()
    fined = Prerequisite(met=False, evidence=OwnText(zh="处罚", en="a fine"))
    gates = {**case.dossier.mine.prerequisites, "law": fined}
    document = results_document(evaluate(mines.with_mine(case, prerequisites=gates)))
    grade = document["outcome"]["grade"]
    assert (grade["final"], grade["binding"], grade["unmet_prerequisites"]) == ("below", "gates", ["law"])


def test_options_keep_their_value_and_who_set_them():
    document = results_document(evaluate(mines.example(gwp="AR4")))
    assert document["options"]["gwp"] == {"value": "AR4", "origin": "command-line"}
    assert document["options"]["count_allowances"] == {"value": True, "origin": "standard"}


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_notices_are_data_in_no_language_and_make_the_same_sentences_again(name):
    told = {}
    for language in ("zh", "en"):
        set_language(language)
        evaluation = evaluate(mines.example(name))
        document = json.loads(json.dumps(results_document(evaluation)))
        told[language] = document["notices"]
        again = [problem_text(one) for one in notices_told(document)]
        assert again == [problem_text(one) for one in evaluation.notices]
    set_language("zh")
    assert told["zh"] == told["en"] != []


def test_notices_of_many_files_keep_row_column_and_value():
    (told,) = [one for one in results("changcun-coal")["notices"] if one["message"] == "offset_vintage_too_old"]
    assert told == {"message": "offset_vintage_too_old", "file": "offsets.csv", "row": 3, "column": "serial",
                    "value": "EX-F-2019-000001-020000", "details": {
                        "vintage": 2019, "retired": "2025-03-20", "report_date": "2025-06-30", "oldest": 2021}}


def test_a_result_that_only_stands_beside_is_no_result_of_the_mine():
    beside = alternatives(mines.example())["gwp", "AR4"]
    with pytest.raises(ValidationError, match="beside"):
        results_document(beside)


def test_every_weak_factor_behind_the_score_is_listed():
    weak_of = {}
    for name in mines.EXAMPLES:
        listed = {one["what"]: one["status"] for one in results(name)["assumptions"]}
        behind = {one.origin.id: one.origin.status for one in mines.evaluated(name).score.total.chain()
                  if isinstance(one.origin, Factor)}
        weak_of[name] = {what: status for what, status in behind.items() if status in WEAK_STATUSES}
        assert weak_of[name].items() <= listed.items()
    assert any(weak_of.values())  # else the examples would not try the rule


def test_assumed_data_are_listed_with_their_rows_from_whichever_table():
    listed = {(one["what"], one["source"]) for one in results("tiny-quarry")["assumptions"]}
    # the rows of 2023 and 2024 on what is left on cleared land; nothing else of the quarry is assumed
    assert {row for row in listed if ".csv" in row[1]} == {("land-clearing.pit edge.carbon_after", "activity.csv:8"),
                                                           ("land-clearing.pit edge.carbon_after", "activity.csv:17")}
    case = mines.mapped(mines.example(), lambda one: replace(one, kind="assumed"), ("measures", "offsets", "parcels"))
    files = {one["source"].partition(":")[0] for one in results_document(evaluate(case))["assumptions"]}
    assert {"measures.csv", "offsets.csv", "restoration.csv"} <= files
    assert "ratings.csv" not in files  # a rating is a judgement, and listed as such


def test_another_choice_of_factor_is_listed_when_it_is_suspect():
    case = mines.example("changcun-coal", fuel_edition="NDRC2014")
    chosen = mines.with_mine(case, factors={"bituminous:carbon": "TOOL2022.bituminous.CC"})
    listed = {one["what"]: one["status"] for one in results_document(evaluate(chosen))["assumptions"]}
    assert listed["TOOL2022.bituminous.CC"] == "suspect"


# --- under the second standard ----------------------------------------------------------------------------------------

def test_the_outcome_of_restoration_holds_what_the_evaluation_holds():
    document = restored()
    outcome, score = document["outcome"], sink().score
    assert outcome["grade"]["final"] == sink().grade.final
    points = math.fsum(one["weight"] * one["score"] for one in outcome["score"]["indicators"])
    assert points == pytest.approx(outcome["score"]["total"], rel=1e-12) == float(score.total)
    for level in outcome["weighing"]["levels"].values():
        assert math.fsum(level["weights"].values()) == pytest.approx(1.0, abs=1e-12)
        assert level["cr"] < 0.1
    # 118 ha and 42 ha; the second one stands in two rows, for plants and for soil, and counts once
    assert outcome["removals"]["restored_area_ha"] == 160.0
    assert outcome["standing"]["state"] == "not_applied"


def test_shares_of_the_draws_sum_to_1_and_intervals_hold_their_means():
    drawn = restored()["uncertainty"]
    assert math.fsum(drawn["grades"].values()) == pytest.approx(1.0)
    assert (drawn["draws"], drawn["seed"]) == (50, 0)
    for one in (drawn["score"], drawn["project_gain_t_co2e"], *drawn["indicators"].values()):
        assert one["low"] <= one["mean"] <= one["high"]


def test_figures_for_which_the_other_standard_alone_asks_are_no_assumptions_of_this_one():
    named = {standard: {one["what"] for one in document["assumptions"]}
             for standard, document in (("cnm", results("changcun-coal")), ("rcs", restored()))}
    assert {"soil_loss", "baseline_removals"} <= named["rcs"] - named["cnm"]
    assert {"energy_cap", "electricity.purchased"} <= named["cnm"] - named["rcs"]
    assert "green_area" in named["rcs"] & named["cnm"]


def test_a_mine_that_is_not_eligible_has_a_result_with_its_removals_and_without_a_score():
    case = rcs.open_case(COAL)
    gates = {**case.dossier.mine.prerequisites, "independent_legal_person": Prerequisite(
        met=False, evidence=OwnText(zh="分公司", en="a branch"))}
    document = results_document(rcs.evaluate(mines.with_mine(case, prerequisites=gates)))
    outcome = document["outcome"]
    assert (outcome["grade"]["final"], outcome["score"]["total"], outcome["score"]["groups"]) == (None, None, {})
    assert outcome["grade"]["unmet_prerequisites"] == ["independent_legal_person"]
    assert {one["id"] for one in outcome["score"]["indicators"]} == {f"SE.{number}" for number in range(1, 7)}
    assert outcome["removals"] == restored()["outcome"]["removals"]

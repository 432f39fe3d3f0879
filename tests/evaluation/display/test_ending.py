"""A run ends with its main figures and with what to look at first, whichever the standard, in both languages."""

from functools import cache

import pytest

from mineco.core import labels
from mineco.core.kit import parameters
from mineco.dossier.mine import Damage
from mineco.dossier.texts import OwnText
from mineco.evaluation import registry
from mineco.evaluation.display.ending import FIGURES, ending
from mineco.evaluation.record.results import results_document
from mineco.evaluation.restoration_area.outcome import VERDICTS
from mineco.evaluation.score import points_lost
from tests.helpers.mines import with_mine

MINE, SINK, AREA = "carbon-neutral-mine-2025", "restoration-carbon-sink-2024", "restoration-area-2025"
EXAMPLES = {MINE: "tiny-quarry", SINK: "changcun-coal", AREA: "example-restoration-area"}


@cache
def results(standard):
    return results_document(registry.check(parameters() / "mines" / EXAMPLES[standard], standard))


def told(standard, language="en"):
    labels.set_language(language)
    return ending(results(standard))


def test_a_carbon_neutral_mine_ends_with_score_grade_and_what_decides_it():
    assert told(MINE)[:3] == ["total score: 64.71", "grade: C (nearly carbon-neutral mine)",
                              "binding: score and offset ratio alike"]


def test_most_points_are_lost_where_weight_times_what_is_missing_to_100_is_largest():
    # E2.4 has 30 % of the 20 % of its group and no point: 0.06 × 100; M1.6 has 4 %, and 12.843 points: 0.04 × 87.157
    assert told(MINE)[5].startswith(
        "  2 most points lost: E2.4 Carbon capture and storage (−6), M1.6 Renewable share (−3.49), E2.3 ")


def test_an_indicator_with_all_points_or_with_none_to_give_loses_none():
    assert points_lost({"a": 0.5, "b": 0.5}, {"a": 100.0, "b": None}) == {}


def test_an_evaluation_that_scores_nothing_names_the_requirements_that_are_not_met():
    assert told(AREA)[3:] == ["Look at these first:", "  1 requirements not met: 95 % half-width of the change",
                              "  2 notices: 0"]


def test_every_requirement_of_restoration_areas_has_a_name():
    assert VERDICTS.keys() == results(AREA)["outcome"]["verdicts"].keys()


def test_a_gate_that_is_not_met_stands_by_its_name_and_a_score_that_is_not_there_is_a_dash(english):
    harmed = Damage(date="2024-05-01", text=OwnText(zh="滑坡", en="slide"), evidence="a record")
    case = registry.check(parameters() / "mines" / EXAMPLES[SINK], SINK).case
    refused = registry.evaluate(with_mine(case, ecological_damage=[harmed]))
    lines = ending(results_document(refused))
    assert lines[:2] == ["total score: —", "grade: —"]
    assert lines[4] == f"  1 requirements not met: {case.standard.prerequisites['no_ecological_damage'].name_en}"
    assert not any("most points lost" in line for line in lines)


@pytest.mark.parametrize("standard", EXAMPLES)
def test_the_figures_of_each_standard_are_of_its_summary_and_told_in_both_languages(standard):
    made = registry.evaluation_module(standard).Evaluation
    assert set(made.main_figures) <= made.summary_from(results(standard)["outcome"]).keys() & FIGURES.keys()
    chinese, english = told(standard, "zh"), told(standard, "en")
    assert len(chinese) == len(english)
    assert not set(chinese) & set(english)


def test_what_the_evaluators_left_open_is_named_last_and_nothing_of_it_where_all_is_closed():
    labels.set_language("en")
    given = results(MINE)
    one = {"id": "NC-1", "closed": None}
    assert ending({**given, "findings": [one, {"id": "CL-1", "closed": "2025-03-01"}]})[-1] == (
        "  4 findings of the evaluators still open: NC-1")
    assert ending({**given, "findings": [{"id": "CL-1", "closed": "2025-03-01"}]}) == ending(given)

"""What the papers do not prove stands in the findings: raters, log, data, evidence, anchors."""

from dataclasses import replace

import pytest

from mineco.core.kit import parameters
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.record.proof import proof_lacking
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from tests.helpers import mines


def lacking(evaluation):
    return {one.message: one for one in proof_lacking(evaluation)}


def test_an_indicator_that_one_rater_rated_is_named_with_its_row():
    case = mines.example()
    first, second = (row for row in case.dossier.ratings if row.indicator == "E2.4")
    alone = mines.with_dossier(case, ratings=[row for row in case.dossier.ratings if row != second])
    told = lacking(evaluate(alone))["single_rater"]
    assert (told.file, told.row, told.value) == ("ratings.csv", first.line, "E2.4")
    assert "single_rater" not in lacking(mines.evaluated())


def test_a_log_without_an_entry_is_told_of_standards_that_have_steps():
    assert "log_blank" in lacking(evaluate(mines.with_dossier(mines.example(), events=[])))
    assert "log_blank" not in lacking(mines.evaluated())
    assert "log_blank" in lacking(rcs.check(parameters() / "mines" / "changcun-coal"))  # it never applied
    assert "log_blank" not in lacking(rcs.check(parameters() / "mines" / "example-copper"))


def test_assumed_data_are_told_by_file_and_row_and_measured_ones_are_not():
    # the carbon of newly disturbed land of each year
    assert lacking(mines.evaluated())["data_assumed"].details == {"places": "activity.csv:8, 17"}
    assert "data_assumed" not in lacking(mines.evaluated("example-copper"))


def test_evidence_in_words_is_told_and_a_file_of_the_dossier_is_not():
    case = mines.example()
    filed = {table: [replace(row, evidence="evidence/a.pdf") for row in getattr(case.dossier, table)]
             for table in ("ratings", "measures", "offsets", "parcels", "events")}
    assert "evidence_in_words" not in lacking(evaluate(mines.with_dossier(case, **filed)))
    one = {**filed, "offsets": case.dossier.offsets}
    told = lacking(evaluate(mines.with_dossier(case, **one)))["evidence_in_words"]
    assert told.details == {"places": "offsets.csv:2"}


def test_points_on_assumed_anchors_are_those_of_the_conclusion():
    evaluation = mines.evaluated()
    points = sum(evaluation.points_on_assumed().values())
    assert float(lacking(evaluation)["anchors_assumed"].details["points"]) == pytest.approx(points, abs=0.01)


def test_of_a_standard_without_anchors_of_ours_nothing_is_told_of_them():
    assert "anchors_assumed" not in lacking(rcs.check(parameters() / "mines" / "example-copper"))

"""What the next grade needs: amounts rounded up, digits enough beside a cut, and which key decides."""

from dataclasses import replace

import pytest

from mineco import views
from mineco.core.formatting import format_apart, round_up
from mineco.evaluation.carbon_neutral_mine.grade import determine_grade
from mineco.evaluation.carbon_neutral_mine.next_grade import offsets_needed
from mineco.evaluation.carbon_neutral_mine.views.grade import next_grade_text
from tests.helpers import mines


def behind(points, share, case=None):
    """Case, grade, score and ledger of the copper mine with another score and another offset ratio."""
    found = mines.evaluated("example-copper")
    score = replace(found.score, total=replace(found.score.total, value=points))
    ledger = replace(found.ledger, residual=replace(found.ledger.residual, value=1000.0),
                     offset_ratio=replace(found.ledger.offset_ratio, value=share),
                     offsets=replace(found.ledger.offsets, total=replace(found.ledger.offsets.total,
                                                                         value=1000.0 * share)))
    case = case or found.case
    views.set_language("en")
    return case, determine_grade(case, score, ledger, found.accounts), score, ledger


def said(points, share, case=None):
    """The sentence on its next grade."""
    return next_grade_text(*behind(points, share, case))


def test_where_the_score_binds_nobody_is_told_to_retire_credits():
    (text,) = said(84.0, 0.97)  # B by score, AA by offsets
    assert "1 points are missing" in text
    assert "retired" not in text
    assert text.endswith("What decides now: the score.")


def test_where_offsets_bind_the_amount_is_rounded_up_and_suffices():
    # 0.9 * 1000 - 812.345 = 87.655 t
    (text,) = said(96.0, 0.812345)
    assert "87.66 tCO₂e" in text
    assert "points are missing" not in text


def test_where_both_bind_both_are_told():
    (text,) = said(71.0, 0.85)
    assert "14 points are missing, another 50 tCO₂e" in text


def test_at_the_best_grade_nothing_is_asked_for():
    assert said(96.0, 1.0) == []


def test_behind_a_gate_neither_key_helps():
    case = mines.example("example-copper")
    gates = {name: one.model_copy(update={"met": name != "law"})
             for name, one in case.dossier.mine.prerequisites.items()}
    (text,) = said(96.0, 1.0, mines.with_mine(case, prerequisites=gates))
    assert "prerequisite" in text


@pytest.mark.parametrize(("offsets", "residual", "share"), [
    (165_000.0, 197_135.63, 0.9), (0.1, 0.3, 1.0), (1 / 3, 7.0, 0.8), (123_456.789, 987_654.321, 0.95)])
def test_what_is_to_be_retired_reaches_the_cut(offsets, residual, share):
    assert (offsets + offsets_needed(offsets, residual, share)) / residual >= share


def test_a_number_beside_a_cut_shows_its_side():
    assert format_apart(79.99996, [80.0], "%") == "79.99996 %"
    assert format_apart(80.00004, [80.0], "%") == "80 %"
    assert format_apart(12.3456, [80.0]) == "12.35"
    assert round_up(0.00012341) == 0.0001235


def test_a_ratio_just_below_a_cut_is_never_printed_as_the_cut():
    case, grade, score, ledger = behind(84.99996, 0.7999996)
    text = views.grade.grade_text(case, grade, score, ledger).text
    assert "84.99996 points" in text
    assert "79.99996 %" in text
    assert grade.by_offset == "C"

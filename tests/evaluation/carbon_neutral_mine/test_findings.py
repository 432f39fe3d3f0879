"""Figures that the mine declares are held to those recomputed, by one per cent of the larger, zeros among them."""

import pytest

from mineco.dossier.rows import DeclaredRow
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from tests.helpers import mines


def declaring(item, initial, verified=None, unit="tCO2e", **tables):
    """What is told of one declared figure of the quarry."""
    def made(value):
        return mines.given(f"declared.{item}", value, unit, "declared.csv", 2) if isinstance(value, float) else value

    row = DeclaredRow(item=item, initial=made(initial), verified=made(verified), unit=unit, why="", line=2)
    found = evaluate(mines.with_dossier(mines.example(), declared=[row], **tables)).notices
    return [one for one in found if one.message == "declared_otherwise"]


@pytest.mark.parametrize(("share", "is_told"), [(1.0, False), (0.9901, False), (0.9899, True), (1.0099, False),
                                                (1.0103, True), (0.0, True)])
def test_a_declared_figure_is_told_beyond_one_per_cent_of_the_larger(share, is_told):
    emissions = float(mines.evaluated().ledger.emissions)
    assert bool(declaring("emissions", emissions * share)) is is_told


def test_what_is_declared_where_nothing_is_found_is_told_and_nothing_beside_nothing_is_not():
    assert declaring("offsets", 0.0, offsets=[]) == []
    (told,) = declaring("offsets", 5.0, offsets=[])
    assert told.details["found"] == "0 tCO₂e"


def test_the_verified_figure_counts_where_there_is_one():
    emissions = float(mines.evaluated().ledger.emissions)
    assert declaring("emissions", emissions * 2, emissions) == []
    (told,) = declaring("emissions", emissions, emissions * 2)
    assert (told.file, told.row, told.column) == ("declared.csv", 2, "verified")
    assert told.details["found"] == "1,114 tCO₂e"  # 1113.78


def test_another_grade_is_told_and_the_same_is_not():
    assert declaring("grade", "C", unit="") == []
    (told,) = declaring("grade", "B", unit="")
    assert (told.value, told.details["found"], told.row) == ("B", "C", 2)

"""A panel is read as it was written, in rows or in square tables, or refused with every problem at its place."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from mineco.core import kit
from mineco.core.errors import BadInput, Problem
from mineco.core.labels import problem_text
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from mineco.weighting.weights_file import read_weights, weights_text
from tests.helpers.badinputs.panel_cases import END, PANEL_CASES, BadPanel
from tests.helpers.city_panel import ITEMS, write_city_panel

EXAMPLE = kit.parameters() / "panels" / "example-groups"
GROUPS = ("E1", "E2", "E3", "M1", "O1", "O2")


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "panel"))


def change(folder: Path, file: str, line: int, text: str) -> None:
    path = folder / file
    if line == -2:
        path.unlink()
    elif line == -1:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    else:
        lines = path.read_text("utf-8").splitlines()
        if line == END:
            lines.append(text)
        else:
            lines[line - 1] = text
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def problems_of(folder: Path) -> list[Problem]:
    with pytest.raises(BadInput) as refused:
        read_panel(folder)
    return refused.value.problems


# --- refused --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("bad", PANEL_CASES, ids=lambda bad: bad.name)
def test_a_malformed_panel_is_refused_with_the_place_of_what_is_wrong(bad: BadPanel, panel: Path):
    change(panel, bad.file, bad.line, bad.text)
    found = problems_of(panel)
    told = [one for one in found if one.message == bad.message]
    assert told, [str(one) for one in found]
    assert told[0].file == (bad.where or bad.file)
    if bad.row != "":
        assert told[0].row == bad.row
    if bad.column:
        assert told[0].column == bad.column
    if bad.value != "":
        assert told[0].value == bad.value
    for one in found:
        for language in ("zh", "en"):
            assert "{" not in problem_text(one, language)


def test_there_are_enough_ways_to_be_wrong_and_each_has_its_name():
    assert len({bad.name for bad in PANEL_CASES}) == len(PANEL_CASES) >= 40


def test_a_judgement_that_is_wrong_names_expert_row_column_and_value(panel: Path):
    change(panel, "judgements.csv", 2, "A,groups,E1,E2,-3,")
    (one,) = problems_of(panel)
    assert problem_text(one, "en").startswith("judgements.csv, row 2, E1 : E2 = -3:")
    assert one.details["expert"] == "A"


def test_problems_of_several_files_are_told_together(panel: Path):
    change(panel, "judgements.csv", 2, "A,groups,E1,E2,0,")
    change(panel, "scores.csv", 2, "1,A,groups,E1,10,")
    change(panel, "experts.csv", 3, "B,甲,b,mine,0,,,")
    assert {one.file for one in problems_of(panel)} == {"judgements.csv", "scores.csv", "experts.csv"}


def test_disconnected_comparisons_name_their_parts(panel: Path):
    change(panel, "judgements.csv", END, "A,E1,E1.1,E1.2,2,\nA,E1,E1.3,E1.4,2,")
    (one,) = problems_of(panel)
    parts = str(one.details["parts"]).split(" | ")
    assert "E1.1, E1.2" in parts
    assert "E1.3, E1.4" in parts


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    assert [one.message for one in problems_of(tmp_path / "nowhere")] == ["panel_not_found"]


def test_a_method_without_answers_is_refused(panel: Path):
    (panel / "judgements.csv").unlink()
    assert [one.message for one in problems_of(panel)] == ["panel_without_answers"]


@pytest.mark.parametrize("kind", ["link", "large"])
def test_a_link_or_a_file_beyond_measure_is_not_opened(kind: str, panel: Path, tmp_path: Path):
    path = panel / "notes.txt"
    if kind == "link":
        path.symlink_to(tmp_path)
    else:
        with path.open("wb") as file:
            file.truncate(9_000_000)
    assert [one.message for one in problems_of(panel)] == [{"link": "not_a_file", "large": "file_too_large"}[kind]]


# --- read -----------------------------------------------------------------------------------------------------------

def test_the_example_is_marked_as_illustrative_and_has_what_it_says():
    found = read_panel(EXAMPLE)
    level = found.levels["groups"]
    assert found.illustrative
    assert found.standard == "carbon-neutral-mine-2025"
    assert level.items == GROUPS
    assert level.experts == tuple(one.id for one in found.experts) == tuple("ABCDEF")
    assert [scores.shape for scores in found.rounds["groups"]] == [(6, 6), (6, 6)]
    assert np.isnan(found.rounds["groups"][0][2, 4])  # C gave O1 no score in the first round
    assert np.isnan(found.rounds["groups"][0]).sum() == 1


def test_a_comparison_is_read_in_both_directions_and_a_missing_one_stays_missing():
    level = read_panel(EXAMPLE).levels["groups"]
    first, last = level.matrices[0], level.matrices[4]
    assert first[0, 2] == 2.0  # A: E1 to E3 is 2
    assert first[2, 0] == 0.5
    assert np.isnan(last[3, 5])  # E left out M1 to O2
    assert np.isnan(last[5, 3])
    assert np.isnan(level.matrices).sum() == 2
    product = level.matrices * level.matrices.transpose(0, 2, 1)
    assert product[~np.isnan(product)] == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize(("text", "value"), [("1/3", 1 / 3), ("１/３", 1 / 3), ("0.5", 0.5), ("9", 9.0), ("0.11", 0.11),
                                             ("1 / 4", 0.25)])
def test_fractions_decimals_and_full_width_digits_are_numbers(text: str, value: float, panel: Path):
    change(panel, "judgements.csv", 2, f"A,groups,E1,E2,{text},")
    assert read_panel(panel).levels["groups"].matrices[0, 0, 1] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("back", ["0.33", "0.333", "1/3", "0.3"])
def test_a_rounded_reciprocal_agrees_and_the_direction_above_1_holds(back: str, panel: Path):
    change(panel, "judgements.csv", END, f"A,groups,M1,E1,{back},")  # A: E1 to M1 is 3
    level = read_panel(panel).levels["groups"]
    assert level.matrices[0, 0, 3] == 3.0
    assert level.matrices[0, 3, 0] == 1 / 3


def test_items_and_levels_may_be_written_by_name_in_either_language(panel: Path):
    change(panel, "judgements.csv", 2, "A,groups,矿山温室气体排放,Abatement measures,7,")
    assert read_panel(panel).levels["groups"].matrices[0, 0, 1] == 7.0


def test_one_against_itself_is_1_and_may_be_said(panel: Path):
    before = read_panel(panel).levels["groups"].matrices
    change(panel, "judgements.csv", END, "A,groups,E1,E1,1,")
    assert np.array_equal(read_panel(panel).levels["groups"].matrices, before, equal_nan=True)


def test_square_tables_say_the_same_as_rows(panel: Path):
    as_rows = read_panel(panel)
    (panel / "judgements.csv").unlink()
    (panel / "questionnaires").mkdir()
    for name, matrix in zip(as_rows.levels["groups"].experts, as_rows.levels["groups"].matrices, strict=True):
        order = [5, 3, 1, 0, 2, 4]  # whatever the order of rows
        with (panel / "questionnaires" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(file)
            write.writerow(["item", *GROUPS])
            for row in order:
                write.writerow([GROUPS[row], *("" if np.isnan(one) or column < row else f"{one!r}"
                                               for column, one in enumerate(map(float, matrix[row])))])
    as_squares = read_panel(panel).levels["groups"].matrices
    assert as_squares == pytest.approx(as_rows.levels["groups"].matrices, rel=1e-14, nan_ok=True)


def test_a_square_table_of_another_level_is_named_by_it(panel: Path):
    change(panel, "questionnaires/B.E1.csv", -1, "item,E1.1,E1.2,E1.3,E1.4\nE1.1,1,3,3,3\n"
           "E1.2,,1,1,1\nE1.3,,,1,1\nE1.4,,,,1\n")
    level = read_panel(panel).levels["E1"]
    assert level.experts == ("B",)
    assert level.matrices[0, 0].tolist() == [1.0, 3.0, 3.0, 3.0]


def test_a_panel_may_bring_items_of_its_own(panel: Path):
    change(panel, "panel.yaml", 4, "items: {groups: {a: {zh: 甲, en: one}, b: {zh: 乙, en: two}}}")
    change(panel, "judgements.csv", -1, "expert,level,row,column,value,note\n" + "".join(
        f"{name},groups,a,two,3,\n" for name in "ABCDEF"))
    (panel / "scores.csv").unlink()
    found = read_panel(panel)
    assert found.standard == ""
    assert found.levels["groups"].matrices[:, 0, 1].tolist() == [3.0] * 6


def test_a_panel_in_one_language_gives_the_weights_of_one_in_both(panel: Path, tmp_path: Path):
    both = weights_document(weigh(read_panel(panel), draws=20)).levels
    for file, line, text in (("panel.yaml", 3, "name: 示例专家组"),
                             ("experts.csv", 2, "A,矿山碳核算,,university,1,0.9,0.9,"),
                             ("experts.csv", 3, "B,,mining and energy saving,mine,1,0.8,0.8,")):
        change(panel, file, line, text)
    found = read_panel(panel)
    assert (found.name["zh"], found.name["en"]) == ("示例专家组", "示例专家组")
    assert [one.role["en"] for one in found.experts[:2]] == ["矿山碳核算", "mining and energy saving"]
    written = tmp_path / "weights.yaml"
    written.write_text(weights_text(weights_document(weigh(found, draws=20))), "utf-8")
    assert read_weights(written).levels == both


def test_the_digest_follows_every_byte_and_every_name_and_nothing_else(panel: Path, tmp_path: Path):
    first = read_panel(panel).sha256
    assert read_panel(Path(shutil.copytree(panel, tmp_path / "elsewhere"))).sha256 == first
    (panel / "notes.md").write_text("x", encoding="utf-8")
    second = read_panel(panel).sha256
    (panel / "notes.md").rename(panel / "other.md")
    third = read_panel(panel).sha256
    assert len({first, second, third}) == 3


def test_two_hundred_real_respondents_are_read_as_one_panel(tmp_path: Path):
    level = read_panel(write_city_panel(tmp_path)).levels["groups"]
    assert level.matrices.shape == (200, 5, 5)
    assert level.items == ITEMS
    # the first respondent: 2, -2, 2, -6 for cult against fam, house, jobs and trans
    assert level.matrices[0, 0].tolist() == [1.0, 0.5, 2.0, 0.5, 6.0]

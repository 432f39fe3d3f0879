"""A blank questionnaire asks for every pair, explains itself in both languages, and reads once it is filled in."""

import csv
import itertools
from pathlib import Path

import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.core.errors import BadInput
from mineco.dossier.cells import tables
from mineco.runs.blanks.panel import new_panel
from mineco.standards.load import levels_of
from mineco.weighting.panels import read_panel

STANDARD = "carbon-neutral-mine-2025"
LEVELS = levels_of(STANDARD)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("level", LEVELS)
def test_every_pair_of_every_level_of_the_standard_is_asked_for_by_name(level, tmp_path):
    asked = rows(new_panel(tmp_path / "panel", STANDARD, [level]) / "judgements.csv")
    assert [(row["row"], row["column"]) for row in asked] == list(itertools.combinations(LEVELS[level], 2))
    for row in asked:
        for item in (row["row"], row["column"]):
            assert LEVELS[level][item].zh in row["note"]
            assert LEVELS[level][item].en in row["note"]


def test_every_table_has_every_column_and_the_guide_explains_the_scale_in_both_languages(tmp_path):
    folder = new_panel(tmp_path / "panel", STANDARD, ["groups", "E1", "groups"], "en")
    for file, columns in tables("panel").items():
        with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
            assert next(csv.reader(lines)) == list(columns)
    guide = (folder / "README.md").read_text("utf-8")
    assert guide.startswith("# A blank questionnaire")
    for part in ("极端重要", "extremely more important", "E1.1", "judgement_basis", "空白问卷"):
        assert part in guide
    assert len(rows(folder / "judgements.csv")) == 15 + 6  # six groups, four indicators of E1


def test_what_is_blank_is_all_that_is_wrong_with_it(tmp_path):
    folder = new_panel(tmp_path / "panel", STANDARD)
    with pytest.raises(BadInput) as refused:
        read_panel(folder)
    assert {(one.message, one.column) for one in refused.value.problems} == {
        ("missing_value", name) for name in ("value", "role_zh")}


def test_filled_in_it_is_a_panel(tmp_path):
    folder = new_panel(tmp_path / "panel", STANDARD, ["E1"])
    for file, filled in (("experts.csv", {"role_zh": "甲", "role_en": "one"}), ("judgements.csv", {"value": "2"})):
        told = [row | filled for row in rows(folder / file)]
        with (folder / file).open("w", encoding="utf-8-sig", newline="") as lines:
            table = csv.DictWriter(lines, list(told[0]))
            table.writeheader()
            table.writerows(told)
    found = read_panel(folder)
    assert not found.illustrative
    assert found.levels["E1"].matrices[0, 0].tolist() == [1.0, 2.0, 2.0, 2.0]


@pytest.mark.parametrize(("arguments", "message"), [
    (["--panel", "elsewhere-2020"], "is no standard"), (["--panel", STANDARD, "--level", "E9"], "is no level")])
def test_what_there_is_not_is_refused_and_nothing_is_written(arguments, message, tmp_path):
    said = CliRunner().invoke(main, ["new", str(tmp_path / "panel"), *arguments, "--lang", "en"])
    assert said.exit_code == 2
    assert message in said.stderr
    assert not (tmp_path / "panel").exists()


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        new_panel(tmp_path, STANDARD)
    assert [one.message for one in refused.value.problems] == ["folder_not_empty"]
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"


def test_the_command_writes_it(tmp_path):
    said = CliRunner().invoke(main, ["new", str(tmp_path / "panel"), "--panel", STANDARD, "--level", "groups",
                                     "--level", "O2"])
    assert (said.exit_code, said.output.strip()) == (0, str(tmp_path / "panel"))
    assert {row["level"] for row in rows(tmp_path / "panel" / "judgements.csv")} == {"groups", "O2"}

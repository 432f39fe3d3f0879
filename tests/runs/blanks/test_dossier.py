"""A blank dossier asks for everything that the standard needs, in the form in which it is read."""

import csv
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from mineco.core.errors import BadInput, Problems
from mineco.core.kit import parameters
from mineco.core.labels import label
from mineco.core.reading.tables import read_table
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import may_lack, tables
from mineco.dossier.read import gather_dossier
from mineco.evaluation.registry import check
from mineco.evaluation.restoration_area import evaluate as restoration_area
from mineco.evaluation.restoration_area.stages.reached import STAGES
from mineco.runs.blanks.dossier import new_dossier
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard
from mineco.standards.procedure import load_procedure

STANDARD = "carbon-neutral-mine-2025"
FORM = {"missing_column", "unknown_column", "field_count", "not_yaml", "unknown_file", "missing_file", "unknown_key",
        "unknown_source", "unknown_metric", "unknown_indicator", "unknown_unit", "wrong_dimension", "duplicate_row",
        "rated_twice", "not_in_standard", "bad_value", "missing_unit"}


@pytest.fixture(scope="module")
def blank(tmp_path_factory) -> Path:
    return new_dossier(tmp_path_factory.mktemp("new") / "mine", STANDARD, "en")


def test_every_file_stands_with_every_column(blank):
    for file, columns in tables().items():
        with (blank / file).open(encoding="utf-8-sig", newline="") as lines:
            assert next(csv.reader(lines)) == list(columns)
    assert {path.name for path in blank.iterdir()} == {*tables(), "mine.yaml", "README.md", "evidence", "rasters"}


def test_what_is_blank_is_all_that_is_wrong_with_it(blank):
    with pytest.raises(BadInput) as refused:  # so many are wrong that the reading ends before its end
        gather_dossier(blank, load_standard(STANDARD), load_factors(), Problems())
    messages = {problem.message for problem in refused.value.problems}
    assert "missing_figure" in messages
    assert messages & FORM == set()


def test_every_source_item_without_a_default_and_every_figure_is_asked_for_with_its_unit(blank):
    standard = load_standard(STANDARD)
    asked = {(row["source"], row["item"].rpartition(":")[2]) for row in read_table(blank / "activity.csv",
                                                                                 list(tables()["activity.csv"]))}
    for source in standard.sources.values():
        if not source.id.startswith("restoration-"):
            for item in source.items.values():
                if not item.factor:
                    assert (source.id, f"<{source.key}>" if item.main and source.key else item.id) in asked
    figures = read_table(blank / "metrics.csv", list(tables()["metrics.csv"]))
    assert {row["metric"] for row in figures} == set(standard.metrics)
    assert all(row["unit"] for row in figures)


def test_every_qualitative_indicator_has_a_row_for_its_raters(blank):
    rated = {row["indicator"] for row in read_table(blank / "ratings.csv", list(tables()["ratings.csv"]))}
    assert rated == {"E2.4", "M1.1", "M1.2", "M1.3", "M1.4", "O1.3"}  # clause 7.2: six qualitative indicators


def test_mine_yaml_names_every_gate_option_and_disclosure(blank):
    standard = load_standard(STANDARD)
    text = (blank / "mine.yaml").read_text(encoding="utf-8")
    assert set(read_yaml(blank / "mine.yaml")["prerequisites"]) == set(standard.prerequisites)
    for name in (*standard.options, *standard.disclosures, *standard.mine_types, *standard.mine_subtypes):
        assert name in text
    assert not re.search(r"\{(year|next_year|last_year|types|subtypes|stages|roles)\}", text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_explains_every_column_source_and_figure(tmp_path, language):
    text = (new_dossier(tmp_path / "mine", STANDARD, language) / "README.md").read_text(encoding="utf-8")
    standard = load_standard(STANDARD)
    for columns in tables().values():
        assert all(f"`{name}`" in text and {"zh": column.zh, "en": column.en}[language] in text
                   for name, column in columns.items())
    assert all(f"`{name}`" in text for name in (*standard.metrics, "mobile-combustion", "electricity"))
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("| year")}
    assert len(widths) <= 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_tells_who_takes_each_step_of_a_procedure_with_what_result(tmp_path, language):
    with_procedure = "restoration-carbon-sink-2024"
    text = (new_dossier(tmp_path / "mine", with_procedure, language) / "README.md").read_text(encoding="utf-8")
    for step in load_procedure(with_procedure).steps.values():
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{step.id}` |")]
        assert all(word in row for word in (step.name[language], step.evidence[language], *step.roles, *step.outcomes))


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "mine.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        new_dossier(tmp_path, STANDARD, "zh")
    assert refused.value.problems[0].message == "folder_not_empty"
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "mine"


# --- a standard that looks at maps ----------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def land(tmp_path_factory) -> Path:
    return new_dossier(tmp_path_factory.mktemp("new") / "land", "restoration-area-2025", "en")


def test_tables_of_the_land_stand_with_every_column_and_are_told_in_the_guide(land):
    guide = (land / "README.md").read_text("utf-8")
    assert not (land / "rasters" / "strata.csv").exists()  # which mineco sample writes
    for file, columns in tables("rasters").items():
        if may_lack(file, "rasters"):
            continue
        with (land / "rasters" / file).open(encoding="utf-8-sig", newline="") as lines:
            assert next(csv.reader(lines)) == list(columns)
        assert f"## rasters/{file}" in guide
    assert "| `sand-fixing` |" in guide


def test_what_is_blank_of_the_land_is_all_that_is_wrong_with_it(land):
    with pytest.raises(BadInput) as refused:
        restoration_area.read_land(SimpleNamespace(
            standard=load_standard("restoration-area-2025"), option=lambda name: False,
            dossier=SimpleNamespace(folder=land, mine=SimpleNamespace(boundary=SimpleNamespace(geometry=None)))))
    assert {one.message for one in refused.value.problems} == {"no_factor"}


def test_its_own_check_of_a_blank_land_tells_what_is_to_be_filled_and_nothing_else(land):
    with pytest.raises(BadInput) as refused:
        check(land, "restoration-area-2025")
    assert {one.message for one in refused.value.problems} == {"missing_text", "missing_entry"}


def test_a_map_put_into_a_blank_land_makes_zones_and_the_rest_is_not_assessed(land, tmp_path):
    example = parameters() / "mines" / "example-restoration-area"
    copy = Path(shutil.copytree(land, tmp_path / "land"))
    shutil.copy(example / "mine.yaml", copy / "mine.yaml")
    shutil.copy(example / "rasters" / "elevation.tif", copy / "rasters" / "elevation.tif")
    with (copy / "rasters" / "layers.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("elevation,,elevation.tif,1,,,,,,,made by a program\n")
    outcome = check(copy, "restoration-area-2025").told()
    assert outcome["zones"]
    assert not any(one["assessed"] for one in outcome["stages"].values())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_tells_which_data_each_part_of_the_result_needs(tmp_path, language):
    text = (new_dossier(tmp_path / "land", "restoration-area-2025", language) / "README.md").read_text("utf-8")
    needs = {"zh": "| 植被持续下降 | `ndvi` |", "en": "| falling vegetation | `ndvi` |"}[language]
    assert needs in text
    assert all(label(f"stage_{name}", language) in text for name in STAGES)


def test_a_standard_that_needs_no_figure_asks_for_no_row_of_figures(land):
    assert len((land / "metrics.csv").read_text("utf-8-sig").splitlines()) == 1
    problems = Problems()
    gather_dossier(land, load_standard("restoration-area-2025"), load_factors(), problems)
    assert problems
    assert "year_without_rows" not in {one.message for one in problems}


def test_a_standard_without_maps_leaves_the_folder_of_rasters_empty(blank):
    assert not list((blank / "rasters").iterdir())

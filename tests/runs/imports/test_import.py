"""Foreign tables are imported by a mapping: what a cell says is taken over with where it stood, nothing is made up."""

import csv
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.evaluation.case import open_case_with_gaps
from mineco.runs.imports.mapping import mapping_ids, read_mapping

GEM = Path(__file__).parents[4] / "shared" / "data" / "gem" / "Global-Coal-Mine-Tracker-April-2024.xlsx"
SHEET = "Global Coal Mine Tracker (Non-C"
ESTIMATE = "GEM Coal Mine Methane Emissions Estimate (MCM/yr)"
HEADINGS = ["GEM Mine ID", "Country", "Mine Name", "Mine Name (Non-ENG)", "Status", "Project Type", "Project\nPhase",
            "Capacity (Mtpa)", "Production (Mtpa)", "Mine Type", "State, Province", ESTIMATE,
            "Longitude", "Latitude", "Mine Depth (m)", "Depth Accuracy"]
ROWS = [  # invented mines in the form of the tracker
    ["M1", "China", "One", "一矿", "Operating", None, None, 5, "*", "Underground", "Shanxi", 100, 112.5, 36.5, 480,
     "Exact"],
    ["M2", "China", "Two", "二矿", "Operating", None, "Stage 1", 4, 2, "Surface", "Inner Mongolia", 10, 110, 40, 456,
     "Estimate"],
    ["M2", "China", "Two", "二矿", "Proposed", "Expansion", "Stage 2", 6, "*", "Surface", "Inner Mongolia", 30, 110,
     40, 90, "Exact"],
    ["M3", "China", "Three", "-", "Operating", None, None, 1, "*", "-", "Guizhou", "-", 105, 27, "-", "-"],
    ["M4", "Poland", "Four", "-", "Operating", None, None, 9, 8, "Underground", "Silesia", 50, 19, 50, 700, "Exact"],
]


def mineco(*arguments: object):
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", "en"])


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "About"
    book.active.append(["Global Coal Mine Tracker"])
    sheet = book.create_sheet(SHEET)
    for row in (HEADINGS, *ROWS):
        sheet.append(row)
    book.save(tmp_path / "tracker.xlsx")
    return tmp_path / "tracker.xlsx"


def table_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def evaluated(folder: Path) -> tuple[dict[str, dict], str]:
    """The rows of the batch by mine, and what the command said."""
    said = mineco("batch", folder / "mines.csv", "--like", folder / "like", "--out", folder / "out", "--workers", 1)
    rows = pyarrow.parquet.read_table(folder / "out" / "summary.parquet").to_pylist()
    return {row["mine"]: row for row in rows}, said.output


def test_a_tracker_becomes_a_table_that_a_batch_takes(tracker, tmp_path):
    said = mineco("import", "gem", tracker, "--country", "China", "--out", tmp_path / "gem")
    assert said.exit_code == 0
    rows = {row["mine"]: row for row in table_of(tmp_path / "gem" / "mines.csv")}
    assert list(rows) == ["M1", "M2-Stage-1", "M2-Stage-2", "M3"]  # stages of one id are parted
    assert rows["M1"]["metrics:production [Mt]"] == "5"  # masked: capacity stands in
    assert rows["M2-Stage-1"]["metrics:production [Mt]"] == "2"
    assert rows["M2-Stage-1"]["activity:surface-methane/factor [m3_20C/t]"] == "5"  # 10 million m3 of 2 Mt
    assert rows["M2-Stage-2"]["activity:underground-methane/ventilation [10^6 m3_20C]"] == ""
    assert rows["M3"]["mine:mine_subtype"] == ""
    assert {name: row["mine:depth_m"] for name, row in rows.items()} == {  # what is only estimated is no depth
        "M1": "480", "M2-Stage-1": "", "M2-Stage-2": "90", "M3": ""}
    assert rows["M3"]["mine:name.zh"] == "Three"


def test_each_figure_is_told_with_the_cell_that_it_stood_in(tracker, tmp_path):
    mineco("import", "gem", tracker, "--country", "China", "--out", tmp_path / "gem")
    found = {(row["mine"], row["column"]): row for row in table_of(tmp_path / "gem" / "provenance.csv")}
    assert found["M2-Stage-2", "activity:surface-methane/factor [m3_20C/t]"] == {
        "mine": "M2-Stage-2", "column": "activity:surface-methane/factor [m3_20C/t]", "value": "5",
        "file": "tracker.xlsx", "cell": "L4 H4", "given": "30 / 6", "of": f"{ESTIMATE} / Capacity (Mtpa)"}
    sheet = openpyxl.load_workbook(tracker)[SHEET]
    for row in found.values():
        assert " / ".join(str(sheet[cell].value) for cell in row["cell"].split()) == row["given"]


def test_the_batch_of_an_import_gives_methane_and_no_grade_and_prints_the_caveats(tracker, tmp_path):
    mineco("import", "gem", tracker, "--country", "China", "--out", tmp_path / "gem")
    rows, said = evaluated(tmp_path / "gem")
    assert {name: row["status"] for name, row in rows.items()} == {
        "M1": "preliminary", "M2-Stage-1": "preliminary", "M2-Stage-2": "preliminary", "M3": "refused"}
    assert rows["M1"]["emissions_at_least_t_co2e"] == pytest.approx(100e6 * 0.67e-3 * 29.8)
    assert rows["M2-Stage-2"]["emissions_at_least_t_co2e"] == pytest.approx(30e6 * 0.67e-3 * 29.8)
    assert {row.get("grade") for row in rows.values()} == {None}
    assert "not measured" in said
    assert "Nothing is graded" in said
    page = (tmp_path / "gem" / "out" / "summary.html").read_text("utf-8")
    assert "not measured" in page
    assert "Methane alone" in page


def test_the_dossier_that_an_import_brings_says_no_figure_of_its_own(tracker, tmp_path):
    mineco("import", "gem", tracker, "--out", tmp_path / "gem")
    case = open_case_with_gaps(tmp_path / "gem" / "like")
    assert (case.dossier.activity, case.dossier.metrics, case.dossier.ratings) == ([], [], [])
    assert case.gaps
    assert "not measured" in case.dossier.mine.notice.en


def test_rows_are_filtered_as_asked_and_only_by_what_the_mapping_lists(tracker, tmp_path):
    said = mineco("import", "gem", tracker, "--country=china", "--status", "Proposed", "--out", tmp_path / "gem")
    assert "1 rows; 4 left out" in said.output
    typed = ("--county", "China"), ("--country", "Atlantis")
    for words, told in zip(typed, ("--county = China: is no filter of this mapping. Do you mean --country?",
                                   "has no row that passes the filters (country=Atlantis)"), strict=True):
        refused = mineco("import", "gem", tracker, *words, "--out", tmp_path / "other")
        assert (refused.exit_code, told in refused.output) == (2, True)
        assert not (tmp_path / "other").exists()


def test_nothing_is_replaced_and_of_a_table_of_another_edition_it_is_told_what_is_missing(tracker, tmp_path):
    (tmp_path / "gem").mkdir()
    assert "exists and is not replaced" in mineco("import", "gem", tracker, "--out", tmp_path / "gem").output
    other = tmp_path / "other.csv"
    other.write_text("GEM Mine ID,Country\nM1,China\n")
    refused = mineco("import", "gem", other, "--out", tmp_path / "new")
    assert refused.exit_code == 2
    assert "other.csv, row 1, Mine Type: is a column that is missing" in refused.output
    assert "is neither the id of a mapping" in mineco("import", "gen", other).output


def test_a_row_that_cannot_be_taken_over_is_told_and_stays_told(tracker, tmp_path):
    book = openpyxl.load_workbook(tracker)
    book[SHEET]["H2"] = "=5/0"
    book.save(tracker)
    said = mineco("import", "gem", tracker, "--country", "China", "--out", tmp_path / "gem")
    for told in (said.output, (tmp_path / "gem" / "README.md").read_text("utf-8")):
        assert "tracker.xlsx, row 2, Capacity (Mtpa) = =5/0: is a formula" in told
    assert [row["mine"] for row in table_of(tmp_path / "gem" / "mines.csv")] == ["M2-Stage-1", "M2-Stage-2", "M3"]


def test_a_mapping_of_ones_own_takes_any_csv(tmp_path):
    (tmp_path / "register.yaml").write_text(json.dumps({
        "schema": "mineco-import/1", "name": {"zh": "台账", "en": "register"},
        "origin": {"title": {"zh": "省台账", "en": "register of a province"}, "licence": "—", "address": "—"},
        "masked": ["-"], "id": {"of": "矿山编码"}, "kind": "calculated", "quality": "medium",
        "columns": {"mine:province": {"of": ["省"], "facet": "province"}, "metrics:production [万t]": {"of": ["产量"]}},
        "caveats": [{"zh": "示例", "en": "an example"}]}, ensure_ascii=False), "utf-8")
    text = "某省矿山台账\n\n矿山编码\t省\t产量\n甲-01\t浙江省\t30\n乙-02\t-\t-\n"
    (tmp_path / "register.csv").write_bytes(text.encode("gb18030"))
    said = mineco("import", tmp_path / "register.yaml", tmp_path / "register.csv", "--out", tmp_path / "made")
    assert said.exit_code == 0
    assert [list(row.values()) for row in table_of(tmp_path / "made" / "mines.csv")] == [
        ["甲-01", "Zhejiang", "30"], ["乙-02", "", ""]]
    assert not (tmp_path / "made" / "like").exists()  # it takes a dossier of one's own
    assert "masked or blank in 1 rows" in said.output
    done = mineco("batch", tmp_path / "made" / "mines.csv", "--like", parameters() / "mines" / "tiny-quarry",
                  "--out", tmp_path / "out", "--workers", 1)
    assert "0 complete, 1 preliminary (0 of them before), 1 refused" in done.output


def test_what_is_wrong_with_the_frame_that_a_mapping_brings_is_told_and_nothing_is_written(tracker, tmp_path):
    kit = parameters() / "imports" / "gem"
    text = (kit / "mapping.yaml").read_text("utf-8")
    (tmp_path / "mapping.yaml").write_text(text.replace("underground-methane/used", "underground-methane"), "utf-8")
    (tmp_path / "mine.yaml").write_text((kit / "mine.yaml").read_text("utf-8").replace("2024", "24", 1), "utf-8")
    said = mineco("import", tmp_path / "mapping.yaml", tracker, "--out", tmp_path / "made")
    assert said.exit_code == 2
    assert "mine.yaml, row 15, reporting_year = 24" in said.output
    assert "activity:underground-methane [10^6 m3_20C]: is no heading that can be understood" in said.output
    assert not (tmp_path / "made").exists()


def test_a_mapping_with_a_key_too_many_is_refused_with_its_line(tmp_path):
    text = (parameters() / "imports" / "gem" / "mapping.yaml").read_text("utf-8")
    (tmp_path / "mapping.yaml").write_text(text.replace("kind: assumed", "kind: guessed\ncolour: red"), "utf-8")
    with pytest.raises(BadInput) as caught:
        read_mapping(str(tmp_path / "mapping.yaml"))
    assert {(one.message, one.column) for one in caught.value.problems} == {
        ("not_in_list", "kind"), ("unknown_key", "colour")}


@pytest.mark.parametrize("name", mapping_ids())
def test_every_mapping_of_the_kit_has_caveats_in_both_languages_and_headings_that_a_batch_knows(name, tmp_path):
    mapping, folder = read_mapping(name)
    assert folder.parent == parameters() / "imports"
    assert all(one.zh != one.en for one in mapping.caveats)


@pytest.mark.slow
@pytest.mark.skipif(not GEM.is_file(), reason="the tracker's workbook is not part of the repository")
def test_every_chinese_row_of_the_tracker_ends_in_a_summary_and_the_sum_is_gems_own(tmp_path):
    said = mineco("import", "gem", GEM, "--country", "China", "--out", tmp_path / "gem")
    assert "2,334 rows" in said.output
    rows, _ = evaluated(tmp_path / "gem")
    assert len(rows) == 2334
    assert sum(row["status"] == "preliminary" for row in rows.values()) == 2317
    book = openpyxl.load_workbook(GEM, read_only=True)
    lines = book[SHEET].iter_rows(values_only=True)
    places = {name: number for number, name in enumerate(next(lines))}
    mass = [line[places["GEM Coal Mine Methane Emissions Estimate (M tonnes/yr)"]] for line in lines
            if line[places["Country"]] == "China"]
    total = sum(one for one in mass if isinstance(one, int | float))  # Mt of CH4, each rounded to 1,000 t
    book.close()
    ours = sum(row["emissions_at_least_t_co2e"] or 0 for row in rows.values()) / 29.8 / 1e6
    assert ours == pytest.approx(total, rel=0.01)
    assert not any(row.get("grade") for row in rows.values())

"""A dossier is read whole: every wrong entry is named with its place, and what is right keeps its origin."""

import csv
import functools
import re
import shutil
from pathlib import Path

import pytest

from mineco.core import kit
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import problem_text
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import may_lack, tables, word_lists
from mineco.dossier.checks.noticed import problems_of
from mineco.dossier.notices import notices_of
from mineco.dossier.read import Dossier, gather_dossier
from mineco.evaluation.carbon_neutral_mine.evaluate import check
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard
from tests.helpers import mines

STANDARD = "carbon-neutral-mine-2025"
EXAMPLES = mines.held_to(STANDARD)


def read(folder: Path) -> Dossier:
    problems = Problems()
    dossier = gather_dossier(folder, load_standard(STANDARD), load_factors(), problems)
    problems.stop()
    assert dossier is not None
    return dossier


def noticed(dossier: Dossier) -> list[str]:
    return [one.message for one in problems_of(notices_of(dossier, load_standard(STANDARD), load_factors()))]


@functools.cache
def example(name: str) -> Dossier:
    return read(kit.parameters() / "mines" / name)


@pytest.fixture
def quarry(tmp_path) -> Path:
    return Path(shutil.copytree(kit.parameters() / "mines" / "tiny-quarry", tmp_path / "quarry"))


def rows_of(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_rows(folder: Path, file: str, rows: list[dict[str, str]], encoding: str = "utf-8") -> None:
    with (folder / file).open("w", encoding=encoding, newline="") as lines:
        writer = csv.DictWriter(lines, list(tables()[file]), restval="")
        writer.writeheader()
        writer.writerows(rows)


def change(folder: Path, file: str, number: int = 0, **cells: str) -> None:
    """Change cells of one row, counted from 0; the first row stands in line 2."""
    rows = rows_of(folder, file)
    rows[number] |= cells
    write_rows(folder, file, rows)


def add(folder: Path, file: str, number: int = 0, **cells: str) -> None:
    """Add a copy of a row with some cells changed."""
    rows = rows_of(folder, file)
    write_rows(folder, file, [*rows, rows[number] | cells])


def replace(folder: Path, old: str, new: str) -> None:
    """Change mine.yaml."""
    text = (folder / "mine.yaml").read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (folder / "mine.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(BadInput) as refused:
        read(folder)
    found = refused.value.problems
    for problem in found:  # every problem says in both languages what is wrong and what to do
        assert problem.file in problem_text(problem, "zh")
        assert re.search("[a-z]{3,}", problem_text(problem, "en"))
        assert not re.search(r"\{\w+\}", problem_text(problem, "zh") + problem_text(problem, "en"))
    return found


def found(folder: Path) -> set[tuple[str, str, str]]:
    return {(problem.message, problem.file, problem.column) for problem in problems(folder)}


# --- the examples ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_read_without_a_problem(name):
    dossier = example(name)
    assert dossier.mine.id == name
    years = set(range(2016, 2026)) if name == "example-quarry-years" else {2023, 2024}
    assert {row.year for row in dossier.activity} == years == {row.year for row in dossier.metrics}
    assert set(dossier.files) == {"mine.yaml", *(file for file in tables() if (dossier.folder / file).exists())}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_says_that_it_is_no_statement_about_a_real_mine(name):
    mine = example(name).mine
    assert mine.notice is not None
    assert re.search("示例|虚构", mine.notice.zh)
    assert re.search("llustrative|fictional", mine.notice.en)
    readme = (kit.parameters() / "mines" / name / "README.md").read_text(encoding="utf-8")
    assert "real mine" in readme
    assert "真实矿山" in readme


def test_the_coal_mine_takes_production_and_methane_from_its_row_and_marks_all_else_assumed():
    dossier = example("changcun-coal")
    given = [row for row in (*dossier.activity, *dossier.metrics) if row.quantity.kind != "assumed"]
    assert {row.quantity.name: (row.quantity.value, row.quantity.unit) for row in given if row.year == 2024} == {
        "underground-methane.ventilation": (126_700_000.0, "m3_20C"),  # 126.7 MCM/yr, GEM row M3707
        "production": (8_000_000.0, "t"),  # 8 Mtpa
        "total_area": (9552.0, "ha")}  # 95.52 km2
    assert all("Global Coal Mine Tracker" in row.quantity.origin.data_source for row in given)
    assumed = [row for row in (*dossier.activity, *dossier.metrics) if row.quantity.kind == "assumed"]
    assert all("assumed" in row.quantity.origin.note for row in assumed)
    # 126.7e6 m3 x 0.67 kg/m3 = 84 889 t; GEM prints 0.085 Mt
    methane = given[0].quantity.value * 0.67 / 1e9
    assert methane == pytest.approx(0.085, abs=0.0005)


def test_a_datum_keeps_all_that_clause_5_1_c_asks():
    rows = [row for row in example("tiny-quarry").activity if row.source == "mobile-combustion"]
    diesel = next(row for row in rows if row.year == 2024)
    assert (diesel.key, diesel.parameter) == ("diesel", "quantity")  # written 柴油
    origin = diesel.quantity.origin
    assert (origin.file, origin.given, origin.given_unit) == ("activity.csv", "207", "t")
    assert (origin.quality, origin.frequency, origin.meter) == ("high", "weekly", "EXAMPLE-F-21")
    assert (origin.verified_by, origin.uncertainty_pct) == ("第三方核查 / third-party verification", 2.0)
    assert rows_of(kit.parameters() / "mines" / "tiny-quarry", "activity.csv")[int(origin.row) - 2]["quantity"] == "207"


def test_offsets_that_will_not_count_are_read_with_their_reasons():
    dossier = example("changcun-coal")
    reasons = {row.serial[:9]: row.not_counted(2024, dossier.mine.report_date, 3) for row in dossier.offsets}
    assert reasons == {"EX-W-2022": (), "EX-F-2019": ("offset_vintage_too_old",), "EX-S-2023": ("offset_not_retired",),
                       "EX-A-2024": ("allowance_for_compliance",)}
    assert noticed(dossier) == ["offset_vintage_too_old", "offset_not_retired", "allowance_for_compliance"]


@pytest.mark.parametrize(("vintage", "retired", "reasons"), [
    ("2021", "2025-02-10", ()),  # 2024 - 3 is still inside (R14)
    ("2020", "2025-02-10", ("offset_vintage_too_old",)),
    ("2024", "2025-03-31", ()),  # retired on the day of the report
    ("2024", "2025-04-01", ("offset_retired_after_report",)),
    ("2025", "2025-02-10", ("offset_vintage_after_year",)),
    ("2020", "", ("offset_not_retired", "offset_vintage_too_old")),
])
def test_both_sides_of_the_age_and_date_of_a_credit(quarry, vintage, retired, reasons):
    change(quarry, "offsets.csv", vintage=vintage, issued="", retired=retired)
    assert tuple(noticed(read(quarry))) == reasons


# --- each wrong entry has its message -------------------------------------------------------------------------------

@pytest.mark.parametrize(("file", "cells", "message", "column"), [
    ("activity.csv", {"unit": ""}, "missing_unit", "unit"),
    ("activity.csv", {"unit": "tonnes of it"}, "unknown_unit", "unit"),
    ("activity.csv", {"unit": "MWh"}, "wrong_dimension", "unit"),
    ("activity.csv", {"unit": "tCO2"}, "wrong_dimension", "unit"),
    ("activity.csv", {"year": ""}, "missing_value", "year"),
    ("activity.csv", {"year": "23"}, "not_a_year", "year"),
    ("activity.csv", {"kind": ""}, "missing_description", "kind"),
    ("activity.csv", {"kind": "guessed"}, "not_in_list", "kind"),
    ("activity.csv", {"quality": ""}, "missing_description", "quality"),
    ("activity.csv", {"frequency": "now and then"}, "not_in_list", "frequency"),
    ("activity.csv", {"data_source": ""}, "missing_description", "data_source"),
    ("activity.csv", {"verified_by": ""}, "missing_description", "verified_by"),
    ("activity.csv", {"quantity": ""}, "missing_figure", "quantity"),
    ("activity.csv", {"quantity": "-219"}, "out_of_range", "quantity"),
    ("activity.csv", {"quantity": "1,5"}, "not_a_number", "quantity"),
    ("activity.csv", {"quantity": "#DIV/0!"}, "not_a_number", "quantity"),
    ("activity.csv", {"quantity": "219%"}, "percent_not_share", "quantity"),
    ("activity.csv", {"source": "cow burps"}, "unknown_source", "source"),
    ("activity.csv", {"source": "restoration-rate"}, "belongs_to_parcels", "source"),
    ("activity.csv", {"item": "dieselish"}, "unknown_key_of_source", "item"),
    ("activity.csv", {"item": "diesel:colour"}, "unknown_item", "item"),
    ("activity.csv", {"item": "diesel:oxidation", "quantity": "1.02", "unit": "1"}, "out_of_range", "quantity"),
    ("activity.csv", {"item": "柴油：oxidation", "quantity": "103%", "unit": "%"}, "out_of_range", "quantity"),
    ("activity.csv", {"item": ""}, "missing_value", "item"),
    ("activity.csv", {"uncertainty_pct": "-2"}, "out_of_range", "uncertainty_pct"),
    ("activity.csv", {"uncertainty_pct": "small"}, "not_a_number", "uncertainty_pct"),
    ("metrics.csv", {"metric": "luck"}, "unknown_metric", "metric"),
    ("metrics.csv", {"unit": "MWh"}, "wrong_dimension", "unit"),
    ("metrics.csv", {"value": "-1"}, "out_of_range", "value"),
    ("measures.csv", {"removal": "yes"}, "removal_as_abatement", "removal"),
    ("measures.csv", {"credits_issued": "yes"}, "abatement_sold", "credits_issued"),
    ("measures.csv", {"project_t_co2e": "119"}, "measure_raises_emissions", "project_t_co2e"),
    ("measures.csv", {"evidence": ""}, "missing_description", "evidence"),
    ("measures.csv", {"evidence": "evidence/none.pdf"}, "missing_file", "evidence"),
    ("measures.csv", {"evidence": "evidence/../../secret"}, "outside_dossier", "evidence"),
    ("offsets.csv", {"serial": ""}, "offset_without_serial", "serial"),
    ("offsets.csv", {"issued": "20.06.2024"}, "not_a_date", "issued"),
    ("offsets.csv", {"retired": "2025-02-30"}, "not_a_date", "retired"),
    ("offsets.csv", {"retired": "2024-06-19"}, "retired_before_issue", "retired"),
    ("offsets.csv", {"issued": "2022-12-31"}, "issued_before_vintage", "issued"),
    ("offsets.csv", {"unit": "t"}, "wrong_dimension", "unit"),
    ("offsets.csv", {"quantity": "-720"}, "out_of_range", "quantity"),
    ("offsets.csv", {"kind": "green certificate"}, "not_in_list", "kind"),
    ("offsets.csv", {"beyond_compliance": ""}, "missing_value", "beyond_compliance"),
    ("restoration.csv", {"rate_tc_per_ha_yr": ""}, "method_needs_column", "rate_tc_per_ha_yr"),
    ("restoration.csv", {"rate_tc_per_ha_yr": "1100"}, "out_of_range", "rate_tc_per_ha_yr"),
    ("restoration.csv", {"stock_years": "5"}, "column_not_of_method", "stock_years"),
    ("restoration.csv", {"year_restored": "2025"}, "restored_after_year", "year_restored"),
    ("restoration.csv", {"area_ha": "17"}, "parcels_exceed_mine", "area_ha"),  # the quarry has 16 ha
    ("restoration.csv", {"area_ha": "-4.6"}, "out_of_range", "area_ha"),
    ("restoration.csv", {"leakage_t_co2e": ""}, "missing_figure", "leakage_t_co2e"),
    ("restoration.csv", {"ecosystem": "lawn"}, "not_in_list", "ecosystem"),
    ("ratings.csv", {"evidence": ""}, "missing_description", "evidence"),
    ("ratings.csv", {"basis": ""}, "missing_description", "basis"),
    ("ratings.csv", {"level": "60"}, "not_a_level", "level"),
    ("ratings.csv", {"level": "high"}, "not_a_level", "level"),
    ("ratings.csv", {"level": ""}, "rating_without_score", "level"),
    ("ratings.csv", {"score": "60"}, "rating_in_wrong_column", "score"),
    ("ratings.csv", {"indicator": "E9.9"}, "unknown_indicator", "indicator"),
    ("ratings.csv", {"indicator": "E1.1", "level": "", "score": "101"}, "out_of_range", "score"),
    ("ratings.csv", {"standard": "my own"}, "unknown_standard", "standard"),
    ("events.csv", {"date": "01/06/2025"}, "not_a_date", "date"),
    ("events.csv", {"date": ""}, "missing_value", "date"),
    ("events.csv", {"date": "2026-01-06"}, "event_out_of_order", "date"),
    ("events.csv", {"step": "lunch"}, "unknown_step", "step"),
    ("events.csv", {"hash": "abc"}, "not_a_hash", "hash"),
    ("declared.csv", {"item": "mood"}, "not_in_list", "item"),
    ("declared.csv", {"why": "", "verified": "1"}, "difference_without_reason", "why"),
    ("declared.csv", {"unit": "MWh"}, "wrong_dimension", "unit"),
])
def test_a_wrong_cell_is_named_with_its_place(quarry, file, cells, message, column):
    change(quarry, file, **cells)
    assert (message, file, column) in found(quarry)
    assert {problem.row for problem in problems(quarry) if problem.message == message} & {2, 3, ""}


@pytest.mark.parametrize(("file", "cells", "message", "column"), [
    ("activity.csv", {}, "duplicate_row", "item"),
    ("activity.csv", {"item": "diesel"}, "duplicate_row", "item"),  # the first says 柴油
    ("metrics.csv", {}, "duplicate_row", "metric"),
    ("measures.csv", {}, "duplicate_row", "id"),
    ("offsets.csv", {}, "serial_twice", "serial"),
    ("restoration.csv", {}, "parcel_twice", "parcel"),
    ("restoration.csv", {"parcel": "Q2"}, "plot_in_two_parcels", "land_plots"),
    ("restoration.csv", {"pool": "soil"}, "pool_within_all", "pool"),
    ("restoration.csv", {"pool": "soil", "area_ha": "5"}, "parcel_with_two_areas", "area_ha"),
    ("ratings.csv", {}, "rated_twice", "rater"),
    ("declared.csv", {}, "duplicate_row", "item"),
])
def test_nothing_is_counted_twice(quarry, file, cells, message, column):
    add(quarry, file, **cells)
    assert (message, file, column) in found(quarry)


def test_the_same_plot_may_be_accounted_for_in_two_years(quarry):
    add(quarry, "restoration.csv", year="2023")
    assert [row.year for row in read(quarry).parcels] == [2024, 2023]


@pytest.mark.parametrize(("old", "new", "message", "column"), [
    ("report_date: \"2025-03-31\"", "report_date: 31/3/2025", "not_a_date", "report_date"),
    ("report_date: \"2025-03-31\"", "report_date: 31.3.2025", "unquoted_number", ""),
    ("report_date: \"2025-03-31\"", "report_date: \"2023-03-31\"", "report_before_its_year", ""),
    ("report_date: \"2025-03-31\"\n", "", "missing_key", "report_date"),
    ("reporting_year: 2024", "reporting_year: '2024'", "not_a_whole_number", "reporting_year"),
    ("reporting_year: 2024", "reporting_year: 2024.5", "not_a_whole_number", "reporting_year"),
    ("reporting_year: 2024", "reporting_year: 1066", "out_of_range", "reporting_year"),
    ("reporting_year: 2024", "reporting_year: 2025", "year_without_rows", "year"),
    ("  year: 2023", "  year: 2025", "base_year_after_reporting_year", ""),
    ("province: 浙江", "province: 浙江\nlongitude: 120.1", "longitude_or_latitude_alone", ""),
    ("province: 浙江", "province: 浙江\ndepth_m: -5", "out_of_range", "depth_m"),
    ("  year: 2023", "  year: 2003", "base_year_too_old", "base_year.year"),
    ("  structural_change_pct: 0", "  structural_change_pct: 5.1", "base_year_not_recalculated",
     "base_year.structural_change_pct"),
    ("  structural_change_pct: 0", "  structural_change_pct: -1", "out_of_range", "base_year.structural_change_pct"),
    ("id: tiny-quarry", "id: ../quarry", "bad_id", "id"),
    ("stage: producing", "stage: sleeping", "not_in_list", "stage"),
    ("type: non-metal\n", "type: metal\n", "subtype_of_other_type", "mine_subtype"),
    ("mine_subtype: non-metal-opencast", "mine_subtype: sandbox", "not_in_list", "mine_subtype"),
    ("province: 浙江", "province: Atlantis", "unknown_province", "province"),
    ("    met: true", "    met: yes", "not_true_or_false", "prerequisites.law.met"),
    ("  law:", "  lore:", "not_in_standard", "prerequisites.lore"),
    ("  law:", "  lore:", "missing_key", "prerequisites.law"),
    ("excluded_sources: {}", "excluded_sources: {cows: {zh: 无, en: none}}", "not_in_standard",
     "excluded_sources.cows"),
    ("not_applicable: {}", "not_applicable: {E3.1: {reason: no_data, text: {zh: 无, en: none}}}", "reason_not_allowed",
     "not_applicable.E3.1.reason"),
    ("factors: {}", "factors: {diesel:ncv: nowhere}", "unknown_factor", "factors.diesel:ncv"),
    ("options: {}", "options: {gwp: 4}", "not_text", "options.gwp"),
    ("objectives:", "wishes: 1\nobjectives:", "unknown_key", "wishes"),
    ("name: {zh: 小采石场, en: \"Tiny quarry\"}", "name: {de: Steinbruch}", "unknown_key", "name.de"),
    ("name: {zh: 小采石场, en: \"Tiny quarry\"}", "name: {zh: '', en: ''}", "missing_text", "name"),
    ("name: {zh: 小采石场, en: \"Tiny quarry\"}", "name: {zh: 5, en: x}", "not_text", "name.zh"),
    ("  approach: operational-control", "  approach: gut-feeling", "not_in_list", "consolidation.approach"),
])
def test_a_wrong_key_of_mine_yaml_is_named_with_its_line(quarry, old, new, message, column):
    replace(quarry, old, new)
    matching = [problem for problem in problems(quarry) if (problem.message, problem.column) == (message, column)]
    assert len(matching) >= 1
    assert matching[0].file in ("mine.yaml", "activity.csv")
    if matching[0].file == "mine.yaml":
        assert isinstance(matching[0].row, int)


def test_a_structural_change_of_exactly_five_per_cent_needs_no_recalculation(quarry):
    replace(quarry, "  structural_change_pct: 0", "  structural_change_pct: 5")  # R21: over 5 %
    assert read(quarry).mine.base_year.structural_change_pct == 5


def test_a_base_year_twenty_years_back_is_the_oldest(quarry):
    replace(quarry, "  year: 2023", "  year: 2004")
    for file in ("activity.csv", "metrics.csv"):
        add(quarry, file, year="2004")
    assert read(quarry).mine.base_year.year == 2004


def test_a_documented_first_year_needs_no_year_before(quarry):
    replace(quarry, "  year: 2023", "  year: 2024\n  documented_first_year: true")
    for file in ("activity.csv", "metrics.csv"):
        write_rows(quarry, file, [row for row in rows_of(quarry, file) if row["year"] == "2024"])
    assert {row.year for row in read(quarry).activity} == {2024}


def test_a_missing_base_year_is_an_error(quarry):
    write_rows(quarry, "metrics.csv", [row for row in rows_of(quarry, "metrics.csv") if row["year"] == "2024"])
    assert ("year_without_rows", "metrics.csv", "year") in found(quarry)


# --- files ----------------------------------------------------------------------------------------------------------

def test_a_misspelt_file_is_not_silently_left_out(quarry):
    (quarry / "measures.csv").rename(quarry / "measure.csv")
    assert found(quarry) == {("unknown_file", "measure.csv", ""), ("missing_file", "measures.csv", "")}


def test_problems_of_all_files_come_at_once(quarry):
    change(quarry, "activity.csv", unit="")
    change(quarry, "metrics.csv", value="x")
    change(quarry, "ratings.csv", evidence="")
    replace(quarry, "stage: producing", "stage: sleeping")
    (quarry / "events.csv").write_text("standard,date\n", encoding="utf-8")
    assert {problem.file for problem in problems(quarry)} == {
        "mine.yaml", "activity.csv", "metrics.csv", "ratings.csv", "events.csv"}


def test_a_linked_file_is_not_followed_out_of_the_dossier(quarry, tmp_path):
    (quarry / "metrics.csv").rename(tmp_path / "metrics.csv")
    (quarry / "metrics.csv").symlink_to(tmp_path / "metrics.csv")
    assert ("not_a_file", "metrics.csv", "") in found(quarry)


def test_an_evidence_file_is_held_to_its_hash(quarry):
    (quarry / "evidence").mkdir()
    (quarry / "evidence" / "plan.txt").write_text("abc", encoding="utf-8")
    # SHA-256 of "abc", the published test vector of FIPS 180
    right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    change(quarry, "events.csv", evidence="evidence/plan.txt", hash=right)
    assert read(quarry).events[0].hash == right
    change(quarry, "events.csv", evidence="evidence/plan.txt", hash="0" * 64)
    assert found(quarry) == {("hash_differs", "events.csv", "hash")}


def test_no_dossier_is_said_plainly(tmp_path):
    with pytest.raises(BadInput) as refused:
        read(tmp_path / "nowhere")
    assert refused.value.problems[0].message == "dossier_not_found"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_tables_saved_by_excel_give_the_same_dossier(quarry, encoding):
    for file in tables():
        write_rows(quarry, file, [] if may_lack(file) else rows_of(quarry, file), encoding)
    mine = example("tiny-quarry")
    assert [row.quantity.value for row in read(quarry).activity] == [row.quantity.value for row in mine.activity]
    assert [row.key for row in read(quarry).activity] == [row.key for row in mine.activity]


# --- plain text stays plain text ------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "$x_1$", "{value}", "NA", "@SUM(A1)"])
def test_a_hostile_name_is_plain_text(quarry, name):
    quoted = name.replace("'", "''")
    replace(quarry, "name: {zh: 小采石场, en: \"Tiny quarry\"}", f"name: {{zh: '{quoted}', en: '{quoted}'}}")
    change(quarry, "measures.csv", name_zh=name, name_en=name)
    dossier = read(quarry)
    assert dossier.mine.name.zh == dossier.mine.name.en == dossier.measures[0].name_zh == name


def test_numbers_units_and_words_may_be_written_in_chinese(quarry):
    change(quarry, "activity.csv", quantity="２１９", unit="吨", kind="实测", quality="高", frequency="每周")
    row = read(quarry).activity[0]
    assert (row.quantity.value, row.quantity.unit, row.quantity.kind) == (219.0, "吨", "measured")
    assert (row.quantity.origin.quality, row.quantity.origin.frequency) == ("high", "weekly")


def test_a_panel_score_of_a_quantitative_indicator_stands_in_the_score_column(quarry):
    change(quarry, "ratings.csv", indicator="E1.1", level="", score="72.5")
    row = read(quarry).ratings[0]
    assert (row.indicator, row.level, row.score) == ("E1.1", None, 72.5)


# --- the data behind ------------------------------------------------------------------------------------------------

def test_every_word_and_column_has_both_languages():
    for entries in word_lists().values():
        assert all(entry["zh"] and entry["en"] for entry in entries.values())
    for columns in tables().values():
        assert all(column.zh and column.en for column in columns.values())
        assert all(column.one_of in word_lists() for column in columns.values() if column.one_of)


def test_every_message_of_the_package_has_its_text():
    known = read_yaml(kit.parameters() / "messages.yaml")
    used = set()
    for path in Path(gather_dossier.__code__.co_filename).parent.rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"""(?:\.add|\brefuse|\bwrong|\bProblem)\(\s*["']([a-z0-9_]+)["']""", code))
    assert used - set(known) == set()
    for texts in (one for one in known.values() if "sentence" not in one):
        assert set(texts) - {"written", "missing"} == {"wrong", "remedy"}
        assert all(set(texts[part]) == {"zh", "en"} for part in ("wrong", "remedy"))


@pytest.mark.parametrize(("name", "grade", "binding", "least", "most"), [
    ("changcun-coal", "below", "both", 0.0, 0.6),
    ("example-copper", "B", "offset", 0.82, 0.88),
    ("example-mineral-water", "A", "score", 1.0, 1.1),
    ("tiny-quarry", "C", "both", 0.6, 0.8),
])
def test_each_example_shows_the_grade_that_its_readme_promises(name, grade, binding, least, most):
    evaluation = check(kit.parameters() / "mines" / name)
    assert (evaluation.grade.final, evaluation.grade.binding) == (grade, binding)
    assert least <= evaluation.ledger.offset_ratio.value <= most


# --- green power is renewable by its kind ---------------------------------------------------------------------------

@pytest.mark.parametrize(("factor", "refused"), [("0.8", True), ("0.201", True), ("0.2", False), ("0", False)])
def test_power_that_is_not_renewable_by_its_kind_is_no_green_power(quarry, factor, refused):
    cells = {"source": "green-power", "unit": "MWh", "quantity": "100"}
    add(quarry, "activity.csv", 1, item="coal plant", **cells)
    add(quarry, "activity.csv", 1, item="coal plant:factor", **{**cells, "quantity": factor, "unit": "tCO2/MWh"})
    if refused:
        assert found(quarry) == {("out_of_range", "activity.csv", "quantity")}
    else:
        assert read(quarry).activity


# --- the gas of an item and its unit ---------------------------------------------------------------------------------

@pytest.mark.parametrize(("item", "unit", "told"), [
    ("SF6:purchased", "kgR410A", ("wrong_dimension", "unit", "kgSF6")),
    ("R410A:stock_end", "kgHFC32", ("wrong_dimension", "unit", "kgR410A")),
    ("六氟化硫:purchased", "kg", ("wrong_dimension", "unit", "kgSF6")),
    ("SF6:purchased", "", ("missing_unit", "unit", "kgSF6"))])
def test_a_gas_is_given_in_its_own_unit_and_refused_at_its_row_otherwise(quarry, item, unit, told):
    add(quarry, "activity.csv", source="gas-loss", item=item, quantity="20", unit=unit)
    with pytest.raises(BadInput) as caught:
        read(quarry)
    (problem,) = caught.value.problems
    assert (problem.message, problem.column, problem.details["expected"]) == told
    assert (problem.file, problem.row) == ("activity.csv", len(rows_of(quarry, "activity.csv")) + 1)


def test_a_gas_that_the_source_does_not_lose_is_refused_at_its_row(quarry):
    add(quarry, "activity.csv", source="gas-loss", item="CO2:purchased", quantity="20", unit="kgSF6")
    assert found(quarry) == {("gas_not_of_source", "activity.csv", "item")}


# --- parts of a year ------------------------------------------------------------------------------------------------

def divide(folder: Path, line: int, parts: dict[str, str], **cells: str) -> None:
    """The row of a year replaced by one for each part of it."""
    rows = rows_of(folder, "activity.csv")
    row = rows.pop(line - 2)
    write_rows(folder, "activity.csv", [*rows, *(row | cells | {"period": period, "quantity": amount}
                                                 for period, amount in parts.items())])


def bought(folder: Path) -> float:
    return next(float(row.quantity.value) for row in read(folder).activity
                if (row.year, row.source, row.parameter) == (2024, "electricity", "purchased"))


MONTHLY = {f"{month:02d}": str(40 + month) for month in range(1, 13)}  # 41 + ... + 52 = 558


@pytest.mark.parametrize(("parts", "year"), [
    ({"H1": "300", "H2": "340"}, 640), ({"Q1": "100", "Q2": "150", "Q3": "200", "Q4": "190"}, 640), (MONTHLY, 558),
    ({"H1": "300", "Q3": "200", "10": "40", "11": "50", "12": "50"}, 640)])
def test_the_parts_of_a_year_add_up(quarry, parts, year):
    divide(quarry, 12, parts)
    assert bought(quarry) == pytest.approx(year)


@pytest.mark.parametrize("parts", [
    {str(month): str(40 + month) for month in range(1, 13)},  # as Excel leaves 01 to 12
    {f"{month}月": str(40 + month) for month in range(1, 13)},
    {f"{month} 月份": str(40 + month) for month in range(1, 13)}, {"h1": "300", " ｈ２ ": "258"},
    {"q1": "100", "Q2": "258", "第三季度": "100", "Ｑ４": "100"},
    {"上半年": "300", "７": "58", "８": "40", "9": "40", "10月": "40", "11": "40", "12": "40"}])
def test_a_part_is_read_as_people_and_spreadsheets_write_it(quarry, parts):
    divide(quarry, 12, parts)
    assert bought(quarry) == pytest.approx(558)


@pytest.mark.parametrize("period", ["13", "H3", "0", "1.0", "2024-01", "Q"])
def test_a_part_that_is_none_is_refused_once_and_followed_by_nothing(quarry, period):
    divide(quarry, 12, {period: "300", "H2": "340"})
    rows = len(rows_of(quarry, "activity.csv"))
    with pytest.raises(BadInput) as caught:
        check(quarry)
    (problem,) = caught.value.problems
    assert (problem.message, problem.row, problem.column, problem.value) == (
        "not_in_list", rows, "period", period)


def test_one_part_twice_is_refused_once(quarry):
    divide(quarry, 12, {"1": "300", "01": "340"})
    with pytest.raises(BadInput) as caught:
        read(quarry)
    assert [one.message for one in caught.value.problems] == ["duplicate_row"]


def test_each_part_may_have_a_unit_of_its_own_and_the_year_names_every_row(quarry):
    divide(quarry, 12, {"H1": "300", "H2": "340000"})
    rows = rows_of(quarry, "activity.csv")
    write_rows(quarry, "activity.csv", [*rows[:-1], rows[-1] | {"unit": "kWh", "kind": "calculated", "quality": "low"}])
    (row,) = [one for one in read(quarry).activity if (one.year, one.parameter) == (2024, "purchased")]
    assert (row.quantity.value, row.quantity.unit) == (pytest.approx(640), "MWh")
    assert row.quantity.datum.row == f"{len(rows)}+{len(rows) + 1}"
    assert (row.quantity.kind, row.quantity.datum.quality) == ("calculated", "low")  # the weakest of its parts


@pytest.mark.parametrize(("parts", "message"), [
    ({"Q1": "100", "Q2": "150", "Q4": "190"}, "periods_incomplete"), ({"H1": "300"}, "periods_incomplete"),
    ({"H1": "300", "H2": "340", "12": "50"}, "period_twice"),
    ({"H1": "300", "H2": "340", "": "640"}, "year_beside_periods"),
    ({"": "640", "H1": "300"}, "year_beside_periods"), ({"Q5": "1"}, "not_in_list"),
    ({"1": "1"}, "periods_incomplete")])
def test_parts_that_do_not_make_up_a_year_are_refused(quarry, parts, message):
    divide(quarry, 12, parts)
    told = found(quarry)
    assert (message, "activity.csv", "period") in told


def test_a_parameter_is_the_same_in_all_parts_or_stands_once_for_the_year(quarry):
    divide(quarry, 16, {"H1": "45", "H2": "45"})  # carbon before the clearing, tC/ha
    (row,) = [one for one in read(quarry).activity if (one.year, one.parameter) == (2024, "carbon_before")]
    assert row.quantity.value == 45.0
    divide(quarry, 16, {"H1": "2", "H2": "3"})  # carbon after, now in the line of the one taken out
    assert found(quarry) == {("period_parameter_differs", "activity.csv", "period")}


def test_a_dossier_without_the_column_of_periods_reads_as_before(quarry):
    assert "period" not in rows_of(quarry, "activity.csv")[0]
    assert bought(quarry) == 640

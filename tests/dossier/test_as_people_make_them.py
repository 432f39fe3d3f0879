"""Dossiers as people make them: saved by Excel, kept in a folder of Windows, with a slip in a date or a path."""

import shutil
from pathlib import Path

import pytest

from mineco.core import kit
from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.dossier.read import Dossier
from mineco.evaluation.case import open_case
from mineco.evaluation.registry import check

QUARRY = kit.parameters() / "mines" / "tiny-quarry"
DIESEL = "2024,mobile-combustion,柴油,207,t,"


@pytest.fixture
def quarry(tmp_path: Path) -> Path:
    return Path(shutil.copytree(QUARRY, tmp_path / "quarry"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8-sig")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def refused(folder: Path) -> list[tuple[str, str, object]]:
    """Message, file and column of each problem."""
    with pytest.raises(BadInput) as caught:
        open_case(folder)
    return [(one.message, one.file, one.column) for one in caught.value.problems]


def told(folder: Path) -> list[str]:
    """What is told of a dossier and not of the one that it was copied from."""
    usual = {one.message for one in check(QUARRY).notices}
    return [one.message for one in check(folder).notices if one.message not in usual]


def diesel(dossier: Dossier):
    (row,) = [one for one in dossier.activity if (one.year, one.source) == (2024, "mobile-combustion")]
    return row.quantity


def test_what_windows_and_excel_leave_in_the_folder_is_passed_over(quarry):
    for name in ("Thumbs.db", "desktop.ini", "~$activity.xlsx", ".DS_Store"):
        (quarry / name).write_bytes(b"x")
    (quarry / "evidence").mkdir()
    (quarry / "evidence" / "Thumbs.db").write_bytes(b"x")
    assert open_case(quarry).dossier.files == open_case(QUARRY).dossier.files


@pytest.mark.parametrize("dress", [
    lambda text: text.replace(",", "\t"), lambda text: "Activity of 2023 and 2024\n\n" + text,
    lambda text: "\n".join(line + ",,," for line in text.splitlines()) + "\n"],
    ids=["tabs", "a title", "empty columns"])
def test_a_table_that_excel_saved_in_another_dress_gives_the_same_dossier(quarry, dress):
    text = (quarry / "activity.csv").read_text("utf-8-sig")
    assert '"' not in text  # no cell of it is quoted
    (quarry / "activity.csv").write_text(dress(text), "utf-8")
    plain, dressed = (open_case(folder).dossier for folder in (QUARRY, quarry))
    assert [one.quantity.value for one in dressed.activity] == [one.quantity.value for one in plain.activity]


@pytest.mark.parametrize("written", ["2024/6/20", "2024-6-20", "2024.06.20", "2024年6月20日", "2024-06-20 0:00:00"])
def test_dates_are_read_in_the_order_of_year_month_day(quarry, written):
    edit(quarry, "offsets.csv", "2024-06-20", written)
    assert open_case(quarry).dossier.offsets[0].issued.isoformat() == "2024-06-20"


@pytest.mark.parametrize("name", ["M0001", "内蒙古一矿", "Nord_3.2"])
def test_the_id_of_a_register_is_an_id(quarry, name):
    edit(quarry, "mine.yaml", "id: tiny-quarry", f'id: "{name}"')
    assert open_case(quarry).dossier.mine.id == name


@pytest.mark.parametrize("name", ["", ".", "a b", "a/b", "../x", "a\\\\b", "con:", "-x", "_x", "x" * 62])
def test_what_could_not_name_a_folder_is_no_id(quarry, name):
    edit(quarry, "mine.yaml", "id: tiny-quarry", f'id: "{name}"')
    assert refused(quarry) == [("bad_id" if name else "missing_entry", "mine.yaml", "id")]


@pytest.mark.parametrize("unit", ["L", "升"])
def test_litres_of_diesel_are_tonnes_by_its_density_which_the_note_states(quarry, unit):
    edit(quarry, "activity.csv", DIESEL, f"2024,mobile-combustion,柴油,250000,{unit},")
    found = diesel(open_case(quarry).dossier)
    assert (found.value, found.unit) == (pytest.approx(210), "t")  # 250,000 L of 0.84 kg/L
    assert (found.datum.given, found.datum.given_unit) == ("250000", unit)
    assert "0.84 kg/L" in found.datum.note
    assert "diesel.density" in found.datum.note


def test_litres_of_a_fuel_whose_density_no_table_has_are_refused(quarry):
    edit(quarry, "activity.csv", DIESEL, "2024,mobile-combustion,煤油,250000,L,")
    assert ("wrong_dimension", "activity.csv", "unit") in refused(quarry)


def coal_mine(folder: Path, *rows: tuple[str, str]) -> Path:
    made = Path(shutil.copytree(kit.parameters() / "mines" / "changcun-coal", folder / "coal"))
    for old, new in rows:
        edit(made, "activity.csv", old, new)
    return made


def test_methane_by_mass_is_a_volume_by_the_density_by_which_its_mass_is_computed(tmp_path):
    row = "2024,underground-methane,ventilation,126700000,m3_20C"
    made = coal_mine(tmp_path, (row, "2024,underground-methane,ventilation,84889,tCH4"))
    (found,) = [one.quantity for one in open_case(made).dossier.activity
                if (one.year, one.source, one.parameter) == (2024, "underground-methane", "ventilation")]
    assert (found.value, found.unit) == (pytest.approx(126_700_000), "m3_20C")  # 84,889 t / 0.67 kg/m3
    assert "CH4.density.20C" in found.datum.note


def test_methane_by_mass_beside_a_density_of_the_mines_own_is_refused(tmp_path):
    row = "2024,underground-methane,ventilation,126700000,m3_20C"
    made = coal_mine(tmp_path, (row, "2024,underground-methane,ventilation,84889,tCH4"))
    lines = (made / "activity.csv").read_text("utf-8-sig").splitlines()
    like = next(line for line in lines if line.startswith("2024,underground-methane,flared,0,m3_20C"))
    own = like.replace("flared,0,m3_20C", "density,0.68,kg/m3_20C")
    (made / "activity.csv").write_text("\n".join([*lines, own]) + "\n", "utf-8")
    assert refused(made) == [("wrong_dimension", "activity.csv", "unit")]


EVIDENCE = {
    "base_year.evidence": ("2023 年台账（示例）/ ledger of 2023 (illustration)", "base_year.evidence"),
    "a disclosure": ("产能台账（示例）/ capacity register (illustration)", "disclosures.leakage.evidence"),
}


@pytest.mark.parametrize("name", EVIDENCE)
@pytest.mark.parametrize(("written", "message"), [
    ("../../etc/passwd", "outside_dossier"), ("/etc/passwd", "outside_dossier"), ("evidence/none.pdf", "missing_file")])
def test_what_proves_an_entry_of_mine_yaml_is_held_to_the_rules_of_the_tables(quarry, name, written, message):
    old, column = EVIDENCE[name]
    edit(quarry, "mine.yaml", old, written)
    assert refused(quarry) == [(message, "mine.yaml", column)]


def test_a_file_of_the_dossier_proves_an_entry_of_mine_yaml(quarry):
    (quarry / "evidence").mkdir()
    (quarry / "evidence" / "ledger.pdf").write_bytes(b"%PDF")
    edit(quarry, "mine.yaml", EVIDENCE["base_year.evidence"][0], "evidence/ledger.pdf")
    assert open_case(quarry).dossier.mine.base_year.evidence == "evidence/ledger.pdf"


SLIPS = {
    "a report of the year 9999": ("mine.yaml", 'report_date: "2025-03-31"', 'report_date: "9999-03-31"',
                                  "report_long_after"),
    "a licence until 1900": ("mine.yaml", 'valid_until: "2033-12-31"', 'valid_until: "1900-12-31"', "licence_run_out"),
    "a licence until the day before the year ended": (
        "mine.yaml", 'valid_until: "2033-12-31"', 'valid_until: "2024-12-30"', "licence_run_out"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_day_that_can_hardly_be_meant_is_told(quarry, name):
    file, old, new, message = SLIPS[name]
    edit(quarry, file, old, new)
    assert told(quarry) == [message]


@pytest.mark.parametrize(("old", "new"), [
    ('report_date: "2025-03-31"', 'report_date: "2027-12-31"'),
    ('valid_until: "2033-12-31"', 'valid_until: "2024-12-31"')])
def test_a_day_within_the_usual_is_not_told(quarry, old, new):
    edit(quarry, "mine.yaml", old, new)
    assert told(quarry) == []


@pytest.mark.parametrize(("file", "row"), [
    ("activity.csv", "2100,electricity,purchased,640,MWh,measured,high,a,monthly,E,c,0.5,\n"),
    ("metrics.csv", "2100,production,5,t,measured,high,a,daily,E,c,1,,\n")])
def test_rows_of_a_year_to_come_are_told(quarry, file, row):
    (quarry / file).write_text((quarry / file).read_text("utf-8-sig") + row, "utf-8")
    (problem,) = [one for one in check(quarry).notices if one.message == "row_after_its_year"]
    assert (problem.message, problem.file, problem.column, problem.value) == (
        "row_after_its_year", file, "year", 2100)
    assert "2024" in problem_text(problem, "en")


def test_a_web_page_under_the_name_of_a_table_is_told_as_one(quarry):
    (quarry / "activity.csv").write_text("<!DOCTYPE html><html><body>login</body></html>")
    assert refused(quarry) == [("html_page", "activity.csv", "")]

"""The next year begins from the last dossier: what is known stays as it is, what is of a year is asked for anew."""

import shutil

import pytest
from click.testing import CliRunner

import mineco as mc
from mineco.cli.main import main
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import what_is_missing
from mineco.core.writing import yaml_text
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import read_rows, tables
from mineco.runs.blanks.dossier import asked_of
from mineco.runs.blanks.following import OF_YEARS, next_entries, next_rows
from mineco.runs.blanks.new import begin
from mineco.runs.converting import convert
from tests.helpers.refusals import refused_with

MINES = parameters() / "mines"
NEUTRAL, SINK = "carbon-neutral-mine-2025", "restoration-carbon-sink-2024"
OF_ACCOUNT = ["changcun-coal", "example-copper", "example-mineral-water", "tiny-quarry"]
BLANK = {"missing_value", "missing_entry", "missing_text"}


def rows_of(folder, file):
    return [dict(row) for row in read_rows(folder, file)]


@pytest.mark.parametrize("name", OF_ACCOUNT)
@pytest.mark.parametrize("form", ["folder", pytest.param("workbook", marks=pytest.mark.slow)])
def test_the_rows_that_are_carried_are_unchanged(tmp_path, name, form):
    target = begin(tmp_path / "next" / ("mine" if form == "folder" else "mine.xlsx"), NEUTRAL, last=MINES / name)
    folder = target if form == "folder" else convert(target, tmp_path / "again")
    for file in tables():
        before, after = rows_of(MINES / name, file), rows_of(folder, file)
        if file in OF_YEARS:
            assert [row for row in after if row["year"] != "2025"] == before, file
        elif file != "ratings.csv":
            assert after == [row for row in before if file == "findings.csv" and not row["closed"]]


@pytest.mark.parametrize("name", OF_ACCOUNT)
def test_rows_of_the_next_year_are_those_of_the_last_without_what_is_of_a_year(tmp_path, name):
    folder = begin(tmp_path / "next", NEUTRAL, last=MINES / name)
    for file, figure, about in (("activity.csv", "quantity", ("source", "item", "unit", "kind", "frequency")),
                                ("metrics.csv", "value", ("metric", "unit"))):
        last = [row for row in rows_of(MINES / name, file) if row["year"] == "2024"]
        new = [row for row in rows_of(folder, file) if row["year"] == "2025"]
        assert [[row[one] for one in about] for row in new[:len(last)]] == [[row[one] for one in about] for row in last]
        assert {(row[figure], row["uncertainty_pct"], row["note"]) for row in new} == {("", "", "")}
        assert not [row for row in new if "2024" in row["data_source"] + row["meter"] + row["verified_by"]]
    assert {(row["level"], row["evidence"]) for row in rows_of(folder, "ratings.csv")} == {("", "")}
    assert [row["basis"] for row in rows_of(folder, "ratings.csv") if row["standard"] == NEUTRAL] == [
        row["basis"] for row in rows_of(MINES / name, "ratings.csv") if row["standard"] == NEUTRAL]


def test_the_number_of_a_quota_is_asked_for_anew(tmp_path):
    folder = begin(tmp_path / "next", NEUTRAL, last=MINES / "tiny-quarry")
    (cap,) = [row for row in rows_of(folder, "metrics.csv") if row["metric"] == "energy_cap" and row["year"] == "2025"]
    assert (cap["basis"], cap["meter"], cap["value"]) == ("quota", "", "")


def test_a_measure_goes_on_since_the_year_in_which_it_began(tmp_path):
    folder = begin(tmp_path / "next", NEUTRAL, last=MINES / "tiny-quarry")
    (new,) = [row for row in rows_of(folder, "measures.csv") if row["year"] == "2025"]
    (old,) = rows_of(MINES / "tiny-quarry", "measures.csv")
    assert (new["id"], new["since"]) == (old["id"], old["since"] or "2024")
    assert (new["baseline_t_co2e"], new["project_t_co2e"], new["credits_issued"], new["evidence"]) == ("", "", "", "")


@pytest.mark.parametrize("name", OF_ACCOUNT)
@pytest.mark.parametrize("form", ["mine", pytest.param("mine.xlsx", marks=pytest.mark.slow)])
def test_what_is_to_be_filled_is_all_that_is_wrong_with_it(tmp_path, name, form):
    target = begin(tmp_path / "next" / form, NEUTRAL, last=MINES / name)
    with pytest.raises(BadInput) as told:
        mc.check(target)
    assert {one.message for one in told.value.problems if not what_is_missing(one)} <= BLANK


def test_the_cover_goes_on_and_gates_are_declared_anew(tmp_path):
    folder = begin(tmp_path / "next", NEUTRAL, last=MINES / "example-copper")
    before, after = (read_yaml(one / "mine.yaml") for one in (MINES / "example-copper", folder))
    same = ("id", "name", "legal_entity", "address", "boundary", "client", "licences", "base_year")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    assert (after["reporting_year"], after["report_date"][:4]) == (2025, "2026")
    assert {(gate["met"], gate["evidence"]) for gate in after["prerequisites"].values()} == {(None, None)}
    assert not {"disclosures", "recommendations", "notice"} & set(after)


def test_a_first_year_is_one_no_longer():
    first = {"reporting_year": 2024, "base_year": {"year": 2024, "documented_first_year": True},
             "not_applicable": {"E1.1": {"reason": "documented_first_year"}, "E3.1": {"reason": "no_solid_waste"}}}
    after = next_entries(first, 2024, 2025)
    assert after["base_year"] == {"year": 2024}
    assert set(after["not_applicable"]) == {"E3.1"}


def test_evidence_of_carried_rows_comes_along_and_no_other(tmp_path):
    last = shutil.copytree(MINES / "tiny-quarry", tmp_path / "last")
    (last / "evidence").mkdir(exist_ok=True)
    for name in ("base.txt", "other.txt"):
        (last / "evidence" / name).write_text("seen", "utf-8")
    mine = (last / "mine.yaml").read_text("utf-8")
    (number,) = [number for number, line in enumerate(mine.splitlines()) if line.startswith("  evidence:")][:1]
    lines = mine.splitlines()
    lines[number] = "  evidence: evidence/base.txt"
    (last / "mine.yaml").write_text("\n".join(lines), "utf-8")
    book = begin(tmp_path / "next" / "mine.xlsx", NEUTRAL, last=last)
    assert [path.name for path in (book.parent / "evidence").iterdir()] == ["base.txt"]


def test_years_that_were_left_out_have_blank_rows_too(tmp_path):
    folder = begin(tmp_path / "next", NEUTRAL, year=2026, last=MINES / "tiny-quarry")
    years = [row["year"] for row in rows_of(folder, "activity.csv")]
    assert years.count("2024") == years.count("2025") == years.count("2026") > 0


def test_a_finding_goes_on_while_it_is_open(tmp_path):
    folder = begin(tmp_path / "next", NEUTRAL, last=MINES / "example-copper")
    assert [row["id"] for row in rows_of(folder, "findings.csv")] == ["FAR-1"]


@pytest.mark.parametrize(("given", "message"), [
    ({"year": 2024}, "year_not_after_last"), ({"year": 2020}, "year_not_after_last"),
    ({"kind": "metal-opencast"}, "kind_beside_last")])
def test_what_cannot_follow_is_refused_and_nothing_written(tmp_path, given, message):
    with refused_with(message):
        begin(tmp_path / "next", NEUTRAL, last=MINES / "tiny-quarry", **given)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("entries", [
    "raters: [a]", "prerequisites: yes", "defaults: {unit: t}", "reporting_year: soon"])
def test_a_last_dossier_whose_entries_are_wrong_is_refused_with_them(tmp_path, entries):
    last = shutil.copytree(MINES / "tiny-quarry", tmp_path / "last")
    key = entries.partition(":")[0]
    mine = {**read_yaml(last / "mine.yaml"), key: "?"}
    text = yaml_text(mine).replace(f"{key}: '?'", entries).replace(f'{key}: "?"', entries).replace(f"{key}: ?", entries)
    (last / "mine.yaml").write_text(text, "utf-8")
    with pytest.raises(BadInput) as told:
        begin(tmp_path / "next", NEUTRAL, last=last)
    assert {one.file for one in told.value.problems} == {"mine.yaml"}
    assert not (tmp_path / "next").exists()


def test_a_land_without_account_begins_from_the_last_year_too(tmp_path):
    folder = begin(tmp_path / "next", SINK, last=MINES / "example-closed-quarry")
    assert rows_of(folder, "events.csv") == []
    new = [row for row in rows_of(folder, "restoration.csv") if row["year"] == "2026"]
    assert new
    assert {(row["area_ha"], row["leakage_t_co2e"], row["evidence"]) for row in new} == {("", "", "")}
    assert all("conflict" not in one for one in read_yaml(folder / "mine.yaml")["raters"].values())


def test_the_command_writes_the_next_year_beside_the_last(tmp_path):
    book = convert(MINES / "tiny-quarry", tmp_path / "mine.xlsx")
    told = CliRunner().invoke(main, ["new", str(tmp_path / "mine-2025.xlsx"), "--from", str(book)])
    assert (told.exit_code, told.output.strip()) == (0, str(tmp_path / "mine-2025.xlsx"))


@pytest.mark.parametrize(("basis", "then"), [("own:2022", "own:2023"), ("own:2018", "own:2018"), ("quota", "quota")])
def test_last_year_as_a_basis_moves_on_with_the_year(basis, then):
    columns = dict.fromkeys(tables()["metrics.csv"], "")
    row = columns | {"year": "2023", "metric": "reference_intensity", "unit": "kgCO2e/t", "basis": basis}
    asked = asked_of(NEUTRAL, "zh", "metal-opencast", 2024)
    found = next_rows({file: [row] if file == "metrics.csv" else [] for file in tables()}, asked, 2023)["metrics.csv"]
    assert [one.cells["basis"] for one in found if one.cells["metric"] == "reference_intensity"] == [basis, then]
    assert not [one for one in found if one.presets and one.cells["metric"] == "reference_intensity"]


def test_a_rater_may_have_braces_in_the_name(tmp_path):
    last = shutil.copytree(MINES / "tiny-quarry", tmp_path / "last")
    mine = read_yaml(last / "mine.yaml")
    mine["raters"] = {"{}": {"role": "甲", "discipline": "采矿", "conflict": None}}
    (last / "mine.yaml").write_text(yaml_text(mine), encoding="utf-8-sig")
    book = begin(tmp_path / "next.xlsx", NEUTRAL, last=last)
    assert list(read_yaml(convert(book, tmp_path / "again") / "mine.yaml")["raters"]) == ["{}"]

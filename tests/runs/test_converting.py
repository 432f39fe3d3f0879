"""A dossier is the same as a folder and as a workbook."""

import csv
import io
import shutil
import tempfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import mineco as mc
from mineco.cli.main import main
from mineco.core.kit import parameters
from mineco.core.writing import yaml_text
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import read_rows, tables
from mineco.evaluation.record.results import results_document
from mineco.runs.blanks.new import begin
from mineco.runs.converting import convert
from mineco.standards.load import standard_ids
from tests.helpers.mines import held_to
from tests.helpers.refusals import refused_with

MINES = parameters() / "mines"
HELD = [(name, standard) for standard in standard_ids() for name in held_to(standard)]
VISIBLE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=12).map(str.strip)
NUMBERS = st.one_of(
    st.decimals(-10**9, 10**9, places=3).map(str), st.integers(-10**14, 10**14).map(str),
    st.floats(allow_nan=False).map(repr),
    st.integers(0, 1000).map("{}%".format), st.decimals(0, 200, places=2).map("{}%".format),
    st.integers(0, 10**7).map("{:,}".format), st.integers(0, 99).map("{:03}".format))
TEXTS = st.one_of(VISIBLE, NUMBERS, st.sampled_from(
    ["=1+1", "#N/A", "'5", "2025/3/1", "1/2", "true", "TRUE", "null", "1e3", '"a"', "{}", "[]", "-0", "@x", "~", "no"]))


def contents(folder):
    return read_yaml(folder / "mine.yaml"), {file: list(map(dict, read_rows(folder, file))) for file in tables()}


def without(names, records):
    return [{name: one for name, one in record.items() if name not in names} for record in records]


@pytest.mark.parametrize(("name", "language"), [
    (path.name, ("zh", "en")[number % 2]) for number, path in enumerate(sorted(MINES.iterdir()))])
def test_every_example_comes_back_from_a_workbook(tmp_path, name, language):
    book = convert(MINES / name, tmp_path / "book" / "mine.xlsx", language)
    again = convert(book, tmp_path / "again")
    assert contents(again) == contents(MINES / name)
    for file in (path.relative_to(MINES / name) for path in (MINES / name).rglob("*/*") if path.is_file()):
        assert (again / file).read_bytes() == (MINES / name / file).read_bytes()


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_dossier_comes_back_from_a_workbook(data):
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "dossier"
        shutil.copytree(MINES / "tiny-quarry", folder)
        mine = read_yaml(folder / "mine.yaml")
        for text in data.draw(st.lists(TEXTS, min_size=1, max_size=6)):
            where = data.draw(st.sampled_from([mine["name"], mine["base_year"], mine["factors"], mine["options"],
                                               mine["licences"][0]]))
            where[data.draw(st.sampled_from([*where, "a.b", "评价 A", "[1]", '"']))] = text
        (folder / "mine.yaml").write_text(yaml_text(mine), encoding="utf-8-sig")
        for file in data.draw(st.lists(st.sampled_from(sorted({*tables()} - {"findings.csv"})), max_size=4)):
            rows = list(csv.reader(io.StringIO((folder / file).read_text("utf-8-sig"))))
            rows.append([data.draw(TEXTS) for _ in rows[0]])
            written = io.StringIO()
            csv.writer(written).writerows(rows)
            (folder / file).write_text(written.getvalue(), encoding="utf-8-sig")
        before = contents(folder)
        assert before[0] == mine
        again = convert(convert(folder, Path(temporary) / "book" / "mine.xlsx"), Path(temporary) / "again")
        assert contents(again) == before


@pytest.mark.slow
@pytest.mark.parametrize(("name", "standard"), HELD)
def test_the_results_are_those_of_the_folder(tmp_path, name, standard):
    book = convert(MINES / name, tmp_path / "mine.xlsx")
    of_book, of_folder = (results_document(mc.check(one, standard)) for one in (book, MINES / name))
    for part, places in (("notices", ("file", "row", "column", "details")), ("assumptions", ("source",))):
        assert without(places, of_book[part]) == without(places, of_folder[part])
        del of_book[part], of_folder[part]
    assert of_book == of_folder


def test_numbers_are_numbers_and_texts_are_texts(tmp_path):
    book = openpyxl.load_workbook(convert(MINES / "tiny-quarry", tmp_path / "mine.xlsx", "en"))
    heading, first = list(book["activity data"].iter_rows(max_row=2, values_only=True))
    row = dict(zip(heading, first, strict=True))
    assert isinstance(row["year"], int)
    assert isinstance(row["quantity"], int | float)
    assert isinstance(row["unit"], str)
    assert all(cell.data_type in "nsb" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_text_too_long_for_a_cell_is_refused_before_anything_is_written(tmp_path):
    folder = shutil.copytree(MINES / "example-closed-quarry", tmp_path / "mine")
    told = yaml_text(read_yaml(folder / "mine.yaml") | {"notice": "长" * 33_000})
    (folder / "mine.yaml").write_text(told, encoding="utf-8-sig")
    with refused_with("cell_too_long"):
        convert(folder, tmp_path / "book" / "mine.xlsx")
    assert not (tmp_path / "book").exists()


def test_nothing_is_overwritten(tmp_path):
    folder = tmp_path / "example"
    convert(MINES / "example-closed-quarry", folder)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "evidence").mkdir()
    for target in (folder, tmp_path / "book" / "mine.xlsx"):
        with pytest.raises(mc.BadInput) as refusal:
            convert(MINES / "example-closed-quarry", target)
        assert {one.message for one in refusal.value.problems} == {"out_exists"}
    assert not (tmp_path / "book" / "mine.xlsx").exists()


def test_a_workbook_beside_its_own_evidence_needs_no_copy_of_it(tmp_path):
    folder = convert(MINES / "example-closed-quarry", tmp_path / "example")
    book = convert(folder, folder / "mine.xlsx")
    assert convert(book, tmp_path / "again").is_dir()


def test_the_command_tells_what_it_wrote_and_check_reads_it(tmp_path):
    book = str(tmp_path / "mine.xlsx")
    told = CliRunner().invoke(main, ["convert", str(MINES / "tiny-quarry"), book])
    assert (told.exit_code, told.output.strip()) == (0, book)
    assert CliRunner().invoke(main, ["check", book]).exit_code == 0
    assert CliRunner().invoke(main, ["convert", str(MINES / "tiny-quarry"), book]).exit_code == 2


def test_a_batch_takes_workbooks_and_finds_what_two_retire_both(tmp_path):
    books = [str(convert(MINES / "tiny-quarry", tmp_path / name / f"{name}.xlsx")) for name in ("a", "b")]
    told = CliRunner().invoke(main, ["batch", *books, "--depth", "results", "--out", str(tmp_path / "runs"),
                                     "--workers", "1", "--lang", "en"])
    assert told.exit_code == 0, told.output
    assert "EX-F-2023-600001-600720" in told.output


@pytest.mark.slow
def test_a_run_keeps_the_workbook_and_can_be_verified(tmp_path):
    book = convert(MINES / "example-closed-quarry", tmp_path / "mine.xlsx")
    made = mc.run(book, "restoration-carbon-sink-2024", tmp_path / "runs", formats=("html",))
    assert (made / "inputs" / "mine.xlsx").read_bytes() == book.read_bytes()
    assert {path.name for path in (made / "inputs").iterdir()} == {"mine.xlsx", "evidence"}
    found = mc.verify(made, kit_differs_ok=True)
    assert (found.exit_status, list(found.problems)) == (0, [])
    assert not any(name.startswith("inputs/") and name != "inputs/" for name in found.unknown)


@pytest.mark.parametrize("name", ["mine.xls", "mine.XLSM", "mine.ods"])
def test_no_folder_takes_the_name_of_a_workbook(tmp_path, name):
    with refused_with("dossier_not_xlsx"):
        convert(MINES / "tiny-quarry", tmp_path / name)
    with refused_with("dossier_not_xlsx"):
        begin(tmp_path / name, "carbon-neutral-mine-2025", kind="metal-opencast")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["again", "evidence/again"])
def test_no_dossier_is_written_into_the_folder_of_another(tmp_path, name):
    folder = tmp_path / "quarry"
    shutil.copytree(MINES / "tiny-quarry", folder)
    before = sorted(folder.rglob("*"))
    with refused_with("inside_dossier"):
        convert(folder, folder / name)
    with refused_with("inside_dossier"):
        begin(folder / name, "carbon-neutral-mine-2025", last=folder)
    assert sorted(folder.rglob("*")) == before

"""A blank workbook asks a kind of mine for what it needs, in words that are read, and helps with lists and colours."""

import shutil
import subprocess

import openpyxl
import pytest

import mineco as mc
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import what_is_missing
from mineco.core.yaml_reading import kit_data
from mineco.dossier.cells import column_of, columns_file, read_rows, tables
from mineco.dossier.mine import Mine
from mineco.dossier.workbook.cover import read_key
from mineco.runs.blanks.kinds import asked_figures, left_out, other_units, usual_sources
from mineco.runs.blanks.layout import PRESET
from mineco.runs.blanks.new import begin
from mineco.runs.converting import convert
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard
from tests.helpers.programs import program
from tests.helpers.refusals import refused_with

NEUTRAL, SINK, AREA = "carbon-neutral-mine-2025", "restoration-carbon-sink-2024", "restoration-area-2025"
SUBTYPES = list(load_standard(NEUTRAL).mine_subtypes)
BLANK = {"missing_value", "missing_entry", "missing_text"}  # of a cell that says what a row or an entry is about


def refused(path, standard):
    with pytest.raises(BadInput) as told:
        mc.check(path, standard)
    return list(told.value.problems)


@pytest.mark.parametrize(("subtype", "standard"), [
    pytest.param(one, standard, marks=[] if one == "coal-underground" else [pytest.mark.slow])
    for one in SUBTYPES for standard in (NEUTRAL, SINK)])
def test_what_is_to_be_filled_is_all_that_is_wrong_with_it(tmp_path, subtype, standard):
    language = ("zh", "en")[SUBTYPES.index(subtype) % 2]
    told = refused(begin(tmp_path / "mine.xlsx", standard, language, subtype), standard)
    assert {one.message for one in told if not what_is_missing(one)} <= BLANK
    assert all(one.value in ("", None) for one in told if one.message in BLANK)


@pytest.mark.parametrize("subtype", SUBTYPES)
def test_every_source_that_is_expected_of_a_kind_of_mine_is_asked_for(subtype):
    standard = load_standard(NEUTRAL)
    usual = {one.source.id for one in usual_sources(standard, subtype)}
    for source in standard.sources.values():
        if standard.concerns(source.expected_for, subtype):
            assert usual & {source.id, *source.instead}, (
                f"{source.id} is expected of {subtype}: name that kind in parameters/dossier/usual.yaml too")
    for one in usual_sources(standard, subtype):
        key = one.key if isinstance(one.key, str) else ""
        if key and one.source.key != "instance":
            assert load_factors().resolve(one.source.key, key) == key
        assert set(one.units) <= {item.id for item in one.asked_items()}
        for item in one.asked_items():
            assert one.units.get(item.id, item.units[0]) in other_units(
                item.units, one.units.get(item.id, ""), item.density is not None)


def test_a_water_mine_is_not_asked_for_waste_which_it_leaves_out_for_a_reason():
    standard = load_standard(NEUTRAL)
    assert set(left_out(standard, "mineral-water")) == {"E3.1", "E3.3"}
    assert "solid_waste_generated" not in asked_figures(standard, "mineral-water", 2024)[""]
    assert "solid_waste_generated" in asked_figures(standard, "metal-opencast", 2024)[""]


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request, tmp_path_factory):
    path = begin(tmp_path_factory.mktemp("new") / "north.xlsx", NEUTRAL, request.param, "metal-opencast", 2022)
    return path, openpyxl.load_workbook(path), request.param


def test_sheets_stand_in_the_order_in_which_they_are_needed(made):
    _, book, language = made
    named = columns_file()["tables"]
    first = [columns_file()["cover"]["name"], kit_data("dossier/cover.yaml")["sheets"]["guide"],
             *(named[f"{name}.csv"]["name"] for name in ("activity", "metrics", "ratings", "restoration"))]
    assert book.sheetnames[:6] == [one[language] for one in first]
    assert book.worksheets[-1].sheet_state == "hidden"
    assert len(book.sheetnames) == len(named) + 3


def test_examples_notes_and_hints_are_read_by_nobody(made, tmp_path):
    path, book, language = made
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[2] if cell.value == {"zh": "示例", "en": "example"}[language])
    examples = {row[column - 1].value for row in sheet.iter_rows(min_row=3) if row[column - 1].value}
    assert len(examples) > 10
    mine = (convert(path, tmp_path / language / "folder") / "mine.yaml").read_text("utf-8-sig")
    assert [one for one in examples if len(one) > 6 and one in mine] == []
    rows = read_rows(tmp_path / language / "folder", "metrics.csv")
    assert all(set(row) == set(tables()["metrics.csv"]) for row in rows)
    assert {row["note"] for row in rows} == {""}


def test_every_cell_that_is_prefilled_is_one_of_its_own_list(made):
    _, book, _ = made
    lists = book.worksheets[-1]
    offered = {lists.cell(1, column).value: {str(lists.cell(row, column).value) for row in range(2, lists.max_row + 1)}
               for column in range(1, lists.max_column + 1)}
    seen = 0
    for sheet in book.worksheets[:-1]:
        for one in sheet.data_validations.dataValidation:
            for cells in one.sqref.ranges:
                for row in sheet[cells.coord] if ":" in cells.coord else ((sheet[cells.coord],),):
                    for cell in row:
                        if cell.value is not None and one.formula1 in offered:
                            seen += 1
                            assert str(cell.value) in offered[one.formula1], (sheet.title, cell.coordinate)
    assert seen > 50


def test_no_cell_has_two_lists(made):
    _, book, _ = made
    for sheet in book.worksheets:
        ranges = [cells for one in sheet.data_validations.dataValidation for cells in one.sqref.ranges]
        for number, one in enumerate(ranges):
            assert all(one.isdisjoint(other) for other in ranges[:number]), (sheet.title, one.coord)


def test_what_must_be_filled_is_yellow_until_it_is_and_what_may_be_left_out_is_not(made):
    _, book, _ = made
    sheet = book.worksheets[0]
    keys = {row[4].value: row[1].coordinate for row in sheet.iter_rows(min_row=3) if row[4].value}
    yellow = {str(one.sqref) for one in sheet.conditional_formatting}
    assert {keys["name"], keys["prerequisites.law.met"], keys["defaults.kind"]} <= yellow
    assert not {keys["licences[1].number"], keys["defaults.meter"]} & yellow


def test_the_kind_of_a_finding_is_not_called_the_state_of_a_datum(made):
    _, book, language = made
    sheet = book[columns_file()["tables"]["findings.csv"]["name"][language]]
    assert sheet["C2"].value == {"zh": "种类", "en": "kind"}[language]
    assert column_of("findings.csv")(sheet["C2"].value) == "kind"


def test_a_problem_is_told_by_the_cell_under_the_heading_of_its_language(made):
    path, book, language = made
    sheet = book.worksheets[2]
    value = next(cell for cell in sheet[2] if cell.value == {"zh": "数量", "en": "quantity"}[language])
    told = [one.row for one in refused(path, NEUTRAL) if one.message == "missing_figure"]
    assert f"{sheet.title}!{value.column_letter}3" in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_entry_is_known_by_its_name_as_by_its_key(language):
    entries = kit_data("dossier/cover.yaml")["entries"]
    for key, one in entries.items():
        assert read_key(one["name"][language]) == read_key(key)
    assert {read_key(name) for name in Mine.model_fields} == {(name,) for name in Mine.model_fields}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_units_of_the_lists_are_units(language):
    from mineco.core.units import compatible

    for unit, others in kit_data("dossier/usual.yaml")["units"].items():
        assert all(compatible(unit, one) for one in others)


@pytest.mark.parametrize(("kind", "message"), [("", "kind_of_mine_needed"), ("metal", "type_of_several"),
                                              ("金属矿产矿山", "type_of_several"), ("moon", "unknown_kind_of_mine")])
def test_a_workbook_is_for_one_kind_of_mine_and_the_sentence_lists_them(tmp_path, kind, message):
    with refused_with(message) as told:
        begin(tmp_path / "mine.xlsx", NEUTRAL, kind=kind)
    assert "metal-opencast 金属露天矿山" in told.value.problems[0].details["known_zh"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["metal-opencast", "金属露天矿山", "Opencast metal mine"])
def test_a_kind_of_mine_is_named_by_id_or_in_either_language(tmp_path, kind):
    assert begin(tmp_path / "mine.xlsx", NEUTRAL, kind=kind).is_file()


def test_a_standard_that_works_on_maps_has_no_workbook(tmp_path):
    with refused_with("workbook_of_maps"):
        begin(tmp_path / "mine.xlsx", AREA, kind="metal-opencast")


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "mine.xlsx").write_bytes(b"mine")
    with refused_with("out_exists"):
        begin(tmp_path / "mine.xlsx", NEUTRAL, kind="metal-opencast")
    assert (tmp_path / "mine.xlsx").read_bytes() == b"mine"


@pytest.mark.parametrize("standard", [NEUTRAL, SINK])
def test_a_folder_for_a_kind_of_mine_asks_for_the_same_rows(tmp_path, standard):
    folder = begin(tmp_path / "folder", standard, "zh", "metal-opencast", 2022)
    book = convert(begin(tmp_path / "mine.xlsx", standard, "zh", "metal-opencast", 2022), tmp_path / "again")
    known = load_standard(standard)
    names = {one.name_zh: one.id for part in (known.sources, known.metrics, known.indicators) for one in part.values()}
    for file, columns in {"activity.csv": ("year", "source"), "metrics.csv": ("year", "metric"),
                          "ratings.csv": ("indicator", "rater")}.items():
        by_id, by_name = read_rows(folder, file), read_rows(book, file)
        assert [[row[name] for name in columns] for row in by_id] == [
            [names.get(row[name], row[name]) for name in columns] for row in by_name]
    assert {one.message for one in refused(folder, standard) if not what_is_missing(one)} <= BLANK


def values(sheet, like):
    return [[cell.value for cell in row] for row in sheet.iter_rows(max_row=like.max_row, max_col=like.max_column)]


def lists(sheet):
    """The list that each cell offers."""
    return {place: one.formula1 for one in sheet.data_validations.dataValidation for cells in one.sqref.ranges
            for places in cells.rows for place in places if "OFFSET" not in one.formula1}


@pytest.mark.slow
def test_an_office_keeps_lists_colours_and_values(made, tmp_path):
    path, book, language = made
    subprocess.run([program("soffice"), "--headless", f"-env:UserInstallation=file://{tmp_path}/office",
                    "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(path)], check=True,
                   capture_output=True, timeout=180)
    again = openpyxl.load_workbook(tmp_path / "out" / path.name)
    for sheet in book.worksheets:
        kept = again[sheet.title]
        assert values(kept, sheet) == values(sheet, sheet)
        assert lists(kept) == lists(sheet)
        assert len(kept.conditional_formatting) == len(sheet.conditional_formatting)
        assert kept.sheet_state == sheet.sheet_state
    told = refused(tmp_path / "out" / path.name, NEUTRAL)
    assert {one.message for one in told} == {one.message for one in refused(path, NEUTRAL)}


def of_figures(book):
    """The sheet of operating figures, by name of the column its letters, and the rows of references."""
    sheet = book.worksheets[3]
    columns = {column_of("metrics.csv")(cell.value): cell.column_letter for cell in sheet[2] if cell.value}
    names = {one.name[language] for one in load_standard(NEUTRAL).metrics.values() for language in ("zh", "en")
             if one.id.startswith("reference_")}
    rows = [row for row in range(3, sheet.max_row + 1) if sheet[f"{columns['metric']}{row}"].value in names]
    return sheet, columns, rows


def test_a_reference_has_its_basis_as_a_proposal_that_is_seen_and_can_be_changed(made):
    _, book, _ = made
    sheet, columns, rows = of_figures(book)
    assert len(rows) == 3
    for row in rows:
        cell = sheet[f"{columns['basis']}{row}"]
        assert (cell.value, cell.fill.fgColor.rgb[-6:]) == ("own:2021", PRESET)
        assert [one for one in sheet.data_validations.dataValidation if cell.coordinate in one.sqref]
        assert sheet[f"{columns['value']}{row}"].value is None
    waste = {one.name[language] for one in [load_standard(NEUTRAL).metrics["solid_waste_generated"]]
             for language in ("zh", "en")}
    years = [sheet[f"A{row}"].value for row in range(3, sheet.max_row + 1) if sheet[f"B{row}"].value in waste]
    assert years == [2021, 2022]  # what last year's waste intensity is computed of is asked for


def rules_of(sheet, cell):
    return [rule.formula[0] for one in sheet.conditional_formatting if cell in one.sqref for rule in one.rules]


def test_nothing_is_yellow_beside_a_basis_that_is_enough_nor_in_a_row_of_what_is_absent(made):
    _, book, _ = made
    sheet, columns, rows = of_figures(book)
    (rule,) = rules_of(sheet, f"{columns['value']}{rows[0]}")
    assert f"COUNTIF(by_basis,${columns['metric']}3)*LEN(TRIM(${columns['basis']}3))" in rule
    assert f"SEARCH(${columns['metric']}3,said_absent)" in rule
    (rule,) = rules_of(sheet, f"{columns['meter']}{rows[0]}")
    assert f'LEFT(${columns["basis"]}3,5)="quota"' in rule
    assert not rules_of(sheet, f"{columns['basis']}{rows[0]}")
    assert {"by_basis", "said_absent"} <= set(book.defined_names)


def test_what_the_last_mine_had_not_stands_in_one_cell_of_the_next_workbook(tmp_path):
    first = tmp_path / "first"
    shutil.copytree(parameters() / "mines" / "tiny-quarry", first)
    with (first / "mine.yaml").open("a", encoding="utf-8") as file:
        file.write("\nabsent: [electricity sold, stored waste put to use]\n")
    after = openpyxl.load_workbook(begin(tmp_path / "next.xlsx", NEUTRAL, "en", last=first)).worksheets[0]
    assert [cells[1].value for cells in after.iter_rows() if str(cells[4].value).startswith("absent")] == [
        "electricity sold; stored waste put to use"]

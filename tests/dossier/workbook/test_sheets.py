"""A workbook in place of a folder: what is read of it, and where what is wrong is told."""

import shutil
from dataclasses import replace

import openpyxl
import pytest

import mineco as mc
from mineco import views
from mineco.core.errors import Problem
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.dossier.workbook.places import by_sheet
from mineco.dossier.workbook.sheets import sheet_names, unpack
from mineco.dossier.workbook.unpacked import placed
from mineco.evaluation.record.results import results_document
from mineco.evaluation.record.trace import trace_document
from mineco.runs.blanks.new import begin
from mineco.runs.converting import convert

QUARRY = parameters() / "mines" / "tiny-quarry"


@pytest.fixture
def written(tmp_path):
    """Write the quarry as a workbook, changed by a function that takes its sheets."""
    def write(change=lambda book: None, language="en", name="quarry.xlsx"):
        path = convert(QUARRY, tmp_path / name, language)
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
        return path
    return write


def refused(path):
    with pytest.raises(mc.BadInput) as refusal:
        mc.open_case(path)
    return [(one.message, one.file, one.row, one.column) for one in refusal.value.problems]


def set_mine(key, value):
    def change(book):
        row = next(row for row in book["mine"].iter_rows() if row[0].value == key)
        row[1].value = value
    return change


def test_a_bad_cell_of_a_table_is_told_by_sheet_and_cell(written):
    def change(book):
        book["activity data"]["E5"] = "1,5"
    path = written(change)
    assert refused(path) == [("not_a_number", "quarry.xlsx", "activity data!E5", "quantity")]
    with pytest.raises(mc.BadInput) as refusal:
        mc.open_case(path)
    assert problem_text(refusal.value.problems[0], "en").startswith(
        "quarry.xlsx, activity data!E5, quantity = 1,5: is not a number.")


def test_a_bad_entry_is_told_by_its_cell_on_the_first_sheet(written):
    def change(book):
        set_mine("report_date", "someday")(book)
        set_mine("reporting_year", "20x4")(book)
        row = {cells[0].value: cells[1].coordinate for cells in book["mine"].iter_rows()}
        places.extend([row["reporting_year"], row["report_date"]])
    places = []
    path = written(change)
    assert refused(path) == [("not_a_whole_number", "quarry.xlsx", f"mine!{places[0]}", "reporting_year"),
                             ("not_a_date", "quarry.xlsx", f"mine!{places[1]}", "report_date")]


def test_what_the_checks_behind_the_reading_find_is_told_by_cell_too(written):
    assert refused(written(set_mine("province", "Atlantis")))[0][1:3] == ("quarry.xlsx", "mine!B12")


@pytest.mark.parametrize(("change", "told"), [
    (lambda book: book.remove(book["offsets"]), ("missing_sheet", "quarry.xlsx", "", "")),
    (lambda book: book.create_sheet("mesures"), ("unknown_sheet", "quarry.xlsx", "", "")),
    (lambda book: book.create_sheet("抵消"), ("sheet_twice", "quarry.xlsx", "", "")),
    (lambda book: book["offsets"].append(["=1+1"]), ("formula_in_cell", "quarry.xlsx", "offsets!A3", "")),
    (lambda book: book["offsets"].append(["a\nb"]), ("line_break_in_cell", "quarry.xlsx", "offsets!A3", "")),
    (lambda book: book["activity data"].merge_cells("A2:A3"),
     ("merged_cells", "quarry.xlsx", "activity data!A2:A3", "")),
    (lambda book: book["mine"].__setitem__("A90", "a..b"), ("key_not_understood", "quarry.xlsx", "mine!A90", "")),
    (lambda book: book["mine"].delete_rows(1), ("no_header", "quarry.xlsx", "mine", "")),
])
def test_what_no_sheet_may_be_is_told(written, change, told):
    assert told in refused(written(change))


def test_sheets_are_known_by_their_names_in_either_language_and_by_those_of_the_tables(written):
    def change(book):
        book["offsets"].title = "抵消"
        book["activity data"].title = "Activity"
        book["mine"].title = " 矿山 "
    case = mc.open_case(written(change))
    assert case.dossier.mine == mc.open_case(QUARRY).dossier.mine


def test_numbers_as_excel_keeps_them_are_read(written):
    plain = mc.open_case(QUARRY)

    def change(book):
        sheet = book["activity data"]
        assert isinstance(sheet["E2"].value, int | float)
        sheet["E2"].number_format = "#,##0.00"
        sheet["A2"].value = str(sheet["A2"].value)
    assert mc.open_case(written(change)).dossier.activity == plain.dossier.activity


def test_a_title_above_the_heading_and_blank_rows_keep_the_places(written):
    def change(book):
        book["offsets"].insert_rows(1, 2)
        book["offsets"]["A1"] = "Offsets of the year"
        book["offsets"]["A9"] = "x"
    assert ("not_in_list", "quarry.xlsx", "offsets!A9", "kind") in refused(written(change))


def test_evidence_lies_beside_the_workbook(tmp_path):
    path = convert(parameters() / "mines" / "example-closed-quarry", tmp_path / "quarry.xlsx")
    standard = "restoration-carbon-sink-2024"
    assert mc.open_case(path, standard).dossier.files.keys() == {"quarry.xlsx"}
    shutil.rmtree(tmp_path / "evidence")
    with pytest.raises(mc.BadInput) as refusal:
        mc.open_case(path, standard)
    assert {one.row.partition("!")[0] for one in refusal.value.problems} == {"评价过程记录"}


def test_other_files_beside_a_workbook_are_not_of_it(written):
    path = written()
    (path.parent / "photo.jpg").write_bytes(b"0")
    (path.parent / "link").symlink_to(path)
    assert mc.open_case(path).dossier.mine.id == "tiny-quarry"


def test_a_folder_that_holds_a_workbook_alone_is_its_dossier(written):
    assert mc.open_case(written().parent).dossier.mine.id == "tiny-quarry"


def test_a_workbook_beside_the_tables_is_an_unknown_file(tmp_path):
    folder = tmp_path / "quarry"
    shutil.copytree(QUARRY, folder)
    openpyxl.Workbook().save(folder / "mine.xlsx")
    assert refused(folder) == [("unknown_file", "mine.xlsx", "", "")]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"year,item\n"])
def test_what_is_no_workbook_is_told_as_such(tmp_path, content):
    (tmp_path / "mine.xlsx").write_bytes(content)
    assert [one[1] for one in refused(tmp_path / "mine.xlsx")] == ["mine.xlsx"]


def test_what_if_of_a_workbook_is_that_of_its_folder(written):
    plain, of_workbook = (mc.evaluate(mc.what_if(mc.open_case(path), offsets={"EX-F-2023-600001-600720": 880}))
                          for path in (QUARRY, written()))
    assert float(plain.score.total) == float(of_workbook.score.total)
    assert plain.grade.by_offset == of_workbook.grade.by_offset


# --- what does not show -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_what_is_hidden_is_read_counted_and_told(written, state):
    def change(book):
        sheet = book["activity data"]
        sheet.sheet_state = state
        for row in (4, 5):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["N"].hidden = True
        sheet.auto_filter.ref = "A1:P40"
    case = mc.open_case(written(change))
    assert case.dossier.activity == mc.open_case(QUARRY).dossier.activity
    told = {one.message: one for one in case.notices if one.file == "quarry.xlsx" and one.row == "activity data"}
    assert told.keys() == {"hidden_sheet", "hidden_rows", "hidden_columns"}
    assert told["hidden_rows"].details == {"count": "2", "rows": "4, 5"}
    assert told["hidden_columns"].details == {"columns": "N"}
    recorded = results_document(mc.evaluate(case))["notices"]
    assert {one["message"] for one in recorded if one["row"] == "activity data"} == told.keys()


def test_what_stands_above_the_heading_may_be_merged_or_count(written):
    def change(book):
        sheet = book["activity data"]
        sheet.insert_rows(1, 2)
        sheet["A1"] = '="Data of "&2024'
        sheet.merge_cells("A1:H1")
        sheet["E7"] = "many"
    assert refused(written(change)) == [("not_a_number", "quarry.xlsx", "activity data!E7", "quantity")]


def test_the_cell_is_found_under_a_heading_in_any_words(written):
    def change(book):
        sheet = book["activity data"]
        for cell in sheet[1]:
            cell.value = {"year": "年度", "quantity": "用量", "unit": "计量单位"}.get(cell.value, cell.value)
        sheet["E5"] = "many"
    assert refused(written(change)) == [("not_a_number", "quarry.xlsx", "activity data!E5", "quantity")]


@pytest.mark.parametrize("name", ["检查", "Check", " check "])
def test_the_list_of_a_marked_copy_is_no_table(written, name):
    assert mc.open_case(written(lambda book: book.create_sheet(name))).dossier.mine.id == "tiny-quarry"


# --- where a result says that its data stand --------------------------------------------------------------------------

@pytest.fixture
def of_workbook(written):
    return mc.check(written())


def test_a_notice_of_an_entry_names_its_cell(of_workbook):
    assert ("base_year_recent", "quarry.xlsx", "mine!B21", "base_year.year") in [
        (one.message, one.file, one.row, one.column) for one in of_workbook.notices]


def test_results_trace_and_lists_name_sheet_and_cell_and_no_file_of_a_folder(of_workbook):
    mc.set_language("en")
    places = [one["source"] for one in results_document(of_workbook)["assumptions"] if "!" in one["source"]]
    assert places == ["activity data!E17", "activity data!E8"]
    trace = trace_document(of_workbook)
    assert trace["results"]["outcome.ledger.offsets_t_co2e"]["rows"] == ["offsets!H2"]
    data = [(one["file"], one["row"]) for one in trace["quantities"] if "file" in one]
    assert ("quarry.xlsx", "activity data!E11") in data
    shown = views.case.data_list(of_workbook.case).text + views.appendix.findings(of_workbook).text
    assert "activity data!E11" in shown
    assert "ratings!A2–A13" in shown
    assert [file for file in (*sheet_names(), ".csv:") if file in f"{trace['results']}{data}{shown}"] == []


def test_the_cells_that_a_trace_names_hold_its_numbers(of_workbook):
    book = openpyxl.load_workbook(of_workbook.case.dossier.folder / "quarry.xlsx")
    told = {one["row"]: one["given"] for one in trace_document(of_workbook)["quantities"] if one.get("given")}
    assert len(told) > 30
    for row, given in told.items():
        sheet, _, cell = row.rpartition("!")
        assert str(book[sheet][cell].value) == given


def test_a_batch_of_a_folder_and_two_workbooks_tells_of_each_where_its_own_data_stand(written):
    def hide(book):
        book["offsets"].sheet_state = "hidden"
    found = mc.batch([QUARRY, written(name="a.xlsx"), written(hide, name="b.xlsx")])
    folder, plain, hidden = found["notices"]
    assert "base_year_recent mine.yaml:base_year.year" in folder
    assert "base_year_recent a.xlsx:mine!B21" in plain
    assert "hidden_sheet b.xlsx:offsets" in hidden
    assert "hidden_sheet" not in folder + plain


def test_what_if_below_a_title_writes_into_the_row_that_is_meant(written):
    def change(book):
        book["offsets"].insert_rows(1, 2)
        book["offsets"]["A1"] = "Offsets of the year"
    case = mc.open_case(written(change))
    more = mc.what_if(case, offsets={"EX-F-2023-600001-600720": 880})
    assert [float(row.quantity.value) for row in more.dossier.offsets] == [880.0]
    with pytest.raises(mc.BadInput) as refusal:
        mc.what_if(case, offsets={"EX-F-2023-600001-600720": -1})
    assert [one.row for one in refusal.value.problems] == ["offsets!H4"]


def test_two_workbooks_in_a_folder_are_told_by_name(written):
    folder = written(name="a.xlsx").parent
    written(name="b.xlsx")
    with pytest.raises(mc.BadInput) as refusal:
        mc.open_case(folder)
    assert [(one.message, one.details["known"]) for one in refusal.value.problems] == [
        ("workbooks_several", "a.xlsx, b.xlsx")]


def test_all_that_is_wrong_is_told_in_one_round(written):
    def change(book):
        sheet = book["activity data"]
        sheet["E2"].value, sheet["E3"].value = "=SUM(E3:E4)", "many"
        book["operating figures"].merge_cells("B3:B4")
        book.create_sheet("draft")
        set_mine("report_date", "someday")(book)
    told = [(one, row) for one, _, row, _ in refused(written(change))]
    assert told[:3] == [("unknown_sheet", ""), ("formula_in_cell", "activity data!E2"),
                        ("merged_cells", "operating figures!B3:B4")]
    assert ("not_a_number", "activity data!E3") in told
    assert "not_a_date" in dict(told)
    assert len(told) == 5  # the cell of the formula is not told to be blank, nor the rows of the merged cells


def test_a_sheet_of_another_name_costs_no_round_for_the_others(written):
    def change(book):
        book["operating figures"].title = "figures of 2024"
        book["activity data"]["E3"].value = "many"
    assert {one for one, *_ in refused(written(change))} == {"unknown_sheet", "missing_sheet", "not_a_number"}


@pytest.mark.parametrize(("language", "said"), [
    ("zh", "请在工作表“operating figures”的“basis”写明依据。"),
    ("en", "Name its basis in “basis” of sheet “operating figures”.")])
def test_a_message_speaks_the_words_of_the_workbook(written, language, said):
    book = unpack(written())
    told = placed(Problem("figure_counted_in_part", "metrics.csv", 3, "value", details={"counted": "1"}), book)
    assert problem_text(told, language).endswith(said)
    assert "metrics.csv" not in problem_text(told, language)
    plain = Problem("figure_counted_in_part", "metrics.csv", 3, "value", details={"counted": "1"})
    assert "metrics.csv:basis" in problem_text(plain, language)


def test_a_notice_that_results_tell_by_cell_speaks_the_words_of_the_workbook_too(written):
    path = written()
    recorded = Problem("figure_counted_in_part", path.name, "operating figures!C3", "value", details={"counted": "1"})
    (told,) = by_sheet(path, [recorded])
    assert problem_text(told, "en").endswith("Name its basis in “basis” of sheet “operating figures”.")


def test_a_message_names_an_entry_as_the_first_sheet_does(tmp_path):
    made = begin(tmp_path / "mine.xlsx", "carbon-neutral-mine-2025", "zh", "metal-opencast", 2022)
    told = placed(Problem("missing_metric", "metrics.csv", value="fresh_water", details={
        "year": 2022, "figure_zh": "", "figure_en": "", "indicator": "E3.4", "name_zh": "", "name_en": ""}),
        unpack(made))
    assert "工作表“矿山”的“没有的排放源和数据”" in problem_text(told, "zh")
    entry = placed(Problem("missing_entry", "mine.yaml", column="evaluator_team.organisation"), unpack(made))
    assert problem_text(entry, "zh").startswith("mine.xlsx，矿山!B21，评价机构：")
    refused = placed(Problem("not_true_or_false", "mine.yaml", column="prerequisites.law.met", value="√"), unpack(made))
    assert "工作簿中请写 是 或 否；YAML 文件中写 true 或 false" in problem_text(refused, "zh")
    recorded = replace(placed(entry, unpack(made)), called={})  # as the results of a run hold it
    (again,) = by_sheet(made, [recorded])
    assert problem_text(again, "zh") == problem_text(entry, "zh")

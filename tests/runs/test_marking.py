"""A copy of a workbook in which every problem stands at its cell."""

import io
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

import mineco as mc
from mineco.cli.main import main
from mineco.core.errors import Problem
from mineco.core.kit import parameters
from mineco.core.workbooks.marker import BEGIN, FILLS
from mineco.runs.converting import convert
from mineco.runs.marking import Found, look_through, mark

QUARRY = parameters() / "mines" / "tiny-quarry"
TABLE = "activity data"


@pytest.fixture
def written(tmp_path):
    """Write the quarry as a workbook, changed by a function that takes it."""
    def write(change=lambda book: None, name="采石场 一号.xlsx"):
        path = convert(QUARRY, tmp_path / "我的 文件夹" / name, "en")
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
        return path
    return write


def set_cells(**cells):
    def change(book):
        for place, value in cells.items():
            book[TABLE][place] = value
    return change


def marked(path, language="en", target=None):
    made, _ = mark(path, look_through(path, language=language), target, language)
    return openpyxl.load_workbook(made), made


def comments(book):
    return {(sheet.title, cell.coordinate): cell.comment.text for sheet in book for row in sheet.iter_rows()
            for cell in row if cell.comment}


def fills(sheet):
    return {str(some.sqref): rule.dxf.fill.bgColor.rgb for some in sheet.conditional_formatting for rule in some.rules}


def test_each_problem_is_a_comment_at_its_cell_and_a_line_with_a_link(written):
    before = written(set_cells(E5="many", F5="furlong", E9="few"))
    content = before.read_bytes()
    book, made = marked(before)
    assert made.name == "采石场 一号-checked.xlsx"
    assert before.read_bytes() == content
    found = comments(book)
    assert found.keys() == {(TABLE, "E5"), (TABLE, "F5"), (TABLE, "E9")}
    assert found[TABLE, "E5"].startswith(f"{BEGIN}\nquantity = many: is not a number.")
    assert set(fills(book[TABLE]).values()) == {FILLS["problem"]}
    assert book.sheetnames[0] == "check"
    heading, *rows = book["check"].iter_rows(max_col=4)
    assert [cell.value for cell in heading] == ["No.", "kind", "sheet and cell", "what it is"]
    assert {row[2].value: row[2].hyperlink.location for row in rows} == {
        f"{TABLE}!{place}": f"'{TABLE}'!{place}" for place in ("E5", "E9", "F5")}


def test_several_problems_of_a_cell_are_one_comment(written):
    path = written()
    found = Found(tuple(Problem(one, path.name, f"{TABLE}!E5") for one in ("not_a_year", "not_a_number")))
    made, _ = mark(path, found, None, "en")
    assert len(comments(openpyxl.load_workbook(made))[TABLE, "E5"].splitlines()) == 3


def test_a_notice_has_another_colour_than_a_problem(written):
    book, _ = marked(written())
    assert "mine" in {sheet for sheet, _ in comments(book)}
    assert set(fills(book["mine"]).values()) == {FILLS["notice"]} != {FILLS["problem"]}
    assert {row[1] for row in book["check"].iter_rows(min_row=2, values_only=True)} == {"notice"}


def test_what_has_no_cell_stands_in_the_list_alone(written):
    def change(book):
        book.remove(book["offsets"])
        book.create_sheet("mesures")
    book, _ = marked(written(change))
    assert comments(book) == {}
    told = [row[2:4] for row in book["check"].iter_rows(min_row=2, values_only=True)]
    assert ("mesures", "mesures: is no sheet of a dossier") in [(place, text[:33]) for place, text in told]
    assert any(place is None and "offsets: is a sheet that the workbook lacks" in text for place, text in told)


def test_the_marked_copy_is_read_as_the_dossier_and_marking_again_replaces_the_marks(written):
    def change(book):
        set_cells(E5="many")(book)
        book[TABLE]["E5"].comment = Comment("ask Li", "Wang")
        red = PatternFill(bgColor="FF0000")
        book[TABLE].conditional_formatting.add("E2:E9", CellIsRule("lessThan", ["0"], fill=red))
    path = written(change)
    sound = openpyxl.load_workbook(convert(QUARRY, path.parent / "sound.xlsx", "en"))[TABLE]["E5"].value
    book, made = marked(path)
    assert comments(book)[TABLE, "E5"].startswith(f"ask Li\n{BEGIN}\n")
    assert [one.message for one in look_through(made).problems] == ["not_a_number"]
    book[TABLE]["E5"] = sound
    book.save(made)
    again, second = marked(made, "zh")
    assert second.name == "采石场 一号-checked-2.xlsx"
    assert comments(again)[TABLE, "E5"] == "ask Li"
    assert again[TABLE]["E5"].comment.author == "Wang"
    assert "E5" not in fills(again[TABLE])
    assert "E2:E9" in fills(again[TABLE])
    assert again.sheetnames[:2] == ["检查", "mine"]
    assert mc.evaluate(mc.open_case(second)).grade.final == "C"


def test_everything_else_stays(written):
    def change(book):
        sheet = book[TABLE]
        sheet["E6"].fill = PatternFill("solid", fgColor="FF00FF00")
        sheet["E6"].number_format = "0.000"
        drop = DataValidation("list", formula1='"measured,calculated"')
        drop.add("G2:G99")
        sheet.add_data_validation(drop)
        sheet.row_dimensions[7].hidden = True
        sheet.column_dimensions["N"].hidden = True
        book["ratings"].sheet_state = "veryHidden"
        book["offsets"]["A1"].hyperlink = "https://example.org/"
        picture = io.BytesIO()
        Picture.new("RGB", (4, 4), "green").save(picture, "png")
        picture.seek(0)
        sheet.add_image(Image(picture), "P2")
        sheet["E5"] = "=2*3"
    path = written(change)
    book, _ = marked(path)
    sheet = book[TABLE]
    assert (sheet["E6"].fill.fgColor.rgb, sheet["E6"].number_format) == ("FF00FF00", "0.000")
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["G2:G99"]
    assert sheet.row_dimensions[7].hidden
    assert sheet.column_dimensions["N"].hidden
    assert book["ratings"].sheet_state == "veryHidden"
    assert book["offsets"]["A1"].hyperlink.target == "https://example.org/"
    assert len(sheet._images) == 1
    assert sheet["E5"].value == "=2*3"
    plain = openpyxl.load_workbook(path)
    assert [[cell.value for row in one.iter_rows() for cell in row] for one in plain] == [
        [cell.value for row in book[one.title].iter_rows() for cell in row] for one in plain]


def test_only_one_sheet_is_selected_since_typing_goes_into_all_that_are(written):
    book, _ = marked(written())
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["check"]


@pytest.mark.parametrize("text", [
    "=1+1", '=HYPERLINK("http://example.org","x")', "+1", "-x", "@SUM(1)", "=cmd|' /C calc'!A0"])
def test_no_text_of_a_mine_becomes_a_formula(written, text):
    def change(book):
        book[TABLE]["F5"] = text
        book[TABLE]["F5"].data_type = "s"
    book, _ = marked(written(change))
    assert any(text in (row[3] or "") for row in book["check"].iter_rows(values_only=True))
    assert {cell.data_type for row in book["check"].iter_rows() for cell in row if cell.value} == {"s"}


def test_what_the_copy_lacks_is_told(written):
    path = written()
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/threadedComments/threadedComment1.xml", "<a/>")
        packed.writestr("xl/ctrlProps/ctrlProp1.xml", "<a/>")
    _, lacks = mark(path, look_through(path), None, "en")
    assert [one.message for one in lacks] == ["copy_lacks"]
    assert lacks[0].details["what"] == ("controls, embedded objects and data connections, "
                                        "threads of comments (their text stays)")


def test_the_command_names_the_copy_and_still_tells_the_problems(written):
    path = written(set_cells(E5="many"))
    target = path.parent / "检查 过.xlsx"
    told = CliRunner().invoke(main, ["check", str(path), "--lang", "en", "--mark", str(target)])
    assert told.exit_code == 2
    assert f"marked copy: {target}" in told.output
    assert "is not a number" in told.output
    again = CliRunner().invoke(main, ["check", str(path), "--lang", "en", "--mark", str(target)])
    assert (again.exit_code, "exists and is not replaced" in again.output) == (2, True)
    sound = CliRunner().invoke(main, ["check", str(convert(QUARRY, path.parent / "s.xlsx")), "--mark"])
    assert sound.exit_code == 0
    assert (path.parent / "s-checked.xlsx").is_file()


def test_a_folder_of_tables_is_refused_with_what_to_do(tmp_path):
    told = CliRunner().invoke(main, ["check", str(QUARRY), "--mark", str(tmp_path / "a.xlsx"), "--lang", "en"])
    assert told.exit_code == 2
    assert "with mineco convert" in told.output
    assert not list(tmp_path.iterdir())


def test_what_is_no_workbook_is_told_as_by_check(tmp_path):
    (tmp_path / "mine.xlsx").write_bytes(b"PK\x03\x04")
    told = CliRunner().invoke(main, ["check", str(tmp_path / "mine.xlsx"), "--mark", "--lang", "en"])
    assert (told.exit_code, "is no workbook" in told.output) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.xlsx"]

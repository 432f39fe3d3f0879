"""Forms that a mine has become rows of activity.csv: what was used and not what was bought, each row with where it
stood; what becomes no row is told, and nothing in the dossier is overwritten."""

import csv
import shutil

import openpyxl
import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.dossier.cells import may_lack, tables
from mineco.evaluation.case import open_case_with_gaps
from mineco.runs.blanks.new import begin
from mineco.runs.converting import convert
from mineco.runs.imports.form import FormMapping
from mineco.runs.imports.mapping import mapping_ids, read_mapping

# the heading of form 205-1, as the source that its mapping names has it; the figures are invented
HEADING = [
    ["能源名称", "计量单位", "代码", "期初库存量", "购进量", None, "消费量", None, None, None, None, "期末库存量",
     "采用折标系数", "参考折标系数"],
    [None, None, None, None, "实物量", "金额(千元)", "合计", "工业生产消费", "用于原材料", "非工业生产消费",
     "合计中：运输工具消费", None, None, None],
    ["甲", "乙", "丙", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "丁"]]
WIDTH = len(HEADING[0])


def line(name, unit, coefficient, total, bought=None, transport=None, material=None):
    return [name, unit, None, None, bought, None, total, total, material, None, transport, None, coefficient, None]


# 300 + 500 t of coal, 20 t of petrol of which 18 in vehicles, 990 t of diesel of which 600, and so on:
# 800 × 0.7143 + 5 × 0.9 + 20 × 1.4714 + 990 × 1.4571 + 12 × 13.3 + 5000 × 0.0341 + 3300 × 1.229 = 6433.697 tce
LINES = [
    line("原煤", "吨", 0.7143, 800), line("  其中：无烟煤", "吨", 0.7143, 300), line("一般烟煤", "吨", 0.7143, 500),
    line("洗精煤", "吨", 0.9, 5), line("汽油", "吨", 1.4714, 20, 21, 18), line("柴油", "吨", 1.4571, 990, 1000, 600),
    line("天然气（气态）", "万立方米", 13.3, 12, 12), line("热力", "百万千焦", 0.0341, 5000, 5000),
    line("电力", "万千瓦时", 1.229, 3300, 3200), line("能源合计", "吨标准煤", None, 6433.697)]
MADE = {("stationary-combustion", "无烟煤"): ("300", "吨"), ("stationary-combustion", "烟煤"): ("500", "吨"),
        ("mobile-combustion", "汽油"): ("2", "吨"), ("road-vehicles", "汽油"): ("18", "吨"),
        ("mobile-combustion", "柴油"): ("390", "吨"), ("road-vehicles", "柴油"): ("600", "吨"),
        ("stationary-combustion", "天然气"): ("12", "万m3_20C"), ("heat", "purchased"): ("5000", "百万千焦"),
        ("electricity", "purchased"): ("3200", "万千瓦时")}


def form(path, lines=LINES, sheets=("205-1",)):
    """The form as a workbook, with a title above and merged cells in its heading."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        for row in (["能源购进、消费与库存"], ["表号：205-1表"], *HEADING, *lines):
            sheet.append(row)
        for merged in ("A3:A4", "E3:F3", "G3:K3"):
            sheet.merge_cells(merged)
    book.save(path)
    return path


def mineco(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", "en"])


def imported(tmp_path, lines=LINES, *more, sheets=("205-1",)):
    """The rows that come of a form in a new folder, and what the command said."""
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx", lines, sheets), "--out", tmp_path / "made",
                  "--year", "2024", *more)
    assert said.exit_code == 0, said.output
    return table(tmp_path / "made"), said.output


def table(folder):
    return list(csv.DictReader((folder / "activity.csv").read_text("utf-8-sig").splitlines()))


def changed(name, **cells):
    """The lines with other cells in the one of an energy."""
    places = {"bought": 4, "total": 6, "material": 8, "transport": 10}
    lines = [list(one) for one in LINES]
    (found,) = [one for one in lines if one[0] == name]
    for what, value in cells.items():
        found[places[what]] = value
    return lines


@pytest.fixture
def dossier(tmp_path):
    """The tiny quarry with no figure of 2024 for what the form tells."""
    folder = shutil.copytree(parameters() / "mines" / "tiny-quarry", tmp_path / "mine")
    path = folder / "activity.csv"
    text = path.read_text("utf-8-sig").splitlines(keepends=True)
    kept = [one for one in text if not one.startswith("2024,") or not any(
        f",{source}," in one for source, _ in MADE)]
    path.write_text("".join(kept), "utf-8-sig")
    return folder


def test_what_was_used_becomes_rows_and_vehicles_stand_apart(tmp_path):
    rows, _ = imported(tmp_path)
    assert {(row["source"], row["item"]): (row["quantity"], row["unit"]) for row in rows} == MADE


def test_each_row_says_where_it_stood_and_notes_the_coefficient(tmp_path):
    rows, _ = imported(tmp_path)
    diesel = next(row for row in rows if row["item"] == "柴油")
    assert (diesel["year"], diesel["period"], diesel["kind"], diesel["meter"]) == (
        "2024", "", "measured", "form.xlsx!205-1:11")
    assert diesel["data_source"].startswith("能源购进、消费与库存（205-1 表）")
    assert "1.4571 tce/吨" in diesel["note"]


def test_what_becomes_no_row_is_told_and_a_sum_that_holds_is_not(tmp_path):
    _, said = imported(tmp_path)
    assert "洗精煤: is not imported: energy of the mine's own" in said
    assert "3200 万千瓦时 bought and 3300 万千瓦时 used" in said
    assert "tce, and the energies come to" not in said
    assert "layout seen" in said
    assert said.count("counts as used what is fed into washing") == 2  # of two kinds of coal, where no mine is known


@pytest.mark.parametrize(("stated", "told"), [(6433.697, False), (6497, False), (6499, True), (6340, True)])
def test_a_sum_of_standard_coal_is_held_to_one_per_cent(tmp_path, stated, told):  # 6433.697 / 0.99 = 6498.7
    lines = [*LINES[:-1], line("能源合计", "吨标准煤", None, stated)]
    _, said = imported(tmp_path, lines)
    assert ("the energies come to 6433.70 tce" in said) is told


def test_coal_that_no_kind_tells_is_told(tmp_path):
    _, said = imported(tmp_path, changed("原煤", total=850))
    assert "has 50 吨 beyond its kinds" in said


def test_a_dash_is_no_figure_and_no_zero(tmp_path):
    rows, _ = imported(tmp_path, changed("柴油", transport="—"))
    assert [(row["source"], row["quantity"]) for row in rows if row["item"] == "柴油"] == [("mobile-combustion", "990")]


def test_an_energy_that_the_mapping_does_not_know_is_told(tmp_path):
    _, said = imported(tmp_path, [*LINES, line("  其中：车用柴油", "吨", 1.4571, 40)])
    assert "车用柴油: is no energy of the mapping" in said


def test_vehicles_that_use_more_than_all_are_refused_with_both_cells(tmp_path):
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx", changed("柴油", transport=991)), "--out",
                  tmp_path / "made", "--year", 2024)
    assert said.exit_code == 2
    assert "row 11, G = 990: is less than its parts (K = 991)" in said.output
    assert not (tmp_path / "made").exists()


def test_a_word_in_place_of_a_number_is_refused_with_its_cell(tmp_path):
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx", changed("柴油", total="约990")), "--out",
                  tmp_path / "made", "--year", 2024)
    assert (said.exit_code, "row 11, G = 约990: is not a number" in said.output) == (2, True)


def test_a_dossier_reads_the_rows_in_its_own_units(tmp_path, dossier):
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx"), "--into", dossier)
    assert said.exit_code == 0, said.output
    case = open_case_with_gaps(dossier, "carbon-neutral-mine-2025")
    found = {(row.source, row.key, row.parameter): row.quantity for row in case.dossier.activity if row.year == 2024}
    assert found["electricity", "", "purchased"].to("MWh").value == pytest.approx(32_000)  # 3200 × 10^4 kWh
    assert found["heat", "", "purchased"].to("GJ").value == pytest.approx(5000)  # 10^6 kJ is a GJ
    assert found["stationary-combustion", "natural_gas", "quantity"].to("10^4 Nm3").value == pytest.approx(
        12 * 273.15 / 293.15)
    assert found["road-vehicles", "diesel", "quantity"].value == 600


def test_nothing_else_in_the_dossier_changes(tmp_path, dossier):
    before = table(dossier)
    mineco("import", "energy-205-1", form(tmp_path / "form.xlsx"), "--into", dossier)
    after = table(dossier)
    assert [{name: row[name] for name in before[0]} for row in after[:len(before)]] == before
    assert len(after) == len(before) + len(MADE)


def test_a_figure_that_is_there_already_is_not_overwritten_and_nothing_is_written(tmp_path, dossier):
    path = form(tmp_path / "form.xlsx")
    mineco("import", "energy-205-1", path, "--into", dossier)
    before = (dossier / "activity.csv").read_bytes()
    said = mineco("import", "energy-205-1", path, "--into", dossier)
    assert said.exit_code == 2
    assert said.output.count("nothing was written") == len(MADE)
    assert (dossier / "activity.csv").read_bytes() == before
    assert {one.name for one in dossier.iterdir()} == {one.name for one in (
        parameters() / "mines" / "tiny-quarry").iterdir()}


def test_an_item_under_another_name_is_the_same_item(tmp_path, dossier):
    with (dossier / "activity.csv").open("a", encoding="utf-8") as file:
        columns = next(csv.reader([(dossier / "activity.csv").read_text("utf-8-sig").splitlines()[0]]))
        own = {"year": "2024", "source": "移动源燃烧", "item": "diesel", "quantity": "1", "unit": "t"}
        file.write(",".join(own.get(name, "") for name in columns) + "\n")
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx"), "--into", dossier)
    assert (said.exit_code, "item = 柴油: mobile-combustion of 2024" in said.output) == (2, True)


def test_blank_rows_of_a_new_dossier_give_way(tmp_path):
    mineco("new", tmp_path / "mine")
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx"), "--into", tmp_path / "mine")
    assert said.exit_code == 0, said.output
    rows = [row for row in table(tmp_path / "mine") if (row["source"], row["item"]) in MADE and row["quantity"]]
    (year,) = {row["year"] for row in rows}
    blank = [row for row in table(tmp_path / "mine") if row["year"] == year and not row["quantity"]]
    assert not {"electricity", "heat"} & {row["source"] for row in blank if row["item"] == "purchased"}
    assert not [row for row in blank if row["source"] == "road-vehicles" and row["item"] == "<fuel>"]


def test_a_coal_mine_does_not_burn_what_it_washes(tmp_path, dossier):
    """The form counts coal that is fed into washing as used: at a coal mine no kind of coal becomes a row."""
    mine = dossier / "mine.yaml"
    text = mine.read_text("utf-8")
    known = next(one for one in text.splitlines() if one.startswith("mine_subtype:"))
    mine.write_text(text.replace(known, "mine_subtype: coal-underground"), "utf-8")
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx"), "--into", dossier)
    assert said.exit_code == 0, said.output
    assert "无烟煤: is not imported" in said.output.replace("其中：", "")
    assert not [row for row in table(dossier) if row["item"] in ("无烟煤", "烟煤") and row["meter"].startswith("form")]


# --- into a workbook --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("language", "diesel", "bought"), [
    ("zh", "柴油", "购入电量"), pytest.param("en", "diesel", "electricity purchased", marks=pytest.mark.slow)])
def test_a_copy_of_a_workbook_has_the_rows_and_the_workbook_stays_as_it_is(tmp_path, language, diesel, bought):
    book = begin(tmp_path / "mine.xlsx", "carbon-neutral-mine-2025", language, "metal-opencast", 2024)
    before = book.read_bytes()
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx"), "--into", book)
    assert said.exit_code == 0, said.output
    assert "mine-imported.xlsx" in said.output
    assert book.read_bytes() == before
    old, new = (openpyxl.load_workbook(tmp_path / name).worksheets[2] for name in ("mine.xlsx", "mine-imported.xlsx"))
    rows = {row[0].row: [cell.value for cell in row[:5]] for row in new.iter_rows(min_row=3)}
    blank = {row[0].row: [cell.value for cell in row[:5]] for row in old.iter_rows(min_row=3)}
    (filled,) = [line for line, row in blank.items() if row[0] == 2024 and row[2] == diesel]
    assert rows[filled] == [*blank[filled][:3], 390, "吨"]
    assert [row[3] for line, row in rows.items() if row[0] == 2024 and row[2] == bought] == [3200]
    added = [line for line in rows if line not in blank]
    assert len(added) == len(MADE) - 3  # diesel of machines, petrol of cars and electricity have rows already
    assert all(new.cell(line, 4).border.left.style == "thin" for line in added)
    again = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx"), "--into", tmp_path / "mine-imported.xlsx")
    assert (again.exit_code, again.output.count("nothing was written")) == (2, len(MADE))


@pytest.mark.slow
def test_bills_of_a_workbook_make_the_year(tmp_path):
    book = convert(parameters() / "mines" / "tiny-quarry", tmp_path / "quarry.xlsx", "en")
    packed = openpyxl.load_workbook(book)
    sheet = packed["activity data"]
    (line,) = [row[0].row for row in sheet.iter_rows() if {2024, "electricity", "purchased"} <= {
        cell.value for cell in row}]
    sheet.cell(line, list(tables()["activity.csv"]).index("quantity") + 1).value = None
    packed.save(book)
    said = mineco("import", "monthly-electricity", bills(tmp_path / "bills.csv"), "--into", book)
    assert said.exit_code == 0, said.output
    case = open_case_with_gaps(tmp_path / "quarry-imported.xlsx", "carbon-neutral-mine-2025")
    (year,) = [row for row in case.dossier.activity if (row.year, row.source, row.parameter) == (
        2024, "electricity", "purchased")]
    assert year.quantity.to("MWh").value == pytest.approx(78)


# --- periods --------------------------------------------------------------------------------------------------------

def test_a_form_of_the_first_half_is_the_first_half(tmp_path):
    rows, _ = imported(tmp_path, LINES, "--period", "上半年")
    assert {row["period"] for row in rows} == {"H1"}


def test_a_sheet_for_each_month_gives_rows_of_each_month(tmp_path):
    rows, _ = imported(tmp_path, LINES, sheets=("说明", "1月", "2月"))
    assert [row["period"] for row in rows] == ["01"] * len(MADE) + ["02"] * len(MADE)


def test_a_second_sheet_of_the_form_that_is_no_period_is_not_read_and_told(tmp_path):
    rows, said = imported(tmp_path, LINES, sheets=("本矿", "选厂"))
    assert len(rows) == len(MADE)
    assert "选厂" in said


def test_an_item_twice_at_one_time_is_refused(tmp_path):
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx", [*LINES, LINES[5]]), "--out",
                  tmp_path / "made", "--year", 2024)
    assert (said.exit_code, "is told in row 11 already" in said.output) == (2, True)


def bills(path, months=range(1, 13)):
    rows = [f"{month}月,{1000 * month}" for month in months]
    path.write_text("\n".join(["月份,电量（kWh）", *rows, f"合计,{1000 * sum(months)}", ""]), "utf-8-sig")
    return path


def test_twelve_bills_make_the_year(tmp_path, dossier):
    said = mineco("import", "monthly-electricity", bills(tmp_path / "bills.csv"), "--into", dossier)
    assert said.exit_code == 0, said.output
    case = open_case_with_gaps(dossier, "carbon-neutral-mine-2025")
    (year,) = [row for row in case.dossier.activity if (row.year, row.source, row.parameter) == (
        2024, "electricity", "purchased")]
    assert year.quantity.to("MWh").value == pytest.approx(78)  # MWh: 1000 × (1 + … + 12) kWh


def test_months_may_be_written_with_the_year_of_the_form_and_with_no_other(tmp_path, dossier):
    text = "month,kWh\n2024-01,1000\n2024/2,2000\n2024年3月,3000\n"
    (tmp_path / "bills.csv").write_text(text, "utf-8")
    said = mineco("import", "monthly-electricity", tmp_path / "bills.csv", "--year", 2024, "--out", tmp_path / "made")
    assert said.exit_code == 0, said.output
    with (tmp_path / "made" / "activity.csv").open(encoding="utf-8-sig", newline="") as made:
        assert [row["period"] for row in csv.DictReader(made)] == ["01", "02", "03"]
    refused = mineco("import", "monthly-electricity", tmp_path / "bills.csv", "--year", 2023, "--out", tmp_path / "not",
                     "--lang", "en")
    assert (refused.exit_code, refused.output.count("bills.csv, row")) == (2, 3)  # each once, and nothing of twice


def test_a_month_that_is_missing_is_named_by_the_check(tmp_path, dossier):
    mineco("import", "monthly-electricity", bills(tmp_path / "bills.csv", range(1, 12)), "--into", dossier)
    said = mineco("check", dossier)
    assert said.exit_code == 2
    assert "12" in next(one for one in said.output.splitlines() if "period" in one)


# --- mappings -------------------------------------------------------------------------------------------------------

def test_a_form_that_is_another_is_told_by_the_columns_it_lacks(tmp_path):
    (tmp_path / "other.csv").write_text("能源名称,数量\n柴油,5\n", "utf-8")
    said = mineco("import", "energy-205-1", tmp_path / "other.csv", "--out", tmp_path / "made", "--year", 2024)
    assert (said.exit_code, "has no sheet with these columns: 能源名称" in said.output) == (2, True)


def test_without_a_dossier_the_year_is_asked_for(tmp_path):
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx"), "--out", tmp_path / "made")
    assert (said.exit_code, "--year" in said.output) == (2, True)


def test_a_table_for_a_batch_goes_into_no_dossier(tmp_path, dossier):
    said = mineco("import", "gem", form(tmp_path / "form.xlsx"), "--into", dossier)
    assert (said.exit_code, "makes a table for a batch" in said.output) == (2, True)


def test_a_workbook_that_is_no_dossier_is_refused_with_the_sheets_that_it_lacks(tmp_path):
    path = form(tmp_path / "form.xlsx")
    said = mineco("import", "energy-205-1", path, "--into", path)
    assert (said.exit_code, said.output.count("is a sheet that the workbook lacks")) == (
        2, len([file for file in tables() if not may_lack(file)]) + 1)


def test_a_mapping_that_is_no_mapping_is_refused(tmp_path):
    (tmp_path / "list.yaml").write_text("- a\n- b\n", "utf-8")
    with pytest.raises(BadInput):
        read_mapping(str(tmp_path / "list.yaml"))


def test_a_form_has_no_filters(tmp_path):
    said = mineco("import", "energy-205-1", form(tmp_path / "form.xlsx"), "--year", 2024, "--country", "China", "--out",
                  tmp_path / "made")
    assert (said.exit_code, "--country" in said.output) == (2, True)


def test_a_mapping_that_takes_a_column_it_does_not_name_is_refused(tmp_path):
    text = (parameters() / "imports" / "monthly-electricity" / "mapping.yaml").read_text("utf-8")
    (tmp_path / "own.yaml").write_text(text.replace("of: purchased", "of: bought"), "utf-8")
    with pytest.raises(BadInput, match="bought"):
        read_mapping(str(tmp_path / "own.yaml"))


@pytest.mark.parametrize("name", [one for one in mapping_ids()
                                  if isinstance(read_mapping(one)[0], FormMapping)])
def test_every_mapping_of_a_form_names_sources_and_items_of_the_standard(name):
    from mineco.dossier.names import ids_named
    from mineco.standards.factors import load_factors
    from mineco.standards.load import load_standard

    terms, _ = read_mapping(name)
    sources = load_standard("carbon-neutral-mine-2025").sources
    for energy in terms.energies.values():
        for row in energy.rows:
            source = sources[row.source]
            if source.key:
                assert load_factors().resolve(source.key, row.item)
            else:
                assert ids_named(row.item, source.items)

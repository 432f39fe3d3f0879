"""Many mines in one go: each as it would be alone, whatever the others are; what is done is not done again."""

import csv
import json
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import openpyxl
import psutil
import pyarrow.parquet
import pytest
from click.testing import CliRunner
from filelock import FileLock

from mineco.cli.main import main
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.workers import LostTask, ProcessWorkers, SerialWorkers
from mineco.core.writing import write_files
from mineco.dossier.densities import bridge_of
from mineco.evaluation.carbon_neutral_mine.evaluate import check
from mineco.evaluation.record.results import results_document
from mineco.evaluation.registry import evaluation_module, preliminary
from mineco.runs import runlog
from mineco.runs.batch import forms, table_results
from mineco.runs.batch import table as batch_table
from mineco.runs.batch.adapting import Adapted
from mineco.runs.batch.batch import Batch
from mineco.runs.batch.blank_table import blank_table
from mineco.runs.batch.forms import TableRows
from mineco.runs.batch.many import evaluate_stacked
from mineco.runs.batch.mine_table import fill_pattern, read_heading, read_pattern
from mineco.runs.batch.reading.lines import read_lines
from mineco.runs.batch.reading.rows import Rows
from mineco.runs.batch.records import FOLDER, Records
from mineco.runs.batch.table import TableBatch
from mineco.runs.converting import convert
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard
from tests.helpers import mines
from tests.helpers.refusals import refused_with

MINES = parameters() / "mines"
# a dossier by periods serves no table
EXAMPLES = [MINES / name for name in mines.held_to() if name != "example-quarry-years"]
QUARRY = MINES / "tiny-quarry"


def rows_of(out: Path) -> list[dict]:
    return pyarrow.parquet.read_table(out / "summary.parquet").to_pylist()


def differing(found: dict, expected: dict) -> set[str]:
    """The names under which two summaries differ by more than the rounding of a sum in another order."""
    def same(one: object, other: object) -> bool:
        if isinstance(one, float) and isinstance(other, int | float):
            return one == pytest.approx(other, rel=1e-12)
        return one == other

    return {name for name, value in expected.items() if not same(found[name], value)}


def mineco(*arguments: object):
    return CliRunner().invoke(main, ["batch", *map(str, arguments)])


def quarry(folder: Path, name: str, production: str = "305000") -> Path:
    """A dossier like the quarry's, of another name and another production."""
    made = Path(shutil.copytree(QUARRY, folder / name))
    mine, metrics = made / "mine.yaml", made / "metrics.csv"
    mine.write_text(mine.read_text("utf-8").replace("id: tiny-quarry", f"id: {name}"), "utf-8")
    lines = metrics.read_text("utf-8-sig").splitlines()
    metrics.write_text("\n".join(re.sub(r"^2024,production,[^,]*", f"2024,production,{production}", line)
                                 for line in lines) + "\n", "utf-8")
    return made


def table(path: Path, change=lambda number, row: row, count: int = 5, like: Path = QUARRY) -> Path:
    """A table of mines like the quarry, each row of which may be changed."""
    heading, first = csv.reader(blank_table(like).splitlines())
    rows = []
    for number in range(count):
        row = dict(zip(heading, first, strict=True)) | {"mine": f"mine-{number}"}
        rows.append(change(number, row) or row)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def evaluated(path: Path, out: Path, like: Path = QUARRY, scaled: bool = False, **options):
    """What came of a table, its rows, and what was told."""
    told: list[str] = []
    done = TableBatch(Batch(out, SerialWorkers(), tell=lambda name, problems: told.extend(map(str, problems)),
                            **options),
                      path, like, scaled).evaluate()
    return done, rows_of(out), told


# --- many at once ---------------------------------------------------------------------------------------------------

def test_mines_evaluated_together_get_what_each_gets_alone(tmp_path):
    mines = [*EXAMPLES, *(quarry(tmp_path, f"q{number}", str(200_000 + 9_000 * number)) for number in range(6))]
    alone = [check(mine) for mine in mines]
    together = evaluate_stacked([one.case for one in alone])
    for one, other in zip(alone, together, strict=True):
        expected = one.summary()
        assert set(other) == {*expected, "notice_count", "notices"}
        assert differing(other, expected) == set()


def test_mines_that_differ_in_whether_a_file_proves_a_credit_are_evaluated_apart(tmp_path):
    cases = []
    for name, evidence in (("file", "evidence/certificate.txt"), ("words", "a certificate")):
        made = quarry(tmp_path, name)
        (made / "evidence").mkdir()
        (made / "evidence" / "certificate.txt").write_text("720 t", "utf-8")
        rows = list(csv.DictReader((made / "offsets.csv").read_text("utf-8-sig").splitlines()))
        rows[0] |= {"serial": "certificate no. A", "evidence": evidence}
        with (made / "offsets.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        cases.append(check(made).case)
    proved, told = evaluate_stacked(cases)
    assert (proved["offset_ratio"] > 0, told["offset_ratio"]) == (True, 0.0)
    assert "serial_not_parsed" in proved["notices"]
    assert "serial_unproved" in told["notices"]


def test_notices_of_mines_evaluated_together_are_those_of_each_alone(tmp_path):
    mines = [*EXAMPLES, *(quarry(tmp_path, f"q{number}", made) for number, made in enumerate(("300000", "30", "0")))]
    alone = [check(mine) for mine in mines]
    found = evaluate_stacked([one.case for one in alone])
    assert [one["notice_count"] for one in found] == [len(one.notices) for one in alone]
    assert [[told.split(" ")[0] for told in one["notices"].split("; ")] for one in found] == [
        [notice.message for notice in one.notices] for one in alone]


def test_rows_of_a_table_are_told_at_their_headings(tmp_path):
    def change(number, row):
        row |= {"metrics:production [t]": str(30 if number == 1 else 300_000),
                "mine:address.zh": "山西省" if number == 2 else "浙江省"}

    done, rows, _ = evaluated(table(tmp_path / "mines.csv", change, 3), tmp_path / "out")
    told = [set(row["notices"].split("; ")) for row in rows]
    assert [row["notice_count"] for row in rows] == [len(row["notices"].split("; ")) for row in rows]
    assert "changed_manifold metrics:production [t]" in told[1]
    assert told[2] - told[0] == {"address_elsewhere mine.yaml:address"}
    assert done.noticed == 3


def test_a_summary_counts_notices_on_its_page_and_holds_them_in_its_files(tmp_path):
    said = mineco(QUARRY, MINES / "example-copper", "--depth", "results", "--out", tmp_path, "--lang", "en")
    assert "2 of them have notices" in said.stdout
    (copper,) = [row for row in rows_of(tmp_path) if row["mine"] == "example-copper"]
    written = list(csv.DictReader((tmp_path / "summary.csv").read_text("utf-8-sig").splitlines()))
    assert copper["notice_count"] == len(check(MINES / "example-copper").notices)
    assert [row["notices"] for row in written if row["mine"] == "example-copper"] == [copper["notices"]]
    page = (tmp_path / "summary.html").read_text("utf-8")
    assert "<th>notices</th>" in page
    assert "offset_vintage_too_old" not in page


def test_credits_that_another_mine_of_the_batch_retired_are_a_notice_of_the_later_one(tmp_path):
    copies = [quarry(tmp_path, "first"), quarry(tmp_path, "second")]
    mineco(*copies, "--depth", "results", "--out", tmp_path / "out")
    first, second = rows_of(tmp_path / "out")
    assert second["notice_count"] == first["notice_count"] + 1
    assert second["notices"] == f"{first['notices']}; serials_overlap offsets.csv:2"


def test_one_mine_that_divides_by_zero_stops_no_other(tmp_path):
    names = ("a", "b", "c", "d", "e")
    cases = [check(quarry(tmp_path, name)).case for name in names]
    for metric in (row for row in cases[3].dossier.metrics if row.metric == "energy_cap"):
        cases[3].dossier.metrics.remove(metric)
        cases[3].dossier.metrics.append(type(metric)(metric.year, metric.metric, type(metric.quantity)(
            0.0, metric.quantity.unit, metric.quantity.kind, metric.quantity.name, metric.quantity.origin)))
    found = evaluate_stacked(cases)
    wrong = [number for number, one in enumerate(found) if isinstance(one, BadInput)]
    assert wrong == [3]
    assert found[3].problems[0].message == "divided_by_zero"


def test_the_summary_of_results_says_what_the_summary_of_the_evaluation_says():
    for mine in EXAMPLES:
        made = check(mine)
        written = made.summary_from(json.loads(json.dumps(results_document(made)))["outcome"])
        direct = made.summary()
        assert set(written) == set(direct)
        assert {name for name, value in written.items() if value != direct[name]} == set()


# --- dossiers -------------------------------------------------------------------------------------------------------

def test_every_problem_is_told_and_the_good_dossiers_go_on(tmp_path):
    bad = quarry(tmp_path, "bad", "many")
    (bad / "mine.yaml").write_text((bad / "mine.yaml").read_text("utf-8").replace("浙江", "Atlantis"), "utf-8")
    told = []
    done = Batch(tmp_path / "out", SerialWorkers(), tell=lambda name, problems: told.append((name, len(problems))),
                 language="en").dossiers([QUARRY, bad, tmp_path / "nowhere", QUARRY], "results")
    assert (done.complete, done.refused, done.failed) == (1, 2, 0)
    # the copy retires the credits of the first one too, and has two problems of its own
    assert sorted(told) == [(str(bad), 1), (str(bad), 2), (str(tmp_path / "nowhere"), 1)]
    good, first, second = rows_of(tmp_path / "out")
    assert (good["mine"], good["grade"], good["score"]) == ("tiny-quarry", "C", float(check(QUARRY).score.total))
    assert "many: is not a number" in first["reason"]
    assert "Atlantis" in first["reason"]
    assert second["status"] == "refused"


def test_only_what_has_changed_is_evaluated_again(tmp_path):
    mines = [quarry(tmp_path, f"m{number}") for number in range(4)]
    assert Batch(tmp_path / "out", SerialWorkers()).dossiers(mines, "results").before == 0
    quarry(tmp_path / "other", "m2", "290000").rename(tmp_path / "new")
    shutil.copyfile(tmp_path / "new" / "metrics.csv", mines[2] / "metrics.csv")
    done = Batch(tmp_path / "out", SerialWorkers()).dossiers(mines, "results")
    assert (done.complete, done.before) == (4, 3)
    assert Batch(tmp_path / "out", SerialWorkers(), options={"gwp": "AR4"}).dossiers(mines, "results").before == 0
    assert Batch(tmp_path / "out", SerialWorkers(), options={"gwp": "ar4"}).dossiers(mines, "results").before == 4


def test_a_torn_record_is_made_again(tmp_path):
    batch = Batch(tmp_path, SerialWorkers())
    batch.dossiers([QUARRY], "results")
    (record,) = (tmp_path / FOLDER).glob("*/*.json")
    record.write_bytes(record.read_bytes()[:20])
    assert batch.dossiers([QUARRY], "results").before == 0
    assert json.loads(record.read_text("utf-8"))["grade"] == "C"


def test_what_is_done_twice_is_recorded_once(tmp_path):
    records = Records(tmp_path)
    records.add_row("ab", {"run": "first"})
    records.add_row("ab", {"run": "second"})
    assert records.row("ab") == {"run": "first"}
    assert len(list((tmp_path / FOLDER).glob("*/*"))) == 1


def test_a_second_batch_in_the_same_folder_is_refused(tmp_path):
    with FileLock(tmp_path / ".mineco-batch.lock"), refused_with("batch_under_way"):
        Batch(tmp_path, SerialWorkers()).dossiers([QUARRY], "results")


def test_an_unknown_option_is_every_dossiers_problem_and_is_said(tmp_path):
    done = Batch(tmp_path, SerialWorkers(), options={"gwp": "AR9"}).dossiers([QUARRY], "results")
    assert (done.complete, done.refused) == (0, 1)
    assert "AR9" in rows_of(tmp_path)[0]["reason"]


def test_names_that_a_spreadsheet_or_a_browser_would_run_stay_text(tmp_path):
    hostile = tmp_path / "=cmd()<script>alert(1)</script>"
    done = Batch(tmp_path / "out", SerialWorkers()).dossiers([hostile], "results")
    cells = list(csv.reader(done.files["csv"].read_text("utf-8-sig").splitlines()))[1]
    assert [cell for cell in cells if cell.startswith(runlog.FORMULA_PREFIXES)] == []
    page = done.files["html"].read_text("utf-8")
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "&lt;script&gt;" in page


# --- tables ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("mine", EXAMPLES, ids=lambda path: path.name)
def test_the_table_to_begin_with_gives_what_its_dossier_gives(mine, tmp_path):
    path = tmp_path / "mines.csv"
    path.write_text(blank_table(mine), "utf-8-sig")
    done, (row,), _ = evaluated(path, tmp_path / "out", mine)
    assert done.complete == 1
    assert differing(row, check(mine).summary()) == set()


def test_every_row_of_a_table_gets_what_the_dossier_that_it_stands_for_gets(tmp_path):
    def change(number, row):
        row["metrics:production [t]"] = str(250_000 + 1000 * number)
        row["activity:electricity/purchased [MWh]"] = f"{640 + number}.5"
        row["mine:province"] = ("浙江", "Shanxi", "广东")[number % 3]
        row["mine:options.gwp"] = ("AR6", "AR4")[number % 2]
        return row

    path = table(tmp_path / "mines.csv", change, count=12)
    done, rows, told = evaluated(path, tmp_path / "out")
    assert (done.complete, told) == (12, [])
    pattern = read_pattern(QUARRY)
    (_, heading), *lines = read_lines(path, print)
    for (_, cells), row in zip(lines, rows, strict=True):
        files, _ = fill_pattern(pattern, [read_heading(name, pattern) for name in heading], cells)
        write_files(files, tmp_path / cells[0])
        assert (row["mine"], differing(row, check(tmp_path / cells[0]).summary())) == (cells[0], set())
    assert len({row["score"] for row in rows}) > 6


def test_a_row_tells_its_mine_apart_and_lends_no_place_or_name_from_the_dossier_of_all(tmp_path):
    like = quarry(tmp_path, "like")
    (like / "mine.yaml").write_text((like / "mine.yaml").read_text("utf-8")
                                    + "longitude: 120.5\nlatitude: 29.5\ndepth_m: 40\n", "utf-8")
    _, (alone,), _ = evaluated(table(tmp_path / "one.csv", count=1, like=like), tmp_path / "one", like)
    assert {name: alone[name] for name in ("longitude", "latitude", "depth_m")} == {
        "longitude": 120.5, "latitude": 29.5, "depth_m": 40.0}

    def change(number, row):
        kept = {name: cell for name, cell in row.items() if not name.startswith("mine:name")}
        place = {"mine:longitude": ("110", "", "110.5", "200")[number], "mine:latitude": ("40", "", "", "40")[number],
                 "mine:depth_m": ("0", "350", "5", "5")[number]}
        return kept | place | {"metrics:production [t]": f"{300 + number}000"}

    done, (first, second, *refused), _ = evaluated(table(tmp_path / "t.csv", change, 4, like), tmp_path / "t", like)
    assert (done.complete, done.refused) == (2, 2)
    told = ("standard", "name_en", "mine_type", "mine_subtype", "province", "longitude", "latitude", "depth_m",
            "production", "production_unit")
    assert [first[name] for name in told] == ["carbon-neutral-mine-2025", None, "non-metal", "non-metal-opencast",
                                              "Zhejiang", 110.0, 40.0, 0.0, 300_000.0, "t"]
    assert [second[name] for name in told[5:]] == [None, None, 350.0, 301_000.0, "t"]
    assert "longitude" in refused[0]["reason"] or "经度" in refused[0]["reason"]
    assert "200" in refused[1]["reason"]


def test_a_depth_that_is_no_number_is_told_at_its_heading(tmp_path):
    path = table(tmp_path / "t.csv", lambda number, row: row | {"mine:depth_m": ("40", "deep")[number]}, 2)
    done, _, told = evaluated(path, tmp_path / "out")
    assert (done.complete, told) == (1, ["t.csv 3 mine:depth_m: not_a_number (deep)"])


def test_a_unit_in_the_heading_is_that_of_its_figures(tmp_path):
    in_tonnes = evaluated(table(tmp_path / "t.csv"), tmp_path / "t")[1]

    def in_kilotonnes(number, row):
        production = row.pop("metrics:production [t]")
        return row | {"metrics:production [万t]": str(float(production) / 1e4)}

    in_wan = evaluated(table(tmp_path / "k.csv", in_kilotonnes), tmp_path / "k")[1]
    assert [row["score"] for row in in_wan] == pytest.approx([row["score"] for row in in_tonnes], rel=1e-12)


def test_the_year_of_a_row_moves_the_year_before_with_it_and_leaves_the_base_year(tmp_path):
    def change(number, row):
        return row | {"year": str(2024 + number), "metrics:production@previous [t]": "299000"}

    path = table(tmp_path / "mines.csv", change, count=2)
    pattern = read_pattern(QUARRY)
    (_, heading), _, (_, cells) = read_lines(path, print)
    columns = [read_heading(name, pattern) for name in heading]
    files, _ = fill_pattern(pattern, columns, cells)
    years = {line.split(",")[0] for line in files["metrics.csv"].decode("utf-8-sig").splitlines()[1:]}
    mine = json.loads(files["mine.yaml"])
    assert (mine["reporting_year"], mine["report_date"], mine["base_year"]["year"]) == (2025, "2026-03-28", 2023)
    assert years == {"2023", "2024", "2025"}


def test_a_blank_cell_is_a_figure_that_the_mine_does_not_have(tmp_path):
    def change(number, row):
        if number == 1:
            row["metrics:production [t]"] = ""
        if number == 2:
            row["offsets:EX-F-2023-600001-600720 [tCO2e]"] = ""
        return row

    done, rows, told = evaluated(table(tmp_path / "mines.csv", change, 3), tmp_path / "out")
    assert [row["status"] for row in rows] == ["complete", "preliminary", "complete"]
    assert (done.complete, done.preliminary, done.refused, told) == (2, 1, 0, [])
    # production enters E1.2, E1.3, E2.2 and E3.3: 25, 25 % of 15, 10 % of 30 and 15 % of 15
    assert rows[1]["share_known"] == pytest.approx(1 - (0.50 * 15 + 0.10 * 30 + 0.15 * 15) / 100)
    assert (rows[1]["grade"], rows[1]["score"], rows[1]["E1.2"], rows[0]["score_low"]) == (None, None, None, None)
    assert rows[1]["E1.1"] == rows[0]["E1.1"]
    assert (rows[0]["offsets_t_co2e"], rows[2]["offsets_t_co2e"]) == (720, 0)


def narrow(path: Path, *headings: str, cells: str, count: int = 3) -> Path:
    """A table of few columns, all rows alike but for the mine."""
    lines = [",".join(("mine", *headings)), *(f"mine-{number},{cells}" for number in range(count))]
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_row_without_a_base_year_of_its_own_is_compared_with_none(tmp_path):
    path = narrow(tmp_path / "mines.csv", "metrics:production", "activity:electricity/purchased [MWh]",
                  cells="310000,700")
    done, rows, told = evaluated(path, tmp_path / "out")
    assert (done.complete, done.preliminary, done.refused, told) == (0, 3, 0, [])
    for row in rows:
        assert (row["status"], row["E1.1"], row["E1.3"], row["E1.4"], row["O2.2"]) == (
            "preliminary", None, None, None, None)
        assert "grade" not in row
        # E1.1, E1.3, E1.4 have no earlier year; E1.2 and E2.2 no own value that bounds the reference, E3.3 likewise;
        # E2.3 and E2.5 no emissions of last year; O2.2 no area to be restored of last year
        unknown = {name for name, points in row.items() if re.fullmatch(r"[EMO]\d\.\d", name) and points is None}
        assert unknown == {"E1.1", "E1.2", "E1.3", "E1.4", "E2.2", "E2.3", "E2.5", "E3.3", "O2.2"}
        assert row["score_high"] - row["score_low"] == pytest.approx(100 * (1 - row["share_known"]))
    page = (tmp_path / "out" / "summary.html").read_text("utf-8")
    assert "初步（缺数据，只给得分区间）: 3" in page


def test_a_refused_row_is_told_what_is_wrong_and_not_what_is_only_missing(tmp_path):
    path = narrow(tmp_path / "mines.csv", "metrics:production", cells="-5")  # and no base year of its own
    _, rows, told = evaluated(path, tmp_path / "out")
    assert [row["status"] for row in rows] == ["refused"] * 3
    assert told == [f"mines.csv {line} metrics:production: out_of_range (-5)" for line in (2, 3, 4)]
    page = (tmp_path / "out" / "summary.html").read_text("utf-8")
    assert page.count("<ul>") == 1  # of what became of them; nothing was graded, and no list of grades is shown
    assert re.search(r"<(ul|p)>\s*</", page) is None


def test_a_preliminary_row_gets_what_the_dossier_that_it_stands_for_gets(tmp_path):
    path = tmp_path / "mines.csv"
    rows = [f"mine-{number},{290_000 + 9_000 * number},{600 + 30 * number}" for number in range(6)]
    path.write_text("\n".join(["mine,metrics:production,activity:electricity/purchased [MWh]", *rows]), "utf-8")
    _, found, _ = evaluated(path, tmp_path / "out")
    pattern = read_pattern(QUARRY)
    (_, heading), *lines = read_lines(path, print)
    for (_, cells), row in zip(lines, found, strict=True):
        files, _ = fill_pattern(pattern, [read_heading(name, pattern) for name in heading], cells)
        write_files(files, tmp_path / cells[0])
        assert differing(row, preliminary(tmp_path / cells[0]).summary()) == set()
    assert len({row["score_low"] for row in found}) == 6


def test_a_row_with_an_earlier_year_of_its_own_is_whole(tmp_path):
    path = narrow(tmp_path / "mines.csv", "activity:electricity/purchased@2023 [MWh]", "metrics:production@2023",
                  cells="655,296000")
    done, rows, _ = evaluated(path, tmp_path / "out")
    assert (done.complete, done.preliminary) == (3, 0)
    assert {row["grade"] for row in rows} == {"below"}  # without the offsets of the pattern


def test_a_row_in_part_of_whose_earlier_year_nothing_is_its_own_is_preliminary(tmp_path):
    for table_, cells in (("activity:electricity/purchased@2023 [MWh]", "655"), ("metrics:production@2023", "296000")):
        path = narrow(tmp_path / "mines.csv", table_, cells=cells)
        assert evaluated(path, tmp_path / cells)[0].preliminary == 3


def test_what_no_column_gives_is_assumed_and_no_credit_is_used_by_two_mines(tmp_path):
    pattern = read_pattern(QUARRY)
    headings = ["mine", "metrics:production"]
    files, places = fill_pattern(pattern, [read_heading(one, pattern) for one in headings], ["north", "300000"])
    rows = list(csv.DictReader(files["metrics.csv"].decode("utf-8-sig").splitlines()))
    kinds = {(row["year"], row["metric"]): row["kind"] for row in rows}
    assert kinds.pop(("2024", "production")) == "measured"
    assert set(kinds.values()) == {"assumed"}
    assert len(files["offsets.csv"].decode().splitlines()) == len(files["declared.csv"].decode().splitlines()) == 1
    assert places == {("metrics.csv", next(n for n, row in enumerate(rows, 2) if (row["year"], row["metric"]) == (
        "2024", "production")), "value"): 1}


WRONG = {  # a change of a row, and what is said of it
    "text": ("metrics:production [t]", "many", "metrics:production [t]: not_a_number (many)"),
    "negative": ("metrics:production [t]", "-5", "metrics:production [t]: out_of_range (-5)"),
    "formula": ("metrics:production [t]", "=1+1", "metrics:production [t]: not_a_number (=1+1)"),
    "not a number": ("metrics:production [t]", "nan", "metrics:production [t]: not_a_number (nan)"),
    "infinite": ("metrics:production [t]", "1e999", "metrics:production [t]: not_a_number (1e999)"),
    "decimal comma": ("metrics:production [t]", "1,5", "metrics:production [t]: not_a_number (1,5)"),
    "a part larger than its whole": ("metrics:solid_waste_used [t]", "9e9", "part_exceeds_whole"),
    "parcels larger than the mine": ("restoration:Q1/all/area_ha", "99999", "parcels_exceed_mine"),
    "a measure that raises emissions": ("measures:electric-loader/project_t_co2e", "200", "measure_raises_emissions"),
    "no level of the rubric": ("ratings:E2.4/A/level", "42", "not_a_level"),
    "an id that leads out": ("mine", "../../etc", "bad_id"),
    "a province that is none": ("mine:province", "Atlantis", "unknown_province"),
    "a year that is none": ("year", "20x4", "not_a_year"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_row_that_a_dossier_would_be_refused_for_is_refused_and_no_other(name, tmp_path):
    column, value, said = WRONG[name]
    path = table(tmp_path / "mines.csv", lambda number, row: row | ({column: value} if number == 1 else {}), 3)
    done, rows, told = evaluated(path, tmp_path / "out")
    assert [row["status"] for row in rows] == ["complete", "refused", "complete"]
    assert said in told[0]
    assert told[0].startswith("mines.csv 3 ")


def test_a_mine_and_year_that_stands_twice_counts_once(tmp_path):
    path = table(tmp_path / "mines.csv", lambda number, row: row | {"mine": f"mine-{number % 2}"}, 3)
    done, rows, told = evaluated(path, tmp_path / "out")
    assert (done.complete, done.refused) == (2, 1)
    assert told == ["mines.csv 4 mine: mine_year_twice (mine-0 2024)"]


@pytest.mark.parametrize(("heading", "message"), [
    ("production", "heading_not_understood"), ("metrics:productoin", "column_without_row"),
    ("metrics:__import__('os')", "column_without_row"), ("activity:electricity/sold:x [MWh]", "column_without_row")])
def test_a_heading_that_names_nothing_is_refused_before_any_row(heading, message, tmp_path):
    path = tmp_path / "mines.csv"
    path.write_text(f"mine,{heading}\nnorth,1\n", "utf-8")
    with refused_with(message):
        evaluated(path, tmp_path / "out")


def test_a_workbook_gives_what_the_same_table_as_csv_gives(tmp_path):
    path = table(tmp_path / "mines.csv")
    book = openpyxl.Workbook()
    for line in csv.reader(path.read_text("utf-8-sig").splitlines()):
        book.active.append([float(cell) if re.fullmatch(r"[\d.]+", cell) and place > 1 else cell
                            for place, cell in enumerate(line)])
    book.save(tmp_path / "mines.xlsx")
    _, from_csv, _ = evaluated(path, tmp_path / "csv")
    _, from_book, _ = evaluated(tmp_path / "mines.xlsx", tmp_path / "xlsx")
    assert [row | {"source": ""} for row in from_book] == [row | {"source": ""} for row in from_csv]


def test_a_formula_in_a_workbook_is_refused_with_its_row(tmp_path):
    book = openpyxl.Workbook()
    for line in (["mine", "metrics:production"], ["north", 300000], ["south", "=300000*2"]):
        book.active.append(line)
    book.save(tmp_path / "mines.xlsx")
    done, rows, told = evaluated(tmp_path / "mines.xlsx", tmp_path / "out")
    assert (done.preliminary, told) == (1, ["mines.xlsx 3 metrics:production: formula_in_cell (=300000*2)"])


def test_a_workbook_that_claims_to_be_vast_or_is_none_is_answered_at_once(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["mine", "metrics:production"])
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "vast.xlsx")
    (tmp_path / "none.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    begun = time.monotonic()
    done, _, _ = evaluated(tmp_path / "vast.xlsx", tmp_path / "out")
    assert done.complete == 0
    with refused_with("not_a_workbook"):
        evaluated(tmp_path / "none.xlsx", tmp_path / "out")
    assert time.monotonic() - begun < 20


def test_a_table_in_gb18030_is_read(tmp_path):
    path = tmp_path / "mines.csv"
    path.write_bytes("mine,mine:name.zh,metrics:production\nnorth,北山矿,300000\n".encode("gb18030"))
    assert evaluated(path, tmp_path / "out")[0].preliminary == 1


def test_a_row_with_characters_that_do_not_show_is_refused(tmp_path):
    path = tmp_path / "mines.csv"
    path.write_text("mine,mine:name.zh,metrics:production\nnorth,北山矿,300000\nsouth,南\u202e山,300000\n", "utf-8")
    done, rows, told = evaluated(path, tmp_path / "out")
    assert (done.preliminary, told) == (1, ["mines.csv 3 mine:name.zh: control_character (U+202E)"])


def test_a_table_is_resumed_part_by_part_and_memory_holds_one_part(tmp_path, monkeypatch):
    monkeypatch.setattr(batch_table, "PART", 3)
    path = table(tmp_path / "mines.csv", count=8)
    assert evaluated(path, tmp_path / "out")[0].before == 0
    parts = sorted((tmp_path / "out" / FOLDER).glob("*/*.parquet"))
    assert len(parts) == 3
    parts[0].unlink()
    done, rows, _ = evaluated(path, tmp_path / "out")
    assert (done.complete, done.before) == (8, 8 - 3) or (done.complete, done.before) == (8, 8 - 2)
    assert [row["line"] for row in rows] == list(range(2, 10))


def test_a_form_is_opened_once_for_all_parts_of_a_table_and_gives_what_one_part_gives(tmp_path, monkeypatch):
    def mine(number: int, row: dict) -> dict:
        own = {"mine:province": ("浙江", "山西")[number % 2], "activity:electricity/purchased [MWh]": 600 + number}
        return row | own | ({"mine:address.zh": "山西某县"} if number > 5 else {"mine:address.zh": "浙江某县"})

    path, opened = table(tmp_path / "mines.csv", mine, 12), []
    _, at_once, _ = evaluated(path, tmp_path / "at-once")
    forms._forms.clear()
    open_row = forms.open_row
    monkeypatch.setattr(forms, "open_row", lambda *given: opened.append(given) or open_row(*given))
    monkeypatch.setattr(batch_table, "PART", 3)
    _, in_parts, _ = evaluated(path, tmp_path / "in-parts")
    assert in_parts == at_once
    assert len(opened) == 4  # two provinces, with addresses in two
    evaluated(path, tmp_path / "scaled", scaled=True)
    assert len(opened) == 8, "another table with the same cells has forms of its own"


def test_mines_of_all_provinces_go_together_and_each_gets_what_it_gets_alone(tmp_path, monkeypatch):
    def mine(number: int, row: dict) -> dict:
        return row | {"mine:province": names[number % len(names)], "activity:electricity/purchased [MWh]": 600 + number}

    names, evaluations = [*load_factors().names("province", "zh"), "Atlantis", ""], []
    together = table(tmp_path / "mines.csv", mine, len(names) + 3)
    summary_or_range = table_results.summary_or_range
    monkeypatch.setattr(table_results, "summary_or_range",
                        lambda *given, **places: evaluations.append(given) or summary_or_range(*given, **places))
    done, rows, told = evaluated(together, tmp_path / "out")
    assert (len(evaluations), done.refused) == (3, 2)  # the East, Tibet, and all others
    assert [one.rpartition(":")[2].strip().split()[0] for one in told] == ["unknown_province", "blank_entry"]
    assert {row["province"] for row in rows if "address_elsewhere" not in (row["notices"] or "")} == {
        "Zhejiang", None}  # where the address lies, and those refused
    monkeypatch.setattr(table_results, "groups_of_one_form", lambda given, columns: (
        given.between(place, place + 1) for place in range(len(given))))
    _, alone, _ = evaluated(together, tmp_path / "alone")
    assert alone == rows
    assert len({row["emissions_t_co2e"] for row in rows}) > len(names) - 2


def test_forms_are_kept_up_to_a_number_however_many_a_table_has(tmp_path, monkeypatch):
    monkeypatch.setattr(forms, "FORMS_KEPT", 2)
    forms._forms.clear()
    names = ("浙江", "山西", "河北", "新疆")
    path = table(tmp_path / "mines.csv", lambda number, row: row | {"mine:address.zh": names[number]}, 4)
    _, rows, _ = evaluated(path, tmp_path / "out")
    assert ({row["status"] for row in rows}, len(forms._forms)) == ({"complete"}, 2)


@pytest.mark.parametrize(("rows", "started"), [(6, 0), (8, 2)])
def test_processes_are_started_for_a_table_that_repays_it(rows, started, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_table, "PART", 2)
    path, workers = table(tmp_path / "mines.csv", count=rows), ProcessWorkers(2)
    evaluated(path, tmp_path / "here")
    try:
        TableBatch(Batch(tmp_path / "there", workers), path, QUARRY).evaluate()
        assert len(workers.processes) == started
    finally:
        workers.close()
    here, there = ((tmp_path / name / "summary.csv").read_bytes() for name in ("here", "there"))
    assert here == there


# --- tables as people make them -------------------------------------------------------------------------------------

def of_text(folder: Path, text: str, like: Path = QUARRY, scaled: bool = False, name: str = "mines.csv"):
    """What comes of a table: result, rows, and what was told."""
    (folder / name).write_text(text, "utf-8")
    return evaluated(folder / name, folder / "out", like, scaled)


def test_a_row_that_is_blank_but_for_its_mine_is_refused_and_the_rest_is_done(tmp_path):
    done, rows, told = of_text(tmp_path, "mine,year,metrics:production\nm1,2024,300000\nm2,,\nm3,2024,310000\n")
    assert [(row["mine"], row["status"]) for row in rows] == [
        ("m1", "preliminary"), ("m3", "preliminary"), ("m2", "refused")]
    assert told == ["mines.csv 3: row_without_figures"]


def test_a_table_without_a_column_of_figures_does_not_give_every_mine_the_figures_of_another(tmp_path):
    done, rows, _ = of_text(tmp_path, "mine,year\nm1,2024\nm2,2024\n")
    assert (done.refused, {row["status"] for row in rows}) == (2, {"refused"})


def test_a_mine_twice_in_the_year_that_a_blank_stands_for_counts_once(tmp_path):
    done, _, told = of_text(tmp_path, "mine,year,metrics:production\nm1,2024,300000\nM1,,300001\nm1,2025,300000\n")
    assert (done.preliminary, done.refused) == (2, 1)
    assert told == ["mines.csv 3 mine: mine_year_twice (M1 2024)"]


def test_a_blank_province_does_not_become_that_of_the_pattern(tmp_path):
    done, rows, told = of_text(tmp_path, "mine,mine:province,mine:name.zh,metrics:production\nm1,,,300000\n"
                                         "m2,内蒙古,,300000\n")
    assert told == ["mines.csv 2 mine:province: blank_entry"]
    assert [row["status"] for row in rows] == ["refused", "preliminary"]


@pytest.mark.parametrize("name", ["M0001", "内蒙古一矿", "Nord_3.2", "9"])
def test_ids_of_real_registers_are_ids(name, tmp_path):
    done, rows, told = of_text(tmp_path, f"mine,metrics:production\n{name},300000\n")
    assert (rows[0]["mine"], rows[0]["status"], told) == (name, "preliminary", [])


@pytest.mark.parametrize(("unit", "figure"), [("Mt", "0.3"), ("kt", "300"), ("万吨", "30"), ("百万吨", "0.3")])
def test_units_of_real_registers_are_read(unit, figure, tmp_path):
    _, (row), _ = of_text(tmp_path, f"mine,metrics:production [{unit}]\nm1,{figure}\n")
    _, other, _ = of_text(tmp_path, "mine,metrics:production [t]\nm1,300000\n", name="tonnes.csv")
    assert differing(row[0] | {"source": ""}, other[0] | {"source": ""}) == set()


DENSITIES = {  # a column in a unit that a density joins, and the same amount in the pattern's unit, by hand
    "methane by mass, 0.67 kg/m3 at 20 °C": ("changcun-coal", "activity:underground-methane/ventilation",
                                             "tCH4", "84889", "m3_20C", "126700000", "CH4.density.20C"),
    "methane in cubic feet at 60 °F": ("changcun-coal", "activity:underground-methane/ventilation",
                                       "ft3_60F", "1e9", "m3_20C",
                                       str(1e9 * 0.3048 ** 3 * 293.15 / 288.7055555555556), ""),
    "diesel in litres, 0.84 kg/L": ("tiny-quarry", "activity:mobile-combustion/柴油", "升", "250000", "t", "210",
                                    "diesel.density"),
}


@pytest.mark.parametrize("name", DENSITIES)
def test_amounts_that_a_density_joins_to_their_unit_are_read_and_the_density_is_stated(name, tmp_path):
    mine, heading, unit, figure, other, by_hand, density = DENSITIES[name]
    if mine == "changcun-coal":  # its drainage and use stay those of the pattern
        mine_rows = "activity:underground-methane/drainage", "20000000"
        heading, figure, by_hand = f"{mine_rows[0]},{heading}", f"{mine_rows[1]},{figure}", f"{mine_rows[1]},{by_hand}"
    _, (row,), told = of_text(tmp_path, f"mine,{heading} [{unit}]\nm1,{figure}\n", MINES / mine)
    _, (same,), _ = of_text(tmp_path, f"mine,{heading} [{other}]\nm1,{by_hand}\n", MINES / mine, name="same.csv")
    assert row["emissions_t_co2e"] == pytest.approx(same["emissions_t_co2e"], rel=1e-9)
    assert [one.startswith("mines.csv activity:") for one in told if "joined_by_density" in one] == (
        [True] if density else [])
    standard, factors = load_standard("carbon-neutral-mine-2025"), load_factors()
    if density:
        source, _, item = heading.rpartition(":")[2].partition("/")
        item = item if item in standard.sources[source].items else "quantity"
        assert density in bridge_of(unit, standard.sources[source].items[item], "diesel", factors).said


def test_amounts_of_the_pattern_grow_with_the_output_of_a_row_when_asked_to(tmp_path):
    text = "mine,metrics:production [kt]\nsame,300\nten,3000\ntenth,30\nnone,0\n"
    done, rows, told = of_text(tmp_path, text, scaled=True)
    found = {row["mine"]: row for row in rows}
    assert found["ten"]["emissions_t_co2e"] == pytest.approx(10 * found["same"]["emissions_t_co2e"], rel=1e-12)
    assert found["tenth"]["emissions_t_co2e"] == pytest.approx(found["same"]["emissions_t_co2e"] / 10, rel=1e-12)
    assert {row["E1.2_value"] for row in rows[:3]} == {None}  # an intensity, and no base year of its own
    assert "mines.csv 5 metrics:production: scale_without_figure" in told
    assert (found["none"]["status"], found["ten"]["status"]) == ("refused", "preliminary")
    _, plain, _ = of_text(tmp_path, "mine,metrics:production [kt]\nsame,300\n", name="plain.csv")
    assert differing(found["same"] | {"source": ""}, plain[0] | {"source": ""}) == set()


def test_what_is_taken_in_proportion_stays_assumed_and_what_the_row_gives_is_its_own(tmp_path):
    pattern, refused = read_pattern(QUARRY), []
    headings = ["mine", "metrics:production [t]", "activity:electricity/purchased [MWh]"]
    adapted = Adapted(pattern, load_standard("carbon-neutral-mine-2025"), "mines.csv", headings,
                      lambda problem, mine: refused.append(problem), True)
    ((line, cells),) = adapted.rows(Rows.of_lines(headings, [(2, ["m1", "600000", "700"])])).lines()
    rows = TableRows("mines.csv", tuple(adapted.headings_read), b"", pattern, "carbon-neutral-mine-2025", {}, 3)
    files, _ = fill_pattern(pattern, rows.columns(), cells)
    found = {(row["source"], row["item"]): (float(row["quantity"]), row["kind"])
             for row in csv.DictReader(files["activity.csv"].decode("utf-8-sig").splitlines())}
    assert found["mobile-combustion", "柴油"] == (414, "assumed")  # twice 207 t
    assert found["electricity", "purchased"] == (700, "measured")
    assert found["land-clearing", "pit edge:carbon_before"] == (45, "assumed")  # t C/ha, of whatever area
    assert (found["land-clearing", "pit edge"], line, refused) == ((0.8, "assumed"), 2, [])


def test_a_pattern_of_quite_another_size_is_told_once(tmp_path):
    text = "mine,metrics:production [Mt]\nm1,0.3\nm2,0.89\nm3,0.91\nm4,0.09\n"
    _, _, told = of_text(tmp_path, text)
    assert told == ["mines.csv 4 mine: output_far_from_pattern (m3)"]  # 0.91 and 0.09 Mt against 0.3


def test_a_pattern_with_parts_of_a_year_is_refused_since_a_table_gives_years(tmp_path):
    like = quarry(tmp_path, "halves")
    lines = (like / "activity.csv").read_text("utf-8-sig").splitlines()
    diesel = next(line for line in lines if line.startswith("2024,mobile-combustion"))
    halves = [diesel.replace("2024,", f"2024,{half},", 1).replace(",207,", ",103.5,") for half in ("H1", "H2")]
    others = [line.replace(",", ",period,", 1) if line.startswith("year") else line.replace(",", ",,", 1)
              for line in lines if line != diesel]
    (like / "activity.csv").write_text("\n".join([*others, *halves]) + "\n", "utf-8")
    with refused_with("pattern_by_periods"):
        of_text(tmp_path, "mine,metrics:production\nm1,300000\n", like)


def test_proportion_to_output_needs_a_column_of_outputs(tmp_path):
    with refused_with("scale_without_output"):
        of_text(tmp_path, "mine,activity:electricity/purchased\nm1,5\n", scaled=True)


@pytest.mark.parametrize(("heading", "unit"), [("activity:electricity/purchased", "MWh"),
                                               ("metrics:production", "t")])
def test_a_percentage_of_a_workbook_is_refused_as_an_amount(heading, unit, tmp_path):
    book = openpyxl.Workbook()
    for line in (["mine", heading], ["m1", 0.64]):
        book.active.append(line)
    book.active["B2"].number_format = "0%"
    book.save(tmp_path / "mines.xlsx")
    _, rows, told = evaluated(tmp_path / "mines.xlsx", tmp_path / "out")
    assert [row["status"] for row in rows] == ["refused"]
    assert told == [f"mines.xlsx 2 {heading}: percent_not_share (64%)"]


def test_a_percentage_of_a_workbook_is_a_share_where_one_is_asked_for(tmp_path):
    heading, values = "activity:mine-gas-use/gas power station:methane [%]", []
    for cell, number_format in ((40, "General"), (0.4, "0%")):
        book = openpyxl.Workbook()
        for line in (["mine", heading], ["m1", cell]):
            book.active.append(line)
        book.active["B2"].number_format = number_format
        book.save(tmp_path / "mines.xlsx")
        (row,) = evaluated(tmp_path / "mines.xlsx", tmp_path / f"out{cell}", MINES / "changcun-coal")[1]
        values.append(row["emissions_t_co2e"])
    assert values[0] == values[1]


def test_a_table_to_begin_with_under_the_name_of_a_workbook_is_one_and_gives_what_its_dossier_gives(tmp_path):
    assert mineco(QUARRY, "--blank", tmp_path / "mines.xlsx").exit_code == 0
    done, (row,), told = evaluated(tmp_path / "mines.xlsx", tmp_path / "out")
    assert (done.complete, told) == (1, [])
    assert differing(row, check(QUARRY).summary()) == set()
    assert mineco(QUARRY, "--blank", tmp_path / "mines.xlsx").exit_code == 2


def test_a_table_may_be_like_a_workbook_and_begin_with_one(tmp_path):
    book = convert(QUARRY, tmp_path / "我的 矿.xlsx")
    assert mineco(book, "--blank", tmp_path / "mines.csv").exit_code == 0
    (of_folder,), (of_book,) = (evaluated(tmp_path / "mines.csv", tmp_path / like.stem, like)[1]
                                for like in (QUARRY, book))
    assert of_folder == of_book
    absent = mineco(tmp_path / "mines.csv", "--like", tmp_path / "no.xlsx", "--lang", "en")
    assert (absent.exit_code, "--like: there is no such dossier" in absent.output) == (2, True)


@pytest.mark.parametrize("name", ["mines.xls", "mines.ods", "mines"])
def test_a_table_to_begin_with_in_a_form_that_is_not_written_is_refused(name, tmp_path):
    said = mineco(QUARRY, "--blank", tmp_path / name, "--lang", "en")
    assert (said.exit_code, "Choose from: .csv, .xlsx" in said.output) == (2, True)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(("name", "content", "told"), [
    ("mines.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "is an old workbook (.xls)"),
    ("mines.ods", b"PK\x03\x04" + bytes(60), "is no workbook that can be opened"),
    ("mines.xls", b"<html><table>", "is a web page under the name of a table")])
def test_of_a_table_in_a_form_that_is_not_read_the_way_out_is_told(name, content, told, tmp_path):
    (tmp_path / name).write_bytes(content)
    said = mineco(tmp_path / name, "--like", QUARRY, "--out", tmp_path / "out", "--lang", "en")
    assert (said.exit_code, told in said.output, "Save it as" in said.output or "save it as" in said.output) == (
        2, True, True)


@pytest.mark.parametrize("depth", ["results", "reports"])
def test_a_form_of_report_that_does_not_exist_is_refused_before_anything_is_evaluated(depth, tmp_path):
    found = mineco(QUARRY, "--formats", "html,zz", "--depth", depth, "--out", tmp_path / "out", "--lang", "en")
    assert found.exit_code == 2
    assert found.output == "--formats = zz: is not one of the choices. Choose from: html, pdf, docx.\n"
    blank = mineco(QUARRY, "--out", tmp_path / "out", "--formats", " ,", "--lang", "en")
    assert blank.exit_code == 2
    assert blank.output.startswith("--formats: names no format, and every run has a report.")
    assert not (tmp_path / "out").exists()


def test_a_place_that_no_batch_can_write_to_is_told(tmp_path):
    (tmp_path / "out").write_text("a file")
    found = mineco(QUARRY, "--out", tmp_path / "out", "--depth", "results", "--workers", 1, "--lang", "en")
    assert (found.exit_code, "out: cannot be read or written" in found.output) == (2, True)


def test_what_the_system_leaves_beside_dossiers_is_passed_over(tmp_path):
    for name in ("Thumbs.db", "~$mines.xlsx", "desktop.ini"):
        (tmp_path / name).touch()
    found = mineco(QUARRY, *(tmp_path / name for name in ("Thumbs.db", "~$mines.xlsx", "desktop.ini")), "--depth",
                   "results", "--workers", 1, "--out", tmp_path / "out", "--lang", "en")
    assert (found.exit_code, "1 complete" in found.output) == (0, True)


@pytest.mark.slow
def test_seven_thousand_rows_with_bad_ones_among_them_are_done_although_two_workers_are_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(batch_table, "FEW", 0)  # however few the parts, by processes
    bad = {100: "m100,,", 2000: "m2000,2024,many", 3000: "m3000,2024,-5", 4000: "m4000,20x4,5", 5000: "m5000,2024,5,6"}
    rows = "".join(f"{bad.get(number, f'm{number},2024,{300_000 + number}')}\n" for number in range(7_000))
    (tmp_path / "mines.csv").write_text("mine,year,metrics:production\n" + rows)
    workers, told, killed = ProcessWorkers(2), [], set()
    order = Batch(tmp_path / "out", workers, tell=lambda name, problems: told.extend(problems))
    stop = threading.Event()

    def kill_two():
        while not stop.wait(0.05) and len(killed) < 2:
            for process in [one.process for one in list(workers.processes)]:
                at_work = process.is_alive() and psutil.Process(process.pid).cpu_times().user > 0.3
                if at_work and len(killed) < 2 and process.pid not in killed:
                    killed.add(process.pid)
                    process.kill()

    killer = threading.Thread(target=kill_two)
    killer.start()
    try:
        done = TableBatch(order, tmp_path / "mines.csv", QUARRY).evaluate()
    finally:
        stop.set()
        killer.join()
        workers.close()
    assert len(killed) == 2
    assert (done.preliminary, done.refused, done.failed) == (6995, 5, 0)
    assert len((tmp_path / "out" / "summary.csv").read_text("utf-8-sig").splitlines()) == 7001


class LostWorkers(SerialWorkers):
    """All that had the first task were lost."""

    def map(self, function, tasks):
        for number, task in enumerate(tasks):
            yield LostTask("SIGKILL") if number == 0 else function(task)


def test_rows_whose_workers_were_all_lost_stand_in_the_summary_as_not_done(tmp_path, monkeypatch):
    monkeypatch.setattr(batch_table, "PART", 2)
    (tmp_path / "mines.csv").write_text("mine,metrics:production\nm1,300000\nm2,300001\nm3,300002\n")
    done = TableBatch(Batch(tmp_path / "out", LostWorkers()), tmp_path / "mines.csv", QUARRY).evaluate()
    rows = list(csv.DictReader((tmp_path / "out" / "summary.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["mine"], row["status"]) for row in rows] == [
        ("m3", "preliminary"), ("m1", "failed"), ("m2", "failed")]
    assert (done.failed, done.preliminary) == (2, 1)
    assert all("SIGKILL" in row["reason"] for row in rows[1:])
    again = TableBatch(Batch(tmp_path / "out", SerialWorkers()), tmp_path / "mines.csv", QUARRY).evaluate()
    assert (again.failed, again.preliminary, again.before) == (0, 3, 1)


# --- the command ----------------------------------------------------------------------------------------------------

def test_the_command_writes_a_table_to_begin_with_and_replaces_nothing(tmp_path):
    assert mineco(QUARRY, "--blank", tmp_path / "mines.csv").exit_code == 0
    before = (tmp_path / "mines.csv").read_bytes()
    assert mineco(MINES / "changcun-coal", "--blank", tmp_path / "mines.csv").exit_code == 2
    assert (tmp_path / "mines.csv").read_bytes() == before


def test_the_command_tells_what_was_done_and_leaves_with_2_when_something_was_refused(tmp_path):
    good = mineco(QUARRY, "--out", tmp_path, "--depth", "results", "--workers", 1, "--lang", "en")
    assert good.exit_code == 0
    assert "1 complete, 0 preliminary (0 of them before), 0 refused, 0 failed" in good.output
    bad = mineco(QUARRY, tmp_path / "nowhere", "--out", tmp_path, "--depth", "results", "--workers", 1, "--lang", "en")
    assert bad.exit_code == 2
    assert "1 complete, 0 preliminary (1 of them before), 1 refused, 0 failed" in bad.output
    assert "there is no such dossier folder" in bad.output


@pytest.mark.parametrize("given", [("t.csv",), ("t.csv", "u.csv", "--like", "x"), ("x", "--like", "x")])
def test_a_table_needs_one_dossier_as_its_pattern_and_dossiers_need_none(given, tmp_path):
    assert mineco(*given, "--out", tmp_path / "out").exit_code == 2
    assert not (tmp_path / "out").exists()


# --- reports --------------------------------------------------------------------------------------------------------

@pytest.mark.slow
def test_a_batch_of_reports_that_is_killed_goes_on_where_it_was(tmp_path):
    mines, out = [quarry(tmp_path, f"m{number}") for number in range(6)], tmp_path / "out"
    command = [sys.executable, "-m", "mineco", "batch", *map(str, mines), "--out", str(out), "--workers", "2",
               "--lang", "en"]
    first = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while len(list((out / FOLDER).glob("*/*.json"))) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    workers = psutil.Process(first.pid).children(recursive=True)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert psutil.wait_procs(workers, timeout=60)[1] == []  # they see that nobody is there, and end
    recorded = {path.name: path.stat().st_mtime_ns for path in (out / FOLDER).glob("*/*.json")}
    assert 2 <= len(recorded) < 6 + 1
    second = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert second.returncode == 0, second.stderr
    assert f"6 complete, 0 preliminary ({len(recorded)} of them before)" in second.stdout
    after = {path.name: path.stat().st_mtime_ns for path in (out / FOLDER).glob("*/*.json")}
    assert recorded.items() <= after.items()
    assert not list(out.glob(".*.partial"))
    for row in rows_of(out):
        results = json.loads((out / row["run"] / "results.json").read_text("utf-8"))
        evaluation = evaluation_module(results["standard"]).Evaluation
        assert evaluation.summary_from(results["outcome"])["score"] == row["score"]
        assert (out / row["run"] / "report.html").is_file()


@pytest.mark.slow
def test_reports_of_a_table_say_what_its_results_say(tmp_path):
    path = table(tmp_path / "mines.csv", lambda number, row: row | {"metrics:production [t]": str(250_000 + number)}, 2)
    _, results, _ = evaluated(path, tmp_path / "results")
    TableBatch(Batch(tmp_path / "reports", SerialWorkers()), path, QUARRY).evaluate("reports")
    reports = rows_of(tmp_path / "reports")
    # a report has rows of its dossier in place of headings, and is told of credits that another one retired
    beside = {"source": "", "line": 0, "run": "", "notices": "", "notice_count": 0}
    for report, row in zip(reports, results, strict=True):
        told = [[one.split(" ")[0] for one in each["notices"].split("; ")] for each in (report, row)]
        assert told[0][:len(told[1])] == told[1]
        assert differing(report | beside, row | beside) == set()
    assert all((tmp_path / "reports" / row["run"] / "notebook.ipynb").is_file() for row in reports)

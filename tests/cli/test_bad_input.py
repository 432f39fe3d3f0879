"""One thing broken at a time, and many at once, by the command line: told with its place, in both languages, and
nothing written; what may be strange and is not wrong runs, and stays what it was."""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result

from mineco.cli.main import main
from mineco.core import kit
from mineco.core.labels import label, set_language
from mineco.evaluation.carbon_neutral_mine.evaluate import check
from mineco.evaluation.carbon_neutral_mine.views.account import offsets_table
from mineco.evaluation.record.results import results_document
from mineco.runs import run as run_module
from mineco.runs.notebook.kernel import NotebookStopped

QUARRY = kit.parameters() / "mines" / "tiny-quarry"
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
Edit = Callable[[Path], None]


def mineco(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def quarry(tmp_path: Path) -> Path:
    return Path(shutil.copytree(QUARRY, tmp_path / "quarry"))


@pytest.fixture
def without_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that fails at once, as on whatever is wrong; everything else of the run is the real thing."""
    class NoKernel:
        def execute(self, source: str, timeout: float | None = None) -> None:
            raise NotebookStopped("kernel_died", source, "exit 1")

        def stop(self) -> None:
            pass

    monkeypatch.setattr(run_module, "start_kernel", lambda notebook, folder, environment=None: NoKernel())


# --- how a dossier is broken: rows are counted as messages count them, the header being row 1 -----------------------

def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def write_rows(path: Path, rows: Iterable[list[str]], encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as lines:
        csv.writer(lines).writerows(rows)


def cells(file: str, row: int, **changed: str) -> Edit:
    def edit(folder: Path) -> None:
        rows = read_rows(folder / file)
        for column, text in changed.items():
            rows[row - 1][rows[0].index(column)] = text
        write_rows(folder / file, rows)
    return edit


def one_more(file: str, row: int, **changed: str) -> Edit:
    """A copy of a row at the end of the file, with some cells changed."""
    def edit(folder: Path) -> None:
        rows = read_rows(folder / file)
        write_rows(folder / file, [*rows, list(rows[row - 1])])
        cells(file, len(rows) + 1, **changed)(folder)
    return edit


def without(file: str, **those: str) -> Edit:
    def edit(folder: Path) -> None:
        header, *rows = read_rows(folder / file)
        kept = [row for row in rows if any(row[header.index(column)] != text for column, text in those.items())]
        assert len(kept) < len(rows)
        write_rows(folder / file, [header, *kept])
    return edit


def mine(old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        text = (folder / "mine.yaml").read_text(encoding="utf-8")
        assert text.count(old) == 1
        (folder / "mine.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return edit


# --- what is broken, where the message points, and words of what it says --------------------------------------------

@dataclass(frozen=True)
class Broken:
    edit: Edit
    file: str
    row: int | str
    column: str
    value: str
    wrong: tuple[str, str]  # Chinese, English
    remedy: tuple[str, str]
    options: tuple[str, ...] = field(default=())

    def begins(self, language: str) -> str:
        """The place and the value, as a line of the message begins with them."""
        row = {"zh": f"第 {self.row} 行", "en": f"row {self.row}"}[language] if isinstance(self.row, int) else self.row
        place = {"zh": "，", "en": ", "}[language].join(part for part in (self.file, row, self.column) if part)
        return (f"{place} = {self.value}" if self.value else place) + {"zh": "：", "en": ": "}[language]


ACTIVITY, METRICS, OFFSETS, RATINGS, PARCELS = (
    "activity.csv", "metrics.csv", "offsets.csv", "ratings.csv", "restoration.csv")
NO_OPTION = "标准没有这个选项", "is no option of the standard"
BLANK, FILL_IN = ("这一格是空的", "is blank"), ("请填写", "Fill it in")

BROKEN = {
    # what is missing
    "a factor": Broken(
        one_more(ACTIVITY, 11, item="wood"), ACTIVITY, 20, "item", "wood:ncv",
        ("没有唯一合用的一行", "not exactly one row of the factor tables fits"),
        ("请补一行（单位 GJ/t", "Add a row (unit GJ/t")),
    "a factor of that id": Broken(
        mine("factors: {}", 'factors: {"diesel:ncv": NDRC2014.diesel.NVC}'), "mine.yaml", 63, "factors.diesel:ncv",
        "NDRC2014.diesel.NVC", ("没有这个编号的因子", "no factor has this id"),
        ("NDRC2014.diesel.NCV", "NDRC2014.diesel.NCV")),
    "a fuel of that name": Broken(
        cells(ACTIVITY, 11, item="dieesel"), ACTIVITY, 11, "item", "dieesel",
        ("因子表中没有这个名称", "is not known to the factor tables"), ("diesel", "diesel")),
    "a parameter without default": Broken(
        without(ACTIVITY, year="2024", item="pit edge:carbon_before"), ACTIVITY, 15, "item", "pit edge:carbon_before",
        ("也没有缺省因子", "no default factor stands in"), ("单位 tC/ha", "unit tC/ha")),
    "a unit": Broken(
        cells(ACTIVITY, 12, unit=""), ACTIVITY, 12, "unit", "", ("没有写单位", "is blank"),
        ("可用：MWh", "one of: MWh")),
    "a year in a row": Broken(cells(ACTIVITY, 14, year=""), ACTIVITY, 14, "year", "", BLANK, FILL_IN),
    "all rows of a year": Broken(
        without(METRICS, year="2023"), METRICS, "", "year", "2023", ("这一年没有任何数据", "is a year without any row"),
        ("请补上评价年度、上一年和基准年", "Hand in the reporting year, the year before and the base year")),
    "a quantity": Broken(cells(ACTIVITY, 15, quantity=""), ACTIVITY, 15, "quantity", "", BLANK, FILL_IN),
    "a figure said to be absent": Broken(
        mine("factors: {}", "factors: {}\nabsent: fresh_water"), "mine.yaml", 64, "absent", "fresh_water",
        ("不能只写“没有”", "without a row"), ("在表中写 0", "hand in a row of 0")),
    "the year of a reference of its own": Broken(
        cells(METRICS, 22, value="", basis="own:2024"), METRICS, 22, "basis", "own:2024",
        ("不是可用的本矿年份", "names no year that may serve"), ("own:2023", "own:2023")),
    "all ratings of an indicator": Broken(
        without(RATINGS, indicator="E2.4"), RATINGS, "", "indicator", "E2.4", ("没有任何评分", "not rated by anybody"),
        ("至少一名评价员", "at least one rating")),
    "the evidence of a rating": Broken(cells(RATINGS, 3, evidence=""), RATINGS, 3, "evidence", "", BLANK, FILL_IN),
    "a figure of an indicator": Broken(
        without(METRICS, year="2024", metric="reused_water"), METRICS, "", "metric", "reused_water",
        ("指标 E3.2", "E3.2 (Water recycling) needs it"), ("请在 metrics.csv 补一行", "Add a row to metrics.csv")),
    "a source that such a mine has": Broken(
        without(ACTIVITY, year="2024", source="electricity"), ACTIVITY, "", "source", "electricity",
        ("而 2023 年报告过", "was reported for 2023"), ("没有了就写 0", "Hand in 0 where there is none any more")),
    "the serial of a credit": Broken(
        cells(OFFSETS, 2, serial=""), OFFSETS, 2, "serial", "", ("没有序列号", "nobody can verify it"),
        ("登记机构", "the registry")),
    "a gate": Broken(
        mine("  no_forbidden_mining:", "  no_forbiden_mining:"), "mine.yaml", 45, "prerequisites.no_forbidden_mining",
        "", ("缺少这一项", "is missing"), ("请补上", "Add it")),
    "a column": Broken(
        lambda folder: write_rows(folder / ACTIVITY, [row[:4] + row[5:] for row in read_rows(folder / ACTIVITY)]),
        ACTIVITY, 1, "unit", "", ("缺少这一列", "is a column that is missing"), ("请补上", "Add it")),
    "a table": Broken(
        lambda folder: (folder / RATINGS).unlink(), RATINGS, "", "", "", ("缺少这个文件", "is missing"),
        ("请补上", "Add it")),
    # numbers that cannot be
    "a negative value": Broken(
        cells(ACTIVITY, 14, quantity="-60"), ACTIVITY, 14, "quantity", "-60",
        ("最小 0 t", "least 0 t"), ("正负号", "its sign")),
    "a share over 100 %": Broken(
        one_more(ACTIVITY, 11, item="柴油:oxidation", quantity="101", unit="%"), ACTIVITY, 20, "quantity", "101",
        ("最大 100 %", "most 100 %"), ("请核对数值", "Check the value")),
    "an efficiency over 1": Broken(
        one_more(ACTIVITY, 11, source="gas-flare", item="stack:destroyed", quantity="1.02", unit="1"), ACTIVITY, 20,
        "quantity", "1.02", ("最大 1）", "most 1)"), ("请核对数值", "Check the value")),
    "a part larger than its whole": Broken(
        cells(METRICS, 33, value="7.1"), METRICS, 33, "value", "7.1",
        ("大于第 32 行的“可绿化面积”7 ha", "is more than area that can be greened in row 32, 7 ha"),
        ("请核对两个数", "Check both figures")),
    "a zero that divides": Broken(
        cells(METRICS, 20, value="0"), METRICS, 20, "value", "0", ("为零，无法计算 E3.4", "is zero, so that E3.4"),
        ("请核对该数", "Check the figure")),
    "a decimal comma": Broken(
        cells(ACTIVITY, 13, quantity="1,5"), ACTIVITY, 13, "quantity", "1,5", ("不是数字", "is not a number"),
        ("1,234.5", "1,234.5")),
    "a unit in the cell of the number": Broken(
        cells(ACTIVITY, 18, quantity="140 MWh"), ACTIVITY, 18, "quantity", "140 MWh", ("不是数字", "is not a number"),
        ("单位写在单位列", "the unit goes into its own column")),
    "a percentage of tonnes": Broken(
        cells(METRICS, 26, value="60%"), METRICS, 26, "value", "60%", ("带百分号", "has a percent sign"),
        ("请填以该单位计的数", "Write the amount in that unit")),
    "a word of a spreadsheet": Broken(
        cells(METRICS, 28, value="#DIV/0!"), METRICS, 28, "value", "#DIV/0!", ("不是数字", "is not a number"),
        ("请写成", "Write")),
    # units
    "a unit of another dimension": Broken(
        cells(ACTIVITY, 16, unit="t"), ACTIVITY, 16, "unit", "t",
        ("量的不是这里要的量", "something else than what is asked for"),
        ("可用的单位：tC/ha", "Use one of: tC/ha")),
    "a unit that nobody knows": Broken(
        cells(METRICS, 29, unit="方"), METRICS, 29, "unit", "方", ("没有这个单位", "is a unit that is not known"),
        ("请改用：m3", "Use: m3")),
    "a factor of another quantity": Broken(
        mine("factors: {}", 'factors: {"diesel:ncv": NDRC2014.diesel.CC}'), "mine.yaml", "", "factors.diesel:ncv",
        "NDRC2014.diesel.CC", ("是另一个量的因子", "is a factor of another quantity"), ("GJ/t", "GJ/t")),
    # twice
    "a row twice": Broken(
        one_more(ACTIVITY, 14), ACTIVITY, 20, "item", "乳化炸药", ("与第 14 行重复", "repeats row 14"),
        ("只留一行", "Keep one row")),
    "the same fuel under two names": Broken(
        one_more(ACTIVITY, 11, item="diesel"), ACTIVITY, 20, "item", "diesel", ("与第 11 行重复", "repeats row 11"),
        ("只留一行", "Keep one row")),
    "a parcel twice": Broken(
        one_more(PARCELS, 2), PARCELS, 3, "parcel", "Q1",
        ("第 2 行已有同一地块", "stands in row 2 with the same year and pool"),
        ("同一吨只计一次", "A tonne counts once")),
    "a plot in two parcels": Broken(
        one_more(PARCELS, 2, parcel="Q2", area_ha="1"), PARCELS, 3, "land_plots", "Q-01",
        ("已属于地块 Q1", "belongs to parcel Q1"), ("请核对图斑", "Check the plots")),
    "a serial twice": Broken(
        one_more(OFFSETS, 2), OFFSETS, 3, "serial", "EX-F-2023-600001-600720",
        ("第 2 行已用过这个序列号", "stands in row 2 already"), ("请删去一行", "delete one of the rows")),
    # words and keys
    "a level that the rubric has not": Broken(
        cells(RATINGS, 4, level="60"), RATINGS, 4, "level", "60",
        ("不是 M1.1 评分细则中的等级", "is no level of the rubric of M1.1"),
        ("可用：0, 25, 50, 75, 100", "Use one of: 0, 25, 50, 75, 100")),
    "a source that nobody knows": Broken(
        cells(ACTIVITY, 10, source="moblie-combustion", year="2023"), ACTIVITY, 10, "source", "moblie-combustion",
        ("没有这个排放源", "is no emission source"), ("mobile-combustion", "mobile-combustion")),
    "a key that nobody knows": Broken(
        mine("stage: producing", "stage: producing\ncolour: red"), "mine.yaml", 11, "colour", "red",
        ("没有这一项", "is a key that nobody knows"), ("请改正拼写或删去", "Correct its spelling or delete it")),
    "a file that nobody knows": Broken(
        lambda folder: shutil.copy(folder / "measures.csv", folder / "measure.csv"), "measure.csv", "", "", "",
        ("内容不会被读取", "would not be read"), ("measures.csv", "measures.csv")),
    "an option in mine.yaml": Broken(
        mine("options: {}", "options: {gwp: AR9}"), "mine.yaml", "options", "gwp", "AR9",
        ("不是这个选项的可选值", "is not allowed for this option"), ("AR6, AR5, AR4", "AR6, AR5, AR4")),
    "an option by hand": Broken(
        lambda folder: None, "command-line", "options", "gpw", "AR4", NO_OPTION,
        ("ccs_not_applicable", "ccs_not_applicable"), ("--option", "gpw=AR4")),
    "the seed of a notebook that has none": Broken(
        lambda folder: None, "command-line", "options", "seed", "7", NO_OPTION,
        ("gwp", "gwp"), ("--option", "seed=7")),
    "a path for the results": Broken(
        lambda folder: None, "command-line", "options", "results", "/tmp/x", NO_OPTION,
        ("gwp", "gwp"), ("--option", "results=/tmp/x")),
}


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusals(folder: Path, out: Path, *options: str) -> dict[str, list[str]]:
    """What `mineco run` says in each language, after making sure that it refused, wrote nothing, and `check` agrees."""
    (out / "earlier").mkdir(parents=True)
    (out / "earlier" / "results.json").write_text("{}", encoding="utf-8")
    before = snapshot(folder), snapshot(out)
    said = {}
    for language in ("zh", "en"):
        result = mineco("run", folder, "--out", out, "--lang", language, *options)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        assert (snapshot(folder), snapshot(out)) == before
        assert [path.name for path in out.iterdir()] == ["earlier"]
        assert "Traceback" not in result.stderr
        assert not re.search(r"\{\w+\}", result.stderr)
        short = result.stderr.splitlines()
        checked = mineco("check", folder, "--lang", language, *options)
        assert (checked.exit_code, checked.stderr.splitlines()) == (2, short)
        said[language] = mineco("check", folder, "--lang", language, "--all", *options).stderr.splitlines()
        assert short == said[language] if len(said[language]) <= 10 else (
            len(short) == 10 and set(short[:9]) <= set(said[language]) and str(len(said[language]) - 9) in short[9])
    return said


def told(broken: Broken, said: dict[str, list[str]]) -> list[str]:
    """The line about a thing that was broken, in Chinese and in English, each whole."""
    lines = []
    for number, language in enumerate(("zh", "en")):
        (line, *_) = [one for one in said[language] if one.startswith(broken.begins(language))
                      and broken.wrong[number] in one] or [None]
        assert line is not None, (broken.begins(language), said[language])
        rest = line.removeprefix(broken.begins(language))
        assert broken.remedy[number] in rest.partition(broken.wrong[number])[2]
        assert rest.endswith({"zh": "。", "en": "."}[language])
        assert bool(CHINESE.search(rest)) == (language == "zh"), rest
        lines.append(line)
    return lines


@pytest.mark.usefixtures("without_kernel")
@pytest.mark.parametrize("name", BROKEN)
def test_it_is_refused_with_place_value_what_is_wrong_and_what_to_do(quarry, tmp_path, name):
    broken = BROKEN[name]
    broken.edit(quarry)
    said = refusals(quarry, tmp_path / "runs", *broken.options)
    told(broken, said)
    lines = [line for line in said["zh"] if "--preliminary" not in line]  # what can be done while data are missing
    files = {line.partition("，")[0].partition("：")[0] for line in lines}
    assert broken.file in files
    assert len(files) == 1, "one thing broken is not told of other files"


TOGETHER = (
    "a unit", "a year in a row", "a quantity", "the serial of a credit",
    "a negative value", "a share over 100 %", "a part larger than its whole", "a decimal comma",
    "a unit in the cell of the number", "a percentage of tonnes", "a word of a spreadsheet",
    "a unit of another dimension", "a unit that nobody knows", "a parcel twice", "a source that nobody knows",
    "a file that nobody knows", "an option by hand",
    "all ratings of an indicator")  # last: rows move up


def break_all(folder: Path, names: Iterable[str]) -> list[str]:
    """Break several things; the options that belong to them."""
    for name in names:
        BROKEN[name].edit(folder)
    return [option for name in names for option in BROKEN[name].options]


@pytest.mark.usefixtures("without_kernel")
def test_everything_that_is_wrong_is_told_at_once(quarry, tmp_path):
    options = break_all(quarry, TOGETHER)
    without(METRICS, year="2024", metric="planned_reclamation_area")(quarry)
    said = refusals(quarry, tmp_path / "runs", *options)
    for name in TOGETHER:
        told(BROKEN[name], said)
    assert sum("planned_reclamation_area" in line for line in said["en"]) >= 1
    assert len(said["zh"]) == len(said["en"]) == len(TOGETHER) + 1, "one message for one mistake"
    assert len(set(said["zh"])) == len(said["zh"]), "nothing is told twice"


@pytest.mark.usefixtures("without_kernel")
def test_what_is_wrong_with_the_mine_and_a_lost_table_does_not_hide_the_rest(quarry, tmp_path):
    names = ("a key that nobody knows", "a table", "a negative value", "the serial of a credit", "an option by hand")
    said = refusals(quarry, tmp_path / "runs", *break_all(quarry, names))
    for name in names:
        told(BROKEN[name], said)
    assert len(said["zh"]) == len(names), "nobody complains of what is missing in a table that cannot be read"


@pytest.mark.parametrize(("option", "given", "allowed"), [
    ("--formats", "html,doc", "html, pdf, docx"),
    ("--standard", "carbon-neutral-mine-1999", "carbon-neutral-mine-2025")])
def test_a_wrong_order_is_refused_as_a_wrong_dossier_is(quarry, tmp_path, option, given, allowed):
    for language, remedy in (("zh", "可选："), ("en", "Choose from: ")):
        said = mineco("run", quarry, "--out", tmp_path / "runs", "--lang", language, option, given)
        assert said.exit_code == 2
        assert remedy + allowed in said.stderr
    assert not (tmp_path / "runs").exists()


# --- listed and not counted: no error, and nobody can overlook it ---------------------------------------------------

def results(folder: Path) -> dict:
    return json.loads(json.dumps(results_document(check(folder))))


@pytest.mark.parametrize(("given", "language", "asked"), [
    (("--option", "gpw=AR4"), "en", "Do you mean gwp?"), (("--option", "gpw=AR4"), "zh", "是否为 gwp？"),
    (("--gwp", "AR7"), "en", "Do you mean AR6?"),
    (("--standard", "carbon-neutral-mine-2026"), "en", "Do you mean carbon-neutral-mine-2025?")])
def test_the_nearest_of_the_choices_is_asked_for(quarry, given, language, asked):
    result = mineco("check", quarry, *given, "--lang", language)
    assert result.exit_code == 2
    assert asked in result.stderr


@pytest.mark.parametrize(("changed", "reason"), [
    ({"vintage": "2020"}, "offset_vintage_too_old"),  # three years before 2024 is 2021
    ({"vintage": "2025", "issued": "2025-02-01"}, "offset_vintage_after_year"),
    ({"retired": ""}, "offset_not_retired"),
    ({"retired": "2025-04-01"}, "offset_retired_after_report"),  # the report is of 2025-03-31
    ({"kind": "allowance", "beyond_compliance": "no"}, "allowance_for_compliance"),
])
def test_a_credit_that_does_not_count_is_listed_with_its_reason_and_offsets_nothing(quarry, changed, reason):
    cells(OFFSETS, 2, **changed)(quarry)
    evaluation = check(quarry)
    outcome = results_document(evaluation)["outcome"]
    assert (outcome["ledger"]["offsets_t_co2e"], outcome["ledger"]["offset_ratio"]) == (0.0, 0.0)
    assert outcome["ledger"]["net_t_co2e"] == outcome["ledger"]["residual_t_co2e"]
    assert (outcome["grade"]["final"], outcome["grade"]["by_offset"]) == ("below", "below")
    for language in ("zh", "en"):
        set_language(language)
        listed = offsets_table(evaluation.ledger).text
        assert "EX-F-2023-600001-600720" in listed
        assert label(reason) in listed
        said = mineco("check", quarry, "--lang", language)
        assert said.exit_code == 0
        assert sum(line.startswith(OFFSETS) for line in said.stdout.splitlines()) == 1
    set_language("zh")


def test_one_credit_that_does_not_count_leaves_the_others_alone(quarry):
    one_more(OFFSETS, 2, serial="EX-F-2023-700001-700100", quantity="100", retired="")(quarry)
    assert results(quarry)["outcome"]["ledger"]["offsets_t_co2e"] == 720.0


def test_a_gate_that_is_not_met_leaves_the_account_and_takes_the_grade(quarry):
    before = results(quarry)["outcome"]
    mine("  law:\n    met: true", "  law:\n    met: false")(quarry)
    after = results(quarry)["outcome"]
    assert (after["grade"]["final"], after["grade"]["binding"]) == ("below", "gates")
    assert after["grade"]["unmet_prerequisites"] == ["law"]
    assert not after["grade"]["carbon_neutral"]
    assert (after["ledger"], after["score"]) == (before["ledger"], before["score"])
    assert (before["grade"]["final"], before["grade"]["unmet_prerequisites"]) == ("C", [])


def test_a_gate_that_is_not_met_bars_the_words_carbon_neutral_from_a_mine_that_offsets_all(quarry):
    cells(OFFSETS, 2, serial="EX-F-2023-600001-601100", quantity="1100")(quarry)
    assert results(quarry)["outcome"]["grade"]["carbon_neutral"]
    mine("  law:\n    met: true", "  law:\n    met: false")(quarry)
    assert not results(quarry)["outcome"]["grade"]["carbon_neutral"]


# --- strange, and not wrong ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_tables_in_another_encoding_give_equal_results(quarry, encoding):
    for path in quarry.glob("*.csv"):
        write_rows(path, read_rows(path), encoding)
        assert path.read_bytes() != (QUARRY / path.name).read_bytes()
    assert results(quarry) == results(QUARRY)


@pytest.mark.parametrize("edit", [
    cells(ACTIVITY, 11, quantity="２０７"), cells(ACTIVITY, 11, quantity="２０７．０"),
    cells(ACTIVITY, 11, quantity=" 207.00 "),
    cells(METRICS, 19, value="300,000"), cells(METRICS, 19, value="３００，０００"), cells(METRICS, 19, value="3e5"),
    cells(METRICS, 19, value="30", unit="万t"), cells(METRICS, 26, value="13,500"),
    one_more(ACTIVITY, 11, item="柴油：oxidation", quantity="98%", unit="1", kind="default"),
    one_more(ACTIVITY, 11, item="diesel:oxidation", quantity="98", unit="%", kind="default"),
    one_more(ACTIVITY, 11, item="柴油:oxidation", quantity="９８％", unit="%", kind="default"),
    one_more(ACTIVITY, 11, item="柴油:ncv", quantity="43.33", unit="GJ/t", kind="default"),
])
def test_numbers_as_people_write_them_are_read_right(quarry, edit):
    edit(quarry)
    ours, plain = results(quarry)["outcome"], results(QUARRY)["outcome"]
    assert ours["ledger"] == pytest.approx(plain["ledger"], rel=1e-12)
    assert ours["score"]["total"] == pytest.approx(plain["score"]["total"], rel=1e-12)


@pytest.mark.parametrize("text", [
    "1,5", "1.234,5", "20,7", "2,07", "0,207", "207t", "约207", "207±5", "200-210", "二百零七", "2O7", "1 000", "207 %",
    "=200+7", "٢٠٧", "207.", ".5", "1e999", "0x10", "NA", "-", "#REF!"])
def test_numbers_that_could_be_read_two_ways_are_refused(quarry, text):
    cells(ACTIVITY, 11, quantity=text)(quarry)
    said = mineco("check", quarry, "--lang", "en")
    assert said.exit_code == 2
    assert said.stderr.startswith(f"activity.csv, row 11, quantity = {text}: ")


class PlainText(HTMLParser):
    """The words of a page, and the elements that it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.elements, self.inside = "", set(), []

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.inside.append(tag)

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "math"} & set(self.inside):
            self.words += data


NAMES = {"zh": "<script>alert(1)</script>$x_1$", "en": "=1+1 $x_1$ <b>*it*</b>"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mine_may_be_called_what_it_likes_and_its_name_stays_text(quarry, tmp_path, language):
    mine('name: {zh: 小采石场, en: "Tiny quarry"}',
         f"name: {{zh: '{NAMES['zh']}', en: '{NAMES['en']}'}}")(quarry)
    for row in (15, 16, 17):  # an instance of a source, which comes to stand in formulas
        cells(ACTIVITY, row, item=read_rows(quarry / ACTIVITY)[row - 1][2].replace("pit edge", NAMES[language]))(quarry)
    said = mineco("run", quarry, "--out", tmp_path / "runs", "--lang", language, "--formats", "html,pdf")
    assert said.exit_code == 0, said.output
    (folder,) = (one for one in (tmp_path / "runs").iterdir() if one.is_dir())  # beside it stands the log
    assert folder.name.startswith("tiny-quarry-2024")
    recorded = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert (recorded["mine"]["name_zh"], recorded["mine"]["name_en"]) == (NAMES["zh"], NAMES["en"])
    assert recorded["outcome"] == results(QUARRY)["outcome"]
    page = PlainText()
    page.feed((folder / "report.html").read_text(encoding="utf-8"))
    assert page.words.count(NAMES[language]) >= 3  # cover, conclusion, facts of the mine
    assert not {"script", "b"} & page.elements
    printed = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(folder / "report.pdf").pages)
    assert re.sub(r"\s", "", NAMES[language]) in re.sub(r"\s", "", printed)

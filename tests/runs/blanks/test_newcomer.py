"""A newcomer fills in a blank workbook with what an ordinary opencast iron-ore mine has at hand.

Fuels, electricity, water and output value are of a published yearly report of a group in Hebei; all else is invented.
"""

import openpyxl
import pytest

import mineco as mc
from mineco.core.labels import nothing_wrong
from mineco.evaluation.carbon_neutral_mine.preliminary import preliminary
from mineco.evaluation.case import open_case_with_gaps
from mineco.runs.blanks.new import begin

MOST_TO_PRELIMINARY, MOST_TO_FULL, MOST_ROUNDS = 70, 100, 2
SHEETS = ("矿山", "活动数据", "运营指标数据", "评价员评分", "生态修复地块")
COVER = {
    "矿山名称": "新手铁矿（虚构）", "法人单位": "新手矿业有限公司（虚构）", "地址": "河北省某县", "省级行政区": "河北",
    "核算边界": "采场、选厂、尾矿库", "基准年数据的文件": "2021 年台账", "委托方": "新手矿业有限公司（虚构）",
    "评价机构": "示例机构（甲级）", "评价员一：专业": "采矿", "评价原因": "首次评价", "评价目标": "了解现状",
    "数据性质": "实测", "数据质量": "中", "数据来源": "台账", "采集频率": "每月", "核验方": "内部复核",
    "计量器具": "计量台账 2022"}
GATES = ("law", "carbon_management", "no_eliminated_technology", "no_forbidden_mining")
LICENCES = [("采矿许可证", "C1", "示例自然资源局", "2030-12-31"), ("安全生产许可证", "A1", "示例应急局", "2026-06-30"),
            ("排污许可证", "P1", "示例生态环境局", "2027-06-30")]
ACTIVITY = {("柴油", 2021): 2460.5, ("柴油", 2022): 2443.4, ("汽油", 2021): 97000, ("汽油", 2022): 97000,
            ("购入电量", 2021): 16004.9, ("购入电量", 2022): 17206.5, ("外供电量", 2021): 0, ("外供电量", 2022): 0,
            ("乳化炸药", 2021): 1900, ("乳化炸药", 2022): 1850}
METRICS = {("矿产开采量", 2021): 4424000, ("矿产开采量", 2022): 4152400, ("工业总产值", 2022): 93775,
           ("新水用量", 2022): 181736, ("循环与回用水量", 2022): 8600000, ("固体废弃物产生量", 2022): 3100000,
           ("当年产生固废的利用量", 2022): 1900000, ("矿区总面积", 2022): 812, ("已绿化面积", 2022): 205,
           ("已复垦面积", 2022): 96, ("应复垦面积", 2022): 150, ("能源消费限额", 2022): 26000,
           ("计划减排量", 2022): 5000}
RATINGS = {"E2.4": (0, "无捕集"), "M1.1": (50, "有机构"), "M1.2": (50, "有制度"), "M1.3": (75, "能源管理体系"),
           "M1.4": (25, "无目标"), "O1.3": (50, "有复垦方案")}

# what the list of gaps asks for, of which an ordinary mine knows more by asking around
MORE_ACTIVITY = {("采场", 2021): 2.4, ("采场", 2022): 3.1, ("采场:扰动前碳密度（植被、枯落物与土壤）", 2021): 28,
                 ("采场:扰动前碳密度（植被、枯落物与土壤）", 2022): 28, ("采场:扰动后碳密度", 2021): 3,
                 ("采场:扰动后碳密度", 2022): 3}
MORE_METRICS = {("可绿化面积", 2022): 260, ("历年堆存固废的利用量", 2022): 0, ("已复垦面积", 2021): 96,
                ("应复垦面积", 2021): 150, ("固体废弃物产生量", 2021): 3100000}
PARCEL = {"地块": "P1", "年份": 2022, "中文名称": "北排土场", "图斑号": "001", "面积（ha）": 96, "修复年份": 2019,
          "生态系统": "草地", "措施": "覆土种草", "碳库": "土壤", "方法": "单位面积年固碳速率",
          "年固碳速率（tC/(ha yr)）": 0.5, "泄漏（tCO2e）": 0, "证据": "复垦验收文件"}


class Typing:
    """Cells of a workbook typed by a person, who finds them by what stands beside and above them."""

    def __init__(self, path):
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def row(self, sheet, *words):
        """The row in which these stand."""
        found = [row for row in self.book[sheet].iter_rows(min_row=3)
                 if all(any(cell.value == word for cell in row) for word in words)]
        assert len(found) == 1, (sheet, words)
        return found[0][0].row

    def column(self, sheet, heading):
        return next(cell.column for cell in self.book[sheet][2] if cell.value == heading)

    def type(self, sheet, row, heading, value):
        self.book[sheet].cell(row, self.column(sheet, heading)).value = value

    def cover(self, entries):
        for name, value in entries.items():
            self.type("矿山", self.row("矿山", name), "值", value)

    def figures(self, sheet, heading, figures):
        for (name, year), value in figures.items():
            self.type(sheet, self.row(sheet, name, year), heading, value)

    def save(self):
        self.book.save(self.path)


def cells(path):
    return {(sheet.title, cell.coordinate): cell.value for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows() for cell in row if cell.value is not None}


def typed(path, blank):
    """How many cells stand otherwise than in the blank workbook."""
    now, before = cells(path), cells(blank)
    return sum(now.get(place) != before.get(place) for place in {*now, *before})


def problems(path):
    """One round of check."""
    try:
        mc.check(path)
    except mc.BadInput as refused:
        return list(refused.problems)
    return []


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    """The workbook with what is at hand, and the blank one."""
    folder = tmp_path_factory.mktemp("newcomer")
    blank, path = (begin(folder / name / "mine.xlsx", "carbon-neutral-mine-2025", "zh", "metal-opencast", 2022)
                   for name in ("blank", "filled"))
    typing = Typing(path)
    typing.cover(COVER)
    for gate in GATES:
        typing.type("矿山", typing.row("矿山", f"prerequisites.{gate}.met"), "值", "是")
        typing.type("矿山", typing.row("矿山", f"prerequisites.{gate}.evidence"), "值", "声明及查询结果")
    typing.figures("活动数据", "数量", ACTIVITY)
    typing.figures("运营指标数据", "数值", METRICS)
    cap = typing.row("运营指标数据", "能源消费限额", 2022)
    typing.type("运营指标数据", cap, "依据", "quota")
    typing.type("运营指标数据", cap, "计量器具", "冀能 2022-17")
    for indicator, (level, basis) in RATINGS.items():
        row = typing.row("评价员评分", f"{indicator} (A.1)")
        typing.type("评价员评分", row, "等级", level)
        typing.type("评价员评分", row, "依据", basis)
    typing.save()
    return path, blank


def test_what_is_at_hand_gives_a_preliminary_result_with_few_cells_and_no_error(newcomer, capsys):
    path, blank = newcomer
    first = problems(path)
    assert nothing_wrong(first), first  # one round: what it tells is missing and nothing else
    found = preliminary(open_case_with_gaps(path))
    low, high = float(found.score.low.total), float(found.score.high.total)
    with capsys.disabled():
        print(f"\npreliminary: {typed(path, blank)} cells, 1 round of check, {low:.1f} to {high:.1f} points")
    assert 0 < low < high < 100
    assert typed(path, blank) <= MOST_TO_PRELIMINARY


@pytest.mark.slow
def test_what_the_gaps_ask_for_gives_the_full_result(newcomer, capsys):
    path, blank = newcomer
    typing = Typing(path)
    for number, licence in enumerate(LICENCES, start=1):
        for name, value in zip(("name", "number", "issuer", "valid_until"), licence, strict=True):
            typing.type("矿山", typing.row("矿山", f"licences[{number}].{name}"), "值", value)
    typing.figures("活动数据", "数量", MORE_ACTIVITY)
    typing.figures("运营指标数据", "数值", MORE_METRICS)
    for heading, value in PARCEL.items():
        typing.type("生态修复地块", 3, heading, value)
    for indicator in RATINGS:
        typing.type("评价员评分", typing.row("评价员评分", f"{indicator} (A.1)"), "证据", "现场记录")
    # references by the mine's own earlier year or a benchmark are to be named alone; until then figures of its own
    for metric, value in (("碳排放强度参考值", 31), ("能源消费强度参考值", 6), ("固废产生强度参考值", 0.75)):
        typing.type("运营指标数据", typing.row("运营指标数据", metric, 2022), "数值", value)
    typing.save()
    told = problems(path)
    with capsys.disabled():
        print(f"\nfull: {typed(path, blank)} cells, still told: {[str(one) for one in told]}")
    assert told == []
    found = mc.evaluate(mc.open_case(path))
    with capsys.disabled():
        print(f"full: {float(found.score.total):.1f} points")

"""What the report tells of changes, in both languages: one table, by kind, figures, and the line of the grade page."""

import re

import pytest

from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.sensitivity import views
from mineco.evaluation.sensitivity.figures import tornado_bars
from tests.evaluation.sensitivity.test_trying import FAILED, tried
from tests.evaluation.sensitivity.test_weights import under_panel
from tests.helpers import mines

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def rows(block):
    return [row.split(" | ") for row in block.text.splitlines() if " | " in row]


def test_the_table_has_each_change_of_the_grade_with_its_reading_and_how_many_were_tried():
    found = views.changes(tried("example-copper"))
    assert rows(found)[0] == ["改变什么", "原为", "改为", "得分", "排放量（tCO₂e）", "等级", "决定等级"]
    assert rows(found)[1] == ["外购能源排放口径（R15）", "基于位置", "基于市场", "88.59", "176,149", "A 级", "得分"]
    assert len(rows(found)) == 1 + 3
    assert f"逐一尝试 {len(tried('example-copper').tried)} 项改变" in found.text


def test_where_nothing_changes_the_grade_a_sentence_says_how_many_were_tried():
    found = views.changes(tried("changcun-coal"))
    assert rows(found) == []
    assert "0 项得出未达级以外的等级" in found.text
    assert views.in_short(tried("changcun-coal")).endswith("没有一项改变等级。")


def test_kinds_name_what_does_nothing_and_what_cannot_be_made_with_the_reason():
    found = views.kinds(tried()).text
    kinds = [row[0] for row in rows(views.kinds(tried()))[1:]]
    assert kinds == ["选项与解读", "权重", "假定的锚点", "评分", "数据", "因子"]
    assert "强度上升一年即不满足先决条件（R30）：是" in found
    assert "单位产值新水用量分母（R5）取“增加值”：" in found
    assert "2024 年没有给出" in found


def test_the_line_of_the_grade_page_names_choices_first_and_says_nobody_is_carbon_neutral():
    found = views.in_short(tried("example-copper"))
    assert found.index("外购能源排放口径（R15）→基于市场，得A 级") < found.index("江西")
    for name in mines.EXAMPLES:
        assert "碳中和" not in views.in_short(tried(name))  # reading R11


def test_a_long_list_is_cut_in_the_line_and_counted_in_the_table(monkeypatch):
    monkeypatch.setattr(views, "IN_SHORT", 1)
    monkeypatch.setattr(views, "LISTED", 1)
    assert views.in_short(tried("example-copper")).endswith("等。")
    assert len(rows(views.changes(tried("example-copper")))) == 2
    assert "另有 2 行" in views.changes(tried("example-copper")).text


@pytest.mark.parametrize("kind", ["choice", "weight", "anchor", "rating", "datum", "factor"])
def test_every_change_of_a_kind_that_was_tried_is_a_row(kind):
    assert len(rows(views.of_kind(tried(), kind))) == 1 + sum(one.kind == kind for one in tried().tried)


def test_the_tornado_has_ten_bars_from_end_to_end_and_the_cuts_in_reach():
    drawing = views.tornado_figure(tried("example-mineral-water"))
    bars = drawing.figure.axes[0].patches
    assert len(bars) == 2 * views.BARS
    table = tried("example-mineral-water").tornado()
    given = tried("example-mineral-water").given.score
    assert sorted(abs(bar.get_width()) for bar in bars)[-1] == pytest.approx(
        max(abs(given - table.loc[0, "figure_at_low"]), abs(given - table.loc[0, "figure_at_high"])))
    assert "A 85" in [text.get_text() for text in drawing.figure.axes[0].texts]
    held = [row[0] for row in rows(views.tornado_table(tried("example-mineral-water")))[1:] if row[-1] == "否"]
    assert [name.partition("（")[0] for name in held] == ["已绿化面积", "可绿化面积"]  # each bounds the other


def test_what_moves_nothing_has_no_bar():
    assert len(tornado_bars({"a": (1.0, 2.0)}, 1.5, "score").figure.axes[0].patches) == 2
    emissions = views.tornado_figure(tried(), "emissions_t_co2e").figure.axes[0]
    assert emissions.get_xlabel() == "排放量 (tCO₂e)"
    assert len(emissions.patches) < 2 * len(tried().ends.inputs)


def test_indicators_that_change_the_grade_are_a_table_and_the_others_a_number():
    found = views.least(tried())
    assert rows(found)[1][0] == "O1.2 碳抵消量"
    assert rows(found)[1][3:] == ["60 %", "未达级"]
    assert "其余 17 项" in found.text
    assert views.least(tried("changcun-coal")).text.startswith("18 项")
    assert views.least(cnm.try_changes(mines.evaluated(), FAILED)).text.startswith("未作抽样")


def test_indices_are_a_table_only_where_they_were_asked_for():
    assert views.indices(tried()).text == "没有要求计算 Sobol' 指数。"
    found = views.indices(cnm.try_changes(mines.evaluated(), FAILED, indices=8))
    assert len(rows(found)) == 1 + views.BARS


def test_weights_under_a_panel_name_levels_by_their_items_and_the_annex():
    found = cnm.try_changes(under_panel(), FAILED)
    (annex,) = [row for row in rows(views.of_kind(found, "choice")) if row[1] == "专家组"]
    assert annex[:3] == ["权重", "专家组", "附录"]
    assert views.weights(found).text.startswith("全部权重同时在范围内均匀抽取 1,000 次（种子 0）")


@pytest.mark.usefixtures("english")
def test_in_english_too():
    found = tried("example-copper")
    assert rows(views.changes(found))[1][:3] == ["Basis of purchased energy (R15)", "location-based", "market-based"]
    assert "would give another grade: basis of purchased energy (R15) → market-based gives grade A" in (
        views.in_short(found))
    for view in (views.changes, views.kinds, views.weights, views.least, views.tornado_table):
        assert not CHINESE.search(view(found).text)
    assert repr(found).startswith("Changes by kind: ")
    assert "What would change the grade" in found._repr_html_()
    assert found.frame()["changes_grade"].sum() == 3

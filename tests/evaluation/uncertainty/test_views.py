"""What the report tells of the spread of the result, in both languages, and the sentence for the conclusion."""

import numpy as np
import pytest

from mineco.core.errors import BadInput, Problem
from mineco.core.number import Interval
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.uncertainty import FigureSpread, views
from mineco.evaluation.uncertainty.figures import shares_of_grades, shares_of_variance
from tests.helpers import mines

FAILED = BadInput(Problem("year_without_rows", "activity.csv", column="year", value=2024))


@pytest.fixture(scope="module")
def water():
    return cnm.propagate_uncertainty(mines.evaluated("example-mineral-water"), draws=2000)


@pytest.fixture(scope="module")
def copper():
    return cnm.propagate_uncertainty(mines.evaluated("example-copper"), draws=2000)


def test_a_grade_below_eighty_per_cent_says_so_and_names_the_next_likely_one(water):
    (told,) = views.unsure(water)
    assert water.probability < 0.8
    share = round(100 * water.probability)
    assert told.startswith(f"数据与因子的不确定度使该等级并不确定：抽样中仅 {share} % 为 A 级，B 级的可能为 ")
    assert "碳中和" not in told  # reading R11


def test_a_grade_of_eighty_per_cent_or_more_needs_no_word(copper):
    assert copper.probability >= 0.8
    assert views.unsure(copper) == []


def test_both_approaches_stand_side_by_side_with_why_they_differ(water):
    rows = views.intervals(water).text.splitlines()
    assert rows[1].split(" | ") == ["项目", "按原值", "方法 1 误差传播", "方法 2 抽样", "抽样均值",
                                   "抽样区间比传播区间宽（+）窄（−）多少及原因"]
    assert len(rows[2:8]) == len(water.figures)
    score = next(row for row in rows if row.startswith("综合评价得分"))
    assert "主要来自计算链" in score  # indicators at the end of their scale can only fall
    assert "抽样 2,000 次，种子 0" in rows[-1]


def test_a_figure_at_the_end_of_its_scale_is_told_without_a_percentage_of_nothing():
    flat, wide = Interval(100.0, 100.0, 100.0), Interval(98.0, 95.0, 100.0)
    told = views._why(FigureSpread(100.0, flat, wide, flat, np.zeros(1), np.zeros(1)))
    assert told == "—，主要来自计算链：锚点、评分上下限、乘积"


def test_each_spread_is_told_with_where_it_is_from(copper):
    rows = [row.split(" | ") for row in views.inputs(copper).text.splitlines()[2:]]
    assert len(rows) == views.LISTED
    assert all(len(row) == 6 and row[3] for row in rows)
    assert any(row[3] == "矿山申报" for row in rows)
    assert all("measure." not in row[0] and "parcel." not in row[0] for row in rows)


@pytest.mark.usefixtures("english")
def test_in_english_too(water):
    assert views.unsure(water)[0].startswith("Data and factors leave the grade unsure: ")
    assert "propagation" in views.intervals(water).text
    assert "±5 normal" in views.inputs(water).text


def test_figures_draw_a_bar_for_each_grade_and_two_for_each_group(water):
    bars = shares_of_grades({"一级": 0.0, "二级": 0.25, "三级": 0.75}, "三级").figure.axes[0].patches
    assert sorted(bar.get_width() for bar in bars) == pytest.approx([0, 25, 75])
    pairs = shares_of_variance({"柴油": (0.8, 0.25), "评分": (0.0, 0.75)}).figure.axes[0].patches
    assert sorted(bar.get_width() for bar in pairs) == pytest.approx([0, 25, 75, 80])
    groups = {*water.by_group("emissions_t_co2e"), *water.by_group("score")}
    assert len(views.groups_figure(water).figure.axes[0].patches) == 2 * min(views.GROUPS, len(groups))
    assert len(views.grades_figure(water).figure.axes[0].patches) == 6


@pytest.mark.parametrize("view", [views.intervals, views.grades, views.grades_figure, views.inputs,
                                  views.groups_figure])
def test_where_draws_have_no_result_every_view_says_so(view):
    assert view(FAILED).text.startswith("未作抽样")
    assert views.unsure(FAILED) == []
    assert mines.evaluated().uncertainty_outcome(FAILED) == {}


def test_the_frames_have_what_the_report_rounds(water):
    frame, inputs, draws = water.frame(), water.inputs_frame(), water.draws_frame()
    assert frame.index.tolist() == list(water.figures)
    assert inputs["shares_score"].sum() == pytest.approx(1.0, abs=0.01)
    assert draws["score"].quantile(0.025) == pytest.approx(frame.loc["score", "drawn_low"])
    assert len(draws) == 2000

"""Figures that pandas and seaborn draw, in the style of the report and with their content in words."""

import pandas as pd
import pytest

from mineco.core import labels
from mineco.report.drawing import plotted

TABLE = pd.DataFrame({"quantity": [0, 640], "score": [60.5, 64.7], "net": [-20.0, 375.2]})


@pytest.fixture(params=["zh", "en"])
def language(request):
    labels.set_language(request.param)
    yield request.param
    labels.set_language("zh")


def test_axes_and_series_are_called_by_their_labels_and_all_else_as_it_is(language):
    drawn = plotted(TABLE.plot.line, x="quantity", y=["score", "net"], ylabel="my own", caption="draws")
    told = {"zh": ["my own，横轴为数量", "得分 从 60.5（0）到 64.7（640）", "净排放量 从 −20（0）到 375.2（640）"],
            "en": ["my own by quantity", "score from 60.5 (0) to 64.7 (640)", "net emissions from −20"]}[language]
    assert [one for one in told if one not in drawn.alt] == []
    (legend,) = drawn.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [labels.label("score"), labels.label("net")]
    assert drawn.caption[:1].upper() + drawn.caption[1:] == drawn.caption


def test_series_differ_in_stroke_as_well_as_in_colour():
    first, second, _ = plotted(TABLE.plot.line, x="quantity", y=["score", "net"]).figure.axes[0].get_lines()
    assert first.get_color() != second.get_color()
    assert first.get_linestyle() != second.get_linestyle()


def test_a_balance_has_a_zero_line_and_a_level_its_name():
    axes = plotted(TABLE.plot.line, x="quantity", y="net", levels={"residual": 100}).figure.axes[0]
    flat = [line.get_ydata()[0] for line in axes.get_lines() if len(set(line.get_ydata())) == 1]
    assert sorted(map(float, flat)) == [0, 100]
    assert [text.get_text() for text in axes.texts] == [labels.label("residual")]


def test_a_scale_that_does_not_reach_zero_gets_no_zero_line():
    axes = plotted(TABLE.plot.line, x="quantity", y="score").figure.axes[0]
    assert len(axes.get_lines()) == 1


def test_bars_are_told_one_by_one_and_many_by_the_tallest(language):
    few = plotted(TABLE.set_index("quantity")[["score"]].plot.bar, rot=0)
    assert all(part in few.alt for part in ("0 60.5", "640 64.7"))
    many = plotted(pd.Series([1.0, 5.1, 5.2, 5.3, 9.0]).plot.hist, bins=20)  # 5.0 to 5.4 holds three
    assert all(part in many.alt for part in ("5 ", "5.4", "3"))


def test_seaborn_draws_so_too():
    seaborn = pytest.importorskip("seaborn")
    assert "60.5" in plotted(seaborn.lineplot, TABLE, x="quantity", y="score").alt


def test_a_single_series_names_the_upright_axis_where_nothing_else_does(language):
    drawn = plotted(TABLE.plot.line, x="quantity", y="score")
    (axes,) = drawn.figure.axes
    assert axes.get_ylabel() == labels.label("score")
    assert drawn.figure.legends == []
    assert drawn.alt.startswith(labels.label("score"))
    both = plotted(TABLE.plot.line, x="quantity", y=["score", "net"])
    assert len(both.figure.legends[0].get_texts()) == 2
    assert both.alt.startswith(labels.label("value"))

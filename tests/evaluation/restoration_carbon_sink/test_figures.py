"""Figures of the report on restoration, tested by what they draw: bars, marks and words."""

import pytest

from mineco.evaluation.restoration_carbon_sink.figures import score_on_bands

BANDS = [("未达级", 0.0), ("三级", 60.0), ("二级", 75.0), ("一级", 85.0)]


def test_the_bands_fill_the_scale_and_the_mark_stands_at_the_score():
    drawing = score_on_bands(62.77, 61.0, 64.3, BANDS, caption="得分")
    axes = drawing.figure.axes[0]
    assert [(bar.get_x(), bar.get_width()) for bar in axes.patches] == [(0, 60), (60, 15), (75, 10), (85, 15)]
    assert [list(line.get_xdata()) for line in axes.lines] == [[62.77]]
    (interval,) = axes.collections
    assert [tuple(point[0] for point in part) for part in interval.get_segments()] == [(61.0, 64.3)]


@pytest.mark.parametrize(("low", "high", "caption"), [(61.0, 64.3, "得分（95 %：61 至 64.3）"), (None, None, "得分")])
def test_the_caption_says_what_the_bar_is_where_there_is_one(low, high, caption):
    drawing = score_on_bands(62.77, low, high, BANDS, caption="得分")
    assert drawing.caption.endswith(caption)
    assert len(drawing.figure.axes[0].collections) == (low is not None)

"""Figures of expert weights, tested by what they draw: places, texts and colours; never by pixels."""

import math

import numpy as np
import pytest

from mineco.core.labels import label, set_language
from mineco.report.figures import weights as figures

pytestmark = pytest.mark.usefixtures("english")
BANDS = [("ungraded", 0.0), ("C", 60.0), ("B", 70.0), ("A", 85.0), ("AA", 90.0), ("AAA", 95.0)]
WEIGHTS = {"排放": (0.5, 0.4, 0.6), "资源": (0.3, 0.25, 0.4), "生态": (0.2, 0.1, 0.3)}
ANNEX = {"排放": 0.4, "资源": 0.4, "生态": 0.2}
MATRIX = [[1, 3, math.nan], [1 / 3, 1, 0.5], [math.nan, 2, 1]]
EXPERTS = {"A": {"排放": 0.6, "资源": 0.4}, "B": {"排放": 0.5, "资源": 0.5}}
GROUP = {"排放": 0.55, "资源": 0.45}
ROUNDS = {"排放": [0.4, 0.2, 0.1], "资源": [math.nan, 0.3, 0.35]}
SCORES = {"附录 A": 72.0, "专家组": 85.0, "等权": 84.999}


def drawings(language):
    set_language(language)
    return [
        figures.weights_with_spread(WEIGHTS, ANNEX, caption="x"),
        figures.judgement_heat_map(MATRIX, ["排放", "资源", "生态"], (0, 1), caption="x"),
        figures.experts_and_group(EXPERTS, GROUP, 0.87, caption="x"),
        figures.rounds_converging(ROUNDS, 0.25, caption="x"),
        figures.score_under_weights(SCORES, BANDS, caption="x")]


def axes_of(drawing):
    return drawing.figure.axes[0]


def texts(drawing):
    axes = axes_of(drawing)
    return [text.get_text() for text in [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]]


def points(axes, marker="o"):
    return [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in axes.lines
            if line.get_marker() == marker]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_is_a_picture_with_a_caption_and_a_text_in_words(language):
    for number, drawing in enumerate(drawings(language), start=1):
        shown = drawing._repr_mimebundle_()["text/html"]
        assert shown.startswith('<figure><img src="data:image/svg+xml;base64,')
        assert f"<figcaption>{drawing.caption}</figcaption>" in shown
        assert drawing.caption
        assert all(name in drawing.alt for name in ("排放" if number < 5 else "附录 A",))


def test_the_same_numbers_make_the_same_bytes():
    for first, second in zip(drawings("zh"), drawings("zh"), strict=True):
        assert first.svg() == second.svg()


def test_weights_stand_at_their_values_with_bars_from_low_to_high():
    axes = axes_of(drawings("en")[0])
    assert points(axes) == [(0.5, 0), (0.3, 1), (0.2, 2)]
    assert points(axes, "D") == [(0.4, 0), (0.4, 1), (0.2, 2)]
    bars = [tuple(segment[:, 0]) for group in axes.collections for segment in group.get_segments()]
    assert bars == [(0.4, 0.6), (0.25, 0.4), (0.1, 0.3)]
    assert axes.get_xlim()[0] == 0  # lengths are compared by eye


def test_weights_without_anything_beside_them_need_no_legend():
    drawing = figures.weights_with_spread(WEIGHTS)
    assert drawing.figure.legends == []
    assert "annex" not in drawing.alt


def test_judgements_are_written_as_people_write_them_and_a_missing_one_as_a_dash():
    assert texts(drawings("en")[1])[:9] == ["1", "3", "—", "1/3", "1", "1/2", "—", "2", "1"]


def test_only_the_worst_judgement_is_framed():
    (frame,) = axes_of(drawings("en")[1]).patches
    assert (frame.get_x(), frame.get_y()) == (1, 0)  # column 1 of row 0
    unmarked = figures.judgement_heat_map(MATRIX, ["a", "b", "c"])
    assert list(axes_of(unmarked).patches) == []


def test_a_judgement_and_its_reciprocal_are_equally_far_from_white():
    (mesh,) = axes_of(drawings("en")[1]).collections
    low, high = mesh.get_clim()
    assert low == -high == -np.log(9)
    shades = mesh.get_cmap()(mesh.norm(np.log([1.0, 3.0, 1 / 3])))
    assert shades[0][:3] == pytest.approx([1, 1, 1], abs=0.01)
    blue, sand = (np.array([0x35, 0x95, 0xBE]) / 255, np.array([0xC8, 0xA8, 0x68]) / 255)
    assert 1 - shades[1][:3] == pytest.approx((1 - blue) / 2, abs=0.01)  # ln 3 is half of ln 9
    assert 1 - shades[2][:3] == pytest.approx((1 - sand) / 2, abs=0.01)


def test_every_expert_is_a_letter_at_the_own_weight():
    axes = axes_of(drawings("en")[2])
    assert sorted(points(axes)) == [(0.4, 1), (0.5, 0), (0.5, 1), (0.6, 0)]
    assert {(text.get_text(), *text.xy) for text in axes.texts} == {
        ("A", 0.6, 0), ("B", 0.5, 0), ("A", 0.4, 1), ("B", 0.5, 1)}


def test_the_last_round_is_filled_and_a_round_without_a_value_draws_nothing():
    axes = axes_of(drawings("en")[3])
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    filled = [float(line.get_xdata()[0]) for line in dots if line.get_markerfacecolor() != "white"]
    assert filled == [0.1, 0.35]
    threshold = axes.lines[0].get_xdata()
    assert set(threshold) == {0.25}
    assert "资源 — → 0.3 → 0.35" in drawings("en")[3].alt


def test_a_score_on_an_edge_belongs_to_the_band_above_it():  # 84.999 prints as 85 and stays below it
    assert drawings("en")[4].alt.endswith("附录 A 72 (B), 专家组 85 (A), 等权 85 (B)")


def test_bands_below_the_lowest_score_are_left_out_and_the_axis_says_points():
    axes = axes_of(drawings("en")[4])
    assert axes.get_xlim() == (60, 100)
    assert [text.get_text() for text in axes.texts][:5] == ["C", "B", "A", "AA", "AAA"]
    assert axes.get_xlabel() == label("score_axis", "en")
    low = axes_of(figures.score_under_weights({"a": 35.0}, BANDS))
    assert low.get_xlim() == (30, 100)
    assert low.texts[0].get_text() == label("ungraded", "en")


@pytest.mark.parametrize("name", ["$$", "$x_1$", "\\frac{", "<script>alert(1)</script>", "a & b"])
def test_a_hostile_name_is_drawn_as_it_is_typed(name):
    drawing = figures.weights_with_spread({name: (0.5, 0.4, 0.6)}, {name: 0.5}, caption=name)
    shown = drawing._repr_mimebundle_()["text/html"]
    assert name in "\n".join(texts(drawing)).replace("\n", " ")
    assert "<script" not in shown
    assert b"<script" not in drawing.svg()

"""Figures, tested by what they draw: texts, bar heights, colours; never by pixels."""

import itertools
import re

import numpy as np
import pytest

from mineco.core.labels import colour, label, set_language
from mineco.evaluation.carbon_neutral_mine.figures import two_keys
from mineco.report.figures import results as figures
from tests.helpers.refusals import refused_with
from tests.helpers.sight import VISION, lab

pytestmark = pytest.mark.usefixtures("english")
BANDS = [("ungraded", 0.0), ("C", 60.0), ("B", 70.0), ("A", 85.0), ("AA", 90.0), ("AAA", 95.0)]
SHARES = [("ungraded", 0.0), ("C", 0.6), ("B", 0.8), ("A", 0.9), ("AA", 0.95), ("AAA", 1.0)]
EMISSIONS = {"fugitive": {"CH4_fossil": 900.0, "CO2": 100.0}, "combustion": {"CO2": 500.0}}
SOURCES = ("fugitive", "combustion", "process", "waste", "land", "purchased-energy", "value-chain")
LEDGER = ("removals", "filled_co2", "offsets", "residual", "net")
GRADES = [grade for grade, _ in BANDS]



def drawings(language):
    set_language(language)
    scores = [{"id": "E1.1", "name": "总量", "score": 72.5}, {"id": "E1.2", "name": "强度", "score": None}]
    return [
        figures.emissions_by_source(EMISSIONS, caption="排放"),
        figures.waterfall(1500.0, {"restoration_removals": 200.0}, 1300.0, {"offsets": 300.0}, 1000.0, caption="x"),
        figures.scores_against_anchors(scores, caption="x"),
        figures.value_function([(0.0, 0.0), (5.0, 60.0), (10.0, 80.0), (20.0, 100.0)], 5.5, "自主减排量", "%",
                               caption="x"),
        two_keys(86.4, 0.96, BANDS, SHARES, "score", caption="x")]


def texts(drawing):
    axes = drawing.figure.axes[0]
    every = [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label, axes.yaxis.label]
    return [text.get_text() for text in every]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_is_a_picture_with_a_caption_and_a_text_in_words(language):
    for drawing in drawings(language):
        shown = drawing._repr_mimebundle_()["text/html"]
        assert shown.startswith('<figure><img src="data:image/svg+xml;base64,')
        assert len(drawing.alt) > 20
        assert f"<figcaption>{drawing.caption}</figcaption>" in shown
        assert drawing.caption


def test_labels_follow_the_language():
    for language in ("zh", "en"):
        set_language(language)
        shown = texts(figures.emissions_by_source(EMISSIONS))
        assert label("fugitive", language) in shown
        assert f"{label('emissions_axis', language)} (tCO₂e)" in shown


def test_bars_of_a_source_add_up_its_gases_and_keep_its_colour():
    axes = figures.emissions_by_source(EMISSIONS).figure.axes[0]
    ends = {round(bar.get_y() + bar.get_height() / 2): bar.get_x() + bar.get_width() for bar in axes.patches}
    assert ends == {0: 1000.0, 1: 500.0}
    colours = [hexadecimal(bar.get_facecolor()) for bar in axes.patches]
    assert colours == [colour("fugitive"), colour("fugitive"), colour("combustion")]


def test_a_gas_keeps_its_pattern_in_every_source():
    axes = figures.emissions_by_source(EMISSIONS).figure.axes[0]
    assert [bar.get_hatch() or "" for bar in axes.patches] == ["////", "", ""]


def test_patterns_of_gases_differ_and_are_lines_since_a_pattern_of_dots_fills_a_report_with_circles():
    gases = ["CO2", "CH4_fossil", "CH4_nonfossil", "N2O", "SF6", "CO2_biogenic"]
    drawing = figures.emissions_by_source({"combustion": dict.fromkeys(gases, 1.0)})
    assert len({bar.get_hatch() or "" for bar in drawing.figure.axes[0].patches}) == len(gases)
    assert max(len(path) for path in re.findall(r'<pattern .*?d="(.*?)"', drawing.svg().decode(), re.DOTALL)) < 2_000


def test_the_waterfall_steps_from_emissions_to_net_over_a_zero_line():
    axes = drawings("en")[1].figure.axes[0]
    # 1500 - 200 = 1300; 1300 - 300 = 1000
    assert [(bar.get_y(), bar.get_height()) for bar in axes.patches] == [
        (0, 1500), (1500, -200), (0, 1300), (1300, -300), (0, 1000)]
    assert any(set(line.get_ydata()) == {0} and line.get_linewidth() >= 1 for line in axes.lines)


def test_threads_of_the_waterfall_lie_where_the_bar_before_ends():
    threads = drawings("en")[1].figure.axes[0].lines[:-1]
    assert [line.get_ydata()[0] for line in threads] == [1500, 1300, 1300, 1000]


def test_net_below_zero_is_drawn_below_the_zero_line():
    drawing = figures.waterfall(100.0, {"removals": 30.0}, 70.0, {"offsets": 90.0}, -20.0)
    assert drawing.figure.axes[0].patches[-1].get_height() == -20.0
    assert drawing.figure.axes[0].get_ylim()[0] < -20.0
    assert "net emissions −20" in drawing.alt


def test_the_four_anchors_are_marked_and_an_indicator_that_does_not_apply_says_so():
    axes = drawings("en")[2].figure.axes[0]
    assert list(axes.get_xticks()) == [0, 60, 80, 100]
    assert [text.get_text() for text in axes.texts] == ["72.5", "not applicable"]


@pytest.mark.parametrize(("value", "score"), [(0.5, "100"), (0.925, "70"), (1.25, "30"), (2.0, "0")])
def test_a_value_lies_on_its_value_function_and_the_line_is_flat_beyond_the_ends(value, score):
    knots = [(1.5, 0.0), (1.0, 60.0), (0.85, 80.0), (0.7, 100.0)]
    axes = figures.value_function(knots, value, "intensity").figure.axes[0]
    line = axes.lines[0]
    assert [text.get_text() for text in axes.texts] == [score]  # halfway between 60 and 80, and between 0 and 60
    assert list(line.get_ydata()) == [100.0, 100.0, 80.0, 60.0, 0.0, 0.0]
    assert line.get_xdata()[0] < min(value, 0.7)
    assert line.get_xdata()[-1] > max(value, 1.5)


@pytest.mark.parametrize("name", ["$$", "$x_1$", "\\frac{", "<script>alert(1)</script>", "a & b", "#let x"])
def test_a_hostile_name_is_drawn_as_it_is_typed(name):
    drawing = figures.scores_against_anchors([{"id": "E1.1", "name": name, "score": 50.0}], caption=name)
    shown = drawing._repr_mimebundle_()["text/html"]
    assert f"E1.1 {name}" in texts(drawing)
    assert "<script" not in shown
    assert b"<script" not in drawing.svg()


def test_a_character_without_glyph_is_refused_rather_than_drawn_as_a_box():
    drawing = figures.scores_against_anchors([{"id": "E1.1", "name": "\U0001f9ff", "score": 50.0}])
    with refused_with("missing_glyph"):
        drawing.svg()


def test_the_same_numbers_make_the_same_bytes():
    for first, second in zip(drawings("zh"), drawings("zh"), strict=True):
        assert first.svg() == second.svg()


def test_colours_of_sources_stay_apart_for_eyes_without_red_or_green_cones():
    for matrix in VISION.values():
        seen = {name: lab(colour(name), matrix) for name in SOURCES + LEDGER}
        near = [(a, b) for a, b in itertools.combinations(seen, 2) if np.linalg.norm(seen[a] - seen[b]) < 15]
        assert near == []


def test_grades_lie_on_one_ramp_that_only_darkens():
    for matrix in VISION.values():
        lightness = [lab(colour(grade), matrix)[0] for grade in GRADES]
        assert all(lighter - darker > 4 for lighter, darker in itertools.pairwise(lightness))


def test_sources_are_warm_and_removals_cool():
    def warmth(name):
        red, _, blue = (int(colour(name)[place:place + 2], 16) for place in (1, 3, 5))
        return red - blue
    assert all(warmth(name) > 0 for name in SOURCES)
    assert warmth("removals") < 0
    assert warmth("filled_co2") < 0


def hexadecimal(colour_of_bar):
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour_of_bar[:3])

"""Figures of restoration areas, tested by what they draw: places, texts and colours; never by pixels."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_hex

from mineco.core.labels import label, set_language
from mineco.evaluation.restoration_area.views import figures
from mineco.geo.drawn.pixels import class_colours
from mineco.standards.area import load_area_rules
from tests.helpers.sight import VISION, lab

pytestmark = pytest.mark.usefixtures("english")
KINDS = [("森林", "#1f5873"), ("草地", "#a8cf9a"), ("水域", "#5a3f99")]
AREAS = np.array([[6.0, 2.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
SHARES = {"总体": (0.95, 0.93, 0.97), "用户": (0.86, 0.81, 0.9)}
WAYS = {"储量": {"公式": (100.0, 90.0, 110.0), "抽样": (101.0, 92.0, 111.0)}, "变化": {"公式": (-10.0, -15.0, -5.0)}}
STOCKS = {"森林": {"地上": 30.0, "土壤": 60.0}, "草地": {"地上": 5.0, "土壤": 40.0}}
GAINS = {"1": ([1.0, 2.0], [0.5, 1.0], [1.5, 3.0]), "2": ([1.0, 1.9], [0.5, 1.0], [1.5, 2.5])}


def drawings(language):
    set_language(language)
    return [figures.transition_diagram(AREAS, KINDS, "2005", "2024", caption="x"),
            figures.against_required(SHARES, 0.85, caption="x"),
            figures.values_with_intervals(WAYS, "tC", "碳", caption="x", zero=True),
            figures.stocks_by_class(STOCKS, "tC", caption="x"),
            figures.map_against_plots([50.0, 60.0], [55.0, 57.0], 0.1, caption="x"),
            figures.gains_over_years(GAINS, [2025, 2026], caption="x")]


def axes_of(drawing):
    return drawing.figure.axes[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_is_a_picture_with_a_caption_and_a_text_in_words(language):
    for drawing in drawings(language):
        shown = drawing._repr_mimebundle_()["text/html"]
        assert shown.startswith('<figure><img src="data:image/svg+xml;base64,')
        assert len(drawing.alt) > 20
        assert f"<figcaption>{drawing.caption}</figcaption>" in shown
        assert drawing.caption


def test_the_same_numbers_make_the_same_bytes():
    for first, second in zip(drawings("zh"), drawings("zh"), strict=True):
        assert first.svg() == second.svg()


def test_bands_are_as_thick_as_the_land_that_they_stand_for():
    axes = axes_of(drawings("en")[0])
    ends = [band.get_paths()[0].vertices for band in axes.collections]
    thick = [np.ptp(corners[np.isclose(corners[:, 0], 0.01), 1]) for corners in ends]
    # 6, 2, 1 and 1 of 10 ha
    assert np.round(thick, 6).tolist() == [0.6, 0.2, 0.1, 0.1]


def test_a_class_that_is_on_neither_date_is_not_drawn():
    assert "水域" not in drawings("en")[0].alt
    assert "森林 8 → 7; 草地 2 → 3. Changes: 森林 → 草地 2; 草地 → 森林 1" in drawings("en")[0].alt


def test_the_lower_end_of_the_interval_decides_and_is_marked():
    drawing = drawings("en")[1]
    marks = [line.get_xdata()[0] for line in axes_of(drawing).lines if line.get_marker() == "|"]
    assert marks == [93.0, 81.0]
    assert drawing.alt.endswith("总体 95 % (93 % to 97 %), met; 用户 86 % (81 % to 90 %), not met")


def test_where_a_share_must_stay_below_the_upper_end_decides():
    for limit, verdict in ((0.10, "not met"), (0.12, "met")):
        drawing = figures.against_required({"bias": (0.05, 0.0, 0.12)}, limit, at_least=False)
        assert drawing.alt.endswith(f", {verdict}")


def test_the_line_of_what_is_asked_for_stands_at_its_value():
    assert axes_of(drawings("en")[1]).lines[0].get_xdata() == [85.0, 85.0]


def test_ways_of_one_value_stand_one_below_the_other():
    axes = axes_of(drawings("en")[2])
    found = [(line.get_marker(), line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines[1:]]
    assert [(marker, x) for marker, x, _ in found] == [("o", 100.0), ("D", 101.0), ("o", -10.0)]
    assert found[0][2] < found[1][2] < found[2][2] == 1


def test_a_change_is_drawn_over_a_line_at_nothing():
    assert axes_of(drawings("en")[2]).lines[0].get_xdata() == [0, 0]


def test_pools_of_a_class_add_up():
    axes = axes_of(drawings("en")[3])
    assert [(bar.get_x(), bar.get_width()) for bar in axes.patches] == [(0, 30), (30, 60), (0, 5), (5, 40)]
    assert [text.get_text() for text in axes.texts] == ["90", "45"]


def test_plots_stand_on_the_ground_across_and_in_the_map_upward():
    axes = axes_of(drawings("en")[4])
    assert [list(axes.lines[1].get_xdata()), list(axes.lines[1].get_ydata())] == [[50.0, 60.0], [55.0, 57.0]]
    assert axes.get_xlabel() == f"{label('plots_ground', 'en')} (tC/ha)"


def test_names_of_lines_that_end_close_to_each_other_keep_apart():
    axes = axes_of(drawings("en")[5])
    first, second = sorted((text.xy[1] for text in axes.texts), reverse=True)
    low, high = axes.get_ylim()
    assert first - second >= 0.05 * (high - low)


@pytest.mark.parametrize("name", ["$$", "\\frac{", "<script>alert(1)</script>", "a & b"])
def test_a_hostile_name_is_drawn_as_it_is_typed(name):
    for drawing in (figures.against_required({name: (0.9, 0.8, 1.0)}, 0.85),
                    figures.gains_over_years({name: ([1.0, 2.0], [1.0, 1.0], [2.0, 3.0])}, [1, 2])):
        assert b"<script" not in drawing.svg()
        assert "<script" not in drawing._repr_mimebundle_()["text/html"]


# --- colours ---------------------------------------------------------------------------------------------------------

def test_every_kind_of_land_has_a_colour():
    assert set(figures.LAND) == set(load_area_rules("restoration-area-2025").ecosystems)


def test_kinds_of_land_stay_apart_for_eyes_without_red_or_green_cones():
    for matrix in VISION.values():
        seen = {name: lab(code, matrix) for name, code in figures.LAND.items()}
        near = [(a, b) for a, b in itertools.combinations(seen, 2) if np.linalg.norm(seen[a] - seen[b]) < 15]
        assert near == []


def test_classes_of_priority_lie_on_one_ramp_that_only_darkens():
    for matrix in VISION.values():
        lightness = [lab(code, matrix)[0] for code in figures.PRIORITY]
        assert all(lighter - darker > 8 for lighter, darker in itertools.pairwise(lightness))


def test_no_light_on_the_ground_makes_a_class_of_priority_look_like_the_next_even_in_grey():
    def lightness(colour, light):
        shown = class_colours(np.zeros((1, 3), int), {0: colour}, np.array([[0.2, 0.7, 0.7 + light]]))
        ends = [to_hex(one / 255) for one in shown[0, ::len(shown[0]) // 3]]
        return [lab(one, VISION["normal"])[0] for one in ends]

    ranges = [(min(found), max(found)) for found in (lightness(one, 0.5) for one in figures.PRIORITY)]
    assert all(lighter[0] - darker[1] > 2 for lighter, darker in itertools.pairwise(ranges))
    assert all(high - low > 3 for low, high in ranges)  # the ground is seen on each
    greys = [lab(one, VISION["normal"])[0] for one in (*figures.PRIORITY, figures.UNRANKED)]
    assert min(abs(one - other) for one, other in itertools.combinations(greys, 2)) > 8


@pytest.mark.parametrize("seed", range(5))
def test_names_of_lines_never_overprint_and_stay_above_the_axis(seed):
    generator = np.random.default_rng(seed)
    wanted, heights = np.sort(generator.uniform(0, 1, 8))[::-1], generator.choice([0.055, 0.11], 8)
    found = np.array(figures.apart(wanted.tolist(), heights.tolist(), 0.0))
    assert (found[:-1] - found[1:] >= (heights[:-1] + heights[1:]) / 2 - 1e-12).all()
    assert found[-1] >= heights[-1] / 2


def test_names_of_many_small_classes_overprint_none_and_stay_inside_the_figure():
    kinds = [(f"rocky-desertified land of some kind, {place}", "#1f5873") for place in range(13)]
    areas = np.diag([5000.0, 3000.0, 2000.0, *[3.0] * 10]) + 1.0
    drawing = figures.transition_diagram(areas, kinds, "2005", "2024")
    drawing.figure.draw_without_rendering()
    drawing.figure.draw_without_rendering()
    found, whole = [text.get_window_extent() for text in axes_of(drawing).texts], drawing.figure.bbox
    assert len(found) == 26
    assert not any(one.overlaps(other) for one, other in itertools.combinations(found, 2))
    assert all(one.x0 >= 0 and one.x1 <= whole.x1 and one.y0 >= 0 and one.y1 <= whole.y1 for one in found)

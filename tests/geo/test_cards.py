"""Small maps beside words, tested by what they draw: places, texts and what has room."""

import itertools

import numpy as np
import pytest
from rasterio import Affine
from shapely import box

from mineco.core.labels import label, set_language
from mineco.evaluation.views.words import named, spoken
from mineco.geo.cards import Card, small_maps
from mineco.geo.grid import Grid
from mineco.standards.area import load_area_rules

pytestmark = pytest.mark.usefixtures("english")
CLASSES = {0: ("low priority", "#f8f4e9"), 1: ("land to restore", "#6d2410"), 2: ("elsewhere", "#8fa3bf")}
GRID = Grid("EPSG:32649", Affine(30.0, 0.0, 500_000.0, 0.0, -30.0, 4_000_000.0), 30, 30)


def card(grid=GRID, title="1 · zone 7", lines=("3 ha", "slope")):
    codes = np.zeros((grid.height, grid.width), int)
    codes[grid.height // 3:, grid.width // 3:] = 1
    west, south, east, north = grid.bounds
    return Card(codes, grid, None, [box(west + 30, south + 30, east - 30, north - 30)], title, lines)


def words(drawing):
    drawing.figure.draw_without_rendering()
    return [text for text in drawing.figure.texts if text.get_text()]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_words_overprint_and_none_leave_their_figure_however_long_they_are(language):
    set_language(language)
    rules = load_area_rules("restoration-area-2025")
    reasons = sorted((spoken(one.reason) for one in rules.factors.values()), key=len)[-2:]
    measure = label("zone_card_measure").format(measure=max(map(named, rules.measures.values()), key=len))
    lines = ("12,345.67 ha · D = 0.9876", label("list_comma").join(reasons), measure)
    drawing = small_maps([card(title=label("zone_card").format(rank=rank, zone=900 + rank), lines=lines)
                          for rank in range(1, 11)], CLASSES, "{rows}")
    boxes = [one.get_window_extent() for one in (*words(drawing), *drawing.figure.legends)]
    boxes += [axes.get_window_extent() for axes in drawing.figure.axes]
    assert len(boxes) == 10 + 10 + 1 + 10
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    whole = drawing.figure.bbox
    assert all(one.x0 >= 0 and one.x1 <= whole.x1 and one.y0 >= -1e-6 and one.y1 <= whole.y1 + 1e-6 for one in boxes)


def test_cards_stand_two_abreast_in_their_order():
    drawing = small_maps([card(title=str(rank)) for rank in range(1, 4)], CLASSES, "{rows}")
    corners = [axes.get_position() for axes in drawing.figure.axes]
    assert corners[0].x0 == corners[2].x0 < corners[1].x0
    assert corners[0].y0 == corners[1].y0 > corners[2].y0


def test_the_legend_names_the_classes_that_are_on_a_map_and_nothing_else():
    (legend,) = small_maps([card()], CLASSES, "{rows}").figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["low priority", "land to restore"]


def test_the_scale_bar_of_a_small_map_is_as_long_as_it_says():
    drawing = small_maps([card()], CLASSES, "{rows}")
    (axes,) = drawing.figure.axes
    bar = next(text for text in axes.texts if text.arrow_patch)
    # 30 pixels of 30 m are 900 m, three tenths of which are 270
    assert [text.get_text() for text in axes.texts if text.get_text()] == ["200 m"]
    assert (bar.xyann[0] - bar.xy[0]) * 900 == pytest.approx(200)


def test_a_strip_is_drawn_so_that_it_is_seen_and_says_so():
    drawing = small_maps([card(Grid(GRID.crs, GRID.transform, 60, 3))], CLASSES, "{rows}")
    texts = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert "drawn 7 times as high" in texts  # 0.35 for 3 / 60


@pytest.mark.parametrize("name", ["$$", "\\frac{", "<script>alert(1)</script>", "a & b"])
def test_a_hostile_name_is_drawn_as_it_is_typed(name):
    drawing = small_maps([card(title=name, lines=(name,))], {**CLASSES, 0: (name, "#f8f4e9")}, "{rows}")
    assert b"<script" not in drawing.svg()
    assert "<script" not in drawing._repr_mimebundle_()["text/html"]

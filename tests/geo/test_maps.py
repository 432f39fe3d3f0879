"""Maps, tested by what they draw: pixels, places, texts and colours."""

import itertools

import numpy as np
import pytest
from rasterio import Affine

from mineco.core.labels import label, set_language
from mineco.geo import maps
from mineco.geo.grid import Grid

pytestmark = pytest.mark.usefixtures("english")
GRID = Grid("EPSG:32649", Affine(30.0, 0.0, 500_000.0, 0.0, -30.0, 4_000_000.0), 8, 6)
KINDS = {1: ("森林", "#1f5873"), 2: ("草地", "#c8a868"), 7: ("水域", "#5a3f99")}
CODES = np.array([[1] * 8, [1] * 8, [2] * 8, [2] * 8, [2] * 8, [-1] * 8])
AREAS = {1: 16 * 0.09, 2: 24 * 0.09, 7: 0.0}  # pixels of 30 m by 30 m
COVER = np.linspace(0, 1, 48).reshape(6, 8)


def drawings(language):
    set_language(language)
    return [maps.class_map(CODES, GRID, KINDS, AREAS, {"3": (500_060.0, 3_999_950.0)}, caption="覆被"),
            maps.quantity_map(COVER, GRID, "盖度", "1", (0.0, 1.0), caption="盖度"),
            maps.quantity_map(COVER - 0.6, GRID, "趋势", "1/yr", middle=0.0, caption="趋势")]


def texts(drawing):
    return [text.get_text() for axes in drawing.figure.axes for text in axes.texts]


def pixels(drawing, place=0):
    return drawing.figure.axes[place].images[0].get_array()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_map_is_a_picture_with_a_caption_a_north_arrow_and_a_scale_bar(language):
    for drawing in drawings(language):
        shown = drawing._repr_mimebundle_()["text/html"]
        assert shown.startswith('<figure><img src="data:image/svg+xml;base64,')
        assert f"<figcaption>{drawing.caption}</figcaption>" in shown
        assert drawing.caption
        assert texts(drawing).count(label("north", language)) == 1
        # 8 pixels of 30 m are 240 m, three tenths of which are 72
        assert [text for text in texts(drawing) if text.startswith("50 m")] == ["50 m　EPSG:32649"]


def test_the_scale_bar_is_as_long_on_the_map_as_it_says():
    axes = drawings("en")[0].figure.axes[0]
    parts = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]
    assert parts == [(500_000.0, 500_025.0), (500_025.0, 500_050.0)]


def test_a_scale_bar_in_feet_is_measured_in_metres():
    feet = Grid("EPSG:2264", Affine(100.0, 0.0, 0.0, 0.0, -100.0, 0.0), 100, 100)
    axes = maps.class_map(np.ones((100, 100), int), feet, KINDS, AREAS).figure.axes[0]
    # 10,000 US survey feet are 3048.006 m, three tenths of which are 914; 500 m are 500 / 0.3048006 feet
    assert "500 m　EPSG:2264" in [text.get_text() for text in axes.texts]
    assert axes.patches[0].get_width() * 2 == pytest.approx(500 * 3937 / 1200)


def test_pixels_stand_where_the_grid_puts_them():
    drawing = drawings("en")[0]
    west, east, south, north = drawing.figure.axes[0].images[0].get_extent()
    assert (west, south, east, north) == GRID.bounds
    shown = pixels(drawing)
    assert shown.shape[:2] == (360, 480)  # every pixel 60 times, so that its edges stay sharp
    assert [tuple(np.round(255 * shown[row, 0, :3]).astype(int)) for row in (0, 120, 300)] == [
        (0x1f, 0x58, 0x73), (0xc8, 0xa8, 0x68), (0xcb, 0xd3, 0xd7)]


def test_the_legend_names_what_is_on_the_map_and_nothing_else():
    for language in ("zh", "en"):
        (legend,) = drawings(language)[0].figure.legends
        assert [text.get_text() for text in legend.get_texts()] == ["森林", "草地", label("no_data", language)]


def test_areas_of_classes_stand_in_the_words_of_the_map():
    # 16 of 40 pixels, and 24; those without data are in no share
    assert drawings("en")[0].alt == "Map of classes: 森林 1.44 ha (40 %); 草地 2.16 ha (60 %)"


def test_a_class_without_a_name_is_refused():
    with pytest.raises(ValueError, match=r"\[9\]"):
        maps.class_map(np.array([[1, 9, 1]] * 3), GRID, KINDS, AREAS)


def test_a_map_with_a_middle_reaches_as_far_on_both_sides():
    bar = drawings("en")[2].figure.axes[-1]
    low, high = bar.get_ylim()
    assert low == -high


def test_zero_is_pale_below_it_brown_and_above_it_blue_green():
    values = np.array([[-1.0, 0.0, 1.0]] * 3)
    shown = pixels(maps.quantity_map(values, Grid(GRID.crs, GRID.transform, 3, 3), "x", "1", (-1, 1), 0.0))
    brown, pale, green = (shown[0, column, :3] for column in (0, 240, 479))
    assert brown[0] > brown[2]
    assert pale.min() > 0.9
    assert green[0] < green[2]


def test_values_beyond_the_scale_are_announced_by_an_arrow():
    _, beyond = maps._scale(COVER, (0.2, 1.0), None)
    _, within = maps._scale(COVER, (0.0, 1.0), None)
    assert (beyond, within) == ("min", "neither")


def test_missing_pixels_are_grey_and_in_the_legend():
    values = COVER.copy()
    values[0, 0] = np.nan
    drawing = maps.quantity_map(values, GRID, "x")
    assert np.round(255 * pixels(drawing)[0, 0, :3]).tolist() == [0xcb, 0xd3, 0xd7]
    assert [text.get_text() for text in drawing.figure.legends[0].get_texts()] == ["no data"]


def test_a_large_map_is_thinned():
    large = Grid(GRID.crs, GRID.transform, 3000, 2000)
    assert pixels(maps.quantity_map(np.ones((2000, 3000)), large, "x")).shape[:2] == (400, 600)


@pytest.mark.parametrize("name", ["$$", "\\frac{", "<script>alert(1)</script>", "a & b"])
def test_a_hostile_name_is_drawn_as_it_is_typed(name):
    drawing = maps.class_map(CODES, GRID, {1: (name, "#1f5873"), 2: ("b", "#c8a868")}, AREAS)
    assert b"<script" not in drawing.svg()
    assert "<script" not in drawing._repr_mimebundle_()["text/html"]


def test_the_same_map_makes_the_same_bytes():
    for first, second in zip(drawings("zh"), drawings("zh"), strict=True):
        assert first.svg() == second.svg()


def test_of_900_zones_those_numbers_stand_that_overprint_none_before_them():
    grid = Grid("EPSG:32650", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 0.0), 1000, 1000)
    places = np.random.default_rng(0).uniform(0, 30_000, (900, 2)) * [1, -1]
    marks = {str(number): (float(x), float(y)) for number, (x, y) in enumerate(places, 1)}
    kept = maps.apart_marks(marks, grid)
    assert "1" in kept
    assert 60 < len(kept) < 400
    points = 72 * maps.MAP_WIDTH / 30_000
    for (text, (x, y)), (other, (other_x, other_y)) in itertools.combinations(kept.items(), 2):
        assert (abs(x - other_x) * points > 3 * (len(text) + len(other)) or abs(y - other_y) * points > 10)

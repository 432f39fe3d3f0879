"""Maps, tested by what they draw: pixels, places, texts and colours."""

import itertools

import numpy as np
import pytest
import shapely
from numpy.testing import assert_allclose
from rasterio import Affine
from rasterio.crs import CRS

from mineco.core.labels import label, set_language
from mineco.geo import maps
from mineco.geo.grid import Grid

pytestmark = pytest.mark.usefixtures("english")
GRID = Grid("EPSG:32649", Affine(30.0, 0.0, 500_000.0, 0.0, -30.0, 4_000_000.0), 8, 6)
KINDS = {1: ("森林", "#1f5873"), 2: ("草地", "#c8a868"), 7: ("水域", "#5a3f99")}
CODES = np.array([[1] * 8, [1] * 8, [2] * 8, [2] * 8, [2] * 8, [-1] * 8])
AREAS = {1: 16 * 0.09, 2: 24 * 0.09, 7: 0.0}  # pixels of 30 m by 30 m
LIGHT = np.full((6, 8), 0.5)
COVER = np.linspace(0, 1, 48).reshape(6, 8)


def drawings(language):
    set_language(language)
    return [maps.class_map(CODES, GRID, KINDS, AREAS, LIGHT, {"3": (500_100.0, 3_999_900.0)}, caption="覆被"),
            maps.quantity_map(COVER, GRID, "盖度", "1", (0.0, 1.0), caption="盖度"),
            maps.quantity_map(COVER - 0.6, GRID, "趋势", "1/yr", middle=0.0, caption="趋势")]


def texts(drawing):
    return [text.get_text() for axes in drawing.figure.axes for text in axes.texts]


def pixels(drawing, place=0):
    """Red, green, blue and opacity of each pixel, from 0 to 1."""
    return drawing.figure.axes[place].images[0].get_array() / 255


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
    assert shown.shape[:2] == (480, 480)  # every pixel 60 times across and 80 times down, so that edges stay sharp
    assert [tuple(np.round(255 * shown[row, 0, :3]).astype(int)) for row in (0, 160, 405)] == [
        (0x1f, 0x58, 0x73), (0xc8, 0xa8, 0x68), (0xe3, 0xe8, 0xea)]


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


def test_missing_pixels_are_striped_and_in_the_legend():
    values = COVER.copy()
    values[0, 0] = np.nan
    drawing = maps.quantity_map(values, GRID, "x")
    found = np.unique(np.round(255 * pixels(drawing)[:80, :60, :3]).astype(int).reshape(-1, 3), axis=0)
    assert found.tolist() == [[0x9f, 0xab, 0xb2], [0xe3, 0xe8, 0xea]]
    assert [text.get_text() for text in drawing.figure.legends[0].get_texts()] == ["no data"]


def test_a_large_map_is_thinned():
    large = Grid(GRID.crs, GRID.transform, 3000, 2000)
    # 2000 rows over at most 720 are every third, 3000 columns every fifth
    assert pixels(maps.quantity_map(np.ones((2000, 3000)), large, "x")).shape[:2] == (667, 600)


@pytest.mark.parametrize("name", ["$$", "\\frac{", "<script>alert(1)</script>", "a & b"])
def test_a_hostile_name_is_drawn_as_it_is_typed(name):
    drawing = maps.class_map(CODES, GRID, {1: (name, "#1f5873"), 2: ("b", "#c8a868")}, AREAS)
    assert b"<script" not in drawing.svg()
    assert "<script" not in drawing._repr_mimebundle_()["text/html"]


def test_the_same_map_makes_the_same_bytes():
    for first, second in zip(drawings("zh"), drawings("zh"), strict=True):
        assert first.svg() == second.svg()


# --- light -----------------------------------------------------------------------------------------------------------

def test_slopes_in_the_shade_are_darker_and_those_in_the_light_lighter_than_flat_land():
    light = np.full((6, 8), 0.7)
    light[:, :2], light[:, 6:] = 0.2, 0.9
    shown = pixels(maps.class_map(np.ones((6, 8), int), GRID, KINDS, AREAS, light))
    dark, flat, bright = (255 * shown[0, column, :3] for column in (0, 240, 479))
    assert_allclose(flat, [0x1f, 0x58, 0x73])
    assert_allclose(dark, flat * 0.88, atol=1)  # 0.12 of the colour is gone; a byte is a whole number
    # 0.2 of 0.5 towards the light, in steps of an eighth: 3/8 of 0.12 of what it lacks to white
    assert_allclose(bright, flat + 3 / 8 * 0.12 * (255 - flat), atol=1)


def test_a_plain_shows_no_mountains():
    light = np.full((6, 8), 0.7)
    light[:, :2] = 0.6999
    shown = pixels(maps.class_map(np.ones((6, 8), int), GRID, KINDS, AREAS, light))
    assert len(np.unique(shown.reshape(-1, 4), axis=0)) == 1


def test_where_the_ground_is_not_known_colours_are_those_of_the_legend():
    for light in (np.full((6, 8), np.nan), np.where(np.arange(8) < 4, np.nan, 0.5) + np.zeros((6, 1))):
        shown = pixels(maps.class_map(CODES, GRID, KINDS, AREAS, light))
        assert np.isfinite(shown).all()
        assert_allclose(255 * shown[0, 0, :3], [0x1f, 0x58, 0x73])


# --- strips, long legends, long names --------------------------------------------------------------------------------

@pytest.mark.parametrize(("height", "width", "told"), [
    (3, 1000, "drawn 30 times as high"), (1000, 3, "drawn 30 times as wide")])
def test_a_strip_is_drawn_as_wide_as_the_eye_needs_and_says_so(height, width, told):
    strip = Grid(GRID.crs, GRID.transform, width, height)
    for drawing in (maps.class_map(np.ones((height, width), int), strip, KINDS, {1: 1.0}),
                    maps.quantity_map(np.ones((height, width)), strip, "x")):
        drawing.svg()  # with warnings as errors: there is room for everything
        axes = drawing.figure.axes[0]
        assert any(told in text.get_text() for text in axes.texts)
        box = axes.get_window_extent()
        # 0.09 of the longer side: 3 by 1000 pixels would be 0.003 of it
        assert min(box.width, box.height) / max(box.width, box.height) == pytest.approx(0.09, abs=0.002)


def test_an_ordinary_map_is_not_stretched():
    assert maps.class_map(CODES, GRID, KINDS, AREAS).figure.axes[0].get_aspect() == 1
    assert not any("drawn" in text for text in texts(drawings("en")[0]))


def boxes(drawing):
    """Where the texts below a map, its arrow and its legend stand, by what they say."""
    drawing.figure.draw_without_rendering()
    axes, found = drawing.figure.axes[0], {}
    for text in axes.texts:
        found[text.get_text() or "arrow"] = (text.arrow_patch or text).get_window_extent()
    return found | {f"legend {place}": one.get_window_extent() for place, one in enumerate(drawing.figure.legends)}


@pytest.mark.parametrize("shape", [(3, 1000), (30, 300), (50, 100), (96, 96), (300, 100), (1000, 3)])
@pytest.mark.parametrize("crs", ["EPSG:32649", 'PROJCS["CGCS2000 / 3-degree Gauss-Kruger CM 108E, of the mine",'
                                 + CRS.from_epsg(4545).to_wkt().partition(",")[2]])
def test_scale_bar_arrow_and_legend_never_overprint(shape, crs):
    grid = Grid(crs, GRID.transform, shape[1], shape[0])
    kinds = {place: (f"a class of land with a long name, number {place}", "#1f5873") for place in range(14)}
    found = boxes(maps.class_map(np.arange(shape[0] * shape[1]).reshape(shape) % 14, grid, kinds,
                                 dict.fromkeys(kinds, 1.0)))
    assert len(found) >= 4
    for (name, one), (other, two) in itertools.combinations(found.items(), 2):
        assert not one.overlaps(two), (name, other)


# --- numbers ---------------------------------------------------------------------------------------------------------

def many(count=900):
    grid = Grid("EPSG:32650", Affine(30.0, 0.0, 0.0, 0.0, -30.0, 0.0), 1000, 1000)
    places = np.random.default_rng(0).uniform(0, 30_000, (count, 2)) * [1, -1]
    marks = {str(number): (float(x), float(y)) for number, (x, y) in enumerate(places, 1)}
    return maps.class_map(np.ones((1000, 1000), int), grid, KINDS, {1: 9e4}, marks=marks, framed=10, caption="zones")


def numbers(drawing):
    drawing.figure.draw_without_rendering()
    return {text.get_text(): text for text in drawing.figure.axes[0].texts if text.get_text().isdecimal()}


def test_of_900_numbers_those_stand_that_overprint_none_before_them():
    drawing = many()
    found = {name: text.get_window_extent() for name, text in numbers(drawing).items()}
    assert "1" in found
    assert 30 < len(found) <= 60
    for one, other in itertools.combinations(found.values(), 2):
        assert not one.overlaps(other)
    inside = drawing.figure.axes[0].get_window_extent()
    assert all(inside.x0 <= one.x0 and one.x1 <= inside.x1 and inside.y0 <= one.y0 and one.y1 <= inside.y1
               for one in found.values())
    assert drawing.caption == f"Zones ({len(found)} of 900 numbers)"


def test_a_number_that_has_no_room_gives_way_to_one_before_it():
    drawing = maps.class_map(CODES, GRID, KINDS, AREAS, marks={
        "7": (500_100.0, 3_999_900.0), "8": (500_101.0, 3_999_900.0), "9": (500_200.0, 3_999_900.0)})
    assert list(numbers(drawing)) == ["7", "9"]


def test_the_first_numbers_stand_in_frames():
    found = numbers(many())
    assert {name for name, text in found.items() if text.get_bbox_patch()} <= set(map(str, range(1, 11)))
    assert found["1"].get_bbox_patch()


def test_the_boundary_is_drawn_where_it_lies_with_its_holes():
    area = shapely.Polygon([(500_030, 3_999_850), (500_210, 3_999_850), (500_210, 3_999_970), (500_030, 3_999_970)],
                           [[(500_060, 3_999_880), (500_090, 3_999_880), (500_090, 3_999_910)]])
    for drawing in (maps.class_map(CODES, GRID, KINDS, AREAS, boundary=[area]),
                    maps.quantity_map(COVER, GRID, "x", boundary=[area])):
        (outline,) = [one for one in drawing.figure.axes[0].patches if hasattr(one, "get_path_effects")
                      and one.get_path_effects()]
        assert outline.get_path().get_extents().bounds == (500_030, 3_999_850, 180, 120)
        assert len(outline.get_path().vertices) == 5 + 4
        assert drawing.figure.axes[0].get_xlim() == (GRID.bounds[0], GRID.bounds[2])


def test_beyond_the_boundary_nothing_is_told_not_even_that_nothing_is_known():
    codes, cover, inside = np.array([[0, 1], [0, -1]]), np.array([[0.2, 0.4], [0.3, np.nan]]), np.ones((2, 2), bool)
    small = Grid("EPSG:32650", Affine(100.0, 0.0, 0.0, 0.0, -100.0, 0.0), 2, 2)
    kinds = {0: ("forest", "#1f5873"), 1: ("bare", "#c8a868")}
    cut = inside & (codes >= 0)
    for told, words in ((inside, "no data 25 %"), (cut, "mean 0.3")):
        drawings = (maps.class_map(codes, small, kinds, {0: 2.0, 1: 1.0}, inside=told),
                    maps.quantity_map(cover, small, "x", inside=told))
        assert drawings[1].alt.endswith(words)
        for drawing in drawings:
            named = [one.get_text() for legend in drawing.figure.legends for one in legend.get_texts()]
            assert ("no data" in named) is (told is inside)
            corner = pixels(drawing)[-1, -1]
            assert corner.tolist() == [1, 1, 1, 1] if told is cut else corner.tolist() != [1, 1, 1, 1]

"""Land within polygons: whole pixels by their centre, and shares of pixels that add up to one."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from rasterio import Affine
from shapely import box

from mineco.geo.grid import Grid
from mineco.geo.shapes.regions import Region, polygon_shares
from mineco.geo.windows import Window, windows

WEST, NORTH, PIXEL, SIDE = 500_000.0, 4_000_000.0, 30.0, 6
GRID = Grid("EPSG:32650", Affine(PIXEL, 0.0, WEST, 0.0, -PIXEL, NORTH), SIDE, SIDE)
WHOLE = Window(0, 0, SIDE, SIDE)


def block(left, top, right, bottom):
    """From column and row to column and row."""
    return box(WEST + left * PIXEL, NORTH - bottom * PIXEL, WEST + right * PIXEL, NORTH - top * PIXEL)


def spread(polygons, window=WHOLE, whole=None):
    """The shares as maps, one for each polygon and the last for none."""
    found = polygon_shares(np.array(polygons), GRID, window, whole)
    maps = np.zeros((len(polygons) + 1, window.height * window.width))
    np.add.at(maps, (found.polygon, found.pixel), found.share)
    return maps.reshape(-1, window.height, window.width)


def tiled(values):
    """What a function of a window gives, put together out of windows of two by four pixels."""
    whole = np.zeros(np.shape(values(WHOLE)))
    for row in range(0, SIDE, 2):
        for column in range(0, SIDE, 4):
            window = Window(row, column, 2, min(4, SIDE - column))
            whole[..., row:row + 2, column:column + 4] = values(window)
    return whole


def test_a_pixel_belongs_to_the_land_that_holds_its_centre_or_has_it_on_its_edge():
    held = Region(GRID, block(0.5, 0.51, 2.49, 2)).holds(WHOLE)
    expected = np.zeros((SIDE, SIDE), dtype=bool)
    expected[1, 0:2] = True  # row 0 has its centres at 0.5 and begins above them; column 2 has its at 2.5
    assert_array_equal(held, expected)


def test_shapes_that_overlap_are_one_land_and_a_hole_is_none():
    ring = shapely.difference(block(0, 0, 6, 6), block(2, 2, 4, 4))
    held = Region(GRID, shapely.union_all([ring, block(0, 0, 3, 3)])).holds(WHOLE)
    assert (~held).sum() == 3  # of the four pixels of the hole one is filled


def test_halves_and_quarters_of_pixels_are_shared_out():
    left, right, none = spread([block(0, 0, 2.5, 1.5), block(2.5, 0, 4, 1)])
    assert_allclose(left[:3, :4], [[1, 1, 0.5, 0], [0.5, 0.5, 0.25, 0], [0, 0, 0, 0]])
    assert_allclose(right[:3, :4], [[0, 0, 0.5, 1], [0, 0, 0, 0], [0, 0, 0, 0]])
    assert_allclose(none[:3, :4], [[0, 0, 0, 0], [0.5, 0.5, 0.75, 1], [1, 1, 1, 1]])


def test_of_a_pixel_on_the_edge_of_the_study_area_only_what_lies_within_is_shared_out():
    land = Region(GRID, block(0, 0, 3.6, 6))  # of column 3 six tenths, with its centre
    first, second, none = spread([block(0, 0, 3.3, 3), block(3.3, 0, 3.6, 3)], whole=land)
    assert_allclose(first[0, :5], [1, 1, 1, 0.5, 0], atol=1e-6)  # 0.3 of 0.6
    assert_allclose(second[0, :5], [0, 0, 0, 0.5, 0], atol=1e-6)
    assert_allclose(none[:, :4], [[0] * 4] * 3 + [[1] * 4] * 3)
    assert not none[:, 4:].any()  # beyond the study area nothing is shared out


def test_a_pixel_of_which_next_to_nothing_lies_within_is_in_no_polygon():
    centre = WEST + 2.5 * PIXEL, NORTH - 2.5 * PIXEL
    needle = shapely.Polygon([centre, (centre[0] - 6, centre[1] + 3e-7), (centre[0] - 6, centre[1] - 3e-7)])
    land = Region(GRID, shapely.MultiPolygon([block(4, 4, 6, 6), needle]))
    assert land.holds(WHOLE)[2, 2]
    *_, none = spread([block(4, 4, 6, 6)], whole=land)
    assert (none[2, 2], none.sum()) == (1, 1)


def test_polygons_that_overlap_by_a_sliver_share_it():
    first, second, none = spread([block(0, 0, 1.6, 1), block(1.5, 0, 2, 1)])
    assert_allclose([first[0, 1], second[0, 1], none[0, 1]], [0.6 / 1.1, 0.5 / 1.1, 0], atol=1e-6)


def test_what_only_touches_the_land_is_no_part_of_it():
    land = Region(GRID, shapely.union_all([block(0, 0, 2, 2), block(3, 2, 5, 3)]))
    beside, across = land.cut(np.array([block(2, 0, 3, 6), block(2, 0, 5, 2.5)]))  # along an edge; and a piece as well
    assert beside.is_empty
    assert across.equals(block(3, 2, 5, 2.5))
    assert spread([beside, across], whole=land)[:2].sum(axis=(1, 2)).tolist() == pytest.approx([0, 1])


cuts = st.lists(st.floats(0.01, 5.99), max_size=4, unique=True).map(lambda one: [0.0, *sorted(one), 6.0])


@given(cuts, cuts)
def test_tiles_leave_nothing_over_and_their_shares_add_up_to_each_pixel(across, along):
    tiles = [block(left, top, right, bottom) for left, right in itertools.pairwise(across)
             for top, bottom in itertools.pairwise(along)]
    *parts, none = spread(tiles)
    assert not none.any()
    assert_allclose(np.sum(parts, axis=0), 1, rtol=1e-12)
    assert_allclose([part.sum() for part in parts], [one.area / PIXEL ** 2 for one in tiles], atol=2e-5)


corners = st.tuples(st.floats(-1, 7), st.floats(-1, 7))


@given(st.lists(corners, min_size=3, max_size=7, unique=True))
def test_windows_say_nothing_else_than_the_whole(given_corners):
    shape = shapely.convex_hull(shapely.MultiPoint([(WEST + x * PIXEL, NORTH - y * PIXEL) for x, y in given_corners]))
    if shape.geom_type != "Polygon":
        return
    land = Region(GRID, shape)
    assert_array_equal(tiled(land.holds), land.holds(WHOLE))
    assert_allclose(tiled(lambda window: spread([shape], window)), spread([shape]), atol=1e-6)


@pytest.mark.parametrize("halves", [0.5, 1.5, 2.5])
def test_an_edge_through_centres_is_the_same_in_every_window(halves):
    grid = Grid("EPSG:32650", Affine(0.1, 0.0, 500_000.3, 0.0, -0.1, 4_000_000.7), 700, 30)
    edge = grid.transform.c + (halves + 600) * 0.1
    land = Region(grid, box(grid.transform.c, grid.transform.f - 3, edge, grid.transform.f))
    whole = land.holds(Window(0, 0, 30, 700))
    for window in windows(30, 700, 4_000, 4):
        here = np.s_[window.row:window.row + window.height, window.column:window.column + window.width]
        assert_array_equal(land.holds(window), whole[here])

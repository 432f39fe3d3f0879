"""Slope against InVEST's raster, soil loss by hand, transitions against a published table."""

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_allclose, assert_array_equal

from mineco.restoration.maps.terrain import (
    cover_factor,
    hillshade,
    length_factor,
    slope_degrees,
    slope_halo,
    slope_length,
    slope_tangent,
    soil_loss,
    soil_loss_index,
    steepness_factor,
)
from mineco.restoration.maps.transition import class_changes, transition_areas, transition_counts
from tests.helpers.by_hand import averaged, longest_way
from tests.helpers.geo import real


def test_slope_is_that_of_a_plane_in_any_direction():
    rows, columns = np.mgrid[0:6, 0:7]
    plane = 100 + 0.3 * 20 * columns - 0.4 * 10 * rows  # 0.3 across pixels of 20 m, 0.4 along pixels of 10 m
    assert_allclose(slope_tangent(plane, 20, 10), 0.5, rtol=1e-12)  # 3, 4, 5
    assert slope_degrees(0.5) == pytest.approx(26.565051, abs=1e-6)


def test_a_missing_pixel_has_no_slope_and_takes_it_from_its_neighbours():
    ground = np.zeros((7, 7))
    ground[3, 3] = np.nan
    assert_array_equal(np.isnan(slope_tangent(ground, 30, 30)), np.pad(np.ones((3, 3), dtype=bool), 1))


def test_light_on_a_plane_by_hand_and_as_matplotlib_has_it():
    from matplotlib.colors import LightSource

    rows, columns = np.mgrid[0:6, 0:7]
    # light comes from the north-west at 45°: (-1/2, 1/2, sqrt(1/2)) to the east, to the north and up
    for east, south, by_hand in [
            (0.0, 0.0, np.sqrt(0.5)),
            (0.3, 0.4, (np.sqrt(0.5) + 0.35) / np.sqrt(1.25)),  # rises to the south-east: faces the light
            (-0.3, -0.4, (np.sqrt(0.5) - 0.35) / np.sqrt(1.25)),
            (np.sqrt(0.5), np.sqrt(0.5), 1.0),  # 45° straight towards it
            (-1.0, -1.0, 0.0)]:  # steeper than the light is high: in shadow
        plane = 100 + east * 20 * columns + south * 10 * rows
        found = hillshade(plane, 20, 10)
        assert_allclose(found, by_hand, atol=1e-12)
        assert_allclose(found, LightSource(315, 45).hillshade(plane, dx=20, dy=10)[1:-1, 1:-1], atol=1e-6)


def test_no_light_is_told_where_the_ground_is_not_known():
    ground = np.zeros((7, 7))
    ground[3, 3] = np.nan
    assert_array_equal(np.isnan(hillshade(ground, 30, 30)), np.pad(np.ones((3, 3), dtype=bool), 1))


def test_horn_slope_reproduces_the_raster_that_invest_expects():
    folder = real("invest_slope_regression")
    with rasterio.open(folder / "raster_dem.tif") as dem, rasterio.open(folder / "raster_slope.tif") as slope:
        ground, wanted = dem.read(1).astype(np.float64), slope.read(1)
    found = 100 * slope_tangent(ground, 30, 30)
    # the expected raster is one row short and has another rule for its last one
    assert_allclose(found[:97], wanted[1:98, 1:-1], rtol=0, atol=1e-6)


def test_steepness_and_length_by_hand():
    # 5 %: sine 0.05 / sqrt(1.0025) = 0.0499376; 10.8 · 0.0499376 + 0.03 = 0.569326
    assert float(steepness_factor(0.05)) == pytest.approx(0.569326, abs=1e-6)
    # 30 %: sine 0.3 / sqrt(1.09) = 0.2873479; 16.8 · 0.2873479 - 0.5 = 4.327445
    assert float(steepness_factor(0.3)) == pytest.approx(4.327445, abs=1e-6)
    # both sides of 9 %: sine 0.0896377 gives 10.8 · sine + 0.03 = 0.998087 and 16.8 · sine - 0.5 = 1.005914
    assert_allclose(steepness_factor(np.array([0.09 - 1e-9, 0.09])), [0.998087, 1.005914], atol=1e-6)
    # sine 0.0896 (slope 8.996 %): β = 1 / (3 · 0.0896^0.8 + 0.56) = 1 / (3 · 0.145160 + 0.56) = 1.004541;
    # m = β / (1 + β) = 0.501133; (4 · 22.13 / 22.13)^m = 4^0.501133 = 2.003143
    tangent = np.tan(np.arcsin(0.0896))
    assert float(length_factor(4 * 22.13, tangent)) == pytest.approx(2.003143, abs=3e-6)


# --- slope length -----------------------------------------------------------------------------------------------------

def test_on_a_plane_a_slope_is_as_long_as_the_way_from_its_upper_edge_until_it_is_cut():
    # 40 rows of 10 m that fall to the south; of the first two rows no way is known, and row 2 begins with half a pixel
    plane = np.repeat(np.arange(40.0, 0.0, -1.0)[:, np.newaxis], 30, axis=1)
    halo = slope_halo(60.0, 10.0, 10.0)
    assert halo == 8
    found = slope_length(plane, 10.0, 10.0, 60.0)
    assert found.shape == (40 - 16, 30 - 16)
    assert_allclose(found, 60)  # the halo holds the whole way of every pixel
    short = slope_length(np.pad(plane, ((6, 0), (0, 0)), constant_values=np.nan), 10.0, 10.0, 60.0)
    # with six rows of nothing above, the first row shown is row 2 of the plane
    assert_allclose(short[:, 0], np.minimum(5 + 10.0 * np.arange(short.shape[0]), 60))


def test_across_a_corner_a_way_is_the_diagonal_of_a_pixel():
    rows, columns = np.mgrid[0:24, 0:24]
    ground = np.where((rows < 8) | (columns < 8), np.nan, -(rows + columns) * 30.0)
    found = slope_length(ground, 30.0, 40.0, 160.0)
    halo = slope_halo(160.0, 30.0, 40.0)
    # half of a pixel, (30 + 40) / 4 = 17.5, where the first way begins, and 50 for each step; cut at 160 after three
    first = 10 - halo  # rows and columns 8 and 9 lose a neighbour or its average
    assert_allclose(np.diagonal(found)[first:first + 4], [17.5, 67.5, 117.5, 160])


@pytest.mark.parametrize("seed", range(3))
def test_slope_length_is_that_of_one_pixel_after_the_other_on_rough_ground(seed):
    generator = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:60, 0:50]
    ground = 40 * np.sin(rows / 9) + 30 * np.cos(columns / 7) + generator.normal(0, 2, rows.shape)
    ground[25:27, 20:30] = np.nan
    halo = slope_halo(200.0, 25.0, 20.0)
    wanted = longest_way(averaged(ground), 25.0, 20.0, 200.0)[halo:-halo, halo:-halo]
    assert_allclose(slope_length(ground, 25.0, 20.0, 200.0), wanted, rtol=1e-12)
    assert wanted.max() > 100


def test_slope_length_of_a_part_is_that_of_the_whole_since_the_halo_is_as_wide_as_the_cut():
    folder = real("willamette_dem_erosion")
    with rasterio.open(folder / "dem.tif") as file:
        ground = np.where(file.read_masks(1) > 0, file.read(1).astype(np.float64), np.nan)
        size = abs(file.transform.a), abs(file.transform.e)
    whole = slope_length(ground, *size, 305.0)
    halo = slope_halo(305.0, *size)
    part = slope_length(ground[40:140, 60:150], *size, 305.0)
    assert_array_equal(part, whole[40:140 - 2 * halo, 60:150 - 2 * halo])  # the whole begins a halo inside its file
    known = ~np.isnan(ground[halo:-halo, halo:-halo])
    assert 305 == whole.max() > np.median(whole[known]) > 2 * min(size)  # whole metres dam no way


def test_tonnes_at_100_m_are_1_8_to_2_7_times_those_of_a_standard_plot():
    # at 100 m: (100 / 22.13)^m = 4.5188^m; β of sine 0.0499376 = 0.557339 / (3 · 0.090928 + 0.56) = 0.669, m = 0.4009
    # and 4.5188^0.4009 = 1.831; β of sine 0.2873479 = 3.207008 / (3 · 0.368692 + 0.56) = 1.924, m = 0.6581 and 2.698
    assert_allclose(length_factor(100.0, np.array([0.05, 0.3])), [1.831, 2.698], atol=2e-3)


def test_level_ground_has_the_length_factor_1_at_any_length():
    assert float(length_factor(200.0, 0.0)) == 1


def test_cover_factor_falls_from_1_to_0_and_keeps_what_is_missing():
    # 20 %: 0.6508 - 0.3436 · log10(20) = 0.6508 - 0.3436 · 1.30103 = 0.203766
    found = cover_factor(np.array([0, 0.0009, 0.2, 0.783, 0.7831, 1, np.nan]))
    assert_allclose(found, [1, 1, 0.203766, 0.0001, 0, 0, np.nan], atol=1e-4)


def test_soil_loss_is_the_product_and_the_index_leaves_rain_and_soil_out():
    # 3000 · 0.03 · 2.5 · 0.2 · 0.5 = 22.5 t/(ha yr); 2.5 · 0.2 · 0.5 = 0.25
    assert soil_loss(3000.0, 0.03, 2.5, 0.2, 0.5) == pytest.approx(22.5)
    assert soil_loss_index(2.5, 0.2, 0.5) == pytest.approx(0.25)
    assert np.isnan(soil_loss(3000.0, np.nan, 2.5, 0.2, 0.5))


PLUM_ISLAND = {  # README of lulcc: crossTabulate(obs, times=c(0, 6)); the second by an independent count
    1991: [[46672, 1926, 415], [0, 37085, 37], [359, 1339, 25730]],
    1999: [[44107, 4250, 656], [11, 36957, 154], [1259, 2248, 23921]],
}


@pytest.mark.parametrize("year", PLUM_ISLAND)
def test_transitions_at_plum_island_are_the_published_ones(year):
    folder = real("plum_island_lulc")
    maps = []
    for one in (1985, year):
        with rasterio.open(folder / f"lulc_{one}.tif") as file:
            maps.append(file.read(1))
    counts = transition_counts(*maps, [1, 2, 3])
    assert_array_equal(counts[:3, :3], PLUM_ISLAND[year])
    assert counts[:3, :3].sum() == 113_563
    assert counts.sum() == 434 * 497
    halves = [transition_counts(*(one[part] for one in maps), [1, 2, 3]) for part in (slice(200), slice(200, None))]
    assert_array_equal(sum(halves), counts)


def test_areas_and_balance_of_classes_by_hand():
    # pixels of 0.25 ha; class 1 keeps 4, gains 1, loses 2; class 5 keeps 3, gains 2, loses 1
    before, after = [1] * 6 + [5] * 4 + [9], [1] * 4 + [5] * 2 + [5] * 3 + [1] + [1]
    areas = transition_areas(transition_counts(before, after, [1, 5]), 0.25)
    assert areas.tolist() == [[1.0, 0.5], [0.25, 0.75]]
    assert [one.tolist() for one in class_changes(areas)] == [[1, 0.75], [0.25, 0.5], [0.5, 0.25], [-0.25, 0.25]]


def test_a_pixel_of_no_class_is_counted_beside_them():
    assert transition_counts([-1, 1, 0, 9], [1, -1, 1, 1], [1, 2]).tolist() == [[0, 0, 1], [0, 0, 0], [3, 0, 0]]


def test_classes_of_a_transition_may_stand_in_any_order():
    assert transition_counts([1, 2, 9], [2, 2, 1], [2, 1]).tolist() == [[1, 0, 0], [1, 0, 0], [0, 1, 0]]

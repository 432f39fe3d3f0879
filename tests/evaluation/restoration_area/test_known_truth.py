"""Maps as people have them, with towns, clouds and cropped covers, of which the land to restore is known."""


import numpy as np
import pytest
import rasterio

from mineco.evaluation.restoration_area import evaluate as area
from tests import example_area as example
from tests.helpers import by_hand
from tests.helpers.land import FOLDER, rewritten, whole

LAND = example.truth()
HIDDEN = -32768  # of NDVI


def _put(bands, place, value):
    bands[place] = value
    return bands


def zones(folder):
    """Where the zones of a dossier are, and the evaluation."""
    found = area.evaluate(area.open_case(folder))
    return whole(found.identified.maps, "zone") > 0, found


def missed_and_false(chosen, restore=LAND.restore, where=np.s_[:]):
    """Shares of the land to restore that no zone holds, and of the zones that are none."""
    restore, chosen = restore[where], chosen[where]
    return (restore & ~chosen).sum() / restore.sum(), (chosen & ~restore).sum() / max(chosen.sum(), 1)


def test_the_example_itself():
    missed, false = missed_and_false(zones(FOLDER)[0])
    assert missed == pytest.approx(14 / 1376)  # 38 of 1,376 while falling vegetation had no zero
    assert false == 0


def test_a_bare_town_on_steep_ground_is_no_zone_and_hides_no_other(copy):
    town = np.s_[54:90, 4:36]  # in the forest, on which the images show bare ground from 2019 on
    rewritten(copy / "rasters" / "cover_end.tif", lambda bands: _put(bands, (..., *town), 7))
    rewritten(copy / "rasters" / "ndvi.tif", lambda bands: _put(bands, (slice(6, None), *town), 110))
    restore = LAND.restore.copy()
    restore[town] = False
    missed, false = missed_and_false(zones(copy)[0], restore)
    assert missed <= 0.02
    assert false == 0


@pytest.mark.parametrize(("share", "most"), [(0.1, 0.02), (0.3, 0.07)])  # fewer years, fewer trends that count
def test_clouds_over_a_share_of_the_observations(copy, share, most):
    hidden = np.random.default_rng(4).random(LAND.ndvi.shape) < share
    rewritten(copy / "rasters" / "ndvi.tif", lambda bands: _put(bands, hidden, HIDDEN))
    chosen, found = zones(copy)
    known = whole(found.identified.maps, "class") != 255  # eight years and more are seen
    missed, false = missed_and_false(chosen, where=known)
    assert missed <= most
    assert false <= 0.005
    assert found.identified.unknown_ha == pytest.approx((~known).sum() * example.HA)


def test_a_cropped_cover_changes_nothing_on_the_land_that_it_leaves(copy):
    before, _ = zones(FOLDER)
    rewritten(copy / "rasters" / "cover_end.tif", lambda bands: _put(bands, (..., slice(None), slice(72, None)), 255))
    after, found = zones(copy)
    left = np.s_[:, :72]
    assert (after[left] == before[left]).all()
    assert not after[:, 72:].any()
    # the change of carbon is that of the left land: of 24 by 24 pixels of sand those in columns 66 to 71 remain
    truth = example.HA * sum(
        float(found.data.pools.mean[found.data.pools.classes.index(code)].sum())
        * int((LAND.end[left] == code).sum() - (LAND.start[left] == code).sum()) for code in example.NAMES)
    assert found.carbon.mapped_change == pytest.approx(truth, rel=0.25)  # maps have 3 % of their pixels wrong
    assert found.carbon.change.low <= truth <= found.carbon.change.high


def test_images_of_noise_alone_make_no_land_fall(copy):
    noise = np.random.default_rng(5).normal(0.5, 0.05, LAND.ndvi.shape)
    rewritten(copy / "rasters" / "ndvi.tif", lambda bands: np.rint(noise * 1000))
    found = area.evaluate(area.open_case(copy))
    assert found.identified.trends.falling_share < 1e-3
    assert (whole(found.identified.maps, "falling") == 0).mean() > 0.999


def test_land_without_a_slope_is_evaluated_like_any_other(copy):
    rewritten(copy / "rasters" / "elevation.tif", lambda bands: np.full_like(bands, 11000))
    chosen, found = zones(copy)
    assert found.identified.factors["D4"].highest == 0
    assert found.identified.factors["D5"].highest == pytest.approx(1500 * 0.04 * 0.03)  # S of level ground is 0.03
    sand_and_new_pit = LAND.restore & (LAND.start != LAND.end)
    missed, false = missed_and_false(chosen, sand_and_new_pit)
    assert missed <= 0.02
    assert false <= 0.02


def test_soil_loss_of_the_example_is_that_by_hand_with_the_length_of_its_slopes():
    found = area.evaluate(area.open_case(FOLDER))
    slope, loss = by_hand.bare_ground()
    bare = (whole(found.identified.maps, "cover") == 0) & ~np.isnan(loss)
    assert bare.sum() > 400
    assert whole(found.identified.maps, "soil_loss")[bare] == pytest.approx(loss[bare], rel=1e-9)
    plot = 1500 * 0.04 * (16.8 * np.sin(np.radians(slope)) - 0.5)  # with the length of a standard plot, as it was
    steep = bare & (slope > 10)
    assert np.median(loss[steep] / plot[steep]) > 2


def test_pixels_larger_than_any_slope_leave_an_index_and_no_tonnes(copy):
    coarse = example.Affine(400.0, 0.0, 600_000.0, 0.0, -400.0, 4_050_000.0)
    for path in (copy / "rasters").glob("*.tif"):
        with rasterio.open(path, "r+") as file:
            file.transform = coarse
    (copy / "rasters" / "points.csv").unlink()  # which would stand in the same pixels
    case = area.open_case(copy)
    rules, data = area.read_land(case)
    measured = area.measure(case, data, rules, area.ThreadWorkers(1))
    assert measured.relative_loss
    assert measured.factors["D5"].degraded == 1.0

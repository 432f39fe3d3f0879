"""Change, stocks and verdicts over the land whose class is known on both dates (reading T14)."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import rasterio

from mineco.core.errors import BadInput
from mineco.evaluation.record.results import results_document
from mineco.evaluation.restoration_area import evaluate as area
from tests.helpers.land import FOLDER, rewritten

NO_DATA = 255


def without_a_corner(bands):
    """40 pixels of each of the first three rows."""
    bands[:, :3, :40] = NO_DATA
    return bands


@pytest.fixture(scope="module")
def cropped(tmp_path_factory):
    """The example, of whose cover at the end 120 pixels are not known."""
    folder = shutil.copytree(FOLDER, tmp_path_factory.mktemp("cropped") / "dossier")
    rewritten(folder / "rasters" / "cover_end.tif", without_a_corner)
    return area.check(folder)


def cover(name):
    with rasterio.open(FOLDER / "rasters" / f"{name}.tif") as file:
        return file.read(1)


def test_the_change_is_over_the_pixels_known_on_both_dates(cropped):
    # carbon of a pixel is the sum of its class's pools times 0.09 ha; of 9,216 pixels 120 are left out on both dates
    density = dict(zip(cropped.data.codes, cropped.data.pools.mean.sum(axis=1), strict=True))
    carbon = np.vectorize(density.get, otypes=[float])
    start, end = cover("cover_start"), without_a_corner(cover("cover_end")[np.newaxis])[0]
    both = (start != NO_DATA) & (end != NO_DATA)
    assert both.sum() == 96 * 96 - 120
    stocks = [0.09 * carbon(one[both]).sum() for one in (start, end)]
    assert cropped.carbon.mapped == pytest.approx(stocks, rel=1e-12)
    assert stocks[1] - stocks[0] == pytest.approx(1818, abs=1)  # 1,832 with those pixels, 484 with them on one date
    assert cropped.carbon.by_transition.sum() == pytest.approx(stocks[1] - stocks[0], rel=1e-9)


def test_a_crop_far_from_any_change_turns_no_verdict(cropped):
    whole = area.check(FOLDER)
    assert float(cropped.carbon.change.value) == pytest.approx(float(whole.carbon.change.value), rel=0.05)
    assert {name: one["met"] for name, one in cropped.told()["verdicts"].items()} == {
        name: one["met"] for name, one in whole.told()["verdicts"].items()}


def test_land_known_on_one_date_alone_is_told_in_hectares(cropped):
    assert cropped.told()["transitions_ha"]["one_date_ha"] == pytest.approx([120 * 0.09, 0])
    told = {one.message: one for one in cropped.notices}["land_of_one_date"]
    assert told.details["start"] == "10.8"
    assert "land_of_one_date" not in {one.message for one in area.check(FOLDER).notices}


def test_sums_that_do_not_agree_are_not_recorded(cropped):
    spoilt = replace(cropped, carbon=replace(cropped.carbon, by_transition=cropped.carbon.by_transition + 1))
    with pytest.raises(BadInput) as refused:
        results_document(spoilt)
    (problem,) = refused.value.problems
    assert (problem.message, problem.value) == ("check_failed", "check_transition_carbon")

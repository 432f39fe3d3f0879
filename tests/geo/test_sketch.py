"""The sketch of a boundary, tested by what it draws."""

import math

import pytest

from mineco.core.labels import label
from mineco.geo.sketch import METRES_PER_DEGREE, boundary_sketch

pytestmark = pytest.mark.usefixtures("english")
CORNERS = [(116.5, 26.0), (116.54, 26.0), (116.54, 26.03), (116.5, 26.03)]


def axes_of(*given):
    return boundary_sketch(*given).figure.axes[0]


def test_the_corners_are_drawn_where_they_lie_and_places_are_named():
    axes = axes_of(CORNERS, {"N1": (116.51, 26.01)})
    (land,) = axes.patches
    assert land.get_xy()[:-1].tolist() == [list(corner) for corner in CORNERS]
    assert [list(line.get_xydata()[0]) for line in axes.lines if len(line.get_xydata()) == 1] == [[116.51, 26.01]]
    assert {"N1", label("north")} <= {text.get_text() for text in axes.texts}


def test_the_scale_bar_is_as_long_as_it_says_and_degrees_of_longitude_are_shortened():
    # 0.04 degrees of longitude are 0.04 x 111.195 km x cos 26.015 = 3.997 km; below three tenths 1 km is round
    axes = axes_of(CORNERS, {})
    assert "1 km" in {text.get_text() for text in axes.texts}
    (bar,) = [line.get_xdata() for line in axes.lines if len(line.get_xdata()) == 2]
    assert (bar[1] - bar[0]) * METRES_PER_DEGREE * math.cos(math.radians(26.015)) == pytest.approx(1000)
    assert axes.get_aspect() == pytest.approx(1 / math.cos(math.radians(26.015)))


@pytest.mark.parametrize("corners", [
    [(10.0, 90.0), (20.0, 90.0), (30.0, 90.0)], [(5.0, 1.0), (5.0, 2.0), (5.0, 3.0)], [(1.0, 1.0)] * 3])
def test_corners_that_enclose_nothing_are_drawn_all_the_same(corners):
    assert boundary_sketch(corners, {}).svg()

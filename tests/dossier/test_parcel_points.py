"""Where parcels lie: inside the boundary that the mine draws, on its edge, or outside, held to another method."""

from dataclasses import replace

import pytest
from shapely.geometry import Point, Polygon

from mineco.core.errors import Problems
from mineco.dossier.checks.parcel_points import check_parcel_points, point_in_polygon
from tests.helpers import mines

ANGLE = [(0.0, 0.0), (4.0, 0.0), (4.0, 1.0), (1.0, 1.0), (1.0, 4.0), (0.0, 4.0)]  # the letter L
STAR = [(0.0, 0.0), (2.0, 1.0), (4.0, 0.0), (3.0, 2.0), (4.0, 4.0), (2.0, 3.0), (0.0, 4.0), (1.0, 2.0)]


@pytest.mark.parametrize("corners", [ANGLE, STAR, ANGLE[::-1]])
def test_points_on_a_lattice_lie_where_shapely_says(corners):
    whole, halves = Polygon(corners), [half / 2 for half in range(-1, 10)]
    expected = {(x, y): whole.covers(Point(x, y)) for x in halves for y in halves}
    assert {point: point_in_polygon(point, corners) for point in expected} == expected
    assert set(expected.values()) == {True, False}


def outside(corners, point):
    """What is noted of the quarry's parcel."""
    case, problems = mines.example(), Problems()
    boundary = case.dossier.mine.boundary.model_copy(update={"geometry": corners})
    parcels = [replace(row, point=point) for row in case.dossier.parcels]
    check_parcel_points(case.dossier.mine.model_copy(update={"boundary": boundary}), parcels, problems)
    return [(one.message, one.file, one.row, one.column, one.value, one.details["parcel"]) for one in problems]


def test_a_parcel_outside_the_boundary_is_noted_with_its_row_and_place():
    assert outside(ANGLE, (2.0, 3.5)) == [("parcel_outside_mine", "restoration.csv", 2, "lon, lat", "2, 3.5", "Q1")]


def test_a_parcel_inside_or_without_a_point_and_a_mine_without_corners_are_let_through():
    for corners, point in ((ANGLE, (3.5, 0.5)), (ANGLE, (0.5, 3.5)), (ANGLE, None), ([], (2.0, 3.5))):
        assert outside(corners, point) == []

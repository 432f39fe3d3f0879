"""Where parcels lie: inside the boundary that the mine draws, on its edge, or outside."""

from dataclasses import replace

from mineco.dossier.checks.wholes import outside_boundary
from tests.helpers import mines

ANGLE = [(0.0, 0.0), (4.0, 0.0), (4.0, 1.0), (1.0, 1.0), (1.0, 4.0), (0.0, 4.0)]  # the letter L
BAY = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0)]


def outside(corners, point):
    """What is noted of the quarry's parcel."""
    case = mines.example()
    boundary = case.dossier.mine.boundary.model_copy(update={"geometry": corners})
    parcels = [replace(row, point=point) for row in case.dossier.parcels]
    found = outside_boundary(case.dossier.mine.model_copy(update={"boundary": boundary}), parcels)
    return [(one.message, one.file, one.row, one.column, one.value, one.details["parcel"]) for one in found]


def test_a_parcel_outside_the_boundary_is_noted_with_its_row_and_place():
    assert outside(ANGLE, (2.0, 3.5)) == [("parcel_outside_mine", "restoration.csv", 2, "lon, lat", "2, 3.5", "Q1")]


def test_a_parcel_inside_or_without_a_point_and_a_mine_without_corners_are_let_through():
    for corners, point in ((ANGLE, (3.5, 0.5)), (ANGLE, (0.5, 3.5)), (ANGLE, None), ([], (2.0, 3.5))):
        assert outside(corners, point) == []


def test_a_bay_of_the_boundary_is_outside_and_its_edge_is_not():
    assert outside(BAY, (2.0, 3.0))
    assert outside(BAY, (0.5, 2.0)) == outside(BAY, (2.0, 1.0)) == []

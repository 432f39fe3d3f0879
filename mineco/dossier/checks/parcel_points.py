"""Where the parcels of a dossier lie: inside the boundary that mine.yaml draws, where both are given."""

from collections.abc import Sequence

from mineco.core.errors import Problems
from mineco.dossier.mine import Mine
from mineco.dossier.rows import ParcelRow

Point = tuple[float, float]


def check_parcel_points(mine: Mine, parcels: Sequence[ParcelRow], problems: Problems) -> None:
    """Note every parcel whose point lies outside the mine's boundary; a point on its edge lies inside."""
    corners = mine.boundary.geometry
    for row in parcels:
        if corners and row.point and not point_in_polygon(row.point, corners):
            problems.add("parcel_outside_mine", file="restoration.csv", row=row.line, column="lon, lat",
                         value=f"{row.point[0]:g}, {row.point[1]:g}", parcel=row.id)


def point_in_polygon(point: Point, corners: Sequence[Point]) -> bool:
    """Whether a point lies inside a polygon or on its edge, in degrees as if they were plane.

    Parameters
    ----------
    point : (float, float)
        Longitude, latitude. [deg]
    corners : sequence of (float, float)
        In order; the last one is joined to the first.

    >>> square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    >>> point_in_polygon((1.0, 1.0), square), point_in_polygon((2.0, 1.0), square), point_in_polygon((3.0, 1.0), square)
    (True, True, False)
    """
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        across = (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)
        if across == 0 and min(x1, x2) <= point[0] <= max(x1, x2) and min(y1, y2) <= point[1] <= max(y1, y2):
            return True
        if (y1 > point[1]) != (y2 > point[1]) and point[0] < x1 + (point[1] - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside

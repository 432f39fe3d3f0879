"""Points come onto the grid; maps and zones are written whole, twice the same."""

import math

import geopandas
import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_equal
from rasterio import Affine
from rasterio.warp import transform
from shapely import box

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.geo.grid import Grid
from mineco.geo.vectors import read_points
from mineco.geo.windows import windows
from mineco.geo.writing import write_raster, write_vectors
from tests.helpers.geo import CORNER

WEST, NORTH = CORNER
GRID = Grid("EPSG:32650", Affine(30.0, 0.0, WEST, 0.0, -30.0, NORTH), 400, 300)
RNG = np.random.default_rng(20240503)


def refused(function, *given):
    with pytest.raises(BadInput) as caught:
        function(*given)
    for problem in caught.value.problems:
        assert problem_text(problem, "zh") != problem_text(problem, "en")
    return [(problem.message, problem.row, problem.value) for problem in caught.value.problems]


def parcel(left=60, low=90, right=120, high=150):
    return box(WEST + left, NORTH - high, WEST + right, NORTH - low)


def points_file(path, rows):
    path.write_text("\n".join(["id,x,y,class", *rows]) + "\n", "utf-8")
    return path


def test_points_in_degrees_find_their_pixel(tmp_path):
    # the middles of the pixels in row 4, column 7 and in row 299, column 0; and one to the west of the grid
    places = [WEST + 225, WEST + 15, WEST - 15], [NORTH - 135, NORTH - 8985, NORTH - 9]
    xs, ys = transform(GRID.crs, "EPSG:4326", *places)
    rows = [f"p{number},{x},{y},{number}" for number, (x, y) in enumerate(zip(xs, ys, strict=True))]
    found = read_points(points_file(tmp_path / "points.csv", rows), GRID, "EPSG:4326", ("class",))
    assert found.rows.tolist() == [4, 299, -1]
    assert found.columns.tolist() == [7, 0, -1]
    assert [cells["class"] for cells in found.cells] == ["0", "1", "2"]
    assert found.reprojected
    assert not read_points(points_file(tmp_path / "points.csv", [f"a,{WEST + 1},{NORTH - 1},3"]), GRID, GRID.crs,
                           ("class",)).reprojected


def test_wrong_points_are_named_by_line(tmp_path):
    path = points_file(tmp_path / "points.csv", ["a,500010,x,1", "a,500010,3999990,1"])
    assert refused(read_points, path, GRID, GRID.crs, ("class",)) == [
        ("not_a_number", 2, "x"), ("vectors_named_twice", 3, "a")]
    assert refused(read_points, path, GRID, "EPSG:1", ("class",))[0][0] == "crs_unknown"
    swapped = points_file(tmp_path / "swapped.csv", ["a,36.1,117.0,1"])  # latitude first
    assert refused(read_points, swapped, GRID, "EPSG:4326", ("class",))[0][0] == "vectors_apart"
    assert refused(read_points, points_file(tmp_path / "none.csv", []), GRID, GRID.crs, ("class",))[0][0] == \
        "vectors_empty"


def test_a_map_written_in_blocks_is_cloud_optimised_and_the_same_each_time(tmp_path):
    values = RNG.random((2, 300, 400)).astype("float32")
    parts = windows(300, 400, memory=256 * 256 * 8, bytes_per_pixel=8)

    def blocks():
        for one in parts[:-1]:
            yield one, values[:, one.row:one.row + one.height, one.column:one.column + one.width]
    for name in ("one.tif", "two.tif"):
        write_raster(tmp_path / name, GRID, blocks(), "continuous", "float32", math.nan, ["slope", "p"])
    assert (tmp_path / "one.tif").read_bytes() == (tmp_path / "two.tif").read_bytes()
    with rasterio.open(tmp_path / "one.tif") as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert (Grid.from_dataset(file), file.descriptions, file.overviews(1)) == (GRID, ("slope", "p"), [2])
        found = file.read()
    last = parts[-1]
    assert np.isnan(found[:, last.row:, last.column:]).all()  # no block came for it
    found[:, last.row:, last.column:] = values[:, last.row:, last.column:]
    assert_array_equal(found, values)


def test_a_map_that_fails_halfway_leaves_nothing_behind(tmp_path):
    def blocks():
        yield windows(300, 400, 10**9, 8)[0], np.zeros((300, 400))
        raise RuntimeError("lost")
    with pytest.raises(RuntimeError):
        write_raster(tmp_path / "map.tif", GRID, blocks(), "classes", "uint8", 255, ["class"])
    assert list(tmp_path.iterdir()) == []


def test_zones_are_written_the_same_each_time(tmp_path):
    frame = geopandas.GeoDataFrame({"id": ["a", "b"], "area_ha": [0.36, 1.5]}, geometry=[parcel(), parcel(0, 0, 9, 9)],
                                   crs=GRID.crs)
    for name in ("one.gpkg", "two.gpkg"):
        write_vectors(tmp_path / name, {"zones": frame})
    assert (tmp_path / "one.gpkg").read_bytes() == (tmp_path / "two.gpkg").read_bytes()
    again = geopandas.read_file(tmp_path / "one.gpkg", layer="zones")
    assert again["area_ha"].tolist() == [0.36, 1.5]
    assert again.crs == GRID.crs
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.gpkg", "two.gpkg"]

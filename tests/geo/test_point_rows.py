"""Points come back as QGIS, Google Earth and Excel leave them, or are refused with their place."""

import geopandas
import pandas as pd
import pytest
from rasterio import Affine
from shapely import Point, box

from mineco.geo.grid import Grid
from mineco.geo.vectors import read_points
from tests.helpers.refusals import refused_with, told_in_both

GRID = Grid("EPSG:32649", Affine(30.0, 0.0, 600_000.0, 0.0, -30.0, 4_050_000.0), 96, 96)
COLUMNS = ("use", "restore"), ("cover_end", "stratum")
FIRST, SECOND = Point(600_015.0, 4_049_985.0), Point(600_105.0, 4_049_985.0)  # middles of two pixels of the first row
KML = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
# longitude and latitude of the first of them, by GDAL
PLACE = "<Point><coordinates>{:.9f},{:.9f},0</coordinates></Point>".format(
    *geopandas.GeoSeries([FIRST], crs=GRID.crs).to_crs("EPSG:4326").iloc[0].coords[0])


def read(path):
    return read_points(path, GRID, GRID.crs, *COLUMNS)


def package(path, shapes=(FIRST, SECOND), layer="points", crs=GRID.crs, **columns):
    given = {"id": ["P1", "P2"], "use": ["test"] * 2, "restore": ["yes", None]} | columns
    geopandas.GeoDataFrame(given, geometry=list(shapes), crs=crs).to_file(path, layer=layer)
    return path


def placemarks(path, *marks):
    path.write_text(KML.format("".join(marks)), encoding="utf-8")
    return path


def mark(name="P1", description="", data="", place=PLACE):
    return f"<Placemark><name>{name}</name><description>{description}</description>{data}{place}</Placemark>"


# --- GeoPackage ---------------------------------------------------------------------------------------------------

def test_a_geopackage_is_read_as_qgis_leaves_it(tmp_path):
    # whole numbers of 64 bits with NULL, a number with a point, and columns that nobody asked for
    found = read(package(tmp_path / "points.gpkg", cover_end=pd.array([4, None], dtype="Int64"), stratum=[3.0, 12.0],
                         layer_style=["a", "b"]))
    assert [list(row.values()) for row in found.cells] == [
        ["P1", "600015.0", "4049985.0", "test", "yes", "4", "3"], ["P2", "600105.0", "4049985.0", "test", "", "", "12"]]
    assert list(found.cells[0]) == ["id", "x", "y", "use", "restore", "cover_end", "stratum"]
    assert (found.rows.tolist(), found.columns.tolist()) == ([0, 0], [0, 3])
    assert [row.line for row in found.cells] == [1, 2]


def test_a_geopackage_in_degrees_stands_on_the_same_pixels(tmp_path):
    shapes = geopandas.GeoSeries([FIRST, SECOND], crs=GRID.crs).to_crs("EPSG:4326")
    found = read(package(tmp_path / "points.gpkg", shapes, crs="EPSG:4326"))
    assert found.columns.tolist() == [0, 3]


def test_a_point_that_was_moved_while_it_was_judged_is_refused(tmp_path):
    path = package(tmp_path / "points.gpkg", x=[600_015.0, 600_115.0], y=[4_049_985.0] * 2)  # still in its pixel
    assert read(path).columns.tolist() == [0, 3]
    moved = package(tmp_path / "moved.gpkg", x=[600_015.0, 600_135.0], y=[4_049_985.0] * 2)
    with refused_with(r"moved.gpkg 2 x, y: point_moved \(P2\)") as caught:
        read(moved)
    told_in_both(caught.value.problems)


def test_of_several_layers_the_one_called_points_is_read(tmp_path):
    package(tmp_path / "points.gpkg", (SECOND, FIRST), layer="other")
    assert read(package(tmp_path / "points.gpkg")).columns.tolist() == [0, 3]
    package(tmp_path / "many.gpkg", layer="one")
    with refused_with(r"many.gpkg: vectors_of_several_layers \(one, two\)"):
        read(package(tmp_path / "many.gpkg", layer="two"))


def test_what_is_no_table_of_points_is_refused(tmp_path):
    with refused_with("missing_column.*missing_column"):
        geopandas.GeoDataFrame({"id": ["P1"]}, geometry=[FIRST], crs=GRID.crs).to_file(tmp_path / "points.gpkg")
        read(tmp_path / "points.gpkg")
    with refused_with(r"areas.gpkg 2 geometry: vectors_of_other_kind \(Polygon\)"):
        read(package(tmp_path / "areas.gpkg", (FIRST, box(600_000, 4_049_000, 600_100, 4_049_100))))
    (tmp_path / "text.gpkg").write_text("id,x,y")
    with refused_with("text.gpkg: vectors_of_other_form"):
        read(tmp_path / "text.gpkg")


# --- KML ----------------------------------------------------------------------------------------------------------

def test_answers_behind_the_equals_signs_are_read_as_google_earth_saves_them(tmp_path):
    html = "<![CDATA[<div>restore = yes</div><div>cover_end＝ 4</div>restore: yes or no<br>4: mined land]]>"
    data = ('<ExtendedData><Data name="use"><value>test</value></Data><Data name="stratum"><value>7</value></Data>'
            '</ExtendedData>')
    found = read(placemarks(tmp_path / "points.kml", "<Folder>", mark(description=html, data=data), "</Folder>"))
    (row,) = found.cells
    assert [row[name] for name in ("id", "use", "restore", "cover_end", "stratum")] == ["P1", "test", "yes", "4", "7"]
    assert (found.rows.tolist(), found.columns.tolist()) == ([0], [0])


def test_answers_in_the_attributes_are_read_as_qgis_saves_them(tmp_path):
    data = ('<ExtendedData><SchemaData schemaUrl="#points"><SimpleData name="id">Q9</SimpleData><SimpleData name="use">'
            'fit</SimpleData><SimpleData name="restore">no</SimpleData></SchemaData></ExtendedData>')
    found = read(placemarks(tmp_path / "points.kml", mark(description="restore = \ncover_end = 2", data=data)))
    assert [found.cells[0][name] for name in ("id", "use", "restore", "cover_end")] == ["Q9", "fit", "no", "2"]


def test_two_answers_that_differ_are_refused(tmp_path):
    data = '<ExtendedData><Data name="restore"><value>no</value></Data></ExtendedData>'
    with refused_with(r"points.kml P1 restore: two_answers \(yes\)") as caught:
        read(placemarks(tmp_path / "points.kml", mark(description="restore = yes", data=data)))
    told_in_both(caught.value.problems)


def test_a_placemark_without_a_point_and_a_file_that_is_no_xml_are_refused(tmp_path):
    with refused_with("points.kml 2 geometry: vectors_of_other_kind"):
        read(placemarks(tmp_path / "points.kml", mark(), mark("P2", place="<LineString/>")))
    (tmp_path / "broken.kml").write_text("<kml>")
    with refused_with("broken.kml: raster_unreadable"):
        read(tmp_path / "broken.kml")


def test_no_entity_of_a_kml_is_followed(tmp_path):
    (tmp_path / "secret").write_text("told")
    text = placemarks(tmp_path / "points.kml", mark("&outside;")).read_text(encoding="utf-8")
    text = text.replace("<kml", f'<!DOCTYPE kml [<!ENTITY outside SYSTEM "{(tmp_path / "secret").as_uri()}">]><kml', 1)
    (tmp_path / "points.kml").write_text(text, encoding="utf-8")
    assert "told" not in read(tmp_path / "points.kml").cells[0]["id"]


# --- CSV ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ";"), ("gbk", ","), ("utf-8", "\t")])
def test_a_table_is_read_as_excel_leaves_it(tmp_path, encoding, separator):
    lines = [["id", "x", "y", "use", "restore", "stratum"], ["点1", "600015", "4049985", "test", "yes", "3"], [""] * 6]
    (tmp_path / "points.csv").write_bytes("\r\n".join(map(separator.join, lines)).encode(encoding))
    found = read(tmp_path / "points.csv")
    assert [found.cells[0][name] for name in ("id", "restore", "cover_end", "stratum")] == ["点1", "yes", "", "3"]

"""Shapes come onto the grid from the files that desktop programs write; what is wrong with one is told with its id."""

import json
import shutil
import sqlite3

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from numpy.testing import assert_allclose
from rasterio import Affine
from shapely import LineString, MultiPolygon, Polygon, box

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.geo.grid import Grid
from mineco.geo.shapes.polygons import read_polygons
from mineco.geo.writing import write_vectors
from tests.helpers.geo import CORNER

WEST, NORTH = CORNER
GRID = Grid("EPSG:32650", Affine(30.0, 0.0, WEST, 0.0, -30.0, NORTH), 400, 300)
VILLAGES = {"编号": ["A1", "A2"], "村名": ["王家村", "赵庄"]}


def parcel(left=60, low=90, right=120, high=150):
    return box(WEST + left, NORTH - high, WEST + right, NORTH - low)


TWO = [parcel(), parcel(120, 90, 180, 150)]


def saved(path, shapes, crs=GRID.crs, columns=None, **options):
    columns = columns or {"id": [f"p{number}" for number in range(len(shapes))]}
    geopandas.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path, **options)
    return path


def refused(path, *given):
    with pytest.raises(BadInput) as caught:
        read_polygons(path, GRID, *given)
    for problem in caught.value.problems:
        assert problem_text(problem, "zh") != problem_text(problem, "en")
    return [(problem.message, problem.row, problem.value) for problem in caught.value.problems]


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson"])
def test_parcels_in_degrees_are_brought_onto_the_grid(tmp_path, suffix):
    shapes = geopandas.GeoSeries([parcel()], crs=GRID.crs).to_crs(4326)
    found, read = read_polygons(saved(tmp_path / f"parcels.{suffix}", list(shapes), crs=4326), GRID, "", "id")
    assert (found.crs, found["id"].tolist(), read.crs[:6]) == (GRID.crs, ["p0"], "WGS 84")
    assert_allclose(found.total_bounds, parcel().bounds, atol=1e-3)


def test_shapes_without_a_column_of_ids_are_counted(tmp_path):
    found, read = read_polygons(saved(tmp_path / "b.gpkg", TWO), GRID)
    assert (found["id"].tolist(), found["name"].tolist(), found.area.tolist()) == (["1", "2"], ["", ""], [3600, 3600])
    assert (read.layer, read.encoding, read.unshifted) == ("b", "", False)


def test_whole_numbers_are_ids_without_a_point(tmp_path):
    path = saved(tmp_path / "n.gpkg", TWO, columns={"id": [1.0, 20.0], "name": [None, 2.5]})
    found, _ = read_polygons(path, GRID, "", "id", "name")
    assert (found["id"].tolist(), found["name"].tolist()) == (["1", "20"], ["", "2.5"])


@pytest.mark.parametrize(("encoding", "cpg", "told"), [
    ("UTF-8", "UTF-8", "utf-8"), ("GBK", "GBK", "gbk"), ("GBK", "936", "cp936"), ("GBK", "OEM 936", "cp936"),
    ("GBK", None, "gb18030"), ("UTF-8", None, "utf-8")])
def test_a_shapefile_is_read_by_its_cpg_or_else_as_utf_8_or_gbk(tmp_path, encoding, cpg, told):
    folder = tmp_path / "研究区 资料"
    folder.mkdir()
    path = saved(folder / "行政村.shp", TWO, columns=VILLAGES, encoding=encoding)
    beside = path.with_suffix(".cpg")
    beside.unlink() if cpg is None else beside.write_text(cpg)
    found, read = read_polygons(path, GRID, "", "编号", "村名")
    assert (found["id"].tolist(), found["name"].tolist()) == (VILLAGES["编号"], VILLAGES["村名"])
    assert pd.api.types.is_string_dtype(found["name"])
    assert read.encoding in (told, "gbk")  # cp936 is another name of gbk


def test_a_cpg_that_is_wrong_is_told(tmp_path):
    path = saved(tmp_path / "v.shp", TWO, columns=VILLAGES, encoding="GBK")
    for given in ("UTF-8", "ANSI of ours"):
        path.with_suffix(".cpg").write_text(given)
        assert refused(path) == [("shapefile_encoding_other", "", given)]


def test_a_table_that_reads_both_ways_or_neither_asks_for_a_cpg(tmp_path):
    path = saved(tmp_path / "v.shp", TWO, columns={"id": ["Größe", "Übung"]}, encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    assert refused(path) == [("shapefile_encoding_unknown", "", "")]
    path.with_suffix(".cpg").write_text("ISO-8859-1")
    assert read_polygons(path, GRID, "", "id")[0]["id"].tolist() == ["Größe", "Übung"]


def test_everything_that_is_missing_beside_a_shapefile_is_told_at_once(tmp_path):
    whole = saved(tmp_path / "whole.shp", TWO)
    alone = shutil.copy(whole, tmp_path / "alone.shp")
    assert refused(alone) == [("shapefile_lacks", "", "alone.shx"), ("shapefile_lacks", "", "alone.dbf"),
                              ("shapefile_without_prj", "", "")]
    for suffix in (".SHX", ".DBF", ".PRJ"):
        shutil.copy(whole.with_suffix(suffix.lower()), alone.with_suffix(suffix))
    assert len(read_polygons(alone, GRID, "", "id")[0]) == 2


GAUSS = ('PROJCS["{name}",GEOGCS["GCS_x",DATUM["{datum}",SPHEROID["{ellipsoid}",{radius},298.257]],'
         'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
         'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],'
         'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]')


@pytest.mark.parametrize(("name", "datum", "ellipsoid", "radius", "unshifted"), [
    ("CGCS2000_3_Degree_GK_CM_117E", "D_China_2000", "CGCS2000", 6378137.0, False),
    ("矿区独立坐标系", "D_China_2000", "CGCS2000", 6378137.0, False),
    ("Xian_1980_3_Degree_GK_CM_117E", "D_Xian_1980", "Xian_1980", 6378140.0, True)])
def test_systems_after_gauss_and_krueger_need_no_code(tmp_path, name, datum, ellipsoid, radius, unshifted):
    path = saved(tmp_path / "gk.shp", TWO)
    path.with_suffix(".prj").write_text(GAUSS.format(name=name, datum=datum, ellipsoid=ellipsoid, radius=radius),
                                        "utf-8")
    # 117° is the middle meridian of zone 50 too: what UTM shrinks by 0.9996 lies to the south of where it was
    grid = Grid(GRID.crs, GRID.transform @ Affine.translation(-200, -100), 600, 500)
    found, read = read_polygons(path, grid, "", "id")
    expected = geopandas.GeoSeries(TWO, crs=path.with_suffix(".prj").read_text("utf-8")).to_crs(GRID.crs)
    assert_allclose(found.total_bounds, expected.total_bounds)
    assert read.unshifted is unshifted


def test_a_layer_is_chosen_by_name(tmp_path):
    frame = geopandas.GeoDataFrame({"id": ["a"]}, geometry=[parcel()], crs=GRID.crs)
    path = tmp_path / "two.gpkg"
    write_vectors(path, {"村": frame, "乡镇": frame})
    assert refused(path) == [("vectors_of_several_layers", "", "村, 乡镇")]
    assert refused(path, "县") == [("vectors_without_layer", "", "县")]
    assert read_polygons(path, GRID, "乡镇", "id")[1].layer == "乡镇"


def test_tables_without_shapes_are_no_layers(tmp_path):
    path = saved(tmp_path / "styled.gpkg", TWO)
    pyogrio.write_dataframe(pd.DataFrame({"styleName": ["green"]}), path, layer="layer_styles", append=True)
    assert read_polygons(path, GRID, "", "id")[1].layer == "styled"
    with sqlite3.connect(path) as database:
        database.execute("delete from gpkg_contents where table_name = 'styled'")
    assert refused(path)[0][0] == "vectors_empty"


@pytest.mark.parametrize("kind", ["Polygon Z", "Measured Polygon", "Measured 3D Polygon"])
def test_heights_and_measures_are_left_aside(tmp_path, kind):
    shape = shapely.to_wkb(shapely.from_wkt("POLYGON ZM ((500060 3999850 5 1, 500120 3999850 5 1, 500120 3999910 5 1, "
                                            "500060 3999850 5 1))"), flavor="iso")
    pyogrio.raw.write(tmp_path / "z.shp", geometry=np.array([shape], dtype=object), field_data=[np.array(["a"])],
                      fields=["id"], geometry_type=kind, crs=GRID.crs, driver="ESRI Shapefile")
    found, _ = read_polygons(tmp_path / "z.shp", GRID, "", "id")
    assert (found.has_z.any(), found.area.tolist()) == (False, [1800])


def test_a_geojson_file_without_a_system_is_in_degrees(tmp_path):
    def collection(corners):
        shape = {"type": "Polygon", "coordinates": [corners]}
        (tmp_path / "b.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {}, "geometry": shape}]}))
        return tmp_path / "b.geojson"
    degrees = geopandas.GeoSeries([parcel()], crs=GRID.crs).to_crs(4326)[0]
    assert read_polygons(collection(list(degrees.exterior.coords)), GRID)[0].area.tolist() == [pytest.approx(3600)]
    assert refused(collection(list(parcel().exterior.coords))) == [("vectors_not_degrees", "", "WGS 84")]
    swapped = [(y, x) for x, y in degrees.exterior.coords]
    assert refused(collection(swapped))[0][0] in ("vectors_apart", "vectors_not_degrees")


def test_kml_is_read_and_its_folders_are_layers(tmp_path):
    corners = " ".join(f"{x},{y},0" for x, y in
                       geopandas.GeoSeries([parcel()], crs=GRID.crs).to_crs(4326)[0].exterior.coords)
    mark = ("<Folder><name>{}</name><Placemark><name>王家村</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
            f"{corners}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder>")
    whole = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
    path = tmp_path / "村界.kml"
    path.write_text(whole.format(mark.format("一") + mark.format("二")), "utf-8")
    assert refused(path) == [("vectors_of_several_layers", "", "一, 二")]
    found, _ = read_polygons(path, GRID, "二", "Name")
    assert (found["id"].tolist(), found.area.tolist()) == (["王家村"], [pytest.approx(3600)])


def test_wrong_shapes_are_named_one_by_one(tmp_path):
    bow = Polygon([(WEST, NORTH), (WEST + 60, NORTH - 60), (WEST + 60, NORTH), (WEST, NORTH - 60)])
    path = saved(tmp_path / "p.gpkg", [bow, parcel(), LineString([(0, 0), (1, 1)]), parcel(), MultiPolygon(), None],
                 columns={"id": ["bow", "twice", "line", "twice", "empty", None]})
    assert refused(path, "", "id") == [
        ("vectors_crossing", "bow", ""), ("vectors_of_other_kind", "line", "LineString"),
        ("vectors_of_other_kind", "empty", "MultiPolygon"), ("vectors_without_id", 6, ""),
        ("vectors_of_other_kind", 6, ""), ("vectors_named_twice", "", "twice")]


def test_files_of_shapes_that_are_of_no_use_are_refused(tmp_path):
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        nowhere = [saved(tmp_path / name, [parcel()], crs=None) for name in ("nowhere.gpkg", "nowhere.shp")]
    assert [refused(path)[0][0] for path in nowhere] == ["vectors_without_crs", "shapefile_without_prj"]
    assert refused(saved(tmp_path / "far.gpkg", [parcel(90_000, 0, 90_100, 100)]))[0][0] == "vectors_apart"
    assert refused(tmp_path / "far.gpkg", "", "id", "name")[0][0] == "missing_column"
    assert refused(tmp_path / "absent.gpkg")[0][0] == "missing_file"
    for name in ("parcels.dxf", "parcels.kmz", "parcels.dwg", "parcels.tab", "parcels.zip"):
        (tmp_path / name).write_bytes(b"PK")
        assert refused(tmp_path / name)[0][0] == "vectors_format_unknown"
    (tmp_path / "torn.gpkg").write_bytes((tmp_path / "far.gpkg").read_bytes()[:5000])
    assert refused(tmp_path / "torn.gpkg")[0][0] == "raster_unreadable"
    nothing = geopandas.GeoDataFrame({"id": []}, geometry=[], crs=GRID.crs)
    nothing.to_file(tmp_path / "empty.gpkg")
    assert refused(tmp_path / "empty.gpkg")[0][0] == "vectors_empty"


def test_shapes_that_no_projection_reaches_are_told(tmp_path):
    assert refused(saved(tmp_path / "pole.gpkg", [box(0, 89, 10, 90), box(200, -90, 210, -80)], crs=4326))[0][0] == \
        "vectors_apart"


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "json", "kml"])
def test_a_file_that_leads_to_another_one_is_not_followed(tmp_path, suffix):
    secret = saved(tmp_path / "elsewhere.gpkg", TWO)
    path = tmp_path / f"boundary.{suffix}"
    if suffix == "shp":
        saved(path, TWO)
    for text in (f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
                 '</OGRVRTDataSource>',
                 f'{{"type": "gdal_streamed_alg", "command_line": "gdal vector read {secret}"}}',
                 "<kml><Document><NetworkLink><Link><href>http://localhost/a.kml</href></Link></NetworkLink></Document>"
                 "</kml>", "<html><body>log in</body></html>", "[]", ""):
        path.write_text(text)
        assert refused(path)[0][0] == "vectors_of_other_form"


def test_a_geojson_file_may_name_its_system_as_programs_still_do(tmp_path):
    path = saved(tmp_path / "named.geojson", [*TWO, None])
    assert json.loads(path.read_text())["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::32650"
    assert refused(path) == [("vectors_of_other_kind", "3", "")]
    whole = json.loads(path.read_text())
    whole["features"].pop()
    path.write_text(json.dumps(whole))
    assert read_polygons(path, GRID, "named", "id")[0].area.tolist() == [3600, 3600]
    assert refused(path, "other") == [("vectors_without_layer", "", "other")]
    whole["crs"]["properties"]["name"] = "EPSG:0"
    path.write_text(json.dumps(whole))
    assert refused(path)[0][0] == "crs_unknown"
    whole["features"][0]["geometry"]["coordinates"] = "here"
    path.write_text(json.dumps(whole | {"crs": None}))
    assert refused(path)[0][0] == "vectors_of_other_form"

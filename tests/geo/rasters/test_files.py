"""Rasters as people have them: read right, or refused in one sentence."""

import math
import shutil

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_equal
from rasterio import Affine
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning

from mineco.core.labels import problem_text
from mineco.geo.grid import crs_name
from mineco.geo.layers import Layer, open_layers
from mineco.geo.windows import Window
from tests.helpers.geo import CORNER, written
from tests.helpers.refusals import refused_with, told_in_both

RNG = np.random.default_rng(20261129)
PLACE = {"crs": "EPSG:32650", "transform": Affine(30.0, 0.0, CORNER[0], 0.0, -30.0, CORNER[1])}
KRUGER = ('PROJCS["{name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
          'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
          'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],'
          'PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",1.0],'
          'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]')


@pytest.fixture
def values():
    return RNG.uniform(0.1, 0.9, (30, 40))


def index(path, **known):
    return Layer(path.stem, path, "continuous", -1, 1, **known)


def classes(path, **known):
    return Layer(path.stem, path, "classes", 0, 65535, **known)


def saved(path, bands, driver="GTiff", **profile):
    """A raster with options that others choose."""
    bands = np.atleast_3d(bands) if np.ndim(bands) == 1 else np.asarray(bands).reshape(-1, *np.shape(bands)[-2:])
    profile = {"dtype": bands.dtype, "nodata": None, **PLACE} | profile
    with rasterio.open(path, "w", driver=driver, count=len(bands), height=bands.shape[1], width=bands.shape[2],
                       **profile) as file:
        file.write(bands.astype(profile["dtype"]))
    return path


def read(layer, **asked):
    return open_layers([layer], **asked).read(layer.id, Window(0, 0, 30, 40))


def refused(message, layer, **asked):
    """The one sentence why a layer is not read."""
    with refused_with(message) as caught:
        open_layers([layer], **asked)
    told_in_both(caught.value.problems)
    (problem,) = caught.value.problems
    assert problem.file == layer.path.name
    return problem_text(problem, "en")


@pytest.mark.parametrize(("name", "easting", "meridian", "x", "shown"), [
    ("CGCS2000_3_Degree_GK_Zone_38", 38_500_000.0, 114.0, 38_500_000.0, "EPSG:4526"),
    ("CGCS2000_3_Degree_GK_CM_114E", 500_000.0, 114.0, 500_000.0, "EPSG:4547"),
    ("Mine grid at 112.37", 500_000.0, 112.37, 500_000.0, "Mine grid at 112.37")])
def test_gauss_kruger_is_known_by_its_name_or_read_by_its_numbers(tmp_path, values, name, easting, meridian, x, shown):
    crs = CRS.from_wkt(KRUGER.format(name=name, easting=easting, meridian=meridian))
    layers = open_layers([index(saved(tmp_path / "a.tif", values, nodata=math.nan, crs=crs, transform=Affine(
        30.0, 0, x, 0, -30.0, 4e6)))])
    assert crs_name(layers.grid.crs) == shown
    assert layers.grid.pixel_ha == 0.09
    assert str(layers.grid).startswith(shown)  # and no page of WKT


@pytest.mark.parametrize("profile", [
    {"BIGTIFF": "YES"}, {"compress": "zstd"}, {"compress": "lzw", "predictor": 3}, {"compress": "lerc"},
    {"tiled": True}, {"compress": "deflate", "interleave": "pixel"}])
def test_every_packing_that_loses_nothing_gives_the_numbers_back(tmp_path, values, profile):
    assert_array_equal(read(index(saved(tmp_path / "a.tif", values, nodata=math.nan, **profile))), values)


def test_a_chinese_path_is_a_path(tmp_path, values):
    folder = tmp_path / "矿区 资料（终稿）"
    folder.mkdir()
    assert_array_equal(read(index(saved(folder / "植被 指数.tif", values, nodata=math.nan))), values)


@pytest.mark.parametrize(("name", "driver", "profile"), [
    ("a.img", "HFA", {}), ("a.img", "ENVI", {}), ("a.dat", "ENVI", {}), ("a.bsq", "ENVI", {}),
    ("a.bil", "ENVI", {"interleave": "bil"})])
def test_formats_of_other_programs_are_read(tmp_path, values, name, driver, profile):
    assert_array_equal(read(index(saved(tmp_path / name, values, driver, **profile))), values)


def test_an_ascii_grid_is_read_with_its_prj_and_refused_without(tmp_path):
    path = tmp_path / "dem.asc"
    rows = RNG.integers(100, 200, (30, 40))
    path.write_text(f"ncols 40\nnrows 30\nxllcorner {CORNER[0]}\nyllcorner {CORNER[1] - 900}\ncellsize 30\n"
                    "NODATA_value -9999\n" + "\n".join(" ".join(map(str, row)) for row in rows) + "\n")
    ground = Layer("dem", path, "continuous", -500, 9000)
    refused("raster_without_crs", ground)
    path.with_suffix(".prj").write_text(CRS.from_epsg(32650).to_wkt(version="WKT1_ESRI"))
    assert_array_equal(read(ground), rows)


def test_classes_in_floats_and_in_64_bits_are_classes(tmp_path):
    codes = RNG.integers(1, 9, (30, 40))
    for dtype in ("float32", "float64", "int64", "uint64", "int8"):
        assert_array_equal(read(classes(saved(tmp_path / f"{dtype}.tif", codes, dtype=dtype))), codes)


def test_a_colour_table_is_a_map_of_classes_and_no_amounts(tmp_path):
    path = saved(tmp_path / "cover.tif", RNG.integers(1, 9, (30, 40)), dtype="uint8")
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, {code: (code * 20, 90, 60, 255) for code in range(9)})
    assert read(classes(path)).max() == 8
    refused("raster_is_picture", Layer("dem", path, "continuous", -500, 9000))
    assert read(index(path, scale=0.004)).max() == pytest.approx(0.032)  # a scale says that they are amounts


def test_a_picture_of_a_map_is_no_map(tmp_path):
    bands = RNG.integers(0, 200, (3, 30, 40))
    painted = saved(tmp_path / "map.tif", bands, dtype="uint8", photometric="RGB")
    refused("raster_is_picture", classes(painted))
    stack = index(painted, bands=(1, 2, 3), scale=0.004)  # three years of bytes, which some programs call so too
    assert_array_equal(read(stack), bands * 0.004)


def test_a_mask_and_an_opacity_in_the_file_hold_with_marks_of_the_table_too(tmp_path, values):
    masked = saved(tmp_path / "masked.tif", values)
    hidden = np.full((30, 40), 255, dtype="uint8")
    hidden[:3] = 0
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(masked, "r+") as file:
        file.write_mask(hidden)
    for layer in (index(masked), index(masked, nodata=(-9999,))):
        found = read(layer)
        assert np.isnan(found[:3]).all()
        assert not np.isnan(found[3:]).any()
    see_through = saved(tmp_path / "opacity.tif", np.stack([values * 200, hidden]), dtype="uint8")
    with rasterio.open(see_through, "r+") as file:
        file.colorinterp = [ColorInterp.gray, ColorInterp.alpha]
    assert np.isnan(read(index(see_through, scale=0.005))[:3]).all()


def test_a_file_packed_like_a_photograph_is_told(tmp_path):
    bands = saved(tmp_path / "a.tif", RNG.integers(60, 90, (64, 64)), dtype="uint8", compress="jpeg")
    assert open_layers([index(bands, scale=0.005)]).facts[0].lossy
    assert not open_layers([index(saved(tmp_path / "b.tif", RNG.uniform(0, 1, (30, 40))))]).facts[0].lossy


def test_a_file_with_points_of_control_alone_has_no_place(tmp_path, values):
    points = [GroundControlPoint(row, column, 117 + column / 1e3, 36 - row / 1e3)
              for row, column in ((0, 0), (0, 40), (30, 0), (30, 40))]
    path = tmp_path / "scan.tif"

    def write():
        saved(path, values, crs=None, transform=None)
        with rasterio.open(path, "r+") as file:
            file.gcps = points, CRS.from_epsg(4326)
    with pytest.warns(NotGeoreferencedWarning):
        write()
    refused("raster_without_place", index(path))
    with pytest.warns(NotGeoreferencedWarning):
        named = saved(tmp_path / "named.tif", values, transform=Affine.identity())
    refused("raster_without_place", index(named))


def test_a_local_system_lies_nowhere(tmp_path, values):
    local = CRS.from_wkt('LOCAL_CS["mine grid",UNIT["metre",1]]')
    refused("raster_crs_local", index(saved(tmp_path / "a.tif", values, crs=local)))


def test_files_that_are_no_rasters_say_what_they_are(tmp_path, values):
    empty, page, text = (tmp_path / name for name in ("empty.tif", "page.tif", "text.tif"))
    empty.write_bytes(b"")
    page.write_text("\n<!DOCTYPE html><html><body>登录后下载</body></html>", "utf-8")
    text.write_text("not a raster")
    assert "0 bytes" in refused("raster_without_content", index(empty))
    assert "web page" in refused("raster_is_web_page", index(page))
    assert "text.tif" in refused("raster_unreadable", index(text))
    whole = saved(tmp_path / "whole.tif", RNG.uniform(0, 1, (300, 400)))
    torn = tmp_path / "torn.tif"
    shutil.copy(whole, torn)
    with torn.open("r+b") as file:
        file.truncate(whole.stat().st_size // 2)
    refused("raster_unreadable", index(torn))


def test_a_file_that_may_not_be_read_says_so(tmp_path, values, monkeypatch):
    path = written(tmp_path / "locked.tif", values)

    def locked(*_, **__):
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr(rasterio, "open", locked)
    assert "Permission denied" in refused("raster_unreadable", index(path))


def test_a_mark_is_known_by_as_many_digits_as_the_file_has(tmp_path, values):
    values[:3] = -3.4e38  # in four bytes it is -3.3999999521443642e38
    found = read(index(saved(tmp_path / "a.tif", values, dtype="float32"), nodata=(-3.4e38,)))
    assert np.isnan(found[:3]).all()


def test_complex_numbers_are_refused(tmp_path, values):
    refused("raster_of_complex_numbers", index(saved(tmp_path / "a.tif", values + 0j, dtype="complex64")))

"""Files of shapes as desktop programs write them: which layer, in which encoding, with what is missing beside them."""

import codecs
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
from lxml import etree
from pyogrio.errors import DataSourceError, FieldError, GeometryError
from shapely import GEOSException, Point, box, force_2d

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.decoding import encoding_of
from mineco.core.reading.files import OF_SHAPEFILE, read_bytes
from mineco.geo.grid import Grid, known_crs

FORMATS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON", ".json": "GeoJSON", ".kml": "KML"}
BEGINS = {".gpkg": b"SQLite format 3\0", ".shp": b"\0\0\x27\x0a"}
JSON = (".geojson", ".json")
LEADING_ON = (b"NetworkLink", b"OGRVRT")  # what a KML file may say of places that lie elsewhere
LARGEST = 200_000_000  # bytes of a file of text
DEGREES = "EPSG:4326"  # of GeoJSON that names no system (RFC 7946)
SAME_DEGREES = 1e-9
SAME_ELLIPSOID = 1.0  # metres by which two radii of the earth may differ: those of WGS 84 and CGCS2000 are one


@dataclass(frozen=True)
class ShapesRead:
    """A file of shapes, and how it was read."""

    file: str
    layer: str
    encoding: str  # of a shapefile; else blank
    crs: str
    unshifted: bool  # brought onto the grid as if the two had one datum, since no shift is known


def read_frame(path: Path, grid: Grid, layer: str = "") -> tuple[geopandas.GeoDataFrame, ShapesRead]:
    """The shapes of a file in its own CRS, flat, with every column.

    Parameters
    ----------
    path : Path   GeoPackage, shapefile, GeoJSON or KML.
    layer : str   By name; may be blank where the file has one.

    Raises
    ------
    BadInput
        Of another format, torn, without a part of a shapefile, in an unknown encoding, of several layers of which none
        is named, without a CRS, in degrees that are none.
    """
    file, suffix = path.name, path.suffix.lower()
    if not path.is_file():
        raise BadInput(Problem("missing_file", file=file))
    if suffix not in FORMATS:
        raise BadInput(Problem("vectors_format_unknown", file=file, details={"known": ", ".join(FORMATS)}))
    encoding = _require_whole(path) if suffix == ".shp" else ""
    require_form(path)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"Measured \(M\) geometry")  # as heights, they are not asked for
            chosen = _layer(path, layer)
            frame = _of_json(path) if suffix in JSON else pyogrio.read_dataframe(
                path, layer=chosen, encoding=encoding or None, force_2d=True)
    except (DataSourceError, FieldError, GeometryError, UnicodeDecodeError) as error:
        reason = str(error).replace(str(path), file)
        raise BadInput(Problem("raster_unreadable", file=file, details={"reason": reason})) from error
    if not isinstance(frame, geopandas.GeoDataFrame) or frame.empty:
        raise BadInput(Problem("vectors_empty", file=file))
    if frame.crs is None:
        raise BadInput(Problem("shapefile_without_prj" if suffix == ".shp" else "vectors_without_crs", file=file))
    crs = frame.crs
    if crs.is_geographic and not box(-360, -90, 360, 90).covers(box(*frame.total_bounds)):
        raise BadInput(Problem("vectors_not_degrees", file=file, value=crs.name, details={"given": edges(frame)}))
    return frame, ShapesRead(file, chosen, encoding, crs.name, _unshifted(frame, grid))


def require_form(path: Path) -> None:
    """Stop where a file is not of the format that its name says: some formats lead to further files and places."""
    begin, suffix = BEGINS.get(path.suffix.lower()), path.suffix.lower()
    if begin is not None:
        with path.open("rb") as file:
            sound = file.read(len(begin)) == begin
    elif suffix in JSON:
        sound = _geojson(path).get("type") == "FeatureCollection"
    else:
        raw = read_bytes(path, LARGEST)
        sound = _root(raw) == "kml" and not any(mark in raw for mark in LEADING_ON)
    if not sound:
        raise BadInput(Problem("vectors_of_other_form", file=path.name, value=suffix))


def _geojson(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(read_bytes(path, LARGEST))
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _root(raw: bytes) -> str:
    """The name of the outermost element of an XML file; blank where it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return str(etree.QName(etree.fromstring(raw, parser)).localname)
    except etree.XMLSyntaxError:
        return ""


def _of_json(path: Path) -> geopandas.GeoDataFrame:
    """GeoJSON without the library of formats, among which are some that begin alike and lead on to other files."""
    given = _geojson(path)
    try:
        named = given["crs"]["properties"]["name"] if given.get("crs") else DEGREES
        frame = geopandas.GeoDataFrame.from_features(given["features"], crs=known_crs(named, path.name))
    except (AttributeError, KeyError, TypeError, ValueError, GEOSException) as error:
        raise BadInput(Problem("vectors_of_other_form", file=path.name, value=path.suffix.lower())) from error
    return frame.set_geometry(force_2d(frame.geometry.to_numpy()), crs=frame.crs) if len(frame) else frame


def edges(frame: geopandas.GeoDataFrame | geopandas.GeoSeries) -> str:
    """West, south, east and north of shapes in a line."""
    return " ".join(f"{edge:.10g}" for edge in frame.total_bounds)


def _layer(path: Path, layer: str) -> str:
    """The layer that is meant; tables without shapes, such as the styles of QGIS, are none."""
    names = [path.stem] if path.suffix.lower() in JSON else [
        str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if layer and layer not in names:
        raise BadInput(Problem("vectors_without_layer", file=path.name, value=layer,
                               details={"given": ", ".join(names)}))
    if not layer and len(names) > 1:
        raise BadInput(Problem("vectors_of_several_layers", file=path.name, value=", ".join(names)))
    if not names:
        raise BadInput(Problem("vectors_empty", file=path.name))
    return layer or names[0]


def _require_whole(path: Path) -> str:
    """The encoding of a shapefile's table; stop unless all its parts are there and its texts can be read."""
    problems = Problems()
    parts = {one.suffix.lower(): one for one in path.parent.iterdir()
             if one.stem == path.stem and one.suffix.lower() in OF_SHAPEFILE}
    for needed in OF_SHAPEFILE[:2]:
        if needed not in parts:
            problems.add("shapefile_lacks", file=path.name, value=f"{path.stem}{needed}")
    if ".prj" not in parts:
        problems.add("shapefile_without_prj", file=path.name)
    problems.stop()
    texts = _dbf_texts(parts[".dbf"].read_bytes())
    if ".cpg" not in parts:
        try:
            return encoding_of(texts)
        except BadInput as error:
            raise BadInput(Problem("shapefile_encoding_unknown", file=path.name,
                                   details={"cpg": f"{path.stem}.cpg"})) from error
    given = parts[".cpg"].read_text("ascii", errors="replace").strip()
    try:
        encoding = codecs.lookup(re.sub(r"^(OEM|ANSI|CP)?\s*(\d{3,5})$", r"cp\2", given.upper())).name
        texts.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise BadInput(Problem("shapefile_encoding_other", file=parts[".cpg"].name, value=given)) from error
    return encoding


def _dbf_texts(raw: bytes) -> bytes:
    """Names of the columns and the cells of a dBase table, without the numbers of its header."""
    header = int.from_bytes(raw[8:10], "little")
    names = [raw[start:start + 11].split(b"\0")[0] for start in range(32, header - 1, 32)]
    return b"\n".join([*names, raw[header:].rstrip(b"\x1a").replace(b"\0", b" ")])


def _unshifted(frame: geopandas.GeoDataFrame, grid: Grid) -> bool:
    """Whether degrees on one earth are taken for degrees on another, so that shapes lie off by a hundred metres."""
    corner = geopandas.GeoSeries([Point(frame.total_bounds[:2])], crs=frame.crs)
    own, onto = (one.geodetic_crs for one in (frame.crs, geopandas.GeoSeries(crs=grid.crs).crs))
    if own is None or onto is None:
        return True
    if abs(own.ellipsoid.semi_major_metre - onto.ellipsoid.semi_major_metre) <= SAME_ELLIPSOID:
        return False
    here, there = (corner.to_crs(one).get_coordinates().to_numpy() for one in (own, onto))
    return bool(np.abs(here - there).max() < SAME_DEGREES)

"""Tables of points as people hand them in: CSV, and the GeoPackage or KML in which they were looked at."""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
from lxml import etree
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.files import read_bytes
from mineco.core.reading.tables import MAX_LINES, Row, read_table
from mineco.geo.shapes.files import require_form

LAYER = "points"  # of a GeoPackage of several layers
LARGEST = 100_000_000  # bytes of a KML file
DEGREES = "EPSG:4326"  # of every KML
ENDS = re.compile(r"</?(?:br|p|div|tr|li)\b[^<>]*>", re.IGNORECASE)  # of lines, where a program made HTML of a text
TAG = re.compile(r"<[^<>]*>")
ANSWER = re.compile(r"\s*(\w+)\s*[=＝](.*)")
Shapes = NDArray[np.float64]  # (2, points), in the coordinates of the table


def read_point_rows(path: Path, crs: str, required: Sequence[str],
                    optional: Sequence[str]) -> tuple[list[Row], Shapes | None]:
    """Rows of a table of points as text, and where they stand in a file that draws them.

    x and y of a row are its columns of these names, in the coordinates given; in a file that draws points and has no
    such columns they are where these stand. Further columns of such a file, which programs add, are left out.

    Raises
    ------
    BadInput  When the file cannot be read, has not the columns, or draws other things than points.
    """
    suffix = path.suffix.lower()
    if suffix not in READERS:
        return read_table(path, ("id", "x", "y", *required), optional), None
    records, places, given = READERS[suffix](path, (*required, *optional))
    if len(records) > MAX_LINES:
        raise BadInput(Problem("too_many_lines", file=path.name, value=len(records), details={"most": MAX_LINES}))
    problems = Problems()
    names = list(dict.fromkeys(name for one in records for name in one))
    for name in ("id", *required):
        if records and name not in names:
            problems.add("missing_column", file=path.name, column=name, given=", ".join(names))
    problems.stop()
    drawn = geopandas.GeoSeries.from_xy(*places, crs=given).to_crs(crs)
    shapes = np.stack([drawn.x.to_numpy(), drawn.y.to_numpy()])
    rows, columns = [], ("id", "x", "y", *required, *optional)
    for line, (record, x, y) in enumerate(zip(records, *shapes.tolist(), strict=True), start=1):
        cells = {"x": repr(x), "y": repr(y)} | {name: text for name, text in record.items() if text}
        rows.append(Row(((name, cells.get(name, "")) for name in columns), path.name, line))
    return rows, shapes


def _geopackage(path: Path, wanted: Sequence[str]) -> tuple[list[dict[str, str]], Shapes, str]:
    """The rows of the layer of points, where each stands, and in which coordinates."""
    require_form(path)
    try:
        layers = [name for name, kind in pyogrio.list_layers(path) if kind]
        if len(layers) != 1 and LAYER not in layers:
            raise BadInput(Problem("vectors_of_several_layers", file=path.name, value=", ".join(layers)))
        frame = geopandas.read_file(path, layer=LAYER if LAYER in layers else layers[0], engine="pyogrio")
    except DataSourceError as error:
        reason = str(error).replace(str(path), path.name)
        raise BadInput(Problem("raster_unreadable", file=path.name, details={"reason": reason})) from error
    problems = Problems()
    if frame.crs is None:
        problems.add("vectors_without_crs", file=path.name)
    for line, shape in enumerate(frame.geometry, start=1):
        if shape is None or shape.geom_type != "Point" or shape.is_empty:
            problems.add("vectors_of_other_kind", file=path.name, row=line, column="geometry",
                         value="" if shape is None else shape.geom_type, kinds="Point")
    problems.stop()
    columns = [name for name in frame.columns if name in ("id", "x", "y", *wanted)]
    records = [{name: cell_text(value) for name, value in zip(columns, row, strict=True)}
               for row in frame[columns].itertuples(index=False)]
    return records, np.stack([frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()]), frame.crs.to_wkt()


def _kml(path: Path, wanted: Sequence[str]) -> tuple[list[dict[str, str]], Shapes, str]:
    """The placemarks of every folder: name, data, and the answers in their description."""
    try:
        root = etree.fromstring(read_bytes(path, LARGEST), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadInput(Problem("raster_unreadable", file=path.name, details={"reason": str(error)})) from error
    records, places, problems = [], [], Problems()
    for line, mark in enumerate(root.iterfind(".//{*}Placemark"), start=1):
        place = _place(mark.findtext("{*}Point/{*}coordinates"))
        if place is None:
            problems.add("vectors_of_other_kind", file=path.name, row=line, column="geometry", kinds="Point")
            continue
        found = dict.fromkeys(wanted, "") | _data(mark)
        found["id"] = found.get("id") or (mark.findtext("{*}name") or "").strip()
        for name, text in answers(mark.findtext("{*}description") or "", wanted):
            if found[name] and text and found[name] != text:
                problems.add("two_answers", file=path.name, row=found["id"], column=name, value=text, other=found[name])
            found[name] = found[name] or text
        records.append(found)
        places.append(place)
    problems.stop()
    return records, np.array(places, dtype=float).reshape(-1, 2).T, DEGREES


READERS = {".gpkg": _geopackage, ".kml": _kml}


def _place(text: str | None) -> tuple[float, float] | None:
    """Longitude and latitude; None where there is no one point."""
    try:
        longitude, latitude = map(float, (text or "").strip().split(",")[:2])
    except ValueError:
        return None
    return longitude, latitude


def _data(mark: Any) -> dict[str, str]:
    """What a placemark holds by name, in either of the two ways of KML."""
    pairs = [(one.get("name"), one.findtext("{*}value")) for one in mark.iterfind("{*}ExtendedData/{*}Data")]
    pairs += [(one.get("name"), one.text) for one in mark.iterfind("{*}ExtendedData/{*}SchemaData/{*}SimpleData")]
    return {name: (text or "").strip() for name, text in pairs if name}


def answers(description: str, wanted: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What somebody wrote behind the equals signs of a description, which a program may have made HTML of.

    >>> list(answers("restore = yes<br>cover_end =&nbsp;4 <p>cover_end: 4 is grassland</p>", ["restore", "cover_end"]))
    [('restore', 'yes'), ('cover_end', '4')]
    """
    for line in html.unescape(TAG.sub("", ENDS.sub("\n", description))).splitlines():
        found = ANSWER.fullmatch(line)
        if found and found[1] in wanted:
            yield found[1], found[2].strip()


def cell_text(value: object) -> str:
    """A cell of a layer as text: whole numbers without a point, days without hours, blank where there is nothing.

    >>> cell_text(4.0), cell_text(float("nan")), cell_text(" yes "), cell_text(datetime(2024, 5, 1))
    ('4', '', 'yes', '2024-05-01')
    """
    if value is None or value != value or str(value) in ("<NA>", "NaT"):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value).strip()

"""A sample as files in which people write what they see: CSV, GeoPackage and KML alike, and the table of its strata.

They are blind: nothing in the points tells what the map has there.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas
import pandas as pd
from lxml import etree
from lxml.builder import ElementMaker

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import label
from mineco.core.writing import table_bytes
from mineco.dossier.cells import tables
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.sampling.draw import Sample
from mineco.evaluation.restoration_area.sampling.strata import FILE, strata_rows
from mineco.evaluation.views.words import named
from mineco.geo.writing import write_vectors

POINTS, CLASSES = "points", "classes"  # layers of the GeoPackage
NOT_SEEN = ("id", "x", "y", "use", "stratum")  # columns that nobody fills in
A_FOLDER = 50  # points of a folder of the KML: an hour or two of looking
DEGREES = "EPSG:4326"
KML = "http://www.opengis.net/kml/2.2"


def write_sample(sample: Sample, folder: Path) -> list[Path]:
    """Write the points three times over, their strata, and what to do with them, into a folder of their own.

    Raises
    ------
    BadInput  When something stands there: answers that somebody gave are not overwritten.
    """
    require_new(folder)
    rows, given = point_rows(sample), asked(sample.data)
    x, y = sample.places
    shapes = geopandas.GeoSeries.from_xy(x, y, crs=sample.data.layers.grid.crs)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "points.csv").write_bytes(table_bytes(list(rows[0]), rows))
    (folder / FILE).write_bytes(table_bytes(list(tables("rasters")[FILE]), strata_rows(sample.strata)))
    write_vectors(folder / "points.gpkg", {
        POINTS: geopandas.GeoDataFrame(_typed(rows), geometry=shapes.to_crs(sample.data.settings.crs)),
        CLASSES: pd.DataFrame(class_rows(sample.data), columns=["code", "name"])})
    (folder / "points.kml").write_bytes(kml(rows, shapes.to_crs(DEGREES), given, sample.data))
    (folder / "README.md").write_text(guide(sample), encoding="utf-8", newline="\n")
    return sorted(folder.iterdir())


def require_new(folder: Path) -> None:
    """Stop where the folder holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(Problem("folder_not_empty", value=str(folder)))


def point_rows(sample: Sample) -> list[dict[str, str]]:
    """The points as rows of points.csv, with what people are to see left blank."""
    settings, columns = sample.data.settings, ["id", "x", "y", "use", *asked(sample.data), "stratum", *_kept()]
    x, y = sample.places
    placed = geopandas.GeoSeries.from_xy(x, y, crs=sample.data.layers.grid.crs).to_crs(settings.crs)
    digits = len(str(len(x)))
    return [dict.fromkeys(columns, "") | {
        "id": f"P{place:0{digits}}", "x": f"{point.x:.10g}", "y": f"{point.y:.10g}",
        "use": "fit" if fit else "test", "stratum": str(number)}
        for place, (point, fit, number) in enumerate(zip(placed, sample.fit, sample.stratum, strict=True), start=1)]


def asked(data: AreaData) -> dict[str, str]:
    """The questions of each point, by the column that the answer goes into."""
    questions = {"restore": label("sample_restore")}
    for name in ("cover_start", "cover_end"):
        for row in data.rows_by_year(name):
            questions[name] = label("sample_cover").format(year=row.year)
    return questions


def class_rows(data: AreaData) -> list[tuple[int, str]]:
    """What each code means."""
    return [(one.code, named(one)) for one in data.classes]


def guide(sample: Sample) -> str:
    """What to do with the files, and how they were drawn, in the language that is set."""
    asks = "\n".join(f"- `{name}`: {question}" for name, question in asked(sample.data).items())
    codes = "\n".join(f"- {code}: {name}" for code, name in class_rows(sample.data)) or "—"
    command = " ".join(["mineco sample", *(f"--{name} {value}" for name, value in sample.asked.items())])
    return label("sample_guide").format(questions=asks, classes=codes, command=command)


def kml(rows: Sequence[Mapping[str, str]], shapes: geopandas.GeoSeries, questions: Mapping[str, str],
        data: AreaData) -> bytes:
    """The points for Google Earth: answers go behind the equals signs of a point's description."""
    told = "\n".join(f"{name}: {question}" for name, question in questions.items())
    codes = "\n".join(f"{code}: {name}" for code, name in class_rows(data))
    blanks = "\n".join(f"{name} = " for name in (*questions, *_kept()))
    description = f"{blanks}\n\n{told}\n{codes}"
    make = ElementMaker(namespace=KML, nsmap={None: KML})
    marks = [make.Placemark(
        make.name(row["id"]), make.description(description),
        make.ExtendedData(*(make.Data(make.value(row[name]), name=name) for name in ("use", "stratum"))),
        make.Point(make.coordinates(f"{point.x:.8f},{point.y:.8f}"))) for row, point in zip(rows, shapes, strict=True)]
    some = [slice(first, first + A_FOLDER) for first in range(0, len(marks), A_FOLDER)]
    folders = [make.Folder(make.name(f"{rows[part][0]['id']}–{rows[part][-1]['id']}"), *marks[part]) for part in some]
    whole = make.kml(make.Document(make.name(label("sample_points")), make.description(f"{told}\n{codes}"), *folders))
    return etree.tostring(whole, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _kept() -> list[str]:
    """Columns of points that may be left out: who judged, when, and on what."""
    return [name for name, one in tables("rasters")["points.csv"].items() if one.optional and name not in (
        *NOT_SEEN, "cover_start", "cover_end")]


def _typed(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Columns for a GeoPackage: what is to be a code takes whole numbers, and what is blank is NULL."""
    known = tables("rasters")["points.csv"]
    whole = {name: "Int64" for name in rows[0] if known[name].reads == "whole" or known[name].known == "codes"}
    return pd.DataFrame(rows, dtype="string").replace("", pd.NA).astype({"x": "float64", "y": "float64"} | whole)

"""The example of restoration areas with a boundary, a mask or parcels drawn on it, in pixels of its grid."""

import shutil

import geopandas
from shapely import box

from tests import example_area as example
from tests.helpers.land import FOLDER

WEST, NORTH, PIXEL, SIDE = example.TRANSFORM.c, example.TRANSFORM.f, example.PIXEL, example.SIDE
WHOLE = (0, 0, SIDE, SIDE)


def block(left, top, right, bottom):
    """A rectangle from column and row to column and row."""
    return box(WEST + left * PIXEL, NORTH - bottom * PIXEL, WEST + right * PIXEL, NORTH - top * PIXEL)


def drawn(folder, *settings, of=FOLDER, **shapes):
    """A copy of a dossier with files of shapes, each a block, a shape or a list or mapping of such, and settings."""
    dossier = shutil.copytree(of, folder / "dossier", dirs_exist_ok=True)
    lines = list(settings)
    for key, given in shapes.items():
        named = given if isinstance(given, dict) else dict(enumerate(given if isinstance(given, list) else [given]))
        places = [one if hasattr(one, "area") else block(*one) for one in named.values()]
        frame = geopandas.GeoDataFrame({"id": [str(name) for name in named]}, geometry=places, crs=example.CRS)
        frame.to_file(dossier / "rasters" / f"{key}.gpkg")
        lines.append(f"{key}: {{file: {key}.gpkg, id: id}}" if key == "parcels" else f"{key}: {key}.gpkg")
    with (dossier / "rasters" / "area.yaml").open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(lines) + "\n")
    return dossier

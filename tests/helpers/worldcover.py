"""The example restoration area as somebody has it who holds ESA WorldCover: other codes, no classes.csv."""

import csv
import shutil
from pathlib import Path

import numpy as np
import rasterio

from mineco.core.kit import parameters

EXAMPLE = parameters() / "mines" / "example-restoration-area"
CODES = {1: 10, 2: 30, 3: 40, 4: 60, 5: 20, 6: 95, 7: 50, 8: 80}  # of the example to WorldCover; 60 holds the pits


def worldcover(folder: Path, own: str = "60,mined,采场,pit\n20,desertified,荒漠化草地,desertified grassland\n"
                                        "95,reclaimed-mine,复垦排土场,reclaimed dump\n") -> Path:
    """A copy of the example with the codes of WorldCover; ``own``: what classes.csv says of some of them."""
    copy = Path(shutil.copytree(EXAMPLE, folder / "worldcover"))
    rasters = copy / "rasters"
    for name in ("cover_start", "cover_end"):
        with rasterio.open(rasters / f"{name}.tif") as file:
            band, kept = file.read(), file.profile
        with rasterio.open(rasters / f"{name}.tif", "w", **kept) as file:
            file.write(np.array([CODES.get(code, code) for code in range(256)], dtype=band.dtype)[band])
    for name, columns in (("points.csv", ("cover_start", "cover_end")), ("pools.csv", ("class",))):
        with (rasters / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with (rasters / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(row | {column: CODES[int(row[column])] for column in columns} for row in rows)
    settings = (rasters / "area.yaml").read_text("utf-8")
    (rasters / "area.yaml").write_text(f"legend: esa-worldcover\n{settings}", "utf-8")
    (rasters / "classes.csv").unlink()
    if own:
        (rasters / "classes.csv").write_text(f"code,ecosystem,name_zh,name_en\n{own}", "utf-8")
    return copy

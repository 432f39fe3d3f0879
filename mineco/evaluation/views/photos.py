"""Photographs and the sketch of the boundary, for the page on the mine."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

from mineco.core.labels import label
from mineco.core.reading.files import list_files
from mineco.dossier.checks.mine_checks import is_picture
from mineco.evaluation.case import Case
from mineco.evaluation.views.words import spoken
from mineco.geo.sketch import boundary_sketch
from mineco.report.drawing import Drawing
from mineco.report.forms import photo
from mineco.report.tables import Block, show_text

MOST_SHOWN = 4
LONGEST_SIDE = 1000  # pixels: 8 cm in print
QUALITY = 82  # of a JPEG


def photos(case: Case) -> list[Block]:
    """The pictures that mine.yaml names with what they show; where it names none, the first under evidence/."""
    folder, named = case.dossier.folder, case.dossier.mine.report.photos
    given = [(one.evidence, spoken(one.caption)) for one in named] or [
        (name, Path(name).stem) for name in _pictures(folder)]
    return [_shown(folder / file, text) for file, text in given[:MOST_SHOWN]]


def boundary(case: Case) -> Drawing | None:
    """The corners of the boundary and the restored parcels; None where no corners are given."""
    corners = case.dossier.mine.boundary.geometry
    if not corners:
        return None
    places = dict.fromkeys((row.id, row.point) for row in case.dossier.parcels
                           if row.point and row.year == case.year)
    return boundary_sketch(corners, {name: point for name, point in places if point}, caption="boundary_sketch")


def _pictures(folder: Path) -> Iterator[str]:
    evidence = folder / "evidence"
    for path in list_files(evidence) if evidence.is_dir() else ():
        if is_picture(name := f"evidence/{path.as_posix()}"):
            yield name


def _shown(path: Path, text: str) -> Block:
    """A picture upright and small; one that cannot be read is told in its place."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Image.DecompressionBombWarning):
        return show_text(label("picture_unreadable").format(file=f"evidence/{path.name}"))
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = Image.new("RGB", upright.size, "white")
    small.paste(upright, mask=upright)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return photo(base64.b64encode(out.getvalue()).decode(), text)

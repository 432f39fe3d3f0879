"""The look that a house gives its reports: a folder with ``look.yaml`` and a logo, read strictly and kept with the run.

It changes no number: the notebook does not know of it.
"""

import math
import re
import struct
from pathlib import Path

import lxml.etree

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.files import read_bytes, resolve_inside
from mineco.dossier.models import FrozenModel, read_model
from mineco.dossier.texts import OwnText
from mineco.report.templates import Look, linear, luminance

LOOK = "look"  # the folder that a run keeps it in
FILE = "look.yaml"
FOUND = "fonts.txt"  # which of the fonts that it names this machine has
LARGEST_LOGO = 1_000_000  # bytes
LARGEST_SIDE = 4000  # pixels
LEAST_CONTRAST = 4.5  # of a colour to white paper, for text (WCAG 2.2, 1.4.3)
LEAST_DIFFERENCE = 10.0  # of two colours that stand for different things in a figure
TO_CONES = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005))  # of linear sRGB (Oklab)
TO_LAB = ((0.2104542553, 0.7936177850, -0.0040720468), (1.9779984951, -2.4285922050, 0.4505937099),
          (0.0259040371, 0.7827717662, -0.8086757660))
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
FONT = re.compile(r"\w[\w .()-]{0,60}")  # the name of a family
PNG = b"\x89PNG\r\n\x1a\n"
DRAWN = {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs",
         "linearGradient", "radialGradient", "stop", "clipPath", "title", "desc"}  # what is kept of a drawing
OUTSIDE = re.compile(r"^on|href$|^style$", re.IGNORECASE)  # attributes that act, or lead out of it


class Colours(FrozenModel):
    """That of headings and rules, and that of marks and warnings."""

    accent: str = Look.accent
    alert: str = Look.alert


class Fonts(FrozenModel):
    """Families of fonts, the first that is installed is taken."""

    text: list[str] = []
    headings: list[str] = []


class LookFile(FrozenModel):
    """What ``look.yaml`` may say; every key may be left out."""

    logo: str = ""
    organisation: OwnText | None = None
    colours: Colours = Colours()
    fonts: Fonts = Fonts()


def read_look(folder: Path) -> Look:
    """The look in a folder.

    Raises
    ------
    BadInput
        With all that is wrong: an unknown key, a missing logo or one that is none, a colour that is none, too pale to
        be read or too near the other, the name of a font that is none.

    >>> from mineco.core.kit import templates
    >>> read_look(templates() / "look").accent
    '#7a1f2b'
    """
    problems = Problems()
    given, lines = read_model(LookFile, FILE, problems, Path(folder))
    problems.stop()
    assert given
    for name, value in given.colours.model_dump().items():
        row = lines.get(("colours", name), "")
        if not COLOUR.fullmatch(value):
            problems.add("look_no_colour", file=FILE, row=row, column=f"colours.{name}", value=value)
        elif contrast(value) < LEAST_CONTRAST:
            problems.add("look_colour_pale", file=FILE, row=row, column=f"colours.{name}", value=value,
                         contrast=f"{contrast(value):.1f}", least=LEAST_CONTRAST)
    one, other = Look(given.colours.accent, given.colours.alert).pair
    if not problems and difference(one, other) < LEAST_DIFFERENCE:
        name = "alert" if ("colours", "alert") in lines else "accent"
        problems.add("look_colours_alike", file=FILE, row=lines.get(("colours", name), ""), column=f"colours.{name}",
                     value=other if name == "alert" else one, other=one if name == "alert" else other)
    for name, families in given.fonts.model_dump().items():
        for family in families:
            if not FONT.fullmatch(family):
                problems.add("look_no_font", file=FILE, row=lines.get(("fonts", name), ""), column=f"fonts.{name}",
                             value=family)
    logo = None
    with problems.collect():
        logo = _logo(Path(folder), given.logo) if given.logo else None
    problems.stop()
    house = given.organisation
    return Look(given.colours.accent, given.colours.alert, tuple(given.fonts.text), tuple(given.fonts.headings), logo,
                {language: house[language] for language in ("zh", "en")} if house else {})


def look_of(run: Path) -> Look:
    """The look that a run keeps, or that of every report where it has none."""
    return read_look(run / LOOK) if (run / LOOK).is_dir() else Look()


def copy_look(given: Path | None, run: Path) -> None:
    """Exact copies of what a look is made of, and which of its fonts this machine has; nothing where there is none."""
    if given is None:
        return
    from mineco.report.pdf_docx import installed

    look = read_look(given)
    (run / LOOK).mkdir()
    problems = Problems()
    read, _ = read_model(LookFile, FILE, problems, given)
    assert read
    for name in filter(None, (FILE, read.logo)):
        (run / LOOK / name).parent.mkdir(parents=True, exist_ok=True)
        (run / LOOK / name).write_bytes(read_bytes(resolve_inside(given, name), LARGEST_LOGO))
    if look.families:
        (run / LOOK / FOUND).write_text("".join(f"{one}\n" for one in installed(look.families)), "utf-8", newline="\n")


def contrast(colour: str) -> float:
    """How much a colour stands out from white paper, from 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast("#000000")), round(contrast("#777777"), 2)
    (21, 4.48)
    """
    return 1.05 / (luminance(colour) + 0.05)


def difference(one: str, other: str) -> float:
    """How far two colours are apart, in hundredths of the way from black to white (Oklab, Ottosson 2020).

    >>> round(difference("#000000", "#ffffff")), difference("#1f5873", "#1f5873")
    (100, 0.0)
    """
    return 100 * math.dist(_oklab(one), _oklab(other))


def _oklab(code: str) -> list[float]:
    cones = [math.cbrt(sum(share * part for share, part in zip(row, linear(code), strict=True))) for row in TO_CONES]
    return [sum(share * cone for share, cone in zip(row, cones, strict=True)) for row in TO_LAB]


def _logo(folder: Path, name: str) -> tuple[str, bytes]:
    """The kind of a logo and its bytes; of a drawing only what is drawn."""
    raw = read_bytes(resolve_inside(folder, name), LARGEST_LOGO)
    if raw.startswith(PNG) and len(raw) > 24 and max(struct.unpack(">II", raw[16:24])) <= LARGEST_SIDE:
        return "png", raw
    try:
        drawing = lxml.etree.fromstring(raw, lxml.etree.XMLParser(resolve_entities=False, no_network=True))
    except (lxml.etree.XMLSyntaxError, ValueError):
        drawing = None
    if drawing is None or lxml.etree.QName(drawing).localname != "svg":
        raise BadInput(Problem("look_no_logo", file=name, details={"side": LARGEST_SIDE}))
    for one in list(drawing.iter()):
        if not isinstance(one.tag, str) or lxml.etree.QName(one).localname not in DRAWN:
            if one.getparent() is not None:
                one.getparent().remove(one)
            continue
        for key, value in one.attrib.items():
            if OUTSIDE.search(lxml.etree.QName(key).localname) or "url(" in value and "url(#" not in value:
                del one.attrib[key]
    return "svg", lxml.etree.tostring(drawing)

"""The templates of a report, ``templates/report/*.html``, what is put into them is escaped; and the look of a house."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import lxml.etree

from mineco.core.kit import templates
from mineco.core.labels import colour

# Ids of the colours of figures that give way to tones of a house; the first of each to its own colour itself. What is
# bought from outside, land, maps and the cells of scales keep theirs: there a colour is a value.
ACCENTED = ("AAA", "AA", "A", "B", "C", "removals", "filled_co2")
ALERTED = ("emissions", "fugitive", "combustion", "process", "waste", "land", "purchased-energy", "value-chain")
STEPS = 255  # from a colour to white or black
COLOUR = re.compile(r"#[0-9a-f]{6}")
COLOURED = '//*[@style][not(ancestor::*[starts-with(@id, "QuadMesh")])]'  # all of a drawing but the cells of a scale


@dataclass(frozen=True)
class Look:
    """What a house gives its reports: two colours, families of fonts, a logo (kind and bytes) and its name."""

    accent: str = "#1f5873"  # headings, rules
    alert: str = "#7a4a00"  # marks, warnings
    text_fonts: tuple[str, ...] = ()
    heading_fonts: tuple[str, ...] = ()
    logo: tuple[str, bytes] | None = None
    organisation: Mapping[str, str] = field(default_factory=dict)  # by language

    @property
    def families(self) -> tuple[str, ...]:
        """All the fonts that it names."""
        return tuple(dict.fromkeys((*self.text_fonts, *self.heading_fonts)))

    @property
    def pair(self) -> tuple[str, str]:
        """The two colours of its figures; where the house has none of its own, that of every figure."""
        return self.accent, self.alert if self.alert != Look.alert else colour(ALERTED[0])

    @property
    def tones(self) -> dict[str, str]:
        """The colours of figures that give way, each to a tone of the house that is as light.

        So a scale keeps its order, and a text on it its contrast.

        >>> Look().tones, Look(accent="#7a1f2b").tones["#1f5873"]
        ({}, '#7a1f2b')
        """
        found: dict[str, str] = {}
        for own, names in zip(self.pair, (ACCENTED, ALERTED), strict=True):
            if own != colour(names[0]):
                found |= {colour(name): tone_of(own, luminance(colour(name))) for name in names}
                found[colour(names[0])] = own
        return found


def in_look(svg: bytes, look: Look) -> bytes:
    """A figure in the colours of a house, and the same bytes where it has none.

    >>> in_look(b'<svg><path style="fill: #1f5873"/></svg>', Look(accent="#7a1f2b"))
    b'<svg><path style="fill: #7a1f2b"/></svg>'
    """
    tones = look.tones
    drawing = lxml.etree.fromstring(svg, lxml.etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True)) if tones else None
    if drawing is None:
        return svg
    for one in drawing.xpath(COLOURED):
        one.set("style", COLOUR.sub(lambda found: tones.get(found[0], found[0]), one.get("style")))
    return lxml.etree.tostring(drawing.getroottree())


def luminance(code: str) -> float:
    """How light a colour #rrggbb is, from 0, black, to 1, white (WCAG 2.2, relative luminance).

    >>> luminance("#000000"), round(luminance("#ffffff"), 9)
    (0.0, 1.0)
    """
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear(code), strict=True))


def linear(code: str) -> list[float]:
    """Red, green and blue of a colour as amounts of light, from 0 to 1 (sRGB).

    >>> linear("#ff0000")
    [1.0, 0.0, 0.0]
    """
    parts = (int(code[at:at + 2], 16) / 255 for at in (1, 3, 5))
    return [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]


@functools.cache
def tone_of(code: str, light: float) -> str:
    """The tone of a colour whose luminance is nearest to one: the colour mixed with white, or with black.

    >>> tone_of("#7a1f2b", 0.0), tone_of("#7a1f2b", 1.0), tone_of("#7a1f2b", luminance("#7a1f2b"))
    ('#000000', '#ffffff', '#7a1f2b')
    """
    end = 255 if light > luminance(code) else 0
    parts = [int(code[at:at + 2], 16) for at in (1, 3, 5)]
    tones = ("#" + "".join(f"{round(part + (end - part) * step / STEPS):02x}" for part in parts)
             for step in range(STEPS + 1))
    return min(tones, key=lambda one: abs(luminance(one) - light))


@functools.cache
def template(name: str) -> Any:
    """A template of Jinja by the name of its file, of the report, or of its folder and file.

    >>> str(template("blocks.html").module.text(["a <b>"]))
    '<div class="tex2jax_ignore mathjax_ignore"><p>a &lt;b&gt;</p></div>'
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folders = [templates() / "report", templates()]
    return Environment(loader=FileSystemLoader(folders), autoescape=True, trim_blocks=True, lstrip_blocks=True,
                       undefined=StrictUndefined).get_template(name)

"""The zones to begin with, each on a small map of its surroundings, with why it is degraded and what is to be done."""

import numpy as np
from rasterio.features import shapes
from shapely.geometry import shape

from mineco.core.formatting import format_number
from mineco.core.labels import current_language, label
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.views.land import FIRST, priority_classes, reasons, shown_classes
from mineco.evaluation.restoration_area.views.pictures import boundary, light, picture
from mineco.evaluation.restoration_area.zones import Identification, Zone
from mineco.evaluation.views.words import named
from mineco.geo.cards import Card, small_maps
from mineco.geo.windows import Window
from mineco.report.drawing import Drawing
from mineco.restoration.maps.area import NO_CLASS
from mineco.standards.area import AreaRules

AROUND = 0.5  # of a zone's longer side, which is shown around it on each side
LEAST = 6  # pixels that are shown on each side of its middle


def first_zones(rules: AreaRules, identified: Identification, potential: Potential | None) -> Drawing | None:
    """A small map of each of the first zones by rank, where there is one; without gains no measure is told."""
    _, drawn = identified.maps.once(("first zones", id(identified), id(potential), current_language()),
                                    lambda: ((identified, potential), _drawn(rules, identified, potential)))
    return drawn  # kept with what it shows, so that the ids hold


def _drawn(rules: AreaRules, identified: Identification, potential: Potential | None) -> Drawing | None:
    first = identified.by_rank[:FIRST]
    if not first:
        return None
    parts = _surroundings(identified, first)
    chosen = {plan.zone: plan.chosen for plan in potential.plans} if potential else {}
    cards = []
    for rank, (zone, part) in enumerate(zip(first, parts, strict=True), start=1):
        lines = [f"{format_number(zone.area_ha, 'ha')} · D = {format_number(zone.index)}", reasons(rules, zone)]
        if potential:
            measure = chosen[zone.id]
            lines.append(label("zone_card_measure").format(
                measure=named(rules.measures[measure]) if measure else label("no_measure")))
        cards.append(_card(identified, zone, part, label("zone_card").format(rank=rank, zone=zone.id), lines))
    return small_maps(cards, priority_classes(rules), label("first_zones_alt"),
                      caption="first_zones" if potential else "first_zones_without_measures")


def _surroundings(identified: Identification, zones: tuple[Zone, ...]) -> list[Window]:
    """The part of the grid around each zone, as wide as high where the grid lets it."""
    grid = identified.maps.plan.layers.grid
    ends = {zone.id: np.array([grid.height, 0, grid.width, 0]) for zone in zones}  # rows from and to, columns likewise
    for window, block in identified.maps.blocks("zone"):
        for zone in np.intersect1d(block, list(ends)).tolist():
            rows, columns = np.nonzero(block == zone)
            one = ends[zone]
            one[0::2] = np.minimum(one[0::2], (window.row + rows.min(), window.column + columns.min()))
            one[1::2] = np.maximum(one[1::2], (window.row + rows.max() + 1, window.column + columns.max() + 1))
    width, height = grid.pixel_metres
    parts = []
    for top, bottom, left, right in ends.values():
        half = max((0.5 + AROUND) * max((bottom - top) * height, (right - left) * width), LEAST * max(width, height))
        row, last_row = _held((top + bottom) / 2, half / height, grid.height)
        column, last_column = _held((left + right) / 2, half / width, grid.width)
        parts.append(Window(row, column, last_row - row, last_column - column))
    return parts


def _held(middle: float, half: float, size: int) -> tuple[int, int]:
    """From where to where a part reaches that is moved into the grid, or takes all of it."""
    wanted = min(round(2 * half), size)
    first = min(max(round(middle - half), 0), size - wanted)
    return first, first + wanted


def _card(identified: Identification, zone: Zone, part: Window, title: str, lines: list[str]) -> Card:
    """What is drawn and told of a zone."""
    plan = identified.maps.plan
    codes, small = picture(identified, lambda window: plan.read("class", window), NO_CLASS, part)
    inside, _ = picture(identified, lambda window: plan.read("zone", window), 0, part)
    pixels = (inside == zone.id).astype(np.uint8)
    outline = [shape(one) for one, _ in shapes(pixels, mask=pixels > 0, transform=small.transform)]
    return Card(shown_classes(codes), small, light(identified, part), outline, title, tuple(lines),
                **boundary(identified, part))

"""The steps by which land is measured and ranked, done again at one pixel with its numbers put in."""

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mineco.core.formatting import DASH, format_number, tex_number
from mineco.core.labels import begun, label
from mineco.evaluation.restoration_area.measure import Measured
from mineco.evaluation.restoration_area.views.land import SCALES, lacks_text
from mineco.evaluation.restoration_area.windows.land_window import Pixel
from mineco.evaluation.restoration_area.zones import Identification
from mineco.geo.grid import apply_affine
from mineco.report.steps import formula_block
from mineco.report.tables import Block, show_text

DIGITS = 6  # of the numbers put in, as many as a pocket calculator takes


def windows(measured: Measured) -> Block:
    """In how many windows the land was measured, and by which steps."""
    parts, steps = measured.maps.windows, measured.maps.plan.steps
    return show_text(label("measured_in_windows").format(
        count=len(parts), height=parts[0].height, width=parts[0].width,
        steps=label("list_comma").join(label(f"map_{name}") for name in steps)))


def place(pixel: Pixel) -> Block:
    """Which pixel is followed."""
    window, grid = pixel.land.window, pixel.land.plan.layers.grid
    row, column = window.row + pixel.row, window.column + pixel.column
    x, y = apply_affine(grid.transform, column + 0.5, row + 0.5)
    name = "pixel_followed" if "trend" in pixel.land.plan.steps else "pixel_first"
    return show_text(label(name).format(row=row + 1, column=column + 1, x=format_number(x, digits=9),
                                                    y=format_number(y, digits=9)))


def step(recorded: Measured, pixel: Pixel, name: str, values: ArrayLike, formula: str,
         numbers: Mapping[str, ArrayLike]) -> Block:
    """A formula in TeX, the numbers of the pixel in the place of its symbols, and whether the window is as recorded.

    ``values`` are those of the whole window, by which it is held against the recorded map of that name; ``numbers``
    has by symbol what is put in: a map of the window, or what goes for all pixels. Of a map that is not made for want
    of layers it is told why.
    """
    for one in recorded.left_out.values():
        if one.step == name:
            return show_text(label("map_left_out").format(map=begun(label(f"map_{name}")), why=lacks_text(one)))
    unit = "1" if name == "soil_loss" and recorded.relative_loss else SCALES.get(name, ("1",))[0]
    found = pixel.at(values)
    block = _worked(label(f"map_{name}"), formula, {symbol: pixel.at(one) for symbol, one in numbers.items()},
                    DASH if math.isnan(found) else format_number(found, unit, digits=DIGITS))
    window, different = pixel.land.window, pixel.different(recorded.maps.plan, name, values)
    told = label("window_differs" if different else "window_as_recorded")
    return block + show_text(told.format(pixels=f"{window.height * window.width:,}", different=f"{different:,}"))


def zone_areas(identified: Identification, pixels: NDArray[np.int64], areas: NDArray[np.float64]) -> Block:
    """The area of the first zone by its pixels, and whether those of all zones are as recorded."""
    if not identified.zones:
        return show_text(label("no_zones"))
    block = _worked(label("zone_area"), r"A_1 = n_1 \cdot a", {"n_1": int(pixels[0]), "a": identified.pixel_ha},
                    format_number(areas[0], "ha", digits=DIGITS))
    different = sum(one.area_ha != area for one, area in zip(identified.zones, areas.tolist(), strict=True))
    told = label("zone_areas_differ" if different else "zone_areas_same")
    return block + show_text(told.format(count=len(areas), different=different))


def _worked(name: str, formula: str, numbers: Mapping[str, Any], result: str) -> Block:
    """The formula with its symbols, then with the numbers in their place."""
    symbols = "|".join(re.escape(symbol) for symbol in sorted(numbers, key=len, reverse=True))
    written = re.sub(rf"(?<![\\A-Za-z])(?:{symbols})(?![A-Za-z0-9_])", lambda found: _tex(numbers[found.group()]),
                     formula.partition(" = ")[2])
    return formula_block(formula, written, result, "", [], title=label("step_by_hand").format(name=name))


def _tex(number: Any) -> str:
    """A number in a formula, or several with commas."""
    if isinstance(number, list):
        return ", ".join(_tex(one).strip("()") for one in number)
    return r"\text{" + DASH + "}" if math.isnan(number) else tex_number(number, DIGITS)

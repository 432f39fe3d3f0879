"""Numbers as a raster stores them, before any scale: marks for "no data" that nobody declared, and frequent values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.yaml_reading import kit_data

FILE = "dossier/raster_products.yaml"
AROUND = 100  # raw values on either side, of which a value that is measured has its like
APART = 10.0  # times as often as the mean of these stands a mark
OFTEN = 0.01  # of the pixels, from which a single value is told
SAME = 1e-6  # of a scale: closer ones are the same, written with other digits
COUNTED = ("uint8", "int8", "uint16", "int16")  # types of which every value is counted


@dataclass(frozen=True, kw_only=True)
class Product:
    """What is known of a product that people hand in."""

    name: str
    type: str
    scale: float
    offset: float
    marks: tuple[float, ...]
    low: float  # raw values that are measured lie between these
    high: float

    def stored_like(self, type: str, scale: float) -> bool:
        """Whether a layer of a type and scale may be it."""
        return self.type == type and abs(self.scale - scale) <= SAME * self.scale


def known_marks() -> tuple[float, ...]:
    """Numbers that mean "no data" in most files that hold them.

    >>> -9999 in known_marks()
    True
    """
    return tuple(kit_data(FILE)["marks"])


def products_of(layer: str) -> tuple[Product, ...]:
    """The products that are known of a layer.

    >>> [one.name for one in products_of("ndvi") if -3000 in one.marks]
    ['MOD13/MYD13 v061']
    """
    return tuple(Product(name=one["name"], type=one["type"], scale=one["scale"], offset=one["offset"],
                         marks=tuple(one["marks"]), low=one["low"], high=one["high"])
                 for one in kit_data(FILE)["products"].get(layer, ()))


class RawValues:
    """How often raw values occur in a layer, gathered window by window.

    >>> values = RawValues("int16", ())
    >>> values.add(np.array([-3000.0, -3000.0, 0.0, 5000.0]))
    >>> values.count(-3000), values.ends, values.stands_apart(-3000)
    (2, (-3000.0, 5000.0), True)
    """

    def __init__(self, type: str, asked: Sequence[float]) -> None:
        self.type = type
        self.known = 0
        self._lowest, self._highest = float("inf"), float("-inf")
        self._asked = (0.0, *asked)
        self._few: Counter[float] = Counter()  # of values that are asked for, and of the ends
        self._all = np.zeros(2 ** 17 if type in COUNTED else 0, dtype=np.int64)

    def add(self, values: NDArray[Any]) -> None:
        """Count the raw values of a window, of which none is missing."""
        if not values.size:
            return
        self.known += values.size
        low, high = float(values.min()), float(values.max())
        self._lowest, self._highest = min(self._lowest, low), max(self._highest, high)
        if self._all.size:
            counts = np.bincount(values.astype(np.int64) - int(low))
            first = int(low) + 2 ** 16
            self._all[first:first + counts.size] += counts
        else:
            for value in dict.fromkeys((*self._asked, low, high)):
                self._few[value] += int(np.count_nonzero(values == value))

    def count(self, value: float) -> int:
        """How many pixels have a value."""
        if self._all.size:
            return int(self._all[int(value) + 2 ** 16]) if abs(value) < 2 ** 16 and value == int(value) else 0
        return self._few[value]

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        return self._lowest, self._highest

    def stands_apart(self, value: float) -> bool:
        """Whether a value occurs far more often than those beside it; of types with too many values, at all."""
        if not self._all.size:
            return self.count(value) > 0
        place = int(value) + 2 ** 16
        beside = np.concatenate([self._all[max(place - AROUND, 0):place], self._all[place + 1:place + 1 + AROUND]])
        return self.count(value) > APART * float(beside.mean())

    def frequent(self) -> dict[float, float]:
        """Zero and the ends of the range where one of them holds more than its share of the pixels, with that share.

        None of types of 8 bits, which have few values, nor where all pixels are alike.
        """
        low, high = self.ends
        if self.type in ("uint8", "int8") or not low < high:
            return {}
        shares = {value: self.count(value) / self.known for value in dict.fromkeys((low, 0.0, high))}
        return {value: share for value, share in shares.items() if share > OFTEN}


def undeclared_marks(raw: RawValues, scale: float, products: Sequence[Product]) -> dict[float, list[str]]:
    """Marks of products that are stored like a layer and occur in it, with the names of these products.

    What another such product measures is a mark only where it stands apart.

    >>> raw = RawValues("int16", ())
    >>> raw.add(np.array([-3000.0] * 50 + list(range(2000, 2400))))
    >>> undeclared_marks(raw, 1e-4, products_of("ndvi"))
    {-3000: ['MOD13/MYD13 v061']}
    """
    alike = [one for one in products if one.stored_like(raw.type, scale)]
    found: dict[float, list[str]] = {}
    for product in alike:
        for mark in product.marks:
            measured = any(one.low <= mark <= one.high for one in alike)
            if raw.stands_apart(mark) if measured else raw.count(mark):
                found.setdefault(mark, []).append(product.name)
    return found


def usual_offsets(type: str, scale: float, offset: float, products: Sequence[Product]) -> dict[str, float]:
    """Products stored like a layer, by the offset that goes with them, where none of them has the layer's.

    >>> usual_offsets("uint8", 0.004, 0.0, products_of("ndvi"))
    {'CGLS NDVI 300 m v2 / 1 km v3': -0.08, 'PROBA-V NDVI': -0.08, 'SPOT-VGT S10': -0.1}
    """
    alike = {one.name: one.offset for one in products if one.stored_like(type, scale)}
    return {} if any(abs(one - offset) < SAME for one in alike.values()) else alike

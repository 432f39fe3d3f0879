"""Bands that tell the quality of each pixel: which of their numbers mean cloud, shadow, snow or fill, by product."""

import functools
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.kit import parameters
from mineco.core.lazy import Brief
from mineco.core.reading.tables import read_table

COLUMNS = ("quality", "product", "band", "bits", "values", "name_zh", "name_en", "source", "status")
LONGEST = 32  # bits of a number
OWN = re.compile(r"(bits?|位|values?|值)\s*[:：]?\s*(-?\d+(?:\s*[;；,，]\s*-?\d+)*)", re.IGNORECASE)


@dataclass(frozen=True)
class Flag:
    """Numbers of a field of bits, or of the whole band, that mean that a pixel is not to be used."""

    values: tuple[int, ...]
    first: int = 0  # bit of the field, from 0
    bits: int = 0  # of the field; 0 for the whole number

    def holds(self, raw: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Where a pixel is not to be used.

        >>> Flag((1,), first=3, bits=1).holds(np.array([0b1000, 0b0100]))
        array([ True, False])
        """
        field = (raw >> self.first) & ((1 << self.bits) - 1) if self.bits else raw
        return np.isin(field, self.values)


@dataclass(frozen=True, repr=False)
class QualityRule(Brief):
    """What the quality band of a product says, and how that was seen."""

    id: str
    product: str
    band: str
    flags: tuple[Flag, ...]
    names: tuple[tuple[str, str], ...]  # of what is left out, in Chinese and English
    statuses: tuple[str, ...]  # likewise, how the source was seen


@functools.cache
def quality_rules(path: Path | None = None) -> dict[str, QualityRule]:
    """The rules of a table by id, by default ``parameters/dossier/quality.csv``; read once.

    >>> found = quality_rules()["landsat-c2"]
    >>> [flag.first for flag in found.flags], found.names[-1]
    ([0, 1, 2, 3, 4, 5], ('雪', 'snow'))
    """
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read_table(path or parameters() / "dossier" / "quality.csv", COLUMNS):
        rows.setdefault(row["quality"], []).append(dict(row))
    return {name: QualityRule(name, found[0]["product"], found[0]["band"],
                              tuple(_flag(row["bits"], row["values"]) for row in found),
                              tuple((row["name_zh"], row["name_en"]) for row in found),
                              tuple(row["status"] for row in found))
            for name, found in rows.items()}


def _flag(bits: str, values: str) -> Flag:
    """A row of the table: bits are a first and a last one, or none."""
    found = [int(one) for one in bits.split("-")] if bits else []
    return Flag(tuple(int(one) for one in values.split(";")), found[0] if found else 0,
                found[-1] - found[0] + 1 if found else 0)


def flags_named(text: str) -> tuple[Flag, ...]:
    """The flags of a known product, or those that a user lists by bits or values; none where it is neither.

    >>> flags_named("bits 3; 4"), flags_named("值：0；3") == flags_named("values 0;3")
    ((Flag(values=(1,), first=3, bits=1), Flag(values=(1,), first=4, bits=1)), True)
    """
    if text in quality_rules():
        return quality_rules()[text].flags
    listed = OWN.fullmatch(text.strip())
    numbers = [int(one) for one in re.split(r"[;；,，]", listed[2])] if listed else []
    if listed and listed[1].lower() in ("bit", "bits", "位"):
        return tuple(Flag((1,), one, 1) for one in numbers if 0 <= one < LONGEST)
    return (Flag(tuple(numbers)),) if listed else ()


def unusable(raw: NDArray[np.float64], flags: Collection[Flag]) -> NDArray[np.bool_]:
    """Where pixels are not to be used: by a flag, or because the quality itself is not known (NaN).

    >>> unusable(np.array([np.nan, 3.0, 4.0]), [Flag((3,))])
    array([ True,  True, False])
    """
    missing = np.isnan(raw)
    whole: Any = np.where(missing, 0, raw).astype(np.int64)
    return missing | np.any([one.holds(whole) for one in flags], axis=0)

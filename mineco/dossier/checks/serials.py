"""Serial numbers of offsets: the ranges that registries write, each number a tonne, and none of them twice."""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mineco.core import kit
from mineco.core.errors import Problem
from mineco.core.units import convert
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.rows import OffsetRow

AnyHolder = TypeVar("AnyHolder")

DASHES = re.compile(r"[‐-―−－—]+|--+")
BLANKS = re.compile(r"\s+")
WORDS = str.maketrans({"至": "to", "到": "to", "～": "~", "；": ";"})
TOLERANCE = 1e-9  # of a tonne count that was converted from another unit


@dataclass(frozen=True)
class SerialRange:
    """Numbers of one series, both ends included."""

    series: str
    first: int
    last: int

    @property
    def length(self) -> int:
        """Tonnes in the range."""
        return self.last - self.first + 1


@functools.cache
def _formats() -> tuple[tuple[str, re.Pattern[str]], ...]:
    known = read_yaml(kit.parameters() / "dossier" / "serials.yaml")
    return tuple((name, re.compile(one["pattern"], re.IGNORECASE)) for name, one in known.items())


@functools.lru_cache(maxsize=4096)
def serial_ranges(programme: str, serial: str) -> tuple[SerialRange, ...]:
    """The ranges of a serial; none when a part of it shows no first and last number.

    A format without a registry's mark is a series of its programme.

    >>> serial_ranges("a registry", "EX-F-2022-100001-195000")[0].length
    95000
    >>> serial_ranges("county", "EX-E-2024-0001")
    ()
    """
    text = _plain(serial)
    found = [_range(programme, part.strip()) for part in text.split(";") if part.strip()]
    return tuple(one for one in found if one) if all(found) else ()


def of_length(programme: str, serial: str, tonnes: float) -> str:
    """The serial of another amount: one range from the same first number on; itself where no whole range is shown.

    >>> of_length("a registry", "EX-F-2023-600001-600720", 880), of_length("county", "EX-E-2024-0001", 5)
    ('EX-F-2023-600001-600880', 'EX-E-2024-0001')
    """
    text = _plain(serial)
    if len(serial_ranges(programme, serial)) != 1 or ";" in text or tonnes < 1 or tonnes % 1:
        return serial
    match = next(filter(None, (pattern.fullmatch(text) for _, pattern in _formats())))
    last = str(int(match["first"]) + int(tonnes) - 1).zfill(len(match["last"]))
    return text[:match.start("last")] + last + text[match.end("last"):]


def _plain(serial: str) -> str:
    text = unicodedata.normalize("NFKC", serial.translate(WORDS))
    return BLANKS.sub(" ", DASHES.sub("-", text)).strip()


def _range(programme: str, text: str) -> SerialRange | None:
    for name, pattern in _formats():
        match = pattern.fullmatch(text)
        if not match:
            continue
        first, last = match["first"], match["last"]
        if int(first) > int(last) or (name == "prefix" and first.startswith("0") and len(first) != len(last)):
            return None
        series = (match["series"] or "").upper().strip(" -")
        held_by = BLANKS.sub("", programme).casefold() if name == "prefix" else name
        return SerialRange(f"{held_by}|{series}|{(match.groupdict().get('rest') or '')}", int(first), int(last))
    return None


def of_other_length(row: OffsetRow) -> bool | NDArray[np.bool_]:
    """Whether the tonnes of a row differ from what its ranges hold; an array where the row holds many mines."""
    ranges = serial_ranges(row.programme, row.serial)
    if not ranges:
        return False
    tonnes, length = convert(row.quantity.value, row.quantity.unit, "tCO2e"), sum(one.length for one in ranges)
    return np.abs(np.subtract(tonnes, length)) > TOLERANCE * length


def serial_problems(offsets: Sequence[OffsetRow]) -> Iterator[Problem]:
    """Ranges that do not hold the tonnes of their row, and numbers that stand in two rows."""
    for row in offsets:
        if bool(np.any(of_other_length(row))):
            length = sum(one.length for one in serial_ranges(row.programme, row.serial))
            yield Problem("serials_of_other_length", "offsets.csv", row.line, "quantity", row.quantity.datum.given,
                          {"length": length, "serial": row.serial})
    for (row, one), (before, other) in shared_numbers([(row, row.programme, row.serial) for row in offsets]):
        yield Problem("serials_overlap", "offsets.csv", row.line, "serial", row.serial,
                      {"first": max(one.first, other.first), "last": min(one.last, other.last), "line": before.line,
                       "serial": before.serial, "other": ""})


def shared_numbers(rows: Sequence[tuple[AnyHolder, str, str]]) -> Iterator[
        tuple[tuple[AnyHolder, SerialRange], tuple[AnyHolder, SerialRange]]]:
    """Pairs of ranges that share a number, the later one first; of the rows of one dossier or of several.

    Parameters
    ----------
    rows : sequence
        What holds a serial, with its programme and the serial.

    >>> rows = [("north", "r", "A-1-10"), ("south", "r", "A-11-20"), ("west", "r", "A-20-25")]
    >>> [(late, early), *_] = shared_numbers(rows)
    >>> late[0], early[0], early[1].last
    ('west', 'south', 20)
    """
    spans = sorted((one.series, one.first, one.last, place) for place, (_, programme, serial) in enumerate(rows)
                   for one in serial_ranges(programme, serial))
    for _, same in itertools.groupby(spans, key=lambda span: span[0]):
        furthest: tuple[str, int, int, int] | None = None
        for span in same:
            if furthest and span[1] <= furthest[2]:
                late, early = sorted((span, furthest), key=lambda one: one[3], reverse=True)
                yield (rows[late[3]][0], SerialRange(*late[:3])), (rows[early[3]][0], SerialRange(*early[:3]))
            if furthest is None or span[2] > furthest[2]:
                furthest = span


def unreadable_serials(offsets: Sequence[OffsetRow]) -> Iterator[Problem]:
    """Credits and allowances whose serial shows no range; a sink outside the boundary has no registry."""
    for row in offsets:
        if row.kind != "external-sink" and not serial_ranges(row.programme, row.serial):
            yield Problem("serial_not_parsed", "offsets.csv", row.line, "serial", row.serial)

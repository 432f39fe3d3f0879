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

from mineco.core.errors import Problem
from mineco.core.units import convert
from mineco.core.yaml_reading import kit_data
from mineco.dossier.rows import OffsetRow, ParcelRow

AnyHolder = TypeVar("AnyHolder")

DASHES = re.compile(r"[‐-―−－—]+|--+")
BLANKS = re.compile(r"\s+")
MARKS = re.compile(r"[\W_]+")  # between the letters and digits of a series
YEARS = range(1900, 2100)  # what stands first in the number of a report, such as 2024-0001
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
    known = kit_data("dossier/serials.yaml")
    return tuple((name, re.compile(one["pattern"], re.IGNORECASE)) for name, one in known.items())


@functools.lru_cache(maxsize=4096)
def serial_ranges(serial: str) -> tuple[SerialRange, ...]:
    """The ranges of a serial; none when a part of it shows no first and last number.

    A series is known by its text alone: what a row calls its programme makes no second tonne of a number.

    >>> serial_ranges("EX-F-2022-100001-195000")[0].length
    95000
    >>> serial_ranges("EX-E-2024-0001")
    ()
    """
    found = [_range(part) for part in _parts(serial)]
    return tuple(one for one in found if one) if all(found) else ()


def of_length(serial: str, tonnes: float) -> str:
    """The serial of another amount: one range from the same first number on; itself where no whole range is shown.

    >>> of_length("EX-F-2023-600001-600720", 880), of_length("EX-E-2024-0001", 5)
    ('EX-F-2023-600001-600880', 'EX-E-2024-0001')
    """
    text = _plain(serial)
    found = _read(text)
    if found is None or not serial_ranges(serial) or tonnes < 1 or tonnes % 1:
        return serial
    _, match = found
    last = str(int(match["first"]) + int(tonnes) - 1).zfill(len(match["last"]))
    return text[:match.start("last")] + last + text[match.end("last"):]


def _plain(serial: str) -> str:
    text = unicodedata.normalize("NFKC", serial.translate(WORDS))
    return BLANKS.sub(" ", DASHES.sub("-", text)).strip()


def _parts(serial: str) -> list[str]:
    return [part.strip() for part in _plain(serial).split(";") if part.strip()]


def _read(text: str) -> tuple[str, re.Match[str]] | None:
    """The format of a serial and its match."""
    return next(((name, match) for name, pattern in _formats() if (match := pattern.fullmatch(text))), None)


def _range(text: str) -> SerialRange | None:
    found = _read(text)
    if found is None:
        return None
    name, match = found
    first, last, groups = match["first"], match["last"], match.groupdict()
    alike = len(first) == len(last) or not (first.startswith("0") or groups.get("tail"))
    if int(first) > int(last) or (name == "prefix" and not alike):
        return None
    series = same_text(match["series"] or "")
    return SerialRange(f"{name}|{series}|{groups.get('rest') or ''}", int(first), int(last))


def same_text(serial: str) -> str:
    """What two serials share that a person would read as one: capitals and digits, with a dash between them.

    >>> same_text("abc /1") == same_text("ABC-1")
    True
    """
    return MARKS.sub("-", _plain(serial).upper()).strip("-")


def is_unproved(row: OffsetRow) -> bool:
    """Whether neither a range nor a file of the dossier shows the tonnes of a credit or allowance (reading R14)."""
    return row.kind != "external-sink" and not serial_ranges(row.serial) and not has_file(row)


def has_file(row: OffsetRow) -> bool:
    """Whether a file of the dossier proves a row, and not words alone."""
    return row.evidence.startswith("evidence/")


def _foreign_letters(serial: str) -> str:
    """Letters, digits and accents that are neither of a registry's alphabet nor Chinese: most look like another one."""
    return "".join(one for one in _plain(serial) if unicodedata.category(one)[0] in "LMN" and not one.isascii()
                   and not unicodedata.name(one, "").startswith("CJK"))


def _is_backwards(text: str) -> bool:
    """Whether the first number is the larger one of two of a length, and no year before the number of a report."""
    found = _read(text)
    if found is None:
        return False
    first, last = found[1]["first"], found[1]["last"]
    return len(first) == len(last) and int(first) > int(last) and int(first) not in YEARS


def of_other_length(row: OffsetRow) -> bool | NDArray[np.bool_]:
    """Whether the tonnes of a row differ from what its ranges hold; an array where the row holds many mines."""
    ranges = serial_ranges(row.serial)
    if not ranges:
        return False
    tonnes, length = convert(row.quantity.value, row.quantity.unit, "tCO2e"), sum(one.length for one in ranges)
    return np.abs(np.subtract(tonnes, length)) > TOLERANCE * length


def serial_problems(offsets: Sequence[OffsetRow]) -> Iterator[Problem]:
    """Serials that nobody can read, ranges that do not hold the tonnes of their row, numbers that stand in two rows."""
    for row in offsets:
        if foreign := _foreign_letters(row.serial):
            yield Problem("serial_of_mixed_letters", "offsets.csv", row.line, "serial", row.serial,
                          {"letters": " ".join(dict.fromkeys(foreign))})
        if any(map(_is_backwards, _parts(row.serial))):
            yield Problem("serial_backwards", "offsets.csv", row.line, "serial", row.serial)
        if bool(np.any(of_other_length(row))):
            length = sum(one.length for one in serial_ranges(row.serial))
            yield Problem("serials_of_other_length", "offsets.csv", row.line, "quantity", row.quantity.datum.given,
                          {"length": length, "serial": row.serial})
    for (row, one), (before, other) in shared_numbers([(row, row.serial) for row in offsets]):
        yield Problem("serials_overlap", "offsets.csv", row.line, "serial", row.serial,
                      {"first": max(one.first, other.first), "last": min(one.last, other.last), "line": before.line,
                       "serial": before.serial, "other": ""})


def shared_numbers(rows: Sequence[tuple[AnyHolder, str]]) -> Iterator[
        tuple[tuple[AnyHolder, SerialRange], tuple[AnyHolder, SerialRange]]]:
    """Pairs of ranges that share a number, the later one first; of the rows of one dossier or of several.

    Parameters
    ----------
    rows : sequence  What holds a serial, and the serial.

    >>> rows = [("north", "A-1-10"), ("south", "A-11-20"), ("west", "A-20-25")]
    >>> [(late, early), *_] = shared_numbers(rows)
    >>> late[0], early[0], early[1].last
    ('west', 'south', 20)
    """
    spans = sorted((one.series, one.first, one.last, place) for place, (_, serial) in enumerate(rows)
                   for one in serial_ranges(serial))
    for _, same in itertools.groupby(spans, key=lambda span: span[0]):
        furthest: tuple[str, int, int, int] | None = None
        for span in same:
            if furthest and span[1] <= furthest[2]:
                late, early = sorted((span, furthest), key=lambda one: one[3], reverse=True)
                yield (rows[late[3]][0], SerialRange(*late[:3])), (rows[early[3]][0], SerialRange(*early[:3]))
            if furthest is None or span[2] > furthest[2]:
                furthest = span


def sinks_of_own_parcels(offsets: Sequence[OffsetRow], parcels: Sequence[ParcelRow]) -> Iterator[Problem]:
    """Sinks outside the boundary that name a parcel inside it: its uptake is a removal already (reading R7)."""
    for row in offsets:
        parcel = next((one for one in parcels if row.kind == "external-sink"
                       and any(_names(row.project, name) for name in (one.id, one.name_zh, one.name_en))), None)
        if parcel:
            yield Problem("sink_is_own_parcel", "offsets.csv", row.line, "project", row.project,
                          {"parcel": parcel.id, "line": parcel.line})


def _names(text: str, name: str) -> bool:
    """Whether a text holds a name as words of its own; a bare number names nothing."""
    return bool(re.search(r"[^\W\d_]", name)) and bool(re.search(
        rf"(?<![a-z0-9]){re.escape(_plain(name).casefold())}(?![a-z0-9])", _plain(text).casefold()))


def unreadable_serials(offsets: Sequence[OffsetRow]) -> Iterator[Problem]:
    """Credits and allowances whose serial shows no range; a sink outside the boundary has no registry."""
    for row in offsets:
        if row.kind != "external-sink" and not serial_ranges(row.serial):
            message = "serial_unproved" if is_unproved(row) else "serial_not_parsed"
            yield Problem(message, "offsets.csv", row.line, "serial", row.serial)

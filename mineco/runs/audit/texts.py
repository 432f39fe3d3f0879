"""Texts held against each other word by word: the same words, and the same numbers but for rounding far below them."""

import base64
import binascii
import math
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from mineco.evaluation.record.compare import TOLERANCE

PICTURE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
BETWEEN_WORDS = re.compile(r"(\s+|[<>|,;()（），；：])")
NUMBER = re.compile(r"(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")
PICTURE_TOLERANCE = 1e-5  # of a coordinate, in points: six decimals, drawn by another processor
LONGEST = 60  # characters of a difference that are told

Phrases = Mapping[str, str]  # patterns of what may stand in one text, and what stands there in the other


def first_difference(ours: str, theirs: str, same: Phrases | None = None) -> tuple[str, str, bool] | None:
    """Two texts from where they first differ, and whether that is in a drawing; None where they are the same.

    Numbers may differ by rounding on another processor, in the pictures that are drawn of them by a hair; phrases of
    ours may be those of theirs.

    >>> first_difference("<td>1.0000000000001 t</td>", "<td>1.0 t</td>"), first_difference("below 60", "grade A")
    (None, ('below 60', 'grade A', False))
    >>> first_difference("numpy | 2.4.6", "numpy | 2.5.0", {"numpy . 2.4.6$": "numpy | 2.5.0"})
    """
    if ours == theirs:
        return None
    for phrase, other in (same or {}).items():
        ours = re.sub(phrase, other, ours)
    parts = zip_longest(_parts(ours), _parts(theirs), fillvalue=("", False))
    for (one, drawn), (other, too) in parts:
        if one != other:
            tolerance = PICTURE_TOLERANCE if drawn and too else 0.0
            words, others = BETWEEN_WORDS.split(one), BETWEEN_WORDS.split(other)
            for place, (word, second) in enumerate(zip_longest(words, others, fillvalue="")):
                if word != second and not _close(word, second, tolerance):
                    first, last = ("".join(told[place:])[:LONGEST] for told in (words, others))
                    return first, last, drawn and too
    return None


def first_other(ours: str, theirs: str) -> tuple[str, str] | None:
    """Where two texts first differ, whatever is blank in them: a line may break elsewhere on paper.

    >>> first_other("grade:\\n below", "grade: A")
    ('grade: below', 'grade: A')
    """
    one, other = "".join(ours.split()), "".join(theirs.split())
    if one == other:
        return None
    place = next((place for place, (mark, second) in enumerate(zip(one, other, strict=False)) if mark != second),
                 min(len(one), len(other)))
    return _around(ours, place), _around(theirs, place)


def _around(text: str, place: int) -> str:
    """The words around a place that is counted without blanks.

    >>> _around("Tiny quarry, 2024: a grade of C. 64.7 points of 100", 24)
    'quarry, 2024: a grade of C. 64.7 points of 100'
    """
    marks = [found.start() for found in re.finditer(r"\S", text)][max(0, place - LONGEST // 3):place + LONGEST]
    if not marks:
        return ""
    words = text[marks[0]:marks[-1] + 1].split()
    whole = marks[0] == 0 or text[marks[0] - 1].isspace() or len(words[0]) >= LONGEST // 3
    return " ".join(words if whole else words[1:])


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text between drawings, and the drawings, which HTML holds encoded."""
    for place, part in enumerate(PICTURE.split(text)):
        yield (_decoded(part), True) if place % 2 else (part, False)


def _decoded(picture: str) -> str:
    try:
        return base64.b64decode(picture, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return picture


def _close(word: str, other: str, tolerance: float) -> bool:
    """Whether two words are the same but for their numbers, and those nearly."""
    ours, theirs = NUMBER.split(word), NUMBER.split(other)
    return len(ours) == len(theirs) and all(one == second or (place % 2 == 1 and _near(one, second, tolerance))
                                            for place, (one, second) in enumerate(zip(ours, theirs, strict=True)))


def _near(one: str, other: str, tolerance: float) -> bool:
    first, second = float(one), float(other)
    return math.isfinite(first + second) and abs(first - second) <= max(
        TOLERANCE * max(abs(first), abs(second)), tolerance)

"""Two documents of results held against each other key by key, with types, and no number hidden behind a larger one."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOLERANCE = 1e-9  # of a number, or of the scale of what it was computed from: rounding on another processor
MISSING = "—"
IDS = ("id", "@id")  # of an item of ours, and of one of JSON-LD


@dataclass(frozen=True)
class Difference:
    """One place where two documents are not identical."""

    path: str
    ours: object
    theirs: object
    size: float  # relative; infinite where there are not two numbers of a type

    @property
    def matters(self) -> bool:
        """Whether it is more than rounding."""
        return not self.size <= TOLERANCE


def differences(ours: Any, theirs: Any, scale: Callable[[str], float] = lambda path: 0.0,
                path: str = "") -> Iterator[Difference]:
    """Every place where two documents read from JSON are not identical, in order.

    The items of a list are told apart by their ``id`` or ``@id``, where all have one of their own. The scale is by path
    the size of the numbers that a number is the difference of: a balance of nearly zero over millions of tonnes is
    compared with the millions.

    >>> [one.path for one in differences({"a": [1, 2.0], "b": 1}, {"a": [1, 2], "b": True})]
    ['a[1]', 'b']
    >>> [(one.path, one.ours, one.theirs) for one in differences({"a": {}}, {"a": {"b": 1, "c": 2}})]
    [('a', '—', 'b, c')]
    >>> [one.matters for one in differences({"a": 1.0, "b": math.nan}, {"a": 1.0 + 1e-12, "b": math.nan})]
    [False, True]
    """
    if type(ours) is not type(theirs):
        yield Difference(path, ours, theirs, math.inf)
    elif isinstance(ours, Mapping) and bool(ours) != bool(theirs):  # a whole part of the document, told by its keys
        told, other = (", ".join(map(str, one)) or MISSING for one in (ours, theirs))
        yield Difference(path, told, other, math.inf)
    elif isinstance(ours, Mapping):
        for key in dict.fromkeys([*ours, *theirs]):
            inner = f"{path}.{key}" if path else str(key)
            yield from _entry(ours, theirs, key, inner, scale)
    elif isinstance(ours, list):
        yield from _items(ours, theirs, scale, path)
    elif isinstance(ours, float):
        if ours != theirs:  # also where both are NaN
            yield Difference(path, ours, theirs, _relative(ours, theirs, scale(path)))
    elif ours != theirs:
        yield Difference(path, ours, theirs, math.inf)


def scales(trace: Mapping[str, Any]) -> Callable[[str], float]:
    """The scale of each result: the largest of the numbers in its unit that went into it directly.

    >>> quantities = [{"value": 0.0, "unit": "t", "inputs": {"parts": {"in": 1}}}, {"value": 3e6, "unit": "t"}]
    >>> scales({"results": {"balance": {"quantities": [0]}}, "quantities": quantities})("balance")
    3000000.0
    """
    quantities = trace.get("quantities", [])

    def of(path: str) -> float:
        told = trace.get("results", {}).get(path)
        return max((_scale(quantities, number) for number in told["quantities"]), default=0.0) if told else 0.0

    return of


def numbers_of(document: Any) -> Iterator[float]:
    """The floats of a document.

    >>> list(numbers_of({"a": [1.0, 2], "b": {"c": 3.0}}))
    [1.0, 3.0]
    """
    if isinstance(document, Mapping):
        document = list(document.values())
    if isinstance(document, list):
        for one in document:
            yield from numbers_of(one)
    elif isinstance(document, float):
        yield document


def _scale(quantities: Sequence[Mapping[str, Any]], number: int) -> float:
    made = quantities[number]
    inputs = [one for given in made.get("inputs", {}).values()
              for one in (given.values() if isinstance(given, Mapping) else [given])]
    return max((abs(quantities[one]["value"]) for one in inputs if quantities[one]["unit"] == made["unit"]),
               default=0.0)


def _entry(ours: Mapping[Any, Any], theirs: Mapping[Any, Any], key: Any, path: str,
           scale: Callable[[str], float]) -> Iterator[Difference]:
    if key in ours and key in theirs:
        yield from differences(ours[key], theirs[key], scale, path)
    else:
        yield Difference(path, ours.get(key, MISSING), theirs.get(key, MISSING), math.inf)


def _items(ours: list[Any], theirs: list[Any], scale: Callable[[str], float], path: str) -> Iterator[Difference]:
    order, other = _names(ours), _names(theirs)
    mine: dict[Any, Any]
    yours: dict[Any, Any]
    if order and other:
        if order != other and sorted(order) == sorted(other):
            yield Difference(path, ", ".join(order), ", ".join(other), math.inf)
        mine, yours = dict(zip(order, ours, strict=True)), dict(zip(other, theirs, strict=True))
    else:
        mine, yours = dict(enumerate(ours)), dict(enumerate(theirs))
    for key in dict.fromkeys([*mine, *yours]):
        yield from _entry(mine, yours, key, f"{path}[{key}]", scale)


def _names(items: list[Any]) -> list[str]:
    """What the items are called, each otherwise, by a key that all of them have; empty where they are not."""
    for key in IDS:
        given = [one.get(key) for one in items if isinstance(one, Mapping)]
        names = [name for name in given if isinstance(name, str)]
        if len(set(names)) == len(items):
            return names
    return []


def _relative(ours: float, theirs: float, scale: float) -> float:
    if not (math.isfinite(ours) and math.isfinite(theirs)):
        return math.inf
    against = max(abs(ours), scale)
    return abs(ours - theirs) / against if against else math.inf

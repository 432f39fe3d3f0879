"""Units: the closed list of ``parameters/units.txt``, spelt as people write them, converted by pint."""

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from numpy.typing import NDArray

from mineco.core.calls import argument_problems, complete_call
from mineco.core.errors import BadInput, Problem
from mineco.core.kit import parameters

if TYPE_CHECKING:  # pint takes a third of a second to import: only the first conversion pays it
    from pint import Quantity, UnitRegistry

AnyNumber = TypeVar("AnyNumber", float, NDArray, float | NDArray)

LONGEST = 60  # characters; no unit of any norm comes near
POWER_OF_TEN = re.compile(r"1(0{0,9})|10\^([1-9]|1[0-2])", re.ASCII)  # the only numbers that a unit holds
SPELLINGS = (  # what people write -> a name of units.txt, in this order
    (r"10([⁰¹²³⁴-⁹]+)", lambda found: "10^" + unicodedata.normalize("NFKC", found[1])),
    (r"m[3³]\s*[(（]\s*(15|20)\s*(?:°C|℃)\s*[)）]", r"m3_\1C"),
    (r"m[3³]\s*[(（]\s*0\s*(?:°C|℃)\s*[)）]", "Nm3"),
    (r"([kMG]W)\s?[·.⋅]\s?h\b", r"\1h"),
    (r"\b(t|kg) d\.m\.", r"\1_dm"),
    (r"CO2-?eq\b", "CO2e"),
    (r"°C|℃", "degC"),
    (r"[%％]", "percent"),
    (r"‰", "permille"),
    (r"[·⋅×]|(?<!\*)\*(?!\*)", " "),
)
TOKEN = re.compile(r"(\d+(?:\^\d+)?|[十百千]?万|亿)|([^\W\d万亿][^\W万亿]*)|([/()])|\s+")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WORDS = ("yuan", "person", "night")  # units that Chinese has words for; the others are symbols
COUNTING = {"万": "10^4", "十万": "10^5", "百万": "10^6", "千万": "10^7", "亿": "10^8"}


class _Unreadable(ValueError):
    """Not a unit; what it might have been meant for is looked up only where somebody is told."""


@functools.cache
def unit_names() -> frozenset[str]:
    """Every name and other spelling that ``parameters/units.txt`` defines.

    >>> {"t", "Nm3", "亩", "tCO2e"} <= unit_names()
    True
    """
    return frozenset(_spellings())


@functools.cache
def _spellings() -> dict[str, str]:
    """Every spelling in ``parameters/units.txt`` with the name that it stands for."""
    found: dict[str, str] = {}
    for line in (parameters() / "units.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, *spellings = (part.strip() for part in line.split("="))
            found |= dict.fromkeys((name, *spellings), name)
    return found


@functools.lru_cache(maxsize=4096)
def unit_words(unit: str, language: str) -> str:
    """A unit with its words in a language; what is no unit here stays as it is.

    >>> unit_words("m3/万元", "en"), unit_words("万t", "en"), unit_words("yuan/(person km)", "zh")
    ('m3/(10^4 yuan)', '10^4 t', '元/(人 km)')
    """
    if language == "zh":
        for word in WORDS:
            chinese = next(one for one, name in _spellings().items() if name == word and CHINESE.fullmatch(one))
            unit = re.sub(rf"\b{word}\b", chinese, unit)
        return unit
    unit = re.sub("|".join(COUNTING), lambda count: f"{COUNTING[count[0]]} ", unit)
    unit = CHINESE.sub(lambda word: _spellings().get(word[0], word[0]), unit)
    return re.sub(r"/(10\^\d+ [^\s/()]+)", r"/(\1)", unit).strip()


def is_known_unit(unit: str) -> bool:
    """Whether a unit can be read.

    >>> is_known_unit("GJ/(10^4 Nm3)"), is_known_unit("万kWh"), is_known_unit("furlong")
    (True, True, False)
    """
    try:
        _expression(unit)
    except _Unreadable:
        return False
    return True


def compatible(unit: str, to: str) -> bool:
    """Whether quantities in one unit can be expressed in the other.

    >>> compatible("万t", "kg"), compatible("tCO2", "tC"), compatible("m3", "Nm3")
    (True, False, False)
    """
    return _parsed(unit).dimensionality == _parsed(to).dimensionality


@complete_call
def convert(value: AnyNumber, unit: str, to: str) -> AnyNumber:
    """A value, or an array of values, in another unit.

    Parameters
    ----------
    value : float or array
    unit, to : str
        Spelt as in ``parameters/units.txt``: products with a blank, one division or several, powers of ten as 10^4.

    Raises
    ------
    BadInput
        ``unknown_unit``, or ``wrong_dimension`` where nothing but a factor could turn one into the other.

    >>> convert(3.5, "10^4 Nm3", "Nm3"), convert(15.0, "亩", "ha")
    (35000.0, 1.0)
    """
    if value is None or isinstance(value, str):  # asked for here and not by a decorator: of an array each number counts
        raise BadInput(Problem("argument_not_a_number", column="value", value=repr(value)))
    try:
        return value if unit == to else value * _ratio(unit, to)
    except (TypeError, ValueError):  # a list, which is no array, or a unit that is none
        units = {"unit": unit, "to": to}
        column, odd = next(((name, one) for name, one in units.items() if not isinstance(one, str)), ("value", value))
        message = "argument_not_a_number" if column == "value" else "argument_not_text"
        raise BadInput(Problem(message, column=column, value=repr(odd))) from None


@functools.lru_cache(maxsize=4096)
def _ratio(unit: str, to: str) -> float:
    odd = [*argument_problems("unit", unit, str), *argument_problems("to", to, str)]
    if odd:
        raise BadInput(odd)
    if not compatible(unit, to):
        raise BadInput(Problem("wrong_dimension", column="unit", value=unit, details={"name": to, "expected": to}))
    return float((_parsed(unit) / _parsed(to)).to("").magnitude)


@functools.cache
def _registry() -> "UnitRegistry":
    from pint import UnitRegistry
    return UnitRegistry(str(parameters() / "units.txt"))


@functools.lru_cache(maxsize=4096)
def _parsed(unit: str) -> "Quantity":
    registry = _registry()
    try:
        expression = _expression(unit)
    except _Unreadable:
        raise _unknown(unit) from None
    return registry.Quantity(1.0) * registry.parse_expression(expression)


@functools.lru_cache(maxsize=4096)
def _expression(unit: str) -> str:
    """The unit as an expression for pint, every bracket written out."""
    text = unit.strip()
    for written, name in SPELLINGS:
        text = re.sub(written, name, text)
    tokens = list(_tokens(unicodedata.normalize("NFKC", text), unit))
    expression = _product(tokens, unit)
    if tokens:
        raise _Unreadable
    return expression


def _tokens(text: str, unit: str) -> Iterator[str]:
    if not 0 < len(text) <= LONGEST:
        raise _Unreadable
    place = 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None or (found[2] and found[2] not in unit_names()):
            raise _Unreadable
        if found[1] and found[1][0].isdigit() and not POWER_OF_TEN.fullmatch(found[1]):
            raise _Unreadable  # "5 t" would be a quantity, and "t/0" nothing at all
        if token := found[0].strip():
            yield COUNTING.get(token, token)
        place = found.end()


def _product(tokens: list[str], unit: str) -> str:
    """Factors up to the end or a closing bracket; after a ``/`` a product must stand in brackets."""
    expression = _factor(tokens, unit)
    divided = False
    while tokens and tokens[0] != ")":
        if tokens[0] == "/":
            tokens.pop(0)
            divided = True
            expression += "/" + _factor(tokens, unit)
        elif divided:  # kg/ha yr may mean two things
            raise _Unreadable
        else:
            expression += "*" + _factor(tokens, unit)
    return expression


def _factor(tokens: list[str], unit: str) -> str:
    """A name, a product in brackets, or a number, which belongs to the name after it: GJ/10^4 Nm3."""
    token = tokens.pop(0) if tokens else ""
    if token == "(":
        inner = _product(tokens, unit)
        if not tokens or tokens.pop(0) != ")":
            raise _Unreadable
        return f"({inner})"
    if token[:1].isdigit():
        number = token.replace("^", "**")
        follows = tokens and tokens[0] not in "/)"
        if follows and tokens[0][0].isdigit():
            raise _Unreadable
        return f"({number}*{_factor(tokens, unit)})" if follows else f"({number})"
    if token in unit_names():
        return token
    raise _Unreadable


def _unknown(unit: str) -> BadInput:
    usual = ["t", "kg", "m3", "10^4 Nm3", "m3_20C", "MWh", "GJ", "ha"]
    close = difflib.get_close_matches(unit[:LONGEST], unit_names(), 5) or usual
    return BadInput(Problem("unknown_unit", column="unit", value=unit, details={"expected": ", ".join(close)}))

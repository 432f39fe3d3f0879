"""Numbers, units and texts as they are printed: the only place where a number is rounded."""

import math
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from mineco.core.labels import current_language
from mineco.core.units import unit_words

DASH = "—"  # where there is no value: a missing number is not zero
MOST_DIGITS = 17  # of a double
MOST_DECIMALS = 3  # of tonnes in a sum
EXACT = 12  # significant digits that hide binary noise and nothing that was measured
SMALLEST_PLAIN, LARGEST_PLAIN = 1e-6, 1e15  # beyond these a power of ten is easier to read
PLAIN = re.compile(r"-?\d+(\.\d+)?")  # as most numbers are typed
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def format_number(value: float | None, unit: str = "", digits: int = 4) -> str:
    """A number for the reader: significant digits, thousands apart, the unit behind it.

    Digits before the decimal point are never rounded away, so that sums of tonnes can be checked by eye.

    Parameters
    ----------
    value : float or None    A missing value (None or NaN) is shown as a dash.
    unit : str               Spelt as in the data; "1" is not shown.
    digits : int             Significant digits.

    >>> format_number(1234567.891, "tCO2e"), format_number(0.0123456), format_number(None)
    ('1,234,568 tCO₂e', '0.01235', '—')
    >>> format_number(7.56, "10^4 Nm3")
    '7.56×10⁴ Nm³'
    """
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    number = _whole(value) if isinstance(value, int) or value == 0 else _significant(float(value), digits)
    shown = unit_text(unit)
    return f"{number}×{shown}" if shown[:1].isdigit() else f"{number} {shown}".rstrip()


def format_exact(value: float | None, unit: str = "") -> str:
    """A number as it was given, unrounded, for the places where a reader computes along.

    >>> format_exact(42.652, "GJ/t"), format_exact(1250000.0), format_exact(0.1 + 0.2)
    ('42.652 GJ/t', '1,250,000', '0.3')
    """
    return format_number(value, unit, digits=EXACT)


def format_given(typed: str, unit: str = "") -> str:
    """A number with the digits that somebody typed, thousands apart; a sum of periods stays a sum.

    >>> format_given("9800.0", "t"), format_given("25.2", "10^4 Nm3"), format_given("10 + 15.2", "10^4 Nm3")
    ('9,800.0 t', '25.2×10⁴ Nm³', '(10 + 15.2)×10⁴ Nm³')
    """
    shown, is_plain = unit_text(unit), PLAIN.fullmatch(typed)
    number = f"{Decimal(typed):,}".replace("-", "−") if is_plain else typed
    if not shown[:1].isdigit():
        return f"{number} {shown}".strip()
    return f"{number}×{shown}" if is_plain else f"({number})×{shown}"


def format_percent(share: float | None, digits: int = 4) -> str:
    """A share of one as a percentage.

    >>> format_percent(0.8564), format_percent(None)
    ('85.64 %', '—')
    """
    return format_number(None if share is None else share * 100, "%", digits)


def format_rounded(value: float | None, unit: str = "", digits: int = 3) -> str:
    """A number in so many significant digits before the decimal point too: no more than it bears.

    >>> format_rounded(3_268_412.7, "tCO2e"), format_rounded(0.0), format_rounded(-12.345), format_rounded(None)
    ('3,270,000 tCO₂e', '0', '−12.3', '—')
    """
    if value is None or not math.isfinite(value) or value == 0:
        return format_number(value, unit)
    return format_number(round(float(value), digits - 1 - math.floor(math.log10(abs(value)))), unit, digits)


def round_alike(amounts: Sequence[float], digits: int = 3) -> list[float]:
    """Amounts of one sum with as many decimals as the smallest needs to show so many digits: they add up as printed.

    Digits before the decimal point are never rounded away. Zeros ask for no digit.

    >>> round_alike([205289.1, 4695.79, 200593.3]), round_alike([3295.386, 712.0, 2583.386, -36.614])
    ([205289.0, 4696.0, 200593.0], [3295.4, 712.0, 2583.4, -36.6])
    """
    places = [digits - 1 - math.floor(math.log10(abs(one))) for one in amounts if one]
    return [round(one, min(max([0, *places]), MOST_DECIMALS)) for one in amounts]


def decimals_of_sum(terms: Sequence[float], total: float) -> int:
    """How many decimals terms and their sum need to add up as printed.

    >>> decimals_of_sum([0.20132, 0.02843], 0.22975), decimals_of_sum([-1570.2, 20215.1], 18644.9)
    (5, 0)
    """
    places = [2 - math.floor(math.log10(abs(one))) for one in (*terms, total) if one]
    fewest = min(max([0, *places]), MOST_DECIMALS)
    return next((many for many in range(fewest, EXACT) if round(
        sum(round(one, many) for one in terms) - round(total, many), many) == 0), EXACT)


def format_change(value: float, decimals: int) -> str:
    """A change with its sign and so many decimals; no change has none.

    >>> format_change(20215.1, 0), format_change(-0.5, 2), format_change(0.0, 2)
    ('+20,215', '−0.50', '0')
    """
    return f"{value:+,.{decimals}f}".replace("-", "−") if value else "0"


def format_apart(value: float, cuts: Iterable[float], unit: str = "", digits: int = 4) -> str:
    """A number with as many digits as show on which side of each cut it lies: 79.999 % is not 80 %.

    >>> format_apart(79.9996, [80.0, 90.0], "%"), format_apart(80.0, [80.0], "%"), format_apart(0.0, [])
    ('79.9996 %', '80 %', '0')
    """
    sides = list(cuts)
    while digits < MOST_DIGITS and value and math.isfinite(value):
        shown = round(value, max(0, digits - 1 - math.floor(math.log10(abs(value)))))
        if all((shown >= cut) == (value >= cut) for cut in sides):
            break
        digits += 1
    return format_number(value, unit, digits)


def round_up(value: float, digits: int = 4) -> float:
    """The next number of so many digits that is not smaller; above them, the next whole one.

    >>> round_up(12421.3), round_up(0.123456), round_up(3.0), round_up(0.0)
    (12422.0, 0.1235, 3.0, 0.0)
    """
    return _rounded(value, digits, ROUND_CEILING)


def round_down(value: float, digits: int = 4) -> float:
    """The next number of so many digits that is not larger; above them, the next whole one.

    >>> round_down(12421.3), round_down(0.123456), round_down(3.0), round_down(-1.0)
    (12421.0, 0.1234, 3.0, 0.0)
    """
    return _rounded(value, digits, ROUND_FLOOR)


def round_up_roughly(value: float, digits: int = 3) -> float:
    """The next number of so many significant digits that is not smaller, above the decimal point too.

    >>> round_up_roughly(1_933_287.0), round_up_roughly(6.196), round_up_roughly(0.0)
    (1940000.0, 6.2, 0.0)
    """
    above = math.floor(math.log10(value)) + 1 if value > 0 else 0
    if above <= digits:
        return round_up(value, digits)
    step = 10 ** (above - digits)
    return float(math.ceil(value / step) * step)


def unit_text(unit: str) -> str:
    """A unit as it is printed, with its words in the language set: indices and powers raised or lowered, no "1".

    >>> unit_text("kgCO2e/(10^4 Nm3)"), unit_text("tC/(ha yr)"), unit_text("tCO2e/tC2F6"), unit_text("1")
    ('kgCO₂e/(10⁴ Nm³)', 'tC/(ha·yr)', 'tCO₂e/tC₂F₆', '')
    """
    if unit == "1":
        return ""
    text = unit_words(unit, current_language())
    text = re.sub(r"\^(-?\d+)", lambda power: power[1].translate(SUPERSCRIPTS), text)
    text = re.sub(r"(?<=CO|CH|_N)\d|(?<=F)\d+|(?<=C)\d+(?=F\d)", lambda index: index[0].translate(SUBSCRIPTS), text)
    text = re.sub(r"N2O", "N₂O", text)
    text = re.sub(r"(?<=m)[23](?![0-9])", lambda power: power[0].translate(SUPERSCRIPTS), text)
    text = text.replace("_20C", "(20 ℃)").replace("degC", "℃")
    return re.sub(r"(?<=[a-z]) (?=yr|a\b|km)", "·", text)


def tex_number(value: float | None, digits: int = EXACT) -> str:
    r"""A number inside a formula, unrounded unless fewer digits are asked for.

    >>> tex_number(1250000.0), tex_number(-2.5), tex_number(2.5e-9)
    ('1\\,250\\,000', '(-2.5)', '2.5 \\times 10^{-9}')
    """
    text = format_number(value, digits=digits).replace("−", "-").replace(",", r"\,")
    mantissa, _, power = text.partition("×10")
    if power:
        text = mantissa + r" \times 10^{" + power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) + "}"
    return f"({text})" if text.startswith("-") else text


def _rounded(value: float, digits: int, way: str) -> float:
    """An amount with so many digits; there is none below zero."""
    if value <= 0:
        return 0.0
    places = max(digits - 1 - math.floor(math.log10(value)), 0)
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), rounding=way))


def _whole(value: float) -> str:
    return f"{int(value):,}".replace("-", "−")


def _significant(value: float, digits: int) -> str:
    exponent = math.floor(math.log10(abs(value)))
    if not SMALLEST_PLAIN <= abs(value) < LARGEST_PLAIN:
        mantissa = f"{value / 10.0**exponent:.{digits - 1}f}".rstrip("0").rstrip(".")
        return f"{mantissa}×10{str(exponent).translate(SUPERSCRIPTS)}".replace("-", "−")
    text = f"{value:,.{max(0, digits - 1 - exponent)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")

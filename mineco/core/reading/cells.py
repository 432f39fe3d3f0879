"""Numbers, years, dates and times as people write them in cells; never a guess."""

import datetime
import math
import re

from mineco.core.errors import BadInput, Problem

FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    0xFF0E: ".", 0xFF0C: ",", 0xFF0D: "-", 0xFF0B: "+", 0xFF05: "%", 0x2212: "-"}
NOTHING = ("无", "没有", "不详", "未知", "不清楚", "不知道", "待定", "待补", "暂无", "-", "--", "–", "—", "——",
           "/", "／", "\\", "n/a", "na", "none", "nil", "unknown", "tbd", "?", "？")  # zero, or unknown?
NUMBER = re.compile(r"([-+]?(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?)\s*(%?)", re.ASCII)


def read_number(text: str, unit: str = "") -> float:
    """A number as people write it in Chinese and English tables, or a refusal; never a guess.

    Full-width digits and thousands separators in groups of three are read. A percent sign is read where the unit
    is ``%`` (the number stays) or ``1`` (divided by 100), and refused elsewhere. Decimal commas are refused.

    >>> read_number("1,234,567.5"), read_number("８５．５"), read_number("85%", "1"), read_number("85 %", "%")
    (1234567.5, 85.5, 0.85, 85.0)
    >>> read_number("1,5")
    Traceback (most recent call last):
    mineco.core.errors.BadInput: 1,5: is not a number. Write 1234.5 or 1,234.5; the unit goes into its own column.
    """
    found = NUMBER.fullmatch(text.strip().translate(FULL_WIDTH))
    if found is None or len(text) > 60:
        raise BadInput(Problem(_why_no_number(text), value=text))
    number = float(found[1].replace(",", ""))
    if not math.isfinite(number):
        raise BadInput(Problem("not_a_number", value=text))
    if found[2] and unit not in ("%", "1"):
        raise BadInput(Problem("percent_not_share", value=text, details={"unit": unit}))
    return number / 100 if found[2] and unit == "1" else number


def _why_no_number(text: str) -> str:
    """The message for a text that is none."""
    if looks_like_date(text):
        return "date_in_place"
    return "word_for_nothing" if text.strip().translate(FULL_WIDTH).casefold() in NOTHING else "not_a_number"


def read_year(text: str) -> int:
    """A year in four digits, from 1900 to 2100.

    >>> read_year("2024")
    2024
    """
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not 1900 <= int(text) <= 2100:
        raise BadInput(Problem("not_a_year", value=text))
    return int(text)


SPAN = re.compile(r"(\d+)(?:\s*(?:\.\.+|…|-|–|—|~|～|至|到|to)\s*(\d+))?", re.ASCII)
LONGEST = 10_000  # numbers in a row


def read_span(text: str) -> tuple[int, ...]:
    """A whole number, or all from a first to a last one; several of them separated by semicolons.

    >>> read_span("7"), read_span("1..4"), read_span("1–3；12"), read_span("2013至2015")
    ((7,), (1, 2, 3, 4), (1, 2, 3, 12), (2013, 2014, 2015))
    """
    numbers: list[int] = []
    for part in re.split(r"[;；]", text.strip(";； ").translate(FULL_WIDTH)):
        found = SPAN.fullmatch(part.strip())
        first, last = (int(found[1]), int(found[2] or found[1])) if found and len(part) < 40 else (1, 0)
        if not 0 <= last - first < LONGEST:
            raise BadInput(Problem("date_in_span" if looks_like_date(text) else "not_a_span", value=text))
        numbers += range(first, last + 1)
    return tuple(numbers)


def read_years(text: str) -> tuple[int, ...]:
    """A year, or all from a first to a last one; several of them separated by semicolons.

    >>> read_years("1982..1984"), read_years("2013; 2015")
    ((1982, 1983, 1984), (2013, 2015))
    """
    try:
        return tuple(read_year(str(one)) for one in read_span(text))
    except BadInput as error:
        raise BadInput(Problem("not_a_year", value=text)) from error


DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日)"
                  r"(?:[ T]0{1,2}:00(?::00)?)?", re.ASCII)
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
SHOWN_DATE = re.compile(rf"\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}-({MONTHS})(-\d{{2,4}})?|({MONTHS})-\d{{2}}",
                        re.ASCII | re.IGNORECASE)
SERIAL = re.compile(r"[34]\d{4}", re.ASCII)  # the number by which Excel keeps a day from 1982 to 2036


def looks_like_date(text: str) -> bool:
    """Whether a text is a date, or what Excel shows of one that it made of 1/2.

    >>> looks_like_date("1月2日"), looks_like_date("2-Jan"), looks_like_date("2026-01-02"), looks_like_date("1/2")
    (True, True, True, False)
    """
    return bool(DATE.fullmatch(text.strip()) or SHOWN_DATE.fullmatch(text.strip()))


def read_date(text: str) -> datetime.date:
    """A date as year, month and day: in the form of ISO 8601, with slashes or points as Excel writes it, or 年月日.

    >>> read_date("2025-03-31"), read_date("2025/3/3"), read_date("2025年3月3日")
    (datetime.date(2025, 3, 31), datetime.date(2025, 3, 3), datetime.date(2025, 3, 3))
    """
    if found := DATE.fullmatch(text.strip()):
        try:
            return datetime.date(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]))
        except ValueError:
            pass  # the 31st of February and its like are refused below with the rest
    raise BadInput(Problem("date_as_serial" if SERIAL.fullmatch(text) else "not_a_date", value=text))


def read_time(text: str) -> datetime.datetime:
    """A time of day in the form of ISO 8601, with its distance from universal time.

    >>> read_time("2025-03-31T09:30:00+08:00").utcoffset()
    datetime.timedelta(seconds=28800)
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}", text, re.ASCII):
        try:
            return datetime.datetime.fromisoformat(text)
        except ValueError:
            pass  # refused below with the rest
    raise BadInput(Problem("not_a_time", value=text))

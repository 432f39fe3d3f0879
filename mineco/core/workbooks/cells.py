"""A cell of a workbook as the text that a CSV of the same table would hold. Knows nothing but openpyxl."""

import datetime
import decimal
import re
from typing import Any

FORMULA = "\0"  # before a formula, or an error of one: no text from a workbook has it
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # what a number format shows as it stands, and its colours
PADDED = re.compile(r'(?:"(?P<before>[^"]*)")?(?P<zeros>0{2,})')  # 00000 or "M"0000: zeros that belong to an id
EXACT = decimal.Context(prec=15)  # digits that a workbook keeps of a number


def cell_text(cell: Any) -> str:
    """What a cell says: 0.4 that shows as 40 % is ``40%``, 7 that shows as 0007 is ``0007``, a date is ISO 8601.

    A formula has no value of its own, and the one stored beside it may be stale: it comes marked.
    """
    value = cell.value
    if cell.data_type in ("f", "e"):
        return f"{FORMULA}{value}"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, int | float):
        return number_text(value, cell.number_format or "")
    return str(value).strip()


def number_text(value: float, number_format: str) -> str:
    """A number under a format, as far as the format changes what it says.

    >>> number_text(0.4, "0%"), number_text(7, "00000"), number_text(5.0, "#,##0.00"), number_text(0.1, "General")
    ('40%', '00007', '5', '0.1')
    """
    padded = PADDED.fullmatch(number_format)
    if padded and value >= 0 and float(value).is_integer():
        return f"{padded['before'] or ''}{int(value):0{len(padded['zeros'])}d}"
    if "%" in QUOTED.sub("", number_format):
        return f"{(EXACT.create_decimal(repr(value)) * 100).normalize():f}%"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)

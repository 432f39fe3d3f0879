"""Cells of a workbook: numbers that are read again as they were typed, texts that no program makes a date of."""

import re
from collections.abc import Sequence
from typing import Any

from mineco.core.workbooks.cells import number_text

NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.(?P<decimals>\d+))?(?P<percent>%)?", re.ASCII)
MOST_DIGITS = 11  # of a number that a cell shows in full
WIDTH, WIDEST = 16, 60  # characters


def write_table(sheet: Any, heading: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A heading that stays in view, and the rows."""
    from openpyxl.styles import Font

    for number, row in enumerate([heading, *rows], start=1):
        for place, value in enumerate(row, start=1):
            put(sheet.cell(number, place), value)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        longest = max((len(str(row[cell.column - 1])) for row in rows), default=0)
        sheet.column_dimensions[cell.column_letter].width = min(max(WIDTH, longest), WIDEST)
    sheet.freeze_panes = "A2"


def put(cell: Any, value: Any) -> None:
    """Write a value, or one with its format; what is text says so, so that Excel does not make a date of it."""
    value, cell.number_format = value if isinstance(value, tuple) else (
        value, "@" if isinstance(value, str) else "General")
    cell.value = value if value != "" else None
    if isinstance(value, str) and value:
        cell.data_type = "s"  # also of a text that begins with =


def cell_value(text: str) -> tuple[str | int | float, str]:
    """What a cell holds, and its format: a number where the same text is read of it again, else the text.

    >>> cell_value("0.64"), cell_value("40%"), cell_value("5.0"), cell_value("1,234"), cell_value("01")
    ((0.64, 'General'), (0.4, '0%'), ('5.0', '@'), ('1,234', '@'), ('01', '@'))
    """
    found = NUMBER.fullmatch(text)
    if found and len(text) <= MOST_DIGITS:
        number: int | float = float(text.removesuffix("%")) if "." in text or found["percent"] else int(text)
        shown = "General"
        if found["percent"]:
            number = float(number) / 100
            shown = f"0.{'0' * len(found['decimals'])}%" if found["decimals"] else "0%"
        if number_text(number, shown) == text:
            return number, shown
    return text, "@"

"""A workbook whose formulas count again in Excel and LibreOffice, the same bytes whenever written.

Each formula comes with the number that the evaluation found, so that a viewer which does not calculate shows it too.
"""

import io
import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unicodedata import east_asian_width

from mineco.core.formatting import DASH

FEW, SMALL, TINY = 1000, 0.01, 1e-4  # numbers from these on are shown with two decimals, with four, with six
FONT, LINE = "Calibri", 15  # of all cells, and the height of a line [pt]
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
NAME = "mineco"  # of who made the file
CELL = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f>.*?</f>)?<v(?: ?/>|>[^<]*</v>)</c>', re.DOTALL)
HEAD, INPUT = "FFE7E6E6", "FF1F4E9E"  # behind a heading; of the numbers that are put in


@dataclass(frozen=True)
class Formula:
    """What a cell computes, without the equals sign, and what that came to in the evaluation."""

    text: str
    value: float | str


Cell = str | float | Formula | None


@dataclass
class LiveSheet:
    """A sheet as it grows row by row, which knows how other cells refer to its own.

    >>> sheet = LiveSheet("Ledger", (20, 12))
    >>> sheet.add("offsets", 5.0)
    1
    >>> sheet.at("B", 1), sheet.at("B", 1, 3)
    ("'Ledger'!$B$1", "'Ledger'!$B$1:$B$3")
    """

    title: str
    widths: Sequence[float]  # of its columns, in characters
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)  # numbers of the rows that are headings

    def add(self, *cells: Cell) -> int:
        """A row more, in which a number that is not known is a dash; its number."""
        self.rows.append(tuple(DASH if isinstance(one, float) and not math.isfinite(one) else one for one in cells))
        return len(self.rows)

    def head(self, *cells: Cell) -> int:
        """A row of headings; its number."""
        self.heads.add(self.add(*cells))
        return len(self.rows)

    def at(self, column: str, row: int, last: int | None = None) -> str:
        """The address of a cell, or of the cells of a column down to a last one, from any sheet."""
        first = f"'{self.title}'!${column}${row}"
        return first if last is None else f"{first}:${column}${last}"


def live_workbook(sheets: Sequence[LiveSheet], day: date) -> bytes:
    """The workbook as a file that is dated like the report.

    A text is a text, whatever it begins with: none becomes a formula, in this program or in another.

    >>> sheet = LiveSheet("a", (9,))
    >>> _ = sheet.add("=1+1"), sheet.add(Formula("1+1", 2.0))
    >>> import openpyxl
    >>> made = live_workbook([sheet], date(2025, 6, 30))
    >>> [cell.value for cell in openpyxl.load_workbook(io.BytesIO(made), data_only=True)["a"]["A"]]
    ['=1+1', 2.0]
    """
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    book.calculation.fullCalcOnLoad = True
    book.properties.creator = NAME
    for sheet in sheets:
        _write(book.create_sheet(sheet.title), sheet)
    packed = io.BytesIO()
    book.save(packed)
    return _settled(packed, sheets, day)


def _write(page: Any, sheet: LiveSheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for number, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    head, grey, blue = Font(FONT, 11, bold=True), PatternFill("solid", fgColor=HEAD), Font(FONT, 11, color=INPUT)
    for row, cells in enumerate(sheet.rows, start=1):
        page.row_dimensions[row].height = LINE * max(map(_lines, cells, sheet.widths), default=1)
        for column, given in enumerate(cells, start=1):
            if given is None:
                continue
            cell = page.cell(row, column)
            told = given.value if isinstance(given, Formula) else given
            if isinstance(given, Formula):
                cell.value = f"={given.text}"
            elif isinstance(given, str):
                put_text(cell, given)
            else:
                cell.value, cell.font = float(given), blue
            if isinstance(told, str):
                cell.alignment = Alignment("left", "top", wrap_text=True, indent=1)
            else:
                cell.alignment = Alignment(vertical="top")
                cell.number_format = _number_format(float(told))
            if row in sheet.heads:
                cell.font, cell.fill = head, grey


def _lines(cell: Cell, width: float) -> int:
    """How many lines a text takes in a column: no program finds that out for a file that it has not made."""
    wide = sum(2 if east_asian_width(mark) in "WF" else 1 for mark in cell) if isinstance(cell, str) else 0
    return max(1, math.ceil(wide / (width - 3)))


def _number_format(value: float) -> str:
    """How a number is shown; the cell keeps all its digits."""
    if value.is_integer() and abs(value) < FEW:
        return "General"
    if 0 < abs(value) < SMALL:
        return "0.000000" if abs(value) >= TINY else "0.000E+00"
    return "#,##0.00" if abs(value) >= FEW else "0.0000"


def put_text(cell: Any, text: str) -> None:
    """A text that stays one: marked as such, and quoted where a program might take it for more when it is edited."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in ("=", "+", "-", "@", "\t", "\r")


def _settled(packed: io.BytesIO, sheets: Sequence[LiveSheet], day: date) -> bytes:
    """The file with what its formulas come to, and without the time at which it was written."""
    out, time = io.BytesIO(), f"{day.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(packed) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in given.namelist():
            data = given.read(name)
            if name == "docProps/core.xml":
                data = TIMES.sub(rb"\g<1>" + time, data)
            elif number := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                data = _with_values(data, sheets[int(number[1]) - 1])
            kept.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_values(data: bytes, sheet: LiveSheet) -> bytes:
    """The XML of a sheet with a value behind each formula, and with all digits of each number: openpyxl keeps 16."""
    from xml.sax.saxutils import escape

    from openpyxl.utils.cell import coordinate_to_tuple

    def told(found: re.Match[bytes]) -> bytes:
        row, column = coordinate_to_tuple(found[1].decode())
        given = sheet.rows[row - 1][column - 1]
        value = given.value if isinstance(given, Formula) else given
        kind, text = (b' t="str"', escape(value)) if isinstance(value, str) else (b"", repr(float(value or 0.0)))
        return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (found[1], found[2], kind, found[3] or b"", text.encode())

    return CELL.sub(told, data)

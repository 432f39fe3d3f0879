"""How a sheet to fill in looks and helps: what is to be filled is yellow until it is, with lists to choose from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mineco.core.workbooks import column_letters
from mineco.core.writing import text_width
from mineco.runs.blanks.writing import cell_value, put

FONTS = {"zh": "等线", "en": "Calibri"}  # of Excel in each language
DARK, GREY, TO_FILL, READY, RULE = "1F3864", "7F7F7F", "FFF2CC", "F2F2F2", "BFBFBF"
PRESET, PRESET_TEXT = "DDEBF7", "1F4E9E"
HEAD, SECTION = "D9E2F3", "EDF1F9"
LOOKS = {"open": ("000000", ""), "ready": (GREY, READY), "preset": (PRESET_TEXT, PRESET), "hint": (GREY, ""),
         "section": (DARK, SECTION)}  # colours of text and of what is behind it
LINE = 16.5  # height of a line [pt]
HEADING = 2  # row; a title stands above
WARNED = 225  # characters that Excel shows of a warning


@dataclass
class Book:
    """A workbook to be filled in, and the hidden sheet of the lists that its drop-downs offer."""

    language: str
    lists_name: str
    warning: str  # where a cell holds what its list does not
    packed: Any = None
    named: dict[tuple[str, ...], str] = field(default_factory=dict)  # lists by what they offer

    def __post_init__(self) -> None:
        import openpyxl

        self.packed = openpyxl.Workbook()
        self.packed.remove(self.packed.active)
        self.lists = self.packed.create_sheet(self.lists_name)
        self.lists.sheet_state = "hidden"

    def page(self, title: str) -> "Page":
        """A new sheet before that of the lists."""
        return Page(self, self.packed.create_sheet(title, len(self.packed.sheetnames) - 1))

    def name(self, name: str, sheet: Any, cells: str) -> None:
        """Give a range a name, which rules and lists of other sheets know it by in every version of Excel."""
        from openpyxl.workbook.defined_name import DefinedName

        quoted = sheet.title.replace("'", "''")
        self.packed.defined_names[name] = DefinedName(name, attr_text=f"'{quoted}'!{cells}")

    def list_of(self, offered: Sequence[str]) -> str:
        """The name of a list, written once."""
        known = tuple(offered)
        if known not in self.named:
            self.named[known] = self.write_list(f"choices_{len(self.named) + 1}", offered)
        return self.named[known]

    def write_list(self, name: str, offered: Sequence[str]) -> str:
        """Write a list into the next column, with its name above."""
        place = self.lists.max_column + 1 if self.lists["A1"].value else 1
        for row, text in enumerate([name, *offered], start=1):
            put(self.lists.cell(row, place), cell_value(text))  # a number is chosen as one
        letters = column_letters(place)
        self.name(name, self.lists, f"${letters}$2:${letters}${len(offered) + 1}")
        return name


@dataclass
class Page:
    """A sheet under way."""

    book: Book
    sheet: Any

    def font(self, **said: Any) -> Any:
        """A font of the workbook's language."""
        from openpyxl.styles import Font

        return Font(name=FONTS[self.book.language], **{"size": 11, **said})

    def title(self, text: str) -> None:
        """The line above the heading, over blank cells."""
        put(self.sheet["A1"], text)
        self.sheet["A1"].font = self.font(bold=True, color=DARK, size=12)
        self.sheet.row_dimensions[1].height = 24

    def heading(self, names: Sequence[str], widths: Sequence[float], frozen: str) -> None:
        """The heading stays in view and is printed on each page, a page wide, on its side."""
        from openpyxl.styles import Alignment, PatternFill

        for column, (name, room) in enumerate(zip(names, widths, strict=True), start=1):
            cell = self.sheet.cell(HEADING, column)
            put(cell, name)
            cell.font, cell.border = self.font(bold=True), self.border()
            cell.fill = PatternFill("solid", fgColor=HEAD)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            self.sheet.column_dimensions[cell.column_letter].width = room
        self.sheet.row_dimensions[HEADING].height = LINE * max(
            math.ceil(text_width(name) / room) for name, room in zip(names, widths, strict=True)) + 4
        self.sheet.freeze_panes = frozen
        self.sheet.print_title_rows = f"1:{HEADING}"
        self.on_paper()

    def on_paper(self) -> None:
        """Landscape, a page wide."""
        setup = self.sheet.page_setup
        setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", 9, 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def border(self) -> Any:
        """Thin lines around a cell."""
        from openpyxl.styles import Border, Side

        line = Side("thin", color=RULE)
        return Border(line, line, line, line)

    def write(self, row: int, column: int, value: Any, look: str = "open", remark: str = "") -> None:
        """A cell to be filled (open), ready, proposed (preset), that explains (hint), or that begins a section."""
        from openpyxl.styles import Alignment, PatternFill

        cell = self.sheet.cell(row, column)
        put(cell, value)
        cell.font = self.font(bold=look == "section", color=LOOKS[look][0],
                              size=10 if look == "hint" else 11)
        cell.alignment = Alignment(vertical="center", wrap_text=look != "section", horizontal=None
                                   if look == "open" and isinstance(cell.value, int | float) else "left")
        if fill := LOOKS[look][1]:
            cell.fill = PatternFill("solid", fgColor=fill)
        if look != "section":
            cell.border = self.border()
        if remark:
            self.remark(row, column, remark)

    def remark(self, row: int, column: int, text: str) -> None:
        """A comment that shows all of its text."""
        from openpyxl.comments import Comment

        lines = sum(math.ceil(text_width(line) / 46) for line in text.split("\n"))
        self.sheet.cell(row, column).comment = Comment(text, "mineco", height=24 + 18 * lines, width=340)

    def fit_row(self, row: int, texts: Mapping[int, str]) -> None:
        """As high as the longest of its texts needs, by column."""
        rooms = {column: self.sheet.column_dimensions[column_letters(column)].width for column in texts}
        self.sheet.row_dimensions[row].height = LINE * max(
            [1, *(math.ceil(text_width(text) / rooms[column]) for column, text in texts.items())]) + 3

    def mark_blank(self, cells: str, rule: str) -> None:
        """Cells that are yellow as long as a rule holds, such as that they are blank."""
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import PatternFill

        self.sheet.conditional_formatting.add(cells, FormulaRule(
            [rule], fill=PatternFill("solid", bgColor=TO_FILL, fgColor=TO_FILL)))

    def offer(self, cells: str, formula: str, strict: bool = True) -> None:
        """A drop-down. What is not in it is asked about and may stay, since more is read than is offered."""
        from openpyxl.worksheet.datavalidation import DataValidation

        chosen = DataValidation("list", formula1=formula, allow_blank=True, errorStyle="warning",
                                showErrorMessage=strict, error=self.book.warning[:WARNED])
        for one in cells.split():
            chosen.add(one)
        self.sheet.add_data_validation(chosen)

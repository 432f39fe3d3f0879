"""What writes a copy of a workbook with marks at its cells, or with more in them, in a process with limits: an order
comes in, an answer goes out, a line of JSON each.

A mark is a comment and a fill. The fill is a conditional format, so that the cell keeps its own and both go again with
the next marking; a comment that stood there stays above.
"""

import copy
import json
import sys
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from mineco.core.workbooks.child import answer, limit_memory, told_why
from mineco.core.workbooks.live import FONT, HEAD, NAME, put_text

BEGIN = f"── {NAME} ──"  # of what stands in a comment of ours
ALWAYS = f'"{NAME}"="{NAME}"'  # the condition of a fill of ours
FILLS = {"problem": "FFFFC7CE", "notice": "FFFFEB9C"}
WIDE, LINE, IN_LINE = 360, 20, 44  # pixels of a comment, of a line of it, and characters in that
LIST = ((6, 12, 26, 110), 2)  # widths of the columns of the list, and of which one the cells are links
CONTROLS = ("ctrlProps/", "activeX/", "slicers/", "embeddings/", "timelines/", "connections", "queryTables/")


def written(order: dict[str, Any]) -> list[str]:
    """Write the copy; ids of what it lacks of the workbook."""
    import openpyxl

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        book = openpyxl.load_workbook(order["source"], rich_text=True)
    if "cells" in order:
        for sheet, cells in order["cells"].items():
            _fill(book[sheet], cells)
    else:
        _mark_all(book, order)
    book.save(order["target"])
    return sorted(_lost(order["source"], order["target"], [str(one.message) for one in told]))


def _fill(sheet: Any, cells: Sequence[tuple[str, str | float, str]]) -> None:
    """Write values; a cell looks like the one that is named beside it, where it has no look of its own."""
    for place, value, like in cells:
        cell, model = sheet[place], sheet[like]
        if not cell.has_style and model.has_style:
            cell._style = copy.copy(model._style)
        if isinstance(value, str):
            put_text(cell, value)
        else:
            cell.value, cell.number_format = value, "General"


def _mark_all(book: Any, order: dict[str, Any]) -> None:
    """Take away the marks of an earlier marking, mark the cells, and list them."""
    for sheet in book.worksheets:
        if sheet.title.strip().lower() in order["titles"]:
            book.remove(sheet)
        else:
            _unmark(sheet)
    for mark in order["marks"]:
        mark["sheet"] = next((name for name in mark["sheets"] if name in book.sheetnames), "")
    for sheet in book.worksheets:
        _mark(sheet, [one for one in order["marks"] if one["sheet"] == sheet.title])
    _list(book, order)


def _unmark(sheet: Any) -> None:
    """Take what an earlier marking left out of a sheet."""
    from openpyxl.formatting.formatting import ConditionalFormattingList

    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment and BEGIN in cell.comment.text:
                _comment(cell, cell.comment.text.partition(BEGIN)[0].rstrip("\n"), cell.comment.author)
    kept = ConditionalFormattingList()
    for some in sheet.conditional_formatting:
        for rule in some.rules:
            if rule.formula != [ALWAYS]:
                kept.add(str(some.sqref), rule)
    sheet.conditional_formatting = kept


def _mark(sheet: Any, marks: Sequence[dict[str, Any]]) -> None:
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    texts: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for mark in marks:
        for place in dict.fromkeys(_holder(sheet, place) for place in mark["cells"]):
            texts.setdefault(place, []).append(mark["text"])
            kinds[place] = "problem" if "problem" in (mark["kind"], kinds.get(place)) else mark["kind"]
    for place, said in texts.items():
        before = sheet[place].comment
        told = "\n".join([BEGIN, *said])
        _comment(sheet[place], f"{before.text}\n{told}" if before else told, before.author if before else NAME)
    others = [rule for some in sheet.conditional_formatting for rule in some.rules]
    for rule in others if texts else ():
        rule.priority += len(FILLS)
    for priority, (kind, colour) in enumerate(FILLS.items(), start=1):
        from openpyxl.formatting.rule import Rule

        places = [place for place in texts if kinds[place] == kind]
        if places:
            fill = DifferentialStyle(fill=PatternFill(bgColor=colour))
            sheet.conditional_formatting.add(" ".join(places), Rule(
                "expression", dxf=fill, formula=[ALWAYS], priority=priority, stopIfTrue=True))


def _holder(sheet: Any, place: str) -> str:
    """The cell itself, or the first of the merged cells that it is one of."""
    for merged in sheet.merged_cells.ranges:
        if place in merged:
            return str(merged.start_cell.coordinate)
    return place


def _comment(cell: Any, text: str, author: str) -> None:
    from openpyxl.comments import Comment

    lines = sum(1 + len(line) // IN_LINE for line in text.splitlines())
    cell.comment = Comment(text, author, LINE * (lines + 1), WIDE) if text else None


def _list(book: Any, order: dict[str, Any]) -> None:
    """The sheet with all marks, before the others, each with a link to its cell."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    page = book.create_sheet(order["title"], 0)
    widths, linked = LIST
    for number, width in enumerate(widths, start=1):
        page.column_dimensions["ABCD"[number - 1]].width = width
    rows = [[str(number), order["kinds"][one["kind"]], _place(one), one["text"]]
            for number, one in enumerate(order["marks"], start=1)]
    for number, row in enumerate([order["heading"], *rows], start=1):
        for column, text in enumerate(row):
            cell = page.cell(number, column + 1)
            put_text(cell, text)
            cell.alignment = Alignment("left", "top", wrap_text=True)
            if number == 1:
                cell.font, cell.fill = Font(FONT, 11, bold=True), PatternFill("solid", fgColor=HEAD)
                continue
            mark = order["marks"][number - 2]
            if column == 1:
                cell.fill = PatternFill("solid", fgColor=FILLS[mark["kind"]])
            if column == linked and mark["sheet"]:
                name, at = mark["sheet"].replace("'", "''"), next(iter(mark["cells"]), "A1")
                cell.hyperlink = Hyperlink(cell.coordinate, location=f"'{name}'!{at}")
                cell.font = Font(FONT, 11, underline="single", color="FF0563C1")
    page.freeze_panes = "A2"
    book.active = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is page  # else what is typed into one goes into all that are selected


def _place(mark: dict[str, Any]) -> str:
    return "!".join(filter(None, (mark["sheet"], ", ".join(mark["cells"]) if mark["sheet"] else "")))


def _lost(source: str, target: str, warned: Sequence[str]) -> Iterator[str]:
    """What openpyxl does not write again."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target) as after:
        names, kept = before.namelist(), after.namelist()
        drawn = [before.read(one) for one in names if one.startswith("xl/drawings/drawing")]
    if any(one.endswith("vbaProject.bin") for one in names):
        yield "lost_macros"
    if any(b":sp>" in one or b":grpSp>" in one for one in drawn):
        yield "lost_shapes"
    if any("threadedComments/" in one for one in names):
        yield "lost_threads"
    if any("extension is not supported" in one for one in warned):
        yield "lost_extensions"
    if any(part in one for one in names for part in CONTROLS):
        yield "lost_controls"
    if sum("/media/" in one for one in names) > sum("/media/" in one for one in kept):
        yield "lost_pictures"


def serve(order: str, out: IO[str]) -> None:
    """Carry out one order; tell what is lost, or why it cannot be."""
    with told_why(out):
        answer({"lost": written(json.loads(order))}, out)


if __name__ == "__main__":
    limit_memory()
    serve(sys.stdin.read(), sys.stdout)

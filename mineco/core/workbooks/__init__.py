"""Workbooks as people make them: sheets as tables of text, read in a process of its own that has limits.

`live` writes workbooks whose formulas count again, `marking` copies with marks or with more in them.

Rule: what a sheet holds beside its cells (merged, hidden, percent, formats) is told or kept, never lost.
"""

from mineco.core.workbooks.reader import (
    WORKBOOKS,
    Line,
    Sheet,
    Workbook,
    column_letters,
    open_workbook,
    told_marks,
)

__all__ = ["WORKBOOKS", "Line", "Sheet", "Workbook", "column_letters", "open_workbook", "told_marks"]

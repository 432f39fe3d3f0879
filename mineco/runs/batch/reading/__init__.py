"""A table of mine-years as columns, some thousands of rows at a time: from CSV, a workbook or Parquet.

Rule: columns are read at once where that is beyond doubt; every cell that is odd takes the strict way, row by row.
"""

__all__ = ["delimited", "lines", "rows", "sheets", "typed"]

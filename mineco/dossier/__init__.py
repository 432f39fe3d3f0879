"""What a mine hands in, read strictly.

Rule: everything wrong is told at once with file, row, column and value; nothing is filled in, clipped or skipped.
"""

__all__ = [
    "cells", "checks", "densities", "event_log", "items", "mine", "models", "names", "notices", "periods", "read",
    "rows", "stated", "tables", "texts", "workbook",
]

"""Blank dossiers and questionnaires, made from the same data by which they are read.

Rule: what is asked here is exactly what is read there.
"""

__all__ = [
    "dossier", "first_sheets", "following", "kinds", "lab", "layout", "new", "panel", "rows", "workbook", "writing",
]

"""Tables and forms that others keep, made into tables of a batch or rows of a dossier by a mapping file: data, and no
code for any of them.

Rule: what a cell says is taken over with where it stood; what it does not say is left blank and never made up.
"""

__all__ = ["form", "grid", "into", "into_workbook", "mapping", "rows", "run", "table"]

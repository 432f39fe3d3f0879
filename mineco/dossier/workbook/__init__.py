"""A dossier in one workbook: a sheet for each table, one with key and value for mine.yaml.

Rule: a sheet becomes the file that the same table would be, line by line, so that every check is that of a folder, and
what is wrong is told by sheet and cell.
"""

__all__ = ["cover", "papers", "places", "sheets", "unpacked"]

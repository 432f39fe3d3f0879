"""Rows of layers.csv: which bands of which files are scenes of which year, and the grid that all come onto.

Rule: one row for each layer and year, whether a file of its own, a band of a stack, or several scenes.
"""

__all__ = ["listed", "reference", "told"]

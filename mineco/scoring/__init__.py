"""Formulas of scores: indicators, value functions, weighted sums, grade cuts.

Rule: pure functions on floats and arrays in stated units; no file, no frame, no default.
"""

__all__ = ["bounds", "emissions", "indicators", "values"]

"""Formulas of mapped land: trends, slope, index and zones, transitions, accuracy, carbon, potential.

Rule: pure functions on arrays, on a window of a map as on the whole.
"""

__all__ = ["accuracy", "area", "carbon", "choice", "plots", "points", "potential", "scores", "series", "strata",
           "terrain", "transition"]

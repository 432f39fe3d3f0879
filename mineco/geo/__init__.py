"""Maps: grids, layers read window by window, vectors, and the writing of both.

Rule: knows pixels and places, and no standard.
"""

__all__ = ["grid", "layers", "legends", "maps", "rasters", "raw_values", "sketch", "vectors", "windows", "writing"]

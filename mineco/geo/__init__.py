"""Maps: grids, layers read window by window, vectors, and the writing of both.

Rule: knows pixels and places, and no standard.
"""

__all__ = ["cards", "drawn", "grid", "layers", "legends", "maps", "point_rows", "rasters", "raw_values", "shapes",
           "sketch", "vectors", "windows", "writing"]

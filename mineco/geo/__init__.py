"""Maps: grids, layers read window by window, vectors, and the writing of both.

Rule: knows pixels and places, and no standard.
"""

__all__ = ["cards", "drawn", "grid", "layers", "legends", "maps", "raw_values", "regions", "sketch", "vector_files",
           "vectors", "windows", "writing"]

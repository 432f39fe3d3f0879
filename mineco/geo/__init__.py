"""Maps: grids, layers read window by window, vectors, and the writing of both.

Rule: knows pixels and places, and no standard.
"""

__all__ = ["grid", "layer_facts", "layers", "legends", "maps", "raw_values", "reference", "sketch", "stored", "vectors",
           "windows", "writing"]

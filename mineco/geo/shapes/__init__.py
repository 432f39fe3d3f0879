"""Polygons that a user hands in: files as desktop programs write them, and the land within, pixel by pixel.

Rule: what is wrong with a shape is told with its id, and none is mended.
"""

__all__ = ["files", "polygons", "regions"]

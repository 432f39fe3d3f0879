"""Raster files as people hand them in: opened, freed of what is no measurement, and brought onto the grid.

Rule: numbers stay those that the file stores; what they mean is said by whoever reads them.
"""

__all__ = ["facts", "files", "onto_grid", "quality", "reference"]

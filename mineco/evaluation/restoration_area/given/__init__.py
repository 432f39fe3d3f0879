"""What a dossier of land settles beside its maps: settings, classes, pools.

Rule: reads tables and knows no raster values.
"""

__all__ = ["classes", "pools", "settings"]

"""What maps have in common: the colours of their pixels, and the frame that makes a picture a map.

Rule: knows plain arrays and the grid that they lie on, and no layer.
"""

__all__ = ["frame", "pixels"]

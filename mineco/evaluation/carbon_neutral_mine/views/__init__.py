"""What the report on a carbon-neutral mine shows beside the shared views.

Rule: no number is made here.
"""

__all__ = ["account", "conclusion", "grade", "preliminary"]

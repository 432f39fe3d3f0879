"""What the report on restoration areas shows beside the shared views.

Rule: no number is made here.
"""

__all__ = ["accuracy", "benefit", "carbon", "choice", "figures", "interval", "land", "pixel", "standing", "verdict"]

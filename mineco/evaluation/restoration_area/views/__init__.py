"""What the report on restoration areas shows beside the shared views.

Rule: no number is made here.
"""

__all__ = [
    "accuracy", "benefit", "carbon", "covers", "figures", "first_zones", "interval", "land", "pictures", "pixel",
    "standing", "verdict",
]

"""The evaluation of restoration areas: zones, accuracy, carbon, what measures would gain.

Rule: maps are computed window by window; whatever the windows, the numbers are the same.
"""

__all__ = [
    "accuracy", "carbon", "choice", "evaluate", "findings", "form", "gains", "given", "land", "lineage", "measure",
    "outcome", "outputs", "restored", "sampling", "scenes", "sheets", "stages", "views", "windows", "within", "zones",
]

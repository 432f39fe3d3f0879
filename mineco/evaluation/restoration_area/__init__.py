"""The evaluation of restoration areas: zones, accuracy, carbon, what measures would gain.

Rule: maps are computed window by window; whatever the windows, the numbers are the same.
"""

__all__ = [
    "accuracy", "carbon", "evaluate", "figures", "form", "land", "lineage", "outcome", "outputs", "pools", "views",
    "window_tasks", "zones",
]

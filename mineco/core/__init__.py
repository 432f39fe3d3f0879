"""What every room uses and no mine is needed for: errors, labels, numbers and units, reading of files, workers.

Rule: knows nothing of mines, standards or notebooks, and imports nothing of mineco from outside this room.
"""

__all__ = [
    "calls", "errors", "formatting", "kit", "labels", "lazy", "number", "quantity", "reading", "units",
    "workbooks", "workers", "writing", "yaml_reading",
]

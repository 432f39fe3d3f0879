"""All that starts processes and writes folders: a run, its archive, its verification, the log.

Rule: A run is a new folder, whole or not at all, and replaces nothing.
"""

__all__ = [
    "app", "archive", "audit", "batch", "blanks", "converting", "course", "desk", "house_look", "imports",
    "marking", "notebook", "order", "recording", "run", "runlog", "staging", "status", "targets",
]

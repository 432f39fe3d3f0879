"""All that starts processes and writes folders: a run, its archive, its verification, the log.

Rule: A run is a new folder, whole or not at all, and replaces nothing.
"""

__all__ = [
    "archive", "audit", "batch", "blanks", "converting", "house_look", "imports", "manifest", "notebook", "order",
    "recording", "run", "runlog", "staging", "status",
]

"""All that starts processes and writes folders: a run, its archive, its verification, the log.

Rule: A run is a new folder, whole or not at all, and replaces nothing.
"""

import sys

# jsonschema imports this if JupyterLab has brought it; its grammar takes a second, and nothing here checks an IRI
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__all__ = [
    "app", "archive", "audit", "batch", "blanks", "converting", "course", "desk", "house_look", "imports", "manifest",
    "marking", "notebook", "order", "recording", "run", "runlog", "staging", "status", "targets",
]

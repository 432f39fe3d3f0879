"""How far an evaluation goes with what a dossier holds (reading T15).

Rule: what is not given is not assessed, never zero, and what it needs is told.
"""

__all__ = ["factors", "reached", "told"]

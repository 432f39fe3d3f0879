"""What a case could have been: other data, other rules, draws; each held to the checks of a dossier.

Rule: nothing is evaluated that a mine could not have handed in; a place that is not there is refused.
"""

__all__ = ["columns", "draw", "edits", "grammar", "many_scenarios", "rules", "sensitivity", "what_if"]

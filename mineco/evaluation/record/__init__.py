"""What is written of an evaluation: results.json, its trace, and what a result rests on.

Rule: takes an evaluation as it is, and computes none of its numbers anew.
"""

__all__ = [
    "anchors", "archived", "compare", "form", "kit_used", "lineage", "manifest", "notebooks", "proof", "results",
    "score", "trace",
]

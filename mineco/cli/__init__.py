"""The commands of ``mineco``, one file for each.

Rule: parses words and prints; what it does lies below.
"""

__all__ = ["batch", "lab", "main", "options", "procedure", "weights"]

"""The commands of ``mineco``: short ones in `main`, the others in files of their own.

Rule: parses words and prints; what it does lies below.
"""

__all__ = ["batch", "compare", "convert", "demo", "imports", "lab", "main", "options", "procedure", "running", "sample",
           "weights"]

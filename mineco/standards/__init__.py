"""A standard as data: what stands in ``parameters/standards``, the vocabulary of dossiers and the factors, checked
as they are read.

Rule: knows no mine and computes nothing of one.
"""

__all__ = [
    "area", "checks", "factors", "files", "indicator", "limits", "load", "parts", "procedure", "standard",
    "vocabulary", "weighting_rules",
]

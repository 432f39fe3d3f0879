"""Views that every standard shares: how the parts of an evaluation look in a report.

Rule: no number is made here.
"""

__all__ = [
    "appendix", "beside", "case", "pages", "panel", "photos", "result", "score_rows", "setup", "step", "weights",
    "words",
]

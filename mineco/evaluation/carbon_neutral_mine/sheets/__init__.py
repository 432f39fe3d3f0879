"""The result as sheets of a workbook: from the masses of gases to the grade.

Rule: what the evaluation found is a number, and what follows from it a formula over cells; nothing is computed here.
"""

__all__ = ["grade", "workbook"]

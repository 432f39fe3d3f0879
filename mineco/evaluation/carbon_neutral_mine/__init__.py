"""The evaluation of a carbon-neutral mine: gates, accounts, ledger, 24 indicators, the two-key grade.

Rule: each call of `evaluate` is one step of the notebook.
"""

__all__ = [
    "evaluate", "figures", "findings", "form", "gaps", "grade", "history", "levers", "next_grade", "outcome",
    "preliminary", "quantities", "sheets", "views",
]

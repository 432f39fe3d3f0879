"""The evaluation of a restoration's carbon sink: gate, stage weights, experts, effect, grade, and its procedure.

Rule: each call of `evaluate` is one step of the notebook; the standing of a case follows from its log and the day.
"""

__all__ = [
    "advice", "evaluate", "experts", "figures", "form", "grade", "outcome", "procedure", "refusals", "standing",
    "views", "workbook",
]

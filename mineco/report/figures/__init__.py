"""The figures of a report, drawn from plain numbers: of results and of expert weights.

Rule: each has its unit, its colours and a text in words; what figures have in common is `mineco.report.drawing`.
"""

__all__ = ["results", "weights"]

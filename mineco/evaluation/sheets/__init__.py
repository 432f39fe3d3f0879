"""What the workbooks of all standards have alike: sums, factors, parcels, indicators, weights, the first sheet.

Rule: what the evaluation found is a number, and what follows from it a formula over cells; nothing is computed here.
"""

__all__ = ["parts", "scores", "weights"]

"""The first volume of a report, page by page and standard by standard: what an evaluator hands over.

Rule: no number is made here; a page composes what evaluation, advice and views give, and holds on one or two sheets.
"""

__all__ = ["area", "figures", "mine", "sink", "steps"]

"""One mine over the years as pieces of a notebook.

Rule: no number is made here, and no grade is shown of a year that has none.
"""

__all__ = ["base_year", "decomposition", "figures", "forecast", "outlook", "targets", "trend", "within"]

"""One mine over the years: what changed and why, whether it keeps its path, and what may cost it its grade.

Rule: a year is evaluated by the whole chain, or as far as its data reach, or left out with its reason; nothing is
carried from one year to another. What lies ahead rests on an assumption that is told with it.
"""

__all__ = [
    "base_year", "decomposition", "forecast", "form", "found", "opening", "outlook", "restored", "targets", "track",
    "views", "within", "years",
]

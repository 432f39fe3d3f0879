"""Which measure in which zone brings most under a budget, and what more money would bring.

Rule: a measure whose cost nobody gives is not chosen, and is named. A zone has one measure at most, and is restored as
a whole or not.
"""

__all__ = ["ask", "asked", "form", "found", "search", "views"]

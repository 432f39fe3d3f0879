"""What a mine states without a figure: from which basis one follows, or that there is none.

Rule: nothing is silently zero; a stated zero stands in the list of data as stated, and is told.
"""

__all__ = ["absences", "bases"]

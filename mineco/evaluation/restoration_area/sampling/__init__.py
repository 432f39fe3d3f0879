"""Reference points for maps that have none yet: strata, points drawn of them at random, the files that people fill in.

Rule: what is drawn depends on the maps and on the seed alone, never on windows or on who does the work.
"""

__all__ = ["draw", "files", "judged", "strata", "table", "views"]

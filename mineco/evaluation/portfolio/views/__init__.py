"""Many mines beside each other as pieces of a notebook.

Rule: no number is made here; what stands on few mines, on lower bounds or on ranges says so beside it.
"""

__all__ = ["figures", "group", "league", "maps", "overview", "peers", "proposals", "spreads", "words"]

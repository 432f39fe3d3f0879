"""The cheapest way to a better grade: every set of measures that have a price, evaluated, and credits for what is left.

Rule: no cost is made up: one that nobody has published counts where the mine gives its own or where it is asked for,
and says so. What a set comes to is evaluated by the whole chain, and the one told is evaluated once more by itself.
"""

__all__ = ["candidates", "costs", "found", "packages", "routes", "search", "sets", "stages", "targets", "views"]

"""Many mines beside each other, from the summary of a batch: distributions, the place of one among its peers, ranks
with their intervals, provinces; a group rolled up to its parents, and benchmarks that a portfolio would propose.

Rule: a summary is read and nothing is evaluated; what is not comparable is counted and told, and never put together.
"""

__all__ = ["compared", "consolidation", "form", "holdings", "peers", "places", "portfolio", "proposal_files",
           "proposals", "ranks", "rescoring", "table", "views"]
